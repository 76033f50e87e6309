"""Figures that other programs publish for tables that they ship as examples.

The tables and some of the figures lie beside the repository. The other figures are the output
printed in the documentation of the R packages decompr 6.9.0 and icio 1.0.0 (July 2026) for the
leather table: functions ``kww``, ``wwz``, ``bm`` and ``leontief``.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from boeki.explain.value_added import borin_mancini as bm
from boeki.explain.value_added.koopman_wang_wei import TERMS, nine_terms
from boeki.explain.value_added.origin import leontief_origin
from boeki.explain.value_added.participation import exported_by_others
from boeki.explain.value_added.wang_wei_zhu import sixteen_terms
from boeki.world import read_table

# Printed to seven digits, or to two decimals.
SEVEN, CENTS = 5e-7, 5.1e-3
AREAS = ("Argentina", "Turkey", "Germany")

KWW = {
    "Argentina": (19.34940, 18.97119, 8.411491, 5.259501, 0.8259724, 0.8723949, 3.450595,
                  3.388617, 3.770832),
    "Turkey": (43.39461, 26.20678, 7.740053, 10.475795, 2.0075781, 2.6369363, 10.205386,
               5.359698, 5.573163),
    "Germany": (78.73101, 15.23967, 2.748464, 5.689669, 4.4335916, 4.4481800, 26.668992,
                4.455024, 5.185401),
}  # fmt: skip
BM_NAMES = ("exports", "dc", "dva", "vax", "davax", "ref", "ddc", "fc", "fva", "fdc", "gvc",
            "gvcb", "gvcf")  # fmt: skip
BM = {
    "Argentina": (64.3, 53.68996, 52.81756, 46.73209, 34.79877, 6.085473, 0.8723949, 10.61004,
                  10.43484, 0.1752063, 29.50123, 11.48244, 18.01879),
    "Turkey": (113.6, 92.46175, 89.82482, 77.34144, 65.50360, 12.483373, 2.6369363, 21.13825,
               20.55564, 0.5826050, 48.09640, 23.77518, 24.32122),
    "Germany": (147.6, 111.29058, 106.84240, 96.71914, 89.31689, 10.123261, 4.4481800, 36.30942,
                35.06489, 1.2445289, 58.28311, 40.75760, 17.52551),
}  # fmt: skip
#: Two of the rows by sector: Turkish textiles and German transport equipment.
BM_SECTORS = {
    ("Turkey", 1): (59.2, 48.074157, 46.789941, 39.702280, 33.025635, 7.0876610, 1.28421633,
                    11.125843, 10.8426216, 0.28322154, 26.174365, 12.4100595, 13.764306),
    ("Germany", 2): (77.9, 52.502827, 49.357153, 46.091985, 43.743217, 3.2651685, 3.14567421,
                     25.397173, 24.5181932, 0.87897942, 34.156783, 28.5428469, 5.613936),
}  # fmt: skip
#: Two of the bilateral rows: German transport equipment to Turkey, Turkish agriculture to Germany.
BM_BILATERAL = {
    ("Germany", 2, 1): (46.3, 31.2051464, 29.3355095, 27.019131, 25.4916229, 2.31637845,
                        1.86963692, 15.0948536, 14.5724306, 0.522422944, 20.8083771, 16.9644905,
                        3.8438866),
    ("Turkey", 0, 2): (35.2, 29.4729584, 28.7345939, 24.243961, 20.4567369, 4.49063336,
                       0.73836447, 5.7270416, 5.5642624, 0.162779264, 14.7432631, 6.4654061,
                       8.2778570),
}  # fmt: skip
#: World perspective, sink-based: foreign value added and foreign double counting.
BM_WORLD = {
    "Argentina": (8.471827, 2.138217),
    "Turkey": (18.265189, 2.873058),
    "Germany": (33.128506, 3.180911),
}
#: Argentine agriculture to Turkey, and German transport equipment to Argentina.
WWZ = {
    ("Argentina", 0, 1): (5.4744354, 2.6813686, 1.13634407, 1.40930027, 0.504931544, 0.70568372,
                          0.347019751, 0.168614730, 0.064864146, 0.07171574, 0.21430105,
                          0.10207118, 0.17546624, 0.41126356, 0.19588405, 0.33673597),
    ("Germany", 2, 0): (16.9168288, 2.3746384, 0.18110921, 0.25997068, 0.039006620, 0.42764724,
                        0.084238072, 0.436904740, 0.314861124, 0.26247603, 2.92022578, 0.43120969,
                        0.32502408, 5.26294538, 0.77714301, 0.58577113),
}  # fmt: skip


@pytest.fixture(scope="module")
def leather(shared):
    return read_table(shared / "data" / "reference" / "leather_icio.csv")


@pytest.fixture(scope="module")
def iciotest(shared):
    return read_table(shared / "data" / "reference" / "iciotest_data.csv")


@pytest.fixture(scope="module")
def expected(shared):
    return json.loads((shared / "data" / "reference" / "expected.json").read_text())


@pytest.mark.parametrize("area", AREAS)
def test_nine_terms(leather, area):
    found = nine_terms(leather, area)
    assert [found[n] for n in TERMS] == pytest.approx(KWW[area], rel=SEVEN)


@pytest.mark.parametrize("flow", WWZ, ids=str)
def test_sixteen_terms(leather, flow):
    area, sector, partner = flow
    found = [v[sector, partner] for n, v in sixteen_terms(leather, area).items() if n != "other"]
    assert found == pytest.approx(WWZ[flow], rel=SEVEN)


@pytest.mark.parametrize("area", AREAS)
def test_borin_and_mancini(leather, area):
    found = bm.terms(leather, area)
    assert [getattr(found, n).sum() for n in BM_NAMES] == pytest.approx(BM[area], rel=SEVEN)


@pytest.mark.parametrize("flow", BM_SECTORS, ids=str)
def test_borin_and_mancini_by_sector(leather, flow):
    found = bm.terms(leather, flow[0])
    by_sector = [getattr(found, n)[flow[1]].sum() for n in BM_NAMES]
    assert by_sector == pytest.approx(BM_SECTORS[flow], rel=SEVEN)


@pytest.mark.parametrize("flow", BM_BILATERAL, ids=str)
def test_borin_and_mancini_by_sector_and_partner(leather, flow):
    found = bm.terms(leather, flow[0])
    cells = [getattr(found, n)[flow[1:]] for n in BM_NAMES]
    assert cells == pytest.approx(BM_BILATERAL[flow], rel=SEVEN)


@pytest.mark.parametrize("area", AREAS)
def test_borin_and_mancini_of_the_world_from_the_sink(leather, area):
    found = bm.terms(leather, area, "world", "sink")
    assert [found.fva.sum(), found.fdc.sum()] == pytest.approx(BM_WORLD[area], rel=SEVEN)
    # Domestic terms are those of the exporter's perspective.
    assert found.dva.sum() == pytest.approx(BM[area][2], rel=SEVEN)


def test_origin_of_exports_and_output(leather, expected):
    for flow, place in (("exports", "leontief_exports"), ("output", "leontief_output")):
        found = leontief_origin(leather, flow)
        for cell, value in expected["decompr_leather"][place].items():
            assert found[tuple(json.loads(cell))] == pytest.approx(value, rel=SEVEN)


def _exvatools(table, area):
    found, nine = bm.terms(table, area), nine_terms(table, area)
    return {
        "EXGR": found.exports.sum(), "DC": found.dc.sum(), "DVA": found.dva.sum(),
        "VAX": found.vax.sum(), "REF": found.ref.sum(), "DDC": found.ddc.sum(),
        "FC": found.fc.sum(), "FVA_bm": found.fva.sum(), "FDC_bm": found.fdc.sum(),
        "FVA_wwz": nine["fva_fin"] + nine["fva_int"], "FDC_wwz": nine["fdc"],
        "GVC_bm": found.gvc.sum(), "GVCB_bm": found.gvcb.sum(), "GVCF_bm": found.gvcf.sum(),
        "GVC_oecd": found.fc.sum() + exported_by_others(table)[table.place(area)],
    }  # fmt: skip


@pytest.mark.parametrize(("area", "members"), [("ESP", ()), ("CHN", ()), ("NAFTA", ("MEX", "USA"))])
def test_a_table_with_parts_of_areas_and_a_group(iciotest, expected, area, members):
    # China and Mexico have two parts each; NAFTA is one exporter with the chains inside it kept.
    table = iciotest.grouped({area: members}) if members else iciotest
    found = _exvatools(table, area)
    for name, value in expected["exvatools_iciotest"][area].items():
        assert found[name] == pytest.approx(value, abs=CENTS), name


def test_adding_parts_up_is_another_answer(shared, expected):
    # Which is why parts are kept apart unless asked for.
    path = shared / "data" / "reference" / "iciotest_data.csv"
    merged = read_table(path, parts=False)
    assert len(merged.output) == 18
    found = bm.terms(merged, "CHN")
    assert found.exports.sum() == pytest.approx(8575.51, abs=CENTS)
    assert found.dva.sum() != pytest.approx(3469.40, rel=1e-3)


def test_japan_in_the_world_of_2008(shared):
    # World table of 41 areas; gross exports as in its own documentation here (860 bn USD).
    table = read_table(shared / "data" / "mrio" / "wiod2013" / "wiot_2008.npz")
    found = bm.terms(table, "JPN")
    assert found.exports.sum() == pytest.approx(860e3, rel=1e-3)
    assert np.abs(found.residual).sum() < 1e-10 * found.exports.sum()
    nine = nine_terms(table, "JPN")
    assert sum(nine.values()) == pytest.approx(found.exports.sum(), rel=1e-10)
