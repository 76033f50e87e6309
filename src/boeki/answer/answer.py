"""The one shape of what indicators and decompositions give."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boeki.answer.chart import Chart
from boeki.answer.column import Column
from boeki.answer.method import Method
from boeki.terms.csv_safety import write_csv

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Answer:
    """A tidy table with all that is needed to cite it.

    Attributes
    ----------
    title
        What it is, for a heading: ``Grubel–Lloyd index, Japan with the world, 2024``.
    table
        One row an observation. A null has its reason in a column of words named ``note``.
    columns
        What stands in each column of the table, in its order.
    method
        How it was computed.
    about
        What was asked: reporter, period, valuation, parameters of the method … Texts, numbers,
        lists of them or None.
    notes
        What a reader must know before using it: what was left out and why, known biases.
    sources, rows
        Documents behind it and, where known, the rows of the lake.
    published
        The day of the newest figure in it.
    chart
        The picture that shows it best.
    """

    title: str
    table: pa.Table
    columns: tuple[Column, ...]
    method: Method
    about: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    published: dt.date | None = None
    chart: Chart | None = None

    def column(self, name: str) -> Column:
        """The description of a column.

        Raises
        ------
        KeyError
            Where there is none of this name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries: exact decimals, None for nulls."""
        return list(self.table.to_pylist())

    def to_arrow(self) -> pa.Table:
        """The table alone."""
        return self.table

    def to_pandas(self) -> pd.DataFrame:
        """A data frame; title, method, units, notes and sources are in its ``attrs``."""
        frame = self.table.to_pandas()
        frame.attrs.update(self._head())
        return frame

    def to_dict(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        rows = [{k: _plain(v) for k, v in row.items()} for row in self.records()]
        return self._head() | {"evidence": list(self.rows), "rows": rows}

    def to_csv(self) -> str:
        """As ``--csv`` prints it: the table alone."""
        out = io.StringIO()
        write_csv(({k: _plain(v) for k, v in row.items()} for row in self.records()), out)
        return out.getvalue()

    def _head(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "method": self.method.to_dict(),
            "about": {k: _plain(v) for k, v in self.about.items()},
            "columns": [c.to_dict() for c in self.columns],
            "notes": list(self.notes),
            "sources": list(self.sources),
            "published": self.published.isoformat() if self.published else None,
        }

    def _repr_html_(self) -> str:
        from html import escape

        shown = [c.name for c in self.columns if c.shown]
        parts = [f"<h4>{escape(self.title)}</h4>", self.to_pandas()[shown]._repr_html_()]
        parts += [f"<p><small>{escape(note)}</small></p>" for note in self.notes]
        cited = f"{self.method.name}: {self.method.reference}"
        if self.sources:
            cited += f". Figures: {', '.join(self.sources[:6])}"
        return "".join([*parts, f"<p><small>{escape(cited)}</small></p>"])


def answer(
    title: str,
    rows: pa.Table | pd.DataFrame | Sequence[Mapping[str, Any]],
    columns: Sequence[Column],
    method: Method,
    *,
    about: Mapping[str, Any] | None = None,
    notes: Iterable[str] = (),
    sources: Iterable[str] = (),
    evidence: Iterable[str] = (),
    published: dt.date | None = None,
    chart: Chart | None = None,
) -> Answer:
    """Make an answer of rows.

    Parameters
    ----------
    title, columns, method, about, notes, published, chart
        As :class:`Answer` has them.
    rows
        A table, a data frame, or one dictionary a row.
    sources, evidence
        Documents, and rows of the lake; put in order, each once.

    Raises
    ------
    ValueError
        Where the table has other columns than were described, or the chart draws others.
    """
    table = _table(rows, columns)
    said, have = [c.name for c in columns], table.column_names
    if said != have:
        raise ValueError(f"the table has the columns {have}, described are {said}")
    if chart:
        drawn = {chart.x, *chart.y, chart.color, chart.low, chart.high} - {""}
        if not drawn <= set(have):
            raise ValueError(f"the chart draws {sorted(drawn - set(have))}, which is not there")
    return Answer(
        title, table, tuple(columns), method, dict(about or {}), tuple(notes),
        tuple(sorted(set(sources))), tuple(dict.fromkeys(evidence)), published, chart,
    )  # fmt: skip


def _table(
    rows: pa.Table | pd.DataFrame | Sequence[Mapping[str, Any]], columns: Sequence[Column]
) -> pa.Table:
    import pyarrow as pa

    if isinstance(rows, pa.Table):
        return rows
    if hasattr(rows, "to_dict"):
        return pa.Table.from_pandas(rows, preserve_index=False)
    if not rows:
        return pa.table({c.name: pa.array([], pa.null()) for c in columns})
    # Every row must have every column: a list of dictionaries would quietly lose what only some
    # of them have.
    for row in rows:
        if list(row) != list(rows[0]):
            raise ValueError(f"a row has the columns {list(row)}, the first one {list(rows[0])}")
    return pa.Table.from_pylist([dict(row) for row in rows])


def _plain(value: Any) -> Any:
    """A value as JSON can have it: no NaN, which JSON does not know, and no decimals."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [_plain(v) for v in items]
    return value
