"""Whether readings of a lake give what was newest, by the plain definition of it.

A lake reads in a way that sorts nothing. Here it is sorted, and the two are compared.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis import _

from boeki.lake import tables
from boeki.lake.findings import Finding
from boeki.lake.store import Lake
from boeki.lake.verify import drawn

_NAME = ["figure", "source", "published"]


def check_reading(lake: Lake) -> tuple[list[Finding], int]:
    """Whether what is known now, and on one earlier day chosen by chance, is the newest row of each
    figure.

    Returns
    -------
    findings, number of figures looked at
    """
    out, looked = [], 0
    for table in tables.STORED:
        rows = lake.all_flows if table == "flows" else lake.all_series
        shipped = [source for source, d in lake.documents.items() if not d["sha256"]]
        # The other figures have one row each.
        several = rows.filter((_.revision > 0) | _.source.isin(shipped))
        days = lake.execute(several.select("published").distinct()).column(0).to_pylist()
        for day in (None, *drawn(sorted(days), 1)):
            found = lake.execute(_compared(lake, table, rows, several, day)).to_pylist()[0]
            looked += int(found["n"]) if day is None else 0
            if found["odd"]:
                out.append(_finding(table, day, found))
    return out, looked


def _compared(
    lake: Lake, table: str, rows: ibis.Table, several: ibis.Table, day: dt.date | None
) -> ibis.Table:
    """How many figures there are on a day, and for how many another row is read than the newest.

    Parameters
    ----------
    lake, table, day
        What is read.
    rows, several
        All rows, and some of each figure that may have several.
    """
    read = (lake.flows(day) if table == "flows" else lake.series(day)).select(_NAME)
    known = rows if day is None else rows.filter(_.published <= ibis.date(day.isoformat()))
    ones = several.select("figure").distinct()
    place = ibis.row_number().over(
        group_by="figure",
        order_by=[_.published.desc(), _.retrieved.desc(), _.revision.desc(), _.source.asc()],
    )
    newest = known.semi_join(ones, "figure").mutate(place_=place).filter(_.place_ == 0)
    # A row without a value takes its figure out.
    newest = newest.filter(_.value.notnull())
    wanted = ibis.union(newest.select(_NAME), known.anti_join(ones, "figure").select(_NAME))
    counted = ibis.union(
        wanted.mutate(wanted=ibis.literal(1), read=ibis.literal(0)),
        read.mutate(wanted=ibis.literal(0), read=ibis.literal(1)),
    )
    each: Any = counted.group_by(_NAME).aggregate(wanted=_.wanted.sum(), read=_.read.sum())
    return each.aggregate(
        n=_.wanted.sum().fill_null(0),
        odd=(_.wanted != _.read).sum().fill_null(0),
        source=_.source.max(where=_.wanted != _.read),
    )


def _finding(table: str, day: dt.date | None, found: dict[str, Any]) -> Finding:
    when = "now" if day is None else f"on {day}"
    return Finding(
        "error",
        "reading",
        table,
        f"what is read as known {when} is not the newest row of each figure, such as of one in "
        f"{found['source']}. Please report this",
        int(found["odd"]),
    )
