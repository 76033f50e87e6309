"""The answers: what a user gets to see."""

from __future__ import annotations

import numpy as np
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.explain.value_added import borin_mancini as bm
from boeki.explain.value_added import (
    explain_embodied_in_exports,
    explain_export_multipliers,
    explain_value_added,
    measure_gvc_participation,
    measure_upstreamness,
    over_years,
)
from boeki.world import Satellite, input_output_table, national_table
from tests.explain.value_added.tables import by_hand, random_table


def world():
    """A0 to A3 stand for areas that the vocabulary has."""
    table = random_table(11, 4, 3, 0.8)
    return input_output_table(
        table.intermediate, table.final, output=table.output, areas=["JPN", "DEU", "FRA", "ROW"],
        sectors=table.sectors, final_categories=["c", "i"], unit=1e6, year=2010, source="random",
    )  # fmt: skip


@pytest.mark.parametrize("method", ["borin-mancini", "kww", "wwz"])
def test_terms_add_up_to_exports_in_whole_currency(method):
    found = explain_value_added(world(), "Japan", method=method)
    exports = world().trade[world().rows("JPN")].sum() * 1e6
    assert sum(r["value"] for r in found.records()) == pytest.approx(exports, rel=1e-10)
    assert sum(r["share"] for r in found.records()) == pytest.approx(100)
    assert found.column("value").unit == "USD"
    assert "Japan, 2010" in found.title
    assert found.about["exporter"] == "JPN"
    assert found.sources == ("random",)


@pytest.mark.parametrize(("by", "rows"), [("exporter", 1), ("sector", 3), ("partner", 3),
                                          ("sector-partner", 9)])  # fmt: skip
@pytest.mark.parametrize("method", ["borin-mancini", "wwz"])
def test_flows_side_by_side_add_up_to_the_whole(method, by, rows):
    whole = explain_value_added(world(), "JPN", method=method, by="exporter").records()[0]
    parts = explain_value_added(world(), "JPN", method=method, by=by).records()
    assert len(parts) == rows
    for name in ("exports", "fva" if method == "borin-mancini" else "ova_fin"):
        assert sum(r[name] for r in parts) == pytest.approx(whole[name])
    assert "JPN" not in [r.get("partner") for r in parts]


def test_one_flow_alone():
    found = explain_value_added(world(), "JPN", partner="Germany", sector="s1")
    terms = bm.terms(world(), "JPN")
    assert sum(r["value"] for r in found.records()) == pytest.approx(terms.exports[1, 1] * 1e6)
    row = explain_value_added(world(), "JPN", by="sector", partner="DEU", sector="s1").records()
    assert [r["sector"] for r in row] == ["s1"]
    assert row[0]["dva"] == pytest.approx(terms.dva[1, 1] * 1e6)


def test_origin_and_absorption_are_ranked_and_sum():
    origin = explain_value_added(world(), "JPN", method="origin").records()
    assert sum(r["share"] for r in origin) == pytest.approx(100)
    assert origin == sorted(origin, key=lambda r: -r["value"])
    by_both = explain_value_added(world(), "JPN", method="origin", by="area-sector").records()
    assert len(by_both) == 12
    assert sum(r["value"] for r in by_both) == pytest.approx(sum(r["value"] for r in origin))
    absorbed = explain_value_added(world(), "JPN", method="vax")
    vax = bm.terms(world(), "JPN").vax.sum() * 1e6
    assert sum(r["value"] for r in absorbed.records()) == pytest.approx(vax)
    assert {r["area"] for r in absorbed.records()} == {"DEU", "FRA", "ROW"}
    by_sector = explain_value_added(world(), "JPN", method="vax", by="sector").records()
    assert sum(r["value"] for r in by_sector) == pytest.approx(vax)


def test_a_group_exports_as_one():
    union = explain_value_added(world(), "EU27", by="exporter").records()[0]
    both = explain_value_added(world(), ["DEU", "FRA"], by="exporter").records()[0]
    inner = world().grouped({"U": ["DEU", "FRA"]})
    assert union["exports"] == pytest.approx(bm.terms(inner, "U").exports.sum() * 1e6)
    assert both["dva"] == pytest.approx(union["dva"])
    assert (union["exporter"], both["exporter"]) == ("EU27", "DEU+FRA")


