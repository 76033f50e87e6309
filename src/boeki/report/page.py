"""A report as one HTML file that opens offline: the article, its claims marked, their evidence.

:func:`page_context` is pure and holds all that the template shows; the template only lays it out.
Style and script stand in the page and are named by their hash in its content security policy, so
nothing that an article smuggles in could run, even if it got past the escaping.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from boeki.check.article import printable
from boeki.check.claim import Claim
from boeki.check.verdict import MEANING, Cause, Checked, Figure, Judgement, Report, Verdict
from boeki.errors import UnknownTerm
from boeki.report.charts import series_svg
from boeki.report.words import (
    SIGNS,
    article_name,
    cause_change,
    cause_share,
    day,
    readings,
    short_day,
)
from boeki.terms import areas, products

if TYPE_CHECKING:
    from jinja2 import Template

_ADVERT = re.compile(r"\s*(?:advertisements?|sponsored|story continues below)\s*", re.I)
_STANDING = {"association": "industry association", "analyst": "analyst", "press": "press"}
_MEASURES = {"balance": "trade balance", "trade": "total trade", "rate": "exchange rate"}
_BASES = {
    "yoy": "on a year earlier",
    "mom": "on a month earlier",
    "qoq": "on a quarter earlier",
    "same-month": "for the same month",
    "total": "of the total",
    "world": "of the world",
}
_MOST_ROWS = 4


@dataclass(frozen=True, slots=True)
class Chip:
    """One verdict of the summary.

    Attributes
    ----------
    verdict, sign, meaning, count
        The verdict, its sign, what it means, and how many claims got it.
    first
        Number of the first claim that got it.
    offset, width
        Its part of the summary bar, in percent of the whole.
    """

    verdict: Verdict
    sign: str
    meaning: str
    count: int
    first: int
    offset: float
    width: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a line in which no claim begins or ends.

    Attributes
    ----------
    text
        Its words.
    claims
        Numbers of the claims that cover it, the shortest claim first; empty for plain text.
    verdict, outer
        Verdict of the first of them, and of the second where claims overlap; else empty.
    starts, ends
        Numbers of the claims whose first or last stretch it is.
    mark
        What is printed behind it: sign and number of each claim that ends here.
    """

    text: str
    claims: tuple[int, ...] = ()
    verdict: str = ""
    outer: str = ""
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the article.

    Attributes
    ----------
    kind
        ``text``, ``headline``, ``advert`` (dimmed) or ``blank``.
    segments
        Its text, cut where claims begin and end.
    """

    kind: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A figure as the page shows it.

    Attributes
    ----------
    label, text
        What it is and its value in words.
    published, status, standing
        The day in words, ``provisional`` …, and what sort of source where it is no official one.
    title, publisher, licence
        Of the document.
    href, address
        The link where it is safe to follow; any other address, to be shown as text.
    stand_in
        True where the oldest vintage stands in for one that the lake does not hold.
    rows, more_rows
        Keys of rows of the lake, and how many are not listed.
    """

    label: str
    text: str
    published: str
    status: str
    standing: str
    title: str
    publisher: str
    licence: str
    href: str
    address: str
    stand_in: bool
    rows: tuple[str, ...]
    more_rows: int

    @property
    def is_long(self) -> bool:
        """Whether its value is a phrase, too long to be set as a figure."""
        return len(self.text) > 22


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim held against one day's knowledge.

    Attributes
    ----------
    title
        ``Official figure``, or where two days differ ``Known on …`` and ``Newest, …``.
    verdict, sign
        By that day's knowledge alone; empty where there is only one reading.
    source
        The figure; None where there was none.
    """

    title: str
    verdict: str
    sign: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A cause as a horizontal bar.

    Attributes
    ----------
    rank, label, change, share, named
        As in :class:`boeki.check.verdict.Cause`, in words.
    x, width
        Where its bar begins and how long it is, in percent of the space.
    negative
        True where it worked against the change.
    """

    rank: int
    label: str
    change: str
    share: str
    named: bool
    x: float
    width: float
    negative: bool


