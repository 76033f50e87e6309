"""Streaks: how many periods in a row a figure has kept its sign."""

from __future__ import annotations

import ibis
from ibis import _


def streak(table: ibis.Table, column: str = "value", name: str = "streak") -> ibis.Table:
    """Add the length of the run of equal signs that ends in each period.

    A run is broken by a change of sign and by a missing period: what is not known cannot be
    counted.

    Parameters
    ----------
    table
        Observations, with ``column`` in it.
    column
        ``value`` for runs of surpluses and deficits; a growth column for runs of rises and falls.
    name
        Of the columns added.

    Returns
    -------
    ibis.Table
        With ``{name}`` (periods, negative for a run of negative signs, null where the sign is
        unknown) and ``{name}_open`` (True where the run reaches back to the first known period, so
        that it may be longer).
    """
    sign = table[column].sign().cast("int8")
    # Windows that overlap are no run: a year is followed by the year that starts when it ends.
    length = _.months.clip(lower=1)
    key = ["series", "phase_", "sign_"]
    step = table.mutate(
        sign_=sign, phase_=_.month % length, place_=(_.month // length).cast("int64")
    )
    # Consecutive periods of one sign share the difference between their number and their place
    # among such periods.
    island = step.mutate(island_=_.place_ - ibis.row_number().over(group_by=key, order_by="month"))
    run = ibis.row_number().over(group_by=[*key, "island_"], order_by="month") + 1
    start = (_.month.min()).over(ibis.window(group_by=[*key, "island_"]))
    counted = island.mutate(run_=run, start_=start)
    first = counted.mutate(
        before_=ibis.ifelse(_.sign_.notnull(), _.month, ibis.null("int32"))
        .min()
        .over(ibis.window(group_by=["series", "phase_"]))
    )
    signed = ibis.ifelse(_.sign_.isnull(), ibis.null("int64"), _.run_ * _.sign_)
    return first.mutate(**{name: signed, f"{name}_open": _.start_ == _.before_}).drop(
        "sign_", "phase_", "place_", "island_", "run_", "start_", "before_"
    )
