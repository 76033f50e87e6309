"""Frames: the noun phrases that figures are about: whose exports, of what, to whom, when.

A frame is built around a measure ("South Korea's chip exports to China in May"). Where a clause has
none, a product
or an area that is followed by a figure stands for one ("with chips down 7.5%", "to China 3%").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from boeki.check.extract.counts import low_at
from boeki.check.extract.dates import Date
from boeki.check.extract.lexicon import AreaWord
from boeki.check.extract.mentions import Mention
from boeki.check.extract.tokens import Token, wordset


@dataclass(slots=True)
class Frame:
    """What a figure is about, as far as the phrase says it.

    Attributes
    ----------
    kind
        ``measure``, ``product``, ``area``, ``deal`` (a verb of trade), ``off`` (no trade),
        ``carried``.
    measure, sign, product, reporter, partner, date
        As said; None or empty where the phrase does not say. The measure of a share is ``share``.
    whole
        "Total", "overall", "combined": the product is everything.
    owned
        It says whose, by name or as "the country's".
    definite
        "The deficit": one spoken of before.
    same
        "Such equipment": the product spoken of before.
    of
        For a share: the frame of what it is a share of.
    first, after
        Its tokens.
    """

    kind: str
    measure: str | None = None
    sign: str = ""
    product: str | None = None
    reporter: str | None = None
    partner: str | None = None
    date: Date | None = None
    whole: bool = False
    owned: bool = False
    definite: bool = False
    same: bool = False
    of: Frame | None = None
    lead: int | None = None
    first: int = 0
    after: int = 0
    world: bool = False


PREPOSITIONS = wordset("to from with in by of for into against between on toward towards at among")
_LEFT_STOPS = PREPOSITIONS | wordset(
    """a an the and or but while as that which who its their his this these those said says than was
    were is are has have had been it so after before , . ; : ( ) " “ ” / not both"""
)
_NOUN_GAPS = wordset(
    """the a its all other new advanced high - end such some so called total overall global rest
    this that made most more their these those goods 's ’s ' ’ mainland key major related finished
    manufactured"""
)
#: Products whose makers' sales are counted worldwide; of others, "sales to China" are exports.
_INDUSTRIES = frozenset(
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
_PLAIN_ADJECTIVES = wordset(
    """weak strong robust brisk key main direct real gross net quarterly daily average monthly
    yearly bilateral record foreign domestic huge large chronic wide overseas outbound inbound
    dismal soft firm solid total overall own recent customs other high low big entire combined new
    two nation country value month quarter year bound front"""
)
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
                and m.data in ("exports", "imports", "earned")
                and (frame := self._deal(k, m))
            ):
                self.frames.append(frame)
        for k, m in enumerate(self.mentions):
            if (
                k not in self.taken
                and m.sort in ("product", "area")
                and (frame := self._bare(k, m))
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
            and frame.product not in _INDUSTRIES
            and "to" in self._words(m.after, m.after + 1)
        ):
            frame.measure = "exports"
        if frame.measure == "sales" and not self._is_industry(frame, words):
            return None
        if frame.measure == "volume" and low_at(self.tokens, frame.first - 1) in ("in", "by"):
            return None
        if frame.measure in ("price", "volume") and frame.product is None and "yen" in words:
            frame.product = None
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
            or after <= first
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
        """Take in what stands after the measure: "to Asia", "of chipmaking equipment from Japan",
        "in May".
        """
        p, at = k + 1, frame.after
        while p < len(self.mentions):
            other = self.mentions[p]
            link = self._link(at, other.first)
            if link is None:
                break
            if not self._take_right(p, other, link, frame):
                break
            self.taken.add(p)
            at, p = other.after, p + 1
            frame.after = at
        self._same_right(at, frame)

    def _take_right(self, p: int, other: Mention, link: str, frame: Frame) -> bool:
        if other.sort == "product":
            if link not in ("of", "in", "for", "") or (frame.product and link != "in"):
                return link == "-" and False
            if frame.product in (None, "goods", "TOTAL"):
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
        if other.sort == "measure" and frame.measure in ("price", "volume") and link == "of":
            return other.data.measure in ("exports", "imports")
        if other.sort == "measure" and frame.measure == "balance" and link in ("in", "on", "of"):
            return other.data.measure == "trade"
        if other.sort == "measure" and frame.measure == "share" and link in ("of", "in", ""):
            inner = self._measure(p, other)
            if inner is None:
                return False
            inner.world = inner.world or frame.world
            frame.of, frame.after = inner, inner.after
            frame.product = frame.product or inner.product
            return False
        return False

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
            # "Its share of the world market": the area belongs to the inner phrase.
            frame.world = frame.world or word.code == "WLD"
            return word.code == "WLD"
        if word.code == "WLD":
            frame.world = True
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

    def _deal(self, k: int, m: Mention) -> Frame | None:
        """A verb of trade: "sold cosmetics worth …", "brought in … of crude"."""
        measure = m.data
        if any(f.after == m.first for f in self.frames):
            return None
        if measure == "earned":
            before = [x.sort for x in self.mentions[:k] if x.sort in ("product", "area")]
            measure = "exports" if before and before[-1] == "product" else "imports"
            if measure == "imports" and low_at(self.tokens, m.first) != "brought":
                return None
        frame = Frame("deal", measure, first=m.first, after=m.after)
        for p in range(k + 1, min(k + 3, len(self.mentions))):
            other = self.mentions[p]
            if other.first - m.after > 4:
                break
            if other.sort == "product":
                frame.product, frame.after = other.data, other.after
                self.taken.add(p)
                break
        if m.data == "earned" and measure == "exports":
            for p in range(k - 1, -1, -1):
                if self.mentions[p].sort == "product":
                    frame.product, frame.first = self.mentions[p].data, self.mentions[p].first
                    self.taken.add(p)
                    break
        word = low_at(self.tokens, m.first)
        if word in (
            "sold",
            "sells",
            "selling",
            "sent",
            "ships",
            "sends",
            "bought",
            "purchased",
            "buying",
        ):
            rest = self._words(m.after, len(self.tokens))
            if not {"abroad", "overseas", "to", "from", "foreign"} & set(rest):
                return None
        return frame

    def _bare(self, k: int, m: Mention) -> Frame | None:
        """A product or an area right before a figure."""
        after = self._next(m.after)
        if after is None or after.sort not in ("quantity", "move"):
            return None
        between = self._words(m.after, after.first)
        if m.sort == "product":
            previous = self.mentions[k - 1] if k else None
            if (
                previous
                and previous.sort == "quantity"
                and low_at(self.tokens, m.first - 1) in ("of", "for")
            ):
                return None
            if (
                any(w in PREPOSITIONS and w != "by" for w in between)
                or len(between) > 4
                or ";" in between
            ):
                return None
            if low_at(self.tokens, m.first - 1) in ("of", "for") and not (
                previous and previous.sort == "product"
            ):
                return None
            return Frame("product", product=m.data, first=m.first, after=m.after)
        if m.data.form != "name" or m.data.code == "WLD":
            return None
        opened = between in (["("], [":"], [","], ["by"], [], ["were"], ["was"], ["up"], ["down"])
        direct = after.sort == "quantity" or low_at(self.tokens, after.first) in (
            "up",
            "down",
            "rising",
            "falling",
        )
        # "those to China 3%", "in China (24.1 percent) and Japan (16.7 percent)", "to China rose
        # 3%"
        before = low_at(self.tokens, m.first - 1)
        if (
            opened
            and direct
            and (before in ("to", "from", "in", "with", "and", ",", "by", "the", ":", "-", "•", ""))
        ):
            if before in ("", ",", "and", "the") and after.sort != "quantity" and between != [":"]:
                return None
            return Frame("area", partner=m.data.code, first=m.first, after=m.after)
        if before in ("to", "from", "with") and low_at(self.tokens, m.first - 2) in (
            "those",
            "that",
            "shipments",
        ):
            return Frame("area", partner=m.data.code, first=m.first, after=m.after)
        return None

    def _next(self, at: int) -> Mention | None:
        for other in self.mentions:
            if other.first >= at and other.sort != "date":
                return other if other.first - at <= 4 else None
        return None
