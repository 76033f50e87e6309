"""The whole way, from text to verdicts, on the sample article and on the real one that boeki
was born of.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from boeki import check_article

PUBLISHED = dt.date(2025, 1, 10)
SAMPLE = Path(__file__).parent.parent.parent / "examples" / "japan-2024-11.txt"


def verdicts(report):
    """Kind, measure, product and value of each claim, with its verdict."""
    out = {}
    for c in report.claims:
        value = None if c.claim.value is None else float(c.claim.value)
        out[(c.claim.kind, c.claim.measure, c.claim.product, value)] = c
    return out


CHIPS = "semiconductor_equipment"
#: Figures: MoF press release of 18 December 2024 and the time series of September 2026; shares:
#: SEAJ and analysts.
EXPECTED = {
    ("level", "balance", "TOTAL", -117.6e9): "revised",
    ("streak", "balance", "TOTAL", 5.0): "supported",
    ("level", "balance", "TOTAL", -813.8e9): "supported",
    ("change", "balance", "TOTAL", -85.5): "revised",
    ("change", "exports", CHIPS, 120.0): "contradicted",
    ("change", "exports", CHIPS, 35.0): "misattributed",
    ("record", "exports", "TOTAL", None): "misattributed",
    ("share", "sales", CHIPS, 30.0): "disputed",
    ("rank", "sales", CHIPS, 2.0): "disputed",
    ("share", "sales", "wafer_processing", 40.0): "contradicted",
    ("share", "sales", "lithography", 70.0): "contradicted",
}


@pytest.fixture(scope="module")
def article(shared):
    return (shared / "data" / "articles" / "japan-trade-2024-11.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def real(article, lake):
    return check_article(article, lake, published=PUBLISHED)


@pytest.mark.parametrize("claim", EXPECTED, ids=lambda c: f"{c[0]} {c[3]}")
def test_the_real_article(real, claim):
    assert verdicts(real)[claim].verdict == EXPECTED[claim]


def test_every_claim_stands_where_it_says(real):
    for c in real.claims:
        assert real.text[c.claim.start : c.claim.end] == c.claim.quote


def test_nothing_but_those_claims_and_causes(real):
    assert {k for k in verdicts(real) if k[0] != "cause"} == set(EXPECTED)


def test_the_boom_is_not_what_drove_the_improvement(real):
    named = [
        c
        for c in real.claims
        if (c.claim.kind, c.claim.product, c.claim.effect) == ("cause", CHIPS, "balance")
    ]
    assert named
    credited = [c for c in named if c.claim.strength in ("main", "major")]
    assert credited
    for c in credited:
        assert c.verdict == "contradicted"
        assert "13.1 %" in c.line
        assert "crude" in c.diagnosis
        assert "special transactions" in c.diagnosis


def test_the_revision_is_shown(real):
    found = verdicts(real)["level", "balance", "TOTAL", -117.6e9]
    assert found.matched.official.value == -117_620_000_000
    assert found.matched.official.published == dt.date(2024, 12, 18)
    assert round(found.newest.official.value / 10**6) == -120_810


def test_the_diagnosis_names_the_series(real):
    found = verdicts(real)["change", "exports", CHIPS, 35.0]
    assert "SEAJ" in found.diagnosis
    assert "+35.2 %" in found.diagnosis
    assert "−8.2 %" in found.line


@pytest.mark.parametrize(
    ("old", "new", "key", "verdict"),
    [
        ("¥117.6 billion", "¥120.8 billion", ("level", "balance", "TOTAL", -120.8e9), "supported"),
        ("¥117.6 billion", "¥110.3 billion", ("level", "balance", "TOTAL", -110.3e9), "revised"),
        (
            "¥117.6 billion",
            "¥177.6 billion",
            ("level", "balance", "TOTAL", -177.6e9),
            "contradicted",
        ),
        (
            "¥117.6 billion",
            "¥1.176 trillion",
            ("level", "balance", "TOTAL", -1.176e12),
            "misattributed",
        ),
        ("fifth", "sixth", ("streak", "balance", "TOTAL", 6.0), "contradicted"),
        ("85.5%", "85.2%", ("change", "balance", "TOTAL", -85.2), "supported"),
        ("85.5%", "55.5%", ("change", "balance", "TOTAL", -55.5), "contradicted"),
        ("120%", "32%", ("change", "exports", CHIPS, 32.0), "supported"),
        ("approximately 30%", "approximately 55%", ("share", "sales", CHIPS, 55.0), "contradicted"),
        ("over 40%", "over 20%", ("share", "sales", "wafer_processing", 20.0), "supported"),
        (
            "approximately 70%",
            "approximately 6%",
            ("share", "sales", "lithography", 6.0),
            "supported",
        ),
    ],
)
def test_another_number_gets_another_verdict(article, lake, old, new, key, verdict):
    assert old in article
    found = verdicts(check_article(article.replace(old, new), lake, published=PUBLISHED))
    assert found[key].verdict == verdict


def test_the_sample_article(lake):
    report = check_article(SAMPLE.read_text(encoding="utf-8"), lake, published=PUBLISHED)
    found = {k: c.verdict for k, c in verdicts(report).items()}
    for claim, verdict in EXPECTED.items():
        assert found[claim] == verdict, claim
    assert found["level", "balance", "TOTAL", -5.33e12] == "revised"
    assert found["level", "balance", "TOTAL", 664.0e9] == "supported"
    assert found["level", "balance", "TOTAL", -682.0e9] == "supported"
    assert found["change", "exports", CHIPS, 4.2] == "supported"
    assert found["cause", "exports", CHIPS, None] == "contradicted"
    assert found["change", "exports", "other", 10.0] == "unverifiable"
