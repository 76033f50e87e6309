"""Charts of a page and of a terminal."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.check.verdict import Chart
from boeki.report.charts import HEIGHT, WIDTH, describe, series_svg
from boeki.report.tables import chart_lines, sparkline

MONTHS = ("2024-08", "2024-09", "2024-10", "2024-11", "2024-12")


def chart(*values: float | None, marked: int | None = None) -> Chart:
    return Chart("Balance", "bn JPY", MONTHS[: len(values)], values, marked)


def drawn(made: Chart) -> ET.Element:
    return ET.fromstring(series_svg(made, "g1"))


def test_gaps_stay_gaps_and_the_marked_period_stands_out() -> None:
    svg = drawn(chart(-703.0, None, -462.1, -117.6, 130.9, marked=3))
    assert [r.get("class") for r in svg.iter("rect")] == ["band", "bar", "bar", "bar marked", "bar"]
    assert [t.text for t in svg.iter("text")] == ["2024-08", "2024-12", "2024-11  −117.6"]


def test_bars_hang_from_zero() -> None:
    svg = drawn(chart(-100.0, 50.0))
    zero = float(next(svg.iter("line")).get("y1", ""))
    down, up = svg.iter("rect")
    assert float(down.get("y", "")) == pytest.approx(zero)
    assert float(up.get("y", "")) + float(up.get("height", "")) == pytest.approx(zero, abs=0.11)
    ratio = float(down.get("height", "")) / float(up.get("height", ""))
    assert ratio == pytest.approx(2, rel=0.01)


def test_a_long_series_is_a_line_that_breaks_at_gaps() -> None:
    values = [float(i) for i in range(60)]
    with_gap: list[float | None] = [*values[:20], None, *values[21:]]
    periods = tuple(str(i) for i in range(60))
    svg = drawn(Chart("x", "%", periods, tuple(with_gap), 40))
    assert len(list(svg.iter("polyline"))) == 2
    assert len(list(svg.iter("circle"))) == 1


def test_it_is_described_in_words() -> None:
    made = chart(-703.0, None, -117.6, marked=2)
    words = "3 periods, 2024-08 to 2024-10. Lowest −703.0 in 2024-08, highest −117.6 in 2024-10."
    assert describe(made) == f"{words} 2024-10: −117.6."
    svg = drawn(made)
    assert svg.get("aria-labelledby") == "g1-t g1-d"
    assert [svg.findtext("title"), svg.findtext("desc")] == ["Balance, bn JPY", describe(made)]


@pytest.mark.parametrize("values", [(), (None, None), (math.nan, math.inf)])
def test_nothing_to_draw_is_no_drawing(values: tuple[float | None, ...]) -> None:
    assert series_svg(chart(*values), "g1") == ""
    assert describe(chart(*values)) == "No values."


def test_titles_are_escaped() -> None:
    bad = "</svg><script>'\"&\x1b"
    svg = ET.fromstring(series_svg(Chart(bad, bad, (bad,), (1.0,), 0), "g1"))
    assert svg.find("script") is None
    assert svg.findtext("title") == f"{bad[:-1]}\ufffd, {bad[:-1]}\ufffd"


VALUES = st.lists(
    st.none() | st.floats(allow_infinity=True, allow_nan=True), min_size=1, max_size=70
)


@given(VALUES, st.none() | st.integers(-2, 80))
def test_any_series_is_drawn_within_its_frame(
    values: list[float | None], marked: int | None
) -> None:
    periods = tuple(f"p{i}" for i in range(len(values)))
    source = series_svg(Chart("x", "y", periods, tuple(values), marked), "g1")
    if not source:
        return
    assert "nan" not in source
    for rect in ET.fromstring(source).iter("rect"):
        x, y, w, h = (float(rect.get(k, "")) for k in ("x", "y", "width", "height"))
        assert -0.5 <= x <= x + w <= WIDTH + 0.5
        assert 0 <= y <= y + h <= HEIGHT


def test_sparkline() -> None:
    assert sparkline([-2, -1, None, 0, 5]) == "▁▂ ▃█"
    assert sparkline([3, 3]) == "▄▄"
    assert sparkline([None, math.nan]) == "  "
    assert sparkline([]) == ""


def test_bars_in_text_share_one_scale() -> None:
    assert chart_lines(["Oct", "Nov", "Dec", "Jan"], [-4.0, -1.0, 2.0, None], 24) == [
        "Oct  ████████│      −4.0",
        "Nov        ██│      −1.0",
        "Dec          │████   2.0",
        "Jan          │         –",
    ]


def test_bars_in_text_of_one_sign_and_of_none() -> None:
    assert chart_lines(["a", "b"], [1, 2], 24, digits=0) == [
        "a  │████████▌          1",
        "b  │█████████████████  2",
    ]
    assert chart_lines(["a"], [0.0], 20) == ["a  │             0.0"]
    assert chart_lines([], []) == []
    with pytest.raises(ValueError, match="1 labels for 2 values"):
        chart_lines(["a"], [1, 2])


@given(st.lists(st.none() | st.floats(-1e12, 1e12), min_size=1, max_size=30), st.integers(60, 120))
def test_lines_of_text_are_of_one_length_and_fit(values: list[float | None], width: int) -> None:
    lines = chart_lines([f"2024-{i:02}" for i in range(len(values))], values, width)
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines[0]) <= width
    # Whatever is not zero shows.
    for line, value in zip(lines, values, strict=True):
        assert any(c in line for c in "█▌▐") == bool(value)
