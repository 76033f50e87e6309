"""The API of e-Stat: tables of principal commodities by country, as JSON.

A cell has a commodity (``@cat01``), an area (``@area``), a year (``@time``), and in ``@cat02`` what
it is: the unit, a total of the year, or the quantity or value of a month.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from boeki.errors import InputError, NotAsExpected, Refused, UnknownTerm
from boeki.sources.base import Document, Fault, Parsed, Part, Raw, Request
from boeki.sources.japan_office import (
    CALENDAR,
    NONE,
    OFFICE,
    Money,
    Volume,
    flow_row,
    flow_table,
    status,
)
from boeki.terms.codes import to_area
from boeki.terms.periods import Period

#: Cells that one reply may have.
MOST = 100_000
#: What stands before the customs' code of a country.
AREA = "50"
THOUSAND = 1000

_UNIT, _YEAR_QUANTITY, _YEAR_VALUE = "100", "110", "120"
#: What a value is in, in English and Japanese.
_IN_THOUSANDS = frozenset({"1000YEN", "1000 YEN", "THOUSAND YEN", "千円", ""})
_WITHHELD = "***"
_MISSING = frozenset({"", "-", _WITHHELD})


@dataclass(frozen=True, slots=True)
class Table:
    """A table of principal commodities by country.

    Attributes
    ----------
    number
        Its ``statsDataId``.
    flow
        ``export`` or ``import``.
    first, last
        The years that it covers; 0 for a last that is still to come.
    """

    number: str
    flow: str
    first: int
    last: int = 0


TABLES = (
    Table("0003228190", "export", 2001, 2005),
    Table("0003228191", "export", 2006, 2010),
    Table("0003228192", "export", 2011, 2015),
    Table("0003313967", "export", 2016, 2020),
    Table("0003425295", "export", 2021, 2025),
    Table("0004049327", "export", 2026),
    Table("0003228197", "import", 2001, 2005),
    Table("0003228198", "import", 2006, 2010),
    Table("0003228199", "import", 2011, 2015),
    Table("0003313968", "import", 2016, 2020),
    Table("0003425296", "import", 2021, 2025),
    Table("0004049328", "import", 2026),
)


def padded(code: str) -> str:
    """A code of the principal commodities as e-Stat writes it: ``70131000`` for ``70131``."""
    return code.ljust(8, "0")


def unpadded(code: str) -> str:
    """The code that e-Stat's stands for: ``70131`` for ``70131000``, ``3`` for ``30000000``.

    Codes have one, three, five or seven digits, and e-Stat adds zeros up to eight.
    """
    if len(code) != 8 or not code.endswith("0"):
        return code
    plain = code[:7]
    while len(plain) > 1 and plain.endswith("00"):
        plain = plain[:-2]
    return plain


def suffix(params: Mapping[str, str]) -> str:
    """What tells questions about one table and commodity apart: countries and years."""
    told = [params[k] for k in ("cdArea", "cdTimeFrom", "cdTimeTo", "cdTime") if k in params]
    return "/" + "/".join(told) if told else ""


def read(raw: Raw) -> Parsed:
    """What a reply says.

    A reply that was cut off is not used: its cells come without the others of their rows. Smaller
    questions take its place.

    Raises
    ------
    NotAsExpected
        Where it is not in the known layout.
    Refused
        Where e-Stat answers with an error of its own.
    """
    name = raw.request.name
    try:
        reply = json.loads(raw.path.read_bytes())
    except ValueError as error:
        raise NotAsExpected(f"{name} is not whole or no JSON ({error}): fetch it again") from None
    data = _at(reply, name, "GET_STATS_DATA")
    result = _at(data, name, "RESULT")
    if (code := str(result.get("STATUS"))) != "0":
        said = str(result.get("ERROR_MSG", "")).strip()
        if code == "1":
            return Parsed()
        raise Refused(f"e-Stat answers {name} with error {code}: {said}", 0)
    found = _at(data, name, "STATISTICAL_DATA")
    if _at(found, name, "RESULT_INF").get("NEXT_KEY") is not None:
        return Parsed(more=tuple(_smaller(raw.request)))
    return Parsed((_part(raw, found),))


def _smaller(request: Request) -> Iterator[Request]:
    """The questions that together ask what one question asked: by commodity, else by year."""
    base = {k: v for k, v in request.params.items() if k != "startPosition"}
    codes = base.get("cdCat01", "").split(",")
    table = next((t for t in TABLES if t.number == base.get("statsDataId")), None)
    if len(codes) > 1:
        pieces = [{"cdCat01": code} for code in codes]
    elif table is not None and "cdTime" not in base:
        first = int(base.pop("cdTimeFrom", f"{table.first}")[:4])
        last = int(base.pop("cdTimeTo", f"{table.last or table.first + 4}")[:4])
        years = range(max(first, table.first), last + 1)
        pieces = [{"cdTime": f"{year}000000"} for year in years]
    else:
        raise InputError(
            f"{request.name} has more than {MOST:,} cells for one commodity and year: name partners"
        )
    for piece in pieces:
        params = {**base, **piece}
        stem = f"{params['statsDataId']}/{unpadded(params['cdCat01'])}"
        yield replace(request, name=f"{stem}{suffix(params)}", params=params)


def _part(raw: Raw, found: Mapping[str, Any]) -> Part:
    """The rows of a whole reply."""
    name = raw.request.name
    day, words = _day(found, raw)
    faults: list[Fault] = []
    cells = _cells(found, name, faults)
    reader = _Reader(raw.request.context.get("flow", ""), cells, day, faults)
    if reader.flow not in ("export", "import"):
        raise NotAsExpected(f"{name}: the question does not say whether it is about exports")
    rows = flow_table(reader.rows())
    number = raw.request.params.get("statsDataId", name)
    document = Document(
        name=f"e-stat-{name.replace('/', '-')}@{day}",
        title=f"Trade Statistics of Japan, commodity by country, {reader.flow}s (e-Stat {number})",
        published=day,
        vintage=f"e-Stat {day:%Y-%m}",
        note=f"{words} {CALENDAR} {_ZEROS}",
    )
    return Part(document, "flows", rows, faults=faults)


_ZEROS = (
    "Months to come stand in the table as 0: a month counts as out up to the last one in which any "
    "cell of the reply has a figure."
)

Key = tuple[str, str, int]


def _cells(found: Mapping[str, Any], name: str, faults: list[Fault]) -> dict[Key, dict[str, str]]:
    """Commodity, area and year to what is said of them: ``@cat02`` to text."""
    given = _at(found, name, "DATA_INF").get("VALUE", [])
    # A single item comes as an object, not as a list of one.
    listed = [given] if isinstance(given, dict) else given
    if not isinstance(listed, list):
        raise NotAsExpected(f"{name}: DATA_INF.VALUE is no list of cells")
    cells: dict[Key, dict[str, str]] = {}
    for at, cell in enumerate(listed, 1):
        try:
            key = (str(cell["@cat01"]), str(cell["@area"]), int(str(cell["@time"])[:4]))
            what, text = str(cell["@cat02"]), str(cell.get("$") or "").strip()
        except (KeyError, TypeError, ValueError) as error:
            raise NotAsExpected(
                f"{name}: cell {at} ({str(cell)[:120]}) lacks @cat01, @cat02, @area or @time "
                f"({error!r}): the layout of the table has changed"
            ) from None
        unit = str(cell.get("@unit") or "").strip()
        if _is_value(what) and unit.upper() not in _IN_THOUSANDS:
            raise NotAsExpected(f"{name}: cell {at} is in {unit!r}, not in thousand yen")
        had = cells.setdefault(key, {}).setdefault(what, text)
        if had != text:
            faults.append(
                Fault(f"cell {at}", str(cell), f"another cell of the same place has {had}")
            )
    return cells


def _is_value(what: str) -> bool:
    return what == _YEAR_VALUE or (_month(what) or (0, ""))[1] == "value"


def _month(what: str) -> tuple[int, str] | None:
    """Month, and ``quantity`` or ``value``, of a ``@cat02``; None for the others."""
    if not what.isdigit():
        return None
    month, kind = divmod(int(what) - 130, 20)
    if not 0 <= month < 12 or kind not in (0, 10):
        return None
    return month + 1, "value" if kind else "quantity"


class _Reader:
    """The rows of a reply, and on the way what could not be read as one."""

    def __init__(
        self, flow: str, cells: Mapping[Key, Mapping[str, str]], day: dt.date, faults: list[Fault]
    ) -> None:
        self.flow = flow
        self._cells, self._day, self._faults = cells, day, faults
        self._newest = self._last_month()

    def _last_month(self) -> dict[int, int]:
        """Year to the last month with a figure anywhere in the reply."""
        newest: dict[int, int] = {}
        for (_, _, year), cell in self._cells.items():
            for what, text in cell.items():
                month = _month(what)
                if month and text not in _MISSING and text.strip("0.,"):
                    newest[year] = max(newest.get(year, 0), month[0])
        return newest

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every figure of a month that is out."""
        for (commodity, area, year), cell in self._cells.items():
            where = f"{unpadded(commodity)}, area {area}, {year}"
            for what in cell:
                if what not in (_UNIT, _YEAR_QUANTITY, _YEAR_VALUE) and _month(what) is None:
                    self._faults.append(Fault(where, what, "no such cell (@cat02) is known"))
            try:
                partner = to_area(OFFICE, area.removeprefix(AREA) if len(area) == 5 else area)
            except UnknownTerm as error:
                self._faults.append(Fault(where, json.dumps(dict(cell)), str(error)))
                continue
            yield from self._year(commodity, partner, year, cell, where)

    def _year(
        self, commodity: str, partner: str, year: int, cell: Mapping[str, str], where: str
    ) -> Iterator[dict[str, Any]]:
        read = self._read(cell, where)
        if read is None:
            return
        newest = Period.month(year, self._newest[year]) if year in self._newest else None
        ends = self._ends()
        for month in range(1, self._newest.get(year, 0) + 1):
            value, quantity = read.get((month, "value")), read.get((month, "quantity"))
            period = Period.month(year, month)
            if value is None:
                if quantity:
                    self._faults.append(Fault(where, str(period), "a quantity without a value"))
                continue
            state = status(period, newest if newest == ends else None, self._day)
            if self.flow == "export" and state == "provisional":
                state = "revised"  # exports come to e-Stat when they are detailed
            volume = self._volume(quantity, cell.get(_UNIT, ""), f"{where}, {period}")
            money = Money.of(value, THOUSAND)
            yield flow_row(self.flow, partner, unpadded(commodity), period, money, state, volume)

    def _ends(self) -> Period | None:
        """The newest month of the whole reply."""
        if not self._newest:
            return None
        year = max(self._newest)
        return Period.month(year, self._newest[year])

    def _read(self, cell: Mapping[str, str], where: str) -> dict[tuple[int, str], int] | None:
        """Numbers by month; None, with a fault, where they cannot be or do not make the year."""
        read: dict[tuple[int, str], int] = {}
        for what, text in cell.items():
            if text == _WITHHELD:
                self._faults.append(Fault(where, f"{what}: {text}", "withheld by the office"))
            if what == _UNIT or text in _MISSING:
                continue
            if not re.fullmatch(r"\d+|\d{1,3}(,\d{3})+", text):
                self._faults.append(Fault(where, f"{what}: {text}", "no number"))
                return None
            month = _month(what)
            if month:
                read[month] = int(text.replace(",", ""))
        total = cell.get(_YEAR_VALUE, "")
        months = sum(number for (_, kind), number in read.items() if kind == "value")
        whole = total not in _MISSING and _WITHHELD not in cell.values()
        if whole and int(total.replace(",", "")) != months:
            reason = f"the months add up to {months:,}, not to the year's {total}"
            self._faults.append(Fault(where, json.dumps(dict(cell)), reason))
            return None
        return read

    def _volume(self, quantity: int | None, unit: str, where: str) -> Volume:
        if quantity is None or unit in _MISSING:
            if quantity:
                reason = "a quantity without a unit; the value is kept without it"
                self._faults.append(Fault(where, str(quantity), reason))
            return NONE
        try:
            return Volume.of(quantity, unit)
        except UnknownTerm as error:
            reason = f"{error} The value is kept without the quantity."
            self._faults.append(Fault(where, f"{quantity} {unit}", reason))
            return NONE


def _day(found: Mapping[str, Any], raw: Raw) -> tuple[dt.date, str]:
    """The day of publication: when e-Stat says that it updated the table, else an upper bound."""
    table = found.get("TABLE_INF")
    text = str(table.get("UPDATED_DATE", "")) if isinstance(table, dict) else ""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            day = None
        if day is not None and day <= raw.day:
            return day, f"e-Stat says that it updated the table on {day}."
    return raw.day, f"{raw.day} is when the reply came, and so an upper bound."


def _at(found: Any, name: str, key: str) -> dict[str, Any]:
    got = found.get(key) if isinstance(found, dict) else None
    if not isinstance(got, dict):
        raise NotAsExpected(f"{name} lacks {key}: the layout of e-Stat's replies has changed")
    return got
