"""Shorthands: a sentence in, its tokens or its claims out."""

from __future__ import annotations

from typing import Any

from boeki.check.claim import Claim, Passage
from boeki.check.extract import extract
from boeki.check.extract.tokens import Token, tokens

DAY = "2024-06-20"


def words(text: str) -> list[Token]:
    """The tokens of one line."""
    return list(tokens(text))


def read(text: str, published: str = DAY, **context: str) -> list[Claim]:
    """The numeric claims of a text."""
    return [c for c in extract(Passage(text, published, context)) if c.kind != "cause"]


def brief(text: str, published: str = DAY, **context: str) -> list[tuple[Any, ...]]:
    """Kind, measure, period, value and unit of each claim."""
    return [
        (c.kind, c.measure, str(c.period) if c.period else None, shown(c.value), c.unit)
        for c in read(text, published, **context)
    ]


def one(text: str, kind: str, published: str = DAY, **context: str) -> Claim:
    """The only claim of a kind in a text."""
    found = [c for c in read(text, published, **context) if c.kind == kind]
    assert len(found) == 1, found
    return found[0]


def shown(value: Any) -> Any:
    """A value as a plain number, a pair as a tuple of them."""
    if value is None:
        return None
    return tuple(float(v) for v in value) if isinstance(value, tuple) else float(value)
