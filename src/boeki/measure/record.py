"""Records: whether a figure is the highest or lowest so far, of all or of its calendar month."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _

#: A record is called one only against so many months of figures without a gap, or against so many
#: years of its calendar month.
LEAST_MONTHS, LEAST_YEARS = 24, 3


def record(observations: ibis.Table) -> ibis.Table:
    """Add what each figure is compared with when it is called a record.

    Returns
    -------
    ibis.Table
        With ``series_high`` and ``series_low`` (the highest and lowest value before the period),
        ``month_high`` and ``month_low`` (the same over earlier years' periods with the same start),
        ``series_first`` and ``month_first`` (the first month compared with), ``series_count`` and
        ``month_count`` (how many figures that is). Null for the first period of all.
    """
    # A year is compared with years that start in the same month, a month with all months.
    calendar = observations.mutate(season_=_.month % 12, phase_=_.month % _.months.clip(lower=1))
    spans = {"series": ["series", "phase_"], "month": ["series", "season_"]}
    added: dict[str, Any] = {}
    for name, key in spans.items():
        before = ibis.window(group_by=key, order_by="month", preceding=(None, 1))
        added |= {
            f"{name}_high": _.value.max().over(before),
            f"{name}_low": _.value.min().over(before),
            f"{name}_first": _.month.min().over(before),
            f"{name}_count": _.value.count().over(before),
        }
    return calendar.mutate(**added).drop("season_", "phase_")


def since(observations: ibis.Table) -> ibis.Table:
    """Add the last earlier period that was at least as high, and the last that was at least as low.

    "The largest since January 2014" says that January 2014 was larger, and nothing after it.

    Returns
    -------
    ibis.Table
        With ``higher_month`` and ``lower_month``: first months of those periods, null where there
        is none.
    """
    past = observations.select(series=_.series, past_month=_.month, past_value=_.value)
    pairs = observations.left_join(
        past,
        [
            observations.series == past.series,
            past.past_month < observations.month,
        ],
    )
    found = pairs.group_by(["series", "month"]).aggregate(
        higher_month=_.past_month.max(where=_.past_value >= _.value),
        lower_month=_.past_month.max(where=_.past_value <= _.value),
    )
    joined = observations.left_join(found, ["series", "month"], rname="{name}_r")
    return joined.select(*[joined[c] for c in observations.columns], "higher_month", "lower_month")
