"""Tables as labelled rows and columns, whatever file they come from."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from boeki.world.table import Array

#: Between area and sector in a label, the likelier first.
SEPARATORS = ("_", ".", "|", ":", " ")


@dataclass(frozen=True)
class Labelled:
    """A matrix with a label for each row and column, and the texts that stand beside the rows."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Array
    corner: str = ""
    name: str = ""

    def row(self, *labels: str) -> Array | None:
        """The first row that has one of some labels."""
        for label in labels:
            if label in self.rows:
                return np.asarray(self.cells[self.rows.index(label)])
        return None

    def column(self, *labels: str) -> Array | None:
        """The first column that has one of some labels."""
        for label in labels:
            if label in self.columns:
                return self.cells[:, self.columns.index(label)]
        return None


def read_labelled(path: Path, year: int | None = None) -> Labelled:
    """Read a CSV, Parquet or zipped CSV file whose first column labels the rows.

    Parameters
    ----------
    path
        The file.
    year
        Of a zip with a file for each year: which.

    Raises
    ------
    InputError
        For files that are not there, of other kinds, or with cells that are no numbers.
    """
    try:
        frame, name = _frame(path, year)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(f"cannot read {path}: {error}") from None
    labels = [str(v).strip() for v in frame.column(0).to_pylist()]
    names = [str(c).strip().strip('"') for c in frame.column_names]
    _check_once(labels, names[1:], name)
    cells = np.empty((len(labels), len(names) - 1))
    for at, column in enumerate(names[1:]):
        cells[:, at] = _numbers(frame.column(at + 1), column, path)
    return Labelled(tuple(labels), tuple(names[1:]), cells, names[0], name)


def from_frame(frame: pd.DataFrame, name: str) -> Labelled:
    """A data frame whose index and columns are labels, or pairs of area and sector.

    Raises
    ------
    InputError
        For labels that come twice, and cells that are no numbers.
    """
    rows, columns = ([_joined(v) for v in axis] for axis in (frame.index, frame.columns))
    _check_once(rows, columns, name)
    try:
        cells = frame.to_numpy(dtype=float)
    except (ValueError, TypeError):
        raise InputError(f"{name} has cells that are no numbers") from None
    return Labelled(tuple(rows), tuple(columns), cells, str(frame.index.name or ""), name)


def _joined(label: object) -> str:
    if isinstance(label, tuple):
        return "|".join(str(part).strip() for part in label if str(part).strip())
    return str(label).strip()


def _check_once(rows: Sequence[str], columns: Sequence[str], name: str) -> None:
    for labels in (rows, columns):
        if len(set(labels)) < len(labels):
            again = next(v for at, v in enumerate(labels) if v in labels[:at])
            raise InputError(f"{name} has the label {again!r} twice: give each row and column one")


def _frame(path: Path, year: int | None) -> tuple[Any, str]:
    from pyarrow import csv, parquet

    if path.suffix.lower() == ".parquet":
        return parquet.read_table(path), path.name
    # Wide files have a hundred kilobytes in a line; a block must hold the first two.
    wide = csv.ReadOptions(block_size=64 * 2**20)
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            member = _member(archive.namelist(), year, path)
            return csv.read_csv(io.BytesIO(archive.read(member)), wide), Path(member).name
    return csv.read_csv(path, wide), path.name


def _member(names: Sequence[str], year: int | None, path: Path) -> str:
    tables = [n for n in names if n.lower().endswith(".csv")]
    if year is not None:
        tables = [n for n in tables if str(year) in Path(n).name]
    if len(tables) == 1:
        return tables[0]
    held = ", ".join(sorted(Path(n).name for n in names)) or "nothing"
    raise InputError(f"{path} has {len(tables)} tables that fit: name a year. It holds {held}")


def _numbers(column: Any, name: str, path: Path) -> Array:
    try:
        return np.asarray(column.cast("float64").to_numpy(), dtype=float)
    except (ValueError, TypeError, NotImplementedError):
        raise InputError(
            f"{path}: column {name!r} has cells that are no numbers: give figures with a decimal "
            "point and no thousands separators"
        ) from None


def year_in(name: str) -> int | None:
    """The year that a file's name has, if any: the last of them."""
    found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", name)
    return int(found[-1]) if found else None


def separator(labels: Sequence[str]) -> str:
    """What stands between area and sector in all labels.

    Raises
    ------
    InputError
        Where nothing does.
    """
    fit = [s for s in SEPARATORS if labels and all(s in label[1:-1] for label in labels)]
    if not fit:
        raise InputError(
            f"row labels such as {', '.join(labels[:3])!r} do not name area and sector: write them "
            "as JPN_C26"
        )

    def gaps(mark: str) -> int:
        pairs = [label.split(mark, 1) for label in labels]
        return len({a for a, _ in pairs}) * len({s for _, s in pairs}) - len(labels)

    return min(fit, key=gaps)
