"""The embedded figures: the same answers on every engine, to the last digit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from ibis import _

from boeki import check_article, open_lake
from boeki.lake import Lake
from boeki.measure import (
    change,
    contribution,
    observations,
    rank,
    record,
    share,
    since,
    stated,
    streak,
)
from tests.engines.conftest import ENGINES

#: The day of the sample article's release, and now.
DAYS = (dt.date(2024, 12, 18), None)
SAMPLE = Path(__file__).parent.parent.parent / "examples" / "japan-2024-11.txt"
#: What tells one row from another.
KEY = ("as_of", "measure", "base", "reporter", "partner", "product", "unit", "adjustment",
       "basis", "months", "month", "row")  # fmt: skip


def test_november_2024_as_the_ministry_published_it(embedded: Lake) -> None:
    # MoF press release of 18 December 2024: exports 9,152.4, imports 9,270.0, balance −117.6
    # billion yen.
    table = observations(embedded, DAYS[0], measures=["balance"], reporters=["JPN"])
    chosen = table.filter(
        _.month == 2024 * 12 + 10, _.partner == "WLD", _["product"] == "TOTAL", _.months == 1,
        _.adjustment == "nsa",
    )  # fmt: skip
    found = {r["measure"]: round(float(r["value"]) / 1e9, 1) for r in rows(embedded, chosen)}
    assert found == {"exports": 9152.4, "imports": 9270.0, "balance": -117.6}


def test_the_sample_article_gets_the_same_verdicts(elsewhere: Lake, lake: Lake) -> None:
    text, day = SAMPLE.read_text(encoding="utf-8"), dt.date(2025, 1, 10)
    here = check_article(text, elsewhere, published=day)
    there = check_article(text, lake, published=day)
    assert len(here.claims) > 15
    assert [told(c) for c in here.claims] == [told(c) for c in there.claims]


def told(checked: Any) -> tuple[Any, ...]:
    evidence = sorted(((f.value, sorted(f.rows)) for f in checked.evidence), key=str)
    return checked.claim, checked.verdict, checked.line, checked.diagnosis, evidence


@pytest.fixture(scope="module", params=ENGINES[1:])
def elsewhere(request: pytest.FixtureRequest) -> Lake:
    """The embedded figures on another engine, to be held against those on DuckDB."""
    return open_lake(engine=request.getfixturevalue(request.param))


def rows(lake: Lake, table: Any) -> list[dict[str, Any]]:
    return list(lake.execute(table).to_pylist())


@pytest.fixture(scope="module")
def kept(elsewhere: Lake, lake: Lake) -> dict[str, ibis.Table]:
    """All observations, kept on both engines."""
    both = {"elsewhere": elsewhere, "duckdb": lake}
    return {name: which.keep(_observed(which)) for name, which in both.items()}


def _observed(lake: Lake) -> ibis.Table:
    return observations(lake, DAYS, stand_in=True, windows=[3])


def _whole(table: ibis.Table) -> ibis.Table:
    return change(table).filter(
        _.partner == "WLD", _["product"] == "TOTAL", _.basis == "customs", _.adjustment == "nsa"
    )


MEASURES: dict[str, Callable[[ibis.Table], ibis.Table]] = {
    "observations": lambda t: t,
    "change on the year": lambda t: change(t, "yoy"),
    "change on the month": lambda t: change(t, "mom"),
    "streak of signs": streak,
    "streak of rises": lambda t: streak(change(t), "yoy_growth"),
    "record": record,
    "since": lambda t: since(t.filter(_.months == 1, _["product"] == "TOTAL")),
    "rank": lambda t: rank(t, "partner"),
    "share": lambda t: share(t, _whole(t)),
    "contribution": lambda t: contribution(change(t), _whole(t)),
}


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_of_every_figure(
    name: str, elsewhere: Lake, lake: Lake, kept: dict[str, ibis.Table]
) -> None:
    make = MEASURES[name]
    same(elsewhere.execute(make(kept["elsewhere"])), lake.execute(make(kept["duckdb"])))


@pytest.mark.parametrize(
    "table",
    [
        lambda lake: lake.flows(DAYS, stand_in=True),
        lambda lake: lake.series(DAYS),
        lambda lake: stated(lake, DAYS, stand_in=True),
        lambda lake: lake.products,
    ],
    ids=["flows", "series", "stated", "products"],
)
def test_every_table(table: Callable[[Lake], ibis.Table], elsewhere: Lake, lake: Lake) -> None:
    same(elsewhere.execute(table(elsewhere)), lake.execute(table(lake)))


def same(here: pa.Table, there: pa.Table) -> None:
    """Two tables have the same columns of the same types, and the same rows in some order."""
    # The number of a series is the engine's own.
    here, there = (t.drop(["series"]) if "series" in t.column_names else t for t in (here, there))
    assert here.schema.names == there.schema.names
    assert here.schema.types == there.schema.types
    assert here.num_rows == there.num_rows > 0
    key = [(c, "ascending") for c in KEY if c in here.column_names]
    here, there = (
        t.sort_by(key or [(c, "ascending") for c in t.column_names]) for t in (here, there)
    )
    for name, a, b in zip(here.column_names, here.columns, there.columns, strict=True):
        if pa.types.is_floating(a.type):
            np.testing.assert_allclose(a.to_numpy(), b.to_numpy(), rtol=1e-12, err_msg=name)
        elif pa.types.is_map(a.type):
            assert [dict(m) for m in a.to_pylist()] == [dict(m) for m in b.to_pylist()], name
        else:
            assert a.equals(b), name


@pytest.mark.parametrize("name", ENGINES)
def test_the_environment_starts_an_engine(
    name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixed = {"duckdb": "duckdb", "spark": "local[2]"}
    if name == "spark":
        request.getfixturevalue("spark_session")
    address = fixed.get(name) or request.getfixturevalue(
        {"postgresql": "postgres_address", "clickhouse": "clickhouse_address"}[name]
    )
    monkeypatch.setenv("BOEKI_ENGINE", address)
    lake = open_lake()
    assert lake.engine.name == name
    assert lake.execute(lake.flows().count()).num_rows == 1
