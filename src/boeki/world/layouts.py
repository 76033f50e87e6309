"""Layouts in which statistical offices publish inter-country tables.

Of each: which rows and columns are flows, which are value added, taxes and totals, and what the
labels mean. What was verified on published files stands on the docs page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from boeki.errors import InputError
from boeki.world.build import input_output_table
from boeki.world.labelled import Labelled, separator, year_in
from boeki.world.table import InputOutputTable

#: Parts that the OECD tables split China and Mexico into.
OECD_PARTS: Mapping[str, str] = {"CN1": "CHN", "CN2": "CHN", "MX1": "MEX", "MX2": "MEX"}
_OECD_FINAL = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "INV", "DIRP", "DPABR", "FD", "DISC")
_FIGARO_VALUE_ADDED = ("W2_D1", "W2_D29X39", "W2_B2A3G")
_WIOD_FINAL = ("households", "non-profit", "government", "investment", "inventories")
_WIOD_COLUMN = re.compile(r"v([A-Z]{3})(\d+)", re.IGNORECASE)
_TOTALS = ("OUT", "OUTPUT", "TOTAL", "TOT", "GO", "X")


@dataclass(frozen=True)
class Cut:
    """Which rows and columns of a labelled file are what.

    Attributes
    ----------
    rows, inputs
        Places of the sectors among rows and columns, in one order.
    row_labels
        Area and sector of each.
    final, final_labels
        Places of the columns of final use, and their area and category.
    """

    rows: list[int]
    inputs: list[int]
    row_labels: list[tuple[str, str]]
    final: list[int]
    final_labels: list[tuple[str, str]]


def layout_of(data: Labelled) -> str:
    """Which layout a labelled file has."""
    if data.corner.lower() == "rowlabels" and any("_P3_" in c for c in data.columns):
        return "figaro"
    if any(_WIOD_COLUMN.fullmatch(c) for c in data.columns):
        return "wiod2016"
    ends = {c.rsplit("_", 1)[-1] for c in data.columns}
    if {"HFCE", "GFCF"} <= ends:
        return "oecd"
    return "labelled"


def oecd(data: Labelled, **options: Any) -> InputOutputTable:
    """OECD Inter-Country Input-Output tables: ``JPN_26``, ``JPN_HFCE``, rows TLS, VA and OUT."""
    # The file has the final uses of the parts' area under the area's own name.
    cut = _cut(data, "_", lambda c: c.rsplit("_", 1)[-1] in _OECD_FINAL)
    return _table(
        data, cut, options, value_added=("VA", "VALU"), currency="USD", unit=1e6,
        part_of=OECD_PARTS, source="OECD Inter-Country Input-Output tables",
        said="gross value added at basic prices",
    )  # fmt: skip


def figaro(data: Labelled, **options: Any) -> InputOutputTable:
    """Eurostat FIGARO, industry by industry: ``JP_C26``, ``JP_P3_S14``, rows ``W2_…``."""
    cut = _cut(data, "_", lambda c: re.search(r"_P\d", c) is not None)
    names = {area: _figaro_area(area) for area, _ in cut.row_labels}
    cut = Cut(
        cut.rows, cut.inputs, [(names[a], s) for a, s in cut.row_labels],
        cut.final, [(names[a], s) for a, s in cut.final_labels],
    )  # fmt: skip
    parts = [data.row(label) for label in _FIGARO_VALUE_ADDED]
    if any(p is None for p in parts):
        raise InputError(f"{data.name} lacks a row of {', '.join(_FIGARO_VALUE_ADDED)}")
    whole = np.sum([p for p in parts if p is not None], axis=0)
    return _table(
        data, cut, options, value_added=whole, currency="EUR", unit=1e6,
        source="Eurostat FIGARO tables, industry by industry",
        said="gross value added at basic prices",
    )  # fmt: skip


def _figaro_area(code: str) -> str:
    from boeki.terms.codes import to_area

    return "ROW" if code == "FIGW1" else to_area("eurostat", code)


def wiod2016(data: Labelled, **options: Any) -> InputOutputTable:
    """WIOD, 2016 release, as its Stata and R files have it: columns ``vJPN19``, 57 to 61 final.

    Parameters
    ----------
    data
        Rows labelled ``JPN_19``, totals ``TOT_VA`` and so on.
    options
        Of :func:`boeki.world.input_output_table`.
    """
    found = [(at, _WIOD_COLUMN.fullmatch(c)) for at, c in enumerate(data.columns)]
    columns = {(m[1].upper(), int(m[2])): at for at, m in found if m}
    industries = max(n for _, n in columns) - len(_WIOD_FINAL)
    labels = [(a, n) for a, n in columns if n <= industries]
    uses = [(a, n) for a, n in columns if n > industries]
    names = {label: at for at, label in enumerate(data.rows)}
    cut = Cut(
        [names[f"{a}_{n}"] for a, n in labels], [columns[k] for k in labels],
        [(a, f"r{n}") for a, n in labels], [columns[k] for k in uses],
        [(a, _WIOD_FINAL[n - industries - 1]) for a, n in uses],
    )  # fmt: skip
    return _table(
        data, cut, options, value_added=("TOT_VA", "VA"), currency="USD", unit=1e6,
        source="World Input-Output Database, 2016 release",
        said="gross value added at basic prices",
    )  # fmt: skip


def labelled(data: Labelled, **options: Any) -> InputOutputTable:
    """Any table whose rows and columns are labelled with area and sector.

    Rows named VA and OUT, and a column named OUT, are value added and output; columns of final
    use have the area in their label: ``JPN_CONS``, ``Y.Japan``.
    """
    shared = [label for label in data.rows if label in set(data.columns)]
    shared = [label for label in shared if label.upper() not in _TOTALS]
    if not shared:
        raise InputError(f"{data.name}: no row has the label of a column: label both as JPN_C26")
    mark = separator(shared)
    areas = {label.split(mark, 1)[0] for label in shared}
    rest = [c for c in data.columns if c not in set(shared) and c.upper() not in _TOTALS]
    uses = {c: _use(c, mark, areas, OECD_PARTS) for c in rest}
    cut = Cut(
        [data.rows.index(s) for s in shared], [data.columns.index(s) for s in shared],
        [_pair(s, mark) for s in shared], [data.columns.index(c) for c in rest],
        list(uses.values()),
    )  # fmt: skip
    parts = {k: v for k, v in OECD_PARTS.items() if k in areas and v in areas}
    return _table(
        data, cut, options, value_added=("VA", "VALU", "VALUE_ADDED"), part_of=parts,
        source=data.name, said="value added as given in the row VA",
    )  # fmt: skip


def _use(column: str, mark: str, areas: Iterable[str], parts: Mapping[str, str]) -> tuple[str, str]:
    """Area and category of a column of final use."""
    known = set(areas)
    first, _, last = column.partition(mark)
    if first in known:
        return first, last
    if last in known:
        return last, first
    raise InputError(
        f"column {column!r} is neither a sector nor final use of one of the areas "
        f"({', '.join(sorted(known)[:6])} …): label it as AREA{mark}category, or leave it out"
    )


def _pair(label: str, mark: str) -> tuple[str, str]:
    area, _, sector = label.partition(mark)
    return area, sector


def _cut(data: Labelled, mark: str, is_final: Callable[[str], bool]) -> Cut:
    """Rows and columns of a file in which both have the same labels."""
    places = {c: at for at, c in enumerate(data.columns)}
    rows = [(at, r) for at, r in enumerate(data.rows) if r in places and mark in r]
    missing = [c for c in data.columns if mark in c and not is_final(c) and c not in data.rows]
    if missing or not rows:
        raise InputError(
            f"{data.name}: columns {', '.join(missing[:4]) or 'of sectors'} have no row: "
            "the file is not whole, or in another layout"
        )
    final = [(at, c) for c, at in places.items() if is_final(c)]
    return Cut(
        [at for at, _ in rows], [places[r] for _, r in rows], [_pair(r, mark) for _, r in rows],
        [at for at, _ in final], [_pair(c, mark) for _, c in final],
    )  # fmt: skip


def _table(
    data: Labelled,
    cut: Cut,
    options: Mapping[str, Any],
    *,
    value_added: tuple[str, ...] | Any,
    source: str,
    said: str,
    currency: str = "",
    unit: float = 1.0,
    part_of: Mapping[str, str] | None = None,
) -> InputOutputTable:
    row = data.row(*value_added) if isinstance(value_added, tuple) else value_added
    total = data.column(*_TOTALS)
    known = {a for a, _ in cut.row_labels}
    given: dict[str, Any] = {
        "areas": [a for a, _ in cut.row_labels],
        "sectors": [s for _, s in cut.row_labels],
        "final_areas": [a for a, _ in cut.final_labels],
        "final_categories": [c for _, c in cut.final_labels],
        "output": None if total is None else total[cut.rows],
        "value_added": None if row is None else row[cut.inputs],
        "part_of": {k: v for k, v in (part_of or {}).items() if k in known},
        "currency": currency or "USD",
        "unit": unit,
        "year": year_in(data.name),
        "source": source if source == data.name else f"{source}, file {data.name}",
        "value_added_is": said,
    }
    given |= {k: v for k, v in options.items() if v is not None}
    return input_output_table(
        data.cells[np.ix_(cut.rows, cut.inputs)], data.cells[np.ix_(cut.rows, cut.final)], **given
    )
