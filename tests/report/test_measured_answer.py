"""Measured series and breakdowns as answers, and their pictures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from boeki.lake import Lake
from boeki.measure.breakdown import break_down
from boeki.measure.table import MEASURES, measure_series
from boeki.report.measured_answer import as_answer
from tests.cli.commands import refused, run
from tests.handmade import flow, lake_of

DOCS = Path(__file__).parents[2] / "docs"


def test_a_month_without_a_figure_has_its_place_and_no_value() -> None:
    lake = lake_of([flow(p, n) for n, p in enumerate(("2024-01", "2024-02", "2024-04"), 1)])
    answer = as_answer(measure_series("exports", "JPN", lake=lake))
    assert [(r["period"], r["value"], r["note"]) for r in answer.records()] == [
        ("2024-01", 1, ""), ("2024-02", 2, ""), ("2024-03", None, "no figure"), ("2024-04", 3, ""),
    ]  # fmt: skip
    assert answer.title == "Japan's exports"
    assert answer.column("value").unit == "JPY"


def test_the_answer_says_what_the_measure_says(lake: Lake) -> None:
    measured = measure_series("balance", "JPN", freq="FY", start="FY2015", lake=lake)
    answer = as_answer(measured)
    assert [(r["period"], r["value"], r["yoy"]) for r in answer.records()] == [
        (r.period, r.value, r.yoy) for r in measured.rows
    ]
    assert set(answer.rows) == {row for r in measured.rows for row in r.rows}
    parts = break_down("imports", "JPN", "2024-11", lake=lake)
    found = as_answer(parts)
    assert [(r["name"], r["value"]) for r in found.records()] == [
        (p.name, p.value) for p in parts.parts
    ]
    assert found.published == max(p.published for p in parts.parts)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_says_how_it_is_defined(lake: Lake, measure: str) -> None:
    bought, sold = "crude_oil", "semiconductor_equipment"
    product = {
        "export_volume": sold, "export_price": sold, "sales": sold,
        "import_volume": bought, "import_price": bought,
    }.get(measure, "TOTAL")  # fmt: skip
    partner = "USA" if measure == "rate" else "WLD"
    answer = as_answer(measure_series(measure, "JPN", product=product, partner=partner, lake=lake))
    assert answer.method.name + "." == MEASURES[measure]
    assert (DOCS / answer.method.page).exists()


def test_anything_else_is_refused() -> None:
    with pytest.raises(TypeError, match="str"):
        as_answer("exports")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("balance", "JPN", "--from", "2023-11", "--to", "2024-11"),
         ("Japan's trade balance", "Exports minus imports", "bn JPY", "japan-customs/")),
        (("imports", "JPN", "--at", "2024-11", "--by", "product"),
         ("Japan's imports by product, 2024-11", "Crude and partly refined petroleum", "bn JPY")),
    ],
)  # fmt: skip
def test_a_picture_has_what_it_is_of_and_from(
    args: tuple[str, ...], words: tuple[str, ...], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="boeki[plot] is not installed")
    picture = tmp_path / "shown.svg"
    assert f"Drawn: {picture}" in run("measure", *args, "--plot", str(picture)).output.replace(
        "\n", ""
    )
    drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture.read_text("utf-8")))
    assert all(word in drawn for word in words)


def test_a_file_that_is_no_picture(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="boeki[plot] is not installed")
    told = refused(capsys, "measure", "exports", "JPN", "--plot", str(tmp_path / "x.txt"))
    assert ".png, .svg, .pdf" in told
