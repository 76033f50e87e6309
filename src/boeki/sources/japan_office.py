"""What the sources of Japan's customs have in common: rows, the calendar of revisions, terms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import metadata
from typing import Any

import pyarrow as pa

from boeki.errors import InputError, UnknownTerm
from boeki.sources.base import FLOW_ROWS, SERIES_ROWS, Query
from boeki.terms.periods import Period
from boeki.terms.units import to_unit

OFFICE = "japan-customs"
COUNTRY = "JPN"
#: The office's principal commodities. Their codes differ between exports and imports.
COMMODITIES = "JP-PC"
FLOWS = ("export", "import")
VALUED = {"export": "fob", "import": "cif"}

TERMS = "Terms of use: https://www.customs.go.jp/english/others/copyright.htm"
CALENDAR = (
    "Status by the office's calendar of revisions: a year is final from the December of the next "
    "one, the newest month is provisional, those between have been revised."
)
#: Since when the European Union has had the members that ``EU27`` means: without the United
#: Kingdom. Before, the office's "EU" was another group of countries in every few years.
EU27_SINCE = Period.month(2020, 2)


@cache
def agent() -> dict[str, str]:
    """The headers that the office's server wants: some clients that name no browser get a 403."""
    version = metadata.version("boeki")
    name = f"Mozilla/5.0 (compatible; boeki/{version}; +https://boeki.readthedocs.io)"
    return {"User-Agent": name}


def status(month: Period, newest: Period | None, day: dt.date) -> str:
    """Where a month stands in the office's calendar of revisions.

    A year's figures are fixed in the middle of the following November. The day differs from year to
    year, so they are called final from December only.

    Parameters
    ----------
    month
        The month, or another period within a year.
    newest
        The newest month of the same document; None where it holds older ones only.
    day
        The day on which the figures were known.

    Returns
    -------
    str
        ``provisional``, ``revised`` or ``final``.
    """
    if day >= dt.date(month.last // 12 + 1, 12, 1):
        return "final"
    return "provisional" if month == newest else "revised"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of yen, and the size of the last digit that was printed of it."""

    value: Decimal
    resolution: Decimal

    @classmethod
    def of(cls, number: int | Decimal, scale: int) -> Money:
        """A number that was printed without decimals, in units of ``scale`` yen."""
        return cls(Decimal(number) * scale, Decimal(scale))


@dataclass(frozen=True, slots=True)
class Volume:
    """How much, in a unit of the vocabulary, and the net weight in kilograms; all may be None."""

    quantity: Decimal | None = None
    unit: str | None = None
    weight: Decimal | None = None

    @classmethod
    def of(cls, number: int | Decimal, unit: str) -> Volume:
        """A quantity as the office gives it: ``2463`` ``TMT``; none where the unit says so.

        Raises
        ------
        UnknownTerm
            For a unit that the vocabulary does not have.
        """
        word, factor = to_unit(OFFICE, unit)
        if not word:
            return NONE
        quantity = Decimal(number) * factor
        return cls(quantity, word, quantity if word == "kg" else None)


NONE = Volume()


def flow_row(
    flow: str,
    partner: str,
    product: str,
    period: Period,
    money: Money,
    state: str,
    volume: Volume = NONE,
    classification: str = COMMODITIES,
) -> dict[str, Any]:
    """A row of merchandise trade of Japan, not seasonally adjusted."""
    return {
        "reporter": COUNTRY,
        "partner": partner,
        "flow": flow,
        "classification": classification,
        "product": product,
        "freq": period.kind,
        "period": str(period),
        "value": money.value,
        "currency": "JPY",
        "resolution": money.resolution,
        "quantity": volume.quantity,
        "unit": volume.unit,
        "weight": volume.weight,
        "valuation": VALUED[flow],
        # Whether Japan reports by the general system is not verified, so it is not claimed.
        "system": None,
        "adjustment": "nsa",
        "status": state,
    }


def flow_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of :func:`flow_row` as a table."""
    return pa.Table.from_pylist(list(rows), schema=FLOW_ROWS)


def series_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of other figures as a table."""
    return pa.Table.from_pylist(list(rows), schema=SERIES_ROWS)


def check_query(query: Query, source: str, options: tuple[str, ...] = ()) -> None:
    """See that a query asks for what Japan's customs have: Japan's trade, by month.

    Raises
    ------
    InputError
        For another reporter, frequency, flow or option.
    """
    if others := sorted(set(query.reporters) - {COUNTRY}):
        raise InputError(
            f"{source} holds the trade of Japan (JPN) only, not of {', '.join(others)}: "
            "leave the reporter out"
        )
    if query.freq not in ("", "M"):
        raise InputError(f"{source} is by month (M), not by {query.freq!r}: leave freq out")
    for flow in query.flows:
        if flow not in FLOWS:
            raise UnknownTerm("flow of Japan's customs", flow, FLOWS)
    for option in query.options:
        if option not in options:
            raise UnknownTerm(f"option of {source}", option, options)


def wanted_flows(query: Query) -> tuple[str, ...]:
    """The flows that a query asks for, both where it does not say."""
    return tuple(f for f in FLOWS if f in query.flows or not query.flows)
