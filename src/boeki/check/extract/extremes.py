"""Records: "a record", "the highest since …", "a nine-month high"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from boeki.check.extract import numbers
from boeki.check.extract.counts import HIGHS, LOWS, PERIODS, Record, low_at, one_of, past_hedge
from boeki.check.extract.tokens import Token, wordset


def read_record(tokens: Sequence[Token], i: int) -> tuple[Record, int] | None:
    """The record that begins at token ``i`` and the token after it, or None."""
    low = tokens[i].low
    if low == "record":
        return _record_word(tokens, i)
    if low in ("all", "historic", "historical"):
        at = (
            i + 3
            if low == "all" and [low_at(tokens, i + k) for k in (1, 2)] == ["-", "time"]
            else i + 1
        )
        if low == "all" and at == i + 1:
            return None
        side = _side(low_at(tokens, at))
        return (Record(side, "series"), at + 1) if side else None
    if low in _MORE and (after := _than_any(tokens, i)):
        return Record("low" if low in _LESS else "high", "series"), after
    if low in HIGHS or low in LOWS:
        return _superlative(tokens, i, "high" if low in HIGHS else "low")
    if low in ("multi",):
        return None
    if count := numbers.read_count(tokens, i):
        return _count_high(tokens, i, *count)
    return None


_LESS = frozenset(("less", "lower", "smaller", "fewer"))
_MORE = _LESS | frozenset(("more", "higher", "larger", "greater", "bigger"))


def _than_any(tokens: Sequence[Token], i: int) -> int:
    """The token after "more than in any month before"; 0 where it is not there."""
    at = i + 1
    if low_at(tokens, at) != "than":
        return 0
    at += 1 + (low_at(tokens, at + 1) in ("in", "for", "at"))
    if low_at(tokens, at) != "any":
        return 0
    at += 1 + (low_at(tokens, at + 1) in ("other", "previous", "earlier"))
    if low_at(tokens, at) not in PERIODS:
        return 0
    return at + 1 + (low_at(tokens, at + 1) in ("before", "yet"))


def _side(word: str) -> Literal["high", "low"] | None:
    if word in ("high", "highs", "peak", "maximum"):
        return "high"
    return "low" if word in ("low", "lows", "trough", "minimum") else None


def _record_word(tokens: Sequence[Token], i: int) -> tuple[Record, int] | None:
    if (
        low_at(tokens, i - 1) in ("on", "off", "track", "for", "of", "world")
        and low_at(tokens, i - 2) != "a"
    ) and low_at(tokens, i - 1) != "of":
        return None
    at = i + 1
    if low_at(tokens, at) == "-":
        at += 1
    if low_at(tokens, at) in ("breaking", "setting", "smashing", "beating"):
        return Record("most", "series"), at + 1
    if side := _side(low_at(tokens, at)):
        return Record(side, _tail_reach(tokens, at + 1)), at + 1
    if low_at(tokens, at) in LOWS:
        return Record("low", "series"), at + 1
    return Record("most", _tail_reach(tokens, at)), i + 1


def _tail_reach(tokens: Sequence[Token], at: int) -> str:
    """Whether "for November", "for the month" follows, within the phrase: a record among months of
    this name.
    """
    for j in range(at, min(at + 4, len(tokens))):
        low = tokens[j].low
        if low in (",", ";", "."):
            break
        if low in ("for", "in") and low_at(tokens, j + 1) in ("any", "a", "the"):
            if low == "for" and low_at(tokens, j + 2) in ("month", *_MONTHS):
                return "month"
        elif low == "for" and low_at(tokens, j + 1) in _MONTHS:
            return "month"
    return "series"


_MONTHS = wordset(
    "january february march april may june july august september october november december"
)


_SECONDS = frozenset(("-", "second", "third", "fourth", "fifth"))


def _superlative(
    tokens: Sequence[Token], i: int, side: Literal["high", "low"]
) -> tuple[Record, int] | None:
    before = low_at(tokens, i - 1)
    if before in _SECONDS or (low_at(tokens, i) in _LOOSE and before in ("at", "its")):
        return None
    for j in range(i + 1, min(i + 12, len(tokens))):
        low = tokens[j].low
        if low in (";", "(", "while", "but") or (low in (",", ".") and j > i + 1):
            break
        if reach := _reach(tokens, j, low, side):
            return reach
    return None


#: Superlatives that more often than not are said of something else: "at least", "its best".
_LOOSE = frozenset(("most", "least", "best", "worst"))


def _reach(
    tokens: Sequence[Token], j: int, low: str, side: Literal["high", "low"]
) -> tuple[Record, int] | None:
    """How far back a superlative reaches, where token ``j`` says it."""
    after = low_at(tokens, j + 1)
    if low == "ever":
        return _kept(tokens, j + 1, side, "series")
    if low == "on" and after == "record":
        reach = "month" if _of_month(tokens, j + 2) else "series"
        return _kept(tokens, j + 2, side, reach)
    if low == "since":
        if _since_records_began(tokens, j):
            return _kept(tokens, j, side, "series")
        whole = any(low_at(tokens, j + k) in _RECORDS for k in (1, 2))
        return (Record(side, "series"), j + 2) if whole else (Record(side, "since"), j + 1)
    if _of_month(tokens, j):
        return _kept(tokens, j + 2 + (after in _THAT), side, "month")
    if low in ("in", "for"):
        at = past_hedge(tokens, j + 1)
        count = numbers.read_count(tokens, at) or one_of(tokens, at)
        if count and (unit := PERIODS.get(low_at(tokens, count[1]))):
            return Record(side, "count", count[0], unit), count[1] + 1
    return None


def _of_month(tokens: Sequence[Token], j: int) -> bool:
    """Whether "for June", "for that month", "for any May" stands at ``j``."""
    if low_at(tokens, j) != "for":
        return False
    after, then = low_at(tokens, j + 1), low_at(tokens, j + 2)
    return (
        after in _MONTHS
        or after == "any"
        or (after in _THAT and (then == "month" or then in _MONTHS))
    )


def _kept(
    tokens: Sequence[Token], at: int, side: Literal["high", "low"], reach: str
) -> tuple[Record, int]:
    """A record and the token after it, past "since records began in 1979" where that follows."""
    end = _since_records_began(tokens, at) if low_at(tokens, at) == "since" else 0
    dated = bool(end) and low_at(tokens, end - 1).isdigit()
    return Record(side, reach, began=end - 1 if dated else -1), end or at


def _since_records_began(tokens: Sequence[Token], j: int) -> int:
    """The token after "since comparable data became available in 1979"; 0 where it is not there."""
    kept = False
    for k in range(j + 1, min(j + 9, len(tokens))):
        low = tokens[k].low
        if low in (",", ";", "(", "while", "but") or tokens[k].kind == "num":
            return 0
        if kept and low in _BEGAN:
            at = k + 1
            while low_at(tokens, at) in _BEGAN or low_at(tokens, at) in _BEING:
                at += 1
            year = low_at(tokens, at + 1)
            dated = low_at(tokens, at) in ("in", "from") and len(year) == 4 and year.isdigit()
            return at + 2 * dated
        kept = kept or low in _OF_OLD
    return 0


_THAT = frozenset(("that", "the", "a", "this"))
_OF_OLD = wordset("records record data statistics figures series tracking keeping compilation")
_BEGAN = wordset("began begin begun started start available compiled commenced kept collected")
_BEING = frozenset(("being", "to", "be", "first"))
_RECORDS = frozenset(("records", "comparable", "data", "record"))


def _count_high(tokens: Sequence[Token], i: int, count: int, at: int) -> tuple[Record, int] | None:
    """ "a nine-month high", "a five-year low"."""
    if low_at(tokens, at) == "-":
        at += 1
    unit = PERIODS.get(low_at(tokens, at))
    side = _side(low_at(tokens, at + 1)) if unit else None
    return (Record(side, "count", count, unit), at + 2) if side else None
