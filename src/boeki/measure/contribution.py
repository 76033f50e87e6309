"""Contributions: how much of the change of a total each part accounts for."""

from __future__ import annotations

import ibis


def contribution(parts: ibis.Table, total: ibis.Table, base: str = "yoy") -> ibis.Table:
    """Add each part's contribution to the change of a total.

    Parameters
    ----------
    parts
        Figures with their change, as :func:`boeki.measure.change` gives them.
    total
        The total's, likewise; one for each reporter and period.
    base
        The base of both.

    Returns
    -------
    ibis.Table
        With ``contribution`` (percentage points of the total's growth) and ``share_of_change``
        (percent of its change), both float64 and null where the total did not change.
    """
    same = ["as_of", "measure", "reporter", "unit", "adjustment", "basis", "months", "month"]
    difference, past = f"{base}_difference", f"{base}_base"
    whole = total.select(*same, total_difference=total[difference], total_base=total[past])
    joined = parts.join(whole, same, rname="{name}_r")
    own = joined[difference].cast("float64")
    past_total = joined.total_base.nullif(0).cast("float64").abs()
    moved = joined.total_difference.nullif(0).cast("float64")
    return joined.mutate(contribution=own / past_total * 100, share_of_change=own / moved * 100)
