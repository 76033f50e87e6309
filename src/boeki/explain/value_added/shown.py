"""What the answers on value added have in common: areas, units, columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Column
from boeki.errors import InputError, UnknownTerm
from boeki.terms import areas as vocabulary

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable

PAGE = "explanation/value-added.md"


def found(table: InputOutputTable, given: str) -> str:
    """The area of the table that a code or a name means.

    Raises
    ------
    UnknownTerm
        Where the table has none of this name.
    """
    folded = {area.casefold(): area for area in table.areas}
    if given.casefold() in folded:
        return folded[given.casefold()]
    try:
        code = vocabulary.find(given).code
    except UnknownTerm:
        code = ""
    if code in table.areas:
        return code
    raise UnknownTerm("area of the table", given, table.areas)


def with_exporter(
    table: InputOutputTable, exporter: str | Sequence[str]
) -> tuple[InputOutputTable, str]:
    """The table and the exporter in it; several areas become one that trades as a group.

    A group that the vocabulary has, such as EU27, stands for its members that the table has.
    """
    if not isinstance(exporter, str):
        members = [found(table, e) for e in exporter]
        if len(members) == 1:
            return table, members[0]
        name = "+".join(members)
        return table.grouped({name: members}), name
    try:
        return table, found(table, exporter)
    except UnknownTerm:
        members = _members(table, exporter)
        if not members:
            raise
        return table.grouped({exporter.upper(): members}), exporter.upper()


def _members(table: InputOutputTable, group: str) -> list[str]:
    import datetime as dt

    from boeki.terms import groups

    day = dt.date(table.year or dt.date.today().year, 7, 1)
    try:
        codes = groups.members(group, day)
    except (UnknownTerm, InputError):
        return []
    return [a for a in table.areas if a in codes]


def world_only(table: InputOutputTable, what: str) -> None:
    """Refuse a national table.

    Raises
    ------
    InputError
        For a table of one economy.
    """
    if table.national or len(table.areas) < 2:
        raise InputError(
            f"{what} wants an inter-country table: a national one does not say what becomes of "
            "exports abroad. Use OECD ICIO, FIGARO or WIOD"
        )


def name(area: str) -> str:
    """An area as people write it."""
    try:
        return vocabulary.name(area)
    except UnknownTerm:
        return {"ROW": "rest of the world"}.get(area, area)


def titled(what: str, exporter: str, table: InputOutputTable, partner: str | None = None) -> str:
    """A heading: what, whose, with whom, when."""
    words = f"{what}, {name(exporter)}"
    words += f" to {name(partner)}" if partner else ""
    return f"{words}, {table.year}" if table.year else words


def about(table: InputOutputTable, **asked: Any) -> dict[str, Any]:
    """What was asked, and of which table."""
    return {k: v for k, v in asked.items() if v is not None} | {
        "year": table.year, "currency": table.currency, "valuation": "basic prices",
        "table": table.source, "areas": len(table.areas), "sectors": len(table.sectors),
        "value_added": table.value_added_is,
    }  # fmt: skip


def notes(table: InputOutputTable, *more: str) -> list[str]:
    """What was found and done when the table was made, and what value added is."""
    return [*more, *table.notes, f"Value added: {table.value_added_is}."]


def said(value: float, currency: str) -> str:
    """An amount in words: ``USD 859.596 bn``."""
    from decimal import Decimal

    from boeki.terms.wording import amount

    return amount(Decimal(repr(float(value))), currency)


def note_column(rows: Sequence[Mapping[str, Any]]) -> Column:
    """The column of reasons, shown where there are any."""
    return Column("note", "why a value is missing", shown=any(r["note"] for r in rows))


def money(table: InputOutputTable, value: Any) -> float:
    """A value of the table in whole units of its currency."""
    return float(value) * table.unit


def sector_labels(table: InputOutputTable, area: str) -> list[str]:
    """The sectors of an area, with the part where it has parts."""
    rows = table.rows(area)
    out = []
    for part, sector in zip(table.row_parts[rows], table.row_sectors[rows], strict=True):
        out.append(sector if part == area else f"{part} {sector}")
    return out


def columns(table: InputOutputTable, known: Mapping[str, str], seen: Sequence[str]) -> list[Column]:
    """Columns of amounts, of which people are shown some."""
    return [Column(n, words, table.currency, shown=n in seen) for n, words in known.items()]


def summed(values: Mapping[str, Array], by: str) -> dict[str, Array]:
    """Amounts by sector and partner, added up over what is not asked for."""
    axis: dict[str, int | tuple[int, ...] | None] = {
        "sector": 1, "partner": 0, "sector-partner": (), "exporter": None,
    }  # fmt: skip
    if by not in axis:
        raise UnknownTerm("breakdown", by, axis)
    return {k: np.asarray(v.sum(axis=axis[by])) for k, v in values.items()}


def keyed(
    table: InputOutputTable, exporter: str, values: Mapping[str, Array], by: str
) -> Iterable[tuple[dict[str, str], dict[str, float]]]:
    """Keys and amounts of each row of an answer, in whole currency."""
    at = table.place(exporter)
    sectors = sector_labels(table, exporter)
    for place in np.ndindex(next(iter(values.values())).shape):
        keys = {"exporter": exporter}
        spot = list(place)
        if by.startswith("sector"):
            keys["sector"] = sectors[spot.pop(0)]
        if by.endswith("partner"):
            if spot[0] == at:
                continue
            keys["partner"] = table.areas[spot[0]]
        yield keys, {k: money(table, v[place]) for k, v in values.items()}


def share(part: float, whole: float) -> float | None:
    """In percent; None of nothing."""
    return 100 * part / whole if whole else None
