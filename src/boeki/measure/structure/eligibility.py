"""Which countries and products take part in a measure of complexity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from boeki.errors import InputError
from boeki.measure.structure.comparative_advantage import balassa
from boeki.measure.structure.grid import Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Eligibility:
    """A rule of who takes part; by itself it leaves out nobody.

    Attributes
    ----------
    min_country_trade, min_product_trade
        Least exports of a country and of a product in the world, in the figures' currency.
    min_population
        Least population, for which ``population`` says that of each country.
    population
        By country code.
    min_diversity, min_ubiquity
        Least number of products in which a country has an advantage, and of countries that have
        one in a product. One, at least: without any there is nothing to measure.
    threshold
        From which index on a country has a revealed comparative advantage.
    """

    min_country_trade: float = 0
    min_product_trade: float = 0
    min_population: float = 0
    population: Mapping[str, float] = field(default_factory=dict)
    min_diversity: int = 1
    min_ubiquity: int = 1
    threshold: float = 1.0

    def told(self) -> dict[str, float]:
        """What the rule says, for the head of an answer."""
        names = ("min_country_trade", "min_product_trade", "min_population", "min_diversity",
                 "min_ubiquity", "threshold")  # fmt: skip
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Specialised:
    """Who has an advantage in what.

    Attributes
    ----------
    advantage
        ``(country, product)``, 1 where the index reaches the threshold, else 0.
    rca
        ``(country, product)``, the index itself.
    countries, products
        Their names.
    without
        Countries and products that take no part.
    """

    advantage: NDArray[np.float64]
    rca: NDArray[np.float64]
    countries: tuple[str, ...]
    products: tuple[str, ...]
    without: tuple[tuple[str, ...], tuple[str, ...]]

    def notes(self) -> list[str]:
        """Who was left out, in words."""
        rows = zip(("countries", "products"), self.without, strict=True)
        return [f"{len(gone)} {what} left out: {_few(gone)}." for what, gone in rows if gone]


def specialised(grid: Grid, rule: Eligibility | None = None) -> Specialised:
    """Apply a rule, compute the index among those who are left, and see who has an advantage.

    Parameters
    ----------
    grid
        Exports, country by product.
    rule
        None for the rule that leaves out nobody but those without any advantage.

    Raises
    ------
    InputError
        Where a population is asked for and not known, or fewer than two countries or products are
        left.
    """
    rule = rule or Eligibility()
    left = grid.kept(_large(grid, rule), grid.values.sum(axis=0) >= rule.min_product_trade)
    rca = balassa(left.values)
    has = np.nan_to_num(rca) >= rule.threshold
    rows, columns = _left(has, rule)
    if rows.sum() < 2 or columns.sum() < 2:
        raise InputError(
            f"{rows.sum()} countries and {columns.sum()} products are left, which is too few to "
            "compare: ease the rule of who takes part"
        )
    kept = left.kept(rows, columns)
    within = np.ix_(rows, columns)
    gone = (
        tuple(sorted(set(grid.rows) - set(kept.rows))),
        tuple(sorted(set(grid.columns) - set(kept.columns))),
    )
    return Specialised(has[within].astype(float), rca[within], kept.rows, kept.columns, gone)


def _large(grid: Grid, rule: Eligibility) -> NDArray[np.bool_]:
    """Countries that are large enough to take part."""
    large: NDArray[np.bool_] = grid.values.sum(axis=1) >= rule.min_country_trade
    if not rule.min_population:
        return large
    unknown = [c for c in grid.rows if c not in rule.population]
    if unknown:
        raise InputError(
            f"the population of {len(unknown)} countries is not known ({_few(unknown)}): give it, "
            "or leave min_population out"
        )
    many: NDArray[np.bool_] = np.array(
        [rule.population[c] >= rule.min_population for c in grid.rows]
    )
    return large & many


def _left(has: NDArray[np.bool_], rule: Eligibility) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows and columns with enough advantages; who goes out may take others along."""
    rows, columns = np.ones(has.shape[0], bool), np.ones(has.shape[1], bool)
    while True:
        now = has & rows[:, None] & columns[None, :]
        new_rows = now.sum(axis=1) >= max(rule.min_diversity, 1)
        new_columns = now.sum(axis=0) >= max(rule.min_ubiquity, 1)
        if (new_rows == rows).all() and (new_columns == columns).all():
            return rows, columns
        rows, columns = new_rows, new_columns


def _few(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
