"""Shares: part of a whole."""

from __future__ import annotations

import ibis
from ibis import _

_SAME = ["as_of", "measure", "reporter", "unit", "adjustment", "basis", "months", "month"]


def share(parts: ibis.Table, whole: ibis.Table) -> ibis.Table:
    """Add the percentage that each figure is of a whole.

    Parameters
    ----------
    parts
        Observations.
    whole
        Observations of the whole, one for each measure, reporter and period: exports of all goods
        to the world, say.

    Returns
    -------
    ibis.Table
        The parts that have a whole, with ``share`` (percent, float64) and ``whole`` (its value).
    """
    base = whole.select(*_SAME, whole=_.value, whole_rows=_.rows)
    joined = parts.join(base, _SAME, rname="{name}_r")
    percent = _.value.cast("float64") / _.whole.nullif(0).cast("float64") * 100
    return joined.mutate(share=percent)
