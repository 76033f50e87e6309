"""Frames: the noun phrases that figures are about: whose exports, of what, to whom, when."""

from __future__ import annotations

from dataclasses import dataclass

from boeki.check.extract.dates import Date
from boeki.check.extract.tokens import wordset

PREPOSITIONS = wordset("to from with in by of for into against between on toward towards at among")


@dataclass(slots=True)
class Frame:
    """What a figure is about, as far as the phrase says it.

    Attributes
    ----------
    kind
        ``measure``, ``product``, ``area``, ``deal`` (a verb of trade), ``off`` (no trade),
        ``carried``.
    measure, sign, product, reporter, partner, date
        As said; None or empty where the phrase does not say. The measure of a share is ``share``.
    whole
        "Total", "overall", "combined": the product is everything.
    owned
        It says whose, by name or as "the country's".
    definite
        "The deficit": one spoken of before.
    same
        "Such equipment": the product spoken of before.
    alike
        What "the metal", "the machines" would be if nothing was spoken of before.
    of
        For a share: the frame of what it is a share of.
    first, after
        Its tokens.
    """

    kind: str
    measure: str | None = None
    sign: str = ""
    product: str | None = None
    reporter: str | None = None
    partner: str | None = None
    date: Date | None = None
    whole: bool = False
    owned: bool = False
    definite: bool = False
    same: bool = False
    alike: str | None = None
    of: Frame | None = None
    lead: int | None = None
    first: int = 0
    after: int = 0
    world: bool = False
