"""The flows of a table of one's own, as indicators take them."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.measure.structure.flows import Direction, Flows, Key
from boeki.terms import areas

if TYPE_CHECKING:
    import pandas as pd

#: What a column may be called.
NAMES = {
    "reporter": ("reporter", "country", "exporter"),
    "partner": ("partner", "importer", "market"),
    "product": ("product", "commodity"),
    "flow": ("flow",),
    "period": ("period", "year"),
    "value": ("value",),
}
_KEYS: tuple[Key, ...] = ("reporter", "partner", "product")
#: Places kept of a value, twenty digits before the point.
_PLACES = Decimal("1e-18")
_VALUE = pa.decimal128(38, 18)
_EXACT = Context(prec=60)
_MIRROR = "Imports are the exports of all others in the table."


@dataclass(frozen=True, slots=True)
class FrameTrade:
    """Flows of a table in a period.

    Attributes
    ----------
    table
        Columns ``reporter``, ``value`` (decimal) and any of ``partner``, ``product``, ``flow``.
    period
        Which it is; empty where the table says none.
    """

    table: pa.Table
    period: str = ""

    def code(self, area: str) -> str:
        """The country as the table writes it."""
        column = self.table["reporter"].to_pylist()
        if "partner" in self.table.column_names:
            column += self.table["partner"].to_pylist()
        known = set(column)
        if area in known:
            return area
        try:
            code = areas.find(area).code
        except UnknownTerm:
            code = ""
        for spelling in (code, code.lower()):
            if spelling in known:
                return spelling
        raise UnknownTerm("country of the table", area, known)

    def flows(
        self,
        flow: Direction,
        *keys: Key,
        reporters: Collection[str] = (),
        partners: Collection[str] = (),
        products: Collection[str] = (),
        together: bool = False,
    ) -> Flows:
        """As :meth:`boeki.measure.structure.flows.Trade.flows` has it."""
        table, notes = self._of(flow)
        by: tuple[Key, ...] = keys if together else ("reporter", *keys)
        for column, codes in (
            ("reporter", reporters),
            ("partner", partners),
            ("product", products),
        ):
            if codes and set(codes) not in ({areas.WORLD}, {"TOTAL"}):
                table = table.filter(pc.is_in(_named(table, column), pa.array(sorted(codes))))
        for key in by:
            _named(table, key)
        summed = table.group_by(list(by)).aggregate([("value", "sum")]).select([*by, "value_sum"])
        summed = summed.rename_columns([*by, "value"]).filter(pc.field("value") != Decimal(0))
        if not summed.num_rows:
            raise NoFigure(f"the table holds no such {flow}s: look at its countries and products")
        return Flows(summed.sort_by([(k, "ascending") for k in by]), by, {}, notes)

    def _of(self, flow: Direction) -> tuple[pa.Table, tuple[str, ...]]:
        """The rows of a flow; a table without a word on it is of exports."""
        names = self.table.column_names
        if "flow" in names:
            return self.table.filter(pc.field("flow") == flow), ()
        if flow == "export":
            return self.table, ()
        if "partner" not in names:
            raise InputError(
                "the table has no imports: give it a column flow (export, import), or a column "
                "partner, so that imports are what all others export"
            )
        swap = {"reporter": "partner", "partner": "reporter"}
        return self.table.rename_columns([swap.get(n, n) for n in names]), (_MIRROR,)


def frame_trade(data: pd.DataFrame | pa.Table, period: str = "") -> FrameTrade:
    """The flows of a data frame.

    Parameters
    ----------
    data
        A row a flow, with columns ``country`` (or ``reporter``, ``exporter``), ``value`` and,
        as the question needs them, ``product``, ``partner`` (or ``importer``), ``flow``
        (``export`` or ``import``; exports where there is none) and ``period``.
    period
        Which to take, where there is a column of that name.

    Raises
    ------
    InputError
        Where a column is missing, a cell is empty, a value is negative or no number, or a row is
        there twice.
    NoFigure
        Where the table has no such period.
    """
    table = data if isinstance(data, pa.Table) else pa.Table.from_pandas(data, preserve_index=False)
    named = _renamed(table)
    kept = _of_period(named, period)
    values = [_amount(v) for v in kept["value"].to_pylist()]
    text = {n: _text(kept, n) for n in kept.column_names if n != "value"}
    out = pa.table({**text, "value": pa.array(values, _VALUE)})
    _each_once(out)
    return FrameTrade(out, period)


def _renamed(table: pa.Table) -> pa.Table:
    """The columns that are known, by their own names."""
    low = {str(c).strip().casefold(): c for c in table.column_names}
    found = {}
    for name, spellings in NAMES.items():
        for spelling in spellings:
            if spelling in low and name not in found:
                found[name] = table[low[spelling]]
    for needed in ("reporter", "value"):
        if needed not in found:
            raise InputError(
                f"the table has no column {' or '.join(NAMES[needed])}: it has "
                f"{', '.join(map(str, table.column_names))}"
            )
    return pa.table(found)


def _of_period(table: pa.Table, period: str) -> pa.Table:
    if "period" not in table.column_names:
        return table
    text = table["period"].cast(pa.string())
    held = sorted(set(text.to_pylist()), key=str)
    if not period and len(held) > 1:
        raise InputError(f"the table has several periods ({_few(held)}): name one")
    if period and period not in held:
        raise NoFigure(f"the table has no figures of {period}: it has {_few(held)}")
    only = table.filter(pc.equal(text, period)) if period else table
    return only.drop_columns(["period"])


def _few(names: list[Any]) -> str:
    return ", ".join(map(str, names[:8])) + (" …" if len(names) > 8 else "")


def _text(table: pa.Table, name: str) -> pa.Array:
    column = table[name].cast(pa.string())
    if column.null_count:
        raise InputError(f"{column.null_count} cells of the column {name} are empty: fill them")
    return column


def _amount(value: Any) -> Decimal:
    """A value to the last digit that was printed of it."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        raise InputError("a value is missing or infinite: leave its row out, or put nil for none")
    try:
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
    except ArithmeticError:
        raise InputError(f"{value!r} is no number") from None
    if amount < 0:
        raise InputError(f"a value is negative ({value}): trade cannot be")
    if amount.adjusted() >= 20:
        raise InputError(f"{value} has more than 20 digits before the point: use a larger unit")
    return amount.quantize(_PLACES, context=_EXACT)


def _each_once(table: pa.Table) -> None:
    keys = [n for n in table.column_names if n != "value"]
    counted = table.group_by(keys).aggregate([("value", "count")])
    twice = counted.filter(pc.field("value_count") > 1)
    if twice.num_rows:
        first = {k: v for k, v in twice.slice(0, 1).to_pylist()[0].items() if k in keys}
        raise InputError(
            f"{twice.num_rows} rows of the table are there more than once, such as {first}: add "
            "them up first, or leave the extra ones out"
        )


def _named(table: pa.Table, column: str) -> pa.Array:
    if column not in table.column_names:
        raise InputError(f"this question needs a column {' or '.join(NAMES[column])} in the table")
    return table[column]
