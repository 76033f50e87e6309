"""A planner's best path of a policy under a budget, by exact gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, MissingExtra, NotSolved, UnknownTerm
from boeki.model.over_time.path import simulate_path
from boeki.model.over_time.path_gradient import PathGradient, path_gradient
from boeki.model.over_time.timed import Timed, timed
from boeki.model.over_time.transition import TransitionPath
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]
#: What the planner may set, period by period.
PathInstrument = Literal["production_subsidy", "export_subsidy", "research"]

#: Largest rate, where none is given: of the price, or of GDP.
_MOST = {"production_subsidy": 0.5, "export_subsidy": 0.5, "research": 0.05}
_STEPS, _GAIN = 200, 1e-12


@dataclass(frozen=True, eq=False)
class BestPath:
    """The best path of a policy that was found.

    Attributes
    ----------
    instrument, country, sector
        Of what.
    rates
        By period, ``(period,)``: ad valorem, or as a share of GDP for research.
    cost
        What each period's rate costs of the baseline's GDP, at the baseline's sales.
    budget
        Of one year's GDP, at present value; infinite where none was given.
    path, without
        With the policy, and without it.
    gradient
        By period, what one more point would add to the logarithm of permanent consumption; where a
        rate is between its bounds it is ``price`` times what the rate costs.
    price
        Of the budget, per unit: 0 where the budget is not used up.
    """

    instrument: str
    country: str
    sector: str
    rates: Array = field(repr=False)
    cost: Array = field(repr=False)
    budget: float
    path: TransitionPath
    without: TransitionPath
    gradient: Array = field(repr=False)
    price: float

    @property
    def gain(self) -> float:
        """Permanent consumption of the country with the policy over that without it, less one."""
        n = self.path.world.country(self.country)
        return float(self.path.welfare[n] / self.without.welfare[n] - 1)

    @property
    def spent(self) -> float:
        """The present value of what it costs, of one year's GDP."""
        return float(_present(self.path.discount, self.path.periods) @ self.cost)

    def table(self) -> Answer:
        """Rates by period, and what they do, as a table."""
        from boeki.model.over_time.best_path_table import best_path_table

        return best_path_table(self)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def best_path(
    world: World | None,
    country: str,
    sector: str,
    *,
    instrument: PathInstrument = "research",
    years: int = 10,
    budget: float | None = None,
    highest: float | None = None,
    scenarios: Timed | Mapping[str, Any] | Sequence[Timed] = (),
    progress: Callable[[int], None] | None = None,
    **options: Any,
) -> BestPath:
    """The path of a policy that serves a country's permanent consumption best.

    Parameters
    ----------
    world, scenarios, options
        As :func:`boeki.simulate_path` takes them; the scenarios hold beside the policy.
    country, sector
        Whose policy, for what.
    instrument
        ``production_subsidy`` or ``export_subsidy``, ad valorem, or ``research``, a share of GDP.
    years
        Periods in which it may be used, from the first; none after.
    budget
        Most that it may cost at present value, as a share of one year's GDP, at the baseline's
        sales; None for no limit.
    highest
        Of any period's rate.
    progress
        Called with 1 for every path that is tried.

    Raises
    ------
    InputError, UnknownTerm
        For an unknown instrument, a budget not above 0, a sector that the country lacks, and what
        paths and their derivatives refuse.
    NotSolved
        Where the search does not come to an end.

    Notes
    -----
    Sequential quadratic programming (SLSQP; Kraft 1988) on the adjoint gradient.
    """
    if instrument not in get_args(PathInstrument):
        raise UnknownTerm("instrument", instrument, get_args(PathInstrument))
    if world is None:
        from boeki.world.embedded import embedded_world

        world = embedded_world()
    planner = _Planner(
        world, country, sector, instrument, years, budget, highest, scenarios, options,
        progress or (lambda _: None),
    )  # fmt: skip
    return planner.best()


