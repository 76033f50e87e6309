"""Gross exports in nine terms (Koopman, Wang & Wei 2014, equation 36)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable

#: The nine terms in their order, and what they are.
TERMS: dict[str, str] = {
    "dva_fin": "domestic value added in final exports",
    "dva_int": "domestic value added in intermediates, absorbed by the importer that finishes them",
    "dva_intrex": "domestic value added in intermediates, re-exported to and absorbed in others",
    "rdv_fin": "domestic value added that returns home in final imports",
    "rdv_int": "domestic value added that returns home in intermediate imports",
    "ddc": "double counted intermediates made at home",
    "fva_fin": "foreign value added in final exports",
    "fva_int": "foreign value added in intermediate exports",
    "fdc": "double counted intermediates made abroad",
}


def nine_terms(table: InputOutputTable, exporter: str) -> dict[str, float]:
    """The nine terms of an area's exports.

    Parameters
    ----------
    table
        Of the world.
    exporter
        One of its areas.

    Returns
    -------
    dict
        :data:`TERMS` to their values; with ``other`` (taxes and margins in inputs, where the table
        has value added of its own) they add up to gross exports.

    Notes
    -----
    Koopman, R., Z. Wang and S.-J. Wei (2014), American Economic Review 104(2), equation 36.
    """
    lf, s, at = table.leontief, table.rows(exporter), table.place(exporter)
    y, e = table.final_by_area, table.trade
    content = lf.origin[at]
    abroad = table.home != at
    own = y[np.arange(len(y)), table.home]
    foreign = lf.origin[:, s].sum(0) - content[s]
    # w_r A_rs over all r ≠ s, what s gets back of its own value added by a unit of output.
    back = (content * abroad) @ table.intermediate[:, s] * _per(table)[s]
    sales = e[s].sum(1)
    final_sales = y[s].sum(1) - y[s, at]
    others = (y.sum(1) - own - y[:, at]) * abroad
    values = (
        content[s] @ final_sales,
        content @ (own * abroad),
        content @ others,
        content @ (y[:, at] * abroad),
        back @ lf.domestic[exporter] @ y[s, at],
        back @ lf.domestic[exporter] @ sales,
        foreign @ final_sales,
        foreign @ _sold(table, exporter, lf.own_use),
        foreign @ _sold(table, exporter, lf.export_output),
    )
    out = dict(zip(TERMS, map(float, values), strict=True))
    out["other"] = float(lf.other_content[s] @ sales) if np.any(table.other_inputs) else 0.0
    return out


def _per(table: InputOutputTable) -> Array:
    return table.per_output(np.ones_like(table.output))


def _sold(table: InputOutputTable, exporter: str, output: Array) -> Array:
    """Inputs Σ_{r≠s} A_sr x_r sold abroad for some output x."""
    need = table.per_output(output)
    need[table.rows(exporter)] = 0.0
    return np.asarray(table.intermediate[table.rows(exporter)] @ need)
