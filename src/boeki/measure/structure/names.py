"""What countries and products are called in a table."""

from __future__ import annotations

from functools import cache

from boeki.errors import BoekiError
from boeki.terms import areas, classifications, products


@cache
def country(code: str) -> str:
    """The name of a country, or the code itself where it is none of the vocabulary."""
    try:
        return areas.get(code if code.isupper() else code.upper()).name
    except BoekiError:
        return code


@cache
def product(code: str, classification: str = "") -> str:
    """What a product is called; empty where the vocabulary has no name for it."""
    if code == products.TOTAL:
        return "All goods"
    if code in products.terms():
        return products.name(code)
    try:
        return classifications.name(classification, code) or ""
    except BoekiError:
        return ""


def lines(classification: str, digits: int) -> int | None:
    """How many codes of so many digits a classification has; None where it is not known."""
    try:
        codes = classifications.codes(classification)
    except BoekiError:
        return None
    return sum(len(c) == digits for c in codes) or None
