"""A sentence as read: when its figures are for, how they hang together, and the making of
claims.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from boeki.check.claim import Claim, Hedge, Kind, Measure, Number, Strength
from boeki.check.extract import dates, units
from boeki.check.extract.context import Context, Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.dates import Date
from boeki.check.extract.exclude import excluded
from boeki.check.extract.mentions import Mention
from boeki.check.extract.subjects import Subjects
from boeki.check.extract.tokens import Token, wordset
from boeki.terms.periods import Period

BASE_WORDS = wordset("from against versus vs than after following over on below above")
_COMPARED = frozenset(("compared", "compares", "comparison", "contrast", "comparing"))
_SKIPPED = wordset(
    """a an the just only revised upwardly downwardly seasonally adjusted record whopping combined
    staggering total mere further another modest massive hefty huge impressive sharp steep slight
    more even so also nearly still about some roughly around approximately almost an estimated
    monthly fresh new net well initial final unadjusted narrower wider smaller larger as much"""
)


class Reading(Subjects):
    """One sentence, and the means to ask of each figure what it is about."""

    def __init__(
        self,
        tokens: Sequence[Token],
        mentions: list[Mention],
        context: Context,
        published: dt.date,
        text: str,
    ) -> None:
        super().__init__(tokens, mentions, context)
        self.published, self.text = published, text
        self.shares: list[Claim] = []
        self.priced: Subject | None = None
        self.out = excluded(tokens, mentions)
        self.says = self.source[0] if self.source else None
        self.adjusted = any(
            (
                t.low in ("adjusted", "adjustment")
                and low_at(tokens, i - 1) in ("seasonally", "seasonal", "and")
            )
            or t.low == "seasonally"
            for i, t in enumerate(tokens)
        )

    def attached(self, k: int) -> Date | None:
        """The date right behind a mention ("$5 billion in May", "3 billion yen a year earlier"),
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
            if other.sort == "date" and not self.is_current(other):
                continue
            break
        if k and self.mentions[k - 1].sort == "date" and not self.mentions[k - 1].data.rate:
            date = self.mentions[k - 1]
            lead = m.data.lead if m.sort == "quantity" else m.first
            joint = "".join(t.low for t in self.tokens[date.after : lead])
            opened = low_at(self.tokens, date.first - 1) in ("(", "")
            owned = joint in ("'s", "’s")
            if date.data.period and (owned or (opened and joint in ("", ":", ","))):
                return date.data  # type: ignore[no-any-return]
        return None

    def is_current(self, m: Mention) -> bool:
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
        if any(x.sort == "record" and x.data.began == m.first for x in self.mentions):
            return False
        return not self.follows_base(m.first) and low_at(self.tokens, m.first - 1) != "since"

    def follows_base(self, i: int) -> bool:
        """Whether a word of comparison stands right before token ``i``: "from", "than in",
        "compared with".
        """
        j = i - 1
        while j >= 0 and self.tokens[j].low in _LEADING_IN:
            j -= 1
        word = low_at(self.tokens, j)
        if word == "over" and (m := self.mention_at(i)) and m.data.period is not None:
            # "Over the three months to May" says when.
            return bool(m.data.period.kind == "M")
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
            if other.sort != "date" or not self.is_current(other) or self.dates_base(j):
                continue
            if other.data is besides:
                continue
            if other.first > m.first and chosen is not None:
                break
            if other.first > m.first and self._is_of_next(m, other):
                break
            chosen = other.data
            if other.first > m.first:
                break
        if chosen is not None:
            return dates.resolve(chosen, self.context.period)
        if any(t.low in ("monthly", "month") for t in self.tokens[max(0, m.first - 3) : m.first]):
            return self.context.period
        return self.context.period

    def _is_of_next(self, m: Mention, date: Mention) -> bool:
        """Whether a later date is that of another clause: ", and that its deficit in May"."""
        if self.context.period is None:
            return False
        for i in range(m.after, date.first):
            low = self.tokens[i].low
            joined = low == "that" and low_at(self.tokens, i - 1) == "and"
            if joined or low in (";", "while", "but"):
                return any(f.kind == "measure" and i < f.first < date.first for f in self.frames)
        return False

    def _when(self, m: Mention) -> Period | None:
        """ "Since May 2009, when it had been …": the period of the relative
        clause.
        """
        for j in range(m.first - 1, max(0, m.first - 10), -1):
            if self.tokens[j].low == "when":
                at = j - 2 if self.tokens[j - 1].text == "," else j - 1
                before = self.mention_at(at)
                if before and before.sort == "date":
                    return dates.resolve(before.data, self.context.period)
        return None

    def dates_base(self, j: int) -> bool:
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
        floor = 0
        for k in range(j - 1, -1, -1):
            m = self.mentions[k]
            if m.sort == "move" and m.data.form == "noun":
                # "after a 14 percent increase in May"
                floor = floor or m.after
                continue
            if m.sort == "quantity":
                between = [t.low for t in self.tokens[max(m.after, floor) : date.first]]
                return all(w in _TO_DATE for w in between) and self.is_base(k)
            if m.sort in ("move", "measure"):
                break
        return False

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
        step: Decimal | None = None,
        effect: Measure | None = None,
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
            self.says,
        )


_TO_DATE = wordset(
    """in of for during the a recorded registered posted logged seen reported , that was from
    deficit surplus shortfall over set"""
) - {"from"}
_LEADING_IN = wordset("the in a of for that those level levels figure")
