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
    made: Array, earned: Array, income: Array, final_share: Array, tax: Array,
    value_added_share: Array, before: Array, index: Array,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Sales over the baseline's, wage bills and tax revenue over wages; indexes go into ``index``.

    Every row of trade is read once: income is given, and what tariffs bring is told. Outside of the
    goods from ``taxed[0]`` to before ``taxed[1]``, which pay tariffs, what lands is what is spent.
    """
    goods, countries = index.shape
    sectors = len(reached)
    ratio, paid = np.empty((sectors, countries)), np.empty(countries)
    bill, revenue = np.zeros(countries), np.zeros(countries)
    for s in range(sectors):
        here = reached[s]
        paid[:] = 0.0
        for g in range(s, goods, sectors):
            # Of two goods the first is for inputs, the last for final use; one good is for both.
            for_inputs = 1.0 if g < sectors else 0.0
            for_final = 1.0 if g + sectors >= goods else 0.0
            pays = taxed[0] <= g < taxed[1]
            for n in range(countries):
                total, border = 0.0, 0.0
                for i in range(countries):
                    total += reach[g, n, i] * here[i]
                index[g, n] = total
                spending = for_inputs * inputs[s, n] + for_final * final_share[s, n] * income[n]
                weight = spending / total
                if pays:
                    for i in range(countries):
                        border += landed[g, n, i] * here[i]
                        paid[i] += weight * landed[g, n, i]
                    revenue[n] += spending * (1 - border / total)
                else:
                    for i in range(countries):
                        paid[i] += weight * reach[g, n, i]
        for i in range(countries):
            sold = paid[i] * here[i] / (1 + tax[s, i])
            bill[i] += value_added_share[s, i] * sold
            revenue[i] += tax[s, i] * made[s, i]
            ratio[s, i] = sold / before[s, i] if before[s, i] > 0 else 1.0
    for i in range(countries):
        bill[i] /= earned[i]
        revenue[i] /= earned[i]
    return ratio, bill, revenue


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
