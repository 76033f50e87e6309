"""What an engine is given and gives back: types, names of rows, kept tables, errors."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest
from ibis import _
from ibis.common.exceptions import IbisError, UnsupportedOperationError

from boeki.errors import LakeError, UnknownTerm
from boeki.lake.delta import arrow_schema
from boeki.lake.engines import engine_of
from tests.handmade import DAY, flow, stated


@pytest.mark.parametrize("table", ["flows", "series"])
def test_types_are_those_of_the_tables(lake_of: Any, table: str) -> None:
    lake = lake_of([flow("2024-01", 1)], [stated("2024-01", 1)])
    found = lake.execute(getattr(lake, f"all_{table}"))
    types = dict(zip(found.schema.names, found.schema.types, strict=True))
    assert types == {f.name: f.type for f in arrow_schema(table)} | {"row": pa.string()}


def test_money_and_maps_come_back_as_they_were(lake_of: Any) -> None:
    # The largest and the smallest that decimal(20,3) holds.
    most, least = Decimal("99999999999999999.999"), Decimal("-99999999999999999.999")
    dims = {"partner": "USA", "basis": "b|c"}
    lake = lake_of(
        [flow("2024-01", most), flow("2024-02", least), flow("2024-03", "0.001", unit=None)],
        [stated("2024-01", "3.141593", dimensions=dims)],
    )
    flows = lake.execute(lake.flows().order_by("period")).to_pylist()
    assert [r["value"] for r in flows] == [most, least, Decimal("0.001")]
    assert flows[0]["published"] == DAY
    assert flows[0]["quantity"] is None
    (series,) = lake.execute(lake.series()).to_pylist()
    assert (dict(series["dimensions"]), series["value"]) == (dims, Decimal("3.141593"))


def test_a_row_is_called_the_same_on_every_engine(lake_of: Any) -> None:
    lake = lake_of([flow("2024-01", 1), flow("2024-02", 1, partner="KOR")])
    rows = lake.execute(lake.flows()).to_pylist()
    # README of the lake: the figure in hexadecimal, and eight digits of the document's MD5.
    told = hashlib.md5(f"office|{DAY}".encode()).hexdigest()[:8]
    assert {r["row"] for r in rows} == {f"{r['figure']:016x}-{told}" for r in rows}
    assert len({r["row"] for r in rows}) == 2


def test_two_lakes_on_one_engine_keep_their_own(lake_of: Any) -> None:
    one, other = lake_of([flow("2024-01", 1)]), lake_of([flow("2024-01", 2)])
    a, b = one.flows().select("value"), other.flows().select("value")
    kept_a, kept_b = one.keep(a), other.keep(b)
    assert one.execute(a).to_pylist() == one.execute(kept_a).to_pylist() == [{"value": Decimal(1)}]
    assert other.execute(b).to_pylist() == [{"value": Decimal(2)}]
    assert other.execute(kept_b).to_pylist() == [{"value": Decimal(2)}]


def test_a_dropped_table_is_gone(lake_of: Any) -> None:
    lake = lake_of([flow("2024-01", 1)])
    kept = lake.keep(lake.flows())
    assert lake.execute(kept).num_rows == 1
    lake.drop(kept)
    with pytest.raises(LakeError, match=kept.get_name()):
        lake.execute(kept)


def test_what_is_appended_later_is_seen(lake_of: Any) -> None:
    lake = lake_of([flow("2024-01", 1)])
    assert lake.execute(lake.flows()).num_rows == 1
    lake.append("flows", [flow("2024-02", 2)])
    assert lake.execute(lake.flows()).num_rows == 2


def test_an_empty_lake_has_empty_tables(lake_of: Any) -> None:
    lake = lake_of()
    found = lake.execute(lake.flows(dt.date(2024, 1, 1)).select("period", "value"))
    assert found.schema.types == [pa.string(), pa.decimal128(20, 3)]
    assert found.num_rows == 0


def test_a_number_too_large_is_an_error_and_no_null(lake_of: Any) -> None:
    lake = lake_of([flow("2024-01", "99999999999999999.999")])
    table = lake.flows().select(value=_.value.cast("int32"))
    with pytest.raises(LakeError, match="cannot read"):
        lake.execute(table)


def test_text_is_split_at_what_is_given_and_not_at_a_pattern(lake_of: Any) -> None:
    lake = lake_of(series=[stated("2024-01", 1, key="exports.yoy")])
    table = lake.series().select(a=_.key.split(".")[0], b=_.key.split(".")[1])
    assert lake.execute(table).to_pylist() == [{"a": "exports", "b": "yoy"}]


def test_a_series_number_has_64_bits(lake_of: Any) -> None:
    """Of 2 × 10⁵ texts some five pairs would share a number of 32 bits (n²/2³³)."""
    lake = lake_of([flow("2024-01", 1)])
    many = lake.flows().select(n=ibis.range(200_000).unnest())
    count = many.select(h=_.n.cast("string").hash()).distinct().count()
    assert lake.execute(count).to_pylist()[0].popitem()[1] == 200_000


@pytest.mark.never("spark", reason="Spark SQL has no ASOF join", raises=UnsupportedOperationError)
@pytest.mark.never(
    "clickhouse", reason="an ASOF join needs something equal besides", raises=LakeError
)
def test_a_join_with_the_last_before(lake_of: Any) -> None:
    lake = lake_of([flow("2024-01", 1), flow("2024-03", 3)])
    table = lake.flows().select("month", "value")
    past = lake.flows().select(past=_.month, was=_.value)
    joined = table.asof_join(past, table.month > past.past)
    assert lake.execute(joined.filter(_.was.notnull())).num_rows == 1


@pytest.mark.notimpl(
    "spark",
    "clickhouse",
    reason="Ibis does not order texts that it joins",
    raises=UnsupportedOperationError,
)
def test_texts_joined_in_an_order(lake_of: Any) -> None:
    lake = lake_of([flow("2024-02", 1), flow("2024-01", 3)])
    table = lake.flows().aggregate(all=_.period.group_concat(" ", order_by=_.period))
    assert lake.execute(table).to_pylist() == [{"all": "2024-01 2024-02"}]


@pytest.mark.notyet(
    "spark",
    "postgresql",
    "clickhouse",
    reason="expressions know no backend: only Lake.execute runs them",
    raises=IbisError,
)
def test_an_expression_runs_by_itself(lake_of: Any) -> None:
    lake = lake_of([flow("2024-01", 1)])
    assert int(lake.flows().count().execute()) == 1


def test_engines_have_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_of("duckdb") is None
    with pytest.raises(UnknownTerm, match="duckdb"):
        engine_of("duck")


def test_the_environment_names_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    from boeki.lake import open_lake

    monkeypatch.setenv("BOEKI_ENGINE", "dukcdb")
    with pytest.raises(UnknownTerm, match="did you mean duckdb"):
        open_lake()
    monkeypatch.setenv("BOEKI_ENGINE", "duckdb")
    assert open_lake().engine.name == "duckdb"
