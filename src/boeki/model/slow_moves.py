"""Moves that the map answers slowly at a baseline: known once, they need not be found out anew.

Acceleration learns from each step how the map answers moves. What it learns first and most is alike
in all problems of a baseline: the directions in which a turn of the map closes little of a gap.
They are taken from a small problem of each baseline, and mixed with the steps of every other.
Methods that solve many systems alike recycle such directions (Parks, de Sturler, Mackey, Johnson
and Maiti 2006, SIAM Journal on Scientific Computing 28).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.anderson import Answers, anderson
from boeki.model.baseline import Baseline
from boeki.model.exact_hat import at_baseline
from boeki.model.problem import Problem
from boeki.model.turn import step_of

Array: TypeAlias = NDArray[np.float64]

#: Directions that are kept: more make every step longer, and save few.
_KEPT = 6
#: Standard deviation of the small problem's productivities, and turns that it may take.
_SHOCK, _TURNS = 0.02, 20
#: Moves that are shorter than this part of the first tell of rounding.
_SHORT = 1e-9


def slow_moves(base: Baseline) -> Answers:
    """How the map answers what it answers most slowly, worked out once for a baseline and its kin.

    Returns
    -------
    Answers
        For wages and prices judged; without rows where the small problem tells nothing.
    """
    found = base.kin.found
    if "slow moves" not in found:
        theta = base.kin.theta
        found["slow moves"] = _make(base if base.theta is theta else replace(base, theta=theta))
    answers: Answers = found["slow moves"]
    return answers


def _make(base: Baseline) -> Answers:
    problem = _small(base)
    start = at_baseline(problem)
    with np.errstate(all="ignore"):
        answers = anderson(
            step_of(problem), start.vector(), tolerance=0.0, most=_TURNS, memory=_TURNS,
            judged=slice(0, start.wage.size + start.price.size),
        ).answers  # fmt: skip
    return _longest(answers)


def _small(base: Baseline) -> Problem:
    """The baseline with productivities a little off, everywhere and in no order."""
    off = np.random.default_rng(0).normal(0, _SHOCK, base.output.shape)
    share, landed = base.share, base.landed
    if not base.supplied:
        # Where nobody sells, nobody buys: home stands for it.
        share, landed = np.array(share), np.array(landed)
        good, country = np.nonzero(share.sum(2) <= 0)
        share[good, country, country] = landed[good, country, country] = 1.0
    none = np.zeros(base.gdp.size)
    return Problem(
        base, share, landed, landed, productivity=off, labour=np.ones(base.gdp.size),
        final_share=base.final_share, value_added_share=base.value_added_share,
        input_share=base.input_share, production_tax=np.zeros(base.output.shape),
        transfer=base.deficit - base.deficit.sum() * base.gdp, deficit_share=none,
        psi=np.zeros(base.theta.size),
    )  # fmt: skip


def _longest(answers: Answers) -> Answers:
    """The directions that answers to steps have most in common, by their singular values."""
    changes, steps = answers.changes, answers.steps
    size = np.linalg.norm(changes, axis=1)
    # No comparison holds of what is no number.
    told = np.isfinite(steps).all(1) & (size > _SHORT * np.nanmax(size, initial=0.0))
    changes, steps, size = changes[told], steps[told], size[told]
    mixed, common, _ = np.linalg.svd(changes / size[:, None], full_matrices=False)
    weight = (mixed.T / common[:, None] / size)[:_KEPT]
    return Answers(weight @ changes, weight @ steps)
