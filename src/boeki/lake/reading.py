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
_PRIME = 2**31 - 1


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
        # Kept, so that an engine knows how few they are and holds these in memory, not all others.
        ones = lake.keep(several.select("figure").distinct())
        for day in (None, *drawn(sorted(days), 1)):
            read = lake.flows(day) if table == "flows" else lake.series(day)
            wanted = _wanted(rows, ones, day)
            # To hold all rows of a large lake against one another takes gigabytes; the sums tell
            # whether there is any need to.
            count, *sums = _sums(lake, wanted)
            looked += count if day is None else 0
            if [count, *sums] != _sums(lake, read):
                found = lake.execute(_compared(wanted, read)).to_pylist()[0]
                out.append(_finding(table, day, found))
        lake.drop(ones)
    return out, looked


def _sums(lake: Lake, table: ibis.Table) -> list[int]:
    """How many rows a table has, and sums that no two tables of different rows have in common, but
    by a chance of one in some 2⁶⁰.
    """
    # Small enough that no product goes beyond 64 bits, on any engine.
    part = _.figure % _PRIME
    day = _.published.epoch_seconds() // 86_400 + 1
    terms = {"figures": _.figure, "days": part * day, "revisions": part * (_.revision + 1)}
    told = {name: term.cast("decimal(19, 0)").sum() for name, term in terms.items()}
    (found,) = lake.execute(table.agg(n=_.count(), **told)).to_pylist()
    return [int(found[name] or 0) for name in ("n", *terms)]


def _wanted(rows: ibis.Table, ones: ibis.Table, day: dt.date | None) -> ibis.Table:
    """The newest row of each figure on a day, by the plain definition.

    Parameters
    ----------
    rows, ones
        All rows, and the figures that may have several.
    day
        None for now.
    """
    known = rows if day is None else rows.filter(_.published <= ibis.date(day.isoformat()))
    place = ibis.row_number().over(
        group_by="figure",
        order_by=[_.published.desc(), _.retrieved.desc(), _.revision.desc(), _.source.asc()],
    )
    newest = known.semi_join(ones, "figure").mutate(place_=place).filter(_.place_ == 0)
    # A row without a value takes its figure out.
    newest = newest.filter(_.value.notnull())
    alone = known.anti_join(ones, "figure")
    return ibis.union(newest.select(*_NAME, "revision"), alone.select(*_NAME, "revision"))


def _compared(wanted: ibis.Table, read: ibis.Table) -> ibis.Table:
    """For how many figures another row is read than is wanted, and the source of one of them."""
    counted = ibis.union(
        wanted.select(_NAME).mutate(wanted=ibis.literal(1), read=ibis.literal(0)),
        read.select(_NAME).mutate(wanted=ibis.literal(0), read=ibis.literal(1)),
    )
    each: Any = counted.group_by(_NAME).aggregate(wanted=_.wanted.sum(), read=_.read.sum())
    return each.aggregate(
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
