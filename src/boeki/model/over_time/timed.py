"""Shocks with dates: what is imposed in each period of a path, and from when it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from boeki.errors import InputError
from boeki.model.scenario import Scenario
from boeki.model.shocks import Shocks
from boeki.model.statement import Statement
from boeki.world.world import World

#: Numbers from here on are years.
_FIRST_YEAR = 1900
#: Shocks that saving takes the place of.
_SAVED = ("deficit", "transfer")


@dataclass(frozen=True)
class Timed:
    """A scenario that holds for some periods; statements with dates of their own keep to these.

    Attributes
    ----------
    scenario
        What is imposed.
    start, end
        First and last period in which it holds, counted from 0, or years; ``end`` None for ever.
    known
        From when it is known: 0 announces it at the start, the start itself makes it a surprise.
    """

    scenario: Scenario
    start: int = 0
    end: int | None = None
    known: int = 0


@dataclass(frozen=True)
class Dated:
    """One statement with its periods, counted from 0; ``title`` is its scenario's."""

    statement: Statement
    start: int
    end: int | None
    known: int
    title: str

    def holds(self, period: int) -> bool:
        """Whether it holds in a period."""
        return self.start <= period and (self.end is None or period <= self.end)


def timed(
    given: Mapping[str, Any] | Scenario, *, start: int = 0, end: int | None = None, known: int = 0
) -> Timed:
    """A scenario with dates.

    Parameters
    ----------
    given
        A scenario, or a mapping as a file reads.
    start, end
        First and last period, counted from 0, or years from that of the baseline; for ever where
        ``end`` is left out.
    known
        The period from which it is known: announced where it is before the start, a surprise where
        it is the start.

    Raises
    ------
    InputError
        For periods before 0, an end before the start, or one that is known after it starts.
    """
    scenario = given if isinstance(given, Scenario) else Scenario.of(given)
    _check_dates(scenario.title, start, end, known)
    return Timed(scenario, start, end, known)


def timeline(
    world: World, scenarios: Sequence[Timed], periods: int, *, saved: bool = True
) -> list[Dated]:
    """All statements with the periods in which they hold, those of retaliation among them.

    Parameters
    ----------
    world
        The baseline.
    scenarios, periods
        What is imposed, and how long the path is.
    saved
        Whether deficits follow from saving, so that none can be imposed.

    Raises
    ------
    InputError
        For what goes beyond the horizon, years before the baseline's, and deficits where these
        follow from saving.
    """
    from boeki.model.over_time.retaliation import answers_to

    made: list[Dated] = []
    for one in scenarios:
        dated = [_dated(world, one, s) for s in one.scenario.statements]
        for statement in one.scenario.statements:
            if saved and statement.kind in _SAVED:
                raise InputError(
                    f"{statement.kind} in {one.scenario.title!r}: over time deficits follow from "
                    "saving. Shock what makes countries save: productivity, labour, tastes; or let "
                    "deficits be as they are given: balance fixed"
                )
        answers = [a for rule in one.scenario.retaliation for a in answers_to(world, rule, dated)]
        # An answer that would come after the horizon is not seen.
        made += [*dated, *(a for a in answers if a.start < periods)]
        _check_horizon(dated, periods)
    return made


def shocks_by_period(
    world: World, dated: Sequence[Dated], first: int, periods: int, deficits: str = "world"
) -> list[Shocks]:
    """The shocks of each period; the same object where nothing changes between two.

    Parameters
    ----------
    world
        The baseline.
    dated
        What is imposed and known.
    first, periods
        From this period on, to the last.
    deficits
        How they answer where they do not follow from saving.
    """
    made: dict[tuple[bool, ...], Shocks] = {}
    out = []
    given = [one for one in dated if one.statement.kind != "research"]
    for period in range(first, periods):
        key = tuple(one.holds(period) for one in given)
        if key not in made:
            active = [one.statement for one, on in zip(given, key, strict=True) if on]
            check_consistent(world, active, period)
            undated = tuple(replace(s, dates={}) for s in active)
            shocks = Scenario("", undated, options={"deficits": deficits}).shocks(world)
            made[key] = shocks if _imposed(active) else replace(shocks, deficit=None)
        out.append(made[key])
    return out


def _imposed(active: Sequence[Statement]) -> bool:
    """Whether deficits are among what is imposed."""
    return any(statement.kind in _SAVED for statement in active)


def check_consistent(world: World, active: Sequence[Statement], period: int) -> None:
    """Refuse policies that cancel each other.

    Raises
    ------
    InputError
        Where the same is taxed and subsidised, or trade is subsidised that is forbidden; names it.
    """
    from boeki.model.scenario import cells_of

    # Of export taxes that hold together, one below 0 makes another smaller. On trade that is
    # forbidden it is a subsidy; trade that is rationed may have one.
    forbidden = [s for s in active if s.kind == "export_control" and s.size == 0]
    subsidies = [replace(s, kind="export_subsidy") for s in active if _subsidises_exports(s)]
    for one, other, held in (
        ("production_tax", "production_subsidy", active),
        ("export_tax", "export_subsidy", active),
        ("export_control", "export_subsidy", [*forbidden, *subsidies]),
    ):
        both = cells_of(world, held, one) & cells_of(world, held, other)
        if both:
            at = sorted(both)[0]
            names = [world.countries[n] for n in at[:-1]] + [world.sectors[at[-1]]]
            raise InputError(
                f"{one} and {other} contradict each other in period {period}: both are imposed on "
                f"{', '.join(names)}. Leave one out, or let it end before the other starts"
            )


def _subsidises_exports(one: Statement) -> bool:
    return one.kind == "export_subsidy" or (one.kind == "export_tax" and one.size < 0)


def _dated(world: World, one: Timed, statement: Statement) -> Dated:
    dates = statement.dates
    start, known = dates.get("start", one.start), dates.get("known", one.known)
    end = dates.get("end", one.end)
    start, known = (_period(world, one, value) for value in (start, known))
    last = None if end is None else _period(world, one, end)
    _check_dates(one.scenario.title, start, last, known)
    return Dated(statement, start, last, known, one.scenario.title)


def _period(world: World, one: Timed, value: int) -> int:
    """A period counted from 0, of one or of a year."""
    if value < _FIRST_YEAR:
        return value
    if not world.year:
        raise InputError(f"{value} in {one.scenario.title!r}: the baseline has no year to count by")
    if value < world.year:
        raise InputError(
            f"{value} in {one.scenario.title!r} is before the baseline's year, {world.year}, with "
            "which the path begins"
        )
    return int(value - world.year)


def _check_dates(title: str, start: int, end: int | None, known: int) -> None:
    if start < 0 or (end is not None and end < start):
        raise InputError(
            f"{title!r}: a shock from period {start} to {end} is none: count from 0 upward"
        )
    if known < 0 or known > start:
        raise InputError(
            f"{title!r} is known from period {known} and starts in {start}: it can be announced "
            "before it starts, or come as a surprise then"
        )


def _check_horizon(dated: Sequence[Dated], periods: int) -> None:
    for one in dated:
        last = one.start if one.end is None else one.end
        if last >= periods:
            raise InputError(
                f"{one.title!r} goes on to period {last}, beyond the {periods} periods "
                f"of the path (0 to {periods - 1}): lengthen the path, or leave its end out for "
                "ever"
            )
