"""From customs statistics to goods in the balance of payments: the bridge between the two.

Customs record goods that cross the border, at the value that their law knows; the balance of
payments records goods that change owner between residents and non-residents, FOB on both sides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ibis import _

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake, open_lake
from boeki.measure.levels.line import exact
from boeki.measure.table import measure_series
from boeki.terms import areas
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

#: Kind of adjustment to what it does.
KINDS = {
    "coverage": "Goods that customs leave out, or count though no owner changes",
    "timing": "Goods that change owner in another period than they cross the border",
    "valuation": "Freight and insurance in CIF imports, and other differences of value",
    "processing": "Goods sent abroad, or taken in, to be processed, with no change of owner",
    "repair": "Goods sent abroad, or taken in, to be repaired",
    "returned": "Goods that come back",
    "ports": "Fuel, food and the like that carriers take aboard in ports",
    "merchanting": "Goods bought and sold again abroad, net, as exports",
    "gold": "Non-monetary gold that customs do not count, or monetary gold that they do",
    "ships": "Ships, aircraft and the like that change owner without crossing the border",
    "illegal": "Smuggled goods, where they are estimated",
    "other": "Whatever else the compiler adjusts",
}
#: Series of a lake with goods on balance-of-payments basis: exports and imports.
KEYS = ("bop_goods_exports", "bop_goods_imports")
_METHOD = Method(
    "Reconciliation of customs statistics with goods in the balance of payments",
    "BoP goods = customs value + adjustments + residual, for exports and imports each",
    "IMF (2009), Balance of Payments and International Investment Position Manual (BPM6), chapter "
    "10; United Nations (2011), IMTS 2010, annex F",
    "explanation/coherence.md",
)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One line between customs and the balance of payments.

    Attributes
    ----------
    item
        What the compiler calls it.
    kind
        Of :data:`KINDS`.
    exports, imports
        What it adds; negative where it takes away.
    """

    item: str
    kind: str
    exports: Decimal
    imports: Decimal


Items = Iterable[Mapping[str, Any]]


def bridge_of(
    customs: tuple[Any, Any],
    items: Items | pd.DataFrame,
    bop: tuple[Any, Any] | None = None,
    *,
    unit: str,
    title: str = "From customs to the balance of payments",
    about: Mapping[str, Any] | None = None,
    notes: Sequence[str] = (),
    sources: Iterable[str] = (),
    evidence: Iterable[str] = (),
    published: dt.date | None = None,
) -> Answer:
    """Put a bridge together from figures that the caller has.

    Parameters
    ----------
    customs
        Exports and imports on customs basis.
    items
        Adjustments: ``item``, ``kind`` (of :data:`KINDS`), ``exports`` and ``imports``, in the
        currency of the figures; an empty amount is none.
    bop
        Exports and imports on balance-of-payments basis; None where they are not known: then there
        is no residual, and what stands at the end is an estimate.
    unit
        Currency of all of them.
    title, about, notes, sources, evidence, published
        For the answer.

    Returns
    -------
    Answer
        One row a line: customs, each adjustment, the residual and the balance of payments; each
        column adds up to its last line exactly.

    Raises
    ------
    UnknownTerm
        For another kind.
    InputError
        For what is no number, and items without a name or any amount.
    """
    x, m = (_number(v, "customs") for v in customs)
    lines = [_adjustment(r) for r in _records(items)]
    rows = [_line("Customs basis", "", x, m)]
    rows += [_line(a.item, a.kind, a.exports, a.imports) for a in lines]
    end_x = x + sum((a.exports for a in lines), Decimal(0))
    end_m = m + sum((a.imports for a in lines), Decimal(0))
    if bop is None:
        rows.append(_line("Balance-of-payments basis, estimated", "", end_x, end_m))
    else:
        told_x, told_m = (_number(v, "balance of payments") for v in bop)
        rows.append(_line("Residual", "residual", told_x - end_x, told_m - end_m))
        rows.append(_line("Balance-of-payments basis", "", told_x, told_m))
    said = list(notes)
    if bop is None:
        said.append("No figure on balance-of-payments basis was given: the end is an estimate.")
    if not any(a.kind == "valuation" and a.imports for a in lines):
        said.append("No adjustment takes freight and insurance out of imports; CIF ones have them.")
    return answer(
        title, rows, _columns(unit), _METHOD, about={"unit": unit, **(about or {})}, notes=said,
        sources=sources, evidence=evidence, published=published,
        chart=Chart("ranking", "item", ("balance",)),
    )  # fmt: skip


