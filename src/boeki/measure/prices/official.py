"""Value, volume and unit value indexes that an office itself publishes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ibis import _

from boeki.lake import Lake
from boeki.measure.observations import observations, stated
from boeki.terms.periods import Period

KINDS = ("unit_value", "volume", "value")


@dataclass(frozen=True, slots=True)
class Official:
    """One figure of an official index.

    Attributes
    ----------
    value, unit
        ``154.9``, ``2020=100``.
    published, sources, rows
        The evidence.
    """

    value: Decimal
    unit: str
    published: dt.date
    sources: tuple[str, ...]
    rows: tuple[str, ...]


def official_indexes(
    lake: Lake,
    reporter: str,
    flow: str,
    kind: str,
    *,
    months: int = 1,
    as_of: dt.date | None = None,
) -> dict[str, Official]:
    """An office's index of all goods traded with the world, by period.

    Parameters
    ----------
    lake
        Where the figures are.
    reporter
        Area code.
    flow, kind
        ``export``, ``import``; ``unit_value``, ``volume``, ``value``.
    months
        Length of the periods.
    as_of
        Only what was published by this day.

    Returns
    -------
    dict
        Empty where the lake has none; of several base years, the newest alone.
    """
    key = f"{flow}_{kind}_index"
    table = observations(lake, as_of, measures=[key], reporters=[reporter])
    return _by_period(lake, table, key, months)


def official_growth(
    lake: Lake,
    reporter: str,
    flow: str,
    kind: str,
    *,
    months: int = 1,
    as_of: dt.date | None = None,
) -> dict[str, Official]:
    """The office's own growth rates of such an index on the year, in percent, by period."""
    table = stated(lake, as_of).filter(_.reporter == reporter, _.base == "yoy")
    return _by_period(lake, table, f"{flow}_{kind}", months)


def _by_period(lake: Lake, table: Any, measure: str, months: int) -> dict[str, Official]:
    chosen = table.filter(
        _.measure == measure, _.partner == "WLD", _["product"] == "TOTAL", _.months == months,
        _.adjustment == "nsa",
    )  # fmt: skip
    rows = lake.execute(chosen.order_by("unit", "month")).to_pylist()
    units = sorted({r["unit"] for r in rows})
    kind: Any = {1: "M", 3: "Q", 12: "A"}.get(months, "S")
    return {
        str(Period(r["month"], months, kind)): Official(
            r["value"], r["unit"], r["published"], tuple(r["sources"]), tuple(r["rows"])
        )
        for r in rows
        if r["unit"] == units[-1]
    }
