"""What the digits of a claim allow: rounding, truncation, hedges."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from boeki.check.tolerance import allowed

from .conftest import make

AMOUNTS = st.decimals(min_value=Decimal("0.001"), max_value=Decimal(10) ** 14, places=3)
STEPS = st.integers(min_value=-2, max_value=12).map(lambda n: Decimal(10) ** n)


def fits(value, step, official, **fields):
    bounds = allowed(make("level", "exports", value, "JPY", step=step, **fields))
    return bounds.fits(official)


@given(AMOUNTS, STEPS, st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN]), st.booleans())
def test_any_printed_form_of_a_figure_supports_it(official, step, rounding, negative):
    printed = (official / step).quantize(Decimal(1), rounding) * step
    assume(printed > 0)
    sign = -1 if negative else 1
    assert fits(sign * printed, step, sign * official)


@given(
    AMOUNTS, STEPS, st.decimals(min_value=Decimal("1.001"), max_value=1000, places=3), st.booleans()
)
def test_a_figure_moved_by_more_than_its_last_digit_does_not(printed, step, times, up):
    printed = (printed / step).quantize(Decimal(1)) * step
    official = printed + times * step * (1 if up else -1)
    assume(official > 0)
    assert not fits(printed, step, official)


@given(AMOUNTS, STEPS)
def test_the_other_sign_is_never_supported(official, step):
    assume(official > 2 * step)
    printed = (official / step).quantize(Decimal(1)) * step
    assert not fits(printed, step, -official)


@pytest.mark.parametrize(
    ("printed", "step", "official", "supported"),
    [
        # ¥813.8 bn is a truncation of 813,869 mn, MoF release of 18 December 2024.
        ("813.8e9", "0.1e9", "813869e6", True),
        ("813.9e9", "0.1e9", "813869e6", True),
        ("813.7e9", "0.1e9", "813869e6", False),
        ("814e9", "1e9", "813869e6", True),
        ("-85.5", "0.1", "-85.548", True),
        ("-85.5", "0.1", "-85.156", False),
    ],
)
def test_rounding_and_truncation(printed, step, official, supported):
    assert fits(Decimal(printed), step, Decimal(official)) is supported


@pytest.mark.parametrize(
    ("hedge", "official", "supported"),
    [
        ("about", "31.4", True),
        ("about", "32", False),
        ("nearly", "28.6", True),
        ("nearly", "31", False),
        ("over", "37", True),
        ("over", "29.9", False),
        ("over", "38", False),
        ("under", "24", True),
        ("under", "30.5", False),
    ],
)
def test_a_hedge_widens(hedge, official, supported):
    claim = make("share", "sales", 30, "%", hedge=hedge, step="1")
    assert allowed(claim).fits(Decimal(official)) is supported


def test_a_range_holds_what_lies_between():
    claim = make("share", "exports", (Decimal(25), Decimal(30)), "%", step="1")
    assert allowed(claim).fits(Decimal("27.3"))
    assert not allowed(claim).fits(Decimal("24.4"))


def test_a_count_must_be_equal():
    claim = make("streak", "balance", 5, "M", sign="-")
    assert allowed(claim).fits(Decimal(5))
    assert not allowed(claim).fits(Decimal(6))


def test_a_source_that_prints_fewer_digits_than_the_claim_gets_its_own_rounding():
    claim = make("level", "balance", Decimal("-5.22e12"), "JPY", step="0.01e12")
    assert not allowed(claim).fits(Decimal("-5.2e12"))
    assert allowed(claim).fits(Decimal("-5.2e12"), Decimal("0.1e12"))
    assert not allowed(claim).fits(Decimal("-5.0e12"), Decimal("0.1e12"))


def test_no_number_no_bounds():
    assert allowed(make("record", "exports")) is None
