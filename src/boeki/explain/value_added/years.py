"""One question put to the tables of many years."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from boeki.answer import Answer, Chart, Column, answer
from boeki.errors import InputError

if TYPE_CHECKING:
    from boeki.world.table import InputOutputTable


def over_years(
    tables: Iterable[InputOutputTable],
    question: Callable[[InputOutputTable], Answer],
    *,
    progress: Callable[[str], None] | None = None,
) -> Answer:
    """Ask the same of the tables of several years.

    Parameters
    ----------
    tables
        One for each year; :func:`boeki.world.read_tables` reads them one at a time.
    question
        Takes a table, gives an answer with one shape of table for all years.
    progress
        Called with each year before its question is put.

    Returns
    -------
    Answer
        The rows of all years, with the column ``year`` in front.

    Raises
    ------
    InputError
        For tables without a year, two of one year, none at all, or in unlike currencies.
    """
    found: dict[int, Answer] = {}
    for table in tables:
        if table.year is None or table.year in found:
            wrong = "has no year" if table.year is None else f"is of {table.year}, like another"
            raise InputError(f"{table.source or 'a table'} {wrong}: give each its own year")
        if progress:
            progress(str(table.year))
        found[table.year] = question(table)
        # Let the factors go before the next table comes.
        table.__dict__.pop("leontief", None)
    return _joined(found)


def _joined(found: dict[int, Answer]) -> Answer:
    if not found:
        raise InputError("there is no table: give at least one")
    years = sorted(found)
    first, last = found[years[0]], found[years[-1]]
    if len({tuple((c.name, c.unit) for c in a.columns) for a in found.values()}) > 1:
        raise InputError("the tables give unlike columns or currencies: ask each by itself")
    rows = [{"year": str(y), **row} for y in years for row in found[y].records()]
    shared, own = _parted(found)
    title = last.title.removesuffix(f", {years[-1]}")
    joined = answer(
        f"{title}, {years[0]}–{years[-1]}", rows,
        [Column("year", "year of the table"), *first.columns], first.method,
        about=dict(first.about) | {"year": [str(y) for y in years], "notes_by_year": own},
        notes=shared, sources=[s for a in found.values() for s in a.sources],
    )  # fmt: skip
    return replace(joined, chart=_over_time(first))


def _parted(found: dict[int, Answer]) -> tuple[list[str], dict[str, list[str]]]:
    """Notes that all years have, and those that each has for itself."""
    common = set.intersection(*(set(a.notes) for a in found.values()))
    shared = [n for n in next(iter(found.values())).notes if n in common]
    own = {str(y): [n for n in found[y].notes if n not in common] for y in sorted(found)}
    if any(own.values()):
        shared.append("Each table has notes of its own: notes_by_year in --json has them.")
    return shared, own


def _over_time(first: Answer) -> Chart | None:
    if first.chart is None:
        return None
    label = first.chart.x
    return Chart("line", "year", first.chart.y[:1], color=label)
