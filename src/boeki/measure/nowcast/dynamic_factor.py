"""A dynamic factor model of growth on the year, with a ragged edge."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from boeki.errors import BoekiError, MissingExtra

#: Months of growth that a model needs at least, two years of levels besides.
LEAST = 48
_ITERATIONS = 500
_TOLERANCE = 1e-6


class NotEstimated(BoekiError):
    """A model that was not estimated, with the reason."""


@dataclass(frozen=True)
class Fitted:
    """An estimated model: what is asked of it again with newer data.

    Attributes
    ----------
    result
        Of statsmodels.
    names
        Series in their order.
    """

    result: Any
    names: tuple[str, ...]

    def growth(self, panel: Mapping[str, Mapping[int, float]], month: int) -> float:
        """The target's growth on the year in a month, 100 · Δ₁₂ ln, given a panel.

        Parameters
        ----------
        panel
            Series to month to growth, the target first.
        month
            Within the panel or just after it.
        """
        frame = _frame(panel, month)
        again = self.result.apply(frame[list(self.names)], retain_standardization=True)
        # Smoothed: what other series say of the month itself counts.
        said = again.get_prediction(
            start=frame.index[-1], end=frame.index[-1], information_set="smoothed"
        )
        return float(said.predicted_mean[self.names[0]].iloc[-1])


def estimate(panel: Mapping[str, Mapping[int, float]], last: int) -> Fitted:
    """Estimate one factor with an autoregression, and idiosyncratic parts with one each, by EM.

    Parameters
    ----------
    panel
        Series to month to growth on the year, 100 · Δ₁₂ ln, the target first; months may be
        missing.
    last
        The last month.

    Raises
    ------
    NotEstimated
        Where there are too few figures, or EM did not converge.
    MissingExtra
        Without ``boeki[nowcast]``.

    Notes
    -----
    Bańbura & Modugno (2014), Maximum likelihood estimation of factor models on datasets with
    arbitrary pattern of missing data, Journal of Applied Econometrics 29; statsmodels'
    DynamicFactorMQ.
    """
    if len(panel) < 2:
        raise NotEstimated("a factor is common to several series: name indicators")
    frame = _frame(panel, last)
    kept = [n for n in frame.columns if frame[n].notna().sum() >= LEAST and frame[n].std() > 0]
    if frame.columns[0] not in kept or len(kept) < 2:
        raise NotEstimated(f"fewer than two series have {LEAST} months of growth")
    model = _model()(
        frame[kept], factors=1, factor_orders=1, idiosyncratic_ar1=True, standardize=True
    )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        result = model.fit(maxiter=_ITERATIONS, tolerance=_TOLERANCE, disp=False)
    if any("maximum" in str(w.message).lower() for w in said):
        raise NotEstimated(f"EM did not converge in {_ITERATIONS} iterations")
    return Fitted(result, tuple(kept))


def _model() -> Any:
    try:
        from statsmodels.tsa.statespace.dynamic_factor_mq import DynamicFactorMQ
    except ImportError:
        raise MissingExtra("nowcast", "a nowcast") from None
    return DynamicFactorMQ


def _frame(panel: Mapping[str, Mapping[int, float]], last: int) -> Any:
    """Months by series, from the first month of the target to the last asked for."""
    import pandas as pd

    target = next(iter(panel.values()))
    first = min(target)
    index = pd.period_range(
        f"{first // 12}-{first % 12 + 1:02d}", periods=last - first + 1, freq="M"
    )
    return pd.DataFrame(
        {n: [own.get(m, np.nan) for m in range(first, last + 1)] for n, own in panel.items()},
        index=index,
        dtype=float,
    )


def growth_on_year(months: Mapping[int, float]) -> dict[int, float]:
    """100 · Δ₁₂ ln of positive figures."""
    return {
        m: 100 * float(np.log(v / months[m - 12]))
        for m, v in months.items()
        if v > 0 and months.get(m - 12, 0) > 0
    }
