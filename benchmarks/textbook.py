"""The textbook solver of Caliendo and Parro (2015, section 4.3): nested fixed points, in NumPy.

Guess wages; iterate prices to their fixed point; shares follow; solve spending; see whether trade
balances; move wages by what is left of the balance; again. As their replication programs do, and
others after them, with whole arrays in place of loops.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boeki.world.world import World


@dataclass
class Solved:
    """Wages and prices over the baseline's, what is left, and how often prices were updated."""

    wage: np.ndarray
    price: np.ndarray
    share: np.ndarray
    residual: float
    sweeps: int


def solve_textbook(
    world: World, tariff: np.ndarray, productivity: np.ndarray | None = None, *,
    tolerance: float = 1e-10, step: float = 0.3, most: int = 20_000,
) -> Solved:  # fmt: skip
    """Solve for tariffs and productivity with deficits held in terms of the world's value added.

    Parameters
    ----------
    world
        The baseline.
    tariff
        New tariffs, ``(origin, destination, sector)``.
    productivity
        Over the baseline's, ``(country, sector)``.
    tolerance
        Largest residual: of trade balances over income, and of price indexes.
    step
        How far wages move with the excess demand for labour.
    """
    theta = world.trade_elasticity
    kappa = (1 + tariff) / (1 + world.tariff)
    made = np.ones(world.expenditure.shape) if productivity is None else productivity
    base = world.trade_share * kappa**-theta
    size = world.gdp.sum()
    wage, price = np.ones(len(world.countries)), np.ones(world.expenditure.shape)
    spent, sweeps = world.expenditure.copy(), 0
    for _ in range(most):
        wage = wage * size / (wage @ world.gdp)
        while True:
            log_cost = world.value_added_share * np.log(wage)[:, None] + np.einsum(
                "nks,ns->nk", world.input_share, np.log(price), optimize=True
            )
            cost = np.exp(log_cost) / made
            index = (base * (cost**-theta)[:, None, :]).sum(0)
            new = index ** (-1 / theta)
            gap = np.abs(new / price - 1).max()
            price, sweeps = new, sweeps + 1
            if gap < tolerance / 10:
                break
        share = base * (cost**-theta)[:, None, :] / index
        net = share / (1 + tariff)
        duty = 1 - net.sum(0)
        labour = wage * world.gdp
        while True:
            output = (net * spent).sum(1)
            inputs = np.einsum("nks,nk->ns", world.input_share, output, optimize=True)
            income = labour + (duty * spent).sum(1) + world.deficit
            new = inputs + world.final_share * income[:, None]
            gap = np.abs(new - spent).max() / spent.max()
            spent = new
            if gap < tolerance / 10:
                break
        output = (net * spent).sum(1)
        excess = (world.value_added_share * output).sum(1) / labour - 1
        residual = float(np.abs(excess).max())
        if residual < tolerance:
            return Solved(wage, price, share, residual, sweeps)
        wage = wage * (1 + step * excess)
    raise RuntimeError(f"the textbook solver is at {residual:.1e} after {most} rounds")
