"""Values and quantities by period and product: what prices and volumes are computed from.

A unit value is a value over a quantity. Quantities of unlike units are never put together: a
product whose unit changes is another product from then on, in every comparison.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from boeki.errors import BoekiError, InputError
from boeki.measure.prices.formulas import Array
from boeki.terms import classifications
from boeki.terms.products import by_code
from boeki.terms.units import units

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NO_QUANTITY = "no quantity"
NO_VALUE = "value not above zero"


class Item(NamedTuple):
    """What is compared over time: a product, of one partner where partners are kept apart, in one
    unit. ``unit`` is empty for the part of it that has no quantity.
    """

    product: str
    partner: str
    unit: str


class Cell(NamedTuple):
    """The value and quantity of an item in a period; no quantity has its reason in ``note``."""

    period: str
    item: Item
    value: Decimal
    quantity: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Values and quantities of items over periods.

    Attributes
    ----------
    cells
        One a period and item, sorted.
    periods
        In order of time.
    told
        ``reporter``, ``flow``, ``partner``, ``office``, ``classification``, ``currency``,
        ``valuation``, as far as they are known.
    totals
        What the source states as the whole of a period; periods without it are left out.
    notes, sources, rows, published
        What must be known of it, and the evidence.
    """

    cells: tuple[Cell, ...]
    periods: tuple[str, ...]
    told: Mapping[str, Any] = field(default_factory=dict)
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    published: dt.date | None = None

    @property
    def currency(self) -> str:
        """ISO 4217 code of the values; empty where it is not known."""
        return str(self.told.get("currency", ""))

    def of(self, period: str) -> dict[Item, Cell]:
        """The cells of a period."""
        return {c.item: c for c in self.cells if c.period == period}

    def value(self, period: str) -> Decimal:
        """The sum of a period's cells, exact."""
        return sum((c.value for c in self.cells if c.period == period), Decimal(0))

    def name(self, product: str) -> str:
        """A product in words; its code where the vocabulary has no name for it."""
        return product_name(
            product, str(self.told.get("classification", "")), str(self.told.get("flow", ""))
        )

    def items(self) -> list[Item]:
        """Every item with a quantity in some period, sorted."""
        return sorted({c.item for c in self.cells if c.quantity is not None})

    def arrays(self) -> tuple[Array, Array]:
        """Prices and quantities, both ``(period, item)``; NaN where there is no quantity."""
        places = {item: n for n, item in enumerate(self.items())}
        rows = {period: n for n, period in enumerate(self.periods)}
        p = np.full((len(rows), len(places)), np.nan)
        q = p.copy()
        for c in self.cells:
            if c.quantity is not None:
                at = rows[c.period], places[c.item]
                q[at] = float(c.quantity)
                p[at] = float(c.value / c.quantity)
        return p, q

    def priced_share(self, period: str) -> float:
        """Share of a period's whole value that has a quantity, in percent."""
        whole = self.totals.get(period) or self.value(period)
        priced = sum(
            (c.value for c in self.cells if c.period == period and c.quantity is not None),
            Decimal(0),
        )
        return float(priced / whole * 100) if whole else float("nan")


class Entry(NamedTuple):
    """A figure before it is put into a panel."""

    period: str
    product: str
    partner: str
    value: Decimal
    quantity: Decimal | None
    unit: str


def cells_of(entries: Iterable[Entry]) -> tuple[Cell, ...]:
    """Add entries up by item: kilograms and tonnes together, what has no quantity by itself."""
    sums: dict[tuple[str, Item], list[Any]] = {}
    for e in entries:
        quantity, unit, note = _quantity(e)
        item = Item(e.product, e.partner, unit)
        if quantity is None:
            item = Item(e.product, e.partner, "")
        held = sums.setdefault((e.period, item), [Decimal(0), None, note])
        held[0] += e.value
        if quantity is not None:
            held[1] = (held[1] or Decimal(0)) + quantity
    return tuple(
        Cell(period, item, value, quantity, note)
        for (period, item), (value, quantity, note) in sorted(sums.items(), key=lambda s: s[0])
    )


def _quantity(e: Entry) -> tuple[Decimal | None, str, str]:
    """A quantity in the base of its unit, or why there is none that a price can be made of."""
    if e.quantity is None or e.quantity <= 0:
        return None, "", NO_QUANTITY
    if e.value <= 0:
        return None, "", NO_VALUE
    base, factor = _bases().get(e.unit, (e.unit, Decimal(1)))
    return e.quantity * factor, base, ""


@cache
def _bases() -> dict[str, tuple[str, Decimal]]:
    return {u.code: (u.base, u.factor) for u in units()}


_NEEDED = ("period", "product", "value")


def panel_of(data: pd.DataFrame | pa.Table | Sequence[Mapping[str, Any]], **told: Any) -> Panel:
    """A panel of a table of one's own.

    Parameters
    ----------
    data
        One row a figure, with the columns ``period``, ``product``, ``value``, and where they are
        known ``quantity``, ``unit`` and ``partner``. Periods sort as texts: ``2024-11``, ``2024``.
        Rows of one product and period are added up.
    told
        What the figures are, for the head of an answer: ``reporter``, ``flow``, ``currency`` …

    Raises
    ------
    InputError
        Where a column is missing or a cell cannot be read.
    """
    rows = _records(data)
    if not rows:
        raise InputError("the table has no rows: nothing can be computed of it")
    lacking = [c for c in _NEEDED if c not in rows[0]]
    if lacking:
        raise InputError(
            f"the table lacks the column {lacking[0]}: it needs period, product, value, and for "
            "prices quantity and unit"
        )
    entries = [_entry(n, row) for n, row in enumerate(rows, start=1)]
    periods = tuple(sorted({e.period for e in entries}))
    return Panel(cells_of(entries), periods, told)


def _records(data: Any) -> list[dict[str, Any]]:
    if hasattr(data, "to_pylist"):
        return list(data.to_pylist())
    if hasattr(data, "to_dict"):
        return list(data.to_dict("records"))
    return [dict(row) for row in data]


def _entry(number: int, row: Mapping[str, Any]) -> Entry:
    value = _decimal(number, "value", row.get("value"))
    if value is None:
        raise InputError(f"row {number} has no value: leave the row out where nothing is known")
    words = {c: _word(row.get(c)) for c in ("period", "product", "partner", "unit")}
    for needed in ("period", "product"):
        if not words[needed]:
            raise InputError(f"row {number} has no {needed}")
    return Entry(
        words["period"], words["product"], words["partner"], value,
        _decimal(number, "quantity", row.get("quantity")), words["unit"],
    )  # fmt: skip


def _word(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _decimal(number: int, column: str, value: Any) -> Decimal | None:
    """An exact number of a cell; None where it is empty."""
    if value is None or value != value:
        return None
    try:
        read = value if isinstance(value, Decimal) else Decimal(str(value))
    except ArithmeticError:
        raise InputError(f"row {number}: the {column} {value!r} is no number") from None
    if not read.is_finite() or read < 0:
        raise InputError(f"row {number}: the {column} {value} is below zero or not finite")
    return read


def product_name(product: str, classification: str = "", flow: str = "") -> str:
    """A product's code in words; the code itself where nothing is known of it."""
    if classification == "JP-PC" and flow and (found := by_code(product, flow)):
        return found.name
    try:
        return classifications.name(classification, product) or product
    except BoekiError:
        return product
