"""Contributions of components to the growth of a chain-linked total.

Every function here takes one component's and the total's numbers, and gives percentage points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Years:
    """What the annual-overlap formula needs of a component or of the total.

    Attributes
    ----------
    value
        Year to its value at current prices.
    volume
        Year to the mean of its chain-linked volumes over the periods of the year.
    """

    value: Mapping[int, float]
    volume: Mapping[int, float]


def simple_contribution(now: float, base: float, total_base: float) -> float:
    """Contribution of an additive component, ``100 (x − x₀) / Y₀``.

    Exact for volumes at fixed prices; of chain-linked volumes it leaves a residual.
    """
    return (now - base) / total_base * 100


def weighted_contribution(
    value_base: float, now: float, base: float, total_value_base: float
) -> float:
    """Contribution with the weights of the base period, ``100 (v₀ / V₀) (x / x₀ − 1)``.

    Parameters
    ----------
    value_base, total_value_base
        Of the component and of the total, at current prices of the base period.
    now, base
        The component's volume.

    Returns
    -------
    float
        Adds up exactly for annual volumes at prices of the year before, chain-linked or not.
    """
    return value_base / total_value_base * (now / base - 1) * 100


def annual_overlap_contribution(
    component: Years,
    total: Years,
    now: float,
    base: float,
    total_base: float,
    year: int,
    base_year: int,
) -> float:
    """Contribution to the growth between two quarters of volumes linked by annual overlap.

    Both quarters are written against the mean of the year before ``year``, y − 1, in which the two
    price systems meet:

        c = [w (x / x̄ − 1) − w′ (x₀ / x̄ − 1)] / (Y₀ / Ȳ)

    with x̄ and Ȳ the means of y − 1, w the component's share in y − 1 at current prices, and w′ its
    share in y − 1 at prices of y − 2. Where both quarters lie in ``year``, both are at prices of
    y − 1, and w′ is w.

    Parameters
    ----------
    component, total
        Annual values and mean volumes.
    now, base, total_base
        The component's volume in both quarters, and the total's in the earlier one.
    year, base_year
        Of the two quarters: the same, or one after the other.

    Returns
    -------
    float
        Adds up exactly where the total is linked so from the same components.
    """
    past = year - 1
    mean = component.volume[past]
    w = component.value[past] / total.value[past]
    w_base = w if base_year == year else _share_at_older_prices(component, total, past)
    moved = w * (now / mean - 1) - w_base * (base / mean - 1)
    return moved / (total_base / total.volume[past]) * 100


def _share_at_older_prices(component: Years, total: Years, year: int) -> float:
    """A component's share in a year's total, at the prices of the year before it."""
    w = component.value[year - 1] / total.value[year - 1]
    grown = component.volume[year] / component.volume[year - 1]
    return w * grown / (total.volume[year] / total.volume[year - 1])


def fisher_contributions(
    price: Sequence[float],
    price_base: Sequence[float],
    quantity: Sequence[float],
    quantity_base: Sequence[float],
) -> list[float]:
    """Contributions to the change of a Fisher quantity index, as the BEA computes them.

        c_i = 100 (p_i / P + p_i0) (q_i − q_i0) / Σ_j (p_j / P + p_j0) q_j0

    with P the Fisher price index of all components together. Components that are taken away from
    the total have negative quantities.

    Parameters
    ----------
    price, price_base, quantity, quantity_base
        Of each component, in both periods.

    Returns
    -------
    list of float
        Percentage points; their sum is the growth of the Fisher quantity index in percent.

    References
    ----------
    Ehemann, Katz and Moulton (2002), Journal of Economic and Social Measurement 28; Reinsdorf,
    Diewert and Ehemann (2002), same volume.
    """
    index = fisher_price_index(price, price_base, quantity, quantity_base)
    weights = [p / index + p0 for p, p0 in zip(price, price_base, strict=True)]
    below = math.fsum(w * q0 for w, q0 in zip(weights, quantity_base, strict=True))
    return [
        w * (q - q0) / below * 100
        for w, q, q0 in zip(weights, quantity, quantity_base, strict=True)
    ]


def fisher_price_index(
    price: Sequence[float],
    price_base: Sequence[float],
    quantity: Sequence[float],
    quantity_base: Sequence[float],
) -> float:
    """Geometric mean of the Laspeyres and the Paasche price index, against the base period."""

    def value(p: Sequence[float], q: Sequence[float]) -> float:
        return math.fsum(a * b for a, b in zip(p, q, strict=True))

    laspeyres = value(price, quantity_base) / value(price_base, quantity_base)
    paasche = value(price, quantity) / value(price_base, quantity)
    return math.sqrt(laspeyres * paasche)


def annualised(contributions: Mapping[str, float], growth: float, periods: int) -> dict[str, float]:
    """Contributions to growth at an annual rate: each in the proportion that it has in growth.

    Parameters
    ----------
    contributions, growth
        Percentage points, and the percent that they add up to, of one period.
    periods
        How many such periods a year has.

    Returns
    -------
    dict
        As the BEA does it; unchanged where there is no growth.
    """
    if not growth:
        return dict(contributions)
    factor = (((1 + growth / 100) ** periods - 1) * 100) / growth
    return {name: c * factor for name, c in contributions.items()}


def import_adjusted(
    contributions: Mapping[str, float], imports: float, import_content: Mapping[str, float]
) -> dict[str, float]:
    """Contributions of demand net of the imports in it.

    Each component keeps the share of it that was made at home. What imports did beyond what demand
    drew in at the given import content is a line of its own, ``import_content``.

    Parameters
    ----------
    contributions
        Of final demand: consumption, investment, exports …, in percentage points.
    imports
        That of imports, negative where they rose.
    import_content
        Imports in each component, direct and indirect, as a share from 0 to 1.

    Returns
    -------
    dict
        Adds up to the sum of ``contributions`` and ``imports``.

    References
    ----------
    Kranendonk and Verbruggen (2008), De Economist 156; there imports are allotted year by year from
    input–output tables, so that no such line is left.
    """
    kept = {name: c * (1 - import_content[name]) for name, c in contributions.items()}
    drawn = math.fsum(c * import_content[name] for name, c in contributions.items())
    return kept | {"import_content": imports + drawn}


def import_adjusted_demand(
    growth: Mapping[str, float], import_content: Mapping[str, float], size: Mapping[str, float]
) -> float:
    """Growth of import-intensity-adjusted demand in percent, ``Δln IAD = Σ ω_k Δln D_k``.

    Parameters
    ----------
    growth
        Of each component of demand, in percent.
    import_content
        Imports in each, as a share of it.
    size
        Of each component, in any one unit; ω is the component's part in all imports so allotted.
        With all of one size, weights are import contents alone, scaled to one.

    References
    ----------
    Bussière, Callegari, Ghironi, Sestieri and Yamano (2013), American Economic Journal:
    Macroeconomics 5(3).
    """
    drawn = {name: import_content[name] * size[name] for name in growth}
    whole = math.fsum(drawn.values())
    logs = (drawn[n] / whole * math.log1p(g / 100) for n, g in growth.items())
    return math.expm1(math.fsum(logs)) * 100
