"""A cube is the same on every engine, to the last digit."""

from __future__ import annotations

import pytest

from boeki.lake import Lake
from boeki.lake.engine import Engine
from boeki.measure.cube import measure_cube
from tests.handmade import document
from tests.measure.test_cube import SMALL, cells


@pytest.mark.parametrize(
    ("many", "large"), [(1_000_000, 1_000_000), (0, 1_000_000), (0, 0)],
    ids=["in words", "in numbers", "year by year"],
)  # fmt: skip
def test_a_cube(
    engine: Engine | None, many: int, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("boeki.measure.cube.MANY", many)
    monkeypatch.setattr("boeki.measure.sums.LARGE", large)
    lake = Lake(engine=engine)
    lake.append("documents", [document("office/a")])
    lake.append("flows", SMALL)
    cube = measure_cube(lake, start="2021", digits=6)
    assert cells(cube, "period", "product", "partner", "value", "before", "rank", "figures") == [
        ("2021", "270900", "USA", 7, None, 1, 1),
        ("2021", "848620", "CHN", 120, 20, 1, 1),
        ("2021", "848620", "USA", 120, 80, 1, 1),
    ]
    assert cells(cube, "product", "partner", "growth", "share") == [
        ("270900", "USA", None, 100.0),
        ("848620", "CHN", 500.0, 50.0),
        ("848620", "USA", 50.0, 50.0),
    ]
