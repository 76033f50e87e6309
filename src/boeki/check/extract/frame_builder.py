"""Builds frames around the measures of a sentence ("South Korea's chip exports to China in
May").
"""

from __future__ import annotations

from collections.abc import Sequence

from boeki.check.extract import deals, short_frames
from boeki.check.extract.counts import low_at
from boeki.check.extract.dates import Date
from boeki.check.extract.frames import PREPOSITIONS, Frame
from boeki.check.extract.lexicon import AreaWord
from boeki.check.extract.mentions import Mention
from boeki.check.extract.tokens import Token, wordset

_LEFT_STOPS = PREPOSITIONS | wordset(
    """a an the and or but while as that which who its their his this these those said says than was
    were is are has have had been it so after before , . ; : ( ) " “ ” / not both"""
)
_NOUN_GAPS = wordset(
    """the a its all other new advanced high - end such some so called total overall global rest
    this that made most more their these those goods 's ’s ' ’ mainland key major related finished
    manufactured imported exported"""
)
#: Products whose makers' sales are counted worldwide; of others, "sales to China" are exports.
INDUSTRIES = frozenset(
    ("semiconductors", "semiconductor_equipment", "lithography", "wafer_processing")
)
_OWNERS = frozenset(("country", "nation", "bloc", "economy", "region"))
_ANAPHORS = frozenset(
    (
        "equipment",
        "goods",
        "products",
        "tools",
        "machines",
        "gear",
        "machinery",
        "items",
        "devices",
        "chips",
    )
)
_TAKING_UP = frozenset(("the", "such", "these", "this", "that", "those"))
_MATTERS = wordset("metal fuel mineral commodity grain cereal crop material machine vehicles")
_PLAIN_ADJECTIVES = wordset(
    """weak strong robust brisk key main direct real gross net quarterly daily average monthly
    yearly bilateral record foreign domestic huge large chronic wide overseas outbound inbound
    dismal soft firm solid total overall own recent customs other high low big entire combined new
    two nation country value month quarter year bound front"""
)
#: Said behind a measure: "exports as a whole", "imports overall".
_WHOLE_AFTER = (("as", "a", "whole"), ("overall",), ("in", "total"), ("in", "all"), ("altogether",))
_WHOLE = frozenset(("total", "overall", "combined", "all", "aggregate", "headline"))


