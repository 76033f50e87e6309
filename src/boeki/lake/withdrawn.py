"""Withdrawn figures: given once, left out by a later state of the same table, and read no more."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from boeki.lake.described import COLUMNS, described
from boeki.lake.readings import WITHDRAWN, number_sql
from boeki.lake.selection import Selection, text
from boeki.lake.steps import DESCRIBED
from boeki.lake.store import Lake
from boeki.lake.vintages import PAST


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A figure that its office took back.

    Attributes
    ----------
    table, figure, period
        What it is, as :class:`boeki.lake.revisions.Revision` has it.
    value
        What it was until then.
    known, before
        The day on which that was published, and in which document.
    published, source
        The day from which it stands no more, and the document that leaves it out.
    reading
        The office never gave it: boeki had misread the document.
    """

    table: str
    figure: dict[str, Any]
    period: str
    value: Decimal
    known: dt.date
    before: str
    published: dt.date
    source: str
    reading: bool

    @property
    def unit(self) -> str:
        """Its currency or unit."""
        return str(self.figure.get("currency") or self.figure.get("unit") or "")

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        return described(self.table, self.figure)

    def to_dict(self) -> dict[str, Any]:
        """The columns of a table, the same for flows and series."""
        told = {c: self.figure.get(c, "") for c in COLUMNS}
        if self.table == "series":
            told |= {
                "reporter": self.figure["area"],
                "dimensions": json.dumps(self.figure["dimensions"]),
            }
        return {
            "table": self.table,
            **told,
            "period": self.period,
            "unit": self.unit,
            "value": format(self.value.normalize(), "f"),
            "known": str(self.known),
            "before": self.before,
            "withdrawn": str(self.published),
            "source": self.source,
            "reading": self.reading,
        }


def withdrawn(
    lake: Lake, which: Selection | None = None, *, since: dt.date | None = None
) -> tuple[Withdrawn, ...]:
    """The figures that are withdrawn now, in the order of days and documents.

    Parameters
    ----------
    lake
        With or without a place.
    which
        Which figures; None for all.
    since
        Only what was withdrawn on this day or later.
    """
    which = which or Selection()
    return tuple(
        Withdrawn(
            table,
            {c: _plain(row[c]) for c in DESCRIBED[table]},
            *(
                row[c]
                for c in ("period", "value", "known", "before", "published", "source", "reading")
            ),
        )
        for table in which.tables()
        for row in lake.query(_gone(table, which.where(table), since)).to_pylist()
    )


def _gone(table: str, chosen: str, since: dt.date | None) -> str:
    """SQL for figures of which the newest row says that the office took them back."""
    names = ", ".join(DESCRIBED[table])
    late = f" AND published >= DATE {text(since.isoformat())}" if since else ""
    before = ", ".join(
        f"last_value({c} IGNORE NULLS) OVER (past ROWS BETWEEN UNBOUNDED PRECEDING AND "
        f"1 PRECEDING) AS {name}"
        for c, name in (
            ("value", "value"),
            ("CASE WHEN value IS NOT NULL THEN published END", "known"),
            ("CASE WHEN value IS NOT NULL THEN source END", "before"),
        )
    )
    return (
        f"SELECT * FROM (SELECT figure, {names}, period, month, published, source, "
        f"status, {before}, lead(figure) OVER past AS after, {number_sql()} > 1 AS reading "
        f"FROM {{{table}}} WHERE {chosen} AND figure IN "
        f"(SELECT figure FROM {{{table}}} WHERE status = '{WITHDRAWN}' AND {chosen}) "
        f"WINDOW past AS ({PAST})) WHERE status = '{WITHDRAWN}' AND after IS NULL "
        f"{late} ORDER BY published, source, month, period, figure"
    )


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, list) else value


def by_document(found: Iterable[Withdrawn]) -> dict[str, list[Withdrawn]]:
    """Withdrawn figures by the document that leaves them out."""
    out: dict[str, list[Withdrawn]] = {}
    for one in found:
        out.setdefault(one.source, []).append(one)
    return out
