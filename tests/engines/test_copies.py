"""Databases have a copy of a lake: whole, once, and of what was pulled last."""

from __future__ import annotations

import datetime as dt
import gc
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from boeki.cli.main import cli
from boeki.errors import InputError, LakeError, MissingExtra
from boeki.lake import Lake, database, open_lake
from boeki.lake.copying import copy
from boeki.lake.database import DatabaseEngine
from boeki.measure.table import measure_series
from tests.engines.servers import http_clickhouse
from tests.engines.test_vintages import fetch
from tests.ingest.office import write

DAYS = (dt.date(2024, 2, 1), dt.date(2024, 3, 1))


@pytest.fixture(params=["postgresql", "clickhouse"])
def engine(request: pytest.FixtureRequest) -> DatabaseEngine:
    """A database without copies."""
    found: DatabaseEngine = request.getfixturevalue(request.param)
    found.remove_copies()
    return found


@pytest.fixture
def lake(tmp_path: Path, engine: DatabaseEngine) -> Lake:
    """A lake with one delivery of one row, asked through the database."""
    (tmp_path / "in").mkdir()
    lake = open_lake(tmp_path / "lake", engine=engine, make=True)
    deliver(lake, 1)
    return lake


def deliver(lake: Lake, value: int) -> None:
    assert lake.place
    folder = lake.place.folder.parent / "in"
    write(folder, "a", [f"USA,TOTAL,2024-01,{value},final"])
    fetch(lake, folder, "a", DAYS[value - 1])


def values(lake: Lake) -> list[int]:
    """What the office says now."""
    table = lake.flows().filter(lambda t: t.office == "office")
    return [int(r["value"]) for r in lake.execute(table).to_pylist()]


def rows_there(lake: Lake) -> int:
    """How many rows the copy of ``flows`` has, whether they are read or not."""
    found = lake.engine.connection.read(  # type: ignore[attr-defined]
        "SELECT count(*) AS n FROM boeki_flows"
    )
    return int(found["n"][0].as_py())


def test_only_what_is_new_is_copied(lake: Lake) -> None:
    assert (values(lake), rows_there(lake)) == ([1], 1)
    deliver(lake, 2)
    assert (values(lake), rows_there(lake)) == ([2], 2)
    assert [c.copied for c in copy(lake)] == [0, 0]


def test_another_process_reads_the_same_copy(lake: Lake) -> None:
    assert lake.place
    copy(lake)
    again = open_lake(lake.place.folder, engine=lake.engine)
    assert (values(again), rows_there(again)) == ([1], 1)


