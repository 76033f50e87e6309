"""Products: the words of the vocabulary, and the codes that stand for them in a classification.

A *term* ("semiconductor_equipment") names the same thing in every classification. A *product* is a
code in one of them, ``JP-PC:70131``. Japan's principal commodities (JP-PC) give different codes to
exports and imports of the same thing, so a term is looked up together with a flow.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from boeki.errors import UnknownTerm

TOTAL = "TOTAL"

#: The product words that a claim can carry; anything else is labelled ``other``.
WORDS = frozenset(
    [
        "TOTAL",
        "semiconductors",
        "semiconductor_equipment",
        "lithography",
        "wafer_processing",
        "motor_vehicles",
        "auto_parts",
        "steel",
        "machinery",
        "electronics",
        "chemicals",
        "pharmaceuticals",
        "food",
        "crude_oil",
        "lng",
        "coal",
        "petroleum_products",
        "nonferrous_metals",
        "ores",
        "textiles",
        "aircraft",
        "ships",
        "computers",
        "phones",
        "goods",
        "services",
        "capital_goods",
        "consumer_goods",
        "batteries",
        "other",
    ]
)

#: Terms that no customs classification holds: parts of an industry's market, and aggregates of use.
_MORE = {
    "TOTAL": "all goods",
    "goods": "goods",
    "services": "services",
    "lithography": "lithography equipment",
    "wafer_processing": "wafer processing (front-end) equipment",
    "ores": "ores",
    "capital_goods": "capital goods",
    "consumer_goods": "consumer goods",
    "other": "other products",
}

#: Which larger market a market is the main part of. Front-end equipment is most of semiconductor
#: equipment.
MAIN_PART = {"semiconductor_equipment": "wafer_processing"}

#: Products that writers take for one another.
CONFUSED = ({"semiconductors", "semiconductor_equipment", "integrated_circuits"},)


class AmbiguousCode(UnknownTerm):
    """A code that means one thing among exports and another among imports.

    Parameters
    ----------
    given
        What the caller wrote.
    found
        Flow to the term that the code stands for in it.
    """

    def __init__(self, given: str, found: Mapping[str, str]) -> None:
        super().__init__("product code", given)
        self.args = (given, found)
        self.near, self._found = tuple(found.values()), found

    def __str__(self) -> str:
        means = " and ".join(f"{term} among {flow}s" for flow, term in self._found.items())
        return f"product code {self.given!r} means {means}: name the product instead"


@dataclass(frozen=True, slots=True)
class Commodity:
    """One code of a classification, for one flow.

    Attributes
    ----------
    classification, code, flow
        ``JP-PC``, ``70131``, ``export``.
    level
        1 for a section; 2 for its first breakdown; and so on. Children need not exhaust their
        parent.
    parent
        The code that it is part of, ``TOTAL`` for a section.
    term, name
        ``semiconductor_equipment``, ``Semiconductor machinery etc.``
    """

    classification: str
    code: str
    flow: str
    level: int
    parent: str
    term: str
    name: str

    @property
    def product(self) -> str:
        """The code with its classification: ``JP-PC:70131``."""
        return f"{self.classification}:{self.code}"


@cache
def commodities(classification: str = "JP-PC") -> tuple[Commodity, ...]:
    """All codes of a classification, in its own order."""
    if classification != "JP-PC":
        raise UnknownTerm("classification", classification, ["JP-PC"])
    text = resources.files(__package__).joinpath("jp_pc.csv").read_text(encoding="utf-8")
    return tuple(
        Commodity("JP-PC", r["code"], r["flow"], int(r["level"]), r["parent"], r["term"], r["name"])
        for r in csv.DictReader(text.splitlines())
    )


@cache
def terms() -> tuple[str, ...]:
    """Every product term, sorted."""
    return tuple(sorted({c.term for c in commodities()} | set(_MORE)))


@cache
def _by_flow_and_term() -> dict[tuple[str, str], Commodity]:
    return {(c.flow, c.term): c for c in commodities()}


@cache
def _by_flow_and_code() -> dict[tuple[str, str], Commodity]:
    return {(c.flow, c.code): c for c in commodities()}


def commodity(term: str, flow: str) -> Commodity | None:
    """The code of a term in a flow (``export``, ``import``), None where there is none."""
    return _by_flow_and_term().get((flow, term))


def by_code(code: str, flow: str) -> Commodity | None:
    """The commodity with this code in a flow, None where there is none."""
    return _by_flow_and_code().get((flow, code))


def find(given: str) -> str:
    """The term for a term, or for a code such as ``JP-PC:70131`` or ``70131``.

    Raises
    ------
    UnknownTerm
        With the nearest terms, where there is no such product.
    AmbiguousCode
        Where a code means one thing among exports and another among imports.
    """
    plain = given.strip()
    if plain in terms():
        return plain
    if plain.upper() == TOTAL:
        return TOTAL
    folded = plain.casefold().replace(" ", "_").replace("-", "_")
    if folded in terms():
        return folded
    code = plain.removeprefix("JP-PC:")
    found = {c.flow: c.term for c in commodities() if c.code == code}
    if len(set(found.values())) == 1:
        return found.popitem()[1]
    if found:
        raise AmbiguousCode(given, found)
    raise UnknownTerm("product", given, terms())


def name(term: str) -> str:
    """A term in words: ``semiconductor machinery etc.``"""
    if term in _MORE:
        return _MORE[term]
    for c in commodities():
        if c.term == term:
            return c.name
    return term.replace("_", " ")


def label_word(term: str) -> str:
    """The word under which a claim is labelled: the term itself, or ``other``."""
    return term if term in WORDS else "other"


@cache
def related(term: str) -> frozenset[str]:
    """Terms that could be meant instead: parent, children, and what it is often confused with."""
    out: set[str] = set()
    for c in commodities():
        parent = by_code(c.parent, c.flow)
        if c.term == term and parent:
            out.add(parent.term)
        if parent and parent.term == term:
            out.add(c.term)
    for group in CONFUSED:
        if term in group:
            out |= group
    return frozenset(out - {term})
