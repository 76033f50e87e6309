"""What the digits of a claim allow.

A figure supports a claim if it rounds or truncates to what is printed. With the last printed digit
worth *s*, that is an absolute value from ``|v| − s/2`` up to, but not including, ``|v| + s``. A
hedge widens it, visibly:

========  =====================================================================
about     ± 5 % of the number, and never less than one unit of its last digit
nearly    from 5 % below up to the number itself
over      from the number up to 25 % above it
under     from 25 % below up to the number
========  =====================================================================

Counts (months of a streak, places of a rank) must be equal, unless hedged.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from boeki.check.claim import Claim

_HALF = Decimal("0.5")
#: How far a hedge reaches, as a share of the number.
CLOSE, FAR = Decimal("0.05"), Decimal("0.25")
COUNTS = ("streak", "rank")


@dataclass(frozen=True, slots=True)
class Allowed:
    """The absolute values that support a claim.

    Attributes
    ----------
    low, high
        Bounds in the claim's unit; ``low`` is in, ``high`` only where ``closed``.
    negative
        Whether the value is below zero.
    closed
        Whether ``high`` itself is in.
    """

    low: Decimal
    high: Decimal
    negative: bool
    closed: bool = False

    def fits(self, official: Decimal, resolution: Decimal = Decimal(0)) -> bool:
        """Whether a figure supports the claim.

        Parameters
        ----------
        official
            The figure, in the claim's unit.
        resolution
            Size of the last digit that its source printed. It counts only where it is coarser than
            the claim's.
        """
        slack = resolution / 2 if resolution > self.high - self.low else Decimal(0)
        size = -official if self.negative else official
        if size < self.low - slack:
            return False
        return size < self.high + slack or (self.closed and size == self.high)


def allowed(claim: Claim) -> Allowed | None:
    """The bounds that a claim's digits and hedge set; None for a claim without a number."""
    value = claim.value
    if value is None:
        return None
    first, last = value if isinstance(value, tuple) else (value, value)
    step = claim.step if claim.step is not None else Decimal(1)
    small, large = sorted((abs(first), abs(last)))
    negative = min(first, last) < 0
    low, high, closed = small - step * _HALF, large + step, False
    if claim.kind in COUNTS:
        low, high, closed = small, large, True
    if claim.hedge == "about":
        low, high, closed = small - max(step, small * CLOSE), large + max(step, large * CLOSE), True
    elif claim.hedge == "nearly":
        low, high, closed = small - max(step, small * CLOSE), large + step * _HALF, True
    elif claim.hedge == "over":
        low, high, closed = small, max(large + step, large * (1 + FAR)), True
    elif claim.hedge == "under":
        low, high, closed = min(small - step, small * (1 - FAR)), large, True
    if isinstance(value, tuple):
        high, closed = max(high, large + step * _HALF), True
    return Allowed(low, high, negative, closed)
