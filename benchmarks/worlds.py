"""Worlds made up for benchmarks: of any size, with zero pairs, deficits and far elasticities."""

from __future__ import annotations

import numpy as np

from boeki.model.shocks import Shocks
from boeki.world.world import World


def gravity_world(countries: int, sectors: int, seed: int = 0) -> World:
    """A world by gravity: half of its sectors are traded much and under tariffs, half little."""
    draw = np.random.default_rng(seed)
    sizes = draw.lognormal(0, 1.2, countries)
    output = sizes[:, None] * draw.dirichlet(np.full(sectors, 2.0), countries)
    place = draw.normal(size=countries)
    distance = np.abs(place[:, None] - place)
    trade = np.empty((countries, countries, sectors))
    for sector in range(sectors):
        pull = np.exp(-distance + draw.normal(0, 0.7, (countries, countries)))
        np.fill_diagonal(pull, 0)
        most = 0.5 if sector < (sectors + 1) // 2 else 0.1
        abroad = draw.uniform(most / 10, most, countries)
        flow = pull / pull.sum(1, keepdims=True) * abroad[:, None]
        np.fill_diagonal(flow, 1 - abroad)
        trade[:, :, sector] = output[:, sector, None] * flow
    value_added = draw.uniform(0.3, 0.7, (countries, sectors))
    inputs = draw.dirichlet(np.full(sectors, 0.3), (countries, sectors))
    tariff = np.zeros_like(trade)
    half = (sectors + 1) // 2
    tariff[:, :, :half] = draw.exponential(0.06, (countries, countries, half))
    tariff[np.arange(countries), np.arange(countries)] = 0
    return World.from_arrays(
        [f"country {n}" for n in range(countries)], [f"sector {s}" for s in range(sectors)],
        trade=trade, tariff=tariff, value_added_share=value_added,
        input_share=inputs * (1 - value_added)[:, :, None],
        trade_elasticity=draw.uniform(2.5, 9, sectors), settle=True,
    )  # fmt: skip


def tariff_shocks(world: World, seed: int = 1) -> Shocks:
    """Up to 30 points more on a tenth of all pairs and sectors, and productivity everywhere."""
    draw = np.random.default_rng(seed)
    countries, sectors = world.expenditure.shape
    more = (draw.random(world.tariff.shape) < 0.1) * draw.uniform(0, 0.3, world.tariff.shape)
    more[np.arange(countries), np.arange(countries)] = 0
    return Shocks(
        tariff=world.tariff + more,
        productivity=np.exp(draw.normal(0, 0.05, (countries, sectors))),
    )


def odd_world(seed: int) -> World:
    """A small world with zero pairs, θ to 20, tariffs to 300 %, deficits to 20 % of GDP."""
    draw = np.random.default_rng(seed)
    countries, sectors = int(draw.integers(2, 13)), int(draw.integers(1, 9))
    share = draw.lognormal(0, 1.5, (countries, countries, sectors))
    share[draw.random(share.shape) < 0.3] = 0
    here = np.arange(countries)
    share[here, here] = draw.uniform(0.2, 3, (countries, sectors)) * (share.sum(0) + 0.1)
    share = share / share.sum(0)
    value_added = draw.uniform(0.15, 0.9, (countries, sectors))
    inputs = draw.dirichlet(np.full(sectors, 0.5), (countries, sectors))
    tariff = draw.uniform(0, 3, share.shape) * (draw.random(share.shape) < 0.2)
    tariff[here, here] = 0
    final = draw.dirichlet(np.full(sectors, 1.0), countries)
    size = draw.lognormal(0, 1.5, countries)
    given = {
        "trade_share": share, "tariff": tariff, "value_added_share": value_added,
        "input_share": inputs * (1 - value_added)[:, :, None], "final_share": final,
        "trade_elasticity": draw.uniform(1.5, 20, sectors), "settle": True,
    }  # fmt: skip
    names = [f"country {n}" for n in range(countries)], [f"sector {s}" for s in range(sectors)]
    spent = size[:, None] * final * 2
    world = World.from_arrays(*names, expenditure=spent, deficit=np.zeros(countries), **given)
    wish = draw.uniform(-0.2, 0.2, countries) * world.gdp
    deficit = wish - wish.sum() * world.gdp / world.gdp.sum()
    deficit *= min(1.0, 0.2 / np.abs(deficit / world.gdp).max())
    return World.from_arrays(*names, expenditure=world.expenditure, deficit=deficit, **given)


def odd_shocks(world: World, seed: int) -> Shocks:
    """Tariffs to 300 % and trade costs on any pairs, productivity up and down by some 20 %."""
    draw = np.random.default_rng(seed)
    countries, sectors = world.expenditure.shape
    here = np.arange(countries)
    tariff = np.where(
        draw.random(world.tariff.shape) < 0.4,
        draw.uniform(0, 3, world.tariff.shape), world.tariff,
    )  # fmt: skip
    cost = np.exp(draw.normal(0, 0.3, world.tariff.shape))
    tariff[here, here], cost[here, here] = 0, 1
    return Shocks(
        tariff=tariff, trade_cost=cost,
        productivity=np.exp(draw.normal(0, 0.2, (countries, sectors))),
    )  # fmt: skip
