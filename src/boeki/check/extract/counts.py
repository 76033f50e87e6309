"""Counted periods and superlatives: streaks ("the third month in a row"), spans of a record,
places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from boeki.check.extract import numbers
from boeki.check.extract.tokens import Token, wordset

PERIODS = {
    "month": "M",
    "months": "M",
    "monthly": "M",
    "quarter": "Q",
    "quarters": "Q",
    "quarterly": "Q",
    "year": "A",
    "years": "A",
    "yearly": "A",
    "annual": "A",
}
MONTHS_IN = {"M": 1, "Q": 3, "A": 12}
_MARKS = frozenset(("straight", "consecutive", "successive", "uninterrupted", "unbroken"))
_AFTER_MARKS = (
    "in a row",
    "running",
    "on the trot",
    "in succession",
    "straight",
    "on end",
    "consecutively",
)
_AFTER = tuple(tuple(p.split()) for p in _AFTER_MARKS)

HIGHS = wordset(
    "largest highest biggest widest most greatest strongest heaviest steepest deepest "
    "broadest best fattest"
)
LOWS = wordset("smallest lowest narrowest weakest least thinnest tiniest slimmest worst fewest")


@dataclass(frozen=True, slots=True)
class Streak:
    """A run of periods: how many, in which unit, and whether it is one that has just begun.

    Attributes
    ----------
    count, unit
        The number of periods; ``M``, ``Q`` or ``A``. A count of 0 is left to ``since``.
    begun
        "The first surplus in four quarters".
    whole
        The run is counted as a whole ("15 straight months"), not by its last member ("the fifth
        month").
    what
        For one that has just begun: the tokens of what it is the first of.
    """

    count: int
    unit: str
    begun: bool = False
    whole: bool = False
    what: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Record:
    """An extreme: its side, how far back it reaches, and its count of periods where one is given.

    ``reach`` is ``series``, ``month`` (of the same name), ``count``, ``since`` (a date follows) or
    ``open``
    (nothing was said: "the largest"). ``began`` is the token of the year in "since records began in
    1979", which is no period of a claim; -1 where there is none.
    """

    side: Literal["high", "low", "most"]
    reach: str
    count: int = 0
    unit: str | None = None
    began: int = -1


def low_at(tokens: Sequence[Token], i: int) -> str:
    """The token at ``i`` in lower case; empty outside the sentence."""
    return tokens[i].low if 0 <= i < len(tokens) else ""


def read_streak(tokens: Sequence[Token], i: int) -> tuple[Streak, int] | None:
    """The streak that begins at token ``i`` and the token after it, or None."""
    low = tokens[i].low
    if low == "first" and (begun := _first_in(tokens, i)):
        return begun
    if ordinal := numbers.read_ordinal(tokens, i):
        return _ordinal(tokens, i, *ordinal)
    if count := numbers.read_count(tokens, i):
        return _cardinal(tokens, i, *count)
    return None


def _ordinal(tokens: Sequence[Token], i: int, count: int, at: int) -> tuple[Streak, int] | None:
    for j in range(at, min(at + 4, len(tokens))):
        # "its 56th in as many months", "the third increase in as many months"
        if unit := _as_many(tokens, j):
            return Streak(count, unit), j + 4
    marked = low_at(tokens, at) in _MARKS
    at += marked
    unit = PERIODS.get(low_at(tokens, at))
    if unit is None or low_at(tokens, at) in ("months", "quarters", "years"):
        if marked and (unit := _unit_near(tokens, at)):
            return Streak(count, unit), at
        if tail := _tail(tokens, at):
            # "The fourth in a row": of periods such as the one spoken of.
            return Streak(count, ""), at + tail
        for j in range(at + 1, min(at + 5, len(tokens))):
            # "the third monthly rise in a row"
            if (tail := _tail(tokens, j)) > 1 and (unit := _unit_near(tokens, j - 2) or "M"):
                return Streak(count, unit), j + tail
            if tokens[j].kind == "punct" and tokens[j].text != "-":
                break
        return None
    at += 1
    tail = _tail(tokens, at)
    if not marked and not tail and not _leads_streak(tokens, i, at, unit):
        return None
    if low_at(tokens, at - 1) in ("monthly", "quarterly", "yearly", "annual"):
        return (Streak(count, unit), at) if marked else None
    return Streak(count, unit), at + tail


def _leads_streak(tokens: Sequence[Token], i: int, at: int, unit: str) -> bool:
    """Whether "for a third month", "to a fifth month", "a fourth month of declines" count a run."""
    if (unit == "M" and low_at(tokens, i - 1) == "for") or _of_moves(tokens, at):
        return True
    if unit == "Q" or low_at(tokens, i - 1) not in ("a", "an"):
        return False
    return low_at(tokens, i - 2) in ("for", "to", "into") or low_at(tokens, at) == "of"


def _unit_near(tokens: Sequence[Token], at: int) -> str | None:
    """The unit in "the fifth straight monthly deficit", "the third consecutive trade deficit" (a
    month).
    """
    for j in range(at, min(at + 3, len(tokens))):
        if tokens[j].low in ("monthly", "quarterly", "annual", "yearly"):
            return PERIODS[tokens[j].low]
        if tokens[j].low in (
            "deficit",
            "surplus",
            "increase",
            "decline",
            "rise",
            "fall",
            "gain",
            "drop",
        ):
            return "M"
    return None


def _cardinal(tokens: Sequence[Token], i: int, count: int, at: int) -> tuple[Streak, int] | None:
    hyphen = low_at(tokens, at) == "-"
    if hyphen:
        unit = PERIODS.get(low_at(tokens, at + 1))
        if unit and low_at(tokens, at + 2) in (
            "streak",
            "run",
            "string",
            "spell",
            "losing",
            "winning",
            "slide",
        ):
            return Streak(count, unit, whole=True), at + 3
        return None
    marked = low_at(tokens, at) in _MARKS
    at += marked
    unit = PERIODS.get(low_at(tokens, at))
    if unit is None or low_at(tokens, at) not in ("months", "quarters", "years"):
        return None
    at += 1
    tail = _tail(tokens, at)
    if not marked and not tail and not _extends(tokens, i) and not _of_moves(tokens, at):
        return None
    return Streak(count, unit, whole=True), at + tail


def _as_many(tokens: Sequence[Token], at: int) -> str | None:
    """The unit in "its 56th in as many months"."""
    words = [low_at(tokens, at + k) for k in range(4)]
    return PERIODS.get(words[3]) if words[:3] == ["in", "as", "many"] else None


def _of_moves(tokens: Sequence[Token], at: int) -> bool:
    """Whether "of growth", "of declines" follows a count of periods."""
    return low_at(tokens, at) == "of" and low_at(tokens, at + 1) in _RUNS


_RUNS = wordset(
    """growth gains increases rises expansion declines falls decline contraction losses drops
    decreases surpluses deficits shrinkage"""
)


def _extends(tokens: Sequence[Token], i: int) -> bool:
    """Whether "extending the run of surpluses to" leads to a count at token ``i``."""
    words = {t.low for t in tokens[max(0, i - 7) : i - 1]}
    return low_at(tokens, i - 1) == "to" and bool(words & {"run", "streak", "string", "series"})


def _tail(tokens: Sequence[Token], at: int) -> int:
    for words in _AFTER:
        if all(low_at(tokens, at + k) == w for k, w in enumerate(words)):
            return len(words)
    return 0


def _first_in(tokens: Sequence[Token], i: int) -> tuple[Streak, int] | None:
    """ "the first surplus in four quarters", "for the first time in 14 months", "the first fall
    since
    March".
    """
    if (
        low_at(tokens, i + 1) in ("half", "quarter", "months", "days", "-")
        or tokens[i + 1 : i + 2] == []
    ):
        return None
    if numbers.read_count(tokens, i + 1):
        return None
    for j in range(i + 1, min(i + 8, len(tokens))):
        low = tokens[j].low
        if low in (",", ";", ".", "(", ":"):
            return None
        if low == "since":
            return Streak(0, "M", begun=True, what=(i + 1, j)), j
        if low in ("in", "for"):
            at = j + 1
            at = past_hedge(tokens, at)
            count = numbers.read_count(tokens, at) or one_of(tokens, at)
            if count and (unit := PERIODS.get(low_at(tokens, count[1]))):
                return Streak(count[0], unit, begun=True, what=(i + 1, j)), count[1] + 1
    return None


def one_of(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    return (1, i + 1) if low_at(tokens, i) == "a" else None


def past_hedge(tokens: Sequence[Token], at: int) -> int:
    """Past "more than", "at least" before a count of periods."""
    while low_at(tokens, at) in _HEDGES:
        at += 1
    return at


_HEDGES = wordset("more than over at least about nearly almost")
