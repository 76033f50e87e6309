"""A world as tables."""

from __future__ import annotations

import numpy as np
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.world import embedded_world, open_world
from boeki.world.shown import (
    elasticity_table,
    mapped_elasticities,
    world_accounts,
    world_countries,
    world_pairs,
    world_sectors,
)
from tests.world.worlds import random_world


def test_countries_add_up_to_the_world() -> None:
    world = random_world(3)
    rows = world_countries(world).records()
    assert [r["country"] for r in rows] == list(world.countries)
    assert sum(r["deficit"] for r in rows) == pytest.approx(0, abs=1e-3)
    assert rows[1]["exports"] == pytest.approx(world.exports[1] * world.unit)
    first = rows[0]
    assert first["final_spending"] == pytest.approx(
        first["gdp"] + first["tariff_revenue"] + first["deficit"]
    )


def test_sectors_of_countries_add_up_to_those_of_the_world() -> None:
    world = random_world(3)
    whole = world_sectors(world).records()
    parts = [world_sectors(world, name).records() for name in world.countries]
    for name in ("output", "exports", "imports", "expenditure", "value_added"):
        for s, row in enumerate(whole):
            assert row[name] == pytest.approx(sum(p[s][name] for p in parts)), name
    # What the world exports it imports.
    assert [r["exports"] for r in whole] == pytest.approx([r["imports"] for r in whole])
    with pytest.raises(UnknownTerm):
        world_sectors(world, "C9")


def test_pairs_are_trade_across_borders_the_largest_first() -> None:
    world = random_world(3)
    rows = world_pairs(world, "s1").records()
    values = [r["value"] for r in rows]
    assert values == sorted(values, reverse=True)
    o, d = (world.country(rows[0][k]) for k in ("origin", "destination"))
    assert values[0] == pytest.approx(world.trade[o, d, 1] * world.unit)
    assert rows[0]["tariff"] == pytest.approx(100 * world.tariff[o, d, 1])
    total = sum(r["value"] for r in world_pairs(world).records())
    assert total == pytest.approx(world.exports.sum() * world.unit)


def test_accounts_hold_and_say_by_how_much() -> None:
    rows = world_accounts(random_world(3)).records()
    assert len(rows) == 6
    assert all(r["holds"] for r in rows)
    assert max(r["gap"] for r in rows) < 1e-12


def test_elasticities_as_published_and_mapped() -> None:
    sets = elasticity_table().records()
    assert len(sets) == 8
    rows = elasticity_table("caliendo_parro_2015").records()
    assert rows[0]["trade_elasticity"] == 9.11
    assert rows[0]["standard_error"] == 2.01
    assert rows[0]["scale_elasticity"] is None
    mapped = mapped_elasticities("caliendo_parro_2015", ["C28", "F"], others=5).records()
    assert [r["trade_elasticity"] for r in mapped] == [1.45, 5]
    assert mapped[1]["standard_error"] is None
    assert mapped[1]["note"] == "not in the set: given by the user"


def test_worlds_open_by_their_files(tmp_path, shared) -> None:
    assert open_world() is embedded_world()
    world = random_world(2)
    again = open_world(world.write(tmp_path / "w.parquet"))
    assert np.array_equal(again.trade_share, world.trade_share)
    mrio = shared / "data" / "mrio"
    assert open_world(mrio / "kite_wiod2014" / "kite_wiod2014.npz").year == 2014
    assert open_world(mrio / "caliendo_parro_2015" / "base").year == 1993
    (tmp_path / "x.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="is no world"):
        open_world(tmp_path / "x.csv")
