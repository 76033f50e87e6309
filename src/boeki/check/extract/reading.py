"""A sentence as read: its mentions and frames, what carries over into it, and how its figures hang
together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from boeki.check.claim import Claim, Hedge, Kind, Number, Strength
from boeki.check.extract import dates, units
from boeki.check.extract.counts import low_at
from boeki.check.extract.dates import Date
from boeki.check.extract.exclude import excluded
from boeki.check.extract.frames import Frame, FrameBuilder
from boeki.check.extract.mentions import Mention
from boeki.check.extract.tokens import Token, wordset
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

BASE_WORDS = wordset("from against versus vs than after following over on below above")
_COMPARED = frozenset(("compared", "compares", "comparison", "contrast", "comparing"))
_SKIPPED = wordset(
    """a an the just only revised upwardly downwardly seasonally adjusted record whopping combined
    staggering total mere further another modest massive hefty huge impressive sharp steep slight
    more even so also nearly still about some roughly around approximately almost an estimated
    monthly fresh new net well initial final unadjusted narrower wider smaller larger as much"""
)


@dataclass(slots=True)
class Context:
    """What carries over from one sentence to the next."""

    reporter: str | None = None
    partner: str = "WLD"
    product: str = TOTAL
    measure: str | None = None
    sign: str = ""
    period: Period | None = None
    base: str | None = None
    currency: str | None = None
    rate: str | None = None
    topic: str = TOTAL
    company: bool = False


@dataclass(slots=True)
class Subject:
    """A frame with everything settled that the sentence or the passage settles."""

    measure: str | None
    sign: str
    product: str
    reporter: str | None
    partner: str
    frame: Frame


class Reading:
    """One sentence, and the means to ask of each figure what it is about."""

    def __init__(
        self,
        tokens: Sequence[Token],
        mentions: list[Mention],
        context: Context,
        published: dt.date,
        text: str,
    ) -> None:
        self.tokens, self.mentions, self.context = tokens, mentions, context
        self.published, self.text = published, text
        builder = FrameBuilder(tokens, mentions, context.reporter)
        self.frames = builder.build()
        self.taken = builder.taken
        self.out = excluded(tokens, mentions)
        self.owners = self._owners()
        self.source = self._source()
        self.subjects = self._settle()
        self.says = self.source[0] if self.source else None
        self.adjusted = any(
            (
                t.low in ("adjusted", "adjustment")
                and low_at(tokens, i - 1) in ("seasonally", "seasonal", "and")
            )
            or t.low == "seasonally"
            for i, t in enumerate(tokens)
        )

    # Who: the areas that are the subject of a clause.

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
                and self.is_possessive(m.first)
            ),
            None,
        )

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
                "-",
            )
            for j in (0, 1, 2)
        )

    def _source(self) -> tuple[str, str | None] | None:
        return next((m.data for m in self.mentions if m.sort == "source"), None)

    def partner_after(self, first: int, after: int) -> str | None:
        """An area that follows "to", "from" or "with" between two tokens and belongs to no
        frame.
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
                    and low_at(self.tokens, at - 1) not in _NO_PARTNER
                ):
                    return None if m.data.code == "WLD" else m.data.code
        return None

    # What: frames settled one after another.

    def _settle(self) -> list[Subject]:
        """Each frame with what it takes over from the one before it, and from the context."""
        ctx = self.context
        settled: list[Subject] = []
        self._done = settled
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
        """ "Korea was the biggest market for chip equipment, with billings of …": whose market, and
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
        """ "With China, Japan stayed in the red": the partner of the whole sentence."""
        for k, m in enumerate(self.mentions[:3]):
            if (
                m.sort == "area"
                and k not in self.taken
                and m.first <= 2
                and m.data.code != "WLD"
                and low_at(self.tokens, 0) in ("with", "to", "against")
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
            return previous.product if previous and previous.product != TOTAL else ctx.product
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
            return ctx.topic
        return ctx.product

    def _partner(
        self, frame: Frame, previous: Subject | None, reporter: str | None, front: str | None
    ) -> str:
        ctx = self.context
        if frame.partner:
            return frame.partner
        if front:
            return front
        if frame.whole:
            return "WLD"
        if frame.kind == "deal":
            end = min(
                (f.first for f in self.frames if f.first > frame.first), default=len(self.tokens)
            )
            return self.partner_after(frame.after, end) or "WLD"
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
            if (
                low_at(self.tokens, at) in allowed
                and low_at(self.tokens, at - 1) not in _NO_PARTNER
            ) and low_at(self.tokens, m.after) not in ("'s", "’s"):
                return str(m.data.code)
        return None

    def carried(self) -> Subject:
        """The subject of a clause that names none: what the passage speaks of."""
        ctx = self.context
        reporter = self.owners[0][1] if self.owners else ctx.reporter
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
        return Subject(ctx.measure, ctx.sign, ctx.product, reporter, ctx.partner, frame)

    def subject_of(self, k: int) -> Subject:
        """The subject of a mention: the phrase that it leads to, else the one before it, else the
        first after.
        """
        m = self.mentions[k]
        start = m.data.lead if m.sort == "quantity" else m.first
        before: Subject | None = None
        for s in self.subjects:
            if s.frame.first >= m.after:
                if self._leads_to(m.after, s.frame):
                    return s
                if before is None and not self._is_cut_off(m.after, s.frame.first):
                    return s
                break
            if s.frame.first < start or s.frame.first <= m.first:
                before = s
        if before is None or before.frame.kind in ("off", "company"):
            return before or self.carried()
        return self._of_new_owner(before, start)

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

    def _leads_to(self, at: int, frame: Frame) -> bool:
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

    # When: which period a figure is for.

    def span(self, k: int) -> tuple[int, int]:
        """The tokens around quantity ``k`` up to the quantities beside it."""
        before = next((m.after for m in reversed(self.mentions[:k]) if m.sort == "quantity"), 0)
        after = next(
            (m.first for m in self.mentions[k + 1 :] if m.sort == "quantity"), len(self.tokens)
        )
        return before, after

    def attached(self, k: int) -> Date | None:
        """The date right behind a mention ("$5 billion in May", "813 billion yen a year earlier"),
        or before a colon.
        """
        m = self.mentions[k]
        start = m.after
        for other in self.mentions[k + 1 :]:
            if other.sort == "move" and other.data.form == "noun" and other.first == start:
                # "the 8.6% growth in May"
                start = other.after
                continue
            if other.sort in ("quantity", "move", "streak", "record") or other.first - m.after > 6:
                break
            if other.sort != "date":
                continue
            if other.data.rate or other.data.day:
                break
            between = [t.low for t in self.tokens[start : other.first]]
            if all(w in _TO_DATE for w in between) and not (set(between) & BASE_WORDS):
                return other.data  # type: ignore[no-any-return]
            if other.sort == "date" and not self._is_current(other):
                continue
            break
        if k and self.mentions[k - 1].sort == "date" and not self.mentions[k - 1].data.rate:
            date = self.mentions[k - 1]
            lead = m.data.lead if m.sort == "quantity" else m.first
            if [t.low for t in self.tokens[date.after : lead]] in (
                [":"],
                [","],
                [],
            ) and date.data.period:
                opened = low_at(self.tokens, date.first - 1) in ("(", "")
                if opened:
                    return date.data  # type: ignore[no-any-return]
        return None

    def _is_current(self, m: Mention) -> bool:
        """Whether a date says when, not what it is compared with."""
        date: Date = m.data
        if (
            date.rate
            or date.day
            or date.back is not None
            or date.same_in is not None
            or date.period is None
        ):
            return False
        return not self.follows_base(m.first) and low_at(self.tokens, m.first - 1) != "since"

    def follows_base(self, i: int) -> bool:
        """Whether a word of comparison stands right before token ``i``: "from", "than in",
        "compared with".
        """
        j = i - 1
        while j >= 0 and self.tokens[j].low in (
            "the",
            "in",
            "a",
            "of",
            "for",
            "that",
            "level",
            "figure",
            "levels",
        ):
            j -= 1
        word = low_at(self.tokens, j)
        if word in BASE_WORDS:
            return word != "on" or low_at(self.tokens, i) != "on"
        return word in ("with", "to") and low_at(self.tokens, j - 1) in _COMPARED

    def current(self, k: int, subject: Subject, *, besides: Date | None = None) -> Period | None:
        """The period that the clause of mention ``k`` is about, leaving the date ``besides``
        out.
        """
        own = subject.frame.date
        if own and own is not besides and (period := dates.resolve(own, self.context.period)):
            return period
        m = self.mentions[k]
        if when := self._when(m):
            return when
        chosen = None
        for j, other in enumerate(self.mentions):
            if other.sort != "date" or not self._is_current(other) or self._dates_base(j):
                continue
            if other.data is besides:
                continue
            if other.first > m.first and chosen is not None:
                break
            chosen = other.data
            if other.first > m.first:
                break
        if chosen is not None:
            return dates.resolve(chosen, self.context.period)
        if any(t.low in ("monthly", "month") for t in self.tokens[max(0, m.first - 3) : m.first]):
            return self.context.period
        return self.context.period

    def _when(self, m: Mention) -> Period | None:
        """ "Since January 2014, when it had run a shortfall of …": the period of the relative
        clause.
        """
        for j in range(m.first - 1, max(0, m.first - 10), -1):
            if self.tokens[j].low == "when":
                at = j - 2 if self.tokens[j - 1].text == "," else j - 1
                before = self.mention_at(at)
                if before and before.sort == "date":
                    return dates.resolve(before.data, self.context.period)
        return None

    def _dates_base(self, j: int) -> bool:
        """Whether a date belongs to an amount that others are compared with ("from $5 billion in
        May").
        """
        date = self.mentions[j]
        after = self.mentions[j + 1] if j + 1 < len(self.mentions) else None
        opened = low_at(self.tokens, date.first - 1) == "("
        if (
            opened
            and after
            and after.sort == "quantity"
            and low_at(self.tokens, date.after) in (":", ",")
        ):
            return True
        for k in range(j - 1, -1, -1):
            m = self.mentions[k]
            if m.sort == "quantity":
                between = [t.low for t in self.tokens[m.after : date.first]]
                return all(w in _TO_DATE for w in between) and self.is_base(k)
            if m.sort in ("move", "measure"):
                break
        return False

    # How figures are joined.

    def connector(self, k: int) -> int:
        """The token before quantity ``k`` and its articles and adjectives; -1 where it stands
        first.
        """
        j = int(self.mentions[k].data.lead) - 1
        while j >= 0 and (self.tokens[j].low in _SKIPPED or self.tokens[j].text in '"“'):
            if self.at(j) in ("move", "quantity"):
                break
            j -= 1
        return j

    def at(self, i: int) -> str | None:
        """The sort of the mention at token ``i``."""
        found = self.mention_at(i)
        return found.sort if found else None

    def mention_at(self, i: int) -> Mention | None:
        """The mention that covers token ``i``, the innermost where there are two."""
        return next((m for m in reversed(self.mentions) if m.first <= i < m.after), None)

    def is_base(self, k: int) -> bool:
        """Whether an amount is one that another is compared with ("from", "against", "triple
        the").
        """
        j = self.connector(k)
        word = low_at(self.tokens, j)
        m = self.mention_at(j)
        if m and m.sort == "quantity" and m.data.sort == "times":
            return True
        if m and m.sort == "move" and (m.data.form in ("factor", "comparative")):
            return True
        if word in ("in", "for") and self.at(j - 1) == "date":
            return False
        if word in BASE_WORDS or word in ("revised",):
            return word not in ("over", "on", "above", "below") or self.at(j - 1) == "move"
        return word in ("with", "to") and low_at(self.tokens, j - 1) in _COMPARED

    # Claims.

    def claim(
        self,
        kind: Kind,
        subject: Subject,
        first: int,
        after: int,
        *,
        period: Period | None = None,
        value: Number = None,
        unit: str | None = None,
        base: str | None = None,
        sign: str | None = None,
        measure: str | None = None,
        product: str | None = None,
        partner: str | None = None,
        hedge: Hedge | None = None,
        step: object = None,
        effect: str | None = None,
        strength: Strength | None = None,
    ) -> Claim | None:
        """A claim of this sentence over tokens ``first`` to ``after``; None where no measure is
        known.
        """
        name = measure or subject.measure
        if name is None or after <= first:
            return None
        start, end = self.tokens[first].start, self.tokens[after - 1].end
        if unit is not None:
            unit = units.settle(unit, subject.reporter)
        return Claim(
            self.text[start:end],
            start,
            end,
            kind,
            name,  # type: ignore[arg-type]
            subject.reporter,
            partner or subject.partner,
            product or subject.product,
            period,
            value,
            unit,
            base,
            sign,
            hedge,
            step,
            self.adjusted,
            effect,
            strength,
            self.says,  # type: ignore[arg-type]
        )


_NOT_LEADING = wordset(
    """to from by and or but while as with at that which was were is are said than against compared
    after following last this earlier ago before while had has have been when where who since
    through until"""
)
_TO_DATE = wordset(
    """in of for during the a recorded registered posted logged seen reported , that was from
    deficit surplus shortfall over set"""
) - {"from"}
_NO_PARTNER = wordset("only compared close second compares contrast next along together line")
