"""The baseline that an inter-country table gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.world import (
    World,
    adjustments,
    input_output_table,
    national_table,
    read_table,
    world_from_table,
)
from tests.explain.value_added.tables import random_table
from tests.world.test_read import OECD

NAMES = {"areas": ["AAA", "BBB"], "sectors": ["s1", "s2"]}
#: Two areas, two sectors, one final use each; rows and columns add up.
INPUTS = np.array([[10, 4, 3, 1], [6, 8, 1, 2], [2, 1, 12, 5], [1, 3, 4, 9]], dtype=float)
FINAL = np.array([[70, 12], [90, 8], [9, 71], [6, 97]], dtype=float)


def holds(world: World) -> None:
    gap = world.expenditure - world.input_expenditure - world.final_expenditure
    assert np.abs(gap).max() < 1e-12 * world.expenditure.max()
    assert world.value_added_share + world.input_share.sum(2) == pytest.approx(1, abs=1e-12)


def test_a_table_that_adds_up_is_taken_as_it_is() -> None:
    table = input_output_table(INPUTS, FINAL, **NAMES, year=2020, unit=1e6)
    world = world_from_table(table, trade_elasticity=4.0)
    assert (world.countries, world.sectors) == (("AAA", "BBB"), ("s1", "s2"))
    assert (world.year, world.unit, world.notes) == (2020, 1e6, ())
    assert world.output.ravel() == pytest.approx(table.output)
    # What AAA sells of s1 to BBB: 3 + 1 as inputs, 12 for final use.
    assert world.trade[0, 1, 0] == pytest.approx(16)
    assert world.gdp[0] == pytest.approx((100 - 19) + (115 - 16))
    assert world.final_expenditure[1] == pytest.approx([12 + 71, 8 + 97])
    # Inputs of s2 used by s1 in AAA, home and foreign, over its output.
    assert world.input_share[0, 0, 1] == pytest.approx((6 + 1) / 100)
    # AAA buys 7 of inputs and 15 for final use abroad, and sells 7 and 20 there.
    assert world.deficit == pytest.approx([-5, 5])
    assert world.deficit == pytest.approx(world.imports - world.exports)
    holds(world)


@pytest.mark.parametrize("seed", range(4))
def test_any_table_gives_a_world_whose_accounts_hold(seed: int) -> None:
    table = random_table(seed, areas=4, sectors=3, filled=0.7)
    world = world_from_table(table, trade_elasticity=[2.0, 5.0, 8.0])
    assert world.output.ravel() == pytest.approx(table.output)
    holds(world)


def test_drawn_inventories_raise_output_with_coefficients_held() -> None:
    final = FINAL.copy()
    final[2, 0] = -20
    table = input_output_table(INPUTS, final, **NAMES)
    world = world_from_table(table, trade_elasticity=4.0)
    # Closed form: (I − A)⁻¹ of final use without what is below zero.
    coefficients = INPUTS / table.output
    output = np.linalg.solve(np.eye(4) - coefficients, np.maximum(final, 0).sum(1))
    assert world.output.ravel() == pytest.approx(output, rel=1e-12)
    assert world.output[1, 0] > table.output[2]
    assert "1 cells of final use" in world.notes[-2]
    assert "-20, of what BBB s1 sells" in world.notes[-2]
    assert "Output was then solved anew" in world.notes[-1]
    holds(world)


def test_exports_above_output_raise_it_and_are_told() -> None:
    final = FINAL.copy()
    final[0, 0] = -15  # AAA s1 makes 15, and sells 16 abroad
    world = world_from_table(input_output_table(INPUTS, final, **NAMES), trade_elasticity=4.0)
    assert "Exports above gross output in 1 sectors" in " ".join(world.notes)
    assert np.einsum("nns->ns", world.trade).min() >= 0
    holds(world)


def test_inputs_above_output_are_cut_and_told() -> None:
    inputs = INPUTS.copy()
    inputs[2:, 1] *= 60
    table = input_output_table(inputs, FINAL, **NAMES)
    assert table.value_added[1] < 0
    world = world_from_table(table, trade_elasticity=4.0)
    assert "Inputs above output in 1 sectors" in " ".join(world.notes)
    assert world.value_added_share[0, 1] == pytest.approx(0, abs=1e-12)
    holds(world)


def test_tariffs_are_paid_by_users_out_of_the_residual() -> None:
    rates = pd.DataFrame(
        [("AAA", "BBB", "s1", 0.1), ("BBB", "AAA", "s2", 0.25)],
        columns=["origin", "destination", "sector", "value"],
    )
    table = input_output_table(INPUTS, FINAL, **NAMES)
    world = world_from_table(table, trade_elasticity=4.0, tariff=rates)
    free = world_from_table(table, trade_elasticity=4.0)
    assert world.trade == pytest.approx(free.trade)
    # BBB takes 10 % of 16; AAA takes 25 % of 1 + 3 + 6.
    assert world.tariff_revenue == pytest.approx([2.5, 1.6])
    # Users of inputs pay 10 % of 3 + 1 in BBB, and 25 % of 1 + 3 in AAA.
    assert free.gdp - world.gdp == pytest.approx([1.0, 0.4])
    assert world.deficit == pytest.approx(free.deficit)
    holds(world)


def test_origins_by_use_average_to_those_of_all() -> None:
    table = input_output_table(INPUTS, FINAL, **NAMES)
    world = world_from_table(table, trade_elasticity=4.0, by_use=True)
    assert world.input_trade_share is not None
    assert world.final_trade_share is not None
    # Of s1 that BBB uses as an input, 3 + 1 of 21 come from AAA; of its final use, 12 of 83.
    assert world.input_trade_share[0, 1, 0] == pytest.approx(4 / 21)
    assert world.final_trade_share[0, 1, 0] == pytest.approx(12 / 83)


def test_bad_tariffs_are_refused() -> None:
    table = input_output_table(INPUTS, FINAL, **NAMES)
    columns = ["origin", "destination", "sector", "value"]
    for rows, word in (
        ([("AAA", "ZZZ", "s1", 0.1)], "destination of tariffs"),
        ([("AAA", "BBB", "s1", 0.1)] * 2, "there twice"),
        ([("AAA", "AAA", "s1", 0.1)], "its own s1"),
        ([("AAA", "BBB", "s1", -1.5)], "above −1"),
        ([("AAA", "BBB", "s1", np.nan)], "gap"),
    ):
        with pytest.raises(InputError, match=word):
            world_from_table(
                table, trade_elasticity=4.0, tariff=pd.DataFrame(rows, columns=columns)
            )
    with pytest.raises(InputError, match="lack the columns sector"):
        world_from_table(
            table, trade_elasticity=4.0, tariff=pd.DataFrame(columns=[*columns[:2], "value"])
        )


def test_a_national_table_has_no_partners() -> None:
    table = national_table(
        [[10.0]], [[80.0]], exports=[20.0], imports=[10.0], area="JPN", sectors=["s"]
    )
    with pytest.raises(InputError, match="no partners"):
        world_from_table(table, trade_elasticity=4.0)


def test_wiod_gives_the_gains_from_trade_of_costinot_and_rodriguez_clare(shared: Path) -> None:
    """Their Table 4.1 on WIOD 2008, one sector, θ = 5: 1 − λ^(1/5), in per cent."""
    table = read_table(shared / "data" / "mrio" / "wiod2013" / "wiot_2008.npz")
    world = world_from_table(table, trade_elasticity=5.0)
    holds(world)
    home = np.einsum("nns->n", world.trade) / world.trade.sum((0, 2))
    gains = dict(zip(world.countries, 100 * (1 - home**0.2), strict=True))
    published = {"JPN": 1.7, "USA": 1.8, "DEU": 4.5, "CAN": 3.8, "MEX": 3.3, "KOR": 4.3}
    assert {c: round(gains[c], 1) for c in published} == published


def test_unknown_sets_of_elasticities_are_refused() -> None:
    table = input_output_table(INPUTS, FINAL, **NAMES)
    with pytest.raises(UnknownTerm, match="set of elasticities"):
        world_from_table(table, trade_elasticity="nobody_1999")


def test_every_flow_that_was_moved_is_listed() -> None:
    final = FINAL.copy()
    final[2, 0] = -20
    table = input_output_table(INPUTS, final, **NAMES)
    world = world_from_table(table, trade_elasticity=4.0)
    rows = adjustments(table, world).records()
    changes = {(r["origin"], r["destination"], r["sector"]): r["change"] for r in rows}
    # Flows before were 2 + 1 − 20 from BBB to AAA; coefficients times more output follow.
    assert changes["BBB", "AAA", "s1"] > 20
    assert rows[0]["before"] == pytest.approx(2 + 1 - 20)
    assert sum(changes.values()) == pytest.approx(world.output.sum() - table.output.sum())
    assert abs(rows[0]["change"]) == max(abs(v) for v in changes.values())
    plain = input_output_table(INPUTS, FINAL, **NAMES)
    assert adjustments(plain, world_from_table(plain, trade_elasticity=4.0)).records() == []
    other = input_output_table([[1.0]], [[2.0]], areas=["X"], sectors=["s"])
    with pytest.raises(InputError, match="other countries or sectors"):
        adjustments(other, world)


def test_flows_that_balancing_moved_are_listed() -> None:
    output = (INPUTS.sum(1) + FINAL.sum(1)) * [1.02, 1, 0.99, 1]
    given = {"output": output, **NAMES}
    first = input_output_table(INPUTS, FINAL, balance="residual", **given)
    for way in ("ras", "gras", "least-squares"):
        rows = adjustments(first, input_output_table(INPUTS, FINAL, balance=way, **given)).records()
        # The residual of the first is use at home: what others moved is told against it.
        assert sum(r["change"] for r in rows) == pytest.approx(0, abs=1e-9)
        assert rows


def test_parts_of_an_area_come_together(tmp_path: Path) -> None:
    text = OECD.replace("CHN_A,3", "CN1_A,3").replace("CHN_26,4", "CN2_26,4")
    path = tmp_path / "ICIO2021_2018.csv"
    path.write_text(text.replace("CHN_A,CHN_26", "CN1_A,CN2_26"), encoding="utf-8")
    world = world_from_table(read_table(path), trade_elasticity=4.0)
    (tmp_path / "2018_SML.csv").write_text(OECD, encoding="utf-8")
    whole = world_from_table(read_table(tmp_path / "2018_SML.csv"), trade_elasticity=4.0)
    assert world.countries == ("JPN", "CHN")
    assert world.trade == pytest.approx(whole.trade)
    assert world.input_share == pytest.approx(whole.input_share)
