"""Units of quantity, against the offices' lists and the definitions of the units."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from boeki.errors import UnknownTerm
from boeki.terms import units


@pytest.mark.parametrize(
    ("system", "code", "unit", "factor"),
    [
        # Japan Customs, press release of December 2024: MT, TMT, TKL, NO, TNO, MNO, GT, KG.
        ("japan-customs", "MT", "t", "1"),
        ("japan-customs", "TMT", "t", "1000"),
        ("japan-customs", "TKL", "kl", "1000"),
        ("japan-customs", "NO", "units", "1"),
        ("japan-customs", "TNO", "units", "1000"),
        ("japan-customs", "MNO", "units", "1000000"),
        ("japan-customs", "KG", "kg", "1"),
        ("japan-customs", "DZ", "units", "12"),
        # UN Comtrade, quantity units.
        ("comtrade", "8", "kg", "1"),
        ("comtrade", "5", "units", "1"),
        ("comtrade", "11", "units", "12"),
        ("comtrade", "9", "units", "1000"),
        ("comtrade", "3", "MWh", "1"),
        ("comtrade", "-1", "", "1"),
        ("us-census", "NO", "units", "1"),
        ("us-census", "X", "", "1"),
        ("us-census", "DOZ", "units", "12"),
        # Combined Nomenclature, table of supplementary units.
        ("eurostat", "NO_SU", "", "1"),
        ("eurostat", "p/st", "units", "1"),
        ("eurostat", "1000 p/st", "units", "1000"),
        ("eurostat", "1,000 kWh", "MWh", "1"),
        ("eurostat", "LTR", "l", "1"),
        ("eurostat", "NAR", "units", "1"),
        ("eurostat", "kg N", "kg N", "1"),
    ],
)
def test_a_foreign_unit_stands_for_one_of_ours(system, code, unit, factor):
    assert units.to_unit(system, code) == (unit, Decimal(factor))


def test_a_barrel_is_42_gallons_of_231_cubic_inches():
    inch = Decimal("0.0254")
    assert units.to_unit("us-census", "BBL") == ("kl", 42 * 231 * inch**3)


def test_the_older_table_of_the_same_units_agrees():
    for code, (unit, factor) in units.JP_CUSTOMS.items():
        assert units.to_unit("japan-customs", code) == (unit, factor)


def test_every_unit_is_in_the_vocabulary():
    known = {u.code for u in units.units()}
    assert {u.base for u in units.units()} <= known
    assert units.BASE.keys() <= known
    for system in units.unit_systems():
        for row in units.unit_codes(system):
            assert row.unit in known | {""}
            assert row.factor > 0


def test_the_vocabulary_and_the_units_of_claims_agree():
    own = {u.code: u for u in units.units()}
    for code, (base, factor) in units.BASE.items():
        assert (own[code].base, float(own[code].factor)) == (base, factor)


def test_an_unknown_unit_is_refused_with_near_ones():
    with pytest.raises(UnknownTerm, match="NPR"):
        units.to_unit("eurostat", "NPX")
    with pytest.raises(UnknownTerm, match="comtrade"):
        units.to_unit("comtrad", "8")


def test_un_comtrade_calls_its_units_so(shared):
    path = shared / "data" / "comtrade" / "comtrade_2021-08-16.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        told = {(r["Qty Unit Code"], r["Qty Unit"]) for r in csv.DictReader(file)}
    ours = {"No Quantity": "", "Number of items": "units", "Weight in kilograms": "kg"}
    ours["Volume in litres"] = "l"
    assert {name for _, name in told} == ours.keys()
    assert all(units.to_unit("comtrade", code)[0] == ours[name] for code, name in told)
