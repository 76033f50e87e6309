"""Published elasticities, and how they come to the sectors of a world."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

import numpy as np
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.world import (
    elasticities,
    elasticity_sets,
    input_output_table,
    isic3_divisions,
    published_elasticities,
    world_from_table,
)
from tests.world.worlds import random_world

ROOT = Path(__file__).resolve().parents[2]
WIOD = [f"c{i}" for i in range(1, 36)]


def test_the_sets_and_how_many_sectors_each_was_published_for() -> None:
    sizes = {name: len(published_elasticities(name)) for name in elasticity_sets()}
    assert sizes == {
        "caliendo_parro_2015": 20, "fontagne_2022": 19, "giri_yi_yilmazkuday_2021": 19,
        "bagwell_staiger_yurukoglu_2021": 49, "shapiro_2016": 13,
        "lashkaripour_lugovskyy_2023": 14, "lashkaripour_2021": 16,
        "costinot_rodriguez_clare_2014": 35,
    }  # fmt: skip
    for name, source in elasticity_sets().items():
        assert name.rsplit("_", 1)[1] in source


def test_caliendo_and_parro_table_1_with_its_errors() -> None:
    rows = {r.sector: (r.trade_elasticity, r.standard_error) for r in
            published_elasticities("caliendo_parro_2015")}  # fmt: skip
    # Their Table 1, 99 % sample: estimate and standard error as printed.
    assert rows["Agriculture"] == (9.11, 2.01)
    assert rows["Petroleum"] == (64.85, 15.61)
    assert rows["Machinery n.e.c."] == (1.45, 2.8)
    assert rows["Other transport"] == (0.39, 1.08)


def test_on_wiod_sectors_means_are_of_divisions() -> None:
    found = elasticities("caliendo_parro_2015", WIOD, others=5.0)
    by = dict(zip(WIOD, found.trade_elasticity, strict=True))
    assert by["c13"] == 1.45
    # Basic metals 3.28 and metal products 6.99; office, electrical, communication, medical.
    assert by["c12"] == pytest.approx((3.28 + 6.99) / 2)
    assert by["c14"] == pytest.approx((12.95 + 12.91 + 3.95 + 8.71) / 4)
    assert by["c20"] == 5
    errors = dict(zip(WIOD, found.standard_error, strict=True))
    assert errors["c12"] == pytest.approx(np.hypot(2.51, 2.12) / 2)
    assert np.isnan(errors["c20"])
    assert "c14" in found.notes[1]
    assert found.table()["note"][13] == "Office; Electrical; Communication; Medical"


def test_a_published_sector_counts_as_often_as_it_has_divisions() -> None:
    # Divisions 30, 32 and 33 are one row of Fontagné et al., 31 is another: 5.14 and 4.11.
    found = elasticities("fontagne_2022", ["c14"])
    assert found.trade_elasticity[0] == pytest.approx((3 * 5.14 + 4.11) / 4)


def test_scale_elasticities_come_with_the_set_that_has_them() -> None:
    found = elasticities("lashkaripour_lugovskyy_2023", ["C28", "C26"])
    assert found.trade_elasticity == pytest.approx([7.75, 1.235])
    assert found.scale_elasticity == pytest.approx([0.12, 0.552])
    assert elasticities("shapiro_2016", ["C28"]).scale_elasticity is None


def test_what_cannot_be_mapped_is_named() -> None:
    with pytest.raises(InputError, match=r"no elasticity for c17, c18.*others=5"):
        elasticities("caliendo_parro_2015", WIOD)
    with pytest.raises(InputError, match="no elasticity for C28: give others"):
        elasticities("giri_yi_yilmazkuday_2021", ["C28", "C25"])
    with pytest.raises(InputError, match=r"does not know what chips covers.*isic3="):
        elasticities("caliendo_parro_2015", ["C28", "chips"])
    found = elasticities("caliendo_parro_2015", ["C28", "chips"], isic3={"chips": "32"})
    assert found.trade_elasticity.tolist() == [1.45, 3.95]
    with pytest.raises(UnknownTerm, match="caliendo_parro_2015"):
        elasticities("caliendo_parro_2014", ["C28"])
    with pytest.raises(InputError, match="is no list of divisions"):
        elasticities("caliendo_parro_2015", ["x"], isic3={"x": "textiles"})


@pytest.mark.parametrize(
    ("sectors", "which", "covered"),
    [
        (WIOD, "c13", "29"),
        ([f"r{i}" for i in range(1, 57)], "r19", "29"),
        ([f"C{i:02}" for i in range(1, 51)], "C19", "29"),
        (["A01", "C10T12", "C28", "J62_63", "R_S"], "C28", "29"),
        (["01T02", "26", "28", "31T33"], "28", "29"),
        (["01T02", "26", "28", "31T33"], "26", "30,32,33"),
        (["Machinery", "Education"], "Machinery", "29"),
        (["Electrical and Machinery", "Fishing"], "Electrical and Machinery", "29,30,31,32,33"),
        (["B05_06", "B07_08", "A01_02"], "B07_08", "12,13,14"),
        (["C24A", "C301", "C302T309", "B05"], "C302T309", "35"),
        (
            ["Construction (45)", "Manufacture of x n.e.c. (29)"],
            "Manufacture of x n.e.c. (29)",
            "29",
        ),
    ],
)
def test_codes_of_every_table_are_known(sectors: list[str], which: str, covered: str) -> None:
    assert isic3_divisions(sectors)[which] == tuple(covered.split(","))
    # All are known, but KITE's services, which were merged in an unknown way.
    unknown = [s for s, d in isic3_divisions(sectors).items() if not d]
    assert unknown == ([f"C{i:02}" for i in range(24, 51)] if len(sectors) == 50 else [])


def test_divisions_of_revision_4_were_in_those_of_revision_3(shared: Path) -> None:
    """Against the United Nations' correspondence of ISIC Rev. 4 and Rev. 3.1."""
    path = shared / "data" / "concordance" / "ISIC4_ISIC31.txt"
    with path.open(encoding="utf-8", newline="") as file:
        pairs = {(r["ISIC4code"][:2], r["ISIC31code"][:2]) for r in csv.DictReader(file)}
    from boeki.world.sector_schemes import _FROM_REV4, divisions

    ours = {(new, old) for new, text in _FROM_REV4.items() for old in divisions(text)}
    # Rev. 3.1 moved no division but 95 to 97, households, which Rev. 3 has as 95 alone.
    assert {pair for pair in ours - pairs if pair[0] not in {"97", "98"}} == set()
    assert {new for new, _ in pairs} - {"n/", ""} <= set(_FROM_REV4)


