"""What is no claim: forecasts, targets, first estimates since replaced, market quotes, conversions
in brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from boeki.check.extract.counts import low_at
from boeki.check.extract.mentions import Mention
from boeki.check.extract.tokens import Token, wordset

_BREAKS = wordset(", ; ( ) : — – while but whereas although though and as than")
_OPENERS = wordset(
    """against versus compared beating missing topping exceeding undershooting overshooting
    following after from defying confounding surpassing beat beats topped missed undershot"""
)
_GO_ON = wordset("and with or to from")


def excluded(tokens: Sequence[Token], mentions: Sequence[Mention]) -> set[int]:
    """The indexes of the mentions that make no claim, whatever they would say elsewhere."""
    out = _conversions(tokens, mentions)
    cues = [m for m in mentions if m.sort == "cue" and m.data in ("forecast", "replaced", "quote")]
    cues = [m for m in cues if not _is_comparison(tokens, m)]
    if not cues:
        return out
    if any(m.data == "quote" for m in cues):
        return out | {
            k for k, m in enumerate(mentions) if m.sort == "quantity" and m.data.sort != "percent"
        }
    carried = False
    for first, after in _segments(tokens):
        inside = [m for m in cues if first <= m.first < after]
        opener = low_at(tokens, first)
        if inside:
            carried = any(m.data == "forecast" for m in inside) and not _is_aside(
                tokens, inside[0], mentions
            )
        elif carried and not _goes_on(tokens, first, opener):
            carried = False
        if inside or carried:
            out |= {
                k
                for k, m in enumerate(mentions)
                if first <= m.first < after and m.sort not in ("area", "date")
            }
    return out


def _goes_on(tokens: Sequence[Token], first: int, opener: str) -> bool:
    """Whether a segment goes on with the forecast before it."""
    if opener in _GO_ON or opener.endswith("ing"):
        return True
    return opener in (",", "(") and low_at(tokens, first + 1) in _GO_ON | {"leaving", "giving"}


def _is_aside(tokens: Sequence[Token], cue: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether a forecast is only what a figure is held against ("beating the 2.8 percent
    expected").
    """
    return low_at(tokens, cue.first - 1) not in _AGENTS and any(
        m.sort == "quantity" and m.after <= cue.first for m in mentions
    )


_HELD = frozenset(("from", "than", "against", "versus", "of", "to", "replaces", "over", "with"))
_AGENTS = frozenset(("economists", "analysts", "had", "ministry", "is", "are", "was", "were"))


def _is_comparison(tokens: Sequence[Token], m: Mention) -> bool:
    """ "Faster than expected", "as expected", "better-than-forecast": said of a figure that is a
    claim.
    """
    before = low_at(tokens, m.first - 1)
    if m.data == "replaced" and low_at(tokens, m.first) in ("a", "the") and before not in _HELD:
        # "Recorded a preliminary surplus": replaced only where another figure is held against it.
        return m.after - m.first == 2
    if before in ("than", "as", "-") and low_at(tokens, m.after) not in ("by",):
        return True
    if low_at(tokens, m.first) in ("target", "targets", "targeted") and low_at(tokens, m.after) in (
        "goods",
        "countries",
    ):
        return True
    return (
        low_at(tokens, m.first) in ("forecast", "forecasts", "expectations", "estimates")
        and before
        in (
            "beating",
            "beat",
            "missed",
            "missing",
            "topped",
            "topping",
            "defying",
            "exceeded",
            "above",
            "below",
            "market",
            "exceeding",
        )
        and not any(t.kind == "num" for t in tokens[m.after : m.after + 5])
    )


def _segments(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    cuts = [0]
    for i, token in enumerate(tokens):
        if token.low == "from" and low_at(tokens, i - 1) in ("ranging", "ranged", "range"):
            continue
        if i and (token.low in _OPENERS or (token.low in _BREAKS and _breaks(tokens, i))):
            cuts.append(i)
    cuts.append(len(tokens))
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def _breaks(tokens: Sequence[Token], i: int) -> bool:
    token = tokens[i]
    if token.low == "than":
        return low_at(tokens, i - 1) not in ("more", "less")
    if token.text in "–—":
        return not (
            token.start == tokens[i - 1].end
            and i + 1 < len(tokens)
            and tokens[i + 1].start == token.end
        )
    return True


def _is_replaced(tokens: Sequence[Token], at: int) -> bool:
    """Whether an amount is what a revised one replaces: "(revised from $3.12 billion)"."""
    words = [t.low for t in tokens[max(0, at - 4) : at]]
    if words[-1:] in (["a"], ["an"], ["the"]):
        words.pop()
    return words[-1:] == ["from"] and bool({"revised", "corrected", "adjusted"} & set(words))


def _conversions(tokens: Sequence[Token], mentions: Sequence[Mention]) -> set[int]:
    """ "300 billion yuan (42 billion dollars)", "5 billion euros, or $5.4 billion": the second
    amount.
    """
    out: set[int] = set()
    for k, m in enumerate(mentions):
        if m.sort != "quantity" or m.data.sort not in ("money", "bare"):
            continue
        if _is_replaced(tokens, m.data.lead):
            out.add(k)
            continue
        previous = next((p for p in reversed(mentions[:k]) if p.sort == "quantity"), None)
        if previous is None or previous.data.sort != "money" or previous.data.unit == m.data.unit:
            continue
        between = [t.low for t in tokens[previous.after : m.data.lead]]
        if between in (
            ["("],
            [",", "or"],
            ["or"],
            ["(", "or"],
            [
                "[",
            ],
            ["/"],
            ["–"],
            ["—"],
            ["equivalent", "to"],
            [",", "equivalent", "to"],
            [",", "or", "the", "equivalent", "of"],
            ["(", "equal", "to"],
        ):
            out.add(k)
    return out
