"""Tables that are computed when something built on them is asked for, and cubes made of them."""

from __future__ import annotations

import datetime as dt
import gc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ibis import _

from boeki.errors import LakeError
from boeki.lake import Lake, open_lake
from boeki.lake.engine import DuckEngine
from boeki.lake.rows import stored_rows
from boeki.measure.cube import measure_cube
from tests.handmade import flow, lake_of

DAYS = (dt.date(2024, 1, 1), dt.date(2024, 6, 1))


def held(lake: Lake) -> set[str]:
    """Names of the tables that DuckDB has of those computed later."""
    found = lake.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return {name for (name,) in found if name.startswith("later_")}


def test_nothing_is_computed_before_it_is_asked_for_and_nothing_kept_after() -> None:
    lake = lake_of([flow("2024-01", 1), flow("2024-02", 2)])
    later = lake.later(lake.flows().select("value"))
    total = later.agg(v=_.value.sum())
    assert held(lake) == set()
    assert lake.execute(total)["v"].to_pylist() == [3]
    assert held(lake) == {later.get_name()}
    # What was computed is not computed again.
    lake.connection.execute(f"INSERT INTO {later.get_name()} VALUES (4)")
    assert lake.execute(total)["v"].to_pylist() == [7]
    kept = lake.keep(total)
    del later, total
    gc.collect()
    assert lake.execute(kept)["v"].to_pylist() == [7]
    assert held(lake) == set()


def test_what_was_never_asked_for_leaves_nothing() -> None:
    lake = lake_of([flow("2024-01", 1)])
    lake.later(lake.flows())
    gc.collect()
    assert lake.execute(lake.flows().count())[0].to_pylist() == [1]
    assert held(lake) == set()


