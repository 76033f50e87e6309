"""What a text can mean."""

from __future__ import annotations

import pytest

from boeki.errors import UnknownTerm
from boeki.terms.lookup import lookup


def found(text: str) -> set[tuple[str, str, str]]:
    return {(m.system, m.code, m.term) for m in lookup(text)}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        # The same number is the United States in Japan and Greenland at the United Nations.
        ("304", ("japan-customs", "304", "USA")),
        ("304", ("m49", "304", "GRL")),
        ("842", ("comtrade", "842", "USA")),
        ("the Netherlands", ("boeki", "NLD", "NLD")),
        ("Other Asia, nes", ("comtrade", "490", "TWN")),
        ("asean", ("boeki", "ASEAN", "ASEAN")),
        ("848620", ("HS2007", "848620", "HS2007:848620")),
        ("H6:848620", ("HS2022", "848620", "HS2022:848620")),
        ("semiconductor wafers", ("HS2022", "903082", "HS2022:903082")),
        ("70131", ("JP-PC", "70131", "JP-PC:70131")),
        ("TKL", ("japan-customs", "TKL", "kl")),
        ("CS", ("iso2", "CS", "")),
    ],
)
def test_a_text_means_this_among_others(text, match):
    assert match in found(text)


def test_a_code_with_its_classification_means_one_thing():
    assert found("HS2022:848620") == {("HS2022", "848620", "HS2022:848620")}


def test_a_product_code_that_does_not_exist_means_nothing():
    assert lookup("999998") == []
    assert lookup("  ") == []


def test_where_nothing_comes_near_all_is_named_that_there_is() -> None:
    assert str(UnknownTerm("flow", "transit", ["export", "import"])) == (
        "unknown flow 'transit': there are export, import."
    )
    assert "did you mean export?" in str(UnknownTerm("flow", "exprot", ["export", "transit"]))
    assert "nothing comes near" in str(UnknownTerm("code", "?", map(str, range(1_000))))
