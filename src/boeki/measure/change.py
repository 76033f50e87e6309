"""Change against an earlier period, in currency and in percent.

Growth is x′/x − 1. Of a balance it follows the size of the gap, as statistical offices print it: a
deficit that goes from 813.9 to 117.6 has changed by −85.5 %. Where a balance changes its sign, or
the base is nil, growth is undefined and stays null.
"""

from __future__ import annotations

import ibis
from ibis import _

from boeki.errors import UnknownTerm

#: How many months back each base lies. ``mom`` and ``qoq`` compare with the period just before.
BACK = {"mom": 1, "qoq": 3, "yoy": 12}


def change(observations: ibis.Table, base: str = "yoy") -> ibis.Table:
    """Add the change of each figure against the same series an earlier period.

    Parameters
    ----------
    observations
        As :func:`boeki.measure.observations` gives them.
    base
        ``yoy``, ``mom`` or ``qoq``.

    Returns
    -------
    ibis.Table
        With ``{base}_base`` (the earlier value), ``{base}_difference`` (in the series' unit),
        ``{base}_growth`` (percent, float64), ``{base}_rows``, ``{base}_sources`` and
        ``{base}_published`` (of the earlier figure). Null where the earlier period is not in the
        table: a missing month is never a zero.

    Raises
    ------
    UnknownTerm
        For another base.
    """
    if base not in BACK:
        raise UnknownTerm("base", base, BACK)
    back = BACK[base]
    past = observations.select(
        series=_.series,
        month=(_.month + back).cast("int32"),
        base_value=_.value,
        base_rows=_.rows,
        base_sources=_.sources,
        base_published=_.published,
        base_stand_in=_.stand_in,
    )
    joined = observations.left_join(past, ["series", "month"], rname="{name}_r")
    same_sign = (_.value == 0) | ((_.value > 0) == (_.base_value > 0))
    defined = (_.base_value != 0) & same_sign
    ratio = _.value.cast("float64") / _.base_value.cast("float64")
    return joined.select(
        *[joined[c] for c in observations.columns],
        **{
            f"{base}_base": _.base_value,
            f"{base}_difference": _.value - _.base_value,
            f"{base}_growth": ibis.ifelse(defined, (ratio - 1) * 100, ibis.null("float64")),
            f"{base}_rows": _.base_rows,
            f"{base}_sources": _.base_sources,
            f"{base}_published": _.base_published,
            f"{base}_stand_in": _.base_stand_in,
        },
    )
