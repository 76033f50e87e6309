"""Exact derivatives against differences of solutions, and against each other."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.model import OUTCOMES, gradient, simulate
from boeki.model.backward_mode import pull
from boeki.model.derivatives import forward
from boeki.model.exact_hat import Point, at_baseline, follow, point_of
from boeki.model.forward_mode import push
from boeki.model.linearised import Outcome, Shift, linearise
from boeki.model.scenario import Scenario
from boeki.model.shocks import problem_of
from tests.model.test_identities import SHOCKS, VARIANTS
from tests.model.worlds import mixed

STEP = 1e-4


def everything(variant: str) -> Any:
    return problem_of(mixed(**VARIANTS[variant]), Scenario.of(SHOCKS).shocks(mixed()))


def anywhere(problem: Any, seed: int, size: float) -> Point:
    start = at_baseline(problem).vector()
    draw = np.random.default_rng(seed).normal(0, size, start.size)
    point = point_of(problem, start + draw)
    return Point(point.wage, point.price, point.output, point.export_revenue, point.wedge + 0.4)


@pytest.mark.parametrize("variant", VARIANTS)
def test_forward_mode_is_the_limit_of_differences(variant: str) -> None:
    problem = everything(variant)
    point, step = anywhere(problem, 1, 0.05), 1e-6
    move = np.random.default_rng(2).normal(size=point.vector().size)
    ends = [
        follow(problem, point_of(problem, point.vector() + sign * step * move)).following.vector()
        for sign in (1, -1)
    ]
    made = push(linearise(problem, point), point_of(problem, move)).following.vector()
    assert made == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5, abs=1e-7)


def spending_given(problem: Any, share: Any = None) -> Any:
    """The same where shares in the world's spending are given, and deficits follow."""
    none = np.zeros(5)
    share = np.array([0.1, 0.3, 0.25, 0.2, 0.15]) if share is None else share
    return replace(problem, spending_share=share, transfer=none, deficit_share=none)


def test_shares_in_spending_move_what_they_move() -> None:
    problem = spending_given(everything("plain"))
    point, step = anywhere(problem, 1, 0.05), 1e-6
    move = np.array([1.0, -0.5, 0.2, -0.3, -0.4])
    ends = [
        follow(
            spending_given(problem, problem.spending_share + sign * step * move), point
        ).following.vector()
        for sign in (1, -1)
    ]
    none = point_of(problem, np.zeros(point.vector().size))
    made = push(linearise(problem, point), none, Shift(spending_share=move)).following.vector()
    assert made == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("variant", VARIANTS)
def test_backward_mode_is_the_transpose_of_forward_mode(variant: str, given: bool) -> None:
    problem = everything(variant)
    if given:
        problem = spending_given(problem)
    at = linearise(problem, anywhere(problem, 1, 0.05))
    draw = np.random.default_rng(3)
    size = at.point.vector().size
    move, weight = draw.normal(size=size), draw.normal(size=size)
    shift = Shift(
        **{
            name: draw.normal(size=problem.reach.shape)
            for name in ("cost", "tariff", "export_tax")
        },
        **{
            name: draw.normal(size=problem.base.output.shape)
            for name in ("productivity", "production_tax", "final_share")
        },
        labour=draw.normal(size=5), transfer=draw.normal(size=5),
        spending_share=draw.normal(size=5),
    )  # fmt: skip
    forth = push(at, point_of(problem, move), shift).following.vector()
    back, through = pull(at, Outcome(following=point_of(problem, weight)), shocks=True)
    total = back.vector() @ move
    for item in fields(Shift):
        if item.name == "spending_share" and problem.spending_share is None:
            continue
        total += (getattr(through, item.name) * getattr(shift, item.name)).sum()
    assert total == pytest.approx(weight @ forth, rel=1e-10)


