"""The sections of a first page below its headline, each an answer or a reason why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import BoekiError, NoFigure, UnknownTerm
from boeki.explain.contribution_table import PAGE, explain_contributions
from boeki.explain.contributions import SIGNS
from boeki.explain.price_volume import explain_price_volume
from boeki.lake import Lake
from boeki.measure.prices.official import official_growths
from boeki.measure.table import measure_series
from boeki.terms import areas
from boeki.terms.periods import Period

CHANGE = Method(
    "Change between two periods",
    "difference = x1 − x0, growth = 100 · (x1 / x0 − 1)",
    "as the office publishes it; a balance has a difference only",
    PAGE,
)

#: Why a page has no table of groups where its commodities are the groups.
GROUPED = "the table by commodity is of groups already"


@dataclass(frozen=True, slots=True)
class Question:
    """What a first page is asked for: whose change, between which periods, of what, known when."""

    lake: Lake
    reporter: str
    now: Period
    base: Period
    vs: str
    measure: str
    largest: int
    as_of: dt.date | None


def contributions(asked: Question, by: Literal["product", "partner"], **picked: Any) -> Answer:
    """Contributions by commodity or by partner, the largest of them."""
    return explain_contributions(
        asked.reporter, str(asked.now), asked.measure, vs=asked.vs, by=by, largest=asked.largest,
        as_of=asked.as_of, lake=asked.lake, **picked,
    )  # fmt: skip


def groups(asked: Question, picked: dict[str, Any], told: int | None) -> Answer:
    """The coarsest breakdown, in which no group is in another: what the finer one is read within.

    Raises
    ------
    NoFigure
        Where the figures have none, or are told in groups already.
    """
    japan = asked.reporter == "JPN" and picked["office"] in (None, "japan-customs")
    japan = japan and picked["classification"] in (None, "JP-PC")
    if told == (1 if japan else 2):
        raise NoFigure(GROUPED)
    return contributions(asked, "product", **picked, **({"level": 1} if japan else {"digits": 2}))


def price_volume(asked: Question, flow: str, narrowed: dict[str, Any]) -> Answer:
    """Price and volume of each product of a flow."""
    return explain_price_volume(
        asked.reporter, str(asked.now), flow, vs=asked.vs, by="product", as_of=asked.as_of,
        lake=asked.lake, digits=narrowed["digits"], office=narrowed["office"],
        classification=narrowed["classification"],
    )  # fmt: skip


def indexes(asked: Question) -> Answer:
    """The office's own indexes of unit value and volume: their growth on the year."""
    if asked.vs != "yoy":
        raise NoFigure("official growth rates of price and volume are on the year: ask --vs yoy")
    rows, behind = [], []
    wanted = [(f, kind) for f in SIGNS[asked.measure] for kind in ("unit_value", "volume")]
    told = official_growths(
        asked.lake, asked.reporter, wanted, months=asked.now.months, as_of=asked.as_of
    )
    for flow in SIGNS[asked.measure]:
        row: dict[str, Any] = {"flow": flow}
        for kind in ("unit_value", "volume"):
            found = told[flow, kind].get(str(asked.now))
            row[kind] = None if found is None else float(found.value)
            behind += [found] if found else []
        row["note"] = "" if all(row[k] is not None for k in row) else "not in the lake"
        rows.append(row)
    if not behind:
        raise NoFigure(
            f"the lake holds no official indexes of {areas.name(asked.reporter)} for {asked.now}"
        )
    columns = [
        Column("flow", "export or import"),
        Column("unit_value", "Unit value on the year", "%"),
        Column("volume", "Volume on the year", "%"),
        Column("note", "What is missing", shown=any(r["note"] for r in rows)),
    ]
    method = Method(
        "Official indexes",
        "growth on the year as the office states it",
        "the office's own index numbers",
        "explanation/prices-and-volumes.md",
    )
    return answer(
        f"Official price and volume, {asked.now.label}", rows, columns, method,
        sources=(s for b in behind for s in b.sources),
        evidence=(r for b in behind for r in b.rows),
        published=max(b.published for b in behind),
    )  # fmt: skip


