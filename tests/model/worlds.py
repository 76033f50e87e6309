"""Worlds for the tests of the model."""

from __future__ import annotations

import numpy as np

from boeki.world.world import World


def symmetric(
    home: float = 0.8, theta: float = 4.0, inputs: float = 0.0, psi: float = 0.0
) -> World:
    """Two alike countries, one sector; ``home`` is the home share, ``inputs`` of output."""
    share = np.array([[home, 1 - home], [1 - home, home]])[:, :, None]
    return World.from_arrays(
        ("A", "B"), ("goods",), trade_share=share, expenditure=[[1.0], [1.0]],
        input_share=np.full((2, 1, 1), inputs), trade_elasticity=theta, scale_elasticity=psi,
    )  # fmt: skip


def mixed(
    countries: int = 5, sectors: int = 4, seed: int = 0, *, by_use: bool = False, psi: float = 0.0,
    tariffs: bool = True, balanced: bool = False, low: float = 2.0, high: float = 9.0,
) -> World:  # fmt: skip
    """Many links, tariffs, deficits, a pair that does not trade and a sector that one lacks."""
    draw = np.random.default_rng(seed)
    shape = countries, countries, sectors
    here = np.arange(countries)

    def shares() -> np.ndarray:
        cells = draw.lognormal(0, 1, shape)
        cells[0, 1, 0] = 0
        cells[here, here] += 2 * cells.sum(0)
        if sectors > 2:
            cells[0, :, 2] = 0
        return cells / cells.sum(0)

    tariff = draw.uniform(0, 0.3, shape) * tariffs
    tariff[here, here] = 0
    added = draw.uniform(0.3, 0.7, (countries, sectors))
    inputs = draw.dirichlet(np.ones(sectors), (countries, sectors)) * (1 - added)[:, :, None]
    deficit = np.zeros(countries) if balanced else draw.uniform(-0.1, 0.1, countries)
    size = draw.lognormal(0, 0.7, countries)
    spent = 2 * size[:, None] * draw.dirichlet(np.ones(sectors), countries)
    uses = {}
    if by_use:
        uses = {"input_trade_share": shares(), "final_trade_share": shares()}
    return World.from_arrays(
        [f"C{n}" for n in range(countries)], [f"S{s}" for s in range(sectors)],
        trade_share=shares(), expenditure=spent, tariff=tariff, value_added_share=added,
        input_share=inputs, final_share=draw.dirichlet(np.ones(sectors), countries),
        deficit=deficit - deficit.mean(), trade_elasticity=draw.uniform(low, high, sectors),
        scale_elasticity=psi, **uses, settle=True,
    )  # fmt: skip
