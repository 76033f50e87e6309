"""A reply of the Census Bureau's: a header and lines of text, as JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from boeki.errors import NotAsExpected, UnknownTerm
from boeki.sources.base import FLOW_ROWS
from boeki.sources.flow_batches import Left
from boeki.terms.codes import area_map, is_aggregate
from boeki.terms.products import TOTAL
from boeki.terms.units import to_unit

#: The first years of editions of the HS in U.S. statistics, newest first.
_EDITIONS = ((2022, "HS2022"), (2017, "HS2017"), (2012, "HS2012"), (2007, "HS2007"))
_DIGITS = {"HS2": 2, "HS4": 4, "HS6": 6, "HS10": 10}
_MISSING = (None, "", "-")
#: Dimensions that are "-" where a row is the total over them.
_OVER = ("DF", "DISTRICT", "CTY_SUBCODE", "RP", "PORT", "STATE")
_REVISED_IN = 7  # the first whole month after the annual revision


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a flow are called.

    Attributes
    ----------
    flow, system
        ``export`` or ``import``; ``general`` or ``special``.
    commodity, value, cif, quantity, unit
        Their names; ``cif`` is empty for exports.
    valuation, detailed
        How ``value`` is valued, and the classification of codes of ten digits.
    """

    flow: str
    system: str
    commodity: str
    value: str
    cif: str
    quantity: str
    unit: str
    valuation: str
    detailed: str


def _imports(system: str, prefix: str) -> Columns:
    return Columns(
        "import",
        system,
        "I_COMMODITY",
        f"{prefix}_VAL_MO",
        f"{prefix}_CIF_MO",
        f"{prefix}_QY1_MO",
        "UNIT_QY1",
        "customs",
        "HTS",
    )


def _exports(system: str) -> Columns:
    return Columns(
        "export",
        system,
        "E_COMMODITY",
        "ALL_VAL_MO",
        "",
        "QTY_1_MO",
        "UNIT_QY1",
        "fas",
        "Schedule-B",
    )


#: Imports for consumption are those of the special system. Exports are the same in both.
COLUMNS = {
    ("export", "general"): _exports("general"),
    ("export", "special"): _exports("general"),
    ("import", "general"): _imports("general", "GEN"),
    ("import", "special"): _imports("special", "CON"),
}


def read(
    path: Path, name: str, columns: Columns, asked: Mapping[str, str]
) -> list[dict[str, str | None]]:
    """The lines of a reply, each by the names in the header.

    Parameters
    ----------
    path
        The bytes.
    name
        How messages call the reply.
    columns
        What the columns are called.
    asked
        ``level``, and ``commodity`` and ``partner`` where one was asked for.

    Raises
    ------
    NotAsExpected
        Where it is empty, no whole JSON, or lacks a column; where a line has more or fewer cells,
        or another level, commodity or partner than was asked for, or came before.
    """
    table = _loaded(path, name)
    header = table[0]
    total = asked["level"] == "-"
    wanted = {columns.value, columns.cif, "CTY_CODE", "time", "" if total else columns.commodity}
    wanted.discard("")
    if lacking := sorted(wanted - set(header)):
        raise NotAsExpected(f"the reply to {name} lacks {', '.join(lacking)}: report it")
    found: list[dict[str, str | None]] = []
    seen: set[tuple[str | None, ...]] = set()
    for number, cells in enumerate(table[1:], 1):
        where = f"line {number} of the reply to {name}"
        line = _line(header, cells, where)
        if total:
            line.setdefault(columns.commodity, "-")
        _check_line(line, columns, asked, where)
        key = (line[columns.commodity], line["CTY_CODE"], line["time"])
        if key in seen:
            raise NotAsExpected(f"{where} has the figure of {key} once more: it is not used")
        seen.add(key)
        found.append(line)
    return found


def _loaded(path: Path, name: str) -> list[list[Any]]:
    text = path.read_text("utf-8-sig")
    if not text.strip():
        raise NotAsExpected(
            f"the reply to {name} is empty: the Census Bureau has no figures for it, or they are "
            "not out yet"
        )
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAsExpected(
            f"the reply to {name} is no whole JSON ({error}): ask for it again"
        ) from None
    if not (isinstance(table, list) and table and all(isinstance(line, list) for line in table)):
        raise NotAsExpected(f"the reply to {name} is no array of arrays: its layout has changed")
    return table


def _line(header: list[Any], cells: list[Any], where: str) -> dict[str, str | None]:
    if len(cells) != len(header):
        raise NotAsExpected(f"{where} has {len(cells)} cells, not {len(header)}: it is not used")
    line: dict[str, str | None] = {}
    for column, cell in zip(header, cells, strict=True):
        if not (cell is None or isinstance(cell, str)):
            raise NotAsExpected(f"{where} has {cell!r} where a text was expected")
        # What is asked for and also a condition comes twice.
        if column in line and line[column] != cell:
            raise NotAsExpected(f"{where} has two values of {column}: it is not used")
        line[column] = cell
    return line


