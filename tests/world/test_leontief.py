"""The Leontief inverse against a textbook, and against the inverse computed whole."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings

from boeki.world import input_output_table
from tests.explain.value_added.tables import productive, random_table

#: Miller & Blair (2009), Input–Output Analysis, 2nd edition, section 2.3: flows of table 2.3, the
#: inverse to three places as printed, and output for final demands of 600 and 1,500.
FLOWS, FINAL, OUTPUT = [[150, 500], [200, 100]], [[350], [1700]], [1000, 2000]
PRINTED = [[1.254, 0.330], [0.264, 1.122]]
NEW_DEMAND, NEW_OUTPUT = [600, 1500], [1247.52, 1841.58]


def test_the_textbook():
    table = input_output_table(FLOWS, FINAL, areas=["AAA"], sectors=["x", "y"], output=OUTPUT)
    found = table.leontief
    assert found.solve(np.eye(2)) == pytest.approx(np.array(PRINTED), abs=5.1e-4)
    assert found.solve(np.array(NEW_DEMAND, float)) == pytest.approx(NEW_OUTPUT, abs=5.1e-3)


@given(table=productive)
@settings(max_examples=30, deadline=None)
def test_what_is_solved_for_is_the_inverse(table):
    a = table.intermediate / np.where(table.output > 0, table.output, np.inf)
    b = np.linalg.inv(np.eye(len(a)) - a)
    found = table.leontief
    draw = np.random.default_rng(1).random((len(a), 3))
    assert found.solve(draw) == pytest.approx(b @ draw)
    assert found.solve(draw[:, 0]) == pytest.approx(b @ draw[:, 0])
    assert found.solve_left(draw.T) == pytest.approx(draw.T @ b)
    assert found.solve_left(draw[:, 0]) == pytest.approx(draw[:, 0] @ b)
    for area, block in found.diagonal_blocks.items():
        rows = table.rows(area)
        assert block == pytest.approx(b[rows, rows])
        assert found.columns(rows) == pytest.approx(b[:, rows])
        assert found.domestic[area] == pytest.approx(
            np.linalg.inv((np.eye(len(a)) - a)[rows, rows])
        )
        assert found.coefficients(rows, rows) == pytest.approx(a[rows, rows])


def test_blocks_of_tables_larger_than_a_chunk():
    table = random_table(3, 30, 40, 0.3)
    a = table.intermediate / table.output
    b = np.linalg.inv(np.eye(len(a)) - a)
    for area in ("A0", "A13", "A29"):
        rows = table.rows(area)
        assert table.leontief.diagonal_blocks[area] == pytest.approx(b[rows, rows], rel=1e-9)


def test_rows_exchanged_in_the_factorisation_do_no_harm():
    # Value added below zero in the first sector, whose inputs exceed its output: still productive.
    table = input_output_table(
        [[10, 0], [120, 10]], [[90, 0], [0, 1000]], areas=["AAA", "BBB"], sectors=["x"],
    )  # fmt: skip
    a = table.intermediate / table.output
    b = np.linalg.inv(np.eye(2) - a)
    assert table.leontief.solve(np.eye(2)) == pytest.approx(b)
    assert table.leontief.diagonal_blocks["BBB"] == pytest.approx(b[1:, 1:])
    assert any("Value added is below zero in AAA x" in n for n in table.notes)


def test_without_scipy_the_extra_is_named():
    code = (
        "import sys; sys.modules['scipy'] = None\n"
        "from boeki.world import input_output_table\n"
        "from boeki.errors import MissingExtra\n"
        "table = input_output_table([[1]], [[1]], areas=['AAA'], sectors=['x'])\n"
        "try: table.leontief\n"
        "except MissingExtra as error: print(error.extra)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "world"
