"""Cells of a user's own table: where each stands, and how it is read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from boeki.errors import BadPeriod, UnknownTerm
from boeki.terms import areas
from boeki.terms.codes import to_area
from boeki.terms.periods import Period


class Unreadable(Exception):
    """A cell that cannot be read as what it should be. Its line becomes a fault."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column of the lake stands in a table, or what it is throughout.

    Attributes
    ----------
    name
        The header; empty where there is a constant.
    constant
        What it is in every row.
    scale
        What a number is multiplied by: 1000 where the table is in thousands.
    system
        Whose codes an area is written in: ``iso3``, ``iso2``, ``m49`` …, or ``name``.
    words
        What the table writes, to what the lake writes.
    format
        How a day or period is written, as :func:`datetime.datetime.strptime` has it.
    """

    name: str = ""
    constant: str | None = None
    scale: Decimal = Decimal(1)
    system: str = "iso3"
    words: Mapping[str, str] = field(default_factory=dict)
    format: str = ""

    def at(self, name: str) -> Column:
        """The same, under another header."""
        return replace(self, name=name)

    def of(self, cells: Mapping[str, Any], missing: tuple[str, ...]) -> Any:
        """What a line has there: text, a number or a day as the file has it; None where none."""
        cell = cells[self.name] if self.constant is None else self.constant
        if isinstance(cell, str):
            cell = cell.strip()
            if self.words:
                if cell not in self.words:
                    known = ", ".join(self.words)
                    raise Unreadable(f"{self.name} is {cell!r}, not one of {known}")
                return self.words[cell]
            return None if cell in missing else cell
        return cell


@dataclass(frozen=True, slots=True)
class Written:
    """How numbers are written, and how many decimal places the lake keeps of them."""

    decimal: str = "."
    thousands: str = ""
    places: int = 3


def read_number(name: str, cell: Any, scale: Decimal, how: Written) -> Decimal | None:
    """A number, exactly; None where there is none."""
    if cell is None:
        return None
    if isinstance(cell, str):
        plain = cell.replace(how.thousands, "") if how.thousands else cell
        plain = plain.replace(how.decimal, ".") if how.decimal != "." else plain
        if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", plain):
            raise Unreadable(f"{name} is {cell!r}, not a number")
        exact = Decimal(plain) * scale
    else:
        exact = _number(name, cell) * scale
    try:
        rounded = exact.quantize(Decimal(1).scaleb(-how.places))
    except InvalidOperation:
        raise Unreadable(f"{name} is {cell!r}, more than the lake can hold") from None
    # A binary fraction from a spreadsheet has digits that nobody wrote; a text has not.
    if exact != rounded and not isinstance(cell, float):
        raise Unreadable(f"{name} has more than {how.places} decimal places: {exact}")
    return rounded


def _number(name: str, cell: Any) -> Decimal:
    number = Decimal(str(cell)) if isinstance(cell, (int, float, Decimal)) else None
    if number is None or isinstance(cell, bool) or not number.is_finite():
        raise Unreadable(f"{name} is {cell!r}, not a number")
    return number


def read_period(cell: Any, form: str) -> Period:
    """A period: as the lake writes it, by a format, or of the month of a day."""
    if isinstance(cell, dt.date):
        return Period.month(cell.year, cell.month)
    text = str(cell if cell is not None else "")
    if re.fullmatch(r"[0-9]{4}\.0", text):
        text = text[:4]
    try:
        if not form:
            return Period.parse(text)
        day = dt.datetime.strptime(text, form)
    except BadPeriod as error:
        raise Unreadable(str(error)) from None
    except ValueError:
        raise Unreadable(f"period is {text!r}, not written as {form}") from None
    monthly = any(mark in form for mark in ("%m", "%b", "%B", "%d"))
    return Period.month(day.year, day.month) if monthly else Period.year(day.year)


def read_day(cell: Any, form: str) -> dt.date:
    """A day, ISO 8601 unless a format says otherwise."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        if form:
            return dt.datetime.strptime(str(cell), form).date()
        return dt.date.fromisoformat(str(cell))
    except ValueError:
        raise Unreadable(f"published is {cell!r}, not a day ({form or 'YYYY-MM-DD'})") from None


def read_area(cell: Any, system: str) -> str:
    """An area's code in the vocabulary."""
    try:
        return _area(str(cell if cell is not None else ""), system)
    except UnknownTerm as error:
        raise Unreadable(str(error)) from None


@cache
def _area(text: str, system: str) -> str:
    if system == "name":
        return areas.find(text).code
    if system == "iso3":
        return areas.get(text).code
    return to_area(system, text)
