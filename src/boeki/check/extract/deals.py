"""Frames around verbs of trade: "sold furniture worth …", "tea worth $5 million left Chile"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from boeki.check.extract.counts import low_at
from boeki.check.extract.frames import Frame
from boeki.check.extract.mentions import Mention
from boeki.check.extract.tokens import Token, wordset


class Builder(Protocol):
    """What the making of a frame needs to know of its sentence."""

    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    taken: set[int]
    frames: list[Frame]


#: Verbs of a clause of its own: "of which 97 percent went to the United States".

GOES = wordset("went go goes going headed gone came")


def deal(b: Builder, k: int, m: Mention) -> Frame | None:
    """A verb of trade: "sold furniture worth …", "brought in … of crude"."""
    measure = m.data
    if measure == "spent":
        return _spent(b, k, m)
    if any(f.after == m.first or f.first <= m.first < f.after for f in b.frames):
        return None
    if measure == "earned":
        before = [x.sort for x in b.mentions[:k] if x.sort in ("product", "area")]
        measure = "exports" if before and before[-1] == "product" else "imports"
        if measure == "imports" and low_at(b.tokens, m.first) != "brought":
            return None
    frame = Frame("deal", measure, first=m.first, after=m.after)
    _take_product(b, k, m, frame)
    if m.data == "earned" and measure == "exports":
        for p in range(k - 1, -1, -1):
            if b.mentions[p].sort == "product":
                frame.product, frame.first = b.mentions[p].data, b.mentions[p].first
                b.taken.add(p)
                break
    if low_at(b.tokens, m.first) in _ANYWHERE and not frame.partner:
        rest = words_of(b, m.after, len(b.tokens))
        traders = _TRADERS & set(words_of(b, max(0, m.first - 3), m.first))
        return frame if traders or _ABROAD & set(rest) else None
    return frame


def _spent(b: Builder, k: int, m: Mention) -> Frame | None:
    """What chipmakers spend on equipment is what its makers sell."""
    if not _FABS & {t.low for t in b.tokens}:
        return None
    for j in range(m.after, min(m.after + 9, len(b.tokens))):
        if b.tokens[j].low in ("equipment", "tools", "gear", "machinery"):
            return Frame(
                "deal", "sales", product="semiconductor_equipment", first=m.first, after=m.after
            )
    return None


_FABS = wordset("chipmakers chipmaker fabs foundries semi semiconductor chip")

#: Verbs that are also said of trade at home, and the words that show that a border is crossed.

_ANYWHERE = wordset(
    "delivered delivering delivers sold sells selling sent ships sends bought purchased buying"
)

_TRADERS = wordset("exporters exporter importers importer shippers")

_ABROAD = frozenset(("abroad", "overseas", "to", "from", "foreign"))


def _take_product(b: Builder, k: int, m: Mention, frame: Frame) -> None:
    """The product behind a verb of trade, and the adjective that says where it is from."""
    for p in range(k + 1, min(k + 4, len(b.mentions))):
        other = b.mentions[p]
        far = other.first - m.after > 4
        if other.sort == "quantity" and not far:
            continue
        if other.sort == "area" and other.data.form == "adjective" and frame.measure == "imports":
            frame.partner = other.data.code
            b.taken.add(p)
            continue
        if other.first - m.after > 12 or (far and not _worth(b, other.first)):
            return
        if other.sort == "product":
            frame.product, frame.after = other.data, other.after
            b.taken.add(p)
            return


_LEAVING = wordset("left leave leaves leaving")

_ENTERING = wordset("entered enter entering reached reaching arrived arriving came")


def crossing(b: Builder, k: int, m: Mention) -> Frame | None:
    """ "Aircraft worth 3.2 billion euros left France", "tea worth $5 million entered Chile"."""
    if low_at(b.tokens, m.after) in GOES and _worth(b, m.first):
        return _went(b, k, m)
    if low_at(b.tokens, m.after) != "worth":
        return None
    for p, area in enumerate(b.mentions):
        if area.sort != "area" or not m.after < area.first < m.after + 14 or p in b.taken:
            continue
        at = area.first - 1
        at -= low_at(b.tokens, at) == "the"
        at -= low_at(b.tokens, at) in ("in", "into")
        verb = low_at(b.tokens, at)
        if verb in _LEAVING or verb in _ENTERING:
            measure = "exports" if verb in _LEAVING else "imports"
            b.taken.add(p)
            return Frame(
                "deal",
                measure,
                product=m.data,
                reporter=area.data.code,
                owned=True,
                first=m.first,
                after=m.after,
            )
    return None


def _went(b: Builder, k: int, m: Mention) -> Frame | None:
    """ "$48.9 billion worth of Taiwanese goods went to the United States"."""
    following = b.mentions[k + 1] if k + 1 < len(b.mentions) else None
    if following is None or following.sort != "area" or following.first - m.after > 3:
        return None
    if "to" not in words_of(b, m.after, following.first):
        return None
    whose = b.mentions[k - 1] if k else None
    owned = whose is not None and whose.sort == "area" and whose.after == m.first
    frame = Frame("deal", "exports", product=m.data, first=m.first, after=m.after)
    frame.partner, frame.owned = following.data.code, owned
    b.taken.add(k + 1)
    if whose is not None and owned:
        frame.reporter = whose.data.code
        b.taken.add(k - 1)
    return frame


def _worth(b: Builder, first: int) -> bool:
    """Whether "worth of" leads to what stands at token ``first``: "5 billion euros' worth of
    cars".
    """
    return "worth" in [t.low for t in b.tokens[max(0, first - 4) : first]]


def words_of(b: Builder, first: int, after: int) -> list[str]:
    return [t.low for t in b.tokens[first:after]]
