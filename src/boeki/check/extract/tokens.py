"""Tokens and sentences.

The text of articles is as it comes off a page: full stops without a space after them, or no full
stop at all
("the harvestMeanwhile in"), lines of advertising, headlines, bullets. A token knows its place
in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["num", "word", "sign", "punct"]

#: More tokens than this in one sentence is a table or noise: it is cut, so that no text is read in
#: quadratic time.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, currency sign or mark.

    Attributes
    ----------
    text, low
        As it stands, and in lower case with straight apostrophes.
    start, end
        Its place in the text.
    kind
        ``num``, ``word``, ``sign`` (of a currency), ``punct``.
    """

    text: str
    low: str
    start: int
    end: int
    kind: Kind


def wordset(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


_TOKEN = re.compile(
    r"""
      (?P<num>\d{1,3}(?:,\d{2,3})*,\d{3}(?!\d)(?:\.\d+)?
      | \d{1,3}(?:[\u2009\u202f\u00a0]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?
      | \d{1,3}(?:[ ]\d{3})+(?:[.,]\d{1,2})?(?=\s(?:[mb]n|[mb]illions?|euros?|kron[eo]r)\b)
      | \d{1,3},\d{1,2}(?=\s?(?:%|(?:per\s?cent|pct|[mb]n|[mbtr]+illions?)\b))
      | \d+(?:\.\d+)?)
    | (?P<sign>(?<![^\W\d_])(?:US|NT|HK|NZ|AU|CA|CN|MX|RM|A|C|S|R)?[$€£¥₩₹₫₽฿₱₪₦₴￥])
    | (?P<abbr>(?<![^\W\d_])(?:[A-Za-z]\.){2,})
    | (?P<poss>(?<=\w)['’]s\b)
    | (?P<word>[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)?)
    | (?P<nl>\n\s*)
    | (?P<punct>[^\s])
    """,
    re.VERBOSE,
)
_GLUED = re.compile(r"(?<=[a-z][a-z])(?=[A-Z][a-z])")

#: Words that begin a sentence rather than go on with one: what follows "the U.S." or a month's
#: short form.
STARTERS = wordset(
    """The It Its In This That These Those They There A An At On By For From With While When However
    According But And Yet As Meanwhile Exports Imports Shipments Sales Trade Analysts Economists
    Officials Figures Data Both Over Compared After Although Despite Among Overall Total He She We
    Japan Advertisement Advertisements Last Such Services Goods"""
)
MONTH_SHORTS = wordset("jan feb mar apr jun jul aug sep sept oct nov dec")
_SHORTS = MONTH_SHORTS | wordset(
    "mr mrs ms dr no vs inc co ltd corp st approx est prof gen gov sen rep jr dept rs ca cf fig"
)
_SPLIT_OK = re.compile(r"[A-Z][a-z]")
_ADVERT = re.compile(r"(?:Advertisements?|ADVERTISEMENTS?|Sponsored|Read more)\b", re.IGNORECASE)
_CLOSERS = frozenset("\"”’')]")


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, in its order; a line break is a ``punct`` whose text begins with a
    newline.
    """
    for m in _TOKEN.finditer(text):
        sort = m.lastgroup
        word, start = m.group(), m.start()
        if sort == "word":
            if (
                not word[1:].islower()
                and (cut := _GLUED.search(word))
                and _is_glued(word, cut.start())
            ):
                yield _word(word[: cut.start()], start)
                yield _word(word[cut.start() :], start + cut.start())
            else:
                yield _word(word, start)
        elif sort == "num":
            yield Token(word, word, start, m.end(), "num")
        elif sort == "sign":
            yield Token(word, word, start, m.end(), "sign")
        elif sort in ("abbr", "poss"):
            yield Token(word, word.lower().replace("’", "'"), start, m.end(), "word")
        else:
            yield Token(word, word, start, m.end(), "punct")


def sentences(text: str) -> Iterator[list[Token]]:
    """The sentences of a text, each a list of tokens; advertising is left out."""
    held: list[Token] = []
    line_start = 0
    waiting: Token | None = None  # a line break whose meaning hangs on the next token
    for token in tokens(text):
        if token.text[0] == "\n":
            waiting = token
            continue
        if waiting:
            if held and _breaks_line(held, token, waiting, line_start):
                yield held
                held = []
            line_start, waiting = token.start, None
        if held and (len(held) >= LONGEST or _breaks(held, token)):
            yield held
            held = []
        if (
            not held
            and token.kind == "word"
            and token.low[:6] in ("advert", "sponso")
            and _ADVERT.fullmatch(token.text)
        ):
            continue
        held.append(token)
    if held:
        yield held


def _word(text: str, start: int) -> Token:
    return Token(text, text.lower().replace("’", "'"), start, start + len(text), "word")


def _is_glued(word: str, cut: int) -> bool:
    """Whether a word such as "harvestMeanwhile" is two: a name like "PetroVietnam" is one."""
    return word[0].islower() or word[cut:] in STARTERS or word[:cut].lower() in _MONTHS


_MONTHS = wordset(
    "january february march april may june july august september october november december"
)


def _breaks_line(held: list[Token], after: Token, line: Token, line_start: int) -> bool:
    if line.text.count("\n") > 1:
        return True
    last = held[-1]
    wrapped = last.end - line_start >= 50 and last.text not in ".!?:;"
    if after.text in "-*•–—·▪":
        return True
    return not (wrapped or (after.text[0].islower() and last.text not in ".!?:"))


def _breaks(held: list[Token], after: Token) -> bool:
    """Whether a sentence ends between what is held and the token after it."""
    last = held[-1]
    glued = last.end == after.start
    titled = after.text[0].isupper()
    if last.text in ".!?":
        return _stop_ends(held, after, glued)
    if last.text[0] in _CLOSERS and len(held) > 1 and held[-2].text in ".!?" and not glued:
        return titled or after.kind != "punct"
    if (
        glued
        and titled
        and after.kind == "word"
        and len(after.text) > 1
        and after.text[1].islower()
    ):
        if last.kind == "word":
            return True
        if last.kind == "num":
            return after.text in STARTERS or (
                len(last.text) == 4 and after.low not in ("bn", "mn", "tn")
            )
        return last.text in ')%”"' and after.kind == "word"
    if last.text.endswith(".") and len(last.text) > 2 and titled:
        return after.text in STARTERS
    return False


def _stop_ends(held: list[Token], after: Token, glued: bool) -> bool:
    before = held[-2] if len(held) > 1 else None
    if after.text in ".!?" or after.text[0] in _CLOSERS:
        return False
    if before is None:
        return True
    short = before.low in _SHORTS and before.end == held[-1].start
    if before.low in MONTH_SHORTS and short:
        return after.text in STARTERS
    if short or (len(before.text) == 1 and before.text.isupper()):
        return after.text in STARTERS and before.low not in ("no", "rs")
    if glued:
        return after.text[0].isupper() or after.kind == "sign"
    return not after.text[0].islower() or held[-1].text != "."
