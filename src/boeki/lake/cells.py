"""Sums over few cells: each combination of codes and month has its place in an array.

To add a value at its place takes less than to find its row in a table of sums, as long as the array
lies near the processor, and the sum of a year before stands at a known distance.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from boeki.errors import IntegrityError

#: More cells than this take too much memory, some 100 MB.
MOST = 8_000_000
#: What sums are told in: of eighteen digits, as engines sort and compare them fastest.
VALUE = pa.decimal128(18, 3)
#: Cells told at once: few enough to lie near the processor.
_AT_ONCE = 60_000
#: As thousandths; no sum of values that together stay below this has more digits.
_ALL = 9e17


@dataclass(slots=True)
class LastYear:
    """Sums that one span of years leaves to the next, and how many figures each is of; None before
    the first is added up, and after the second is.
    """

    sums: Any = None
    figures: Any = None


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows to be added up by cell.

    Attributes
    ----------
    rows
        ``cell``, a number of 64 bits, and ``value``, with three decimal places.
    months
        The months that make up a cell's number, which they divide first.
    sizes
        The other keys, and how many numbers each has; the last counts fastest.
    told
        The first month whose sums are told. Rows are of no earlier one.
    back
        How many months before lies the sum that each is told beside; 0 for none.
    given
        The months before the first told, as another span left them; None where there are none.
    left
        Where the last ``back`` months are left for the next span; None where there is none.
    """

    rows: ibis.Table
    months: range
    sizes: Mapping[str, int]
    told: int
    back: int
    given: LastYear | None = None
    left: LastYear | None = None

    @property
    def schema(self) -> pa.Schema:
        """What :meth:`added_up` gives: ``month``, the other keys, ``value``, ``before`` (null where
        there is none) and ``figures``, how many were added up.
        """
        keys = {key: _narrow(size) for key, size in {"month": 2**31, **self.sizes}.items()}
        return pa.schema(keys | {"value": VALUE, "before": VALUE, "figures": pa.int32()})

    def added_up(self, batches: Iterable[pa.RecordBatch]) -> pa.RecordBatchReader | None:
        """The sum of each cell that has rows.

        Parameters
        ----------
        batches
            The rows.

        Returns
        -------
        pyarrow.RecordBatchReader
            None where there are values below nothing, values that are missing, or sums that do not
            fit, and where the span before left nothing: these are to be added up in another way.

        Raises
        ------
        IntegrityError
            Where a row has no cell.
        """
        shape = len(self.months), math.prod(self.sizes.values())
        sums, figures = np.zeros(shape, np.int64), np.zeros(shape, np.int32)
        if self.given is not None:
            if self.given.sums is None:
                return None
            past = len(self.given.sums)
            sums[:past], figures[:past] = self.given.sums, self.given.figures
        whole = 0.0
        for batch in batches:
            if not batch.num_rows:
                continue
            assert batch.schema.types[0] == pa.int64(), "other cells read as something else"
            assert batch.schema.types[1].scale == VALUE.scale, "other values too"
            cells = _words(batch["cell"])
            # A number below nothing would count from the end.
            if batch["cell"].null_count or cells.min() < 0 or cells.max() >= sums.size:
                raise IntegrityError(
                    "the lake has a code or a year that is not among its own: please report this"
                )
            values = _thousandths(batch["value"])
            if values is None:
                return None
            # No cell is larger than all of them together.
            whole += float(values.sum(dtype=np.float64))
            if whole >= _ALL:
                return None
            np.add.at(sums.reshape(-1), cells, values)
            np.add.at(figures.reshape(-1), cells, np.int32(1))
        self._hand_over(sums, figures)
        return pa.RecordBatchReader.from_batches(self.schema, self._told(sums, figures))

    def _hand_over(self, sums: Any, figures: Any) -> None:
        if self.given is not None:
            self.given.sums = self.given.figures = None
        if self.left is not None:
            last = slice(-(self.back // self.months.step), None)
            self.left.sums, self.left.figures = sums[last].copy(), figures[last].copy()

    def _told(self, sums: Any, figures: Any) -> Iterator[pa.RecordBatch]:
        """The cells that have rows, month by month."""
        back = self.back // self.months.step
        for place, month in enumerate(self.months):
            if month < self.told:
                continue
            past = place - back if back and place >= back else None
            filled = np.flatnonzero(figures[place]).astype(np.uint32)
            for start in range(0, len(filled), _AT_ONCE):
                cells = filled[start : start + _AT_ONCE]
                columns = self._keys(month, cells)
                columns["value"] = _decimals(sums[place].take(cells))
                columns["figures"] = _array(pa.int32(), figures[place].take(cells))
                columns["before"] = (
                    pa.nulls(len(cells), VALUE)
                    if past is None
                    else _decimals(sums[past].take(cells), figures[past].take(cells) > 0)
                )
                yield pa.RecordBatch.from_arrays(
                    [columns[name] for name in self.schema.names], schema=self.schema
                )

    def _keys(self, month: int, cells: Any) -> dict[str, pa.Array]:
        """The month, and the numbers of the other keys, of cells of a month."""
        out = {"month": _array(pa.int32(), np.full(len(cells), month, np.int32))}
        for key, size in reversed(list(self.sizes.items())):
            rest = cells // np.uint32(size)
            kind = _narrow(size)
            out[key] = _array(kind, (cells - rest * np.uint32(size)).astype(f"i{kind.byte_width}"))
            cells = rest
        return out


def _narrow(size: int) -> pa.DataType:
    """Where numbers below a size fit: what is narrow stays in memory longer."""
    return pa.int16() if size <= 2**15 else pa.int32()


# Arrow's own ways to and from NumPy load pandas, which takes longer than many a question does.


def _words(values: pa.Array, each: int = 1) -> Any:
    """The words of 64 bits, so many a value, that an array without gaps is made of."""
    words = np.frombuffer(values.buffers()[1], np.int64)
    return words[each * values.offset : each * (values.offset + len(values))]


def _thousandths(values: pa.Decimal128Array) -> Any:
    """Decimals with three places as whole numbers of 64 bits; None where one does not fit, is
    missing, or below nothing.
    """
    if values.null_count:
        return None
    # Decimals of Arrow are two words each, the lower first.
    low, high = _words(values, 2).reshape(-1, 2).T
    low = np.ascontiguousarray(low)
    return None if high.any() or (len(low) and low.min() < 0) else low


def _decimals(thousandths: Any, valid: Any = None) -> pa.Array:
    """Thousandths as decimals, null where they are not valid; see :func:`_thousandths`."""
    words = np.zeros((len(thousandths), 2), np.int64)
    words[:, 0] = thousandths
    return _array(VALUE, words, valid)


def _array(kind: pa.DataType, words: Any, valid: Any = None) -> pa.Array:
    """Words as an array of Arrow, null where they are not valid."""
    bits = None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(kind, len(words), [bits, pa.py_buffer(words)])