@dataclass(frozen=True, slots=True)
class Card:
    """All that is known about one claim.

    Attributes
    ----------
    number, verdict, sign, meaning
        Its number in the text, its verdict, the verdict's sign and meaning.
    quote, about
        Its words, and what they are about: measure, product, places, period.
    line, diagnosis, tolerance, settles, notes
        As in :class:`boeki.check.verdict.Checked`; a diagnosis that repeats the line is empty,
        and so is a line that repeats the readings.
    readings
        One, or two where the figure known then and the newest differ; none where there is none,
        and for a causal claim, which its causes answer.
    evidence
        Every figure used.
    causes, axis
        Bars, and where their zero stands in percent of the space.
    chart, chart_title
        An ``<svg>`` element, safe as it is; empty where there is none.
    placed
        False where the claim has no place in the text.
    """

    number: int
    verdict: Verdict
    sign: str
    meaning: str
    quote: str
    about: str
    line: str
    diagnosis: str
    tolerance: str
    settles: str
    notes: tuple[str, ...]
    readings: tuple[Reading, ...]
    evidence: tuple[Source, ...]
    causes: tuple[Bar, ...]
    axis: float
    chart: str
    chart_title: str
    placed: bool


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the template gets: this and, as ``style``, ``script`` and their hashes, nothing else.

    Attributes
    ----------
    name
        The article's name, without its folder.
    published, published_iso, checked, checked_iso
        The day on which it appeared and the day whose figures are the newest.
    total
        How many claims there are.
    chips
        The summary, in the order of :data:`boeki.check.verdict.MEANING`.
    lines
        The article. Joined by line breaks, the texts of all segments are the article's text.
    cards
        One for each claim, in the order of the report.
    """

    name: str
    published: str
    published_iso: str
    checked: str
    checked_iso: str
    total: int
    chips: tuple[Chip, ...]
    lines: tuple[Line, ...]
    cards: tuple[Card, ...]


def render_page(report: Report) -> str:
    """A report as one self-contained HTML page.

    Parameters
    ----------
    report
        What was found. None of its text is trusted: it is escaped, control characters are
        replaced, and only ``http`` and ``https`` addresses become links.

    Returns
    -------
    str
        A whole document in UTF-8 that makes no request of any kind.
    """
    style, script = _asset("page.css"), _asset("page.js")
    return _template().render(
        page=page_context(report),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def page_context(report: Report) -> PageContext:
    """What the page shows of a report, see :class:`PageContext`."""
    text = printable(report.text)
    return PageContext(
        name=printable(article_name(report)),
        published=day(report.published),
        published_iso=report.published.isoformat(),
        checked=day(report.checked),
        checked_iso=report.checked.isoformat(),
        total=len(report.claims),
        chips=tuple(_chips(report)),
        lines=tuple(_lines(text, report.claims)),
        cards=tuple(_card(n, c, len(text)) for n, c in enumerate(report.claims, 1)),
    )


def safe_link(address: str) -> str:
    """The address where a browser may be sent to it (``http`` or ``https``); else empty."""
    if any(c <= " " or c in "\"'<>\\`" for c in address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def _chips(report: Report) -> Iterator[Chip]:
    offset = 0.0
    verdicts = [c.verdict for c in report.claims]
    for verdict, count in report.summary.items():
        width = 100 * count / len(verdicts)
        yield Chip(
            verdict=verdict,
            sign=SIGNS[verdict],
            meaning=MEANING[verdict],
            count=count,
            first=verdicts.index(verdict) + 1,
            offset=round(offset, 3),
            width=round(width, 3),
        )
        offset += width


@dataclass(frozen=True, slots=True)
class _Span:
    number: int
    start: int
    end: int
    verdict: Verdict


def _span(number: int, checked: Checked, length: int) -> _Span:
    start, end = (min(max(i, 0), length) for i in (checked.claim.start, checked.claim.end))
    return _Span(number, start, end, checked.verdict)


def _lines(text: str, claims: Sequence[Checked]) -> Iterator[Line]:
    spans = [_span(n, c, len(text)) for n, c in enumerate(claims, 1)]
    spans = [_tight(s, text) for s in spans if text[s.start : s.end].strip()]
    start, seen_text = 0, False
    for words in text.split("\n"):
        end = start + len(words)
        inside = [s for s in spans if s.start < end and s.end > start]
        kind = _kind(words, is_first=not seen_text)
        seen_text |= kind in ("text", "headline")
        yield Line(kind, tuple(_segments(words, start, inside)))
        start = end + 1


def _tight(span: _Span, text: str) -> _Span:
    """The span without the white space at its ends, which would be underlined and look torn."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return _Span(span.number, start, start + len(words.strip()), span.verdict)


def _kind(words: str, *, is_first: bool) -> str:
    if not words.strip():
        return "blank"
    if _ADVERT.fullmatch(words):
        return "advert"
    short = len(words) <= 140 and not words.rstrip().endswith((".", ":", "”"))
    return "headline" if is_first and short else "text"


def _segments(words: str, offset: int, spans: Sequence[_Span]) -> Iterator[Segment]:
    """A line cut wherever a claim begins or ends."""
    last = offset + len(words)
    cuts = {offset, last} | {c for s in spans for c in (s.start, s.end) if offset < c < last}
    places = sorted(cuts)
    for start, end in pairwise(places):
        over = [s for s in spans if s.start < end and s.end > start]
        over.sort(key=lambda s: (s.end - s.start, s.number))
        ends = sorted((s for s in over if s.end == end), key=lambda s: s.number)
        yield Segment(
            text=words[start - offset : end - offset],
            claims=tuple(s.number for s in over),
            verdict=over[0].verdict if over else "",
            outer=over[1].verdict if len(over) > 1 else "",
            starts=tuple(sorted(s.number for s in over if s.start == start)),
            ends=tuple(s.number for s in ends),
            mark=" ".join(f"{SIGNS[s.verdict]}\u202f{s.number}" for s in ends),
        )


