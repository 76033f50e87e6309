"""Decompositions add up, and agree with each other and with brute force, on random tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from boeki.explain.value_added import borin_mancini as bm
from boeki.explain.value_added.johnson_noguera import value_added_absorbed, value_added_exports
from boeki.explain.value_added.koopman_wang_wei import nine_terms
from boeki.explain.value_added.multipliers import embodied, export_effects
from boeki.explain.value_added.origin import leontief_origin
from boeki.explain.value_added.position import input_downstreamness, output_upstreamness
from boeki.explain.value_added.wang_wei_zhu import sixteen_terms
from boeki.world import input_output_table
from tests.explain.value_added.tables import productive, random_table

# Relative to exports; tables of at most sixteen rows, with columns of A that add up to at most 0.9.
CLOSE = 1e-10
FLOWS = [(p, "source") for p in bm.PERSPECTIVES] + [("exporter", "sink"), ("world", "sink")]


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-8)


@pytest.mark.parametrize(("perspective", "approach"), FLOWS)
@given(table=productive)
@settings(max_examples=12, deadline=None)
def test_the_terms_of_borin_and_mancini_are_gross_exports(perspective, approach, table):
    for area in table.areas:
        found = bm.terms(table, area, perspective, approach)
        size = max(found.exports.sum(), 1e-9)
        assert np.abs(found.residual).max() < CLOSE * size
        parts = found.vax + found.ref + found.ddc + found.fva + found.fdc
        assert np.abs(parts - found.exports).max() < CLOSE * size
        assert found.exports[:, table.place(area)] == pytest.approx(0)


@given(table=productive)
@settings(max_examples=20, deadline=None)
def test_source_and_sink_agree_on_all_exports_of_an_area(table):
    for area in table.areas:
        source, sink = (bm.terms(table, area, approach=a) for a in bm.APPROACHES)
        for name in ("dva", "vax", "ref", "ddc", "fva", "fdc"):
            assert getattr(source, name).sum() == near(getattr(sink, name).sum()), name


@given(table=productive)
@settings(max_examples=20, deadline=None)
def test_foreign_value_added_of_the_world_is_the_same_from_source_and_sink(table):
    # Each item is counted once in all exports of the world, in whichever of them.
    source, sink = (
        sum(bm.terms(table, s, "world", a).fva.sum() for s in table.areas) for a in bm.APPROACHES
    )
    assert source == near(sink)


def _extracted(table, cells):
    """v, and (I − A)⁻¹ with some cells of A taken out."""
    a = table.intermediate / np.where(table.output > 0, table.output, np.inf)
    v = table.value_added / np.where(table.output > 0, table.output, np.inf)
    return v, np.linalg.inv(np.eye(len(a)) - np.where(cells, 0.0, a))


@given(table=productive)
@settings(max_examples=12, deadline=None)
def test_every_perimeter_agrees_with_extraction_by_brute_force(table):
    # Borin and Mancini (2019): v (I − A^⧸)⁻¹ E, where A^⧸ lacks inputs across the perimeter.
    s = table.areas[0]
    at, rows = table.home == 0, table.rows(s)
    exports = table.trade[rows]
    abroad = np.zeros((len(at), len(at)), bool)
    abroad[rows] = ~at
    v, b = _extracted(table, abroad)
    whole = bm.terms(table, s)
    for origin, name in ((at, "dva"), (~at, "fva")):
        assert getattr(whole, name) == near(((v * origin) @ b)[rows, None] * exports)
        for i in range(rows.stop):
            cells = abroad & (np.arange(len(at)) == i)[:, None]
            v, one = _extracted(table, cells)
            expected = ((v * origin) @ one)[i] * exports[i]
            assert getattr(bm.terms(table, s, "sector"), name)[i] == near(expected)
            to = table.areas[1]
            v, one = _extracted(table, cells & (table.home == 1))
            expected = ((v * origin) @ one)[i] * exports[i, 1]
            found = bm.terms(table, s, "sector-bilateral")
            assert getattr(found, name)[i, table.place(to)] == near(expected)
        v, one = _extracted(table, abroad & (table.home == 1))
        found = bm.terms(table, s, "bilateral")
        assert getattr(found, name)[:, 1] == near(((v * origin) @ one)[rows] * exports[:, 1])


@given(table=productive)
@settings(max_examples=12, deadline=None)
def test_domestic_value_added_is_what_the_economy_lacks_without_its_exports(table):
    # Los, Timmer and de Vries (2016): GDP less GDP without inputs and final goods sold abroad.
    for at, area in enumerate(table.areas):
        own = table.home == at
        cells = own[:, None] & ~own[None, :]
        v, b = _extracted(table, cells)
        y = table.final_by_area.copy()
        y[own] *= (np.arange(len(table.areas)) == at)[None, :]
        lost = table.value_added[own].sum() - (v * own) @ b @ y.sum(1)
        assert bm.terms(table, area).dva.sum() == near(lost)


@given(table=productive)
@settings(max_examples=12, deadline=None)
def test_koopman_wang_and_wei_add_up_and_agree_with_borin_and_mancini(table):
    for area in table.areas:
        nine, found = nine_terms(table, area), bm.terms(table, area)
        exports = found.exports.sum()
        assert abs(sum(nine.values()) - exports) < CLOSE * max(exports, 1e-9)
        assert nine["dva_fin"] + nine["dva_int"] + nine["dva_intrex"] == near(found.vax.sum())
        assert nine["rdv_fin"] + nine["rdv_int"] == near(found.ref.sum())
        assert nine["ddc"] == near(found.ddc.sum())


#: Wang, Wei and Zhu (2013), table E2: their terms that make up each of Koopman, Wang and Wei.
WWZ_IN_KWW = {
    "dva_fin": ("dva_fin",),
    "dva_int": ("dva_int", "dva_intrex_i1"),
    "dva_intrex": ("dva_intrex_f", "dva_intrex_i2"),
    "rdv_fin": ("rdv_fin", "rdv_fin2"),
    "rdv_int": ("rdv_int",),
    "ddc": ("ddc_fin", "ddc_int"),
    "fva_fin": ("mva_fin", "ova_fin"),
    "fva_int": ("mva_int", "ova_int"),
    "fdc": ("mdc", "odc"),
}


@given(table=productive)
@settings(max_examples=12, deadline=None)
def test_wang_wei_and_zhu_add_up_in_every_flow_and_to_koopman_wang_and_wei(table):
    for area in table.areas:
        sixteen, nine = sixteen_terms(table, area), nine_terms(table, area)
        exports = table.trade[table.rows(area)]
        assert np.abs(sum(sixteen.values()) - exports).max() < CLOSE * max(exports.sum(), 1e-9)
        for name, parts in WWZ_IN_KWW.items():
            whole = sum(sixteen[p].sum() for p in parts)
            assert whole == near(nine[name]), name


@given(table=productive)
@settings(max_examples=20, deadline=None)
def test_value_added_goes_somewhere_and_comes_from_somewhere(table):
    assert value_added_absorbed(table).sum(1) == near(table.value_added)
    assert leontief_origin(table).sum(0) == near(table.trade.sum(1))
    assert leontief_origin(table, "final").sum(1) == near(table.value_added)
    for area in table.areas:
        found = bm.terms(table, area)
        assert value_added_exports(table, area).sum() == near(found.vax.sum())
        kept = embodied(table, area, table.value_added)
        assert kept.sum(0) == near(found.dva.sum(1))


@given(table=productive)
@settings(max_examples=12, deadline=None)
def test_the_rest_of_the_world_can_be_one_group(table):
    # The perimeter of the exporter does not depend on how the others are grouped.
    area, *others = table.areas
    one = table.grouped({"REST": others})
    ours, theirs = bm.terms(table, area), bm.terms(one, area)
    for name in ("exports", "dva", "vax", "ref", "ddc", "fva", "fdc"):
        assert getattr(ours, name).sum() == near(getattr(theirs, name).sum()), name


@given(table=productive)
@settings(max_examples=12, deadline=None)
def test_a_sector_cut_into_two_like_halves_changes_nothing(table):
    halves = np.kron(table.intermediate, np.full((2, 2), 0.25))
    cut = input_output_table(
        halves, np.kron(table.final, np.full((2, 1), 0.5)), output=np.repeat(table.output / 2, 2),
        areas=np.repeat(table.row_areas, 2), final_areas=table.final_areas,
        sectors=[f"{s}{h}" for s in table.row_sectors for h in "ab"],
    )  # fmt: skip
    for area in table.areas:
        whole, parts = bm.terms(table, area), bm.terms(cut, area)
        for name in ("dva", "vax", "ref", "fva", "davax"):
            assert getattr(whole, name).sum() == near(getattr(parts, name).sum()), name
    merged = cut.aggregated(sectors={s: [f"{s}a", f"{s}b"] for s in table.sectors})
    assert merged.intermediate == near(table.intermediate)
    assert merged.final_by_area == near(table.final_by_area)


@given(table=productive)
@settings(max_examples=20, deadline=None)
def test_stages_to_final_use_are_those_from_primary_inputs_on_average(table):
    # Miller and Temurshoev (2017): weighted by output both are 1'Bx over all output.
    up, down = output_upstreamness(table), input_downstreamness(table)
    made = table.output > 0
    assert (up[made] >= 1 - 1e-12).all()
    assert (down[made] >= 1 - 1e-12).all()
    assert up[made] @ table.output[made] == near(down[made] @ table.output[made])


@given(table=productive)
@settings(max_examples=20, deadline=None)
def test_a_rise_of_exports_is_value_added_and_imports(table):
    area = table.areas[-1]
    rise = np.where(table.output[table.rows(area)] > 0, 3.0, 0.0)
    found = export_effects(table, area, rise)
    assert (found.value_added + found.imports).sum() == near(rise.sum())


def test_taxes_on_inputs_are_a_term_of_their_own():
    table = random_table(7, 3, 2, 1.0)
    taxed = input_output_table(
        table.intermediate, table.final, output=table.output, areas=table.areas,
        sectors=table.sectors, value_added=0.8 * table.value_added, final_areas=table.final_areas,
    )  # fmt: skip
    # With value added a fifth smaller everywhere, all content is, and taxes are that fifth.
    whole, rest = bm.terms(table, "A0"), bm.terms(taxed, "A0")
    assert rest.dva == pytest.approx(0.8 * whole.dva)
    assert rest.fva == pytest.approx(0.8 * whole.fva)
    assert rest.other == pytest.approx(0.2 * whole.exports)
    assert np.abs(rest.residual).max() < CLOSE * whole.exports.sum()
    assert nine_terms(taxed, "A0")["other"] == pytest.approx(0.2 * whole.exports.sum())
    assert sixteen_terms(taxed, "A0")["other"] == pytest.approx(0.2 * whole.exports)
