"""Figures written for people: no more digits than the source had, and true minus signs."""

from __future__ import annotations

import doctest
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from boeki.terms import wording
from boeki.terms.wording import amount, count, number, ordinal, percent, quantity

SCALES = {"tn": 10**12, "bn": 10**9, "mn": 10**6, "": 1}
MONEY = st.decimals(-(10**15), 10**15, places=3)
RESOLUTIONS = st.sampled_from([Decimal(10) ** power for power in range(-3, 13)])


def test_the_examples_in_the_docstrings_hold() -> None:
    tried = doctest.testmod(wording)
    assert tried.attempted > 0
    assert tried.failed == 0


@pytest.mark.parametrize(
    ("value", "unit", "resolution", "text"),
    [
        # Japan's balance of November 2024: in million yen, as the release of 2024-12-18 prints it.
        (-117_620_000_000, "JPY", 10**6, "−¥117.620 bn"),
        # Computed from exports and imports, it is known to two million, and is printed alike.
        (-117_620_000_000, "JPY", 2 * 10**6, "−¥117.620 bn"),
        # The deficit of 2022, printed in units of 100 million yen.
        (-19_971_300_000_000, "JPY", 10**8, "−¥19.971 tn"),
        # The same year to the nearest 10 billion.
        (-19_970_000_000_000, "JPY", 10**10, "−¥19.97 tn"),
        # Chip sales of November 2024, $57.8 bn (WSTS, SIA).
        (57_800_000_000, "USD", 10**8, "$57.8 bn"),
        (5_200_000_000_000, "JPY", 10**11, "¥5.2 tn"),
        (9_152_002_655_000, "JPY", 1000, "¥9.152 tn"),
        (1_500, "EUR", 1, "€1,500"),
        (0, "JPY", 1, "¥0"),
        (3_000_000, "CHF", 10**6, "CHF 3 mn"),
    ],
)
def test_amounts(value: int, unit: str, resolution: int, text: str) -> None:
    assert amount(Decimal(value), unit, Decimal(resolution)) == text


def parsed(text: str) -> tuple[Decimal, int, int]:
    """Value, decimal places and scale of an amount in yen."""
    digits, _, word = text.replace("¥", "").replace("−", "-").replace(",", "").partition(" ")
    return Decimal(digits) * SCALES[word], len(digits.partition(".")[2]), SCALES[word]


@given(MONEY, RESOLUTIONS)
def test_an_amount_has_no_place_finer_than_its_source(value: Decimal, finest: Decimal) -> None:
    _, places, scale = parsed(amount(value, "JPY", finest))
    assert places <= 3
    assert places == 0 or Decimal(scale) / 10**places >= finest


@given(MONEY, RESOLUTIONS)
def test_an_amount_is_the_value_rounded(value: Decimal, finest: Decimal) -> None:
    shown, places, scale = parsed(amount(value, "JPY", finest))
    assert abs(shown - value) <= Decimal(scale) / 10**places / 2


@given(MONEY, RESOLUTIONS)
def test_negative_amounts_have_a_true_minus_sign(value: Decimal, finest: Decimal) -> None:
    text = amount(value, "JPY", finest)
    assert "-" not in text
    assert text.startswith("−") == (value < 0)


@given(MONEY, st.integers(0, 3), st.booleans())
def test_numbers_have_a_true_sign(value: Decimal, places: int, signed: bool) -> None:
    text = number(value, places, signed=signed)
    assert "-" not in text
    plain = text.replace("−", "-").replace(",", "")
    assert abs(Decimal(plain) - value) <= Decimal(1).scaleb(-places) / 2
    assert (text[0] in "+−") == (signed or value < 0)


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (10, "10th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (20, "20th"),
        (21, "21st"),
        (22, "22nd"),
        (23, "23rd"),
        (101, "101st"),
        (111, "111th"),
        (112, "112th"),
        (113, "113th"),
        (1011, "1011th"),
    ],
)
def test_ordinals(n: int, text: str) -> None:
    assert ordinal(n) == text


@given(st.integers(0, 10**6))
def test_ordinals_repeat_every_hundred(n: int) -> None:
    assume(n > 0)
    assert ordinal(n)[-2:] == ordinal(n + 100)[-2:]


def test_percent_and_counts() -> None:
    assert percent(32.1) == "+32.1 %"
    assert percent(Decimal("-85.548")) == "−85.5 %"
    assert percent(41.2, signed=False) == "41.2 %"
    assert count(1, "M") == "1 month"
    assert count(5, "M") == "5 months"
    assert count(2, "Q") == "2 quarters"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("-117620000000", "JPY", "−¥117.620 bn"),
        ("32.12", "%", "+32.1 %"),
        ("-4.4", "pp", "−4.4 pp"),
        ("5", "M", "5 months"),
        ("11", "rank", "11th"),
        ("75184.446946", "JPY/kl", "75,184.45 JPY/kl"),
        ("11560", "t", "11,560 t"),
    ],
)
def test_quantities(value: str, unit: str, text: str) -> None:
    assert quantity(Decimal(value), unit) == text
