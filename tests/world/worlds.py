"""Small worlds made at random, whose accounts add up."""

from __future__ import annotations

from typing import Any

import numpy as np

from boeki.world import World


def random_world(seed: int, countries: int = 4, sectors: int = 3, **other: Any) -> World:
    """A world with tariffs, inputs, deficits, and pairs that do not trade."""
    rng = np.random.default_rng(seed)
    share = rng.gamma(0.6, size=(countries, countries, sectors))
    share[rng.random(share.shape) < 0.2] = 0
    share[np.arange(countries), np.arange(countries)] += 2
    inputs = rng.gamma(0.5, size=(countries, sectors, sectors))
    inputs *= rng.uniform(0.1, 0.7, (countries, sectors, 1)) / inputs.sum(2, keepdims=True)
    tariff = rng.uniform(0, 0.4, share.shape)
    tariff[np.arange(countries), np.arange(countries)] = 0
    deficit = rng.normal(size=countries)
    given: dict[str, Any] = {
        "trade_share": share / share.sum(0), "tariff": tariff, "input_share": inputs,
        "expenditure": rng.uniform(20, 200, (countries, sectors)),
        "final_share": rng.dirichlet(np.ones(sectors), countries),
        "deficit": deficit - deficit.mean(), "settle": True,
        "trade_elasticity": rng.uniform(1.5, 12, sectors),
        "scale_elasticity": rng.uniform(0, 0.1, sectors),
        "year": 2011, "unit": 1e6, "source": "made at random",
    }  # fmt: skip
    names = [f"C{i}" for i in range(countries)], [f"s{i}" for i in range(sectors)]
    return World.from_arrays(*names, **(given | other))
