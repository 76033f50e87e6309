"""The monthly files of Comext, batch by batch, summed over statistical procedures on the way.

Five million lines do not stand in memory: DuckDB sums them, and puts aside on disk what it has no
room for.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from boeki.errors import BoekiError, NotAsExpected, UnknownTerm
from boeki.sources.comext_layout import columns
from boeki.sources.flow_batches import FlowBatches, Left, told
from boeki.terms.codes import area_map
from boeki.terms.units import to_unit

_CODE = pa.dictionary(pa.int32(), pa.string())
#: Euros are whole: a file with cents would be another layout.
_EUROS = pa.decimal128(15, 0)
_AMOUNT = pa.decimal128(18, 3)
_FACTOR = pa.decimal128(12, 6)
_TYPES = {
    **dict.fromkeys(("reporter", "partner", "flow", "procedure", "unit", "period"), _CODE),
    "product": pa.string(),
    "value": _EUROS,
    "weight": _AMOUNT,
    "quantity": _AMOUNT,
}
#: Normal, inward processing, outward processing, not recorded from customs declarations. They
#: exclude one another. Any other number could be a total of these.
_PROCEDURES = ("1", "2", "3", "9")
_FLOWS = {"1": "import", "2": "export"}
#: Without a supplementary unit.
_NO_UNIT = ("NO_SU", "")
#: Codes of the Combined Nomenclature, and those that hide what is confidential: 39XXXXXX.
_PRODUCT = "^([0-9]{2}[0-9A-Z]{6}|TOTAL)$"
#: Codes that have meant several areas, and since 2002, where these files begin, one.
_SINCE_2002 = {"YU": "SCG", "CS": "SCG"}
_BLOCK = 1 << 22
_MEMORY = "400MB"

#: A sum is only told where every line has a part of it.
_SUMS = """
SELECT count(unit) > 0 AND (count(unit) < count(*) OR min(unit) <> max(unit)) AS mixed,
    reporter, partner, flow, product, CAST(sum(value) AS DECIMAL(20,3)) AS value,
    CASE WHEN count(weight) = count(*) THEN CAST(sum(weight) AS DECIMAL(20,3)) END AS weight,
    CASE WHEN NOT mixed AND count(quantity) = count(*)
        THEN CAST(sum(quantity) AS DECIMAL(20,3)) END AS quantity,
    min(unit) AS unit
