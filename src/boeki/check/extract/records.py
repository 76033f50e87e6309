"""Records: the highest or lowest of a series, of months of one name, or since a period."""

from __future__ import annotations

from decimal import Decimal

from boeki.check.claim import Claim
from boeki.check.extract import dates
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import MONTHS_IN, Record, low_at
from boeki.check.extract.mentions import Mention
from boeki.check.extract.quoting import period_of
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import wordset
from boeki.terms.periods import Period

#: A record of growth is no record of a level; nothing in a claim could hold it.
_OF_GROWTH = wordset(
    "growth pace rate increase rise gain jump decline drop fall contraction expansion streak run"
)


def read_records(r: Reading) -> list[Claim]:
    """The records of a sentence, in its order."""
    found = []
    for k, m in enumerate(r.mentions):
        if m.sort == "record" and k not in r.out and (claim := _record(r, k, m, m.data)):
            found.append(claim)
    return found


def _record(r: Reading, k: int, m: Mention, record: Record) -> Claim | None:
    subject = _subject(r, k, m)
    if subject.measure in (None, "share") or subject.frame.kind in ("off", "company"):
        return None
    if _is_of_growth(r, m, record):
        return None
    period = _period(r, k, m, subject)
    base = _base(r, m, record, period)
    if base is None:
        return None
    physical = any(
        x.sort == "quantity" and x.data.sort == "physical" and x.first < m.first for x in r.mentions
    )
    counted = record.reach == "count"
    first, after = _quote(r, m, subject, record)
    return r.claim(
        "record",
        subject,
        first,
        after,
        period=period,
        base=base,
        sign=_side(r, m, record, subject),
        measure="volume" if physical and subject.measure in ("exports", "imports") else None,
        value=Decimal(record.count) if counted else None,
        unit=record.unit if counted else None,
    )


def _subject(r: Reading, k: int, m: Mention) -> Subject:
    """The phrase that the record is part of ("record exports", "the largest deficit since"), or the
    clause's.
    """
    for s in r.subjects:
        if (
            s.frame.kind == "measure"
            and m.first <= s.frame.first + 1
            and s.frame.first <= m.after + 1
        ) and (s.frame.first >= m.first or s.frame.first <= m.first < s.frame.after):
            return s
        if s.frame.first <= m.first < s.frame.after:
            return s
    for s in r.subjects:
        if m.data.side == "most" and m.after <= s.frame.first and r.leads_to(m.after, s.frame):
            return s
    return r.subject_of(k)


def _is_of_growth(r: Reading, m: Mention, record: Record) -> bool:
    words = [
        r.tokens[j].low for j in range(m.first + 1, min(max(m.after, m.first + 4), len(r.tokens)))
    ]
    for w in words:
        if w in ("high", "low", "of", ",", "surge", "in"):
            return False
        if w in _OF_GROWTH:
            return record.reach != "series" or w in ("growth", "pace", "rate", "streak", "run")
    return False


def _period(r: Reading, k: int, m: Mention, subject: Subject) -> Period | None:
    after = k + 1
    if (
        after < len(r.mentions)
        and r.mentions[after].sort == "quantity"
        and r.mentions[after].first - m.after <= 1
        and r.is_base(after)
    ):
        # "Less than the record 26.7 billion of the year before": the record is that year's.
        return period_of(r, after, subject)
    for other in r.mentions[k + 1 :]:
        if other.sort == "date" and r.is_current(other) and other.first - m.after <= 14:
            between = [t.low for t in r.tokens[m.after : other.first]]
            if (
                not {",", ";", "while", "but", "since", "when", "against", "and", "from"}
                & set(between)
                and low_at(r.tokens, other.first - 1) != "for"
                and "since" not in between
            ):
                return dates.resolve(other.data, r.context.period)
            break
    return r.current(k, subject)


def _base(r: Reading, m: Mention, record: Record, period: Period | None) -> str | None:
    if record.reach == "series":
        return "series"
    if record.reach == "month":
        return "same-month"
    if record.reach == "count":
        if period is None or record.unit is None:
            return None
        months = record.count * MONTHS_IN[record.unit]
        since = period.shift(-months)
        return f"since {since}"
    for other in r.mentions:
        if (
            other.sort == "date"
            and m.after <= other.first <= m.after + 1
            and other.data.period is not None
        ):
            date = other.data
            since = (
                dates.before(date.month, period)
                if date.month and period and period.kind == "M"
                else date.period
            )
            return f"since {since}"
    return None


def _side(r: Reading, m: Mention, record: Record, subject: Subject) -> str:
    """High or low of the figure itself: the largest deficit is the lowest balance."""
    side = "high" if record.side in ("high", "most") else "low"
    if record.side == "most" and subject.measure != "balance" and _falls(r, m):
        side = "low"
    if subject.measure == "balance" and subject.sign == "-":
        return "low" if side == "high" else "high"
    return side


def _falls(r: Reading, m: Mention) -> bool:
    """Whether "fell to a record 5 billion" makes the record a low."""
    before = [x for x in r.mentions if x.sort == "move" and x.after <= m.first]
    if not before or m.first - before[-1].after > 2:
        return False
    return bool(before[-1].data.sign < 0 and before[-1].data.form == "verb")


def _quote(r: Reading, m: Mention, subject: Subject, record: Record) -> tuple[int, int]:
    first, after = m.first, m.after
    if low_at(r.tokens, first - 1) in ("a", "an", "the", "its"):
        first -= 1
    following = r.mention_at(after)
    if (record.side == "most" and following and following.sort == "quantity") or (
        record.reach == "since" and following and following.sort == "date"
    ):
        after = following.after
    frame = subject.frame
    if m.first <= frame.first <= after + 1 or (frame.first > after and r.leads_to(after, frame)):
        after = max(after, frame.after)
    return first, after
