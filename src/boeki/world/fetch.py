"""Fetch inter-country tables that are open, from where their publishers keep them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from boeki.errors import InputError, MissingExtra, UnknownTerm, Unreachable
from boeki.world.direct import DIRECT, fetch_direct

#: Name to pymrio's function, what it needs to be told, and the layout that reads the files.
_TABLES: dict[str, tuple[str, dict[str, Any], str]] = {
    "oecd": ("download_oecd", {}, "oecd"),
    "wiod2013": ("download_wiod2013", {"satellite_urls": []}, ""),
    "exiobase": ("download_exiobase3", {"system": "ixi"}, "exiobase"),
}
OPEN_TABLES = (*_TABLES, *DIRECT)


def fetch_tables(
    name: str, folder: str | Path, years: Sequence[int] = (), *, edition: str | None = None
) -> list[Path]:
    """Download the tables of some years.

    Parameters
    ----------
    name
        ``oecd`` (Inter-Country Input-Output tables), ``wiod2013``, ``wiod2016``, ``figaro`` or
        ``exiobase`` (industry by industry).
    folder
        Where to; made where it is not there. Files that are there already are not asked for.
    years
        Which; all where none is named.
    edition
        Of the OECD: ``v2021``, ``v2023`` … as pymrio names them.

    Returns
    -------
    list
        The files of these tables in the folder, for :func:`boeki.world.read_table`.

    Raises
    ------
    UnknownTerm
        For tables that are not open, or not known.
    InputError
        For years that a publisher does not have.
    MissingExtra
        Without pymrio, which fetches those of the OECD, WIOD 2013 and EXIOBASE.
    Unreachable
        Where the publisher does not answer.
    """
    if name not in OPEN_TABLES:
        raise UnknownTerm("open table", name, OPEN_TABLES)
    if edition and name != "oecd":
        raise InputError("an edition is the OECD's: leave it out")
    if name in DIRECT:
        return fetch_direct(name, Path(folder), years)
    try:
        import pymrio
    except ImportError:
        raise MissingExtra("pymrio", "fetching input–output tables") from None
    function, given, _ = _TABLES[name]
    more = {"version": edition} if edition else {}
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        getattr(pymrio, function)(str(place), years=list(years) or None, **given, **more)
    # What pymrio raises where it is refused or cut off is not limited to its own errors.
    except Exception as error:
        raise Unreachable(
            f"{name} could not be fetched: {error}. Ask again later, or download it by hand"
        ) from None
    kinds = {".csv", ".zip", ".xlsx"}
    files = sorted(p for p in place.rglob("*") if p.suffix.lower() in kinds)
    if not files:
        raise Unreachable(f"{name}: nothing came for {', '.join(map(str, years)) or 'any year'}")
    return files


def layout_of_fetched(name: str) -> str:
    """The layout by which :func:`boeki.world.read_table` reads what was fetched."""
    return "" if name in DIRECT else _TABLES[name][2]
