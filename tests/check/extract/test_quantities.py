"""Quantities: currencies, units, signs, hedges and ranges."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.check.extract.quantities import read_quantity

from .conftest import words

FORMS = ["{} billion yen", "¥{} billion", "JPY {}bn", "{} bln yen", "¥{}bn", "{}bn yen"]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("¥42.5 billion", "42500000000", "JPY"),
        ("US$7.1bn", "7100000000", "USD"),
        ("NT$1.2 trillion", "1200000000000", "TWD"),
        ("A$3.4 billion", "3400000000", "AUD"),
        ("Rs 3 lakh crore", "3000000000000", "rupee"),
        ("Rs. 500 crore", "5000000000", "rupee"),
        ("EUR 9.9 bn", "9900000000", "EUR"),
        ("5.1 billion U.S. dollars", "5100000000", "USD"),
        ("7 billion Swiss francs", "7000000000", "CHF"),
        ("3.3 billion pounds", "3300000000", "pound"),
        ("4,321 million won", "4321000000", "KRW"),
        ("3.5 percent", "3.5", "%"),
        ("3.5 per cent", "3.5", "%"),
        ("3.5pc", "3.5", "%"),
        ("12-percent", "12", "%"),
        ("1.5 percentage points", "1.5", "pp"),
        ("0.4 pp", "0.4", "pp"),
        ("2.5 million tonnes", "2500000", "t"),
        ("9 million kiloliters", "9000000", "kl"),
        ("1.2 million barrels a day", "1200000", "bbl/d"),
        ("61.5 dollars a barrel", "61.5", "USD/bbl"),
        ("¥143.2 to the dollar", "143.2", "JPY/USD"),
        ("1,310 won per dollar", "1310", "KRW/USD"),
    ],
)
def test_units(text, value, unit):
    quantity = read_quantity(words(text), 0)
    assert quantity is not None
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)
    assert quantity.after == len(words(text))


@pytest.mark.parametrize(
    ("text", "sign"), [("-3.2%", "-"), ("+3.2%", "+"), ("JPY -4bn", "-"), ("−$4bn", "-")]
)
def test_printed_signs(text, sign):
    quantity = read_quantity(words(text), 0)
    assert quantity is not None
    assert quantity.sign == sign


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("about 5%", "about"),
        ("some 5%", "about"),
        ("nearly 5%", "nearly"),
        ("close to 5%", "nearly"),
        ("more than 5%", "over"),
        ("well over 5%", "over"),
        ("just under 5%", "under"),
        ("exactly 5%", None),
        ("just 5%", None),
    ],
)
def test_hedges(text, hedge):
    line = words(text)
    start = next(i for i, t in enumerate(line) if t.kind == "num")
    quantity = read_quantity(line, start)
    assert quantity is not None
    assert quantity.hedge == hedge


@pytest.mark.parametrize("text", ["20 to 30 percent", "20-30%", "20–30 pct"])
def test_ranges(text):
    quantity = read_quantity(words(text), 0)
    assert quantity is not None
    assert quantity.value == (Decimal(20), Decimal(30))


def test_a_rise_to_an_amount_is_no_range():
    quantity = read_quantity(words("rose $20 million to $3 billion"), 1)
    assert quantity is not None
    assert quantity.value == Decimal(20_000_000)


@given(st.integers(1, 10**7), st.integers(0, 3), st.sampled_from(FORMS))
def test_any_amount_reads_back_from_any_form(digits, places, form):
    number = Decimal(digits).scaleb(-places)
    quantity = read_quantity(words(form.format(f"{number:,f}")), 0)
    assert quantity is not None
    assert quantity.value == number * 10**9
    assert quantity.step == Decimal(1).scaleb(9 - places)
    assert quantity.unit == "JPY"
