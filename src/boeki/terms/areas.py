"""Areas: countries by their ISO 3166 alpha-3 code, and the groups that trade figures are given
for.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from boeki.errors import UnknownTerm

WORLD = "WLD"


@dataclass(frozen=True, slots=True)
class Area:
    """A country or a group of countries.

    Attributes
    ----------
    code
        ISO 3166 alpha-3, or a code of our own for a group: ``WLD``, ``EU27``, ``ASIA`` …
    name
        As it is written in a sentence, without an article.
    aliases, demonyms
        Other names ("U.S.", "America"), and its adjectives ("American").
    capitals
        Cities that stand for their country in the news ("Washington").
    currency
        ISO 4217 code; empty where there is none of its own.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    currency: str = ""

    @property
    def is_country(self) -> bool:
        """Whether it is a country or territory of ISO 3166, not a group."""
        return len(self.code) == 3 and self.code not in _GROUPS_OF_THREE

    @property
    def possessive(self) -> str:
        """``Japan's``, ``the United States'``."""
        name = self.in_sentence
        return f"{name}'" if name.endswith("s") else f"{name}'s"

    @property
    def in_sentence(self) -> str:
        """Its name with the article that it takes: ``the United States``, ``Japan``."""
        takes = self.code in _WITH_ARTICLE or self.name.endswith((" Islands", " Republic"))
        return f"the {self.name}" if takes else self.name


_GROUPS_OF_THREE = frozenset({"WLD", "AFR"})
_ARTICLES = """USA GBR NLD ARE PHL BHS GMB COD COG MDV COM WLD EU27 EA20 MIDEAST GULF G7 OECD"""
_WITH_ARTICLE = frozenset(_ARTICLES.split())


@cache
def areas() -> tuple[Area, ...]:
    """Every area: countries by code, then groups."""
    text = resources.files(__package__).joinpath("areas.csv").read_text(encoding="utf-8")
    return tuple(
        Area(
            r["code"],
            r["name"],
            _split(r["aliases"]),
            _split(r["demonyms"]),
            _split(r["capitals"]),
            r["currency"],
        )
        for r in csv.DictReader(text.splitlines())
    )


def get(code: str) -> Area:
    """The area with this code.

    Raises
    ------
    UnknownTerm
        With the nearest codes, where there is none.
    """
    area = _by_code().get(code)
    if area is None:
        raise UnknownTerm("area code", code, _by_code())
    return area


def find(text: str) -> Area:
    """The area with this code, name, other name or adjective, whatever its capitals.

    Raises
    ------
    UnknownTerm
        With the nearest names, where nothing is called so. A near match is named, never taken.
    """
    given = text.strip().removesuffix("'s").removesuffix("’s")
    folded = given.casefold().removeprefix("the ")
    area = _by_code().get(given.upper()) or _by_name().get(folded)
    if area is None:
        raise UnknownTerm("area", text, _spellings())
    return area


def name(code: str) -> str:
    """The name of an area: ``South Korea``."""
    return get(code).name


def possessive(code: str) -> str:
    """The name as an owner: ``Japan's``, ``the United States'``."""
    return get(code).possessive


def adjective(code: str) -> str:
    """The first of its adjectives (``Japanese``), or its name where it has none."""
    area = get(code)
    return area.demonyms[0] if area.demonyms else area.name


@cache
def _by_code() -> dict[str, Area]:
    return {a.code: a for a in areas()}


@cache
def _by_name() -> dict[str, Area]:
    found: dict[str, Area] = {}
    for a in areas():
        for spelling in (a.name, *a.aliases, *a.demonyms):
            found.setdefault(spelling.casefold().removeprefix("the "), a)
    return found


def _spellings() -> list[str]:
    """Names as they are written, before codes: what a refused name is compared with."""
    names = [n for a in areas() for n in (a.name, *a.aliases, *a.demonyms)]
    return names + list(_by_code())


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
