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
        unknown) and ``{name}_open`` (True where the sign of the period before the run is not known,
        so that it may be longer).
    """
    sign = table[column].sign().cast("int8")
    # Windows that overlap are no run: a year is followed by the year that starts when it ends.
    length = _.months.clip(lower=1)
    step = table.mutate(
        sign_=sign,
        known_=sign.notnull(),
        phase_=_.month % length,
        place_=(_.month // length).cast("int64"),
    )
    runs = _stretches(step, "sign_", "run_")
    known = _stretches(runs, "known_", "known_run_")
    signed = ibis.ifelse(_.known_, _.run_ * _.sign_, ibis.null("int64"))
    return known.mutate(**{name: signed, f"{name}_open": _.run_ == _.known_run_}).drop(
        "sign_", "known_", "phase_", "place_", "run_", "known_run_"
    )


def _stretches(table: ibis.Table, same: str, name: str) -> ibis.Table:
    """Count, up to each period, those before it without a gap that are the same in a column."""
    key = ["series", "phase_", same]
    # Consecutive periods share the difference between their number and their place among such
    # periods.
    number = ibis.row_number().over(group_by=key, order_by="month")
    island = table.mutate(island_=_.place_ - number)
    run = ibis.row_number().over(group_by=[*key, "island_"], order_by="month") + 1
    return island.mutate(**{name: run}).drop("island_")
