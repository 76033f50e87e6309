"""Published research over sales, mapped to any world's countries and sectors."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.world.sector_schemes import divisions, isic3_divisions
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.answer import Answer

Array: TypeAlias = NDArray[np.float64]

#: Area of figures that stand for every country without one of its own.
_ALL = "OECD"


@dataclass(frozen=True)
class PublishedResearch:
    """One published figure."""

    sector: str
    divisions: tuple[str, ...]
    product: str
    area: str
    intensity: float
    period: str
    source: str


@dataclass(frozen=True, eq=False)
class ResearchIntensity:
    """Research over sales, by country and sector; NumPy takes it for its values.

    Attributes
    ----------
    countries, sectors
        Of the world.
    values
        ``(country, sector)``; nan where nothing is published.
    rows
        By country and sector: the published figures whose mean it is.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    values: Array = field(repr=False)
    rows: Mapping[tuple[str, str], tuple[PublishedResearch, ...]] = field(repr=False)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype=dtype)

    def table(self) -> Answer:
        """The figures with their sources, as a table."""
        from boeki.world.research_table import research_table

        return research_table(self)

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def research_intensity(
    world: World, *, isic3: Mapping[str, str] | None = None
) -> ResearchIntensity:
    """Research over sales of a world's sectors, from published figures.

    Parameters
    ----------
    world
        Whose countries and sectors.
    isic3
        Sector to divisions of ISIC Rev. 3, for sectors in codes that
        :func:`boeki.world.isic3_divisions` does not know.

    Returns
    -------
    ResearchIntensity

    Notes
    -----
    A sector that is one product takes the figures of firms that make it: its own country's, or the
    mean of all. Any other takes the mean over its divisions of ISIC Rev. 3, each the mean of the
    published industries in it, of its own country or of the OECD. Nothing is published of farming,
    mining and services: these are nan.
    """
    covers = isic3_divisions(world.sectors, isic3)
    made: dict[tuple[str, str], tuple[PublishedResearch, ...]] = {}
    values = np.full((len(world.countries), len(world.sectors)), np.nan)
    for n, country in enumerate(world.countries):
        for s, sector in enumerate(world.sectors):
            groups = _figures(country, sector, covers[sector])
            if groups:
                values[n, s] = np.mean([np.mean([r.intensity for r in g]) for g in groups])
            made[country, sector] = tuple(dict.fromkeys(r for g in groups for r in g))
    return ResearchIntensity(world.countries, world.sectors, values, made)


def _figures(
    country: str, sector: str, covered: tuple[str, ...]
) -> list[tuple[PublishedResearch, ...]]:
    """Published figures of a sector, one group a division."""
    product = tuple(r for r in published_research() if r.product == sector)
    if product:
        return [tuple(r for r in product if r.area == country) or product]
    groups = []
    for division in covered:
        rows = [r for r in published_research() if division in r.divisions]
        own = tuple(r for r in rows if r.area == country)
        common = tuple(r for r in rows if r.area == _ALL)
        if own or common:
            groups.append(own or common)
    return groups


@lru_cache(maxsize=1)
def published_research() -> tuple[PublishedResearch, ...]:
    """All published figures that the package has."""
    path = resources.files("boeki") / "data" / "research_intensity.csv"
    with path.open(encoding="utf-8") as file:
        return tuple(
            PublishedResearch(
                row["sector"], tuple(_divisions(row["isic3"])), row["product"], row["area"],
                float(row["intensity"]), row["period"], row["source"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


def _divisions(text: str) -> list[str]:
    """Two-digit divisions of codes such as ``352 359``."""
    return list(dict.fromkeys(d for code in text.split() for d in divisions(code[:2])))
