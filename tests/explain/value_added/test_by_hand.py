"""Every measure on a table of two areas with one sector each, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from boeki.explain.value_added import borin_mancini as bm
from boeki.explain.value_added.johnson_noguera import value_added_exports
from boeki.explain.value_added.koopman_wang_wei import nine_terms
from boeki.explain.value_added.multipliers import embodied, export_effects
from boeki.explain.value_added.origin import leontief_origin, origin_of_exports
from boeki.explain.value_added.participation import exported_by_others
from boeki.explain.value_added.position import input_downstreamness, output_upstreamness
from tests.explain.value_added.tables import by_hand

# B = [[4/3, 2/9], [2/3, 16/9]], L_aa = 5/4, L_bb = 5/3, E_a = 30, E_b = 40.
BORIN_MANCINI = {
    "exports": 30,
    "dc": 1 / 2 * 4 / 3 * 30,  # v B_aa E_a
    "dva": 1 / 2 * 5 / 4 * 30,  # v L_aa E_a
    "ddc": 20 - 18.75,
    "vax": 140 / 9,  # v (B_aa Y_ab + B_ab Y_bb) = 1/2 · (4/3 · 20 + 2/9 · 20)
    "ref": 18.75 - 140 / 9,
    "davax": 175 / 12,  # v L_aa (Y_ab + A_ab L_bb Y_bb) = 5/8 · (20 + 1/10 · 5/3 · 20)
    "fc": 1 / 2 * 2 / 3 * 30,  # v B_ba E_a
    "fva": 10 * (5 / 4) / (4 / 3),  # the same times L_aa / B_aa
    "fdc": 10 - 9.375,
}


@pytest.mark.parametrize(
    ("perspective", "approach"),
    [*((p, "source") for p in bm.PERSPECTIVES), ("exporter", "sink"), ("world", "sink")],
)
def test_borin_and_mancini_with_one_flow(perspective, approach):
    # With two areas and one sector all perimeters are the same one flow.
    found = bm.terms(by_hand(), "AAA", perspective, approach)
    for name, value in BORIN_MANCINI.items():
        if name == "davax" and np.isnan(found.davax).all():
            continue
        assert getattr(found, name).sum() == pytest.approx(value, rel=1e-12), name


def test_trade_in_global_value_chains():
    found = bm.terms(by_hand(), "AAA")
    assert found.gvc.sum() == pytest.approx(30 - 175 / 12)
    assert found.gvcb.sum() == pytest.approx(10 + 1.25)
    assert found.gvcf.sum() == pytest.approx(18.75 - 175 / 12)


def test_koopman_wang_and_wei():
    assert nine_terms(by_hand(), "AAA") == pytest.approx(
        {
            "dva_fin": 1 / 2 * 4 / 3 * 20,
            "dva_int": 1 / 2 * 2 / 9 * 20,
            "dva_intrex": 0.0,
            "rdv_fin": 1 / 2 * 2 / 9 * 10,
            "rdv_int": 1 / 9 * 0.3 * 5 / 4 * 50,
            "ddc": 1 / 9 * 0.3 * 5 / 4 * 30,
            "fva_fin": 1 / 3 * 20,
            "fva_int": 1 / 3 * 0.1 * 5 / 3 * 20,
            "fdc": 1 / 3 * 0.1 * 5 / 3 * 40,
            "other": 0.0,
        }
    )


def test_value_added_exports():
    assert value_added_exports(by_hand(), "AAA") == pytest.approx(np.array([[0, 140 / 9]]))


def test_origin():
    assert leontief_origin(by_hand()) == pytest.approx(
        np.array([[2 / 3 * 30, 1 / 9 * 40], [1 / 3 * 30, 8 / 9 * 40]])
    )
    assert leontief_origin(by_hand(), "final")[0] == pytest.approx([2 / 3 * 70, 1 / 9 * 30])
    assert origin_of_exports(by_hand(), "AAA") == pytest.approx(np.array([[20], [10]]))


def test_participation_of_a_in_exports_of_b():
    assert exported_by_others(by_hand())[0] == pytest.approx(1 / 9 * 40)


def test_position():
    # U = Bx / x with Bx = (14/9, 22/9) · 100; D are the sums of B's columns.
    assert output_upstreamness(by_hand()) == pytest.approx([14 / 9, 22 / 9])
    assert input_downstreamness(by_hand()) == pytest.approx([2, 2])


def test_a_rise_of_exports_of_eight():
    found = export_effects(by_hand(), "AAA", np.array([8.0]))
    assert found.output == pytest.approx([10])
    assert found.value_added == pytest.approx([5])
    assert found.imports == pytest.approx([3])
    again = export_effects(by_hand(), "AAA", np.array([8.0]), feedback=True)
    assert again.output == pytest.approx([8 * 4 / 3])


def test_jobs_in_exports():
    # 40 jobs for an output of 100, of which 30 · 5/4 = 37.5 goes into exports.
    assert embodied(by_hand(), "AAA", np.array([40.0, 7.0])) == pytest.approx(np.array([[15.0]]))
