"""Measured series and breakdowns in the terminal."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from boeki.report.tables import chart_lines
from boeki.terms import areas, products
from boeki.terms.wording import amount, number, percent

if TYPE_CHECKING:
    from boeki.measure.breakdown import Breakdown
    from boeki.measure.table import Measured, Row

_SCALES = ((Decimal(10) ** 6, "mn"), (Decimal(10) ** 9, "bn"), (Decimal(10) ** 12, "tn"))
#: Above this many of a unit, the next larger one reads better.
_MANY = 20_000
_STATUS = {"provisional": "prov.", "revised": "rev."}


def print_measured(measured: Measured, console: Console | None = None) -> None:
    """Print a measured series: a table, a small chart, and where the figures come from."""
    console = console or Console()
    scale, word = _scale(measured)
    unit = f"{word} {measured.unit}".strip()
    console.print(Text(f"{series_title(measured)}, {unit}", style="bold"))
    console.print(_table(measured, scale))
    values = [float(r.value / scale) for r in measured.rows]
    width = min(console.width, 100)
    if len(values) > 1:
        console.print()
        for line in chart_lines([r.period for r in measured.rows], values, width):
            console.print(Text(line), soft_wrap=True)
    _print_foot(measured, console)


def series_title(m: Measured) -> str:
    """What was measured, as a heading."""
    name = {"balance": "trade balance", "trade": "total trade"}.get(
        m.measure, m.measure.replace("_", " ")
    )
    text = f"{areas.get(m.reporter).possessive} {name}"
    text = text[0].upper() + text[1:]
    if m.product != "TOTAL":
        text += f", {products.name(m.product)}"
    if m.partner != "WLD":
        text += f", {areas.name(m.partner)}"
    return text


def _scale(m: Measured) -> tuple[Decimal, str]:
    if len(m.unit) != 3:
        return Decimal(1), ""
    largest = max(abs(r.value) for r in m.rows)
    return next(((s, w) for s, w in _SCALES if largest / s < _MANY), _SCALES[-1])


def _table(m: Measured, scale: Decimal) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    changes = (
        ("y/y", "y/y %", "q/q %" if m.freq == "Q" else "m/m %")
        if m.freq in "MQ"
        else ("y/y", "y/y %")
    )
    run = "run" if m.measure == "balance" else "run y/y"
    table.add_column("period")
    for name in (m.measure.replace("_", " "), *changes, run):
        table.add_column(name, justify="right")
    if with_records := any(r.record for r in m.rows):
        table.add_column("record")
    table.add_column("status")
    table.add_column("published")
    if with_rates := any(r.rate_unit for r in m.rows):
        table.add_column("rate", justify="right")
    for row in m.rows:
        cells = [
            _value(row.value, scale),
            _value(row.yoy_difference, scale, signed=True),
            _percent(row.yoy),
        ]
        if m.freq in "MQ":
            cells.append(_percent(row.mom))
        record = [_record(row)] if with_records else []
        rate = [_rate(row)] if with_rates else []
        table.add_row(
            row.period,
            *cells,
            _run(row),
            *record,
            _STATUS.get(row.status, row.status),
            str(row.published),
            *rate,
        )
    return table


def _rate(row: Row) -> str:
    """A rate with as many decimals as an official one has."""
    if row.rate is None or row.rate_kind == "none":
        return "·"
    return number(row.rate, 2 if row.rate >= 100 else 4)


def _value(value: Decimal | None, scale: Decimal, *, signed: bool = False) -> str:
    if value is None:
        return "·"
    places = (
        1 if scale > 1 else (2 if abs(value) < 1000 and value != value.to_integral_value() else 0)
    )
    return number(value / scale, places, signed=signed)


def _percent(value: float | None) -> str:
    return "·" if value is None else number(value, 1, signed=True)


def _run(row: Row) -> str:
    if row.streak is None:
        return "·"
    return number(row.streak, 0, signed=True) + ("…" if row.streak_open else "")


def _print_foot(m: Measured, console: Console) -> None:
    console.print()
    if m.missing:
        console.print(
            Text(
                f"No figure for {', '.join(m.missing[:12])}{' …' if len(m.missing) > 12 else ''}.",
                style="yellow",
            )
        )
    for line in m.left_out:
        console.print(Text(line, style="yellow"))
    _print_conversion(m, console)
    known = f"as known on {m.as_of}" if m.as_of else "newest figures"
    sources = sorted({s for r in m.rows for s in r.sources})
    shown = ", ".join(sources[:4]) + (f" and {len(sources) - 4} more" if len(sources) > 4 else "")
    note = (
        "; exports FOB minus imports CIF, customs basis"
        if m.measure in ("balance", "trade")
        else ""
    )
    note = note.replace("minus", "plus") if m.measure == "trade" else note
    console.print(Text(f"{known[0].upper()}{known[1:]}{note}. Source: {shown}", style="dim"))
    told = (
        "“·” stands where a figure is missing or undefined; "
        "run: periods in a row, − for deficits or falls"
    )
    if any(r.streak_open for r in m.rows):
        told += ", … where it may be longer, as what was before is not known"
    console.print(Text(f"{told}.", style="dim"))


def _print_conversion(m: Measured, console: Console) -> None:
    if m.unconverted:
        some = ", ".join(m.unconverted[:12]) + (" …" if len(m.unconverted) > 12 else "")
        text = f"No exchange rate for the whole of {some}: not converted."
        console.print(Text(text, style="yellow"))
    converted = [r for r in m.rows if r.rate_kind in ("average", "end")]
    if converted:
        kind = "the average" if converted[0].rate_kind == "average" else "the rate at the end"
        units = " and ".join(sorted({r.rate_unit for r in converted}))
        days = f"{converted[0].rate_day} to {converted[-1].rate_day}"
        sources = ", ".join(sorted({s for r in converted for s in r.rate_source.split()}))
        console.print(
            Text(
                f"Converted by {kind} of each period ({units}; last days {days}); changes are "
                f"those of converted values. Rates: {sources}",
                style="dim",
            )
        )


def breakdown_title(b: Breakdown) -> str:
    """What was broken down, as a heading, with the whole of it."""
    whose = areas.get(b.reporter).possessive
    head = f"{whose} {b.measure} by {b.by}, {b.period}: {amount(b.total, b.unit)}"
    return head[0].upper() + head[1:]


def print_breakdown(b: Breakdown, console: Console | None = None, most: int = 25) -> None:
    """Print a breakdown: the largest parts with share, change and contribution."""
    console = console or Console()
    console.print(Text(breakdown_title(b), style="bold"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", justify="right")
    table.add_column(b.by)
    for name in ("value", "share %", "y/y %", "points", "% of change"):
        table.add_column(name, justify="right")
    for p in b.parts[:most]:
        points = "·" if p.contribution is None else number(p.contribution, 2, signed=True)
        table.add_row(
            str(p.rank),
            p.name,
            amount(p.value, b.unit),
            number(p.share, 1),
            _percent(p.yoy),
            points,
            _percent(p.share_of_change),
        )
    console.print(table)
    covered = sum(p.share for p in b.parts)
    rest = f"{len(b.parts) - most} more in --csv or --json. " if len(b.parts) > most else ""
    console.print(
        Text(
            f"{rest}Listed parts make up {percent(covered, signed=False)} of the whole.",
            style="dim",
        )
    )


def _record(row: Row) -> str:
    """``high`` or ``low`` of the series, ``month high`` or ``month low`` of the calendar month."""
    return row.record.replace("series ", "").replace("same-month", "month")
