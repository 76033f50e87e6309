"""Contributions to the change of a balance, of exports or of imports, by commodity.

The commodities of one level of a classification, with "other" for what that level leaves of each
section, add up to the change to the last digit. Never are two levels added together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ibis import _

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.measure import change, observations
from boeki.measure.remembered import once
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.products import Commodity, by_code, commodities

#: Which flows make up the change of a measure, and with which sign.
SIGNS: Mapping[str, Mapping[str, int]] = {
    "balance": {"export": 1, "import": -1},
    "trade": {"export": 1, "import": 1},
    "exports": {"export": 1},
    "imports": {"import": 1},
}
BASES = ("yoy", "mom")
_BACK = {"yoy": "year", "mom": "month"}
LEVELS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One cause of a change.

    Attributes
    ----------
    flow, code, term, name
        ``import``, ``30301``, ``crude_oil``, ``Crude and partly refined petroleum``; for what a
        level leaves of its section, ``other`` and the section's code.
    section
        The term of the section (level 1) it belongs to.
    change
        In currency, with the sign of its effect on what is explained.
    share
        In percent of the change explained; NaN where that is nil.
    """

    flow: str
    code: str
    term: str
    name: str
    section: str
    change: Decimal
    share: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A change and what it is made of.

    Attributes
    ----------
    measure, reporter, period, base, level
        What is explained, and at which level of the classification.
    currency, change
        The change explained.
    parts
        Largest effect first; together with ``residual`` they add up to ``change``.
    residual
        What the sections leave of the total: nil where the statistic is whole.
    published
        The day of the newest figure in it.
    sources, rows
        Documents and rows behind it.
    """

    measure: str
    reporter: str
    period: Period
    base: str
    level: int
    currency: str
    change: Decimal
    parts: tuple[Contribution, ...]
    residual: Decimal
    published: dt.date
    sources: tuple[str, ...]
    rows: tuple[str, ...]

    def find(self, flow: str, term: str) -> tuple[int, Contribution] | None:
        """Place and contribution of one cause.

        Place 1 has the largest effect in the direction of the change.
        """
        for place, part in enumerate(self.ranked, start=1):
            if (part.flow, part.term) == (flow, term):
                return place, part
        return None

    @property
    def ranked(self) -> tuple[Contribution, ...]:
        """Parts by how much they did in the direction of the change."""
        toward = 1 if self.change >= 0 else -1
        return tuple(sorted(self.parts, key=lambda p: -toward * p.change))


@dataclass(frozen=True, slots=True)
class CommodityChanges:
    """The change of every commodity of a reporter's trade with the world in one period.

    Attributes
    ----------
    reporter, period, base
        Whose, when, and against which period.
    rows
        Flow (``export``, ``import``) and term to the figure with its change.
    """

    reporter: str
    period: Period
    base: str
    rows: Mapping[tuple[str, str], dict[str, Any]]


def contributions(
    lake: Lake,
    reporter: str,
    period: Period,
    *,
    measure: str = "balance",
    base: str = "yoy",
    level: int = 2,
    as_of: dt.date | None = None,
) -> Decomposition:
    """Decompose the change of a measure by commodity.

    Parameters
    ----------
    lake
        Where the figures are.
    reporter
        Area code or name.
    period
        Of whole months.
    measure
        ``balance``, ``trade``, ``exports`` or ``imports``.
    base
        ``yoy`` or ``mom``.
    level
        1 for sections, 2 for their first breakdown, and so on to 4.
    as_of
        The day whose knowledge counts; None for now.

    Raises
    ------
    UnknownTerm, InputError
        For a measure, area, base or level that is none.
    NoFigure
        Where the lake lacks the total or its commodities for the period or its base.
    """
    _check(measure, base, level)
    reporter = areas.find(reporter).code
    return decompose(commodity_changes(lake, reporter, period, base, as_of), measure, level)


def commodity_changes(
    lake: Lake, reporter: str, period: Period, base: str = "yoy", as_of: dt.date | None = None
) -> CommodityChanges:
    """Every commodity's change: what any decomposition of the same change is made from.

    Parameters
    ----------
    lake, reporter, period, base, as_of
        As in :func:`contributions`; ``reporter`` is a code.

    Raises
    ------
    NoFigure
        For the change on the month of what is not one month.
    """
    if base == "mom" and period.months != 1:
        raise NoFigure(
            f"{period.label} is not one month, so it has no change on the month: ask yoy"
        )
    key = ("commodities", lake, reporter, period, base, as_of)
    return once(key, lambda: _changes(lake, reporter, period, base, as_of))


def _changes(
    lake: Lake, reporter: str, period: Period, base: str, as_of: dt.date | None
) -> CommodityChanges:
    table = observations(
        lake, as_of, measures=["exports", "imports"], windows=[period.months], reporters=[reporter]
    )
    wanted = table.filter(_.partner == "WLD", _.adjustment == "nsa", _.months == period.months)
    changed = change(wanted, base).filter(_.month == period.first)
    # In one order, so that the same question always gets the same answer.
    found = lake.execute(changed.order_by("measure", "product")).to_pylist()
    rows = {
        (r["measure"].removesuffix("s"), r["product"]): r
        for r in found
        if r[f"{base}_difference"] is not None
    }
    return CommodityChanges(reporter, period, base, rows)


def decompose(changes: CommodityChanges, measure: str = "balance", level: int = 2) -> Decomposition:
    """Put the changes of commodities together into that of a measure, at one level.

    Raises
    ------
    NoFigure
        Where the total of a flow or all of its sections are missing.
    """
    base, signs = changes.base, SIGNS[measure]
    rows = {key: r for key, r in changes.rows.items() if key[0] in signs}
    whole = {flow: rows.get((flow, "TOTAL")) for flow in signs}
    sectioned = {c.flow for c in commodities() if c.level == 1 and (c.flow, c.term) in rows}
    if not all(whole.values()) or not sectioned.issuperset(signs):
        raise NoFigure(
            f"the lake holds no commodities of {areas.name(changes.reporter)} for "
            f"{changes.period.label} and for its base a {_BACK[base]} before: "
            "see `boeki figures` for what is aboard"
        )
    total = sum((signs[f] * r[f"{base}_difference"] for f, r in whole.items() if r), Decimal(0))
    parts: list[Contribution] = []
    for flow, sign in signs.items():
        own = {t: sign * r[f"{base}_difference"] for (f, t), r in rows.items() if f == flow}
        parts += _partition(flow, own, level, total)
    parts.sort(key=lambda p: -abs(p.change))
    used = list(rows.values())
    ends = ("", f"{base}_")
    return Decomposition(
        measure,
        changes.reporter,
        changes.period,
        base,
        level,
        used[0]["unit"],
        total,
        tuple(parts),
        total - sum((p.change for p in parts), Decimal(0)),
        max(r[f"{end}published"] for r in used for end in ends),
        tuple(sorted({s for r in used for end in ends for s in r[f"{end}sources"]})),
        tuple(row for r in used for end in ends for row in r[f"{end}rows"]),
    )


def _check(measure: str, base: str, level: int) -> None:
    if measure not in SIGNS:
        raise UnknownTerm("measure to explain", measure, SIGNS)
    if base not in BASES:
        raise UnknownTerm("base", base, BASES)
    if level not in LEVELS:
        raise InputError(f"{level} is no level of the classification: give 1, 2, 3 or 4")


def _partition(
    flow: str, own: Mapping[str, Decimal], level: int, total: Decimal
) -> list[Contribution]:
    """The commodities of a level, and what it leaves of each section."""
    out: list[Contribution] = []
    known = [c for c in commodities() if c.flow == flow and c.term in own]
    for section in (c for c in known if c.level == 1):
        inside = (
            [c for c in known if c.level == level and _section(c) is section] if level > 1 else []
        )
        out += [_line(c, own[c.term], section, total) for c in inside]
        rest = own[section.term] - sum((own[c.term] for c in inside), Decimal(0))
        if not inside:
            out.append(_line(section, rest, section, total))
        elif rest:
            name = f"Other {section.name.lower()}"
            out.append(
                Contribution(
                    flow, section.code, "other", name, section.term, rest, _percent(rest, total)
                )
            )
    return out


def _line(c: Commodity, value: Decimal, section: Commodity, total: Decimal) -> Contribution:
    return Contribution(c.flow, c.code, c.term, c.name, section.term, value, _percent(value, total))


def _percent(part: Decimal, whole: Decimal) -> float:
    return float(part / whole * 100) if whole else float("nan")


def _section(c: Commodity) -> Commodity:
    while c.level > 1:
        parent = by_code(c.parent, c.flow)
        if parent is None:
            break
        c = parent
    return c


def sections(parts: Iterable[Contribution]) -> dict[tuple[str, str], Any]:
    """Sum of the parts of each flow and section."""
    out: dict[tuple[str, str], Any] = {}
    for p in parts:
        out[p.flow, p.section] = out.get((p.flow, p.section), Decimal(0)) + p.change
    return out
