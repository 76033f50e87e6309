"""Units of value and quantity, and how offices write them.

``units.csv`` is the vocabulary; ``unit_codes.csv`` has each office's codes. A dozen is twelve items
and a gram a thousandth of a kilogram, but a kilogram of nitrogen is no kilogram of fertiliser:
what cannot be added up has a unit of its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from boeki.errors import UnknownTerm

#: ISO 4217 code to how an amount is written.
SYMBOLS = {
    "JPY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "CNY": "CN¥",
    "KRW": "₩",
    "INR": "₹",
    "TWD": "NT$",
    "AUD": "A$",
}

#: Unit as Japan Customs writes it: the unit of the vocabulary, and how many of it one is.
JP_CUSTOMS = {
    "MT": ("t", 1),
    "KG": ("kg", 1),
    "KL": ("kl", 1),
    "NO": ("units", 1),
    "TMT": ("t", 1000),
    "TKL": ("kl", 1000),
}

#: Unit: the unit in which claims state it, and the factor to it.
BASE = {"kg": ("t", 0.001), "t": ("t", 1.0), "kl": ("kl", 1.0), "units": ("units", 1.0)}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of quantity.

    Attributes
    ----------
    code, name
        ``kg``, ``kilogram``.
    kind
        What it measures; quantities of different kinds are never compared.
    base, factor
        The unit of its kind that it can be turned into, and how many of that it is.
    """

    code: str
    name: str
    kind: str
    base: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class UnitCode:
    """A unit as an office writes it.

    Attributes
    ----------
    system, code
        ``comtrade``, ``11``.
    unit, factor
        The unit of the vocabulary, and how many of it one is; ``units`` and 12.
    name, source
        What the office calls it, and the list that it was taken from.
    """

    system: str
    code: str
    unit: str
    factor: Decimal
    name: str
    source: str


@cache
def units() -> tuple[Unit, ...]:
    """The vocabulary of units."""
    return tuple(
        Unit(r["code"], r["name"], r["kind"], r["base"], Decimal(r["factor"]))
        for r in _rows("units.csv")
    )


@cache
def unit_codes(system: str) -> tuple[UnitCode, ...]:
    """Every unit of an office: ``japan-customs``, ``comtrade``, ``us-census``, ``eurostat``.

    Raises
    ------
    UnknownTerm
        Where the office is not known.
    """
    if system not in _by_system():
        raise UnknownTerm("system of units", system, _by_system())
    return tuple(_by_system()[system].values())


def unit_systems() -> tuple[str, ...]:
    """The offices whose units are known."""
    return tuple(_by_system())


def to_unit(system: str, code: str) -> tuple[str, Decimal]:
    """The unit that an office's code stands for, and how many of it one is.

    Parameters
    ----------
    system
        ``japan-customs``, ``comtrade``, ``us-census``, ``eurostat``.
    code
        As the office writes it; capitals and spaces do not matter where the office has no two
        codes that differ in them alone.

    Returns
    -------
    tuple of str and Decimal
        The unit is empty where the code says that there is no quantity.

    Raises
    ------
    UnknownTerm
        With near codes, where the office has no such unit.
    """
    unit_codes(system)
    given = str(code).strip()
    found = _by_system()[system].get(given) or _folded(system).get(_fold(given))
    if found is None:
        raise UnknownTerm(f"unit of {system}", given, _by_system()[system])
    return found.unit, found.factor


@cache
def _by_system() -> dict[str, dict[str, UnitCode]]:
    found: dict[str, dict[str, UnitCode]] = {}
    for r in _rows("unit_codes.csv"):
        row = UnitCode(
            r["system"], r["code"], r["unit"], Decimal(r["factor"]), r["name"], r["source"]
        )
        found.setdefault(row.system, {})[row.code] = row
    return found


@cache
def _folded(system: str) -> dict[str, UnitCode]:
    """Codes without spaces and capitals, but for those that would then be taken for each other."""
    found: dict[str, list[UnitCode]] = {}
    for row in unit_codes(system):
        found.setdefault(_fold(row.code), []).append(row)
    return {
        code: rows[0]
        for code, rows in found.items()
        if len({(r.unit, r.factor) for r in rows}) == 1
    }


def _fold(code: str) -> str:
    return code.casefold().replace(" ", "").replace(",", "")


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