@pytest.mark.parametrize(
    ("asked", "kind", "words"),
    [
        ({"exporter": "XXX"}, UnknownTerm, "XXX"),
        ({"exporter": "USA"}, UnknownTerm, "area of the table"),
        ({"exporter": "JPN", "partner": "JPN"}, InputError, "exporter itself"),
        ({"exporter": "JPN", "sector": "s9"}, UnknownTerm, "s9"),
        ({"exporter": "JPN", "method": "kwww"}, UnknownTerm, "kww"),
        ({"exporter": "JPN", "by": "sectors"}, UnknownTerm, "sector"),
        ({"exporter": "JPN", "perspective": "exporters"}, UnknownTerm, "exporter"),
        ({"exporter": "JPN", "approach": "sinc"}, UnknownTerm, "sink"),
        ({"exporter": "JPN", "perspective": "sector", "approach": "sink"}, InputError, "source"),
        ({"exporter": "JPN", "perspective": "world", "by": "sector"}, InputError, "leave by out"),
        ({"exporter": "JPN", "method": "kww", "by": "sector"}, InputError, "wwz"),
        ({"exporter": "JPN", "method": "kww", "approach": "sink"}, InputError, "borin-mancini"),
        ({"exporter": "JPN", "method": "origin", "by": "partner"}, UnknownTerm, "partner"),
        ({"exporter": "JPN", "method": "vax", "by": "area-sector"}, UnknownTerm, "breakdown"),
    ],
)
def test_what_cannot_be_answered_is_refused(asked, kind, words):
    asked = dict(asked)
    with pytest.raises(kind, match=words):
        explain_value_added(world(), asked.pop("exporter"), **asked)


def economy():
    # Of product x a fifth is imported; exports of x are 20.
    return national_table(
        [[30, 10], [20, 20]], [[60], [40]], [20, 0], [20, 0], area="JPN", sectors=["x", "y"],
        year=2015, source="by hand",
    )  # fmt: skip


def test_a_national_table_says_so_where_it_cannot_answer():
    with pytest.raises(InputError, match="inter-country"):
        explain_value_added(economy(), "JPN")


def test_vertical_specialisation_of_a_national_table():
    # A = [[.24, .1], [.2, .25]], m = (.06, .025): m (I − A)⁻¹ in x is
    # (.06 · .75 + .025 · .2) / (.76 · .75 − .1 · .2) = .05 / .55 = 1/11; times 20 exports.
    found = {r["sector"]: r for r in measure_gvc_participation(economy()).records()}
    assert found["x"]["vs"] == pytest.approx(20 / 11)
    assert found["x"]["share"] == pytest.approx(100 / 11)
    assert found["y"]["share"] is None
    assert found["y"]["note"] == "no exports"


def test_a_rise_of_exports_in_a_national_table():
    # (I − A)⁻¹ of the first column is (.75, .2) / .55.
    found = explain_export_multipliers(economy(), "JPN", {"x": 11})
    rows = {r["industry"]: r for r in found.records()}
    assert [rows[s]["output"] for s in "xy"] == pytest.approx([15, 4])
    assert sum(r["imports"] for r in rows.values()) == pytest.approx(15 * 0.06 + 4 * 0.025)
    assert sum(r["value_added"] + r["imports"] for r in rows.values()) == pytest.approx(11)


def test_upstreamness_of_a_national_table_scales_sales_at_home():
    # Δ = Z / (x − e): [[24, 8], [20, 20]] over (80, 80); U = (I − Δ)⁻¹ 1 with determinant
    # .7 · .75 − .1 · .25 = .5: ((.75 + .1) / .5, (.7 + .25) / .5).
    rows = {r["sector"]: r for r in measure_upstreamness(economy()).records()}
    assert [rows[s]["upstreamness"] for s in "xy"] == pytest.approx([1.7, 1.9])


def test_participation_by_hand():
    found = measure_gvc_participation(by_hand(), "AAA").records()[0]
    assert found["exports"] == pytest.approx(30)
    assert found["gvc"] == pytest.approx(100 * (30 - 175 / 12) / 30)
    assert found["vs"] == pytest.approx(100 / 3)
    assert found["vs1"] == pytest.approx(100 * (40 / 9) / 30)
    assert found["gvc_oecd"] == pytest.approx(found["vs"] + found["vs1"])


def test_participation_of_all_areas_tells_how_far_it_is():
    seen = []
    found = measure_gvc_participation(world(), progress=seen.append)
    assert sorted(seen) == sorted(r["area"] for r in found.records()) == sorted(world().areas)


def test_an_area_without_exports_has_a_reason():
    table = input_output_table(
        np.diag([1.0, 2]), [[5, 0], [3, 3]], areas=["AAA", "BBB"], sectors=["x"]
    )
    rows = {r["area"]: r for r in measure_gvc_participation(table).records()}
    assert rows["AAA"]["gvc"] is None
    assert rows["AAA"]["note"] == "no exports"


