"""What X-13ARIMA-SEATS says of its own work: model, residuals, seasonality, quality."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from boeki.measure.seasonal.binary import NotAdjusted

Mode = Literal["multiplicative", "additive"]

_OUTLIER = re.compile(r"(?:AO|LS|TC|SO|RP|QI|QD|TL)\d", re.IGNORECASE)
#: Coefficients that differ by less were only written with fewer digits.
_SAME = 1e-6
#: Kinds of series whose seasonality is tested, and how the file of diagnostics calls them.
_TESTED = {
    "original": "qsori",
    "original without extremes": "qsorievadj",
    "residuals": "qsrsd",
    "adjusted": "qssadj",
    "adjusted without extremes": "qssadjevadj",
    "irregular": "qsirr",
}


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of the regARIMA model.

    Attributes
    ----------
    group, name
        ``Trading Day``, ``Mon``; ``MA``, ``Seasonal lag 12``.
    value, standard_error, t
        Estimate, its standard error and t-value; the latter None where it was held fixed.
    """

    group: str
    name: str
    value: float
    standard_error: float | None
    t: float | None


@dataclass(frozen=True, slots=True)
class Test:
    """A test statistic and its p-value.

    Attributes
    ----------
    statistic, p
        The statistic, and the probability of one as large by chance.
    lag
        Of Ljung and Box's Q: up to which lag.
    """

    statistic: float
    p: float
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Diagnostics of a run.

    Attributes
    ----------
    arima
        The model: ``(0 1 1)(0 1 1)``.
    log
        Whether logarithms were modelled.
    mode
        How the components make up the series.
    observations
        Those that the likelihood is of, after differencing.
    log_likelihood
        Of the original series: that of the transformed one plus the transformation's adjustment.
    aic, aicc, bic, hannan_quinn
        Criteria of the original series, to compare models of it.
    coefficients
        Regression first, then ARIMA.
    outliers
        Given and found: ``AO1951.May``.
    ljung_box
        Of the residuals, up to two years' lags; None where too few are left.
    seasonality
        The QS test of each kind of series: of the original it should reject, of the adjusted one
        not.
    identifiable_seasonality
        X-11's verdict (M7 and F tests); None for SEATS.
    m_statistics, q, q_without_m2
        X-11's monitoring statistics, M1 to M11; below 1 is acceptable. Empty and None for SEATS.
    seasonal_filter, trend_filter
        X-11's filters as chosen.
    seats_model
        The model that SEATS decomposed; empty for X-11.
    seats_change
        What SEATS changed of the model, which had no admissible decomposition, in a sentence;
        empty where nothing was changed.
    raw
        All of the file of diagnostics.
    """

    arima: str
    log: bool
    mode: Mode
    observations: int
    log_likelihood: float
    aic: float
    aicc: float
    bic: float
    hannan_quinn: float
    coefficients: tuple[Coefficient, ...]
    outliers: tuple[str, ...]
    ljung_box: Test | None
    seasonality: Mapping[str, Test]
    identifiable_seasonality: bool | None
    m_statistics: Mapping[str, float]
    q: float | None
    q_without_m2: float | None
    seasonal_filter: str
    trend_filter: int | None
    seats_model: str
    seats_change: str
    raw: Mapping[str, str]

    def coefficient(self, name: str) -> Coefficient:
        """The coefficient of a name.

        Raises
        ------
        KeyError
            Where there is none.
        """
        for found in self.coefficients:
            if found.name == name:
                return found
        raise KeyError(name)


def read_diagnostics(text: str, acf: str, freq: int) -> Diagnostics:
    """Read the file of diagnostics, and that of the residuals' autocorrelations.

    Parameters
    ----------
    text, acf
        Of the files.
    freq
        12 or 4.

    Raises
    ------
    NotAdjusted
        Where the model was not estimated, or the iterations did not converge.
    """
    raw = _pairs(text)
    if raw.get("converged") == "no":
        raise NotAdjusted(
            "the estimation of the regARIMA model did not converge: give a model, or fewer "
            "regressors"
        )
    if raw.get("seatsadj") == "no":
        raise NotAdjusted(
            f"the model {_model(raw.get('x13mdl') or raw.get('arimamdl', '?'))} has no admissible "
            "decomposition, so that SEATS adjusted nothing: give another model, let it approximate "
            "one, or use X-11"
        )
    if "aicc" not in raw:
        raise NotAdjusted("X-13ARIMA-SEATS estimated no model")
    aic, aicc, bic = (float(raw[k]) for k in ("aic", "aicc", "bic"))
    arima, seats = _model(raw.get("x13mdl") or raw["arimamdl"]), _model(raw.get("seatsmdl", ""))
    return Diagnostics(
        arima=arima,
        log=raw.get("aictrans", raw.get("transform", "")).startswith("Log"),
        mode=_mode(raw),
        observations=int(raw["nefobs"]),
        log_likelihood=_log_likelihood(raw, aic),
        aic=aic, aicc=aicc, bic=bic, hannan_quinn=float(raw["hq"]),
        coefficients=_coefficients(text),
        outliers=tuple(c.name for c in _coefficients(text) if _OUTLIER.match(c.name)),
        ljung_box=_ljung_box(acf, 2 * freq),
        seasonality=_seasonality(raw),
        identifiable_seasonality=_yes(raw.get("f2.idseasonal")),
        m_statistics={k[3:].upper(): float(v) for k, v in raw.items() if re.match(r"f3\.m\d\d", k)},
        q=_number(raw.get("f3.q")), q_without_m2=_number(raw.get("f3.qm2")),
        seasonal_filter=raw.get("sfmsr", ""),
        trend_filter=int(raw["finaltrendma"]) if "finaltrendma" in raw else None,
        seats_model=seats,
        seats_change=_seats_change(raw, arima, seats),
        raw=raw,
    )  # fmt: skip


def _pairs(text: str) -> dict[str, str]:
    parts = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in parts}


def _mode(raw: Mapping[str, str]) -> Mode:
    # What was chosen automatically is told last; what was given, first.
    word = next((raw[k] for k in ("finmode", "samodeseats", "samode") if k in raw), "")
    if word.startswith("additive"):
        return "additive"
    if word.startswith(("multiplicative", "logarithmic")):
        return "multiplicative"
    raise NotAdjusted(f"X-13ARIMA-SEATS adjusted in a way that is not read here: {word or '?'}")


def _model(text: str) -> str:
    return re.sub(r"\)\s*\(", ")(", " ".join(text.split()))


def _log_likelihood(raw: Mapping[str, str], aic: float) -> float:
    """From AIC = −2 ln L + 2 n_p, which the program corrects for the transformation; n_p follows
    from BIC − AIC = n_p (ln N − 2).
    """
    import math

    observations = int(raw["nefobs"])
    parameters = round((float(raw["bic"]) - aic) / (math.log(observations) - 2))
    return -(aic - 2 * parameters) / 2


def _coefficients(text: str) -> tuple[Coefficient, ...]:
    """Lines ``group$name: value standard_error t``, of regression, then of ARIMA."""
    wanted = _between(text, "nreg:", ("nregderived:", "ftest$", "chi$", "nonseasonaldiff:"))
    model = _between(text, "nmodel:", ("variance$mle",))
    out = []
    for line in (*wanted, *model):
        head, _, rest = line.rpartition(":")
        group, _, name = head.partition("$")
        value, *tested = map(float, rest.split()[:3])
        if group in ("AR", "MA"):
            part, factor, lag = (*name.split("$"), "", "")[:3]
            name = f"{part} lag {int(lag or factor)}"
        # What is held fixed has no standard error.
        error, t = (tested[0], tested[1]) if len(tested) == 2 and tested[0] > 0 else (None, None)
        out.append(Coefficient(group, name, value, error, t))
    return tuple(out)


def _between(text: str, begin: str, ends: tuple[str, ...]) -> list[str]:
    out: list[str] = []
    inside = False
    for line in text.splitlines():
        if inside and line.startswith(ends):
            break
        if inside and "$" in line:
            out.append(line)
        inside = inside or line.startswith(begin)
    return out


def _seats_change(raw: Mapping[str, str], arima: str, seats: str) -> str:
    """What SEATS changed: other orders, or other coefficients under the same orders."""
    if not seats:
        return ""
    if seats != arima:
        return f"The model {arima} has no admissible decomposition: SEATS took {seats} instead."
    moved = []
    for key, words in raw.items():
        if re.match(r"(AR|MA)\$", key) and f"seats${key}" in raw:
            own, taken = float(words.split()[0]), float(raw[f"seats${key}"].split()[0])
            if abs(own - taken) > _SAME:
                moved.append(f"{key.replace('$', ' ')} {own:.3f} became {taken:.3f}")
    if not moved:
        return ""
    return (
        f"The model {arima} as estimated has no admissible decomposition: SEATS changed "
        f"coefficients ({', '.join(moved)})."
    )


def _ljung_box(acf: str, lag: int) -> Test | None:
    rows = [line.split() for line in acf.splitlines()[2:]]
    usable = [r for r in rows if len(r) >= 6 and int(r[0]) <= lag and int(r[4]) > 0]
    if not usable:
        return None
    last = usable[-1]
    return Test(float(last[3]), float(last[5]), int(last[0]))


def _seasonality(raw: Mapping[str, str]) -> dict[str, Test]:
    found = {name: raw[key].split() for name, key in _TESTED.items() if key in raw}
    return {
        name: Test(float(cells[0]), float(cells[1]))
        for name, cells in found.items()
        if len(cells) == 2
    }


def _yes(word: Any) -> bool | None:
    return None if word is None else str(word).startswith("yes")


def _number(word: str | None) -> float | None:
    return float(word) if word else None
