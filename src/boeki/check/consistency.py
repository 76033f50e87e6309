"""Consistency: whether an article's own numbers agree with each other, before any official figure.

Two checks: a growth rate against the two levels that it connects, and exports minus imports
against the balance. Both allow for the rounding of every number printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from boeki.check.claim import Claim
from boeki.check.tolerance import allowed
from boeki.terms.wording import percent, quantity

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
    return [*_growth(claims), *_balance(claims)]


def _ends(claim: Claim) -> tuple[Decimal, Decimal]:
    """Lowest and highest size that a claim's digits allow."""
    bounds = allowed(claim)
    return (bounds.low, bounds.high) if bounds else (Decimal(0), Decimal(0))


def _plain(claim: Claim, kind: str) -> bool:
    return claim.kind == kind and isinstance(claim.value, Decimal) and claim.period is not None


def _same(a: Claim, b: Claim) -> bool:
    return (a.reporter, a.partner, a.product) == (
        b.reporter,
        b.partner,
        b.product,
    ) and a.adjusted == b.adjusted


def _growth(claims: Sequence[Claim]) -> Iterator[Arithmetic]:
    """Growth against the levels now and then."""
    for k, growth in enumerate(claims):
        if not _plain(growth, "change") or growth.unit != "%" or growth.base not in _BACK:
            continue
        assert growth.period is not None
        past_span = growth.period.shift(-_BACK[growth.base]).span
        levels = [
            (i, c)
            for i, c in enumerate(claims)
            if _plain(c, "level") and c.measure == growth.measure and _same(c, growth)
        ]
        now = [(i, c) for i, c in levels if c.period and c.period.span == growth.period.span]
        then = [(j, c) for j, c in levels if c.period and c.period.span == past_span]
        for (i, a), (j, b) in product(now, then):
            if a.unit == b.unit and isinstance(a.value, Decimal) and isinstance(b.value, Decimal):
                yield _growth_check(claims, i, j, k)


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


def _balance(claims: Sequence[Claim]) -> Iterator[Arithmetic]:
    """Exports minus imports against the balance of the same period."""
    for k, balance in enumerate(claims):
        if not _plain(balance, "level") or balance.measure != "balance":
            continue
        for (i, x), (j, m) in product(enumerate(claims), enumerate(claims)):
            fits = (
                _plain(x, "level")
                and x.measure == "exports"
                and _plain(m, "level")
                and m.measure == "imports"
            )
            if (
                not fits
                or not (_same(x, balance) and _same(m, balance))
                or not (x.unit == m.unit == balance.unit)
            ):
                continue
            if (
                x.period
                and m.period
                and balance.period
                and x.period.span == m.period.span == balance.period.span
            ):
                yield _balance_check(claims, i, j, k)


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
