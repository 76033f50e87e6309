"""Mentions: the typed spans of a sentence, from left to right.

Each is a quantity, date, area, product, measure, move (word of change), streak, record, place, cue
or source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from boeki.check.extract import counts, extremes, lexicon, numbers, places, units
from boeki.check.extract.date_phrases import STARTS as DATE_STARTS
from boeki.check.extract.date_phrases import read_date
from boeki.check.extract.lexicon import Move, Phrases
from boeki.check.extract.quantities import MINUS, read_quantity
from boeki.check.extract.tokens import Token, wordset


@dataclass(slots=True)
class Mention:
    """A typed span.

    Attributes
    ----------
    sort
        ``quantity``, ``date``, ``area``, ``product``, ``measure``, ``move``, ``streak``,
        ``record``, ``place``,
        ``cue``, ``source``.
    first, after
        Its tokens.
    data
        What the reader of that sort made of it.
    """

    sort: str
    first: int
    after: int
    data: Any


_RECORD_STARTS = (
    counts.HIGHS
    | counts.LOWS
    | wordset("record all historic historical more less higher lower larger smaller greater bigger")
)
_COUNT_WORDS = frozenset(numbers.NUMBER_WORDS) | frozenset(numbers.ORDINALS)
_PART_STARTS = (
    frozenset(("a", "an", "half"))
    | frozenset(numbers.SMALL)
    | wordset("twofold threefold fourfold fivefold sixfold tenfold minus negative")
)
#: What "trade" or "market" belongs to where another word follows: no flow, no sales.
_NOT_TRADE = wordset(
    """ministry minister data figures war wars deal deals talks agreement agreements tensions policy
    policies partner partners union unions association statistics restrictions barriers conflict
    relations representative organization route routes secretary commissioner lawyers official
    officials report pact dispute disputes department group groups negotiations body environment
    officer negotiators balances show shows fair fairs economist economists practices remedies law
    laws rules friction frictions terms uncertainty fragmentation"""
)
_NOT_MARKET = wordset(
    "access forces economy economies expectations expectation participants sentiment watchers"
)


def read_mentions(
    tokens: Sequence[Token], published: dt.date, reporter: str | None
) -> list[Mention]:
    """The mentions of a sentence, in its order."""
    words = lexicon.low(tokens)
    cased = [t.text for t in tokens]
    found: list[Mention] = []
    i, n = 0, len(tokens)
    while i < n:
        token = tokens[i]
        mention = None
        if found and found[-1].sort == "area" and found[-1].data.code != "WLD":
            reporter = found[-1].data.code
        if token.kind == "word":
            mention = _from_word(tokens, words, cased, i, found, published, reporter)
        elif token.kind == "num":
            mention = _from_number(tokens, i, published, reporter)
        elif (token.kind == "sign" or token.text == "+" or token.text in MINUS) and (
            quantity := read_quantity(tokens, i)
        ):
            mention = Mention("quantity", i, quantity.after, quantity)
        if mention is None:
            i += 1
            continue
        found.append(mention)
        # The words inside "the largest deficit since …" and "the first surplus in …" are mentions
        # of their own.
        inside = mention.sort in ("record", "place") or (
            mention.sort == "streak" and mention.data.begun
        )
        i = _resume(mention) if inside else mention.after
    return found


def _resume(mention: Mention) -> int:
    """Where reading goes on: behind a place or "record high", inside "the largest deficit
    since".
    """
    if mention.sort == "place":
        return mention.after
    if mention.sort == "record" and mention.data.side == "most":
        return mention.after
    return mention.first + 1


def _from_number(
    tokens: Sequence[Token], i: int, published: dt.date, reporter: str | None
) -> Mention | None:
    if streak := counts.read_streak(tokens, i):
        return Mention("streak", i, streak[1], streak[0])
    if record := extremes.read_record(tokens, i):
        return Mention("record", i, record[1], record[0])
    if place := places.read_place(tokens, i):
        return Mention("place", i, place[1], place[0])
    if date := read_date(tokens, i, published, reporter):
        return Mention("date", i, date.after, date)
    if quantity := read_quantity(tokens, i):
        return Mention("quantity", i, quantity.after, quantity)
    return None


def _from_word(
    tokens: Sequence[Token],
    words: list[str],
    cased: list[str],
    i: int,
    found: list[Mention],
    published: dt.date,
    reporter: str | None,
) -> Mention | None:
    word = words[i]
    if word in _COUNT_WORDS and (streak := counts.read_streak(tokens, i)):
        return Mention("streak", i, streak[1], streak[0])
    if (word in _RECORD_STARTS or word in numbers.NUMBER_WORDS) and (
        record := extremes.read_record(tokens, i)
    ):
        return Mention("record", i, record[1], record[0])
    if (word in places.STARTS or word in numbers.ORDINALS) and (
        place := places.read_place(tokens, i)
    ):
        return Mention("place", i, place[1], place[0])
    if word in DATE_STARTS and (date := read_date(tokens, i, published, reporter)):
        return Mention("date", i, date.after, date)
    if word == "half" and (hit := lexicon.moves()["factor"].match(words, i)):
        return Mention("move", i, hit[1], hit[0])
    if (word in _PART_STARTS or units.currency_before(tokens, i)) and (
        quantity := read_quantity(tokens, i)
    ):
        return Mention("quantity", i, quantity.after, quantity)
    return _from_lexicon(tokens, words, cased, i, found)


@cache
def _tables() -> tuple[tuple[str, Phrases[Any], bool], ...]:
    """Sort, phrases, and whether their capitals count; on a tie the earlier table wins."""
    cues: list[tuple[str, str]] = []
    for row in lexicon.rows("cues.csv"):
        cues.extend((phrase, row["sort"]) for phrase in row["phrases"].split(";"))
    sources: list[tuple[str, tuple[str, str | None]]] = []
    for row in lexicon.rows("sources.csv"):
        says = (row["says"], row["reporter"] or None)
        sources.extend((phrase, says) for phrase in row["phrases"].split(";"))
    return (
        ("cue", Phrases(cues), False),
        ("source", Phrases(sources), True),
        ("area", lexicon.area_names(), True),
        ("measure", lexicon.measures(), False),
        ("product", lexicon.products(), False),
    )


def _from_lexicon(
    tokens: Sequence[Token], words: list[str], cased: list[str], i: int, found: list[Mention]
) -> Mention | None:
    best: Mention | None = None
    for sort, phrases, exact in _tables():
        hit = phrases.match(cased if exact else words, i)
        if hit and (best is None or hit[1] > best.after):
            best = Mention(sort, i, hit[1], hit[0])
    move = _move(words, i, found)
    if move and (best is None or move.after > best.after):
        return move
    if best and best.sort == "cue" and words[i] == "ships" and i and words[i - 1] in _BEFORE_SHIPS:
        return Mention("product", i, i + 1, "ships")  # "exports of ships", no verb
    return best if best and not _misread(tokens, words, best) else None


_BEFORE_SHIPS = frozenset(("of", "for", "in", "and", ",", "new"))


_NOT_EXPORT = wordset("controls control curbs restrictions orders ban bans")
_NOT_PRODUCT = wordset("minister ministry strike strikes workers union")
#: "The customs service" serves nobody abroad.
_OFFICES = wordset("customs statistics statistical news intelligence secret postal civil weather")
#: Cities and countries in the names of companies and papers, and what follows them there.
_IN_NAMES = wordset("tokyo japan hyundai washington china")
_NAME_TAILS = wordset("airlines electron motor post times steel")


def _misread(tokens: Sequence[Token], words: list[str], m: Mention) -> bool:
    """Whether what looks like a mention is part of something else."""
    after = words[m.after] if m.after < len(words) else ""
    before = words[m.first - 1] if m.first else ""
    last = words[m.after - 1]
    if m.sort == "measure":
        if last in ("trade", "commerce", "import", "export") and after in _NOT_TRADE:
            return True
        if last == "export" and after in _NOT_EXPORT:
            return True
        return (last == "market" and after in _NOT_MARKET) or (last == "share" and before == "per")
    if m.sort == "product":
        # "non-oil exports" are exports of all but oil.
        if m.data == "services" and before in _OFFICES:
            return True
        excluded = before == "-" and m.first > 1 and words[m.first - 2] in ("non", "ex")
        return excluded or after in _NOT_PRODUCT
    if m.sort == "area":
        named = words[m.first] in _IN_NAMES and after in _NAME_TAILS
        return named and tokens[m.after].text[0].isupper()
    if m.sort == "cue" and m.data == "quote":
        if last == "share":
            return after == "of"  # "a share of 11 percent" is no price of one
        nearby = set(words[max(0, m.first - 3) : m.first])
        return last == "fetched" and not nearby & {"dollar", "euro", "pound", "yen", "greenback"}
    if m.sort == "cue" and after in ("service", "authority", "agency", "department", "office"):
        return bool(m.data == "off")  # "the Revenue Service said"
    if m.sort == "cue" and m.data == "forecast":
        return words[m.first] == "if" and m.first > 2
    return False


_NOUN_LEADS = wordset(
    "a an the this that 's its their in of for on by no sharp steep strong record big modest slight"
)


def _move(words: list[str], i: int, found: list[Mention]) -> Mention | None:
    tables = lexicon.moves()
    touching = bool(found) and found[-1].sort in ("quantity",) and found[-1].after == i
    if touching and (hit := tables["comparative"].match(words, i)):
        after = hit[1] + (hit[1] < len(words) and words[hit[1]] == "than")
        return Mention("move", i, after, hit[0])
    if hit := tables["factor"].match(words, i):
        return Mention("move", i, hit[1], hit[0])
    noun, verb = tables["noun"].match(words, i), tables["verb"].match(words, i)
    if noun and (not verb or verb[1] <= noun[1]) and (touching or _is_noun(words, i, noun[1])):
        return Mention("move", i, noun[1], noun[0])
    if verb is None:
        return None
    move: Move = verb[0]
    if words[i] in (
        "over",
        "up",
        "off",
        "down",
        "lower",
        "higher",
        "cut",
        "lost",
        "added",
        "ease",
    ) and _is_particle(words, i, verb[1]):
        return None
    return Mention("move", i, verb[1], move)


def _is_noun(words: list[str], i: int, after: int) -> bool:
    before = words[i - 1] if i else ""
    follows = words[after] if after < len(words) else ""
    return before in _NOUN_LEADS or follows in ("of", "in")


def _is_particle(words: list[str], i: int, after: int) -> bool:
    """Whether "up", "down", "off" belong to a phrase that changes nothing ("made up", "set
    off").
    """
    before = words[i - 1] if i else ""
    follows = words[after] if after < len(words) else ""
    if words[i] in ("up", "off", "down"):
        if before in (
            "made",
            "make",
            "makes",
            "making",
            "set",
            "taken",
            "take",
            "took",
            "paid",
            "kicked",
            "held",
            "laid",
        ):
            return True
        return words[i] == "up" and follows == "to" and before not in ("were", "was", "are", "is")
    if words[i] == "added":
        return follows == "up"
    if words[i] in ("lower", "higher"):
        return follows not in (
            "",
            "than",
            "by",
            ",",
            ".",
            "at",
            "from",
            "in",
            "for",
            "on",
            "year",
            "again",
            "to",
            "and",
            ";",
        )
    return False
