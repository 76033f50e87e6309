"""Whether a figure is a change, and which way: the move that belongs to each quantity, and what it
is held against.
"""

from __future__ import annotations

from dataclasses import dataclass

from boeki.check.extract import dates
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.dates import Date
from boeki.check.extract.mentions import Mention
from boeki.check.extract.reading import BASE_WORDS, Reading
from boeki.check.extract.tokens import wordset
from boeki.terms.periods import Period


@dataclass(frozen=True, slots=True)
class Direction:
    """A sign, and the mention that gives it; None where it is printed or taken over."""

    sign: int
    move: Mention | None = None
    joined: bool = False


def of_percent(r: Reading, k: int, subject: Subject, last: Direction | None) -> Direction | None:
    """The direction of a percentage; None where nothing says that it is a change."""
    m = r.mentions[k]
    if m.data.sign and not _move_touches(r, k):
        return Direction(1 if m.data.sign == "+" else -1)
    if after := move_after(r, k):
        return Direction(after.data.sign, after)
    at = r.connector(k)
    if before := _move_before(r, k, at):
        return Direction(before.data.sign, before)
    word = low_at(r.tokens, at)
    if last and _joins(r, k, at, word):
        return Direction(last.sign, last.move, joined=True)
    if near := _nearest(r, k, subject):
        return Direction(near.data.sign, near)
    if lead := _lead_move(r, subject):
        return Direction(lead.data.sign, lead)
    if _follows_frame(r, k, subject):
        if last is None and subject.frame.kind in ("area", "product"):
            moves = [x for x in r.mentions[:k] if x.sort == "move" and x.data.form != "factor"]
            return Direction(moves[-1].data.sign, None, joined=True) if moves else None
        return Direction(last.sign, None, joined=True) if last else None
    return None


def of_money(r: Reading, k: int, last: Direction | None, last_was: str) -> Direction | None:
    """The direction of an amount where it is one of change ("fell $3.1 billion"); None where it is
    a level.
    """
    if (after := move_after(r, k)) and (
        after.data.form in ("comparative", "noun")
        or low_at(r.tokens, after.after)
        in (
            "than",
            "from",
            "on",
        )
    ):
        return Direction(after.data.sign, after)
    at = r.connector(k)
    word = low_at(r.tokens, at)
    m = r.mention_at(at)
    if (
        m
        and m.sort == "move"
        and m.data.form in ("verb", "noun")
        and m.after > at
        and not (low_at(r.tokens, at + 1) == "," or m.data.form == "noun")
    ):
        return Direction(m.data.sign, m)
    if word in ("by", "of", "another"):
        before = r.mention_at(at - 1)
        if before is None and word == "by":
            before = _nearest(r, k, r.subject_of(k))
        if (
            before
            and before.sort == "move"
            and (word == "by" or before.data.form != "factor")
            and (word == "by" or before.after == at)
        ):
            return Direction(before.data.sign, before)
    if word == "or" and last and last_was == "change":
        return Direction(last.sign, last.move, joined=True)
    return None


def move_after(r: Reading, k: int) -> Mention | None:
    """The move right behind a quantity: "35% rise", "6 percent more than", "5% year-on-year
    increase".
    """
    m = r.mentions[k]
    for other in r.mentions[k + 1 : k + 5]:
        between = range(m.after, other.first)
        if other.sort == "date" and (other.data.rate or other.data.back is not None):
            if len(between) == 0:
                continue
            return None
        if other.sort == "product" or other.sort == "measure":
            if len(between) == 0:
                continue
            return None
        if other.sort != "move":
            return None
        words = [
            r.tokens[j].low
            for j in range(m.after, other.first)
            if r.at(j) not in ("date", "product", "measure")
        ]
        if any(w not in _ADJECTIVES for w in words):
            return None
        if other.data.form == "verb":
            return other if low_at(r.tokens, other.first) in _TRAILING and not words else None
        return other if other.data.form != "factor" else None
    return None


