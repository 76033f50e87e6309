"""Quantities: a number with its unit, sign and hedge: "roughly US$58.15 billion", "-3.2%", "25 to
30 percent".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from boeki.check.claim import Hedge
from boeki.check.extract import numbers, units
from boeki.check.extract.tokens import Token, wordset

Sort = Literal["money", "percent", "points", "physical", "price", "rate", "bare", "times", "part"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount as printed.

    Attributes
    ----------
    sort
        What it measures; ``bare`` is a scaled number without a unit, ``part`` a word such as "a
        third".
    value, step
        In plain units; the size of the last printed digit. A pair for a range.
    unit
        As :class:`boeki.check.claim.Claim` has it; a shared word ("peso") where the reporter
        decides.
    sign
        ``+`` or ``-`` where it is printed.
    first, after
        Its tokens, without the hedge.
    hedge, lead
        How it is hedged, and the first token of the hedge (or its own).
    """

    sort: Sort
    value: Decimal | tuple[Decimal, Decimal]
    step: Decimal
    unit: str
    sign: str | None
    first: int
    after: int
    hedge: Hedge | None
    lead: int


MINUS = frozenset("-−–")
_NEGATIVE = frozenset(("minus", "negative"))

HEDGES: dict[tuple[str, ...], Hedge] = {}
for _hedge, _phrases in (
    (
        "about",
        "about;around;roughly;some;approximately;approx;approx .;circa;ca .;~;an estimated;"
        "estimated;"
        "in the region of;in the order of;or so;about half;nearer;a rough",
    ),
    (
        "nearly",
        "nearly;almost;close to;just short of;just shy of;shy of;practically;virtually;approaching",
    ),
    (
        "over",
        "over;more than;at least;topped;topping;exceeded;exceeding;surpassed;surpassing;above;"
        "upwards of;in excess of;well over;no less than;greater than;north of;crossed;"
        "a little over;>",
    ),
    (
        "under",
        "under;less than;below;at most;up to;as much as;fewer than;no more than;just under;"
        "a little under;<",
    ),
):
    HEDGES |= {tuple(p.split()): _hedge for p in _phrases.split(";")}  # type: ignore[misc]
_HEDGE_ENDS = frozenset(words[-1] for words in HEDGES)
#: After an amount or a bare measure these compare and do not hedge ("5 percent more than", "24
#: percent above").
_COMPARING = frozenset(
    ("more than", "less than", "over", "above", "below", "under", "fewer than", "greater than")
)
_SOFT = wordset("just only slightly a well still comfortably far an the")

