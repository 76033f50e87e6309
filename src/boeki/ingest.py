"""Ingest: the one place where a source meets the lake. Rows are validated, appended, or refused with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from boeki.errors import BadPeriod, UnknownTerm
from boeki.lake import Lake
from boeki.terms import areas
from boeki.terms.periods import Period

_ALLOWED = {
    "flow": ("export", "import"),
    "freq": ("M", "Q", "H", "A", "FY", "S"),
    "adjustment": ("nsa", "sa"),
    "status": ("provisional", "revised", "final"),
    "valuation": ("fob", "cif"),
}
_CODES = ("reporter", "partner", "area")


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
        Where to.
    table
        ``flows`` or ``series``; the documents that rows name must be in the lake.
    rows
        Mappings with every column of the table.

    Returns
    -------
    Ingested
        Rows added, and rows refused with their reasons.
    """
    sound, refused = [], []
    for row in rows:
        reason = fault(row)
        if reason:
            refused.append(Refused(row, reason))
        else:
            sound.append(row)
    return Ingested(lake.append(table, sound), tuple(refused))


def fault(row: Mapping[str, Any]) -> str:
    """What is wrong with a row, empty where nothing is."""
    return next((reason for check in _CHECKS if (reason := check(row))), "")


def _words(row: Mapping[str, Any]) -> str:
    for column, allowed in _ALLOWED.items():
        if column in row and row[column] not in allowed:
            return f"{column} is {row[column]!r}, not one of {', '.join(allowed)}"
    return ""


def _codes(row: Mapping[str, Any]) -> str:
    for column in _CODES:
        if column in row:
            try:
                areas.get(row[column])
            except UnknownTerm as error:
                return f"{column}: {error}"
    return ""


def _period(row: Mapping[str, Any]) -> str:
    try:
        Period.parse(str(row["period"]), row.get("reporter"))
    except BadPeriod as error:
        return str(error)
    return ""


def _number(row: Mapping[str, Any]) -> str:
    try:
        value = Decimal(str(row["value"]))
    except (InvalidOperation, KeyError):
        return f"value is {row.get('value')!r}, not a number"
    if not value.is_finite():
        return f"value is {value}"
    if "flow" in row and value < 0:
        return f"a flow is never negative: {value}"
    return ""


def _days(row: Mapping[str, Any]) -> str:
    published, retrieved = row.get("published"), row.get("retrieved")
    if not isinstance(published, dt.date) or not isinstance(retrieved, dt.date):
        return "published and retrieved must be days"
    return "published after it was retrieved" if published > retrieved else ""


def _money(row: Mapping[str, Any]) -> str:
    if "currency" not in row:
        return ""
    code = str(row["currency"])
    if not (len(code) == 3 and code.isalpha() and code.isupper()):
        return f"currency is {code!r}, not an ISO 4217 code"
    usual = {"export": ("fob",), "import": ("cif", "fob")}.get(row["flow"], ())
    return "" if row["valuation"] in usual else f"an {row['flow']} valued {row['valuation']}"


_CHECKS: tuple[Callable[[Mapping[str, Any]], str], ...] = (
    _words,
    _codes,
    _period,
    _number,
    _days,
    _money,
)
