"""Answers in the terminal: a table, a small chart, and what stands behind it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from boeki.report.tables import chart_lines
from boeki.terms.wording import number

if TYPE_CHECKING:
    from boeki.answer import Answer, Column

_SCALES = ((Decimal(10) ** 6, "mn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 12, "tn"))
#: Above this many of a unit, the next larger one reads better.
_MANY = 20_000
#: Digits beyond the last place shown below which a float is taken for zero.
_ROUNDING = 6
#: Rows that a terminal is shown unless all are asked for.
MOST_ROWS = 40
#: Bars that fit on a screen.
_MOST_BARS = 60
#: Letters that a column of words keeps where the terminal is narrow.
_LEAST_NAME = 8
#: Words of so many letters are never folded: periods, codes, how final a figure is.
_SHORT = 14
#: Blanks between columns.
_GAP = 2
_PLACES = {"%": 1, "pp": 2}


def print_answer(
    answer: Answer,
    console: Console | None = None,
    *,
    most: int = MOST_ROWS,
    method: bool = True,
) -> None:
    """Print an answer for people.

    Parameters
    ----------
    answer
        What to print.
    console
        Where; None for the standard output.
    most
        Rows of the table that are printed; a line says how many more there are.
    method
        Whether method and sources stand below.
    """
    console = console or Console()
    console.print(Text(answer.title, style="bold"), soft_wrap=True)
    for at, table in enumerate(_tables(answer, most, console.width)):
        if at:
            console.print()
        console.print(table)
    for line in _chart(answer, min(console.width, 100)):
        console.print(Text(line), soft_wrap=True)
    _print_foot(answer, console, most, method)


def _tables(answer: Answer, most: int, room: int) -> list[Table]:
    """The table; one that is too wide for a terminal in parts, each with the first column."""
    heads, writers = _heads(answer)
    rows = [
        [write(row[name]) for name, write in writers.items()]
        for row in answer.table.slice(0, most).to_pylist()
    ]
    out = []
    for part in _parts(heads, rows, room):
        own = [[row[i] for i in part] for row in rows]
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
        of_part = [heads[i] for i in part]
        for head, width in zip(of_part, _widths(of_part, own, room), strict=True):
            table.add_column(
                head.words,
                justify="right" if head.numeric else "left",
                overflow="fold",
                width=width,
            )
        for row in own:
            table.add_row(*row)
        out.append(table)
    return out


def _parts(heads: list[Head], rows: list[list[Text]], room: int) -> list[list[int]]:
    """Which columns stand side by side: all of them, or as many at a time as fit."""
    least = [min(w, _LEAST_NAME) if n else w for w, n in _least(heads, rows)]
    if sum(least) + _GAP * (len(least) - 1) <= room:
        return [list(range(len(heads)))]
    # The first column of words says what a row is.
    key = [i for i, h in enumerate(heads) if not h.numeric][:1]
    out: list[list[int]] = [[]]
    left = room + _GAP
    for i, width in enumerate(least):
        if left < width + _GAP and len(out[-1]) > len(key):
            out.append([*key] if key and key[0] < i else [])
            left = room + _GAP - sum(least[k] + _GAP for k in out[-1])
        out[-1].append(i)
        left -= width + _GAP
    return out


def _least(heads: list[Head], rows: list[list[Text]]) -> list[tuple[int, bool]]:
    """How narrow each column can be, and whether it is one of long names, which can be folded: a
    head is folded between words, a number, a period or another short word never.
    """
    out = []
    for i, h in enumerate(heads):
        own = max([row[i].cell_len for row in rows], default=0)
        head = max([len(w) for w in h.words.split()], default=0)
        name = not h.numeric and own > _SHORT
        out.append((max(head, own), name))
    return out


def _widths(heads: list[Head], rows: list[list[Text]], room: int) -> list[int | None]:
    """Widths of columns where a table is wider than the terminal, so that heads are folded before
    names are; None where it fits, or cannot be made to.
    """
    cells = [[row[i].cell_len for row in rows] for i in range(len(heads))]
    wide = [max([len(h.words), *own]) for h, own in zip(heads, cells, strict=True)]
    gaps = _GAP * (len(heads) - 1)
    if sum(wide) + gaps <= room:
        return [None] * len(heads)
    least = [w for w, _name in _least(heads, rows)]
    names = [i for i, (_w, name) in enumerate(_least(heads, rows)) if name]
    left = room - gaps - sum(w for i, w in enumerate(least) if i not in names)
    if not names:
        return [*least] if left >= 0 else [None] * len(heads)
    if left < sum(min(_LEAST_NAME, wide[i]) for i in names):
        return [None] * len(heads)
    wanted = sum(wide[i] for i in names)
    shares = {i: min(wide[i], max(_LEAST_NAME, left * wide[i] // wanted)) for i in names}
    return [shares.get(i, w) for i, w in enumerate(least)]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: words with its unit, and whether numbers stand below."""

    words: str
    numeric: bool


