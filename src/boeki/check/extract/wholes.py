"""Whose share, and of what, where that is not said in one phrase: "of all the cars it exported"."""

from __future__ import annotations

from boeki.check.claim import Claim
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.frames import Frame
from boeki.check.extract.quantities import Quantity
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import wordset

_MAKERS = wordset("firms makers companies suppliers manufacturers producers toolmakers chipmakers")
_WORLDS = wordset("the all world world's global 's ’s its")


def of_makers(r: Reading, k: int, q: Quantity) -> Claim | None:
    """ "Its firms supply 40 percent of wafer tools": of what the world buys of them."""
    following = r.mentions[k + 1] if k + 1 < len(r.mentions) else None
    if following and following.sort == "area" and following.data.code == "WLD":
        following = r.mentions[k + 2] if k + 2 < len(r.mentions) else None
    if following is None or following.sort != "product":
        return None
    between = [t.low for t in r.tokens[q.after : following.first]]
    if between[:1] != ["of"] or not _WORLDS.issuperset(between[1:]):
        return None
    if not _MAKERS & {t.low for t in r.tokens[: q.lead]}:
        return None
    holder = holder_of(r, q, Frame("carried")) or r.context.home or r.context.reporter
    if holder in (None, "WLD"):
        return None
    told = Subject("sales", "", str(following.data), holder, "WLD", r.carried().frame)
    return r.claim(
        "share",
        told,
        q.lead,
        following.after,
        value=q.value,
        unit="%",
        base="world",
        hedge=q.hedge,
        step=q.step,
    )


NOW = wordset("buys takes sells supplies absorbs holds has")


def q_lead(r: Reading, k: int) -> int:
    """The first token of quantity ``k``, its hedge included."""
    return int(r.mentions[k].data.lead)


def clause_whole(r: Reading, at: int) -> Frame | None:
    """ "Of all the cars it exported": a whole in a clause of its own."""
    product = next((m for m in r.mentions if m.sort == "product" and at < m.first <= at + 3), None)
    if product is None or low_at(r.tokens, product.after) not in ("it", "they", "that", "the"):
        return None
    for m in r.mentions:
        if (
            m.sort == "cue"
            and m.data in ("exports", "imports")
            and product.after < m.first <= product.after + 3
        ):
            return Frame(
                "measure",
                m.data,
                product=product.data,
                owned=True,
                first=product.first,
                after=m.after,
            )
    return None


def spoken_of(r: Reading, q: Quantity) -> Subject | None:
    """What "of them" takes up: the last flow before, not the verb that leads to the share."""
    if low_at(r.tokens, q.lead - 1) == "which" or not r.subjects:
        return None
    flows = [s for s in r.subjects if s.frame.kind == "measure" and s.frame.after <= q.lead]
    if flows and flows[-1].measure in ("exports", "imports"):
        return flows[-1]
    return None


def antecedent(r: Reading, q: Quantity) -> str | None:
    """ "The United States, which took 30.1 percent of them"."""
    for j in range(q.lead - 1, max(1, q.lead - 5), -1):
        if r.tokens[j].low in ("which", "who"):
            before = r.mention_at(j - 2) if r.tokens[j - 1].text == "," else r.mention_at(j - 1)
            named = before is not None and before.sort == "area"
            return str(before.data.code) if before is not None and named else None
    return None


def holder_of(r: Reading, q: Quantity, frame: Frame) -> str | None:
    """The area that is said to have the share: the last that stands free before the figure."""
    if relative := antecedent(r, q):
        return relative
    return next(
        (code for at, code in reversed(r.owners) if at < q.first and not r.is_possessive(at)), None
    )
