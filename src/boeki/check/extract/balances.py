"""Amounts of money as the levels that they are, with the sign of the balance."""

from __future__ import annotations

from decimal import Decimal

from boeki.check.claim import Number
from boeki.check.extract.context import Subject
from boeki.check.extract.counts import low_at
from boeki.check.extract.quantities import Quantity
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import wordset

_EXCEEDS = wordset(
    "exceeded outstripped outpaced surpassed topped outweighed exceeding exceed outran"
)


def excess(r: Reading, subject: Subject) -> int:
    """The sign of the balance in "imports outstripped exports by …"; 0 where nothing is said so."""
    if subject.measure not in ("exports", "imports"):
        return 0
    other = "imports" if subject.measure == "exports" else "exports"
    for s in r.subjects:
        if (
            s.measure == other
            and s.frame.after < subject.frame.first <= s.frame.after + 3
            and r.tokens[s.frame.after].low in _EXCEEDS
        ):
            return 1 if other == "exports" else -1
    return 0


def ends_phrase(r: Reading, q: Quantity) -> bool:
    """Whether a bare number ("1.3 billion") is not the count of some noun."""
    following = low_at(r.tokens, q.after)
    return following in (
        "",
        ",",
        ".",
        ";",
        ")",
        "in",
        "from",
        "and",
        "to",
        "a",
        "last",
        "while",
        "for",
        "on",
        "against",
    )


def balance(r: Reading, k: int, q: Quantity, subject: Subject) -> Number:
    """An amount with the sign of the balance that it is."""
    if q.sign:
        return signed(q.value, 1 if q.sign == "+" else -1)
    sign = subject.sign
    around = [t.low for t in r.tokens[max(0, q.lead - 3) : q.lead]]
    if "positive" in around:
        sign = "+"
    elif "negative" in around:
        sign = "-"
    return signed(q.value, -1 if sign == "-" else 1)


def signed(value: Number, sign: int) -> Number:
    """A size with a sign: a range keeps its order."""
    if value is None or sign > 0:
        return abs(value) if isinstance(value, Decimal) else value
    if isinstance(value, tuple):
        return -value[1], -value[0]
    return -abs(value)
