"""Scenarios: what they say, and what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boeki.errors import BoekiError, InputError, NotSolved, UnknownTerm
from boeki.model import Scenario, Shocks, read_scenario, simulate
from boeki.model.scenario import KINDS, from_words
from boeki.world import embedded_world
from boeki.world.world import World
from tests.model.worlds import mixed


def shocks(given: dict[str, Any], world: World | None = None) -> Shocks:
    return Scenario.of(given).shocks(world or mixed())


def test_each_kind_changes_only_what_it_names() -> None:
    world = mixed()
    made = shocks({"tariff": {"from": "C1", "to": ["C2", "C3"], "sectors": "S0", "add": 0.1}})
    gap = made.tariff - world.tariff
    assert gap[1, 2, 0] == gap[1, 3, 0] == pytest.approx(0.1)
    assert np.count_nonzero(gap) == 2
    made = shocks({"trade_cost": {"from": "C1", "change": 0.2}})
    assert made.trade_cost[1, [0, 2, 3, 4]] == pytest.approx(np.full((4, 4), 1.2))
    assert np.count_nonzero(made.trade_cost != 1) == 16
    made = shocks({"production_subsidy": {"countries": "C1", "rate": 0.1}})
    assert made.production_tax[1] == pytest.approx(np.full(4, -0.1))
    made = shocks({"deficit": {"countries": "C1", "share_of_gdp": 0.05}})
    assert made.deficit[1] == pytest.approx(0.05 * world.gdp[1])
    assert made.deficit.sum() == pytest.approx(0, abs=1e-12)
    made = shocks({"transfer": {"from": "C1", "to": "C2", "amount": 0.01}})
    assert (made.deficit - world.deficit)[[1, 2]] == pytest.approx([-0.01, 0.01])
    assert set(vars(made)) >= {"tariff", "deficits"}


def test_statements_are_applied_in_their_order() -> None:
    twice = {"tariff": [{"to": "C2", "rate": 0.5}, {"from": "C1", "to": "C2", "rate": 0.1}]}
    made = shocks(twice)
    assert (made.tariff[1, 2] == 0.1).all()
    assert (made.tariff[3, 2] == 0.5).all()


def test_groups_stand_for_their_members_of_the_world() -> None:
    world = embedded_world()
    made = shocks({"tariff": {"from": "G7", "to": "CHN", "rate": 0.5}}, world)
    at = {
        world.countries[o]
        for o in np.argwhere(made.tariff[:, world.country("CHN"), 0] == 0.5)[:, 0]
    }
    assert at == {"JPN", "USA", "CAN", "DEU", "GBR"}


def test_words_of_the_command_line_say_the_same() -> None:
    words = from_words(["tariff from=C1 to=C2,C3 rate=25%", "labour countries=all change=0.1"])
    table = Scenario.of(
        {"tariff": {"from": "C1", "to": ["C2", "C3"], "rate": 0.25},
         "labour": {"countries": "all", "change": 0.1}}
    )  # fmt: skip
    assert words.statements == table.statements


def test_the_example_runs(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "chip-export-ban.toml"
    found = simulate(scenario=example)
    world = found.world
    sector, china = world.sector("semiconductor_equipment"), world.country("CHN")
    assert found.trade[world.country("JPN"), china, sector] == 0
    assert found.market_share[world.country("JPN"), sector] < 1
    assert found.welfare[china] < 1
    assert max(found.residuals.values()) < 1e-10
    assert found.title == "No chip equipment for China"


BAD: list[tuple[dict[str, Any], type[BoekiError], str]] = [
    ({"tarif": {}}, UnknownTerm, "unknown kind of shock 'tarif': did you mean tariff"),
    ({"tariff": {"form": "C1", "rate": 1}}, UnknownTerm, "unknown word in tariff 'form'"),
    ({"tariff": {"from": "C1"}}, InputError, "tariff needs rate or add, once"),
    ({"tariff": {"rate": 1, "add": 1}}, InputError, "tariff needs rate or add, once"),
    ({"tariff": {"rate": "much"}}, InputError, "rate of tariff must be a number"),
    ({"tariff": {"rate": True}}, InputError, "rate of tariff must be a number"),
    ({"tariff": {"from": [], "rate": 1}}, InputError, "from of tariff names nothing"),
    ({"tariff": {"from": 3, "rate": 1}}, InputError, "must be a name or a list of names"),
    ({"tariff": 0.5}, InputError, "tariff must be a table"),
    ({"tariff": {"from": "C9", "rate": 1}}, UnknownTerm, "unknown country of this world 'C9'"),
    ({"tariff": {"from": "C1", "to": "C1", "rate": 1}}, InputError, "means no pair of countries"),
    ({"tariff": {"from": "ASEAN", "rate": 1}}, InputError, "no country of this world is in ASEAN"),
    ({"tariff": {"sectors": "X", "rate": 1}}, UnknownTerm, "unknown sector of this world 'X'"),
    ({"tariff": {"rate": -1}}, InputError, "tariff must be above −1"),
    ({"productivity": {"change": 0.1}}, InputError, "productivity needs countries"),
    ({"productivity": {"countries": "C1", "change": -1}}, InputError, "must be above 0"),
    ({"export_control": {"volume": -1}}, InputError, "0 or more"),
    ({"export_subsidy": {"rate": -0.1}}, InputError, "it is what is paid"),
    ({"transfer": {"from": "C1", "to": "C1", "amount": 1}}, InputError, "must be\\s+others"),
    ({"deficit": {"countries": "all", "share_of_gdp": 1}}, InputError, "of all countries"),
    ({"options": {"defict": "zero"}}, UnknownTerm, "unknown option 'defict': did you mean"),
    ({"options": {"deficits": "no"}}, UnknownTerm, "unknown way of deficits 'no'"),
    ({}, InputError, "imposes nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "error", "words"), BAD)
def test_what_cannot_be_is_refused_in_a_sentence(
    given: dict[str, Any], error: type[BoekiError], words: str
) -> None:
    with pytest.raises(error, match=words):
        simulate(mixed(), given)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the scenario"):
        read_scenario(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("[[tariff]\n")
    with pytest.raises(InputError, match=r"bad\.toml is not TOML"):
        read_scenario(tmp_path / "bad.toml")
    (tmp_path / "odd.toml").write_text("[[tarif]]\nrate = 1\n")
    with pytest.raises(UnknownTerm, match="did you mean tariff"):
        read_scenario(tmp_path / "odd.toml")


def test_a_file_with_an_unlikely_kind_is_told_which_kinds_there_are(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text('[[shock]]\nfrom = "CHN"\n')
    with pytest.raises(UnknownTerm, match=r"odd\.toml 'shock': there are deficit, export_control,"):
        read_scenario(tmp_path / "odd.toml")
    with pytest.raises(InputError, match="write each word as NAME=VALUE"):
        from_words(["tariff from C1"])


ARRAYS: list[tuple[dict[str, Any], str]] = [
    ({"tariff": np.ones((2, 2))}, "tariff must be numbers of the shape"),
    ({"tariff": "x"}, "tariff must be numbers of the shape"),
    ({"tariff": np.full((5, 5, 4), np.nan)}, "tariff must be above −1"),
    ({"tarif": 1.0}, "unknown shock 'tarif': did you mean tariff"),
    ({"export_tax": np.full((5, 5, 4), 0.1)}, "for trade between countries"),
    ({"deficit": np.ones(5)}, "deficits sum to"),
    ({"input_share": np.ones((5, 4, 4))}, "inputs cannot be more than output"),
    ({"final_share": np.ones((5, 4))}, "final_share sums to"),
    ({"preference": np.zeros((5, 4))}, "no sector to spend on"),
    ({"labour": [1, 1, 1, 1, 0]}, "labour must be above 0; it is 0 in C4"),
]


@pytest.mark.parametrize(("given", "words"), ARRAYS)
def test_arrays_that_cannot_be(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        simulate(mixed(), **given)


def test_an_embargo_that_empties_a_market_names_it() -> None:
    # C0 makes no S2: with all others forbidden there is none.
    with pytest.raises(InputError, match="C0 would have no supply of S2"):
        simulate(mixed(), {"export_control": {"to": "C0", "sectors": "S2", "volume": 0}})


def test_a_debt_that_cannot_be_paid_has_no_equilibrium_and_says_whose() -> None:
    with pytest.raises(NotSolved, match="The income of C1 falls most"):
        simulate(mixed(), {"deficit": {"countries": "C1", "share_of_gdp": -3}})


def test_scale_economies_beyond_reason_are_not_solved_silently() -> None:
    # With θψ above 1 the branch that grows from no scale economies ends.
    world = mixed(psi=0.6)
    shock = {"trade_cost": {"from": "C0", "to": "C1", "change": -0.2}}
    with pytest.raises(NotSolved, match="scale_elasticity"):
        simulate(world, shock)


def test_options_are_those_of_the_docs() -> None:
    world = mixed(by_use=True)
    one = simulate(world, one_sector=True, trade_shares="common")
    assert len(one.world.sectors) == 1
    assert simulate(world, inputs=False, trade_shares="common").world.value_added_share.min() == 1
    assert simulate(world, scale_economies=0.02).world.scale_elasticity.max() == 0.02
    assert simulate(mixed(psi=0.05), scale_economies=False).world.scale_elasticity.max() == 0
    with pytest.raises(UnknownTerm, match="trade_shares"):
        simulate(world, trade_shares="both")
    with pytest.raises(InputError, match="no by use"):
        simulate(mixed(), trade_shares="by use")
    assert set(KINDS) >= {"tariff", "export_control"}


def test_zero_deficits_leave_no_room_for_others() -> None:
    with pytest.raises(InputError, match="no room"):
        simulate(mixed(), {"deficit": {"countries": "C1", "amount": 0.1}}, deficits="zero")
    found = simulate(mixed(), deficits="zero")
    assert found.deficit == pytest.approx(np.zeros(5), abs=1e-11)
