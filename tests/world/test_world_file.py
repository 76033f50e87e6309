"""A world written and read again is the same, to the last bit."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from boeki.errors import InputError
from boeki.world import World, read_world
from tests.world.worlds import random_world


def same(first: World, second: World) -> bool:
    pairs = [(getattr(first, f.name), getattr(second, f.name)) for f in fields(World)]
    return all(
        np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b and type(a) is type(b)
        for a, b in pairs
    )


def by_use(world: World) -> World:
    """The same, with shares by use that happen to be alike."""
    from dataclasses import replace

    share = world.trade_share
    return replace(world, input_trade_share=share, final_trade_share=share)


@pytest.mark.parametrize("seed", range(3))
def test_round_trip_is_exact(tmp_path: Path, seed: int) -> None:
    world = random_world(seed, 5, 4, notes=("éin Vermerk", "貿易"), elasticity_source="x")
    path = world.write(tmp_path / "w.parquet")
    assert same(world, read_world(path))
    world = by_use(world)
    world.write(path)
    assert same(world, read_world(path))
    assert [p.name for p in tmp_path.iterdir()] == ["w.parquet"]


def test_others_can_read_it(tmp_path: Path) -> None:
    import pandas as pd

    world = random_world(7)
    frame = pd.read_parquet(world.write(tmp_path / "w.parquet"))
    spent = frame[frame["variable"] == "expenditure"]
    assert spent["value"].sum() == pytest.approx(world.expenditure.sum())
    row = spent[(spent["country"] == "C1") & (spent["sector"] == "s2")]
    assert row["value"].tolist() == [world.expenditure[1, 2]]
    assert row["origin"].isna().all()


def test_a_table_written_by_others_from_the_same_rows_is_read(tmp_path: Path) -> None:
    world = random_world(3)
    table = parquet.read_table(world.write(tmp_path / "w.parquet"))
    meta = table.schema.metadata
    plain = pa.table(
        {
            c: table.column(c).cast(pa.string()) if c != "value" else table.column(c)
            for c in table.column_names
        }
    )
    parquet.write_table(plain.replace_schema_metadata(meta), tmp_path / "v.parquet")
    assert same(world, read_world(tmp_path / "v.parquet"))


def test_other_files_are_refused(tmp_path: Path) -> None:
    world = random_world(1)
    with pytest.raises(InputError, match=r"name it w\.parquet"):
        world.write(tmp_path / "w.csv")
    with pytest.raises(InputError, match="cannot write"):
        world.write(tmp_path / "nowhere" / "w.parquet")
    with pytest.raises(InputError, match="cannot read"):
        read_world(tmp_path / "none.parquet")
    (tmp_path / "x.parquet").write_bytes(world.write(tmp_path / "w.parquet").read_bytes()[:500])
    with pytest.raises(InputError, match="cannot read"):
        read_world(tmp_path / "x.parquet")
    parquet.write_table(pa.table({"value": [1.0]}), tmp_path / "y.parquet")
    with pytest.raises(InputError, match="no world of boeki"):
        read_world(tmp_path / "y.parquet")


def test_damaged_rows_are_refused(tmp_path: Path) -> None:
    table = parquet.read_table(random_world(1).write(tmp_path / "w.parquet"))
    meta = table.schema.metadata
    short = table.slice(0, table.num_rows - 20).drop_columns(["country"])
    parquet.write_table(short.replace_schema_metadata(meta), tmp_path / "a.parquet")
    with pytest.raises(InputError, match="lacks the columns country"):
        read_world(tmp_path / "a.parquet")
    at = table.column_names.index("country")
    other = table.set_column(at, "country", pa.array(["ZZZ"] * table.num_rows))
    parquet.write_table(other.replace_schema_metadata(meta), tmp_path / "b.parquet")
    with pytest.raises(InputError, match="'ZZZ' in country"):
        read_world(tmp_path / "b.parquet")
