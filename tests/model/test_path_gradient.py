"""Derivatives of paths against differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from boeki.errors import InputError
from boeki.model.over_time import (
    Capital,
    Flywheel,
    TransitionPath,
    path_gradient,
    simulate_path,
    timed,
)
from tests.model.worlds import mixed

STEP, PERIODS = 1e-4, 9
RISE = {
    "productivity": {"countries": "C1", "sectors": "S1", "change": 0.2},
    "tariff": {"from": "C3", "to": "C0", "sectors": "S1", "add": 0.1},
    "export_tax": {"from": "C2", "to": "C4", "sectors": "S0", "rate": 0.05},
}
OPTIONS: dict[str, dict[str, Any]] = {
    "log": {},
    "CRRA": {"aversion": 2.5, "reading": "income"},
    "held": {"balance": "fixed", "flywheel": Flywheel(psi=0.05, depreciation=0.4)},
    "flywheel": {"flywheel": Flywheel(psi=0.05, depreciation=0.4, intensity=0.03)},
    "both": {
        "aversion": 0.6, "flywheel": Flywheel(psi=0.05, depreciation=0.4, intensity=0.03),
        "discount": 0.9,
    },
}  # fmt: skip
#: Array of the gradient, its cell after the period, the statement that makes a step of it.
SHOCKS: dict[str, tuple[str, tuple[int, ...], dict[str, Any]]] = {
    "productivity": (
        "productivity", (2, 1),
        {"productivity": {"countries": "C2", "sectors": "S1", "change": STEP}},
    ),
    "labour": ("labour", (3,), {"labour": {"countries": "C3", "change": STEP}}),
    "production_tax": (
        "production_tax", (4, 0),
        {"production_tax": {"countries": "C4", "sectors": "S0", "rate": STEP}},
    ),
    "tariff": (
        "tariff", (3, 0, 1), {"tariff": {"from": "C3", "to": "C0", "sectors": "S1", "add": STEP}}
    ),
    "export_tax": (
        "export_tax", (2, 4, 0),
        {"export_tax": {"from": "C2", "to": "C4", "sectors": "S0", "rate": STEP}},
    ),
}  # fmt: skip


def run(extra: list[Any], **options: Any) -> TransitionPath:
    shocks = [timed(RISE, start=1, end=5), *extra]
    return simulate_path(mixed(), shocks, periods=PERIODS, **options)


def outcome(path: TransitionPath, name: str, period: int | None) -> float:
    if period is None:
        return float(np.log(path.welfare[1]))
    if name == "market_share":
        return float(path.market_share[period, 1, 1])
    assert name == "real_wage"
    return float(np.log(path.real_wage[period, 1]))


@pytest.mark.parametrize("asked", [("welfare", None), ("market_share", 6), ("real_wage", 3)])
@pytest.mark.parametrize("shock", SHOCKS)
@pytest.mark.parametrize("options", OPTIONS)
def test_gradient_is_the_limit_of_differences(
    options: str, shock: str, asked: tuple[str, int | None]
) -> None:
    given, (name, period), when = OPTIONS[options], asked, 2
    of = {"country": "C1", **({"sector": "S1"} if name == "market_share" else {})}
    found = path_gradient(run([], **given), name, period=period, **of)
    array, cell, statement = SHOCKS[shock]
    high = outcome(run([timed(statement, start=when, end=when)], **given), name, period)
    kind, table = next(iter(statement.items()))
    less = {k: -v if isinstance(v, float) else v for k, v in table.items()}
    low = outcome(run([timed({kind: less}, start=when, end=when)], **given), name, period)
    step = np.log1p(STEP) - np.log1p(-STEP) if "change" in table else 2 * STEP
    made = float(getattr(found, array)[(when, *cell)])
    assert made == pytest.approx((high - low) / step, rel=2e-5, abs=2e-8)
    assert found.value == pytest.approx(outcome(found.path, name, period), rel=1e-9)


@pytest.mark.parametrize("options", ["flywheel", "both"])
def test_gradient_in_research(options: str) -> None:
    given = dict(OPTIONS[options])
    found = path_gradient(run([], **given), "market_share", period=7, country="C1", sector="S1")
    push = {"research": {"countries": "C1", "sectors": "S1", "share_of_gdp": STEP}}
    before, after = (
        outcome(run(extra, **given), "market_share", 7)
        for extra in ([], [timed(push, start=3, end=3)])
    )
    twice = {"research": {"countries": "C1", "sectors": "S1", "share_of_gdp": 2 * STEP}}
    more = outcome(run([timed(twice, start=3, end=3)], **given), "market_share", 7)
    slope = (4 * after - more - 3 * before) / (2 * STEP)
    assert found.research_push[3, 1, 1] == pytest.approx(slope, rel=1e-4)
    research = np.ones((PERIODS, 5, 4))
    ends = []
    for sign in (1, -1):
        research[3, 1, 1] = np.exp(sign * STEP)
        wheel = Flywheel(psi=0.05, depreciation=0.4, intensity=0.03, research=research)
        ends.append(outcome(run([], **{**given, "flywheel": wheel}), "market_share", 7))
    slope = (ends[0] - ends[1]) / (2 * STEP)
    assert found.research[3, 1, 1] == pytest.approx(slope, rel=1e-5)


def test_what_moves_a_path_most_as_a_table() -> None:
    found = path_gradient(run([]), "welfare", country="C1")
    table = found.table(5).table.to_pylist()
    assert len(table) == 5
    # The first is what lasts all along of one shock, as the array has it.
    assert table[0]["effect"] == pytest.approx(
        max(
            abs(found.labour.sum(0)).max(), abs(found.productivity.sum(0)).max(),
            abs(found.trade_cost.sum(0)[~np.eye(5, dtype=bool)]).max(),
            abs(found.tariff.sum(0)[~np.eye(5, dtype=bool)]).max(),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"capital": Capital()}, "with capital have no derivatives"),
        ({"spread": 0.01}, "with a spread have no derivatives"),
        ({"flywheel": Flywheel(psi=0.05, diffusion=0.1)}, "with diffusion have no derivatives"),
    ],
)
def test_paths_without_derivatives_say_so(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        path_gradient(run([], **options), "welfare", country="C1")


def test_what_cannot_be_asked_is_said() -> None:
    path = run([])
    with pytest.raises(InputError, match="of which period"):
        path_gradient(path, "exports", country="C1")
    with pytest.raises(InputError, match="is not of the path: 0 to 8"):
        path_gradient(path, "exports", country="C1", period=9)
    with pytest.raises(InputError, match="no flywheel"):
        _ = path_gradient(path, "welfare", country="C1").research
    news = run([timed(SHOCKS["labour"][2], start=2, known=2)])
    with pytest.raises(InputError, match="with news have no derivatives"):
        path_gradient(news, "welfare", country="C1")
