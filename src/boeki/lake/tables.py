"""The canonical tables: their columns, their keys, and how a row is named.

``flows`` holds merchandise trade, ``series`` everything else. Both are append-only and bitemporal:
``period`` is when it happened, ``published`` when it was known. A revision is a new row.
``documents`` says where rows come from, ``fetches`` from which bytes, ``quarantine`` what was not
let in.

Besides what the source said, a row carries what the lake needs to find it:

    figure    a number for its key, whatever the vintage: 63 bits of an MD5
    revision  how many rows of the figure the lake had when it came
    replaces  the revision that it takes the place of, from its day on; null for a first row
    until     the day from which a row that the lake had already takes its place; mostly null
    month     first month of its period, counted from January of year 0
    months    how many months it covers; 0 for a day
    office    whose statistics: the first part of ``source``
    year      of its period; with ``office`` it says in which folder the row lies
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
    "weight": MONEY,
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

#: What a document of a pull has besides: the hash of the bytes that it was read from.
PULLED = {"vintage": "VARCHAR", "sha256": "VARCHAR", "retrieved": "DATE"}

#: Every reply that was kept: address, time, hash, licence. The bytes lie under their hash.
FETCHES = {
    "source_name": "VARCHAR",
    "request": "VARCHAR",
    "address": "VARCHAR",
    "sha256": "VARCHAR",
    "size": "BIGINT",
    "media": "VARCHAR",
    "retrieved": "TIMESTAMP",
    "modified": "DATE",
    "validators": "VARCHAR",
    "licence": "VARCHAR",
    "asked": "VARCHAR",
}

#: What was not let in, as JSON text, and why.
QUARANTINE = {
    "source": "VARCHAR",
    "table_name": "VARCHAR",
    "reason": "VARCHAR",
    "place": "VARCHAR",
    "content": "VARCHAR",
    "sha256": "VARCHAR",
    "retrieved": "TIMESTAMP",
}

#: Replies that were read to the end: what of them was new, what was not let in, and how many
#: further replies they ask for.
PULLS = {
    "source_name": "VARCHAR",
    "request": "VARCHAR",
    "sha256": "VARCHAR",
    "retrieved": "TIMESTAMP",
    "finished": "TIMESTAMP",
    "rows_read": "BIGINT",
    "rows_added": "BIGINT",
    "rows_refused": "BIGINT",
    "more": "BIGINT",
    "version": "VARCHAR",
}

PRODUCTS = {
    "flow": "VARCHAR",
    "code": "VARCHAR",
    "level": "INTEGER",
    "parent": "VARCHAR",
    "term": "VARCHAR",
    "name": "VARCHAR",
}

#: What a row has besides what its source said.
ADDED = {
    "figure": "BIGINT",
    "revision": "SMALLINT",
    "replaces": "SMALLINT",
    "until": "DATE",
    "month": "INTEGER",
    "months": "INTEGER",
    "office": "VARCHAR",
    "year": "INTEGER",
}
#: A row's place among the rows of its figure, where it is the first and only one.
ALONE = {
    "revision": "CAST(0 AS SMALLINT)",
    "replaces": "CAST(NULL AS SMALLINT)",
    "until": "CAST(NULL AS DATE)",
}
#: ``flows`` and ``series`` as they are stored.
STORED = {
    "flows": {**ADDED, **FLOWS},
    "series": {**ADDED, **SERIES, "publisher": "VARCHAR"},
}
#: In which folders rows lie: questions are about an office's figures of some years.
PARTITIONS = ("office", "year")


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
        "office",
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
#: Offices never replace one another. One office speaks through several documents, so these stay out
#: of the key; in ``series`` two publishers that answer the same question must both stay in sight.
series = Table(
    "series", SERIES, ("office", "key", "area", "dimensions", "freq", "period", "unit", "publisher")
)
TABLES = {"flows": flows, "series": series}


def figure(table: Table) -> str:
    """SQL for the number of a row's figure."""
    told = ", ".join(text(c, table.columns) for c in table.key)
    return f"CAST(md5_number_lower(concat_ws('|', '{table.name}', {told})) >> 1 AS BIGINT)"


def text(column: str, columns: dict[str, str]) -> str:
    """SQL for a column of a key as text, the same whatever the order of a map's entries.

    The columns of a key are never null: rows that lack one are not let in.
    """
    if columns.get(column, "").startswith("MAP"):
        return f"coalesce(CAST(list_sort(map_entries({column})) AS VARCHAR), '')"
    return column


def added(name: str) -> dict[str, str]:
    """SQL for each of the columns that the lake adds, but for ``office`` and :data:`ALONE`."""
    area = "reporter" if name == "flows" else "area"
    return {
        "figure": figure(TABLES[name]),
        "month": f"CAST({first_month(area)} AS INTEGER)",
        "months": f"CAST({length(area)} AS INTEGER)",
        "year": "CAST(replace(period, 'FY', '')[1:4] AS INTEGER)",
    }


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
        "CASE freq WHEN 'D' THEN 0 WHEN 'M' THEN 1 WHEN 'Q' THEN 3 WHEN 'H' THEN 6 "
        "WHEN 'A' THEN 12 WHEN 'FY' THEN 12 "
        f"ELSE {end} - ({first_month(area)}) END"
    )
