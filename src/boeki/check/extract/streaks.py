"""Streaks: runs of periods of growth, fall, surplus or deficit, and their first end."""

from __future__ import annotations

from decimal import Decimal

from boeki.check.claim import Claim
from boeki.check.extract import dates
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import MONTHS_IN, Streak, low_at
from boeki.check.extract.mentions import Mention
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import wordset
from boeki.terms.periods import Period

_ENDED = wordset(
    """ended ending ends end snapped snapping snaps broke breaking breaks halted halting halts
    stopped stopping after following reversed reversing capped capping"""
)
_UP = wordset(
    "growth increase increases gain gains expansion rises rise upturn advance climb growing"
)
_DOWN = wordset(
    "decline declines fall falls drop drops contraction decrease decreases losses slump "
    "slide shrinkage falling"
)


def read_streaks(r: Reading) -> list[Claim]:
    """The streaks of a sentence, in its order."""
    found = []
    for k, m in enumerate(r.mentions):
        if m.sort == "streak" and k not in r.out and (claim := _streak(r, k, m, m.data)):
            found.append(claim)
    return found


def _streak(r: Reading, k: int, m: Mention, s: Streak) -> Claim | None:
    what = _what(r, m, s)
    subject = _subject(r, k, m, what)
    if subject.measure is None or subject.frame.kind in ("off", "company"):
        return None
    sign = what[0] or _sign(r, m, subject)
    if sign is None:
        return None
    measure = what[1] or subject.measure
    if measure in ("share", "rate"):
        return None
    about = r.current(k, subject)
    if (attached := r.attached(k)) and attached.period:
        about = attached.period
    period = about
    if _is_over(r, m, s) and about is not None:
        period = about.shift(-MONTHS_IN[s.unit or "M"]) if about.months else about
    count, unit = s.count, s.unit or _unit_of(about)
    if s.begun and not count:
        since = _since(r, m, about)
        if since is None:
            return None
        count, unit = since
    if not 0 < count < 1000:
        return None
    first, after = _quote(r, m, s, subject)
    return r.claim(
        "streak",
        subject,
        first,
        after,
        period=period,
        value=Decimal(count),
        unit=unit,
        sign=sign,
        base="first" if s.begun else None,
        measure=measure,
    )


def _unit_of(about: Period | None) -> str:
    months = about.months if about else 1
    return {3: "Q", 12: "A"}.get(months, "M")


def _what(r: Reading, m: Mention, s: Streak) -> tuple[str | None, str | None]:
    """Sign and measure of what runs, where the phrase says it: "of deficits", "the first surplus in
    …".
    """
    if s.begun:
        words = range(*s.what)
    else:
        at = m.after
        if low_at(r.tokens, at) in ("of", "in", "for") or r.at(at) in ("move", "measure"):
            words = range(at, min(at + 5, len(r.tokens)))
        else:
            words = range(max(0, m.first - 1), m.first)
            if not any(r.at(j) == "measure" for j in words):
                return None, None
    for j in words:
        if r.tokens[j].text in ",;.(":
            break
        found = r.mention_at(j)
        if r.tokens[j].low in _UP:
            return "+", None
        if r.tokens[j].low in _DOWN:
            return "-", None
        if found and found.sort == "measure" and found.data.sign:
            return found.data.sign, "balance"
        if found and found.sort == "move":
            return ("+" if found.data.sign > 0 else "-"), None
    return None, None


def _subject(r: Reading, k: int, m: Mention, what: tuple[str | None, str | None]) -> Subject:
    subject = r.subject_of(k)
    if what[1] == "balance" and subject.measure != "balance":
        near = [s for s in r.subjects if s.measure == "balance"]
        if near:
            return min(near, key=lambda s: abs(s.frame.first - m.first))
    if what[1] is None and what[0] is not None:
        # "The second straight month of gains": the phrase before, not one that only follows.
        before = [s for s in r.subjects if s.frame.first < m.first and s.measure]
        if before and subject.frame.first > m.first and subject.frame.first > m.after + 4:
            return before[-1]
    return subject


def _sign(r: Reading, m: Mention, subject: Subject) -> str | None:
    """The way of the clause: its nearest move before the streak, else after it, else the state of
    the balance.
    """
    floor = subject.frame.first if subject.frame.first <= m.first else 0
    before = [x for x in r.mentions if x.sort == "move" and floor <= x.first < m.first]
    after = [x for x in r.mentions if x.sort == "move" and x.first >= m.after]
    state = subject.sign if subject.measure == "balance" else ""
    if before and not state:
        return "+" if before[-1].data.sign > 0 else "-"
    if (
        before
        and state
        and m.first - before[-1].after <= 3
        and low_at(r.tokens, m.first - 1) in ("a", "the")
    ):
        return "+" if before[-1].data.sign > 0 else "-"
    if before and state and before[-1].data.form == "verb" and _runs_on(r, before[-1], m):
        return "+" if before[-1].data.sign > 0 else "-"
    if state:
        return state
    if after and after[0].first - m.after < 12:
        return "+" if after[0].data.sign > 0 else "-"
    return None


def _runs_on(r: Reading, move: Mention, m: Mention) -> bool:
    """Whether the streak is of the move itself: "narrowed for five consecutive months"."""
    between = [t.low for t in r.tokens[move.after : m.first]]
    return bool(between) and between[0] == "for" and len(between) < 3


def _is_over(r: Reading, m: Mention, s: Streak) -> bool:
    """Whether the run had ended by the period spoken of: "ended nine straight months", "after six
    months of".
    """
    if s.begun:
        return False
    return any(low_at(r.tokens, m.first - j) in _ENDED for j in (1, 2, 3)) and s.whole


def _since(r: Reading, m: Mention, about: Period | None) -> tuple[int, str] | None:
    """Periods from the period after "since" to the one spoken of."""
    for other in r.mentions:
        if other.sort == "date" and 0 <= other.first - m.after <= 2 and about is not None:
            date = other.data
            since = dates.before(date.month, about) if date.month else dates.resolve(date, about)
            if since is None or since.months != about.months or since.first >= about.first:
                continue
            unit = {1: "M", 3: "Q", 12: "A"}.get(about.months)
            if unit and (about.first - since.first) % about.months == 0:
                return (about.first - since.first) // about.months, unit
    return None


def _quote(r: Reading, m: Mention, s: Streak, subject: Subject) -> tuple[int, int]:
    first, after = m.first, m.after
    if low_at(r.tokens, first - 1) in ("the", "a"):
        first -= 1
    if low_at(r.tokens, first - 1) == "for":
        first -= 1
        before = r.mention_at(first - 1)
        if before and before.sort in ("move", "measure"):
            first = before.first
    if low_at(r.tokens, after) == "of":
        end = after + 1
        while end < len(r.tokens) and end < after + 4 and r.at(end) in ("move", "measure"):
            end += 1
        if end > after + 1:
            after = end
    if subject.frame.kind == "measure" and after <= subject.frame.first <= after + 2:
        after = max(after, subject.frame.after)
    return first, after
