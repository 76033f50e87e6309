"""What: each frame of a sentence, settled with what it takes over, and the figures that belong
to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from boeki.check.extract.context import Context, Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.deals import GOES
from boeki.check.extract.frames import Frame
from boeki.check.extract.mentions import Mention
from boeki.check.extract.parties import NO_PARTNER, Parties
from boeki.check.extract.tokens import Token, wordset
from boeki.terms.products import TOTAL


class Subjects(Parties):
    """A sentence whose frames are settled one after another."""

    def __init__(self, tokens: Sequence[Token], mentions: list[Mention], context: Context) -> None:
        super().__init__(tokens, mentions, context)
        self._done: list[Subject] = []
        self.subjects = self._settle()

    def _settle(self) -> list[Subject]:
        """Each frame with what it takes over from the one before it, and from the context."""
        ctx = self.context
        settled = self._done
        previous: Subject | None = None
        front = self._fronted()
        first_said = next(
            (f.reporter for f in self.frames if f.reporter and f.reporter != "WLD"), None
        )
        for frame in self.frames:
            if frame.kind in ("off", "company"):
                settled.append(Subject(None, "", TOTAL, None, "WLD", frame))
                continue
            reporter = self._reporter(frame, previous, first_said)
            measure = frame.measure or (previous.measure if previous else None) or ctx.measure
            partner = self._partner(frame, previous, reporter, front)
            product = self._product(frame, previous)
            subject = Subject(measure, frame.sign, product, reporter, partner, frame)
            if subject.partner == subject.reporter != "WLD":
                subject.partner = "WLD"
            if measure == "sales":
                self._settle_sales(subject)
            if not subject.sign and measure == "balance":
                before = previous.sign if previous and previous.measure == "balance" else ""
                subject.sign = before or ctx.sign
            settled.append(subject)
            if frame.kind in ("measure", "deal") or previous is None:
                previous = subject
        return settled

    def _reporter(
        self, frame: Frame, previous: Subject | None, first_said: str | None
    ) -> str | None:
        """Whose figures a phrase is about: as it says, else the clause's subject, else as
        before.
        """
        of_world = frame.world and frame.measure in ("sales", "trade") and frame.reporter == "WLD"
        if of_world:
            return "WLD"
        if frame.reporter and frame.reporter != "WLD":
            return frame.reporter
        if not (frame.world and frame.measure == "sales") and (owner := self._owner_of(frame)):
            return owner
        if previous and previous.reporter:
            return previous.reporter
        first_owner = self.owners[0][1] if self.owners else None
        source = self.source[1] if self.source else None
        if source == "WLD" and frame.measure != "sales":
            source = None
        if self.context.reporter == "WLD" and frame.measure in ("exports", "imports", "balance"):
            return self.context.home or first_said or first_owner or "WLD"
        return self.context.reporter or first_said or first_owner or source or self._weak_owner()

    def _owner_of(self, frame: Frame) -> str | None:
        return next((code for at, code in reversed(self.owners) if at < frame.first), None)

    def _settle_sales(self, subject: Subject) -> None:
        """Of the world's sales an area is the market; of an industry's own it is the seller."""
        frame, ctx = subject.frame, self.context
        worldwide = ctx.reporter == "WLD" or (frame.partner and ctx.reporter is None)
        if worldwide and not frame.reporter and not frame.owned:
            subject.reporter = "WLD"
            subject.partner = frame.partner or self._owner_of(frame) or subject.partner
        if market := self._market_before(frame):
            subject.reporter, subject.partner = "WLD", market[0]
            subject.product = frame.product or market[1] or subject.product

    def _market_before(self, frame: Frame) -> tuple[str, str | None] | None:
        """ "India was the top market for lasers, with sales of …": whose market, and
        for what.
        """
        for m in self.mentions:
            if (
                m.sort == "place"
                and m.after <= frame.first
                and m.data.measure == "sales"
                and m.data.among == "partners"
                and self.owners
                and self.owners[0][0] < m.first
            ):
                near = next(
                    (x.data for x in self.mentions if x.sort == "product" and x.first >= m.first),
                    None,
                )
                return self.owners[0][1], near
        return None

    def _fronted(self) -> str | None:
        """ "Against Peru, Chile fell into deficit": the partner of the whole sentence."""
        for k, m in enumerate(self.mentions[:3]):
            if (
                m.sort == "area"
                and k not in self.taken
                and m.first <= 2
                and m.data.code != "WLD"
                and low_at(self.tokens, 0) in ("with", "to", "against", "from")
            ):
                return str(m.data.code)
        return None

    def _fronted_product(self) -> str | None:
        """ "For goods alone, the gap was …"."""
        for k, m in enumerate(self.mentions[:2]):
            if (
                m.sort == "product"
                and k not in self.taken
                and m.first <= 2
                and self.tokens[0].low in ("for", "in")
                and low_at(self.tokens, m.after)
                in (
                    ",",
                    "alone",
                    "only",
                )
            ):
                return str(m.data)
        return None

    def _product(self, frame: Frame, previous: Subject | None) -> str:
        ctx = self.context
        if frame.product:
            return frame.product
        if frame.of and frame.of.product:
            return frame.of.product
        if frame.same:
            if previous and previous.product != TOTAL:
                return previous.product
            return ctx.product if ctx.product != TOTAL else frame.alike or TOTAL
        if frame.measure == "sales" and not frame.reporter and ctx.product == TOTAL:
            return ctx.industry or TOTAL
        if (
            frame.whole
            or (frame.owned and frame.reporter)
            or (frame.owned and frame.measure != "share")
        ):
            return TOTAL
        if (
            previous
            and frame.kind == "measure"
            and frame.measure in ("exports", "imports", "balance", "trade")
        ):
            leading = next(
                (s for s in self._done if s.frame.kind in ("measure", "deal") and s.measure),
                previous,
            )
            if frame.measure == "balance" and leading.measure != "balance":
                return leading.product if leading.product in ("goods", "services") else TOTAL
            return leading.product
        if previous:
            return previous.product
        if frame.kind == "measure" and frame.measure in ("exports", "imports", "balance", "trade"):
            if ctx.product in ("goods", "services") and ctx.measure in (
                "exports",
                "imports",
                "balance",
            ):
                return ctx.product
            # A balance is that of all goods, unless the sentence itself names one.
            return ctx.topic if frame.measure != "balance" else TOTAL
        return ctx.product

    def _partner(
        self, frame: Frame, previous: Subject | None, reporter: str | None, front: str | None
    ) -> str:
        ctx = self.context
        if frame.partner:
            return frame.partner
        if self._taken_up(frame):
            return previous.partner if previous and previous.partner != "WLD" else ctx.latter
        if front:
            return front
        if frame.whole or self.tokens[0].low in ("overall", "altogether"):
            return "WLD"
        if frame.kind == "deal" and not frame.partner:
            end = min(
                (f.first for f in self.frames if f.first > frame.first), default=len(self.tokens)
            )
            return self.partner_after(frame.after, end, own=True) or "WLD"
        if leading := self._leading(frame):
            return leading
        if trailing := self._trailing(frame, reporter):
            return trailing
        if previous and (not frame.owned or reporter == previous.reporter):
            return previous.partner if not (frame.owned and frame.reporter) else "WLD"
        if previous is None and frame.definite and not frame.owned and frame.kind == "measure":
            return ctx.partner
        if previous is None and frame.kind == "carried":
            return ctx.partner
        return "WLD"

    def _trailing(self, frame: Frame, reporter: str | None) -> str | None:
        """A partner behind the figure: "ran a surplus of $42 billion with the United States"."""
        links = {
            "balance": ("with", "against"),
            "trade": ("with",),
            "exports": ("to",),
            "imports": ("from",),
        }
        allowed = links.get(frame.measure or "", ())
        end = min((f.first for f in self.frames if f.first > frame.first), default=len(self.tokens))
        for k, m in enumerate(self.mentions):
            if m.sort != "area" or not frame.after <= m.first < end or k in self.taken:
                continue
            if m.data.form != "name" or m.data.code in ("WLD", reporter):
                continue
            at = m.first - 1 - (low_at(self.tokens, m.first - 1) == "the")
            if low_at(self.tokens, at) in allowed and low_at(self.tokens, at - 1) in GOES:
                return None
            if (
                low_at(self.tokens, at) in allowed
                and low_at(self.tokens, at - 1) not in NO_PARTNER | GOES
            ) and low_at(self.tokens, m.after) not in ("'s", "’s"):
                return str(m.data.code)
        return None

    def carried(self) -> Subject:
        """The subject of a clause that names none: what the passage speaks of."""
        ctx = self.context
        reporter = self.owners[0][1] if self.owners else ctx.reporter
        if ctx.measure == "volume" and ctx.flow and self._in_value():
            frame = Frame("carried", ctx.flow, "", ctx.product)
            return Subject(ctx.flow, "", ctx.product, reporter, ctx.partner, frame)
        frame = Frame("carried", ctx.measure, ctx.sign, ctx.product)
        for m in self.mentions:
            if (
                m.sort == "place"
                and m.data.among == "partners"
                and m.data.measure not in (None, "sales")
            ):
                whose = next((c for at, c in self.owners if self.is_possessive(at)), ctx.reporter)
                who = next((c for at, c in self.owners if c != whose), "WLD")
                return Subject(m.data.measure, "", TOTAL, whose, who, frame)
        if self.owners and ctx.measure == "sales" and ctx.reporter == "WLD":
            # "Taiwan, with $3.8 billion, …": of the world's sales, those into one market.
            return Subject("sales", "", ctx.product, "WLD", self.owners[0][1], frame)
        whole = {"total", "overall", "altogether"} & {t.low for t in self.tokens[:4]}
        partner = "WLD" if whole else ctx.partner
        return Subject(ctx.measure, ctx.sign, ctx.product, reporter, partner, frame)

    def subject_of(self, k: int) -> Subject:
        """The subject of a mention: the phrase that it leads to, else the one before it, else the
        first after.
        """
        m = self.mentions[k]
        start = m.data.lead if m.sort == "quantity" else m.first
        before: Subject | None = None
        for s in self.subjects:
            if s.frame.first >= m.after:
                if self.leads_to(m.after, s.frame):
                    return s
                if before is None and not self._is_cut_off(m.after, s.frame.first):
                    return s
                break
            if any(a < s.frame.first < b <= start for a, b in self.relatives):
                continue
            if s.frame.first < start or s.frame.first <= m.first:
                before = s
        if before is None or before.frame.kind in ("off", "company"):
            return before or self.carried()
        if before.partner == "WLD" and (held := self._ranked_partner(before)):
            return replace(before, partner=held)
        return self._of_new_owner(before, start)

    def _ranked_partner(self, s: Subject) -> str | None:
        """Of "Australia was the third-largest source of Japan's imports, at 8 trillion yen":
        Australia.
        """
        for m in self.mentions:
            if m.sort == "place" and m.data.among == "partners" and m.data.measure == s.measure:
                beside = low_at(self.tokens, s.frame.first - 1) == "with"
                if not 0 <= s.frame.first - m.after <= (14 if beside else 4):
                    continue
                return next((c for at, c in self.owners if at < m.first and c != s.reporter), None)
        return None

    def _of_new_owner(self, s: Subject, start: int) -> Subject:
        """The same matter of another country, where one has taken over since the phrase: "while
        China saw …".
        """
        for at, code in reversed(self.owners):
            if s.frame.after <= at < start and code not in (s.reporter, s.partner):
                before = low_at(self.tokens, at - 1)
                before = low_at(self.tokens, at - 2) if before == "the" else before
                if before not in (
                    ",",
                    ";",
                    "while",
                    "but",
                    "and",
                    "whereas",
                    "as",
                ) or self.is_possessive(at):
                    return s
                if not self._is_clause_start(at, start):
                    return s
                if s.measure == "sales" and s.reporter == "WLD":
                    return Subject(s.measure, s.sign, s.product, "WLD", code, s.frame)
                return Subject(s.measure, s.sign, s.product, code, "WLD", s.frame)
        return s

    def _is_clause_start(self, at: int, start: int) -> bool:
        """Whether an area is the subject of what follows, not one of a list or a source that is
        named.
        """
        m = self.mention_at(at)
        if m is None:
            return False
        following = low_at(self.tokens, m.after)
        return (
            following not in (",", "and", "said", "says", "reported", ".", ")", ";")
            or start - m.after <= 4
        )

    def _is_cut_off(self, first: int, after: int) -> bool:
        """Whether a clause ends between a figure that stands first and the first phrase after
        it.
        """
        if self.context.measure is None:
            return False
        if self.tokens[0].low in ("that", "it", "this", "they", "both"):
            return True
        return any(
            t.text in (";", ",") or t.low in ("while", "but", "as")
            for t in self.tokens[first:after]
        )

    def leads_to(self, at: int, frame: Frame) -> bool:
        """Whether only "of the", "rise in", adjectives stand between a figure and a phrase."""
        if frame.first - at > 7:
            return False
        moves = {
            j
            for m in self.mentions
            if m.sort == "move" and m.data.form in ("noun", "factor")
            for j in range(m.first, m.after)
        }
        rates = {
            j
            for m in self.mentions
            if m.sort == "date" and m.data.rate
            for j in range(m.first, m.after)
        }
        for j in range(at, frame.first):
            low = self.tokens[j].low
            if (
                j in moves
                or j in rates
                or low in ("of", "in", "the", "its", "a", "all", "-", "for", "worth", "on")
            ):
                continue
            if self.tokens[j].kind != "word" or low in _NOT_LEADING or self._is_verb(j):
                return False
        return True

    def _is_verb(self, j: int) -> bool:
        return any(
            m.sort in ("move", "quantity", "cue", "streak") and m.first <= j < m.after
            for m in self.mentions
        )


_NOT_LEADING = wordset(
    """to from by and or but while as with at that which was were is are said than against compared
    after following last this earlier ago before while had has have been when where who since
    through until"""
)
