"""Retaliation by rule: who answers what is imposed on them, when, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from boeki.errors import InputError
from boeki.model.over_time.timed import Dated
from boeki.model.scenario import countries_of
from boeki.model.statement import Retaliation, Statement
from boeki.world.world import World

#: Kind of a shock to the side of it that those stand on who impose it.
_IMPOSED_BY = {"tariff": "to", "export_control": "from", "export_tax": "from"}


def answers_to(world: World, rule: Retaliation, dated: Sequence[Dated]) -> Iterator[Dated]:
    """What countries impose in answer to what is imposed on them.

    Parameters
    ----------
    world
        The baseline.
    rule
        Who answers and how.
    dated
        What is imposed.

    Raises
    ------
    InputError
        Where nothing is imposed on them that they could answer.
    """
    answering = [world.countries[n] for n in countries_of(world, rule.by)]
    found = False
    for one in dated:
        statement = _answer(world, rule, answering, one.statement)
        if statement is None:
            continue
        found = True
        end = None if one.end is None else one.end + rule.lag
        yield Dated(
            statement, one.start + rule.lag, end, one.known, f"{one.title}: {', '.join(rule.by)}"
        )
    if not found:
        raise InputError(
            f"retaliation by {', '.join(rule.by)}: nothing that the scenario imposes on them is a "
            "tariff, an export control or an export tax"
        )


def _answer(
    world: World, rule: Retaliation, answering: list[str], given: Statement
) -> Statement | None:
    imposer = _IMPOSED_BY.get(given.kind)
    if imposer is None:
        return None
    other = "to" if imposer == "from" else "from"
    hit = countries_of(world, given.where.get(other, ("all",)))
    here = [name for name in answering if world.country(name) in hit]
    by = countries_of(world, given.where.get(imposer, ("all",)))
    against = tuple(world.countries[n] for n in by if world.countries[n] not in here)
    if not here or not against:
        return None
    where = {imposer: tuple(here), other: against}
    sectors = rule.sectors or given.where.get("sectors")
    if sectors:
        where["sectors"] = tuple(sectors)
    if rule.add is not None:
        taxed = {"to": tuple(here), "from": against}
        return Statement("tariff", {**where, **taxed}, "add", rule.add)
    size = rule.share * given.size
    if given.kind == "export_control":
        size = 1 - rule.share * (1 - given.size)
        if size < 0:
            raise InputError("retaliation cannot forbid more than all trade: a lower share")
    return replace(given, where=where, size=size, dates={})
