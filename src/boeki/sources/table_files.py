"""The lines of a user's own file, whatever its format."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boeki.errors import MissingExtra, NotAsExpected
from boeki.sources import table_mapping
from boeki.sources.archives import members

_MOST_UNPACKED = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: where it stands, and its cells by header."""

    where: str
    cells: Mapping[str, Any]


def read(path: Path, media: str, how: table_mapping.Mapping) -> Iterator[Line]:
    """The lines of a file; of a wide one, a line a period.

    Raises
    ------
    NotAsExpected
        Where the file lacks a column that the mapping names, or is not what its name says.
    MissingExtra
        Where Excel files need a package that is not installed.
    """
    lines = {"csv": _csv, "parquet": _parquet, "xlsx": _excel}[media](path, how)
    header = next(lines, None)
    if header is None:
        raise NotAsExpected(f"the table has no line {how.header} with the names of its columns")
    names = [str(n if n is not None else "").strip() for n in header]
    _check(names, how)
    for number, cells in enumerate(lines, how.header + 1):
        if all(c is None or c == "" for c in cells):
            continue
        if len(cells) > len(names):
            raise NotAsExpected(
                f"line {number} has {len(cells)} cells under {len(names)} names: is the delimiter "
                f"{how.delimiter!r}?"
            )
        line = dict(zip(names, [*cells, *[None] * (len(names) - len(cells))], strict=True))
        yield from _long(f"line {number}", line, how)


def _check(names: list[str], how: table_mapping.Mapping) -> None:
    own = {"period", "value"} if how.wide else set()
    if lacking := sorted(how.wanted - own - set(names)):
        raise NotAsExpected(
            f"the table has no column {', '.join(map(repr, lacking))}; it has "
            f"{', '.join(map(repr, names))}"
        )
    if twice := sorted({n for n in how.wanted if names.count(n) > 1}):
        raise NotAsExpected(f"the table has more than one column {', '.join(map(repr, twice))}")
    if how.wide and not any(re.fullmatch(how.wide.pattern, n) for n in names):
        raise NotAsExpected(
            f"no header is a period as [wide] writes it, {how.wide.pattern!r}; they are "
            f"{', '.join(map(repr, names))}"
        )


def _long(where: str, line: dict[str, Any], how: table_mapping.Mapping) -> Iterator[Line]:
    if how.wide is None:
        yield Line(where, line)
        return
    rest = {n: c for n, c in line.items() if not re.fullmatch(how.wide.pattern, n)}
    for name, cell in line.items():
        if name in rest:
            continue
        # A period that has no figure yet is no line; an empty text is not a zero.
        if cell is None or (isinstance(cell, str) and cell.strip() in how.missing):
            continue
        yield Line(f"{where}, {name}", {**rest, "period": name, "value": cell})


def _csv(path: Path, how: table_mapping.Mapping) -> Iterator[Sequence[Any]]:
    try:
        with path.open(encoding=how.encoding, newline="") as file:
            for number, cells in enumerate(csv.reader(file, delimiter=how.delimiter), 1):
                if number >= how.header:
                    yield cells
    except (UnicodeDecodeError, LookupError) as error:
        raise NotAsExpected(
            f"the table is not written in {how.encoding}: {error}; name its encoding in the mapping"
        ) from error
    except (csv.Error, TypeError) as error:
        raise NotAsExpected(f"the table cannot be read as CSV: {error}") from error


def _parquet(path: Path, how: table_mapping.Mapping) -> Iterator[Sequence[Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        yield file.schema_arrow.names
        for batch in file.iter_batches():
            columns = [column.to_pylist() for column in batch.columns]
            yield from ([c[i] for c in columns] for i in range(batch.num_rows))
    except pa.ArrowException as error:
        raise NotAsExpected(f"the table cannot be read as Parquet: {error}") from error


def _excel(path: Path, how: table_mapping.Mapping) -> Iterator[Sequence[Any]]:
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("excel", "reading an Excel file") from None
    from zipfile import BadZipFile

    try:
        # Its declared sizes first: a workbook is an archive, and may be a bomb.
        for _member in members(path, most_bytes=_MOST_UNPACKED):
            pass
        # By handle: a kept file has no name that ends as Excel's do.
        with path.open("rb") as handle:
            book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
            if how.sheet and how.sheet not in book.sheetnames:
                raise NotAsExpected(
                    f"the file has no sheet {how.sheet!r}; it has {', '.join(book.sheetnames)}"
                )
            if not how.sheet and len(book.sheetnames) > 1:
                raise NotAsExpected(
                    f"the file has several sheets, {', '.join(book.sheetnames)}: name one in the "
                    f'mapping, sheet = "{book.sheetnames[0]}"'
                )
            sheet = book[how.sheet or book.sheetnames[0]]
            yield from sheet.iter_rows(min_row=how.header, values_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise NotAsExpected(f"the table cannot be read as Excel: {error}") from error
