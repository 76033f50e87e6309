"""Shocks in part: the problems that lie between a baseline and a problem."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.model.problem import Problem

Array: TypeAlias = NDArray[np.float64]


def part_way(problem: Problem, part: float) -> Problem:
    """The problem with a part of its shocks, from 0 to 1.

    Costs, taxes and productivity go by logarithms; what ends at nothing, as trade that is
    forbidden, goes in a straight line.
    """
    if part >= 1:
        return problem
    base = problem.base
    before = base.share, base.landed, base.landed
    after = problem.reach, problem.landed, problem.received
    cells = [_between(b, a, part) for b, a in zip(before, after, strict=True)]
    if problem.received is problem.landed:
        cells[2] = cells[1]
    rations = problem.rations
    if rations is not None:
        rations = replace(rations, limit=part * rations.limit)
    return replace(
        problem, reach=cells[0], landed=cells[1], received=cells[2],
        productivity=part * problem.productivity, labour=problem.labour**part,
        final_share=(1 - part) * base.final_share + part * problem.final_share,
        value_added_share=(
            (1 - part) * base.value_added_share + part * problem.value_added_share
        ),
        input_share=(1 - part) * base.input_share + part * problem.input_share,
        production_tax=(1 + problem.production_tax) ** part - 1,
        transfer=(1 - part) * base.deficit + part * problem.transfer,
        deficit_share=part * problem.deficit_share, rations=rations,
    )  # fmt: skip


def _between(before: Array, after: Array, part: float) -> Array:
    ratio = np.divide(after, before, out=np.ones_like(after), where=(before > 0) & (after > 0))
    return np.where(after > 0, before * ratio**part, (1 - part) * before)
