"""Who: the areas of a sentence, and which of them is the subject of which clause."""

from __future__ import annotations

from collections.abc import Sequence

from boeki.check.extract.context import Context
from boeki.check.extract.counts import low_at
from boeki.check.extract.deals import GOES
from boeki.check.extract.frame_builder import FrameBuilder
from boeki.check.extract.frames import Frame
from boeki.check.extract.mentions import Mention
from boeki.check.extract.tokens import Token, wordset


class Parties:
    """A sentence with its frames, and the areas that stand free in it."""

    def __init__(self, tokens: Sequence[Token], mentions: list[Mention], context: Context) -> None:
        self.tokens, self.mentions, self.context = tokens, mentions, context
        builder = FrameBuilder(tokens, mentions, context.reporter)
        self.frames = builder.build()
        self.taken = builder.taken
        self.owners = self._owners()
        self.source = self._source()
        self.relatives = self._relative_clauses()

    def at(self, i: int) -> str | None:
        """The sort of the mention at token ``i``."""
        found = self.mention_at(i)
        return found.sort if found else None

    def mention_at(self, i: int) -> Mention | None:
        """The mention that covers token ``i``, the innermost where there are two."""
        return next((m for m in reversed(self.mentions) if m.first <= i < m.after), None)

    def _owners(self) -> list[tuple[int, str]]:
        """Areas that stand free as a subject, with their place: whose figures follow."""
        found = []
        for k, m in enumerate(self.mentions):
            if m.sort != "area" or k in self.taken or m.data.code == "WLD":
                continue
            if any(f.kind == "area" and f.first == m.first for f in self.frames):
                continue
            before = low_at(self.tokens, m.first - 1)
            before = low_at(self.tokens, m.first - 2) if before == "the" else before
            if before in (
                "to",
                "from",
                "with",
                "of",
                "by",
                "behind",
                "like",
                "than",
                "including",
                "among",
                "only",
                "overtook",
                "overtaking",
                "surpassed",
                "replaced",
                "replacing",
                "past",
            ):
                continue
            if before in ("in", "at", "between", "and") and (
                m.data.form == "capital" or before != "in"
            ):
                continue
            if m.data.form == "adjective" and not self._is_national(m):
                continue
            found.append((m.first, m.data.code))
        return found

    def _weak_owner(self) -> str | None:
        """Where nothing else says whose: "according to Japan's association"."""
        return next(
            (
                m.data.code
                for k, m in enumerate(self.mentions)
                if m.sort == "area"
                and k not in self.taken
                and m.data.code != "WLD"
                and (self.is_possessive(m.first) or self._is_office(m))
            ),
            None,
        )

    def _is_office(self, m: Mention) -> bool:
        """ "The Korean trade ministry said": a country's office speaks of its trade."""
        words = {low_at(self.tokens, m.after + j) for j in range(4)}
        return m.data.form == "adjective" and bool(words & _OFFICES)

    def is_possessive(self, at: int) -> bool:
        """Whether the area at token ``at`` is followed by a genitive."""
        m = self.mention_at(at)
        return m is not None and low_at(self.tokens, m.after) in ("'s", "’s", "'", "’")

    def _is_national(self, m: Mention) -> bool:
        return any(
            low_at(self.tokens, m.after + j)
            in (
                "firms",
                "companies",
                "producers",
                "makers",
                "manufacturers",
                "suppliers",
                "exporters",
                "industry",
                "toolmakers",
                "chipmakers",
                "automakers",
                "carmakers",
                "vendors",
                "importers",
                "customers",
                "buyers",
                "utilities",
                "refiners",
                "mills",
                "smelters",
                "traders",
                "consumers",
                "goods",
                "products",
                "sellers",
                "shippers",
                "-",
            )
            for j in (0, 1, 2)
        )

    def _source(self) -> tuple[str, str | None] | None:
        return next((m.data for m in self.mentions if m.sort == "source"), None)

    def _relative_clauses(self) -> list[tuple[int, int]]:
        """Clauses put between a phrase and its verb: "exports of tea, which make up 9 percent of
        the total, fell …".
        """
        found = []
        for i, token in enumerate(self.tokens[:-1]):
            if token.text != "," or self.tokens[i + 1].low not in ("which", "who", "whose"):
                continue
            for j in range(i + 2, min(i + 25, len(self.tokens) - 1)):
                if self.tokens[j].text == ",":
                    m = self.mention_at(j + 1)
                    if m and m.sort == "move" and m.data.form != "noun":
                        found.append((i, j))
                    break
        return found

    def _taken_up(self, frame: Frame) -> bool:
        """ "Its deficit with that country", "imports from the latter"."""
        words = [t.low for t in self.tokens[frame.after : frame.after + 3]]
        if words[:1] not in (["with"], ["to"], ["from"]):
            return False
        return words[1:3] in (["that", "country"], ["the", "latter"], ["this", "country"])

    def _leading(self, frame: Frame) -> str | None:
        """A partner before the phrase: "trade with Peru left a surplus, that with Chile a
        deficit".
        """
        floor = max((f.after for f in self.frames if f.after <= frame.first), default=0)
        for k, m in enumerate(self.mentions):
            if m.sort != "area" or k in self.taken or not floor <= m.first < frame.first:
                continue
            words = [t.low for t in self.tokens[max(0, m.first - 3) : m.first] if t.low != "the"]
            if words[-2:-1] in (["that"], ["those"]) and words[-1] in ("with", "to", "from"):
                return str(m.data.code)
        return None

    def _in_value(self) -> bool:
        words = [t.low for t in self.tokens]
        return any(
            w in ("value", "dollar", "yen", "euro") and words[i - 1] in ("in", "by")
            for i, w in enumerate(words)
            if i
        )

    def partner_after(self, first: int, after: int, *, own: bool = False) -> str | None:
        """An area that follows "to", "from" or "with" between two tokens and belongs to no frame;
        with ``own``, none that another verb leads to ("1.9 trillion yen went to Chile").
        """
        for k, m in enumerate(self.mentions):
            if (
                m.sort == "area"
                and first <= m.first < after
                and k not in self.taken
                and m.data.form == "name"
            ):
                before = low_at(self.tokens, m.first - 1)
                at = m.first - 1
                if before == "the":
                    at, before = at - 1, low_at(self.tokens, at - 1)
                if (
                    before in ("to", "from", "with")
                    and low_at(self.tokens, at - 1) not in NO_PARTNER
                    and not (own and low_at(self.tokens, at - 1) in GOES)
                ):
                    return None if m.data.code == "WLD" else m.data.code
        return None


_OFFICES = wordset("ministry customs statistics bureau agency office government officials")
NO_PARTNER = wordset(
    "that those only compared close second compares contrast next along together line"
)
