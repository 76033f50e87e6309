"""The files of e-Stat: a line for each nine-digit tariff line, or for each and a country.

    Exp or Imp,Year,HS[,Country],Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year,
    Quantity1-Jan,Quantity2-Jan,Value-Jan,…,Value-Dec

Values are in thousand yen. A file holds a year as far as it has come; months to come are 0.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from boeki.errors import NotAsExpected, Oversize, UnknownTerm
from boeki.sources.base import FLOW_ROWS, Document, Fault, Part, Raw
from boeki.sources.japan_office import (
    CALENDAR,
    NONE,
    OFFICE,
    Money,
    Volume,
    flow_row,
    status,
)
from boeki.terms import areas
from boeki.terms.codes import to_area
from boeki.terms.periods import Period

#: The tariff lines of Japan: nine digits, the first six of them those of the Harmonized System.
#: They change with each January, so a code means what it meant in its year.
LINES = "JP-HS9"
THOUSAND = 1000

_FLOWS = {"1": "export", "2": "import"}
_KILOGRAMS = "KG"
_BATCH = 50_000
_PERIODS = ("Year", *calendar.month_abbr[1:])
_FIGURES = [f"{what}-{p}" for p in _PERIODS for what in ("Quantity1", "Quantity2", "Value")]
#: Header without a country, and with one.
_HEADERS = tuple(
    ["Exp or Imp", "Year", "HS", *country, "Unit1", "Unit2", *_FIGURES]
    for country in ([], ["Country"])
)


@dataclass(frozen=True, slots=True)
class Extent:
    """What a file covers: its flow and year, the last month that is out, whether by country."""

    flow: str
    year: int
    last: int
    by_country: bool


def read(raw: Raw, most_bytes: int) -> Part:
    """What a file says, in batches: files by country have a hundred thousand lines.

    A month is out up to the last one in which any line of the file has a figure; within those, a
    zero is a month without trade.

    Raises
    ------
    NotAsExpected
        Where it is not in the known layout, or not whole.
    Oversize
        Where it is longer than ``most_bytes``.
    """
    if raw.path.stat().st_size > most_bytes:
        raise Oversize(f"{raw.request.name} is longer than {most_bytes:,} bytes")
    extent = _extent(raw.path, raw.request.name)
    faults: list[Fault] = []
    batches = _batches(_Reader(extent, raw.day, faults).rows(_lines(raw.path)))
    rows = pa.RecordBatchReader.from_batches(FLOW_ROWS, batches)
    # Whole for what its user chose of the database, which the file does not say.
    return Part(_document(raw, extent), "flows", rows, faults=faults)


def _document(raw: Raw, extent: Extent) -> Document:
    number = raw.request.name.partition("/")[2]
    what = "commodity by country" if extent.by_country else "commodities"
    return Document(
        name=f"e-stat-{number}@{raw.day}",
        title=(
            f"Trade Statistics of Japan, {what} at nine digits, {extent.flow}s "
            f"{extent.year}, January to {calendar.month_name[extent.last]} (e-Stat file {number})"
        ),
        published=raw.day,
        vintage=f"e-Stat {extent.year}-{extent.last:02}",
        note=(
            f"The file does not date itself: {raw.day} is an upper bound. {CALENDAR} Months to "
            "come stand in it as 0: a month counts as out up to the last one in which any line has "
            "a figure. Codes are those of the tariff of the year."
        ),
    )


def _lines(path: Path) -> Iterator[list[str]]:
    """The lines of a file after its header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


