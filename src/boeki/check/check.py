"""Check: an article in, a verdict with its evidence for every claim out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from boeki.check.causes import Decompositions, judge_cause
from boeki.check.chart import chart_for
from boeki.check.claim import Claim, Passage
from boeki.check.consistency import arithmetic
from boeki.check.extract import extract
from boeki.check.judge import Days, judge
from boeki.check.panel import NEWEST, Panel, vintage_days
from boeki.check.resolve import panel_measure
from boeki.check.settle import settles
from boeki.check.verdict import Checked, Report
from boeki.lake import Lake, open_lake
from boeki.terms import products


def check_article(
    text: str,
    lake: Lake | None = None,
    *,
    published: dt.date | None = None,
    reporter: str | None = None,
    name: str = "-",
) -> Report:
    """Check every numeric and causal claim of an article against official figures.

    Parameters
    ----------
    text
        The article, as plain text.
    lake
        The figures, as :func:`boeki.open_lake` opens them; None for those that the package ships.
    published
        The day on which it appeared (default: today); relative dates count from it, and claims are
        held against what was known on it as well as against the newest figures.
    reporter
        ISO alpha-3 of the country it is about, where the text leans on something said before it.
    name
        What to call it in the report.

    Returns
    -------
    Report
        With a verdict for each claim, in the order of the text.

    Examples
    --------
    >>> from boeki import check_article
    >>> report = check_article("Japan's trade deficit was 117.6 billion yen in November 2024.")
    >>> report.claims[0].verdict
    'revised'
    """
    day = published or dt.date.today()
    passage = Passage(text, day.isoformat(), {"reporter": reporter} if reporter else {})
    return check_passages([passage], lake, [name])[0]


def check_passages(
    passages: Sequence[Passage], lake: Lake | None = None, names: Sequence[str] = ()
) -> list[Report]:
    """Check many articles at once: the figures for all of them are read in one pass.

    Parameters
    ----------
    passages
        The articles, each with the day on which it appeared and what was said before it.
    lake
        The figures; None for those that the package ships.
    names
        What to call them in their reports, as many as there are passages; none for ``-``.

    Returns
    -------
    list of Report
        One for each passage, in their order.
    """
    today, lake = dt.date.today(), lake or open_lake()
    read = [(extract(p), dt.date.fromisoformat(p.published)) for p in passages]
    checked = judge_batch(read, lake, today)
    called = names or ["-"] * len(passages)
    return [
        Report(p.text, day, today, found, name)
        for p, (_, day), found, name in zip(passages, read, checked, called, strict=True)
    ]


def judge_all(
    claims: Sequence[Claim], lake: Lake, published: dt.date, today: dt.date
) -> tuple[Checked, ...]:
    """Judge the claims of one article: each by itself, and their arithmetic together."""
    return judge_batch([(claims, published)], lake, today)[0]


def judge_batch(
    articles: Sequence[tuple[Sequence[Claim], dt.date]], lake: Lake, today: dt.date
) -> list[tuple[Checked, ...]]:
    """Judge the claims of several articles, each with the day on which it appeared."""
    days = [_days(claims, lake, published, today) for claims, published in articles]
    panel = _panel([c for claims, _ in articles for c in claims], lake, days)
    done = Decompositions(lake)
    return [
        _judge_article(claims, panel, day, done)
        for (claims, _), day in zip(articles, days, strict=True)
    ]


def _judge_article(
    claims: Sequence[Claim], panel: Panel, days: Days, done: Decompositions
) -> tuple[Checked, ...]:
    checked = [
        judge_cause(c, panel, done, days.today) if c.kind == "cause" else judge(c, panel, days)
        for c in claims
    ]
    return tuple(_finished(c, panel) for c in _with_arithmetic(claims, checked))


def _days(claims: Sequence[Claim], lake: Lake, published: dt.date, today: dt.date) -> Days:
    """Every day whose knowledge matters to one of the claims."""
    periods = {str(c.period) for c in claims if c.period is not None and c.period.months}
    if not periods:
        return Days(published, today)
    claimed = {c.measure for c in claims} | {"balance"}
    released = vintage_days(lake, _reporters(claims), periods, claimed)
    newest = lake.vintages()[-1]
    return Days(published, today, tuple(d for d in released if d <= today and d != newest))


def _panel(claims: Sequence[Claim], lake: Lake, days: Sequence[Days]) -> Panel:
    """One panel for all claims, as known on every day that matters."""
    asked = {d for day in days for d in (day.published, *day.vintages)} | {NEWEST}
    lengths = {c.period.months for c in claims if c.period is not None and c.period.months}
    lengths |= {_run_length(c) for c in claims if c.kind == "streak"}
    terms = {
        t for c in claims for t in (c.product, c.base or "TOTAL", *products.related(c.product))
    }
    runs = {"sign" if c.measure == "balance" else "growth" for c in claims if c.kind == "streak"}
    return Panel(lake, asked, _reporters(claims), lengths, terms, _measures(claims), runs)


def _reporters(claims: Iterable[Claim]) -> set[str]:
    return {c.reporter for c in claims if c.reporter} | {"WLD"}


def _measures(claims: Iterable[Claim]) -> set[str]:
    """Measures that are claimed, and those that they are often taken for."""
    asked = {name for c in claims for name in panel_measure(c)}
    return asked | {"exports", "imports", "balance", "sales"}


def _run_length(claim: Claim) -> int:
    return {"M": 1, "Q": 3, "A": 12}.get(claim.unit or "M", 1)


def _with_arithmetic(claims: Sequence[Claim], checked: list[Checked]) -> list[Checked]:
    """Add the article's own arithmetic; where no official figure settles a claim, it makes the
    verdict.
    """
    out = list(checked)
    for sum_ in arithmetic(claims):
        last = sum_.claims[-1]
        for place in sum_.claims if not sum_.agrees else (last,):
            out[place] = replace(out[place], notes=(*out[place].notes, sum_.text))
        if not sum_.agrees and out[last].verdict == "unverifiable":
            out[last] = replace(
                out[last], verdict="inconsistent", line=sum_.text, diagnosis=sum_.text
            )
    return out


def _finished(checked: Checked, panel: Panel) -> Checked:
    if checked.verdict == "unverifiable":
        return replace(checked, settles=settles(checked.claim))
    return replace(checked, chart=chart_for(checked, panel))
