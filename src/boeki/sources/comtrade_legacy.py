"""Files of the former Comtrade: a CSV with 35 columns, as downloaded until 2023."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from boeki.errors import NotAsExpected

#: Its header, as one line.
LINE = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,"
    "Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,"
    "2nd Partner Code,2nd Partner,2nd Partner ISO,Customs Proc. Code,Customs,"
    "Mode of Transport Code,Mode of Transport,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,"
    "Alt Qty Unit Code,Alt Qty Unit,Alt Qty,Netweight (kg),Gross weight (kg),Trade Value (US$),"
    "CIF Trade Value (US$),FOB Trade Value (US$),Flag"
)
HEADER = LINE.split(",")
_FLOWS = {"1": "M", "2": "X", "3": "RX", "4": "RM"}
#: What the flag says was estimated: 2 the quantity, 4 the net weight, 6 both.
_FLAGS = {"": 0, "0": 0, "2": 2, "4": 4, "6": 6}


def read(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a file, with the fields of today's Comtrade.

    Raises
    ------
    NotAsExpected
        Where the header is another, a line has more or fewer cells, or a cell is no number.
    """
    # Names of countries are the only text beyond ASCII, and are not used: any encoding will do.
    with path.open(encoding="latin-1", newline="") as file:
        lines = csv.reader(file, strict=True)
        try:
            header = next(lines, [])
            if [c.removeprefix("\xef\xbb\xbf") for c in header] != HEADER:
                raise NotAsExpected(
                    f"{name} begins with {','.join(header)[:100]!r}: it is no CSV of the former "
                    "Comtrade, with its 35 columns"
                )
            return [_row(cells, f"line {lines.line_num} of {name}") for cells in lines if cells]
        except csv.Error as error:
            raise NotAsExpected(f"line {lines.line_num} of {name}: {error}") from None


def _row(cells: list[str], where: str) -> dict[str, Any]:
    if len(cells) != len(HEADER):
        raise NotAsExpected(
            f"{where} has {len(cells)} cells, not {len(HEADER)}: the file is not whole"
        )
    row = dict(zip(HEADER, cells, strict=True))
    flag = _FLAGS.get(row["Flag"])
    if flag is None:
        raise NotAsExpected(f"{where} has the flag {row['Flag']!r}, which is not known")
    return {
        "freqCode": "M" if len(row["Period"]) == 6 else "A",
        "period": row["Period"],
        "reporterCode": row["Reporter Code"],
        "flowCode": _FLOWS.get(row["Trade Flow Code"], row["Trade Flow"]),
        "partnerCode": row["Partner Code"],
        "partner2Code": row["2nd Partner Code"] or "0",
        "classificationCode": row["Classification"],
        "cmdCode": row["Commodity Code"],
        "customsCode": row["Customs Proc. Code"] or "C00",
        "motCode": row["Mode of Transport Code"] or "0",
        "qtyUnitCode": row["Qty Unit Code"] or None,
        "qty": _number(row, "Qty", where),
        "isQtyEstimated": bool(flag & 2),
        "netWgt": _number(row, "Netweight (kg)", where),
        "isNetWgtEstimated": bool(flag & 4),
        "cifvalue": _number(row, "CIF Trade Value (US$)", where),
        "fobvalue": _number(row, "FOB Trade Value (US$)", where),
        "primaryValue": _number(row, "Trade Value (US$)", where),
    }


def _number(row: Mapping[str, str], column: str, where: str) -> Decimal | None:
    """A number; None where the cell is blank.

    Raises
    ------
    NotAsExpected
        Where it is something else.
    """
    if not row[column].strip():
        return None
    try:
        number = Decimal(row[column])
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise NotAsExpected(f"{where}: {column} is {row[column]!r}, not a number")
    return number