def _extent(path: Path, name: str) -> Extent:
    """Check a whole file, and see what it covers."""
    _check_end(path, name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = [c.strip() for c in next(csv.reader(file), [])]
        by_country = _check_header(header, name)
        flows: set[str] = set()
        years: set[str] = set()
        last = 0
        for at, cells in enumerate(_lines(path), 2):
            if len(cells) != len(header):
                raise NotAsExpected(
                    f"{name}: line {at} has {len(cells)} columns, its header {len(header)}: it is "
                    "not whole or has changed"
                )
            flows.add(cells[0].strip())
            years.add(cells[1].strip())
            while last < 12 and any(c.strip("0 ") for c in _later(cells, last)):
                last += 1
    except UnicodeDecodeError as error:
        raise NotAsExpected(f"{name} is no plain text in UTF-8 ({error}): fetch it again") from None
    if len(flows) != 1 or len(years) != 1 or not flows <= set(_FLOWS):
        raise NotAsExpected(
            f"{name} is about flows {sorted(flows)} of years {sorted(years)}, expected one flow (1 "
            "exports, 2 imports) of one year"
        )
    year = years.pop()
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise NotAsExpected(f"{name} is about the year {year!r}")
    if not last:
        raise NotAsExpected(f"{name} has no figure in any month")
    return Extent(_FLOWS[flows.pop()], int(year), last, by_country)


def _later(cells: Sequence[str], last: int) -> Sequence[str]:
    """The figures of a line for the months after ``last``."""
    first = len(cells) - 36 + 3 * last
    return cells[first:]


def _check_end(path: Path, name: str) -> None:
    """A file cut off within its last number would have a smaller one."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 1, 0))
        if file.read() not in (b"\n", b"\r"):
            raise NotAsExpected(f"{name} breaks off within a line: it is not whole; fetch it again")


def _check_header(header: list[str], name: str) -> bool:
    """Whether a file is by country."""
    for by_country, known in enumerate(_HEADERS):
        if header == known:
            return bool(by_country)
    if "Custom" in header:
        raise NotAsExpected(
            f"{name} is by customs office: boeki reads the files of all offices together, "
            "commodities or commodity by country"
        )
    wanted = _HEADERS["Country" in header]
    wrong = next(
        (
            f"column {at} is {a!r}, not {b!r}"
            for at, (a, b) in enumerate(zip(header, wanted, strict=False), 1)
            if a != b
        ),
        f"it has {len(header)} columns, not {len(wanted)}",
    )
    raise NotAsExpected(f"{name}: {wrong}: the layout has changed, so nothing of it is used")


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[pa.RecordBatch]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield pa.RecordBatch.from_pylist(batch, schema=FLOW_ROWS)
            batch = []
    yield pa.RecordBatch.from_pylist(batch, schema=FLOW_ROWS)


class _Reader:
    """The rows of a file, and on the way what could not be read as one."""

    def __init__(self, extent: Extent, day: dt.date, faults: list[Fault]) -> None:
        self._extent, self._faults = extent, faults
        months = [Period.month(extent.year, m) for m in range(1, extent.last + 1)]
        self._months = [(m, self._status(m, months[-1], day)) for m in months]

    def _status(self, month: Period, newest: Period, day: dt.date) -> str:
        found = status(month, newest, day)
        # Exports come to e-Stat when they are detailed, imports a month before they are.
        detailed = self._extent.flow == "export" and found == "provisional"
        return "revised" if detailed else found

    def rows(self, lines: Iterable[Sequence[str]]) -> Iterator[dict[str, Any]]:
        """Every month that is out of every line."""
        for at, cells in enumerate(lines, 2):
            try:
                yield from self._line(cells, at)
            except (ValueError, UnknownTerm) as error:
                self._faults.append(Fault(f"line {at}", ",".join(cells), str(error)))

    def _line(self, cells: Sequence[str], at: int) -> list[dict[str, Any]]:
        extent = self._extent
        code = cells[2].strip().strip("'")
        if not (code.isascii() and code.isdigit() and len(code) == 9):
            raise ValueError(f"{cells[2]!r} is no code of nine digits")
        partner = areas.WORLD
        if extent.by_country:
            partner = to_area(OFFICE, cells[3].strip().strip("'"))
        numbers = [_number(c) for c in cells[-39:]]
        values = numbers[2::3]
        if sum(values[1:]) != values[0]:
            raise ValueError(f"the months add up to {sum(values[1:]):,}, not to {values[0]:,}")
        units = cells[-41].strip(), cells[-40].strip()
        if problem := _unknown(units):
            reason = f"{problem}; the values are kept without it"
            self._faults.append(Fault(f"line {at}", ",".join(cells), reason))
        rows = []
        for month, (period, state) in enumerate(self._months, 1):
            first, second, value = numbers[3 * month : 3 * month + 3]
            volume = _volume(units, (first, second))
            money = Money.of(value, THOUSAND)
            rows.append(flow_row(extent.flow, partner, code, period, money, state, volume, LINES))
        return rows


def _number(cell: str) -> int:
    text = cell.strip()
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{cell!r} is no number")
    return int(text)


def _unknown(units: tuple[str, str]) -> str:
    """What is wrong with the units of a line; empty where nothing is."""
    for unit in units:
        try:
            _ = Volume.of(0, unit) if unit else NONE
        except UnknownTerm as error:
            return str(error)
    return ""


def _volume(units: tuple[str, str], quantities: tuple[int, int]) -> Volume:
    """The quantity of a month in its own unit, and the weight where one of the two is in kilograms.

    A line has one unit, the second, or two; where neither of two is a weight, the first counts.
    """
    given = [(u, q) for u, q in zip(units, quantities, strict=True) if u]
    weight = next((q for u, q in given if u == _KILOGRAMS), None)
    own = next((pair for pair in given if pair[0] != _KILOGRAMS), given[0] if given else None)
    try:
        volume = Volume.of(own[1], own[0]) if own else NONE
    except UnknownTerm:
        volume = NONE
    return volume if weight is None else replace(volume, weight=Money.of(weight, 1).value)
