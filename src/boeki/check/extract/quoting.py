"""The period of a figure and the words to quote for it."""

from __future__ import annotations

from boeki.check.extract import dates, directions
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.directions import Direction
from boeki.check.extract.quantities import Quantity
from boeki.check.extract.reading import Reading
from boeki.terms.periods import Period


def period_of(r: Reading, k: int, subject: Subject) -> Period | None:
    """The period of a figure: its own date, the one it is compared with, or the clause's."""
    attached = r.attached(k)
    m = r.mentions[k]
    if (then := _had_been(r, k, subject)) and attached is None:
        return then
    about = r.current(
        k, subject, besides=attached if m.sort == "quantity" and r.is_base(k) else None
    )
    base = m.sort == "quantity" and m.data.sort != "percent" and r.is_base(k)
    if attached is not None and (m.data.sort != "percent" if m.sort == "quantity" else True):
        if attached.month is not None and base and about is not None and about.kind == "M":
            return dates.before(attached.month, about)
        return dates.resolve(attached, about)
    if attached is not None and attached.period is not None:
        return attached.period
    if base:
        back = directions.base_for(r, k, None, about)
        months = {"yoy": 12, "mom": 1, "qoq": 3}.get(back or "")
        return about.shift(-months) if about and months else None
    return about


def _had_been(r: Reading, k: int, subject: Subject) -> Period | None:
    """The period of "a year earlier the surplus had been 7.2 billion euros": the one before."""
    if r.mentions[k].sort != "quantity":
        return None
    first, start = subject.frame.first, r.mentions[k].data.lead
    if not {"had", "was", "were", "stood"} & {t.low for t in r.tokens[subject.frame.after : start]}:
        return None
    for m in r.mentions:
        if m.sort != "date" or m.after > first or m.data.rate:
            continue
        if m.data.back or m.data.same_in:
            lead = low_at(r.tokens, m.first - 1)
            if lead in ("", ";", ",", "and", "while", "but") and first - m.after <= 3:
                return dates.resolve(m.data, _current(r, m.first) or r.context.period)
    return None


def _current(r: Reading, before: int) -> Period | None:
    """The last period that the sentence names before a token."""
    named = [
        m.data for m in r.mentions if m.sort == "date" and m.first < before and r.is_current(m)
    ]
    return named[-1].period if named else None


def quote_of(
    r: Reading, k: int, q: Quantity, subject: Subject, direction: Direction | None
) -> tuple[int, int]:
    """The words to quote: the figure with its move, its phrase where that is near, and its date."""
    first, after = q.lead, q.after
    move = direction.move if direction and not direction.joined else None
    if move and move.first < q.first:
        first = move.first
    elif move:
        after = move.after
    frame = subject.frame
    if (
        frame.kind != "carried"
        and frame.after <= first
        and first - frame.after <= 4
        and not (direction and direction.joined and frame.kind == "measure")
    ):
        clear = not any(x.sort == "quantity" and frame.first <= x.first < first for x in r.mentions)
        if clear and not any(t.text in ";()" for t in r.tokens[frame.after : first]):
            first = frame.first
    if frame.kind != "carried" and after <= frame.first <= after + 2:
        after = max(after, frame.after)
    if (after < len(r.tokens) and (date := r.mention_at(after)) and date.sort == "date") or (
        low_at(r.tokens, after) in ("in", "from", "of")
        and (date := r.mention_at(after + 1))
        and date.sort == "date"
    ):
        after = date.after
    texts = [t.text for t in r.tokens[first : after + 1]]
    if "(" in texts and texts[-1] == ")" and ")" not in texts[:-1]:
        after += 1
    return first, after
