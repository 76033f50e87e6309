"""What exports are worth at home, as answers: jobs and income in them, and what a rise adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.explain.value_added import shown
from boeki.explain.value_added.multipliers import absorbed_abroad, embodied, export_effects

if TYPE_CHECKING:
    from boeki.world.satellite import Satellite
    from boeki.world.table import Array, InputOutputTable

_EMBODIED = Method(
    "Embodied in exports",
    "q̂ (I − A_ss)⁻¹ E_s, q jobs, income or value added per output",
    "Los, B., M. P. Timmer and G. J. de Vries (2016), American Economic Review 106(7); Miller, "
    "R. E. and P. D. Blair (2009), Input–Output Analysis",
    shown.PAGE,
)
_MULTIPLIERS = Method(
    "Type I multipliers of exports",
    "Δx = (I − A_ss)⁻¹ ΔE, ΔVA = v̂ Δx, Δq = q̂ Δx",
    "Miller, R. E. and P. D. Blair (2009), Input–Output Analysis, chapter 6",
    shown.PAGE,
)


def explain_embodied_in_exports(
    table: InputOutputTable,
    exporter: str,
    satellites: Sequence[Satellite] = (),
    *,
    by: str = "producer",
    basis: str = "exports",
) -> Answer:
    """Value added, jobs or income of an area that its exports need, by industry.

    Parameters
    ----------
    table
        Of the world, or national.
    exporter
        An area by code or name.
    satellites
        Jobs, compensation and the like, in the order of the table's rows; value added is always
        there.
    by
        ``producer``: by the industry that has the jobs; ``exporter``: by the one that exports.
    basis
        ``exports``: what gross exports need at home; ``foreign-demand``: what final use abroad
        needs, by producer, which with value added is value-added exports.

    Returns
    -------
    Answer
        Amounts, and their share of what the industry has in all (by producer) or of all that
        exports keep (by exporter). An industry whose satellite is not known has null, and its
        note says so.

    Raises
    ------
    UnknownTerm, InputError
        For areas, breakdowns or bases that are none, and satellites of another length.
    """
    if by not in ("producer", "exporter"):
        raise UnknownTerm("breakdown", by, ("producer", "exporter"))
    if basis not in ("exports", "foreign-demand"):
        raise UnknownTerm("basis", basis, ("exports", "foreign-demand"))
    if basis == "foreign-demand":
        shown.world_only(table, "what final use abroad needs")
        if by == "exporter":
            raise InputError("foreign demand is by producer: leave by out")
    code = shown.found(table, exporter)
    _check_lengths(table, satellites)
    axis = 1 if by == "producer" else 0
    at = table.rows(code)
    rows: list[dict[str, Any]] = [
        {"industry": s, "note": None} for s in shown.sector_labels(table, code)
    ]
    columns = [Column("industry", f"industry that {'produces' if axis else 'exports'}")]
    notes = []
    known = {"value_added": (table.value_added, table.currency, table.unit)}
    known |= {q.name: (q.values, q.unit, 1.0) for q in satellites}
    for key, (values, unit, scale) in known.items():
        notes += _gaps(table, code, key, values)
        held = np.nan_to_num(values)
        needed = embodied(table, code, held).sum(axis) if basis == "exports" else (
            absorbed_abroad(table, code, held))  # fmt: skip
        found = needed * scale
        whole = held[at] * scale if axis else np.full(len(rows), found.sum())
        missing = np.isnan(values[at]) if axis else np.zeros(len(rows), bool)
        _fill(rows, key, found, whole, missing)
        columns += [
            Column(key, f"{key.replace('_', ' ')} in {basis.replace('-', ' ')}", unit),
            Column(f"{key}_share", "of the industry's" if axis else "of the total", "%"),
        ]
        total = found.sum()
        words = shown.said(total, unit) if key == "value_added" else f"{total:,.0f} {unit}".strip()
        notes.append(f"{key.replace('_', ' ').capitalize()}: {words} in all.")
    for row in rows:
        row["note"] = row.pop("note")
    columns.append(shown.note_column(rows))
    rows.sort(key=lambda r: -(r["value_added"] or 0.0))
    asked = {"exporter": code, "by": by, "basis": basis, "satellites": [q.name for q in satellites]}
    return answer(
        shown.titled(f"Embodied in {basis.replace('-', ' ')}", code, table),
        rows, columns, _EMBODIED, about=shown.about(table, **asked),
        notes=shown.notes(table, *notes), sources=[table.source, *(q.source for q in satellites)],
        chart=Chart("ranking", "industry", ("value_added",)),
    )  # fmt: skip


def _check_lengths(table: InputOutputTable, satellites: Sequence[Satellite]) -> None:
    for q in satellites:
        if q.values.shape != table.output.shape:
            raise InputError(
                f"{q.name} has {q.values.size} figures: give one for each of the "
                f"{len(table.output)} rows of the table, in their order"
            )


def _gaps(table: InputOutputTable, code: str, key: str, values: Array) -> list[str]:
    missing = int(np.isnan(values[table.rows(code)]).sum())
    return [f"{missing} industries have no {key}: left out of the sums."] if missing else []


def _fill(rows: list[dict[str, Any]], key: str, found: Array, whole: Array, missing: Array) -> None:
    for row, v, w, gone in zip(rows, found, whole, missing, strict=True):
        row[key] = None if gone else float(v)
        row[f"{key}_share"] = None if gone else shown.share(float(v), float(w))
        if gone:
            row["note"] = "; ".join(filter(None, (row["note"], f"no {key} known")))


def explain_export_multipliers(
    table: InputOutputTable,
    exporter: str,
    exports: Mapping[str, float],
    satellites: Sequence[Satellite] = (),
    *,
    currency: str | None = None,
    feedback: bool = False,
) -> Answer:
    """What a rise of exports adds at home: output, value added, imports, jobs, by industry.

    Parameters
    ----------
    table
        Of the world, or national.
    exporter
        An area by code or name.
    exports
        Sector to the rise of its exports, at basic prices.
    satellites
        Jobs and the like, in the order of the table's rows.
    currency
        Of the rise, where it is another than the table's: amounts are then in it, and satellites
        cannot be computed without an exchange rate.
    feedback
        Whether what others buy at home for the inputs that they sell it counts too.

    Returns
    -------
    Answer
        A row for each industry of the exporter.

    Raises
    ------
    UnknownTerm, InputError
        For areas and sectors that are none, no rise, satellites of another length, and jobs asked
        for in another currency.
    """
    unit = (currency or table.currency).upper()
    if satellites and unit != table.currency:
        raise InputError(
            f"satellites are per {table.currency}: give the rise of exports in {table.currency}"
        )
    code = shown.found(table, exporter)
    _check_lengths(table, satellites)
    rise = _rise(table, code, exports)
    found = export_effects(table, code, rise, tuple(satellites), feedback=feedback)
    amounts = {
        "exports": found.exports, "output": found.output, "value_added": found.value_added,
        "imports": found.imports,
    }  # fmt: skip
    if np.any(table.other_inputs):
        amounts["other"] = found.other
    jobs = {q.name: found.satellites[q.name] / table.unit for q in satellites}
    rows = _effect_rows(table, code, amounts, jobs)
    columns = [Column("industry", "industry"),
               *(Column(k, _EFFECTS[k], unit) for k in amounts),
               *(Column(q.name, f"{q.name} in the output", q.unit) for q in satellites),
               shown.note_column(rows)]  # fmt: skip
    return answer(
        shown.titled(f"What exports of {shown.said(rise.sum(), unit)} add", code, table),
        rows, columns, _MULTIPLIERS,
        about=shown.about(table, exporter=code, exports=dict(exports), feedback=feedback)
        | {"currency": unit},
        notes=shown.notes(table, *_effect_notes(rise.sum(), amounts, jobs, unit, feedback)),
        sources=[table.source, *(q.source for q in satellites)],
        chart=Chart("ranking", "industry", ("value_added",)),
    )  # fmt: skip


_EFFECTS = {
    "exports": "rise of exports", "output": "output", "value_added": "value added",
    "imports": "imported inputs", "other": "taxes less subsidies on inputs, and margins",
}  # fmt: skip


def _rise(table: InputOutputTable, code: str, exports: Mapping[str, float]) -> Array:
    labels = shown.sector_labels(table, code)
    out = np.zeros(len(labels))
    for sector, amount in exports.items():
        if sector not in labels:
            raise UnknownTerm("sector of the table", sector, labels)
        if not np.isfinite(amount):
            raise InputError(f"the rise of {sector} is {amount}: give an amount")
        if not table.output[table.rows(code)][labels.index(sector)]:
            raise InputError(
                f"{sector} of {code} has no output in the table: nothing is known of it"
            )
        out[labels.index(sector)] = float(amount)
    if not out.any():
        raise InputError("no rise of exports was given: name a sector and an amount")
    return out


def _effect_rows(
    table: InputOutputTable, code: str, amounts: Mapping[str, Array], jobs: Mapping[str, Array]
) -> list[dict[str, Any]]:
    rows = []
    for at, label in enumerate(shown.sector_labels(table, code)):
        row: dict[str, Any] = {"industry": label}
        row |= {k: float(v[at]) for k, v in amounts.items()}
        gone = [k for k, v in jobs.items() if np.isnan(v[at])]
        row |= {k: None if k in gone else float(v[at]) for k, v in jobs.items()}
        row["note"] = f"no {', '.join(gone)} known" if gone else None
        rows.append(row)
    return sorted(rows, key=lambda r: -abs(r["value_added"]))


def _effect_notes(
    rise: float, amounts: Mapping[str, Array], jobs: Mapping[str, Array], unit: str, feedback: bool
) -> list[str]:
    totals = {k: float(v.sum()) for k, v in amounts.items()}
    notes = [
        "In all: "
        + ", ".join(
            f"{_EFFECTS[k]} {shown.said(totals[k], unit)} ({totals[k] / rise:.3f} per unit)"
            for k in totals
            if k != "exports"
        )
        + "."
    ]
    for key, values in jobs.items():
        missing = int(np.isnan(values).sum())
        left = f", without {missing} industries for which it is not known" if missing else ""
        notes.append(f"{key.capitalize()} in all: {np.nansum(values):,.0f}{left}.")
    notes.append(
        "Averages of the table's year, with fixed input shares and idle capacity: incomes are not "
        "spent again, prices do not move"
        + ("; what others need in return is in it." if feedback else ".")
    )
    return notes
