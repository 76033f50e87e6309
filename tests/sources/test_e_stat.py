"""e-Stat: what its files and replies say, and what broken ones do not."""

from __future__ import annotations

import csv
import datetime as dt
import json
from decimal import Decimal

import pytest

from boeki.errors import InputError, MissingKey, NotAsExpected, Refused, UnknownTerm
from boeki.sources import get
from boeki.sources.base import FLOW_ROWS, Query
from boeki.sources.e_stat_api import TABLES, padded, unpadded
from boeki.terms import products
from boeki.terms.periods import Period

from .japan import SPECIMENS, raw, table

HERE = SPECIMENS / "e-stat"
SOURCE = get("e-stat")
COMMODITIES = HERE / "commodities-2026-07.csv"
COUNTRIES = HERE / "imports-by-country-2025-03.csv"


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("ESTAT_APP_ID", "an-application-id")


def rows(part, **wanted):
    return [r for r in table(part).to_pylist() if all(r[k] == v for k, v in wanted.items())]


def of_file(path=COMMODITIES, name="file/000040494506"):
    """Rows of a file, and what was wrong with it, which is known when the rows have been read."""
    (part,) = SOURCE.parse(raw(path, name)).parts
    found = rows(part)
    return part, found, list(part.faults)


def of_api(path=HERE / "70131.json", flow="export", **asked):
    params = {"statsDataId": "0003425295", "cdCat01": "70131000", **asked.pop("params", {})}
    asking = {"params": params, "context": {"flow": flow}, "media": "json"}
    return SOURCE.parse(raw(path, "0003425295/70131", **asking, **asked))


def pick(found, **wanted):
    (row,) = [r for r in found if all(r[k] == v for k, v in wanted.items())]
    return row


# --- what is asked for ----------------------------------------------------------------------------


def test_a_file_is_asked_for_by_its_number_and_needs_no_key(monkeypatch):
    monkeypatch.delenv("ESTAT_APP_ID", raising=False)
    (request,) = SOURCE.requests(Query(names=("file/000040507895",)))
    assert request.shown == (
        "https://www.e-stat.go.jp/stat-search/file-download?statInfId=000040507895&fileKind=1"
    )
    assert (request.media, request.secrets) == ("csv", {})


def test_a_file_that_is_here_is_taken_by_its_path():
    (request,) = SOURCE.requests(Query(options={"path": "/data/exports.csv"}))
    assert (request.name, request.address) == ("file/exports", "/data/exports.csv")


def test_the_api_wants_a_key_and_says_where_to_get_one(monkeypatch):
    monkeypatch.delenv("ESTAT_APP_ID", raising=False)
    with pytest.raises(MissingKey, match=r"e-stat\.go\.jp/api.*ESTAT_APP_ID"):
        SOURCE.requests(Query(names=("0003425295",)))


def test_the_key_is_kept_apart_from_what_is_shown(key):
    (request,) = SOURCE.requests(Query(names=("0003425295",), products=("70131",)))
    assert request.secrets == {"appId": "an-application-id"}
    assert "an-application-id" not in request.shown
    assert "an-application-id" not in repr(request)


def test_a_question_names_commodity_country_and_years_as_e_stat_does(key):
    # 50 before the customs' code: 50105 is China. A year is written 2024000000.
    (request,) = SOURCE.requests(
        Query(
            products=("70131",),
            partners=("CHN", "TWN"),
            flows=("export",),
            start=Period.month(2024, 3),
            end=Period.month(2024, 11),
        )
    )
    assert request.params == {
        "statsDataId": "0003425295",
        "lang": "E",
        "cdCat01": "70131000",
        "limit": "100000",
        "cdArea": "50105,50106",
        "cdTimeFrom": "2024000000",
        "cdTimeTo": "2024000000",
    }
    assert request.context == {"flow": "export"}


def test_names_of_questions_are_their_own(key):
    query = Query(start=Period.month(2019, 1), end=Period.month(2026, 8))
    names = [r.name for r in SOURCE.requests(query)]
    assert len(names) == len(set(names))
    asked = {name.partition("/")[0] for name in names}
    assert asked == {t.number for t in TABLES if t.first >= 2016}


