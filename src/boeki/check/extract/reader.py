"""Reads a passage sentence by sentence, and carries over what a sentence leaves unsaid to the
next.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from boeki.check.claim import Claim, Passage
from boeki.check.extract import causes, tables
from boeki.check.extract.amounts import base_of_run, read_amounts
from boeki.check.extract.context import Context, Subject
from boeki.check.extract.frame_builder import INDUSTRIES
from boeki.check.extract.mentions import read_mentions
from boeki.check.extract.ranks import read_ranks
from boeki.check.extract.reading import Reading
from boeki.check.extract.records import read_records
from boeki.check.extract.streaks import read_streaks
from boeki.check.extract.tokens import Token, sentences
from boeki.errors import InputError
from boeki.terms.products import TOTAL


def extract(passage: Passage) -> tuple[Claim, ...]:
    """The claims of a passage, in the order of its text.

    Parameters
    ----------
    passage
        The text, the day it appeared, and what was said before it.

    Returns
    -------
    tuple of Claim
        Numeric claims and, as kind ``cause``, what the text says that a change came from.

    Raises
    ------
    InputError
        Where the day of publication is no ISO date.
    """
    try:
        published = dt.date.fromisoformat(passage.published)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"published {passage.published!r} is no date: write it as 2024-12-18"
        ) from error
    given = passage.context.get("reporter")
    context = Context(reporter=given, home=None if given == "WLD" else given)
    reader = _Reader(passage.text, published, context)
    for tokens in sentences(passage.text):
        reader.read(tokens)
    return tuple(reader.finish())


#: Currencies that one country's trade alone is given in. Dollars and euros tell nothing.
_HOMES = {
    "JPY": "JPN",
    "KRW": "KOR",
    "CNY": "CHN",
    "TWD": "TWN",
    "INR": "IND",
    "GBP": "GBR",
    "AUD": "AUS",
    "CAD": "CAN",
    "NZD": "NZL",
    "CHF": "CHE",
    "BRL": "BRA",
    "MYR": "MYS",
    "THB": "THA",
    "IDR": "IDN",
    "TRY": "TUR",
    "RUB": "RUS",
    "SEK": "SWE",
    "NOK": "NOR",
    "DKK": "DNK",
    "PLN": "POL",
    "ZAR": "ZAF",
    "VND": "VNM",
    "SGD": "SGP",
    "PHP": "PHL",
    "ILS": "ISR",
    "CZK": "CZE",
    "HUF": "HUN",
}


#: How many claims back a cause may take up: an article's worth, so that a long text is read in
#: linear time.
RECALLED = 300


class _Reader:
    """The state of one passage while it is read."""

    def __init__(self, text: str, published: dt.date, context: Context) -> None:
        self.text, self.published, self.context = text, published, context
        self.claims: list[Claim] = []
        self.sets_services_apart = False

    def read(self, tokens: list[Token]) -> None:
        """Read one sentence and add its claims."""
        mentions = read_mentions(tokens, self.published, self.context.reporter)
        if not mentions:
            return
        r = Reading(tokens, mentions, self.context, self.published, self.text)
        if any(m.sort == "product" and m.data in ("services", "TOTAL") for m in mentions):
            self.sets_services_apart = True
        self.context.currency = tables.read_terms(tokens) or self.context.currency
        self.context.table = tables.read_unit(tokens) or self.context.table
        found = [
            *read_amounts(r),
            *tables.read_row(r),
            *read_streaks(r),
            *read_ranks(r),
            *read_records(r),
        ]
        found = [c for c in found if self._is_past(c)]
        found.sort(key=lambda c: (c.start, -c.end))
        found += causes.read_causes(r, self.claims[-RECALLED:] + found)
        self.claims += found
        self._carry(r, found)

    def _is_past(self, claim: Claim) -> bool:
        """Whether the period of a claim had begun by the day of publication."""
        if claim.period is None:
            return True
        return claim.period.first <= self.published.year * 12 + self.published.month - 1

    def _carry(self, r: Reading, found: list[Claim]) -> None:
        ctx = self.context
        ctx.company = not found and any(f.kind == "company" for f in r.frames)
        numeric = [c for c in found if c.kind != "cause"]
        main = next(
            (s for s in r.subjects if s.frame.kind in ("measure", "deal") and s.measure), None
        )
        if main is not None and (ctx.measure is None or (main.frame.owned and main.frame.reporter)):
            ctx.topic = main.product if main.measure != "balance" else TOTAL
        if main is not None:
            ctx.measure = main.measure if main.measure != "share" else "sales"
            ctx.product = main.product
            ctx.partner = main.partner
        balance = [s for s in r.subjects if s.measure == "balance" and s.sign]
        if balance:
            ctx.sign = balance[-1].sign
        if r.shares:
            ctx.share = r.shares[-1]
        if partners := [c.partner for c in numeric if c.partner not in ("WLD", c.reporter)]:
            ctx.latter = partners[-1]
        flows = [s.frame.measure for s in r.subjects if s.frame.measure in ("exports", "imports")]
        ctx.flow = flows[-1] if flows else ctx.flow
        named = [m.data for m in r.mentions if m.sort == "product" and m.data in INDUSTRIES]
        ctx.industry = named[-1] if named else ctx.industry
        if reporter := self._reporter(r, main, numeric):
            ctx.reporter = reporter
        if ctx.reporter != "WLD":
            ctx.home = ctx.reporter
        self._carry_time(r, numeric)

    def _reporter(self, r: Reading, main: Subject | None, numeric: list[Claim]) -> str | None:
        """Whose trade the next sentence goes on with; None where nothing changes that."""
        ctx = self.context
        reporter = main.reporter if main else None
        named = [c.reporter for c in numeric if c.reporter]
        if reporter is None and ctx.reporter == "WLD" and ctx.measure == "sales":
            return None
        if main is None and named:
            # "Mexico became the top supplier to the United States": the figures are American.
            reporter = named[0]
        if reporter == "WLD" and "WLD" not in named:
            # A share of the world market is its holder's. It does not turn a passage on one
            # country into one on the world.
            holders = [c.reporter for c in r.shares if c.reporter]
            return holders[0] if holders and ctx.home is None else None
        if reporter is None or (reporter == "WLD" and ctx.measure != "sales"):
            reporter = r.owners[0][1] if r.owners else reporter
        if reporter is None and r.source and r.source[1] not in (None, "WLD"):
            reporter = r.source[1]
        return reporter

    def _carry_time(self, r: Reading, numeric: list[Claim]) -> None:
        ctx = self.context
        period = next(
            (c.period for c in numeric if c.period is not None and c.kind == "change"), None
        )
        if period is None:
            period = next((c.period for c in numeric if c.period is not None), None)
        if period is None:
            dated = [m.data for m in r.mentions if m.sort == "date" and r.is_current(m)]
            period = dated[0].period if dated and not r.out else None
        if period is not None:
            ctx.period = period
        if base := base_of_run(numeric):
            ctx.base = base
        elif ctx.base is None or ctx.base == "mom":
            against = [m.data for m in r.mentions if m.sort == "date" and m.data.back in (1, 3, 12)]
            if against and numeric:
                ctx.base = {1: "mom", 3: "qoq", 12: "yoy"}[against[0].back]

    def _home(self) -> str | None:
        """Whose currency the amounts are in, where the passage names nobody: yen are Japan's."""
        for c in self.claims:
            currency = (c.unit or "").split("/")[0]
            if c.reporter is None and currency in _HOMES:
                return _HOMES[currency]
        return None

    def finish(self) -> list[Claim]:
        """The claims, with "goods" kept only where the passage sets services apart, each said
        once.
        """
        out: list[Claim] = []
        seen = set()
        home = self._home()
        for c in self.claims:
            if c.reporter is None and home and c.partner != home:
                c = replace(c, reporter=home)
            if c.product == "goods" and not self.sets_services_apart:
                c = replace(c, product=TOTAL, base="total" if c.base == "goods" else c.base)
            key = (c.start, c.end, c.kind, str(c.value), c.unit)
            if key not in seen:
                seen.add(key)
                out.append(c)
        return out
