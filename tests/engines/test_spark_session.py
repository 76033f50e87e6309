"""How boeki comes by a Spark session, and what it leaves of one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from boeki.errors import InputError, LakeError, MissingExtra
from boeki.lake import open_lake
from boeki.lake.engine import Engine

ROOT = Path(__file__).parent.parent.parent


def test_a_session_that_is_given_is_left_as_it_was(spark_session: Any, spark: Engine) -> None:
    lake = open_lake(engine=spark)
    kept = lake.keep(lake.flows().limit(1))
    assert lake.execute(kept).num_rows == 1
    assert spark_session.catalog.listTables() == []
    assert spark_session.conf.get("spark.sql.ansi.enabled") == "false"
    assert spark_session.conf.get("spark.sql.session.timeZone") == "Asia/Tokyo"
    spark.close()  # type: ignore[attr-defined]
    assert spark_session.sql("SELECT 1 AS one").collect()[0].one == 1


def test_settings_of_the_session_given_hold(spark_session: Any) -> None:
    from boeki.lake.spark import SparkEngine

    spark_session.conf.set("spark.boeki.test", "as I said")
    engine = SparkEngine(spark_session)
    assert engine.session.conf.get("spark.boeki.test") == "as I said"
    assert engine.session.conf.get("spark.sql.shuffle.partitions") == "1"


def test_a_session_of_spark_connect_is_refused() -> None:
    pytest.importorskip("pyspark")
    from boeki.lake.spark import SparkEngine

    with pytest.raises(InputError, match="Spark Connect"):
        SparkEngine(SimpleNamespace())


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from boeki.lake.spark import SparkEngine

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingExtra, match=r"boeki\[spark\]"):
        SparkEngine()


def test_without_java_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    session = pytest.importorskip("pyspark.sql").SparkSession
    from boeki.lake.spark import SparkEngine

    monkeypatch.setattr(session, "getActiveSession", lambda: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LakeError, match="Spark needs Java, and there is none"):
        SparkEngine()


def test_spark_started_by_name_says_nothing(spark_session: Any) -> None:
    """In a process of its own: nothing on standard error, and the answer on standard output."""
    program = (
        "from boeki import open_lake\n"
        "lake = open_lake()\n"
        "print(lake.engine.name, lake.execute(lake.flows().count()).num_rows)\n"
        "lake.engine.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**_environment(), "BOEKI_ENGINE": "local[1]"},
        timeout=240,
        check=False,
    )
    # This line is Java's own, before anything could be said to it.
    said = [line for line in done.stderr.splitlines() if "incubator modules" not in line]
    assert (done.returncode, done.stdout, said) == (0, "spark 1\n", [])


def _environment() -> dict[str, str]:
    import os

    # What this process's own gateway left behind would take the new one to it.
    return {k: v for k, v in os.environ.items() if not k.startswith("PYSPARK_")}
