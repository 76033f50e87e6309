"""How much of a change of prices is the exchange rate, by the currencies of invoices."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from boeki.errors import InputError, NoFigure
from boeki.lake import Days, Lake
from boeki.measure.conversion import currencies
from boeki.measure.rates import Rate, RateBook
from boeki.terms.periods import Period

#: The currencies that a table of shares leaves unnamed.
_OTHERS = frozenset({"other", "others"})
#: By how much published shares may miss their sum, which is that of rounded numbers.
_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class RateChange:
    """The change of the exchange rates of a flow, weighted by invoicing currency.

    Attributes
    ----------
    index
        Own currency a unit of the others, current over base: Π (e1/e0)^share; above 1 where the
        own currency has lost value.
    currencies
        Currency to share, rate in the base and in the current period.
    others
        Share of currencies that are not named: no exchange rate effect is known of them.
    sources
        Where the rates come from.
    """

    index: Fraction
    currencies: Mapping[str, tuple[float, float, float]]
    others: float
    sources: tuple[str, ...]


def invoicing_shares(given: Any, flow: str, product: str = "") -> dict[str, float]:
    """The shares of currencies in a flow, adding up to one.

    Parameters
    ----------
    given
        Currency to share, or a table with the columns ``currency``, ``share`` and, where they
        differ, ``flow`` and ``product``. Shares are parts of 1 or percent; ``other`` stands for
        currencies that are not named.
    flow, product
        Whose shares; rows of the product come before those of the whole flow.

    Raises
    ------
    InputError
        For a currency that is none, shares below zero, and shares that do not make a whole.
    """
    shares = dict(given) if isinstance(given, Mapping) else _of_table(given, flow, product)
    for currency, share in shares.items():
        known = currency.casefold() in _OTHERS or currency in currencies()
        if not known:
            raise InputError(f"{currency!r} is no currency of ISO 4217: write USD, EUR or other")
        if not (math.isfinite(share) and share >= 0):
            raise InputError(f"the share of {currency} is {share}: it must be a part of the whole")
    whole = sum(shares.values())
    for one in (1.0, 100.0):
        if abs(whole / one - 1) <= _ROUNDING:
            return {c: s / whole for c, s in shares.items() if s}
    raise InputError(
        f"the currency shares of {flow}s add up to {whole:g}, not to 1 or 100 %: give the rest as "
        "other"
    )


def _of_table(given: Any, flow: str, product: str) -> dict[str, float]:
    rows = given.to_pylist() if hasattr(given, "to_pylist") else given
    rows = rows.to_dict("records") if hasattr(rows, "to_dict") else [dict(r) for r in rows]
    for row in rows:
        for column in ("currency", "share"):
            if row.get(column) is None or row[column] != row[column]:
                raise InputError(f"the table of invoicing currencies lacks a {column}: {row}")
    own = [r for r in rows if r.get("flow", flow) == flow]
    of_product = [r for r in own if product and r.get("product") == product]
    chosen = of_product or [r for r in own if not _said(r.get("product"))]
    if not chosen:
        raise InputError(f"the table of invoicing currencies has no row of {flow}s")
    names = [str(r["currency"]) for r in chosen]
    if len(set(names)) < len(names):
        raise InputError("a currency stands twice in the table of invoicing currencies")
    return {str(r["currency"]): _share(r) for r in chosen}


def _share(row: Mapping[str, Any]) -> float:
    try:
        return float(row["share"])
    except (TypeError, ValueError):
        raise InputError(
            f"the share of {row['currency']} is {row['share']!r}: write a number, 0.69 or 69"
        ) from None


def _said(value: Any) -> bool:
    return value is not None and value == value and value != ""


def rate_change(
    lake: Lake, shares: Mapping[str, float], home: str, base: Period, now: Period, as_of: Days
) -> RateChange:
    """The change of the rates between two periods, from official monthly averages.

    Parameters
    ----------
    lake
        Where the rates are.
    shares
        As :func:`invoicing_shares` gives them.
    home
        The currency that the values are in.
    base, now
        The two periods.
    as_of
        Only what was published by this day.

    Raises
    ------
    NoFigure
        Where the lake has no rate of a currency for the whole of a period.
    """
    foreign = [c for c in shares if c != home and c.casefold() not in _OTHERS]
    book = RateBook(lake, as_of, {home, *foreign}) if foreign else None
    told: dict[str, tuple[float, float, float]] = {}
    log, sources = 0.0, set[str]()
    for currency in foreign:
        assert book is not None  # narrows: there is a book where there is a foreign currency
        found = book.rates(currency, home, "average", [base.span, now.span])
        if base.span not in found or now.span not in found:
            lacking = base if base.span not in found else now
            raise NoFigure(
                f"the lake has no exchange rate {home}/{currency} for the whole of {lacking}: "
                "`boeki pull ecb-fx` brings daily rates of some 30 currencies; or give its share "
                "as other"
            )
        e0, e1 = (_own_price(found[p.span], currency, home) for p in (base, now))
        told[currency] = (shares[currency], e0, e1)
        log += shares[currency] * math.log(e1 / e0)
        sources |= {s for p in (base, now) for s in found[p.span].sources}
    others = sum(s for c, s in shares.items() if c.casefold() in _OTHERS)
    return RateChange(Fraction(math.exp(log)), told, others, tuple(sorted(sources)))


def _own_price(rate: Rate, currency: str, home: str) -> float:
    """Own currency a unit of the other, whichever way round the office quotes it."""
    value = float(rate.value)
    return value if rate.unit == f"{home}/{currency}" else 1 / value
