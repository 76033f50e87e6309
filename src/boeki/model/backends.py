"""What works the equations out: NumPy, Numba's compiled sums, or JAX."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal, TypeAlias, get_args

from boeki.errors import MissingExtra, UnknownTerm

Backend: TypeAlias = Literal["numpy", "numba", "jax"]

#: The extra that each needs, and what for.
_EXTRAS = {
    "numba": ("fast", "solving with compiled sums"),
    "jax": ("gpu", "scenarios solved together by JAX"),
}
#: Cells of trade from which on compiled sums gain, and scenarios from which on they are worth
#: reading or making.
_LARGE, _MANY = 50_000, 64


def check_backend(backend: str) -> None:
    """Refuse a backend that there is not.

    Raises
    ------
    UnknownTerm, MissingExtra
        For another name, and where it is not installed.
    """
    if backend not in get_args(Backend):
        raise UnknownTerm("backend", backend, get_args(Backend))
    if backend in _EXTRAS and find_spec(backend) is None:
        raise MissingExtra(*_EXTRAS[backend])


def best_backend(cells: int, scenarios: int | None) -> Backend:
    """``numba`` for many scenarios of a large world, where it is installed; else ``numpy``.

    Parameters
    ----------
    cells
        Of trade, goods × countries².
    scenarios
        How many; None where nobody knows.
    """
    many = scenarios is None or scenarios >= _MANY
    return "numba" if many and cells >= _LARGE and find_spec("numba") is not None else "numpy"
