"""The time series of Japan's customs: what their files say, and what broken ones do not."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal

import pytest

from boeki.errors import InputError, NotAsExpected, UnknownTerm
from boeki.sources import get
from boeki.sources.base import FLOW_ROWS, Query
from boeki.sources.japan_office import status
from boeki.terms import products
from boeki.terms.periods import Period

from .japan import SPECIMENS, broken, held, raw, table

HERE = SPECIMENS / "japan-customs"
SOURCE = get("japan-customs")
NOVEMBER = Period.month(2024, 11)


def parsed(name, path=None):
    (part,) = SOURCE.parse(raw(path or HERE / f"{name}.csv", name)).parts
    return part


def rows(part, **wanted):
    return [r for r in table(part).to_pylist() if all(r[k] == v for k, v in wanted.items())]


def changed(tmp_path, name, *swaps):
    """A specimen with one text for another."""
    text = (HERE / f"{name}.csv").read_bytes().decode("cp932")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / f"{name}.csv"
    path.write_bytes(text.encode("cp932"))
    return path


# --- what is asked for ----------------------------------------------------------------------------


def names(**query):
    return [r.name for r in SOURCE.requests(Query(**query))]


def test_without_names_the_files_of_the_world_are_asked_for():
    assert names() == ["d41ma", "d51ma", "d61ma"]
    assert names(flows=("export",)) == ["d51ma"]


def test_a_partner_is_asked_for_by_its_code():
    # 105 is China and 304 the United States: list of country codes of Japan's customs.
    assert names(partners=("CHN",)) == ["d52ma105", "d62ma105"]
    assert names(partners=("USA",), flows=("import",)) == ["d62ma304"]
    assert names(partners=("ASIA",)) == ["d42ma001"]


def test_the_address_and_the_client_are_told():
    (request,) = SOURCE.requests(Query(names=("d41ma",)))
    assert request.address == "https://www.customs.go.jp/toukei/suii/html/data/d41ma.csv"
    agent = request.headers["User-Agent"]
    assert agent.startswith("Mozilla/5.0 (compatible; boeki/")
    assert agent.endswith("+https://boeki.readthedocs.io)")


def test_a_file_that_is_here_is_taken_under_its_name_or_the_one_that_is_given():
    (own,) = SOURCE.requests(Query(options={"path": "from the office/d41ma.csv"}))
    (named,) = SOURCE.requests(Query(names=("d52ma105",), options={"path": "china (1).csv"}))
    assert (own.name, own.address) == ("d41ma", "from the office/d41ma.csv")
    assert (named.name, named.address) == ("d52ma105", "china (1).csv")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"names": ("d43ma",)}, UnknownTerm),
        ({"names": ("d42ma002",)}, UnknownTerm),
        ({"names": ("d52ma999",)}, UnknownTerm),
        ({"partners": ("MERCOSUR",)}, UnknownTerm),
        ({"reporters": ("KOR",)}, InputError),
        ({"freq": "A"}, InputError),
        ({"products": ("70131",)}, InputError),
        ({"flows": ("re-export",)}, UnknownTerm),
        ({"options": {"path": "x.csv"}}, UnknownTerm),
        ({"options": {"path": "d42ma999.csv"}}, UnknownTerm),
        ({"options": {"path": "d41ma.csv"}, "names": ("d41ma", "d51ma")}, InputError),
        ({"options": {"folder": "x"}}, UnknownTerm),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(query, error):
    with pytest.raises(error):
        list(SOURCE.requests(Query(**query)))


# --- what a whole file says -----------------------------------------------------------------------


def test_totals_of_the_world_are_in_yen_and_months_to_come_are_left_aside():
    part = parsed("d41ma")
    assert table(part).schema == FLOW_ROWS
    assert {r["period"] for r in rows(part)} == {f"2026-{m:02}" for m in range(5, 9)}
    # Exports of August 2026 in d41ma as of September 2026: 10,043,269,534 thousand yen.
    (august,) = rows(part, flow="export", period="2026-08")
    assert (august["value"], august["resolution"]) == (10_043_269_534_000, 1000)
    assert (august["valuation"], august["status"]) == ("fob", "provisional")
    (july,) = rows(part, flow="import", period="2026-07")
    assert (july["value"], july["valuation"]) == (12_154_293_886_000, "cif")
    assert july["status"] == "revised"
    assert not part.faults


def test_the_document_bears_the_day_of_the_file():
    document = parsed("d41ma").document
    assert document.name == "d41ma@2026-09-30"
    assert document.published == dt.date(2026, 9, 30)
    assert document.vintage == "time series 2026-09"
    assert "upper bound" in document.note


def test_commodities_have_their_quantities_and_units():
    part = parsed("d51ma")
    # d51ma as of September 2026: 374,343,607 thousand yen and 11,560,356 kg in November 2024.
    (chips,) = rows(part, product="70131", period="2024-11")
    assert (chips["value"], chips["quantity"], chips["unit"]) == (
        374_343_607_000,
        11_560_356,
        "kg",
    )
    assert (chips["weight"], chips["status"]) == (11_560_356, "final")
    # Code 4 is in tonnes, so its weight in kilograms is not given.
    (oils,) = rows(part, product="4", period="2024-11")
    assert (oils["quantity"], oils["unit"], oils["weight"]) == (14_650, "t", None)
    (foods,) = rows(part, product="0+1", period="2024-11")
    assert (foods["value"], foods["quantity"], foods["unit"]) == (110_488_706_000, None, None)
    assert not part.faults


def test_the_sections_and_their_parts_add_up():
    part = parsed("d51ma")
    assert not broken(part)
    assert held(part, "the nine sections add up to the total") == 3
    assert held(part, "0 and 1 add up to 0+1") == 3


def test_months_of_dashes_at_the_end_are_not_out():
    assert max(r["period"] for r in rows(parsed("d51ma"))) == "2024-12"


def test_a_partner_may_trade_nothing_in_a_month_that_is_out():
    part = parsed("d52ma105")
    assert {r["partner"] for r in rows(part)} == {"CHN"}
    (october,) = rows(part, product="TOTAL", period="2024-10")
    assert october["value"] == 0
    assert not rows(part, product="70131", period="2024-10")  # a dash is no figure
    assert rows(part, product="0+1", period="2024-11")[0]["value"] == 0  # a zero is one
    assert not rows(part, period="2024-12")
    assert not part.faults


def test_a_region_has_its_countries_beside_it_and_an_unknown_one_is_a_fault():
    part = parsed("d42ma003")
    assert {r["partner"] for r in rows(part)} == {"NAMERICA", "USA", "CAN"}
    assert rows(part, partner="USA", flow="import", period="2024-11")[0]["value"] == 75_000
    assert [f.where for f in part.faults] == ["d42ma003, column 8", "d42ma003, column 9"]
    assert not broken(part)


def test_countries_that_are_more_than_their_region_break_an_identity(tmp_path):
    path = changed(tmp_path, "d42ma003", ("2024/11,110 ,", "2024/11,109 ,"))
    part = parsed("d42ma003", path)
    assert broken(part) == {
        "the countries of a region are not more than the region": [("export", "2024-11")]
    }


def test_a_wrong_figure_breaks_the_sum(tmp_path):
    path = changed(tmp_path, "d51ma", ("1575232532 ", "1575232533 "))
    assert broken(parsed("d51ma", path)) == {
        "the nine sections add up to the total": [("export", "WLD", "2024-11")]
    }


def test_a_cell_that_is_no_number_is_a_fault_and_the_rest_stays(tmp_path):
    path = changed(tmp_path, "d51ma", ("374343607 ", "37434360x "))
    part = parsed("d51ma", path)
    assert not rows(part, product="70131", period="2024-11")
    assert rows(part, product="70131", period="2024-10")
    (fault,) = part.faults
    assert "2024-11" in fault.said
    assert "37434360x" in fault.reason


def test_quantities_without_a_unit_are_a_fault_and_the_values_stay(tmp_path):
    path = changed(tmp_path, "d51ma", ("(単位：KG)", "(単位)"))
    part = parsed("d51ma", path)
    (chips,) = rows(part, product="70131", period="2024-11")
    assert (chips["value"], chips["quantity"], chips["unit"]) == (374_343_607_000, None, None)
    (fault,) = part.faults
    assert fault.said == "3 quantities of export 70131"
    assert "no unit" in fault.reason


def test_the_union_of_other_members_is_not_taken_for_that_of_today(tmp_path):
    text = (HERE / "d42ma003.csv").read_bytes().decode("cp932")
    lines = [line.split(",")[:3] for line in text.splitlines()]
    months = [["2019/12", "5 ", "4 "], *[[f"2020/{m:02}", "3 ", "2 "] for m in range(1, 13)]]
    path = tmp_path / "d42ma010.csv"
    path.write_bytes(("\r\n".join(map(",".join, lines[:4] + months)) + "\r\n").encode("cp932"))
    part = parsed("d42ma010", path)
    assert min(r["period"] for r in rows(part, partner="EU27")) == "2020-02"
    assert [f.said for f in part.faults] == [
        "exports, 2 months before 2020-02",
        "imports, 2 months before 2020-02",
    ]


# --- what a broken one does not -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("d41ma", "《世界》", "《アジア》", "line 1"),
        ("d41ma", "千円", "百万円", "line 1"),
        ("d41ma", "a thousand yen", "a million yen", "line 2"),
        ("d41ma", "Exp-Total,Imp-Total", "Imp-Total,Exp-Total", "line 3"),
        ("d41ma", "2026/06", "2026/07", "lines are missing"),
        ("d41ma", "2026/12", "2026/13", "not with a month"),
        ("d42ma003", "Exp-302,Imp-302", "Imp-302,Exp-302", "line 3, column 6"),
        ("d42ma003", "Exp-302,Imp-302", "Exp-302,Imp-304", "line 3, column 7"),
        ("d51ma", "（輸出）", "（輸入）", "line 1"),
        ("d51ma", "(Export)", "(Import)", "line 2"),
        ("d51ma", "報道発表品目名", "品目名", "line 3"),
        ("d51ma", "概況品コード", "コード", "line 5"),
        ("d51ma", "'0'～'9'", "'0'～'8'", "line 5, column 2"),
        ("d51ma", ",'70131'", ",'70132'", "the code '70132'"),
        ("d51ma", ",'8',", ",'9',", "the code 9 twice"),
        ("d51ma", ",'3',", ",'50101',", "lacks the code 3"),
        ("d51ma", ",数量,金額", ",金額,数量", "line 6, column 3"),
        ("d51ma", "Years/Months,(千円)", "Years/Months,(百万円)", "line 7"),
        ("d51ma", "(単位),(千円)", "(単位),(百万円)", "line 7, column 3"),
        ("d51ma", "2024/11,9152002655 ,-,", "2024/11,9152002655 ,", "columns, its header"),
    ],
)
def test_a_changed_layout_is_refused_and_named(tmp_path, name, old, new, said):
    with pytest.raises(NotAsExpected, match=said):
        parsed(name, changed(tmp_path, name, (old, new)))


def test_half_a_file_is_refused(tmp_path):
    whole = (HERE / "d51ma.csv").read_bytes()
    path = tmp_path / "half.csv"
    for at in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:at])
        with pytest.raises(NotAsExpected):
            parsed("d51ma", path)


def test_another_encoding_is_refused(tmp_path):
    text = (HERE / "d51ma.csv").read_bytes().decode("cp932")
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / "other.csv"
        path.write_bytes(text.encode(encoding))
        with pytest.raises(NotAsExpected):
            parsed("d51ma", path)


def test_a_month_without_figures_before_others_is_refused(tmp_path):
    path = changed(tmp_path, "d41ma", ("2026/06,10926534582 ,11338792315 ", "2026/06,0 ,0 "))
    with pytest.raises(NotAsExpected, match="2026-06 is empty"):
        parsed("d41ma", path)


def test_a_total_of_nothing_is_a_fault(tmp_path):
    path = changed(tmp_path, "d41ma", ("11155183375 ", "0 "))
    part = parsed("d41ma", path)
    assert not rows(part, flow="import", period="2026-08")
    assert [f.reason for f in part.faults] == ["no total in a month that is out"]


# --- the calendar of revisions --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        # The Ministry lists the fixed figures of 2024 under 13 November 2025.
        (Period.month(2024, 12), dt.date(2025, 12, 1), "final"),
        (Period.month(2024, 12), dt.date(2025, 11, 12), "revised"),
        (Period.month(2025, 1), dt.date(2026, 9, 30), "revised"),
        (Period.month(2026, 8), dt.date(2026, 9, 30), "provisional"),
    ],
)
def test_status_follows_the_calendar_of_the_office(month, day, expected):
    assert status(month, Period.month(2026, 8), day) == expected


# --- the real files -------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "flow"), [("d51ma", "export"), ("d61ma", "import")])
def test_every_real_figure_is_read(shared, name, flow):
    folder = shared / "data" / "japan_customs"
    part = parsed(name, folder / f"{name}.csv")
    found = {(r["product"], r["period"]): r for r in rows(part)}
    with (folder / f"{flow}s_by_commodity_long.csv").open(encoding="utf-8") as file:
        told = {(r["code"], r["period"]): r for r in csv.DictReader(file)}
    assert set(found) == set(told)
    assert len(found) > 800
    for key, row in told.items():
        assert found[key]["value"] == Decimal(row["value_thousand_jpy"]) * 1000
        # The header of the copy has the unit of code 4 among exports one column too early.
        if row["quantity"] and (flow, key[0]) != ("export", "4"):
            assert found[key]["quantity"] == Decimal(row["quantity"])
    assert not broken(part)
    assert held(part, "the nine sections add up to the total") == 15


def test_the_real_copy_without_a_unit_for_oils_is_told(shared):
    faults = parsed("d51ma", shared / "data" / "japan_customs" / "d51ma.csv").faults
    assert [f.said for f in faults] == ["15 quantities of export 4"]
    assert not parsed("d61ma", shared / "data" / "japan_customs" / "d61ma.csv").faults


def test_november_2024_as_fixed(shared):
    # Final figures: 9,152,003 and 9,272,812 million yen (d41ma of September 2026).
    part = parsed("d41ma", shared / "data" / "japan_customs" / "d41ma.csv")
    (exports,) = rows(part, flow="export", period="2024-11")
    (imports,) = rows(part, flow="import", period="2024-11")
    assert round(exports["value"] / 10**6) == 9_152_003
    assert round(imports["value"] / 10**6) == 9_272_812
    assert exports["status"] == "final"
    assert len(rows(part)) == 2 * 236  # months from January 2007 to August 2026


def test_every_year_of_the_real_file_makes_the_published_balance(shared):
    # Annual balances in trillion yen, as published: 2012, 2014, 2020 and 2022.
    part = parsed("d41ma", shared / "data" / "japan_customs" / "d41ma.csv")
    for year, balance in (
        ("2012", -6.9411),
        ("2014", -12.8161),
        ("2020", 0.3883),
        ("2022", -20.3295),
    ):
        sums = {"export": Decimal(0), "import": Decimal(0)}
        for row in rows(part):
            if row["period"].startswith(year):
                sums[row["flow"]] += row["value"]
        assert round(float(sums["export"] - sums["import"]) / 1e12, 4) == balance


def test_every_commodity_of_the_files_is_in_the_vocabulary():
    for row in rows(parsed("d51ma")):
        assert row["product"] == "TOTAL" or products.by_code(row["product"], "export")
