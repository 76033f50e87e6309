"""Places in a ranking: "the second-largest supplier", "fourth after …", "leads the
industry".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from boeki.check.claim import Measure
from boeki.check.extract import numbers
from boeki.check.extract.counts import HIGHS, low_at
from boeki.check.extract.tokens import Token, wordset

Among = Literal["partners", "reporters", "products", "same"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its number, of which measure, and among whom it is counted.

    ``among`` is ``same`` where the words do not say ("third, behind China"): then the clause
    decides.
    """

    number: int
    measure: Measure | None
    among: Among


#: What is ranked: measure, and among whom. A "supplier" is one of a country's partners, or of the
#: world's sellers.
NOUNS: dict[tuple[str, ...], tuple[Measure, Among]] = {}
_ROWS: tuple[tuple[str, Measure, Among], ...] = (
    (
        "trading partner;trade partner;partner;trading partners;trade partners;commercial partner",
        "trade",
        "partners",
    ),
    (
        "export market;export destination;destination;customer;buyer;export partner;"
        "overseas market;export markets;"
        "market for its exports;foreign market;destination for exports;export outlet;"
        "foreign customer",
        "exports",
        "partners",
    ),
    (
        "supplier;source;source of imports;provider;import source;import partner;"
        "source of supply;foreign supplier",
        "imports",
        "partners",
    ),
    (
        "exporter;shipper;exporting country;exporting nation;seller;net exporter;exporters",
        "exports",
        "reporters",
    ),
    (
        "importer;purchaser;importing country;net importer;importing nation;consumer",
        "imports",
        "reporters",
    ),
    ("producer;maker;manufacturer", "sales", "reporters"),
    ("market;equipment market;spender;regional market;single market", "sales", "partners"),
    ("trading nation;trader;trading power;trading country", "trade", "reporters"),
    (
        "export;export item;export category;export product;exports;export good;export earner",
        "exports",
        "products",
    ),
    ("import;import item;import category;import product", "imports", "products"),
)
for _nouns, _measure, _among in _ROWS:
    NOUNS |= {tuple(n.split()): (_measure, _among) for n in _nouns.split(";")}

_TOPS = frozenset(("top", "leading", "main", "principal", "foremost", "chief", "primary"))
_BEHIND = frozenset(("behind", "after", "following", "trailing"))
_LEADS = wordset("leads led lead tops topped heads headed dominates")
_FIELDS = wordset("industry field market ranking rankings list world pack table sector league")
_RANKS = wordset("ranked ranks ranking rank placed came places stood stands sits sat finished")
STARTS = (
    HIGHS
    | _TOPS
    | _LEADS
    | _RANKS
    | {"no", "number", "second", "third", "trailing", "behind", "runner"}
)


def read_place(tokens: Sequence[Token], i: int) -> tuple[Place, int] | None:
    """The place that begins at token ``i`` and the token after it, or None."""
    low = tokens[i].low
    if low in _LEADS:
        at = i + 1 + (low_at(tokens, i + 1) in ("the", "this", "that"))
        at += low_at(tokens, at) in ("global", "world")
        if at > i + 1 and low_at(tokens, at) in _FIELDS:
            return Place(1, None, "reporters"), at + 1
        return None
    if low in ("trailing", "behind") and low_at(tokens, i + 1) == "only":
        return Place(2, None, "same"), i + 2
    if low in _RANKS:
        return _ranked(tokens, i)
    if low in ("no", "number"):
        at = i + 1 + (low_at(tokens, i + 1) == ".")
        count = numbers.read_count(tokens, at)
        return _noun(tokens, count[1], count[0]) if count and 0 < count[0] < 100 else None
    if low in HIGHS or low in _TOPS:
        return _noun(tokens, i + 1, 1) if low_at(tokens, i - 1) != "-" else None
    ordinal = numbers.read_ordinal(tokens, i)
    return _after_ordinal(tokens, *ordinal) if ordinal else None


def _ranked(tokens: Sequence[Token], i: int) -> tuple[Place, int] | None:
    at = i + 1
    while low_at(tokens, at) in ("as", "the", "in", "at", "a", "its", "no", ".", "number"):
        at += 1
    found = numbers.read_ordinal(tokens, at)
    if found is None and low_at(tokens, at - 1) in ("no", "number", "."):
        found = numbers.read_count(tokens, at)
    if found is None:
        return None
    if low_at(tokens, found[1]) in (
        "month",
        "straight",
        "consecutive",
        "year",
        "quarter",
        "-",
        "time",
        "successive",
    ):
        return None
    if low_at(tokens, found[1]) in HIGHS:
        return None
    after = found[1] + (low_at(tokens, found[1]) in ("place", "spot", "position"))
    return Place(found[0], None, "same"), after


def _after_ordinal(tokens: Sequence[Token], number: int, at: int) -> tuple[Place, int] | None:
    low = low_at(tokens, at)
    if low == "in" and low_at(tokens, at + 1) in ("exports", "imports"):
        # "With Germany third in exports"
        measure: Measure = "exports" if tokens[at + 1].low == "exports" else "imports"
        return Place(number, measure, "reporters"), at + 1
    if low == "only" and low_at(tokens, at + 1) == "to":
        return Place(number, None, "same"), at + 2
    if low == "," and low_at(tokens, at + 1) in _BEHIND:
        return Place(number, None, "same"), at + 2
    if low in _BEHIND:
        return Place(number, None, "same"), at + 1
    at += low == "-"
    if low_at(tokens, at) == "most" and low_at(tokens, at + 1) in ("important", "valuable"):
        return _noun(tokens, at + 2, number)
    if low_at(tokens, at) in HIGHS or low_at(tokens, at) in ("biggest", "largest"):
        return _noun(tokens, at + 1, number)
    return None


def _noun(tokens: Sequence[Token], at: int, number: int) -> tuple[Place, int] | None:
    """The ranked noun, within a few words ("semiconductor equipment supplier")."""
    for j in range(at, min(at + 5, len(tokens))):
        if tokens[j].low in _STOPS or (tokens[j].kind == "punct" and tokens[j].text not in "-&"):
            return None
        for many in (3, 2, 1):
            words = tuple(t.low for t in tokens[j : j + many])
            if len(words) == many and (found := NOUNS.get(words)):
                following = low_at(tokens, j + many)
                if following in _NO_PLACE:
                    return None
                return Place(number, *found), j + many
    return None


_NO_PLACE = wordset("share growth prices price data figures items products goods categories")
_STOPS = wordset("since in of to for from on with by and or but is was as the at than ever record")
