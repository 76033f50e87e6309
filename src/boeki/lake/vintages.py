"""The vintages of a lake: what each document said on its day, and how much of it was news."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from boeki.errors import NoFigure
from boeki.lake.readings import number_sql
from boeki.lake.selection import Selection, several
from boeki.lake.store import Lake

#: The order in which a figure's rows were known, as it is when the newest of a day is looked for.
PAST = "PARTITION BY figure ORDER BY published, retrieved, revision, source DESC"


@dataclass(frozen=True, slots=True)
class Vintage:
    """What one document published on one day.

    Attributes
    ----------
    office, source, title
        Whose document, its name in the lake and its title.
    table
        ``flows`` or ``series``.
    published, retrieved
        The day of publication, and the last day on which its bytes came.
    vintage
        How the office calls it; may be empty.
    first, last
        Its first and last period.
    rows, firsts, revisions
        Rows that the lake has of it: of figures that nothing had said before, and of others.
    corrections
        Rows of a later reading of it: what it was read to say before was wrong.
    withdrawn
        Figures that it leaves out, as they had been given.
    """

    office: str
    source: str
    title: str
    table: str
    published: dt.date
    retrieved: dt.date
    vintage: str
    first: str
    last: str
    rows: int
    firsts: int
    revisions: int
    corrections: int
    withdrawn: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, days as ISO 8601 writes them."""
        days = {"published": str(self.published), "retrieved": str(self.retrieved)}
        return {**asdict(self), **days}


def vintages(lake: Lake, which: Selection | None = None) -> tuple[Vintage, ...]:
    """Every day and document of a lake, in the order of their days.

    A pulled row stands in the lake only where it says something new, so a document that repeated
    what was known shows fewer rows than it has lines.

    Parameters
    ----------
    lake
        With or without a place.
    which
        Which figures; None for all.

    Raises
    ------
    NoFigure
        Where the lake has no such figures.
    """
    which = which or Selection()
    found = [v for table in which.tables() for v in _of(lake, table, which.where(table))]
    if not found:
        raise nothing(lake)
    return tuple(sorted(found, key=lambda v: (v.published, v.source, v.table, v.vintage)))


def _of(lake: Lake, table: str, chosen: str) -> list[Vintage]:
    label = "coalesce(vintage, '')"
    told = (
        f"office, source, published, retrieved, {label} AS vintage, period, month, "
        f"{number_sql()} > 1 AS reread, value IS NULL AS gone"
    )
    rows = lake.query(
        f"WITH several AS {several(table, chosen)}, judged AS ("
        f"SELECT {told}, true AS opens FROM {{{table}}} ANTI JOIN several USING (figure) "
        f"WHERE {chosen} UNION ALL "
        f"SELECT {told}, row_number() OVER ({PAST}) = 1 AS opens "
        f"FROM {{{table}}} SEMI JOIN several USING (figure) WHERE {chosen}) "
        "SELECT office, j.source, any_value(d.title) AS title, "
        f"'{table}' AS table, j.published, max(j.retrieved) AS retrieved, j.vintage, "
        "arg_min(period, month) AS first, arg_max(period, month) AS last, count(*) AS rows, "
        "count(*) FILTER (opens) AS firsts, "
        "count(*) FILTER (NOT opens AND NOT reread AND NOT gone) AS revisions, "
        "count(*) FILTER (reread) AS corrections, "
        "count(*) FILTER (gone AND NOT reread) AS withdrawn "
        "FROM judged j LEFT JOIN documents d USING (source) "
        "GROUP BY office, j.source, j.published, j.vintage"
    )
    return [Vintage(**{**row, "title": row["title"] or ""}) for row in rows.to_pylist()]


def nothing(lake: Lake) -> NoFigure:
    """The error for a question that no row of the lake answers."""
    where = f"the lake at {lake.place.shown}" if lake.place else "what boeki ships"
    return NoFigure(f"{where} has no such figures: `boeki lake status` lists what is there")
