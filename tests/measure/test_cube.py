"""A cube: sums over many series, with change, share and rank; and what it refuses to add up."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.measure.cube import measure_cube
from boeki.terms import areas
from tests.handmade import Row, document, flow, lake_of


def of(reporter: str, partner: str, product: str, year: int, value: Any, **other: Any) -> Row:
    told = {"classification": "HS2017", "currency": "USD", "freq": "A", "source": "office/a"}
    return flow(
        str(year), value, reporter=reporter, partner=partner, product=product, **told | other
    )


def lake(rows: Iterable[Row]) -> Lake:
    return lake_of(rows, documents=[document("office/a"), document("another/a")])


def cells(cube: Any, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(r[c] for c in columns) for r in cube.to_arrow().to_pylist())


CODES = [a.code for a in areas.areas() if a.kind == "country"][:30]
SMALL = [
    of("JPN", "USA", "848620", 2020, 60),
    of("KOR", "USA", "848620", 2020, 20),
    of("JPN", "CHN", "848620", 2020, 20),
    of("JPN", "USA", "848620", 2021, 120),
    of("JPN", "CHN", "848620", 2021, 120),
    of("JPN", "USA", "270900", 2021, 7),
    # The world stands beside its countries in many a table.
    of("JPN", "WLD", "848620", 2021, 240),
]


def test_sums_change_share_and_rank() -> None:
    cube = measure_cube(lake(SMALL))
    assert cells(cube, "period", "product", "partner", "value", "figures") == [
        ("2020", "848620", "CHN", 20, 1),
        ("2020", "848620", "USA", 80, 2),
        ("2021", "270900", "USA", 7, 1),
        ("2021", "848620", "CHN", 120, 1),
        ("2021", "848620", "USA", 120, 1),
    ]
    assert cells(cube, "period", "product", "partner", "growth", "share", "rank") == [
        ("2020", "848620", "CHN", None, 20.0, 2),
        ("2020", "848620", "USA", None, 80.0, 1),
        ("2021", "270900", "USA", None, 100.0, 1),
        ("2021", "848620", "CHN", 500.0, 50.0, 1),
        ("2021", "848620", "USA", 50.0, 50.0, 1),
    ]


def test_a_notebook_shows_the_newest_and_largest_first() -> None:
    many = [of("JPN", code, "848620", 2021, n) for n, code in enumerate(CODES)]
    shown = measure_cube(lake([*SMALL[:3], *many]))._repr_html_()
    assert shown.count("<tr") == 21  # the heads, and 20 rows
    assert shown.index(CODES[-1]) < shown.index(CODES[-2])
    assert "2020" not in shown


def test_the_first_year_asked_for_is_compared_with_the_year_before() -> None:
    cube = measure_cube(lake(SMALL), start="2021", by=("partner",), digits=6, products=("848620",))
    assert cells(cube, "period", "partner", "before") == [("2021", "CHN", 20), ("2021", "USA", 80)]


def test_sums_that_are_not_compared_are_the_same_sums() -> None:
    told = ("period", "product", "partner", "value", "share", "rank", "figures")
    one = {"start": "2021", "end": "2021"}
    alone = measure_cube(lake(SMALL), compared=False, **one)
    assert cells(alone, *told) == cells(measure_cube(lake(SMALL), **one), *told)
    assert set(cells(alone, "before", "growth")) == {(None, None)}


def test_only_what_was_published_by_a_day() -> None:
    late = dt.date(2024, 6, 1)
    rows = [
        of("JPN", "USA", "848620", 2020, 1),
        of("JPN", "USA", "848620", 2020, 5, published=late),
    ]
    assert cells(measure_cube(lake(rows)), "value") == [(5,)]
    assert cells(measure_cube(lake(rows), as_of=dt.date(2024, 3, 1)), "value") == [(1,)]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"source": "another/a"}, "office do not add up (another, office): name one"),
        ({"classification": "HS2022"}, "classification do not add up (HS2017, HS2022): name one"),
        ({"currency": "JPY"}, "currency do not add up (JPY, USD)"),
        ({"adjustment": "sa"}, "adjustment do not add up (nsa, sa)"),
    ],
)
def test_figures_of_several_kinds_are_not_added_up(other: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        measure_cube(lake([*SMALL, of("JPN", "USA", "848620", 2022, 1, **other)]))
    assert words in str(caught.value)


def test_levels_of_a_classification_are_not_added_up() -> None:
    rows = [*SMALL, of("JPN", "USA", "8486", 2021, 127), of("JPN", "USA", "TOTAL", 2021, 500)]
    with pytest.raises(InputError, match="4 digits, 6 digits, TOTAL"):
        measure_cube(lake(rows), by=("partner",))
    with pytest.raises(InputError, match="several levels"):
        measure_cube(lake(rows), by=("partner", "product"))
    found = measure_cube(lake(rows), by=("partner",), digits=6, start="2021")
    assert cells(found, "partner", "value") == [("CHN", 120), ("USA", 127)]


def test_what_is_not_there_is_an_error_and_no_empty_table() -> None:
    with pytest.raises(NoFigure, match="boeki pull"):
        measure_cube(lake(SMALL), office="baci")
    with pytest.raises(UnknownTerm, match="did you mean partner"):
        measure_cube(lake(SMALL), by=("parnter",))  # type: ignore[arg-type]


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["JPN", "KOR", "DEU"]),
            st.sampled_from(["USA", "CHN"]),
            st.sampled_from(["848620", "270900"]),
            st.integers(2018, 2020),
        ),
        st.decimals(0, 10**12, places=3),
        min_size=1,
    )
)
def test_sums_are_exact_and_shares_make_a_whole(given_: dict[Any, Decimal]) -> None:
    found = measure_cube(lake(of(*key, value) for key, value in given_.items())).to_arrow()
    wanted: dict[Any, Decimal] = defaultdict(Decimal)
    for (_reporter, partner, product, year), value in given_.items():
        wanted[str(year), product, partner] += value
    rows = found.to_pylist()
    assert {(r["period"], r["product"], r["partner"]): r["value"] for r in rows} == wanted
    whole: dict[Any, float] = defaultdict(float)
    for r in rows:
        whole[r["period"], r["product"]] += r["share"] or 0.0
    assert all(s == pytest.approx(100) or s == 0 for s in whole.values())


BREAKDOWNS: list[tuple[Any, ...]] = [
    ("product", "partner"), ("partner",), ("reporter", "product", "partner"), ("reporter",)
]  # fmt: skip
TOLD = ("period", "value", "before", "growth", "share", "rank", "figures")


@pytest.mark.parametrize("by", BREAKDOWNS)
@pytest.mark.parametrize("many_codes", [False, True])
def test_many_rows_are_sorted_out_by_number_and_say_the_same(
    by: Any, many_codes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*SMALL, of("DEU", "WLD", "270900", 2020, 3), of("DEU", "CHN", "270900", 2020, 3)]
    plain = cells(measure_cube(lake(rows), by=by), *by, *TOLD)
    many = lake(rows)
    monkeypatch.setattr("boeki.measure.cube.MANY", 0)
    if many_codes:
        # So many words are no codes, and are kept.
        monkeypatch.setattr("boeki.lake.coding._MOST", 1)
    cube = measure_cube(many, by=by)
    assert cells(cube, *by, *TOLD) == plain
    assert ("number" in many.engine.compile(cube.table)) != many_codes  # type: ignore[attr-defined]


def test_sums_of_values_of_any_size_are_exact() -> None:
    # Of fifteen digits before the point and of more: 64 bits hold the first kind only.
    for value in (Decimal("899999999999999.999"), Decimal("99999999999999999.999")):
        rows = [of(r, "USA", "270900", 2020, value) for r in CODES]
        assert cells(measure_cube(lake(rows)), "value") == [(value * len(CODES),)]


def test_the_sample_of_baci(shared: Path, tmp_path: Path) -> None:
    """Against sums by the csv module over the very file."""
    import csv

    from boeki import Query, open_lake, pull

    path = shared / "data" / "baci_sample" / "BACI_HS17_Y2020_sample_AFG_ZAF.csv"
    place = open_lake(tmp_path / "lake", make=True)
    # The sample has no name that says what it is: its columns are those of HS17 for 2020.
    named = tmp_path / "BACI_HS17_Y2020_V202201.csv"
    named.write_bytes(path.read_bytes())
    assert not pull(place, "baci", Query(options={"path": str(named)})).failed
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for line in csv.DictReader(path.read_text("utf-8").splitlines()):
        if line["i"] == "710":  # South Africa
            wanted[line["k"].zfill(6)] += Decimal(line["v"]) * 1000
    cube = measure_cube(place, office="baci", reporters=("ZAF",), by=("product",), digits=6)
    assert dict(cells(cube, "product", "value")) == wanted
