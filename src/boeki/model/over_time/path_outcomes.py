"""What an outcome of a path owes to each of its periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.linearised import Linearised, Outcome
from boeki.model.outcomes import OutcomeOf
from boeki.model.over_time.ties_back import Owed

if TYPE_CHECKING:
    from boeki.model.over_time.transition import TransitionPath

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PathOutcome:
    """An outcome of a path, or what it owes to the periods of one of its plans.

    Attributes
    ----------
    value
        The outcome.
    outcomes
        Derivatives in what the equations of each period give.
    owed
        In what ties periods together.
    labour
        In the logarithm of labour at work, ``(period, country)``.
    """

    value: float
    outcomes: list[Outcome]
    owed: Owed
    labour: Array


def path_outcome(
    path: TransitionPath, asked: OutcomeOf, period: int | None, at: list[Linearised], first: int,
    keep: int,
) -> PathOutcome:  # fmt: skip
    """What an outcome owes to a plan that is lived from its first period for so many.

    Parameters
    ----------
    path, asked
        Of what. Real income is real consumption here, and real wages are those of labour.
    period
        In which it counts; None for permanent consumption.
    at
        The plan's periods made linear.
    first, keep
        The period of the path in which the plan begins, and how many of it are lived.
    """
    alpha = path.capital_share
    owed = Owed.nothing(len(at), alpha.size)
    made = PathOutcome(0.0, [Outcome() for _ in at], owed, np.zeros((len(at), alpha.size)))
    n = asked.places(path.world)[0]
    if period is None:
        weights = path.weights(n)[first : first + keep]
        for t, weight in enumerate(weights):
            _consumed(path, made, first + t, t, n, float(weight), at[t])
        return PathOutcome(float(np.log(path.welfare[n])), made.outcomes, owed, made.labour)
    here = period - first
    if not 0 <= here < keep:
        return made
    if asked.name == "welfare":
        _consumed(path, made, period, here, n, 1.0, at[here])
        value = float(np.log(path.consumption[period, n]))
    elif asked.name == "real_wage":
        # What labour earns of the bundle: w (K / L)^α, L at work.
        wage = np.zeros(alpha.size)
        wage[n] = 1.0
        made.outcomes[here] = Outcome(wage=wage)
        owed.stock[here, n], made.labour[here, n] = alpha[n], -alpha[n]
        owed.price[here, n] = -1.0
        value = float(np.log(path.real_wage[period, n]))
    else:
        measured = asked.at(path.world, at[here])
        made.outcomes[here], value = measured.outcome, measured.value
    return PathOutcome(value, made.outcomes, owed, made.labour)


def _consumed(
    path: TransitionPath, made: PathOutcome, period: int, t: int, n: int, weight: float,
    at: Linearised,
) -> None:  # fmt: skip
    """The logarithm of real consumption, so many times."""
    invested = path.investment[period, n] / at.problem.base.size
    spent = at.flows.income[n] - invested
    made.owed.income[t, n] += weight / spent
    made.owed.invested[t, n] -= weight / spent
    made.owed.price[t, n] -= weight
