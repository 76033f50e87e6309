"""Ingest: what is let in, what is refused and why, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import IntegrityError, UnknownTerm
from boeki.ingest import Ingested, Refused, fault, ingest
from boeki.lake import Lake
from tests.handmade import flow, lake_of, month, rows_of, stated

GOOD = flow("2024-11", "9152382000000", resolution=Decimal(10**6))
GOOD_SERIES = stated("2024-11", "405788000000", resolution=Decimal(10**6))

#: Column, what stands in it, and words of the reason.
FLAWS: list[tuple[str, Any, str]] = [
    ("flow", "transit", "flow is 'transit', not one of export, import"),
    ("flow", None, "flow is None"),
    ("freq", "W", "freq is 'W', not one of M, Q, H, A, FY, S, D"),
    ("freq", "A", "2024-11 is no period of freq A"),
    ("adjustment", "trend", "adjustment is 'trend', not one of nsa, sa"),
    ("status", "guess", "status is 'guess', not one of provisional, revised, final"),
    ("valuation", "exw", "valuation is 'exw', not one of fob, cif, fas, customs"),
    ("valuation", "cif", "an export valued cif"),
    ("reporter", "JAP", "reporter: unknown area code 'JAP'"),
    ("reporter", None, "reporter: unknown area code 'None'"),
    ("reporter", ["JPN"], "reporter: unknown area code"),
    ("partner", "Japan", "partner: unknown area code 'Japan': did you mean"),
    ("product", "", "product is '', not a text"),
    ("product", 70131, "product is 70131, not a text"),
    ("classification", None, "classification is None, not a text"),
    ("period", "2024-13", "'2024-13' is not a period"),
    ("period", "Nov 2024", "'Nov 2024' is not a period"),
    ("period", None, "'None' is not a period"),
    ("period", "2024", "2024 is no period of freq M"),
    ("period", " 2024-11", "write 2024-11"),
    ("value", "n.a.", "value is 'n.a.', not a number"),
    ("value", None, "value is None, not a number"),
    ("value", float("nan"), "value is NaN"),
    ("value", Decimal("Infinity"), "value is Infinity"),
    ("value", -1, "a flow is never negative: -1"),
    ("value", Decimal("0.0001"), "value has more than 3 decimal places"),
    ("value", Decimal(10**17), "value has more than 17 digits before the point"),
    ("value", "1e400", "value has more than 17 digits before the point"),
    ("resolution", None, "resolution is None, not a number"),
    ("resolution", -1, "resolution is never negative"),
    ("quantity", "many", "quantity is 'many', not a number"),
    ("quantity", -5, "quantity is never negative"),
    ("published", "2024-12-18", "published and retrieved must be days"),
    ("published", None, "published and retrieved must be days"),
    ("published", dt.datetime(2024, 12, 18, 9), "published and retrieved must be days"),
    ("published", dt.date(2025, 1, 1), "published after it was retrieved"),
    ("currency", "yen", "currency is 'yen', not an ISO 4217 code"),
    ("currency", "Yen", "currency is 'Yen'"),
    ("currency", None, "currency is None"),
    ("source", "hearsay", "source 'hearsay' is no document of the lake"),
    ("source", None, "source is None, not a text"),
]
SERIES_FLAWS: list[tuple[str, Any, str]] = [
    ("area", "JAP", "area: unknown area code 'JAP'"),
    ("key", "", "key is '', not a text"),
    ("dimensions", "partner=USA", "not a mapping from text to text"),
    ("dimensions", {"partner": None}, "not a mapping from text to text"),
    ("period", "FY24", "'FY24' is not a period"),
    ("freq", "FY", "2024-11 is no period of freq FY"),
    ("value", "½", "not a number"),
    ("value", Decimal("0.0000001"), "value has more than 6 decimal places"),
    ("value", Decimal(10**18), "value has more than 18 digits before the point"),
    ("resolution", Decimal(-1), "resolution is never negative"),
    ("status", "", "status is ''"),
    ("retrieved", dt.date(2024, 1, 1), "published after it was retrieved"),
]


def refusal(lake: Lake, table: str, row: dict[str, Any]) -> str:
    done = ingest(lake, table, [row])
    assert done.added == 0
    (refused,) = done.refused
    assert refused.row is row
    return refused.reason


@pytest.fixture(scope="module")
def empty() -> Lake:
    return lake_of()


@pytest.mark.parametrize(("column", "given", "reason"), FLAWS)
def test_a_flow_is_refused(empty: Lake, column: str, given: Any, reason: str) -> None:
    assert reason in refusal(empty, "flows", GOOD | {column: given})
    assert rows_of(empty, empty.all_flows) == []


@pytest.mark.parametrize(("column", "given", "reason"), SERIES_FLAWS)
def test_a_series_is_refused(empty: Lake, column: str, given: Any, reason: str) -> None:
    assert reason in refusal(empty, "series", GOOD_SERIES | {column: given})
    assert rows_of(empty, empty.all_series) == []


@pytest.mark.parametrize("column", sorted(GOOD))
def test_a_row_needs_every_column(empty: Lake, column: str) -> None:
    lacking = {c: v for c, v in GOOD.items() if c != column}
    assert refusal(empty, "flows", lacking) == f"the row lacks {column}"


@pytest.mark.parametrize(
    "row",
    [
        GOOD,
        GOOD | {"value": 0},
        GOOD | {"value": "1e6"},
        GOOD | {"value": Decimal("99999999999999999.999")},
        # Some countries value imports FOB.
        GOOD | {"flow": "import", "valuation": "fob"},
        GOOD | {"flow": "import", "valuation": "cif"},
        GOOD | {"period": "2024-01/2024-11", "freq": "S"},
        GOOD | {"period": "FY2024", "freq": "FY"},
        GOOD | {"quantity": Decimal("11560"), "unit": "t"},
    ],
)
def test_a_sound_row_is_let_in(row: dict[str, Any]) -> None:
    lake = lake_of()
    assert ingest(lake, "flows", [row]) == Ingested(1, ())
    assert ingest(lake, "flows", [row]) == Ingested(0, ())


def test_a_series_may_be_negative_and_fine() -> None:
    lake = lake_of()
    row = GOOD_SERIES | {"value": Decimal("-153.712601"), "resolution": Decimal("0.000001")}
    assert ingest(lake, "series", [row]).added == 1
    assert [r["value"] for r in rows_of(lake, lake.all_series)] == [Decimal("-153.712601")]


def test_the_embedded_figures_pass_their_own_rules(lake: Lake) -> None:
    for table, columns in (("flows", lake.all_flows), ("series", lake.all_series)):
        for row in rows_of(lake, columns):
            given = row | ({"dimensions": dict(row["dimensions"])} if table == "series" else {})
            assert fault(table, given) == ""


def test_another_table_is_refused(empty: Lake) -> None:
    with pytest.raises(UnknownTerm, match="table 'flow': did you mean flows"):
        ingest(empty, "flow", [])


def test_two_values_for_one_row_stop_the_delivery() -> None:
    lake = lake_of()
    with pytest.raises(IntegrityError, match="two values"):
        ingest(lake, "flows", [GOOD, GOOD | {"value": Decimal(1)}])
    assert rows_of(lake, lake.all_flows) == []


BROKEN = st.sampled_from(FLAWS).map(lambda flaw: ("broken", flaw))
SOUND = st.integers(0, 10).map(lambda number: ("sound", number))


@settings(max_examples=20, deadline=None)
@given(st.lists(SOUND | BROKEN, max_size=12))
def test_nothing_is_lost(delivery: list[tuple[str, Any]]) -> None:
    lake = lake_of()
    rows, numbers = [], set()
    for sort, what in delivery:
        if sort == "sound":
            numbers.add(what)
            rows.append(GOOD | {"period": month(what)})
        else:
            rows.append(GOOD | {what[0]: what[1]})
    done = ingest(lake, "flows", rows)
    broken = [row for row, (sort, _what) in zip(rows, delivery, strict=True) if sort == "broken"]
    assert [r.row for r in done.refused] == broken
    assert all(isinstance(r, Refused) and r.reason for r in done.refused)
    # A row that is given twice adds nothing the second time.
    assert done.added == len(numbers)
    assert {r["period"] for r in rows_of(lake, lake.all_flows)} == {month(n) for n in numbers}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(GOOD)),
        st.none() | st.text() | st.integers() | st.floats() | st.dates() | st.lists(st.text()),
    )
)
def test_no_row_breaks_the_check(changes: dict[str, Any]) -> None:
    row = GOOD | changes
    reason = fault("flows", row)
    if not reason and row["source"] == "office":
        assert ingest(lake_of(), "flows", [row]).added == 1
    else:
        assert isinstance(reason, str)
