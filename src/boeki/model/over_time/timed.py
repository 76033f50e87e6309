"""Shocks with dates: what is imposed in each period of a path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boeki.errors import InputError
from boeki.model.scenario import Scenario
from boeki.model.shocks import Shocks
from boeki.world.world import World


@dataclass(frozen=True)
class Timed:
    """A scenario that holds for some periods.

    Attributes
    ----------
    scenario
        What is imposed.
    start, end
        First and last period in which it holds, counted from 0; ``end`` None for ever.
    """

    scenario: Scenario
    start: int = 0
    end: int | None = None

    def holds(self, period: int) -> bool:
        """Whether it holds in a period."""
        return self.start <= period and (self.end is None or period <= self.end)


def timed(given: Mapping[str, Any] | Scenario, *, start: int = 0, end: int | None = None) -> Timed:
    """A scenario with dates.

    Parameters
    ----------
    given
        A scenario, or a mapping as a file reads.
    start, end
        First and last period, counted from 0; for ever where ``end`` is left out.

    Raises
    ------
    InputError
        For periods before 0, or an end before the start.
    """
    scenario = given if isinstance(given, Scenario) else Scenario.of(given)
    if start < 0 or (end is not None and end < start):
        raise InputError(f"a scenario from period {start} to {end} is none: count from 0 upward")
    return Timed(scenario, start, end)


def shocks_by_period(world: World, scenarios: Sequence[Timed], periods: int) -> list[Shocks]:
    """The shocks of each period; the same object where nothing changes between two.

    Raises
    ------
    InputError
        For a scenario beyond the horizon, and for deficits, which follow from saving here.
    """
    for one in scenarios:
        last = one.start if one.end is None else one.end
        if last >= periods:
            raise InputError(
                f"{one.scenario.title!r} goes on to period {last}, beyond the {periods} periods "
                "of the path (0 to "
                f"{periods - 1}): lengthen the path, or leave its end out for ever"
            )
        for statement in one.scenario.statements:
            if statement.kind in ("deficit", "transfer"):
                raise InputError(
                    f"{statement.kind} in {one.scenario.title!r}: over time deficits follow from "
                    "saving. Shock what makes countries save: productivity, labour, tastes"
                )
    made: dict[tuple[bool, ...], Shocks] = {}
    out = []
    for period in range(periods):
        key = tuple(one.holds(period) for one in scenarios)
        if key not in made:
            statements = [
                s for one, on in zip(scenarios, key, strict=True) if on
                for s in one.scenario.statements
            ]  # fmt: skip
            made[key] = replace(Scenario("", tuple(statements)).shocks(world), deficit=None)
        out.append(made[key])
    return out