def measure_bop_bridge(
    reporter: str,
    period: str,
    items: Items | pd.DataFrame = (),
    *,
    bop: tuple[Any, Any] | None = None,
    keys: tuple[str, str] = KEYS,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Bridge a reporter's customs statistics of a period to its balance of payments.

    Parameters
    ----------
    reporter
        Area code or name.
    period
        A month, quarter, year or fiscal year.
    items
        As in :func:`bridge_of`.
    bop
        Exports and imports of goods in the balance of payments; None to take the series of the
        lake, where it has both.
    keys
        Their series keys in the lake.
    as_of
        Only what was published by this day.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        As :func:`bridge_of` gives it.

    Raises
    ------
    NoFigure, NotYetPublished
        Where the lake has no customs figures.
    InputError
        Where its balance of payments is in another currency, or given twice.
    """
    lake = lake or open_lake()
    whose = areas.find(reporter).code
    when = Period.parse(period, whose)
    freq = when.kind if when.kind in ("M", "Q", "A", "FY") else ""
    if not freq:
        raise InputError(f"{period}: name a month, a quarter, a year or a fiscal year")
    flows = [
        measure_series(f, whose, start=period, end=period, freq=freq, as_of=as_of, lake=lake)
        for f in ("exports", "imports")
    ]
    units = {f.unit for f in flows}
    if len(units) > 1:
        raise InputError(f"exports and imports are in {' and '.join(sorted(units))}")
    (unit,) = units
    found = None if bop is not None else _in_lake(lake, whose, when, keys, unit, as_of)
    rows = [f.rows[0] for f in flows]
    seen = found or []
    return bridge_of(
        (rows[0].value, rows[1].value), items,
        bop if bop is not None else (seen[0]["value"], seen[1]["value"]) if found else None,
        unit=unit, title=f"From customs to the balance of payments, {areas.name(whose)}, {when}",
        about={"reporter": whose, "period": str(when), "as_of": as_of},
        notes=["Customs basis: exports FOB, imports CIF in most countries."],
        sources=[s for r in rows for s in r.sources] + [r["source"] for r in seen],
        evidence=[e for r in rows for e in r.rows] + [r["row"] for r in seen],
        published=max([r.published for r in rows] + [r["published"] for r in seen]),
    )  # fmt: skip


def _in_lake(
    lake: Lake,
    reporter: str,
    when: Period,
    keys: tuple[str, str],
    unit: str,
    as_of: dt.date | None,
) -> list[dict[str, Any]] | None:
    """Goods in the balance of payments as the lake has them; None where it lacks one side."""
    table = lake.series(as_of).filter(
        _.key.isin(sorted(keys)), _.area == reporter, _.month == when.first,
        _.months == when.months,
    )  # fmt: skip
    rows = lake.execute(table.order_by("key", "row")).to_pylist()
    found = [[r for r in rows if r["key"] == key] for key in keys]
    if not all(found):
        return None
    if any(len(f) > 1 for f in found):
        raise InputError(f"the lake has several figures of {' or '.join(keys)}: give them instead")
    if any(f[0]["unit"] != unit for f in found):
        raise InputError(f"the balance of payments is in {found[0][0]['unit']}, customs in {unit}")
    return [f[0] for f in found]


def _records(items: Items | pd.DataFrame) -> list[Mapping[str, Any]]:
    if hasattr(items, "to_dict"):
        return list(items.to_dict("records"))
    return list(items)


def _adjustment(row: Mapping[str, Any]) -> Adjustment:
    item = str(row.get("item") or "").strip()
    if not item:
        raise InputError(f"an adjustment has no name in the column item: {dict(row)}")
    kind = str(row.get("kind") or "other").strip()
    if kind not in KINDS:
        raise UnknownTerm("kind of adjustment", kind, KINDS)
    x, m = (exact(row.get(flow), item) for flow in ("exports", "imports"))
    if x is None and m is None:
        raise InputError(f"{item}: neither exports nor imports has an amount")
    return Adjustment(item, kind, x or Decimal(0), m or Decimal(0))


def _number(value: Any, what: str) -> Decimal:
    number = exact(value, what)
    if number is None:
        raise NoFigure(f"{what}: a figure is missing")
    return number


def _line(item: str, kind: str, x: Decimal, m: Decimal) -> dict[str, Any]:
    return {"item": item, "kind": kind, "exports": x, "imports": m, "balance": x - m}


def _columns(unit: str) -> list[Column]:
    return [
        Column("item", "Line"),
        Column("kind", "Kind of adjustment"),
        Column("exports", "Exports", unit),
        Column("imports", "Imports", unit),
        Column("balance", "Balance", unit),
    ]