ASKED = [
    ("welfare", {"country": "C0"}),
    ("real_wage", {"country": "C3"}),
    ("exports", {"country": "C2", "sector": "S1"}),
    ("imports", {"country": "C1"}),
    ("trade", {"country": "C2", "partner": "C3"}),
    ("market_share", {"country": "C2", "sector": "S1"}),
    ("balance", {"country": "C4", "partner": "C1"}),
    ("output", {"country": "C4", "sector": "S0"}),
]
#: Shock, the cell of its gradient, and the statement that makes a step of it.
STEPS: list[tuple[str, tuple[int, ...], str, dict[str, Any], str]] = [
    ("tariff", (3, 0, 1), "tariff", {"from": "C3", "to": "C0", "sectors": "S1"}, "add"),
    ("trade_cost", (2, 4, 1), "trade_cost", {"from": "C2", "to": "C4", "sectors": "S1"}, "change"),
    ("productivity", (2, 1), "productivity", {"countries": "C2", "sectors": "S1"}, "change"),
    ("labour", (2,), "labour", {"countries": "C2"}, "change"),
    ("production_tax", (4, 0), "production_tax", {"countries": "C4", "sectors": "S0"}, "rate"),
    ("export_tax", (4, 2, 0), "export_tax", {"from": "C4", "to": "C2", "sectors": "S0"}, "rate"),
]


@pytest.mark.parametrize(("name", "of"), ASKED)
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("shocked", [False, True])
def test_gradients_are_the_limits_of_differences(
    name: str, of: dict[str, str], variant: str, shocked: bool
) -> None:
    world = mixed(**VARIANTS[variant])
    scenario: dict[str, Any] = deepcopy(SHOCKS) if shocked else {"options": {"deficits": "world"}}
    found = gradient(simulate(world, scenario), name, **of)

    def value(kind: str, where: dict[str, Any], how: str, size: float) -> float:
        more = deepcopy(scenario)
        had = more.get(kind, [])
        more[kind] = [*(had if isinstance(had, list) else [had]), {**where, how: size}]
        return gradient(simulate(world, more), name, **of).value

    for shock, cell, kind, where, how in STEPS:
        sizes = (np.expm1(STEP), np.expm1(-STEP)) if how == "change" else (STEP, -STEP)
        ends = [value(kind, where, how, float(size)) for size in sizes]
        made = getattr(found, shock)[cell]
        assert made == pytest.approx((ends[0] - ends[1]) / (2 * STEP), rel=3e-5, abs=2e-7), shock
    ends = [
        value("transfer", {"from": "C1", "to": "C4"}, "amount", size * STEP) for size in (1, -1)
    ]
    made = found.deficit[4] - found.deficit[1]
    assert made == pytest.approx((ends[0] - ends[1]) / (2 * STEP), rel=3e-5, abs=2e-7)


def test_forward_derivatives_are_the_adjoint_ones() -> None:
    found = simulate(mixed(), {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}})
    shift = Shift(productivity=np.random.default_rng(5).normal(size=(4, 5)))
    move, change = forward(found, shift)
    share = found.solution.problem.final_share
    income = change.income / found.income * found.solution.problem.base.size
    welfare = income - (share * move.price).sum(0)
    for n, country in enumerate(found.world.countries):
        made = gradient(found, "welfare", country=country).productivity
        assert shift.productivity is not None
        assert (made * shift.productivity.T).sum() == pytest.approx(welfare[n], rel=1e-8)


def test_the_table_names_the_largest_first() -> None:
    made = gradient(simulate(mixed()), "welfare", country="C0").table(most=10)
    sizes = [abs(row["effect"]) for row in made.records()]
    assert len(sizes) == 10
    assert sizes == sorted(sizes, reverse=True)
    assert "real income, C0" in made.title


def test_outcomes_that_there_are_not() -> None:
    found = simulate(mixed())
    with pytest.raises(UnknownTerm, match="unknown outcome 'wellfare': did you mean welfare"):
        gradient(found, "wellfare", country="C0")
    with pytest.raises(InputError, match="market_share needs a sector"):
        gradient(found, "market_share", country="C0")
    with pytest.raises(UnknownTerm, match="part of an outcome"):
        gradient(found, "welfare", land="C0")
    with pytest.raises(InputError, match="no such trade"):
        gradient(found, "trade", country="C0", partner="C1", sector="S0")
    assert set(OUTCOMES) == {name for name, _ in ASKED}
