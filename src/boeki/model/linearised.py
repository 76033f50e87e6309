"""The equations made linear at a point: forward and backward, in every unknown and every shock.

The statements of :mod:`boeki.model.exact_hat`, differentiated one by one; ``d_`` stands before a
change and ``to_`` before the derivative of an outcome in what follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.exact_hat import Flows, Point, follow
from boeki.model.problem import Problem
from boeki.model.products import back, twice

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shift:
    """A small change of the shocks, or the derivative of an outcome in each; None where none.

    Attributes
    ----------
    cost, tariff, export_tax
        Of the logarithm of what it takes to sell (trade costs and all taxes together), of
        1 + tariff and of 1 + export tax, ``(good, destination, origin)``.
    productivity, production_tax
        Of log Â, and of the tax itself, ``(sector, country)``.
    labour
        Of log L̂, ``(country,)``.
    final_share
        ``(sector, country)``.
    transfer
        ``(country,)``.
    spending_share
        Where these are given, ``(country,)``; they must go on to sum to 1.
    """

    cost: Array | None = None
    tariff: Array | None = None
    export_tax: Array | None = None
    productivity: Array | None = None
    production_tax: Array | None = None
    labour: Array | None = None
    final_share: Array | None = None
    transfer: Array | None = None
    spending_share: Array | None = None

    def __add__(self, other: Shift) -> Shift:
        """Both together."""
        both = {}
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            both[item.name] = theirs if mine is None else mine if theirs is None else mine + theirs
        return Shift(**both)


def given(cells: Array | None) -> Array:
    """Derivatives that were asked for, and so are there."""
    assert cells is not None
    return cells


@dataclass(frozen=True, eq=False)
class Outcome:
    """Derivatives of an outcome in what the equations give; None where it has none.

    Attributes
    ----------
    wage, price, output, income, spending, sold, earned
        In the logarithms of wages (``(country,)``), prices (``(good, country)``) and output
        (``(sector, country)``), and in the amounts that :class:`boeki.model.exact_hat.Flows` has.
    reached
        In the logarithm of ĉ^−θ, ``(sector, country)``.
    own
        In what countries earn, tariffs and taxes among it, without any deficit, ``(country,)``.
    trade
        In the value at the border, ``(good, destination, origin)``.
    following
        In the point that follows.
    """

    wage: Array | None = None
    price: Array | None = None
    output: Array | None = None
    income: Array | None = None
    spending: Array | None = None
    sold: Array | None = None
    own: Array | None = None
    earned: Array | None = None
    reached: Array | None = None
    trade: Array | None = None
    following: Point | None = None

    def __add__(self, other: Outcome) -> Outcome:
        """Both together; of what follows, one at most."""
        both = {}
        for item in fields(self):
            mine, theirs = getattr(self, item.name), getattr(other, item.name)
            both[item.name] = theirs if mine is None else mine if theirs is None else mine + theirs
        return Outcome(**both)

    def times(self, factor: float) -> Outcome:
        """All of it, so many times."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "following"}
        return Outcome(**{k: None if v is None else factor * v for k, v in given.items()})


@dataclass(frozen=True, eq=False)
class Linearised:
    """Everything that stays the same while directions are followed from one point.

    Attributes
    ----------
    problem, point, flows
        Where.
    reach, landed, received
        As the problem has them, with what licences add.
    """

    problem: Problem
    point: Point
    flows: Flows
    reach: Array = field(repr=False)
    landed: Array = field(repr=False)
    received: Array = field(repr=False)
    goods: Array = field(repr=False)
    weight: Array = field(repr=False)
    paid: Array = field(repr=False)
    border: Array = field(repr=False)
    output: Array = field(repr=False)
    multiplier: Array = field(repr=False)


def linearise(problem: Problem, point: Point) -> Linearised:
    """Make the equations linear at a point."""
    flows = follow(problem, point)
    base, two = problem.base, problem.base.by_use
    reach, landed, received = _with_licences(problem, point)
    goods = twice(flows.reached, two)
    weight = flows.spending / flows.index
    paid = goods * back(weight, received)
    border = paid if received is landed else goods * back(weight, landed)
    sectors = base.theta.size
    kept = (problem.final_share * flows.duty[-sectors:]).sum(0)
    if problem.spending_share is None:
        multiplier = 1 / (1 - kept)
    else:
        multiplier = np.full_like(kept, 1 / (1 - problem.spending_share @ kept))
    output = base.output * np.exp(point.output)
    return Linearised(
        problem, point, flows, reach, landed, received, goods, weight, paid, border, output,
        multiplier,
    )  # fmt: skip


def _with_licences(problem: Problem, point: Point) -> tuple[Array, Array, Array]:
    rations = problem.rations
    if rations is None:
        return problem.reach, problem.landed, problem.received
    sectors = problem.base.theta.size
    cells = [np.array(c) for c in (problem.reach, problem.landed, problem.received)]
    theta = problem.base.theta[rations.sector]
    for use in range(2 if problem.base.by_use else 1):
        at = rations.sector + use * sectors, rations.destination, rations.origin
        for cell, more in zip(cells, (0, 0, 1), strict=True):
            cell[at] *= np.exp(-(theta + more) * point.wedge)
    return cells[0], cells[1], cells[2]
