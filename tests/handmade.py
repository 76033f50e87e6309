"""Small lakes with figures made by hand, of which the right answers are known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from boeki.lake import Lake

Row = dict[str, Any]

DAY = dt.date(2024, 1, 31)


def document(source: str = "office", publisher: str = "The Office") -> Row:
    """A document from which rows can come."""
    return {
        "source": source,
        "title": "A release",
        "publisher": publisher,
        "standing": "official",
        "url": "https://example.org",
        "licence": "free",
        "published": DAY,
        "note": "",
    }


def flow(period: str, value: Decimal | int | str, **other: Any) -> Row:
    """A row of ``flows``: exports of Japan to the world, unless told otherwise."""
    row = {
        "reporter": "JPN",
        "partner": "WLD",
        "flow": "export",
        "classification": "JP-PC",
        "product": "TOTAL",
        "freq": "M",
        "period": period,
        "value": Decimal(value),
        "currency": "JPY",
        "resolution": Decimal(1),
        "quantity": None,
        "unit": None,
        "weight": None,
        "system": "",
        "adjustment": "nsa",
        "status": "final",
        "source": "office",
        "published": DAY,
        "licence": "free",
        "vintage": "",
    } | other
    row.setdefault("valuation", "fob" if row["flow"] == "export" else "cif")
    row.setdefault("retrieved", row["published"])
    return row


def stated(period: str, value: Decimal | int | str, **other: Any) -> Row:
    """A row of ``series``: sales of Japan, unless told otherwise."""
    row = {
        "key": "sales",
        "area": "JPN",
        "dimensions": {"partner": "WLD"},
        "freq": "M",
        "period": period,
        "value": Decimal(value),
        "unit": "JPY",
        "resolution": Decimal(1),
        "status": "final",
        "source": "office",
        "published": DAY,
        "licence": "free",
        "vintage": "",
    } | other
    row.setdefault("retrieved", row["published"])
    return row


def lake_of(
    flows: Iterable[Row] = (), series: Iterable[Row] = (), documents: Iterable[Row] = ()
) -> Lake:
    """A lake with these rows and nothing else."""
    lake = Lake()
    lake.append("documents", [document(), *documents])
    lake.append("flows", flows)
    lake.append("series", series)
    return lake


def month(number: int) -> str:
    """The month so many months after January 2020: ``2020-01`` for 0."""
    year, rest = divmod(number, 12)
    return f"{2020 + year}-{rest + 1:02d}"


#: January 2020, as observations count months.
JANUARY_2020 = 2020 * 12


def rows_of(lake: Lake, table: Any) -> list[Row]:
    """The rows of an expression."""
    return list(lake.execute(table).to_pylist())
