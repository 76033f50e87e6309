"""Claims made by hand, so that resolve and judge are tested apart from the reading of text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from boeki.check.check import judge_all
from boeki.check.claim import Claim
from boeki.check.verdict import Checked
from boeki.terms.periods import Period

PUBLISHED = dt.date(2025, 1, 10)
TODAY = dt.date(2026, 11, 23)


def make(
    kind: str, measure: str, value: Any = None, unit: str | None = None, **fields: Any
) -> Claim:
    """A claim about Japan in November 2024, unless said otherwise."""
    period = fields.pop("period", "2024-11")
    fields.setdefault("reporter", "JPN")
    if isinstance(value, str | int):
        value = Decimal(value)
    if isinstance(fields.get("step"), str):
        fields["step"] = Decimal(fields["step"])
    when = Period.parse(period, fields["reporter"]) if period else None
    return Claim("quote", 0, 5, kind, measure, period=when, value=value, unit=unit, **fields)


@pytest.fixture
def claim():
    return make


@pytest.fixture
def judged(lake):
    """Judge claims; one gives one result, several a list."""

    def run(*claims: Claim, published: dt.date = PUBLISHED, today: dt.date = TODAY) -> Any:
        out: tuple[Checked, ...] = judge_all(claims, lake, published, today)
        return out[0] if len(claims) == 1 else out

    return run
