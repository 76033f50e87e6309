"""Answers: what stands in them comes out of every form, and nothing is lost on the way."""

from __future__ import annotations

import csv
import io
import json
import math
from decimal import Decimal

import pandas as pd
import pytest

from boeki.answer import Answer, Chart, Column, Method, answer

METHOD = Method("Share", "s = x / Σx", "by definition")
COLUMNS = [
    Column("partner", "Partner"),
    Column("value", "Exports", "JPY"),
    Column("share", "", "%"),
]
ROWS = [
    {"partner": "USA", "value": Decimal("123456789012.345"), "share": 60.0},
    {"partner": "=CMD()", "value": None, "share": math.nan},
]


def made(**more: object) -> Answer:
    return answer("Exports by partner", ROWS, COLUMNS, METHOD, **more)  # type: ignore[arg-type]


def test_exact_decimals_stay_exact() -> None:
    assert made().records()[0]["value"] == Decimal("123456789012.345")
    assert made().to_pandas()["value"][0] == Decimal("123456789012.345")


def test_json_has_no_nan_and_names_its_method_and_units() -> None:
    said = json.loads(json.dumps(made(sources=["b", "a", "a"]).to_dict(), allow_nan=False))
    assert said["rows"][1] == {"partner": "=CMD()", "value": None, "share": None}
    assert said["sources"] == ["a", "b"]
    assert said["method"]["formula"] == "s = x / Σx"
    assert [c["unit"] for c in said["columns"]] == ["", "JPY", "%"]


def test_csv_runs_nothing_in_a_spreadsheet() -> None:
    lines = list(csv.DictReader(io.StringIO(made().to_csv())))
    assert lines[1]["partner"] == "'=CMD()"
    assert lines[1]["value"] == ""


def test_a_data_frame_carries_what_it_needs_to_be_cited() -> None:
    frame = made(notes=["A is left out."]).to_pandas()
    assert frame.attrs["notes"] == ["A is left out."]
    assert frame.attrs["method"]["reference"] == "by definition"


def test_a_notebook_shows_no_markup_of_names() -> None:
    shown = answer("<b>x</b>", ROWS, COLUMNS, METHOD)._repr_html_()
    assert "<b>x</b>" not in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown


def test_a_frame_is_taken_as_it_is() -> None:
    frame = pd.DataFrame({"partner": ["USA"], "value": [1.5], "share": [100.0]})
    assert answer("t", frame, COLUMNS, METHOD).records() == frame.to_dict("records")


@pytest.mark.parametrize(
    ("rows", "chart", "words"),
    [
        ([{"partner": "USA", "value": 1}], None, "described are"),
        ([ROWS[0], {"partner": "CHN"}], None, "the first one"),
        (ROWS, Chart("line", "period", ("value",)), "'period'"),
    ],
)
def test_what_does_not_fit_together_is_refused(rows: object, chart: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        answer("t", rows, COLUMNS, METHOD, chart=chart)  # type: ignore[arg-type]
