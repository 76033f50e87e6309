"""CSV that a spreadsheet opens as figures and words, never as formulas.

Names in our files come from others. A cell that begins with ``=`` is run by the spreadsheet that
opens it, and can send what stands beside it away.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from typing import TextIO

#: What begins a formula; in full width too, which a Japanese spreadsheet takes for the same.
_BEGINNINGS = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?(\d[\d,]*(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?", re.ASCII)


def safe_cell(text: str) -> str:
    """The text as a cell that is shown and never run.

    Parameters
    ----------
    text
        What the cell says.

    Returns
    -------
    str
        The text, with an apostrophe before it where it would begin a formula. Numbers, and a dash
        that stands for "none", are left as they are.
    """
    harmless = len(text) < 2 or not text.startswith(_BEGINNINGS) or _NUMBER.fullmatch(text)
    return text if harmless else f"'{text}"


def write_csv(rows: Iterable[Mapping[str, object]], out: TextIO) -> None:
    """Write rows as CSV with a header, every text in it safe.

    Parameters
    ----------
    rows
        With the same columns each; nothing is written where there is none. Lists are joined by
        blanks.
    out
        Where to.

    Raises
    ------
    ValueError
        Where a row has other columns than the first.
    """
    writer, columns = csv.writer(out, lineterminator="\n"), None
    for row in rows:
        if columns is None:
            columns = list(row)
            writer.writerow([safe_cell(name) for name in columns])
        if list(row) != columns:
            raise ValueError(f"a row has the columns {list(row)}, the first one {columns}")
        writer.writerow([_cell(value) for value in row.values()])


def _cell(value: object) -> object:
    if isinstance(value, list | tuple):
        value = " ".join(str(v) for v in value)
    return safe_cell(value) if isinstance(value, str) else value
