"""Tables that X-13ARIMA-SEATS saves: two lines of head, then a date and numbers in each line."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from boeki.measure.seasonal.binary import NotAdjusted
from boeki.measure.seasonal.series import Floats, TimeSeries


def read_table(text: str, what: str, first: str, columns: int = 1) -> Floats:
    """Read a table.

    Parameters
    ----------
    text
        Of the file.
    what
        For messages.
    first
        The date that it must begin with: ``200701``.
    columns
        Columns of numbers.

    Returns
    -------
    ndarray
        Shape ``(periods,)``, or ``(periods, columns)``.

    Raises
    ------
    NotAdjusted
        Where it is not there, begins elsewhere, or has what is no finite number.
    """
    lines = text.split("\n")[2:]
    rows = [line.split() for line in lines if line.strip()]
    if not rows or rows[0][0] != first or any(len(row) <= columns for row in rows):
        raise NotAdjusted(f"X-13ARIMA-SEATS wrote no whole table of {what}")
    try:
        out = np.array([[float(cell) for cell in row[1 : columns + 1]] for row in rows])
    except ValueError:
        raise NotAdjusted(f"X-13ARIMA-SEATS wrote a table of {what} with no number in it") from None
    if not np.isfinite(out).all():
        raise NotAdjusted(f"X-13ARIMA-SEATS wrote a table of {what} that is not finite")
    return out[:, 0] if columns == 1 else out


def date_of(series: TimeSeries, place: int) -> str:
    """A period as tables have it: ``202411``, and ``202404`` for a fourth quarter."""
    year, month = divmod(series.period(place).first, 12)
    return f"{year:04d}{month // series.step + 1:02d}"


@dataclass(frozen=True, slots=True)
class Model:
    """The regARIMA model of a run, as the program saves it to be used again.

    Attributes
    ----------
    arima
        ``(0 1 1)(0 1 1)``.
    variables
        Predefined regression variables, outliers among them, in X-13's own words.
    user
        Names of user-defined ones.
    """

    arima: str
    variables: tuple[str, ...]
    user: tuple[str, ...]


def read_model(text: str) -> Model:
    """Read the file of a model.

    Raises
    ------
    NotAdjusted
        Where there is none in it.
    """
    arima = re.search(r"model\s*=\s*(\([^=]*?\))\s*(?:\n\s*(?:ar|ma)\s*=|\n\s*\}|\Z)", text)
    if not arima:
        raise NotAdjusted("X-13ARIMA-SEATS saved no model")
    return Model(
        re.sub(r"\)\s*\(", ")(", " ".join(arima[1].split())),
        _words(text, "variables"),
        _words(text, "user"),
    )


def _words(text: str, name: str) -> tuple[str, ...]:
    found = re.search(rf"^\s*{name}\s*=\s*\((.*?)\n\s*\)", text, re.DOTALL | re.MULTILINE)
    return tuple(found[1].split()) if found else ()


def agree(original: Floats, factors: Floats, adjusted: Floats, *, multiplicative: bool) -> bool:
    """Whether factors and adjusted series make up the original."""
    made = factors * adjusted if multiplicative else factors + adjusted
    size = float(np.max(np.abs(original))) or 1.0
    return math.isclose(float(np.max(np.abs(made - original))) / size, 0.0, abs_tol=1e-8)
