"""Levels: an amount of money, a quantity, a price or a rate, as it stands."""

from __future__ import annotations

from boeki.check.claim import Claim, Number
from boeki.check.extract.context import Subject
from boeki.check.extract.quantities import Quantity
from boeki.check.extract.quoting import period_of, quote_of
from boeki.check.extract.reading import Reading


def level(
    r: Reading,
    k: int,
    q: Quantity,
    subject: Subject,
    unit: str | None,
    *,
    value: Number = None,
    measure: str | None = None,
    product: str | None = None,
    partner: str | None = None,
    until: int = 0,
) -> Claim | None:
    """The level that a figure gives, with its own period, hedge and digits.

    Parameters
    ----------
    r, k, q, subject
        The sentence, the place of the figure among its mentions, the figure, and what it is of.
    unit, value
        In which unit; the value where it is not the figure's own.
    measure, product, partner
        Where they are not the subject's own.
    until
        The token up to which the quote reaches at least.
    """
    first, after = quote_of(r, k, q, subject, None)
    return r.claim(
        "level",
        subject,
        first,
        max(after, until),
        period=period_of(r, k, subject),
        value=q.value if value is None else value,
        unit=unit,
        measure=measure,
        product=product,
        partner=partner,
        hedge=q.hedge,
        step=q.step,
    )
