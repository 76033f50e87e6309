"""Each rule has a row that breaks it, and one that only just does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from boeki.ingest import fault
from boeki.ingest.rules import PERIODS, reason, rules
from boeki.lake.tables import TABLES
from boeki.terms import areas
from tests.handmade import DAY, flow, stated

NEXT = DAY + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    codes = pa.table({"code": [a.code for a in areas.areas()]})
    with duckdb.connect() as found:
        found.register("area_codes", codes)
        yield found


def judged(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> str | None:
    """What the rules of a table say of a row."""
    columns = TABLES[table].columns
    marks = ", ".join(f"CAST(? AS {sort}) AS {name}" for name, sort in columns.items())
    sql = f"SELECT {reason(table)} FROM (SELECT {marks})"
    found = connection.execute(sql, [row[c] for c in columns]).fetchone()
    assert found is not None
    said: str | None = found[0]
    return said


FLOWS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"freq": "W"}, {}, "freq is W, not one of"),
    ({"freq": None}, {}, "freq is null"),
    ({"status": "guess"}, {"status": "stated"}, "status is guess"),
    ({"reporter": "XXX"}, {"reporter": "KOR"}, "reporter XXX is no code of an area"),
    ({"partner": "ZZZ"}, {"partner": "USA"}, "partner ZZZ is no code of an area"),
    ({"partner": None}, {"partner": "WLD"}, "partner null is no code of an area"),
    ({"period": "2024-13"}, {"period": "2024-12"}, "period 2024-13 is not written as one of"),
    ({"period": None}, {}, "period null is not written as one of"),
    ({"period": "2024-Q1"}, {"period": "2024-Q1", "freq": "Q"}, "not written as one of freq M"),
    ({"period": "1499-12"}, {"period": "1500-01"}, "of no year that has statistics"),
    ({"period": "2201-01"}, {"period": "2200-12"}, "of no year that has statistics"),
    ({"value": None}, {"value": 0}, "it has no value"),
    ({"value": "-0.001"}, {"value": 0}, "value is negative"),
    ({"quantity": -1, "unit": "kg"}, {"quantity": 0, "unit": "kg"}, "quantity is negative"),
    ({"weight": "-0.5"}, {"weight": "0.5"}, "weight is negative"),
    ({"resolution": -1}, {"resolution": 0}, "resolution is -1"),
    ({"resolution": None}, {}, "resolution is null"),
    ({"published": DAY, "retrieved": DAY - dt.timedelta(days=2)}, {}, "published on"),
    ({"published": None, "retrieved": DAY}, {}, "published on no day"),
    ({"retrieved": None}, {}, "retrieved on no day"),
    ({"flow": "transit"}, {"flow": "re-export", "valuation": "fob"}, "flow is transit"),
    ({"adjustment": "wda"}, {"adjustment": "sa"}, "adjustment is wda"),
    ({"valuation": "exw"}, {"valuation": "fas"}, "valuation is exw"),
    ({"valuation": "cif"}, {"flow": "import", "valuation": "cif"}, "an export valued cif"),
    ({"flow": "import", "valuation": "fas"}, {"flow": "import", "valuation": "customs"}, "fas"),
    ({"classification": ""}, {"classification": "X"}, "classification is empty"),
    ({"classification": "a|b"}, {"classification": "a b"}, "classification has a bar in it"),
    ({"product": None}, {"product": "0"}, "product is empty"),
    ({"product": "a|b"}, {"product": "a/b"}, "product has a bar in it"),
    ({"system": "a|b"}, {"system": "special"}, "system has a bar in it"),
    ({"currency": "yen"}, {"currency": "USD"}, "currency is yen, not an ISO 4217 code"),
    ({"currency": None}, {}, "currency is null"),
    ({"quantity": 1}, {"quantity": 1, "unit": "kg"}, "a quantity and its unit stand together"),
    (
        {"quantity": 1, "unit": "bushel"},
        {"quantity": 1, "unit": "t"},
        "unit bushel is none of the vocabulary",
    ),
    ({"unit": "kg"}, {"unit": ""}, "a quantity and its unit stand together"),
]
SERIES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"key": ""}, {"key": "fx"}, "key is empty"),
    ({"key": "a|b"}, {"key": "a.b"}, "key has a bar in it"),
    ({"unit": None}, {"unit": "%"}, "unit is empty"),
    ({"unit": "JPY|USD"}, {"unit": "JPY/USD"}, "unit has a bar in it"),
    ({"area": "EU99"}, {"area": "EU27"}, "area EU99 is no code of an area"),
    ({"dimensions": {"a": None}}, {"dimensions": {"a": ""}}, "a dimension has no value"),
    ({"dimensions": {"a": "b|c"}}, {"dimensions": {}}, "dimensions have a bar in them"),
    ({"dimensions": {"a|b": "c"}}, {"dimensions": {"a": "b"}}, "dimensions have a bar in them"),
]


@pytest.mark.parametrize(("bad", "good", "says"), FLOWS)
def test_a_flow_that_breaks_a_rule_and_one_that_does_not(
    connection: duckdb.DuckDBPyConnection, bad: dict[str, Any], good: dict[str, Any], says: str
) -> None:
    assert says in str(judged(connection, "flows", flow("2024-01", 1) | bad))
    assert judged(connection, "flows", flow("2024-01", 1) | good) is None


@pytest.mark.parametrize(("bad", "good", "says"), SERIES)
def test_a_figure_of_a_series_that_breaks_a_rule_and_one_that_does_not(
    connection: duckdb.DuckDBPyConnection, bad: dict[str, Any], good: dict[str, Any], says: str
) -> None:
    assert says in str(judged(connection, "series", stated("2024-01", 1) | bad))
    assert judged(connection, "series", stated("2024-01", -1) | good) is None


@pytest.mark.parametrize("table", ["flows", "series"])
def test_no_rule_goes_untried(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Of the rows above, each rule is broken by one."""
    rows = [(flow, FLOWS)] if table == "flows" else [(stated, SERIES), (stated, FLOWS)]
    made = [m("2024-01", 1) | bad for m, cases in rows for bad, _, _ in cases]
    made += [m("2024-02-31", 1, freq="D") for m, _ in rows]
    columns = TABLES[table].columns
    marks = ", ".join(f"CAST(? AS {sort}) AS {name}" for name, sort in columns.items())
    for rule in rules(table):
        broken = f"SELECT {rule.broken} FROM (SELECT {marks})"
        found = []
        for row in made:
            # A later rule may take for granted what an earlier one saw to.
            try:
                answer = connection.execute(broken, [row[c] for c in columns]).fetchone()
            except duckdb.ConversionException:
                continue
            found.append(answer is not None and answer[0] is True)
        assert any(found), rule


