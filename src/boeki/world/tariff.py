"""Tariffs in full: by origin, destination and sector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownTerm
from boeki.world.world_checks import shaped

if TYPE_CHECKING:
    import pandas as pd

Array: TypeAlias = NDArray[np.float64]

_COLUMNS = ("origin", "destination", "sector", "value")


def tariff_array(tariff: Any, countries: Sequence[str], sectors: Sequence[str]) -> Array:
    """Tariffs as ``(origin, destination, sector)``, ad valorem, 0.05 for 5 %.

    Parameters
    ----------
    tariff
        An array that broadcasts to that shape, or a data frame with the columns origin,
        destination, sector and value; what has no row there is free.
    countries, sectors
        Names of the axes.

    Raises
    ------
    InputError
        For other shapes, gaps, unknown names, a row that comes twice, or a tariff at home.
    """
    names = tuple(countries), tuple(sectors)
    if hasattr(tariff, "columns"):
        return _of_frame(tariff, *names)
    return shaped("tariff", tariff, *names)


def _of_frame(frame: pd.DataFrame, countries: tuple[str, ...], sectors: tuple[str, ...]) -> Array:
    if lacking := set(_COLUMNS) - set(frame.columns):
        raise InputError(f"tariffs lack the columns {', '.join(sorted(lacking))}")
    places: Mapping[str, tuple[str, ...]] = {
        "origin": countries, "destination": countries, "sector": sectors,
    }  # fmt: skip
    at = []
    for column, known in places.items():
        where = {name: i for i, name in enumerate(known)}
        for label in frame[column].unique():
            if str(label) not in where:
                raise UnknownTerm(f"{column} of tariffs", str(label), known)
        at.append(np.array([where[str(v)] for v in frame[column]], dtype=np.int64))
    flat = np.ravel_multi_index(tuple(at), (len(countries), len(countries), len(sectors)))
    if len(np.unique(flat)) < len(flat):
        first = frame.iloc[int(np.flatnonzero(np.bincount(flat)[flat] > 1)[0])]
        raise InputError(
            f"the tariff of {first['destination']} on {first['sector']} from {first['origin']} is "
            "there twice: give one"
        )
    out = np.zeros((len(countries), len(countries), len(sectors)))
    out[tuple(at)] = np.asarray(frame["value"], dtype=np.float64)
    home = np.einsum("nns->ns", out)
    if home.any():
        n, s = np.argwhere(home)[0]
        raise InputError(f"{countries[n]} has a tariff on its own {sectors[s]}: leave it out")
    return shaped("tariff", out, countries, sectors)
