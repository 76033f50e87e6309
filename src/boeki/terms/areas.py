"""Areas: countries by their ISO 3166 alpha-3 code, and whatever else trade figures are given for.

``areas.csv`` has the countries and the groups that people write about; ``more_areas.csv`` what
statistics need besides: countries that are no more, parts of countries, groups in their earlier
membership, and partners that are not told. A country that is no more has its alpha-3 code of ISO
3166-3, or, where its successor kept the code, that code and its own last year: ``DEU-1990``. A
part begins with its country: ``ESP-CANARY``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast, get_args

from boeki.errors import UnknownTerm

WORLD = "WLD"

Kind = Literal["country", "historical", "group", "part", "unspecified"]
_KINDS = frozenset(get_args(Kind))


@dataclass(frozen=True, slots=True)
class Area:
    """A country, a group of countries, or another partner that figures are given for.

    Attributes
    ----------
    code
        ISO 3166 alpha-3, or a code of our own: ``WLD``, ``EU27``, ``ASIA``, ``XKX`` …
    name
        As it is written in a sentence, without an article.
    aliases, demonyms
        Other names ("U.S.", "America"), and its adjectives ("American").
    capitals
        Cities that stand for their country in the news ("Washington").
    currency
        ISO 4217 code; empty where there is none of its own.
    kind
        ``country`` of today, ``historical`` country, ``group``, ``part`` of a country, or
        ``unspecified``: stores, free zones, partners that are unknown or kept secret.
    first, last
        Years in which it existed; None where it still does, or where the year is not known.
    successors
        What a historical country became.
    part_of
        The country that a part belongs to.
    note
        What a reader must know.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    capitals: tuple[str, ...] = ()
    currency: str = ""
    kind: Kind = "country"
    first: int | None = None
    last: int | None = None
    successors: tuple[str, ...] = ()
    part_of: str = ""
    note: str = ""

    @property
    def is_country(self) -> bool:
        """Whether it is a country or territory, today's or a former one: no group, no part."""
        return self.kind in ("country", "historical")

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
    """Every area: countries by code, groups that people write about, then all the others."""
    return (*_main(), *_more())


def _main() -> Iterator[Area]:
    for r in _rows("areas.csv"):
        code = r["code"]
        country = len(code) == 3 and code not in _GROUPS_OF_THREE
        yield Area(
            code,
            r["name"],
            _split(r["aliases"]),
            _split(r["demonyms"]),
            _split(r["capitals"]),
            r["currency"],
            "country" if country else "group",
        )


def _more() -> Iterator[Area]:
    for r in _rows("more_areas.csv"):
        if r["kind"] not in _KINDS:
            raise ValueError(f"more_areas.csv: no such kind of area: {r['kind']}")
        yield Area(
            r["code"],
            r["name"],
            kind=cast(Kind, r["kind"]),
            first=int(r["first"]) if r["first"] else None,
            last=int(r["last"]) if r["last"] else None,
            successors=_split(r["successors"]),
            part_of=r["part_of"],
            note=r["note"],
        )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


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
        # "Soviet Union (until 1991)" is also called "Soviet Union" where nothing else is.
        for spelling in (a.name, *a.aliases, *a.demonyms, a.name.split(" (")[0]):
            found.setdefault(spelling.casefold().removeprefix("the "), a)
    return found


def _spellings() -> list[str]:
    """Names as they are written, before codes: what a refused name is compared with."""
    names = [n for a in areas() for n in (a.name, *a.aliases, *a.demonyms)]
    return names + list(_by_code())


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())
