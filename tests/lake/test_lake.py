"""The lake: vintages, as they were known on a day."""

from __future__ import annotations

import datetime as dt
import doctest
import hashlib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _

from boeki.errors import BoekiError, IntegrityError
from boeki.lake import NEWEST, Lake, open_lake, store
from boeki.lake.opening import embedded_folder
from boeki.terms.periods import Period
from tests.handmade import DAY, document, flow, lake_of, rows_of, stated

JAN, FEB, MAR = dt.date(2024, 1, 20), dt.date(2024, 2, 20), dt.date(2024, 3, 20)


def value_on(lake: Lake, as_of: Any, **how: Any) -> list[tuple[str, Decimal, bool]]:
    return sorted(
        (r["period"], r["value"], r["stand_in"]) for r in rows_of(lake, lake.flows(as_of, **how))
    )


def test_the_example_in_the_docstring_holds() -> None:
    tried = doctest.testmod(store)
    assert tried.attempted > 0
    assert tried.failed == 0


# --- vintages -----------------------------------------------------------------------------------


def revised() -> Lake:
    """One figure that was published in January and revised in March."""
    return lake_of([flow("2023-12", 100, published=JAN), flow("2023-12", 110, published=MAR)])


def test_a_revision_is_a_new_row() -> None:
    lake = revised()
    assert len(rows_of(lake, lake.all_flows)) == 2
    assert lake.vintages() == (JAN, MAR)


@pytest.mark.parametrize(
    ("day", "value"),
    [(JAN, 100), (FEB, 100), (MAR - dt.timedelta(days=1), 100), (MAR, 110), (None, 110)],
)
def test_a_day_sees_the_newest_row_published_by_then(day: dt.date | None, value: int) -> None:
    assert value_on(revised(), day) == [("2023-12", Decimal(value), False)]


def test_before_the_first_vintage_there_is_nothing() -> None:
    assert value_on(revised(), JAN - dt.timedelta(days=1)) == []


def test_before_the_first_vintage_the_oldest_stands_in_and_says_so() -> None:
    before = JAN - dt.timedelta(days=1)
    assert value_on(revised(), before, stand_in=True) == [("2023-12", Decimal(100), True)]


def test_nothing_stands_in_for_what_is_known() -> None:
    assert value_on(revised(), FEB, stand_in=True) == [("2023-12", Decimal(100), False)]


def test_several_days_give_the_table_once_for_each() -> None:
    lake = revised()
    days = (None, MAR, JAN, JAN, JAN - dt.timedelta(days=1))
    found = sorted((r["as_of"], r["value"]) for r in rows_of(lake, lake.flows(days)))
    assert found == [(JAN, Decimal(100)), (MAR, Decimal(110)), (NEWEST, Decimal(110))]


def test_two_documents_of_one_office_are_vintages_of_one_flow() -> None:
    lake = lake_of(
        [
            flow("2023-12", 100, published=JAN),
            flow("2023-12", 110, published=FEB, source="office/series"),
        ],
        documents=[document("office/series")],
    )
    assert value_on(lake, None) == [("2023-12", Decimal(110), False)]


def test_two_publishers_of_one_series_both_stay_in_sight() -> None:
    lake = lake_of(
        series=[
            stated("2023-12", 100, published=JAN),
            stated("2023-12", 110, published=FEB),
            stated("2023-12", 90, published=FEB, source="analyst"),
        ],
        documents=[document("analyst", "Another House")],
    )
    found = rows_of(lake, lake.series())
    assert sorted((r["publisher"], r["value"]) for r in found) == [
        ("Another House", Decimal(90)),
        ("The Office", Decimal(110)),
    ]


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("partner", "USA"),
        ("flow", "import"),
        ("product", "70131"),
        ("period", "2023-11"),
        ("currency", "USD"),
        ("valuation", "cif"),
        ("system", "special"),
        ("adjustment", "sa"),
        ("reporter", "KOR"),
    ],
)
def test_what_differs_in_its_key_is_another_figure(column: str, other: str) -> None:
    first = flow("2023-12", 100)
    lake = lake_of([first, first | {column: other, "value": Decimal(90)}])
    assert sorted(r["value"] for r in rows_of(lake, lake.flows())) == [90, 100]


PUBLISHED = st.lists(st.integers(0, 6), min_size=1, max_size=5, unique=True)


@settings(max_examples=15, deadline=None)
@given(st.lists(PUBLISHED, min_size=1, max_size=6), st.lists(st.integers(-1, 7), min_size=1))
def test_what_is_known_on_a_day_as_a_plain_loop_finds_it(
    published: list[list[int]], asked: list[int]
) -> None:
    rows = [
        flow(f"2023-{p + 1:02d}", 100 * p + n, published=DAY + dt.timedelta(days=n))
        for p, days in enumerate(published)
        for n in days
    ]
    lake = lake_of(rows)
    for strict in (True, False):
        expected = set()
        for n in set(asked):
            for p, days in enumerate(published):
                known = [d for d in days if d <= n]
                if known or not strict:
                    seen = max(known) if known else min(days)
                    expected.add((n, 100 * p + seen, not known))
        table = lake.flows(tuple(DAY + dt.timedelta(days=n) for n in asked), stand_in=not strict)
        found = rows_of(lake, table)
        assert {
            ((r["as_of"] - DAY).days, int(r["value"]), r["stand_in"]) for r in found
        } == expected
        assert len(found) == len(expected)


