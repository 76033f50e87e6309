"""Many problems solved together: what they share is read from memory once for all of them.

Problems of one baseline differ from it in some cells of the trade shares, in productivities,
elasticities, preferences … One turn of the map multiplies the baseline's shares by a matrix with a
column for each problem, and adds what the cells that differ make of each: the equations are those
of :mod:`boeki.model.exact_hat`, without scale economies, export taxes, production taxes and
rations. The arrays may be NumPy's, or JAX's where a processor for graphics is to do the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import NotSolved
from boeki.model.backends import Backend, check_backend
from boeki.model.batch_arrays import Sparse
from boeki.model.batch_steps import Steps
from boeki.model.exact_hat import Point, at_baseline, point_of
from boeki.model.home_links import HomeLinks, home_links
from boeki.model.problem import Problem
from boeki.model.slow_moves import slow_moves
from boeki.model.solve import TOLERANCE, Solution, solve

Array: TypeAlias = NDArray[np.float64]

#: Problems that are solved together at most: memory stays bounded, and near the processor.
TOGETHER = 8
#: Bytes of trade shares that are laid on a device at once.
_DEVICE_BYTES = 2**30
#: Part of the trade shares that may differ from the baseline's: with more, sparse products take
#: as long as whole ones.
_FEW = 0.08
#: Evaluations after which a problem is left to be solved alone.
MOST = 80


def solve_together(
    problems: Sequence[Problem],
    start: Point | None = None,
    *,
    tolerance: float = TOLERANCE,
    backend: Backend = "numpy",
) -> list[Solution | NotSolved]:
    """Find the equilibria of many problems, those of the same baseline together.

    Parameters
    ----------
    problems
        In any order. One that :func:`fits` refuses, or that acceleration does not solve, is solved
        alone by :func:`boeki.model.solve.solve`.
    start
        Where to begin.
    tolerance
        Largest residual, in logarithms.
    backend
        ``numpy``; ``numba`` (``boeki[fast]``), which solves all of them alone; or ``jax``
        (``boeki[gpu]``), on whatever device JAX finds.

    Returns
    -------
    list of Solution or NotSolved
        In the order of the problems.
    """
    check_backend(backend)
    found: list[Solution | NotSolved | None] = [None] * len(problems)
    if backend == "jax":
        from boeki.model.batch_device import solve_on_device as accelerated
    else:
        accelerated = _accelerated
    for members in _groups(problems, backend):
        together = accelerated([problems[k] for k in members], start, tolerance)
        for k, solution in zip(members, together, strict=True):
            found[k] = solution
    rest: Backend = "numba" if backend == "numba" else "numpy"
    return [
        f or alone(p, start, rest, tolerance=tolerance)
        for f, p in zip(found, problems, strict=True)
    ]


def fits(problem: Problem) -> bool:
    """Whether a problem can be solved with others: no taxes on exports or output, ψ of 0."""
    base = problem.base
    return not (
        problem.taxes_exports or problem.taxes_production or problem.psi.any()
        or problem.spending_share is not None
        or problem.value_added_share is not base.value_added_share
        or problem.input_share is not base.input_share
    )  # fmt: skip


def joins(problem: Problem, backend: Backend) -> bool:
    """Whether a problem gains by being solved with others."""
    if backend == "numba" or not fits(problem):
        return False
    known = problem.cells
    return backend == "jax" or known is None or known.size <= _FEW * problem.reach.size


def alone(
    problem: Problem, start: Point | None, backend: Backend, *, tolerance: float = TOLERANCE
) -> Solution | NotSolved:
    """The solution of one problem, or why there is none."""
    try:
        return solve(problem, start, tolerance=tolerance, backend=backend)
    except NotSolved as error:
        return error


def _groups(problems: Sequence[Problem], backend: Backend) -> list[list[int]]:
    """Places of problems that can be solved together; those that cannot are left out."""
    if backend == "numba" or (backend == "numpy" and find_spec("scipy") is None):
        return []
    alike: dict[tuple[int, int], list[int]] = {}
    for place, problem in enumerate(problems):
        if fits(problem):
            base = problem.base
            alike.setdefault((id(base.share), id(base.input_share)), []).append(place)
    most = together_at_most(backend, problems[0].reach.size) if problems else 1
    return [
        places[first : first + most]
        for places in alike.values() if len(places) > 1
        for first in range(0, len(places), most)
    ]  # fmt: skip


def together_at_most(backend: Backend, cells: int) -> int:
    """How many problems are solved together: on a device as many as a gigabyte of trade holds.

    Parameters
    ----------
    cells
        Of trade, goods × countries².
    """
    return TOGETHER if backend != "jax" else min(max(_DEVICE_BYTES // (16 * cells), 1), 512)


@dataclass(frozen=True, eq=False)
class Cells:
    """Where a problem's trade shares differ from the baseline's, and by how much."""

    flat: NDArray[np.intp]
    reach: Array
    landed: Array


def differences(problem: Problem, most: float = _FEW) -> Cells | None:
    """The cells that differ; None where these are more than a part of all."""
    base = problem.base
    reach, before = problem.reach.reshape(-1), base.share.reshape(-1)
    landed, landed_before = problem.landed.reshape(-1), base.landed.reshape(-1)
    flat = problem.cells
    if flat is None:
        flat = np.flatnonzero((reach != before) | (landed != landed_before))
    if flat.size > most * reach.size:
        return None
    return Cells(flat, reach[flat] - before[flat], landed[flat] - landed_before[flat])


def _accelerated(
    problems: list[Problem], start: Point | None, tolerance: float
) -> list[Solution | None]:
    """What acceleration finds; None where it finds nothing."""
    found: list[Solution | None] = [None] * len(problems)
    cells = [differences(problem) for problem in problems]
    left = [k for k, c in enumerate(cells) if c is not None]
    if len(left) < 2:
        return found
    base = problems[0].base

    def put() -> Together:
        sums = Sparse([cells[k] for k in left], base.share, base.landed)
        return Together.of(np, [problems[k] for k in left], sums)

    begin = start or at_baseline(problems[0])
    tells = slice(0, begin.wage.size + begin.price.size)
    with np.errstate(all="ignore"):
        steps = Steps(np.tile(begin.vector(), (len(left), 1)), tells, slow_moves(base))
        together = put()
        for evaluation in range(1, MOST + 1):
            residual, gap = together.gaps(steps.point)
            sizes = np.abs(residual).max(1), np.abs(gap).max(1)
            done = (sizes[0] <= tolerance / 4) & (sizes[1] <= tolerance)
            for at in np.flatnonzero(done):
                if found[left[at]] is None:
                    point = point_of(problems[left[at]], np.array(steps.point[int(at)]))
                    found[left[at]] = Solution(
                        problems[left[at]], point, float(sizes[1][at]), evaluation,
                        "acceleration, with others",
                    )  # fmt: skip
            going = np.array([found[k] is None for k in left]) & np.isfinite(sizes[0])
            if not going.any():
                break
            steps.move(residual, going, sizes[0])
            if 2 * going.sum() <= going.size:
                # Those that are finished leave.
                left = [k for k, on in zip(left, going, strict=True) if on]
                steps.keep(going)
                together = put()
    return found


@dataclass(frozen=True, eq=False)
class Together:
    """Problems of one baseline, the problem as the last axis of every array that differs."""

    xp: Any
    sums: Any
    input_share: Any
    links: tuple[Any, ...]
    theta: Any
    productivity: Any
    labour: Any
    final_share: Any
    transfer: Any
    deficit_share: Any
    value_added_share: Any
    output: Any
    active: Any
    shape: tuple[int, int, int]

    @staticmethod
    def of(xp: Any, problems: Sequence[Problem], sums: Any) -> Together:
        """Put problems together.

        Parameters
        ----------
        xp
            The module of arrays: NumPy, or JAX's.
        problems
            Of one baseline.
        sums
            Sums over their trade shares, ``forth`` over origins and ``back`` over destinations.
        """
        base, links = problems[0].base, home_links(problems[0].base)

        def last(name: str) -> Any:
            return xp.asarray(np.stack([getattr(p, name) for p in problems], axis=-1))

        theta = np.stack([p.base.theta for p in problems], axis=-1)[:, None, :]
        active = base.output > 0
        return Together(
            xp, sums, xp.asarray(base.input_share), _linked(xp, links),
            xp.asarray(theta), last("productivity"),
            xp.asarray(np.stack([p.base.gdp * p.labour for p in problems], axis=-1)),
            last("final_share"), last("transfer"), last("deficit_share"),
            xp.asarray(base.value_added_share[:, :, None]),
            xp.asarray(np.where(active, base.output, 1.0)[:, :, None]),
            xp.asarray(active[:, :, None]), base.shape,
        )  # fmt: skip

    def gaps(self, points: Any) -> tuple[Any, Any]:
        """What home links make of the gaps at points, and the gaps, each ``(problem, unknown)``."""
        goods, sectors, countries = self.shape
        xp, many = self.xp, points.shape[0]
        columns = self._in_order(points.T)
        wage = columns[:countries]
        price = columns[countries : countries * (1 + goods)].reshape(goods, countries, many)
        output = columns[countries * (1 + goods) :].reshape(sectors, countries, many)
        following = self._follow(wage, price, output)
        gap = [following[0] - wage, following[1] - price, following[2] - output]
        answer = self._answered(*gap)
        return tuple(
            self._in_order(xp.concatenate([p.reshape(-1, many) for p in parts]).T)
            for parts in (answer, gap)
        )

    def _follow(self, wage: Any, price: Any, output: Any) -> tuple[Any, Any, Any]:
        xp, (goods, sectors, _) = self.xp, self.shape
        by_use = goods > sectors
        earned = xp.exp(wage) * self.labour
        level = earned.sum(0)
        earned, wage = earned / level, wage - xp.log(level)
        cost = self._by_country(self.input_share, price[:sectors])
        cost = cost + self.value_added_share * wage - self.productivity
        reached = xp.exp(-self.theta * cost)
        reached = xp.concatenate([reached, reached]) if by_use else reached
        index, landed = self.sums.forth(reached)
        duty = 1 - landed / index
        made = self.output * self.active * xp.exp(output)
        inputs = self._by_country(xp.swapaxes(self.input_share, 1, 2), made)
        own = self.deficit_share
        income = earned + self.transfer + earned * (own - (own * earned).sum(0))
        income = income + (duty[:sectors] * inputs).sum(0)
        income = income / (1 - (self.final_share * duty[-sectors:]).sum(0))
        final = self.final_share * income
        spending = xp.concatenate([inputs, final]) if by_use else inputs + final
        weight = spending / index
        sold = reached * self.sums.back(weight)
        sold = sold[:sectors] + sold[sectors:] if by_use else sold
        bill = (self.value_added_share * sold).sum(0) / earned
        prices = xp.log(index)
        theta = xp.concatenate([self.theta, self.theta]) if by_use else self.theta
        ratio = xp.log(xp.where(self.active, sold / self.output, 1.0))
        return wage + xp.log(bill), -prices / theta, ratio

    def _answered(self, wage: Any, price: Any, output: Any) -> tuple[Any, Any, Any]:
        """As :meth:`boeki.model.home_links.HomeLinks.answer`, for all problems."""
        xp, sectors = self.xp, self.shape[1]
        by_price, by_output, price_to_wage, output_to_wage, wage_bill, slope = self.links
        sold = self._by_country(by_output, output)
        move = (wage + (wage_bill * (sold - output)).sum(0)) / slope
        prices = self._by_country(by_price, price[:sectors]) + price_to_wage * move
        if self.shape[0] > sectors:
            prices = xp.concatenate([prices, price[sectors:] + price_to_wage * move])
        return move, prices, sold + output_to_wage * move

    def _in_order(self, cells: Any) -> Any:
        """What lies in memory in its own order; JAX sees to that itself."""
        return np.ascontiguousarray(cells) if self.xp is np else cells

    def _by_country(self, matrices: Any, cells: Any) -> Any:
        """Each country's matrix ``(sector, sector)`` times ``(sector, country, problem)``."""
        xp = self.xp
        turned = self._in_order(xp.swapaxes(cells, 0, 1).astype(matrices.dtype))
        return xp.swapaxes(xp.matmul(matrices, turned), 0, 1).astype(cells.dtype)


def _linked(xp: Any, links: HomeLinks) -> tuple[Any, ...]:
    """Home links of the first problem: exact enough a guess for others of other elasticities."""
    return (
        xp.asarray(links.price), xp.asarray(links.output),
        xp.asarray(links.price_to_wage[:, :, None]), xp.asarray(links.output_to_wage[:, :, None]),
        xp.asarray(links.wage_bill[:, :, None]), xp.asarray(links.slope[:, None]),
    )  # fmt: skip
