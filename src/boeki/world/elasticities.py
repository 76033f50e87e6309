"""Published trade and scale elasticities, mapped to any world's sectors."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownTerm
from boeki.world.sector_schemes import divisions, isic3_divisions

if TYPE_CHECKING:
    import pandas as pd

Array: TypeAlias = NDArray[np.float64]

_NAMED = 8


@dataclass(frozen=True)
class Published:
    """One sector of a published set."""

    sector: str
    isic3: tuple[str, ...]
    trade_elasticity: float
    standard_error: float
    scale_elasticity: float
    parameter: str
    source: str
    note: str


@dataclass(frozen=True, eq=False)
class Elasticities:
    """Elasticities of a set, by the sectors asked for.

    Attributes
    ----------
    name, sectors
        The set, and the sectors.
    trade_elasticity, standard_error
        ``(sector,)``; the error nan where none was published.
    scale_elasticity
        ``(sector,)``, None where the set has none.
    source
        Where they were published.
    from_rows
        Of each sector: the published sectors that it was taken from, empty where none.
    notes
        What was averaged, and what was filled.
    """

    name: str
    sectors: tuple[str, ...]
    trade_elasticity: Array = field(repr=False)
    standard_error: Array = field(repr=False)
    scale_elasticity: Array | None = field(repr=False)
    source: str
    from_rows: tuple[tuple[str, ...], ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    def table(self) -> pd.DataFrame:
        """One row a sector: both elasticities, the error, and where they are from."""
        import pandas as pd

        scale = self.scale_elasticity
        return pd.DataFrame(
            {
                "sector": self.sectors,
                "trade_elasticity": self.trade_elasticity,
                "standard_error": self.standard_error,
                "scale_elasticity": np.nan if scale is None else scale,
                "note": ["; ".join(rows) or "not in the set" for rows in self.from_rows],
            }
        )


def elasticity_sets() -> dict[str, str]:
    """Published sets: name, and where each was published."""
    return {name: rows[0].source for name, rows in _published().items()}


def published_elasticities(name: str) -> tuple[Published, ...]:
    """The sectors of a published set, as published.

    Raises
    ------
    UnknownTerm
        For a set that there is not.
    """
    if name not in _published():
        raise UnknownTerm("set of elasticities", name, _published())
    return _published()[name]


def elasticities(
    name: str,
    sectors: Sequence[str],
    *,
    others: float | None = None,
    isic3: Mapping[str, str] | None = None,
) -> Elasticities:
    """Elasticities of a published set for the sectors of a world.

    Parameters
    ----------
    name
        Of :func:`elasticity_sets`: ``caliendo_parro_2015`` …
    sectors
        Of the world, in codes that :func:`boeki.world.isic3_divisions` knows.
    others
        θ of sectors that the set does not cover, services above all; None to refuse.
    isic3
        Sector to divisions of ISIC Rev. 3, for sectors in other codes.

    Returns
    -------
    Elasticities

    Raises
    ------
    UnknownTerm
        For a set that there is not.
    InputError
        For sectors that the set does not cover; the message names them.

    Notes
    -----
    A sector gets the mean of its divisions' elasticities, each of which is the mean of the
    published sectors that cover it; divisions that the set lacks are left out. The standard error
    is that of the mean, as if estimates were independent. Where no division is covered the scale
    elasticity is nil.
    """
    rows = published_elasticities(name)
    covers = isic3_divisions(sectors, isic3)
    weights = [_weights(rows, covers[sector]) for sector in sectors]
    missing = [s for s, w in zip(sectors, weights, strict=True) if not w]
    if missing and others is None:
        strange = [s for s in missing if not covers[s]]
        raise InputError(_refusal(name, missing, strange))
    theta, error, scale = (np.empty(len(weights)) for _ in range(3))
    for at, weight in enumerate(weights):
        theta[at] = sum(w * r.trade_elasticity for r, w in weight.items()) if weight else others
        error[at] = math.sqrt(sum((w * r.standard_error) ** 2 for r, w in weight.items()))
        scale[at] = sum(w * r.scale_elasticity for r, w in weight.items())
    error[[not w for w in weights]] = np.nan
    return Elasticities(
        name, tuple(sectors), theta, error,
        None if math.isnan(rows[0].scale_elasticity) else scale, rows[0].source,
        tuple(tuple(r.sector for r in w) for w in weights),
        _notes(rows[0], sectors, weights, missing, others),
    )  # fmt: skip


def _weights(rows: Sequence[Published], covered: Sequence[str]) -> dict[Published, float]:
    """Weight of each published sector in the mean of a sector's divisions."""
    found = [[r for r in rows if division in r.isic3] for division in covered]
    found = [group for group in found if group]
    out: dict[Published, float] = {}
    for group in found:
        for row in group:
            out[row] = out.get(row, 0.0) + 1 / (len(found) * len(group))
    return out


def _refusal(name: str, missing: Sequence[str], strange: Sequence[str]) -> str:
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    words = f"{name} has no elasticity for {', '.join(missing[:_NAMED])}{more}: "
    if strange:
        words += (
            f"boeki does not know what {', '.join(strange[:_NAMED])} covers; say so with "
            f"isic3={{{strange[0]!r}: '15-16'}}, or "
        )
    return words + "give others=5.0, or another value, for what the set does not cover"


def _notes(
    first: Published,
    sectors: Sequence[str],
    weights: Sequence[Mapping[Published, float]],
    missing: Sequence[str],
    others: float | None,
) -> tuple[str, ...]:
    notes = [first.note]
    mixed = [s for s, w in zip(sectors, weights, strict=True) if len(w) > 1]
    if mixed:
        notes.append(f"Means of several published sectors: {', '.join(mixed)}.")
    if missing:
        notes.append(f"Not in the set, {others:g} by the user: {', '.join(missing)}.")
    return tuple(filter(None, notes))


@lru_cache(maxsize=1)
def _published() -> dict[str, tuple[Published, ...]]:
    text = resources.files("boeki.data").joinpath("elasticities.csv").read_text(encoding="utf-8")
    out: dict[str, tuple[Published, ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        figure = Published(
            row["sector"], tuple(divisions(row["isic3"])), float(row["trade_elasticity"]),
            float(row["standard_error"] or "nan"), float(row["scale_elasticity"] or "nan"),
            row["parameter"], row["source"], row["note"],
        )  # fmt: skip
        out[row["set"]] = (*out.get(row["set"], ()), figure)
    return out
