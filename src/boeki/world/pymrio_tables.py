"""Tables that pymrio reads: EXIOBASE 3, Eora26, and what pymrio saved itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from boeki.errors import BoekiError, InputError, MissingExtra, UnknownTerm
from boeki.world.build import input_output_table
from boeki.world.labelled import year_in
from boeki.world.table import InputOutputTable

#: Layout to how pymrio is asked for it, and what is said of it.
SYSTEMS = ("exiobase", "eora26", "pymrio")
_SOURCES = {
    "exiobase": "EXIOBASE 3, read by pymrio",
    "eora26": "Eora26, read by pymrio",
    "pymrio": "table saved by pymrio",
}
#: pymrio's words for a currency and how much of it a 1 is.
_UNITS = {
    "m.eur": ("EUR", 1e6), "m eur": ("EUR", 1e6), "mill eur": ("EUR", 1e6),
    "mill usd": ("USD", 1e6), "m.usd": ("USD", 1e6), "m usd": ("USD", 1e6),
    "mil. us$": ("USD", 1e6), "usd million": ("USD", 1e6), "million usd": ("USD", 1e6),
    "000 usd": ("USD", 1e3), "1000 usd": ("USD", 1e3), "usd": ("USD", 1.0), "eur": ("EUR", 1.0),
}  # fmt: skip


def read_pymrio(path: Path, layout: str, options: dict[str, Any]) -> InputOutputTable:
    """Read a folder or archive with pymrio.

    Parameters
    ----------
    path
        Folder, or zip as downloaded.
    layout
        One of :data:`SYSTEMS`.
    options
        Of :func:`boeki.world.input_output_table`; ``year`` picks Eora's table in a folder of many.

    Raises
    ------
    InputError
        For files that pymrio cannot read.
    MissingExtra
        Without pymrio.
    """
    try:
        import pymrio
    except ImportError:
        raise MissingExtra("pymrio", f"reading {layout}") from None
    if layout not in SYSTEMS:
        raise UnknownTerm("layout", layout, SYSTEMS)
    year = options.get("year")
    try:
        if layout == "eora26":
            system = pymrio.parse_eora26(str(path), year=year or year_in(path.name))
        elif layout == "exiobase":
            system = pymrio.parse_exiobase3(str(path))
        else:
            system = pymrio.load_all(str(path))
    except BoekiError:
        raise
    # What pymrio raises for files that are not there or not whole is not limited to its own errors.
    except Exception as error:
        raise InputError(f"pymrio cannot read {path} as {layout}: {error}") from None
    given = {"year": year_in(path.name), "source": f"{_SOURCES[layout]}, {path.name}"}
    return table_of_system(system, **(given | {k: v for k, v in options.items() if v is not None}))


def table_of_system(system: Any, **options: Any) -> InputOutputTable:
    """Make a table of an ``IOSystem`` of pymrio.

    Parameters
    ----------
    system
        With Z and Y; the sums of their rows are output where it has no x.
    options
        Of :func:`boeki.world.input_output_table`; unit and currency are told from the system's.

    Returns
    -------
    InputOutputTable
        Value added is output less inputs; areas are ISO 3166 alpha-3 where pymrio has two letters.

    Raises
    ------
    InputError
        For a system without Z and Y.
    """
    z, y = getattr(system, "Z", None), getattr(system, "Y", None)
    if z is None or y is None:
        raise InputError("the system of pymrio lacks Z or Y: calculate or load them first")
    currency, unit = _unit(system)
    areas = {str(a): _area(str(a)) for a in z.index.get_level_values(0)}
    output = getattr(system, "x", None)
    given: dict[str, Any] = {
        "currency": currency, "unit": unit, "source": "table of pymrio",
        "output": None if output is None else output.to_numpy(dtype=float).ravel(),
        # Sums of rows and output differ by what the publisher rounded, or left in a discrepancy.
        "balance": "residual",
    }  # fmt: skip
    given |= {k: v for k, v in options.items() if v is not None}
    return input_output_table(
        z.to_numpy(dtype=float), y.reindex(z.index).to_numpy(dtype=float),
        areas=[areas[str(a)] for a in z.index.get_level_values(0)],
        sectors=[str(s) for s in z.index.get_level_values(1)],
        final_areas=[areas.get(str(c[0]), _area(str(c[0]))) for c in y.columns],
        final_categories=[str(c[1]) for c in y.columns], **given,
    )  # fmt: skip


def _unit(system: Any) -> tuple[str, float]:
    unit = getattr(system, "unit", None)
    words = "" if unit is None or not len(unit) else str(unit.iloc[0, 0]).strip()
    return _UNITS.get(words.lower(), ("USD", 1.0))


def _area(code: str) -> str:
    """ISO alpha-3 for two letters, where they are a country; EXIOBASE's WA, WL … stay."""
    from boeki.terms.codes import to_area

    if len(code) != 2 or code in {"WA", "WL", "WE", "WF", "WM"}:
        return code
    try:
        return to_area("iso2", code)
    except BoekiError:
        return code
