"""The change of the value of each product between two periods, in parts that add up to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from boeki.explain.apportion import apportion
from boeki.explain.bennet import Split, bennet
from boeki.explain.invoicing import RateChange
from boeki.explain.montgomery import montgomery
from boeki.measure.prices.panel import Cell, Panel

SPLITS: dict[str, Callable[..., Split]] = {"bennet": bennet, "montgomery": montgomery}
#: Parts of a change, in the order they are shown.
PARTS = {
    "price": "Price",
    "contract_price": "Contract price",
    "exchange_rate": "Exchange rate",
    "volume": "Volume",
    "no_quantity": "No common quantity",
    "new": "New products",
    "lost": "Lost products",
    "other_goods": "Other goods",
}
WHY = {
    "no_quantity": "quantity lacking or in another unit: neither price nor volume is known",
    "new": "no figure in the base period",
    "lost": "no figure in the current period",
    "other_goods": "the rest of the total, of which no quantity is read",
}


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one product, in parts.

    Attributes
    ----------
    product, partner
        Its code; the partner is empty where they are added up.
    before, after
        Values; None where there is no figure.
    parts
        Exact; they add up to the change.
    unit, quantity_before, quantity_after, compared_before, compared_after
        Unit, quantities and values of the part of it that was compared; None where nothing was, or
        in several units.
    """

    product: str
    partner: str
    before: Decimal | None
    after: Decimal | None
    parts: Mapping[str, Decimal]
    unit: str = ""
    quantity_before: Decimal | None = None
    quantity_after: Decimal | None = None
    compared_before: Decimal | None = None
    compared_after: Decimal | None = None

    @property
    def change(self) -> Decimal:
        """Value after, less value before."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))

    @property
    def note(self) -> str:
        """Why a part of it has neither price nor volume."""
        return "; ".join(WHY[p] for p in self.parts if p in WHY)


@dataclass(frozen=True, slots=True)
class Splitter:
    """How a product's change is split, and by which change of exchange rates."""

    method: str
    rates: Callable[[str], RateChange | None] = field(default=lambda _product: None)

    def parts(self, before: Sequence[Cell], after: Sequence[Cell]) -> dict[str, Decimal]:
        """The parts of the change between the cells of one product in two periods."""
        v0, v1 = (sum((c.value for c in cells), Decimal(0)) for cells in (before, after))
        if not before or not after:
            return {"new": v1} if after else {"lost": -v0}
        pairs = matched(before, after)
        exact: dict[str, Fraction] = {}
        compared = Decimal(0)
        for a, b in pairs:
            compared += b.value - a.value
            for name, part in self._split(a, b).items():
                exact[name] = exact.get(name, Fraction(0)) + part
        out = apportion(exact, compared) if exact else {}
        if 2 * len(pairs) < len(before) + len(after):
            out["no_quantity"] = v1 - v0 - compared
        return out

    def _split(self, a: Cell, b: Cell) -> dict[str, Fraction]:
        rates = self.rates(a.item.product)
        numbers = [Fraction(n) for n in (a.value, a.quantity or 0, b.value, b.quantity or 0)]
        split = SPLITS[self.method](*numbers, *([rates.index] if rates else []))
        if rates is None:
            return {"price": split.price, "volume": split.volume}
        return {
            "contract_price": split.price,
            "exchange_rate": split.exchange_rate,
            "volume": split.volume,
        }


def matched(before: Sequence[Cell], after: Sequence[Cell]) -> list[tuple[Cell, Cell]]:
    """The cells of one product that have a quantity in the same unit in both periods."""
    held = {c.item.unit: c for c in before if c.quantity is not None}
    return [(held[c.item.unit], c) for c in after if c.quantity is not None and c.item.unit in held]


def changes_of(
    panel: Panel,
    base: str,
    now: str,
    split: Callable[[Sequence[Cell], Sequence[Cell]], Mapping[str, Decimal]],
) -> list[Change]:
    """The change of every product (and partner) of a panel, largest first."""
    cells: dict[tuple[str, str], tuple[list[Cell], list[Cell]]] = {}
    for c in panel.cells:
        if c.period in (base, now):
            ends = cells.setdefault((c.item.product, c.item.partner), ([], []))
            ends[c.period == now].append(c)
    out = [
        _change(product, partner, before, after, split(before, after))
        for (product, partner), (before, after) in cells.items()
    ]
    return sorted(out, key=lambda c: (-abs(c.change), c.product, c.partner))


def _change(
    product: str,
    partner: str,
    before: list[Cell],
    after: list[Cell],
    parts: Mapping[str, Decimal],
) -> Change:
    pairs = matched(before, after)
    v0, v1 = (sum((c.value for c in cells), Decimal(0)) for cells in (before, after))
    change = Change(product, partner, v0 if before else None, v1 if after else None, parts)
    if len(pairs) != 1:
        return change
    ((a, b),) = pairs
    return replace(
        change,
        unit=a.item.unit,
        quantity_before=a.quantity,
        quantity_after=b.quantity,
        compared_before=a.value,
        compared_after=b.value,
    )
