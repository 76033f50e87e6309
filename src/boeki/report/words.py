"""Words and signs that every form of a report shares."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath

from boeki.check.verdict import Checked, Figure, Judgement, Report, Verdict
from boeki.terms.units import SYMBOLS

#: A sign for each verdict, so that colour is never the only cue.
SIGNS: Mapping[Verdict, str] = {
    "supported": "✓",
    "revised": "↻",
    "contradicted": "✗",
    "misattributed": "→",
    "disputed": "⇄",
    "inconsistent": "≠",
    "unverifiable": "?",
}

_SCALES = ((10**12, " tn"), (10**9, " bn"), (10**6, " mn"))


def day(date: dt.date) -> str:
    """A date as it is written in a sentence: ``18 December 2024``."""
    return f"{date.day} {calendar.month_name[date.month]} {date.year}"


def article_name(report: Report) -> str:
    """The article's name without the folder it lies in."""
    return "standard input" if report.name == "-" else PurePath(report.name).name or report.name


def amount(value: Decimal | float, unit: str) -> str:
    """A change as a person reads it: ``+¥182.3 bn``, ``−3.2 pp``.

    Parameters
    ----------
    value, unit
        In plain units; a currency by its ISO 4217 code.
    """
    number = Decimal(str(value))
    sign = "+" if number > 0 else "−" if number < 0 else ""
    number = abs(number)
    size, suffix = next(((s, w) for s, w in _SCALES if number >= s), (1, ""))
    digits = f"{number / size:,.1f}"
    if unit in SYMBOLS:
        return f"{sign}{SYMBOLS[unit]}{digits}{suffix}"
    return f"{sign}{digits}{suffix} {unit}".rstrip()


def readings(checked: Checked) -> tuple[Judgement, ...]:
    """The judgements worth showing: both where they differ, else the newer that has a figure."""
    known, newest = checked.known, checked.newest
    if known and newest and _said(known) != _said(newest):
        return known, newest
    found = [j for j in (newest, known) if j and j.official]
    return tuple(found[:1])


def _said(judgement: Judgement) -> tuple[object, ...]:
    official: Figure | None = judgement.official
    return judgement.verdict, official and (official.text, official.value)
