"""Could country X do it? The same push of research in each country, one at a time, ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.cores import cores
from boeki.errors import BoekiError, InputError, NotSolved
from boeki.model.baseline import with_elasticities
from boeki.model.elasticity_errors import errors_of
from boeki.model.over_time.flywheel import Flywheel
from boeki.model.over_time.path import simulate_path
from boeki.model.over_time.timed import timed
from boeki.model.uncertainty import draw_elasticities
from boeki.model.workers import processes
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]

#: What is kept of each path.
KEPT = (
    "share", "share_end", "gdp", "welfare", "balance", "dependence", "technology",
    "other_share", "other_welfare",
)  # fmt: skip
#: Paths beyond which other processes are worth their start.
_MANY = 40
#: More draws than this share without a path are no distribution.
_MOST_LOST = 0.1


@dataclass(frozen=True, eq=False)
class PushRanking:
    """What the same push of research does in each country that tries it.

    Attributes
    ----------
    world, sector, share_of_gdp, years
        What was pushed.
    countries
        That were tried.
    central
        Results by name, ``(country,)``: changes of the share in world exports when the push ends
        and in the last period, of real GDP when it ends, of permanent consumption, the lowest
        balance over GDP, the change of import dependence when it ends, T̂ when it ends, and the
        share and permanent consumption of ``other``.
    draws
        The same over draws of elasticities, ``(draw, country)``; empty where there are none.
    multiple
        Research with the push over what there was, ``(country,)``.
    cost
        Present value of the push, ``(country,)``, in the currency.
    silent
        Countries of which the model has nothing to say, and why.
    other
        The country that they compete with.
    lost
        Why there is no path, for draws without one.
    """

    world: World
    sector: str
    share_of_gdp: float
    years: int
    countries: tuple[str, ...]
    central: Mapping[str, Array] = field(repr=False)
    draws: Mapping[str, Array] = field(repr=False)
    multiple: Array = field(repr=False)
    cost: Array = field(repr=False)
    silent: Mapping[str, str] = field(repr=False)
    other: str
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def table(self, level: float = 0.9) -> Answer:
        """The countries, ranked by what they win, as a table.

        Parameters
        ----------
        level
            Share of the draws that an interval holds, where there are draws.
        """
        from boeki.model.over_time.push_table import push_table

        return push_table(self, level)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


@dataclass(frozen=True)
class _Push:
    """What every try has in common."""

    world: World
    sector: str
    share_of_gdp: float
    years: int
    flywheel: Flywheel
    other: str
    options: Mapping[str, Any]


def push_research(
    world: World | None,
    sector: str,
    *,
    flywheel: Flywheel,
    share_of_gdp: float = 0.001,
    years: int = 10,
    countries: Sequence[str] = (),
    other: str = "",
    draws: int = 0,
    seed: int = 0,
    elasticity_error: Any = None,
    engine: Executor | None = None,
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> PushRanking:
    """Let every country push research in a sector alike, each alone, and rank what they win.

    Parameters
    ----------
    world, options
        As :func:`boeki.simulate_path` takes them.
    sector
        In which research is pushed.
    flywheel
        With ``intensity``: what a push adds to.
    share_of_gdp
        Research pushed in each period, of the country's own GDP; it takes labour worth as much.
    years
        For so many periods from the first.
    countries
        That try; left out, all.
    other
        Whom they compete with, whose loss is told; left out, the largest exporter of the sector.
    draws, seed, elasticity_error
        Of trade elasticities, as :func:`boeki.simulate_ensemble` takes them; no draws where 0.
    engine
        An executor of :mod:`concurrent.futures`; left out, this machine's processors.
    progress
        Called with 1 for every path.

    Raises
    ------
    InputError, UnknownTerm
        For sectors and countries that there are not, a share or years that are none.
    NotSolved
        Where more than a tenth of the draws have no path.
    """
    if world is None:
        from boeki.world.embedded import embedded_world

        world = embedded_world()
    s = world.sector(sector)
    chosen = tuple(world.countries[world.country(c)] for c in countries) or world.countries
    largest = int(world.exports_by_sector[:, s].argmax())
    rival = world.countries[world.country(other)] if other else world.countries[largest]
    if not 0 < share_of_gdp < 1:
        raise InputError("share_of_gdp of the push is above 0 and below 1, such as 0.001")
    if not 0 < years < int(options.get("periods", 40)):
        raise InputError("years of the push are from 1 to less than the periods of the path")
    if draws < 0 or draws == 1:
        raise InputError("draws are 0 for none, or at least 2")
    silent = {
        name: f"makes no {sector} in the baseline: there is nothing that a push would add to"
        for name in chosen if world.output[world.country(name), s] <= 0
    }  # fmt: skip
    able = tuple(name for name in chosen if name not in silent)
    push = _Push(world, sector, share_of_gdp, years, flywheel, rival, dict(options))
    thetas = [world.trade_elasticity]
    if draws:
        error = errors_of(world, elasticity_error)
        thetas += list(draw_elasticities(world, error, draws, seed))
    tasks = [(name, theta) for theta in thetas for name in able]
    found = list(_all(push, tasks, engine, progress or (lambda _: None)))
    central, drawn, lost = _sorted(found, len(able), draws)
    places = [world.country(name) for name in able]
    paid = flywheel.intensities(world)[s, places] * world.output[places, s]
    pushed = share_of_gdp * world.gdp[places]
    discount = float(options.get("discount", 0.96))
    worth = float((discount ** np.arange(years)).sum())
    return PushRanking(
        world, sector, share_of_gdp, years, able, central, drawn, 1 + pushed / paid,
        worth * pushed * world.unit, silent, rival, lost,
    )  # fmt: skip


def _all(
    push: _Push, tasks: Sequence[tuple[str, Array]], engine: Executor | None,
    progress: Callable[[int], None],
) -> Iterator[Array | BoekiError]:  # fmt: skip
    try_one = partial(_try, push)
    if engine is None and len(tasks) < _MANY:
        made: Iterable[Array | BoekiError] = map(try_one, tasks)
        for one in made:
            progress(1)
            yield one
        return
    with _executor(engine) as executor:
        for one in executor.map(try_one, tasks, chunksize=4):
            progress(1)
            yield one


@contextmanager
def _executor(engine: Executor | None) -> Iterator[Executor]:
    if engine is not None:
        yield engine
        return
    with processes(cores()) as pool:
        yield pool


def _try(push: _Push, task: tuple[str, Array]) -> Array | BoekiError:
    """The results of one country's push, as :data:`KEPT` names them; or why there are none."""
    country, theta = task
    world = push.world
    if theta is not world.trade_elasticity:
        world = with_elasticities(world, theta)
    words = {"countries": country, "sectors": push.sector, "share_of_gdp": push.share_of_gdp}
    try:
        path = simulate_path(
            world, timed({"research": words}, end=push.years - 1), flywheel=push.flywheel,
            **push.options,
        )  # fmt: skip
    except NotSolved as error:
        return NotSolved(f"{country}: {error}")
    n, s, o = world.country(country), world.sector(push.sector), world.country(push.other)
    end, before = push.years, world.market_share
    balance = path.balance_change[:, n]
    home = 1 - world.trade_share[n, n, s]
    return np.array(
        [
            path.market_share[end, n, s] - before[n, s],
            path.market_share[-1, n, s] - before[n, s],
            path.real_gdp[end, n] - 1,
            path.welfare[n] - 1,
            balance[np.abs(balance).argmax()],
            path.import_dependence[end, n, s] - home,
            path.technology[end, n, s],
            path.market_share[end, o, s] - before[o, s],
            path.welfare[o] - 1,
        ]
    )


def _sorted(
    found: list[Array | BoekiError], count: int, draws: int
) -> tuple[dict[str, Array], dict[str, Array], tuple[str, ...]]:
    """Central results, and those of draws in which every country has a path."""
    rounds = [found[at : at + count] for at in range(0, len(found), max(count, 1))]
    first = rounds[0] if rounds else []
    for one in first:
        if isinstance(one, BoekiError):
            raise one
    central = np.array([one for one in first if not isinstance(one, BoekiError)])
    central = central.reshape(count, len(KEPT))
    lost, kept = [], []
    for row in rounds[1:]:
        errors = [one for one in row if isinstance(one, BoekiError)]
        if errors:
            lost.append(str(errors[0]))
        else:
            kept.append(np.array([one for one in row if not isinstance(one, BoekiError)]))
    if len(lost) > _MOST_LOST * draws:
        raise NotSolved(f"{len(lost)} of {draws} draws have no path; the first: {lost[0]}")
    drawn = np.array(kept).reshape(len(kept), count, len(KEPT))
    return (
        {name: central[:, k] for k, name in enumerate(KEPT)},
        {name: drawn[:, :, k] for k, name in enumerate(KEPT)} if draws else {},
        tuple(lost),
    )