_TRAILING = frozenset(("up", "down", "higher", "lower", "off"))
_ADJECTIVES = wordset(
    """- annual yearly monthly sharp steep year on the quarterly slight modest further annualized
    such overall corresponding decline real robust strong big same , surprise unexpected"""
) - {","}


def _move_touches(r: Reading, k: int) -> bool:
    j = r.mentions[k].data.lead - 1
    return r.at(j) == "move"


def _move_before(r: Reading, k: int, at: int) -> Mention | None:
    """The move right before a quantity, or before its "by" or "of"."""
    m = r.mention_at(at)
    if m and m.sort == "move":
        return m if m.data.form != "factor" else None
    word = low_at(r.tokens, at)
    if word in ("by", "of", "at", "was", "is", "reached", "hit", "to", ":", "were"):
        before = r.mention_at(at - 1)
        if before and before.sort == "date":
            before = r.mention_at(before.first - 1)
        if before and before.sort == "move" and before.data.form != "factor":
            if word in ("to",) and before.data.form != "noun":
                return None
            return before
        if word == "by":
            return _nearest(r, k, r.subject_of(k))
    return None


def _joins(r: Reading, k: int, at: int, word: str) -> bool:
    """Whether a quantity shares the move of the one before it: "3.1 billion, or 6.0 percent", "and
    7.6%".
    """
    if word == "(":
        previous = r.mentions[k - 1] if k else None
        return previous is not None and previous.sort == "quantity" and previous.after == at
    if word in ("or", "and") or (word == "," and low_at(r.tokens, at - 1) not in ("up", "down")):
        previous = next((p for p in reversed(r.mentions[:k]) if p.sort != "date"), None)
        return previous is not None and previous.sort == "quantity" and at - previous.after < 9
    return word in ("then",)


def _nearest(r: Reading, k: int, subject: Subject) -> Mention | None:
    """The last move between the phrase and the quantity, with no clause, amount or other phrase
    between.
    """
    m = r.mentions[k]
    floor = subject.frame.after if subject.frame.after <= m.first else 0
    for other in reversed(r.mentions[:k]):
        if other.first < floor:
            break
        if other.sort == "move" and other.data.form != "factor":
            between = [t.low for t in r.tokens[other.after : m.first]]
            if (
                ";" in between
                or "while" in between
                or "but" in between
                or ("to" in between and "by" not in between)
            ):
                return None
            if between[:1] in (["to"], ["from"]) or len(between) > 18:
                return None
            return other
        if other.sort == "quantity":
            break
    return None


def _lead_move(r: Reading, subject: Subject) -> Mention | None:
    """The move before the phrase: "the increase in chip exports was 120%"."""
    first = subject.frame.first
    for other in r.mentions:
        if other.sort == "move" and other.after <= first and other.data.form != "factor":
            between = [t.low for t in r.tokens[other.after : first]]
            if between and between[0] in ("in", "of", "for") and len(between) < 5:
                return other
    return None


def _follows_frame(r: Reading, k: int, subject: Subject) -> bool:
    """An ellipsis: "imports 3%", "imports, 3 percent", "Peru (4 percent)", "imports by
    3%".
    """
    frame = subject.frame
    if frame.kind in ("carried", "off"):
        return False
    between = [t.low for t in r.tokens[frame.after : r.mentions[k].data.lead]]
    return between in ([], [","], ["("], ["by"], [":"], ["a"], ["an"])


def base_for(r: Reading, k: int, direction: Direction | None, about: Period | None) -> str | None:
    """What the change in mention ``k`` is a change from."""
    for m in r.mentions:
        if m.sort == "date" and m.data.start is not None and m.data.period == about:
            return str(m.data.start)
    following = r.mentions[k + 1] if k + 1 < len(r.mentions) else None
    since = low_at(r.tokens, r.mentions[k].after) == "since"
    if since and following and following.sort == "date" and following.data.month is None:
        # "Has fallen by two thirds since 2021"
        return dates.base_of(following.data, about)
    found = _own_rate(r, k, direction) or _after(r, k) or _anywhere(r, k)
    if found is not None:
        base = dates.base_of(found, about)
        if base:
            return base
    if _from_words(r):
        return _from_words(r)
    if r.context.base in ("yoy", "mom", "qoq") and _fits(r.context.base, about):
        return r.context.base
    if any_rate := next((m.data for m in r.mentions if m.sort == "date" and m.data.rate), None):
        return dates.base_of(any_rate, about)
    if any(t.low in ("decade", "decades") or t.low == "years" for t in r.tokens):
        return None
    return "yoy" if about is not None and about.kind in ("A", "FY") else None


