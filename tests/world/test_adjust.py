"""Tables with given sums: GRAS and least squares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, IntegrityError
from boeki.world import input_output_table
from boeki.world.adjust import gras, least_squares

#: Three sectors, the last column net final use: cells and sums below zero.
TABLE = np.array([[7, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]], dtype=float)
ROWS, COLUMNS = np.array([15.0, 26.0, -1.0]), np.array([9.0, 16.0, 17.0, -2.0])


def test_gras_meets_its_first_order_conditions() -> None:
    found, _ = gras(TABLE, ROWS, COLUMNS)
    assert found.sum(1) == pytest.approx(ROWS)
    assert found.sum(0) == pytest.approx(COLUMNS)
    # First-order conditions: positive cells are r p s, negative ones −|a| / (r s).
    assert (np.sign(found) == np.sign(TABLE)).all()
    ratio = np.where(TABLE > 0, found / np.where(TABLE == 0, 1, TABLE), np.nan)
    assert ratio[0, 0] / ratio[0, 1] == pytest.approx(ratio[1, 0] / ratio[1, 1])
    down = found[0, 3] / TABLE[0, 3]
    # r0 s3 from a negative cell is the inverse of its factor.
    r0s3 = 1 / down
    assert r0s3 == pytest.approx(ratio[0, 2] * ratio[1, 3] / ratio[1, 2])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_without_cells_below_zero_gras_is_ras(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.gamma(0.7, size=(5, 6))
    wanted = cells * rng.uniform(0.5, 2, cells.shape)
    found, _ = gras(cells, wanted.sum(1), wanted.sum(0))
    scaled = cells.copy()
    for _ in range(2000):
        scaled *= (wanted.sum(1) / scaled.sum(1))[:, None]
        scaled *= wanted.sum(0) / scaled.sum(0)
    assert found == pytest.approx(scaled, rel=1e-7, abs=1e-10)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_least_squares_is_the_projection(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.normal(size=(4, 5))
    wanted = cells + 0.1 * rng.normal(size=cells.shape)
    found = least_squares(cells, wanted.sum(1), wanted.sum(0))
    assert found.sum(1) == pytest.approx(wanted.sum(1))
    assert found.sum(0) == pytest.approx(wanted.sum(0))
    # Against the general solution of the constrained problem: x = a + W Cᵀ (C W Cᵀ)⁺ (b − C a).
    c = np.vstack([np.kron(np.eye(4), np.ones(5)), np.kron(np.ones(4), np.eye(5))])
    w = np.diag(np.abs(cells).ravel())
    b = np.append(wanted.sum(1), wanted.sum(0))
    x = cells.ravel() + w @ c.T @ np.linalg.pinv(c @ w @ c.T) @ (b - c @ cells.ravel())
    assert found.ravel() == pytest.approx(x, abs=1e-9)


def test_sums_that_zeros_do_not_allow_are_refused() -> None:
    diagonal = np.eye(2)
    with pytest.raises(IntegrityError, match=r"did not come to an end"):
        gras(diagonal, np.array([1.0, 2.0]), np.array([2.0, 1.0]))
    with pytest.raises(IntegrityError, match="left over"):
        least_squares(diagonal, np.array([1.0, 2.0]), np.array([2.0, 1.0]))
    with pytest.raises(IntegrityError, match="sign of the sum wanted"):
        gras(np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([-1.0, 3.0]), np.array([1.0, 1.0]))


NAMES = {"areas": ["AAA", "BBB"], "sectors": ["s1"]}


@pytest.mark.parametrize("way", ["ras", "gras", "least-squares"])
def test_a_table_is_balanced_and_says_what_moved(way: str) -> None:
    table = input_output_table(
        [[10, 5], [4, 20]], [[30, 6], [25, 14]], output=[60, 60], balance=way, **NAMES
    )  # type: ignore[arg-type]
    assert table.intermediate.sum(1) + table.final.sum(1) == pytest.approx([60, 60])
    assert table.intermediate.sum(0) == pytest.approx([14, 25])
    assert "% of all flows moved; the most from" in table.notes[0]


def test_cells_below_zero_need_gras() -> None:
    given: dict[str, object] = {"output": [50, 60], **NAMES}
    flows = [[10, 5], [4, 20]], [[30, -2], [25, 14]]
    with pytest.raises(InputError, match="use balance='gras'"):
        input_output_table(*flows, balance="ras", **given)  # type: ignore[arg-type]
    table = input_output_table(*flows, balance="gras", **given)  # type: ignore[arg-type]
    assert table.final[0, 1] < 0
    assert table.intermediate.sum(1) + table.final.sum(1) == pytest.approx([50, 60])
