"""A planner's best path: against closed forms, and against paths beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.model.over_time import Capital, Flywheel, best_path, timed
from boeki.world.world import World
from tests.model.worlds import mixed

NEWS = {"productivity": {"countries": "B", "change": 0.1}}
WHEEL = Flywheel(psi=[0.1, 0.0], depreciation=0.25, intensity=0.05)


def closed(home: float = 1.0) -> World:
    """Two alike countries, two sectors; at home 1 they do not trade."""
    share = np.array([[home, 1 - home], [1 - home, home]])
    return World.from_arrays(
        ("A", "B"), ("x", "y"), trade_share=np.repeat(share[:, :, None], 2, axis=2),
        expenditure=np.full((2, 2), 0.5), trade_elasticity=5.0,
    )  # fmt: skip


def test_subsidy_of_a_closed_economy_in_closed_form() -> None:
    # Log utility over Cobb-Douglas: max Σ β^t Σ α (log L + log T / θ), T′ = (1 − δ) T + δ L^κ. At
    # rest L ∝ α (1 + ψ βδ / (1 − β (1 − δ))), and a subsidy s makes L ∝ α / (1 − s).
    beta, delta = 0.9, 0.25
    found = best_path(
        closed(), "A", "x", instrument="production_subsidy", years=40, periods=40,
        discount=beta, flywheel=WHEEL, balance="fixed",
    )  # fmt: skip
    expected = 1 - 1 / (1 + 0.1 * beta * delta / (1 - beta * (1 - delta)))
    assert found.rates[12:16] == pytest.approx(np.full(4, expected), rel=5e-3)
    assert found.price == 0
    assert found.gain > 0
    assert np.abs(found.gradient).max() < 1e-6


@pytest.mark.parametrize("instrument", ["research", "production_subsidy", "export_subsidy"])
def test_no_path_beside_it_does_better(instrument: Any) -> None:
    world = closed(0.7)
    options: dict[str, Any] = {"periods": 12, "flywheel": WHEEL, "discount": 0.9}
    found = best_path(world, "A", "x", instrument=instrument, years=5, budget=0.01, **options)
    assert found.spent <= 0.01 * (1 + 1e-9)
    assert (found.rates[5:] == 0).all()
    # At the optimum what one more unit of budget brings is the same in every period it is spent.
    unit = {
        "research": 1.0, "production_subsidy": world.output[0, 0] / world.gdp[0],
        "export_subsidy": world.exports_by_sector[0, 0] / world.gdp[0],
    }  # fmt: skip
    worth = found.gradient[:5] / (0.9 ** np.arange(5) * unit[instrument])
    if found.price == 0:
        assert (worth[found.rates[:5] < 1e-9] < 1e-9).all()
        assert np.abs(worth[found.rates[:5] > 1e-6]).max(initial=0) < 1e-5
    else:
        inside = found.rates[:5] > 1e-6
        assert worth[inside] == pytest.approx(np.full(inside.sum(), found.price), rel=1e-3)
        assert (worth <= found.price * (1 + 1e-3)).all()


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "capital": Capital(), "spread": 0.01, "aversion": 1.5,
            "flywheel": replace(WHEEL, diffusion=0.2),
            "scenarios": [timed(NEWS, start=3, known=2)],
        },
    ],
    ids=["plain", "all options and news"],
)  # fmt: skip
def test_a_larger_budget_is_worth_more_and_its_price_is_the_difference(more: Any) -> None:
    options: dict[str, Any] = {
        "instrument": "research", "years": 4, "periods": 12, "flywheel": WHEEL, "discount": 0.9,
        **more,
    }  # fmt: skip
    low, mid, high = (best_path(closed(0.7), "A", "x", budget=b, **options)
                      for b in (0.0095, 0.01, 0.0105))  # fmt: skip
    gains = [np.log1p(one.gain) for one in (low, mid, high)]
    assert gains[0] < gains[1] < gains[2]
    assert (gains[2] - gains[0]) / 0.001 == pytest.approx(mid.price, rel=1e-2)
    table = mid.table()
    assert len(table.table) == 12
    assert "Permanent consumption of A" in table.notes[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"years": 41}, "years of the policy are from 1 to the 40"),
        ({"budget": 0}, "budget is a share"),
        ({"highest": 0}, "highest rate must be above 0"),
    ],
)
def test_plans_that_cannot_be_are_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        best_path(closed(0.7), "A", "x", flywheel=WHEEL, **options)


def test_unknown_instruments_and_empty_sectors_are_said() -> None:
    with pytest.raises(UnknownTerm, match="unknown instrument"):
        best_path(closed(0.7), "A", "x", instrument="tariff", flywheel=WHEEL)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="C0 makes no S2"):
        best_path(mixed(), "C0", "S2", flywheel=Flywheel(psi=0.01, intensity=0.03))
