"""Diagnose: what a number that is wrong where it stands is right for.

A writer slips in few ways: the base (a month for a year), the month, the partner, the product, the
flow, the series (an association's billings for customs exports), the sign, the unit by a power of
ten. Each slip turns the claim into another claim, which is resolved like any other; the one with
the fewest slips that fits is the diagnosis. Only slips that are common are tried two at a time,
and a number of two digits is not looked for everywhere, for with enough trials it fits something.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from boeki.check.answer import Official, Unresolved
from boeki.check.claim import Claim
from boeki.check.panel import Panel
from boeki.check.resolve import officials
from boeki.check.tolerance import allowed
from boeki.check.verdict import Figure
from boeki.check.wording import BASES
from boeki.terms import areas, products

#: Powers of ten by which writers slip: a digit, thousand for million, and Japan's myriads (man,
#: oku).
POWERS = (1, -1, 2, -2, 3, -3, 4, -4, 6, -6)
#: How many months away a figure is looked for, nearest first.
MONTHS = (-1, 1, -12, 12, -2, 2, -3, 3)
#: A number of few digits fits many figures by chance: with fewer than so many, a slip of base or
#: series is looked for, or any slip at all.
FEW, ENOUGH = 2, 3
_FLOWS = ("exports", "imports", "balance", "trade")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a number is right for.

    Attributes
    ----------
    what
        The slip, as a sentence without its stop: ``The number is right for another base (year on
        year)``.
    short
        The same in a few words.
    figure
        The figure that it is right for.
    """

    what: str
    short: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class _Slip:
    """A claim as it may have been meant, and what slipped."""

    claim: Claim
    what: str


def diagnose(claim: Claim, panel: Panel, day: dt.date) -> Diagnosis | None:
    """The likeliest thing that a claim's number is right for, as known on a day; None where
    nothing fits.

    Parameters
    ----------
    claim
        A claim that its own figure contradicts.
    panel
        The figures.
    day
        Whose knowledge counts.
    """
    if claim.value is None or claim.kind not in ("level", "change", "share"):
        return None
    own = _resolved(claim, panel, day)
    if found := _scaled_or_signed(claim, own):
        return found
    for slip in _slips(claim, panel, day):
        for official in _resolved(slip.claim, panel, day):
            if _fits(slip.claim, official):
                short = f"{official.figure.text.partition(' (')[0]} is {official.figure.label}"
                return Diagnosis(f"The number is right for {slip.what}", short, official.figure)
    return None


def _resolved(claim: Claim, panel: Panel, day: dt.date) -> list[Official]:
    try:
        return officials(claim, panel, day)
    except Unresolved:
        return []


def _fits(claim: Claim, official: Official) -> bool:
    bounds = allowed(claim)
    return bounds is not None and bounds.fits(official.value, official.resolution)


def _scaled_or_signed(claim: Claim, own: list[Official]) -> Diagnosis | None:
    for official in own:
        if not official.value:
            continue
        if _fits(claim, replace(official, value=-official.value)):
            word = "sign" if claim.kind == "level" else "direction"
            return Diagnosis(f"The {word} is wrong", f"wrong {word}", official.figure)
        for power in POWERS if _digits(claim) >= FEW else ():
            factor = Decimal(10) ** power
            shifted = replace(
                official, value=official.value * factor, resolution=official.resolution * factor
            )
            if _fits(claim, shifted):
                times = f"{10 ** abs(power):,}"
                many = "large" if power > 0 else "small"
                return Diagnosis(
                    f"The number is {times} times too {many}",
                    f"{times} times too {many}",
                    official.figure,
                )
    return None


def _slips(claim: Claim, panel: Panel, day: dt.date) -> Iterator[_Slip]:
    """The claim with one slip undone, likeliest first; then with a common pair of them."""
    digits = _digits(claim)
    if digits >= FEW:
        yield from _other_base(claim)
    if digits >= ENOUGH:
        yield from _other_month(claim)
        yield from _other_flow(claim)
        yield from _other_product(claim)
        yield from _other_partner(claim, panel, day)
    if digits >= FEW:
        for series in _other_series(claim):
            yield series
            yield from _with_other_base(series)
    if digits >= ENOUGH:
        for product in _other_product(claim):
            yield from _with_other_base(product)


def _digits(claim: Claim) -> int:
    """How many digits a claim prints that mean something: two in 35 %, three in 85.5 %."""
    size = claim.value[0] if isinstance(claim.value, tuple) else claim.value
    if not size or not claim.step:
        return 0
    return len(str(int(abs(size) / claim.step)))


def _with_other_base(slip: _Slip) -> Iterator[_Slip]:
    for other in _other_base(slip.claim):
        yield _Slip(other.claim, f"{slip.what} and {other.what}")


def _other_base(claim: Claim) -> Iterator[_Slip]:
    if claim.kind != "change":
        return
    for base, words in BASES.items():
        if base != claim.base:
            yield _Slip(replace(claim, base=base), f"another base ({words})")


def _other_month(claim: Claim) -> Iterator[_Slip]:
    period = claim.period
    if period is None or period.days:
        return
    near = MONTHS if period.months == 1 else (-12, 12)
    for months in near:
        moved = period.shift(months)
        yield _Slip(replace(claim, period=moved), f"another period ({moved.label})")


def _other_flow(claim: Claim) -> Iterator[_Slip]:
    if claim.measure in _FLOWS:
        for flow in _FLOWS:
            if flow != claim.measure:
                word = "total trade" if flow == "trade" else flow
                yield _Slip(replace(claim, measure=flow), f"another flow ({word})")  # type: ignore[arg-type]


def _other_product(claim: Claim) -> Iterator[_Slip]:
    for term in sorted(products.related(claim.product)):
        yield _Slip(
            replace(claim, product=term), f"another product ({products.name(term).lower()})"
        )


def _other_partner(claim: Claim, panel: Panel, day: dt.date) -> Iterator[_Slip]:
    if claim.reporter is None or claim.period is None:
        return
    known = set(
        panel.partners(day, claim.measure, claim.reporter, claim.product, claim.period.months)
    )
    known |= {
        k[4]
        for k in panel.stated
        if k[0] == day and k[1] == claim.measure and k[5] == claim.product
    }
    # From the world's figure to a partner's: the larger areas are named more often than any one
    # country.
    for partner in sorted(known - {claim.partner}, key=lambda a: (areas.get(a).is_country, a)):
        words = "trade with all partners" if partner == "WLD" else areas.get(partner).in_sentence
        yield _Slip(replace(claim, partner=partner), f"another partner ({words})")


def _other_series(claim: Claim) -> Iterator[_Slip]:
    """Industry sales for customs trade, volume for value, and the other way round."""
    if claim.measure in ("exports", "sales"):
        other, words = (
            ("sales", "industry sales, not exports")
            if claim.measure == "exports"
            else ("exports", "exports, not sales")
        )
        yield _Slip(replace(claim, measure=other), f"another series ({words})")  # type: ignore[arg-type]
    if claim.measure in ("exports", "imports", "volume", "price") and claim.kind == "change":
        for measure in ("volume", "price"):
            if measure != claim.measure:
                yield _Slip(
                    replace(claim, measure=measure),
                    f"another series ({measure}, not {claim.measure})",
                )
