"""Answers printed and drawn."""

from __future__ import annotations

import io
import itertools
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError
from boeki.report.answers import print_answer

pytest.importorskip("matplotlib", reason="boeki[plot] is not installed")

from boeki.report.plot import plot, save_plot

METHOD = Method("Contributions", "Δ = Σ Δᵢ", "by definition")


def falling(chart: Chart | None) -> Answer:
    """Twenty parts of a change, the largest first: 400, −380, 360 … billion."""
    rows = [
        {
            "part": f"part {i}",
            "change": Decimal((400 - 20 * i) * (-1) ** i * 10**9),
            "share": 5.0 * (-1) ** i,
            "group": "ab"[i % 2],
        }
        for i in range(20)
    ]
    columns = [
        Column("part", "Part"),
        Column("change", "Change", "JPY"),
        Column("share", "Share of the change", "%"),
        Column("group", "Group"),
    ]
    return answer("A change", rows, columns, METHOD, sources=["office/table"], chart=chart)


def printed(a: Answer, most: int = 40) -> str:
    out = io.StringIO()
    print_answer(a, Console(file=out, width=100), most=most)
    return out.getvalue()


def test_money_is_scaled_and_said_to_be() -> None:
    text = printed(falling(None))
    assert "change, bn JPY" in text
    assert "400.0" in text
    assert "−380.0" in text


def test_what_is_not_shown_is_counted() -> None:
    assert "17 more rows in --csv or --json." in printed(falling(None), most=3)


def test_the_source_and_the_method_stand_below() -> None:
    text = printed(falling(None))
    assert "Source: office/table" in text
    assert "Δ = Σ Δᵢ" in text


def test_a_missing_value_is_a_dot_and_not_a_nought() -> None:
    rows = [{"period": "2024", "value": None}, {"period": "2025", "value": 1.5}]
    text = printed(answer("t", rows, [Column("period", ""), Column("value", "")], METHOD))
    assert "·" in text
    assert "0.0" not in text


def test_a_waterfall_ends_where_all_its_parts_lead() -> None:
    axes = plot(falling(Chart("waterfall", "part", ("change",), most=5))).axes[0]
    bars: list[Any] = list(axes.patches)
    # 400 − 380 + 360 − 340 … − 20 = 10 pairs of 20.
    assert bars[-1].get_x() == 0
    assert bars[-1].get_width() == pytest.approx(200)
    # Five, all others as one, the total; each begins where the one before ended.
    assert len(bars) == 7
    for before, after in itertools.pairwise(bars[:6]):
        assert after.get_x() == pytest.approx(before.get_x() + before.get_width())


def test_a_ranking_shows_between_what_its_values_lie() -> None:
    rows = [{"how": "a", "value": 10.0, "low": 8.0, "high": 15.0},
            {"how": "b", "value": None, "low": None, "high": None}]  # fmt: skip
    columns = [Column(n, n) for n in ("how", "value", "low", "high")]
    chart = Chart("ranking", "how", ("value",), low="low", high="high")
    axes = plot(answer("t", rows, columns, METHOD, chart=chart)).axes[0]
    bands = [line.get_xdata() for line in axes.lines if len(set(line.get_xdata())) == 2]
    assert [list(band) for band in bands] == [[8.0, 15.0]]
    # The value stands behind the band, where it can be read.
    (text,) = [t for t in axes.texts if "10" in t.get_text()]
    assert text.get_position()[0] > 15


