"""How commands print tables: for people, as JSON, as CSV."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

#: Cells that are never broken in two, such as days.
_SHORT = 21
F = TypeVar("F", bound=Callable[..., Any])


def forms(command: F) -> F:
    """The options ``--json`` and ``--csv`` of a command that prints a table."""
    with_csv = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")(command)
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(with_csv)


def print_csv(rows: Iterable[Mapping[str, object]]) -> None:
    """Print rows as CSV, every text in it safe for a spreadsheet."""
    from boeki.terms.csv_safety import write_csv

    write_csv(rows, sys.stdout)


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], right: Iterable[str] = ()
) -> None:
    """Print rows for people.

    Parameters
    ----------
    columns
        Their heads.
    rows
        The cells of each.
    right
        The heads of columns whose cells stand at the right, as numbers do.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.show_header = any(columns)
    numbers, cells = set(right), [[_cell(cell) for cell in row] for row in rows]
    for place, column in enumerate(columns):
        short = max((len(row[place]) for row in cells), default=0) <= _SHORT
        if column in numbers:
            table.add_column(column, justify="right", no_wrap=True)
        else:
            table.add_column(column, overflow="fold", no_wrap=short)
    for row in cells:
        table.add_row(*map(Text, row))
    Console().print(table)


def print_line(text: str, style: str = "") -> None:
    """Print a line that may be long; nothing in it is read as a style."""
    from rich.console import Console
    from rich.text import Text

    Console().print(Text(text, style=style))


def counted(count: int, what: str) -> str:
    """``1 file``, ``5,000 files``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def size(count: int) -> str:
    """A number of bytes in words: ``4.2 MB``."""
    amount, unit = float(count), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if amount < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{count} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)