# --- appending ----------------------------------------------------------------------------------


def test_the_same_row_twice_adds_nothing() -> None:
    lake = Lake()
    assert lake.append("documents", [document()]) == 1
    assert lake.append("documents", [document(), document("b"), document("b")]) == 1
    assert lake.append("flows", [flow("2023-12", 100)]) == 1
    assert lake.append("flows", [flow("2023-12", 100)]) == 0
    twice = [flow("2023-11", 90), flow("2023-11", 90), flow("2023-12", 100)]
    assert lake.append("flows", twice) == 1
    assert lake.append("series", [stated("2023-12", 1), stated("2023-12", 1)]) == 1
    assert len(rows_of(lake, lake.all_flows)) == 2


def test_fetching_again_adds_nothing() -> None:
    lake = lake_of([flow("2023-12", 100)])
    assert lake.append("flows", [flow("2023-12", 100, retrieved=MAR)]) == 0


def test_an_empty_delivery_adds_nothing() -> None:
    lake = lake_of()
    assert lake.append("flows", []) == 0
    assert rows_of(lake, lake.flows()) == []
    assert lake.vintages() == ()
    assert lake.holdings() == []


@pytest.mark.parametrize("held", [True, False])
def test_one_document_cannot_give_two_values(held: bool) -> None:
    first, second = flow("2023-12", 100), flow("2023-12", 101)
    lake = lake_of([first] if held else [])
    with pytest.raises(IntegrityError, match=r"office gives two values .* 100.* and 101"):
        lake.append("flows", [second] if held else [first, second])
    assert [r["value"] for r in rows_of(lake, lake.flows())] == ([100] if held else [])


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("flows", flow("2023-12", 100, source="hearsay")),
        ("series", stated("2023-12", 100, source="hearsay")),
    ],
)
def test_a_row_needs_its_document(table: str, row: dict[str, Any]) -> None:
    lake = lake_of([flow("2023-11", 1)])
    with pytest.raises(IntegrityError, match="hearsay") as caught:
        lake.append(table, [row])
    assert isinstance(caught.value, BoekiError)
    # Nothing of the delivery stays, and the lake goes on working.
    assert len(rows_of(lake, lake.all_flows)) == 1
    assert rows_of(lake, lake.all_series) == []
    lake.append("documents", [document("hearsay")])
    assert lake.append(table, [row]) == 1


def test_a_new_document_is_seen_at_once() -> None:
    lake = lake_of()
    assert set(lake.documents) == {"office"}
    lake.append("documents", [document("another")])
    assert set(lake.documents) == {"another", "office"}
    assert lake.documents["another"]["publisher"] == "The Office"


def test_a_row_is_called_the_same_wherever_it_is_loaded() -> None:
    rows = [flow("2023-12", 100), flow("2023-12", 110, published=MAR), flow("2023-11", 90)]

    def names(given: Iterable[Any]) -> dict[Any, str]:
        lake = lake_of(given)
        return {(r["period"], r["published"]): r["row"] for r in rows_of(lake, lake.all_flows)}

    forward, backward = names(rows), names(reversed(rows))
    assert forward == backward
    assert len(set(forward.values())) == 3
    # The name is two digests, so that others can compute it: 63 bits of one of the key, and the
    # first 32 of one of the document and the day.
    key = b"flows|office|JPN|WLD|export|JP-PC|TOTAL|M|2023-11|JPY|fob||nsa"
    half = hashlib.md5(key, usedforsecurity=False).digest()[8:]
    figure = int.from_bytes(half, "little") >> 1
    told = hashlib.md5(b"office|2024-01-31", usedforsecurity=False).hexdigest()
    assert forward["2023-11", DAY] == f"{figure:016x}-{told[:8]}"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.decimals("-99999999999999999.999", "99999999999999999.999", places=3),
        min_size=1,
        max_size=8,
    )
)
def test_money_comes_back_to_the_last_digit(values: list[Decimal]) -> None:
    lake = lake_of([flow(f"{2000 + n}-01", v) for n, v in enumerate(values)])
    found = {r["period"]: r["value"] for r in rows_of(lake, lake.flows())}
    assert [found[f"{2000 + n}-01"] for n in range(len(values))] == values


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.sampled_from(["2024-05", "2024-Q3", "2024-H2", "2024", "FY2024", "2024-03/2025-02"]),
        min_size=1,
        unique=True,
    ),
    st.sampled_from(["JPN", "USA", "AUS", "FRA"]),
)
def test_periods_are_counted_as_the_vocabulary_counts_them(texts: list[str], reporter: str) -> None:
    periods = {text: Period.parse(text, reporter) for text in texts}
    rows = [flow(t, 1, freq=p.kind, reporter=reporter) for t, p in periods.items()]
    lake = lake_of(rows)
    found = rows_of(lake, lake.all_flows)
    assert {r["period"]: (r["month"], r["months"]) for r in found} == {
        text: period.span for text, period in periods.items()
    }


