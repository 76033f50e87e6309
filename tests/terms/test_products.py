"""Products: codes and terms of Japan's principal commodities."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.errors import UnknownTerm
from boeki.terms import products
from boeki.terms.products import AmbiguousCode, Commodity

ALL = products.commodities()
COMMODITY = st.sampled_from(ALL)


@given(COMMODITY)
def test_every_term_finds_itself_however_it_is_written(commodity: Commodity) -> None:
    term = commodity.term
    for written in (term, f" {term} ", term.upper(), term.replace("_", " "), term.title()):
        assert products.find(written) == term


@given(COMMODITY)
def test_a_code_finds_its_term_or_says_that_it_means_two(commodity: Commodity) -> None:
    meanings = {c.term for c in ALL if c.code == commodity.code}
    for written in (commodity.code, commodity.product):
        if len(meanings) == 1:
            assert products.find(written) == commodity.term
        else:
            with pytest.raises(AmbiguousCode) as caught:
                products.find(written)
            assert set(caught.value.near) == meanings


@pytest.mark.parametrize(
    ("flow", "code", "term"),
    [
        # Japan Customs, principal commodity codes (heads of d51ma.csv and d61ma.csv).
        ("export", "70131", "semiconductor_equipment"),
        ("export", "70323", "semiconductors"),
        ("export", "7032305", "integrated_circuits"),
        ("export", "70311", "audio_apparatus"),
        ("import", "70311", "semiconductors"),
        ("import", "7031103", "integrated_circuits"),
        ("import", "30301", "crude_oil"),
        ("import", "3050103", "lng"),
        ("export", "70503", "motor_vehicles"),
        ("import", "70501", "motor_vehicles"),
    ],
)
def test_codes_as_the_customs_print_them(flow: str, code: str, term: str) -> None:
    found = products.by_code(code, flow)
    assert found is not None
    assert found.term == term
    assert products.commodity(term, flow) == found


def test_a_code_with_two_meanings_names_both() -> None:
    with pytest.raises(AmbiguousCode) as caught:
        products.find("JP-PC:70311")
    assert isinstance(caught.value, UnknownTerm)
    assert str(caught.value) == (
        "product code 'JP-PC:70311' means audio_apparatus among exports and semiconductors among "
        "imports: name the product instead"
    )


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("semiconductor_equipmnt", "semiconductor_equipment"),
        ("crude oyl", "crude_oil"),
        ("Motor vehicle", "motor_vehicles"),
    ],
)
def test_a_near_miss_is_suggested_and_never_taken(written: str, near: str) -> None:
    with pytest.raises(UnknownTerm, match=f"did you mean .*{near}"):
        products.find(written)


@pytest.mark.parametrize("written", ["", "zzzz", "99999", "JP-PC:", "HS2022:848620"])
def test_what_is_no_product_is_refused(written: str) -> None:
    with pytest.raises(UnknownTerm, match="unknown product"):
        products.find(written)


@pytest.mark.parametrize("written", ["TOTAL", "total", " Total "])
def test_all_goods(written: str) -> None:
    assert products.find(written) == "TOTAL"


def test_a_term_may_stand_in_one_flow_only() -> None:
    # Japan exports next to no crude oil: the principal commodities have no code for it.
    assert products.commodity("crude_oil", "export") is None
    assert products.commodity("semiconductor_equipment", "import") is None
    assert products.by_code("30301", "export") is None


@pytest.mark.parametrize("flow", ["export", "import"])
def test_the_nine_sections(flow: str) -> None:
    # Japan Customs prints nine sections: heads of d51ma.csv and d61ma.csv.
    sections = [c.code for c in ALL if c.flow == flow and c.level == 1]
    assert sections == ["0+1", "2+4", "3", "5", "6", "701", "703", "705", "8+9"]


@given(COMMODITY)
def test_each_commodity_hangs_one_level_below_its_parent(commodity: Commodity) -> None:
    if commodity.level == 1:
        assert commodity.parent == "TOTAL"
    else:
        parent = products.by_code(commodity.parent, commodity.flow)
        assert parent is not None
        assert parent.level == commodity.level - 1


@pytest.mark.parametrize("what", ["code", "term"])
def test_codes_and_terms_are_told_once_in_a_flow(what: str) -> None:
    seen = Counter((c.flow, getattr(c, what)) for c in ALL)
    assert [key for key, n in seen.items() if n > 1] == []


def test_related_products() -> None:
    near = products.related("semiconductors")
    # Its parent, its child, and what writers take it for.
    assert near == {"electronics", "integrated_circuits", "semiconductor_equipment"}
    assert products.related("crude_oil") == {"mineral_fuels"}
    assert products.related("TOTAL") == frozenset()


@given(COMMODITY)
def test_relation_is_mutual(commodity: Commodity) -> None:
    for other in products.related(commodity.term):
        assert commodity.term in products.related(other)
    assert commodity.term not in products.related(commodity.term)


def test_names_and_labels() -> None:
    assert products.name("crude_oil") == "Crude and partly refined petroleum"
    assert products.name("TOTAL") == "all goods"
    assert products.name("unheard_of") == "unheard of"
    assert products.label_word("crude_oil") == "crude_oil"
    assert products.label_word("television_receivers") == "other"
    assert set(products.terms()) >= {c.term for c in ALL}
    assert list(products.terms()) == sorted(set(products.terms()))


def test_another_classification_is_refused() -> None:
    with pytest.raises(UnknownTerm, match="classification"):
        products.commodities("SITC")
