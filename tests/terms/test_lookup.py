"""What a text can mean."""

from __future__ import annotations

import pickle

import pytest

from boeki.errors import UnknownTerm
from boeki.terms import classifications, codes, products
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


def test_what_comes_near_is_looked_for_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Tables of thousands of products try each code, and no one reads the errors.
    def searched(*_: object) -> tuple[str, ...]:
        raise AssertionError("nobody asked")

    with monkeypatch.context() as patched:
        for module in ("boeki.errors", "boeki.terms.classifications", "boeki.terms.codes"):
            patched.setattr(f"{module}.nearest", searched)
        with pytest.raises(UnknownTerm) as found:
            classifications.name("HS2022", "848699")
        with pytest.raises(UnknownTerm) as areas_found:
            codes.to_area("baci", "9999")
    assert "848690 (" in str(found.value)
    assert "unknown area code of baci '9999'" in str(areas_found.value)


@pytest.mark.parametrize(
    "error",
    [
        UnknownTerm("flow", "exprot", ["export", "import"]),
        classifications.UnknownProduct("HS2022", "848699"),
        codes.UnknownCode("baci", "9999"),
        codes.NotOneArea("us-census", "0003", "it is the EU"),
        products.AmbiguousCode("7", {"export": "a", "import": "b"}),
    ],
    ids=lambda e: type(e).__name__,
)
def test_errors_come_whole_out_of_another_process(error: UnknownTerm) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.near) == (type(error), str(error), error.near)
