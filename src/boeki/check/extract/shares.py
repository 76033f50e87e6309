"""Shares: a percentage of a whole, and what the whole is."""

from __future__ import annotations

from dataclasses import dataclass

from boeki.check.claim import Claim
from boeki.check.extract import directions
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.frames import Frame
from boeki.check.extract.mentions import Mention
from boeki.check.extract.quantities import Quantity
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import wordset
from boeki.check.extract.wholes import NOW, clause_whole, holder_of, of_makers, q_lead, spoken_of
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

_VERBS = wordset(
    """accounted account accounts accounting made makes make making represented represents represent
    representing comprised comprises comprising constituted constitutes constituting absorbed
    absorbs absorbing took takes taking supplied supplies supplying provided bought"""
)
_HOLDS = wordset(
    "hold holds held holding control controls controlled controlling command commands "
    "commanded has have had owns "
    "capturing captured boasts boast enjoys dominates occupying occupies occupied with"
)
#: In the past tense a share is one of the period spoken of; in the present it stands without one.
_PAST = wordset(
    "accounted taking absorbing comprising supplying made represented comprised "
    "constituted absorbed took accounting making representing was were rose fell "
    "supplied provided bought went captured reached"
)
_GOES = frozenset(
    (
        "go",
        "goes",
        "went",
        "going",
        "come",
        "comes",
        "came",
        "bound",
        "destined",
        "are",
        "is",
        "was",
        "were",
    )
)


def read_share(r: Reading, k: int, q: Quantity, subject: Subject) -> Claim | None:
    """The share that quantity ``k`` states, or None where it states none."""
    whole = _whole(r, q)
    verb = _verb(r, q)
    frame = subject.frame
    if whole is None and (of_world := of_makers(r, k, q)):
        return of_world
    if whole is None and verb is None and frame.measure != "share":
        return None
    if whole is None and verb is None and not _of_share_frame(r, k, frame):
        return None
    if whole is None and verb in _HOLDS:
        return None
    if directions.move_after(r, k) is not None or _is_change(r, k, frame):
        return None
    return _build(r, k, q, subject, whole, verb)


def _whole(r: Reading, q: Quantity) -> Frame | str | None:
    """What follows "of": a frame, or ``total`` for "of the total"; None where no whole follows."""
    at = q.after
    word = low_at(r.tokens, at)
    if low_at(r.tokens, q.lead - 1) == "which" and low_at(r.tokens, q.lead - 2) == "of":
        return "which"
    if word in ("market", "global", "world", "share"):
        found = next(
            (f for f in r.frames if at <= f.first <= at + 2 and f.measure in ("share", "sales")),
            None,
        )
        if found:
            return found
    if word != "of":
        return None
    for frame in r.frames:
        if at < frame.first <= at + 6 and frame.kind == "measure":
            between = [t.low for t in r.tokens[at + 1 : frame.first]]
            if not any(w in (",", ".", "and", "in", "to", "from", "by") for w in between):
                return frame
    if made := clause_whole(r, at):
        return made
    rest = [t.low for t in r.tokens[at + 1 : at + 4]]
    if rest[:1] and rest[0] in _IT and (rest[0] not in _DEMONSTRATIVES or _ends(rest[1:2])):
        return "which"
    return "total" if "total" in rest or rest[:1] == ["all"] else None


#: What a share can be of, where it was spoken of before: "took 30 percent of them".
_DEMONSTRATIVES = frozenset(("this", "these", "those", "that"))
_IT = frozenset(("it", "them")) | _DEMONSTRATIVES


def _ends(rest: list[str]) -> bool:
    return not rest or not rest[0].isalpha() or rest[0] in ("in", "and", "while", "during", "last")


def _verb(r: Reading, q: Quantity) -> str | None:
    """The verb of sharing before a quantity: "accounted for", "made up", "hold"."""
    j = q.lead - 1
    while j >= 0 and r.tokens[j].low in (
        "for",
        "up",
        "a",
        "the",
        "an",
        "just",
        "now",
        "as",
        "much",
        "only",
        "in",
        "about",
    ):
        j -= 1
    word = low_at(r.tokens, j)
    if word in _VERBS or word in _HOLDS:
        if word in ("made", "makes", "make", "making") and low_at(r.tokens, j + 1) != "up":
            return None
        if word.startswith("account") and low_at(r.tokens, j + 1) != "for":
            return None
        return word
    return None


def _of_share_frame(r: Reading, k: int, frame: Frame) -> bool:
    """Whether a percentage is what a share is said to be: "stands at 30%", "a share of 30%", "rose
    to 20.8%".
    """
    if frame.measure != "share" or k in r.out:
        return False
    m = r.mentions[k]
    if frame.after > m.first:
        return True
    word = low_at(r.tokens, r.connector(k))
    return word in (
        "at",
        "to",
        "of",
        "is",
        "was",
        "were",
        "reached",
        "hit",
        "from",
        ":",
        "reaching",
        "totaled",
        "are",
        "(",
    )


def _is_change(r: Reading, k: int, frame: Frame) -> bool:
    at = r.connector(k)
    m = r.mention_at(at)
    if m and m.sort == "move" and r.tokens[at].low not in ("up",):
        return True
    return low_at(r.tokens, at) == "by"


@dataclass(slots=True)
class _Whole:
    """What a share is of, as it is worked out."""

    measure: str | None
    base: str
    product: str
    reporter: str | None
    partner: str


