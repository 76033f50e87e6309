"""Numbers, as digits or in words, with their scale: "9,152.4 billion", "three-point-eight", "2 lakh
crore".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from boeki.check.extract.tokens import Token, wordset

#: Scales that are whole words.
SCALES = {
    "hundred": 100,
    "thousand": 10**3,
    "lakh": 10**5,
    "lakhs": 10**5,
    "lac": 10**5,
    "million": 10**6,
    "millions": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mio": 10**6,
    "crore": 10**7,
    "crores": 10**7,
    "cr": 10**7,
    "billion": 10**9,
    "billions": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "trillion": 10**12,
    "tr": 10**12,
    "trl": 10**12,
    "trillions": 10**12,
    "tn": 10**12,
    "trn": 10**12,
    "tln": 10**12,
    "trln": 10**12,
    "quadrillion": 10**15,
}
#: Letters that scale a number only where they stand right behind it: "$5m".
GLUED_SCALES = {"k": 10**3, "m": 10**6, "b": 10**9, "mm": 10**6}

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen"""
_TENS = """twenty thirty forty fifty sixty seventy eighty ninety"""
_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"""
SMALL = {w: n for n, w in enumerate(_UNITS.split())}
TENS = {w: 10 * n for n, w in enumerate(_TENS.split(), 2)}
ORDINALS = {w: n for n, w in enumerate(_ORDINALS.split(), 1)}
ORDINALS |= {w.replace("ty", "tieth"): n for w, n in TENS.items()}

#: Parts of a whole, as percent; a bare "half" is one, "quarter" only after an article or a number.
PARTS = {
    "half": Decimal(50),
    "third": Decimal(100) / 3,
    "quarter": Decimal(25),
    "fourth": Decimal(25),
    "fifth": Decimal(20),
    "sixth": Decimal(100) / 6,
    "seventh": Decimal(100) / 7,
    "eighth": Decimal("12.5"),
    "tenth": Decimal(10),
}
#: How coarse a number in words is, in percentage points.
WORD_STEP = Decimal(10)

#: Spaces that may stand between the thousands of a number.
THIN_SPACES = "\u2009\u202f\u00a0 "
_NO_SPACES = {ord(space): None for space in THIN_SPACES}

NUMBER_WORDS = frozenset(SMALL) | frozenset(TENS)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the token after its last.

    Attributes
    ----------
    value, step
        Scaled, and the size of its last printed digit.
    scale
        1 where none was printed.
    after
        Index of the token that follows.
    """

    value: Decimal
    step: Decimal
    scale: int
    after: int


def read_number(tokens: Sequence[Token], i: int) -> Number | None:
    """The number that begins at token ``i``, with its scale, or None."""
    read = _digits(tokens, i) or _words(tokens, i)
    if read is None:
        return None
    value, step, after = read
    scale, after = read_scale(tokens, after)
    if scale > 1 and (rest := _smaller(tokens, after, scale)):
        return Number(value * scale + rest.value, rest.step, scale, rest.after)
    return Number(value * scale, step * scale, scale, after)


def _smaller(tokens: Sequence[Token], i: int, scale: int) -> Number | None:
    """The rest of an amount in two scales: "23 billion 953 million"."""
    if i >= len(tokens):
        return None
    i += tokens[i].low == "and" and i + 1 < len(tokens)
    read = _digits(tokens, i)
    if read is None:
        return None
    value, step, after = read
    lower, after = read_scale(tokens, after)
    if not 1 < lower < scale or value * lower >= scale:
        return None
    return Number(value * lower, step * lower, lower, after)


