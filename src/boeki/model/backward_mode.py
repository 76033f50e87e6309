"""The equations made linear, followed back: what an outcome owes to unknowns and shocks.

Each step takes the derivatives of the outcome in what a statement of the map gives to those in what
it takes, from the last statement to the first; ``to_x`` is the derivative in x.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.exact_hat import Point
from boeki.model.licences import LicenceBack, licence_back
from boeki.model.linearised import Linearised, Outcome, Shift
from boeki.model.products import back, forth, inputs_of, once, twice, uses_of

Array: TypeAlias = NDArray[np.float64]


def pull(
    at: Linearised, outcome: Outcome, shocks: bool = False, *, cells: bool = True
) -> tuple[Point, Shift]:
    """Follow the derivatives of an outcome back to the unknowns and the shocks.

    Parameters
    ----------
    at
        The equations made linear.
    outcome
        Derivatives in what the equations give.
    shocks
        Whether the derivatives in shocks are wanted; they are None else.
    cells
        Those by pair and good among them, which cost the most.

    Returns
    -------
    tuple
        Derivatives in the unknowns, and in the shocks.
    """
    way = _WayBack(at, outcome)
    way.through_sales()
    way.through_spending()
    way.through_income()
    way.through_costs()
    made = way.to_cells() if (shocks and cells) or way.licence is not None else None
    move = way.to_point(made)
    return move, way.to_shift(made if cells else None) if shocks else Shift()


class _WayBack:
    """Derivatives on their way from what follows to what it follows from."""

    def __init__(self, at: Linearised, outcome: Outcome) -> None:
        self.at, self.outcome, self.to = at, outcome, outcome.following
        base = at.problem.base
        self.two, self.sectors = base.by_use, base.theta.size
        self.theta = twice(base.theta[:, None], self.two)
        self.taxed = 1 + at.problem.production_tax
        self.taxes = at.problem.taxes_exports
        self.licence: LicenceBack | None = licence_back(at, self.to)
        shape = at.flows.sold.shape
        self.to_cost = np.zeros(shape)
        self.to_wage = _or_zero(outcome.wage, shape[1:])
        self.to_revenue = np.zeros(shape[1] if self.taxes else 0)

    def through_sales(self) -> None:
        """From sales, wages, prices and revenue to costs ĉ^−θ, weights X / Φ and Φ."""
        at, to, flows = self.at, self.to, self.at.flows
        to_sold = _or_zero(self.outcome.sold, flows.sold.shape)
        if self.outcome.own is not None:
            to_sold = to_sold + at.problem.production_tax * self.outcome.own
        self.to_index = np.zeros(flows.index.shape)
        self.to_border: Array | None = None
        to_paid: Array | float = 0.0
        if to is not None:
            active = flows.sold > 0
            bill = (at.problem.value_added_share * flows.sold).sum(0)
            to_sold = to_sold + at.problem.value_added_share * (to.wage / bill)
            to_sold = to_sold + np.divide(
                to.output, flows.sold, out=np.zeros_like(to.output), where=active
            )
            self.to_wage = self.to_wage + to.wage
            self.to_index = -to.price / self.theta
            if self.taxes:
                to_paid = -to.export_revenue
                self.to_border = np.broadcast_to(to.export_revenue, at.goods.shape)
        self.to_paid = to_paid + twice(to_sold / self.taxed, self.two)
        self.to_rise = -to_sold * flows.sold / self.taxed
        self.to_reached = self.to_paid * at.paid
        self.to_weight = forth(at.received, at.goods * self.to_paid)
        if self.to_border is not None:
            self.to_reached = self.to_reached + self.to_border * at.border
            self.to_weight = self.to_weight + forth(at.landed, at.goods * self.to_border)
        if self.outcome.trade is not None:
            trade = self.outcome.trade * at.landed * at.goods[:, None, :]
            self.to_weight = self.to_weight + trade.sum(2)
            self.to_reached = self.to_reached + (trade * at.weight[:, :, None]).sum(1)
        if self.licence is not None:
            self.licence.add_to(self.to_reached, self.to_weight, self.to_cost, self.to_rise)

    def through_spending(self) -> None:
        """From weights to spending, to inputs and income."""
        at, flows = self.at, self.at.flows
        to_spending = self.to_weight / flows.index
        if self.outcome.spending is not None:
            to_spending = to_spending + self.outcome.spending
        if self.outcome.own is not None:
            to_spending = to_spending + flows.duty * self.outcome.own
        self.to_index = self.to_index - at.weight * self.to_weight
        self.to_final = to_spending[-self.sectors :]
        self.to_inputs = to_spending[: self.sectors]
        to_income = (at.problem.final_share * self.to_final).sum(0)
        if self.outcome.income is not None:
            to_income = to_income + self.outcome.income
        share = at.problem.spending_share
        self.to_spent = to_income
        if share is not None:
            # Whoever earns, all spend by their shares.
            to_income = np.full_like(to_income, share @ to_income)
        self.source = to_income * at.multiplier

    def through_income(self) -> None:
        """From income to wages, output, export revenue and tariffs."""
        at, flows, source = self.at, self.at.flows, self.source
        own, earned = at.problem.deficit_share, flows.earned
        self.to_inputs = self.to_inputs + flows.duty[: self.sectors] * source
        to_duty = np.zeros_like(at.weight)
        to_duty[: self.sectors] += flows.inputs * source
        to_duty[-self.sectors :] += at.problem.final_share * (flows.income * source)
        self.to_earned = source * earned * (1 + own - (own * earned).sum())
        if self.outcome.own is not None:
            to_duty += flows.spending * self.outcome.own
            self.to_earned = self.to_earned + earned * self.outcome.own
        if self.outcome.earned is not None:
            self.to_earned = self.to_earned + earned * self.outcome.earned
        self.to_earned = self.to_earned - own * earned * (source * earned).sum()
        if self.to is not None:
            self.to_earned = self.to_earned - self.to.wage
        # What a tax brings is income, and own income.
        self.to_tax = source if self.outcome.own is None else source + self.outcome.own
        if self.taxes:
            self.to_revenue = self.to_revenue + self.to_tax
        inputs = uses_of(at.problem.input_share, self.to_inputs)
        self.to_output = at.problem.production_tax * source + inputs
        # Tariffs are what spending does not land: they fall as landed shares rise.
        self.to_index = self.to_index + (1 - flows.duty) * to_duty
        self.to_landed = -to_duty

    def through_costs(self) -> None:
        """From sums over origins to unit costs, and from them to prices and wages."""
        at, base = self.at, self.at.problem.base
        reached = self.to_reached
        reached = reached + at.goods * back(self.to_index / at.flows.index, at.reach)
        reached = reached + at.goods * back(self.to_landed / at.flows.index, at.landed)
        by_origin = once(reached, self.two)
        if self.outcome.reached is not None:
            by_origin = by_origin + self.outcome.reached
        self.by_sector = -base.theta[:, None] * by_origin
        self.to_cost = self.to_cost + self.by_sector
        self.to_price = np.array(_or_zero(self.outcome.price, at.weight.shape))
        self.to_price[: self.sectors] += inputs_of(at.problem.input_share, self.to_cost)
        labour = at.problem.value_added_share + self.at.problem.psi[:, None]
        self.to_wage = self.to_wage + (labour * self.to_cost).sum(0) + self.to_earned

    def to_point(self, cells: tuple[Array, Array, Array] | None) -> Point:
        """Derivatives in the unknowns."""
        at = self.at
        output = at.output * self.to_output - at.problem.psi[:, None] * self.to_cost
        if self.outcome.output is not None:
            output = output + self.outcome.output
        wage = self.to_wage - at.flows.earned * self.to_wage.sum()
        wedge = np.zeros(0)
        if self.licence is not None:
            assert cells is not None
            wedge = self.licence.to_wedge(cells)
        return Point(wage, self.to_price, output, self.to_revenue, wedge)

    def to_cells(self) -> tuple[Array, Array, Array]:
        """Derivatives in costs, tariffs and export taxes, by cell.

        A first tax on exports brings income, though there is no unknown for it yet.
        """
        at = self.at
        goods, weight = at.goods[:, None, :], at.weight[:, :, None]
        # In place as far as can be: each array is as large as all trade.
        both = weight * self.to_paid[:, None, :]
        exported = -both if self.taxes else weight * (self.to_tax - self.to_paid)[:, None, :]
        exported *= at.received
        exported *= goods
        if at.received is at.landed:
            both += (self.to_landed / at.flows.index)[:, :, None]
            both *= at.landed
        else:
            both *= at.received
            both += (self.to_landed / at.flows.index)[:, :, None] * at.landed
        if self.to_border is not None:
            both += weight * at.landed * self.to_border[:, None, :]
        if self.outcome.trade is not None:
            both += weight * at.landed * self.outcome.trade
        both *= goods
        cost = at.reach * (self.to_index / at.flows.index)[:, :, None]
        cost *= goods
        cost += both
        cost *= -self.theta[:, :, None]
        np.negative(both, out=both)
        cells = cost, both, exported
        if self.licence is not None:
            self.licence.add_to_cells(cells)
        return cells

    def to_shift(self, cells: tuple[Array, Array, Array] | None) -> Shift:
        """Derivatives in the shocks."""
        at, flows, source = self.at, self.at.flows, self.source
        rise = self.to_rise + self.by_sector / self.taxed + at.output * source
        if self.outcome.own is not None:
            rise = rise + flows.sold * self.outcome.own
        duty = flows.duty[-self.sectors :]
        cost, tariff, export_tax = (None, None, None) if cells is None else cells
        return Shift(
            cost=cost, tariff=tariff, export_tax=export_tax, productivity=-self.to_cost,
            production_tax=rise,
            labour=self.to_earned - flows.earned * self.to_wage.sum(),
            final_share=flows.income * (self.to_final + duty * source),
            transfer=source, spending_share=self._to_share(duty),
        )  # fmt: skip

    def _to_share(self, duty: Array) -> Array | None:
        """Of the countries' shares in final spending, which also move the tariffs on it."""
        problem, flows = self.at.problem, self.at.flows
        share = problem.spending_share
        if share is None:
            return None
        total = flows.income.sum()
        kept = (problem.final_share * duty).sum(0)
        on_all = (share @ self.to_spent) * kept * self.at.multiplier
        return np.asarray(total * (self.to_spent + on_all))


def _or_zero(cells: Array | None, shape: tuple[int, ...]) -> Array:
    return np.zeros(shape) if cells is None else cells