def _card(number: int, checked: Checked, length: int) -> Card:
    claim, chart = checked.claim, checked.chart
    axis, bars = _bars(checked.causes)
    span = _span(number, checked, length)
    repeats = checked.diagnosis.strip() == checked.line.strip()
    return Card(
        number=number,
        verdict=checked.verdict,
        sign=SIGNS[checked.verdict],
        meaning=MEANING[checked.verdict],
        quote=printable(claim.quote),
        about=printable(about(claim)),
        line=printable(_line(checked)),
        diagnosis="" if repeats else printable(checked.diagnosis),
        tolerance=printable(checked.tolerance),
        settles=printable(checked.settles),
        notes=tuple(printable(n) for n in checked.notes),
        readings=_readings(checked),
        evidence=tuple(_source(f) for f in checked.evidence),
        causes=bars,
        axis=axis,
        chart=series_svg(chart, f"g{number}") if chart else "",
        chart_title=printable(f"{chart.title}, {chart.unit}") if chart else "",
        placed=span.end > span.start,
    )


def _line(checked: Checked) -> str:
    """The line of evidence, unless the figures that stand below it say all of it."""
    said = [j.official.text for j in readings(checked) if j.official]
    if len(said) == 1 and checked.line == f"official {said[0]}":
        return ""
    return "" if len(said) == 2 and all(words in checked.line for words in said) else checked.line


def about(claim: Claim) -> str:
    """What a claim is about, in words: ``level · trade balance · Japan · November 2024``."""
    what = _MEASURES.get(claim.measure, claim.measure)
    if claim.product != products.TOTAL:
        what += f" of {_lowered(products.name(claim.product))}"
    where = _area(claim.reporter) if claim.reporter else ""
    if claim.partner != "WLD":
        where = f"{where} with {_area(claim.partner)}".strip()
    parts = [claim.kind, what, where, claim.period.label if claim.period else ""]
    if claim.base in _BASES:
        parts.append(_BASES[claim.base])
    return " · ".join(p for p in parts if p)


def _lowered(name: str) -> str:
    """A name inside a sentence: small at first, unless it is an abbreviation."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _area(code: str) -> str:
    try:
        return areas.name(code)
    except UnknownTerm:
        return code


def _readings(checked: Checked) -> tuple[Reading, ...]:
    if checked.causes:  # the decomposition says it, with each figure among the evidence
        return ()
    shown = readings(checked)
    if len(shown) < 2:
        return tuple(Reading(_title(j), "", "", _official(j)) for j in shown)
    first, last = shown
    then = f"Known on {short_day(first.as_of)}"
    if checked.matched and first.official and first.official.published:
        then = f"Published {short_day(first.official.published)}"
    titles = (then, f"Newest, {short_day(last.as_of)}")
    return tuple(
        Reading(title, j.verdict, SIGNS[j.verdict], _official(j))
        for title, j in zip(titles, shown, strict=True)
    )


def _title(judgement: Judgement) -> str:
    official = judgement.official
    is_official = official is None or official.standing == "official"
    return "Official figure" if is_official else "Figure held against it"


def _official(judgement: Judgement) -> Source | None:
    return _source(judgement.official) if judgement.official else None


def _source(figure: Figure) -> Source:
    href = safe_link(figure.link)
    return Source(
        label=printable(figure.label),
        text=printable(figure.text),
        published=day(figure.published) if figure.published else "",
        status=printable(figure.status),
        standing=_STANDING.get(figure.standing, ""),
        title=printable(figure.title or figure.source),
        publisher=printable(figure.publisher),
        licence=printable(figure.licence),
        href=href,
        address="" if href else printable(figure.link),
        stand_in=figure.stand_in,
        rows=tuple(printable(r) for r in figure.rows[:_MOST_ROWS]),
        more_rows=max(0, len(figure.rows) - _MOST_ROWS),
    )


def _bars(causes: Sequence[Cause]) -> tuple[float, tuple[Bar, ...]]:
    """Bars from a common zero, and where that zero stands."""
    shares = [c.share if math.isfinite(c.share) else 0.0 for c in causes]
    low, high = min(0.0, *shares, 0.0), max(0.0, *shares, 0.0)
    span = (high - low) or 1.0
    axis = round(-low / span * 100, 2)
    bars = tuple(
        Bar(
            rank=cause.rank,
            label=printable(cause.label),
            change=printable(cause_change(cause)),
            share=cause_share(cause),
            named=cause.named,
            x=round((min(share, 0.0) - low) / span * 100, 2),
            width=round(abs(share) / span * 100, 2),
            negative=share < 0,
        )
        for cause, share in zip(causes, shares, strict=True)
    )
    return axis, bars


@cache
def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("page.html.j2"))


def _hash(source: str) -> str:
    """How a content security policy names an inline style or script."""
    digest = hashlib.sha256(source.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
