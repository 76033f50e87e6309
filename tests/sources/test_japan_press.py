"""Press releases of Japan's customs: what they say, and what broken ones do not."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from decimal import Decimal
from importlib import resources

import pytest

from boeki.errors import BadPeriod, InputError, NotAsExpected, UnknownTerm
from boeki.sources import get
from boeki.sources.base import FLOW_ROWS, SERIES_ROWS, Query
from boeki.sources.japan_press_names import AREAS, COMMODITIES
from boeki.sources.japan_release import number, rate
from boeki.terms import areas, products
from boeki.terms.periods import Period

from .japan import SPECIMENS, broken, held, raw, table

HERE = SPECIMENS / "japan-press"
SOURCE = get("japan-press")
RELEASE = HERE / "2024114e.xml"


def parsed(path=RELEASE, name="2024-11", **more):
    return SOURCE.parse(raw(path, name, **more)).parts


def rows(part, **wanted):
    return [r for r in table(part).to_pylist() if all(r[k] == v for k, v in wanted.items())]


def value(part, key, partner="WLD", product="TOTAL", period="2024-11"):
    """The figure of a series, None where there is none."""
    about = [("partner", partner), ("product", product)]
    found = rows(part, key=key, dimensions=about, period=period)
    return found[0]["value"] if found else None


def changed(tmp_path, *swaps):
    text = RELEASE.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "changed.xml"
    path.write_text(text, encoding="utf-8")
    return path


# --- what is asked for ----------------------------------------------------------------------------


def asked(**query):
    return {r.name: r.address for r in SOURCE.requests(Query(**query))}


BASE = "https://www.customs.go.jp/toukei/shinbun/trade-st_e/"


def test_a_month_is_asked_for_by_its_stage():
    # Addresses as the Ministry lists them.
    names = ("2024-11", "2024-11/detailed", "2024-11/first-10-days", "2025-12/revised")
    assert asked(names=names) == {
        "2024-11": BASE + "2024/2024114e.xml",
        "2024-11/detailed": BASE + "2024/2024115e.xml",
        "2024-11/first-10-days": BASE + "2024/2024111e.xml",
        "2025-12/revised": BASE + "2025/2025127e.xml",
    }


def test_a_release_that_is_here_is_taken_for_the_one_that_is_named():
    path = {"path": "2024115e.xml"}
    assert asked(names=("2024-11/detailed",), options=path) == {"2024-11/detailed": path["path"]}
    with pytest.raises(InputError, match="which release"):
        asked(start=Period.month(2024, 11), end=Period.month(2024, 11), options=path)


def test_one_release_has_one_name():
    assert list(asked(names=("2024-11/provisional",))) == ["2024-11"]


def test_a_range_of_months_is_asked_for_month_by_month():
    between = {"start": Period.month(2024, 11), "end": Period.month(2025, 1)}
    assert list(asked(**between)) == ["2024-11", "2024-12", "2025-01"]
    detailed = asked(**between, options={"stage": "detailed"})
    assert list(detailed) == ["2024-11/detailed", "2024-12/detailed", "2025-01/detailed"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({}, InputError),
        ({"start": Period.month(2024, 1)}, InputError),
        ({"start": Period.month(2024, 2), "end": Period.month(2024, 1)}, InputError),
        ({"names": ("2024",)}, BadPeriod),
        ({"names": ("2024-13",)}, BadPeriod),
        ({"names": ("2024-11/final",)}, UnknownTerm),
        ({"names": ("2024-11",), "partners": ("CHN",)}, InputError),
        ({"names": ("2024-11",), "flows": ("export",)}, InputError),
        ({"names": ("2024-11",), "options": {"stages": "detailed"}}, UnknownTerm),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(query, error):
    with pytest.raises(error):
        list(SOURCE.requests(Query(**query)))


# --- numbers as the office prints them ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9,152,382", "9152382"),
        ("△117,620", "-117620"),
        ("\u25b2117,620", "-117620"),
        ("-0.0", "0"),
        ("１２．５", "12.5"),
        ("－3.8", "-3.8"),
        ("0", "0"),
    ],
)
def test_numbers_are_read_as_they_are_printed(text, expected):
    assert number(text) == Decimal(expected)


def test_a_dash_is_no_number_and_a_fall_to_nil_is_one():
    assert number("-") is None
    assert rate("ZENZO") is None  # a rise from nil has no rate
    assert number(" ") is None
    assert rate("ZENGEN") == Decimal(-100)
    for text in ("ZENGEN", "1,23", "n.a.", "1.2.3", "12 345", "--1"):
        with pytest.raises(ValueError, match="is no number"):
            number(text)


# --- what a whole release says --------------------------------------------------------------------


def test_totals_of_the_month_and_the_year_before():
    # Press release of 18 December 2024: 9,152,382 and 9,270,002 million yen.
    flows, _ = parsed()
    assert table(flows).schema == FLOW_ROWS
    (exports,) = rows(flows, flow="export", partner="WLD", product="TOTAL", period="2024-11")
    (imports,) = rows(flows, flow="import", partner="WLD", product="TOTAL", period="2024-11")
    assert (exports["value"], imports["value"]) == (9_152_382_000_000, 9_270_002_000_000)
    assert (exports["resolution"], exports["status"]) == (10**6, "provisional")
    assert (exports["valuation"], imports["valuation"]) == ("fob", "cif")
    (before,) = rows(flows, flow="import", period="2023-11")
    assert (before["value"], before["status"]) == (9_631_822_000_000, "final")


def test_the_document_is_named_as_the_figures_aboard_name_it():
    flows, series = parsed()
    assert flows.document == series.document
    assert flows.document.name == "press-2024-11-provisional"
    assert flows.document.title == "Value of exports and imports, November 2024, provisional"
    assert flows.document.published == dt.date(2024, 12, 18)
    assert flows.document.vintage == "provisional"


def test_areas_and_commodities_have_their_codes_and_units():
    flows, _ = parsed()
    (taiwan,) = rows(flows, partner="TWN", flow="export")
    assert taiwan["value"] == 605_623_000_000
    assert rows(flows, partner="LATAM", flow="import")[0]["value"] == 398_755_000_000
    # SEMICON MACHINERY ETC: 374,360 million yen, 11,560 t; to China 164,134 and 5,178 t.
    (chips,) = rows(flows, partner="WLD", product="70131")
    assert (chips["value"], chips["quantity"], chips["unit"]) == (374_360_000_000, 11_560, "t")
    (china,) = rows(flows, partner="CHN", product="70131")
    assert (china["value"], china["quantity"]) == (164_134_000_000, 5_178)
    # Quantities in thousands and millions: TMT, MNO.
    (circuits,) = rows(flows, partner="WLD", product="7032305")
    assert (circuits["quantity"], circuits["unit"]) == (6_394_000_000, "units")
    (gas,) = rows(flows, partner="RUS", product="3050103")
    assert (gas["quantity"], gas["unit"], gas["flow"]) == (479_000, "t", "import")


def test_a_dash_is_no_row():
    flows, _ = parsed()
    assert not rows(flows, partner="CHN", product="7051301")
    assert not rows(flows, partner="RUS", product="7031103")


def test_nothing_of_a_sound_release_is_a_fault_and_its_identities_hold():
    flows, series = parsed()
    assert (list(flows.faults), list(series.faults)) == ([], [])
    assert not broken(flows)
    assert held(flows, "the nine sections add up to the total, but for rounding") == 1
    assert held(flows, "the regions add up to the world, but for special areas") == 2


def test_growth_shares_and_contributions_are_series():
    _, series = parsed()
    assert table(series).schema == SERIES_ROWS
    chips = {"product": "semiconductor_equipment"}
    assert value(series, "exports.yoy", **chips) == Decimal("32.1")
    assert value(series, "export_volume.yoy", **chips) == Decimal("12.5")
    assert value(series, "exports.share", **chips) == Decimal("4.1")
    assert value(series, "exports.contribution", **chips) == Decimal("1.0")
    assert value(series, "exports.yoy", "CHN", **chips) == Decimal("4.2")
    assert value(series, "balance.yoy") == Decimal("-85.5")
    assert value(series, "balance.yoy", "ASIA") is None  # the sign changed: a dash
    (row,) = rows(
        series, key="exports.contribution", dimensions=[("partner", "WLD"), ("product", "rubber")]
    )
    assert (row["value"], row["value"].is_signed(), row["unit"]) == (0, False, "pt")


def test_a_fall_to_nil_is_minus_a_hundred_percent():
    _, series = parsed()
    assert value(series, "imports.yoy", "RUS", "clothing") == -100
    assert value(series, "imports.share", "RUS", "clothing") is None
    assert value(series, "imports.yoy", "RUS", "electrical_measuring") is None
    assert value(series, "imports.contribution", "RUS", "electrical_measuring") == 0


def test_indexes_are_series_with_their_base():
    # 2020 = 100; November 2024: value 160.6, volume 103.7, unit value 154.9.
    _, series = parsed()
    (level,) = rows(
        series,
        key="export_volume_index",
        period="2024-11",
        dimensions=[("partner", "WLD"), ("product", "TOTAL")],
    )
    assert (level["value"], level["unit"]) == (Decimal("103.7"), "2020=100")
    assert value(series, "export_unit_value_index") == Decimal("154.9")
    assert value(series, "import_unit_value.yoy") == Decimal("1.6")
    assert value(series, "import_value_index", period="2023") == Decimal("162.3")
    assert value(series, "export_volume_index", "EU27") == Decimal("90.5")
    assert value(series, "imports.yoy", period="2024-10") == Decimal("0.4")
    status = {r["period"]: r["status"] for r in rows(series, key="import_volume_index")}
    assert status == {"2023": "final", "2024-10": "provisional", "2024-11": "provisional"}
    assert rows(series, key="export_volume_index", period="2024-10")[0]["status"] == "revised"


def test_ten_days_are_a_span_of_days():
    # Press release of 28 November 2024.
    flows, series = parsed(HERE / "2024111e.xml", "2024-11/first-10-days")
    (exports,) = rows(flows, flow="export", period="2024-11-01/2024-11-10")
    assert (exports["value"], exports["freq"]) == (2_740_397_000_000, "D")
    (before,) = rows(flows, flow="import", period="2023-11-01/2023-11-10")
    assert before["value"] == 3_338_918_000_000
    assert flows.document.name == "press-2024-11-first-10-days"
    assert flows.document.published == dt.date(2024, 11, 28)
    assert value(series, "imports.yoy", period="2024-11-01/2024-11-10") == Decimal("-21.2")


def test_a_detailed_release_revises_exports_only(tmp_path):
    said = "(Exports:Detailed Data;Imports:Provisional(HS-code Basis))"
    path = changed(tmp_path, ("(Provisional)", said), ("December 18", "December 26"))
    flows, series = parsed(path, "2024-11/detailed")
    assert flows.document.name == "press-2024-11-exports-detailed"
    status = {r["flow"]: r["status"] for r in rows(flows, partner="WLD", period="2024-11")}
    assert status == {"export": "revised", "import": "provisional"}
    assert rows(series, key="balance.yoy")[0]["status"] == "revised"


def test_the_file_of_the_revised_release_holds_the_fixed_one_later(tmp_path):
    for said, name, status in (("(Revised)", "revised", "revised"), ("(Fixed)", "fixed", "final")):
        path = changed(tmp_path, ("(Provisional)", said))
        flows, _ = parsed(path, "2024-11/revised")
        assert flows.document.name == f"press-2024-11-{name}"
        assert {r["status"] for r in rows(flows, period="2024-11")} == {status}


def test_a_release_of_the_morning_of_japan_is_of_the_evening_before_in_utc():
    came = dt.datetime(2024, 12, 17, 23, 55, tzinfo=dt.UTC)
    flows, _ = parsed(came=came)
    assert flows.document.published == dt.date(2024, 12, 17)
    assert "Dated 2024-12-18 in Japan" in flows.document.note
    with pytest.raises(NotAsExpected, match="after"):
        parsed(came=dt.datetime(2024, 12, 16, tzinfo=dt.UTC))


# --- what a broken one does not -------------------------------------------------------------------


def test_exports_less_imports_must_be_the_balance(tmp_path):
    path = changed(tmp_path, ("<importkagakue>2,344,123<", "<importkagakue>2,344,133<"))
    flows, _ = parsed(path)
    assert not rows(flows, partner="CHN", flow="import")
    (fault, *_) = flows.faults
    assert "2,344,133" in fault.said
    assert "-682,013" in fault.reason


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<chiikikuni>TAIWAN<", "<chiikikuni>TAIWAN P<", "unknown area of a release 'TAIWAN P'"),
        (" SEMICON MACHINERY ETC", " SEMICON MACHINES", "unknown commodity among exports"),
        ("<tani> GT<", "<tani> XT<", "kept without the quantity"),
        ("<kagaku>374,360<", "<kagaku>374.36O<", "is no number"),
        ("<kagaku>374,360<", "<kagaku>-<", "a quantity without a value"),
        ("<kagaku>9,152,382<", "<kagaku>9,152,383<", "another page of the release says"),
        ("<pdf href", "<hyo name='pg9'/><pdf href", "does not know this table"),
    ],
)
def test_what_cannot_be_read_is_a_fault(tmp_path, old, new, said):
    flows, _ = parsed(changed(tmp_path, (old, new)))
    (fault,) = flows.faults
    assert said in fault.reason
    assert rows(flows, partner="CHN", product="TOTAL", flow="import")


def test_a_rate_that_is_no_number_is_a_fault_of_the_series(tmp_path):
    flows, series = parsed(changed(tmp_path, ("<zogenkiyodo>3.6<", "<zogenkiyodo>3.6x<")))
    assert [f.reason for f in series.faults] == ["'3.6x' is no number"]
    assert not flows.faults


def test_a_section_that_is_wrong_breaks_the_sum(tmp_path):
    flows, _ = parsed(changed(tmp_path, ("<kagaku>970,948<", "<kagaku>970,848<")))
    assert broken(flows) == {
        "the nine sections add up to the total, but for rounding": [("export", "WLD", "2024-11")]
    }


def test_a_region_that_is_wrong_breaks_the_sum(tmp_path):
    swaps = (("297,948", "397,948"), ("-412,207", "-312,207"))
    flows, _ = parsed(changed(tmp_path, *swaps))
    assert broken(flows) == {
        "the regions add up to the world, but for special areas": [("export", "2024-11")]
    }


def test_the_union_of_other_members_is_not_taken_for_that_of_today(tmp_path):
    text = RELEASE.read_text(encoding="utf-8").replace("2024", "2019").replace("2023", "2018")
    path = tmp_path / "old.xml"
    path.write_text(text.replace("2020＝100", "2015＝100"), encoding="utf-8")
    flows, series = parsed(path, "2019-11")
    assert not rows(flows, partner="EU27")
    assert ["had other members" in f.reason for f in flows.faults] == [True]
    assert value(series, "export_volume_index", "EU27", period="2019-11") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<hodoxml>", "<hodo>", "not well-formed"),
        ("(Provisional)", "(First 20 days Provisional)", "another stage"),
        ("(Provisional)", "", "titled"),
        ("<taishoymtonen>November 2024", "<taishoymtonen>October 2024", "its totals about 2024-10"),
        ("<taishoymzennen>November 2023", "<taishoymzennen>November 2022", "not 2024-11"),
        ("<taishoymzennen>November 2023", "<taishoymzennen>Novembre 2023", "is no month"),
        ("<kohyoymd>December 18, 2024", "<kohyoymd>18.12.2024", "is dated"),
        ("<kohyoymd>December 18, 2024", "<kohyoymd>December 38, 2024", "no such day"),
        ("<kohyoymd>December 18, 2024</kohyoymd>", "", "lacks <kohyoymd>"),
        ("<sashihiki>", "<zandaka>", "not well-formed"),
        ("<kagaku>374,360</kagaku>", "", "lacks kagaku"),
        ("<kagaku>374,360</kagaku>", "<kagaku>374,360</kagaku><kin/>", "has kin besides"),
        ("<importkagakue>2,344,123</importkagakue>", "", "pg2, line 3 lacks importkagakue"),
        ("Commodity(WORLD)", "Commodities(WORLD)", "pg3 is called"),
        ("2020＝100", "２０２０年基準", "has the base"),
        ('<shuyochiikikunihin name="pg20">', '<shuyochiikikunihin name="pg19">', "pg20"),
    ],
)
def test_a_changed_layout_is_refused_and_named(tmp_path, old, new, said):
    with pytest.raises(NotAsExpected, match=said):
        parsed(changed(tmp_path, (old, new)))


def test_another_month_than_asked_for_is_refused():
    with pytest.raises(NotAsExpected, match="not 2024-12"):
        parsed(RELEASE, "2024-12")


def test_totals_alone_are_no_monthly_release(tmp_path):
    text = (HERE / "2024111e.xml").read_text(encoding="utf-8")
    path = tmp_path / "short.xml"
    path.write_text(text.replace("(First 10 days Provisional)", "(Provisional)"), encoding="utf-8")
    with pytest.raises(NotAsExpected, match="no areas or commodities"):
        parsed(path)


def test_half_a_release_is_refused(tmp_path):
    whole = RELEASE.read_bytes()
    path = tmp_path / "half.xml"
    for at in range(0, len(whole) - 12, 131):
        path.write_bytes(whole[:at])
        with pytest.raises(NotAsExpected):
            parsed(path)


BOMB = """<?xml version="1.0"?><!DOCTYPE hodoxml [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>
<hodoxml><sogakutsuki name="pg1"><kohyoymd>&e;</kohyoymd></sogakutsuki></hodoxml>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE hodoxml [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<hodoxml><sogakutsuki name="pg1"><kohyoymd>&x;</kohyoymd></sogakutsuki></hodoxml>"""


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
def test_a_document_that_declares_entities_is_refused(tmp_path, text):
    path = tmp_path / "bomb.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotAsExpected, match="document type, entities"):
        parsed(path)


# --- names ----------------------------------------------------------------------------------------


def test_every_name_stands_for_a_code_of_the_vocabulary():
    for area in AREAS.values():
        assert areas.get(area)
    for flow, names in COMMODITIES.items():
        for code in set(names.values()) - {"TOTAL"}:
            assert products.by_code(code, flow), code


def test_every_commodity_of_the_time_series_has_a_name_in_the_releases(shared):
    # Line 3 of d51ma and d61ma has the name in the releases; those without one are parts of others.
    for name, flow in (("d51ma", "export"), ("d61ma", "import")):
        path = shared / "data" / "japan_customs" / f"{name}.csv"
        with path.open(encoding="cp932") as file:
            lines = list(csv.reader(file))
        codes = [re.sub("'", "", c) for c in lines[4]]
        told = {codes[at] for at, c in enumerate(lines[2]) if c and at > 1}
        # Audio apparatus has the name of the whole above it, and no line of its own.
        assert told - {"70311"} - set(COMMODITIES[flow].values()) == ({"70311"} & told - {"70311"})
        assert set(COMMODITIES[flow].values()) - {"TOTAL"} <= told


# --- the real release -----------------------------------------------------------------------------


def test_every_area_of_the_real_release_is_as_told(shared):
    folder = shared / "data" / "japan_customs"
    flows, series = parsed(folder / "press_2024114en_trimmed.xml")
    with (folder / "press_202411_prov_by_area.csv").open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert len(told) == 47
    for row in told:
        area = AREAS[row["area"].strip("()")]
        for flow, column in (("export", "exports"), ("import", "imports")):
            (found,) = rows(flows, partner=area, product="TOTAL", flow=flow, period="2024-11")
            assert found["value"] == Decimal(row[f"{column}_mn_jpy"]) * 10**6
            assert value(series, f"{column}.yoy", area) == Decimal(row[f"{column}_yoy_pct"])
        balance = row["balance_yoy_pct"]
        assert value(series, "balance.yoy", area) == (Decimal(balance) if balance else None)
    assert not list(flows.faults)
    assert not list(series.faults)
    assert not broken(flows)
    assert held(flows, "the nine sections add up to the total, but for rounding") == 2


def test_the_real_release_says_what_the_figures_aboard_say(shared):
    # The figures that the package ships were entered by hand from the whole release.
    flows, _ = parsed(shared / "data" / "japan_customs" / "press_2024114en_trimmed.xml")
    told = {
        (r["partner"], r["flow"], r["product"], r["period"]): r
        for r in aboard("flows.csv")
        if r["source"] == "japan-customs/press-2024-11-provisional"
    }
    found = {(r["partner"], r["flow"], r["product"], r["period"]): r for r in rows(flows)}
    # The copy is shortened: of five destinations it has the world and China.
    missing = {key[0] for key in set(told) - set(found)}
    assert missing == {"ASIA", "ASEAN", "KOR", "USA"}
    assert set(found) <= set(told)
    for key, row in found.items():
        assert row["value"] == Decimal(told[key]["value"])
        assert row["quantity"] == (Decimal(told[key]["quantity"] or 0) or None)
        assert (row["unit"] or "", row["status"]) == (told[key]["unit"], told[key]["status"])


def test_the_real_rates_are_those_aboard(shared):
    _, series = parsed(shared / "data" / "japan_customs" / "press_2024114en_trimmed.xml")
    told = {
        (r["key"], r["dimensions"], r["period"]): r
        for r in aboard("series.csv")
        if r["source"] == "japan-customs/press-2024-11-provisional"
    }
    found = rows(series)
    assert len(found) > 200
    for row in found:
        about = json.dumps(dict(row["dimensions"]), sort_keys=True, separators=(",", ":"))
        other = told[row["key"], about, row["period"]]
        assert (row["value"], row["unit"]) == (Decimal(other["value"]), other["unit"])
        assert (row["resolution"], row["status"]) == (Decimal(other["resolution"]), other["status"])


def aboard(name):
    with resources.files("boeki.data").joinpath(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
