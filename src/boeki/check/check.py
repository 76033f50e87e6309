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
    today = dt.date.today()
    published = published or today
    claims = extract(
        Passage(text, published.isoformat(), {"reporter": reporter} if reporter else {})
    )
    return Report(
        text, published, today, judge_all(claims, lake or open_lake(), published, today), name
    )


def judge_all(
    claims: Sequence[Claim], lake: Lake, published: dt.date, today: dt.date
) -> tuple[Checked, ...]:
    """Judge the claims of one article: each by itself, and their arithmetic together."""
    panel, days = _prepare(claims, lake, published, today)
    done = Decompositions(lake)
    checked = [
        judge_cause(c, panel, done, today) if c.kind == "cause" else judge(c, panel, days)
        for c in claims
    ]
    checked = _with_arithmetic(claims, checked)
    return tuple(_finished(c, panel) for c in checked)


def _prepare(
    claims: Iterable[Claim], lake: Lake, published: dt.date, today: dt.date
) -> tuple[Panel, Days]:
    """One panel for all claims, over every day whose knowledge matters to one of them."""
    claims = tuple(claims)
    reporters = {c.reporter for c in claims if c.reporter} | {"WLD"}
    if any(c.measure == "sales" or c.product == "semiconductor_equipment" for c in claims):
        reporters.add("JPN")
    periods = [c.period for c in claims if c.period is not None and c.period.months]
    lengths = {p.months for p in periods} | {_run_length(c) for c in claims if c.kind == "streak"}
    terms = {
        t for c in claims for t in (c.product, c.base or "TOTAL", *products.related(c.product))
    }
    measures = {m for c in claims for m in (panel_measure(c))} | {
        "exports",
        "imports",
        "balance",
        "sales",
    }
    newest = lake.vintages()[-1]
    released = vintage_days(lake, reporters, {str(p) for p in periods}, measures) if periods else ()
    vintages = tuple(d for d in released if d <= today and d != newest)
    runs = {"sign" if c.measure == "balance" else "growth" for c in claims if c.kind == "streak"}
    panel = Panel(lake, [published, NEWEST, *vintages], reporters, lengths, terms, measures, runs)
    return panel, Days(published, today, vintages)


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