def test_an_error_on_the_way_can_be_asked_for_again() -> None:
    lake = lake_of([flow("2024-01", "99999999999999999.999")])
    later = lake.later(lake.flows().select(value=_.value.cast("int32")))
    for _try in range(2):
        with pytest.raises(LakeError, match="cannot read"):
            lake.execute(later)
    assert held(lake) == set()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of five years without 2019, in two vintages: 2021 is revised, 2022 comes late."""
    place = tmp_path_factory.mktemp("cube") / "lake"
    lake = open_lake(place, make=True)
    for number, (day, years) in enumerate(
        zip(DAYS, ((2018, 2020, 2021), (2021, 2022)), strict=True)
    ):
        source = f"office/{day}"
        blank = dict.fromkeys(("title", "url", "licence", "note", "vintage", "sha256"), "")
        told = {"publisher": "Office", "standing": "official", "published": day, "retrieved": day}
        lake.add_document(blank | told, lambda _had, name=source: name)
        lake.deliver("flows", stored_rows("flows", _rows(number, day, years)))
    return place


def _rows(vintage: int, day: dt.date, years: tuple[int, ...]) -> str:
    """SQL for three products with four partners, the world beside them."""
    return (
        "SELECT 'JPN' AS reporter, ['USA', 'CHN', 'KOR', 'WLD'][1 + x % 4] AS partner, "
        "'export' AS flow, 'HS2017' AS classification, ['848620', '270900', '870323'][1 + x // 4] "
        "AS product, 'A' AS freq, CAST(y AS VARCHAR) AS period, "
        f"CAST((x * 7919 + y * 104729 + {vintage} * 15485863) % 1000003 AS DECIMAL(20, 3)) "
        "AS value, 'USD' AS currency, CAST(1 AS DECIMAL(20, 3)) AS resolution, "
        "CAST(NULL AS DECIMAL(20, 3)) AS quantity, CAST(NULL AS VARCHAR) AS unit, "
        "CAST(NULL AS DECIMAL(20, 3)) AS weight, "
        "'fob' AS valuation, '' AS system, 'nsa' AS adjustment, 'final' AS status, "
        f"'office/{day}' AS source, DATE '{day}' AS published, DATE '{day}' AS retrieved, "
        f"'' AS vintage, 'free' AS licence FROM range(12) t(x), (SELECT unnest({list(years)}) AS y)"
    )


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"as_of": DAYS[0]},
        {"as_of": dt.date(2023, 1, 1)},
        {"start": "2021"},
        {"start": "2020", "end": "2021"},
        {"by": ("product",), "digits": 6},
        {"by": ("partner",), "digits": 6},
        {"by": ("reporter", "product", "partner"), "compared": False},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("cells", "tables"), [(8_000_000, 1), (30, 4), (0, 4)],
    ids=["in one array", "in an array a span", "by hash, year by year"],
)  # fmt: skip
def test_a_cube_made_in_parts_is_the_same(
    place: Path,
    asked: dict[str, Any],
    cells: int,
    tables: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lake = open_lake(place)
    at_once = rows(lake, asked)
    monkeypatch.setattr("boeki.measure.cube.MANY", 0)
    monkeypatch.setattr("boeki.measure.sums.MOST", cells)
    monkeypatch.setattr("boeki.measure.sums.LARGE", 0)
    assert rows(lake, asked) == at_once
    assert at_once or asked["as_of"].year == 2023
    assert 0 < len(held(lake)) <= tables


def test_no_row_is_read_twice(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = open_lake(place)
    monkeypatch.setattr("boeki.measure.cube.MANY", 0)
    monkeypatch.setattr("boeki.measure.sums.MOST", 30)
    read = []
    batches = DuckEngine.batches

    def counted(engine: DuckEngine, rows: Any) -> Any:
        read.append(engine.execute(rows.count().as_table())[0][0].as_py())
        return batches(engine, rows)

    monkeypatch.setattr(DuckEngine, "batches", counted)
    rows(lake, {})
    assert (len(read), sum(read)) == (3, 4 * 12)


def test_what_does_not_fit_into_an_array_is_added_up_by_hash(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(place)
    at_once = rows(lake, {})
    monkeypatch.setattr("boeki.measure.cube.MANY", 0)
    monkeypatch.setattr("boeki.lake.cells._ALL", 1)
    assert rows(lake, {}) == at_once


def test_a_question_after_one_that_was_broken_off(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(place)
    at_once = rows(lake, {})
    monkeypatch.setattr("boeki.measure.cube.MANY", 0)
    with monkeypatch.context() as broken:
        broken.setattr("boeki.lake.cells._thousandths", lambda _values: 1 / 0)
        # The error is held on to, as a notebook does.
        with pytest.raises(ZeroDivisionError) as held_on:
            rows(lake, {})
    assert rows(lake, {}) == at_once
    assert held_on.value.__traceback__ is not None


def test_a_cube_in_an_array_does_without_pandas(place: Path) -> None:
    program = (
        "import sys\n"
        "from boeki.lake import open_lake\n"
        "import boeki.measure.cube as cube\n"
        "cube.MANY = 0\n"
        f"lake = open_lake({str(place)!r})\n"
        "made = cube.measure_cube(lake, office='office')\n"
        "assert lake.execute(made.table).num_rows == 36\n"
        "print('pandas' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert (done.stdout.strip(), done.stderr) == ("False", "")


@pytest.mark.parametrize(("freq", "periods"), [
    ("M", ["2022-12", "2023-01", "2023-03", "2024-01", "2024-02", "2024-03"]),
    ("Q", ["2022-Q4", "2023-Q1", "2023-Q2", "2023-Q4", "2024-Q2", "2024-Q4"]),
])  # fmt: skip
def test_months_and_quarters_stand_beside_those_of_the_year_before(
    freq: str, periods: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = lake_of(
        flow(period, n + 10 * k + 1, freq=freq, partner=partner, product="848620")
        for n, period in enumerate(periods)
        for k, partner in enumerate(("USA", "CHN"))
        if (n + k) % 4
    )
    asked = {"by": ("partner",), "freq": freq, "digits": 6}
    at_once = rows(lake, asked)
    monkeypatch.setattr("boeki.measure.cube.MANY", 0)
    assert rows(lake, asked) == at_once
    assert held(lake)
    beside = {(r[0], r[1]): r[3] for r in at_once}
    year_before = {p: p.replace(p[:4], str(int(p[:4]) - 1)) for p in periods}
    assert (
        {k for k, v in beside.items() if v is not None}
        == {(p, c) for p, c in beside if (year_before[p], c) in beside}
        != set()
    )


def rows(lake: Lake, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    cube = measure_cube(lake, office="office", **asked)
    return sorted(tuple(r.values()) for r in cube.to_arrow().to_pylist())
