"""Rows given by hand: each is validated, then appended to a lake in memory, or refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from boeki.errors import BadPeriod, UnknownTerm
from boeki.ingest.rules import ALLOWED, VALUED, unit_words
from boeki.lake import Lake
from boeki.lake.tables import FLOWS, SERIES
from boeki.terms import areas
from boeki.terms.periods import Period

_COLUMNS = {"flows": FLOWS, "series": SERIES}
_CODES = ("reporter", "partner", "area")
_TEXTS = ("classification", "product", "key", "source")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not let in, and why."""

    row: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of the rows of one delivery.

    Attributes
    ----------
    added
        How many were new; rows that the lake already had add nothing.
    refused
        Those that were not let in. None of them is lost: the caller has them here.
    """

    added: int
    refused: tuple[Refused, ...]


def ingest(lake: Lake, table: str, rows: Iterable[Mapping[str, Any]]) -> Ingested:
    """Validate rows and append those that are sound.

    Parameters
    ----------
    lake
        Where to. It must have the documents that the rows name.
    table
        ``flows`` or ``series``.
    rows
        Mappings with every column of the table.

    Returns
    -------
    Ingested
        Rows added, and rows refused with their reasons.

    Raises
    ------
    UnknownTerm
        For another table.
    IntegrityError
        Where two sound rows of the same name, in the delivery or in the lake, have different
        values. Nothing is appended then.
    """
    if table not in _COLUMNS:
        raise UnknownTerm("table", table, _COLUMNS)
    sound: list[Mapping[str, Any]] = []
    refused: list[Refused] = []
    for row in rows:
        reason = fault(table, row)
        if not reason and row["source"] not in lake.documents:
            reason = f"source {row['source']!r} is no document of the lake"
        if reason:
            refused.append(Refused(row, reason))
        else:
            sound.append(row)
    return Ingested(lake.append(table, sound), tuple(refused))


def fault(table: str, row: Mapping[str, Any]) -> str:
    """What is wrong with a row of a table, empty where nothing is."""
    if lacking := [column for column in _COLUMNS[table] if column not in row]:
        return f"the row lacks {', '.join(lacking)}"
    return next((reason for check in _CHECKS if (reason := check(row))), "")


def _words(row: Mapping[str, Any]) -> str:
    for column, allowed in ALLOWED.items():
        if column in row and row[column] not in allowed:
            return f"{column} is {row[column]!r}, not one of {', '.join(allowed)}"
    for column in _TEXTS:
        if column in row and not (isinstance(row[column], str) and row[column]):
            return f"{column} is {row[column]!r}, not a text"
        if "|" in row.get(column, ""):
            return f"{column} has a bar in it: {row[column]}"
    return ""


def _codes(row: Mapping[str, Any]) -> str:
    for column in _CODES:
        if column in row:
            try:
                areas.get(str(row[column]))
            except UnknownTerm as error:
                return f"{column}: {error}"
    return ""


def _unit(row: Mapping[str, Any]) -> str:
    unit = row.get("unit")
    if "flow" not in row or not unit or unit in unit_words():
        return ""
    return f"unit {unit} is none of the vocabulary: boeki.terms.units has them"


def _dimensions(row: Mapping[str, Any]) -> str:
    given = row.get("dimensions", {})
    pairs = given.items() if isinstance(given, Mapping) else [(None, None)]
    if all(isinstance(text, str) for pair in pairs for text in pair):
        return ""
    return f"dimensions is {given!r}, not a mapping from text to text"


def _period(row: Mapping[str, Any]) -> str:
    text = str(row["period"])
    try:
        period = Period.parse(text, row.get("reporter") or row.get("area"))
    except BadPeriod as error:
        return str(error)
    if str(period) != text:
        return f"period is {text!r}: write {period}"
    return "" if period.kind == row["freq"] else f"{text} is no period of freq {row['freq']}"


def _numbers(row: Mapping[str, Any]) -> str:
    # Money has three places and seventeen digits before them, other figures six and eighteen.
    places, digits = (3, 17) if "flow" in row else (6, 18)
    for column in ("value", "resolution", "quantity", "weight"):
        given = row.get(column)
        if column in ("quantity", "weight") and given is None:
            continue
        try:
            number = Decimal(str(given))
        except InvalidOperation:
            return f"{column} is {given!r}, not a number"
        if not number.is_finite():
            return f"{column} is {number}"
        if number and number.adjusted() >= digits:
            return f"{column} has more than {digits} digits before the point: {number}"
        if number != number.quantize(Decimal(1).scaleb(-places)):
            return f"{column} has more than {places} decimal places: {number}"
        if number < 0 and ("flow" in row or column == "resolution"):
            what = "a flow" if column == "value" else column
            return f"{what} is never negative: {number}"
    return ""


def _days(row: Mapping[str, Any]) -> str:
    published, retrieved = row["published"], row["retrieved"]
    # A moment is a day to Python, but it does not compare with one.
    if type(published) is not dt.date or type(retrieved) is not dt.date:
        return "published and retrieved must be days"
    return "published after it was retrieved" if published > retrieved else ""


def _money(row: Mapping[str, Any]) -> str:
    if "currency" not in row:
        return ""
    code = row["currency"]
    if not (isinstance(code, str) and re.fullmatch("[A-Z]{3}", code)):
        return f"currency is {code!r}, not an ISO 4217 code"
    valued = row["valuation"]
    return "" if valued in VALUED[row["flow"]] else f"an {row['flow']} valued {valued}"


_CHECKS: tuple[Callable[[Mapping[str, Any]], str], ...] = (
    _words,
    _codes,
    _unit,
    _dimensions,
    _period,
    _numbers,
    _days,
    _money,
)
