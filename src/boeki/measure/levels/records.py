"""Records: the highest and lowest so far, by how much, and whose record it was; "first since".

A record is among the figures up to its own period. It is called one only against two years of
figures without a gap, or against three of the same month, as :func:`boeki.measure_series` does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.lake import Lake
from boeki.measure.levels.line import Line, read_line
from boeki.measure.levels.ranks import TIES, Ties, rank_values
from boeki.measure.levels.runs import On, Run, runs, signed_values
from boeki.measure.rates import Kind
from boeki.measure.record import LEAST_MONTHS, LEAST_YEARS

_METHOD = Method(
    "Records, ranks and runs",
    "a record exceeds every earlier figure; 'since' is the last earlier figure at least as high "
    "(or as low)",
    "Counts, as statistical offices use them",
    "explanation/levels-and-growth.md",
)


def measure_records(
    measure: str,
    reporter: str,
    *,
    ties: Ties = "competition",
    on: On = "auto",
    partner: str = "WLD",
    product: str = "TOTAL",
    start: str | None = None,
    end: str | None = None,
    freq: str = "M",
    as_of: dt.date | None = None,
    adjusted: bool = False,
    currency: str | None = None,
    rate: Kind = "average",
    lake: Lake | None = None,
) -> Answer:
    """Measure a series' records, ranks and runs.

    Parameters
    ----------
    measure, reporter, partner, product, start, end, freq, as_of, adjusted, currency, rate, lake
        As in :func:`boeki.measure_series`. What is compared with is all that the lake has, whatever
        ``start`` is.
    ties
        How equal figures are ranked: one of :data:`boeki.measure.levels.TIES`.
    on
        What runs are of; see :func:`boeki.measure.levels.measure_runs`.

    Returns
    -------
    Answer
        One row a period: its record with the margin and the previous holder, among all periods and
        among those of the same month; its rank in both; the last period that was at least as high,
        and as low; and the run that it stands in.

    Raises
    ------
    UnknownTerm, InputError, NoFigure, NotYetPublished
        As :func:`boeki.measure_series` raises them.

    Examples
    --------
    >>> from boeki.measure.levels import measure_records
    >>> row = measure_records("balance", "JPN", start="2024-11", end="2024-11").records()[0]
    >>> row["run"], row["run_from"]
    (-5, '2024-07')
    """
    line = read_line(
        measure, reporter, partner=partner, product=product, start=start, end=end, freq=freq,
        as_of=as_of, adjusted=adjusted, currency=currency, rate=rate, lake=lake,
    )  # fmt: skip
    signs = signed_values(line, on)
    standing = {m: r for r in runs(signs, line.step) for m in r.months}
    months = [m for m in line.months(start, end) if m in line.values]
    rows = [_row(line, m, standing, ties) for m in months]
    of_values = signs == dict(line.values)
    first = line.label(min(line.values))
    notes = [
        *line.notes,
        *line.finality(months),
        f"Compared with all figures from {first} on: a record is one of that time only.",
        f"Ranks are among the figures up to each period; ties: {TIES[ties]}.",
    ]
    return answer(
        f"Records and runs of {line.name[0].lower()}{line.name[1:]}, {line.label(months[0])} to "
        f"{line.label(months[-1])}",
        rows, _columns(line, of_values, rows), _METHOD,
        about={**line.about, "ties": ties, "on": "value" if of_values else "change",
               "compared_from": first},
        notes=notes, chart=Chart("bars", "period", ("value",)),
        **line.evidence(m for m in sorted(line.values) if m <= months[-1]),
    )  # fmt: skip


def record_against(
    value: Decimal, earlier: Mapping[int, Decimal]
) -> tuple[str, Decimal | None, int | None]:
    """Whether a value is a record, by how much, and the period of the one it broke.

    Parameters
    ----------
    value
        The figure.
    earlier
        Period to figure, of those before it.

    Returns
    -------
    kind, margin, holder
        ``high``, ``low`` or empty; the margin is negative for a low. Where two periods share the
        previous record, the later one is named.
    """
    if not earlier:
        return "", None, None
    top = max(earlier, key=lambda m: (earlier[m], m))
    bottom = max(earlier, key=lambda m: (-earlier[m], m))
    if value > earlier[top]:
        return "high", value - earlier[top], top
    if value < earlier[bottom]:
        return "low", value - earlier[bottom], bottom
    return "", None, None


def since(value: Decimal, earlier: Mapping[int, Decimal], *, higher: bool = True) -> int | None:
    """The last earlier period that was at least as high, or as low; None where there is none."""
    reached = [m for m, v in earlier.items() if (v >= value if higher else v <= value)]
    return max(reached, default=None)


def _row(line: Line, month: int, standing: Mapping[int, Run], ties: Ties) -> dict[str, Any]:
    value = line.values[month]
    earlier = {m: v for m, v in line.values.items() if m < month}
    same = {m: v for m, v in earlier.items() if (month - m) % 12 == 0}
    whole = record_against(value, earlier) if _unbroken(line, month) else ("", None, None)
    of_month = record_against(value, same) if len(same) >= LEAST_YEARS else ("", None, None)
    up, down = since(value, earlier), since(value, earlier, higher=False)
    told_up, told_down = (m if _all_since(line, month, m) else None for m in (up, down))
    cells: dict[str, Any] = {"period": line.label(month), "value": value}
    cells |= _record(line, "record", whole) | _record(line, "month_record", of_month)
    cells |= {
        "highest_since": line.label(told_up) if told_up is not None else None,
        "lowest_since": line.label(told_down) if told_down is not None else None,
        "rank": _place(value, earlier, ties),
        "rank_of": len(earlier) + 1,
        "month_rank": _place(value, same, ties),
        "month_rank_of": len(same) + 1,
    }
    cells |= _run(line, month, standing.get(month))
    notes = _notes(line, month, up, down, len(same))
    if (told_up, told_down) != (up, down):
        notes.append("what was since then is not all known")
    if cells["run_open"]:
        notes.append("its run may be longer")
    return cells | {"note": "; ".join(notes)}


def _unbroken(line: Line, month: int) -> bool:
    """Whether two years of figures without a gap lie before a period."""
    first = min(line.values)
    before = range(first, month, line.step)
    return len(before) * line.step >= LEAST_MONTHS and all(m in line.values for m in before)


def _all_since(line: Line, month: int, past: int | None) -> bool:
    """Whether every figure between two periods is known."""
    return past is None or all(m in line.values for m in range(past + line.step, month, line.step))


def _record(line: Line, name: str, found: tuple[str, Decimal | None, int | None]) -> dict[str, Any]:
    kind, margin, holder = found
    held = line.values[holder] if holder is not None else None
    return {
        name: kind,
        f"{name}_margin": margin,
        f"{name}_before": held,
        f"{name}_holder": line.label(holder) if holder is not None else None,
    }


def _place(value: Decimal, earlier: Mapping[int, Decimal], ties: Ties) -> float:
    return rank_values([*earlier.values(), value], ties=ties)[-1]


def _run(line: Line, month: int, run: Run | None) -> dict[str, Any]:
    """The run up to a period, which may go on after it."""
    upto = [m for m in run.months if m <= month] if run else []
    return {
        "run": run.sign * len(upto) if run else None,
        "run_from": line.label(upto[0]) if run else None,
        "run_open": run.opens if run else None,
    }


def _notes(line: Line, month: int, up: int | None, down: int | None, same: int) -> list[str]:
    out = []
    if up is None and down is not None:
        out.append("none before it was as high")
    if down is None and up is not None:
        out.append("none before it was as low")
    if not _unbroken(line, month):
        out.append("too few figures without a gap before it to call a record")
    if same < LEAST_YEARS:
        out.append("too few of the same month")
    return out


def _columns(line: Line, of_values: bool, rows: list[dict[str, Any]]) -> list[Column]:
    unit = line.unit

    def told(name: str) -> bool:
        return any(r[name] for r in rows)

    def record(name: str, among: str) -> list[Column]:
        return [
            Column(name, f"Record among {among}: high or low", shown=told(name)),
            Column(f"{name}_margin", "By how much", unit, shown=False),
            Column(f"{name}_before", "The record before", unit, shown=False),
            Column(f"{name}_holder", "Who held it", shown=name == "record" and told(name)),
        ]

    sign = "sign of the value" if of_values else "sign of the change on the year"
    return [
        Column("period", "Period"),
        Column("value", line.name, unit),
        *record("record", "all periods before"),
        *record("month_record", "the same period of earlier years"),
        Column("highest_since", "Last period before that was at least as high"),
        Column("lowest_since", "Last period before that was at least as low"),
        Column("rank", "Place among all periods up to it, largest first"),
        Column("rank_of", "Among how many", shown=False),
        Column("month_rank", "Place among the same period of all years up to it"),
        Column("month_rank_of", "Among how many", shown=False),
        Column("run", f"Periods in a row with one {sign}; negative for minus"),
        Column("run_from", "When the run began"),
        Column("run_open", "Whether it may have begun before the first figure", shown=False),
        Column("note", "What is not known", shown=told("note")),
    ]