def test_what_was_broken_off_is_not_read(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    way: Any = lake.engine.connection  # type: ignore[attr-defined]
    insert = way.insert

    def broken(table: str, rows: Any, **how: Any) -> None:
        if table == "boeki_files":
            raise LakeError("the line is dead")
        insert(table, rows, **how)

    monkeypatch.setattr(way, "insert", broken)
    with pytest.raises(LakeError, match="dead"):
        copy(lake)
    monkeypatch.undo()
    # The rows are there twice, and one time is read.
    assert (values(lake), rows_there(lake)) == ([1], 2)


def test_a_file_that_two_copied_at_once_is_read_once(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(lake)
    monkeypatch.setattr(DatabaseEngine, "_have", lambda *_: {})
    copy(lake)
    monkeypatch.undo()
    assert (values(lake), rows_there(lake)) == ([1], 2)


def test_much_is_copied_only_where_one_says_so(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "UNASKED", 0)
    with pytest.raises(LakeError, match=r"1 rows of flows are not in .*lake copy"):
        values(lake)
    seen: list[int] = []
    assert [(c.table, c.rows, c.copied) for c in copy(lake, progress=seen.append)] == [
        ("flows", 1, 1),
        ("series", 0, 0),
    ]
    assert (seen, values(lake)) == ([1], [1])


def test_a_copy_made_anew_has_no_more_than_the_lake(lake: Lake) -> None:
    copy(lake)
    deliver(lake, 2)
    copy(lake)
    lake.engine.connection.run("DELETE FROM boeki_files WHERE rows = 1")  # type: ignore[attr-defined]
    copy(lake)
    assert rows_there(lake) == 4
    assert [c.copied for c in copy(lake, anew=True)] == [2, 0]
    assert (values(lake), rows_there(lake)) == ([2], 2)


def test_nothing_is_left_that_was_for_one_lake_alone(engine: DatabaseEngine) -> None:
    gc.collect()
    engine._tidy()
    made = set(engine._made)
    lake = open_lake(engine=engine)
    kept = lake.keep(lake.flows().limit(1))
    assert set(engine._made) > made
    name = kept.get_name()
    lake.drop(kept)
    del lake, kept
    engine._tidy()
    assert name not in engine._made
    assert set(engine._made) <= made


def test_duckdb_needs_no_copy(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", make=True)
    with pytest.raises(InputError, match="duckdb reads the files of a lake by itself"):
        copy(lake)


def test_the_command_copies(lake: Lake, clickhouse_address: str) -> None:
    assert lake.place
    where = ["--lake", str(lake.place.folder), "--engine", clickhouse_address]
    for copied in (1, 0) if lake.engine.name == "postgresql" else (0,):
        if copied == 0:
            copy(lake)
        done = CliRunner().invoke(cli, [*where, "lake", "copy", "--csv"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert "flows,1," in done.stdout


@pytest.mark.parametrize(
    "address",
    ["postgresql://me:hush@127.0.0.1:1/trade", "clickhouse://me:hush@127.0.0.1:1/trade"],
)
def test_a_server_that_is_not_there_is_said_without_the_password(address: str) -> None:
    from boeki.lake.engines import engine_of

    if address.startswith("postgresql"):
        pytest.importorskip("adbc_driver_postgresql")
    with pytest.raises(LakeError, match=r"cannot reach .* at 127\.0\.0\.1/trade") as told:
        engine_of(address)
    assert "hush" not in str(told.value)


def test_an_option_that_nobody_knows_is_refused() -> None:
    from boeki.lake.clickhouse import ClickHouseEngine

    with pytest.raises(InputError, match="secure=true, and no compress"):
        ClickHouseEngine("clickhouse://db/trade?compress=1")


@pytest.mark.parametrize(
    ("module", "address", "extra"),
    [("adbc_driver_postgresql.dbapi", "postgresql://db/x", "postgres"), ("chdb", "chdb", "chdb")],
)
def test_without_a_driver_the_extra_is_named(
    module: str, address: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from boeki.lake.engines import engine_of

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"boeki\[{extra}\]"):
        engine_of(address)


def test_a_server_is_spoken_to_over_http(tmp_path: Path) -> None:
    pytest.importorskip("chdb", reason="chdb is not installed: boeki[chdb]")
    from boeki.lake.clickhouse import ClickHouseEngine

    with http_clickhouse("reader", "hush") as address:
        with pytest.raises(LakeError, match=r"cannot read .*Authentication failed"):
            ClickHouseEngine(address.replace("hush", "wrong"))
        engine = ClickHouseEngine(address)
        (tmp_path / "in").mkdir()
        lake = open_lake(tmp_path / "lake", engine=engine, make=True)
        deliver(lake, 1)
        assert values(lake) == [1]
        here = measure_series("balance", "JPN", start="2024-11", end="2024-11", lake=lake)
        there = measure_series("balance", "JPN", start="2024-11", end="2024-11", lake=open_lake())
        assert [r.value for r in here.rows] == [r.value for r in there.rows] != []
        with pytest.raises(LakeError, match=r"cannot read ClickHouse at 127\.0\.0\.1.*nowhere"):
            engine.connection.read("SELECT 1 FROM nowhere")
        engine.close()