def test_without_a_range_the_newest_tables_are_asked_for(key):
    found = {r.params["statsDataId"] for r in SOURCE.requests(Query(products=("70131",)))}
    assert found == {"0004049327", "0004049328"}


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"names": ("0001234567",)}, UnknownTerm),
        ({"names": ("file/abc",)}, InputError),
        ({"names": ("file/000040507895", "0003425295")}, InputError),
        ({"names": ("file/000040507895",), "partners": ("CHN",)}, InputError),
        ({"partners": ("ASIA",)}, InputError),
        ({"products": ("chips",)}, UnknownTerm),
        ({"products": ("0+1",)}, UnknownTerm),
        ({"reporters": ("CHN",)}, InputError),
        ({"options": {"paths": "x"}}, UnknownTerm),
    ],
)
def test_what_is_not_there_cannot_be_asked_for(key, query, error):
    with pytest.raises(error):
        list(SOURCE.requests(Query(**query)))


def test_codes_are_padded_to_eight_digits_and_back():
    # 70131000 is chip machinery and 70323050 integrated circuits in the tables of e-Stat.
    assert padded("70131") == "70131000"
    assert unpadded("70323050") == "7032305"
    for commodity in products.commodities():
        if "+" not in commodity.code:
            assert unpadded(padded(commodity.code)) == commodity.code


# --- files ----------------------------------------------------------------------------------------


def test_a_line_has_its_own_unit_and_its_weight():
    # 848620 in July 2026: 1,414 machines, 7,823,707 kg, 327,351,851 thousand yen (e-Stat, 確報).
    part, found, faults = of_file()
    assert table(SOURCE.parse(raw(COMMODITIES, "file/1")).parts[0]).schema == FLOW_ROWS
    row = pick(found, product="848620000", period="2026-07")
    assert (row["value"], row["resolution"]) == (327_351_851_000, 1000)
    assert (row["quantity"], row["unit"], row["weight"]) == (1414, "units", 7_823_707)
    assert (row["classification"], row["partner"], row["flow"]) == ("JP-HS9", "WLD", "export")
    # A line with kilograms only has them as its quantity too.
    row = pick(found, product="848690000", period="2026-01")
    assert (row["quantity"], row["unit"], row["weight"]) == (2_320_387, "kg", 2_320_387)
    # One with numbers only has no weight.
    row = pick(found, product="010129000", period="2026-03")
    assert (row["quantity"], row["unit"], row["weight"]) == (9, "units", None)
    assert not faults
    assert part.document.name == "e-stat-000040494506@2026-09-30"


def test_months_to_come_are_left_aside_and_zeros_before_are_kept():
    _, found, _ = of_file()
    assert {r["period"] for r in found} == {f"2026-{m:02}" for m in range(1, 8)}
    assert pick(found, product="010129000", period="2026-06")["value"] == 0


def test_exports_on_e_stat_are_detailed_and_the_newest_imports_are_not():
    _, exports, _ = of_file()
    assert {r["status"] for r in exports} == {"revised"}
    _, imports, _ = of_file(COUNTRIES)
    assert pick(imports, partner="TWN", period="2025-03")["status"] == "provisional"
    assert pick(imports, partner="TWN", period="2025-02")["status"] == "revised"


def test_a_file_by_country_has_its_partners():
    _, found, faults = of_file(COUNTRIES)
    row = pick(found, partner="TWN", period="2025-03")
    assert (row["product"], row["value"], row["valuation"]) == ("854231000", 900_000, "cif")
    assert (row["quantity"], row["unit"], row["weight"]) == (12, "units", 6)
    row = pick(found, product="270900900", period="2025-01")
    assert (row["partner"], row["quantity"], row["unit"], row["weight"]) == ("SAU", 50, "kl", None)
    # A place that is no country, and a unit that nobody knows: each a fault.
    assert [f.where for f in faults] == ["line 5", "line 6"]
    assert "'799'" in faults[0].reason
    row = pick(found, product="220830011", period="2025-01")
    assert (row["value"], row["quantity"], row["weight"]) == (11_000, None, 2)


def changed(tmp_path, old, new, path=COMMODITIES):
    text = path.read_text(encoding="utf-8")
    assert old in text
    out = tmp_path / "changed.csv"
    out.write_text(text.replace(old, new, 1), encoding="utf-8")
    return out


