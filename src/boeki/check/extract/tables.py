"""Rows of small tables whose unit stands above them: "(USD bn)", then "Exports 34.05"."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from boeki.check.claim import Claim
from boeki.check.extract import numbers, units
from boeki.check.extract.counts import low_at
from boeki.check.extract.quoting import period_of
from boeki.check.extract.reading import Reading
from boeki.check.extract.tokens import Token, wordset

_CELL_ENDS = frozenset(("", "|", ";", ",", "/", "("))


def read_unit(tokens: Sequence[Token]) -> tuple[str, int] | None:
    """The unit of the rows that follow: currency and scale, in brackets and without a number."""
    for i, token in enumerate(tokens):
        if token.text not in "([":
            continue
        end = next(
            (j for j in range(i + 1, min(i + 8, len(tokens))) if tokens[j].text in ")]"), None
        )
        if end is None or any(t.kind == "num" for t in tokens[i + 1 : end]):
            continue
        currency, scale = None, 1
        for j in range(i + 1, end):
            if found := units.currency_before(tokens, j) or units.currency_after(tokens, j):
                currency = currency or found[0]
            scale = max(scale, numbers.SCALES.get(tokens[j].low, 1))
        if currency and scale > 1:
            return currency, scale
    return None


def read_terms(tokens: Sequence[Token]) -> str | None:
    """The currency of "measured in yuan", "in dollar terms": of amounts that name none."""
    for i in range(1, len(tokens)):
        word = tokens[i].low
        if word not in units.WORDS or tokens[i - 1].kind == "num":
            continue
        following = low_at(tokens, i + 1)
        if tokens[i - 1].low == "in" and (
            following == "terms" or low_at(tokens, i - 2) in _MEASURED
        ):
            return units.WORDS[word]
        if following == "-" and low_at(tokens, i + 2) in ("denominated", "based"):
            return units.WORDS[word]
    return None


_MEASURED = wordset("measured expressed calculated counted denominated reckoned")


def read_row(r: Reading) -> list[Claim]:
    """The levels of a row: each a phrase with a number and nothing else between them."""
    found = []
    if r.context.table is None:
        return []
    currency, scale = r.context.table
    for k, m in enumerate(r.mentions):
        if m.sort != "measure" or m.data.measure not in ("exports", "imports", "balance", "trade"):
            continue
        subject = next((s for s in r.subjects if s.frame.first <= m.first < s.frame.after), None)
        if subject is None:
            continue
        at = subject.frame.after
        at += low_at(r.tokens, at) in (":", "|")
        sign = -1 if low_at(r.tokens, at) in ("-", "−", "–") else 1
        printed = low_at(r.tokens, at) in ("-", "−", "–", "+")
        at += printed
        if at >= len(r.tokens) or r.tokens[at].kind != "num":
            continue
        number = numbers.read_number(r.tokens, at)
        if number is None or number.scale > 1 or low_at(r.tokens, number.after) not in _CELL_ENDS:
            continue
        if subject.measure == "balance" and subject.sign == "-" and not printed:
            sign = -1
        claim = r.claim(
            "level",
            subject,
            subject.frame.first,
            number.after,
            period=period_of(r, k, subject),
            value=number.value * scale * Decimal(sign),
            unit=currency,
            step=number.step * scale,
        )
        if claim:
            found.append(claim)
    return found
