"""The two periods that a change lies between, and the figures of both."""

from __future__ import annotations

from typing import Any

from boeki.errors import InputError, NoFigure
from boeki.lake import Lake
from boeki.measure.prices.panel import Panel, panel_of
from boeki.measure.prices.panel_lake import Goods, read_panel
from boeki.terms import areas
from boeki.terms.periods import Period

#: Base to how many months it lies back.
BACK = {"yoy": 12, "qoq": 3, "mom": 1}


def base_of(period: Period, vs: str, reporter: str | None = None) -> Period:
    """The period that another is compared with.

    Parameters
    ----------
    period
        The one whose change is asked for.
    vs
        ``yoy``, ``qoq``, ``mom``, or a period of the same length.
    reporter
        By whose custom a fiscal year is read.

    Raises
    ------
    BadPeriod, InputError
        For what is no base, or one of another length.
    """
    if vs in BACK:
        if vs != "yoy" and BACK[vs] != period.months:
            raise InputError(f"{period} has no change {vs}: it covers {period.months} months")
        return period.shift(-BACK[vs])
    base = Period.parse(vs, reporter)
    if base.months != period.months or base == period or base.days:
        raise InputError(f"{period} cannot be compared with {base}: give two periods of one length")
    return base


def both(
    period: str, vs: str, goods: Goods, lake: Lake | None, data: Any = None
) -> tuple[Panel, str, str]:
    """The figures of a period and its base, and what the two are called.

    Parameters
    ----------
    period, vs
        As :func:`base_of` has them; of ``data``, ``vs`` can be any of its periods.
    goods
        What is asked for.
    lake
        Where the figures are, unless there are ``data``.
    data
        A table of one's own, as :func:`boeki.measure.prices.panel_of` takes it.

    Raises
    ------
    NoFigure, InputError
        Where one of the two periods is lacking.
    """
    if data is not None:
        panel = panel_of(data, reporter=goods.reporter, flow=goods.flow)
        named = vs in panel.periods
        base = vs if named else str(base_of(Period.parse(period), vs))
        lacking = [p for p in (base, period) if p not in panel.periods]
        if lacking:
            raise InputError(
                f"the table has no period {lacking[0]}; it has {', '.join(panel.periods)}"
            )
        return panel, base, period
    assert lake is not None  # narrows: the callers open one where there are no data
    whose = areas.find(goods.reporter).code
    now = Period.parse(period, whose)
    if now.days:
        raise InputError(f"figures are of whole months: write {Period(now.first, 1)}, not {now}")
    then = base_of(now, vs, whose)
    panel = read_panel(lake, goods, [then, now])
    missing = [p for p in (then, now) if str(p) not in panel.periods]
    if missing:
        raise NoFigure(
            f"the lake holds no {goods.flow}s of {areas.name(whose)} of all goods asked for in "
            f"{missing[0].label}, so the change to {now.label} cannot be explained"
        )
    return panel, str(then), str(now)
