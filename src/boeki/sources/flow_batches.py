"""Batches of flow rows from columns: what differs from row to row, and what is the same in all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from boeki.errors import NotAsExpected
from boeki.sources.base import FLOW_ROWS, Fault


class FlowBatches:
    """Makes batches of rows that share some columns.

    Parameters
    ----------
    shared
        Column to the value that all rows have in it; columns that nobody gives are null.
    """

    def __init__(self, shared: Mapping[str, object]) -> None:
        self._shared = dict(shared)
        self._made: dict[str, pa.Array] = {}

    def batch(self, columns: Mapping[str, pa.Array]) -> pa.RecordBatch:
        """Rows with the columns given, in the order of :data:`FLOW_ROWS`."""
        length = len(next(iter(columns.values())))
        arrays = [
            columns[f.name] if f.name in columns else self._same(f, length) for f in FLOW_ROWS
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=FLOW_ROWS)

    def _same(self, field: pa.Field, length: int) -> pa.Array:
        """One value as often as there are rows: made once, and cut to length without a copy."""
        made = self._made.get(field.name)
        if made is None or len(made) < length:
            value = self._shared.get(field.name)
            made = pa.repeat(pa.scalar(value, field.type), length)
            self._made[field.name] = made
        return made.slice(0, length)


class Left:
    """Lines that were left out, counted by what was wrong with them.

    A file of millions of lines may have thousands with the same fault: they become one fault with
    their number. It is complete when the rows have been read.

    Parameters
    ----------
    where
        The file, as a fault names it.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._counts: dict[tuple[str, str], int] = {}

    def out(self, said: str, reason: str, count: int = 1) -> None:
        """Note that something was left out.

        Parameters
        ----------
        said
            What the lines have in common.
        reason
            Why; ``{}`` in it stands for the number of lines.
        count
            How many they were.
        """
        self._counts[said, reason] = self._counts.get((said, reason), 0) + count

    def unknown(self, codes: pa.Array, known: pa.Array, reason: str) -> None:
        """Note the lines whose code is not known, by code."""
        lacking = codes.filter(pc.invert(known))
        if pa.types.is_dictionary(lacking.type):
            lacking = lacking.dictionary_decode()
        for entry in lacking.value_counts().to_pylist():
            self.out(str(entry["values"]), reason, entry["counts"])

    def __iter__(self) -> Iterator[Fault]:
        for (said, reason), count in self._counts.items():
            lines = "1 line" if count == 1 else f"{count:,} lines"
            yield Fault(self._where, said, reason.format(lines))


def reader(batches: Iterable[pa.RecordBatch]) -> pa.RecordBatchReader:
    """Batches of flow rows as a reader, which makes each when it is asked for."""
    return pa.RecordBatchReader.from_batches(FLOW_ROWS, batches)


def told(name: str, batches: Callable[[], Iterable[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
    """Batches of a file, whatever Arrow says of its lines as an error of boeki's.

    Raises
    ------
    NotAsExpected
        Where a line has more or fewer columns than the header, or a cell is no number.
    """
    try:
        yield from batches()
    except pa.ArrowInvalid as error:
        raise NotAsExpected(
            f"{name} is not in the layout that boeki knows, or only half of it came ({error}): "
            "fetch it again, and report it if that does not help"
        ) from None


def check_end(path: Path, name: str) -> None:
    """See that a file ends with a line; one that was cut off almost never does.

    Raises
    ------
    NotAsExpected
        Where it ends in the middle of one, or is empty.
    """
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 1, 0))
        if file.read(1) != b"\n":
            raise NotAsExpected(
                f"{name} ends in the middle of a line: the file is not whole; copy it again"
            )
