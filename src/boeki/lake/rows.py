"""SQL for rows on their way into a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from boeki.lake import tables

QUOTE = '"'
#: What makes two rows the same row.
SAME_ROW = ("figure", "source", "published")


def stored_rows(table: str, select: str, *, judged: bool = False) -> str:
    """SQL for rows as they are stored, from rows as a source gives them, without
    :data:`boeki.lake.tables.ALONE`: their place among the rows of a figure.

    Parameters
    ----------
    table
        ``flows`` or ``series``.
    select
        SQL for the columns of the table.
    judged
        The rows have a column ``reason``: what is wrong with them. It is carried along, and nothing
        is computed from a row that has one.
    """
    columns = tables.TABLES[table].columns
    # A trade system that is not known is an empty text, so that it can be part of a key.
    given = ["coalesce(n.system, '') AS system" if c == "system" else f'n."{c}"' for c in columns]
    given.append("split_part(n.source, '/', 1) AS office")
    if table == "series":
        given.append("coalesce(d.publisher, '') AS publisher")
    if judged:
        given.append("n.reason")
    join = "" if table == "flows" else " LEFT JOIN documents d USING (source)"
    guard = "CASE WHEN reason IS NULL THEN {} END" if judged else "{}"
    extra = [f"{guard.format(sql)} AS {name}" for name, sql in tables.added(table).items()]
    return f"SELECT {', '.join(extra)}, * FROM (SELECT {', '.join(given)} FROM ({select}) n{join})"


def read_csv(path: Path, columns: Mapping[str, str]) -> str:
    """SQL that reads a tidy CSV file with the types of a table; a map is JSON text in the file."""
    types = ", ".join(
        f"'{c}': '{'VARCHAR' if s.startswith('MAP') else s}'" for c, s in columns.items()
    )
    names = ", ".join(
        f'CAST(CAST("{c}" AS JSON) AS {s}) AS "{c}"' if s.startswith("MAP") else f'"{c}"'
        for c, s in columns.items()
    )
    quoted = str(path).replace("'", "''")
    how = f"header = true, auto_detect = false, delim = ',', quote = '{QUOTE}', escape = '{QUOTE}'"
    return f"SELECT {names} FROM read_csv('{quoted}', {how}, columns = {{{types}}})"
