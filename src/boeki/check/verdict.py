"""What a check returns: for each claim a verdict with its evidence. Plain data, no behaviour
beyond printing it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from boeki.check.claim import Claim, plain

Verdict = Literal[
    "supported",
    "revised",
    "contradicted",
    "misattributed",
    "disputed",
    "inconsistent",
    "unverifiable",
]

#: Verdicts in the order in which a summary lists them, with what each means.
MEANING: Mapping[Verdict, str] = {
    "supported": "the official figure lies within the rounding that the claim's own digits imply",
    "revised": "right as first published; the figure has since been revised",
    "contradicted": "the official figure lies outside the claim's rounding",
    "misattributed": "the number is right for something else",
    "disputed": "sources of like standing disagree",
    "inconsistent": "the article's own numbers do not agree with each other",
    "unverifiable": "no figure in the lake settles it",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure held against a claim.

    Attributes
    ----------
    label
        What it is, in words: ``Japan's trade balance, November 2024``.
    value, unit
        In plain units; ``None`` where the figure is undefined (a growth rate across a change of
        sign).
    text
        The value as a person reads it: ``−¥117.620 bn``, ``+32.1 %``, ``5 months``.
    published
        The day on which the newest of its rows was published.
    status
        ``provisional``, ``revised``, ``final``, or ``stated`` for what a source says outside a
        statistic.
    source, title, publisher, link, licence
        Key of the source document, its title, who issued it, where it stands, on what terms.
    standing
        ``official`` statistics, ``association`` of an industry, ``analyst``, or ``press``.
    stand_in
        True where nothing was known in the lake on the day asked for and its oldest vintage stands
        in.
    rows
        Keys of the rows of the lake from which it is computed (the first few where there are many).
    """

    label: str
    value: Decimal | None
    unit: str | None
    text: str
    published: dt.date | None = None
    status: str = ""
    source: str = ""
    title: str = ""
    publisher: str = ""
    link: str = ""
    licence: str = ""
    standing: str = "official"
    stand_in: bool = False
    rows: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "label": self.label,
            "value": plain(self.value),
            "unit": self.unit,
            "text": self.text,
            "published": self.published.isoformat() if self.published else None,
            "status": self.status,
            "source": self.source,
            "title": self.title,
            "publisher": self.publisher,
            "link": self.link,
            "licence": self.licence,
            "standing": self.standing,
            "stand_in": self.stand_in,
            "rows": list(self.rows),
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """A claim held against one state of knowledge.

    Attributes
    ----------
    verdict
        By this state of knowledge alone.
    as_of
        The day whose knowledge it is.
    official
        The figure held against the claim, None where there is none.
    """

    verdict: Verdict
    as_of: dt.date
    official: Figure | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "verdict": self.verdict,
            "as_of": self.as_of.isoformat(),
            "official": self.official.to_dict() if self.official else None,
        }


@dataclass(frozen=True, slots=True)
class Chart:
    """A short series to draw beside a claim.

    Attributes
    ----------
    title, unit
        What it shows and in what: ``Japan's trade balance``, ``bn JPY``.
    periods, values
        Of equal length, in time order; a missing value is None and stays a gap.
    marked
        Index of the period that the claim is about, None where it is none of them.
    """

    title: str
    unit: str
    periods: tuple[str, ...]
    values: tuple[float | None, ...]
    marked: int | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """One line of the decomposition that answers a causal claim.

    Attributes
    ----------
    rank, label
        Its place among causes of the same level of detail, and what it is: ``crude oil (imports)``.
    change, unit
        Its contribution to the change explained, in currency.
    share
        That contribution as a percentage of the change explained; NaN where there was no change.
    named
        True for the cause that the claim names.
    """

    rank: int
    label: str
    change: Decimal
    unit: str
    share: float
    named: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "rank": self.rank,
            "label": self.label,
            "change": plain(self.change),
            "unit": self.unit,
            "share": self.share if math.isfinite(self.share) else None,
            "named": self.named,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with its verdict and all that led to it.

    Attributes
    ----------
    claim, verdict
        The claim, and the verdict over both states of knowledge.
    line
        One line of evidence for a table: ``official +32.1 % (374,360 against 283,346 mn yen)``.
    known, newest
        Against what was known when the article appeared, and against the newest figures.
    matched
        For ``revised``: against the release that the claim is right about, where that is neither
        of them.
    tolerance
        What the printed digits and the hedge allow, in words: ``117.55 to 117.7 bn yen``.
    diagnosis
        What the number really is, why it is revised, disputed or cannot be verified; may be empty.
    evidence
        Every figure used: vintages, other sources, what the number really is.
    causes
        For a causal claim, the decomposition that answers it.
    chart
        A short series to draw, where there is one.
    settles
        For ``unverifiable``: which source would settle it, and where it stands.
    notes
        Whatever else a reader should know: the article's arithmetic, a stand-in vintage, a basis
        that differs.
    """

    claim: Claim
    verdict: Verdict
    line: str
    known: Judgement | None = None
    newest: Judgement | None = None
    matched: Judgement | None = None
    tolerance: str = ""
    diagnosis: str = ""
    evidence: tuple[Figure, ...] = ()
    causes: tuple[Cause, ...] = ()
    chart: Chart | None = None
    settles: str = ""
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The claim in the label schema, then what was found."""
        claim = self.claim
        official = (self.newest and self.newest.official) or (self.known and self.known.official)
        out = claim.to_label()
        out |= {"start": claim.start, "end": claim.end}
        if claim.kind == "cause":
            out |= {"effect": claim.effect, "strength": claim.strength}
        return out | {
            "verdict": self.verdict,
            "line": self.line,
            "official": official.to_dict() if official else None,
            "known": self.known.to_dict() if self.known else None,
            "newest": self.newest.to_dict() if self.newest else None,
            "matched": self.matched.to_dict() if self.matched else None,
            "tolerance": self.tolerance,
            "diagnosis": self.diagnosis,
            "evidence": [f.to_dict() for f in self.evidence],
            "causes": [c.to_dict() for c in self.causes],
            "settles": self.settles,
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A whole article, checked.

    Attributes
    ----------
    text
        The article as it was read; claims' places refer to it.
    published, checked
        The day on which the article appeared, and the day whose figures are the newest.
    claims
        In the order of the text.
    name
        The file it came from, ``-`` for standard input.
    """

    text: str
    published: dt.date
    checked: dt.date
    claims: tuple[Checked, ...] = field(default=())
    name: str = "-"

    @property
    def summary(self) -> dict[Verdict, int]:
        """How many claims got each verdict, in the order of :data:`MEANING`; verdicts that none
        got are left out.
        """
        counts = Counter(c.verdict for c in self.claims)
        return {v: counts[v] for v in MEANING if counts[v]}

    def to_dict(self) -> dict[str, Any]:
        """As ``boeki check --json`` prints it; the schema is ``check-report.schema.json``."""
        return {
            "article": self.name,
            "published": self.published.isoformat(),
            "checked": self.checked.isoformat(),
            "summary": dict(self.summary),
            "claims": [c.to_dict() for c in self.claims],
        }
