"""Steps: each printing of a figure beside the one before it, as a table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pyarrow as pa

from boeki.errors import InputError
from boeki.lake.readings import document_sql
from boeki.lake.selection import Selection, several, text
from boeki.lake.store import Lake
from boeki.lake.vintages import PAST

#: What ``flow`` is asked for where exports less imports is meant.
BALANCE = "balance"
#: What says which figure it is, besides the period.
DESCRIBED = {
    "flows": (
        "office", "reporter", "flow", "partner", "classification", "product", "freq", "currency",
        "valuation", "system", "adjustment",
    ),
    "series": ("office", "key", "area", "dimensions", "freq", "unit", "publisher"),
}  # fmt: skip
UNITS = {"flows": "currency", "series": "unit"}
_SAID = ("value", "resolution", "status", "source", "published")


def steps(lake: Lake, table: str, which: Selection, since: dt.date | None) -> pa.Table:
    """Consecutive printings of each figure.

    Returns
    -------
    pyarrow.Table
        The columns that describe the figure, ``period``, what the later printing said (``value``,
        ``resolution``, ``status``, ``source``, ``published``) and the one before (``before_value``
        …), ``difference``, ``percent`` (null after a value of 0, and of percentages), ``unchanged``
        (the two differ by no more than their last digits can), ``reading`` (the office revised
        nothing: the same bytes are read otherwise), ``figure`` and ``place``, its place in order.
        What a document was misread to say is beside nothing but what it is read to say now.
    """
    described, unit = ", ".join(DESCRIBED[table]), UNITS[table]
    if which.flow == BALANCE:
        printings = _balances(which)
    else:
        chosen = which.where(table)
        own = "(PARTITION BY figure, document, published)"
        printings = (
            f"SELECT * FROM (SELECT *, revision < max(revision) OVER {own} AS misread, "
            f"count(*) OVER {own} > 1 AS reread FROM (SELECT figure, {described}, period, month, "
            f"{', '.join(_SAID)}, retrieved, revision, {document_sql()} AS document "
            f"FROM {{{table}}} WHERE {chosen} AND figure IN {several(table, chosen)})) "
            "WHERE value IS NOT NULL"
        )
    before = ", ".join(f"lag({c}) OVER past AS before_{c}" for c in _SAID)
    late = f" AND published >= DATE {text(since.isoformat())}" if since else ""
    order = described.replace("dimensions", "CAST(dimensions AS VARCHAR)")
    place = "row_number() OVER past AS place_"
    return lake.query(
        f"WITH printed AS ({printings}), "
        f"told AS (SELECT *, {before}, {place}, false AS reading FROM printed WHERE NOT misread "
        f"WINDOW past AS ({PAST}) UNION ALL "
        f"SELECT *, {before}, {place}, true AS reading FROM printed WHERE reread "
        "WINDOW past AS (PARTITION BY figure, document, published ORDER BY revision)), "
        "beside AS (SELECT *, value - before_value AS difference "
        f"FROM told WHERE place_ > 1{late}) "
        f"SELECT figure, {described}, period, {', '.join(_SAID)}, "
        f"{', '.join(f'before_{c}' for c in _SAID)}, difference, "
        f"CASE WHEN before_value <> 0 AND {unit} NOT IN ('%', 'pp') "
        "THEN 100 * CAST(difference AS DOUBLE) / abs(CAST(before_value AS DOUBLE)) END AS percent, "
        "abs(difference) * 2 <= resolution + before_resolution AS unchanged, reading, "
        f"row_number() OVER (ORDER BY {order}, month, period, figure, reading, published, place_) "
        "AS place FROM beside ORDER BY place"
    )


def _balances(which: Selection) -> str:
    """SQL for the balance of all goods after each day that brought exports or imports.

    Only totals: elsewhere one code can mean one thing among exports and another among imports.
    """
    if which.product not in ("", "TOTAL"):
        raise InputError(
            f"the balance of {which.product} is not followed through its vintages, only that of "
            "all goods: ask for the revisions of its exports and its imports"
        )
    chosen = replace(which, flow="", product="TOTAL").where("flows")
    shared = [c for c in DESCRIBED["flows"] if c not in ("flow", "valuation")]
    key = ", ".join([*shared, "period", "month"])
    one = (
        f"SELECT DISTINCT figure AS {{0}}, valuation AS {{0}}_valuation, {key} FROM chosen "
        "WHERE flow = '{0}'"
    )
    last = ", ".join(
        f"arg_max({c}, (retrieved, revision)) FILTER (flow = '{flow}') AS {flow}_{c}"
        for flow in ("export", "import")
        for c in ("value", "resolution", "status", "source")
    )
    known = ", ".join(
        f"last_value({flow}_{c} IGNORE NULLS) OVER past AS {flow}_{c}"
        for flow in ("export", "import")
        for c in ("value", "resolution", "status")
    )
    sources = (
        "CASE WHEN export_source <> import_source THEN concat(export_source, ' + ', import_source) "
        "ELSE coalesce(export_source, import_source) END"
    )
    return (
        f"WITH chosen AS (SELECT * FROM {{flows}} WHERE {chosen} AND value IS NOT NULL "
        "AND flow IN ('export', 'import')), "
        f"pairs AS (SELECT *, concat(export, '-', import) AS pair FROM ({one.format('export')}) "
        f"JOIN ({one.format('import')}) USING ({key})), "
        "sides AS (SELECT pair, export AS figure FROM pairs UNION ALL "
        "SELECT pair, import FROM pairs), "
        f"days AS (SELECT pair, published, {last} FROM sides JOIN chosen USING (figure) "
        "GROUP BY pair, published), "
        f"filled AS (SELECT pair, published, {sources} AS source, {known} FROM days "
        "WINDOW past AS (PARTITION BY pair ORDER BY published)) "
        f"SELECT pair AS figure, '{BALANCE}' AS flow, "
        f"concat(export_valuation, '/', import_valuation) AS valuation, {key}, "
        "export_value - import_value AS value, "
        "export_resolution + import_resolution AS resolution, "
        "CASE WHEN export_status = import_status THEN export_status "
        "ELSE concat(export_status, ' / ', import_status) END AS status, "
        "source, published, published AS retrieved, 0 AS revision, source AS document, "
        "false AS misread, false AS reread FROM filled JOIN pairs "
        "USING (pair) WHERE export_value IS NOT NULL AND import_value IS NOT NULL"
    )


def extents(lake: Lake, table: str, found: pa.Table) -> list[dict[str, Any]]:
    """How far figures were revised, by office, period and unit."""
    moved = "FILTER (NOT unchanged)"
    # What boeki misread, no office revised.
    lake.connection.register("steps_found", found)
    try:
        told = lake.connection.sql(
            f"SELECT office, '{table}' AS table, freq, period, {UNITS[table]} AS unit, "
            f"count(*) {moved} AS revisions, count(DISTINCT figure) {moved} AS figures, "
            "count(*) FILTER (unchanged) AS unchanged, "
            f"avg(abs(difference)) {moved} AS mean_absolute, avg(difference) {moved} AS bias, "
            f"CAST(max(abs(difference)) {moved} AS DOUBLE) AS largest, "
            f"avg(abs(percent)) {moved} AS mean_absolute_percent, "
            f"avg(percent) {moved} AS bias_percent "
            "FROM steps_found WHERE NOT reading GROUP BY ALL ORDER BY ALL"
        )
        return list(told.to_arrow_table().to_pylist())
    finally:
        lake.connection.unregister("steps_found")


def listed(lake: Lake, found: pa.Table, largest: int | None, *, everything: bool) -> pa.Table:
    """The steps that are to be shown, in order: all of them, or those that changed most."""
    lake.connection.register("steps_found", found)
    try:
        most = f" ORDER BY abs(percent) DESC NULLS LAST, place LIMIT {largest}" if largest else ""
        chosen = "true" if everything else "NOT unchanged"
        return lake.connection.sql(
            f"FROM (SELECT * FROM steps_found WHERE {chosen}{most}) ORDER BY place"
        ).to_arrow_table()
    finally:
        lake.connection.unregister("steps_found")
