"""The vocabulary, looked up by the first word of a phrase, longest phrase first."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Generic, TypeVar

from boeki.check.extract.tokens import Token
from boeki.terms import areas

T = TypeVar("T")
_PART = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W\d_]+(?:'(?!s\b)[^\W\d_]+)?|'s\b|\d+|\S")


class Phrases(Generic[T]):
    """Phrases of one or more words, each with what it stands for."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        found: dict[str, dict[tuple[str, ...], T]] = {}
        for phrase, entry in entries:
            words = split(phrase)
            if words:
                found.setdefault(words[0], {}).setdefault(words, entry)
        self._by_first = {
            first: sorted(rows.items(), key=lambda row: -len(row[0]))
            for first, rows in found.items()
        }

    def match(self, words: Sequence[str], i: int) -> tuple[T, int] | None:
        """What the longest phrase at ``i`` stands for, and the index after it."""
        rows = self._by_first.get(words[i])
        if rows is None:
            return None
        for phrase, entry in rows:
            after = i + len(phrase)
            if len(phrase) == 1 or tuple(words[i:after]) == phrase:
                return entry, after
        return None


@dataclass(frozen=True, slots=True)
class AreaWord:
    """An area as named: its code, and whether by name, adjective or capital."""

    code: str
    form: str


@dataclass(frozen=True, slots=True)
class MeasureWord:
    """A measure as named, with the sign of the state that it names (a deficit is ``-``)."""

    measure: str
    sign: str


@dataclass(frozen=True, slots=True)
class Move:
    """A word of change: its sign, its form, and its size where it says one ("halved")."""

    sign: int
    form: str
    factor: Decimal | None = None


def split(phrase: str) -> tuple[str, ...]:
    """A phrase in the tokens that :mod:`.tokens` would make of it, as far as words and marks go."""
    return tuple(_PART.findall(phrase))


def low(tokens: Sequence[Token]) -> list[str]:
    """The tokens in lower case."""
    return [t.low for t in tokens]


@cache
def products() -> Phrases[str]:
    """Product phrases, in the singular and the plural."""
    entries = []
    for row in rows("products.csv"):
        for phrase in row["phrases"].split(";"):
            entries.append((phrase, row["term"]))
            if not phrase.endswith("s"):
                plural = phrase[:-1] + "ies" if phrase.endswith("y") else phrase + "s"
                entries.append((plural, row["term"]))
    return Phrases(entries)


@cache
def measures() -> Phrases[MeasureWord]:
    """Measure phrases."""
    return Phrases(
        (phrase, MeasureWord(row["measure"], row["sign"]))
        for row in rows("measures.csv")
        for phrase in row["phrases"].split(";")
    )


@cache
def moves() -> dict[str, Phrases[Move]]:
    """Words of change, by form: ``verb``, ``noun``, ``comparative``, ``factor``."""
    forms: dict[str, list[tuple[str, Move]]] = {}
    for row in rows("moves.csv"):
        factor = None if row["sign"] in "+-" else Decimal(row["sign"])
        sign = -1 if row["sign"].startswith("-") else 1
        move = Move(sign, row["form"], factor)
        forms.setdefault(row["form"], []).extend((p, move) for p in row["phrases"].split(";"))
    return {form: Phrases(entries) for form, entries in forms.items()}


@cache
def area_names() -> Phrases[AreaWord]:
    """Names, adjectives and capitals of areas, as they are capitalised."""
    entries = []
    for area in areas.areas():
        names = [(n, "name") for n in (area.name, *area.aliases)]
        # "The Americans imported …": a people acts for its country.
        names += [(f"{n}s", "name") for n in area.demonyms if n.endswith("an") and area.is_country]
        names += [(n, "adjective") for n in area.demonyms] + [(n, "capital") for n in area.capitals]
        for spelling, form in names:
            # A country's name in ISO may begin with an article that a sentence writes small.
            plain = spelling[4:] if spelling.startswith("the ") else spelling
            if (plain[0].islower() and area.code != "EA20") or area.code == "WLD":
                continue
            entries.append((plain, AreaWord(area.code, form)))
            if len(plain) > 3 and plain != plain.upper():
                entries.append((plain.upper(), AreaWord(area.code, form)))
    entries += [
        (w, AreaWord("EA20", "name"))
        for w in (
            "Eurozone",
            "Euro zone",
            "euro zone",
            "Euro-area",
            "euro area",
            "Euro area",
            "euro-area",
            "eurozone",
        )
    ]
    entries += [
        (w, AreaWord("WLD", "adjective")) for w in ("Global", "global", "Worldwide", "worldwide")
    ]
    entries += [(w, AreaWord("WLD", "name")) for w in ("World", "world")]
    return Phrases(entries)


def rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
