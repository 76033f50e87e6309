"""The first page of a month: what happened, what did it, and what the figures cannot say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from boeki.answer import Answer, Chart, Column, answer
from boeki.errors import BoekiError, InputError, MissingExtra, NoFigure, UnknownTerm
from boeki.explain.contributions import SIGNS
from boeki.explain.page_sections import (
    CHANGE,
    GROUPED,
    Question,
    begin_adjusted,
    contributions,
    groups,
    indexes,
    price_volume,
    rates,
    releases,
)
from boeki.explain.two_periods import base_of
from boeki.lake import Lake, open_lake
from boeki.measure.levels import compare
from boeki.measure.levels.line import Line, read_line
from boeki.measure.remembered import remembering
from boeki.measure.table import measure_series, prepare
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.wording import amount, ordinal, percent

if TYPE_CHECKING:
    from collections.abc import Sequence


#: Parts that a first page shows of each breakdown.
LARGEST = 12
_MEASURES = {
    "balance": ("balance", "exports", "imports"),
    "trade": ("trade", "exports", "imports"),
    "exports": ("exports",),
    "imports": ("imports",),
}


@dataclass(frozen=True)
class FirstPage:
    """A change, told from its headline to its parts.

    Attributes
    ----------
    title
        ``Japan's trade balance in November 2024, against November 2023``.
    about
        What was asked.
    lines
        What happened, in sentences.
    sections
        Name to answer: ``headline``, ``releases``, ``groups`` (of goods), ``commodities``,
        ``partners``, ``indexes``, ``exports`` and ``imports`` (price and volume of each product),
        ``rates``, ``adjusted``; those that the figures allow.
    absent
        Name to the reason why a section is not there.
    """

    title: str
    about: dict[str, Any]
    lines: tuple[str, ...]
    sections: dict[str, Answer]
    absent: dict[str, str]

    @property
    def sources(self) -> tuple[str, ...]:
        """All documents behind it."""
        return tuple(sorted({s for a in self.sections.values() for s in a.sources}))

    @property
    def main(self) -> Answer:
        """The table that tells most: by commodity, else by partner, else the headline."""
        for name in ("commodities", "partners", "headline"):
            if name in self.sections:
                return self.sections[name]
        raise NoFigure("; ".join(self.absent.values()))

    def to_dict(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {
            "title": self.title,
            "about": {k: str(v) if isinstance(v, dt.date) else v for k, v in self.about.items()},
            "lines": list(self.lines),
            "sections": {name: a.to_dict() for name, a in self.sections.items()},
            "absent": dict(self.absent),
            "sources": list(self.sources),
        }

    def to_csv(self) -> str:
        """The main table, as ``--csv`` prints it."""
        return self.main.to_csv()

    def to_pandas(self) -> Any:
        """The main table as a data frame."""
        return self.main.to_pandas()

    def _repr_html_(self) -> str:
        from html import escape

        parts = [f"<h3>{escape(self.title)}</h3>", *(f"<p>{escape(x)}</p>" for x in self.lines)]
        return "".join([*parts, *(a._repr_html_() for a in self.sections.values())])


def explain_change(
    reporter: str,
    period: str,
    *,
    measure: str = "balance",
    vs: str = "yoy",
    level: int | None = None,
    digits: int | None = None,
    largest: int = LARGEST,
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
    progress: Callable[[str], None] | None = None,
) -> FirstPage:
    """Explain a change: the first page that an analyst wants on release day.

    Parameters
    ----------
    reporter, period, vs
        Whose, when, and against what: ``yoy``, ``mom``, ``qoq`` or a period.
    measure
        ``balance``, ``trade``, ``exports`` or ``imports``.
    level, digits, office, classification
        As :func:`boeki.explain.contribution_table.explain_contributions` has them.
    largest
        Parts shown of each breakdown.
    as_of
        Only what was published by this day.
    lake
        Where the figures are; None for those that the package ships.
    progress
        Called with the name of each section before it is computed.

    Returns
    -------
    FirstPage
        What the figures allow; every section that they do not is named with the reason.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For a question that is none.
    NoFigure
        Where the lake does not even have the change itself.
    """
    if measure not in SIGNS:
        raise UnknownTerm("measure to explain", measure, SIGNS)
    lake, whose = lake or open_lake(), areas.find(reporter).code
    now = Period.parse(period, whose)
    if now.days:
        raise InputError(f"figures are of whole months: write {Period(now.first, 1)}, not {now}")
    base = base_of(now, vs, whose)
    asked = Question(lake, whose, now, base, vs, measure, largest, as_of)
    picked = {"office": office, "classification": classification}
    with remembering():
        sections, absent, lines = _told(asked, picked, level, digits, progress or _silent)
    if _is_told_twice(sections):
        del sections["groups"]
        absent["groups"] = GROUPED
    about = {
        "reporter": whose, "period": str(now), "base": str(base), "vs": vs, "measure": measure,
        "level": level, "digits": digits, "largest": largest, **picked, "as_of": as_of,
    }  # fmt: skip
    lines += _main_lines(sections)
    return FirstPage(_title(asked), about, tuple(lines), sections, absent)


def _silent(_name: str) -> None:
    """Where nobody asks how far it is."""


def _told(
    asked: Question,
    picked: dict[str, str | None],
    level: int | None,
    digits: int | None,
    progress: Callable[[str], None],
) -> tuple[dict[str, Answer], dict[str, str], list[str]]:
    """Every section that the figures allow, why the others are not there, and what happened."""
    narrowed = {**picked, "level": level, "digits": digits}
    progress("headline")
    head, lines = _headline(asked)
    # It runs beside the sections before it.
    adjusted = begin_adjusted(asked)
    net = len(SIGNS[asked.measure]) > 1
    makers: dict[str, Callable[[], Answer]] = {
        "releases": lambda: releases(asked),
        "groups": lambda: groups(asked, picked, level or digits),
        "commodities": lambda: contributions(asked, "product", **narrowed),
        "partners": lambda: contributions(asked, "partner", net=net, **picked),
        "indexes": lambda: indexes(asked),
        **{f"{f}s": partial(price_volume, asked, f, narrowed) for f in SIGNS[asked.measure]},
        "rates": lambda: rates(asked),
        "adjusted": adjusted,
    }
    sections, absent = {"headline": head}, {}
    for name, make in makers.items():
        progress(name)
        try:
            sections[name] = make()
        except (NoFigure, MissingExtra) as why:
            absent[name] = str(why)
        except BoekiError as why:
            # A section that cannot be had must not take the others with it; it is never silent.
            absent[name] = f"{type(why).__name__}: {why}"
    return sections, absent, lines


def _is_told_twice(sections: Mapping[str, Answer]) -> bool:
    """Whether the commodities are the groups themselves."""
    if "groups" not in sections or "commodities" not in sections:
        return False
    both = [sections[name].table["product"] for name in ("groups", "commodities")]
    return bool(both[0].equals(both[1]))


def _title(asked: Question) -> str:
    what = {"balance": "trade balance", "trade": "total trade"}.get(asked.measure, asked.measure)
    return (
        f"{areas.possessive(asked.reporter)} {what} in {asked.now.label}, against "
        f"{asked.base.label}"
    )


def _headline(asked: Question) -> tuple[Answer, list[str]]:
    """Level, change and growth of the measure and what it is made of."""
    prepare(
        _MEASURES[asked.measure], asked.reporter, freq=asked.now.kind, as_of=asked.as_of,
        lake=asked.lake,
    )  # fmt: skip
    rows, sources, evidence, days, lines = [], set[str](), [], [], []
    unit = ""
    for measure in _MEASURES[asked.measure]:
        line = _line(asked, measure)
        ends = [compare.at(line, p.first) for p in (asked.now, asked.base)]
        values = [e.value for e in ends]
        if values[0] is None or values[1] is None:
            lacking = asked.now if values[0] is None else asked.base
            raise NoFigure(
                f"the lake holds no {measure} of {areas.name(asked.reporter)} for {lacking}: "
                "`boeki figures` shows what there is, `boeki pull` brings more"
            )
        growth, why = compare.growth(*ends)
        rows.append(
            {
                "measure": measure, "before": values[1], "after": values[0],
                "difference": values[0] - values[1], "growth": growth,
                "status": line.found[asked.now.first].status, "note": why,
            }
        )  # fmt: skip
        seen = line.evidence([asked.now.first, asked.base.first])
        sources |= set(seen["sources"])
        evidence += seen["evidence"]
        days.append(seen["published"])
        unit = line.unit
        if measure == asked.measure:
            lines.append(_first_line(asked, measure, unit, rows[-1]))
            lines += _standing(asked, measure)
    columns = [
        Column("measure", "What"),
        Column("before", f"In {asked.base}", unit),
        Column("after", f"In {asked.now}", unit),
        Column("difference", "Change", unit),
        Column("growth", "Growth", "%"),
        Column("status", "How final it is"),
        Column("note", "Why there is no growth rate", shown=any(r["note"] for r in rows)),
    ]
    return answer(
        _title(asked), rows, columns, CHANGE, about={"reporter": asked.reporter},
        sources=sources, evidence=evidence, published=max(d for d in days if d),
        chart=Chart("bars", "measure", ("difference",)),
    ), lines  # fmt: skip


def _line(asked: Question, measure: str) -> Line:
    return read_line(
        measure, asked.reporter, start=str(min(asked.base, asked.now)),
        end=str(max(asked.base, asked.now)), freq=asked.now.kind, as_of=asked.as_of,
        lake=asked.lake,
    )  # fmt: skip


def _first_line(asked: Question, measure: str, unit: str, row: dict[str, Any]) -> str:
    what = "balance" if measure == "balance" else measure
    verb = "was" if measure in ("balance", "trade") else "were"
    moved = row["difference"]
    sign = "+" if moved > 0 else ""
    return (
        f"The {what} {verb} {amount(row['after'], unit)}, after {amount(row['before'], unit)} in "
        f"{asked.base.label}: {sign}{amount(moved, unit)}{_grown(measure, row)}."
    )


def _grown(measure: str, row: dict[str, Any]) -> str:
    """Growth in words: of a balance, by how much the deficit or the surplus is smaller."""
    growth = row["growth"]
    if growth is None:
        return ""
    if measure != "balance":
        return f" ({percent(growth)})"
    what = "deficit" if row["after"] < 0 else "surplus"
    return (
        f", a {what} {percent(abs(growth), signed=False)} {'smaller' if growth < 0 else 'larger'}"
    )


def _standing(asked: Question, measure: str) -> list[str]:
    """Runs and records, where the series is long enough to speak of them."""
    if asked.now.kind not in ("M", "Q", "A"):
        return []
    try:
        found = measure_series(
            measure, asked.reporter, freq=asked.now.kind, end=str(asked.now), as_of=asked.as_of,
            lake=asked.lake,
        )  # fmt: skip
    except NoFigure:
        return []
    row = found.rows[-1]
    out = []
    if row.streak:
        run = ("surplus" if row.streak > 0 else "deficit") if measure == "balance" else (
            "rise on the year" if row.streak > 0 else "fall on the year"
        )  # fmt: skip
        out.append(_run_of(abs(row.streak), run, row.streak_open))
    if row.record:
        kind, _, which = row.record.rpartition(" ")
        among = "of the series" if kind == "series" else f"of any {asked.now.label.split()[0]}"
        out.append(f"It is the {'highest' if which == 'high' else 'lowest'} {among} aboard.")
    return out


def _run_of(length: int, run: str, is_open: bool) -> str:
    if is_open:
        return f"It is at least the {ordinal(length)} {run} in a row: what was before is not known."
    return f"It is the {ordinal(length)} {run}{' in a row' if length > 1 else ''}."


def _main_lines(sections: dict[str, Answer]) -> list[str]:
    """The largest parts in the direction of the change, in a sentence."""
    out = []
    for name, what in (("commodities", "By commodity"), ("partners", "By partner")):
        if name in sections and (said := _largest(sections[name])):
            out.append(f"{what}: {said}.")
    if "indexes" in sections:
        told = [
            f"{r['flow']}s: volume {percent(r['volume'])}, unit value {percent(r['unit_value'])}"
            for r in sections["indexes"].records()
            if r["volume"] is not None and r["unit_value"] is not None
        ]
        if told:
            out.append(f"By the office's own indexes, {'; '.join(told)}.")
    return out


def _largest(found: Answer, most: int = 3) -> str:
    change: Decimal = found.about["change"]
    unit = found.column("effect").unit
    toward = 1 if change >= 0 else -1
    rows: Sequence[dict[str, Any]] = [r for r in found.records() if r["product"] or r["partner"]]
    ahead = sorted(rows, key=lambda r: -toward * r["effect"])[:most]
    return "; ".join(
        f"{r['part']} {'+' if r['effect'] > 0 else ''}{amount(r['effect'], unit)}"
        + (f" ({percent(r['share'], signed=False)} of the change)" if r["share"] else "")
        for r in ahead
        if toward * r["effect"] > 0
    )
