"""The equations made linear, followed forth: small changes of unknowns and shocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.exact_hat import Point
from boeki.model.linearised import Linearised, Shift
from boeki.model.products import back, forth, inputs_of, once, twice, uses_of

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Change:
    """What follows from a small change of a point and of shocks; as :class:`Outcome` names it."""

    following: Point
    wage: Array
    reached: Array
    weight: Array
    income: Array
    spending: Array
    sold: Array


def push(at: Linearised, move: Point, shift: Shift | None = None) -> Change:
    """Follow a small change through the equations.

    Parameters
    ----------
    at
        The equations made linear.
    move
        Change of the unknowns.
    shift
        Change of the shocks.
    """
    shift = _licensed(at, move.wedge, shift or Shift())
    problem, flows = at.problem, at.flows
    base, two = problem.base, problem.base.by_use
    sectors, theta = base.theta.size, base.theta[:, None]
    theta_goods = twice(theta, two)
    # Wages and what they earn; the world's value added is held at one.
    labour = 0.0 if shift.labour is None else shift.labour
    level = (flows.earned * (move.wage + labour)).sum()
    wage = move.wage - level
    earned = flows.earned * (wage + labour)
    cost = uses_of(problem.input_share, move.price[:sectors]) + problem.value_added_share * wage
    cost = cost - problem.psi[:, None] * (move.output - wage)
    if shift.productivity is not None:
        cost = cost - shift.productivity
    taxed = 1 + problem.production_tax
    rise = np.zeros_like(cost) if shift.production_tax is None else shift.production_tax
    reached = -theta * (cost + rise / taxed)
    moved = at.goods * twice(reached, two)
    index = forth(at.reach, moved) / flows.index
    landed = forth(at.landed, moved) / flows.index
    if shift.cost is not None:
        share = at.goods[:, None, :] * shift.cost
        index = index - theta_goods * (at.reach * share).sum(2) / flows.index
        landed = landed - theta_goods * (at.landed * share).sum(2) / flows.index
    if shift.tariff is not None:
        landed = landed - (at.landed * at.goods[:, None, :] * shift.tariff).sum(2) / flows.index
    duty = (1 - flows.duty) * index - landed
    output = at.output * move.output
    inputs = inputs_of(problem.input_share, output)
    income = _income_change(at, move, shift, earned, output, inputs, duty)
    final = problem.final_share * income
    if shift.final_share is not None:
        final = final + shift.final_share * flows.income
    spending = np.concatenate([inputs, final]) if two else inputs + final
    weight = spending / flows.index - at.weight * index
    reached_goods = twice(reached, two)
    paid = at.paid * reached_goods + at.goods * back(weight, at.received)
    border = at.border * reached_goods + at.goods * back(weight, at.landed)
    at_border = _cells(shift.cost, shift.tariff, theta_goods)
    if at_border is not None:
        held = at.goods[:, None, :] * at.weight[:, :, None]
        border = border + (held * at.landed * at_border).sum(1)
        received = at_border if shift.export_tax is None else at_border - shift.export_tax
        paid = paid + (held * at.received * received).sum(1)
    elif shift.export_tax is not None:
        held = at.goods[:, None, :] * at.weight[:, :, None]
        paid = paid - (held * at.received * shift.export_tax).sum(1)
    sold = (once(paid, two) - flows.sold * rise) / taxed
    bill = problem.value_added_share
    following = Point(
        wage + (bill * sold).sum(0) / (bill * flows.sold).sum(0) - earned / flows.earned,
        -index / theta_goods,
        np.divide(sold, flows.sold, out=np.zeros_like(sold), where=flows.sold > 0),
        (border - paid).sum(0) if problem.taxes_exports else move.export_revenue,
        _licence_change(at, move.wedge, shift, reached, weight, cost, rise),
    )
    return Change(following, wage, reached, weight, income, spending, sold)


def _cells(cost: Array | None, tariff: Array | None, theta: Array) -> Array | None:
    """Change of the logarithm of what lands, by cell."""
    if cost is None:
        return None if tariff is None else -tariff
    landed = -theta[:, :, None] * cost
    return landed if tariff is None else landed - tariff


def _income_change(
    at: Linearised, move: Point, shift: Shift, earned: Array, output: Array, inputs: Array,
    duty: Array,
) -> Array:  # fmt: skip
    problem, flows = at.problem, at.flows
    sectors, own = problem.base.theta.size, problem.deficit_share
    income = (
        earned + (flows.duty[:sectors] * inputs).sum(0) + (duty[:sectors] * flows.inputs).sum(0)
    )
    income = income + earned * (own - (own * flows.earned).sum())
    income = income - flows.earned * (own * earned).sum()
    if shift.transfer is not None:
        income = income + shift.transfer
    if problem.taxes_exports:
        income = income + move.export_revenue
    income = income + (problem.production_tax * output).sum(0)
    if shift.production_tax is not None:
        income = income + (shift.production_tax * at.output).sum(0)
    income = income + flows.income * (problem.final_share * duty[-sectors:]).sum(0)
    if shift.final_share is not None:
        income = income + flows.income * (shift.final_share * flows.duty[-sectors:]).sum(0)
    share = problem.spending_share
    if share is not None:
        moved = share * (income * at.multiplier).sum()
        if shift.spending_share is not None:
            kept = (problem.final_share * flows.duty[-sectors:]).sum(0)
            on_all = share * (shift.spending_share @ kept) * at.multiplier
            moved = moved + flows.income.sum() * (shift.spending_share + on_all)
        return np.asarray(moved)
    return np.asarray(income * at.multiplier)


def _licensed(at: Linearised, wedge: Array, shift: Shift) -> Shift:
    """The shift with the change of licences' prices, which are costs and export taxes."""
    rations = at.problem.rations
    if rations is None or not wedge.any():
        return shift
    sectors = at.problem.base.theta.size
    more = np.zeros_like(at.reach)
    for use in range(len(at.reach) // sectors):
        more[rations.sector + use * sectors, rations.destination, rations.origin] = wedge
    return shift + Shift(cost=more, export_tax=more)


def _licence_change(
    at: Linearised, wedge: Array, shift: Shift, reached: Array, weight: Array, cost: Array,
    rise: Array,
) -> Array:  # fmt: skip
    rations = at.problem.rations
    if rations is None:
        return wedge
    sectors = at.problem.base.theta.size
    theta = at.problem.base.theta[rations.sector]
    s, n, i = rations.sector, rations.destination, rations.origin
    flow, change = np.zeros_like(wedge), np.zeros_like(wedge)
    for use in range(len(at.reach) // sectors):
        cell = at.received[s + use * sectors, n, i] * at.goods[s + use * sectors, i]
        asked = at.weight[s + use * sectors, n]
        flow += cell * asked
        spot = s + use * sectors, n, i
        grown = reached[s, i] + _at(shift.tariff, spot, -1) + _at(shift.export_tax, spot, -1)
        grown = grown + _at(shift.cost, spot, -theta)
        change += cell * (asked * grown + weight[s + use * sectors, n])
    volume = change / flow - cost[s, i]
    volume = volume - (rise / (1 + at.problem.production_tax))[s, i]
    binding = at.flows.following.wedge > 0
    return np.where(binding, wedge + volume / (1 + theta), 0.0)


def _at(
    cells: Array | None, spot: tuple[NDArray[np.intp], ...], times: Array | int
) -> Array | float:
    return 0.0 if cells is None else cells[spot] * times
