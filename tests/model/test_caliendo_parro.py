"""The published results of Caliendo and Parro (2015) on NAFTA."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from boeki.model import Equilibrium, simulate
from boeki.world.caliendo_parro import CaliendoParro, read_caliendo_parro

MEMBERS = ("MEX", "CAN", "USA")


@pytest.fixture(scope="module")
def files(shared: Path) -> Path:
    return shared / "data" / "mrio" / "caliendo_parro_2015"


@pytest.fixture(scope="module")
def base(files: Path) -> CaliendoParro:
    return read_caliendo_parro(files / "base")


def nafta(given: CaliendoParro) -> Equilibrium:
    """Tariffs among the members fall to those of 2005, all others stay at those of 1993."""
    world = given.world
    at = [world.country(m) for m in MEMBERS]
    tariff = np.array(world.tariff)
    tariff[np.ix_(at, at)] = given.tariffs_2005[np.ix_(at, at)]
    return simulate(world, tariff=tariff)


# Table 2: welfare, terms of trade, volume of trade, real wage, in percent.
TABLE_2 = {
    "MEX": (1.31, -0.41, 1.72, 1.72),
    "CAN": (-0.06, -0.11, 0.04, 0.32),
    "USA": (0.08, 0.04, 0.04, 0.11),
}


@pytest.mark.parametrize("country", MEMBERS)
def test_table_2(base: CaliendoParro, country: str) -> None:
    found = nafta(base)
    n = base.world.country(country)
    made = (
        100 * found.welfare_linear[n],
        100 * found.terms_of_trade[n],
        100 * found.volume_of_trade[n],
        100 * (found.real_wage[n] - 1),
    )
    assert tuple(round(float(x), 2) for x in made) == TABLE_2[country]


# Table 5: growth of imports, importer and exporter, in percent.
TABLE_5 = {
    ("MEX", "CAN"): 116.60, ("MEX", "USA"): 118.31, ("CAN", "MEX"): 58.57,
    ("CAN", "USA"): 9.49, ("USA", "MEX"): 109.54, ("USA", "CAN"): 6.57,
}  # fmt: skip


def test_table_5(base: CaliendoParro) -> None:
    found, world = nafta(base), base.world
    before, after = world.trade.sum(2), found.trade.sum(2)
    for (to, by), growth in TABLE_5.items():
        pair = world.country(by), world.country(to)
        assert round(100 * float(after[pair] / before[pair] - 1), 2) == growth


def test_table_7_of_the_worlds_tariffs_japan(base: CaliendoParro) -> None:
    found = simulate(base.world, tariff=base.tariffs_2005)
    n = base.world.country("JPN")
    made = (found.welfare_linear[n], found.terms_of_trade[n], found.volume_of_trade[n])
    assert tuple(round(100 * float(x), 2) for x in made) == (0.21, 0.13, 0.08)


def test_exact_welfare_is_another_number_under_its_own_name(base: CaliendoParro) -> None:
    # An independent solver gives +0.007 % on the same run, where the linear formula says 1.31 %.
    found = nafta(base)
    assert round(100 * float(found.welfare[base.world.country("MEX")] - 1), 3) == 0.007


@pytest.mark.parametrize("variant", ["with_deficits", "no_io", "no_materials", "one_sector"])
def test_the_other_variants_of_the_data_are_solved(files: Path, variant: str) -> None:
    found = nafta(read_caliendo_parro(files / variant))
    assert max(found.residuals.values()) < 1e-10
    # Mexico trades most with the other two, and gains most in every variant of the paper.
    wages = {m: found.real_wage[found.world.country(m)] for m in MEMBERS}
    assert max(wages, key=lambda m: wages[m]) == "MEX"


def test_to_remove_deficits_is_a_counterfactual_whose_world_is_balanced(files: Path) -> None:
    world = read_caliendo_parro(files / "with_deficits").world
    balanced = simulate(world, deficits="zero").as_world()
    assert np.abs(balanced.deficit).max() < 1e-9 * world.gdp.max()
    assert np.abs(balanced.exports / balanced.imports - 1).max() < 1e-9
