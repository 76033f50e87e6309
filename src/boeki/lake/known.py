"""What was known on a day: of each figure the newest row published by then."""

from __future__ import annotations

import datetime as dt
from typing import Any

import ibis
from ibis import _

#: The day that stands for "all that is known now".
NEWEST = dt.date(9999, 12, 31)

#: A day, several, or None for now.
Days = dt.date | tuple[dt.date | None, ...] | None


def known(moving: ibis.Table, as_of: Days, *, stand_in: bool, few: bool = False) -> ibis.Table:
    """Of each figure the newest row published by a day; or, standing in, the oldest after it.

    Parameters
    ----------
    moving
        Rows of which some are revisions.
    as_of
        The day; None for the newest. Several give the table once for each.
    stand_in
        Let the oldest row of a figure stand in where none was published by the day.
    few
        There are so few rows that looking for those without revisions first would not pay.

    Returns
    -------
    ibis.Table
        The columns given, with ``as_of`` and ``stand_in``.
    """
    if few:
        return _newest(on_days(moving, as_of, stand_in=stand_in))
    # A figure that has one row needs no comparing. Most have.
    revised = moving.filter(_.revision > 0).select("figure").distinct()
    alone = moving.anti_join(revised, "figure")
    several = moving.semi_join(revised, "figure")
    return ibis.union(
        on_days(alone, as_of, stand_in=stand_in),
        _newest(on_days(several, as_of, stand_in=stand_in)),
    )


def on_days(table: ibis.Table, as_of: Days, *, stand_in: bool) -> ibis.Table:
    """Rows once for each day, without those published after it unless they may stand in."""
    days = as_of if isinstance(as_of, tuple) else (as_of,)
    # Sorted, so that the same question always compiles to the same SQL.
    asked: list[Any] = [ibis.date(d.isoformat()) for d in sorted({d or NEWEST for d in days})]
    if len(asked) == 1:
        table = table.mutate(as_of=asked[0])
    else:
        table = table.mutate(as_of=ibis.array(asked).unnest())
    if days == (None,):
        return table.mutate(stand_in=ibis.literal(False))
    table = table.mutate(stand_in=_.published > _.as_of)
    return table if stand_in else table.filter(~_.stand_in)


def _newest(table: ibis.Table) -> ibis.Table:
    """One row a figure and day."""
    day = _.published.epoch_seconds()
    newest_first = [
        _.stand_in.asc(),
        ibis.ifelse(_.stand_in, day, -day).asc(),
        _.retrieved.desc(),
        _.revision.desc(),
        _.source.asc(),
    ]
    place = ibis.row_number().over(group_by=["as_of", "figure"], order_by=newest_first)
    return table.mutate(place_=place).filter(_.place_ == 0).drop("place_")
