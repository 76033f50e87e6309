"""Bennet's indicators: a change of value as a sum of a price and a volume effect.

Bennet (1920), Journal of the Royal Statistical Society 83; Diewert (2005), Journal of Economic
Perspectives and Review of Income and Wealth 51, shows that they treat both periods alike: the
effects of going back are those of going there with the sign turned.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class Split(NamedTuple):
    """A change of value in parts that add up to it; ``exchange_rate`` is nil where no rate is."""

    price: Fraction
    exchange_rate: Fraction
    volume: Fraction


def bennet(
    v0: Fraction, q0: Fraction, v1: Fraction, q1: Fraction, rate: Fraction = Fraction(1)
) -> Split:
    """Split v1 − v0 exactly.

    Price ½(q0 + q1)(p1 − p0); volume ½(p0 + p1)(q1 − q0); with p = v/q (Bennet 1920). Where the
    price is that in a contract's currency times a rate e, with e0 = 1 and e1 = ``rate``, its change
    p1 − p0 is split in the same way: ½(e0 + e1)(c1 − c0) + ½(c0 + c1)(e1 − e0), c = p/e.

    Parameters
    ----------
    v0, q0, v1, q1
        Value and quantity of the base and of the current period; quantities above zero.
    rate
        Own currency a unit of the contract's, current over base.
    """
    p0, p1 = v0 / q0, v1 / q1
    quantity = (q0 + q1) / 2
    volume = (p0 + p1) / 2 * (q1 - q0)
    c0, c1 = p0, p1 / rate
    contract = (1 + rate) / 2 * (c1 - c0)
    exchange = (c0 + c1) / 2 * (rate - 1)
    return Split(quantity * contract, quantity * exchange, volume)
