"""The best policy of a country, found by exact gradients: alone, or each against the others'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, MissingExtra, NotSolved, UnknownTerm
from boeki.model.derivatives import Gradient, gradient
from boeki.model.equilibrium import Equilibrium
from boeki.model.simulate import simulate
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]
#: What a country may set: on all partners alike.
Instrument = Literal["tariff", "export_tax", "production_subsidy"]

_BOUNDS = {"tariff": (0.0, 5.0), "export_tax": (-0.5, 5.0), "production_subsidy": (-0.5, 0.5)}
#: Largest step of a rate between two rounds at which a Nash equilibrium is found.
_STILL = 1e-5


@dataclass(frozen=True, eq=False)
class Policy:
    """The best policy that was found.

    Attributes
    ----------
    instrument
        ``tariff``, ``export_tax`` or ``production_subsidy``.
    rates
        Country to its rates, ``(sector,)``, ad valorem: NaN in sectors that it does not set.
    equilibrium
        With these rates.
    gradient
        Largest derivative of log real income in a rate that is not at a bound: 0 at an optimum.
    rounds
        Of best responses; 1 for one country alone.
    """

    instrument: str
    rates: dict[str, Array] = field(repr=False)
    equilibrium: Equilibrium
    gradient: float
    rounds: int

    def table(self) -> Answer:
        """Rates, and what they do to real income, as a table."""
        from boeki.model.policy_table import policy_table

        return policy_table(self)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def optimal_policy(
    world: World | None,
    country: str,
    *,
    instrument: Instrument = "tariff",
    sectors: Sequence[str] | None = None,
    uniform: bool = False,
    bounds: tuple[float, float] | None = None,
    scenario: Any = None,
    **options: Any,
) -> Policy:
    """The rates that serve a country's real income best, all others' policies held.

    Parameters
    ----------
    world, scenario, options
        As :func:`boeki.model.simulate` takes them; the scenario holds beside the policy.
    country
        Whose real income, and whose policy.
    instrument
        ``tariff`` on all partners, ``export_tax`` on all partners, or ``production_subsidy``.
    sectors
        That it sets; left out, all that it trades (or makes).
    uniform
        One rate for all of them.
    bounds
        Lowest and highest rate.

    Raises
    ------
    InputError, UnknownTerm
        For countries, sectors and instruments that there are not.
    NotSolved
        Where the search does not come to an end.

    Notes
    -----
    Ossa (2014), American Economic Review 104, by adjoint gradients.
    """
    return nash(
        world, (country,), instrument=instrument, sectors=sectors, uniform=uniform,
        bounds=bounds, scenario=scenario, **options,
    )  # fmt: skip


def nash(
    world: World | None,
    countries: Sequence[str],
    *,
    instrument: Instrument = "tariff",
    sectors: Sequence[str] | None = None,
    uniform: bool = False,
    bounds: tuple[float, float] | None = None,
    scenario: Any = None,
    most: int = 100,
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> Policy:
    """Policies of a few countries, each the best answer to the others'.

    Parameters
    ----------
    world, instrument, sectors, uniform, bounds, scenario, options
        As :func:`optimal_policy` takes them.
    countries
        That play.
    most
        Rounds after which to give up.
    progress
        Called with 1 for every round.

    Raises
    ------
    InputError, UnknownTerm, NotSolved
        As :func:`optimal_policy`; also where best answers go round in a circle.
    """
    if instrument not in get_args(Instrument):
        raise UnknownTerm("instrument", instrument, get_args(Instrument))
    game = _Game(world, instrument, sectors, uniform, bounds, scenario, options)
    for country in countries:
        game.enter(country)
    for number in range(1, most + 1):
        before = {c: r.copy() for c, r in game.rates.items()}
        for country in countries:
            game.answer(country)
        if progress is not None:
            progress(1)
        moved = max(float(np.abs(game.rates[c] - before[c]).max()) for c in countries)
        if len(game.rates) == 1 or moved < _STILL:
            return game.policy(number)
    raise NotSolved(
        f"best answers still move by {moved:.2g} after {most} rounds: narrow the bounds, or let "
        "fewer countries or sectors play"
    )


def policy_bounds(
    instrument: str, lowest: float | None, highest: float | None
) -> tuple[float, float]:
    """Bounds of rates, with those of the instrument where none are given."""
    low, high = _BOUNDS[instrument]
    return low if lowest is None else lowest, high if highest is None else highest


class _Game:
    """Rates of the players, and the equilibrium with them."""

    def __init__(
        self, world: World | None, instrument: str, sectors: Sequence[str] | None, uniform: bool,
        bounds: tuple[float, float] | None, scenario: Any, options: dict[str, Any],
    ) -> None:  # fmt: skip
        self.instrument, self.uniform = instrument, uniform
        self.bounds = bounds or _BOUNDS[instrument]
        if not self.bounds[0] < self.bounds[1] or self.bounds[0] <= -1:
            raise InputError("bounds are the lowest and the highest rate, both above −1")
        self.scenario, self.options = scenario, options
        self.names = sectors
        self.found = simulate(world, scenario, **options) if scenario else simulate(
            world, title="Best policy", **options
        )  # fmt: skip
        self.world = self.found.world
        self.places: dict[str, NDArray[np.intp]] = {}
        self.rates: dict[str, Array] = {}
        self.start = self._baseline_array()

    def _baseline_array(self) -> Array:
        if self.instrument == "tariff":
            problem = self.found.solution.problem
            gross = np.divide(
                problem.reach, problem.landed,
                out=np.ones_like(problem.reach), where=problem.landed > 0,
            )[: len(self.world.sectors)]  # fmt: skip
            return np.asarray(gross.transpose(2, 1, 0) - 1)
        shape = self.world.tariff.shape
        return np.zeros(shape if self.instrument == "export_tax" else self.world.output.shape)

    def enter(self, country: str) -> None:
        """Let a country play, from where it stands."""
        n = self.world.country(country)
        if country in self.rates:
            raise InputError(f"{country} is named twice")
        if self.names is not None:
            places = [self.world.sector(name) for name in self.names]
        else:
            places = [s for s in range(len(self.world.sectors)) if self._size(n)[s] > 0]
        if not places:
            raise InputError(f"{country} trades in no sector: there is nothing to set")
        self.places[country] = np.array(places, dtype=np.intp)
        low, high = self.bounds
        count = 1 if self.uniform else len(places)
        self.rates[country] = np.clip(np.full(count, 0.05), low, high)

    def _size(self, n: int) -> Array:
        trade = self.world.trade
        if self.instrument == "tariff":
            return np.asarray(trade[:, n].sum(0) - trade[n, n])
        if self.instrument == "export_tax":
            return np.asarray(trade[n].sum(0) - trade[n, n])
        return np.asarray(self.world.output[n])

    def answer(self, country: str) -> None:
        """Put a country's rates where they serve it best, the others' held."""
        try:
            from scipy.optimize import minimize
        except ImportError:
            raise MissingExtra("world", "searching for the best policy") from None

        def loss(rates: Array) -> tuple[float, Array]:
            self.rates[country] = np.array(rates)
            self._solve()
            found = gradient(self.found, "welfare", country=country)
            return -found.value, -self._slope(found, country)

        low, high = self.bounds
        made = minimize(
            loss, self.rates[country], jac=True, method="L-BFGS-B",
            bounds=[(low, high)] * self.rates[country].size,
            options={"maxiter": 200, "ftol": 1e-15, "gtol": 1e-9},
        )  # fmt: skip
        self.rates[country] = np.array(made.x)
        self._solve()

    def _solve(self) -> None:
        name = "production_tax" if self.instrument == "production_subsidy" else self.instrument
        cells = np.array(self.start)
        for country, rates in self.rates.items():
            n, places = self.world.country(country), self.places[country]
            others = np.delete(np.arange(len(self.world.countries)), n)
            if self.instrument == "tariff":
                cells[others[:, None], n, places] = rates
            elif self.instrument == "export_tax":
                cells[n, others[:, None], places] = rates
            else:
                cells[n, places] = -rates
        had = self.found if self.found.world is self.world else None
        options = {k: v for k, v in self.options.items() if k != name}
        self.found = simulate(
            self.world, self.scenario, start=had, **{"title": "Best policy", **options, name: cells}
        )

    def _slope(self, found: Gradient, country: str) -> Array:
        n, places = self.world.country(country), self.places[country]
        others = np.delete(np.arange(len(self.world.countries)), n)
        if self.instrument == "tariff":
            each = found.tariff[others, n].sum(0)[places]
        elif self.instrument == "export_tax":
            each = found.export_tax[n, others].sum(0)[places]
        else:
            each = -found.production_tax[n, places]
        return np.asarray([each.sum()] if self.uniform else each)

    def policy(self, rounds: int) -> Policy:
        """What was found."""
        low, high = self.bounds
        worst = 0.0
        rates: dict[str, Array] = {}
        for country, mine in self.rates.items():
            slope = self._slope(gradient(self.found, "welfare", country=country), country)
            free = ~(((mine <= low) & (slope < 0)) | ((mine >= high) & (slope > 0)))
            worst = max(worst, float(np.abs(slope[free]).max()) if free.any() else 0.0)
            rates[country] = np.full(len(self.world.sectors), np.nan)
            rates[country][self.places[country]] = mine
        return Policy(self.instrument, rates, self.found, worst, rounds)
