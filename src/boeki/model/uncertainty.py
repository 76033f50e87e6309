"""Uncertainty: what follows for every outcome of not knowing elasticities and trade exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import BoekiError, InputError, NotSolved
from boeki.model.backends import Backend
from boeki.model.baseline import with_elasticities
from boeki.model.elasticity_errors import assumed, errors_of, with_set
from boeki.model.equilibrium import Equilibrium
from boeki.model.many import KEPT, Task, solve_many
from boeki.model.scenario import Scenario
from boeki.model.simulate import simulate, simulated_shocks
from boeki.world.elasticities import Elasticities
from boeki.world.open_world import open_world
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]

#: More draws than this share without an equilibrium are no distribution.
_MOST_LOST = 0.1


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Equilibria of many draws of what is not known.

    Attributes
    ----------
    central
        The equilibrium at the world's own elasticities and trade.
    draws
        Results by name, the draws along the first axis: ``draws["welfare"]`` is
        ``(draw, country)``.
    trade_elasticity
        What was drawn, ``(draw, sector)``.
    lost
        Why there is no equilibrium, for each draw without one.
    seed
        Of the draws.
    """

    central: Equilibrium
    draws: Mapping[str, Array] = field(repr=False)
    trade_elasticity: Array = field(repr=False)
    lost: tuple[str, ...]
    seed: int
    about: Mapping[str, Any] = field(default_factory=dict)

    def quantile(self, name: str, share: float | Sequence[float]) -> Array:
        """Quantiles of a result over the draws."""
        return np.asarray(np.quantile(self.draws[name], share, axis=0))

    def countries(self, level: float = 0.9) -> Answer:
        """Welfare and real wages with their intervals, as a table.

        Parameters
        ----------
        level
            Share of the draws that an interval holds.
        """
        from boeki.model.ensemble_table import ensemble_table

        return ensemble_table(self, level)

    def _repr_html_(self) -> str:
        return self.countries()._repr_html_()


def simulate_ensemble(
    world: World | None = None,
    scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
    *,
    draws: int = 200,
    seed: int = 0,
    elasticity_error: Any = None,
    trade_error: float = 0.0,
    keep: Sequence[str] = KEPT,
    engine: str | Executor | None = None,
    backend: Backend | None = None,
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> Ensemble:
    """Simulate a scenario many times, with elasticities and trade drawn anew each time.

    Parameters
    ----------
    world, scenario, options
        As :func:`boeki.model.simulate` takes them.
    draws
        How many.
    seed
        The same seed gives the same draws, on every engine.
    elasticity_error
        Standard error of θ, ``(sector,)`` or one number for all: draws are log-normal with the mean
        θ of the world. Or a published set, as :func:`boeki.world.elasticities` gives it: the world
        takes its θ, and the draws its standard errors. Left out, those of the set that the world
        names as the source of its θ. A quarter of θ where none is published.
    trade_error
        Standard error of the logarithm of each flow between two countries; the accounts are
        settled anew around what is drawn.
    keep
        Results that are kept of every draw.
    engine, backend
        Where it runs, and by what: see :func:`boeki.model.many.solve_many`.
    progress
        Called with how many more draws are done.

    Raises
    ------
    InputError
        For errors below zero, or fewer than two draws.
    NotSolved
        Where more than a tenth of the draws have no equilibrium.
    """
    if draws < 2:
        raise InputError("an ensemble needs at least two draws")
    if isinstance(elasticity_error, Elasticities):
        world = with_set(open_world() if world is None else world, elasticity_error)
    central = simulate(world, scenario, **options)
    base = central.world
    error = errors_of(base, elasticity_error)
    if not 0 <= trade_error < 1:
        raise InputError("trade_error is a standard error of logarithms, from 0 to 1")
    thetas = draw_elasticities(base, error, draws, seed)
    shocks = simulated_shocks(base, scenario, options)

    def tasks() -> Iterator[Task]:
        for number in range(draws):
            yield Task(_draw_world(base, thetas[number], trade_error, seed, number), shocks)

    names = tuple(dict.fromkeys((*KEPT, *keep)))
    start = None if trade_error else central.solution.point
    found = list(
        solve_many(
            tasks(),
            names,
            count=draws,
            engine=engine,
            start=start,
            progress=progress,
            backend=backend,
        )
    )
    lost = tuple(str(f) for f in found if isinstance(f, BoekiError))
    if len(lost) > _MOST_LOST * draws:
        raise NotSolved(f"{len(lost)} of {draws} draws have no equilibrium; the first: {lost[0]}")
    kept = [f for f in found if not isinstance(f, BoekiError)]
    drawn = thetas[[not isinstance(f, BoekiError) for f in found]]
    about = {"draws": draws, "seed": seed, "trade_error": trade_error,
             "elasticity_error": [float(e) for e in error],
             "error_assumed": list(assumed(base, elasticity_error, error))}  # fmt: skip
    return Ensemble(
        central, {name: np.stack([f[name] for f in kept]) for name in names}, drawn, lost, seed,
        about,
    )  # fmt: skip


def draw_elasticities(world: World, error: Array, draws: int, seed: int) -> Array:
    """Draws of θ, ``(draw, sector)``: log-normal with the mean θ and the standard error given."""
    theta = world.trade_elasticity
    spread = np.sqrt(np.log1p((error / theta) ** 2))
    normal = np.random.default_rng(seed).normal(size=(draws, theta.size))
    return np.asarray(theta * np.exp(spread * normal - spread**2 / 2))


def _draw_world(world: World, theta: Array, trade_error: float, seed: int, number: int) -> World:
    if not trade_error:
        return with_elasticities(world, theta)
    draw = np.random.default_rng((seed, number))
    noise = np.exp(draw.normal(0, trade_error, world.trade.shape) - trade_error**2 / 2)
    here = np.arange(len(world.countries))
    noise[here, here] = 1
    paid = world.trade_share * world.expenditure * noise
    return World.from_arrays(
        world.countries, world.sectors, trade_share=paid / np.maximum(paid.sum(0), 1e-300),
        expenditure=world.expenditure, tariff=world.tariff, input_share=world.input_share,
        value_added_share=world.value_added_share, final_share=world.final_share,
        deficit=world.deficit, trade_elasticity=theta, scale_elasticity=world.scale_elasticity,
        settle=True, year=world.year, currency=world.currency, unit=world.unit,
    )  # fmt: skip
