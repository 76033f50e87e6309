"""Frames without a measure: a verb of trade, or a product or area right before a figure.

"Sold furniture worth …", "with tea down 3%", "and to the EU 3%".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from boeki.check.extract.counts import low_at
from boeki.check.extract.frames import PREPOSITIONS, Frame
from boeki.check.extract.mentions import Mention
from boeki.check.extract.tokens import Token, wordset


class Builder(Protocol):
    """What the making of a frame needs to know of its sentence."""

    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    taken: set[int]
    frames: list[Frame]


def deal(b: Builder, k: int, m: Mention) -> Frame | None:
    """A verb of trade: "sold furniture worth …", "brought in … of crude"."""
    measure = m.data
    if measure == "spent":
        return _spent(b, k, m)
    if any(f.after == m.first for f in b.frames):
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
        rest = _words(b, m.after, len(b.tokens))
        traders = _TRADERS & set(_words(b, max(0, m.first - 3), m.first))
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
_ANYWHERE = wordset("sold sells selling sent ships sends bought purchased buying")
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


def _leads_clause(b: Builder, m: Mention) -> bool:
    """Whether a product is what its clause is about, up to its figure: "Chips bucked the trend with
    a rise of 8.1 percent".
    """
    if low_at(b.tokens, m.first - 1) not in ("", ";", "while", "but", "whereas", "though"):
        return False
    inside = [x for x in b.mentions if m.after <= x.first]
    figure = next((x for x in inside if x.sort in ("quantity", "move")), None)
    if figure is None or figure.first - m.after > 8:
        return False
    between = [x.sort for x in inside if x.first < figure.first]
    words = _words(b, m.after, figure.first)
    return not set(between) - {"date"} and not {"of", ",", ";", "in", "to", "from"} & set(words)


_LEAVING = wordset("left leave leaves leaving")
_ENTERING = wordset("entered enter entering reached reaching arrived arriving came")


def _crossing(b: Builder, m: Mention) -> Frame | None:
    """ "Aircraft worth 3.2 billion euros left France", "tea worth $5 million entered Chile"."""
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


def bare(b: Builder, k: int, m: Mention) -> Frame | None:
    """A product or an area right before a figure."""
    if m.sort == "product" and (crossing := _crossing(b, m)):
        return crossing
    if m.sort == "product" and _leads_clause(b, m):
        return Frame("product", product=m.data, first=m.first, after=m.after)
    after = _next(b, m.after)
    if after is None or after.sort not in ("quantity", "move"):
        return None
    between = _words(b, m.after, after.first)
    if m.sort == "product":
        previous = b.mentions[k - 1] if k else None
        if (
            previous
            and previous.sort == "quantity"
            and low_at(b.tokens, m.first - 1) in ("of", "for")
        ):
            return None
        if (
            any(w in PREPOSITIONS and w != "by" for w in between)
            or len(between) > 4
            or ";" in between
        ):
            return None
        those = low_at(b.tokens, m.first - 2) in ("those", "that", "sales")
        if (
            low_at(b.tokens, m.first - 1) in ("of", "for")
            and not those
            and not (previous and previous.sort == "product")
        ):
            return None
        return Frame("product", product=m.data, first=m.first, after=m.after)
    if m.data.form != "name" or m.data.code == "WLD":
        return None
    opened = between in (["("], [":"], [","], ["by"], [], ["were"], ["was"], ["up"], ["down"])
    direct = after.sort == "quantity" or low_at(b.tokens, after.first) in (
        "up",
        "down",
        "rising",
        "falling",
    )
    # "those to China 3%", "in Peru (4.5%) and Chile (2%)", "to China rose
    # 3%"
    before = low_at(b.tokens, m.first - 1)
    if (
        opened
        and direct
        and (before in ("to", "from", "in", "with", "and", ",", "by", "the", ":", "-", "•", ""))
    ):
        if before in ("", ",", "and", "the") and after.sort != "quantity" and between != [":"]:
            return None
        return Frame("area", partner=m.data.code, first=m.first, after=m.after)
    if before in ("to", "from", "with") and low_at(b.tokens, m.first - 2) in (
        "those",
        "that",
        "shipments",
    ):
        return Frame("area", partner=m.data.code, first=m.first, after=m.after)
    return None


def _next(b: Builder, at: int) -> Mention | None:
    for other in b.mentions:
        if other.first >= at and other.sort != "date":
            return other if other.first - at <= 4 else None
    return None


def _worth(b: Builder, first: int) -> bool:
    """Whether "worth of" leads to what stands at token ``first``: "5 billion euros' worth of
    cars".
    """
    return "worth" in [t.low for t in b.tokens[max(0, first - 4) : first]]


def _words(b: Builder, first: int, after: int) -> list[str]:
    return [t.low for t in b.tokens[first:after]]
