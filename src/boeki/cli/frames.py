"""Tables that a user hands over as CSV."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from boeki.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def read_frame(path: Path, needed: Collection[str]) -> pd.DataFrame:
    """Read a CSV file as text, so that no digit is lost; empty cells are None.

    Raises
    ------
    InputError
        Where it cannot be read, is empty, or lacks a column.
    """
    import pandas as pd

    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{path} is no CSV file in UTF-8: {error}") from None
    frame.columns = [str(c).strip().lower() for c in frame.columns]
    lacking = [c for c in needed if c not in frame.columns]
    if lacking:
        have = ", ".join(frame.columns)
        raise InputError(f"{path} lacks the columns {', '.join(lacking)}; it has {have}")
    if frame.empty:
        raise InputError(f"{path} has no rows")
    stripped = frame.apply(lambda column: column.str.strip())
    return stripped.astype(object).where(stripped != "", None)
