"""Asymmetry: how far apart an exporter and an importer are about one flow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from numbers import Real

from boeki.errors import InputError, UnknownTerm

#: Margins that statistical offices use: name to percent of the FOB value, and who says so.
TYPICAL = {
    "imf": (Decimal(6), "IMF, Direction of Trade Statistics Yearbook 2017: CIF/FOB factor 1.06"),
}
_PLACES = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Two reports of one flow beside each other.

    Attributes
    ----------
    difference
        Exports minus imports, exact.
    percent
        The difference in percent of the mean of the two; from −200 to 200, None where both are nil.
    ratio
        Imports over exports (with CIF imports: the CIF/FOB ratio); None where exports are nil.
    """

    difference: Decimal
    percent: float | None
    ratio: float | None


def asymmetry(exports: Decimal, imports: Decimal) -> Asymmetry:
    """Compare an exporter's figure with its partner's.

    Parameters
    ----------
    exports, imports
        Of the same goods and time, in one currency and valuation; none below 0.

    Raises
    ------
    InputError
        For a negative figure.
    """
    if exports < 0 or imports < 0:
        raise InputError("a flow cannot be below 0: look at the figures")
    apart, both = exports - imports, exports + imports
    percent = float(apart) / (float(both) / 2) * 100 if both else None
    return Asymmetry(apart, percent, float(imports) / float(exports) if exports else None)


def to_fob(cif: Decimal, margin: Decimal) -> Decimal:
    """An import value without freight and insurance: ``FOB = CIF / (1 + margin)``.

    Parameters
    ----------
    cif
        The value with them.
    margin
        Freight and insurance in percent of the FOB value.

    Returns
    -------
    Decimal
        To three decimals, half to even.
    """
    return (cif / (1 + margin / 100)).quantize(_PLACES, ROUND_HALF_EVEN)


def margin_of(given: str | Real | Decimal | None) -> tuple[Decimal | None, str]:
    """A CIF/FOB margin in percent, and who says so.

    Parameters
    ----------
    given
        A number (percent of the FOB value), a name of :data:`TYPICAL`, or None for none.

    Raises
    ------
    UnknownTerm, InputError
        For another name, and a margin below 0 or of 100 and more.
    """
    if given is None:
        return None, ""
    if isinstance(given, str) and not _numeric(given):
        if given not in TYPICAL:
            raise UnknownTerm("CIF/FOB margin", given, TYPICAL)
        return TYPICAL[given]
    margin = Decimal(str(given))
    if not 0 <= margin < 100:
        raise InputError(f"{margin} % is no CIF/FOB margin: give percent of the FOB value")
    return margin, "as given"


def _numeric(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()
