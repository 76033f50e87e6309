"""Whether the flywheel comes to rest: the eigenvalues of technology's law near an equilibrium."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import BoekiError, MissingExtra, NotSolved
from boeki.model.derivatives import forward
from boeki.model.equilibrium import Equilibrium
from boeki.model.forward_mode import Change
from boeki.model.linearised import Shift
from boeki.model.over_time.flywheel import Flywheel
from boeki.model.over_time.learning import through_inputs
from boeki.model.products import forth
from boeki.model.shocks import Shocks, problem_of
from boeki.model.solve import solve
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]

#: Up to so many technologies all eigenvalues are worked out; beyond, the largest by iteration.
_FEW = 40


@dataclass(frozen=True, eq=False)
class Stability:
    """How technology near an equilibrium moves when it is left to itself.

    Attributes
    ----------
    world, flywheel
        Of what.
    eigenvalues
        By which deviations grow in a period, the largest first; below 1 they fade.
    mode
        The deviation of log T̂ that fades most slowly, ``(country, sector)``, its largest element 1.
    kappa
        κ = θ ψ, ``(sector,)``.
    """

    world: World
    flywheel: Flywheel
    eigenvalues: NDArray[np.complex128]
    mode: Array
    kappa: Array

    @property
    def largest(self) -> float:
        """The largest modulus."""
        return float(np.abs(self.eigenvalues).max())

    @property
    def at_rest(self) -> bool:
        """Whether deviations fade."""
        return self.largest < 1

    @property
    def half_life(self) -> float:
        """Periods in which the slowest deviation halves; infinite where none fades."""
        return float(np.log(0.5) / np.log(self.largest)) if self.at_rest else np.inf

    def table(self) -> Answer:
        """The eigenvalues, as a table."""
        from boeki.model.over_time.stability_table import stability_table

        return stability_table(self)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def flywheel_stability(
    world: World | None, flywheel: Flywheel, *, at: Equilibrium | None = None, count: int = 6
) -> Stability:
    """The eigenvalues of the flywheel near the baseline, or near another equilibrium.

    Without links between inputs and with one wage a country, κ ≤ 1 is enough for one rest point;
    links through inputs and migration between sectors can make deviations grow for less.

    Parameters
    ----------
    world
        The baseline; the one aboard where none is given.
    flywheel
        Which.
    at
        Near this equilibrium of the world, without scale economies.
    count
        How many eigenvalues, the largest.

    Raises
    ------
    NotSolved
        Where they cannot be worked out.

    Notes
    -----
    Kucheryavyy, Lyn and Rodríguez-Clare (2023), American Economic Journal: Macroeconomics 15, on
    when scale economies have one equilibrium.
    """
    if world is None:
        from boeki.world.embedded import embedded_world

        world = embedded_world()
    flat = replace(world, scale_elasticity=np.zeros(len(world.sectors)))
    near = at or Equilibrium(flat, solve(problem_of(flat, Shocks())), "Baseline")
    law = _Law(near, flywheel, flywheel.kappa(world), flywheel.renewed(world))
    values, mode = _largest(law, min(count, law.size))
    largest = mode.ravel()[np.abs(mode).argmax()]
    return Stability(world, flywheel, values, np.asarray(mode / largest).T, law.kappa)


def explained(error: NotSolved, world: World, flywheel: Flywheel) -> NotSolved:
    """Why a path was not found, where its flywheel is what explodes; else the error as it is.

    Parameters
    ----------
    error
        What the search for the path ended with.
    world, flywheel
        Of the path.
    """
    try:
        found = flywheel_stability(world, flywheel, count=1)
    except BoekiError:
        return error
    if found.at_rest:
        return error
    country, sector = np.unravel_index(int(np.abs(found.mode).argmax()), found.mode.shape)
    return NotSolved(
        f"technology explodes: near the baseline a deviation grows {found.largest:.3g} times in a "
        f"period, fastest in {world.sectors[sector]} of {world.countries[country]}, and no path "
        "was found. Lower psi, or give it to fewer sectors (--learning): `boeki simulate flywheel` "
        "shows which come to rest"
    )


class _Law:
    """d log T̂′ = (1 − δ) d log T̂ + δ (κ d log(Ŷ/ŵ) + ε d log H)."""

    def __init__(self, at: Equilibrium, flywheel: Flywheel, kappa: Array, delta: Array) -> None:
        self.at, self.flywheel = at, flywheel
        self.kappa, self.delta = kappa, delta
        self.base = at.solution.problem.base
        self.shape = self.base.output.shape
        self.size = self.base.output.size

    def times(self, vector: Array) -> Array:
        """The law on a change of log T̂, ``(sector × country,)``."""
        change = np.asarray(vector, dtype=np.float64).reshape(self.shape)
        shift = Shift(productivity=change / self.base.theta[:, None])
        move, made = forward(self.at, shift)
        new = self.kappa[:, None] * (move.output - move.wage)
        if self.flywheel.diffusion:
            new = new + self.flywheel.diffusion * self._known(change, made)
        delta = self.delta[:, None]
        return np.asarray(((1 - delta) * change + delta * new).ravel())

    def _known(self, change: Array, made: Change) -> Array:
        """d log H, as origins' technology and their shares in what is bought change."""
        sectors, theta = self.base.theta.size, self.base.theta[:, None]
        shares = self.at.trade_share.transpose(2, 1, 0)[:sectors]
        levels = self.flywheel.leads(self.at.world)
        if levels is not None:
            shares = shares * levels[:, None, :]
            shares = shares / shares.sum(2, keepdims=True)
        # A share moves with its origin's cost and against the price of what is bought.
        price = made.following.price[:sectors]
        bought = forth(shares, change + made.reached) + theta * price
        return through_inputs(bought, self.base.input_share, self.flywheel.across)


def _largest(law: _Law, count: int) -> tuple[NDArray[np.complex128], Array]:
    """The largest eigenvalues, and the mode of the first."""
    if law.size <= _FEW:
        matrix = np.stack([law.times(row) for row in np.eye(law.size)], axis=1)
        values, vectors = np.linalg.eig(matrix)
    else:
        try:
            from scipy.sparse.linalg import ArpackError, LinearOperator, eigs
        except ImportError:
            raise MissingExtra("world", "working out eigenvalues") from None

        operator = LinearOperator((law.size, law.size), matvec=law.times, dtype=np.float64)
        start = np.random.default_rng(0).normal(size=law.size)
        try:
            values, vectors = eigs(operator, k=count, which="LM", v0=start, tol=1e-8)
        except ArpackError as error:
            raise NotSolved(
                f"the flywheel's eigenvalues could not be worked out: {error}"
            ) from None
    order = np.argsort(-np.abs(values))[:count]
    return np.asarray(values[order]), np.real(vectors[:, order[0]]).reshape(law.shape)
