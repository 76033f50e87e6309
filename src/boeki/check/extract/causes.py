"""Causes: what the text says that a change came from ("driven by chip exports", "has boosted the
balance").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from boeki.check.claim import Claim, Measure, Strength
from boeki.check.extract import dates, lexicon
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.lexicon import Phrases
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import wordset
from boeki.terms.products import TOTAL

_FLOWS = ("exports", "imports")
_EFFECTS = ("balance", "exports", "imports", "trade", "sales")
#: Nouns that take up a change spoken of before.
_TAKEN_UP = wordset(
    """turnaround improvement shift change reversal recovery swing reduction narrowing deterioration
    widening gain increase decrease growth rise fall decline surge jump drop upturn rebound
    shrinkage progress"""
)
#: What stands before the noun of a cue and belongs to it.
_LEADING = wordset(
    """one of the a an most more very its their single another main major key big biggest
    significant important chief principal primary further also"""
)
_ENDS = frozenset((";", ".", "while", "but", "although", "whereas"))
_NEGATIONS = frozenset(("not", "n't", "never", "hardly", "rather"))


@dataclass(frozen=True, slots=True)
class _Cue:
    side: str
    strength: Strength


@cache
def _cues() -> Phrases[_Cue]:
    return Phrases(
        (phrase, _Cue(row["side"], row["strength"]))  # type: ignore[arg-type]
        for row in lexicon.rows("causes.csv")
        for phrase in row["phrases"].split(";")
    )


def read_causes(r: Reading, before: list[Claim]) -> list[Claim]:
    """The causes that a sentence names.

    Parameters
    ----------
    r
        The sentence.
    before
        The claims read so far, this sentence's too: what "this turnaround" takes up.

    Returns
    -------
    list of Claim
        Claims of kind ``cause``. One is made only where the cause is a product or a flow of trade,
        and the effect
        is a measure.
    """
    words = lexicon.low(r.tokens)
    found: list[Claim] = []
    i = 0
    while i < len(words):
        hit = _cues().match(words, i)
        if hit is None:
            i += 1
            continue
        cue, after = hit
        if not _NEGATIONS & set(words[max(0, i - 2) : i]):
            claim = (
                _after_cue(r, i, after, cue, before)
                if cue.side == "after"
                else _before_cue(r, i, after, cue, before)
            )
            if claim and not any(
                c.start < claim.end and claim.start < c.end and c.effect == claim.effect
                for c in found
            ):
                found.append(_apart(r, claim, found, i))
        i = after
    return found


def _apart(r: Reading, claim: Claim, found: list[Claim], cue: int) -> Claim:
    """The claim, quoted from its cue on where its cause was quoted already for another effect."""
    start = r.tokens[cue].start
    if start >= claim.end or not any(c.start < claim.end and claim.start < c.end for c in found):
        return claim
    return replace(claim, start=start, quote=r.text[start : claim.end])


def _after_cue(r: Reading, i: int, after: int, cue: _Cue, before: list[Claim]) -> Claim | None:
    """ "The deficit shrank, driven by chip exports": the effect stands first."""
    end = _end(r, after)
    fronted = _comma(r, after, end) if i <= 1 else None
    if fronted is not None:
        # "Thanks to cheaper oil, the deficit shrank": the cause comes first after all.
        effect, end = _effect_after(r, fronted + 1, before), fronted
    else:
        effect = _effect_before(r, i, before)
    if effect is None:
        return None
    if cue.side == "after" and low_at(r.tokens, i) == "through" and not _is_flow(r, after, end):
        return None
    cause = _cause(r, after, end, before, effect)
    if cause is None:
        return None
    flow, product, last = cause
    return _make(r, _opening(r, i), last, cue, flow, product, effect)


def _comma(r: Reading, first: int, after: int) -> int | None:
    return next((j for j in range(first, after) if r.tokens[j].low == ","), None)


def _opening(r: Reading, i: int) -> int:
    """Where the noun phrase of a cue begins: "one of the most significant drivers has been …"."""
    at = i
    while at and (r.tokens[at - 1].low in _LEADING or r.tokens[at - 1].low.endswith("ly")):
        at -= 1
    return at


def _before_cue(r: Reading, i: int, after: int, cue: _Cue, before: list[Claim]) -> Claim | None:
    """ "Chip exports boosted the balance": the cause stands first."""
    effect = _effect_after(r, after, before)
    if effect is None:
        return None
    cause = _cause(r, 0, i, before, effect)
    if cause is None:
        return None
    flow, product, _ = cause
    flows = {s.measure for s in r.subjects if s.frame.after <= i and s.measure in _FLOWS}
    if product == TOTAL and len(flows) > 1:
        return None
    first = 0
    for s in r.subjects:
        if s.frame.after <= i and s.measure == flow:
            first = s.frame.first
            break
    while first and r.tokens[first - 1].low in (
        "this",
        "growth",
        "surge",
        "rise",
        "in",
        "the",
        "jump",
        "increase",
    ):
        first -= 1
    last = next(
        (
            s.frame.after
            for s in r.subjects
            if s.frame.first >= after and s.measure == effect.measure
        ),
        after,
    )
    return _make(r, first, last, cue, flow, product, effect)


def _make(
    r: Reading, first: int, last: int, cue: _Cue, flow: str, product: str, effect: Claim
) -> Claim | None:
    if flow == effect.measure and product == effect.product and product == TOTAL:
        return None
    told = Subject(flow, "", product, effect.reporter, effect.partner, r.carried().frame)
    return r.claim(
        "cause",
        told,
        first,
        last,
        period=effect.period,
        base=_base(r, effect),
        effect=effect.measure,
        strength=cue.strength,
    )


def _base(r: Reading, effect: Claim) -> str | None:
    """What the effect is a change from. One taken up from an earlier sentence is a change on the
    year, unless this sentence says otherwise: a monthly figure next to it is none of its own.
    """
    if effect.quote and effect.start >= r.tokens[0].start:
        return effect.base
    for m in r.mentions:
        if m.sort == "date" and m.data.rate:
            return dates.base_of(m.data, effect.period)
    return "yoy" if effect.base in ("mom", "qoq", None) else effect.base


def _end(r: Reading, after: int) -> int:
    """The end of the clause that begins at ``after``."""
    for j in range(after, min(after + 30, len(r.tokens))):
        if r.tokens[j].low in _ENDS:
            return j
    return min(after + 30, len(r.tokens))


def _is_flow(r: Reading, first: int, after: int) -> bool:
    return any(
        first <= s.frame.first < after and s.measure in _FLOWS and s.frame.kind == "measure"
        for s in r.subjects
    )


def _cause(
    r: Reading, first: int, after: int, before: list[Claim], effect: Claim
) -> tuple[str, str, int] | None:
    """Flow, product and last token of the cause between two tokens; None where it is nothing that
    is traded.
    """
    for s in r.subjects:
        f = s.frame
        if (
            not first <= f.first < after
            or f.kind not in ("measure", "deal")
            or s.measure not in _FLOWS
        ):
            continue
        if f.product:
            return s.measure, f.product, f.after
        if _is_taken_up(r, f.first):
            last = next(
                (
                    c
                    for c in reversed(before)
                    if c.kind == "change" and c.measure == s.measure and c.product != TOTAL
                ),
                None,
            )
            if last:
                return s.measure, last.product, f.after
        if effect.measure == "balance":
            return s.measure, s.product, f.after
    for m in r.mentions:
        if m.sort == "product" and first <= m.first < after and m.data not in ("goods", "services"):
            flow = effect.measure if effect.measure in _FLOWS else "exports"
            return flow, str(m.data), m.after
    return None


def _is_taken_up(r: Reading, i: int) -> bool:
    """Whether "this growth in …", "such exports" leads the phrase at ``i``."""
    words = [t.low for t in r.tokens[max(0, i - 5) : i]]
    return "this" in words or "such" in words or "these" in words


def _effect_before(r: Reading, i: int, before: list[Claim]) -> Claim | None:
    """What is explained, where it stands before the cue: a change of this sentence, or one taken
    up.
    """
    start = r.tokens[i].start
    here = r.tokens[0].start
    own = [
        c
        for c in before
        if c.kind in ("change", "level") and here <= c.start < start and c.measure in _EFFECTS
    ]
    if own:
        change = [c for c in own if c.kind == "change"]
        return (change or own)[-1]
    for s in reversed(r.subjects):
        if s.frame.first < i and s.measure in _EFFECTS and s.frame.kind == "measure":
            return _like(r, s, before)
    if any(t.low in _TAKEN_UP for t in r.tokens[:i]):
        changes = [c for c in before if c.kind == "change" and c.measure in _EFFECTS]
        if changes:
            balance = [c for c in changes if c.measure == "balance"]
            return (balance if _speaks_of_balance(r, i) and balance else changes)[-1]
    return None


def _speaks_of_balance(r: Reading, i: int) -> bool:
    words = {t.low for t in r.tokens[:i]}
    return bool(
        words
        & {"turnaround", "improvement", "reversal", "swing", "deterioration", "narrowing", "shift"}
    )


def _effect_after(r: Reading, i: int, before: list[Claim]) -> Claim | None:
    for s in r.subjects:
        if s.frame.first >= i and s.frame.first - i <= 12 and s.frame.kind == "measure":
            between = {t.low for t in r.tokens[i : s.frame.first]}
            if between & {",", ";", "while", "but"}:
                break
            return _like(r, s, before) if s.measure in _EFFECTS else None
    words = [t.low for t in r.tokens[i : i + 4]]
    if {"this", "the"} & set(words) and _TAKEN_UP & set(words):
        changes = [c for c in before if c.kind == "change" and c.measure in _EFFECTS]
        balance = [c for c in changes if c.measure == "balance"]
        taken = balance if _speaks_of_balance(r, i + 6) and balance else changes
        return taken[-1] if taken else None
    return None


def _like(r: Reading, s: Subject, before: list[Claim]) -> Claim | None:
    """A claim that stands for a phrase: the last change of its measure, else one without
    figures.
    """
    measure: Measure = s.measure  # type: ignore[assignment]
    product = s.frame.product or TOTAL
    for c in reversed(before):
        if c.kind == "change" and c.measure == measure and c.product == product:
            return c
    for c in reversed(before):
        if c.kind in ("change", "level") and c.measure == measure:
            return c
    reporter = s.reporter
    named = (m.data.period for m in r.mentions if m.sort == "date" and m.data.period is not None)
    period = next(named, r.context.period)
    return Claim("", 0, 0, "change", measure, reporter, s.partner, product, period, base=None)
