"""One side of a mirror: what one country reports of its trade with another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ibis import _

from boeki.errors import InputError
from boeki.lake import Lake
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

_READ = (
    "office", "classification", "currency", "valuation", "system", "adjustment", "reporter",
    "partner", "flow", "product", "month", "months", "value", "status", "source", "published",
    "row",
)  # fmt: skip
Row = dict[str, Any]
#: What the figures of one side must have in common.
_ONE = ("office", "classification", "currency", "system")


@dataclass(frozen=True, slots=True)
class Question:
    """Which flows are held against each other.

    Attributes
    ----------
    periods
        Of whole months.
    product
        One code, or empty for all of ``digits``.
    digits
        Length of the codes, where products are kept apart.
    classification
        Of the products; empty where the lake has but one.
    as_of
        The day whose knowledge counts.
    """

    periods: tuple[Period, ...]
    product: str = TOTAL
    digits: int | None = None
    classification: str = ""
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """One figure, as one country reports it.

    Attributes
    ----------
    value
        In the side's currency.
    summed
        Of how many months it is the sum; 0 where it was printed.
    status, published, sources, rows
        Evidence.
    """

    value: Decimal
    summed: int
    status: str
    published: dt.date
    sources: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What a country reports of one flow with one partner.

    Attributes
    ----------
    reporter, partner, flow
        Whose, with whom, and which way.
    office, classification, currency, system
        What its figures are; empty where there are none.
    figures
        First month, months, product and valuation to the figure.
    """

    reporter: str
    partner: str
    flow: str
    office: str = ""
    classification: str = ""
    currency: str = ""
    system: str = ""
    figures: Mapping[tuple[int, int, str, str], Reported] = field(default_factory=dict)

    @property
    def products(self) -> set[str]:
        """Codes that have a figure."""
        return {key[2] for key in self.figures}

    def valuations(self) -> set[str]:
        """How its figures are valued: ``fob``, ``cif`` …"""
        return {key[3] for key in self.figures}

    def find(self, period: Period, product: str, *valuations: str) -> Reported | None:
        """The figure of a period, in the first of some valuations that it has."""
        keys = ((period.first, period.months, product, v) for v in valuations)
        return next((self.figures[k] for k in keys if k in self.figures), None)


def read_rows(
    lake: Lake, asked: Question, pair: tuple[str, str], others: Iterable[str], lag: int = 0
) -> list[Row]:
    """Read all that two countries report of each other, and of their exports to some others.

    Parameters
    ----------
    lake, asked
        Where, and what.
    pair
        Area codes of the two.
    others
        Of those that goods may pass through.
    lag
        Months by which imports lie later.
    """
    span = [p.first + later for p in asked.periods for later in (0, lag)]
    ends = [p.last + later for p in asked.periods for later in (0, lag)]
    table = lake.flows(asked.as_of, columns=_READ).filter(
        _.reporter.isin(sorted(pair)),
        _.partner.isin(sorted({*pair, *others})),
        _.flow.isin(["export", "import"]),
        _.adjustment == "nsa",
        _.month >= min(span),
        _.month <= max(ends),
        _.months > 0,
    )
    if asked.digits:
        table = table.filter(_["product"].length() == asked.digits, _["product"] != TOTAL)
    else:
        table = table.filter(_["product"] == asked.product)
    if asked.classification:
        table = table.filter(_.classification == asked.classification)
    order = ("office", "classification", "product", "valuation", "month", "months", "row")
    return list(lake.execute(table.order_by(*order)).to_pylist())


def side_of(
    rows: Iterable[Row], asked: Question, reporter: str, partner: str, flow: str, office: str | None
) -> Side:
    """One side of the rows that were read.

    Parameters
    ----------
    rows, asked
        As :func:`read_rows` gives them, and what was asked.
    reporter, partner, flow
        Area codes; ``export`` or ``import``.
    office
        Whose statistics; None where the lake has but one's of this flow.

    Returns
    -------
    Side
        Each period as it was printed or, where it was not, as the sum of its months if every one of
        them is there.

    Raises
    ------
    InputError
        Where there are several offices, classifications, currencies or trade systems.
    """
    whose = (reporter, partner, flow)
    mine = [r for r in rows if (r["reporter"], r["partner"], r["flow"]) == whose]
    mine = [r for r in mine if office is None or r["office"] == office]
    mine = _one_classification(mine, asked)
    said = {column: sorted({r[column] or "" for r in mine}) for column in _ONE}
    for column, held in said.items():
        if len(held) > 1:
            raise InputError(_several(reporter, flow, column, held))
    common = {column: held[0] if held else "" for column, held in said.items()}
    return Side(reporter, partner, flow, **common, figures=_figures(mine, asked.periods))


def _several(reporter: str, flow: str, column: str, held: list[str]) -> str:
    name = areas.get(reporter).possessive
    hint = {
        "office": "name the office",
        "classification": "name the classification",
    }.get(column, "narrow the question down to one office")
    return f"the lake has {name} {flow}s by several kinds of {column} ({', '.join(held)}): {hint}"


def _one_classification(rows: list[Row], asked: Question) -> list[Row]:
    """Of all goods, those of one classification, where all classifications say the same of them."""
    if asked.digits or asked.product != TOTAL or asked.classification:
        return rows
    said: dict[tuple[Any, ...], Decimal] = {}
    for r in rows:
        key = (*(r[c] for c in ("office", "currency", "valuation", "system", "month", "months")),)
        if said.setdefault(key, r["value"]) != r["value"]:
            return rows
    first: dict[tuple[Any, ...], Row] = {}
    for r in rows:
        key = (*(r[c] for c in ("office", "currency", "valuation", "system", "month", "months")),)
        first.setdefault(key, r)
    return [{**r, "classification": TOTAL} for r in first.values()]


def _figures(
    rows: list[Row], periods: Iterable[Period]
) -> dict[tuple[int, int, str, str], Reported]:
    by_key = {(r["month"], r["months"], r["product"], r["valuation"]): r for r in rows}
    kinds = sorted({(r["product"], r["valuation"]) for r in rows})
    out: dict[tuple[int, int, str, str], Reported] = {}
    for period in periods:
        for product, valuation in kinds:
            key = (period.first, period.months, product, valuation)
            if key in by_key:
                out[key] = _reported([by_key[key]], 0)
                continue
            months = [
                by_key.get((m, 1, product, valuation)) for m in range(period.first, period.last + 1)
            ]
            whole = [r for r in months if r is not None]
            if len(whole) == period.months:
                out[key] = _reported(whole, len(whole))
    return out


def _reported(rows: list[Row], summed: int) -> Reported:
    return Reported(
        sum((r["value"] for r in rows), Decimal(0)),
        summed,
        " / ".join(sorted({r["status"] for r in rows})),
        max(r["published"] for r in rows),
        tuple(sorted({r["source"] for r in rows})),
        tuple(r["row"] for r in rows),
    )