FROM lines GROUP BY reporter, partner, flow, product
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a file are wanted; empty for all.

    Attributes
    ----------
    reporters, partners
        Area codes of the vocabulary.
    products
        Codes, or the digits with which they begin.
    flows
        ``export``, ``import``.
    """

    reporters: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()


@dataclass(slots=True)
class ComextFile:
    """A file of Comext: what each member state traded in a month or a year, by CN code.

    Attributes
    ----------
    name
        As messages call it.
    open
        Opens its bytes.
    code
        Its period as Eurostat writes it: ``202402``, ``202452`` for the year.
    status
        That of all its rows.
    wanted
        Which of its rows are.
    left
        What was left out; complete when the batches have been read.
    """

    name: str
    open: Callable[[], BinaryIO]
    code: str
    status: str
    wanted: Wanted
    left: Left = field(init=False)

    def __post_init__(self) -> None:
        self.left = Left(self.name)

    def check(self) -> None:
        """See that the header is one of those that are known.

        Raises
        ------
        NotAsExpected
            Where it is another.
        """
        with self.open() as stream:
            columns(stream, self.name)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Its rows, each the sum over statistical procedures.

        Raises
        ------
        NotAsExpected
            Where a line is not as the header says, or of another period than the file.
        """
        year, annual = self.code[:4], self.code[4:] == "52"
        shape = FlowBatches(
            {
                "classification": f"CN{year}",
                "freq": "A" if annual else "M",
                "period": year if annual else f"{year}-{self.code[4:]}",
                "currency": "EUR",
                "resolution": 1,
                "system": "special",
                "adjustment": "nsa",
                "status": self.status,
            }
        )
        for sums in _summed(told(self.name, self._lines)):
            if mixed := _count(sums["mixed"]):
                reason = "quantities of {} left out: their parts are in several units, or in none"
                self.left.out("", reason, mixed)
            told_by = {name: sums[name] for name in sums.schema.names if name != "mixed"}
            told_by["unit"] = pc.if_else(sums["quantity"].is_valid(), sums["unit"], None)
            told_by["valuation"] = pc.if_else(pc.equal(sums["flow"], "import"), "cif", "fob")
            yield shape.batch(told_by)

    def _lines(self) -> Iterator[pa.RecordBatch]:
        """The lines that are wanted, each with the words of the vocabulary."""
        areas = {**area_map("eurostat"), **_SINCE_2002}
        with self.open() as stream:
            for batch in _read(stream, columns(stream, self.name)):
                self._check_period(batch)
                yield self._line(batch, areas)

    def _line(self, batch: pa.RecordBatch, areas: dict[str, str]) -> pa.RecordBatch:
        reporter, partner = (_named(batch[c], areas) for c in ("reporter", "partner"))
        flow = _named(batch["flow"], _FLOWS)
        procedure = _named(batch["procedure"], dict.fromkeys(_PROCEDURES, "known"))
        keep = self._whole(batch)
        for condition in self._chosen(reporter, partner, flow, batch["product"]):
            keep = pc.and_(keep, condition)
        for column, mapped, reason in (
            ("reporter", reporter, "the reporter's code is not known"),
            ("partner", partner, "the partner's code is not known"),
            ("flow", flow, "the flow is neither 1 (import) nor 2 (export)"),
            ("procedure", procedure, "the procedure is not known, and could be a total of others"),
        ):
            if mapped.null_count:
                known = mapped.is_valid()
                out = f"{{}} left out: {reason}"
                self.left.unknown(batch[column].filter(keep), known.filter(keep), out)
                keep = pc.and_(keep, known)
        unit, quantity = self._quantity(batch, keep)
        line = {
            "reporter": reporter,
            "partner": partner,
            "flow": flow,
            "product": batch["product"],
            "value": batch["value"],
            "unit": unit,
            "quantity": quantity,
            "weight": batch["weight"],
        }
        return pa.RecordBatch.from_pydict(line).filter(keep)

    def _check_period(self, batch: pa.RecordBatch) -> None:
        column = batch["period"]
        found = set(column.unique().to_pylist()) - {self.code}
        if found:
            raise NotAsExpected(
                f"{self.name} has figures of {sorted(map(str, found))[0]}, not only of "
                f"{self.code}: it is not used"
            )

    def _whole(self, batch: pa.RecordBatch) -> pa.Array:
        """Which lines have a value, and a product that is a code; the others are noted."""
        valued, coded = (
            batch["value"].is_valid(),
            pc.match_substring_regex(batch["product"], _PRODUCT).fill_null(False),
        )
        if (lacking := len(batch) - _count(valued)) > 0:
            self.left.out("", "{} left out: there is no value", lacking)
        if not pc.all(coded, min_count=0).as_py():
            reason = "{} left out: the product is no code of the Combined Nomenclature"
            self.left.unknown(batch["product"].filter(valued), coded.filter(valued), reason)
        return pc.and_(valued, coded)

    def _chosen(
        self, reporter: pa.Array, partner: pa.Array, flow: pa.Array, product: pa.Array
    ) -> Iterator[pa.Array]:
        """Conditions that the wanted lines fulfil. A code that is not known may be wanted."""
        wanted = self.wanted
        for column, values in (
            (reporter, wanted.reporters),
            (partner, wanted.partners),
            (flow, wanted.flows),
        ):
            if values:
                chosen = pc.is_in(column, value_set=pa.array(values, pa.string()))
                yield pc.or_(chosen, column.is_null())
        if wanted.products:
            begins = pc.match_substring_regex(product, f"^({'|'.join(wanted.products)})")
            yield begins.fill_null(False)

    def _quantity(self, batch: pa.RecordBatch, keep: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Supplementary units and quantities in them, null where there are none."""
        codes = batch["unit"]
        units = [_unit(code) for code in codes.dictionary.to_pylist()]
        names = pa.array([name for name, _ in units], pa.string()).take(codes.indices)
        lost = pc.and_(pc.and_(names.is_null(), pc.invert(_without(codes))), keep)
        if _count(lost):
            reason = "quantities of {} left out: their unit is not known; the values stay"
            self.left.unknown(codes, pc.invert(lost), reason)
        quantity = pc.if_else(names.is_valid(), batch["quantity"], None)
        if any(factor != 1 for _, factor in units):
            factors = pa.array([factor for _, factor in units], _FACTOR).take(codes.indices)
            quantity = pc.multiply(quantity, factors)
        return names, quantity.cast(pa.decimal128(38, 6))


def _summed(lines: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Lines of the same key added up, in bounded memory."""
    first = next(lines, None)
    if first is None:
        return
    failed: list[BoekiError] = []

    def all_lines() -> Iterator[pa.RecordBatch]:
        # What is raised here comes out as an error of DuckDB's, or of Arrow's.
        try:
            yield first
            yield from lines
        except BoekiError as error:
            failed.append(error)
            raise

    with tempfile.TemporaryDirectory(prefix="boeki-comext-") as folder:
        connection = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": folder})
        try:
            given = pa.RecordBatchReader.from_batches(first.schema, all_lines())
            connection.register("lines", given)
            yield from pa.RecordBatchReader.from_stream(connection.sql(_SUMS))
        except (duckdb.Error, pa.ArrowException, OSError):
            if failed:
                raise failed[0] from None
            raise
        finally:
            connection.close()


def _read(stream: BinaryIO, names: list[str]) -> Iterator[pa.RecordBatch]:
    if not stream.peek(1):  # type: ignore[attr-defined]
        return  # a header and nothing else, which Arrow takes for an error
    yield from csv.open_csv(
        stream,
        csv.ReadOptions(column_names=names, block_size=_BLOCK),
        convert_options=csv.ConvertOptions(
            column_types=_TYPES, include_columns=list(_TYPES), null_values=[""]
        ),
    )


def _named(codes: pa.Array, words: dict[str, str]) -> pa.Array:
    """The word for each code; null for codes that have none."""
    known = pa.array([words.get(code) for code in codes.dictionary.to_pylist()], pa.string())
    return known.take(codes.indices)


def _unit(code: str) -> tuple[str | None, Decimal]:
    """The unit of a code, and how many of it one is; no unit where there is none, or none known."""
    try:
        name, factor = to_unit("eurostat", code)
    except UnknownTerm:
        return None, Decimal(1)
    return name or None, factor


def _without(units: pa.Array) -> pa.Array:
    """Which lines have no supplementary unit."""
    flags = pa.array([code in _NO_UNIT for code in units.dictionary.to_pylist()], pa.bool_())
    return flags.take(units.indices).fill_null(True)


def _count(flags: pa.Array) -> int:
    return pc.sum(flags).as_py() or 0
