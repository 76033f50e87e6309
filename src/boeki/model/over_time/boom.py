"""What was a boom worth? Demand and technology that give a sector's course, against none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model.over_time.path import simulate_path
from boeki.model.over_time.timed import Timed, timed
from boeki.model.over_time.transition import TransitionPath
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]
#: What comes after the years observed.
After = Literal["passing", "lasting"]

_ROUNDS, _CLOSE = 60, 1e-8


@dataclass(frozen=True, eq=False)
class Boom:
    """A sector's boom: the shocks that give its course, and the path with them.

    What it was worth is the path against the baseline, which has no boom.

    Attributes
    ----------
    country, sector
        Of what.
    demand
        Weight of the sector in all countries' final spending over the baseline's, ``(year,)``.
    productivity
        Of the country in the sector over the baseline's, ``(year,)``, beside what a flywheel adds.
    after
        ``passing``: both go back when the years are over; ``lasting``: both stay.
    path
        With them.
    gap
        Largest gap between the course and the observed one, relative.
    """

    country: str
    sector: str
    demand: Array = field(repr=False)
    productivity: Array = field(repr=False)
    after: str
    path: TransitionPath
    gap: float

    def table(self) -> Answer:
        """The country by year, as a table."""
        from boeki.model.over_time.boom_table import boom_table

        return boom_table(self)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def invert_boom(
    world: World | None,
    country: str,
    sector: str,
    *,
    sales: Any,
    share: Any,
    after: After = "passing",
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> Boom:
    """The world's demand and a country's technology with which a sector takes its observed course.

    Parameters
    ----------
    world, options
        As :func:`boeki.simulate_path` takes them.
    country, sector
        Whose boom.
    sales
        The world's spending on the sector over the world's GDP, over the baseline's, ``(year,)``
        from the first period on.
    share
        The country's share in the world's exports of the sector over the baseline's, ``(year,)``.
    after
        What comes after these years: ``passing`` or ``lasting``. All of it is foreseen.
    progress
        Called with 1 for every path that is tried.

    Raises
    ------
    InputError, UnknownTerm
        For courses that are not numbers above 0, of different lengths, or as long as the path.
    NotSolved
        Where no demand and technology give them.
    """
    if world is None:
        from boeki.world.embedded import embedded_world

        world = embedded_world()
    if after not in get_args(After):
        raise UnknownTerm("course after the years observed", after, get_args(After))
    wanted = _course(sales, "sales"), _course(share, "share")
    years = wanted[0].size
    if wanted[1].size != years or years >= int(options.get("periods", 40)):
        raise InputError("sales and share are of the same years, fewer than the path has periods")
    n, s = world.country(country), world.sector(sector)
    if world.exports_by_sector[n, s] <= 0:
        raise InputError(f"{country} exports no {sector} in the baseline: there is no course of it")
    demand, skill = np.zeros(years), np.zeros(years)
    before = world.expenditure[:, s].sum() / world.gdp.sum(), world.market_share[n, s]
    step = world.trade_elasticity[s] * (1 - before[1])
    for _ in range(_ROUNDS):
        path = _path(world, (country, sector), demand, skill, after, options)
        if progress is not None:
            progress(1)
        now = path.equilibria[:years]
        spent = np.array([e.expenditure[:, s].sum() / e.gdp.sum() for e in now]) / before[0]
        gained = path.market_share[:years, n, s] / before[1]
        gaps = np.log(wanted[0] / spent), np.log(wanted[1] / gained)
        gap = max(float(np.abs(g).max()) for g in gaps)
        if gap <= _CLOSE:
            return Boom(country, sector, np.exp(demand), np.exp(skill), after, path, gap)
        demand, skill = demand + gaps[0], skill + gaps[1] / step
    raise NotSolved(
        f"no demand and technology give the observed course of {sector} in {country}: a gap of "
        f"{gap:.1e} is left. Is the share possible, and does the flywheel come to rest?"
    )


def _course(given: Any, name: str) -> Array:
    try:
        course = np.atleast_1d(np.asarray(given, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError(f"{name} must be numbers, one a year, over the baseline's") from None
    if course.ndim != 1 or not (np.isfinite(course) & (course > 0)).all():
        raise InputError(f"{name} must be numbers above 0, one a year, over the baseline's")
    return course


def _path(
    world: World, of: tuple[str, str], demand: Array, skill: Array, after: str,
    options: dict[str, Any],
) -> TransitionPath:  # fmt: skip
    country, sector = of
    shocks: list[Timed] = []
    for t, (more, better) in enumerate(zip(np.expm1(demand), np.expm1(skill), strict=True)):
        lasts = after == "lasting" and t == demand.size - 1
        shocks.append(
            timed(
                {
                    "preference": {"countries": "all", "sectors": sector, "change": float(more)},
                    "productivity": {
                        "countries": country, "sectors": sector, "change": float(better)
                    },
                },
                start=t, end=None if lasts else t,
            )
        )  # fmt: skip
    title = f"The boom in {sector}, {after}"
    return simulate_path(world, shocks, **{"title": title, **options})
