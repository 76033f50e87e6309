"""Rows of Comtrade as flow rows, parts of figures left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pyarrow as pa

from boeki.errors import NotAsExpected, UnknownTerm
from boeki.sources.base import FLOW_ROWS
from boeki.sources.flow_batches import Left
from boeki.terms.codes import area_map
from boeki.terms.units import to_unit

#: Comtrade's code of a flow, and the word for it.
FLOWS = {
    "M": "import",
    "X": "export",
    "RX": "re-export",
    "RM": "re-import",
    "DX": "domestic-export",
}
CLASSIFICATIONS = {
    "H0": "HS1992",
    "H1": "HS1996",
    "H2": "HS2002",
    "H3": "HS2007",
    "H4": "HS2012",
    "H5": "HS2017",
    "H6": "HS2022",
}
#: What a row must have.
FIELDS = (
    "freqCode",
    "period",
    "reporterCode",
    "flowCode",
    "partnerCode",
    "partner2Code",
    "classificationCode",
    "cmdCode",
    "customsCode",
    "motCode",
    "qtyUnitCode",
    "qty",
    "isQtyEstimated",
    "netWgt",
    "isNetWgtEstimated",
    "cifvalue",
    "fobvalue",
    "primaryValue",
)
_KEY = ("period", "reporterCode", "flowCode", "partnerCode", "classificationCode", "cmdCode")
_MOST = Decimal(10) ** 16


class Rows:
    """Rows of one reply.

    Parameters
    ----------
    rows
        With :data:`FIELDS`.
    left
        Where lines that are left out are noted.
    places
        How many decimals its values have.
    """

    def __init__(self, rows: Sequence[Mapping[str, Any]], left: Left, places: int = 3) -> None:
        self._rows, self._left = rows, left
        self._resolution = Decimal(1).scaleb(-places)
        self._areas = area_map("comtrade")
        self._breakdowns = self._estimated = 0

    def table(self) -> pa.Table:
        """The rows, each figure once."""
        found = [line for row in self._totals() if (line := self._line(row))]
        return pa.Table.from_pylist(found, schema=FLOW_ROWS)

    def note(self) -> str:
        """What a reader must know of what was left out; complete when the table has been made."""
        said = []
        if not self._rows:
            said.append("Comtrade has no figures for this question.")
        if self._breakdowns:
            said.append(
                "Lines left out as parts of others here, by second partner, customs procedure or "
                f"mode of transport: {self._breakdowns:,}."
            )
        if self._estimated:
            said.append(f"Estimated quantities and weights left out: {self._estimated:,}.")
        return " ".join(said)

    def _totals(self) -> list[Mapping[str, Any]]:
        """The rows that are totals over second partners, procedures and modes of transport."""
        totals = [row for row in self._rows if _is_total(row)]
        if len(totals) == len(self._rows):
            return totals
        had = {_key(row) for row in totals}
        for row in self._rows:
            if _is_total(row):
                continue
            if _key(row) in had:
                self._breakdowns += 1
            else:
                said = " ".join(f"{field} {row[field]}" for field in _KEY)
                self._left.out(said, "{} left out: parts of a figure, and not its total, came")
        return totals

    def _line(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """A row of the table; None, and a note, where it cannot be one."""
        reporter, partner = (self._areas.get(str(row[f"{r}Code"])) for r in ("reporter", "partner"))
        flow = FLOWS.get(str(row["flowCode"]))
        classification = CLASSIFICATIONS.get(str(row["classificationCode"]))
        product = str(row["cmdCode"])
        for known, field in (
            (reporter, "reporterCode"),
            (partner, "partnerCode"),
            (flow, "flowCode"),
            (classification, "classificationCode"),
            (product == "TOTAL" or (product.isdigit() and product), "cmdCode"),
        ):
            if not known:
                self._left.out(f"{field} {row[field]}", f"{{}} left out: {field} is not known")
                return None
        if row["primaryValue"] is None:
            self._left.out("primaryValue null", "{} left out: there is no value")
            return None
        quantity, unit = self._quantity(row)
        return {
            "reporter": reporter,
            "partner": partner,
            "flow": flow,
            "classification": classification,
            "product": product,
            "freq": _freq(row),
            "period": _period(row),
            "value": _exact(row["primaryValue"]),
            "currency": "USD",
            "resolution": self._resolution,
            "quantity": quantity,
            "unit": unit,
            "weight": self._reported(row, "netWgt", "isNetWgtEstimated"),
            "valuation": _valuation(row),
            "system": None,
            "adjustment": "nsa",
            "status": "final",
        }

    def _quantity(self, row: Mapping[str, Any]) -> tuple[Decimal | None, str | None]:
        quantity = self._reported(row, "qty", "isQtyEstimated")
        if quantity is None or row["qtyUnitCode"] is None:
            return None, None
        code = str(row["qtyUnitCode"])
        try:
            unit, factor = to_unit("comtrade", code)
        except UnknownTerm:
            reason = "quantities of {} left out: their unit is not known; the values stay"
            self._left.out(f"qtyUnitCode {code}", reason)
            return None, None
        return (_exact(quantity * factor), unit) if unit else (None, None)

    def _reported(self, row: Mapping[str, Any], field: str, flag: str) -> Decimal | None:
        """An amount that was reported. Comtrade writes 0 where there is none.

        What it estimated, it did from its standard unit values: a price made from it would be one
        of those again.
        """
        amount = row[field]
        if not amount:
            return None
        if row[flag]:
            self._estimated += 1
            return None
        return _exact(amount)


def _is_total(row: Mapping[str, Any]) -> bool:
    return (
        str(row["partner2Code"]) == "0"
        and str(row["motCode"]) == "0"
        and row["customsCode"] == "C00"
        and str(row.get("mosCode") or "0") == "0"
    )


def _key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[field]) for field in _KEY)


def _valuation(row: Mapping[str, Any]) -> str:
    """Exports are fob. Some countries report imports fob, which shows in which value is there."""
    if row["flowCode"] not in ("M", "RM"):
        return "fob"
    only_fob = row["cifvalue"] is None and row["fobvalue"] == row["primaryValue"]
    return "fob" if only_fob else "cif"


def _freq(row: Mapping[str, Any]) -> str:
    if row["freqCode"] not in ("A", "M"):
        raise NotAsExpected(f"Comtrade's freqCode {row['freqCode']!r} is neither A nor M")
    return str(row["freqCode"])


def _period(row: Mapping[str, Any]) -> str:
    text = str(row["period"])
    wanted = 4 if _freq(row) == "A" else 6
    if not (text.isascii() and text.isdigit() and len(text) == wanted):
        raise NotAsExpected(f"Comtrade's period {text!r} is none of freqCode {row['freqCode']}")
    return text if wanted == 4 else f"{text[:4]}-{text[4:]}"


def _exact(number: object) -> Decimal:
    """A number with three places, as the tables have them."""
    exact = Decimal(number) if isinstance(number, int | Decimal) else None
    if exact is None or isinstance(number, bool) or abs(exact) >= _MOST:
        raise NotAsExpected(f"Comtrade gives {number!r} where a number was expected")
    return exact.quantize(Decimal("0.001"), ROUND_HALF_EVEN)
