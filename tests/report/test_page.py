"""The page: all of the article and of its evidence, and nothing of it as markup."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boeki.check.article import printable
from boeki.check.claim import Claim
from boeki.check.verdict import MEANING, Checked, Report
from boeki.report.page import about, page_context, render_page, safe_link
from boeki.report.words import SIGNS
from tests.report import factory

#: What the page itself brings; an element of any other name would come from the input.
TAGS = re.compile(
    r"html|head|meta|title|link|style|body|a|header|p|b|h[1-4]|time|span|svg|rect|div|main|section|"
    r"ol|li|blockquote|figure|figcaption|desc|line|polyline|circle|text|details|summary|table|"
    r"thead|tbody|tr|th|td|code|footer|dl|dt|dd|kbd|script"
)
ATTRIBUTES = re.compile(
    r"aria-[a-z]+|data-(claim|claims|verdict|mark)|id|class|href|rel|tabindex|role|title|scope|lang|"
    r"charset|name|content|http-equiv|datetime|width|height|x|y|x1|x2|y1|y2|cx|cy|r|points|viewbox|"
    r"text-anchor|focusable"
)


def parsed(report: Report) -> BeautifulSoup:
    # Left to itself the parser folds stretches of white space, which a browser keeps in the tree.
    kept = {"div", "p", "a", "blockquote"}
    return BeautifulSoup(render_page(report), "html.parser", preserve_whitespace_tags=kept)


def one(soup: BeautifulSoup | Tag, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]


def report_of(text: str, *spans: tuple[int, int]) -> Report:
    verdicts = list(MEANING)
    claims = tuple(
        Checked(
            Claim(text[a:b], a, b, "level", "balance"), verdicts[i % len(verdicts)], "official 1"
        )
        for i, (a, b) in enumerate(spans)
    )
    return Report(text, factory.PUBLISHED, factory.CHECKED, claims, "x.txt")


def assert_only_own_markup(soup: BeautifulSoup) -> None:
    for tag in soup.find_all(True):
        assert TAGS.fullmatch(tag.name), tag.name
        for name in tag.attrs:
            assert ATTRIBUTES.fullmatch(name), (tag.name, name)
        if tag.name == "a":
            assert re.match(r"#|https?://", str(tag["href"])), tag["href"]
    assert len(soup.find_all("script")) == len(soup.find_all("style")) == 1


@pytest.fixture(scope="module")
def sample() -> BeautifulSoup:
    return parsed(factory.sample())


def test_the_article_is_all_there(sample: BeautifulSoup) -> None:
    assert one(sample, "#article").get_text() == factory.SAMPLE


def test_advertisements_are_dimmed_but_stay(sample: BeautifulSoup) -> None:
    assert [p.get_text() for p in sample.select("#article .advert")] == ["Advertisements"] * 2
    assert one(sample, "#article .headline").get_text().startswith("Japan's trade gap")


@pytest.mark.parametrize("verdict", MEANING)
def test_each_verdict_has_a_chip_a_card_and_a_sign(sample: BeautifulSoup, verdict: str) -> None:
    chip = one(sample, f'.chip[data-verdict="{verdict}"]')
    cards = sample.select(f'.card[data-verdict="{verdict}"]')
    assert chip.get_text() == f"{SIGNS[verdict]}{len(cards)} {verdict}"  # type: ignore[index]
    assert one(sample, str(chip["href"])) is cards[0]
    assert SIGNS[verdict] in cards[0].get_text()  # type: ignore[index]


def test_each_claim_has_a_place_a_card_and_a_way_back(sample: BeautifulSoup) -> None:
    for number, checked in enumerate(factory.sample().claims, 1):
        marks = [m for m in sample.select(".mark") if str(number) in str(m["data-claims"]).split()]
        assert "".join(m.get_text() for m in marks) == checked.claim.quote
        assert any(f"\u202f{number}" in str(m.get("data-mark", "")) for m in marks)
        card = one(sample, f"#c{number}")
        assert one(card, "blockquote").get_text() == checked.claim.quote
        assert one(card, ".back")["href"] == f"#t{number}"
        assert one(sample, f"#t{number}")


def test_overlapping_claims_are_cut_into_stretches() -> None:
    text = "abcdefgh"
    context = page_context(report_of(text, (0, 6), (2, 4), (4, 8)))
    segments = [(s.text, s.claims, s.starts, s.ends) for s in context.lines[0].segments]
    assert segments == [
        ("ab", (1,), (1,), ()),
        ("cd", (2, 1), (2,), (2,)),
        ("ef", (3, 1), (3,), (1,)),
        ("gh", (3,), (), (3,)),
    ]
    assert context.lines[0].segments[1].outer == "supported"


def test_a_claim_may_run_over_lines() -> None:
    context = page_context(report_of("one two\n\nthree", (4, 14)))
    cut = [(s.text, s.claims, s.starts, s.ends) for line in context.lines for s in line.segments]
    assert cut == [
        ("one ", (), (), ()),
        ("two", (1,), (1,), ()),
        ("three", (1,), (), (1,)),
    ]


@pytest.mark.parametrize("span", [(3, 3), (5, 2), (90, 99), (-4, 0), (4, 5)])
def test_a_claim_without_a_place_still_has_its_card(span: tuple[int, int]) -> None:
    soup = parsed(report_of("one  two", span))
    assert not soup.select(".mark")
    assert one(soup, "#c1")
    assert one(soup, "#article").get_text() == "one  two"


def test_both_days_are_shown_where_they_differ(sample: BeautifulSoup) -> None:
    first = one(sample, "#c1")
    assert [h.get_text() for h in first.select(".reading h4")] == [
        "Known on 19 Dec 2024",
        "Newest, 28 Sep 2026",
    ]
    figures = [f.get_text() for f in first.select(".figure")]
    assert figures == ["−¥117.620 bn", "−¥120.810 bn"]
    assert len(one(sample, "#c2").select(".reading")) == 1


def test_evidence_names_its_source_and_its_rows(sample: BeautifulSoup) -> None:
    rows = one(sample, "#c1").select("tbody tr")
    assert len(rows) == 3
    words = rows[0].get_text(" ", strip=True)
    for part in ("18 December 2024", "provisional", "Ministry of Finance Japan", "PDL 1.0"):
        assert part in words
    assert "flows/JPN/WLD/export/TOTAL/2024-11" in words


def test_a_claim_without_a_figure_says_so(sample: BeautifulSoup) -> None:
    last = one(sample, "#c14")
    assert not last.select(".reading, table, svg")
    assert "no figure in the lake settles it" in last.get_text()


def test_causes_are_bars_from_a_common_zero() -> None:
    card = next(c for c in page_context(factory.sample()).cards if c.causes)
    assert card.axis == pytest.approx(17.0 / 43.2 * 100, abs=0.01)
    first, last = card.causes[0], card.causes[-1]
    assert (first.x, first.x + first.width) == (card.axis, pytest.approx(100, abs=0.02))
    assert last.negative
    assert last.x == 0
    assert [b.named for b in card.causes] == [False, False, False, True, False, False]


def test_a_line_that_repeats_the_figures_is_left_out() -> None:
    cards = {c.quote: c for c in page_context(factory.sample()).cards}
    assert cards["the fifth straight month in the red"].line == ""
    assert cards["Exports rose 3.8% from a year earlier"].line.startswith("official +3.8 % (")


def test_about_says_what_the_claim_is_about() -> None:
    claim = factory.claim("Exports to China rose 4.1%", measure="exports", base="yoy")
    claim = replace(claim, partner="CHN", product="semiconductor_equipment", reporter="QQQ")
    assert about(claim) == (
        "level · exports of semiconductor machinery etc. · QQQ with China · November 2024 · "
        "on a year earlier"
    )


def test_the_page_asks_for_nothing() -> None:
    page = render_page(factory.sample())
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.select(
        "img, iframe, object, embed, form, base, script[src], link[rel=stylesheet]"
    )
    assert [link["href"] for link in soup.select("link")] == ["data:,"]
    style, script = one(soup, "style").get_text(), one(soup, "script").get_text()
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp|innerHTML|eval", style + script)


def test_the_policy_allows_exactly_this_style_and_this_script(sample: BeautifulSoup) -> None:
    policy = str(one(sample, "meta[http-equiv]")["content"])
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        digest = hashlib.sha256(one(sample, tag).get_text().encode()).digest()
        assert f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy


def test_ids_are_unique_and_every_reference_has_its_target(sample: BeautifulSoup) -> None:
    ids = [str(tag["id"]) for tag in sample.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for tag in sample.find_all(True):
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(str(tag.get(name, "")).split()) <= set(ids)
        if tag.name == "a" and str(tag["href"]).startswith("#"):
            assert str(tag["href"])[1:] in ids


def test_hostile_text_is_shown_as_text() -> None:
    report = factory.hostile()
    soup = parsed(report)
    assert_only_own_markup(soup)
    assert one(soup, "#article").get_text() == printable(report.text)
    page = render_page(report)
    assert not set("\x1b\x07\u2028\u2029") & set(page)
    assert "{{7*7}}" in page


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://www.customs.go.jp/a?b=1&c=2#d", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" https://example.org", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:example.org", False),
        ("https://[", False),
        ('https://example.org/"onclick="x', False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(address: str, is_safe: bool) -> None:
    assert safe_link(address) == (address if is_safe else "")


def test_an_address_that_is_no_link_is_shown(sample: BeautifulSoup) -> None:
    assert "(javascript:alert(1))" in sample.get_text()
    links = [a for a in sample.select("a") if not str(a["href"]).startswith("#")]
    assert links
    assert all(a["rel"] == ["noopener", "noreferrer"] for a in links)


def test_an_article_without_claims_has_a_page() -> None:
    soup = parsed(report_of("Nothing about trade."))
    assert "No claim about trade" in one(soup, "#claims").get_text()
    assert_only_own_markup(soup)


SPANS = st.lists(st.tuples(st.integers(-3, 80), st.integers(-3, 80)), max_size=6)
SHARP = st.text(alphabet="<>&\"'{}%/\\\n\r\t -=!;#xscript\x00\x1b\u2028\u202e\ud800é", max_size=60)


@given(text=st.text(max_size=60) | SHARP, spans=SPANS)
@example("{{7*7}}", [(0, 7)])
@example("a\r\nb", [(0, 4)])
@settings(max_examples=150, deadline=None)
def test_whatever_the_text_and_the_spans(text: str, spans: list[tuple[int, int]]) -> None:
    soup = parsed(report_of(text, *spans))
    assert_only_own_markup(soup)
    shown = one(soup, "#article").get_text()
    assert shown == printable(text)
    assert len(shown) == len(text)
    assert len(soup.select(".card")) == len(spans)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(a: str, b: str) -> float:
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_stand_out_from_their_ground(sample: BeautifulSoup, theme: int) -> None:
    # WCAG 2.2, success criterion 1.4.3: 4.5 to 1 for text.
    root = re.findall(r":root \{(.*?)\}", one(sample, "style").get_text(), re.S)[theme]
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", root))
    for name in ("ink", "soft", *MEANING):
        for ground in ("page", "raised"):
            assert _contrast(colours[name], colours[ground]) >= 4.5, (name, ground)


def test_a_claim_right_about_an_earlier_release_shows_that_release() -> None:
    report = replace(factory.sample(), claims=(factory.revised_twice(),))
    then, now = page_context(report).cards[0].readings
    assert (then.title, then.verdict) == ("Published 18 Dec 2024", "supported")
    assert then.source
    assert then.source.text == "−¥117.620 bn"
    assert (now.verdict, now.source and now.source.text) == ("contradicted", "−¥120.810 bn")
