"""Frames without a measure: a verb of trade, or a product or area right before a figure.

"Sold furniture worth …", "with tea down 3%", "and to the EU 3%".
"""

from __future__ import annotations

from boeki.check.extract.counts import low_at
from boeki.check.extract.deals import Builder, crossing, words_of
from boeki.check.extract.frames import PREPOSITIONS, Frame
from boeki.check.extract.mentions import Mention
from boeki.check.extract.tokens import wordset


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
    words = words_of(b, m.after, figure.first)
    return not set(between) - {"date"} and not {"of", ",", ";", "in", "to", "from"} & set(words)


def bare(b: Builder, k: int, m: Mention) -> Frame | None:
    """A product or an area right before a figure."""
    if m.sort == "product":
        if found := crossing(b, k, m):
            return found
        if _leads_clause(b, m):
            return Frame("product", product=m.data, first=m.first, after=m.after)
    after = _next(b, m.after)
    if after is None or after.sort not in ("quantity", "move"):
        return None
    between = words_of(b, m.after, after.first)
    if m.sort == "product":
        return _product(b, k, m, between)
    return _area(b, m, after, between)


def _product(b: Builder, k: int, m: Mention, between: list[str]) -> Frame | None:
    """A product right before a figure: "tea 3%", "those of tea rose 3%"."""
    previous = b.mentions[k - 1] if k else None
    if previous and previous.sort == "quantity" and low_at(b.tokens, m.first - 1) in ("of", "for"):
        return None
    if any(w in PREPOSITIONS and w != "by" for w in between) or len(between) > 4 or ";" in between:
        return None
    those = low_at(b.tokens, m.first - 2) in ("those", "that", "sales")
    if (
        low_at(b.tokens, m.first - 1) in ("of", "for")
        and not those
        and not (previous and previous.sort == "product")
    ):
        return None
    named = "other" if m.data == "goods" and _is_of_a_kind(b, m.first) else m.data
    return Frame("product", product=named, first=m.first, after=m.after)


def _area(b: Builder, m: Mention, after: Mention, between: list[str]) -> Frame | None:
    """An area right before a figure: "and to the EU 3%"."""
    if m.data.code == "WLD" and words_of(b, m.first - 3, m.first) == ["rest", "of", "the"]:
        return Frame("area", partner="WLD", first=m.first, after=m.after)
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
    at = m.first - 1
    before = low_at(b.tokens, at)
    said = low_at(b.tokens, at - (before == "the") - 1) in ("those", "that")
    if (
        opened
        and direct
        and not said
        and (between != [","] or low_at(b.tokens, at - 1) in _LISTED)
        and (before in ("to", "from", "in", "with", "and", ",", "by", "the", ":", "-", "•", ""))
    ):
        if before in ("", ",", "and", "the") and after.sort != "quantity" and between != [":"]:
            return None
        return Frame("area", partner=m.data.code, first=m.first, after=m.after)
    if before == "the":
        at -= 1
        before = low_at(b.tokens, at)
    if before in ("to", "from", "with", "in", "into") and low_at(b.tokens, at - 1) in (
        "those",
        "that",
        "shipments",
        "sales",
    ):
        first = at - 1 if low_at(b.tokens, at - 1) in ("those", "that") else m.first
        return Frame("area", partner=m.data.code, first=first, after=m.after)
    return None


_ANY_GOODS = wordset(
    """all the of these those such other goods for its their total overall and , ; with in as while
    but imported exported traded foreign domestic more fewer worth"""
)


def _is_of_a_kind(b: Builder, first: int) -> bool:
    """Whether "goods" are of a kind that the vocabulary does not have: "leather goods"."""
    before = b.tokens[first - 1] if first else None
    if before is None or before.kind != "word" or before.low in _ANY_GOODS:
        return False
    return not any(x.first < first <= x.after for x in b.mentions)


#: What stands before a further member of a list: "to Peru, 3 percent; to Chile, 4 percent".
_LISTED = frozenset(("and", ",", ";", "", "while", "but", ":"))


def _next(b: Builder, at: int) -> Mention | None:
    for other in b.mentions:
        if other.first >= at and other.sort != "date":
            return other if other.first - at <= 4 else None
    return None
