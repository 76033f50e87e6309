"""Ranks, and what becomes of ties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.measure.breakdown import Breakdown, break_down
from boeki.terms import areas
from boeki.terms.periods import Period

Ties = Literal["competition", "dense", "fractional", "ordinal"]
#: Rule for ties to what it does with a first, two seconds and the next.
TIES = {
    "competition": "1, 2, 2, 4: ties share the better place, and the next places are left out",
    "dense": "1, 2, 2, 3: ties share a place, and no place is left out",
    "fractional": "1, 2.5, 2.5, 4: ties share the mean of their places",
    "ordinal": "1, 2, 3, 4: ties are put in the order given",
}


def rank_values(
    values: Sequence[Decimal | float], *, ties: Ties = "competition", smallest_first: bool = False
) -> list[float]:
    """The place of each value among all.

    Parameters
    ----------
    values
        Numbers.
    ties
        One of :data:`TIES`.
    smallest_first
        Give place 1 to the smallest.

    Returns
    -------
    list of float
        Whole numbers but for ``fractional``.

    Raises
    ------
    UnknownTerm
        For another rule.
    """
    if ties not in TIES:
        raise UnknownTerm("rule for ties", ties, TIES)
    order = sorted(range(len(values)), key=lambda i: values[i] if smallest_first else -values[i])
    distinct = sorted(set(values), reverse=not smallest_first)
    out = [0.0] * len(values)
    for place, i in enumerate(order, start=1):
        before = order[: place - 1]
        first = next((p for p, j in enumerate(before, 1) if values[j] == values[i]), place)
        same = sum(v == values[i] for v in values)
        out[i] = {
            "competition": float(first),
            "dense": float(distinct.index(values[i]) + 1),
            "fractional": first + (same - 1) / 2,
            "ordinal": float(place),
        }[ties]
    return out


def measure_ranks(
    measure: str,
    reporter: str,
    period: str | Period,
    *,
    by: Literal["partner", "product"] = "partner",
    level: int = 2,
    ties: Ties = "competition",
    smallest_first: bool = False,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Rank the partners or products of a reporter's trade in one period.

    Parameters
    ----------
    measure, reporter, period, by, level, as_of, lake
        As in :func:`boeki.break_down`.
    ties
        One of :data:`TIES`.
    smallest_first
        Give place 1 to the smallest.

    Returns
    -------
    Answer
        One row a partner or product, best place first, with its place a year before where the lake
        has that period too.

    Raises
    ------
    UnknownTerm, BadPeriod, NoFigure, NotYetPublished
        As :func:`boeki.break_down` raises them.
    """
    whole = break_down(measure, reporter, period, by=by, level=level, as_of=as_of, lake=lake)
    values = [p.value for p in whole.parts]
    places = rank_values(values, ties=ties, smallest_first=smallest_first)
    then = _year_before(whole, by=by, level=level, as_of=as_of, lake=lake)
    past = [p.value for p in then.parts] if then else []
    held = rank_values(past, ties=ties, smallest_first=smallest_first)
    before = {p.code: r for p, r in zip(then.parts, held, strict=True)} if then else {}
    rows = [
        {
            "rank": place,
            "rank_before": before.get(part.code),
            "code": part.code,
            "name": part.name,
            "value": part.value,
            "share": part.share,
            "tied": values.count(part.value) > 1,
            "note": "" if part.code in before else "no figure a year before",
        }
        for place, part in zip(places, whole.parts, strict=True)
    ]
    rows.sort(key=lambda r: (r["rank"], r["code"]))
    seen = (*whole.parts, *(then.parts if then else ()))
    label = areas.get(whole.reporter).name
    return answer(
        f"{measure.capitalize()} by {by}, {label}, {whole.period}",
        rows,
        [
            Column("rank", f"Place ({TIES[ties].split(':')[0]})"),
            Column("rank_before", "Place a year before", shown=bool(before)),
            Column("code", "Code"),
            Column("name", "Name"),
            Column("value", measure.capitalize(), whole.unit),
            Column("share", "Share of the whole", "%"),
            Column("tied", "Whether another has the same value", shown=False),
            Column("note", "Why there is no place a year before", shown=False),
        ],
        Method(
            "Ranking", TIES[ties], "Ties by the rule named", "explanation/levels-and-growth.md"
        ),
        about={
            "measure": measure, "reporter": whole.reporter, "period": whole.period, "by": by,
            "level": level if by == "product" else None, "ties": ties, "as_of": as_of,
            "of": len(rows),
        },
        notes=[f"{len(rows)} {by}s are ranked: those that the lake has, groups of countries not."]
        if by == "partner" else [f"{len(rows)} products of one level of the classification."],
        sources=[s for p in seen for s in p.sources],
        evidence=[row for p in seen for row in p.rows],
        published=max(p.published for p in whole.parts),
        chart=Chart("ranking", "name", ("value",)),
    )  # fmt: skip


def _year_before(whole: Breakdown, **asked: Any) -> Breakdown | None:
    """The same breakdown of the year before; None where the lake has none."""
    past = Period.parse(whole.period, whole.reporter).shift(-12)
    try:
        return break_down(whole.measure, whole.reporter, past, **asked)
    except NoFigure:
        return None
