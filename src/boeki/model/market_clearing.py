"""The equations of an equilibrium, each by itself: what is left of them at a point."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.exact_hat import Point
from boeki.model.problem import Problem

Array: TypeAlias = NDArray[np.float64]


def residuals(problem: Problem, point: Point) -> dict[str, float]:
    """Largest relative gap of each set of equations.

    Written from the equations as they are published, cell by cell, and not from the sums with which
    they are solved: a slip there shows here.

    Parameters
    ----------
    problem
        A baseline with shocks.
    point
        Wages, prices and output of an equilibrium.

    Returns
    -------
    dict
        ``price`` (price indexes), ``goods`` (sales against output), ``labour`` (wage bills),
        ``income`` (spending against income), ``balance`` (exports less imports against deficits);
        and ``ration``, by how much trade passes a limit.
    """
    base = problem.base
    sectors, uses = base.theta.size, base.share.shape[0] // base.theta.size
    wage, output = np.exp(point.wage), base.output * np.exp(point.output)
    earned = wage * base.gdp * problem.labour
    # What each pays for one unit of cost: shares before all, with what sells in a licence's price.
    theta = np.tile(base.theta, uses)[:, None, None]
    licence = np.ones_like(problem.reach)
    if problem.rations is not None:
        at = problem.rations
        for use in range(uses):
            licence[at.sector + use * sectors, at.destination, at.origin] = np.exp(point.wedge)
    cost = _unit_cost(problem, point, wage)
    priced = np.tile(cost * (1 + problem.production_tax), (uses, 1))
    share = (
        problem.reach * (licence * priced[:, None, :] / np.exp(point.price)[:, :, None]) ** -theta
    )
    keep = np.divide(
        problem.landed, problem.reach, out=np.ones_like(share), where=problem.reach > 0
    )
    got = np.divide(
        problem.received, problem.reach, out=np.ones_like(share), where=problem.reach > 0
    )
    inputs = np.einsum("nks,kn->sn", problem.input_share, output)
    spent, income, deficit = _spending(problem, point, earned, output, inputs, share, keep)
    paid = share * got / licence * spent[:, :, None]
    sold = paid.sum(1).reshape(uses, sectors, -1).sum(0) / (1 + problem.production_tax)
    border = (share * keep * spent[:, :, None]).reshape(uses, sectors, *paid.shape[1:]).sum((0, 1))
    net = border.sum(0) - border.sum(1)
    active = base.output > 0
    found = {
        "price": float(np.abs(share.sum(2) - 1).max()),
        "goods": float((np.abs(sold - output) / np.where(active, output, 1))[active].max()),
        "labour": float(np.abs((problem.value_added_share * sold).sum(0) / earned - 1).max()),
        "income": float(np.abs(spent.sum(0) / (inputs.sum(0) + income) - 1).max()),
        "balance": float((np.abs(net + deficit) / income).max()),
    }
    if problem.rations is not None:
        at = problem.rations
        flow = paid.reshape(uses, sectors, *paid.shape[1:]).sum(0)[
            at.sector, at.destination, at.origin
        ]
        tax = (1 + problem.production_tax)[at.sector, at.origin]
        volume = flow / tax / at.before / cost[at.sector, at.origin]
        over = volume / np.exp(at.limit) - 1
        # Either the licence costs nothing and trade is below the limit, or trade is at the limit.
        gap = np.where(point.wedge > 0, np.abs(over), np.maximum(over, 0.0))
        found["ration"] = float(gap.max())
    return found


def _unit_cost(problem: Problem, point: Point, wage: Array) -> Array:
    base = problem.base
    price = np.exp(point.price[: base.theta.size])
    employment = np.exp(point.output + problem.intensity) / wage
    inputs = np.prod(price.T[:, None, :] ** problem.input_share, axis=2).T
    made = np.exp(problem.productivity) * employment ** problem.psi[:, None]
    return np.asarray(wage**problem.value_added_share * inputs / made)


def _spending(
    problem: Problem, point: Point, earned: Array, output: Array, inputs: Array, share: Array,
    keep: Array,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Spending by good, income, and deficits, from the income's own equation."""
    sectors = problem.base.theta.size
    duty = (share * (1 - keep)).sum(2)
    own = problem.deficit_share
    given = problem.transfer + earned * (own - (own * earned).sum() / earned.sum())
    other = earned + (problem.production_tax * output).sum(0) + (duty[:sectors] * inputs).sum(0)
    if problem.taxes_exports:
        other = other + point.export_revenue
    kept = (problem.final_share * duty[-sectors:]).sum(0)
    told = problem.spending_share
    if told is None:
        income, deficit = (other + given) / (1 - kept), given
    else:
        income = told * other.sum() / (1 - told @ kept)
        deficit = income - other - kept * income
    final = problem.final_share * income
    both = np.concatenate([inputs, final]) if problem.base.by_use else inputs + final
    return both, income, deficit
