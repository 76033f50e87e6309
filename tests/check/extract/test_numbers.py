"""Numbers in digits and in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.check.extract.numbers import read_count, read_number, read_ordinal, read_part

from .conftest import words


@pytest.mark.parametrize(
    ("text", "value", "step"),
    [
        ("12", "12", "1"),
        ("4.50", "4.5", "0.01"),
        ("1,234,567", "1234567", "1"),
        ("2,00,000", "200000", "1"),
        ("8.25 billion", "8250000000", "1E7"),
        ("8.2bn", "8200000000", "1E8"),
        ("7m", "7000000", "1E6"),
        ("3.1 tln", "3100000000000", "1E11"),
        ("4 lakh crore", "4000000000000", "1E12"),
        ("six", "6", "1"),
        ("twenty-three", "23", "1"),
        ("five-point-two", "5.2", "0.1"),
        ("nine point one five", "9.15", "0.01"),
        ("two million", "2000000", "1E6"),
    ],
)
def test_value_and_step(text, value, step):
    number = read_number(words(text), 0)
    assert number is not None
    assert number.value == Decimal(value)
    assert number.step == Decimal(step)
    assert number.after == len(words(text))


@given(st.integers(0, 10**9), st.integers(0, 6))
def test_what_is_printed_reads_back(digits, places):
    value = Decimal(digits).scaleb(-places)
    number = read_number(words(f"{value:,f}"), 0)
    assert number is not None
    assert number.value == value
    assert number.step == Decimal(1).scaleb(-places)


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("half", "50"),
        ("a third", "33.3333"),
        ("two-thirds", "66.6667"),
        ("a quarter", "25"),
        ("three fifths", "60"),
    ],
)
def test_parts_of_a_whole(text, percent):
    assert read_part(words(text), 0) == (Decimal(percent), len(words(text)))


@pytest.mark.parametrize(
    "text", ["a third month", "a quarter earlier", "a car", "third", "a third straight"]
)
def test_what_is_no_part(text):
    assert read_part(words(text), 0) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("fifth", 5), ("44th", 44), ("21st", 21), ("twenty-first", 21), ("twelfth", 12)],
)
def test_ordinals(text, number):
    found = read_ordinal(words(text), 0)
    assert found is not None
    assert found[0] == number


def test_counts_are_whole():
    assert read_count(words("eleven months"), 0) == (11, 1)
    assert read_count(words("2.5"), 0) is None
    assert read_count(words("12345"), 0) is None
