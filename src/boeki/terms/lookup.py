"""What a code or a name can mean, in every system that the vocabulary knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from boeki.terms import areas, classifications, codes, groups, products, units

Sort = Literal["area", "group", "product", "unit"]


@dataclass(frozen=True, slots=True)
class Match:
    """One meaning of a text.

    Attributes
    ----------
    sort
        ``area``, ``group``, ``product`` or ``unit``.
    system, code
        Where the code is used, and the code: ``comtrade``, ``842``; ``boeki`` for the vocabulary.
    term
        The code of the vocabulary: ``USA``, ``HS2022:848620``, ``kg``. Empty where the code stands
        for no single area, or for no quantity.
    name
        What it is called there.
    note
        What a reader must know.
    """

    sort: Sort
    system: str
    code: str
    term: str
    name: str
    note: str = ""


def lookup(text: str) -> list[Match]:
    """Everything of which a text is the code, or a name.

    Parameters
    ----------
    text
        A code of any system, with its leading zeros; or a name, or words of a product's name.

    Returns
    -------
    list of Match
        Areas, groups, products, units. Empty where nothing is called so.
    """
    given = " ".join(text.split())
    if not given:
        return []
    return [*_areas(given), *_groups(given), *_products(given), *_units(given)]


def _areas(given: str) -> Iterator[Match]:
    folded = given.casefold().removeprefix("the ")
    for area in areas.areas():
        names = (area.code, area.name, *area.aliases, *area.demonyms)
        if folded in {n.casefold().removeprefix("the ") for n in names}:
            yield Match("area", "boeki", area.code, area.code, area.name, area.note)
    for system in codes.SYSTEMS:
        for row in codes.area_codes(system):
            if folded in (row.code.casefold(), row.name.casefold()):
                yield Match("area", system, row.code, row.area, row.name, row.note)


def _groups(given: str) -> Iterator[Match]:
    code = groups.ALIASES.get(given.upper(), given.upper())
    for group, name in groups.GROUPS.items():
        if code == group or given.casefold() == name.casefold():
            yield Match("group", "boeki", group, group, name)


def _products(given: str) -> Iterator[Match]:
    folded = given.casefold()
    for c in products.commodities():
        if folded in (c.code, c.product.casefold(), c.term.replace("_", " ")) or _within(
            folded, c.name
        ):
            yield Match("product", "JP-PC", c.code, c.product, c.name, f"among {c.flow}s")
    system, _, code = given.rpartition(":")
    for name in classifications.CLASSIFICATIONS:
        if system and name not in (system, classifications.ALIASES.get(system.upper())):
            continue
        if classifications.code_known(name, code):
            yield _product(name, classifications.entry(name, code))
        elif name == classifications.HS[-1] or not name.startswith("HS"):
            for each in classifications.codes(name):
                entry = classifications.entry(name, each)
                if _within(folded, entry.name):
                    yield _product(name, entry)


def _product(name: str, entry: classifications.Entry) -> Match:
    return Match("product", name, entry.code, f"{name}:{entry.code}", entry.name)


def _within(folded: str, name: str) -> bool:
    """Whether words stand in a name; a single letter or a number is no word to look for."""
    return len(folded) > 3 and not folded.isdigit() and folded in name.casefold()


def _units(given: str) -> Iterator[Match]:
    folded = given.casefold()
    for unit in units.units():
        if folded in (unit.code.casefold(), unit.name.casefold()):
            yield Match("unit", "boeki", unit.code, unit.code, unit.name)
    for system in units.unit_systems():
        for row in units.unit_codes(system):
            if folded in (row.code.casefold(), row.name.casefold()):
                note = f"one is {row.factor} {row.unit}" if row.factor != 1 else ""
                yield Match("unit", system, row.code, row.unit, row.name, note)
