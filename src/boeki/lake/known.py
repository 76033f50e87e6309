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


#: Columns by which it is told which row stands.
NEEDED = ("figure", "revision", "replaces", "until", "published", "retrieved", "source", "value")

#: The same of rows that say until when they stand.
DATED = ("until", "published", "value")

#: Columns by which it is told which rows were replaced.
CHAIN = ("figure", "replaces", "published")


def known(
    moving: ibis.Table | None,
    chain: ibis.Table | None,
    aboard: ibis.Table | None,
    as_of: Days,
    *,
    stand_in: bool,
) -> list[ibis.Table]:
    """Of each figure the newest row published by a day; or, standing in, the oldest after it.

    A figure that was withdrawn by the day has no row, and none stands in for it.

    Parameters
    ----------
    moving
        Rows of which some are revisions, each with its place among the rows of its figure; None
        where there are none.
    chain
        The columns :data:`CHAIN` of the same rows, read for themselves: an expression that is used
        twice would be kept in memory, with every column that is asked for.
    aboard
        A few rows whose places are not known, which may be of the same figures; None where there
        are none.
    as_of
        The day; None for the newest. Several give the table once for each.
    stand_in
        Let the oldest row of a figure stand in where none was published by the day.

    Returns
    -------
    list of ibis.Table
        Parts of one table: the columns given, with ``as_of`` and ``stand_in``.
    """
    parts: list[ibis.Table] = []
    own, mixed = moving, aboard
    if moving is not None and aboard is not None:
        theirs = aboard.select("figure").distinct()
        mixed = ibis.union(moving.semi_join(theirs, "figure"), aboard)
        own = moving.anti_join(theirs, "figure")
    if mixed is not None:
        parts.append(_given(_newest(on_days(mixed, as_of, stand_in=stand_in))))
    if own is None or chain is None:
        return parts
    seen = _standing(own, chain, as_of)
    parts.append(_given(seen))
    if stand_in:
        later = on_days(own, as_of, stand_in=True).filter(_.stand_in)
        parts.append(_newest(later.anti_join(seen, ["as_of", "figure"])))
    return parts


def standing(table: ibis.Table, as_of: Days) -> ibis.Table:
    """Of each figure the newest row published by a day, where every row that was replaced says from
    which day.
    """
    shown = on_days(table, as_of, stand_in=False)
    if as_of is None:
        # So plain that whole groups of replaced rows are left unread.
        return _given(shown.filter(_.until.isnull()))
    return _given(shown.filter(_.until.isnull() | (_.until > _.as_of)))


def _given(table: ibis.Table) -> ibis.Table:
    """Rows with a value: one without says that its figure was taken out, and that none stands."""
    return table.filter(_.value.notnull())


def _standing(table: ibis.Table, chain: ibis.Table, as_of: Days) -> ibis.Table:
    """The rows that no other had replaced by a day.

    A row that came after another says which one it replaces; one that came before another that
    the lake had already says until when it stands. So nothing is sorted, and only the revisions are
    kept in memory.
    """
    shown = on_days(table, as_of, stand_in=False)
    # One day is the same in every row: nothing is found by it.
    several = isinstance(as_of, tuple) and len(set(as_of)) > 1
    key = ["as_of", "figure"] if several else ["figure"]
    revisions = on_days(chain.filter(_.replaces.notnull()), as_of, stand_in=False)
    replaced = revisions.select(*key, revision=_.replaces)
    stands = shown.filter(_.until.isnull() | (_.until > _.as_of))
    return stands.anti_join(replaced, [*key, "revision"])


def on_days(table: ibis.Table, as_of: Days, *, stand_in: bool) -> ibis.Table:
    """Rows once for each day, without those published after it unless they may stand in."""
    days = as_of if isinstance(as_of, tuple) else (as_of,)
    # Sorted, so that the same question always compiles to the same SQL.
    asked: list[Any] = [ibis.date(d.isoformat()) for d in sorted({d or NEWEST for d in days})]
    if days == (None,):
        return table.mutate(as_of=asked[0], stand_in=ibis.literal(False))
    if len(asked) == 1:
        table = table.mutate(as_of=asked[0])
    else:
        table = table.mutate(as_of=ibis.array(asked).unnest())
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
