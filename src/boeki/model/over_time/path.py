"""A path of the world economy: every period in equilibrium, all tied together by saving."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model.anderson import anderson
from boeki.model.equilibrium import Equilibrium
from boeki.model.exact_hat import Point, follow
from boeki.model.over_time.flywheel import Flywheel
from boeki.model.over_time.timed import Timed, shocks_by_period, timed
from boeki.model.problem import Problem
from boeki.model.shocks import problem_of
from boeki.model.solve import Solution, solve
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]
#: What deficits of the baseline are read as.
Reading = Literal["transfers", "income"]
#: How deficits answer along a path.
Balance = Literal["endogenous", "fixed"]

#: Largest relative gap of a lifetime budget.
TOLERANCE = 1e-9
_MOST = 200


@dataclass(frozen=True, eq=False)
class TransitionPath:
    """What happens, period by period, against a baseline that stays as it is.

    Axes are (period, country) and (period, country, sector); changes are ratios to the baseline.
    The world's value added is the numeraire in every period.

    Attributes
    ----------
    world
        The baseline.
    equilibria
        Of each period.
    technology
        T̂ at the start of each period, ``(period, country, sector)``.
    spending_weight
        λ, by how much a country's final spending is larger all along the path, ``(country,)``.
    discount
        β, by period.
    residual
        Largest relative gap of a lifetime budget.
    rounds
        In which budgets were brought to close.
    """

    world: World
    equilibria: tuple[Equilibrium, ...] = field(repr=False)
    technology: Array = field(repr=False)
    spending_weight: Array
    discount: float
    residual: float
    rounds: int
    title: str = "Path"
    notes: tuple[str, ...] = ()

    def _stack(self, name: str) -> Array:
        return np.stack([getattr(e, name) for e in self.equilibria])

    @property
    def periods(self) -> int:
        """How many."""
        return len(self.equilibria)

    @cached_property
    def wage(self) -> Array:
        """Wages, ``(period, country)``."""
        return self._stack("wage")

    @cached_property
    def real_wage(self) -> Array:
        """Real wages, ``(period, country)``."""
        return self._stack("real_wage")

    @cached_property
    def consumption(self) -> Array:
        """Real final spending, ``(period, country)``."""
        return self._stack("welfare")

    @cached_property
    def gdp(self) -> Array:
        """Value added, ``(period, country)``, in the currency."""
        return self._stack("gdp")

    @cached_property
    def balance(self) -> Array:
        """Exports less imports, ``(period, country)``, in the currency."""
        return -self._stack("deficit")

    @cached_property
    def balance_of_gdp(self) -> Array:
        """Exports less imports over GDP, ``(period, country)``."""
        return self.balance / self.gdp

    @cached_property
    def market_share(self) -> Array:
        """Shares in the world's exports of a sector, ``(period, country, sector)``."""
        return self._stack("market_share")

    @cached_property
    def employment(self) -> Array:
        """Employment, ``(period, country, sector)``."""
        return self._stack("employment")

    @cached_property
    def bond_price(self) -> Array:
        """Price in period 0 of the numeraire in each period, ``(period,)``: β^t over m."""
        spent = np.stack([e.income.sum() for e in self.equilibria])
        before = self.world.income.sum()
        weight = (self.spending_weight * self.world.income).sum() / before
        return np.asarray(self.discount ** np.arange(self.periods) * before * weight / spent)

    @cached_property
    def net_foreign_assets(self) -> Array:
        """Assets at the end of each period beyond those of the baseline, ``(period, country)``."""
        saved = np.cumsum(self.bond_price[:, None] * (self.balance + self.world.deficit), axis=0)
        return np.asarray(saved / self.bond_price[:, None])

    @cached_property
    def welfare(self) -> Array:
        """Permanent consumption over the baseline's, ``(country,)``; the last period lasts."""
        weight = _weights(self.discount, self.periods)
        return np.asarray(
            np.exp((weight[:, None] * np.log(self.consumption)).sum(0) / weight.sum())
        )

    def countries(self, *names: str) -> Answer:
        """Balance, assets, GDP, real wage, by period, as a table.

        Parameters
        ----------
        names
            Of these countries; of all where none is named.
        """
        from boeki.model.over_time.path_table import path_table

        return path_table(self, names)

    def _repr_html_(self) -> str:
        return self.countries()._repr_html_()


