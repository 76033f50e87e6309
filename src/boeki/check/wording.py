"""Labels of figures, in words."""

from __future__ import annotations

from boeki.terms import areas, products
from boeki.terms.periods import Period

_GOODS = ("exports", "imports")
_TOWARD = {"exports": "to", "imports": "from", "balance": "with", "trade": "with"}
_WORDS = {
    "balance": "trade balance",
    "trade": "total trade",
    "export_volume": "export volume",
    "import_volume": "import volume",
    "export_price": "export unit value",
    "import_price": "import unit value",
    "export_unit_value": "export unit-value index",
    "import_unit_value": "import unit-value index",
    "rate": "exchange rate",
}
BASES = {"yoy": "year on year", "mom": "month on month", "qoq": "quarter on quarter"}


def label(
    measure: str,
    reporter: str,
    partner: str = "WLD",
    product: str = "TOTAL",
    period: Period | None = None,
    base: str | None = None,
    basis: str = "customs",
) -> str:
    """What a figure is: ``Japan's exports of semiconductor machinery etc. to China, November
    2024, year on year``.
    """
    words = _WORDS.get(measure, measure.replace("_", " "))
    whose = "world" if reporter == "WLD" else areas.get(reporter).possessive
    if measure == "sales":
        words = f"{products.name(product).lower()} sales"
    elif product != "TOTAL":
        words = f"{words} of {products.name(product).lower()}"
    if partner != "WLD" and measure != "rate":
        words = f"{words} {_TOWARD.get(measure, 'in')} {areas.get(partner).in_sentence}"
    if basis not in ("customs", ""):
        words = f"{words} ({basis})"
    tail = [period.label] if period else []
    tail += [BASES[base]] if base in BASES else []
    return ", ".join([f"{whose} {words}", *tail])
