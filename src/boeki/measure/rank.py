"""Ranks: a figure's place among those of other partners, products or reporters."""

from __future__ import annotations

from typing import Literal

import ibis
from ibis import _

from boeki.measure.observations import SERIES_KEY


def rank(
    observations: ibis.Table,
    among: Literal["partner", "product", "reporter"],
    *,
    smallest_first: bool = False,
) -> ibis.Table:
    """Add each figure's place among others that differ in one respect only.

    Ties share the better place, and the next place is left out (1, 2, 2, 4).

    Parameters
    ----------
    observations
        Only those that are to be ranked: a region stands among countries only if the caller lets
        it.
    among
        What they differ in.
    smallest_first
        Count from the smallest value: the largest deficit first, in a balance.

    Returns
    -------
    ibis.Table
        With ``rank`` (1 is first) and ``of`` (how many were ranked).
    """
    key = [c for c in (*SERIES_KEY, "month") if c != among]
    order = _.value.asc() if smallest_first else _.value.desc()
    return observations.mutate(
        rank=ibis.rank().over(group_by=key, order_by=order) + 1,
        of=_.value.count().over(ibis.window(group_by=key)),
    )
