"""Bilateral exports by sector in sixteen terms (Wang, Wei & Zhu 2013, equation 22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable

#: The sixteen terms in their order, and what they are.
TERMS: dict[str, str] = {
    "dva_fin": "domestic value added in final exports",
    "dva_int": "domestic value added in intermediates that the importer finishes and absorbs",
    "dva_intrex_i1": "domestic value added re-exported as inputs, absorbed where they are finished",
    "dva_intrex_f": "domestic value added that the importer finishes and exports to others",
    "dva_intrex_i2": "domestic value added re-exported as inputs, finished and exported once more",
    "rdv_fin": "domestic value added that returns in final goods of the importer",
    "rdv_fin2": "domestic value added that returns in final goods of others",
    "rdv_int": "domestic value added that returns in inputs",
    "ddc_fin": "double counted at home, in final exports",
    "ddc_int": "double counted at home, in intermediate exports",
    "mva_fin": "value added of the importer in final exports",
    "mva_int": "value added of the importer in intermediate exports",
    "mdc": "double counted, made by the importer",
    "ova_fin": "value added of others in final exports",
    "ova_int": "value added of others in intermediate exports",
    "odc": "double counted, made by others",
}


def sixteen_terms(table: InputOutputTable, exporter: str) -> dict[str, Array]:
    """The sixteen terms of an area's exports, by sector and importer.

    Parameters
    ----------
    table
        Of the world.
    exporter
        One of its areas.

    Returns
    -------
    dict
        :data:`TERMS`, and ``other``, to ``(sectors, areas)``; they add up to gross exports.

    Notes
    -----
    Wang, Z., S.-J. Wei and K. Zhu (2013), NBER Working Paper 19677, equation 22. Taken over all
    importers the foreign terms are those of Koopman, Wang and Wei; they are not free of the flaws
    that Borin and Mancini describe.
    """
    lf, s, at = table.leontief, table.rows(exporter), table.place(exporter)
    y, abroad = table.final_by_area, table.home != at
    first = table.per_output(table.value_added)[s] @ lf.domestic[exporter]
    home = lf.origin[at, s]
    final = y[s].copy()
    final[:, at] = 0.0

    def sold(output: Array) -> Array:
        """A_sr x_r by importer, nil at home."""
        need = table.per_output(output * abroad)
        return np.add.reduceat(table.intermediate[s] * need, table.starts, axis=1)

    made = _finished(table, exporter)
    out: dict[str, Array] = {"dva_fin": home[:, None] * final}
    for name in list(TERMS)[1:9]:
        out[name] = first[:, None] * sold(made[name])
    out["ddc_int"] = (home - first)[:, None] * sold(table.output)
    importer = lf.origin[:, s].T.copy()
    importer[:, at] = 0.0
    others = (lf.origin[:, s].sum(0) - home)[:, None] - importer
    direct, again = sold(lf.own_use), sold(lf.export_output)
    for who, content in (("m", importer), ("o", others)):
        out[f"{who}va_fin"], out[f"{who}va_int"] = content * final, content * direct
        out[f"{who}dc"] = content * again
    rest = lf.other_content[s] if np.any(table.other_inputs) else np.zeros(len(home))
    return {name: out[name] for name in TERMS} | {"other": rest[:, None] * table.trade[s]}


def _finished(table: InputOutputTable, exporter: str) -> dict[str, Array]:
    """Output x_r of each importer r that terms 2 to 9 need, ``(n,)`` each.

    Sums over B_rt Y_tu by who finishes (t) and who absorbs (u); the blocks of r with itself and
    with the exporter s stand apart from the rest.
    """
    lf, s, at = table.leontief, table.rows(exporter), table.place(exporter)
    y = table.final_by_area
    kept = y[np.arange(len(y)), table.home]
    to_s = y[:, at]
    away = y.sum(1) - kept - to_s
    away[s] = y[s].sum(1) - y[s, at]
    # Of what s finishes itself: what it keeps, and what it sells.
    only_s = np.zeros((len(y), 2))
    only_s[s, 0], only_s[s, 1] = y[s, at], away[s]
    everyone = np.column_stack([kept, away, to_s, only_s])
    b_kept, b_away, b_to_s, bs_kept, bs_away = lf.solve(everyone).T
    own = np.column_stack([kept, away, to_s])
    for area in table.areas:
        rows = table.rows(area)
        own[rows] = lf.diagonal_blocks[area] @ own[rows]
    return {
        "dva_int": own[:, 0],
        "dva_intrex_i1": b_kept - own[:, 0] - bs_kept,
        "dva_intrex_f": own[:, 1],
        "dva_intrex_i2": b_away - own[:, 1] - bs_away,
        "rdv_fin": own[:, 2],
        "rdv_fin2": b_to_s - own[:, 2] - bs_kept,
        "rdv_int": bs_kept,
        "ddc_fin": bs_away,
    }
