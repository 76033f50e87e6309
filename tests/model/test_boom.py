"""A boom inverted: the shocks that gave a course are found again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model.over_time import Capital, Flywheel, invert_boom, simulate_path, timed
from tests.model.worlds import mixed

DEMAND, SKILL = np.array([1.0, 1.3, 1.6]), np.array([1.05, 0.9, 1.1])


def observed(after: str, **options: Any) -> tuple[Any, np.ndarray, np.ndarray]:
    """A path with known shocks, and what is seen of it."""
    world = mixed()
    shocks = []
    for t in range(3):
        end = None if after == "lasting" and t == 2 else t
        words = {
            "preference": {"countries": "all", "sectors": "S1", "change": DEMAND[t] - 1},
            "productivity": {"countries": "C1", "sectors": "S1", "change": SKILL[t] - 1},
        }
        shocks.append(timed(words, start=t, end=end))
    path = simulate_path(world, shocks, **options)
    now = path.equilibria[:3]
    sales = np.array([e.expenditure[:, 1].sum() / e.gdp.sum() for e in now])
    sales = sales / (world.expenditure[:, 1].sum() / world.gdp.sum())
    return path, sales, path.market_share[:3, 1, 1] / world.market_share[1, 1]


@pytest.mark.parametrize("after", ["passing", "lasting"])
@pytest.mark.parametrize(
    "options",
    [{}, {"flywheel": Flywheel(psi=0.04)}, {"capital": Capital(), "aversion": 2.0}],
    ids=["plain", "flywheel", "capital"],
)
def test_known_shocks_are_found_again(after: Any, options: dict[str, Any]) -> None:
    options = {"periods": 10, **options}
    path, sales, share = observed(after, **options)
    found = invert_boom(mixed(), "C1", "S1", sales=sales, share=share, after=after, **options)
    assert found.demand == pytest.approx(DEMAND, rel=1e-6)
    assert found.productivity == pytest.approx(SKILL, rel=1e-6)
    assert found.path.welfare == pytest.approx(path.welfare, rel=1e-7)
    rows = found.table().table.to_pylist()
    assert len(rows) == 10
    assert rows[2]["demand"] == pytest.approx(60, rel=1e-5)
    assert rows[3]["demand"] is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"sales": [1.0, -1.0], "share": [1.0, 1.0]}, "sales must be numbers above 0"),
        ({"sales": [1.0], "share": [1.0, 1.0]}, "of the same years"),
        ({"sales": np.ones(40), "share": np.ones(40)}, "fewer than the path has periods"),
        ({"sales": "much", "share": [1.0]}, "sales must be numbers"),
    ],
)
def test_courses_that_cannot_be_are_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        invert_boom(mixed(), "C1", "S1", **options)


def test_impossible_shares_and_unknown_words_are_said() -> None:
    with pytest.raises(UnknownTerm):
        invert_boom(mixed(), "C1", "S1", sales=[1.0], share=[1.0], after="ever")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="C0 exports no S2"):
        invert_boom(mixed(), "C0", "S2", sales=[1.0], share=[1.0])
    with pytest.raises(NotSolved, match="Is the share possible"):
        invert_boom(mixed(), "C1", "S1", sales=[1.0], share=[50.0], periods=5)
