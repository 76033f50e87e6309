"""How figures are written for people: ``−¥117.620 bn``, ``+32.1 %``, ``fifth``."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from boeki.terms.units import SYMBOLS

MINUS = "−"
_SCALES = ((Decimal(10) ** 12, "tn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "mn"))
_PERIODS = {"M": "month", "Q": "quarter", "A": "year"}


def number(value: Decimal | float, places: int, *, signed: bool = False) -> str:
    """A number with thousands separators and a true minus sign."""
    text = f"{Decimal(str(value)):+,.{places}f}" if signed else f"{Decimal(str(value)):,.{places}f}"
    return text.replace("-", MINUS)


def amount(value: Decimal, unit: str, resolution: Decimal = Decimal(0)) -> str:
    """An amount of money, scaled, with no more places than its source printed and at most three.

    Examples
    --------
    >>> amount(Decimal(-117_620_000_000), "JPY", Decimal(1_000_000))
    '−¥117.620 bn'
    """
    size = abs(value)
    scale, word = next(((s, w) for s, w in _SCALES if size >= s), (Decimal(1), ""))
    places = 3 if scale > 1 else 0
    # A difference of two rounded numbers is known to twice their last digit, and is printed like
    # them.
    while places and resolution >= 5 * scale / 10**places:
        places -= 1
    text = f"{SYMBOLS.get(unit, unit + ' ')}{number(size / scale, places)}"
    return f"{MINUS if value < 0 else ''}{text}{' ' + word if word else ''}"


def percent(value: Decimal | float, places: int = 1, *, signed: bool = True) -> str:
    """A percentage: ``+32.1 %``."""
    return f"{number(value, places, signed=signed)} %"


def ordinal(n: int) -> str:
    """``1st``, ``2nd``, ``11th`` …"""
    tail = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{tail}"


def count(n: int, unit: str) -> str:
    """``1 month``, ``5 months``."""
    word = _PERIODS.get(unit, unit)
    return f"{n} {word}{'' if n == 1 else 's'}"


def quantity(value: Decimal, unit: str) -> str:
    """A value in any unit: money scaled, percent, counts, the rest plainly."""
    if unit in SYMBOLS or (len(unit) == 3 and unit.isupper()):
        return amount(value, unit)
    if unit in ("%", "pp"):
        return f"{number(value, 1, signed=True)} {unit}"
    if unit in _PERIODS:
        return count(int(value), unit)
    if unit == "rank":
        return ordinal(int(value))
    if "/" in unit:
        return f"{number(value.quantize(Decimal('0.01'), ROUND_HALF_EVEN), 2)} {unit}"
    return f"{number(value, 0)} {unit}"
