"""Validation on history: start from one year, feed what was known, compare with another year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, MissingExtra
from boeki.model.over_time.flywheel import Flywheel
from boeki.model.over_time.history_known import known_shares, shares_with_growth
from boeki.model.over_time.path import simulate_path
from boeki.model.over_time.timed import Timed, timed
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]

#: Sectors with less of world trade than this share are not counted.
_SMALL = 1e-4


@dataclass(frozen=True)
class Score:
    """How near a forecast of market shares came.

    Attributes
    ----------
    error
        Mean absolute error, in percentage points, each country and sector alike.
    weighted
        The same, sectors by their part in world trade.
    rmse
        Root of the mean square, in percentage points.
    weighted_rmse
        The same, sectors by their part in world trade.
    correlation
        Spearman's rank correlation of forecast and actual changes of shares.
    direction
        Share of directions told right, of changes by a tenth of a point and more.
    """

    error: float
    weighted: float
    rmse: float
    weighted_rmse: float
    correlation: float | None
    direction: float | None


@dataclass(frozen=True, eq=False)
class History:
    """Forecasts of a year's market shares from an earlier one, and how near they came.

    Attributes
    ----------
    before, after
        The worlds of the two years.
    forecasts
        Name to shares in world exports, ``(country, sector)``.
    scores
        Name to how near it came.
    """

    before: World
    after: World
    forecasts: Mapping[str, Array] = field(repr=False)
    scores: Mapping[str, Score]

    def table(self) -> Answer:
        """The scores, one row a forecast."""
        from boeki.model.over_time.history_table import history_table

        return history_table(self)

    def sectors(self) -> Answer:
        """The scores by sector."""
        from boeki.model.over_time.history_table import history_sectors

        return history_sectors(self)

    def countries(self) -> Answer:
        """The scores by country."""
        from boeki.model.over_time.history_table import history_countries

        return history_countries(self)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def validate_history(
    before: World,
    after: World,
    *,
    flywheel: Flywheel | None = None,
    early: World | None = None,
    known: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> History:
    """Forecast market shares of one year from those of another, and score the forecasts.

    What is known is the growth of countries against each other: each one's labour is what gives its
    share in world GDP of the later year, coming evenly, the world's labour being held. Who sells
    what is for the model to tell.

    Parameters
    ----------
    before, after
        Worlds of two years, the same countries and sectors; θ are those of the first.
    flywheel
        With it one more forecast.
    early
        A world before the first, for trends: the change a year goes on, of shares in points or in
        logarithms.
    known
        Of ``demand``, ``deficits``, ``tariffs`` and ``trade costs``: what else is fed as it turned
        out, one after the other, by inversion of the two years. No forecasts: they say what knowing
        more would have brought.
    progress
        Called with 1 for every path.
    options
        As :func:`boeki.simulate_path` takes them; deficits are held where nothing is said.

    Raises
    ------
    InputError, UnknownTerm
        For other countries or sectors, years that are none or not in order, and knowledge that
        there is not.
    NotSolved
        Where no growth of labour gives the later year's GDP.

    Notes
    -----
    Forecasts: ``no change``; ``trend in points`` and ``trend in logarithms`` where there is an
    earlier world; ``growth``, the model without a flywheel; ``growth and flywheel``. With ``known``
    also ``growth, demand`` …, equilibria of the last year, with a flywheel once more where it is at
    rest.
    """
    years = _years(before, after)
    if early is not None:
        _years(early, before)
    share = before.market_share
    forecasts: dict[str, Array] = {"no change": share}
    if early is not None:
        forecasts["trend in points"] = _trend_in_points(early, before, years)
        forecasts["trend in logarithms"] = _trend(early, before, years)
    given = {"balance": "fixed", **options}
    forecasts["growth"] = _grown(before, after, years, None, given, progress)
    if flywheel is not None:
        forecasts["growth and flywheel"] = _grown(before, after, years, flywheel, given, progress)
    forecasts.update(known_shares(before, after, known, progress=progress))
    if flywheel is not None:
        psi = flywheel.kappa(before) / before.trade_elasticity
        rest = known_shares(before, after, known, scale_elasticity=psi, progress=progress)
        forecasts.update({f"{name}, flywheel at rest": made for name, made in rest.items()})
    scores = {name: score(made, after, before.market_share) for name, made in forecasts.items()}
    return History(before, after, forecasts, scores)


def score(forecast: Array, after: World, share_before: Array) -> Score:
    """How near a forecast of shares in world exports came, ``(country, sector)``.

    Parameters
    ----------
    forecast
        Shares.
    after
        The world as it became.
    share_before
        Shares that all started from.
    """
    try:
        from scipy.stats import spearmanr
    except ImportError:
        raise MissingExtra("world", "scoring forecasts") from None

    traded = after.exports_by_sector.sum(0)
    kept = traded > _SMALL * traded.sum()
    actual = after.market_share[:, kept]
    gap = 100 * np.abs(forecast[:, kept] - actual)
    weight = traded[kept] / traded[kept].sum()
    told = 100 * (forecast - share_before)[:, kept]
    became = 100 * (actual - share_before[:, kept])
    moved = np.abs(became) >= 0.1
    says = bool(np.abs(told).max() > 1e-9 and np.abs(became).max() > 1e-9)
    return Score(
        float(gap.mean()), float((gap.mean(0) * weight).sum()), float(np.sqrt((gap**2).mean())),
        float(np.sqrt(((gap**2).mean(0) * weight).sum())),
        float(spearmanr(told.ravel(), became.ravel()).statistic) if says else None,
        float((np.sign(told) == np.sign(became))[moved].mean()) if says and moved.any() else None,
    )  # fmt: skip


def _years(before: World, after: World) -> int:
    if before.countries != after.countries or before.sectors != after.sectors:
        raise InputError("both years must have the same countries and sectors")
    if not before.year or not after.year or after.year - before.year < 2:
        raise InputError(
            f"the years of the worlds must be known, the second two or more after the first: "
            f"{before.year} and {after.year}"
        )
    return int(after.year - before.year)


def _trend_in_points(early: World, before: World, years: int) -> Array:
    """Shares go on changing by as many points a year, to no less than nothing."""
    then, now = early.market_share, before.market_share
    span = (before.year or 0) - (early.year or 0)
    return _to_one(np.clip(now + (now - then) * years / span, 0, None))


def _trend(early: World, before: World, years: int) -> Array:
    """Log shares go on changing as they did; shares are brought back to a sum of one."""
    then, now = early.market_share, before.market_share
    span = (before.year or 0) - (early.year or 0)
    both = (then > 0) & (now > 0)
    ratio = np.divide(now, then, out=np.ones_like(now), where=both)
    return _to_one(now * ratio ** (years / span))


def _to_one(made: Array) -> Array:
    """Shares brought back to a sum of one in every sector."""
    total = made.sum(0)
    return np.asarray(np.divide(made, total, out=np.zeros_like(made), where=total > 0))


def _grown(
    before: World, after: World, years: int, flywheel: Flywheel | None, options: dict[str, Any],
    progress: Callable[[int], None] | None,
) -> Array:  # fmt: skip
    """Shares in the last period of a path on which GDP grows as it did."""
    flat = replace(before, scale_elasticity=np.zeros(len(before.sectors)))

    def solve(labour: Array) -> tuple[Array, Array]:
        path = simulate_path(
            flat, _growth(flat, labour, years), periods=years + 1, flywheel=flywheel, **options
        )
        return path.gdp[-1], path.market_share[-1]

    return shares_with_growth(before, after, solve, progress)


def _growth(world: World, labour: Array, years: int) -> list[Timed]:
    """Labour that grows evenly, in logarithms, to the last period."""
    out = []
    for t in range(1, years + 1):
        change = np.expm1(labour * t / years)
        words = [
            {"countries": name, "change": float(change[n])}
            for n, name in enumerate(world.countries)
        ]
        out.append(timed({"labour": words}, start=t, end=t if t < years else None))
    return out