def _build(
    r: Reading, k: int, q: Quantity, subject: Subject, whole: Frame | str | None, verb: str | None
) -> Claim | None:
    frame = whole if isinstance(whole, Frame) else subject.frame
    settled = next((s for s in r.subjects if s.frame is frame), subject)
    if isinstance(whole, Frame) and settled is subject and subject.frame is not whole:
        # A clause of its own: "that was 13 percent of all the cars it exported".
        settled = r.carried()
    inner = frame.of or frame
    said = inner.product or frame.product
    w = _Whole(
        inner.measure if inner.measure != "share" else None,
        said or "total",
        _part(r, q, frame) or settled.product,
        settled.reporter,
        inner.partner or settled.partner,
    )
    found = holder_of(r, q, frame)
    if inner is not frame and inner.reporter and inner.reporter != "WLD":
        if frame.reporter and frame.reporter != inner.reporter:
            found = found or frame.reporter
        w.reporter = inner.reporter
    if whole == "which" and (spoken := spoken_of(r, q)):
        subject = spoken
        w.measure, w.product = subject.measure, subject.product
        w.reporter, w.partner = subject.reporter, subject.partner
    if isinstance(whole, str) or (whole is None and frame.measure != "share"):
        w.base, w.measure = "total", w.measure or subject.measure
    if whole == "which":
        w.base = subject.product if subject.product != TOTAL else "total"
    _place(r, w, frame, found, verb)
    if w.measure != "sales" and whole not in (None, "total") and w.partner == "WLD" and _goes(r, q):
        w.partner = r.partner_after(q.after, min(q.after + 14, len(r.tokens))) or "WLD"
    if w.partner == w.reporter:
        w.partner = "WLD"
    if w.measure is None:
        return None
    first = q.lead
    after = frame.after if isinstance(whole, Frame) else q.after
    if whole is None and 0 <= q.lead - frame.after <= 6 and frame.kind != "carried":
        first = frame.first
    told = Subject(w.measure, "", w.product, w.reporter, w.partner, frame)
    return r.claim(
        "share",
        told,
        first,
        max(after, q.after),
        period=_period(r, k, subject, verb),
        value=q.value,
        unit="%",
        base=w.base,
        hedge=q.hedge,
        step=q.step,
    )


def _place(r: Reading, w: _Whole, frame: Frame, holder: str | None, verb: str | None) -> None:
    """Settle whose trade it is and with whom: the area that has the share is one or the other."""
    inner = frame.of or frame
    plain = w.measure is None and frame.of is None and frame.measure == "share"
    flow = _flow_of_share(r, frame) if plain else None
    if flow:
        owner = next((code for at, code in r.owners if r.is_possessive(at)), r.context.reporter)
        w.measure, w.reporter, w.partner = flow, owner, holder or w.partner
    elif plain or w.measure == "sales":
        w.measure, w.base, w.partner = "sales", "world", inner.partner or "WLD"
        if holder and verb in _VERBS and inner.world and _is_billing(r, inner):
            w.reporter, w.partner = "WLD", holder
        elif holder or w.reporter in (None, "WLD"):
            first = next((code for _, code in r.owners), w.reporter)
            w.reporter = holder or r.context.reporter or first
    elif inner.world:
        w.base, w.reporter = "world", holder or r.context.reporter
    elif holder and holder != w.reporter:
        w.partner = holder
    elif holder and not inner.reporter:
        others = [code for _, code in r.owners if code != holder]
        owner = others[-1] if others else r.context.reporter or w.reporter
        if owner == holder:
            return
        if inner.owned or r.context.reporter not in (None, holder) or others:
            w.reporter, w.partner = owner, holder


def _flow_of_share(r: Reading, frame: Frame) -> str | None:
    """The flow that a plain "share" is of, where the sentence ranks partners."""
    words = [t.low for t in r.tokens[frame.first : frame.after]]
    if "market" in words or frame.of is not None or frame.product:
        return None
    for m in r.mentions:
        if m.sort == "place" and m.data.among == "partners" and m.data.measure != "sales":
            return str(m.data.measure)
    return None


def _is_billing(r: Reading, frame: Frame) -> bool:
    return any(
        t.low in ("billings", "sales", "spending") for t in r.tokens[frame.first : frame.after]
    )


def _part(r: Reading, q: Quantity, frame: Frame) -> str | None:
    """The product that is said to be part of the whole: one that stands free before the figure."""
    for k, m in reversed(list(enumerate(r.mentions))):
        if m.sort == "product" and m.after <= q.lead and k not in r.taken and not _in_frame(r, m):
            between = [t.low for t in r.tokens[m.after : q.lead]]
            if ";" not in between and len(between) < 12:
                return str(m.data)
    if frame.measure == "share" and frame.of and frame.product and not frame.of.product:
        return frame.product
    before = next(
        (s for s in reversed(r.subjects) if s.frame.after <= q.lead and s.frame is not frame), None
    )
    if before and before.product != TOTAL and frame.product is None:
        return before.product
    return None


def _in_frame(r: Reading, m: Mention) -> bool:
    return any(f.first <= m.first < f.after for f in r.frames if f.kind != "product")


def _goes(r: Reading, q: Quantity) -> bool:
    return any(t.low in _GOES for t in r.tokens[q.after : q.after + 12])


def _period(r: Reading, k: int, subject: Subject, verb: str | None) -> Period | None:
    """The period of a share: one that the sentence names, or the passage's where the verb is in the
    past.
    """
    named = any(m.sort == "date" and r.is_current(m) for m in r.mentions)
    if (attached := r.attached(k)) and attached.period is not None:
        return attached.period
    words = {t.low for t in r.tokens}
    if low_at(r.tokens, q_lead(r, k) - 1) in NOW and not any(
        m.sort == "date" and m.first > r.mentions[k].first for m in r.mentions
    ):
        return None  # "… and the United States buys 20 percent of them"
    if (
        named
        or verb in _PAST
        or (verb is None and words & _PAST and not words & {"now", "go", "goes", "stands"})
    ):
        return r.current(k, subject)
    return None
