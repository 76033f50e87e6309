"""Value, volume and unit value indexes that an office itself publishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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
    return _by_period(_rows(lake, table, [key], months), months)


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
    found = official_growths(lake, reporter, [(flow, kind)], months=months, as_of=as_of)
    return found[flow, kind]


def official_growths(
    lake: Lake,
    reporter: str,
    wanted: Sequence[tuple[str, str]],
    *,
    months: int = 1,
    as_of: dt.date | None = None,
) -> dict[tuple[str, str], dict[str, Official]]:
    """The same of several flows and kinds at once."""
    table = stated(lake, as_of).filter(_.reporter == reporter, _.base == "yoy")
    names = {f"{flow}_{kind}": (flow, kind) for flow, kind in wanted}
    rows = _rows(lake, table, list(names), months)
    return {
        key: _by_period([r for r in rows if r["measure"] == name], months)
        for name, key in names.items()
    }


def _rows(lake: Lake, table: Any, measures: list[str], months: int) -> list[dict[str, Any]]:
    chosen = table.filter(
        _.measure.isin(measures), _.partner == "WLD", _["product"] == "TOTAL", _.months == months,
        _.adjustment == "nsa",
    )  # fmt: skip
    return list(lake.execute(chosen.order_by("unit", "month")).to_pylist())


def _by_period(rows: list[dict[str, Any]], months: int) -> dict[str, Official]:
    units = sorted({r["unit"] for r in rows})
    kind: Any = {1: "M", 3: "Q", 12: "A"}.get(months, "S")
    return {
        str(Period(r["month"], months, kind)): Official(
            r["value"], r["unit"], r["published"], tuple(r["sources"]), tuple(r["rows"])
        )
        for r in rows
        if r["unit"] == units[-1]
    }
