"""Consistency: whether an article's own numbers agree with each other, before any official figure.

Two checks: a growth rate against the two levels that it connects, and exports minus imports
against the balance. Both allow for the rounding of every number printed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from boeki.check.claim import Claim
from boeki.check.tolerance import allowed
from boeki.terms.wording import percent, quantity

#: Places of levels, by measure, whose, of what, when and in which unit.
_Levels = dict[tuple[object, ...], list[int]]
_BACK = {"yoy": 12, "mom": 1, "qoq": 3}


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One check of an article's numbers against each other.

    Attributes
    ----------
    claims
        Places of the claims involved in the list given, the one that follows from the others last.
    agrees
        Whether the last follows from the others, within rounding.
    text
        The sum, as a sentence.
    """

    claims: tuple[int, ...]
    agrees: bool
    text: str


def arithmetic(claims: Sequence[Claim]) -> list[Arithmetic]:
    """Every check that the claims of one article allow."""
    levels = _levels(claims)
    return [*_growth(claims, levels), *_balance(claims, levels)]


def _ends(claim: Claim) -> tuple[Decimal, Decimal]:
    """Lowest and highest size that a claim's digits allow."""
    bounds = allowed(claim)
    return (bounds.low, bounds.high) if bounds else (Decimal(0), Decimal(0))


def _plain(claim: Claim, kind: str) -> bool:
    return claim.kind == kind and isinstance(claim.value, Decimal) and claim.period is not None


def _levels(claims: Sequence[Claim]) -> _Levels:
    """Places of the levels of an article, by what and when they are of."""
    out: _Levels = {}
    for place, c in enumerate(claims):
        if _plain(c, "level") and c.period is not None:
            out.setdefault(_what(c, c.measure, c.period.span, c.unit), []).append(place)
    return out


def _what(
    claim: Claim, measure: str, span: tuple[int, int], unit: str | None
) -> tuple[object, ...]:
    return measure, claim.reporter, claim.partner, claim.product, claim.adjusted, span, unit


def _near(places: list[int], place: int) -> list[int]:
    """The places just before and just after another, nearest first: a number goes with what a
    writer sets beside it, and it may stand on either side.
    """
    after = bisect_left(places, place)
    return sorted(places[max(after - 1, 0) : after + 1], key=lambda p: abs(p - place))


def _best(found: Iterator[Arithmetic]) -> Arithmetic:
    """The first check that agrees, or else the first: that of the nearest numbers."""
    checks = list(found)
    return next((c for c in checks if c.agrees), checks[0])


def _growth(claims: Sequence[Claim], levels: _Levels) -> Iterator[Arithmetic]:
    """Growth against the nearest levels now and then, in each unit that both are given in."""
    units = sorted({str(key[-1]) for key in levels})
    for k, growth in enumerate(claims):
        if not _plain(growth, "change") or growth.unit != "%" or growth.base not in _BACK:
            continue
        assert growth.period is not None
        spans = growth.period.span, growth.period.shift(-_BACK[growth.base]).span
        for unit in units:
            found = [levels.get(_what(growth, growth.measure, span, unit)) for span in spans]
            if found[0] and found[1]:
                pairs = product(_near(found[0], k), _near(found[1], k))
                yield _best(_growth_check(claims, i, j, k) for i, j in pairs)


def _growth_check(claims: Sequence[Claim], i: int, j: int, k: int) -> Arithmetic:
    now, then, growth = claims[i], claims[j], claims[k]
    assert isinstance(now.value, Decimal)
    assert isinstance(then.value, Decimal)
    (low_now, high_now), (low_then, high_then) = _ends(now), _ends(then)
    said = f"{quantity(then.value, then.unit or '')} to {quantity(now.value, now.unit or '')}"
    if (now.value < 0) != (then.value < 0) or not low_then > 0:
        return Arithmetic(
            (i, j, k), False, f"From {said} the sign changes, so growth in percent is undefined."
        )
    low, high = (low_now / high_then - 1) * 100, (high_now / low_then - 1) * 100
    bounds = allowed(growth)
    assert bounds is not None
    ends = sorted((-bounds.low, -bounds.high)) if bounds.negative else [bounds.low, bounds.high]
    agrees = low <= ends[1] and high >= ends[0]
    exact = (abs(now.value) / abs(then.value) - 1) * 100
    verb = "agrees with" if agrees else "does not agree with"
    given = f"the {_printed(growth)} that the article gives"
    text = f"From {said} is {percent(exact)}, which {verb} {given}."
    return Arithmetic((i, j, k), agrees, text)


def _printed(claim: Claim) -> str:
    assert isinstance(claim.value, Decimal)
    places = max(0, -int(claim.step.normalize().as_tuple().exponent)) if claim.step else 1
    return percent(claim.value, places)


def _balance(claims: Sequence[Claim], levels: _Levels) -> Iterator[Arithmetic]:
    """Exports minus imports against the balance of the same period, the nearest of each."""
    for k, balance in enumerate(claims):
        if not _plain(balance, "level") or balance.measure != "balance":
            continue
        assert balance.period is not None
        span = balance.period.span
        found = [levels.get(_what(balance, m, span, balance.unit)) for m in ("exports", "imports")]
        if found[0] and found[1]:
            pairs = product(_near(found[0], k), _near(found[1], k))
            yield _best(_balance_check(claims, i, j, k) for i, j in pairs)


def _balance_check(claims: Sequence[Claim], i: int, j: int, k: int) -> Arithmetic:
    x, m, balance = claims[i], claims[j], claims[k]
    assert isinstance(x.value, Decimal)
    assert isinstance(m.value, Decimal)
    (low_x, high_x), (low_m, high_m), (low_b, high_b) = _ends(x), _ends(m), _ends(balance)
    if isinstance(balance.value, Decimal) and balance.value < 0:
        low_b, high_b = -high_b, -low_b
    agrees = low_x - high_m <= high_b and high_x - low_m >= low_b
    verb = "agrees with" if agrees else "does not agree with"
    net = quantity(x.value - m.value, x.unit or "")
    text = f"Exports minus imports are {net}, which {verb} the balance given."
    return Arithmetic((i, j, k), agrees, text)
