"""Shares said in short after another: "and Japan 12 percent", "China's share fell to 14"."""

from __future__ import annotations

from boeki.check.claim import Claim
from boeki.check.extract import directions
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.quantities import Quantity
from boeki.check.extract.quoting import period_of
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import wordset

#: What may stand between who has a share and its size.
_LINKS = wordset("for ( , with at have has had hold holds held took got and")
_OWNED = frozenset(("'s", "’s", "'", "’"))


def read_like(r: Reading, k: int, q: Quantity, before: Claim) -> Claim | None:
    """A share said in short after another: "and fish for 9 percent", "Peru's have a fifth"."""
    other = r.mentions[k - 1] if k else None
    if other is None or other.sort not in ("product", "area") or directions.move_after(r, k):
        return None
    words = [t.low for t in r.tokens[other.after : q.lead]]
    if words[:1] and words[0] in _OWNED:
        words = words[1:]
    if len(words) > 1 or not _LINKS.issuperset(words):
        return None
    product = str(other.data) if other.sort == "product" else before.product
    told = _told(r, before, other.data.code if other.sort == "area" else None, product)
    after = q.after + (low_at(r.tokens, q.lead - 1) == "(" and low_at(r.tokens, q.after) == ")")
    return _claim(r, q, told, before, other.first, after)


def read_again(r: Reading, k: int, q: Quantity, subject: Subject, before: Claim) -> Claim | None:
    """ "China's share fell to 14 percent", where another country's share was given before: of the
    same whole.
    """
    frame = subject.frame
    if frame.measure != "share" or frame.of is not None or frame.product or frame.world:
        return None
    words = {t.low for t in r.tokens[frame.first : frame.after]}
    if not frame.reporter or "market" in words or frame.after > q.lead:
        return None
    if low_at(r.tokens, frame.after) in ("of", "in") or directions.move_after(r, k):
        return None
    told = _told(r, before, frame.reporter, before.product)
    claim = _claim(r, q, told, before, frame.first, q.after)
    if claim is None or not any(m.sort == "date" and r.is_current(m) for m in r.mentions):
        return claim
    return r.claim(
        "share",
        told,
        frame.first,
        q.after,
        period=period_of(r, k, subject),
        value=q.value,
        unit="%",
        base=before.base,
        hedge=q.hedge,
        step=q.step,
    )


def read_other(r: Reading, k: int, q: Quantity, before: Claim) -> Claim | None:
    """ "And a quarter of Australia's to China", after "half of Canada's exports go to Peru"."""
    following = r.mentions[k + 1] if k + 1 < len(r.mentions) else None
    if following is None or following.sort != "area" or following.first > q.after + 2:
        return None
    at = following.after
    if low_at(r.tokens, q.after) != "of" or low_at(r.tokens, at) not in _OWNED:
        return None
    if r.at(at + 1) in ("measure", "product") or low_at(r.tokens, at + 1) not in _TOWARDS:
        return None
    partner = before.partner
    if low_at(r.tokens, at + 1) in ("to", "from", "go", "goes", "went", "come"):
        partner = r.partner_after(at + 1, at + 6) or "WLD"
    owner = following.data.code
    told = Subject(before.measure, "", before.product, owner, partner, r.carried().frame)
    return _claim(r, q, told, before, q.lead, at + 1)


_TOWARDS = wordset("to from go goes went come did does . , ;") | {""}


def _told(r: Reading, before: Claim, area: str | None, product: str) -> Subject:
    """The subject of the share before, with another holder: the partner of one that was held by a
    partner.
    """
    reporter, partner = before.reporter, before.partner
    if area and before.partner != "WLD":
        partner = area
    elif area and before.product == product:
        reporter = area
    return Subject(before.measure, "", product, reporter, partner, r.carried().frame)


def _claim(
    r: Reading, q: Quantity, told: Subject, before: Claim, first: int, after: int
) -> Claim | None:
    return r.claim(
        "share",
        told,
        first,
        after,
        period=before.period,
        value=q.value,
        unit="%",
        base=before.base,
        hedge=q.hedge,
        step=q.step,
    )
