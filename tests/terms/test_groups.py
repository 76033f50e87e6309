"""Groups of countries over time, against the groups' own accounts."""

from __future__ import annotations

import datetime as dt

import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.terms import areas, groups


@pytest.mark.parametrize(
    ("group", "day", "count"),
    [
        # European Union: enlargements of 1973, 1981, 1986, 1995, 2004, 2007, 2013; exit of 2020.
        ("EU", "1972-12-31", 6),
        ("EU", "1973-01-01", 9),
        ("EU", "1981-01-01", 10),
        ("EU", "1986-01-01", 12),
        ("EU", "1995-01-01", 15),
        ("EU", "2004-05-01", 25),
        ("EU", "2007-01-01", 27),
        ("EU", "2013-07-01", 28),
        ("EU", "2020-01-31", 28),
        ("EU", "2020-02-01", 27),
        # European Central Bank: 11 founders, 12 with Greece, 20 with Croatia, 21 with Bulgaria.
        ("EA", "1999-01-01", 11),
        ("EA", "2001-01-01", 12),
        ("EA", "2023-01-01", 20),
        ("EA", "2026-01-01", 21),
        # ASEAN Secretariat: ten members until Timor-Leste joined on 26 October 2025.
        ("ASEAN", "2025-10-25", 10),
        ("ASEAN", "2025-10-26", 11),
        # OECD: 38 members since Costa Rica, 34 after Estonia.
        ("OECD", "2010-12-31", 34),
        ("OECD", "2021-05-25", 38),
        # CPTPP in force for eleven after Brunei, twelve with the United Kingdom.
        ("CPTPP", "2023-07-12", 11),
        ("CPTPP", "2024-12-15", 12),
        # OPEC: 13 members in 2020 and twelve since Angola left.
        ("OPEC", "2020-01-01", 13),
        ("OPEC", "2024-01-01", 12),
        # Press reports of 28 April 2026: the United Arab Emirates leave on 1 May.
        ("OPEC", "2026-04-30", 12),
        ("OPEC", "2026-05-01", 11),
        # EFTA: seven founders, four today.
        ("EFTA", "1960-05-03", 7),
        ("EFTA", "2024-01-01", 4),
        ("APEC", "2024-01-01", 21),
        ("GCC", "2024-01-01", 6),
        ("G7", "2024-01-01", 7),
        ("BRICS", "2011-01-01", 5),
    ],
)
def test_a_group_has_the_members_of_the_day(group, day, count):
    assert len(groups.members(group, dt.date.fromisoformat(day))) == count


def test_a_fixed_membership_is_the_same_on_any_day():
    day = dt.date(2010, 6, 1)
    assert "GBR" not in groups.members("EU27", day)
    assert "HRV" in groups.members("EU27", day)
    assert groups.members("EU28") - groups.members("EU27") == {"GBR"}
    assert groups.members("EU27_2007") - groups.members("EU27") == {"GBR"}
    assert groups.members("EU27") - groups.members("EU27-2007") == {"HRV"}
    assert (len(groups.members("EU15")), len(groups.members("EU25"))) == (15, 25)


def test_leaving_and_coming_back():
    # Indonesia left OPEC in 2009, came back in 2016 and left in the same year.
    days = ("2008-06-01", "2010-06-01", "2016-06-01", "2017-06-01")
    found = ["IDN" in groups.members("OPEC", dt.date.fromisoformat(d)) for d in days]
    assert found == [True, False, True, False]


def test_a_day_without_members_is_an_error():
    with pytest.raises(InputError, match="from 1994-01-01 until 2020-07-01"):
        groups.members("NAFTA", dt.date(2021, 1, 1))
    with pytest.raises(InputError, match="from 2018-12-30"):
        groups.members("CPTPP", dt.date(2010, 1, 1))


def test_an_unknown_group_is_refused_with_near_ones():
    with pytest.raises(UnknownTerm, match="ASEAN"):
        groups.members("ASAEN")


def test_the_groups_of_a_country():
    day = dt.date(2015, 1, 1)
    assert groups.groups_of("GBR", day) == ("EU28", "EU_V", "G20", "G7", "OECD")
    assert "EU_V" not in groups.groups_of("GBR", dt.date(2021, 1, 1))
    assert "USMCA" in groups.groups_of("MEX", dt.date(2021, 1, 1))
    with pytest.raises(UnknownTerm):
        groups.groups_of("ZZZ")


def test_memberships_are_of_countries_and_in_order():
    for m in groups.memberships():
        assert areas.get(m.area).kind == "country"
        assert m.group in groups.GROUPS
        assert m.source
        assert m.left is None or m.joined < m.left
    assert {m.group for m in groups.memberships()} <= groups.GROUPS.keys()