def read_count(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """A cardinal of at most four digits without a scale, and the token after it."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind == "num":
        return (int(token.text), i + 1) if token.text.isdecimal() and len(token.text) < 5 else None
    if token.low not in NUMBER_WORDS:
        return None
    read = _words(tokens, i)
    if read is None or read[0] != read[0].to_integral_value():
        return None
    return int(read[0]), read[2]


def read_ordinal(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """An ordinal ("44th", "fifth", "twenty-first") and the token after it."""
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind == "num":
        if (
            i + 1 < len(tokens)
            and tokens[i + 1].low in ("st", "nd", "rd", "th")
            and token.text.isdecimal()
            and len(token.text) < 5
            and tokens[i + 1].start == token.end
        ):
            return int(token.text), i + 2
        return None
    if token.low in ORDINALS:
        return ORDINALS[token.low], i + 1
    if token.low in TENS:
        at = i + 2 if i + 1 < len(tokens) and tokens[i + 1].text == "-" else i + 1
        if at < len(tokens) and ORDINALS.get(tokens[at].low, 99) < 10:
            return TENS[token.low] + ORDINALS[tokens[at].low], at + 1
    return None


def read_part(tokens: Sequence[Token], i: int) -> tuple[Decimal, int] | None:
    """A part of a whole as percent ("a third", "two-thirds", "half") and the token after it."""
    if i >= len(tokens):
        return None
    low = tokens[i].low
    if low == "half":
        return PARTS["half"], i + 1
    many = 1 if low in ("a", "an") else SMALL.get(low, 0)
    if not many or many > 9:
        return None
    at = i + 2 if i + 1 < len(tokens) and tokens[i + 1].text == "-" else i + 1
    if at >= len(tokens):
        return None
    name = tokens[at].low
    part = PARTS.get(name if many == 1 else name.removesuffix("s"))
    if part is None or (many > 1 and not name.endswith("s")) or _is_time(tokens, at):
        return None
    return (part * many).quantize(Decimal("0.0001")).normalize() + 0, at + 1


def _is_time(tokens: Sequence[Token], at: int) -> bool:
    """Whether "a third", "a quarter" goes on to count time ("a third month", "a quarter
    earlier").
    """
    if at + 1 >= len(tokens):
        return False
    after = tokens[at + 1].low
    return after in _TIME_WORDS or after in ("-", "largest", "biggest", "highest")


_TIME_WORDS = wordset(
    "month months quarter quarters year years week day earlier ago before straight "
    "consecutive successive"
)


def _digits(tokens: Sequence[Token], i: int) -> tuple[Decimal, Decimal, int] | None:
    token = tokens[i]
    if token.kind != "num" or len(token.text) > 40:
        return None
    text = token.text
    if any(space in text for space in THIN_SPACES):
        # "48 900,5": where spaces set off thousands, a comma is the decimal mark.
        text = text.translate(_NO_SPACES).replace(",", ".")
    if "," in text[-3:]:
        text = text.replace(",", ".")  # a decimal comma: no three digits follow
    value = Decimal(text.replace(",", ""))
    exponent = value.as_tuple().exponent
    return value, Decimal(1).scaleb(int(exponent)), i + 1


def _words(tokens: Sequence[Token], i: int) -> tuple[Decimal, Decimal, int] | None:
    first = tokens[i].low
    if first in SMALL:
        value, at = SMALL[first], i + 1
    elif first in TENS:
        value, at = TENS[first], i + 1
        unit = _skip_hyphen(tokens, at)
        if unit < len(tokens) and 0 < SMALL.get(tokens[unit].low, 0) < 10:
            value, at = value + SMALL[tokens[unit].low], unit + 1
    else:
        return None
    point = _skip_hyphen(tokens, at)
    if point < len(tokens) and tokens[point].low == "point":
        digits, after = _spoken_digits(tokens, point + 1)
        if digits:
            return Decimal(f"{value}.{digits}"), Decimal(1).scaleb(-len(digits)), after
    return _and_half(tokens, at, Decimal(value)) or (Decimal(value), Decimal(1), at)


def _and_half(
    tokens: Sequence[Token], at: int, value: Decimal
) -> tuple[Decimal, Decimal, int] | None:
    """ "Two and a half times", "three and a quarter percent"."""
    if [t.low for t in tokens[at : at + 2]] != ["and", "a"] or at + 2 >= len(tokens):
        return None
    part = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}.get(tokens[at + 2].low)
    return (value + part, Decimal("0.5"), at + 3) if part else None


def _spoken_digits(tokens: Sequence[Token], i: int) -> tuple[str, int]:
    digits, after = "", i
    while len(digits) < 6:
        at = _skip_hyphen(tokens, after)
        if at >= len(tokens) or SMALL.get(tokens[at].low, 10) > 9:
            break
        digits, after = digits + str(SMALL[tokens[at].low]), at + 1
    return digits, after


def _skip_hyphen(tokens: Sequence[Token], i: int) -> int:
    return i + 1 if i < len(tokens) and tokens[i].text == "-" else i


def read_scale(tokens: Sequence[Token], i: int) -> tuple[int, int]:
    """The product of the scale words at ``i`` ("lakh crore" is 10**12) and the token after them."""
    scale, read = 1, 0
    if i < len(tokens) and tokens[i].low in GLUED_SCALES and tokens[i].start == tokens[i - 1].end:
        return GLUED_SCALES[tokens[i].low], i + 1
    while read < 2:
        at = (
            i + 1
            if i + 1 < len(tokens) and tokens[i].text == "-" and tokens[i + 1].low in SCALES
            else i
        )
        if at >= len(tokens) or tokens[at].low not in SCALES:
            break
        scale, i, read = scale * SCALES[tokens[at].low], at + 1, read + 1
        if (
            i < len(tokens)
            and tokens[i].text == "."
            and tokens[i - 1].low in ("bln", "mln", "bn", "cr")
        ):
            break
    return scale, i
