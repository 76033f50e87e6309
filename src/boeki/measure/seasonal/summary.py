"""The diagnostics of a run in a few phrases, to stand beside every adjusted figure."""

from __future__ import annotations

from boeki.measure.seasonal.adjustment import Adjusted

#: Quality statistics below it are acceptable: Lothian & Morry (1978).
_ACCEPTABLE = 1.0
_SIGNIFICANT = 0.05
#: The QS test is read at one percent, as the Census Bureau does.
_RESIDUAL = 0.01


def summary(run: Adjusted) -> tuple[str, ...]:
    """What a reader must know of a run.

    Parameters
    ----------
    run
        An adjusted series.

    Returns
    -------
    tuple of str
        Model, regressors, outliers, residuals, seasonality, quality: a phrase each.
    """
    found = run.diagnostics
    out = [
        f"{'log' if found.log else 'levels'} {found.arima}, AICC {found.aicc:,.1f}, {found.mode}",
        f"calendar: {_calendar(run)}",
        f"outliers: {', '.join(found.outliers) or 'none'}",
        _residuals(run),
        _seasonality(run),
    ]
    if found.q is not None:
        said = "acceptable" if found.q < _ACCEPTABLE else "not acceptable"
        out.append(
            f"Q {found.q:.2f} ({said}), seasonal filter {found.seasonal_filter or 'as given'}, "
            f"trend filter {found.trend_filter}"
        )
    if found.identifiable_seasonality is False:
        out.append("X-11 finds no identifiable seasonality")
    return tuple(part for part in out if part)


def _calendar(run: Adjusted) -> str:
    names = [c.group for c in run.diagnostics.coefficients if c.group not in ("AR", "MA")]
    kept = [n for n in dict.fromkeys(names) if "utlier" not in n and n not in ("Constant", "AO")]
    prior = "leap year" if run.diagnostics.raw.get("prioradj", "").startswith("lpyear") else ""
    said = ", ".join(filter(None, (*kept, prior))) or "no effect kept"
    return f"{said}, holidays of {run.spec.calendar}" if _has_holidays(run) else said


def _has_holidays(run: Adjusted) -> bool:
    return bool(run.spec.calendar) and bool(run.model.user)


def _residuals(run: Adjusted) -> str:
    test = run.diagnostics.ljung_box
    if test is None:
        return "Ljung–Box test: too few residuals"
    said = " (autocorrelated)" if test.p < _SIGNIFICANT else ""
    return f"Ljung–Box p {test.p:.3f} to lag {test.lag}{said}"


def _seasonality(run: Adjusted) -> str:
    tests = run.diagnostics.seasonality
    before, after = tests.get("original"), tests.get("adjusted")
    if before is None or after is None:
        return ""
    words = [f"QS of the original {before.statistic:.1f} (p {before.p:.3f})"]
    if before.p > _RESIDUAL:
        words.append("no seasonality found")
    words.append(f"of the adjusted {after.statistic:.1f} (p {after.p:.3f})")
    if after.p < _RESIDUAL:
        words.append("residual seasonality")
    return ", ".join(words)
