"""Parts that add up to the last digit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

#: Places that money has in the lake.
PLACES = 3


def apportion(
    parts: Mapping[str, Fraction], total: Decimal, places: int = PLACES
) -> dict[str, Decimal]:
    """Round parts so that they still add up to their total: by largest remainder (Hamilton).

    Parameters
    ----------
    parts
        What adds up to ``total``, exactly or to far more digits than are kept.
    total
        With no more than ``places`` decimals.
    places
        Decimals that are kept.

    Returns
    -------
    dict
        Each within one unit of its last digit of what was given.

    Raises
    ------
    ValueError
        Where the parts do not add up to the total: they are no decomposition of it.
    """
    unit = 10**places
    scaled = {name: part * unit for name, part in parts.items()}
    floors = {name: part.numerator // part.denominator for name, part in scaled.items()}
    left = Fraction(total) * unit - sum(floors.values())
    if left.denominator != 1 or not 0 <= left <= len(parts):
        raise ValueError(f"the parts {dict(parts)} do not add up to {total}")
    # Of equal remainders the first is rounded up, so that the same parts always give the same.
    order = sorted(scaled, key=lambda name: floors[name] - scaled[name])
    for name in order[: int(left)]:
        floors[name] += 1
    return {name: Decimal(n).scaleb(-places) for name, n in floors.items()}
