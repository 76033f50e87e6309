"""Complexity and fitness against other programs, over world trade by SITC of 1998 to 2000.

The figures and the results are those of the R package economiccomplexity; ECI was computed apart
from it, by the eigenvectors of a general matrix.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from boeki.measure.structure import economic_complexity, fitness_complexity
from boeki.measure.structure.comparative_advantage import balassa
from boeki.measure.structure.frame_trade import frame_trade

#: The same iterations in the same floats: nothing but the order of sums may differ.
CLOSE = 1e-12


@pytest.fixture(scope="module")
def figures(shared: Path) -> pd.DataFrame:
    path = shared / "data" / "reference" / "ec" / "world_trade_avg_1998_to_2000.csv"
    return pd.read_csv(path, dtype={"product": str, "country": str})


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict:
    path = shared / "data" / "reference" / "expected.json"
    return json.loads(path.read_text("utf-8"))["economic_complexity_1998_2000"]


def vector(shared: Path, name: str) -> dict[str, float]:
    path = shared / "data" / "reference" / "ec" / name
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))[1:]
    return {code: float(value) for code, value in rows}


def found(answer: object) -> dict[str, float]:
    return {r["code"]: r["index"] for r in answer.records()}  # type: ignore[attr-defined]


def test_cells_with_an_advantage(figures: pd.DataFrame, expected: dict) -> None:
    grid = frame_trade(figures).flows("export", "product").grid("reporter", "product")
    assert list(grid.values.shape) == expected["shape"]
    assert int((balassa(grid.values) >= 1).sum()) == expected["rca_ge1_cells"]


def test_fitness_after_nineteen_updates(
    figures: pd.DataFrame, expected: dict, shared: Path
) -> None:
    answer = fitness_complexity(data=figures, iterations=19, tolerance=None)
    mine = found(answer)
    assert {c: round(mine[c], 6) for c in expected["fitness_19_updates"]} == expected[
        "fitness_19_updates"
    ]
    wanted = vector(shared, "eci_economiccomplexity_R.csv")
    assert mine == pytest.approx(wanted, rel=CLOSE, abs=CLOSE)


def test_economic_complexity(figures: pd.DataFrame, expected: dict, shared: Path) -> None:
    mine = found(economic_complexity(data=figures))
    assert {c: round(mine[c], 4) for c in expected["eci_unfiltered_popsd"]} == expected[
        "eci_unfiltered_popsd"
    ]
    assert mine == pytest.approx(vector(shared, "eci_own_eigen.csv"), abs=1e-10)