def _fits(base: str, about: Period | None) -> bool:
    return about is None or base == "yoy" or about.months == {"mom": 1, "qoq": 3}[base]


def _from_words(r: Reading) -> str | None:
    """ "Annual growth", "monthly decline": an adjective of the move."""
    for m in r.mentions:
        if m.sort == "move" and (word := low_at(r.tokens, m.first - 1)) in (
            "annual",
            "yearly",
            "monthly",
        ):
            return "mom" if word == "monthly" else "yoy"
    return None


def _own_rate(r: Reading, k: int, direction: Direction | None) -> Date | None:
    """A rate that touches the move or the figure: "a month-on-month dip of 4%", "rose, year on
    year, by 5%".
    """
    for index in _touching(r, k, direction):
        m = r.mentions[index]
        if m.sort == "date" and m.data.rate:
            return m.data  # type: ignore[no-any-return]
    return None


def _touching(r: Reading, k: int, direction: Direction | None) -> list[int]:
    out = []
    m = r.mentions[k]
    if k + 1 < len(r.mentions) and r.mentions[k + 1].first - m.after <= 1:
        out.append(k + 1)
    if k and m.sort == "quantity" and m.data.lead == r.mentions[k - 1].after:
        out.append(k - 1)
    if direction and direction.move and not direction.joined:
        for j, other in enumerate(r.mentions):
            if other.after == direction.move.first or other.first == direction.move.after:
                out.append(j)
    return out


def _is_against(r: Reading, j: int) -> bool:
    """Whether date ``j`` is one that figures are compared with."""
    m = r.mentions[j]
    date: Date = m.data
    if date.day:
        return False
    if date.rate or date.back is not None or date.same_in is not None:
        return not _belongs_to_move(r, m)
    if low_at(r.tokens, m.first - 1) == "since":
        return False
    return r.follows_base(m.first) or (r.dates_base(j) and not _is_of_percent(r, j))


def _is_of_percent(r: Reading, j: int) -> bool:
    """Whether date ``j`` is that of another change ("after a 14 percent rise in October"), no
    base.
    """
    before = next((m for m in reversed(r.mentions[:j]) if m.sort == "quantity"), None)
    return before is not None and before.data.sort == "percent"


def _belongs_to_move(r: Reading, m: Mention) -> bool:
    """Whether a rate stands right before a move, and so is that move's alone."""
    if not m.data.rate:
        return False
    after = r.mention_at(m.after)
    return after is not None and after.sort == "move" and after.data.form == "noun"


def _after(r: Reading, k: int) -> Date | None:
    """A comparison behind a quantity and before the next that is its own."""
    for j in range(k + 1, len(r.mentions)):
        m = r.mentions[j]
        if m.sort == "quantity":
            follows = low_at(r.tokens, r.connector(j))
            if follows in BASE_WORDS or follows in ("to", "or", "with") or m.data.sort == "money":
                continue
            break
        if m.sort == "date" and _is_against(r, j):
            return m.data  # type: ignore[no-any-return]
        if m.sort == "move" and m.data.form == "noun" and j > k + 1:
            break
    return None


def _anywhere(r: Reading, k: int) -> Date | None:
    order = [*range(k + 1, len(r.mentions)), *range(k - 1, -1, -1)]
    for j in order:
        m = r.mentions[j]
        if m.sort == "date" and _is_against(r, j):
            return m.data  # type: ignore[no-any-return]
    return None
