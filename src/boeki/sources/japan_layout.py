"""The layout of the time series of Japan's customs: CSV files in Shift_JIS, a line for a month.

    d41ma                 world: exports, imports
    d42maNNN              a region, then its countries: exports, imports of each
    d51ma, d61ma          exports, imports by principal commodity, world
    d52maNNN, d62maNNN    the same for a country

Every line of the header is checked, so that a column that has moved is an error.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from boeki.errors import NotAsExpected
from boeki.terms import products
from boeki.terms.periods import Period

NAME = re.compile(r"d41ma|d42ma(?P<region>\d{3})|d(?P<flow>[56])(?:1ma|2ma(?P<country>\d{3}))")
#: The parts of the world total, as the office adds them up.
SECTIONS = ("0+1", "2+4", "3", "5", "6", "701", "703", "705", "8+9")

_FLOWS = {"5": "export", "6": "import"}
_JAPANESE = {"export": "輸出", "import": "輸入"}
_ENGLISH = {"export": "Export", "import": "Import"}
_MONTH = re.compile(r"(\d{4})/(0[1-9]|1[0-2])")
_CODE = re.compile(r"'(\d+)'(?:\+'(\d+)')?")
_UNIT = re.compile(r"\(単位(?::([A-Z]+))?\)")
_PAIR = re.compile(r"(Exp|Imp)-(Total|\d{3})")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column of values holds.

    Attributes
    ----------
    flow
        ``export`` or ``import``.
    partner
        The office's code of a country; empty for the whole that the file is about.
    product
        A code of the principal commodities, or ``TOTAL``.
    value
        Where the value stands, counted from 0.
    quantity
        Where the quantity stands; None where there is no such column.
    unit
        Of the quantity, as the office writes it; empty where the header names none.
    """

    flow: str
    partner: str
    product: str
    value: int
    quantity: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file, read.

    Attributes
    ----------
    columns
        What its columns of values hold.
    months
        The months that are out, each with its line.
    """

    columns: tuple[Column, ...]
    months: tuple[tuple[Period, Sequence[str]], ...]


def read(path: Path, name: str) -> Sheet:
    """Read a file of the time series.

    Parameters
    ----------
    path
        The file.
    name
        Which it is: ``d41ma``, ``d52ma105``.

    Raises
    ------
    NotAsExpected
        Where it is not in the layout that is known; the message says which line or column.
    """
    lines = _lines(path, name)
    matched = NAME.fullmatch(name)
    if matched is None:
        raise NotAsExpected(f"{name} is no time series of Japan's customs")
    digit = matched["flow"]
    if digit:
        world = matched["country"] is None
        columns, body = _commodities(lines, name, _FLOWS[digit], world), lines[7:]
    else:
        world = True
        columns, body = _totals(lines, name, matched["region"] is None), lines[4:]
    width = len(lines[2])
    return Sheet(columns, _published(list(_months(body, name, width)), name, world))


def number(cell: str) -> int | None:
    """A cell as a number, None for a dash: no such trade, or no such figure.

    Raises
    ------
    ValueError
        Where it is neither.
    """
    text = cell.strip()
    if text == "-":
        return None
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{cell!r} is no number")
    return int(text)


def _lines(path: Path, name: str) -> list[list[str]]:
    try:
        text = path.read_bytes().decode("cp932")
    except UnicodeDecodeError as error:
        raise NotAsExpected(
            f"{name} is not in Shift_JIS, in which the office publishes it ({error}): "
            "if it was saved again in another encoding, fetch it anew"
        ) from None
    if not text.endswith("\n"):
        raise NotAsExpected(f"{name} breaks off within a line: it is not whole; fetch it again")
    lines = list(csv.reader(text.rstrip().splitlines()))
    if len(lines) < 7 or not all(lines):
        raise NotAsExpected(
            f"{name} has {len(lines)} lines, or blank ones: it is not whole; fetch it again"
        )
    return lines


def _totals(lines: list[list[str]], name: str, world: bool) -> tuple[Column, ...]:
    """The columns of d41 and d42: exports and imports of a whole, then of its countries."""
    area, english = ("世界", "WORLD") if world else (".+", ".+")
    _expect(name, 1, lines[0], rf"《{area}》【月別】\(単位:千円\)")
    _expect(name, 2, lines[1], rf"{english}MonthlyData\(athousandyen\)")
    _expect(name, 4, lines[3], "")
    header = [c.strip() for c in lines[2]]
    if header[0] != "Years/Months" or (world and header[1:] != ["Exp-Total", "Imp-Total"]):
        raise _other(name, 3, ",".join(header), "Years/Months,Exp-Total,Imp-Total")
    return tuple(_pairs(header, name))


def _pairs(header: Sequence[str], name: str) -> Iterator[Column]:
    seen: set[str] = set()
    for at, cell in enumerate(header[1:], 1):
        flow = "export" if at % 2 else "import"
        found = _PAIR.fullmatch(cell)
        if not found or not flow.startswith(found[1].lower()) or cell in seen:
            raise _other(name, 3, cell, f"a column of {flow}s", at)
        if (found[2] == "Total") != (at < 3) or (at % 2 == 0 and header[at - 1][3:] != cell[3:]):
            raise _other(name, 3, cell, "totals first, then exports and imports by country", at)
        seen.add(cell)
        yield Column(flow, "" if found[2] == "Total" else found[2], products.TOTAL, at)
    if len(seen) % 2 or not seen:
        raise _other(name, 3, ",".join(header), "as many columns of exports as of imports")


def _commodities(lines: list[list[str]], name: str, flow: str, world: bool) -> tuple[Column, ...]:
    """The columns of d51, d52, d61 and d62: the total, then quantity and value by commodity."""
    area, english = ("世界", "WORLD") if world else (".+", ".+")
    _expect(name, 1, lines[0], rf"《{area}》【月別】\({_JAPANESE[flow]}\)")
    _expect(name, 2, lines[1], rf"{english}MonthlyData\({_ENGLISH[flow]}\)")
    for at, label in ((3, "報道発表品目名"), (4, "概況品名"), (5, "概況品コード"), (6, "")):
        if _plain(lines[at - 1][0]) != label:
            raise _other(name, at, lines[at - 1][0], label or "an empty cell", 0)
    _whole(lines, name)
    codes, kinds, units = ([_plain(c) for c in lines[at]] for at in (4, 5, 6))
    if re.sub("[~〜]", "-", codes[1]) != "'0'-'9'" or kinds[1] != "金額":
        raise _other(name, 5, codes[1], "'0'～'9', the total", 1)
    if units[:2] != ["Years/Months", "(千円)"]:
        raise _other(name, 7, ",".join(units[:2]), "Years/Months,(千円)")
    columns = [Column(flow, "", products.TOTAL, 1)]
    for at in range(2, len(codes), 2):
        columns.append(_commodity(name, flow, at, codes, kinds, units))
    _check_codes(columns, name, world)
    return tuple(columns)


def _whole(lines: list[list[str]], name: str) -> None:
    """See that all lines of the header are as wide, with columns in pairs after the total."""
    width = len(lines[6])
    for at in (3, 4, 5, 6):
        if len(lines[at - 1]) != width:
            raise NotAsExpected(
                f"{name}: line {at} has {len(lines[at - 1])} columns where line 7 has {width}"
            )
    if width % 2 or width < 4:
        raise NotAsExpected(f"{name} has {width} columns, so one of a quantity or value is missing")


def _commodity(
    name: str, flow: str, at: int, codes: list[str], kinds: list[str], units: list[str]
) -> Column:
    """A pair of columns, quantity and value. The code stands above the quantity."""
    found, unit = _CODE.fullmatch(codes[at]), _UNIT.fullmatch(units[at])
    if not found or codes[at + 1]:
        raise _other(name, 5, codes[at], "the code of a commodity", at)
    if (kinds[at], kinds[at + 1]) != ("数量", "金額"):
        raise _other(name, 6, f"{kinds[at]},{kinds[at + 1]}", "数量,金額", at)
    if not unit or units[at + 1] != "(千円)":
        raise _other(name, 7, f"{units[at]},{units[at + 1]}", "(単位：…),(千円)", at)
    code = "+".join(part for part in found.groups() if part)
    if products.by_code(code, flow) is None:
        raise NotAsExpected(
            f"{name}: column {at + 1} has the code {code!r}, which boeki does not know among "
            f"{flow}s: the office has changed its commodities; a newer boeki may know them"
        )
    return Column(flow, "", code, at + 1, at, unit[1] or "")


def _check_codes(columns: Sequence[Column], name: str, world: bool) -> None:
    codes = [c.product for c in columns]
    if twice := sorted({c for c in codes if codes.count(c) > 1}):
        raise NotAsExpected(f"{name} has the code {', '.join(twice)} twice")
    if world and (missing := [c for c in SECTIONS if c not in codes]):
        raise NotAsExpected(f"{name} lacks the code {', '.join(missing)}, a part of the total")


def _months(
    body: Sequence[Sequence[str]], name: str, width: int
) -> Iterator[tuple[Period, Sequence[str]]]:
    """The lines of months, one after another without a gap, to the end of a year."""
    month: Period | None = None
    for cells in body:
        if len(cells) != width:
            raise NotAsExpected(
                f"{name}: the line of {cells[0] if cells else 'nothing'} has {len(cells)} columns, "
                f"its header {width}: it is not whole or has changed"
            )
        found = _MONTH.fullmatch(cells[0].strip())
        if not found:
            raise NotAsExpected(f"{name}: a line begins with {cells[0]!r}, not with a month")
        this = Period.month(int(found[1]), int(found[2]))
        if month is not None and this != month.shift(1):
            raise NotAsExpected(f"{name}: {this} comes after {month}: lines are missing")
        month = this
        yield this, cells
    if month is None or month.first % 12 != 11:
        raise NotAsExpected(
            f"{name} ends with {month or 'its header'} where its files go on to the December of a "
            "year: it is not whole; fetch it again"
        )


def _published(
    months: list[tuple[Period, Sequence[str]]], name: str, world: bool
) -> tuple[tuple[Period, Sequence[str]], ...]:
    """Months up to the last that has a figure. Those to come are filled with zeros or dashes."""
    filled = [any(c.strip() not in ("0", "-", "") for c in cells[1:]) for _, cells in months]
    if not any(filled):
        raise NotAsExpected(f"{name} has no figure in any month")
    out = len(filled) - filled[::-1].index(True)
    # A small country may trade nothing for a month. The world and its regions never do.
    if world and not all(filled[:out]):
        empty = months[filled.index(False)][0]
        raise NotAsExpected(f"{name}: {empty} is empty though later months are not")
    return tuple(months[:out])


def _expect(name: str, at: int, cells: Sequence[str], pattern: str) -> None:
    if not re.fullmatch(pattern, _plain(cells[0])) or any(c.strip() for c in cells[1:]):
        raise _other(name, at, ",".join(cells).rstrip(","), pattern or "an empty line")


def _other(name: str, line: int, given: str, wanted: str, at: int | None = None) -> NotAsExpected:
    place = f"line {line}" if at is None else f"line {line}, column {at + 1}"
    return NotAsExpected(
        f"{name}: {place} of the header is {given[:120]!r}, expected {wanted}: the layout has "
        "changed, so nothing of it is used"
    )


def _plain(cell: str) -> str:
    """A cell of the header without blanks, wide letters and signs as narrow ones."""
    return "".join(unicodedata.normalize("NFKC", cell).split())
