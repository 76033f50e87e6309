"""Areas: codes, names, and what is refused."""

from __future__ import annotations

import re

import pytest

from boeki.errors import UnknownTerm
from boeki.terms import areas


def test_every_country_of_iso_3166_has_a_code_and_a_name():
    countries = [a for a in areas.areas() if a.is_country]
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
