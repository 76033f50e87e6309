"""The front door: a world and a scenario give an equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from boeki.errors import InputError, NotSolved, UnknownTerm
from boeki.model.backends import Backend
from boeki.model.equilibrium import Equilibrium
from boeki.model.scenario import Scenario, read_scenario
from boeki.model.shocks import Deficits, Shocks, problem_of
from boeki.model.solve import TOLERANCE, solve
from boeki.world.variants import common_shares, one_sector_world, without_inputs
from boeki.world.world import World


def simulate(
    world: World | None = None,
    scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
    *,
    deficits: Deficits | None = None,
    inputs: bool | None = None,
    one_sector: bool | None = None,
    scale_economies: bool | float | None = None,
    trade_shares: str | None = None,
    start: Equilibrium | None = None,
    tolerance: float = TOLERANCE,
    backend: Backend = "numpy",
    title: str = "",
    **arrays: Any,
) -> Equilibrium:
    """Simulate what if: the equilibrium of the world economy with shocks.

    Parameters
    ----------
    world
        The baseline; the one aboard where none is given.
    scenario
        A scenario, a file of one, or a mapping as the file reads.
    deficits
        ``world`` (default) holds deficits as shares of the world's value added, ``gdp`` of each
        country's own, ``zero`` has none.
    inputs
        False leaves out input–output links: all sales are final.
    one_sector
        True puts all sectors into one; its trade elasticity is their mean by trade.
    scale_economies
        False leaves out the world's scale elasticities; a number puts them all at it.
    trade_shares
        ``common`` takes one trade share of inputs and final use also where the world knows two;
        ``by use`` insists on two.
    start
        An equilibrium to begin from, of the same world and options.
    tolerance
        Largest residual of the equations, in logarithms.
    backend
        ``numba`` (``boeki[fast]``) is faster from some 50,000 cells of trade on, once its sums
        are there: the first call waits a second or two for them.
    title
        For people; the scenario's own where left out.
    arrays
        Shocks as arrays, by the names that :class:`boeki.model.Shocks` has: ``tariff``,
        ``trade_cost``, ``productivity`` …

    Returns
    -------
    Equilibrium
        Never one that is not solved.

    Raises
    ------
    InputError, UnknownTerm
        For what the world does not have, for shocks that contradict each other, and for a market
        left without supply; the message names country and sector.
    NotSolved
        Where there is no equilibrium, or none was found.

    Notes
    -----
    Caliendo and Parro (2015), Review of Economic Studies 82, in changes after Dekle, Eaton and
    Kortum (2008), IMF Staff Papers 55; scale economies after Bartelme, Costinot, Donaldson and
    Rodríguez-Clare (2019), NBER working paper 26099.

    Examples
    --------
    >>> import boeki
    >>> shock = {"tariff": {"from": "CHN", "to": "USA", "rate": 0.25}}
    >>> found = boeki.simulate(scenario=shock)
    >>> found.residual < 1e-10
    True
    """
    asked = _scenario(scenario)
    options = _options(asked, {
        "deficits": deficits, "inputs": inputs, "one_sector": one_sector,
        "scale_economies": scale_economies, "trade_shares": trade_shares,
    })  # fmt: skip
    baseline = _world(world, options)
    shocks = _shocks(baseline, asked, arrays, options.get("deficits", "world"))
    name = title or (asked.title if asked else "Counterfactual")
    if start is not None and start.world is not baseline:
        raise InputError("start is an equilibrium of another world: leave it out")
    problem = problem_of(baseline, shocks, backend)
    begin = None if start is None else _begin(start, problem.taxes_exports, problem.rations)
    try:
        solution = solve(problem, begin, tolerance=tolerance, backend=backend)
    except NotSolved as error:
        raise NotSolved(_with_names(str(error), baseline)) from None
    return Equilibrium(baseline, solution, name, _notes(baseline, options))


def simulated_shocks(
    world: World,
    scenario: Scenario | Mapping[str, Any] | str | Path | None,
    given: Mapping[str, Any],
) -> Shocks:
    """The shocks that :func:`simulate` would impose, given the same words."""
    asked = _scenario(scenario)
    known = {f.name for f in fields(Shocks)} - {"deficits"}
    arrays = {name: value for name, value in given.items() if name in known}
    deficits = given.get("deficits") or (asked.options.get("deficits") if asked else None)
    return _shocks(world, asked, arrays, deficits or "world")


def _scenario(given: Scenario | Mapping[str, Any] | str | Path | None) -> Scenario | None:
    if given is None or isinstance(given, Scenario):
        return given
    return Scenario.of(given) if isinstance(given, Mapping) else read_scenario(given)


def _options(scenario: Scenario | None, given: Mapping[str, Any]) -> dict[str, Any]:
    said = dict(scenario.options) if scenario else {}
    return said | {name: value for name, value in given.items() if value is not None}


def _world(world: World | None, options: Mapping[str, Any]) -> World:
    if world is None:
        from boeki.world.embedded import embedded_world

        world = embedded_world()
    shares = options.get("trade_shares")
    if shares not in (None, "common", "by use"):
        raise UnknownTerm("trade_shares", str(shares), ("common", "by use"))
    if shares == "by use" and not world.by_use:
        raise InputError("this world knows one trade share for inputs and final use: no by use")
    if shares == "common" and world.by_use:
        world = common_shares(world)
    if options.get("inputs") is False:
        world = without_inputs(world)
    if options.get("one_sector"):
        world = one_sector_world(world)
    return _scaled(world, options.get("scale_economies"))


def _scaled(world: World, scale: bool | float | None) -> World:
    if scale is None or scale is True:
        return world
    psi = np.zeros(len(world.sectors)) if scale is False else np.full(len(world.sectors), scale)
    if np.array_equal(psi, world.scale_elasticity):
        return world
    return replace(world, scale_elasticity=psi)


def _shocks(
    world: World, scenario: Scenario | None, arrays: Mapping[str, Any], deficits: Any
) -> Shocks:
    known = {f.name for f in fields(Shocks)} - {"deficits"}
    for name in arrays:
        if name not in known:
            raise UnknownTerm("shock", name, sorted(known))
    shocks = scenario.shocks(world) if scenario else Shocks()
    for name in arrays:
        if getattr(shocks, name) is not None:
            raise InputError(f"{name} is both in the scenario and given as an array: give it once")
    return replace(shocks, **arrays, deficits=deficits)


def _begin(start: Equilibrium, taxes_exports: bool, rations: Any) -> Any:
    point = start.solution.point
    fits = (point.export_revenue.size > 0) == taxes_exports
    size = 0 if rations is None else rations.limit.size
    return point if fits and point.wedge.size == size else None


def _with_names(words: str, world: World) -> str:
    """Countries by name where the solver knows only their numbers."""
    import re

    return re.sub(r"\bcountry (\d+)\b", lambda m: world.countries[int(m.group(1))], words)


def _notes(world: World, options: Mapping[str, Any]) -> tuple[str, ...]:
    how = options.get("deficits", "world")
    words = {
        "world": "deficits are held as shares of the world's value added",
        "gdp": "deficits follow each country's own value added",
        "zero": "deficits are zero: they are part of what is changed",
    }[how]
    notes = [f"One factor, mobile between sectors and not between countries; {words}."]
    if world.scale_elasticity.any():
        notes.append("Scale economies: the branch that grows from the equilibrium without them.")
    pull = world.trade_elasticity * world.scale_elasticity
    if pull.max() >= 1:
        notes.append(
            f"θψ is {pull.max():.2f} in {world.sectors[int(pull.argmax())]}: at 1 or above there "
            "may be other equilibria (Kucheryavyy, Lyn and Rodríguez-Clare 2023)."
        )
    return tuple(notes)
