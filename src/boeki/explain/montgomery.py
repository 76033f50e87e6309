"""Montgomery's indicators: a change of value split by logarithmic means.

Montgomery (1937), *The Mathematical Problem of the Price Index*; Balk (2008), chapter 4. Energy
analysts know the same as LMDI-I (Ang 2004, Energy Policy 32). The parts of products add up to those
of their sum, and any number of factors is split in one way.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from boeki.explain.bennet import Split

#: Digits that logarithms are computed to: far more than money has.
_DIGITS = 60


def montgomery(
    v0: Fraction, q0: Fraction, v1: Fraction, q1: Fraction, rate: Fraction = Fraction(1)
) -> Split:
    """Split v1 − v0: price L ln(p1/p0 / e), exchange rate L ln e, volume L ln(q1/q0).

    L = (v1 − v0) / ln(v1/v0), and v0 where both are the same; p = v/q (Ang 2004, LMDI-I).

    Parameters
    ----------
    v0, q0, v1, q1, rate
        As in :func:`boeki.explain.bennet.bennet`; all above zero.

    Notes
    -----
    The parts add up to far more than 40 digits of the change; the price effect is what the other
    two leave of it, so that they do so exactly.
    """
    with localcontext() as context:
        context.prec = _DIGITS
        mean = _logarithmic_mean(v0, v1)
        volume = Fraction(mean * _ln(q1 / q0))
        exchange = Fraction(mean * _ln(rate))
    return Split((v1 - v0) - volume - exchange, exchange, volume)


def _logarithmic_mean(a: Fraction, b: Fraction) -> Decimal:
    return _decimal(a) if a == b else _decimal(b - a) / _ln(b / a)


def _ln(ratio: Fraction) -> Decimal:
    return _decimal(ratio).ln()


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
