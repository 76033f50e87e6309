"""The equations of Caliendo and Parro in changes, as one map whose fixed point is the equilibrium.

Symbols are the papers': ŵ wages, P̂ prices of what is bought, ĉ unit costs, π trade shares, γ
cost shares, α final shares, κ̂ the change in what it takes to sell to a destination, θ and ψ the
trade and scale elasticities. All amounts are shares of the world's value added, the numeraire.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.baseline import Baseline
from boeki.model.licences import licences
from boeki.model.problem import Problem
from boeki.model.products import back, forth, inputs_of, over_sectors, twice, uses_of

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Point:
    """The unknowns, by name; logarithms of changes but for the export revenue.

    Attributes
    ----------
    wage
        ``(country,)``.
    price
        Of what is bought, ``(good, country)``.
    output
        At cost, ``(sector, country)``; 0 where the baseline has none.
    export_revenue
        Taken in from export taxes and licences, less export subsidies, ``(country,)`` in shares
        of the world's value added; empty where there are none.
    wedge
        What a licence adds to the price where trade is rationed, ``(ration,)``.
    """

    wage: Array
    price: Array
    output: Array
    export_revenue: Array
    wedge: Array

    def vector(self) -> Array:
        """The unknowns one after the other."""
        parts = [self.wage, self.price.reshape(-1), self.output.reshape(-1)]
        if self.export_revenue.size or self.wedge.size:
            parts += [self.export_revenue, self.wedge]
        return np.concatenate(parts)


@dataclass(frozen=True, eq=False)
class Flows:
    """What a point implies, besides the point that follows from it.

    Attributes
    ----------
    following
        The image of the point.
    cost
        Logarithm of the change in unit costs, ``(sector, country)``.
    reached
        ĉ^−θ with the production tax, ``(sector, country)``.
    index
        Φ = Σ π (κ̂ ĉ)^−θ, ``(good, destination)``.
    duty
        Tariffs as a share of spending, ``(good, destination)``.
    earned, income
        Wages earned and income, ``(country,)``.
    inputs, spending
        Spending on inputs, ``(sector, country)``, and on everything, ``(good, country)``.
    sold
        Output at cost that is bought, ``(sector, country)``.
    """

    following: Point
    cost: Array
    reached: Array
    index: Array
    duty: Array
    earned: Array
    income: Array
    inputs: Array
    spending: Array
    sold: Array


def at_baseline(problem: Problem) -> Point:
    """The point of no change."""
    goods, sectors, countries = problem.base.shape
    taxed = countries if problem.taxes_exports else 0
    rationed = 0 if problem.rations is None else problem.rations.limit.size
    return Point(
        np.zeros(countries), np.zeros((goods, countries)), np.zeros((sectors, countries)),
        np.zeros(taxed), np.zeros(rationed),
    )  # fmt: skip


def point_of(problem: Problem, vector: Array) -> Point:
    """A vector's parts, without copies."""
    goods, sectors, countries = problem.base.shape
    prices = countries * (1 + goods)
    outputs = prices + countries * sectors
    revenues = outputs + countries * problem.taxes_exports
    return Point(
        vector[:countries], vector[countries:prices].reshape(goods, countries),
        vector[prices:outputs].reshape(sectors, countries), vector[outputs:revenues],
        vector[revenues:],
    )  # fmt: skip


def follow(problem: Problem, point: Point) -> Flows:
    """One turn of the map: what prices, sales and wages follow from the point's."""
    base = problem.base
    sectors = base.theta.size
    labour = base.gdp * problem.labour
    earned = np.exp(point.wage) * labour
    level = earned.sum()
    earned, wage = earned / level, point.wage - np.log(level)
    cost = _unit_cost(problem, wage, point)
    priced = cost + np.log1p(problem.production_tax) if problem.taxes_production else cost
    reached = problem.minus_theta[: base.theta.size] * priced
    np.exp(reached, out=reached)
    goods = twice(reached, base.by_use)
    index = forth(problem.reach, goods)
    licence = licences(problem, point.wedge, reached)
    duty = np.zeros_like(index)
    if licence is not None:
        landed = forth(problem.landed, goods)
        licence.add_to(index, landed)
        duty = 1 - landed / index
    else:
        # Outside of the slice no tariff is paid: what lands is what is spent.
        taxed = problem.taxed
        duty[taxed] = 1 - forth(problem.landed[taxed], goods[taxed]) / index[taxed]
    output = base.output * np.exp(point.output)
    inputs = inputs_of(problem.input_share, output)
    income = _income(problem, earned, point, output, inputs, duty)
    final = problem.final_share * income
    spending = np.concatenate([inputs, final]) if base.by_use else inputs + final
    weight = spending / index
    paid = goods * back(weight, problem.received)
    revenue = point.export_revenue
    wedge = point.wedge
    if problem.taxes_exports:
        if problem.received is problem.landed:
            taxed = np.zeros_like(earned)
        else:
            at_border = goods * back(weight, problem.landed)
            taxed = (at_border - paid).sum(0)
        if licence is not None:
            rent, wedge = licence.sell(paid, weight, cost)
            taxed = taxed + rent
        revenue = taxed
    sold = (paid[:sectors] + paid[sectors:]) if base.by_use else paid
    if problem.taxes_production:
        sold = sold / (1 + problem.production_tax)
    bill = over_sectors(problem.value_added_share, sold) / earned
    following = Point(
        wage + np.log(bill),
        np.log(index) / problem.minus_theta,
        _log_ratio(sold, base),
        revenue,
        wedge,
    )
    return Flows(following, cost, reached, index, duty, earned, income, inputs, spending, sold)


def _unit_cost(problem: Problem, wage: Array, point: Point) -> Array:
    """ĉ = Â⁻¹ L̂^−ψ ŵ^γ Π P̂^γ, in logarithms; L̂ is output over wage, as labour's share is given."""
    base = problem.base
    cost = problem.value_added_share * wage
    cost += uses_of(problem.input_share, point.price[: base.theta.size])
    cost -= problem.productivity
    if problem.scaled:
        cost -= problem.psi[:, None] * (point.output + problem.intensity - wage)
    return np.asarray(cost)


def _income(
    problem: Problem, earned: Array, point: Point, output: Array, inputs: Array, duty: Array
) -> Array:
    """I = wages + tariffs + taxes + deficit; tariffs on what it buys itself are solved for."""
    sectors = problem.base.theta.size
    own = problem.deficit_share
    deficit = problem.transfer + earned * (own - (own * earned).sum())
    income = earned + deficit + over_sectors(duty[:sectors], inputs)
    if problem.taxes_exports:
        income = income + point.export_revenue
    if problem.taxes_production:
        income = income + over_sectors(problem.production_tax, output)
    kept = over_sectors(problem.final_share, duty[-sectors:])
    if problem.spending_share is not None:
        share = problem.spending_share
        return np.asarray(share * (income.sum() / (1 - share @ kept)))
    return np.asarray(income / (1 - kept))


def _log_ratio(sold: Array, base: Baseline) -> Array:
    active = base.active
    if active is None:
        ratio = sold / base.output
        return np.asarray(np.log(ratio, out=ratio))
    ratio = np.divide(sold, base.output, out=np.ones_like(sold), where=active)
    return np.asarray(np.log(ratio))
