"""A path of the world economy: every period in equilibrium, all tied together by saving."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model.baseline import Baseline, baseline_of
from boeki.model.equilibrium import Equilibrium
from boeki.model.over_time.capital import Capital
from boeki.model.over_time.economy import Course, Economy, State
from boeki.model.over_time.equations import PathEquations
from boeki.model.over_time.flywheel import Flywheel
from boeki.model.over_time.research import learning_of
from boeki.model.over_time.saving import Household, net_foreign_assets
from boeki.model.over_time.timed import Dated, Timed, shocks_by_period, timed, timeline
from boeki.model.over_time.transition import TransitionPath
from boeki.model.problem import Problem
from boeki.model.shocks import problem_of
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]
#: What deficits of the baseline are read as.
Reading = Literal["transfers", "income"]
#: How deficits answer along a path.
Balance = Literal["endogenous", "fixed"]

#: Largest gap of any equation, in logarithms.
TOLERANCE = 2e-12
#: Technology that moves by less in the last period counts as at rest.
_AT_REST = 1e-3


def simulate_path(
    world: World | None,
    scenarios: Timed | Mapping[str, Any] | Sequence[Timed] = (),
    *,
    periods: int = 40,
    discount: float = 0.96,
    aversion: float = 1.0,
    spread: float = 0.0,
    balance: Balance = "endogenous",
    reading: Reading = "transfers",
    capital: Capital | None = None,
    flywheel: Flywheel | None = None,
    tolerance: float = TOLERANCE,
    title: str = "",
    progress: Callable[[int], None] | None = None,
) -> TransitionPath:
    """Simulate a path: perfect foresight and one bond, against the baseline for ever.

    A passing gain is saved and shows in the balance; a lasting one is spent.

    Parameters
    ----------
    world
        The baseline; the one aboard where none is given.
    scenarios
        What is imposed, with its dates; what is known only later comes as news.
    periods
        How many; the last one lasts for ever.
    discount
        β, above 0 and below 1, by period.
    aversion
        σ, the inverse of the elasticity of substitution between periods; 1 is log utility.
    spread
        By how much a debt of one year's GDP raises the return that a country saves at, such as
        0.01; 0 for one return for all. What debtors pay more stays at home.
    balance
        ``endogenous``, by saving; or ``fixed``, deficits held as in the static model, or as
        scenarios impose them, with dates.
    reading
        What deficits of the baseline are: ``transfers`` that go on, worth what they are in terms of
        the world's GDP; or ``income`` on net assets, which are worth the same whatever happens and
        pay by the interest of the time.
    capital
        Capital that accumulates; None for none.
    flywheel
        Technology that sales pay for; None for none.
    tolerance
        Largest gap of any equation, in logarithms.
    title
        For people.
    progress
        Called with 1 for every round over all periods.

    Raises
    ------
    InputError, UnknownTerm
        For a discount factor not between 0 and 1, shocks beyond the horizon, and what scenarios
        refuse.
    NotSolved
        Where budgets cannot be brought to close, or technology explodes.

    Notes
    -----
    Saving as Reyes-Heroles (2016) and Dix-Carneiro, Pessoa, Reyes-Heroles and Traiberman (2023),
    Quarterly Journal of Economics 138, in changes; the spread as Schmitt-Grohé and Uribe (2003),
    Journal of International Economics 61.
    """
    if world is None:
        from boeki.world.embedded import embedded_world

        world = embedded_world()
    _check(discount, periods, aversion, spread, balance, reading)
    given = _listed(scenarios)
    # The flywheel is what scale economies are over time.
    flat = replace(world, scale_elasticity=np.zeros(len(world.sectors)))
    dated = timeline(flat, given, periods, saved=balance != "fixed")
    if flywheel is None and any(one.statement.kind == "research" for one in dated):
        raise InputError(
            "research is pushed, but no flywheel turns it into technology: give one, such as "
            "Flywheel(intensity=boeki.research_intensity(world)), or --flywheel"
        )
    job = _Job(
        flat, world, dated, periods, discount, aversion, spread, balance, reading, capital,
        flywheel, tolerance, progress or (lambda _: None),
    )  # fmt: skip
    words = title or "; ".join(dict.fromkeys(one.scenario.title for one in given)) or "Baseline"
    try:
        return job.path(words, _notes(job, [one.known for one in dated]))
    except NotSolved as error:
        if flywheel is None or "explodes" in str(error):
            raise
        from boeki.model.over_time.stability import explained

        raise explained(error, world, flywheel) from None


def _check(
    discount: float, periods: int, aversion: float, spread: float, balance: str, reading: str
) -> None:
    if not 0 < discount < 1:
        raise InputError(f"the discount factor must be above 0 and below 1, not {discount}")
    if periods < 2:
        raise InputError("a path has at least two periods")
    if not (np.isfinite(aversion) and aversion > 0):
        raise InputError(f"aversion must be above 0 (1 is log utility), not {aversion}")
    if not (np.isfinite(spread) and spread >= 0):
        raise InputError(f"spread must be 0 or more, such as 0.01, not {spread}")
    if balance not in ("endogenous", "fixed"):
        raise UnknownTerm("balance", balance, ("endogenous", "fixed"))
    if spread and balance == "fixed":
        raise InputError("where deficits are held nobody borrows: leave the spread out")
    if reading not in ("transfers", "income"):
        raise UnknownTerm("reading of deficits", reading, ("transfers", "income"))


def _listed(scenarios: Timed | Mapping[str, Any] | Sequence[Timed]) -> list[Timed]:
    if isinstance(scenarios, Timed):
        return [scenarios]
    if isinstance(scenarios, Mapping):
        return [timed(scenarios)]
    return list(scenarios)


class _Job:
    """A path in parts: a new plan is made whenever there is news."""

    def __init__(
        self, world: World, scaled: World, dated: list[Dated], periods: int, discount: float,
        aversion: float, spread: float, balance: str, reading: str, capital: Capital | None,
        flywheel: Flywheel | None, tolerance: float, progress: Callable[[int], None],
    ) -> None:  # fmt: skip
        self.world, self.scaled, self.dated, self.periods = world, scaled, dated, periods
        self.discount, self.aversion, self.spread = discount, aversion, spread
        self.balance, self.reading = balance, reading
        self.capital, self.flywheel = capital, flywheel
        self.tolerance, self.progress = tolerance, progress
        self.base = baseline_of(world)
        base = self.base
        self.alpha = np.zeros_like(base.gdp) if capital is None else capital.shares(world)
        self.invested = np.zeros_like(base.gdp)
        if capital is not None:
            self.invested = capital.invested(discount) * self.alpha * base.gdp
        # Assets that bring the baseline's deficits as their income, before it is paid.
        self.assets = base.deficit / (1 - discount) * (reading == "income")
        self.held = self.assets - base.deficit * (reading == "income")
        self.household = self._household(base)

    def _household(self, base: Baseline) -> Household | None:
        consumption = base.income - self.invested
        if (consumption <= 0).any():
            name = self.world.countries[int(consumption.argmin())]
            raise InputError(
                f"{name} would invest more than it spends: lower capital's share or depreciation"
            )
        if self.balance == "fixed":
            return None
        return Household(
            consumption, base.gdp, self.discount, self.aversion, self.spread, self.world.countries
        )

    def _economy(self, first: int) -> Economy:
        capital, flywheel, base = self.capital, self.flywheel, self.base
        known = [one for one in self.dated if one.known <= first]
        learning = None
        if flywheel is not None:
            learning = learning_of(self.scaled, flywheel, base, known, first, self.periods)
        goods = base.final_share
        if capital is not None and capital.goods is not None:
            goods = capital.composition(self.world)
        given = base.deficit * (self.reading == "transfers" and self.household is not None)
        return Economy(
            self.household, capital, self.alpha, goods, self.invested, learning, given, self.held,
            self.discount, self.aversion,
        )  # fmt: skip

    def _problems(self, first: int) -> list[Problem]:
        known = [one for one in self.dated if one.known <= first]
        made: dict[int, Problem] = {}
        shocks = shocks_by_period(self.world, known, first, self.periods)
        for one in shocks:
            if id(one) not in made:
                made[id(one)] = problem_of(self.world, one)
        return [made[id(one)] for one in shocks]

    def path(self, title: str, notes: tuple[str, ...]) -> TransitionPath:
        """Solve from every date of news on, and keep each plan until the next."""
        news = sorted({0, *(one.known for one in self.dated)})
        base = self.base
        state = State(np.ones(base.output.shape), np.ones(base.gdp.size), self.assets)
        parts: list[_Part] = []
        for first, following in zip(news, [*news[1:], self.periods], strict=True):
            equations = PathEquations(self._problems(first), self._economy(first), state)
            course = equations.course(self.tolerance, self.progress)
            keep = following - first
            part = _Part(course, equations, keep, state.wealth)
            parts.append(part)
            if following < self.periods:
                state = part.handed_on()
        return self._joined(parts, title, notes)

    def _joined(self, parts: list[_Part], title: str, notes: tuple[str, ...]) -> TransitionPath:
        def all_of(name: str) -> Array:
            return np.concatenate([getattr(p.course, name)[: p.keep] for p in parts])

        solutions = [s for p in parts for s in p.course.solutions[: p.keep]]
        size, world = self.base.size, self.world
        equilibria = tuple(
            Equilibrium(world, s, f"{title}: period {t}") for t, s in enumerate(solutions)
        )
        bond = [parts[0].course.bond[: parts[0].keep, 0]]
        for before, part in itertools.pairwise(parts):
            # The old plan's interest is what the last bond before the news pays.
            step = before.course.bond[before.keep, 0] / before.course.bond[before.keep - 1, 0]
            bond.append(bond[-1][-1] * step * part.course.bond[: part.keep, 0])
        assets = np.concatenate([p.assets()[: p.keep] for p in parts])
        working = np.concatenate([p.at_work()[: p.keep] for p in parts])
        problems = [q for p in parts for q in p.equations.problems[: p.keep]]
        wages = np.stack([np.exp(s.point.wage) for s in solutions]) * self.base.gdp
        bundle = np.stack([s.problem.labour for s in solutions])
        paid = wages * bundle * (1 - self.alpha) * (1 / working - 1)
        notes = (*notes, *_unrest(all_of("technology")))
        return TransitionPath(
            world, equilibria, all_of("technology").transpose(0, 2, 1), all_of("stock"),
            self.alpha, all_of("investment") * size, self.invested * size, paid * size,
            np.exp(all_of("price")), np.stack([q.labour for q in problems]),
            (assets - self.held) * size, np.concatenate(bond), np.exp(all_of("weight")),
            self.discount, self.aversion, max(p.course.residual for p in parts),
            sum(p.course.rounds for p in parts), title, notes,
            tuple(p.equations for p in parts),
        )  # fmt: skip


class _Part:
    """A plan, and how much of it is lived."""

    def __init__(self, course: Course, equations: PathEquations, keep: int, wealth: Array) -> None:
        self.course, self.equations, self.keep, self.wealth = course, equations, keep, wealth

    def assets(self) -> Array:
        """At the end of each period, ``(period, country)``."""
        course, economy = self.course, self.equations.economy
        if economy.household is None:
            return np.broadcast_to(self.wealth, course.income.shape)
        saved = course.earned + economy.given - course.income
        return net_foreign_assets(course.bond[:, 0], saved, self.wealth)

    def at_work(self) -> Array:
        """Share of labour that produces, ``(period, country)``."""
        economy, course = self.equations.economy, self.course
        if economy.learning is None:
            return np.ones_like(course.income)
        return np.stack(
            [
                economy.learning.at_work(t, s.point, 1 - economy.alpha)
                for t, s in enumerate(course.solutions)
            ]
        )

    def handed_on(self) -> State:
        """What the period of the news inherits."""
        course, keep = self.course, self.keep
        interest = course.bond[keep - 1, 0] / course.bond[keep, 0]
        wealth = self.wealth
        if self.equations.economy.household is not None:
            wealth = self.assets()[keep - 1] * interest
        return State(course.technology[keep], course.stock[keep], wealth)


def _unrest(technology: Array) -> tuple[str, ...]:
    """A word where technology still moves at the end, which is taken to last."""
    left = float(np.abs(np.diff(np.log(technology[-2:]), axis=0)).max())
    if left < _AT_REST:
        return ()
    return (
        f"Technology still moves by {100 * left:.2g} % in the last period, which is taken to last "
        "for ever: what counts for ever is off by what it would still do. Lengthen the path.",
    )


def _notes(job: _Job, known: list[int]) -> tuple[str, ...]:
    news = sorted({t for t in known if t > 0})
    words = "what is known from the start is foreseen" if news else "all is foreseen from period 0"
    notes = [f"Perfect foresight: {words}; the last period lasts for ever."]
    if news:
        notes.append(f"News in period {', '.join(map(str, news))}: plans are made anew from there.")
    if job.balance == "fixed":
        notes.append("Deficits are held as shares of the world's GDP.")
    else:
        reading = {
            "transfers": "go on as transfers, held in terms of the world's GDP",
            "income": "are income on net assets, worth the same whatever happens",
        }[job.reading]
        utility = "Log utility" if job.aversion == 1 else f"CRRA utility, σ = {job.aversion:g}"
        spread = f", a spread of {job.spread:g} on debt of one year's GDP" if job.spread else ""
        notes.append(f"{utility}, one bond{spread}; the baseline's deficits {reading}.")
    if job.capital is not None:
        notes.append(
            f"Capital earns {100 * job.alpha.mean():.0f} % of value added and wears out by "
            f"{job.capital.depreciation:.0%} in a period; the baseline is at rest."
        )
    if job.flywheel is not None:
        delta = job.flywheel.renewed(job.scaled)
        notes.append(
            f"Technology follows research that sales pay for; {delta.mean():.0%} of it is renewed "
            "in a period."
        )
        if job.flywheel.research is not None:
            notes.append("Research that the flywheel is given as an array costs nothing.")
    return tuple(notes)
