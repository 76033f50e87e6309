"""Exact derivatives of paths: one outcome in every policy of every period, by one adjoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.model.outcomes import OutcomeOf
from boeki.model.over_time.plan_back import PlanBack, PlanGradient
from boeki.model.over_time.transition import TransitionPath

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PathGradient:
    """The derivatives of one outcome of a path in all shocks of all periods.

    Attributes
    ----------
    path, outcome, period
        Of what; ``period`` None for what counts all along: permanent consumption.
    known
        From which period on the shocks are foreseen; those before it count for nothing.
    value
        The outcome.
    evaluations
        Times that the linear equations were followed.
    plans
        What each plan of the path that knows the shocks owes to them.
    """

    path: TransitionPath
    outcome: OutcomeOf
    period: int | None
    known: int
    value: float
    evaluations: int
    plans: tuple[PlanGradient, ...]

    def _sum(self, of: Callable[[PlanGradient], Array]) -> Array:
        """Over plans: what was foreseen in an old one counts beside what a new one does."""
        total: Array | None = None
        for plan in self.plans:
            cells = of(plan)
            if total is None:
                total = np.zeros((self.path.periods, *cells.shape[1:]))
            total[plan.first :] += cells
        assert total is not None
        return total

    @cached_property
    def productivity(self) -> Array:
        """In the logarithm of productivity, ``(period, country, sector)``."""
        return self._sum(lambda plan: plan.stack("productivity").transpose(0, 2, 1))

    @cached_property
    def labour(self) -> Array:
        """In the logarithm of the labour force, ``(period, country)``."""
        return self._sum(lambda plan: plan.labour)

    @cached_property
    def production_tax(self) -> Array:
        """In taxes on production, ad valorem, ``(period, country, sector)``."""
        return self._sum(lambda plan: plan.stack("production_tax").transpose(0, 2, 1))

    @cached_property
    def trade_cost(self) -> Array:
        """In the logarithm of iceberg costs, ``(period, origin, destination, sector)``."""
        return self._sum(lambda plan: plan.pairs("cost"))

    @cached_property
    def tariff(self) -> Array:
        """In tariffs, ad valorem, ``(period, origin, destination, sector)``."""
        return self._sum(
            lambda p: (p.pairs("cost") + p.pairs("tariff")) / p.gross("reach", "landed")
        )

    @cached_property
    def export_tax(self) -> Array:
        """In export taxes, ad valorem, ``(period, origin, destination, sector)``."""
        return self._sum(
            lambda p: (p.pairs("cost") + p.pairs("export_tax")) / p.gross("landed", "received")
        )

    @cached_property
    def research(self) -> Array:
        """In the logarithm of ρ̂, as if it cost nothing, ``(period, country, sector)``."""
        return self._sum(lambda plan: plan.learnt().effort.transpose(0, 2, 1))

    @cached_property
    def research_push(self) -> Array:
        """In research pushed, as a share of GDP and paid for, ``(period, country, sector)``."""
        return self._sum(lambda plan: plan.learnt().push().transpose(0, 2, 1))

    def table(self, most: int = 50) -> Answer:
        """The shocks that move the outcome most, as a table."""
        from boeki.model.over_time.path_gradient_table import path_gradient_table

        return path_gradient_table(self, most)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def path_gradient(
    path: TransitionPath,
    outcome: str = "welfare",
    *,
    period: int | None = None,
    known: int = 0,
    **of: str,
) -> PathGradient:
    """The derivatives of one outcome of a path in every shock of every period.

    Parameters
    ----------
    path
        Solved.
    outcome
        As :func:`boeki.gradient` names them; ``welfare`` is real consumption, and without a period
        the logarithm of permanent consumption.
    period
        In which it counts; for ``welfare`` alone it may be left out.
    known
        From which period on the shocks are foreseen: 0, or one in which there is news on the path.
    of
        ``country`` and, where the outcome asks for them, ``sector`` and ``partner``.

    Raises
    ------
    InputError, UnknownTerm
        For a period outside of the path, one without news, and what :func:`boeki.gradient` refuses.
    NotSolved
        Where the linear equations cannot be solved.
    """
    from boeki.model.derivatives import asked_outcome

    asked = asked_outcome(outcome, of)
    if period is None and outcome != "welfare":
        raise InputError(f"{outcome} of which period? Only welfare counts all along")
    if period is not None and not 0 <= period < path.periods:
        raise InputError(f"period {period} is not of the path: 0 to {path.periods - 1}")
    firsts = [path.periods - plan.periods for plan in path.plans]
    if known not in firsts:
        raise InputError(
            f"no plan of the path is made in period {known}: shocks can be foreseen from "
            f"{', '.join(map(str, firsts))} on"
        )
    asked.places(path.world)
    plans: list[PlanGradient] = []
    value, evaluations, handed = 0.0, 0, None
    ends = [*firsts[1:], path.periods]
    for plan, first, end in reversed(list(zip(path.plans, firsts, ends, strict=True))):
        if first < known:
            break
        if period is not None and period < first:
            continue
        back = PlanBack(path, plan, asked, period, first, end - first, handed)
        plans.append(back.gradient())
        handed = back.inherited()
        evaluations += back.evaluations
        if period is None or period < end:
            value = back.value
    return PathGradient(path, asked, period, known, value, evaluations, tuple(plans[::-1]))
