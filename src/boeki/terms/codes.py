"""Foreign codes of areas: what an office writes, and which area of the vocabulary it means.

``area_codes.csv`` has one row for each code of each system, with the list that it was taken from.
Where two codes of one office mean different territories they are different areas, so that figures
of the one are never taken for figures of the other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType

from boeki.errors import UnknownTerm, nearest
from boeki.terms import areas

#: System to what it is.
SYSTEMS: Mapping[str, str] = MappingProxyType(
    {
        "iso2": "ISO 3166-1 alpha-2",
        "iso3": "ISO 3166-1 alpha-3, and the codes of countries that are no more",
        "m49": "UN M49, three digits",
        "comtrade": "UN Comtrade",
        "baci": "CEPII BACI",
        "japan-customs": "Japan Customs, three digits",
        "us-census": "U.S. Census Bureau, Schedule C, four digits",
        "eurostat": "Eurostat: Geonomenclature and Comext",
    }
)

#: How many digits an office writes; 1 where it writes no leading zeros.
_DIGITS = {"m49": 3, "comtrade": 1, "baci": 1, "japan-customs": 3, "us-census": 4}

#: What the Census Bureau writes for continents (``4XXX``) and groups of countries (``0003``).
_AGGREGATE = {"us-census": re.compile(r"00\d\d|\dX{3}")}


class UnknownCode(UnknownTerm):
    """A code that the office does not have; codes that look like it or are called so are named.

    Parameters
    ----------
    system, given
        The office's system, and the code.
    """

    def __init__(self, system: str, given: str) -> None:
        super().__init__(f"area code of {system}", given)
        self.args = (system, given)
        self._system = system

    @cached_property
    def near(self) -> tuple[str, ...]:
        """Codes that look like the one given or are called so, with their names."""
        rows = {r.code: r for r in area_codes(self._system)}
        named = {r.name: r.code for r in rows.values()}
        near = [named[n] for n in nearest(self.given, named)] + list(nearest(self.given, rows))
        return tuple(f"{c} ({rows[c].name})" for c in dict.fromkeys(near))


class NotOneArea(UnknownTerm):
    """A code that the office uses, and that stands for no single area.

    Parameters
    ----------
    system, given
        The office's system, and the code.
    reason
        Why, and what to do about it.
    """

    def __init__(self, system: str, given: str, reason: str) -> None:
        super().__init__(f"area code of {system}", given)
        self.args = (system, given, reason)
        self._system, self._reason = system, reason

    def __str__(self) -> str:
        code = f"area code {self.given!r} of {self._system}"
        return f"{code} stands for no single area: {self._reason}"


@dataclass(frozen=True, slots=True)
class AreaCode:
    """One code of one system.

    Attributes
    ----------
    system, code
        ``comtrade``, ``842``.
    area
        The area's code here, ``USA``; empty where the code stands for no single area.
    name
        As the office writes it.
    source
        The list that it was taken from.
    note
        What a reader must know.
    """

    system: str
    code: str
    area: str
    name: str
    source: str
    note: str


def to_area(system: str, code: str) -> str:
    """The area that a foreign code stands for.

    Parameters
    ----------
    system
        One of :data:`SYSTEMS`.
    code
        As the office writes it; leading zeros may be there or not.

    Returns
    -------
    str
        A code of :mod:`boeki.terms.areas`: ISO 3166 alpha-3, or one of our own.

    Raises
    ------
    UnknownCode
        With near codes, and codes of near names, where the office has no such code.
    NotOneArea
        Where the code is a group of countries, or has meant different areas.
    """
    known, written = area_map(system), _written(system, code)
    if written in known:
        return known[written]
    if is_aggregate(system, written):
        raise NotOneArea(
            system, code, "it is a group of countries; leave such rows out or add up its members"
        )
    if row := _by_code(system).get(written):
        raise NotOneArea(system, code, row.note)
    raise UnknownCode(system, code)


def area_map(system: str) -> Mapping[str, str]:
    """Every code of a system and its area; an area's present code comes before its former ones.

    Raises
    ------
    UnknownTerm
        Where there is no such system.
    """
    return MappingProxyType(_area_map(system))


def from_area(system: str, code: str) -> tuple[str, ...]:
    """The foreign codes that stand for an area, its present one first.

    Returns
    -------
    tuple of str
        Empty where the office has no code for it.

    Raises
    ------
    UnknownTerm
        Where there is no such system or area.
    """
    area = areas.get(code).code
    return tuple(c for c, a in area_map(system).items() if a == area)


def is_aggregate(system: str, code: str) -> bool:
    """Whether a code is the office's for a group of countries, whose rows repeat its members'."""
    pattern = _AGGREGATE.get(system)
    return pattern is not None and pattern.fullmatch(code) is not None


def area_codes(system: str) -> tuple[AreaCode, ...]:
    """Every code of a system with its name, source and note.

    Raises
    ------
    UnknownTerm
        Where there is no such system.
    """
    return tuple(_by_code(system).values())


@cache
def _all() -> Mapping[str, dict[str, AreaCode]]:
    text = resources.files(__package__).joinpath("area_codes.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, AreaCode]] = {system: {} for system in SYSTEMS}
    for r in csv.DictReader(text.splitlines()):
        row = AreaCode(r["system"], r["code"], r["area"], r["name"], r["source"], r["note"])
        found[row.system][row.code] = row
    return found


@cache
def _by_code(system: str) -> dict[str, AreaCode]:
    if system not in SYSTEMS:
        raise UnknownTerm("system of area codes", system, SYSTEMS)
    return _all()[system]


@cache
def _area_map(system: str) -> dict[str, str]:
    return {code: row.area for code, row in _by_code(system).items() if row.area}


def _written(system: str, code: str) -> str:
    """A code as the office writes it: digits with or without leading zeros, letters in capitals."""
    plain = str(code).strip().upper()
    if system in _DIGITS and plain.isascii() and plain.isdigit():
        return str(int(plain)).zfill(_DIGITS[system])
    return plain
