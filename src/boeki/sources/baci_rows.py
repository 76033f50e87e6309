"""The yearly files of BACI, batch by batch: ten million lines a year never stand in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from boeki.errors import NotAsExpected
from boeki.sources.base import MONEY
from boeki.sources.flow_batches import FlowBatches, Left, told
from boeki.terms.codes import area_map

HEADER = ("t", "i", "j", "k", "v", "q")

#: The value is printed in thousand dollars with three decimals: more would be another layout. The
#: quantity is in tonnes, with up to six.
_TYPES = {
    "t": pa.int32(),
    "i": pa.int32(),
    "j": pa.int32(),
    "k": pa.int32(),
    "v": pa.decimal128(15, 3),
    "q": pa.decimal128(20, 6),
}
#: Some versions pad the quantity with blanks, also where there is none.
_NULLS = [" " * n + text for n in range(33) for text in ("", "NA")]
#: Small enough to stay in the processor's cache, which is faster than larger ones.
_BLOCK = 1 << 20
_THOUSAND = pa.scalar(1000, pa.decimal128(4, 0))
_MOST_CODE = 9_999
_MOST_PRODUCT = 999_999


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a file are wanted; empty for all.

    Attributes
    ----------
    first, last
        The years from which and to which.
    exporters, importers
        Area codes of the vocabulary.
    products
        Codes of six digits, as numbers.
    """

    first: int = 0
    last: int = 9999
    exporters: tuple[str, ...] = ()
    importers: tuple[str, ...] = ()
    products: tuple[int, ...] = ()


@dataclass(slots=True)
class YearFile:
    """One file of BACI: a year, or years, of exports from every country to every other.

    Attributes
    ----------
    name
        As messages call it.
    open
        Opens its bytes.
    year
        The year that its name gives; None where it gives none.
    classification
        ``HS2017`` …
    wanted
        Which of its rows are.
    left
        What was left out; complete when the batches have been read.
    """

    name: str
    open: Callable[[], BinaryIO]
    year: int | None
    classification: str
    wanted: Wanted
    left: Left = field(init=False)

    def __post_init__(self) -> None:
        self.left = Left(self.name)

    def check(self) -> None:
        """See that the header is the one that is known.

        Raises
        ------
        NotAsExpected
            Where it is another.
        """
        with self.open() as stream:
            self._pass_header(stream)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Its rows.

        Raises
        ------
        NotAsExpected
            Where a line is not as the header says, or of another year than the file.
        """
        return told(self.name, self._batches)

    def _pass_header(self, stream: BinaryIO) -> None:
        line = stream.readline(200).decode("utf-8", "replace").strip("\ufeff\r\n")
        if tuple(line.replace('"', "").split(",")) != HEADER:
            raise NotAsExpected(
                f"{self.name} begins with {line[:100]!r}, not with {','.join(HEADER)}: it is no "
                "yearly file of BACI, or its layout has changed"
            )

    def _batches(self) -> Iterator[pa.RecordBatch]:
        shape = FlowBatches(
            {
                "flow": "export",
                "classification": self.classification,
                "freq": "A",
                "currency": "USD",
                "resolution": 1,
                "valuation": "fob",
                "adjustment": "nsa",
                "status": "final",
            }
        )
        areas = _areas()
        with self.open() as stream:
            self._pass_header(stream)
            for batch in _read(stream):
                columns = self._columns(batch, areas)
                if len(columns["value"]):
                    yield shape.batch(columns)

    def _columns(self, batch: pa.RecordBatch, areas: pa.Array) -> dict[str, pa.Array]:
        batch = self._whole(batch)
        self._check_year(batch)
        exporters, importers = _named(areas, batch["i"]), _named(areas, batch["j"])
        keep = pc.and_(self._known(batch["i"], exporters), self._known(batch["j"], importers))
        for condition in self._chosen(batch, exporters, importers):
            keep = pc.and_(keep, condition)
        if not pc.all(keep, min_count=0).as_py():
            batch, exporters, importers = (x.filter(keep) for x in (batch, exporters, importers))
        kilograms = _kilograms(batch["q"])
        return {
            "reporter": exporters,
            "partner": importers,
            "product": pc.utf8_lpad(batch["k"].cast(pa.string()), 6, "0"),
            "period": batch["t"].cast(pa.string()),
            "value": pc.multiply(batch["v"], _THOUSAND).cast(MONEY),
            "quantity": kilograms,
            "unit": pc.if_else(kilograms.is_valid(), "kg", None),
            "weight": kilograms,
        }

    def _whole(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The lines that have all but the quantity, with a code of six digits at most."""
        k = batch["k"]
        whole = pc.and_(pc.greater_equal(k, 0), pc.less_equal(k, _MOST_PRODUCT)).fill_null(False)
        for name in ("t", "i", "j", "v"):
            if batch[name].null_count:
                whole = pc.and_(whole, batch[name].is_valid())
        lacking = len(batch) - (pc.sum(whole).as_py() or 0)
        if not lacking:
            return batch
        self.left.out(
            "",
            "{} left out: a year, a country or a value is lacking, or the code is none of HS",
            lacking,
        )
        return batch.filter(whole)

    def _check_year(self, batch: pa.RecordBatch) -> None:
        if self.year is None or not len(batch):
            return
        found = pc.min_max(batch["t"]).as_py()
        if set(found.values()) != {self.year}:
            raise NotAsExpected(
                f"{self.name} has figures of {found['min']} to {found['max']}, against its name: "
                "it is not used"
            )

    def _known(self, codes: pa.Array, areas: pa.Array) -> pa.Array:
        """Which lines name a country that is known; the others are left out, and counted."""
        known = areas.is_valid()
        if areas.null_count:
            self.left.unknown(codes, known, "{} left out: the country code is not known")
        return known

    def _chosen(
        self, batch: pa.RecordBatch, exporters: pa.Array, importers: pa.Array
    ) -> Iterator[pa.Array]:
        """Conditions that the wanted rows fulfil."""
        wanted = self.wanted
        if self.year is None:
            yield pc.greater_equal(batch["t"], wanted.first)
            yield pc.less_equal(batch["t"], wanted.last)
        columns: tuple[tuple[pa.Array, Iterable[object]], ...] = (
            (exporters, wanted.exporters),
            (importers, wanted.importers),
            (batch["k"], wanted.products),
        )
        for column, values in columns:
            if values:
                yield pc.is_in(column, value_set=pa.array(list(values), column.type))


def _read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    if not stream.peek(1):  # type: ignore[attr-defined]
        return  # a header and nothing else, which Arrow takes for an error
    yield from csv.open_csv(
        stream,
        csv.ReadOptions(column_names=list(HEADER), block_size=_BLOCK),
        convert_options=csv.ConvertOptions(column_types=_TYPES, null_values=_NULLS),
    )


def _areas() -> pa.Array:
    """Area codes, each at the number that BACI has for it."""
    by_number = {int(code): area for code, area in area_map("baci").items()}
    return pa.array([by_number.get(n) for n in range(_MOST_CODE + 1)], pa.string())


def _named(areas: pa.Array, codes: pa.Array) -> pa.Array:
    """The area of each code; null for codes that are not known."""
    within = pc.and_(pc.greater_equal(codes, 0), pc.less_equal(codes, _MOST_CODE))
    if not pc.all(within, min_count=0).as_py():
        codes = pc.if_else(within, codes, None)
    return areas.take(codes)


def _kilograms(tonnes: pa.Array) -> pa.Array:
    """A thousand times as many: the same digits, with the point three places further right."""
    return tonnes.view(MONEY)
