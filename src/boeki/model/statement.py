"""What a scenario says, line by line: shocks with their places, sizes and dates."""

from __future__ import annotations

import datetime as dt
import math
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from boeki.errors import InputError, UnknownTerm

_PAIR = ("from", "to", "sectors")
_CELL = ("countries", "sectors")
#: Kind of shock to where it applies, and what says how large it is: one of these.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tariff": (_PAIR, ("rate", "add")),
    "trade_cost": (_PAIR, ("change",)),
    "export_control": (_PAIR, ("volume",)),
    "export_tax": (_PAIR, ("rate",)),
    "export_subsidy": (_PAIR, ("rate",)),
    "productivity": (_CELL, ("change",)),
    "preference": (_CELL, ("change",)),
    "production_tax": (_CELL, ("rate",)),
    "production_subsidy": (_CELL, ("rate",)),
    "labour": (("countries",), ("change",)),
    "transfer": (("from", "to"), ("amount", "share_of_gdp")),
    "deficit": (("countries",), ("amount", "share_of_gdp")),
    "research": (_CELL, ("change", "share_of_gdp")),
}
#: When a shock holds, and from when it is known: for paths.
DATES = ("start", "end", "known")


@dataclass(frozen=True)
class Statement:
    """One line of a scenario.

    Attributes
    ----------
    kind
        ``tariff``, ``export_control`` …: see :data:`KINDS`.
    where
        ``from``, ``to``, ``countries``, ``sectors`` to names; what is left out is all.
    how
        ``rate``, ``add``, ``change``, ``volume``, ``amount`` or ``share_of_gdp``.
    size
        As a number: 0.25 is 25 %.
    dates
        ``start``, ``end`` and ``known`` as they were given: periods from 0, or years.
    """

    kind: str
    where: Mapping[str, tuple[str, ...]]
    how: str
    size: float
    dates: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Retaliation:
    """A rule by which countries answer what is imposed on them.

    Attributes
    ----------
    by
        Who answers.
    lag
        So many periods after it was imposed.
    share
        So much of it is given back: 1 is the same.
    sectors
        In these instead of the same ones.
    add
        Instead of giving back the same, a tariff higher by this on those who imposed it.
    """

    by: tuple[str, ...]
    lag: int = 1
    share: float = 1.0
    sectors: tuple[str, ...] = ()
    add: float | None = None

    @staticmethod
    def of(table: Any) -> Retaliation:
        """A rule of a table, as a TOML file reads.

        Raises
        ------
        InputError, UnknownTerm
            For what is not a rule.
        """
        if not isinstance(table, Mapping):
            raise InputError('retaliation must be a table, such as [[retaliation]] with by = "CHN"')
        check_words("word in retaliation", table, ("by", "lag", "share", "sectors", "add"))
        if "by" not in table:
            raise InputError("retaliation needs by: the countries that answer")
        sizes = {w: table[w] for w in ("lag", "share", "add") if w in table}
        for word, size in sizes.items():
            if isinstance(size, bool) or not isinstance(size, int | float) or not size >= 0:
                raise InputError(f"{word} of retaliation must be a number, 0 or more: {size!r}")
        if not isinstance(sizes.get("lag", 1), int):
            raise InputError("lag of retaliation is a whole number of periods")
        sectors = _names("retaliation", "sectors", table["sectors"]) if "sectors" in table else ()
        return Retaliation(_names("retaliation", "by", table["by"]), sectors=sectors, **sizes)


def statement_of_words(line: str) -> Statement:
    """A statement of words: ``tariff from=CHN to=USA rate=25%``."""
    try:
        kind, *words = shlex.split(line)
    except ValueError as error:
        raise InputError(f"{line!r}: {error}") from None
    check_words("kind of shock", [kind], KINDS)
    table: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise InputError(f"{line!r}: write each word as NAME=VALUE, not {word!r}")
        if name in DATES:
            table[name] = int(value) if value.lstrip("-").isdigit() else value
        else:
            table[name] = _number(value) if name in KINDS[kind][1] else value.split(",")
    return statement_of(kind, table)


def _number(text: str) -> Any:
    """``0.25`` or ``25%``; what is no number is told by whoever wants one."""
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return text


def check_words(sort: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse words that are not known, with those that are."""
    for word in given:
        if word not in known:
            raise UnknownTerm(sort, str(word), sorted(known))


def statement_of(kind: str, table: Any) -> Statement:
    """A statement of a table, as a TOML file reads.

    Raises
    ------
    InputError, UnknownTerm
        For what is not said, or said twice.
    """
    places, sizes = KINDS[kind]
    if not isinstance(table, Mapping):
        raise InputError(f"{kind} must be a table, such as [[{kind}]] with {', '.join(places)}")
    check_words(f"word in {kind}", table, (*places, *sizes, *DATES))
    said = [s for s in sizes if s in table]
    if len(said) != 1:
        raise InputError(f"{kind} needs {' or '.join(sizes)}, once: {dict(table)}")
    size = table[said[0]]
    if isinstance(size, bool | dt.date) or not isinstance(size, int | float) or math.isnan(size):
        raise InputError(f"{said[0]} of {kind} must be a number (0.25 is 25 %), not {size!r}")
    where = {place: _names(kind, place, table[place]) for place in places if place in table}
    for place in places:
        if place == "countries" and place not in where:
            raise InputError(f'{kind} needs countries: name them, or write countries = "all"')
    return Statement(kind, where, said[0], float(size), _dates(kind, table))


def _dates(kind: str, table: Mapping[str, Any]) -> dict[str, int]:
    given = {word: table[word] for word in DATES if word in table}
    for word, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int):
            raise InputError(f"{word} of {kind} must be a period or a year, not {value!r}")
    return given


def _names(kind: str, place: str, value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(n, str) for n in names):
        raise InputError(f"{place} of {kind} must be a name or a list of names, not {value!r}")
    if not names:
        raise InputError(f"{place} of {kind} names nothing: leave it out for all")
    return tuple(names)
