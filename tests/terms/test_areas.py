"""Areas: codes, names, and what is refused."""

from __future__ import annotations

import re

import pytest

from boeki.errors import UnknownTerm
from boeki.terms import areas


def test_every_country_of_iso_3166_has_a_code_and_a_name():
    countries = [a for a in areas.areas() if a.kind == "country" and a.code != "XKX"]
    assert len(countries) == 249
    assert all(re.fullmatch("[A-Z]{3}", a.code) and a.name for a in countries)


def test_codes_are_unique_and_names_mean_one_area():
    codes = [a.code for a in areas.areas()]
    assert len(codes) == len(set(codes))
    names = [a.name.casefold() for a in areas.areas()]
    assert len(names) == len(set(names))


def test_currencies_are_iso_4217():
    assert all(re.fullmatch("[A-Z]{3}|", a.currency) for a in areas.areas())
    assert areas.get("TUR").currency == "TRY"
    assert areas.get("TWN").currency == "TWD"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("JPN", "JPN"),
        ("japan", "JPN"),
        ("Japan's", "JPN"),
        ("the United States", "USA"),
        ("U.S.", "USA"),
        ("American", "USA"),
        ("Britain", "GBR"),
        ("eurozone", "EA20"),
        ("EU", "EU27"),
        ("the Netherlands", "NLD"),
        ("Dutch", "NLD"),
        ("Ivory Coast", "CIV"),
        ("Namibia", "NAM"),
        ("North America", "NAMERICA"),
        ("world", "WLD"),
    ],
)
def test_an_area_is_found_by_code_name_or_adjective(given, code):
    assert areas.find(given).code == code


def test_an_unknown_name_is_refused_with_near_ones():
    with pytest.raises(UnknownTerm, match="Japan") as caught:
        areas.find("Jappan")
    assert caught.value.sort == "area"
    with pytest.raises(UnknownTerm):
        areas.get("ZZZ")


def test_names_in_a_sentence():
    assert areas.name("KOR") == "South Korea"
    assert areas.possessive("JPN") == "Japan's"
    assert areas.possessive("USA") == "the United States'"
    assert areas.adjective("JPN") == "Japanese"
    assert areas.adjective("HKG") == "Hong Kong"
    assert not areas.get("WLD").is_country
    assert not areas.get("ASEAN").is_country


@pytest.mark.parametrize(
    ("code", "last", "successors"),
    [
        # ISO 3166-3, formerly used codes.
        ("CSK", 1992, ("CZE", "SVK")),
        ("DDR", 1990, ("DEU",)),
        ("SCG", 2006, ("MNE", "SRB")),
        ("ANT", 2010, ("BES", "CUW", "SXM")),
    ],
)
def test_a_country_that_is_no_more_has_years_and_successors(code, last, successors):
    area = areas.get(code)
    assert (area.kind, area.last, area.successors) == ("historical", last, successors)
    assert area.is_country


def test_the_soviet_union_became_fifteen_countries():
    assert len(areas.get("SUN").successors) == 15


def test_what_an_area_refers_to_exists():
    for area in areas.areas():
        for code in (*area.successors, *([area.part_of] if area.part_of else [])):
            assert areas.get(code).is_country, (area.code, code)
        assert (area.kind == "part") == bool(area.part_of)
        assert area.kind != "part" or area.code.startswith(f"{area.part_of}-")


def test_partners_that_are_not_told_are_no_countries():
    for code in ("NES", "BUNKERS", "CONFIDENTIAL", "ESP-CANARY", "EU28"):
        assert not areas.get(code).is_country


def test_areas_that_only_statistics_know_are_not_read_out_of_articles():
    # A sentence writes neither "(until 1991)" nor a name that begins with a small letter.
    only = [a for a in areas.areas() if a.kind in ("historical", "part", "unspecified")]
    only += [a for a in areas.areas() if a.kind == "group" and a.first]
    assert only
    for area in only:
        assert not area.aliases + area.demonyms + area.capitals
        unwritten = "(" in area.name or area.name[0].islower() or " not elsewhere " in area.name
        assert unwritten, area.name


def test_a_former_country_is_found_by_its_name():
    assert areas.find("Soviet Union").code == "SUN"
    assert areas.find("Sudan").code == "SDN"
