"""Why an outcome changed between two years: causes switched on one at a time, in every order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial
from typing import Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.model.derivatives import asked_outcome
from boeki.model.equilibrium import Equilibrium
from boeki.model.inversion import CAUSES, invert, only
from boeki.model.linearised import linearise
from boeki.model.outcomes import OUTCOMES, OutcomeOf
from boeki.model.simulate import simulate
from boeki.world.world import World

_METHOD = Method(
    "Shapley value of causes",
    "φ_c = Σ over sets S without c of |S|! (k − |S| − 1)! / k! · [y(S ∪ c) − y(S)]",
    "Shapley (1953); Shorrocks (2013), Journal of Economic Inequality 11; shocks by inversion "
    "after Eaton, Kortum, Neiman and Romalis (2016), American Economic Review 106",
    "explanation/simulate.md",
)


def explain_causes(
    before: World,
    after: World,
    outcome: OutcomeOf | str,
    *,
    causes: Sequence[str] = tuple(CAUSES),
    labour: Any = None,
    price: Any = None,
    progress: Callable[[int], None] | None = None,
    **of: str,
) -> Answer:
    """Explain the change of an outcome between two worlds by what caused it.

    Parameters
    ----------
    before, after
        The same countries and sectors in two years.
    outcome
        As :func:`boeki.model.gradient` takes it, with ``country``, ``sector``, ``partner``.
    causes
        Of ``productivity``, ``trade costs``, ``tariffs``, ``demand`` and ``deficits``; those not
        named go together as ``other``.
    labour, price
        As :func:`boeki.model.invert` takes them.
    progress
        Called with 1 for every equilibrium solved; there are 2 to the number of causes.

    Returns
    -------
    Answer
        One row a cause, largest first, then their total: what they add up to is the change that is
        observed, to the precision of the solver.

    Raises
    ------
    InputError, UnknownTerm
        For worlds that do not fit each other, and causes that there are not.
    NotSolved
        Where a set of causes has no equilibrium.
    """
    asked = outcome if isinstance(outcome, OutcomeOf) else asked_outcome(outcome, of)
    groups = _groups(causes)
    shocks = invert(before, after, labour=labour, price=price)
    values: dict[frozenset[str], float] = {}
    for size in range(len(groups) + 1):
        for some in combinations(groups, size):
            kinds = frozenset(kind for name in some for kind in groups[name])
            arrays = {k: v for k, v in vars(only(shocks, kinds)).items() if k != "deficits"}
            given = {k: v for k, v in arrays.items() if v is not None}
            found = simulate(before, None, **given)
            values[frozenset(some)] = outcome_value(found, asked)
            if progress is not None:
                progress(1)
    whole = values[frozenset(groups)] - values[frozenset()]
    rows = [
        {"cause": name, "contribution": 100 * _shapley(name, tuple(groups), values)}
        for name in groups
    ]
    rows.sort(key=lambda row: -abs(row["contribution"]))  # type: ignore[arg-type]
    for row in rows:
        part = float(row["contribution"])  # type: ignore[arg-type]
        row["share"] = part / whole if whole else None
    rows.append({"cause": "total", "contribution": 100 * whole, "share": 100.0 if whole else None})
    unit = "log points × 100" if OUTCOMES[asked.name].unit == "log" else "pp"
    years = f", {before.year} to {after.year}" if before.year and after.year else ""
    return answer(
        f"Why {asked} changed{years}", rows,
        [Column("cause", "cause"), Column("contribution", f"change of {asked}", unit, 3),
         Column("share", "share of the change", "%", 1)],
        _METHOD,
        about={"outcome": asked.name, "country": asked.country, "sector": asked.sector,
               "before": before.year, "after": after.year},
        notes=(
            "Shocks are those that turn the first year's world into the second's exactly; each is "
            "switched on in every order, and its mean effect is what stands here.",
            *([] if price is not None else [
                "Without observed prices the split of costs between productivity and trade costs "
                "is by pairs' two directions; real incomes of the world as a whole are held."
            ]),
        ),
        sources=[s for s in (before.source, after.source) if s],
        chart=Chart("waterfall", "cause", ("contribution",)),
    )  # fmt: skip


def outcome_value(found: Equilibrium, outcome: OutcomeOf) -> float:
    """The value of an outcome at an equilibrium, as its gradient has it."""
    at = linearise(found.solution.problem, found.solution.point)
    return outcome.at(found.world, at).value


def _groups(causes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    for cause in causes:
        if cause not in CAUSES:
            raise UnknownTerm("cause", cause, CAUSES)
    if not causes:
        raise InputError(f"name at least one cause: {', '.join(CAUSES)}")
    groups: dict[str, tuple[str, ...]] = {cause: (cause,) for cause in causes}
    left = tuple(cause for cause in CAUSES if cause not in groups)
    return groups | ({"other": left} if left else {})


def _shapley(name: str, groups: tuple[str, ...], values: dict[frozenset[str], float]) -> float:
    others = [g for g in groups if g != name]
    count = len(groups)
    total = 0.0
    for size in range(count):
        weight = factorial(size) * factorial(count - size - 1) / factorial(count)
        for some in combinations(others, size):
            without = frozenset(some)
            total += weight * (values[without | {name}] - values[without])
    return total