def test_dimensions_are_a_mapping() -> None:
    lake = lake_of(series=[stated("2023-12", 1, dimensions={"partner": "USA", "product": "x"})])
    (row,) = rows_of(lake, lake.series())
    assert dict(row["dimensions"]) == {"partner": "USA", "product": "x"}


# --- the embedded figures -----------------------------------------------------------------------


#: Press releases of 18 and 26 December 2024 (Value of Exports and Imports, November 2024:
#: provisional; exports detailed and imports provisional at nine digits) and the time series
#: d41ma.csv as of September 2026. Million yen: exports, imports, balance.
NOVEMBER_2024 = {
    dt.date(2024, 12, 18): (9_152_382, 9_270_002, -117_620),
    dt.date(2024, 12, 26): (9_152_301, 9_262_620, -110_319),
    dt.date(2026, 9, 30): (9_152_003, 9_272_812, -120_810),
}


@pytest.mark.parametrize(
    ("day", "vintage"),
    [
        (dt.date(2024, 12, 18), dt.date(2024, 12, 18)),
        (dt.date(2024, 12, 25), dt.date(2024, 12, 18)),
        (dt.date(2024, 12, 26), dt.date(2024, 12, 26)),
        (dt.date(2026, 9, 29), dt.date(2024, 12, 26)),
        (dt.date(2026, 9, 30), dt.date(2026, 9, 30)),
        (None, dt.date(2026, 9, 30)),
    ],
)
def test_three_vintages_of_november_2024(lake: Lake, day: dt.date | None, vintage: dt.date) -> None:
    total = lake.flows(day).filter(
        _.period == "2024-11", _.partner == "WLD", _["product"] == "TOTAL", _.reporter == "JPN"
    )
    found = {r["flow"]: r for r in rows_of(lake, total)}
    exports, imports = found["export"]["value"], found["import"]["value"]
    shown = [round(v / 10**6) for v in (exports, imports, exports - imports)]
    assert tuple(shown) == NOVEMBER_2024[vintage]
    assert {r["published"] for r in found.values()} == {vintage}


def test_november_2024_was_not_known_before_its_release(lake: Lake) -> None:
    when = lake.flows(dt.date(2024, 12, 17)).filter(_.period == "2024-11")
    assert rows_of(lake, when) == []
    later = lake.flows(dt.date(2024, 12, 17), stand_in=True).filter(
        _.period == "2024-11", _.partner == "WLD", _["product"] == "TOTAL"
    )
    found = {r["flow"]: (round(r["value"] / 10**6), r["stand_in"]) for r in rows_of(lake, later)}
    assert found == {"export": (9_152_382, True), "import": (9_270_002, True)}


def test_every_embedded_row_has_a_document_and_a_name_of_its_own(lake: Lake) -> None:
    for table in (lake.all_flows, lake.all_series):
        rows = rows_of(lake, table.select("row", "source"))
        assert len({r["row"] for r in rows}) == len(rows)
        assert {r["source"] for r in rows} <= set(lake.documents)


def test_holdings_count_every_row_once(lake: Lake) -> None:
    lines = lake.holdings()
    files = [embedded_folder() / f"{name}.csv" for name in ("flows", "series")]
    lengths = [len(f.read_text(encoding="utf-8").splitlines()) - 1 for f in files]
    assert sum(line["rows"] for line in lines) == sum(lengths)
    assert all(line["url"].startswith("http") for line in lines)


def test_loading_a_folder_again_adds_nothing() -> None:
    lake = open_lake()
    before = lake.holdings()
    lake.load(embedded_folder())
    assert lake.holdings() == before


def test_a_folder_with_an_orphan_is_refused_whole(tmp_path: Path) -> None:
    for name in ("documents", "flows", "series"):
        text = (embedded_folder() / f"{name}.csv").read_text(encoding="utf-8")
        head, *lines = text.splitlines(keepends=True)
        kept = [] if name == "documents" else lines[:3]
        (tmp_path / f"{name}.csv").write_text(head + "".join(kept), encoding="utf-8")
    lake = Lake()
    with pytest.raises(IntegrityError, match="documents that the lake does not have"):
        lake.load(tmp_path)
    assert lake.vintages() == ()
    assert dict(lake.documents) == {}


def test_a_kept_table_is_computed_once_and_can_be_dropped() -> None:
    lake = lake_of([flow("2023-12", 100)])
    kept = lake.keep(lake.flows())
    lake.append("flows", [flow("2023-12", 110, published=MAR)])
    assert [r["value"] for r in rows_of(lake, kept)] == [100]
    assert [r["value"] for r in rows_of(lake, lake.flows())] == [110]
    lake.drop(kept)
    assert rows_of(lake, lake.flows())