def simulate_path(
    world: World | None,
    scenarios: Timed | Mapping[str, Any] | Sequence[Timed] = (),
    *,
    periods: int = 40,
    discount: float = 0.96,
    balance: Balance = "endogenous",
    reading: Reading = "transfers",
    flywheel: Flywheel | None = None,
    tolerance: float = TOLERANCE,
    title: str = "",
    progress: Callable[[int], None] | None = None,
) -> TransitionPath:
    """Simulate a path: perfect foresight, one bond, log utility, against the baseline for ever.

    A passing gain is saved and shows in the balance; a lasting one is spent.

    Parameters
    ----------
    world
        The baseline; the one aboard where none is given.
    scenarios
        What is imposed, with its dates; all of it is known from period 0.
    periods
        How many; the last one lasts for ever.
    discount
        β, above 0 and below 1, by period.
    balance
        ``endogenous``, by saving; or ``fixed``, deficits held as in the static model.
    reading
        What deficits of the baseline are: ``transfers`` that go on, worth what they are in terms of
        the world's GDP; or ``income`` on net assets, which are worth the same whatever happens and
        pay by the interest of the time.
    flywheel
        Technology that sales pay for; None for none.
    tolerance
        Largest relative gap of a lifetime budget.
    title
        For people.
    progress
        Called with 1 for every round of budgets.

    Raises
    ------
    InputError, UnknownTerm
        For a discount factor not between 0 and 1, shocks beyond the horizon, and what scenarios
        refuse.
    NotSolved
        Where budgets cannot be brought to close, or technology explodes.

    Notes
    -----
    Reyes-Heroles (2016); Dix-Carneiro, Pessoa, Reyes-Heroles and Traiberman (2023), Quarterly
    Journal of Economics 138, in changes.
    """
    if world is None:
        from boeki.world.embedded import embedded_world

        world = embedded_world()
    if not 0 < discount < 1:
        raise InputError(f"the discount factor must be above 0 and below 1, not {discount}")
    if periods < 2:
        raise InputError("a path has at least two periods")
    if balance not in ("endogenous", "fixed"):
        raise UnknownTerm("balance", balance, ("endogenous", "fixed"))
    if reading not in ("transfers", "income"):
        raise UnknownTerm("reading of deficits", reading, ("transfers", "income"))
    given = _listed(scenarios)
    job = _Job(world, given, periods, discount, balance, reading, flywheel, progress)
    weight, residual, rounds = job.solved(tolerance)
    equilibria = tuple(
        Equilibrium(job.world, s, f"period {t}") for t, s in enumerate(job.solutions)
    )
    words = title or "; ".join(dict.fromkeys(one.scenario.title for one in given)) or "Baseline"
    return TransitionPath(
        job.world, equilibria, job.technology.transpose(0, 2, 1), weight, discount, residual,
        rounds, words, _notes(balance, reading, flywheel),
    )  # fmt: skip


def _listed(scenarios: Timed | Mapping[str, Any] | Sequence[Timed]) -> list[Timed]:
    if isinstance(scenarios, Timed):
        return [scenarios]
    if isinstance(scenarios, Mapping):
        return [timed(scenarios)]
    return list(scenarios)


def _weights(discount: float, periods: int) -> Array:
    """β^t, the last with all that come after it."""
    weight = discount ** np.arange(periods)
    weight[-1] /= 1 - discount
    return np.asarray(weight)