def _check_line(
    line: Mapping[str, str | None], columns: Columns, asked: Mapping[str, str], where: str
) -> None:
    """A line is of what was asked for, and a total over all that was not."""
    expected = {
        columns.commodity: asked.get("commodity"),
        "CTY_CODE": asked.get("partner"),
        "COMM_LVL": asked["level"],
        "SUMMARY_LVL": "DET",
        **dict.fromkeys(_OVER, "-"),
    }
    for column, value in expected.items():
        if value and column in line and line[column] != value:
            raise NotAsExpected(f"{where} has {column} {line[column]!r}, not {value!r}")
    digits = _DIGITS.get(asked["level"])
    code = line[columns.commodity] or ""
    if digits and not re.fullmatch(rf"\d{{{digits}}}", code):
        raise NotAsExpected(f"{where} has the commodity {code!r}, none of {digits} digits")


class Rows:
    """Rows of a reply.

    Parameters
    ----------
    lines
        By the names in the header.
    columns
        What the columns are called.
    left
        Where lines that are left out are noted.
    day
        When the figures were known.
    """

    def __init__(
        self,
        lines: Iterable[Mapping[str, str | None]],
        columns: Columns,
        left: Left,
        day: dt.date,
    ) -> None:
        self._lines, self._columns, self._left, self._day = lines, columns, left, day
        self._areas = area_map("us-census")
        self._groups = 0

    def table(self) -> pa.Table:
        """A row for each figure: of imports one at customs value and one cif."""
        found = [row for line in self._lines for row in self._rows(line)]
        return pa.Table.from_pylist(found, schema=FLOW_ROWS)

    def note(self) -> str:
        """What was left out on purpose; complete when the table has been made."""
        if not self._groups:
            return ""
        return f"Lines of groups of countries left out: {self._groups:,}."

    def _rows(self, line: Mapping[str, str | None]) -> list[dict[str, Any]]:
        columns, code = self._columns, line["CTY_CODE"] or ""
        if is_aggregate("us-census", code):
            self._groups += 1
            return []
        partner = self._areas.get(code)
        if partner is None:
            self._left.out(f"CTY_CODE {code}", "{} left out: the country code is not known")
            return []
        quantity, unit = self._quantity(line)
        shared = self._shared(line) | {"partner": partner, "quantity": quantity, "unit": unit}
        out = []
        for column, valuation in ((columns.value, columns.valuation), (columns.cif, "cif")):
            value = _number(line[column], column) if column else None
            if value is not None:
                out.append(shared | {"value": value, "valuation": valuation})
            elif column:
                said = f"{code} {line[columns.commodity]} {line['time']}"
                self._left.out(said, f"{{}} left out: {column} has no value")
        return out

    def _shared(self, line: Mapping[str, str | None]) -> dict[str, Any]:
        period, code = line["time"] or "", line[self._columns.commodity] or ""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
            raise NotAsExpected(f"the Census Bureau gives the month as {period!r}, not as 2024-11")
        year = int(period[:4])
        edition = next(name for first, name in _EDITIONS if year >= first)
        settled = (self._day.year, self._day.month) >= (year + 1, _REVISED_IN)
        return {
            "reporter": "USA",
            "flow": self._columns.flow,
            "classification": self._columns.detailed if len(code) == 10 else edition,
            "product": TOTAL if code == "-" else code,
            "freq": "M",
            "period": period,
            "currency": "USD",
            "resolution": Decimal(1),
            "system": self._columns.system,
            "adjustment": "nsa",
            "status": "revised" if settled else "provisional",
        }

    def _quantity(self, line: Mapping[str, str | None]) -> tuple[Decimal | None, str | None]:
        code = line.get(self._columns.unit)
        amount = _number(line.get(self._columns.quantity), self._columns.quantity)
        if code in _MISSING or amount is None:
            return None, None
        try:
            unit, factor = to_unit("us-census", str(code))
        except UnknownTerm:
            reason = "quantities of {} left out: their unit is not known; the values stay"
            self._left.out(f"UNIT_QY1 {code}", reason)
            return None, None
        return ((amount * factor).quantize(Decimal("0.001")), unit) if unit else (None, None)


def _number(cell: str | None, column: str) -> Decimal | None:
    """A whole number; None where there is none."""
    if cell in _MISSING:
        return None
    if not re.fullmatch(r"\d{1,16}", str(cell)):
        raise NotAsExpected(f"the Census Bureau gives {column} as {cell!r}, not as a whole number")
    return Decimal(str(cell))