def test_months_that_do_not_make_the_year_are_a_fault(tmp_path):
    path = changed(tmp_path, "327351851", "327351852")
    _, found, (fault,) = of_file(path)
    assert not [r for r in found if r["product"] == "848620000"]
    assert fault.where == "line 2"
    assert fault.reason == "the months add up to 1,802,455,421, not to 1,802,455,420"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("'848620000'", "'8486200'", "nine digits"), ("4188168,", "4188168.5,", "is no number")],
)
def test_a_line_that_cannot_be_read_is_a_fault(tmp_path, old, new, said):
    _, found, (fault,) = of_file(changed(tmp_path, old, new))
    assert said in fault.reason
    assert [r for r in found if r["product"] == "848690000"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Exp or Imp,", "Flow,", "column 1 is 'Flow', not 'Exp or Imp'"),
        ("Value-Mar,", "Value-March,", "column 17 is 'Value-March', not 'Value-Mar'"),
        (",Value-Dec", "", "it has 43 columns, not 44"),
        ("HS,", "HS,Custom,", "by customs office"),
        ("\n1,2026,'848690000'", "\n2,2026,'848690000'", "flows"),
        ("\n1,2026,'848690000'", "\n1,2025,'848690000'", "years"),
        ("'848690000',  ,", "'848690000',", "line 3 has 43 columns"),
    ],
)
def test_a_changed_layout_is_refused_and_named(tmp_path, old, new, said):
    with pytest.raises(NotAsExpected, match=said):
        of_file(changed(tmp_path, old, new))


def test_half_a_file_is_refused(tmp_path):
    whole = COMMODITIES.read_bytes()
    path = tmp_path / "half.csv"
    # Cut at the end of a line it is a file of fewer lines, which the transport has to notice.
    ends = {at + 1 for at, byte in enumerate(whole) if byte == 10}
    for at in set(range(0, len(whole), 5)) - ends:
        path.write_bytes(whole[:at])
        with pytest.raises(NotAsExpected):
            of_file(path)


