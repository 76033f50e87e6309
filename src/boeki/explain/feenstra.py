"""Feenstra's price index with new and lost varieties, and its aggregation over goods.

Feenstra (1994), American Economic Review 84, proposition 1; Broda & Weinstein (2006), Quarterly
Journal of Economics 121, equations 9 to 12.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from boeki.errors import InputError
from boeki.measure.prices.formulas import Array, sato_vartia, sato_vartia_weights


@dataclass(frozen=True, slots=True)
class VarietyIndex:
    """The price index of a good with its varieties.

    Attributes
    ----------
    conventional
        Sato–Vartia index over the varieties of both periods.
    lambda_base, lambda_current
        Share of these varieties in the spending on the good, in each of the two periods.
    correction
        (λ1/λ0)^(1/(σ−1)): below 1 where new varieties are worth more than lost ones.
    common
        How many varieties both periods have.
    """

    conventional: float
    lambda_base: float
    lambda_current: float
    correction: float
    common: int

    @property
    def exact(self) -> float:
        """The index with the correction: π = P_SV · (λ1/λ0)^(1/(σ−1))."""
        return self.conventional * self.correction

    @property
    def lambda_ratio(self) -> float:
        """λ1/λ0."""
        return self.lambda_current / self.lambda_base


def feenstra_index(
    value_base: ArrayLike,
    quantity_base: ArrayLike,
    value_current: ArrayLike,
    quantity_current: ArrayLike,
    sigma: float,
) -> VarietyIndex:
    """Compute the exact price index of a CES good whose varieties come and go.

    Parameters
    ----------
    value_base, value_current
        Spending on each variety, ``(variety,)``; zero where it is not bought.
    quantity_base, quantity_current
        Its quantity; NaN where it is not known or not bought. Varieties with a quantity in both
        periods are the common ones; the proposition holds for any part of them.
    sigma
        Elasticity of substitution between varieties, above 1.

    Raises
    ------
    InputError
        For a σ of 1 or less, values below zero, and where no variety is common.
    """
    if not (np.isfinite(sigma) and sigma > 1):
        raise InputError(
            f"σ is {sigma}: the elasticity of substitution between varieties must be above 1"
        )
    v0, v1 = (np.asarray(v, float) for v in (value_base, value_current))
    q0, q1 = (np.asarray(q, float) for q in (quantity_base, quantity_current))
    if np.isnan(v0).any() or np.isnan(v1).any() or (v0 < 0).any() or (v1 < 0).any():
        raise InputError("a value of a variety is lacking or below zero: write 0 for nil")
    common = (v0 > 0) & (v1 > 0) & (q0 > 0) & (q1 > 0)
    if not common.any():
        raise InputError(
            "no variety has a value and a quantity in both periods: take fewer digits, or periods "
            "that lie closer together"
        )
    v0c, v1c, q0c, q1c = (x[common] for x in (v0, v1, q0, q1))
    lambda0, lambda1 = float(v0c.sum() / v0.sum()), float(v1c.sum() / v1.sum())
    return VarietyIndex(
        sato_vartia(v0c / q0c, v1c / q1c, q0c, q1c),
        lambda0,
        lambda1,
        (lambda1 / lambda0) ** (1 / (sigma - 1)),
        int(common.sum()),
    )


def broda_weinstein(
    indexes: ArrayLike, values_base: ArrayLike, values_current: ArrayLike
) -> tuple[float, Array]:
    """Aggregate the indexes of goods: Π_g π_g^w_g, w_g Sato–Vartia weights of their shares.

    Parameters
    ----------
    indexes
        ``(good,)``.
    values_base, values_current
        Spending on each good, above zero, ``(good,)``.

    Returns
    -------
    float, ndarray
        The aggregate, and the weights ``(good,)``.
    """
    v0, v1 = np.asarray(values_base, float), np.asarray(values_current, float)
    weights = sato_vartia_weights(v0 / v0.sum(), v1 / v1.sum())
    return float(np.exp(weights @ np.log(np.asarray(indexes, float)))), weights
