"""A measure of the lake, seasonally adjusted, with specification and diagnostics beside it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, cast

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.cores import cores
from boeki.errors import InputError, UnknownTerm
from boeki.lake import Lake, open_lake
from boeki.measure.measured import Measured
from boeki.measure.seasonal.binary import TIMEOUT
from boeki.measure.seasonal.revision import Revised, Revision, adjust_under
from boeki.measure.seasonal.series import Freq, TimeSeries, checked
from boeki.measure.seasonal.spec import Spec
from boeki.measure.seasonal.summary import summary
from boeki.measure.table import measure_series
from boeki.terms import areas, products
from boeki.terms.periods import Period

#: Sums and differences that can be adjusted as a whole or part by part, with the sign of each part.
_PARTS = {"balance": {"exports": 1, "imports": -1}, "trade": {"exports": 1, "imports": 1}}
_METHODS = {
    "seats": Method(
        "Seasonal adjustment, X-13ARIMA-SEATS (SEATS)",
        "adjusted = original / (seasonal × calendar), or original − seasonal − calendar; "
        "components by signal extraction from the regARIMA model",
        "U.S. Census Bureau, X-13ARIMA-SEATS 1.1; Gómez & Maravall (1996), Banco de España",
        "explanation/seasonal-adjustment.md",
    ),
    "x11": Method(
        "Seasonal adjustment, X-13ARIMA-SEATS (X-11)",
        "adjusted = original / (seasonal × calendar), or original − seasonal − calendar; "
        "components by moving averages of the series extended by the regARIMA model",
        "U.S. Census Bureau, X-13ARIMA-SEATS 1.1; Findley, Monsell, Bell, Otto & Chen (1998), "
        "Journal of Business & Economic Statistics 16",
        "explanation/seasonal-adjustment.md",
    ),
}
_POLICIES = {
    "concurrent": "concurrent: all is chosen and estimated anew with all data",
    "partial": "partial concurrent: chosen by data to {0}, estimated with all data",
    "forward": "controlled current: forward factors, forecast from data to {0}",
}
#: Adjusted figures are estimates: more places than a thousandth of the unit would say nothing.
_PLACES = Decimal("0.001")

Direct = bool | Literal["both"]


@dataclass(frozen=True, slots=True)
class _Part:
    """A series of the lake and what became of it."""

    measured: Measured
    revised: Revised
    values: tuple[Decimal, ...]

    @property
    def name(self) -> str:
        return self.measured.measure


def measure_adjusted(
    measure: str,
    reporter: str,
    *,
    partner: str = "WLD",
    product: str = "TOTAL",
    freq: Literal["M", "Q"] = "M",
    start: str | None = None,
    end: str | None = None,
    data_from: str | None = None,
    data_to: str | None = None,
    method: Literal["seats", "x11"] | None = None,
    calendar: str = "",
    spec: Spec | Mapping[str, Spec] | None = None,
    direct: Direct = "both",
    revision: Revision = "concurrent",
    reference: str | None = None,
    as_of: dt.date | None = None,
    timeout: float = TIMEOUT,
    lake: Lake | None = None,
) -> Answer:
    """Measure a reporter's trade without its seasonal pattern, trading days and holidays.

    Parameters
    ----------
    measure, reporter, partner, product
        As in :func:`boeki.measure.table.measure_series`.
    freq
        ``M`` or ``Q``.
    start, end
        First and last period shown; None for all that is adjusted.
    data_from, data_to
        First and last period that the adjustment sees; None for all there is. ``data_to`` shows
        what the adjustment would have been with no later figure, of the vintage that is read.
    method
        ``seats`` or ``x11``; None for that of ``spec``, which is SEATS unless it says otherwise.
    calendar
        Area whose public holidays are taken into account; empty for those of ``spec``.
    spec
        All that can be asked of X-13ARIMA-SEATS; its method and calendar are those given here,
        where they are given. Or one for each of ``exports``, ``imports`` and the measure itself.
    direct
        Of a balance, or of exports plus imports: False adjusts exports and imports and nets them
        (the indirect adjustment), True adjusts the balance itself, ``both`` shows both and what
        they differ by. Other measures are always adjusted themselves.
    revision, reference
        Policy and reference, as in :func:`boeki.measure.seasonal.revision.adjust_under`.
    as_of
        Only what was published by this day.
    timeout
        Seconds a run may take.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a period, in the measure's unit. ``about`` has specification and diagnostics of each
        series, the notes have them in a sentence.

    Raises
    ------
    InputError
        For a gap in the figures, less than three years, or a specification that does not fit.
    UnknownTerm, BadPeriod
        For a name or a period that is none.
    NoFigure, NotYetPublished
        Where the lake has no figures.
    NotAdjusted
        Where X-13ARIMA-SEATS reports an error.
    MissingExtra
        Without ``boeki[seasonal]``.
    """
    return begin_adjusted(
        measure, reporter, partner=partner, product=product, freq=freq, start=start, end=end,
        data_from=data_from, data_to=data_to, method=method, calendar=calendar, spec=spec,
        direct=direct, revision=revision, reference=reference, as_of=as_of, timeout=timeout,
        lake=lake,
    )()  # fmt: skip


def begin_adjusted(
    measure: str,
    reporter: str,
    *,
    partner: str = "WLD",
    product: str = "TOTAL",
    freq: Literal["M", "Q"] = "M",
    start: str | None = None,
    end: str | None = None,
    data_from: str | None = None,
    data_to: str | None = None,
    method: Literal["seats", "x11"] | None = None,
    calendar: str = "",
    spec: Spec | Mapping[str, Spec] | None = None,
    direct: Direct = "both",
    revision: Revision = "concurrent",
    reference: str | None = None,
    as_of: dt.date | None = None,
    timeout: float = TIMEOUT,
    lake: Lake | None = None,
) -> Callable[[], Answer]:
    """Read the figures and set the runs of X-13ARIMA-SEATS going, one a series at a time on each
    core.

    Parameters
    ----------
    measure, reporter, partner, product, freq, start, end, data_from, data_to, method, calendar
        As :func:`measure_adjusted` has them; so are all others.

    Returns
    -------
    callable
        Waits for the runs and gives the answer of :func:`measure_adjusted`, or raises its errors.
    """
    if freq not in ("M", "Q"):
        raise UnknownTerm("frequency for seasonal adjustment", freq, ["M", "Q"])
    if direct not in (True, False, "both"):
        raise InputError(f"direct is True, False or 'both', not {direct!r}")
    lake = lake or open_lake()
    pieces = _PARTS.get(measure, {})
    names = [*(pieces if direct is not True else ()), measure]
    if pieces and direct is False:
        names.remove(measure)
    specs = {name: _spec(spec, name, method, calendar) for name in names}
    if len({s.method for s in specs.values()}) > 1:
        raise InputError("SEATS and X-11 do not mix in one answer: give one method for all series")
    if measure == "balance" and measure in specs:
        # What may be of either sign has no logarithm.
        specs[measure] = replace(specs[measure], transform="none")
    read = {
        name: measure_series(
            name, reporter, partner=partner, product=product, freq=freq, start=data_from,
            end=data_to, as_of=as_of, lake=lake,
        )
        for name in names
    }  # fmt: skip
    checked_ = {name: _series(found) for name, found in read.items()}
    pool = ThreadPoolExecutor(min(len(names), cores()), thread_name_prefix="x13")
    runs = {
        name: pool.submit(adjust_under, checked_[name], specs[name], revision, reference,
                          timeout=timeout)
        for name in names
    }  # fmt: skip
    pool.shutdown(wait=False)

    def finished() -> Answer:
        parts = {n: _Part(read[n], run.result(), _values(read[n])) for n, run in runs.items()}
        whole = parts.pop(measure, None)
        return _answer(measure, list(parts.values()), whole, revision, start, end)

    return finished


def _spec(
    spec: Spec | Mapping[str, Spec] | None,
    name: str,
    method: Literal["seats", "x11"] | None,
    calendar: str,
) -> Spec:
    if isinstance(spec, Mapping):
        if name not in spec:
            raise InputError(f"no specification for {name}: there are ones for {', '.join(spec)}")
        spec = spec[name]
    out = spec or Spec()
    code = areas.find(calendar).code if calendar else out.calendar
    return replace(out, method=method or out.method, calendar=code)


def _values(found: Measured) -> tuple[Decimal, ...]:
    return tuple(row.value for row in found.rows)


def _series(found: Measured) -> TimeSeries:
    """Figures without a gap, as a run takes them."""
    freq: Freq = 12 if found.freq == "M" else 4
    if found.missing:
        some = ", ".join(found.missing[:5])
        more = f" and {len(found.missing) - 5} more" if len(found.missing) > 5 else ""
        raise InputError(
            f"the lake has no {found.measure} for {some}{more}: seasonal adjustment needs every "
            "period; give --data-from a later one, or pull what is missing"
        )
    return checked(
        TimeSeries(
            np.array([float(v) for v in _values(found)]), Period.parse(found.rows[0].period), freq,
            found.measure,
        )
    )  # fmt: skip


def _answer(
    measure: str,
    parts: Sequence[_Part],
    whole: _Part | None,
    revision: Revision,
    start: str | None,
    end: str | None,
) -> Answer:
    every = [*parts, *([whole] if whole else [])]
    head = every[0].measured
    if any((p.measured.unit, p.measured.basis) != (head.unit, head.basis) for p in every):
        raise InputError("exports and imports have different units: they cannot be netted")
    rows = _rows(measure, parts, whole)
    shown = _shown(rows, start, end, head.reporter)
    columns = [c for c in _columns(head.unit, parts, whole) if c.name in shown[0]]
    reference = every[0].revised.reference
    drawn = ("adjusted", "original") if "adjusted" in shown[0] else ("indirect", "direct")
    return answer(
        _title(measure, head),
        shown,
        columns,
        _METHODS[every[0].revised.run.spec.method],
        about=_about(head, every, revision, reference),
        notes=_notes(measure, parts, whole, revision, reference),
        sources=(s for p in every for r in p.measured.rows for s in r.sources),
        evidence=(row for p in every for r in p.measured.rows for row in r.rows),
        published=max(r.published for p in every for r in p.measured.rows),
        chart=Chart("line", "period", drawn),
    )


def _rows(measure: str, parts: Sequence[_Part], whole: _Part | None) -> list[dict[str, Any]]:
    """One row a period that all parts have."""
    by_part = [{r.period: i for i, r in enumerate(p.measured.rows)} for p in parts]
    own = {r.period: i for i, r in enumerate(whole.measured.rows)} if whole else {}
    signs = tuple(_PARTS.get(measure, {}).values())
    periods = [*own] if whole else [*by_part[0]]
    if any(list(p) != periods for p in by_part):
        raise InputError(
            "exports and imports cover different periods: give --data-from and --data-to"
        )
    out = []
    for i, period in enumerate(periods):
        row: dict[str, Any] = {"period": period}
        if parts:
            netted = sum((s * p.values[i] for s, p in zip(signs, parts, strict=True)), Decimal(0))
            row |= {"original": netted}
            pieces = {f"{p.name}_adjusted": _money(p.revised.adjusted[i]) for p in parts}
            indirect = sum((s * v for s, v in zip(signs, pieces.values(), strict=True)), Decimal(0))
        if whole:
            row["original"] = whole.values[i]
            single = _money(whole.revised.adjusted[i])
        if parts and whole:
            row |= {"indirect": indirect, "direct": single, "difference": indirect - single}
        else:
            row["adjusted"] = indirect if parts else single
        row["change"] = None
        if parts:
            row |= pieces
        else:
            row |= _components(cast(_Part, whole), i)
        out.append(row)
    main = "adjusted" if "adjusted" in out[0] else "indirect"
    for before, now in zip([None, *out], out, strict=False):
        now["change"] = now[main] - before[main] if before else None
    return _noted(out, parts, whole)


def _components(part: _Part, i: int) -> dict[str, Any]:
    trend = part.revised.trend[i]
    return {
        "trend": None if math.isnan(trend) else _money(trend),
        "factor": float(part.revised.factors[i]),
    }


def _noted(
    rows: list[dict[str, Any]], parts: Sequence[_Part], whole: _Part | None
) -> list[dict[str, Any]]:
    """The reason of every null, and what is forecast."""
    projected = max(p.revised.projected for p in (*parts, *([whole] if whole else [])))
    for i, row in enumerate(rows):
        words = []
        if row["change"] is None:
            words.append("first period: no change")
        if i >= len(rows) - projected:
            words.append("forward factor: no trend" if "trend" in row else "forward factor")
        row["note"] = "; ".join(words)
    return rows


def _money(value: float) -> Decimal:
    return Decimal(repr(float(value))).quantize(_PLACES)


def _shown(
    rows: list[dict[str, Any]], start: str | None, end: str | None, reporter: str
) -> list[dict[str, Any]]:
    first = Period.parse(start, reporter).first if start else None
    last = Period.parse(end, reporter).last if end else None
    if first is not None and last is not None and last < first:
        raise InputError(f"the last period, {end}, lies before the first, {start}")
    out = [
        row for row in rows
        if (first is None or Period.parse(row["period"]).first >= first)
        and (last is None or Period.parse(row["period"]).last <= last)
    ]  # fmt: skip
    if not out:
        raise InputError(
            f"nothing is adjusted for {start or '…'} to {end or '…'}: the series has "
            f"{rows[0]['period']} to {rows[-1]['period']}"
        )
    return out


def _columns(unit: str, parts: Sequence[_Part], whole: _Part | None) -> list[Column]:
    times = whole is not None and whole.revised.run.multiplicative
    netted = bool(parts and whole)
    out = [Column("period", "period"), Column("original", "as published", unit)]
    if netted:
        out += [
            Column("indirect", "adjusted, part by part", unit),
            Column("direct", "adjusted as a whole", unit),
            Column("difference", "indirect less direct", unit),
        ]
    else:
        out.append(Column("adjusted", "seasonally adjusted", unit))
    out.append(Column("change", "change of the adjusted figure on the period before", unit))
    if parts:
        out += [Column(f"{p.name}_adjusted", f"{p.name}, adjusted", unit) for p in parts]
    else:
        out += [
            Column("trend", "trend-cycle", unit),
            Column("factor", "seasonal and calendar factor", "" if times else unit),
        ]
    # The first period's lack of a change needs no column for people; forward factors do.
    told = any(p.revised.projected for p in (*parts, *([whole] if whole else [])))
    return [*out, Column("note", "what is missing or forecast, and why", shown=told)]


def _title(measure: str, head: Measured) -> str:
    names = {"trade": "total trade", "balance": "trade balance"}
    words = [f"{areas.possessive(head.reporter)} {names.get(measure, measure.replace('_', ' '))}"]
    if head.product != "TOTAL":
        words.append(products.name(head.product))
    if head.partner != "WLD":
        words.append(f"with {areas.name(head.partner)}")
    return ", ".join([*words, "seasonally adjusted"])


def _about(
    head: Measured,
    every: Sequence[_Part],
    revision: Revision,
    reference: Period,
) -> Mapping[str, Any]:
    last = head.rows[-1].period
    out: dict[str, Any] = {
        "reporter": head.reporter,
        "partner": head.partner,
        "product": head.product,
        "currency": head.unit,
        "basis": head.basis,
        "frequency": head.freq,
        "data": f"{head.rows[0].period} to {last}",
        "as_of": head.as_of,
        "method": every[0].revised.run.spec.method,
        "revision": _POLICIES[revision].format(reference),
        "program": every[0].revised.run.version,
    }
    for part in every:
        out[f"{part.name}_diagnostics"] = list(summary(part.revised.run))
        out[f"{part.name}_specification"] = part.revised.run.text
    return out


def _notes(
    measure: str,
    parts: Sequence[_Part],
    whole: _Part | None,
    revision: Revision,
    reference: Period,
) -> list[str]:
    out = []
    for part in (*parts, *([whole] if whole else [])):
        run = part.revised.run
        out.append(f"{part.name.replace('_', ' ').capitalize()}: {'; '.join(summary(run))}.")
        out += [f"{part.name.capitalize()}: {warning}" for warning in run.warnings]
        out += part.measured.left_out
        if (apart := part.revised.difference_from_control) is not None:
            out.append(
                f"{part.name.capitalize()}: forward factors and partial concurrent adjustment "
                f"differ by up to {apart:.1%} of the series' mean size after {reference}."
            )
    if parts and whole:
        out.append(
            f"The change is that of the indirect figure. Direct and indirect adjustment of a "
            f"{'balance' if measure == 'balance' else 'sum'} differ: neither is wrong, and the "
            "difference is no error of the figures."
        )
    if revision != "concurrent":
        out.append(f"Revision policy: {_POLICIES[revision].format(reference)}.")
    out.append(
        "Adjusted figures are estimates made here. The office's own adjusted figures come from its "
        "own specification and differ; all are revised as figures are added."
    )
    return out
