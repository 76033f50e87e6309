"""The matched model: two periods are compared over the products that both have.

A product that is lacking in a period has neither a price nor a quantity there (NaN): never a price
of zero. What part of each period's value the matched products are stands beside every index.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from boeki.errors import InputError
from boeki.measure.prices.formulas import Array, Formula


@dataclass(frozen=True, slots=True)
class Match:
    """What two periods have in common.

    Attributes
    ----------
    index
        The price index between them; NaN where they have no product in common.
    products
        How many products both have.
    share_base, share_current
        Their share of the value of each of the two periods, 0 to 1.
    """

    index: float
    products: int
    share_base: float
    share_current: float


def checked(prices: ArrayLike, quantities: ArrayLike) -> tuple[Array, Array]:
    """Prices and quantities as arrays that an index can be computed from.

    Parameters
    ----------
    prices, quantities
        ``(period, product)``; NaN in both where a product is lacking.

    Raises
    ------
    InputError
        Where their shapes differ, only one of the two is lacking, or a number is not above zero.
    """
    p, q = np.asarray(prices, dtype=float), np.asarray(quantities, dtype=float)
    if p.ndim != 2 or p.shape != q.shape:
        raise InputError(
            f"prices have the shape {p.shape} and quantities {q.shape}: give both one row a period "
            "and one column a product"
        )
    if (np.isnan(p) != np.isnan(q)).any():
        raise InputError(
            "a price stands without its quantity, or a quantity without its price: a product that "
            "is lacking in a period is NaN in both"
        )
    bad = ~np.isnan(p) & ~((p > 0) & (q > 0) & np.isfinite(p) & np.isfinite(q))
    if bad.any():
        period, product = (int(n[0]) for n in np.nonzero(bad))
        raise InputError(
            f"product {product} in period {period} has the price {p[period, product]} and the "
            f"quantity {q[period, product]}: both must be above zero; write NaN for what is lacking"
        )
    return p, q


def compare(p: Array, q: Array, base: int, current: int, formula: Formula) -> Match:
    """The index between two periods over what they have in common.

    Parameters
    ----------
    p, q
        ``(period, product)``, as :func:`checked` gives them.
    base, current
        Rows.
    formula
        Of :mod:`boeki.measure.prices.formulas`.
    """
    both = ~np.isnan(p[base]) & ~np.isnan(p[current])
    shares = [_share(p[t], q[t], both) for t in (base, current)]
    if not both.any():
        return Match(float("nan"), 0, *shares)
    index = formula(p[base, both], p[current, both], q[base, both], q[current, both])
    return Match(index, int(both.sum()), *shares)


def _share(p: Array, q: Array, chosen: NDArray[np.bool_]) -> float:
    value = np.nan_to_num(p * q)
    return float(value[chosen].sum() / value.sum()) if value.any() else float("nan")