def test_averages_of_areas_are_weighted():
    rows = {r["area"]: r for r in measure_upstreamness(by_hand(), by="area").records()}
    assert rows["BBB"]["upstreamness"] == pytest.approx(22 / 9)
    with pytest.raises(UnknownTerm):
        measure_upstreamness(by_hand(), by="areas")


def test_jobs_that_are_not_known_are_null_and_left_out():
    jobs = Satellite("jobs", "persons", np.array([np.nan, 5.0, 7.0] + [1.0] * 9), "survey")
    found = explain_embodied_in_exports(world(), "JPN", [jobs])
    rows = {r["industry"]: r for r in found.records()}
    assert rows["s0"]["jobs"] is None
    assert rows["s0"]["note"] == "no jobs known"
    assert 0 < rows["s1"]["jobs"] <= 5
    assert "survey" in found.sources
    assert any("1 industries have no jobs" in n for n in found.notes)


def test_value_added_in_exports_by_exporter_and_by_producer():
    dva = bm.terms(world(), "JPN").dva.sum() * 1e6
    for by in ("producer", "exporter"):
        found = explain_embodied_in_exports(world(), "JPN", by=by).records()
        assert sum(r["value_added"] for r in found) == pytest.approx(dva)


def test_value_added_in_foreign_demand_is_value_added_exports():
    found = explain_embodied_in_exports(world(), "JPN", basis="foreign-demand").records()
    vax = bm.terms(world(), "JPN").vax.sum() * 1e6
    assert sum(r["value_added"] for r in found) == pytest.approx(vax)
    with pytest.raises(InputError, match="by producer"):
        explain_embodied_in_exports(world(), "JPN", basis="foreign-demand", by="exporter")
    with pytest.raises(UnknownTerm, match="basis"):
        explain_embodied_in_exports(world(), "JPN", basis="demand")
    with pytest.raises(InputError, match="inter-country"):
        explain_embodied_in_exports(economy(), "JPN", basis="foreign-demand")


def test_satellites_must_go_with_the_rows():
    short = Satellite("jobs", "persons", np.ones(3))
    with pytest.raises(InputError, match="12 rows"):
        explain_embodied_in_exports(world(), "JPN", [short])
    with pytest.raises(InputError, match="12 rows"):
        explain_export_multipliers(world(), "JPN", {"s0": 1.0}, [short])


def test_jobs_of_a_rise_are_per_unit_of_the_table():
    # 200 jobs for an output of 100 (millions): a rise of 8 millions takes 10 of output, 20 jobs.
    table = input_output_table(
        [[20, 10], [30, 40]], [[50, 20], [10, 20]], areas=["AAA", "BBB"], sectors=["all"], unit=1e6
    )
    jobs = Satellite("jobs", "persons", np.array([200.0, 1.0]))
    row = explain_export_multipliers(table, "AAA", {"all": 8e6}, [jobs]).records()[0]
    assert row["output"] == pytest.approx(10e6)
    assert row["jobs"] == pytest.approx(20)
    with pytest.raises(InputError, match="USD"):
        explain_export_multipliers(table, "AAA", {"all": 8e6}, [jobs], currency="JPY")


@pytest.mark.parametrize(
    ("exports", "kind"),
    [({}, InputError), ({"zz": 1.0}, UnknownTerm), ({"s0": float("nan")}, InputError)],
)
def test_a_rise_of_nothing_is_refused(exports, kind):
    with pytest.raises(kind):
        explain_export_multipliers(world(), "JPN", exports)


def test_years_one_below_the_other():
    seen = []

    def tables():
        for year in (2001, 2000):
            yield input_output_table(
                [[20, 10], [30, 40]], [[50, 20], [10, 20]], areas=["AAA", "BBB"], sectors=["all"],
                year=year, source=f"table of {year}",
            )  # fmt: skip

    found = over_years(
        tables(), lambda t: measure_gvc_participation(t, "AAA"), progress=seen.append
    )
    assert [r["year"] for r in found.records()] == ["2000", "2001"]
    assert seen == ["2001", "2000"]
    assert found.title.endswith("2000–2001")
    assert found.sources == ("table of 2000", "table of 2001")
    assert found.chart.kind == "line"


def test_tables_without_a_year_of_their_own_are_refused():
    with pytest.raises(InputError, match="like another"):
        over_years([by_hand(), by_hand()], measure_gvc_participation)
    with pytest.raises(InputError, match="no table"):
        over_years([], measure_gvc_participation)