class FrameBuilder:
    """Builds the frames of one sentence, and remembers which mentions they took in."""

    def __init__(
        self, tokens: Sequence[Token], mentions: Sequence[Mention], reporter: str | None
    ) -> None:
        self.tokens, self.mentions, self.reporter = tokens, mentions, reporter
        self.taken: set[int] = set()
        self.frames: list[Frame] = []

    def build(self) -> list[Frame]:
        """The frames, in their order."""
        for k, m in enumerate(self.mentions):
            if m.sort == "measure" and k not in self.taken:
                frame = self._measure(k, m)
                if frame:
                    self.frames.append(frame)
            elif m.sort == "cue" and m.data in ("off", "company"):
                self.frames.append(Frame(m.data, first=m.first, after=m.after))
            elif (
                m.sort == "cue"
                and m.data in ("exports", "imports", "earned", "spent")
                and (frame := deals.deal(self, k, m))
            ):
                self.frames.append(frame)
        for k, m in enumerate(self.mentions):
            if (
                k not in self.taken
                and m.sort in ("product", "area")
                and (frame := short_frames.bare(self, k, m))
            ):
                self.frames.append(frame)
        self.frames.sort(key=lambda f: f.first)
        return self.frames

    def _measure(self, k: int, m: Mention) -> Frame | None:
        frame = Frame("measure", m.data.measure, m.data.sign, first=m.first, after=m.after)
        self._left(k, m, frame)
        self._right(k, frame)
        words = self._words(frame.first, frame.after)
        if (
            frame.measure == "sales"
            and frame.partner
            and "sales" in words
            and frame.product not in INDUSTRIES
            and "to" in self._words(m.after, m.after + 1)
        ):
            frame.measure = "exports"
        if frame.measure == "sales" and not self._is_industry(frame, words):
            return None
        if frame.measure == "volume" and low_at(self.tokens, frame.first - 1) in ("in", "by"):
            return None
        self.taken.add(k)
        return frame

    def _is_industry(self, frame: Frame, words: list[str]) -> bool:
        if "market" in words and frame.product is None and not frame.same:
            return False
        return low_at(self.tokens, frame.first - 1) not in ("retail", "home", "vehicle")

    def _left(self, k: int, m: Mention, frame: Frame) -> None:
        """Take in what stands before the measure: "South Korea's November chip exports"."""
        p, at = k - 1, m.first
        while p >= 0:
            other = self.mentions[p]
            if other.after > at or not self._gap_is_plain(other.after, at):
                break
            if other.sort == "product" and frame.product is None:
                frame.product = other.data
            elif other.sort == "area":
                if not self._area_left(other, at, frame):
                    break
                self._unknown_product(other.after, at, frame)
            elif (
                other.sort == "date"
                and not other.data.rate
                and not other.data.day
                and frame.date is None
            ):
                if other.data.period is None and other.data.back is None:
                    break
                frame.date = other.data
            elif other.sort == "record":
                at, p = other.first, p - 1
                frame.first = min(frame.first, other.first)
                continue
            else:
                break
            self.taken.add(p)
            at, p = other.first, p - 1
            frame.first = at
        self._owner(at, frame)

    def _unknown_product(self, first: int, after: int, frame: Frame) -> None:
        """ "Swiss watch exports": a product that the vocabulary does not have."""
        if (
            frame.product is not None
            or frame.measure not in ("exports", "imports")
            or not first < after <= first + 2
        ):
            return
        word = self.tokens[after - 1]
        known = word.kind != "word" or word.low in _PLAIN_ADJECTIVES or word.low in ("'s", "’s")
        if (
            not known
            and word.text.islower()
            and not word.low.endswith(("ly", "ed", "ing", "ish", "al", "ve", "ous"))
        ):
            frame.product = "other"

    def _owner(self, at: int, frame: Frame) -> None:
        """Words before the phrase that say whose, or that it was spoken of before."""
        j = at
        while (
            j > 0
            and self.tokens[j - 1].low not in _LEFT_STOPS
            and at - j < 3
            and self.tokens[j - 1].kind == "word"
        ):
            if self._mentioned(j - 1):
                break
            if self.tokens[j - 1].low in _WHOLE:
                frame.whole = True
            j -= 1
        before = low_at(self.tokens, j - 1)
        if before in ("the", "that", "this", "its", "their"):
            frame.definite = True
        if low_at(self.tokens, j) in _OWNERS and low_at(self.tokens, j + 1) in ("'s", "’s"):
            frame.owned, frame.definite = True, False
        if before in ("its", "their"):
            frame.owned = frame.measure not in ("share", "price", "volume")
        frame.first = min(frame.first, at)

    def _mentioned(self, i: int) -> bool:
        return any(m.first <= i < m.after for m in self.mentions if m.sort not in ("record",))

    def _area_left(self, other: Mention, at: int, frame: Frame) -> bool:
        word: AreaWord = other.data
        between = self._words(other.after, at)
        before = low_at(self.tokens, other.first - 1)
        owned = "'s" in between or "’s" in between or "'" in between or "’" in between
        if "bound" in between:
            frame.partner = word.code
            return True
        if word.code == "WLD":
            frame.world = True
            frame.reporter = frame.reporter or "WLD"
            return True
        if before in ("to", "from", "with", "by") and not owned and word.form != "adjective":
            return False
        if before == "-" and frame.reporter is None and other.first >= 2:
            frame.partner = word.code
            return True
        if (
            before in ("its", "their")
            and not owned
            and frame.measure in ("exports", "imports", "trade")
        ):
            frame.partner = word.code
            return True
        if word.form == "capital" and not owned:
            return False
        if frame.reporter and frame.reporter != word.code:
            frame.partner = frame.reporter
        known = self.reporter
        if frame.measure == "imports" and word.form == "adjective" and known and known != word.code:
            frame.partner = word.code
            return True
        frame.reporter, frame.owned = word.code, True
        return True

    def _right(self, k: int, frame: Frame) -> None:
        """Take in what stands after the measure: "to Asia", "of copper from Chile",
        "in May".
        """
        p, at = k + 1, frame.after
        while p < len(self.mentions):
            other = self.mentions[p]
            link = self._link(at, other.first)
            if link is None:
                break
            if other.sort == "cue" and frame.measure in ("price", "volume"):
                # "The unit price of imported gas"
                p += 1
                continue
            if not self._take_right(p, other, link, frame):
                break
            self.taken.add(p)
            at, p = other.after, p + 1
            frame.after = at
        self._same_right(at, frame)
        words = tuple(self._words(frame.after, frame.after + 3))
        if frame.product is None and any(words[: len(w)] == w for w in _WHOLE_AFTER):
            frame.whole = True

    def _take_right(self, p: int, other: Mention, link: str, frame: Frame) -> bool:
        if other.sort == "product":
            if link not in ("of", "in", "for", "") or (frame.product and link != "in"):
                return False
            if frame.product is None and self._takes_up(p, other):
                frame.same, frame.alike = True, other.data
            elif frame.product in (None, "goods", "TOTAL"):
                frame.product = other.data
            return True
        if other.sort == "area":
            return self._area_right(p, other, link, frame)
        if other.sort == "date":
            date: Date = other.data
            if frame.date or date.rate or date.day or date.back is not None or date.same_in:
                return False
            if link not in ("in", "for", "of", "during", ""):
                return False
            frame.date = date
            return True
        return other.sort == "measure" and self._measure_right(p, other, link, frame)

    def _measure_right(self, p: int, other: Mention, link: str, frame: Frame) -> bool:
        """ "The price of imports", "the deficit in trade", "a share of exports"."""
        if frame.measure in ("price", "volume") and link == "of":
            return bool(other.data.measure in ("exports", "imports"))
        if frame.measure == "balance" and link in ("in", "on", "of"):
            return bool(other.data.measure == "trade")
        if frame.measure == "share" and link in ("of", "in", ""):
            inner = self._measure(p, other)
            if inner is None:
                return False
            inner.world = inner.world or frame.world
            frame.of, frame.after = inner, inner.after
            frame.product = frame.product or inner.product
            return False
        return False

    def _takes_up(self, p: int, m: Mention) -> bool:
        """Whether "the metal", "the machines", "such chips" is the product spoken of before."""
        if m.after - m.first != 1 or low_at(self.tokens, m.first - 1) not in _TAKING_UP:
            return False
        return self.tokens[m.first].low in _ANAPHORS | _MATTERS

    def _area_right(self, p: int, other: Mention, link: str, frame: Frame) -> bool:
        word: AreaWord = other.data
        following = self.mentions[p + 1] if p + 1 < len(self.mentions) else None
        if (
            word.form == "adjective"
            and following
            and following.sort == "product"
            and link in ("of", "for")
            and following.first - other.after < 4
        ):
            side = "partner" if frame.measure == "imports" else "reporter"
            if getattr(frame, side) is None:
                setattr(frame, side, word.code)
                frame.owned = side == "reporter"
            frame.product = following.data
            self.taken.add(p + 1)
            return True
        if frame.measure == "share" and following and following.sort == "measure":
            # "Its part in the world market": the area belongs to the inner phrase.
            frame.world = frame.world or word.code == "WLD"
            inner = self._measure(p + 1, following) if word.code != "WLD" and link == "of" else None
            if inner:
                # "China's share of Germany's imports"
                frame.of, frame.after = inner, inner.after
                frame.product = frame.product or inner.product
            return word.code == "WLD"
        if word.code == "WLD":
            frame.world = True
            if frame.measure == "sales" and link == "":
                frame.reporter = frame.reporter or "WLD"  # "chip sales worldwide"
            return link != ""
        owner = {
            "exports": ("from", "by", "of", "for"),
            "imports": ("into", "to", "by", "for", "of"),
            "sales": ("by", "from"),
        }.get(frame.measure or "", ("for", "of"))
        other_side = {
            "exports": ("to", "into"),
            "imports": ("from",),
            "sales": ("to", "in", "into"),
            "price": (),
            "volume": ("to", "from"),
        }.get(frame.measure or "", ("with", "against", "to", "from"))
        if link in other_side and frame.partner is None:
            frame.partner = word.code
            return True
        if link == "between" and frame.reporter is None:
            frame.reporter = word.code
            if following and following.sort == "area":
                frame.partner = following.data.code
                self.taken.add(p + 1)
            return True
        if link in ("and", "or") and frame.partner:
            return True
        if link in owner and frame.reporter is None:
            frame.reporter, frame.owned = word.code, True
            return True
        return False

    def _same_right(self, at: int, frame: Frame) -> None:
        """ "For such equipment", "of these goods": the product spoken of before."""
        if (
            low_at(self.tokens, at) in ("of", "for", "in")
            and frame.product is None
            and low_at(self.tokens, at + 1) in ("such", "these", "this", "the")
            and low_at(self.tokens, at + 2) in _ANAPHORS
        ):
            frame.same, frame.after = True, at + 3

    def _link(self, at: int, first: int) -> str | None:
        """The preposition between two tokens of a phrase; empty where they touch, None where more
        stands between.
        """
        between = self._words(at, first)
        if between[-3:-1] == ["the", "rest"] or between[-4:-2] == ["the", "rest"]:
            between = [w for w in between if w not in ("rest", "of")]
        if not between:
            return ""
        if len(between) > 5:
            return None
        if between[0] in PREPOSITIONS or between[0] in ("and", "during"):
            return between[0] if all(w in _NOUN_GAPS for w in between[1:]) else None
        if between[0] == "bound" and between[1:2] == ["for"]:
            return "to"
        if between in (["with", "the"],):
            return "with"
        return None

    def _gap_is_plain(self, first: int, after: int) -> bool:
        """Whether only adjectives, a hyphen or a genitive stand between two mentions of one
        phrase.
        """
        if after - first > 4:
            return False
        for j in range(first, after):
            token = self.tokens[j]
            if token.low in _LEFT_STOPS or (token.kind != "word" and token.text not in "-'’&"):
                return False
        return True

    def _words(self, first: int, after: int) -> list[str]:
        return [t.low for t in self.tokens[first:after]]
