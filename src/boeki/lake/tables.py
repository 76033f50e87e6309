"""The canonical tables: their columns, their keys, and how a row is named.

``flows`` holds merchandise trade, ``series`` everything else. Both are append-only and bitemporal: ``period`` is
when it happened, ``published`` when it was known. A revision is a new row. ``documents`` says where rows come from.
"""

from __future__ import annotations

from dataclasses import dataclass

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
        What identifies a figure whatever its vintage. Two rows with the same key are vintages of one figure;
        two with the same key, ``published`` and ``source`` are the same row.
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
#: ``source`` stays out of the key of ``flows``: one office speaks through several documents. It is part of
#: the key of ``series``, where two sources that answer the same question must both stay in sight.
series = Table("series", SERIES, ("key", "area", "dimensions", "freq", "period", "unit", "publisher"))
