"""The canonical tables: their columns, their keys, and how a row is named.

``flows`` holds merchandise trade, ``series`` everything else. Both are append-only and bitemporal:
``period`` is when it happened, ``published`` when it was known. A revision is a new row.
``documents`` says where rows come from.
"""

from __future__ import annotations

from dataclasses import dataclass

from boeki.terms.periods import FISCAL_START

#: Money is exact. Float sums differ between engines and from run to run.
MONEY = "DECIMAL(20,3)"
#: Rates, shares and indexes carry more places than money does.
FINE = "DECIMAL(24,6)"

FLOWS = {
    "reporter": "VARCHAR",
    "partner": "VARCHAR",
    "flow": "VARCHAR",
    "classification": "VARCHAR",
    "product": "VARCHAR",
    "freq": "VARCHAR",
    "period": "VARCHAR",
    "value": MONEY,
    "currency": "VARCHAR",
    "resolution": MONEY,
    "quantity": MONEY,
    "unit": "VARCHAR",
    "valuation": "VARCHAR",
    "system": "VARCHAR",
    "adjustment": "VARCHAR",
    "status": "VARCHAR",
    "source": "VARCHAR",
    "published": "DATE",
    "retrieved": "DATE",
    "vintage": "VARCHAR",
    "licence": "VARCHAR",
}

SERIES = {
    "key": "VARCHAR",
    "area": "VARCHAR",
    "dimensions": "MAP(VARCHAR, VARCHAR)",
    "freq": "VARCHAR",
    "period": "VARCHAR",
    "value": FINE,
    "unit": "VARCHAR",
    "resolution": FINE,
    "status": "VARCHAR",
    "source": "VARCHAR",
    "published": "DATE",
    "retrieved": "DATE",
    "vintage": "VARCHAR",
    "licence": "VARCHAR",
}

DOCUMENTS = {
    "source": "VARCHAR",
    "title": "VARCHAR",
    "publisher": "VARCHAR",
    "standing": "VARCHAR",
    "url": "VARCHAR",
    "licence": "VARCHAR",
    "published": "DATE",
    "note": "VARCHAR",
}

PRODUCTS = {
    "flow": "VARCHAR",
    "code": "VARCHAR",
    "level": "INTEGER",
    "parent": "VARCHAR",
    "term": "VARCHAR",
    "name": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table.

    Attributes
    ----------
    name
        ``flows`` or ``series``.
    columns
        Column to DuckDB type, in order.
    key
        What identifies a figure whatever its vintage. Two rows with the same key are vintages of
        one figure; two with the same key, ``published`` and ``source`` are the same row.
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]


flows = Table(
    "flows",
    FLOWS,
    (
        "reporter",
        "partner",
        "flow",
        "classification",
        "product",
        "freq",
        "period",
        "currency",
        "valuation",
        "system",
        "adjustment",
    ),
)
#: ``source`` stays out of the key of ``flows``: one office speaks through several documents. It is
#: part of the key of ``series``, where two sources that answer the same question must both stay
#: in sight.
series = Table(
    "series", SERIES, ("key", "area", "dimensions", "freq", "period", "unit", "publisher")
)


#: What every row of ``flows`` and ``series`` has besides its own columns: its name, and its period
#: as numbers.
ADDED = {"row": "VARCHAR", "month": "INTEGER", "months": "INTEGER"}


def first_month(area: str) -> str:
    """SQL for the first month of a row's period, counted from January of year 0.

    Parameters
    ----------
    area
        The column that says whose fiscal year it is.
    """
    year = "CAST(replace(period, 'FY', '')[1:4] AS INTEGER) * 12"
    starts = " ".join(
        f"WHEN '{code}' THEN {month - 1}" for code, month in sorted(FISCAL_START.items())
    )
    return (
        f"CASE WHEN period LIKE 'FY%' THEN {year} + CASE {area} {starts} ELSE 3 END "
        f"WHEN period LIKE '%-Q_' THEN {year} + 3 * (CAST(period[7:7] AS INTEGER) - 1) "
        f"WHEN period LIKE '%-H_' THEN {year} + 6 * (CAST(period[7:7] AS INTEGER) - 1) "
        f"WHEN length(period) >= 7 THEN {year} + CAST(period[6:7] AS INTEGER) - 1 ELSE {year} END"
    )


def length(area: str) -> str:
    """SQL for the number of months that a row's period covers."""
    end = "CAST(period[9:12] AS INTEGER) * 12 + CAST(period[14:15] AS INTEGER)"
    return (
        "CASE freq WHEN 'M' THEN 1 WHEN 'Q' THEN 3 WHEN 'H' THEN 6 "
        "WHEN 'A' THEN 12 WHEN 'FY' THEN 12 "
        f"ELSE {end} - ({first_month(area)}) END"
    )
