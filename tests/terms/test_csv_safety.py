"""CSV that a spreadsheet does not run.

The beginnings are those of OWASP's page on CSV injection
(owasp.org/www-community/attacks/CSV_Injection), which also names their full-width forms.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from boeki import break_down
from boeki.terms.csv_safety import safe_cell, write_csv


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_is_shown_as_it_is(begin: str) -> None:
    formula = f"{begin}HYPERLINK('http://example.org/'&A1)"
    assert safe_cell(formula) == "'" + formula


@pytest.mark.parametrize(
    "text",
    ["-117620", "+3.9", "-1,234.5", "-.5", "-85.5%", "-1.2e-7", "-", "", "Japan", "a=b", "'="],
)
def test_numbers_and_words_are_left_alone(text: str) -> None:
    assert safe_cell(text) == text


@pytest.mark.parametrize("text", ["-1+cmd|' /C calc'!A0", "-1 -1", "+1=2", "-1\n=2", "-١"])
def test_what_only_begins_as_a_number_is_not_left_alone(text: str) -> None:
    assert safe_cell(text) == "'" + text


def test_rows_come_back_as_they_went() -> None:
    out = io.StringIO()
    rows = [
        {"name": '=cmd|"/C calc"!A0', "value": Decimal("-117620.000"), "rows": ["a", "b"]},
        {"name": "Ores, concentrates", "value": None, "rows": []},
    ]
    write_csv(rows, out)
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [
        ["name", "value", "rows"],
        ['\'=cmd|"/C calc"!A0', "-117620.000", "a b"],
        ["Ores, concentrates", "", ""],
    ]


def test_no_rows_write_nothing() -> None:
    out = io.StringIO()
    write_csv([], out)
    assert out.getvalue() == ""


def test_rows_of_different_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        write_csv([{"a": 1}, {"b": 1}], io.StringIO())


def test_a_list_that_begins_a_formula_is_safe_too() -> None:
    out = io.StringIO()
    write_csv([{"a": ("=1+1", "x")}], out)
    assert out.getvalue() == "a\n'=1+1 x\n"


def test_a_fall_in_a_breakdown_stays_a_number() -> None:
    rows = list(csv.DictReader(io.StringIO(break_down("imports", "JPN", "2024-11").to_csv())))
    crude = next(r for r in rows if r["code"] == "crude_oil")
    # Japan Customs, d61ma.csv: 762,033,992 thousand yen, 321,760,345 less than a year before.
    assert Decimal(crude["difference"]) == Decimal(-321_760_345_000)
