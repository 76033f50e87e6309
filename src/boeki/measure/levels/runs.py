"""Runs: how many periods in a row a figure has kept its sign, since when, and to what sum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.lake import Lake
from boeki.measure.levels.line import Line, read_line
from boeki.measure.rates import Kind

On = Literal["auto", "value", "change"]
_ON = ("auto", "value", "change")
_METHOD = Method(
    "Runs of one sign",
    "consecutive periods with the same sign of x(t), or of x(t) − x(t−12); a gap ends a run",
    "A count, as statistical offices use it: 'the fifth deficit in a row'",
    "explanation/levels-and-growth.md",
)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive periods of one sign.

    Attributes
    ----------
    sign
        1 or −1.
    months
        First months of its periods.
    total
        What it adds up to: of values, or of changes on the year.
    opens
        What was in the period before it is not known, so that it may be longer.
    """

    sign: int
    months: tuple[int, ...]
    total: Decimal
    opens: bool

    @property
    def length(self) -> int:
        """Periods, negative for a run of deficits or falls."""
        return self.sign * len(self.months)


def runs(values: Mapping[int, Decimal], step: int = 1) -> list[Run]:
    """Every run of a series, in order of time.

    Parameters
    ----------
    values
        First month to what has a sign; a missing period ends a run, as a nil does.
    step
        Months in a period.
    """
    out: list[Run] = []
    for month in sorted(values):
        value = values[month]
        if not value:
            continue
        sign = 1 if value > 0 else -1
        last = out[-1] if out else None
        if last and last.sign == sign and last.months[-1] == month - step:
            out[-1] = Run(sign, (*last.months, month), last.total + value, last.opens)
        else:
            out.append(Run(sign, (month,), value, month - step not in values))
    return out


def _known(on: str) -> None:
    if on not in _ON:
        raise UnknownTerm("kind of run", on, _ON)


def signed_values(line: Line, on: On = "auto") -> dict[int, Decimal]:
    """What the runs of a line are runs of: values of a balance, changes on the year of the rest.

    Raises
    ------
    UnknownTerm
        For another ``on``.
    """
    _known(on)
    if on == "value" or (on == "auto" and line.signed):
        return dict(line.values)
    past = line.values
    return {m: v - past[m - 12] for m, v in line.values.items() if m - 12 in past}


def measure_runs(
    measure: str,
    reporter: str,
    *,
    on: On = "auto",
    least: int = 2,
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
    """List the runs of surpluses and deficits, or of rises and falls on the year.

    Parameters
    ----------
    measure, reporter, partner, product, start, end, freq, as_of, adjusted, currency, rate, lake
        As in :func:`boeki.measure_series`; a run that touches the span is listed whole.
    on
        ``value`` for the sign of the value, ``change`` for that of the change on the year, ``auto``
        for values of a balance and changes of all else.
    least
        Only runs of so many periods or more.

    Returns
    -------
    Answer
        One row a run, longest first.
    """
    if least < 1:
        raise InputError(f"a run of {least} periods is none: give 1 or more")
    _known(on)
    line = read_line(
        measure, reporter, partner=partner, product=product, start=start, end=end, freq=freq,
        as_of=as_of, adjusted=adjusted, currency=currency, rate=rate, lake=lake,
    )  # fmt: skip
    signs = signed_values(line, on)
    inside = set(line.months(start, end))
    found = [r for r in runs(signs, line.step) if inside & set(r.months)]
    found = [r for r in found if len(r.months) >= least]
    found.sort(key=lambda r: (-len(r.months), r.months[0]))
    of_values = signs == dict(line.values)
    used = {m for r in found for m in r.months}
    used |= set() if of_values else {m - 12 for m in used}
    return answer(
        f"Runs of {line.name[0].lower()}{line.name[1:]}",
        [_row(line, r, of_values, signs) for r in found], _columns(line.unit, of_values), _METHOD,
        about={**line.about, "on": "value" if of_values else "change", "least": least},
        notes=line.notes, chart=Chart("ranking", "from", ("length",)) if found else None,
        **line.evidence(sorted(used)),
    )  # fmt: skip


def _row(line: Line, run: Run, of_values: bool, signs: Mapping[int, Decimal]) -> dict[str, Any]:
    words = ("surplus", "deficit") if of_values else ("rise", "fall")
    most = max(run.months, key=lambda m: abs(signs[m]))
    last = run.months[-1] == max(signs)
    notes = ["may be longer: what was before is not known"] if run.opens else []
    notes += ["goes on"] if last else []
    return {
        "from": line.label(run.months[0]),
        "to": line.label(run.months[-1]),
        "sign": words[run.sign < 0],
        "length": len(run.months),
        "total": run.total,
        "largest": signs[most],
        "largest_in": line.label(most),
        "note": "; ".join(notes),
    }


def _columns(unit: str, of_values: bool) -> list[Column]:
    what = "the values" if of_values else "the changes on the year"
    return [
        Column("from", "First period"),
        Column("to", "Last period"),
        Column("sign", "Which way"),
        Column("length", "Periods"),
        Column("total", f"Sum of {what}", unit),
        Column("largest", f"Largest of {what}", unit),
        Column("largest_in", "When that was"),
        Column("note", "What bounds it"),
    ]