def rates(asked: Question) -> Answer:
    """The exchange rate of the reporter's currency against the dollar."""
    if asked.now.kind not in ("M", "Q", "A"):
        raise NoFigure("exchange rates are told of months, quarters and years")
    found = measure_series(
        "rate", asked.reporter, partner="USA", start=str(min(asked.base, asked.now)),
        end=str(max(asked.base, asked.now)), freq=asked.now.kind, as_of=asked.as_of,
        lake=asked.lake,
    )  # fmt: skip
    by_period = {r.period: r for r in found.rows}
    old, new = by_period.get(str(asked.base)), by_period.get(str(asked.now))
    if old is None or new is None:
        raise NoFigure(f"the lake holds no exchange rate for {asked.base} and {asked.now}")
    rows = [
        {
            "rate": found.unit, "before": old.value, "after": new.value,
            "growth": float(new.value / old.value * 100 - 100),
        }
    ]  # fmt: skip
    columns = [
        Column("rate", "Which"),
        Column("before", f"In {asked.base}", found.unit, 2),
        Column("after", f"In {asked.now}", found.unit, 2),
        Column("growth", "Change", "%"),
    ]
    return answer(
        "Exchange rate", rows, columns, CHANGE,
        notes=["Customs offices convert at rates of their own, often of an earlier week."],
        sources=(*old.sources, *new.sources), evidence=(*old.rows, *new.rows),
        published=max(old.published, new.published),
    )  # fmt: skip


def begin_adjusted(asked: Question) -> Callable[[], Answer]:
    """Set seasonal adjustment going; what is returned waits for it, and raises its errors."""
    try:
        return _begun(asked)
    except BoekiError as why:
        # A name of its own: that of the clause is gone when it is called.
        reason = why

        def failed() -> Answer:
            raise reason

        return failed


def _begun(asked: Question) -> Callable[[], Answer]:
    """The measure without season and calendar, some periods up to the one asked for."""
    if asked.now.kind not in ("M", "Q"):
        raise NoFigure("seasonal adjustment is of months and quarters")
    from boeki.measure.seasonal.adjusted import begin_adjusted as begin

    start = asked.now.shift(-4 * asked.now.months)
    return begin(
        asked.measure, asked.reporter, freq=asked.now.kind, start=str(start),
        end=str(asked.now), calendar=_calendar(asked.reporter), as_of=asked.as_of, lake=asked.lake,
        direct=False if asked.measure in ("balance", "trade") else "both",
    )  # fmt: skip


def _calendar(reporter: str) -> str:
    """The reporter, where its public holidays are known."""
    from boeki.measure.seasonal.calendars import trading_day_regressors

    try:
        trading_day_regressors(reporter, "2020-01", "2020-02")
    except UnknownTerm:
        return ""
    return reporter


def releases(asked: Question) -> Answer:
    """With which values the figure was published, one after another."""
    from boeki.measure.revisions.printings import read_series
    from boeki.measure.revisions.releases import releases_of_series

    series = read_series(asked.measure, asked.reporter, as_of=asked.as_of, lake=asked.lake)
    history = releases_of_series(series, asked.now.kind).by_period.get(asked.now.first, [])
    if len(history) < 2:
        raise NoFigure(f"the lake holds one release only of {asked.now}")
    first = history[0].value
    rows = [
        {
            "published": r.published, "days": r.days, "value": r.value,
            "revised": r.value - first if r.number > 1 else None, "status": r.status,
            "source": ", ".join(r.sources), "note": "" if r.number > 1 else "first release",
        }
        for r in history
    ]  # fmt: skip
    columns = [
        Column("published", "Day of publication"),
        Column("days", "Days after the period's end"),
        Column("value", "Value", series.unit),
        Column("revised", "Less the first release", series.unit),
        Column("status", "How final"),
        Column("source", "Document", shown=False),
        Column("note", "What it is", shown=False),
    ]
    method = Method("Releases of one figure", "each value with the day it was published",
                    "OECD/Eurostat guidelines on revisions policy and analysis (2008)",
                    "explanation/revisions.md")  # fmt: skip
    return answer(
        f"Releases of {asked.measure}, {asked.now.label}", rows, columns, method,
        sources=(s for r in history for s in r.sources),
        evidence=(row for r in history for row in r.rows),
        published=history[-1].published, chart=Chart("line", "published", ("value",)),
    )  # fmt: skip
