"""Foreign codes of areas, against the offices' own lists."""

from __future__ import annotations

import csv
import json

import pytest

from boeki.errors import UnknownTerm
from boeki.terms import areas, codes


@pytest.mark.parametrize(
    ("system", "code", "area"),
    [
        # ISO 3166-1 and UN M49.
        ("iso2", "JP", "JPN"),
        ("iso3", "DEU", "DEU"),
        ("m49", "392", "JPN"),
        ("m49", "4", "AFG"),
        ("m49", "250", "FRA"),
        ("m49", "756", "CHE"),
        ("m49", "810", "SUN"),
        # UN Comtrade: partnerAreas.json.
        ("comtrade", "842", "USA"),
        ("comtrade", "757", "CHE"),
        ("comtrade", "251", "FRA"),
        ("comtrade", "579", "NOR"),
        ("comtrade", "699", "IND"),
        ("comtrade", "490", "TWN"),
        ("comtrade", "0", "WLD"),
        ("comtrade", "278", "DDR"),
        ("comtrade", "492", "NES-EU"),
        ("comtrade", "899", "NES"),
        # CEPII: country_codes_V202201.csv.
        ("baci", "58", "BLX"),
        ("baci", "490", "TWN"),
        # Japan Customs: list of countries.
        ("japan-customs", "304", "USA"),
        ("japan-customs", "105", "CHN"),
        ("japan-customs", "106", "TWN"),
        ("japan-customs", "103", "KOR"),
        ("japan-customs", "245", "CZE"),
        # U.S. Census Bureau, Schedule C.
        ("us-census", "1220", "CAN"),
        ("us-census", "2010", "MEX"),
        ("us-census", "5700", "CHN"),
        ("us-census", "5880", "JPN"),
        ("us-census", "5830", "TWN"),
        ("us-census", "4120", "GBR"),
        ("us-census", "-", "WLD"),
        # Eurostat: Geonomenclature.
        ("eurostat", "GR", "GRC"),
        ("eurostat", "EL", "GRC"),
        ("eurostat", "XS", "SRB"),
        ("eurostat", "XK", "XKX"),
        ("eurostat", "QQ", "BUNKERS"),
        ("eurostat", "QZ", "CONFIDENTIAL-EXTRA"),
        ("eurostat", "EU27_2020", "EU27"),
    ],
)
def test_a_foreign_code_stands_for_an_area(system, code, area):
    assert codes.to_area(system, code) == area


def test_every_code_stands_for_an_area_that_exists():
    for system in codes.SYSTEMS:
        assert codes.area_codes(system)
        for row in codes.area_codes(system):
            assert row.source
            assert row.area or row.note
            if row.area:
                areas.get(row.area)


def test_a_code_of_one_country_is_never_taken_for_another(shared):
    # BACI gives ISO's alpha-3 beside its own code. Former countries, which it gives their
    # successor's code, and a customs union, which it gives South Africa's, are areas of our own.
    ours = {"58": "BLX", "280": "DEU-1990", "711": "SACU", "736": "SDN-2011"}
    path = shared / "data" / "baci_sample" / "country_codes_V202201.csv"
    with path.open(encoding="latin-1", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["iso_3digit_alpha"] != "N/A"]
    assert len(rows) > 200
    for r in rows:
        code = r["country_code"]
        assert codes.to_area("baci", code) == ours.get(code, r["iso_3digit_alpha"])


def test_no_code_of_an_office_is_left_out(shared):
    told = shared / "data" / "comtrade"
    for name in ("partnerAreas_2021.json", "reporterAreas_2021.json"):
        for row in json.loads((told / name).read_text(encoding="utf-8-sig"))["results"]:
            if row["id"] != "all":
                codes.to_area("comtrade", row["id"])
    path = shared / "data" / "japan_customs_codes" / "Countries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            codes.to_area("japan-customs", r["Code"])


@pytest.mark.parametrize("system", ["japan-customs", "us-census", "comtrade"])
def test_two_countries_of_an_office_are_two_areas(system):
    # Else figures of the one would replace figures of the other. In UN Comtrade no exception is
    # needed either: each former territory has an area of its own.
    found = [a for a in codes.area_map(system).values() if a]
    assert sorted(found) == sorted(set(found))


def test_an_unknown_code_is_refused_with_near_ones():
    with pytest.raises(UnknownTerm, match=r"392 \(Japan\)"):
        codes.to_area("comtrade", "Japn")
    with pytest.raises(UnknownTerm, match=r"5880 \(Japan\)"):
        codes.to_area("us-census", "588")
    with pytest.raises(UnknownTerm, match="comtrade"):
        codes.to_area("comtrad", "842")
    with pytest.raises(UnknownTerm):
        codes.area_map("fips")


@pytest.mark.parametrize("code", ["0003", "0001", "5XXX"])
def test_a_group_of_countries_is_no_area(code):
    assert codes.is_aggregate("us-census", code)
    with pytest.raises(codes.NotOneArea, match="leave such rows out"):
        codes.to_area("us-census", code)


@pytest.mark.parametrize("system", ["iso2", "eurostat"])
def test_a_code_that_has_meant_two_countries_is_refused(system):
    # CS was Czechoslovakia, then Serbia and Montenegro (ISO 3166-3: CSHH, CSXX).
    with pytest.raises(codes.NotOneArea, match="CSK"):
        codes.to_area(system, "CS")
    assert "CS" not in codes.area_map(system)


def test_an_areas_present_code_comes_first():
    assert codes.from_area("eurostat", "GRC") == ("GR", "EL")
    assert codes.from_area("eurostat", "SRB") == ("XS", "RS")
    assert codes.from_area("iso3", "COD") == ("COD", "ZAR")
    assert codes.from_area("us-census", "DDR") == ()
    with pytest.raises(UnknownTerm):
        codes.from_area("iso2", "ZZZ")


def test_iso_codes_go_there_and_back():
    for system in ("iso2", "iso3", "m49"):
        for area in areas.areas():
            if area.kind == "country":
                assert codes.to_area(system, codes.from_area(system, area.code)[0]) == area.code
