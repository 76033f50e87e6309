"""A claim: one statement of an article about trade, typed, with its place in the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from boeki.terms.periods import Period

Kind = Literal["level", "change", "streak", "share", "rank", "record", "cause"]
Measure = Literal["exports", "imports", "balance", "trade", "sales", "price", "volume", "rate"]
Hedge = Literal["about", "nearly", "over", "under"]
Strength = Literal["main", "major", "some"]
Number = Decimal | tuple[Decimal, Decimal] | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One typed claim.

    Attributes
    ----------
    quote, start, end
        The words that make it and where they stand: ``text[start:end] == quote``.
    kind
        ``level``, ``change``, ``streak``, ``share``, ``rank``, ``record``; or ``cause``, which no
        number states.
    measure
        Whose figure it is. For a ``cause``, the flow that is said to be the cause.
    reporter, partner, product
        Codes of :mod:`boeki.terms`; ``reporter`` is None where the text does not say.
    period
        None where the text does not say.
    value
        In plain units, as printed: yen, dollars, percent, months, place; a pair for a range.
    unit
        ISO 4217 code, ``%``, ``pp``, ``M`` ``Q`` ``A``, ``rank`` or a physical unit; None for most
        records.
    base
        ``yoy``, ``mom``, ``qoq``, a base period; ``total``, ``world`` or a product for a share;
        ``series``, ``same-month`` or ``since 2014-01`` for a record; ``first`` for a streak that
        has just begun.
    sign
        ``+`` or ``-`` of a streak, ``high`` or ``low`` of a record.
    hedge
        ``about``, ``nearly``, ``over`` or ``under`` where the text hedges.
    step
        The size of the last digit printed, in plain units: 0.1 billion for "117.6 billion". For a
        number in words ("halved", "a third") the coarseness of such a word. None where no number
        is printed.
    adjusted
        True where the text says that the figure is seasonally adjusted.
    effect, strength
        Of a ``cause``: the measure whose change it is said to explain (``balance``, ``exports``
        …), and whether as its ``main`` cause, a ``major`` one, or ``some`` part of it.
    says
        Whom the article names as its source ("SEAJ", "Ministry of Finance"), where it does.
    """

    quote: str
    start: int
    end: int
    kind: Kind
    measure: Measure
    reporter: str | None = None
    partner: str = "WLD"
    product: str = "TOTAL"
    period: Period | None = None
    value: Number = None
    unit: str | None = None
    base: str | None = None
    sign: str | None = None
    hedge: Hedge | None = None
    step: Decimal | None = None
    adjusted: bool = False
    effect: Measure | None = None
    strength: Strength | None = None
    says: str | None = None

    def to_label(self) -> dict[str, Any]:
        """The claim in the label schema: what a reader can hold against the text."""
        out: dict[str, Any] = {
            "quote": self.quote,
            "kind": self.kind,
            "measure": self.measure,
            "reporter": self.reporter,
            "partner": self.partner,
            "product": self.product,
            "period": None if self.period is None else str(self.period),
            "value": plain(self.value),
            "unit": self.unit,
        }
        out |= {k: v for k in ("base", "sign") if (v := getattr(self, k)) is not None}
        if self.hedge:
            out["approx"] = True
        return out


def plain(value: Number) -> Any:
    """A number as JSON prints it: an int where it is whole, else a float; a pair as a list."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    return int(value) if value == value.to_integral_value() else float(value)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to read: what it says, when it appeared, and what was said before it.

    Attributes
    ----------
    text
        The passage or article, as plain text.
    published
        ISO date on which it appeared; relative dates are counted from it.
    context
        ``{"reporter": "JPN"}`` where the passage leans on something said before it.
    """

    text: str
    published: str
    context: Mapping[str, str]
