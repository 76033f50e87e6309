"""Tables for the tests: one small enough to work by hand, and random ones that are productive."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from boeki.world import InputOutputTable, input_output_table


def by_hand() -> InputOutputTable:
    """Two areas with one sector each, worked by hand in the tests that use it.

    x = (100, 100), v = (1/2, 1/2), I − A = [[0.8, −0.1], [−0.3, 0.6]] with determinant 0.45, hence
    B = [[0.6, 0.1], [0.3, 0.8]] / 0.45, L_aa = 1 / 0.8, L_bb = 1 / 0.6. Exports of a are
    10 + 20 = 30, those of b 30 + 10 = 40.
    """
    return input_output_table(
        [[20, 10], [30, 40]], [[50, 20], [10, 20]], areas=["AAA", "BBB"], sectors=["all"],
        output=[100, 100], year=2000, source="worked by hand",
    )  # fmt: skip


def random_table(seed: int, areas: int, sectors: int, filled: float) -> InputOutputTable:
    """A table whose columns of A add up to less than one, with a share of its cells filled."""
    draw = np.random.default_rng(seed)
    n = areas * sectors
    a = draw.random((n, n)) * (draw.random((n, n)) < filled)
    a *= draw.uniform(0.1, 0.9, n) / np.maximum(a.sum(0), 1e-9)
    y = draw.random((n, 2 * areas)) * 100 * (draw.random((n, 2 * areas)) < filled)
    y[:, 0] += 1.0
    x = np.linalg.solve(np.eye(n) - a, y.sum(1))
    return input_output_table(
        a * x, y, areas=[f"A{i}" for i in range(areas)], sectors=[f"s{i}" for i in range(sectors)],
        output=x, year=2000, source="random",
    )  # fmt: skip


#: Tables of two to four areas with one to four sectors, from sparse to full.
productive = st.builds(
    random_table,
    st.integers(0, 2**32 - 1),
    st.integers(2, 4),
    st.integers(1, 4),
    st.sampled_from([0.2, 0.6, 1.0]),
)
