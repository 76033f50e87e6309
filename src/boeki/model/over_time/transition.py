"""What a path gives: results by period and by name, each against the baseline."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.equilibrium import Equilibrium
from boeki.model.over_time.equations import PathEquations
from boeki.model.over_time.saving import lasting
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]


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
    capital
        K̂ at the start of each period, ``(period, country)``; ones where there is none.
    capital_share
        α, ``(country,)``; zeros where there is none.
    investment, investment_before
        Spending on capital goods, ``(period, country)``, and that of the baseline, ``(country,)``,
        in the currency.
    research_cost
        What research takes that is pushed, ``(period, country)``, in the currency.
    consumption_price
        ``(period, country)``.
    labour
        Labour force that there is, at work or at research, ``(period, country)``.
    net_foreign_assets
        Assets at the end of each period beyond those of the baseline, ``(period, country)``, in the
        currency.
    bond_price
        Price in period 0 of the numeraire in each period, ``(period,)``.
    spending_weight
        λ: a country's consumption over the baseline's, against that of the world in the period,
        ``(period, country)``; ones where deficits are held.
    discount, aversion
        β by period, and σ.
    residual
        Largest gap of any equation, in logarithms.
    rounds
        How often the map of all periods was asked.
    plans
        The equations that were solved; one more for every date of news.
    """

    world: World
    equilibria: tuple[Equilibrium, ...] = field(repr=False)
    technology: Array = field(repr=False)
    capital: Array = field(repr=False)
    capital_share: Array = field(repr=False)
    investment: Array = field(repr=False)
    investment_before: Array = field(repr=False)
    research_cost: Array = field(repr=False)
    consumption_price: Array = field(repr=False)
    labour: Array = field(repr=False)
    net_foreign_assets: Array = field(repr=False)
    bond_price: Array = field(repr=False)
    spending_weight: Array = field(repr=False)
    discount: float
    aversion: float
    residual: float
    rounds: int
    title: str = "Path"
    notes: tuple[str, ...] = ()
    plans: tuple[PathEquations, ...] = field(default=(), repr=False)

    def _stack(self, name: str) -> Array:
        return np.stack([getattr(e, name) for e in self.equilibria])

    @property
    def periods(self) -> int:
        """How many."""
        return len(self.equilibria)

    @cached_property
    def wage(self) -> Array:
        """Wages, ``(period, country)``."""
        # What the bundle of labour and capital earns, by how much of it there is to a worker.
        return self._stack("wage") * (self.capital / self._working) ** self.capital_share

    @cached_property
    def _working(self) -> Array:
        """Labour at work, ``(period, country)``."""
        bundle = np.stack([e.solution.problem.labour for e in self.equilibria])
        return np.asarray((bundle / self.capital**self.capital_share) ** (1 / self._rest))

    @property
    def _rest(self) -> Array:
        return np.asarray(1 - self.capital_share)

    @cached_property
    def real_wage(self) -> Array:
        """Wages over the price of consumption, ``(period, country)``."""
        return self.wage / self.consumption_price

    @cached_property
    def consumption(self) -> Array:
        """Real consumption, ``(period, country)``."""
        spent = self._stack("income") - self.investment
        return spent / (self.world.income - self.investment_before) / self.consumption_price

    @cached_property
    def gdp(self) -> Array:
        """Value added, ``(period, country)``, in the currency; research that is pushed among it."""
        return self._stack("gdp") + self.research_cost

    @cached_property
    def real_gdp(self) -> Array:
        """Value added over the price of consumption, ``(period, country)``."""
        return self.gdp / self.world.gdp / self.consumption_price

    @cached_property
    def balance(self) -> Array:
        """Exports less imports, ``(period, country)``, in the currency."""
        return -self._stack("deficit")

    @cached_property
    def balance_of_gdp(self) -> Array:
        """Exports less imports over GDP, ``(period, country)``."""
        return self.balance / self.gdp

    @cached_property
    def balance_change(self) -> Array:
        """Exports less imports over GDP, less what they were, ``(period, country)``."""
        return self.balance_of_gdp + self.world.deficit / self.world.gdp

    @cached_property
    def market_share(self) -> Array:
        """Shares in the world's exports of a sector, ``(period, country, sector)``."""
        return self._stack("market_share")

    @cached_property
    def import_dependence(self) -> Array:
        """Imports over all that is bought of a sector, ``(period, country, sector)``."""
        home = np.stack([np.einsum("nns->ns", e.trade_share) for e in self.equilibria])
        return 1 - home

    @cached_property
    def employment(self) -> Array:
        """Employment, ``(period, country, sector)``."""
        return self._stack("employment")

    @cached_property
    def policy_cost(self) -> Array:
        """What subsidies and pushed research take from budgets, ``(period, country)``, in currency.

        Net of taxes on exports and production; tariffs are apart, in ``tariff_revenue``.
        """
        income, deficit = self._stack("income"), self._stack("deficit")
        own = income - self._stack("gdp") - self.tariff_revenue - deficit
        return np.asarray(self.research_cost - own)

    @cached_property
    def tariff_revenue(self) -> Array:
        """Tariffs taken in, ``(period, country)``, in the currency."""
        return self._stack("tariff_revenue")

    @cached_property
    def welfare(self) -> Array:
        """Permanent consumption over the baseline's, ``(country,)``; the last period lasts."""
        times = lasting(self.discount, self.periods)
        weight = (times * self.discount ** np.arange(self.periods))[:, None]
        weight = weight / weight.sum()
        if self.aversion == 1:
            return np.asarray(np.exp((weight * np.log(self.consumption)).sum(0)))
        power = 1 - self.aversion
        return np.asarray((weight * self.consumption**power).sum(0) ** (1 / power))

    def weights(self, country: int) -> Array:
        """By how much log consumption of each period counts in log welfare, ``(period,)``."""
        times = lasting(self.discount, self.periods) * self.discount ** np.arange(self.periods)
        weight = times * self.consumption[:, country] ** (1 - self.aversion)
        return np.asarray(weight / weight.sum())

    def countries(self, *names: str) -> Answer:
        """Balance, assets, GDP, real wage, by period, as a table.

        Parameters
        ----------
        names
            Of these countries; of all where none is named.
        """
        from boeki.model.over_time.path_table import path_table

        return path_table(self, names)

    def sectors(self, *names: str, sector: str = "") -> Answer:
        """Market share, import dependence, employment, technology by period, as a table.

        Parameters
        ----------
        names
            Of these countries; of all where none is named.
        sector
            Of this sector; of all where none is named.
        """
        from boeki.model.over_time.path_table import path_sectors

        return path_sectors(self, names, sector)

    def summary(self) -> Answer:
        """What the path is worth to each country, one row each: spillovers among it."""
        from boeki.model.over_time.path_table import path_summary

        return path_summary(self)

    def _repr_html_(self) -> str:
        return self.countries()._repr_html_()
