"""Classifications, against what their keepers say of them."""

from __future__ import annotations

import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.terms import classifications as c


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("H6", "HS2022"),
        ("H0", "HS1992"),
        ("HS22", "HS2022"),
        ("HS92", "HS1992"),
        ("HS 2017", "HS2017"),
        ("S4", "SITC4"),
        ("SITC Rev. 3", "SITC3"),
        ("BEC", "BEC4"),
        ("ISIC 3.1", "ISIC31"),
        ("hs2012", "HS2012"),
    ],
)
def test_a_classification_has_other_names(text, name):
    assert c.classification(text) == name


@pytest.mark.parametrize(
    ("name", "count"),
    # World Customs Organization: number of six-digit subheadings.
    [("HS2002", 5224), ("HS2007", 5052), ("HS2012", 5205), ("HS2017", 5387)],
)
def test_a_vintage_has_its_subheadings(name, count):
    # 999999, "not specified", is UN Comtrade's.
    assert len(c.codes(name, depth=3)) - 1 == count


def test_isic_and_bec_are_whole():
    # United Nations, ISIC Rev. 4: 21 sections, 88 divisions, 238 groups, 419 classes.
    assert [len(c.codes("ISIC4", n)) for n in (1, 2, 3, 4)] == [21, 88, 238, 419]
    # ISIC Rev. 3: 17 sections, 60 divisions, 159 groups, 292 classes; 9999 is WITS's.
    assert [len(c.codes("ISIC3", n)) for n in (1, 2, 3)] == [17, 60, 159]
    assert len([x for x in c.codes("ISIC3", 4) if x != "9999"]) == 292
    # BEC Rev. 4: 19 basic categories.
    assert len([x for x in c.codes("BEC4") if not c.children("BEC4", x)]) == 19


def test_a_code_has_a_place():
    assert c.parent("HS2022", "848620") == "8486"
    assert c.parent("HS2022", "84") is None
    assert c.children("HS2022", "8486") == ("848610", "848620", "848630", "848640", "848690")
    assert c.level("HS2022", "848620") == 3
    assert c.parent("ISIC4", "26") == "C"
    assert c.children("BEC4", "5") == ("51", "52", "53")


def test_a_code_exists_only_in_its_vintage():
    # 8486 came with HS 2007; 8517.13, smartphones, with HS 2022.
    assert [c.code_known(name, "848620") for name in ("HS2002", "HS2007")] == [False, True]
    assert [c.code_known(name, "851713") for name in ("HS2017", "HS2022")] == [False, True]


def test_names():
    assert "semiconductor" in str(c.name("HS2022", "848620"))
    assert c.name("HS2007", "848620") == c.name("HS2022", "848620")
    assert c.name("BEC4", "41") == "Capital goods (except transport equipment)"
    assert c.name("SITC4", "72821") is None
    # In HS 2002 8479.89 still held the machines of 8486: another thing under the same code.
    assert c.name("HS2002", "847989") is None
    with pytest.raises(InputError, match="en"):
        c.name("HS2022", "848620", lang="ja")


def test_what_is_unknown_is_refused_with_near_codes():
    with pytest.raises(UnknownTerm, match="848620"):
        c.entry("HS2022", "848621")
    with pytest.raises(UnknownTerm, match="8486"):
        c.entry("HS2022", "semiconductor")
    with pytest.raises(UnknownTerm, match="HS2022"):
        c.classification("HS2023")


@pytest.mark.parametrize("name", c.CLASSIFICATIONS)
def test_every_parent_exists_and_every_level_is_one_deeper(name):
    for code in c.codes(name):
        above = c.parent(name, code)
        assert above is None or code in c.children(name, above)
        assert above is None or c.level(name, above) < c.level(name, code)


# Divisions and groups that the United Nations count: 56 and 177, 63 and 233, 67 and 262. For
# Revisions 1 and 2 our lists have as many in sections 0 to 8, and 5 or 6 more groups in section 9,
# which the counts seem to leave out.
@pytest.mark.parametrize(
    ("sitc", "without", "divisions", "groups"),
    [("SITC1", "9", 56, 177), ("SITC2", "9", 63, 233), ("SITC4", "", 67, 262)],
)
def test_every_division_and_group_of_the_sitc_has_a_name(
    sitc: str, without: str, divisions: int, groups: int
) -> None:
    named = [x for x in c.codes(sitc) if x.isdigit() and c.name(sitc, x)]
    kept = [x for x in named if not without or not x.startswith(without)]
    assert len([x for x in named if len(x) == 1]) == 10
    assert len([x for x in kept if len(x) == 2]) == divisions
    assert len([x for x in kept if len(x) == 3]) == groups
    assert max(map(len, named)) == 3


@pytest.mark.parametrize(
    ("sitc", "code", "name"),
    [
        # UN Comtrade; the publication of Revision 4.
        ("SITC1", "732", "Road motor vehicles"),
        ("SITC2", "781", "Passenger motor vehicles (excluding buses)"),
        ("SITC4", "73", "Metalworking machinery"),
        ("SITC4", "911", "Postal packages not classified according to kind"),
        ("SITC3", "781", None),
        ("SITC4", "7812", None),
    ],
)
def test_names_of_the_sitc(sitc: str, code: str, name: str | None) -> None:
    assert c.name(sitc, code) == name


def test_of_sitc_3_only_groups_of_sections_0_and_1_have_names() -> None:
    named = [x for x in c.codes("SITC3") if c.name("SITC3", x)]
    assert len(named) == 40
    assert {x[0] for x in named} == {"0", "1"}
