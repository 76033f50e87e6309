"""Price and quantity indexes over many periods: against a fixed base, or chained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from boeki.errors import InputError, UnknownTerm
from boeki.measure.prices.formulas import Array, find_formula
from boeki.measure.prices.matched import Match, checked, compare

Link = Literal["fixed", "chained"]
LINKS = ("fixed", "chained")


@dataclass(frozen=True, slots=True)
class IndexSeries:
    """An index over time.

    Attributes
    ----------
    values
        ``(period,)``; 1 in the base period, NaN where nothing could be compared.
    matched
        ``(period,)``: products that are compared, with the base period or, chained, with the
        period before.
    share_base, share_current
        ``(period,)``: their share of the value of the period compared with, and of the period
        itself, 0 to 1. Chained indexes have them of their last link.
    """

    values: Array
    matched: Array
    share_base: Array
    share_current: Array


def price_index_numbers(
    prices: ArrayLike,
    quantities: ArrayLike,
    formula: str = "fisher",
    *,
    link: Link = "fixed",
    base: int = 0,
) -> IndexSeries:
    """Compute a price index of every period over matched products.

    Parameters
    ----------
    prices, quantities
        ``(period, product)``, in one currency a unit and in each product's own unit; NaN in both
        where a product is lacking.
    formula
        One of :data:`boeki.measure.prices.formulas.FORMULAS`.
    link
        ``fixed``: every period against the base; ``chained``: period on period, multiplied up.
    base
        Which period is 1. A fixed-base index of a period before it compares that period with the
        base, the base's quantities being those of the base.

    Raises
    ------
    UnknownTerm
        For a formula or link that is none.
    InputError
        Where shapes differ, a number is not above zero, or there is no such base.

    Notes
    -----
    Source: PPI Manual (IMF 2004), chapters 15 to 17, and paragraphs 15.76 ff. on chaining. A chain
    breaks where two neighbours have no product in common: what follows is NaN.
    """
    if link not in LINKS:
        raise UnknownTerm("link", link, LINKS)
    p, q = checked(prices, quantities)
    periods = p.shape[0]
    if not -periods <= base < periods:
        raise InputError(f"there is no base period {base} among {periods} periods")
    function, base = find_formula(formula).function, base % periods
    if link == "fixed":
        return _series([compare(p, q, base, t, function) for t in range(periods)])
    links = [compare(p, q, max(t - 1, 0), t, function) for t in range(periods)]
    chained = _series(links)
    chain: Array = np.cumprod(chained.values).astype(np.float64)
    return IndexSeries(
        _rebased(chain, base), chained.matched, chained.share_base, chained.share_current
    )


def quantity_index_numbers(
    prices: ArrayLike,
    quantities: ArrayLike,
    formula: str = "fisher",
    *,
    link: Link = "fixed",
    base: int = 0,
) -> IndexSeries:
    """Compute a quantity index: the price index with prices and quantities exchanged.

    Parameters and errors as in :func:`price_index_numbers`.
    """
    p, q = checked(prices, quantities)
    return price_index_numbers(q, p, formula, link=link, base=base)


def _series(links: list[Match]) -> IndexSeries:
    return IndexSeries(
        np.array([m.index for m in links]),
        np.array([m.products for m in links]),
        np.array([m.share_base for m in links]),
        np.array([m.share_current for m in links]),
    )


def _rebased(chain: Array, base: int) -> Array:
    """A chain that is 1 in the base; where the chain is broken before it, that part is NaN."""
    if np.isnan(chain[base]):
        raise InputError(
            "the chain breaks before its base period: no product is in two neighbouring periods; "
            "take a fixed base, or an earlier base period"
        )
    return np.asarray(chain / chain[base])
