"""Words and signs that every form of a report shares."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath

from boeki.check.verdict import Cause, Checked, Judgement, Report, Verdict
from boeki.terms.wording import amount, percent

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

#: A cause's contribution is compared, not cited: a tenth of a billion is enough.
_COARSE = Decimal(10) ** 8


def day(date: dt.date) -> str:
    """A date as it is written in a sentence: ``18 December 2024``."""
    return f"{date.day} {calendar.month_name[date.month]} {date.year}"


def short_day(date: dt.date) -> str:
    """A date where there is little room: ``18 Dec 2024``."""
    return f"{date.day} {calendar.month_abbr[date.month]} {date.year}"


def article_name(report: Report) -> str:
    """The article's name without the folder it lies in."""
    return "standard input" if report.name == "-" else PurePath(report.name).name or report.name


def cause_change(cause: Cause) -> str:
    """What a cause added to the change: ``+¥182.3 bn``."""
    return ("+" if cause.change > 0 else "") + amount(cause.change, cause.unit, _COARSE)


def cause_share(cause: Cause) -> str:
    """A cause's share of the change: ``26.2 %``; a dash where the change is nothing."""
    return percent(cause.share, signed=False) if math.isfinite(cause.share) else "–"


def readings(checked: Checked) -> tuple[Judgement, ...]:
    """The judgements to show: both where they differ, else the newer that has a figure."""
    known, newest = checked.matched or checked.known, checked.newest
    if known and newest and _said(known) != _said(newest):
        return known, newest
    found = [j for j in (newest, known) if j and j.official]
    return tuple(found[:1])


def _said(judgement: Judgement) -> tuple[object, ...]:
    official = judgement.official
    return judgement.verdict, official and official.text