_FOLDS = {"twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10}


def read_quantity(tokens: Sequence[Token], i: int) -> Quantity | None:
    """The quantity that begins at token ``i``, or None; an opening hedge is looked up behind it."""
    core = _worded(tokens, i) or _core(tokens, i)
    if core is None:
        return None
    sort, value, step, unit, sign, after = core
    hedge, lead = read_hedge(tokens, i)
    if (
        hedge is None
        and after + 1 < len(tokens)
        and tokens[after].low == "or"
        and tokens[after + 1].low in ("so", "more")
    ):
        hedge = "about" if tokens[after + 1].low == "so" else "over"
        after += 2
    return Quantity(sort, value, step, unit, sign, i, after, hedge, lead)


def read_hedge(tokens: Sequence[Token], i: int) -> tuple[Hedge | None, int]:
    """The hedge that ends right before token ``i``, and its first token."""
    at = i
    while at > 0 and tokens[at - 1].low in _SOFT and tokens[at - 1].low not in ("over",):
        at -= 1
        if i - at > 2:
            break
    for end in dict.fromkeys((i, at)):
        if end == 0 or tokens[end - 1].low not in _HEDGE_ENDS:
            continue
        for many in (3, 2, 1):
            if end - many < 0:
                continue
            words = tuple(t.low for t in tokens[end - many : end])
            hedge = HEDGES.get(words)
            if hedge and not (" ".join(words) in _COMPARING and _compares(tokens, end - many)):
                return hedge, end - many
    return None, i


def _compares(tokens: Sequence[Token], i: int) -> bool:
    """Whether the hedge word at ``i`` follows an amount, and so compares."""
    before = tokens[i - 1].low if i else ""
    return before in ("%", "percent", "pct", "cent", "points") or (
        i > 0 and (before in numbers.SCALES or before in units.WORDS)
    )


def _core(
    tokens: Sequence[Token], i: int
) -> tuple[Sort, Decimal | tuple[Decimal, Decimal], Decimal, str, str | None, int] | None:
    at, sign = _sign(tokens, i)
    currency = None
    if at < len(tokens) and (found := units.currency_before(tokens, at)):
        currency, at = found
        if sign is None:
            at, sign = _sign(tokens, at)
    if at >= len(tokens):
        return None
    if (number := numbers.read_number(tokens, at)) is None:
        return None
    value: Decimal | tuple[Decimal, Decimal] = number.value
    step, after = number.step, number.after
    if ranged := _range(tokens, i, number):
        value, step, after = ranged
        number = numbers.Number(number.value, step, max(number.scale, _scale_of(value)), after)
    unit = _unit(tokens, number, after, currency)
    if unit is None:
        return None
    sort, name, factor, after = unit
    if factor != 1:
        value = tuple(v * factor for v in value) if isinstance(value, tuple) else value * factor  # type: ignore[assignment]
    if isinstance(value, tuple) and value[0] >= value[1]:
        return None
    return sort, value, step * factor, name, sign, after


def _unit(
    tokens: Sequence[Token], number: numbers.Number, after: int, currency: str | None
) -> tuple[Sort, str, int, int] | None:
    """Sort, unit, factor and next token of a number that ends before ``after``."""
    if currency is None:
        if percent := read_percent(tokens, after):
            return *percent, 1, percent_after(tokens, after)
        if rate := _rate(tokens, after):
            return rate
        if found := units.currency_after(tokens, after):
            currency, after = found
        elif physical := units.physical_after(tokens, after):
            return "physical", physical[0], physical[1], physical[2]
        elif after < len(tokens) and tokens[after].low in ("times", "fold"):
            return "times", "%", 1, after + 1
        elif (
            after + 1 < len(tokens)
            and tokens[after].text == "-"
            and tokens[after + 1].low == "fold"
        ):
            return "times", "%", 1, after + 2
        else:
            return ("bare", "", 1, after) if number.scale >= 10**6 else None
    elif (found := units.currency_after(tokens, after)) and units.settle(
        found[0], None
    ) == currency:
        after = found[1]
    return _per(tokens, currency, after)


def _rate(tokens: Sequence[Token], after: int) -> tuple[Sort, str, int, int] | None:
    """An exchange rate whose currency is its subject: "the yen averaged 144.6 per dollar"."""
    if after + 1 >= len(tokens) or tokens[after].low not in ("per", "to", "against"):
        return None
    at = after + 1 + (tokens[after + 1].low in ("the", "one", "a"))
    other = units.currency_after(tokens, at)
    if other is None:
        return None
    against = units.settle(other[0], None)
    for token in reversed(tokens[max(0, after - 9) : after]):
        name = units.WORDS.get(token.low)
        if name and name != against:
            return "rate", f"{units.settle(name, None)}/{against}", 1, other[1]
    return None


def _per(tokens: Sequence[Token], currency: str, after: int) -> tuple[Sort, str, int, int]:
    """Whether an amount of money is one, a price ("a barrel") or a rate ("to the dollar")."""
    low = [t.low for t in tokens[after : after + 5]]
    if low[:1] in (["per"], ["a"], ["/"], ["an"]) and (
        physical := units.physical_after(tokens, after + 1)
    ):
        return "price", f"{currency}/{physical[0]}", 1, physical[2]
    if low[:1] in (["per"], ["to"], ["against"], ["/"]):
        at = after + 1
        if at < len(tokens) and tokens[at].low in ("the", "a", "one"):
            at += 1
        other = units.currency_after(tokens, at)
        if other and tokens[other[1] - 1].low not in ("dollars", "euros", "pounds"):
            against = units.settle(other[0], None)
            if against != currency:
                return "rate", f"{currency}/{against}", 1, other[1]
    if bought := _bought(tokens, currency, after):
        return "rate", f"{currency}/{bought}", 1, after
    return "money", currency, 1, after


#: A currency that is itself spoken of stands in the singular, with an article.
_ONE_OF = wordset("dollar greenback euro pound yen yuan renminbi won franc rupee")
_SCALED = wordset("thousand million billion trillion mn bn tn mln bln tln lakh crore")


def _bought(tokens: Sequence[Token], currency: str, after: int) -> str | None:
    """The other currency, where an amount is what it bought: "the dollar averaged 153.7 yen"."""
    for j in range(after - 1, max(0, after - 8), -1):
        low = tokens[j].low
        if low in _SCALED or low in (",", ";", "."):
            return None
        if low in _ONE_OF and tokens[j - 1].low in ("the", "one", "u.s.", "us"):
            other = units.settle(units.WORDS.get(low, "USD"), None)
            return other if other != currency else None
    return None


def read_percent(tokens: Sequence[Token], i: int) -> tuple[Sort, str] | None:
    """Whether a percent sign or word, or percentage points, stand at ``i``."""
    after = percent_after(tokens, i)
    if after == i:
        return None
    return ("points", "pp") if tokens[after - 1].low in _POINTS else ("percent", "%")


_POINTS = frozenset(("point", "points", "pp", "ppt", "ppts", "pps"))


def percent_after(tokens: Sequence[Token], i: int) -> int:
    """The token after the percent sign or words at ``i``; ``i`` itself where there are none."""
    at = i + 1 if i + 1 < len(tokens) and tokens[i].text == "-" else i
    if at >= len(tokens):
        return i
    low = tokens[at].low
    if low in ("%", "percent", "pct", "pc", "percentage"):
        after = at + 1
        if (
            low == "pct"
            and after < len(tokens)
            and tokens[after].text == "."
            and after + 1 < len(tokens)
        ) and tokens[after + 1].text[0].islower():
            after += 1
        point = after + 1 if after + 1 < len(tokens) and tokens[after].text == "-" else after
        if point < len(tokens) and tokens[point].low in ("point", "points"):
            return point + 1
        return i if low == "percentage" else after
    if low == "per" and at + 1 < len(tokens) and tokens[at + 1].low == "cent":
        return at + 2
    return at + 1 if low in ("pp", "ppt", "ppts", "pps") else i


def _worded(
    tokens: Sequence[Token], i: int
) -> tuple[Sort, Decimal, Decimal, str, str | None, int] | None:
    """A part of a whole ("a third"), or a factor in one word ("threefold")."""
    if part := numbers.read_part(tokens, i):
        return "part", part[0], numbers.WORD_STEP, "%", None, part[1]
    if fold := _FOLDS.get(tokens[i].low):
        return "times", Decimal(fold), Decimal(1), "%", None, i + 1
    return None


def _sign(tokens: Sequence[Token], i: int) -> tuple[int, str | None]:
    """A printed sign at ``i``: it must touch what follows and not what precedes ("25-30",
    "April-June").
    """
    if i + 1 >= len(tokens):
        return i, None
    token, after = tokens[i], tokens[i + 1]
    if token.low in _NEGATIVE:
        return i + 1, "-"
    if (token.text == "+" or token.text in MINUS) and token.end == after.start:
        if i == 0 or tokens[i - 1].end != token.start or tokens[i - 1].text in "([:,":
            return i + 1, "+" if token.text == "+" else "-"
        if tokens[i - 1].kind == "sign" and tokens[i - 1].end == token.start:
            return i + 1, "+" if token.text == "+" else "-"
    return i, None


def _range(
    tokens: Sequence[Token], i: int, first: numbers.Number
) -> tuple[tuple[Decimal, Decimal], Decimal, int] | None:
    """A second number that makes a range: "10 to 12 percent", "25-30%", "between 25 and 30
    percent".
    """
    at = first.after
    between = i > 0 and tokens[i - 1].low == "between"
    if between:
        at = percent_after(tokens, at)
    if at + 1 >= len(tokens):
        return None
    link = tokens[at].low
    if link not in ("to", "-", "–", "—") and not (between and link == "and"):
        return None
    if (
        link == "to"
        and i > 0
        and tokens[i - 1].low == "from"
        and (i < 2 or tokens[i - 2].low != "ranging")
    ):
        return None
    at += 1
    if found := units.currency_before(tokens, at):
        if link == "to" and not between and low_before(tokens, i) != "ranging":
            return None
        at = found[1]
    second = numbers.read_number(tokens, at) if at < len(tokens) else None
    if second is None or (first.scale > 1 and second.scale == 1):
        return None
    low = first.value * (second.scale if first.scale == 1 else 1)
    if low >= second.value or (link in MINUS and len(tokens[first.after - 1].text) == 4):
        return None
    return (low, second.value), second.step, second.after


def low_before(tokens: Sequence[Token], i: int) -> str:
    """The word before the "from" of a range that begins at ``i``."""
    return tokens[i - 2].low if i > 1 else ""


def _scale_of(value: Decimal | tuple[Decimal, Decimal]) -> int:
    return 10**6 if isinstance(value, tuple) and value[1] >= 10**6 else 1
