"""What was known on a day, on every engine: in memory, and on disk after several pulls."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ibis import _

from boeki.ingest import pull
from boeki.lake import Lake, open_lake
from boeki.lake.engine import Engine
from boeki.measure import observations
from boeki.sources.base import Query
from tests.handmade import flow, lake_of
from tests.ingest.office import Office, new_lake, write

JANUARY, MARCH, JUNE = dt.date(2024, 1, 31), dt.date(2024, 3, 1), dt.date(2024, 6, 1)
BEFORE = dt.date(2024, 1, 1)
VINTAGES = [
    flow("2023-12", 100),
    flow("2023-12", 110, published=MARCH),
    flow("2023-12", 120, published=JUNE),
    flow("2024-01", 7, published=MARCH),
]


def told(lake: Lake, as_of: Any, **how: Any) -> list[tuple[Any, ...]]:
    """Day, period, value and whether it stands in, of a table as known on some days."""
    table = lake.flows(as_of, **how).filter(_.office == "office")
    rows = lake.execute(table).to_pylist()
    return sorted((r["as_of"], r["period"], int(r["value"]), r["stand_in"]) for r in rows)


@pytest.mark.parametrize(
    ("day", "values"),
    [(BEFORE, []), (JANUARY, [100]), (MARCH, [110, 7]), (JUNE, [120, 7]), (None, [120, 7])],
)
def test_a_day_sees_the_newest_published_by_then(
    engine: Engine | None, day: dt.date | None, values: list[int]
) -> None:
    lake = in_memory(engine)
    assert [value for _day, _period, value, _in in told(lake, day)] == values


def test_several_days_give_the_table_once_for_each(engine: Engine | None) -> None:
    lake = in_memory(engine)
    assert told(lake, (JANUARY, JUNE)) == [
        (JANUARY, "2023-12", 100, False),
        (JUNE, "2023-12", 120, False),
        (JUNE, "2024-01", 7, False),
    ]


def test_the_oldest_stands_in_for_what_was_not_known(engine: Engine | None) -> None:
    lake = in_memory(engine)
    assert told(lake, (BEFORE, JANUARY), stand_in=True) == [
        (BEFORE, "2023-12", 100, True),
        (BEFORE, "2024-01", 7, True),
        (JANUARY, "2023-12", 100, False),
        (JANUARY, "2024-01", 7, True),
    ]


def in_memory(engine: Engine | None) -> Lake:
    lake = Lake(engine=engine)
    given = lake_of(VINTAGES)
    lake.append("documents", given.documents.values())
    lake.append("flows", VINTAGES)
    return lake


def fetch(lake: Lake, folder: Path, name: str, published: dt.date) -> None:
    """Pull a file of the office, also where it came a moment ago."""
    source = Office(folder, published=published)
    assert pull(lake, source, Query(names=(name,)), fresh=dt.timedelta(0)).added


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake on disk: three vintages of 2023, one of 2024, which no pull has revised."""
    folder = tmp_path_factory.mktemp("office")
    # A bracket or a star would be a pattern where an address is taken for one.
    place = tmp_path_factory.mktemp("a lake, here") / "it is"
    lake = new_lake(place)
    for day, value in ((JANUARY, 100), (MARCH, 110), (JUNE, 120)):
        write(folder, "old", [f"USA,TOTAL,2023-12,{value},final", "KOR,TOTAL,2023-12,1,final"])
        fetch(lake, folder, "old", day)
    write(folder, "new", ["USA,TOTAL,2024-01,7,final"])
    fetch(lake, folder, "new", MARCH)
    return place


@pytest.mark.parametrize(
    ("day", "values"),
    [(BEFORE, []), (JANUARY, [1, 100]), (MARCH, [1, 110, 7]), (None, [1, 120, 7])],
)
def test_vintages_on_disk(
    place: Path, engine: Engine | None, day: dt.date | None, values: list[int]
) -> None:
    lake = open_lake(place, engine=engine)
    assert [value for _day, _period, value, _in in told(lake, day)] == values


def test_columns_of_folders_have_their_types(place: Path, engine: Engine | None) -> None:
    lake = open_lake(place, engine=engine)
    table = lake.flows().filter(_.office == "office").select("office", "year", "month", "value")
    found = sorted(lake.execute(table).to_pylist(), key=lambda r: (r["month"], r["value"]))
    assert found == [
        {"office": "office", "year": 2023, "month": 2023 * 12 + 11, "value": Decimal(1)},
        {"office": "office", "year": 2023, "month": 2023 * 12 + 11, "value": Decimal(120)},
        {"office": "office", "year": 2024, "month": 2024 * 12, "value": Decimal(7)},
    ]


def test_a_pull_is_seen_by_a_lake_that_was_read_before(
    tmp_path: Path, engine: Engine | None
) -> None:
    office = tmp_path / "office"
    office.mkdir()
    lake = open_lake(tmp_path / "lake", engine=engine, make=True)
    for value in (1, 2):
        write(office, "a", [f"USA,TOTAL,2024-01,{value},final"])
        fetch(lake, office, "a", dt.date(2024, 2, value))
        assert [v for _day, _period, v, _in in told(lake, None)] == [value]
    assert [v for _day, _period, v, _in in told(lake, dt.date(2024, 2, 1))] == [1]


def test_measures_of_what_was_pulled(place: Path, engine: Engine | None) -> None:
    lake = open_lake(place, engine=engine)
    table = observations(lake, MARCH, measures=["exports"], reporters=["JPN"])
    chosen = table.filter(_.partner == "USA", _["product"] == "TOTAL", _.month == 2024 * 12)
    (row,) = [r for r in lake.execute(chosen).to_pylist() if r["sources"][0].startswith("office/")]
    assert (row["value"], row["published"]) == (Decimal(7), MARCH)