@pytest.mark.parametrize(
    ("freq", "period", "sound"),
    [
        ("D", "2024-02-29", True),
        ("D", "2023-02-29", False),
        ("D", "2024-11-01/2024-11-20", True),
        ("D", "2024-11-01/2024-11-01", False),
        ("D", "2024-11-20/2024-11-01", False),
        ("D", "2024-11-01/2024-11-31", False),
        ("S", "2024-01/2024-11", True),
        ("S", "2024-03/2024-03", True),
        ("S", "2024-11/2024-01", False),
        ("H", "2024-H2", True),
        ("H", "2024-H3", False),
        ("FY", "FY2024", True),
        ("FY", "2024", False),
        ("A", "2024", True),
        ("A", "24", False),
        ("M", "2024-1", False),
        ("M", "2024-01\n", False),
    ],
)
def test_periods(
    connection: duckdb.DuckDBPyConnection, freq: str, period: str, sound: bool
) -> None:
    row = flow(period, 1, freq=freq)
    assert (judged(connection, "flows", row) is None) is sound
    # Rows given by hand are held to the same.
    assert (fault("flows", row) == "") is sound


def test_every_way_of_writing_a_period_is_one_of_the_vocabulary(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert set(PERIODS) == {"A", "H", "Q", "M", "FY", "S", "D"}


def test_a_release_may_be_read_in_the_minutes_after_it(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Japan Customs releases at 8:50 in Tokyo, 23:50 UTC of the day before."""
    row = flow("2024-11", 1, published=dt.date(2024, 12, 18), retrieved=dt.date(2024, 12, 17))
    assert judged(connection, "flows", row) is None


@pytest.mark.parametrize(("bad", "_good", "_says"), FLOWS)
def test_rows_given_by_hand_are_held_to_the_same(
    bad: dict[str, Any], _good: dict[str, Any], _says: str
) -> None:
    row = flow("2024-01", Decimal(1)) | bad
    alone = {"unit", "system"} & set(bad) or set(bad) == {"quantity"} or "1499" in str(bad)
    if not alone and "2201" not in str(bad):
        assert fault("flows", row)
