"""Workbooks of WIOD 2013 and of the Asian Development Bank: one sheet, labels in four lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, MissingExtra
from boeki.world.build import input_output_table
from boeki.world.labelled import year_in
from boeki.world.table import InputOutputTable

Array: TypeAlias = NDArray[np.float64]

_SECTOR = re.compile(r"c\d+", re.IGNORECASE)
_USE = re.compile(r"[cf]\d+", re.IGNORECASE)
#: Codes of WIOD's and the bank's five columns of final use, in one order.
_USES = ("households", "non-profit", "government", "investment", "inventories")
_FINAL_CODES = {
    "c37": 0, "c38": 1, "c39": 2, "c41": 3, "c42": 4, "f1": 0, "f2": 1, "f3": 2, "f4": 3, "f5": 4,
}  # fmt: skip
_VALUE_ADDED, _OUTPUT = "r64", "r69"
#: The bank's own codes of economies where they are not ISO 3166.
ADB_AREAS = {
    "BAN": "BGD", "BHU": "BTN", "BRU": "BRN", "CAM": "KHM", "DEN": "DNK", "FIJ": "FJI",
    "GER": "DEU", "INO": "IDN", "IRE": "IRL", "MAL": "MYS", "MLD": "MDV", "MON": "MNG",
    "NEP": "NPL", "NET": "NLD", "PHI": "PHL", "POR": "PRT", "PRC": "CHN", "ROM": "ROU",
    "ROW": "ROW", "SIN": "SGP", "SPA": "ESP", "SRI": "LKA", "SWI": "CHE", "TAP": "TWN",
    "UKG": "GBR", "VIE": "VNM",
}  # fmt: skip


def read_workbook(path: Path, options: dict[str, Any]) -> InputOutputTable:
    """Read a workbook whose sheet has sectors ``c1`` … by economy.

    Parameters
    ----------
    path
        ``.xlsx``; the first sheet with such labels is read.
    options
        Of :func:`boeki.world.input_output_table`.

    Raises
    ------
    InputError
        For files that cannot be read, or have no such sheet.
    MissingExtra
        Without openpyxl.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("excel", "reading Excel workbooks") from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    # What openpyxl raises for files that are no workbooks is not limited to its own errors.
    except Exception as error:
        raise InputError(f"cannot read {path} as an Excel workbook: {error}") from None
    for sheet in book.worksheets:
        cells = [list(row) for row in sheet.iter_rows(values_only=True)]
        found = _labels(cells)
        if found is not None:
            return _table(cells, *found, path, options)
    raise InputError(
        f"{path}: no sheet has economies above sector codes c1, c2 … as workbooks of WIOD 2013 and "
        "of the Asian Development Bank do"
    )


def _labels(cells: list[list[Any]]) -> tuple[int, int] | None:
    """Rows of the economies' codes and of the sectors' codes, among the first dozen."""
    for at in range(1, min(len(cells), 14)):
        codes = [str(v).strip() for v in cells[at][4:] if v is not None]
        if len(codes) > 2 and sum(bool(_USE.fullmatch(c)) for c in codes) > 0.8 * len(codes):
            return at - 1, at
    return None


def _table(
    cells: list[list[Any]], areas_at: int, codes_at: int, path: Path, options: dict[str, Any]
) -> InputOutputTable:
    width = max(len(cells[areas_at]), len(cells[codes_at]))
    heads = [(_text(cells[areas_at], j), _text(cells[codes_at], j).lower()) for j in range(width)]
    rows = [
        (i, _area(_text(row, 2)), _text(row, 3).lower())
        for i, row in enumerate(cells)
        if i > codes_at and _text(row, 3)
    ]
    sellers = [(i, a, s) for i, a, s in rows if _SECTOR.fullmatch(s) and a not in {"", "TOT"}]
    names = {s for _, _, s in sellers}
    buyers = [(j, _area(a), s) for j, (a, s) in enumerate(heads) if j > 3 and s in names]
    uses = [
        (j, _area(a), s) for j, (a, s) in enumerate(heads)
        if j > 3 and s not in names and s in _FINAL_CODES and a.upper() != "TOT"
    ]  # fmt: skip
    if [(a, s) for _, a, s in sellers] != [(a, s) for _, a, s in buyers] or not uses:
        raise InputError(
            f"{path}: the sectors of its rows are not those of its columns, or final use is "
            "missing: the sheet is not whole"
        )
    matrix = np.array([[_number(cells[i], j, path) for j, _, _ in (*buyers, *uses)]
                       for i, _, _ in sellers])  # fmt: skip
    totals = {code: i for i, _, code in rows}
    given: dict[str, Any] = {
        "value_added": _row(cells, totals.get(_VALUE_ADDED), buyers, path),
        "output": _row(cells, totals.get(_OUTPUT), buyers, path),
        "currency": "USD", "unit": 1e6, "year": year_in(path.name), "source": f"file {path.name}",
        "value_added_is": "value added at basic prices", "balance": "residual",
    }  # fmt: skip
    given |= {k: v for k, v in options.items() if v is not None}
    count = len(buyers)
    return input_output_table(
        matrix[:, :count], matrix[:, count:],
        areas=[a for _, a, _ in sellers], sectors=[s for _, _, s in sellers],
        final_areas=[a for _, a, _ in uses],
        final_categories=[_USES[_FINAL_CODES[s]] for _, _, s in uses], **given,
    )  # fmt: skip


def _row(
    cells: list[list[Any]], at: int | None, buyers: list[tuple[int, str, str]], path: Path
) -> Array | None:
    if at is None:
        return None
    return np.array([_number(cells[at], j, path) for j, _, _ in buyers])


def _area(code: str) -> str:
    return ADB_AREAS.get(code.upper(), code.upper())


def _text(row: list[Any], at: int) -> str:
    return "" if at >= len(row) or row[at] is None else str(row[at]).strip()


def _number(row: list[Any], at: int, path: Path) -> float:
    value = row[at] if at < len(row) else None
    if value is None:
        return 0.0
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(f"{path}: {value!r} stands where a figure should") from None