def written(answer: Answer) -> tuple[list[Head], list[list[str]]]:
    """Heads and cells of the columns that people are shown, as they are shown."""
    heads, writers = _heads(answer)
    rows = answer.records()
    return heads, [[write(row[name]).plain for name, write in writers.items()] for row in rows]


def _heads(answer: Answer) -> tuple[list[Head], dict[str, Callable[[Any], Text]]]:
    """Heads of columns, and how a cell of each is written."""
    heads: list[Head] = []
    writers: dict[str, Callable[[Any], Text]] = {}
    for column in (c for c in answer.columns if c.shown):
        values = answer.table.column(column.name).to_pylist()
        scale, word = money_scale(column, values)
        unit = " ".join(filter(None, (word, column.unit)))
        head = column.name.replace("_", " ")
        numeric = any(_is_number(v) for v in values)
        heads.append(Head(f"{head}, {unit}" if unit else head, numeric))
        writers[column.name] = _writer(column, values, scale)
    return heads, writers


def money_scale(column: Column, values: list[Any]) -> tuple[Decimal, str]:
    """What to divide an amount of money by so that people can read it, and its word."""
    known = [abs(v) for v in values if _is_number(v) and math.isfinite(v)]
    if not column.money or not known:
        return Decimal(1), ""
    largest = Decimal(str(max(known)))
    if largest < _MANY:
        return Decimal(1), ""
    return next(((s, w) for s, w in _SCALES if largest / s < _MANY), _SCALES[-1])


def _writer(column: Column, values: list[Any], scale: Decimal) -> Any:
    """How a cell of a column is written."""
    places = column.places
    if places is None:
        places = 1 if scale > 1 else _PLACES.get(column.unit, _fitting(values))
    # What only rounding in floating point leaves is zero, and has no sign.
    nothing = float(scale) * 10.0 ** -(places + _ROUNDING)
    below = any(_is_number(v) and v < (-nothing if isinstance(v, float) else 0) for v in values)
    signed = column.unit in ("%", "pp") and below

    def write(value: Any) -> Text:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return Text("·", style="dim")
        if isinstance(value, float) and abs(value) < nothing:
            return Text(number(0.0, places))
        if _is_number(value):
            scaled = Decimal(str(value)) / scale if math.isfinite(value) else value
            return Text(number(scaled, places, signed=signed))
        if isinstance(value, list):
            return Text(", ".join(map(str, value)))
        return Text("yes" if value is True else "no" if value is False else str(value))

    return write


def _fitting(values: list[Any]) -> int:
    """Decimals for pure numbers: none for counts, more the smaller they are."""
    known = [v for v in values if _is_number(v) and math.isfinite(v)]
    if all(v == int(v) for v in known):
        return 0
    largest = max(map(abs, known))
    return 4 if largest < 10 else 2 if largest < 1000 else 1


def _chart(answer: Answer, width: int) -> list[str]:
    """Lines over periods and rankings as bars of text; other pictures need ``--plot``."""
    chart = answer.chart
    if not chart or chart.color or chart.kind not in ("line", "bars", "ranking", "waterfall"):
        return []
    column = answer.column(chart.y[0])
    values = answer.table.column(column.name).to_pylist()
    labels = [str(v) for v in answer.table.column(chart.x).to_pylist()]
    ranked = chart.kind in ("ranking", "waterfall")
    drawn = slice(0, chart.most) if ranked else slice(-_MOST_BARS, None)
    if len(values) < 2 or all(v is None for v in values[drawn]):
        return []
    scale, _word = money_scale(column, values)
    scaled = [None if v is None else float(Decimal(str(v)) / scale) for v in values[drawn]]
    short = [label if len(label) <= 32 else label[:31] + "…" for label in labels[drawn]]
    digits = 1 if scale > 1 or column.unit in ("%", "pp") else _fitting(scaled)
    return ["", *chart_lines(short, scaled, width, digits=digits)]


def _print_foot(answer: Answer, console: Console, most: int, method: bool) -> None:
    console.print()
    if (more := answer.table.num_rows - most) > 0:
        console.print(Text(f"{more:,} more rows in --csv or --json.", style="dim"))
    for note in answer.notes:
        console.print(Text(note, style="yellow"))
    if not method:
        return
    how = answer.method
    console.print(Text(f"{how.name}: {how.formula}. {how.reference}.", style="dim"))
    if answer.sources:
        shown = ", ".join(answer.sources[:4])
        rest = f" and {len(answer.sources) - 4} more" if len(answer.sources) > 4 else ""
        day = f" Newest figure published {answer.published}." if answer.published else ""
        console.print(Text(f"Source: {shown}{rest}.{day}", style="dim"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
