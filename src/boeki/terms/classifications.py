"""Classifications of products and industries: their codes, names and order.

Codes and names stand in ``tables/NAME.csv.gz`` and are read when they are first asked for. Of the
SITC, the named codes and those to which one of HS 2022 corresponds are known. Names exist for
HS 2022, BEC 4 and ISIC 3 and 4; in older vintages of the HS for chapters and for codes that mean
the same today; in SITC 1 and 4 to three digits; in SITC 3 for the groups of sections 0 and 1
alone.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from textwrap import shorten
from types import MappingProxyType

from boeki.errors import InputError, UnknownTerm, nearest

#: Classification to its title.
CLASSIFICATIONS: Mapping[str, str] = MappingProxyType(
    {
        "HS1992": "Harmonized System 1988/92",
        "HS1996": "Harmonized System 1996",
        "HS2002": "Harmonized System 2002",
        "HS2007": "Harmonized System 2007",
        "HS2012": "Harmonized System 2012",
        "HS2017": "Harmonized System 2017",
        "HS2022": "Harmonized System 2022",
        "SITC1": "Standard International Trade Classification, Revision 1",
        "SITC2": "Standard International Trade Classification, Revision 2",
        "SITC3": "Standard International Trade Classification, Revision 3",
        "SITC4": "Standard International Trade Classification, Revision 4",
        "BEC4": "Broad Economic Categories, Revision 4",
        "ISIC3": "International Standard Industrial Classification, Revision 3",
        "ISIC31": "International Standard Industrial Classification, Revision 3.1",
        "ISIC4": "International Standard Industrial Classification, Revision 4",
    }
)
HS = tuple(c for c in CLASSIFICATIONS if c.startswith("HS"))

#: What others write: UN Comtrade ``H6`` ``S4``, BACI ``HS22``, WITS ``I3``.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        **{f"H{n}": name for n, name in enumerate(HS)},
        **{f"HS{name[-2:]}": name for name in HS},
        "HS1988": "HS1992",
        **{f"S{n}": f"SITC{n}" for n in "1234"},
        **{f"SITCREV{n}": f"SITC{n}" for n in "1234"},
        **{f"ISICREV{n}": f"ISIC{n}" for n in ("3", "31", "4")},
        "I3": "ISIC3",
        "I31": "ISIC31",
        "I4": "ISIC4",
        "BEC": "BEC4",
        "B4": "BEC4",
        "BECREV4": "BEC4",
    }
)


class UnknownProduct(UnknownTerm):
    """A code that a classification does not have; codes near it or called so are named.

    Parameters
    ----------
    classification, given
        The classification, and the code.
    """

    def __init__(self, classification: str, given: str) -> None:
        super().__init__(f"code of {classification}", given)
        self.args = (classification, given)
        self._classification = classification

    @cached_property
    def near(self) -> tuple[str, ...]:
        """Codes that look like the one given, and codes that are called so."""
        given, entries = self.given, _entries(self._classification)
        near = nearest(given, [c for c in entries if len(c) == len(given)])
        named = [c for c, e in entries.items() if given.casefold() in e.name.casefold()][:3]
        return tuple(dict.fromkeys([*near, *(named if len(given) > 3 else ())]))

    def __str__(self) -> str:
        if not self.near:
            return super().__str__()
        entries = _entries(self._classification)
        shown = ", ".join(_shown(entries[c]) for c in self.near)
        return f"unknown {self.sort} {self.given!r}: did you mean {shown}?"


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a classification.

    Attributes
    ----------
    code
        With its leading zeros, without dots.
    parent
        The code above it; empty at the top.
    level
        1 at the top. In the HS 1 is a chapter, 2 a heading, 3 a subheading.
    name
        In English; empty where the vocabulary has none.
    """

    code: str
    parent: str
    level: int
    name: str


def _shown(entry: Entry) -> str:
    """A code with the beginning of its name."""
    return (
        f"{entry.code} ({shorten(entry.name, 60, placeholder=' …')})" if entry.name else entry.code
    )


def classification(text: str) -> str:
    """The name of a classification: ``HS2022`` for ``H6``, ``HS22``, ``HS 2022``.

    Raises
    ------
    UnknownTerm
        With near names, where there is none.
    """
    plain = "".join(c for c in text.upper() if c.isalnum())
    found = ALIASES.get(plain, plain)
    if found not in CLASSIFICATIONS:
        raise UnknownTerm("classification", text, [*CLASSIFICATIONS, *ALIASES])
    return found


def codes(classification_: str, depth: int | None = None) -> tuple[str, ...]:
    """Every code of a classification in order, or those of one level.

    Raises
    ------
    UnknownTerm
        Where there is no such classification.
    """
    entries = _entries(classification(classification_)).values()
    return tuple(e.code for e in entries if depth is None or e.level == depth)


def code_known(classification_: str, code: str) -> bool:
    """Whether a classification has a code.

    Raises
    ------
    UnknownTerm
        Where there is no such classification.
    """
    return code in _entries(classification(classification_))


def entry(classification_: str, code: str) -> Entry:
    """A code of a classification, with its place and name.

    Raises
    ------
    UnknownTerm
        With near codes, where the classification does not have it.
    """
    which = classification(classification_)
    found = _entries(which).get(code)
    if found is None:
        raise UnknownProduct(which, code)
    return found


def name(classification_: str, code: str, lang: str = "en") -> str | None:
    """What a code is called; None where the vocabulary has no name for it.

    Raises
    ------
    UnknownTerm
        With near codes, where there is no such code.
    InputError
        Where there are no names in that language.
    """
    if lang != "en":
        raise InputError(f"product names are in English only: say lang='en', not {lang!r}")
    return entry(classification_, code).name or None


def parent(classification_: str, code: str) -> str | None:
    """The code above a code; None at the top.

    Raises
    ------
    UnknownTerm
        With near codes, where there is no such code.
    """
    return entry(classification_, code).parent or None


def level(classification_: str, code: str) -> int:
    """How deep a code stands; 1 at the top.

    Raises
    ------
    UnknownTerm
        With near codes, where there is no such code.
    """
    return entry(classification_, code).level


def children(classification_: str, code: str) -> tuple[str, ...]:
    """The codes right below a code; none below the finest.

    Raises
    ------
    UnknownTerm
        With near codes, where there is no such code.
    """
    return _children(classification(classification_)).get(entry(classification_, code).code, ())


def rows(table: str) -> Iterator[dict[str, str]]:
    """The rows of an embedded table, ``HS2022`` or ``HS2022-SITC4``."""
    packed = resources.files(__package__).joinpath("tables", f"{table}.csv.gz").read_bytes()
    yield from csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8")))


@cache
def _entries(classification_: str) -> dict[str, Entry]:
    return {
        r["code"]: Entry(r["code"], r["parent"], int(r["level"]), r["name"])
        for r in rows(classification_)
    }


@cache
def _children(classification_: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for e in _entries(classification_).values():
        found.setdefault(e.parent, []).append(e.code)
    return {code: tuple(below) for code, below in found.items()}