def test_a_world_takes_another_set() -> None:
    world = random_world(1, sectors=2, scale_elasticity=0.0)
    world = world.with_elasticities("lashkaripour_lugovskyy_2023", isic3={"s0": "29", "s1": "24"})
    assert world.trade_elasticity.tolist() == [7.75, 3.966]
    assert world.scale_elasticity.tolist() == [0.12, 0.232]
    assert "Lashkaripour" in world.elasticity_source
    again = world.with_elasticities("caliendo_parro_2015", isic3={"s0": "29", "s1": "24"})
    assert again.trade_elasticity.tolist() == [1.45, 3.13]


def test_a_table_takes_a_set_by_name_or_mapped_before() -> None:
    names = {"areas": ["AAA", "BBB"], "sectors": ["C28", "F"]}
    inputs = [[10, 4, 3, 1], [6, 8, 1, 2], [2, 1, 12, 5], [1, 3, 4, 9]]
    table = input_output_table(inputs, [[70, 12], [90, 8], [9, 71], [6, 97]], **names)
    world = world_from_table(table, trade_elasticity="lashkaripour_2021")
    assert world.trade_elasticity.tolist() == [3.63, 5]
    mapped = elasticities("lashkaripour_lugovskyy_2023", table.sectors, others=4)
    world = world_from_table(table, trade_elasticity=mapped)
    assert world.trade_elasticity.tolist() == [7.75, 4]
    assert world.scale_elasticity.tolist() == [0.12, 0]
    with pytest.raises(InputError, match="map the set to the table's sectors"):
        world_from_table(table, trade_elasticity=elasticities("lashkaripour_2021", ["C28"]))


def test_the_table_is_what_its_script_makes(shared: Path) -> None:
    spec = importlib.util.spec_from_file_location(
        "embed_elasticities", ROOT / "scripts" / "embed_elasticities.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    with (ROOT / "src" / "boeki" / "data" / "elasticities.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        assert list(csv.DictReader(file)) == list(script.rows())
