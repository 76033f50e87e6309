"""Forecasts of market shares: where the truth is known, the right one wins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.model import simulate
from boeki.model.over_time import Flywheel, simulate_path, timed, validate_history
from boeki.model.over_time.history import score
from boeki.world.world import World
from tests.model.worlds import mixed

WHEEL = Flywheel(psi=[0.0, 0.1, 0.05, 0.0], depreciation=0.3)
SIZE = mixed(balanced=True).gdp / mixed(balanced=True).gdp.sum()
#: Of labour, the world's being held.
GROWTH = np.array([0.1, 0.8, -0.2, 0.4, 0.0])
GROWTH = GROWTH - np.log(SIZE @ np.exp(GROWTH))


def grown(flywheel: Flywheel | None) -> tuple[World, World]:
    """A world, and what it becomes in six years."""
    world = replace(mixed(balanced=True), year=2000)
    shocks = [
        timed(
            {
                "labour": [
                    {"countries": name, "change": float(np.expm1(g * t / 6))}
                    for name, g in zip(world.countries, GROWTH, strict=True)
                ]
            },
            start=t, end=t if t < 6 else None,
        )
        for t in range(1, 7)
    ]  # fmt: skip
    path = simulate_path(world, shocks, periods=7, balance="fixed", flywheel=flywheel)
    return world, replace(path.equilibria[-1].as_world(), year=2006)


@pytest.mark.parametrize("true", ["growth", "growth and flywheel"])
def test_the_model_that_made_history_foresees_it(true: str) -> None:
    before, after = grown(WHEEL if true == "growth and flywheel" else None)
    found = validate_history(before, after, flywheel=WHEEL)
    assert found.scores[true].error < 1e-4
    other = {"growth", "growth and flywheel"} - {true}
    assert found.scores[other.pop()].error > 100 * found.scores[true].error
    assert found.scores["no change"].error > 0.1
    assert found.scores[true].direction == 1.0
    rows = found.table().table.to_pylist()
    assert rows[0]["forecast"] == true
    assert {r["forecast"] for r in found.sectors().table.to_pylist()} == set(found.forecasts)


def test_a_trend_goes_on_in_logarithms() -> None:
    before, after = grown(None)
    early = replace(grown(None)[0], year=1997)
    found = validate_history(before, after, early=early)
    # Nothing had changed before: the trend is no change.
    assert found.forecasts["trend in logarithms"] == pytest.approx(before.market_share)
    assert found.forecasts["trend in points"] == pytest.approx(before.market_share)
    back = validate_history(replace(after, year=2012), replace(after, year=2018), early=before)
    made = after.market_share * (
        np.divide(
            after.market_share, before.market_share, out=np.ones((5, 4)),
            where=before.market_share > 0,
        ) ** (6 / 12)
    )  # fmt: skip
    total = made.sum(0)
    assert back.forecasts["trend in logarithms"] == pytest.approx(
        np.divide(made, total, out=np.zeros_like(made), where=total > 0)
    )
    moved = after.market_share - before.market_share
    made = np.clip(after.market_share + moved * 6 / 12, 0, None)
    made = np.divide(made, made.sum(0), out=np.zeros_like(made), where=made.sum(0) > 0)
    assert back.forecasts["trend in points"] == pytest.approx(made)


def test_what_made_history_foresees_it_when_known() -> None:
    before = replace(mixed(balanced=True, tariffs=False), year=2000)
    here = np.arange(5)
    costs = np.random.default_rng(1).uniform(0.8, 1.3, (5, 5, 4))
    costs = np.sqrt(costs * costs.transpose(1, 0, 2))
    costs[here, here] = 1
    # C0 makes no S2: of what it buys the common part of costs cannot be told.
    costs[:, 0, 2] = costs[0, :, 2] = 1
    truth = simulate(
        before, {"preference": {"countries": "C1", "sectors": "S1", "change": 0.6}},
        labour=np.exp(GROWTH), trade_cost=costs,
    )  # fmt: skip
    after = replace(truth.as_world(), year=2010)
    found = validate_history(before, after, known=("demand", "trade costs"))
    errors = {name: one.error for name, one in found.scores.items()}
    # Costs that are alike in both directions are told by trade alone: nothing is left to foresee.
    assert errors["growth, demand, trade costs"] < 1e-5
    assert errors["growth"] > 0.05
    assert errors["growth, demand"] > 0.05
    by_country = found.countries().table.to_pylist()
    assert len(by_country) == 5 * len(found.forecasts)
    told = [r["error"] for r in by_country if r["forecast"] == "no change"]
    assert np.mean(told) == pytest.approx(errors["no change"])


def test_technology_at_rest_foresees_what_it_made() -> None:
    before = replace(mixed(balanced=True, tariffs=False), year=2000)
    psi = np.array([0.0, 0.1, 0.05, 0.0])
    demand = {"preference": {"countries": "C1", "sectors": "S1", "change": 0.6}}
    # The world's labour is held, as it is when growth is fed.
    labour = np.exp(GROWTH) / (before.gdp / before.gdp.sum() @ np.exp(GROWTH))
    truth = simulate(replace(before, scale_elasticity=psi), demand, labour=labour)
    after = replace(truth.as_world(), year=2010, scale_elasticity=np.zeros(4))
    found = validate_history(before, after, flywheel=Flywheel(psi=psi), known=("demand",))
    errors = {name: one.error for name, one in found.scores.items()}
    assert errors["growth, demand, flywheel at rest"] < 1e-5
    assert errors["growth, demand"] > 0.05


@pytest.mark.parametrize(
    ("known", "error", "words"),
    [
        (("productivity",), UnknownTerm, "knowledge"),
        (("demand", "demand"), InputError, "named once"),
    ],
)
def test_what_cannot_be_known_is_refused(known: tuple[str, ...], error: Any, words: str) -> None:
    before, after = grown(None)
    with pytest.raises(error, match=words):
        validate_history(before, after, known=known)


def test_scores_in_closed_form() -> None:
    before, after = grown(None)
    exact = score(after.market_share, after, before.market_share)
    assert (exact.error, exact.rmse, exact.direction) == (0.0, 0.0, 1.0)
    assert exact.correlation == pytest.approx(1.0)
    off = after.market_share + np.array([0.01, -0.01, 0, 0, 0])[:, None]
    found = score(off, after, before.market_share)
    assert found.error == pytest.approx(2 * 1.0 / 5)
    assert found.weighted == pytest.approx(2 * 1.0 / 5)
    assert found.weighted_rmse == pytest.approx(np.sqrt(2 / 5))
    assert found.rmse == pytest.approx(np.sqrt(2 / 5))
    none = score(before.market_share, after, before.market_share)
    assert none.correlation is None


@pytest.mark.parametrize(("first", "last"), [(None, 2006), (2006, 2000), (2005, 2006)])
def test_years_must_be_known_and_in_order(first: Any, last: Any) -> None:
    before, after = grown(None)
    with pytest.raises(InputError, match="years of the worlds"):
        validate_history(replace(before, year=first), replace(after, year=last))


def test_other_sectors_are_refused() -> None:
    before, _ = grown(None)
    with pytest.raises(InputError, match="same countries and sectors"):
        validate_history(before, replace(mixed(5, 3), year=2006))
