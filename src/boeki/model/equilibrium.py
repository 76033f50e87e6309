"""What a simulation gives: an equilibrium with its results by name, each with its baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.exact_hat import Flows, follow
from boeki.model.linearised import Linearised, linearise
from boeki.model.products import once
from boeki.model.solve import Solution
from boeki.world.trade_sums import Traded
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Equilibrium(Traded):
    """An equilibrium with shocks. Changes are ratios to the baseline: 1.02 is 2 % more.

    Amounts are in the currency of the world, whose value added is held: the numeraire. Axes are the
    world's: ``(country,)``, ``(country, sector)``, ``(origin, destination, sector)``.

    Attributes
    ----------
    world
        The baseline.
    solution
        How it was found, with the residual of the equations.
    title, notes
        What was asked, and what a reader must know.
    """

    world: World
    solution: Solution = field(repr=False)
    title: str = "Counterfactual"
    notes: tuple[str, ...] = ()

    @property
    def residual(self) -> float:
        """Largest residual of the equations, in logarithms."""
        return self.solution.residual

    @cached_property
    def residuals(self) -> Mapping[str, float]:
        """Largest relative gap of each set of equations, worked out anew from prices and wages."""
        from boeki.model.market_clearing import residuals

        return residuals(self.solution.problem, self.solution.point)

    @cached_property
    def _flows(self) -> Flows:
        return follow(self.solution.problem, self.solution.point)

    @property
    def _size(self) -> float:
        return self.solution.problem.base.size

    @cached_property
    def _sectors(self) -> int:
        return len(self.world.sectors)

    @cached_property
    def wage(self) -> Array:
        """Wages, ``(country,)``."""
        return np.asarray(np.exp(self.solution.point.wage))

    @cached_property
    def price(self) -> Array:
        """Prices of what is bought for final use, ``(country, sector)``."""
        return np.exp(self.solution.point.price[-self._sectors :]).T

    @cached_property
    def input_price(self) -> Array:
        """Prices of what is bought as inputs, ``(country, sector)``."""
        return np.exp(self.solution.point.price[: self._sectors]).T

    @cached_property
    def unit_cost(self) -> Array:
        """Unit costs, ``(country, sector)``."""
        return np.exp(self._flows.cost).T

    @cached_property
    def price_index(self) -> Array:
        """Price of final spending, ``(country,)``: by the final shares that hold."""
        share = self.solution.problem.final_share.T
        return np.asarray(np.exp((share * np.log(self.price)).sum(1)))

    @cached_property
    def real_wage(self) -> Array:
        """Wage over the price of final spending, ``(country,)``."""
        return self.wage / self.price_index

    @cached_property
    def income(self) -> Array:
        """Final spending: wages, tariffs and taxes, deficit, ``(country,)``, in the currency."""
        told = self.solution.income
        return (self._flows.income if told is None else told) * self._size

    @cached_property
    def welfare(self) -> Array:
        """Real income, ``(country,)``: income over the price of final spending, exact."""
        return self.income / self.world.income / self.price_index

    @cached_property
    def terms_of_trade(self) -> Array:
        """Terms-of-trade part of the linear welfare formula, ``(country,)``; 0.01 is 1 %."""
        from boeki.model.linear_welfare import terms_of_trade

        return terms_of_trade(self.world, self.unit_cost)

    @cached_property
    def volume_of_trade(self) -> Array:
        """Volume-of-trade part of the linear welfare formula, ``(country,)``; 0.01 is 1 %."""
        from boeki.model.linear_welfare import volume_of_trade

        return volume_of_trade(self.world, self.unit_cost, self.trade)

    @property
    def welfare_linear(self) -> Array:
        """Change in welfare by Caliendo and Parro's linear formula, ``(country,)``; 0.01 is 1 %.

        Equation 16 of the paper, at percentage changes: what they publish. For large tariffs it is
        far from :attr:`welfare`, which is exact.
        """
        return self.terms_of_trade + self.volume_of_trade

    @cached_property
    def trade_share(self) -> Array:
        """Shares of origins in spending, tariffs included, ``(origin, destination, sector)``."""
        spent, before = self.expenditure, self.world.trade_share
        paid = self._by_pair(self._linear.reach)
        share = np.divide(paid, spent, out=np.zeros_like(paid), where=spent > 0)
        return np.where(spent > 0, share, before)

    @cached_property
    def trade(self) -> Array:
        """Value at the border, without tariffs, ``(origin, destination, sector)``."""
        return self._by_pair(self._linear.landed)

    @cached_property
    def _linear(self) -> Linearised:
        return linearise(self.solution.problem, self.solution.point)

    def _by_pair(self, cells: Array) -> Array:
        """Amounts by pair, of the weights of the sums over origins."""
        at = self._linear
        flow = at.weight[:, :, None] * cells * at.goods[:, None, :] * self._size
        return once(flow, len(flow) > self._sectors).transpose(2, 1, 0)

    @cached_property
    def expenditure(self) -> Array:
        """Spending as input and for final use, tariffs included, ``(country, sector)``."""
        spent = once(self._flows.spending, len(self._flows.spending) > self._sectors)
        return spent.T * self._size

    @cached_property
    def output(self) -> Array:
        """Gross output at cost, ``(country, sector)``, in the currency."""
        return self._flows.sold.T * self._size

    @cached_property
    def employment(self) -> Array:
        """Employment, ``(country, sector)``, over the baseline's; 1 where there was none."""
        before = self.world.output
        after = np.divide(self.output, before, out=np.ones_like(before), where=before > 0)
        after = after * np.exp(np.transpose(self.solution.problem.intensity))
        return np.where(before > 0, after / self.wage[:, None], 1.0)

    @cached_property
    def quantity(self) -> Array:
        """Output over the baseline's at constant prices, ``(country, sector)``."""
        before = self.world.output
        after = np.divide(self.output, before, out=np.ones_like(before), where=before > 0)
        return np.where(before > 0, after / self.unit_cost, 1.0)

    @cached_property
    def gdp(self) -> Array:
        """Value added at factor cost, ``(country,)``, in the currency."""
        return self._flows.earned * self._size

    @cached_property
    def tariff_revenue(self) -> Array:
        """Tariffs taken in, ``(country,)``, in the currency."""
        return np.asarray((self._flows.duty * self._flows.spending).sum(0) * self._size)

    @cached_property
    def deficit(self) -> Array:
        """Imports less exports, ``(country,)``, in the currency."""
        return self.imports - self.exports

    @cached_property
    def balance(self) -> Array:
        """Exports less imports with each partner, ``(country, partner)``, in the currency."""
        flow = self.trade.sum(2)
        return np.asarray(flow - flow.T)

    @cached_property
    def value_added_trade(self) -> Array:
        """Value added of a country in what another finally buys, ``(origin, destination)``."""
        from boeki.model.value_added import value_added_trade

        return value_added_trade(self.as_world())

    def as_world(self) -> World:
        """The equilibrium as a baseline of its own, for counterfactuals from there.

        Raises
        ------
        InputError
            Where exports or production are taxed: a world has no place for them.
        """
        from boeki.model.as_world import as_world

        return as_world(self)

    def countries(self) -> Answer:
        """Real wages, welfare, trade and balance by country, as a table."""
        from boeki.model.tables import countries_table

        return countries_table(self)

    def sectors(self, *countries: str) -> Answer:
        """Output, employment, prices, trade and market shares by sector, as a table.

        Parameters
        ----------
        countries
            Of these; of all where none is named.
        """
        from boeki.model.tables import sectors_table

        return sectors_table(self, countries)

    def pairs(self, *sectors: str) -> Answer:
        """Trade by pair and sector, as a table.

        Parameters
        ----------
        sectors
            Of these; of all together where none is named.
        """
        from boeki.model.tables import pairs_table

        return pairs_table(self, sectors)

    def _repr_html_(self) -> str:
        return self.countries()._repr_html_()