@pytest.mark.parametrize("kind", ["line", "bars", "ranking", "waterfall"])
@pytest.mark.parametrize("color", ["", "group"])
def test_every_kind_is_drawn_with_its_source(kind: Any, color: str, tmp_path: Path) -> None:
    chart = Chart(kind, "part", ("change",), color=color, marked="part 3")
    save_plot(falling(chart), tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    ET.fromstring(text)
    assert "office/table" in text


def test_a_scatter_and_a_heatmap() -> None:
    rows = [{"a": x, "b": f"{y}", "v": x * y - 2.0} for x in (1, 2) for y in (1, 2)]
    columns = [Column("a", "First"), Column("b", "Second"), Column("v", "Value")]
    drawn = plot(answer("t", rows, columns, METHOD, chart=Chart("scatter", "a", ("v",))))
    assert drawn.axes[0].collections[0].get_offsets().tolist() == [[1, -1], [1, 0], [2, 0], [2, 2]]
    drawn = plot(answer("t", rows, columns, METHOD, chart=Chart("heatmap", "a", ("v",), color="b")))
    assert drawn.axes[0].images[0].get_array().tolist() == [[-1, 0], [0, 2]]


def test_what_cannot_be_drawn_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to draw"):
        plot(falling(None))
    chart = Chart("ranking", "part", ("change",))
    with pytest.raises(InputError, match="end its name in"):
        save_plot(falling(chart), tmp_path / "a.xls")
    with pytest.raises(InputError, match="cannot write"):
        save_plot(falling(chart), tmp_path / "none" / "a.png")


def wide(count: int) -> Answer:
    """A row of two periods with so many columns of numbers."""
    rows = [{"period": p, **{f"long_name_{i}": 1234.5 + i for i in range(count)}}
            for p in ("2024-10", "2024-11")]  # fmt: skip
    columns = [Column("period", "Period")]
    columns += [Column(f"long_name_{i}", "A number", "%") for i in range(count)]
    return answer("Too wide", rows, columns, METHOD)


def test_of_a_table_in_parts_each_has_the_name_of_its_rows() -> None:
    a = wide(12)
    ranked = [{"rank": 1 + n, **row} for n, row in enumerate(a.records())]
    out = io.StringIO()
    b = answer("Ranked", ranked, [Column("rank", "Place"), *a.columns], METHOD)
    print_answer(b, Console(file=out, width=60), method=False)
    heads = [line.split()[:2] for line in out.getvalue().splitlines() if "period" in line]
    assert heads[0] == ["rank", "period"]
    assert len(heads) > 1
    assert all(head[0] == "period" for head in heads[1:])


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("count", [3, 12, 30])
def test_a_table_that_is_too_wide_is_parted_and_no_word_or_number_is_broken(width, count):
    out = io.StringIO()
    print_answer(wide(count), Console(file=out, width=width), method=False)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    text = out.getvalue()
    # Thousands apart, and of a percentage one decimal.
    assert all(text.count(f"{1234.5 + i:,.1f}") == 2 for i in range(count))
    # Each part says of which period its numbers are.
    parts = sum(line.startswith("period") for line in lines)
    assert text.count("2024-10") == text.count("2024-11") == max(parts, 1)


def test_of_many_series_those_farthest_from_zero_are_told_apart() -> None:
    rows = [
        {"year": str(year), "name": f"s{i:02d}", "value": (-1) ** i * float(i) * (year - 2019)}
        for i in range(12)
        for year in (2019, 2020)
    ]
    columns = [Column("year", "Year"), Column("name", "Name"), Column("value", "Value", "%")]
    chart = Chart("line", "year", ("value",), color="name")
    (axes,) = plot(answer("Many", rows, columns, METHOD, sources=["a"], chart=chart)).axes
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [f"s{i:02d}" for i in range(4, 12)]
    assert sum(line.get_color() == "#cccccc" for line in axes.get_lines()) == 4


def test_what_rounding_leaves_is_zero_without_a_sign() -> None:
    rows = [{"a": "x", "b": -3e-14, "c": -3e-14}, {"a": "y", "b": 0.5, "c": -0.0004}]
    columns = [Column("a", "A"), Column("b", "B", "%"), Column("c", "C", "%", places=3)]
    text = printed(answer("Zero", rows, columns, METHOD, sources=["a"]))
    lines = [line.split() for line in text.splitlines() if line.startswith(("x ", "y "))]
    assert [cells[1][0] for cells in lines] == ["0", "0"]
    assert [cells[2] for cells in lines] == ["0.000", "−0.000"]
