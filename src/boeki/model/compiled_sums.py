"""Sums of the map as Numba compiles them: loops in the order in which memory lies."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

#: Sums may be taken in any order, as BLAS does; what is no number stays none.
_ORDER = {"reassoc", "contract", "arcp", "nsz"}
compiled: Any = njit(cache=True, nogil=True, fastmath=_ORDER, error_model="numpy")


@compiled
def costs(
    input_share: Array, price: Array, made: Array, output: Array, wage: Array,
    value_added_share: Array, productivity: Array, psi: Array, intensity: Array, log_tax: Array,
    theta: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """−θ times the logarithm of prices of producers, and spending on inputs."""
    sectors, countries = made.shape
    reached, inputs = np.empty((sectors, countries)), np.empty((sectors, countries))
    bought, spent = np.empty(sectors), np.empty(sectors)
    for n in range(countries):
        for s in range(sectors):
            bought[s], spent[s] = price[s, n], 0.0
        for s in range(sectors):
            cost, here = 0.0, made[s, n]
            for t in range(sectors):
                cost += input_share[n, s, t] * bought[t]
                spent[t] += here * input_share[n, s, t]
            cost += value_added_share[s, n] * wage[n] - productivity[s, n] + log_tax[s, n]
            cost -= psi[s] * (output[s, n] + intensity[s, n] - wage[n])
            reached[s, n] = -theta[s] * cost
        for s in range(sectors):
            inputs[s, n] = spent[s]
    return reached, inputs


@compiled
def sales(
    reach: Array, landed: Array, taxed: tuple[int, int], reached: Array, inputs: Array,
    made: Array, earned: Array, final_share: Array, transfer: Array, deficit_share: Array,
    tax: Array, value_added_share: Array, before: Array, share: Array, index: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """Sales over the baseline's, and wage bills over wages; sums over origins go into ``index``.

    Tariffs are paid from the good ``taxed[0]`` to before ``taxed[1]`` alone; ``share`` is empty
    where deficits are given and spending follows.
    """
    duty = _sums(reach, landed, taxed, reached, index)
    income = _income(inputs, made, earned, final_share, transfer, deficit_share, tax, duty)
    if share.size:
        income = share * (income[0].sum() / (1 - (share * income[1]).sum()))
    else:
        income = income[0] / (1 - income[1])
    goods, countries = index.shape
    sectors = len(reached)
    ratio, bill, paid = np.empty((sectors, countries)), np.zeros(countries), np.empty(countries)
    for s in range(sectors):
        paid[:] = 0.0
        for g in range(s, goods, sectors):
            # Of two goods the first is for inputs, the last for final use; one good is for both.
            for_inputs = 1.0 if g < sectors else 0.0
            for_final = 1.0 if g + sectors >= goods else 0.0
            for n in range(countries):
                spending = for_inputs * inputs[s, n] + for_final * final_share[s, n] * income[n]
                weight = spending / index[g, n]
                for i in range(countries):
                    paid[i] += weight * landed[g, n, i]
        for i in range(countries):
            sold = paid[i] * reached[s, i] / (1 + tax[s, i])
            bill[i] += value_added_share[s, i] * sold
            ratio[s, i] = sold / before[s, i] if before[s, i] > 0 else 1.0
    for i in range(countries):
        bill[i] /= earned[i]
    return ratio, bill


@compiled
def _sums(
    reach: Array, landed: Array, taxed: tuple[int, int], reached: Array, index: Array
) -> Array:
    """Sums over origins into ``index``, and tariffs as a share of spending."""
    goods, countries = index.shape
    sectors = len(reached)
    duty = np.zeros((goods, countries))
    for g in range(goods):
        here = reached[g % sectors]
        if g < taxed[0] or g >= taxed[1]:
            for n in range(countries):
                total = 0.0
                for i in range(countries):
                    total += reach[g, n, i] * here[i]
                index[g, n] = total
            continue
        for n in range(countries):
            total, border = 0.0, 0.0
            for i in range(countries):
                total += reach[g, n, i] * here[i]
                border += landed[g, n, i] * here[i]
            index[g, n] = total
            duty[g, n] = 1 - border / total
    return duty


@compiled
def _income(
    inputs: Array, made: Array, earned: Array, final_share: Array, transfer: Array,
    deficit_share: Array, tax: Array, duty: Array,
) -> Array:  # fmt: skip
    """Income but for tariffs on what it buys itself, and the share of it that these are."""
    sectors, countries = made.shape
    final = len(duty) - sectors
    out = np.zeros((2, countries))
    follows = 0.0
    for n in range(countries):
        follows += deficit_share[n] * earned[n]
    for n in range(countries):
        out[0, n] = earned[n] + transfer[n] + earned[n] * (deficit_share[n] - follows)
    for s in range(sectors):
        for n in range(countries):
            out[0, n] += duty[s, n] * inputs[s, n] + tax[s, n] * made[s, n]
            out[1, n] += final_share[s, n] * duty[final + s, n]
    return out


@compiled
def answer(
    vector: Array, wage: Array, log_index: Array, log_ratio: Array, theta: Array,
    by_price: NDArray[np.float32], by_output: NDArray[np.float32], price_to_wage: Array,
    output_to_wage: Array, wage_bill: Array, slope: Array,
) -> tuple[Array, float]:  # fmt: skip
    """The next point, by gaps and what home links make of them; and the largest gap."""
    goods, countries = log_index.shape
    sectors = theta.size
    first, last = countries, countries * (1 + goods)
    out = np.empty(vector.size)
    largest = 0.0
    gap_price, gap_output = np.empty(sectors, np.float32), np.empty(sectors, np.float32)
    sold = np.empty(sectors)
    for n in range(countries):
        gap = wage[n] - vector[n]
        largest = max(largest, abs(gap))
        move = gap
        for s in range(sectors):
            gap = -log_index[s, n] / theta[s] - vector[first + s * countries + n]
            largest = max(largest, abs(gap))
            gap_price[s] = gap
            gap = log_ratio[s, n] - vector[last + s * countries + n]
            largest = max(largest, abs(gap))
            gap_output[s] = gap
        for s in range(sectors):
            through = np.float32(0)
            for t in range(sectors):
                through += by_output[n, s, t] * gap_output[t]
            sold[s] = through
            move += wage_bill[s, n] * (through - gap_output[s])
        move /= slope[n]
        out[n] = vector[n] + move
        for s in range(sectors):
            through = np.float32(0)
            for t in range(sectors):
                through += by_price[n, s, t] * gap_price[t]
            at = first + s * countries + n
            out[at] = vector[at] + through + price_to_wage[s, n] * move
            at = last + s * countries + n
            out[at] = vector[at] + sold[s] + output_to_wage[s, n] * move
        for s in range(sectors, goods):
            at = first + s * countries + n
            gap = -log_index[s, n] / theta[s - sectors] - vector[at]
            largest = max(largest, abs(gap))
            out[at] = vector[at] + gap + price_to_wage[s - sectors, n] * move
    return out, largest
