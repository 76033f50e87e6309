"""Caliendo and Parro's own files: the base year that their Table 2 starts from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from boeki.errors import InputError
from boeki.world.caliendo_parro import CaliendoParro, read_caliendo_parro

VARIANTS = ("base", "with_deficits", "no_io", "no_materials", "one_sector")


@pytest.fixture(scope="module")
def files(shared: Path) -> Path:
    return shared / "data" / "mrio" / "caliendo_parro_2015"


@pytest.fixture(scope="module")
def base(files: Path) -> CaliendoParro:
    return read_caliendo_parro(files / "base")


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_variant_is_a_world_whose_accounts_hold(files: Path, variant: str) -> None:
    world, tariffs = read_caliendo_parro(files / variant)
    assert len(world.countries) == 31
    assert len(world.sectors) == (2 if variant == "one_sector" else 40)
    assert tariffs.shape == world.tariff.shape
    gap = world.expenditure - world.input_expenditure - world.final_expenditure
    assert np.abs(gap / world.expenditure.sum(1)[:, None]).max() < 1e-12
    assert np.abs(world.imports - world.exports - world.deficit).max() < 1e-9 * world.gdp.max()
    balanced = np.abs(world.deficit).max() < 1e-9 * world.gdp.max()
    assert balanced == (variant != "with_deficits")


def test_countries_and_the_elasticities_of_their_file(base: CaliendoParro) -> None:
    world = base.world
    theta = dict(zip(world.sectors, world.trade_elasticity, strict=True))
    # Their file T, not their Table 1, which has 1.84 and 0.39 for the last two.
    assert theta["Machinery"] == pytest.approx(1.45)
    assert theta["Petroleum"] == pytest.approx(64.85)
    assert theta["Auto"] == theta["Other transport"] == pytest.approx(8.22)
    assert theta["Education"] == pytest.approx(8.22)


def test_tariffs_are_the_published_ones_of_both_years(base: CaliendoParro, files: Path) -> None:
    world, after = base
    for name, ours in (("tariffs1993.txt", world.tariff), ("tariffs2005.txt", after)):
        text = np.loadtxt(files / "base" / name)
        auto, usa, mex = world.sector("Auto"), world.country("USA"), world.country("MEX")
        # Block of the sector, row of the importer, column of the exporter, in per cent.
        assert 100 * ours[usa, mex, auto] == pytest.approx(text[auto * 31 + mex, usa])
    assert after[:, :, 20:].max() == 0
    inside = [world.country(c) for c in ("CAN", "MEX", "USA")]
    assert world.tariff[np.ix_(inside, inside)].sum() > 10 * after[np.ix_(inside, inside)].sum()


def test_sizes_are_those_of_1993(files: Path) -> None:
    world = read_caliendo_parro(files / "with_deficits").world
    usd = world.gdp * world.unit
    # UN National Accounts Main Aggregates, GDP of 1993 in current US dollars: Japan 4.4 trn,
    # United States 6.9 trn; value added is less than GDP by taxes on products.
    assert usd[world.country("JPN")] == pytest.approx(4.4e12, rel=0.05)
    assert usd[world.country("USA")] == pytest.approx(6.9e12, rel=0.06)
    # Their trade of 1993, xbilat1993.txt, adds up to 3.146 trn; their base year is an equilibrium
    # of the model with its deficits, in which trade is 2.4 % more.
    trade = world.exports.sum() * world.unit
    assert trade == pytest.approx(3.1457e12, rel=0.03)
    # In that file Japan sells for 367.361 bn and buys for 223.981 bn.
    deficit = world.deficit[world.country("JPN")] * world.unit
    assert deficit == pytest.approx(223.981e9 - 367.361e9, rel=1e-5)


def test_the_one_tariff_of_2005_is_made_as_that_of_1993(files: Path) -> None:
    world, _ = read_caliendo_parro(files / "one_sector")
    text = np.loadtxt(files / "base" / "tariffs1993.txt").reshape(20, 31, 31)
    median = np.median(text, axis=0).T / 100
    assert world.tariff[:, :, 0] == pytest.approx(median, abs=1e-12)


def test_other_folders_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds 0 files initial_condition_1993"):
        read_caliendo_parro(tmp_path)
    (tmp_path / "initial_condition_1993_x.mat").write_bytes(b"not a file of MATLAB at all")
    with pytest.raises(InputError, match="cannot read"):
        read_caliendo_parro(tmp_path)


def test_a_file_of_something_else_is_told_by_what_it_lacks(tmp_path: Path) -> None:
    savemat = pytest.importorskip("scipy.io").savemat
    savemat(tmp_path / "initial_condition_1993_x.mat", {"tau": np.ones((4, 2))})
    with pytest.raises(InputError, match="lacks G, B, T, X0, Din, Sn, alphas"):
        read_caliendo_parro(tmp_path)