class _Planner:
    """Paths with rates, what they are worth and what they cost."""

    def __init__(
        self, world: World, country: str, sector: str, instrument: str, years: int,
        budget: float | None, highest: float | None, scenarios: Any, options: dict[str, Any],
        progress: Callable[[int], None],
    ) -> None:  # fmt: skip
        self.world, self.country, self.sector = world, country, sector
        self.n, self.s = world.country(country), world.sector(sector)
        self.instrument, self.options, self.progress = instrument, options, progress
        self.periods = int(options.get("periods", 40))
        if not 1 <= years <= self.periods:
            raise InputError(f"years of the policy are from 1 to the {self.periods} of the path")
        if budget is not None and not budget > 0:
            raise InputError("budget is a share of one year's GDP, above 0")
        self.years, self.budget = years, np.inf if budget is None else budget
        self.highest = _MOST[instrument] if highest is None else highest
        if not self.highest > 0:
            raise InputError("the highest rate must be above 0")
        listed = [scenarios] if isinstance(scenarios, Timed | Mapping) else list(scenarios)
        self.others = [one if isinstance(one, Timed) else timed(one) for one in listed]
        self.price = _present(float(options.get("discount", 0.96)), self.periods)[:years]
        self.base = self._cost_of_one()
        self.tried: dict[bytes, tuple[float, Array, TransitionPath]] = {}

    def _cost_of_one(self) -> float:
        """What a rate of one costs, as a share of GDP, at the baseline's sales."""
        if self.world.output[self.n, self.s] <= 0:
            raise InputError(
                f"{self.country} makes no {self.sector}: there is nothing to subsidise"
            )
        if self.instrument == "research":
            return 1.0
        gdp = self.world.gdp[self.n]
        if self.instrument == "production_subsidy":
            return float(self.world.output[self.n, self.s] / gdp)
        return float(self.world.exports_by_sector[self.n, self.s] / gdp)

    def _policy(self, rates: Array) -> list[Timed]:
        words: dict[str, Any] = {"countries": self.country, "sectors": self.sector}
        if self.instrument == "export_subsidy":
            words = {"from": self.country, "sectors": self.sector}
        how = "share_of_gdp" if self.instrument == "research" else "rate"
        return [
            timed({self.instrument: {**words, how: float(rate)}}, start=t, end=t)
            for t, rate in enumerate(rates)
            if rate > 0
        ]

    def run(self, rates: Array) -> TransitionPath:
        """The path with rates."""
        self.progress(1)
        title = f"{self.instrument.replace('_', ' ')} for {self.sector} of {self.country}"
        return simulate_path(
            self.world, [*self.others, *self._policy(rates)],
            **{"title": title, **self.options},
        )  # fmt: skip

    def worth(self, rates: Array) -> tuple[float, Array]:
        """Log permanent consumption, and its derivatives in the rates."""
        key = np.asarray(rates).tobytes()
        if key not in self.tried:
            path = self.run(rates)
            found = path_gradient(path, "welfare", country=self.country)
            self.tried = {key: (found.value, self._slope(found), path)}
        value, slope, _ = self.tried[key]
        return value, slope

    def _slope(self, found: PathGradient) -> Array:
        n, s = self.n, self.s
        if self.instrument == "research":
            slope = found.research_push[:, n, s]
        elif self.instrument == "production_subsidy":
            slope = -found.production_tax[:, n, s]
        else:
            away = np.arange(len(self.world.countries)) != n
            slope = -found.export_tax[:, n, away, s].sum(1)
        return np.asarray(slope[: self.years])

    def best(self) -> BestPath:
        """Search, and check that no rate would do better."""
        try:
            from scipy.optimize import minimize
        except ImportError:
            raise MissingExtra("world", "searching for the best path") from None
        paid = self.base * self.price
        # In units of what all may cost, so that the search sees numbers near one.
        scale = min(self.highest, self.budget / paid.sum())
        start = np.full(self.years, 0.5 * scale)
        limit = []
        if np.isfinite(self.budget):
            limit = [{
                "type": "ineq", "fun": lambda x: 1 - paid @ x * scale / self.budget,
                "jac": lambda x: -paid * scale / self.budget,
            }]  # fmt: skip
        first = max(float(np.abs(self.worth(start)[1]).max()) * scale, 1e-300)

        def loss(x: Array) -> tuple[float, Array]:
            value, slope = self.worth(np.asarray(x) * scale)
            return -value / first, -slope * scale / first

        made = minimize(
            loss, start / scale, jac=True, method="SLSQP", constraints=limit,
            bounds=[(0.0, self.highest / scale)] * self.years,
            options={"maxiter": _STEPS, "ftol": _GAIN},
        )  # fmt: skip
        if not made.success:
            raise NotSolved(f"the search for the best path ended early: {made.message}")
        return self._found(np.clip(np.asarray(made.x) * scale, 0.0, self.highest), paid)

    def _found(self, rates: Array, paid: Array) -> BestPath:
        _, slope = self.worth(rates)
        path = next(iter(self.tried.values()))[2]
        within = (rates > 1e-6 * self.highest) & (rates < self.highest * (1 - 1e-6))
        used = paid @ rates >= self.budget * (1 - 1e-6)
        price = float(np.median(slope[within] / paid[within])) if used and within.any() else 0.0
        none = np.zeros(self.years)
        all_rates, cost, gradient = (np.zeros(self.periods) for _ in range(3))
        all_rates[: self.years], cost[: self.years] = rates, self.base * rates
        gradient[: self.years] = slope
        return BestPath(
            self.instrument, self.country, self.sector, all_rates, cost, self.budget, path,
            self.run(none), gradient, max(price, 0.0),
        )  # fmt: skip


def _present(discount: float, periods: int) -> Array:
    """Present value of what is spent in each period, at the baseline's interest."""
    return np.asarray(discount ** np.arange(periods))