def test_another_encoding_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_bytes(COMMODITIES.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(NotAsExpected):
        of_file(path)


# --- the API --------------------------------------------------------------------------------------


def test_a_reply_is_read_by_commodity_country_and_month():
    (part,) = of_api().parts
    found = rows(part)
    row = pick(found, partner="CHN", period="2024-11")
    assert (row["value"], row["quantity"], row["weight"]) == (164_134_000_000, 5_178_000, 5_178_000)
    assert (row["classification"], row["product"], row["unit"]) == ("JP-PC", "70131", "kg")
    assert {r["period"] for r in found} == {f"2024-{m:02}" for m in range(1, 12)}
    assert pick(found, partner="TWN", period="2024-11")["value"] == 0
    assert part.document.published == dt.date(2024, 12, 27)  # UPDATED_DATE
    assert part.document.name == "e-stat-0003425295-70131@2024-12-27"
    assert not part.faults


def test_a_single_cell_comes_as_an_object():
    (part,) = of_api(HERE / "single.json").parts
    assert [(r["period"], r["value"]) for r in rows(part)] == [("2024-01", 5000)]


def test_a_reply_that_was_cut_off_is_asked_for_again_in_pieces():
    parsed = of_api(HERE / "cut-off.json")
    assert not parsed.parts
    assert [r.params["cdTime"] for r in parsed.more] == [f"{y}000000" for y in range(2021, 2026)]
    assert parsed.more[0].name == "0003425295/70131/2021000000"
    both = of_api(HERE / "cut-off.json", params={"cdCat01": "70131000,70323000"})
    assert [r.params["cdCat01"] for r in both.more] == ["70131000", "70323000"]
    assert {r.context["flow"] for r in both.more} == {"export"}
    with pytest.raises(InputError, match="name partners"):
        of_api(HERE / "cut-off.json", params={"cdTime": "2024000000"})


def edited(tmp_path, edit):
    reply = json.loads((HERE / "70131.json").read_text(encoding="utf-8"))
    data = reply["GET_STATS_DATA"]
    edit(
        data, {(c["@area"], c["@cat02"]): c for c in data["STATISTICAL_DATA"]["DATA_INF"]["VALUE"]}
    )
    path = tmp_path / "edited.json"
    path.write_text(json.dumps(reply), encoding="utf-8")
    return path


def test_a_figure_that_is_missing_or_withheld_is_no_zero(tmp_path):
    def edit(_, cells):
        cells["50106", "320"]["$"] = "***"
        cells["50105", "130"]["$"] = "-"

    (part,) = of_api(edited(tmp_path, edit)).parts
    assert not [r for r in rows(part) if r["partner"] == "TWN" and r["period"] == "2024-10"]
    assert pick(rows(part), partner="CHN", period="2024-01")["quantity"] is None
    assert [f.reason for f in part.faults] == [
        "withheld by the office",
        "a quantity without a value",
    ]


def test_months_of_a_reply_that_do_not_make_the_year_are_a_fault(tmp_path):
    def edit(_, cells):
        cells["50105", "120"]["$"] = "314134001"

    (part,) = of_api(edited(tmp_path, edit)).parts
    assert {r["partner"] for r in rows(part)} == {"TWN"}
    assert "the months add up to 314,134,000" in part.faults[0].reason


def test_an_area_or_cell_that_is_not_known_is_a_fault(tmp_path):
    def edit(_, cells):
        for (area, _), cell in cells.items():
            if area == "50106":
                cell["@area"] = "50799"
        cells["50105", "110"]["@cat02"] = "999"

    (part,) = of_api(edited(tmp_path, edit)).parts
    assert {r["partner"] for r in rows(part)} == {"CHN"}
    assert any("no such cell" in f.reason for f in part.faults)
    assert any("799" in f.reason for f in part.faults)


def test_errors_of_e_stat_are_passed_on(tmp_path):
    def refused(data, _):
        data["RESULT"] = {"STATUS": 100, "ERROR_MSG": "Authentication failed."}

    with pytest.raises(Refused, match=r"100: Authentication failed\."):
        of_api(edited(tmp_path, refused))

    def empty(data, _):
        data["RESULT"]["STATUS"] = 1

    assert not of_api(edited(tmp_path, empty)).parts


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d, _: d.pop("STATISTICAL_DATA"), "lacks STATISTICAL_DATA"),
        (lambda d, _: d["STATISTICAL_DATA"].pop("RESULT_INF"), "lacks RESULT_INF"),
        (lambda _, c: c["50105", "140"].pop("@area"), "lacks @cat01"),
        (lambda _, c: c["50105", "140"].update({"@unit": "MILLION YEN"}), "thousand yen"),
    ],
)
def test_a_reply_of_another_layout_is_refused(tmp_path, edit, said):
    with pytest.raises(NotAsExpected, match=said):
        of_api(edited(tmp_path, edit))


def test_half_a_reply_is_refused(tmp_path):
    path = tmp_path / "half.json"
    path.write_bytes((HERE / "70131.json").read_bytes()[:900])
    with pytest.raises(NotAsExpected, match="not whole"):
        of_api(path)


# --- the real file --------------------------------------------------------------------------------


def test_every_real_figure_is_read(shared):
    folder = shared / "data" / "japan_customs"
    _, found, faults = of_file(folder / "estat_values_by_commodity_sample_8486_2026.csv")
    with (folder / "hs8486_exports_2026_monthly.csv").open(encoding="utf-8") as file:
        told = list(csv.DictReader(file))
    assert len(found) == len(told) == 35
    for line in told:
        row = pick(found, product=line["hs9"], period=line["period"])
        assert row["value"] == Decimal(line["value_thousand_jpy"]) * 1000
        assert row["weight"] == Decimal(line["quantity2"])
        if line["unit1"]:
            assert (row["quantity"], row["unit"]) == (Decimal(line["quantity1"]), "units")
    assert not faults


def test_the_tariff_lines_of_chip_machinery_make_the_commodity(shared):
    # d51ma, code 70131: another publication of the same office.
    folder = shared / "data" / "japan_customs"
    _, found, _ = of_file(folder / "estat_values_by_commodity_sample_8486_2026.csv")
    with (folder / "semicon_machinery_70131_exports.csv").open(encoding="utf-8") as file:
        told = {r["period"]: r for r in csv.DictReader(file) if r["period"] >= "2026"}
    assert len(told) == 5
    for period, line in told.items():
        months = [r for r in found if r["period"] == period]
        assert sum(r["value"] for r in months) == Decimal(line["value_thousand_jpy"]) * 1000
        assert sum(r["weight"] for r in months) == Decimal(line["quantity_kg"])
