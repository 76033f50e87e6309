"""Derivatives of paths against differences."""

from __future__ import annotations

from dataclasses import replace
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
from boeki.world.world import World
from tests.model.worlds import mixed

STEP, PERIODS = 1e-4, 9
SHARES = np.array([0.2, 0.3, 0.4, 0.25, 0.35])
GOODS = np.array([[0.4, 0.3, 0.2, 0.1]] * 5)
LEVELS = np.linspace(0.5, 2, 20).reshape(5, 4)
RISE = {
    "productivity": {"countries": "C1", "sectors": "S1", "change": 0.2},
    "tariff": {"from": "C3", "to": "C0", "sectors": "S1", "add": 0.1},
    "export_tax": {"from": "C2", "to": "C4", "sectors": "S0", "rate": 0.05},
}
OPTIONS: dict[str, dict[str, Any]] = {
    "log": {},
    "CRRA": {"aversion": 2.5, "reading": "income"},
    "held": {"balance": "fixed", "flywheel": Flywheel(psi=0.05, depreciation=0.4, intensity=0.03)},
    "flywheel": {"flywheel": Flywheel(psi=0.05, depreciation=0.4, intensity=0.03)},
    "both": {
        "aversion": 0.6, "flywheel": Flywheel(psi=0.05, depreciation=0.4, intensity=0.03),
        "discount": 0.9,
    },
    "spread": {"spread": 0.05, "aversion": 1.4, "reading": "income"},
    "capital": {"capital": Capital(share=SHARES, depreciation=0.1, goods=GOODS), "aversion": 1.5},
    "capital held": {"capital": Capital(share=SHARES), "balance": "fixed", "aversion": 0.8},
    "diffusion": {
        "flywheel": Flywheel(
            psi=0.05, depreciation=0.4, intensity=0.03, diffusion=0.3, across=0.4, levels=LEVELS
        )
    },
    "all": {
        "spread": 0.02, "aversion": 0.7, "capital": Capital(share=SHARES, goods=GOODS),
        "flywheel": Flywheel(
            psi=0.04, depreciation=0.3, intensity=0.03, diffusion=0.2, across=0.3
        ),
    },
}  # fmt: skip
#: What is known only later: the path is planned anew in these periods.
NEWS = [
    timed({"productivity": {"countries": "C4", "sectors": "S2", "change": 0.3}}, start=3, known=2),
    timed({"tariff": {"from": "C1", "to": "C0", "sectors": "S0", "add": 0.2}}, start=5, known=4),
    timed(
        {"research": {"countries": "C2", "sectors": "S1", "change": 0.3}}, start=4, end=6, known=4
    ),
]
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


def run(extra: list[Any], world: World | None = None, **options: Any) -> TransitionPath:
    shocks = [timed(RISE, start=1, end=5), *extra]
    return simulate_path(world or mixed(), shocks, periods=PERIODS, **options)


def outcome(path: TransitionPath, name: str, period: int | None) -> float:
    if period is None:
        return float(np.log(path.welfare[1]))
    if name == "market_share":
        return float(path.market_share[period, 1, 1])
    if name == "welfare":
        return float(np.log(path.consumption[period, 1]))
    if name == "balance":
        return float(path.balance[period, 1] / path.world.gdp[1])
    assert name == "real_wage"
    return float(np.log(path.real_wage[period, 1]))


def difference(
    shock: str, name: str, period: int | None, others: list[Any], when: int, known: int,
    **given: Any,
) -> float:  # fmt: skip
    """Central difference of an outcome in a shock of one period."""
    kind, table = next(iter(SHOCKS[shock][2].items()))
    ends = []
    for sign in (1, -1):
        step = {k: sign * v if isinstance(v, float) else v for k, v in table.items()}
        extra = [*others, timed({kind: step}, start=when, end=when, known=known)]
        ends.append(outcome(run(extra, **given), name, period))
    step = np.log1p(STEP) - np.log1p(-STEP) if "change" in table else 2 * STEP
    return float((ends[0] - ends[1]) / step)


@pytest.mark.parametrize("asked", [("welfare", None), ("market_share", 6), ("real_wage", 3)])
@pytest.mark.parametrize("shock", SHOCKS)
@pytest.mark.parametrize("options", OPTIONS)
def test_gradient_is_the_limit_of_differences(
    options: str, shock: str, asked: tuple[str, int | None]
) -> None:
    given, (name, period), when = OPTIONS[options], asked, 2
    of = {"country": "C1", **({"sector": "S1"} if name == "market_share" else {})}
    found = path_gradient(run([], **given), name, period=period, **of)
    slope = difference(shock, name, period, [], when, 0, **given)
    array, cell, _ = SHOCKS[shock]
    made = float(getattr(found, array)[(when, *cell)])
    assert made == pytest.approx(slope, rel=2e-5, abs=2e-8)
    assert found.value == pytest.approx(outcome(found.path, name, period), rel=1e-9)


@pytest.mark.parametrize(
    ("asked", "when", "known"),
    [
        (("welfare", None), 5, 0), (("welfare", None), 5, 2), (("welfare", None), 6, 4),
        (("market_share", 3), 5, 2), (("balance", 7), 3, 0), (("real_wage", 6), 1, 0),
        (("welfare", 1), 3, 0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shock", ["productivity", "tariff", "labour"])
@pytest.mark.parametrize("options", ["CRRA", "held", "flywheel", "capital held", "all"])
def test_gradient_with_news(
    options: str, shock: str, asked: tuple[str, int | None], when: int, known: int
) -> None:
    given, (name, period) = dict(OPTIONS[options]), asked
    news = NEWS if "flywheel" in given else NEWS[:2]
    of = {"country": "C1", **({"sector": "S1"} if name == "market_share" else {})}
    found = path_gradient(run(news, **given), name, period=period, known=known, **of)
    array, cell, _ = SHOCKS[shock]
    made = float(getattr(found, array)[(when, *cell)])
    slope = difference(shock, name, period, news, when, known, **given)
    assert made == pytest.approx(slope, rel=2e-5, abs=2e-8)
    assert found.value == pytest.approx(outcome(found.path, name, period), rel=1e-9)


@pytest.mark.parametrize("shock", ["productivity", "production_tax", "tariff"])
def test_gradient_where_licences_keep_knowledge_out(shock: str) -> None:
    control = {"export_control": {"from": "C1", "to": "C2", "sectors": "S1", "volume": 0.8}}
    given = {**OPTIONS["diffusion"], "world": mixed(by_use=True)}
    others = [timed(control, start=1)]
    path = run(others, **given)
    assert path.equilibria[2].solution.point.wedge.max() > 0.01
    found = path_gradient(path, "market_share", period=6, country="C1", sector="S1")
    array, cell, _ = SHOCKS[shock]
    slope = difference(shock, "market_share", 6, others, 3, 0, **given)
    assert getattr(found, array)[(3, *cell)] == pytest.approx(slope, rel=2e-5, abs=2e-8)


@pytest.mark.parametrize("options", ["flywheel", "both", "diffusion", "all"])
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
        wheel = replace(given["flywheel"], research=research)
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


def test_what_cannot_be_asked_is_said() -> None:
    path = run([])
    with pytest.raises(InputError, match="of which period"):
        path_gradient(path, "exports", country="C1")
    with pytest.raises(InputError, match="is not of the path: 0 to 8"):
        path_gradient(path, "exports", country="C1", period=9)
    with pytest.raises(InputError, match="no flywheel"):
        _ = path_gradient(path, "welfare", country="C1").research
    with pytest.raises(InputError, match="foreseen from 0 on"):
        path_gradient(path, "welfare", country="C1", known=2)