class _Job:
    """The problems of all periods, and their solutions for given spending weights."""

    def __init__(
        self, world: World, scenarios: Sequence[Timed], periods: int, discount: float,
        balance: str, reading: str, flywheel: Flywheel | None,
        progress: Callable[[int], None] | None,
    ) -> None:  # fmt: skip
        # The flywheel is what scale economies are over time.
        self.world = replace(world, scale_elasticity=np.zeros(len(world.sectors)))
        self.balance, self.reading, self.flywheel = balance, reading, flywheel
        self.weights = _weights(discount, periods)
        self.progress = progress or (lambda _: None)
        shocks = shocks_by_period(self.world, scenarios, periods)
        made: dict[int, Problem] = {}
        for one in shocks:
            if id(one) not in made:
                made[id(one)] = problem_of(self.world, one)
        self.problems = [made[id(one)] for one in shocks]
        base = self.problems[0].base
        self.income = base.income
        self.deficit = base.deficit
        self.kappa = None if flywheel is None else flywheel.kappa(world)
        self.effort = None if flywheel is None else flywheel.efforts(world, periods)
        self.technology = np.ones((periods, *base.output.shape))
        self.points: list[Point | None] = [None] * periods
        self.solutions: list[Solution] = []
        self.rounds = 0

    def solved(self, tolerance: float) -> tuple[Array, float, int]:
        """Weights λ with which all lifetime budgets close, and how far they are from it."""
        ones = np.ones(self.income.size)
        if self.balance == "fixed":
            self._periods(None)
            return ones, 0.0, 1
        found = anderson(self._richer, np.zeros_like(ones), tolerance=tolerance, most=_MOST)
        if not found.converged:
            raise NotSolved(
                f"lifetime budgets could not be brought to close: a gap of {found.residual:.1e} "
                f"is left after {_MOST} rounds. Make the shocks smaller, or the path longer"
            )
        # The last point was asked for as the iteration ended: its solutions are here.
        weight = np.exp(found.point)
        return weight / _mean(weight, self.income), found.residual, self.rounds

    def _richer(self, logs: Array) -> Array:
        """λ that lifetime incomes allow, given those that countries spend by."""
        weight = np.exp(logs)
        weight = weight / _mean(weight, self.income)
        earned, spent = self._periods(weight)
        # In prices of period 0, m_t being the world's spending over the baseline's.
        growth = spent.sum(1) / self.income.sum()
        if self.reading == "transfers":
            given = self.deficit / growth[:, None]
        else:
            given = np.broadcast_to(self.deficit, earned.shape)
        worth = (self.weights[:, None] * (earned / growth[:, None] + given)).sum(0)
        if (worth <= 0).any():
            poorest = self.world.countries[int(worth.argmin())]
            raise NotSolved(f"{poorest} earns less than nothing over its life: it has no plan")
        allowed = worth / (self.weights.sum() * self.income)
        self.rounds += 1
        self.progress(1)
        return np.asarray(np.log(allowed / _mean(allowed, self.income)))

    def _periods(self, weight: Array | None) -> tuple[Array, Array]:
        """Solve period after period; what each country earns and spends, ``(period, country)``."""
        self.solutions = []
        earned, spent = [], []
        technology = np.ones_like(self.technology[0])
        for t, problem in enumerate(self.problems):
            self.technology[t] = technology
            here = self._problem(problem, technology, weight)
            solution = solve(here, self.points[t] or (self.points[t - 1] if t else None))
            self.points[t] = solution.point
            self.solutions.append(solution)
            flows = follow(here, solution.point)
            spent.append(flows.income)
            taken = (flows.duty * flows.spending).sum(0)
            own = flows.earned + taken
            own = own + (here.production_tax * flows.sold).sum(0)
            if here.taxes_exports:
                own = own + solution.point.export_revenue
            earned.append(own)
            technology = self._turned(t, technology, here, solution.point)
        return np.stack(earned), np.stack(spent)

    def _problem(self, problem: Problem, technology: Array, weight: Array | None) -> Problem:
        if self.kappa is not None:
            learnt = np.log(technology) / problem.base.theta[:, None]
            problem = replace(problem, productivity=problem.productivity + learnt)
        if weight is None:
            return problem
        share = weight * self.income
        none = np.zeros_like(share)
        return replace(
            problem, spending_share=share / share.sum(), transfer=none, deficit_share=none
        )

    def _turned(self, t: int, technology: Array, problem: Problem, point: Point) -> Array:
        if self.flywheel is None or self.kappa is None or self.effort is None:
            return technology
        work = np.exp(point.output + problem.intensity - point.wage) * self.effort[t]
        new = self.flywheel.turned(technology, work, self.kappa)
        if not np.isfinite(new).all() or new.max() > 1e12:
            s, n = np.unravel_index(int(np.nan_to_num(new, nan=np.inf).argmax()), new.shape)
            raise NotSolved(
                f"technology of {self.world.countries[n]} in {self.world.sectors[s]} explodes in "
                f"period {t + 1}: κ = θψ is {self.kappa[s]:.2f} there. Lower psi; at κ of 1 or "
                "above sales may feed on themselves without end"
            )
        return new


def _mean(weight: Array, income: Array) -> float:
    return float((weight * income).sum() / income.sum())


def _notes(balance: str, reading: str, flywheel: Flywheel | None) -> tuple[str, ...]:
    notes = ["Perfect foresight from period 0; the last period lasts for ever."]
    if balance == "fixed":
        notes.append("Deficits are held as shares of the world's GDP.")
    else:
        words = {
            "transfers": "go on as transfers, held in terms of the world's GDP",
            "income": "are income on net assets, worth the same whatever happens",
        }[reading]
        notes.append(f"Log utility, one bond; the baseline's deficits {words}.")
    if flywheel is not None:
        notes.append(
            f"Technology follows research that sales pay for; {flywheel.depreciation:.0%} of it is "
            "renewed in a period."
        )
    return tuple(notes)
