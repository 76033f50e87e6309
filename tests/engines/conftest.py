"""One suite, every engine: each test that takes ``engine`` runs on DuckDB, on Spark, on PostgreSQL
and on ClickHouse.

Gaps are told apart by their reason, and a gap that closes fails its test until the mark is gone:

    notimpl   the engine could do it, and Ibis does not compile it yet
    notyet    boeki does not do it yet
    never     the engine has no such thing
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from boeki.lake import Lake
from boeki.lake.engine import Engine
from tests.engines import servers
from tests.handmade import document

ENGINES = ("duckdb", "spark", "postgresql", "clickhouse")
#: What pyspark does: 3.5 asks distutils for versions and leaves sockets to be closed by chance, 4
#: has not seen the newest pandas.
_NOT_OURS = (
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
    "ignore:distutils Version classes are deprecated:DeprecationWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::ResourceWarning",
)


@pytest.fixture(scope="session")
def spark_session() -> Iterator[Any]:
    """A session as a user has one: with settings of its own, and nothing of boeki's."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: boeki[spark]")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java, and there is none")
    builder = sql.SparkSession.builder.master("local[2]").appName("tests")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
        # Most of the time goes into compiling what runs once.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        # Not what boeki needs: it must see to that by itself.
        "spark.sql.ansi.enabled": "false",
        "spark.sql.session.timeZone": "Asia/Tokyo",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def spark(spark_session: Any) -> Engine:
    """The Spark engine in the user's session."""
    from boeki.lake.spark import SparkEngine

    return SparkEngine(spark_session)


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """Where a PostgreSQL is."""
    pytest.importorskip("adbc_driver_postgresql", reason="no driver: boeki[postgres]")
    with servers.postgres() as address:
        yield address


@pytest.fixture(scope="session")
def postgresql(postgres_address: str) -> Iterator[Engine]:
    """The PostgreSQL engine."""
    from boeki.lake.postgres import PostgresEngine

    engine = PostgresEngine(postgres_address)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def clickhouse_address() -> str:
    """Where a ClickHouse is: in this process, or the server that BOEKI_TEST_CLICKHOUSE names."""
    address = os.environ.get("BOEKI_TEST_CLICKHOUSE", "chdb")
    if address == "chdb":
        pytest.importorskip("chdb", reason="chdb is not installed: boeki[chdb]")
    return address


@pytest.fixture(scope="session")
def clickhouse(clickhouse_address: str) -> Iterator[Engine]:
    """The ClickHouse engine."""
    from boeki.lake.clickhouse import ClickHouseEngine

    engine = ClickHouseEngine(clickhouse_address)
    yield engine
    engine.close()


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine | None:
    """The engine to run on; None for the DuckDB that every lake has of its own."""
    return None if request.param == "duckdb" else request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def embedded(engine: Engine | None) -> Lake:
    """The lake of the embedded figures."""
    from boeki.lake import open_lake

    return open_lake(engine=engine)


@pytest.fixture
def lake_of(engine: Engine | None) -> Callable[..., Lake]:
    """Makes a lake with some rows and nothing else."""

    def made(flows: Any = (), series: Any = (), documents: Any = ()) -> Lake:
        lake = Lake(engine=engine)
        lake.append("documents", [document(), *documents])
        lake.append("flows", flows)
        lake.append("series", series)
        return lake

    return made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Turn the marks of gaps into strict expected failures of the engine that has them."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        for text in _NOT_OURS:
            item.add_marker(pytest.mark.filterwarnings(text))
        for kind in ("notimpl", "notyet", "never"):
            for mark in item.iter_markers(kind):
                if item.callspec.params["engine"] in mark.args:
                    item.add_marker(
                        pytest.mark.xfail(
                            reason=f"{kind}: {mark.kwargs['reason']}",
                            raises=mark.kwargs["raises"],
                            strict=True,
                        )
                    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks known."""
    for kind in ("notimpl", "notyet", "never"):
        config.addinivalue_line("markers", f"{kind}(*engines, reason, raises): a gap of an engine")
