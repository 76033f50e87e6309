"""Measured series and breakdowns as answers, so that they can be drawn like any other."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.measure.breakdown import Breakdown
from boeki.measure.measured import Measured
from boeki.report.measured import breakdown_title, series_title
from boeki.terms.measures import MEASURES
from boeki.terms.periods import Period


@singledispatch
def as_answer(measured: Any) -> Answer:
    """A measured series or a breakdown as an answer.

    Parameters
    ----------
    measured
        What :func:`boeki.measure_series` or :func:`boeki.break_down` gave.

    Returns
    -------
    Answer
        A row a period, those without a figure included; or a row a partner or product.

    Raises
    ------
    TypeError
        For anything else.
    """
    raise TypeError(f"neither a measured series nor a breakdown: {type(measured).__name__}")


@as_answer.register
def _(measured: Measured) -> Answer:
    m = measured
    rows: dict[str, dict[str, Any]] = {
        r.period: {"period": r.period, "value": r.value, "yoy": r.yoy, "note": ""} for r in m.rows
    }
    for period in (*m.missing, *m.unconverted):
        empty = {"period": period, "value": None, "yoy": None, "note": "no figure"}
        rows.setdefault(period, empty)
    named = m.measure.replace("_", " ")
    columns = (
        Column("period", "period"),
        Column("value", named, m.unit),
        Column("yoy", "change on the year", "%", places=1),
        Column("note", "why a cell is empty", shown=False),
    )
    return answer(
        series_title(m),
        sorted(rows.values(), key=lambda r: Period.parse(r["period"], m.reporter).first),
        columns,
        _method(m.measure),
        about={k: getattr(m, k) for k in ("measure", "reporter", "partner", "product", "freq")},
        notes=m.left_out,
        sources=sorted({s for r in m.rows for s in r.sources}),
        evidence=[row for r in m.rows for row in r.rows],
        published=max(r.published for r in m.rows),
        chart=Chart("bars" if m.measure == "balance" else "line", "period", ("value",)),
    )


@as_answer.register
def _(broken_down: Breakdown) -> Answer:
    b = broken_down
    columns = (
        Column("rank", "place"),
        Column("name", b.by),
        Column("value", b.measure.replace("_", " "), b.unit),
        Column("share", "share", "%", places=1),
        Column("yoy", "change on the year", "%", places=1),
    )
    return answer(
        breakdown_title(b),
        [{c.name: getattr(p, c.name) for c in columns} for p in b.parts],
        columns,
        _method(b.measure),
        about={k: getattr(b, k) for k in ("measure", "reporter", "period", "by")},
        sources=sorted({s for p in b.parts for s in p.sources}),
        evidence=[row for p in b.parts for row in p.rows],
        published=max(p.published for p in b.parts),
        chart=Chart("ranking", "name", ("value",)),
    )


def _method(measure: str) -> Method:
    """What is drawn, as the offices define it."""
    what = MEASURES[measure].rstrip(".")
    return Method(what, what, "Official figures as published", "how-to/measure.md")
