"""Dates: what they name beside the day of publication and the period spoken of."""

from __future__ import annotations

import datetime as dt

import pytest

from boeki.check.extract import dates
from boeki.check.extract.date_phrases import read_date
from boeki.terms.periods import Period

from .conftest import words

PUBLISHED = dt.date(2024, 6, 20)


def read(text: str, reporter: str | None = None) -> dates.Date | None:
    return read_date(words(text), 0, PUBLISHED, reporter)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("April", "2024-04"),
        ("Aug. 2022", "2022-08"),
        ("June", "2024-06"),
        ("May 2021", "2021-05"),
        ("Sept. 2020", "2020-09"),
        ("last month", "2024-05"),
        ("last year", "2023"),
        ("2019", "2019"),
        ("2019-07", "2019-07"),
        ("January-April", "2024-01/2024-04"),
        ("July to September 2022", "2022-07/2022-09"),
        ("November-January", "2023-11/2024-01"),
        ("the first quarter", "2024-Q1"),
        ("the third quarter of 2022", "2022-Q3"),
        ("the fourth quarter", "2023-Q4"),
        ("Q2 2023", "2023-Q2"),
        ("2Q", "2023-Q2"),
        ("the first half of last year", "2023-H1"),
        ("the first five months of 2024", "2024-01/2024-05"),
        ("the first 10 days of June", "2024-06-01/2024-06-10"),
        ("May 1-20", "2024-05-01/2024-05-20"),
        ("year to date through April", "2024-01/2024-04"),
        ("the 12 months to March", "2023-04/2024-03"),
        ("fiscal 2022", "FY2022"),
        ("the year to March 2023", "FY2022"),
    ],
)
def test_periods(text, period):
    found = read(text)
    assert found is not None
    assert str(found.period) == period
    assert found.after == len(words(text))


@pytest.mark.parametrize(
    ("text", "reporter", "period"),
    [
        ("FY24", "IND", "FY2023"),
        ("FY2024", "JPN", "FY2024"),
        ("2022-23", "IND", "FY2022"),
        ("fiscal year 2023-24", "PAK", "FY2023"),
        ("fiscal 2023", "USA", "FY2022"),
    ],
)
def test_fiscal_years_go_by_the_reporters_custom(text, reporter, period):
    found = read(text, reporter)
    assert found is not None
    assert str(found.period) == period


@pytest.mark.parametrize(
    ("text", "about", "base"),
    [
        ("a year earlier", "2024-05", "yoy"),
        ("the same month of 2023", "2024-05", "yoy"),
        ("the previous month", "2024-05", "mom"),
        ("y/y", "2024-05", "yoy"),
        ("month-on-month", "2024-05", "mom"),
        ("the prior quarter", "2024-Q1", "qoq"),
        ("April", "2024-05", "mom"),
        ("May 2023", "2024-05", "yoy"),
        ("May 2019", "2024-05", "2019-05"),
        ("two years earlier", "2024-05", "2022-05"),
        ("2022", "2023", "yoy"),
    ],
)
def test_bases(text, about, base):
    found = read(text)
    assert found is not None
    assert dates.base_of(found, Period.parse(about)) == base


def test_a_span_that_ends_before_it_begins_is_none():
    assert read("May 2022-March 2021") is None


def test_a_base_month_is_the_one_before_the_period_spoken_of():
    found = read("May")
    assert found is not None
    assert dates.base_of(found, Period.parse("2023-06")) == "mom"


@pytest.mark.parametrize("text", ["Dec. 18", "December 3, 2023", "18 December"])
def test_a_day_is_no_period_of_trade(text):
    found = read(text)
    assert found is not None
    assert found.day


@pytest.mark.parametrize(
    "text", ["march on", "2024 yen", "may be", "2000 percent", "the same car", "first class"]
)
def test_what_is_no_date(text):
    found = read(text)
    assert found is None or found.period is None
