"""Indicators of global value chains, as answers: participation and position."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import UnknownTerm
from boeki.explain.value_added import borin_mancini as bm
from boeki.explain.value_added import shown
from boeki.explain.value_added.participation import exported_by_others, import_content
from boeki.explain.value_added.position import input_downstreamness, output_upstreamness

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable

_PARTICIPATION = Method(
    "Participation in global value chains",
    "GVC = (EXP − DAVAX) / EXP, backward (FC + DDC) / EXP, forward (DVA − DAVAX) / EXP; "
    "VS = FC, VS1 = Σ_{r≠s} v_s B_sr E_r",
    "Borin, A. and M. Mancini (2023), Economic Systems Research 35(4); Hummels, D., J. Ishii and "
    "K.-M. Yi (2001), Journal of International Economics 54(1)",
    shown.PAGE,
)
_NATIONAL = Method(
    "Vertical specialisation",
    "VS = m (I − A)⁻¹ E, m imported inputs per output",
    "Hummels, D., J. Ishii and K.-M. Yi (2001), Journal of International Economics 54(1)",
    shown.PAGE,
)
_POSITION = Method(
    "Upstreamness and downstreamness",
    "U = (I − Δ)⁻¹ 1, Δ_ij = z_ij / x_i; D = 1 (I − A)⁻¹",
    "Antràs, P., D. Chor, T. Fally and R. Hillberry (2012), American Economic Review 102(3); "
    "Miller, R. E. and U. Temurshoev (2017), International Regional Science Review 40(5)",
    shown.PAGE,
)


def measure_gvc_participation(
    table: InputOutputTable,
    exporters: str | Sequence[str] | None = None,
    *,
    progress: Callable[[str], None] | None = None,
) -> Answer:
    """Measure how much of exports is trade in global value chains.

    Parameters
    ----------
    table
        Of the world; or national, for the import content of exports by sector alone.
    exporters
        Areas by code or name; None for all.
    progress
        Called with each area before it is computed.

    Returns
    -------
    Answer
        A row for each area: shares of gross exports in percent, backward and forward, of Borin and
        Mancini and (``vs``, ``vs1``, ``gvc_oecd``) of the older measures. Of a national table a
        row for each sector.

    Raises
    ------
    UnknownTerm
        For areas that the table does not have.
    """
    if table.national:
        return _vertical_specialisation(table)
    shown.world_only(table, "participation in global value chains")
    codes = [exporters] if isinstance(exporters, str) else list(exporters or table.areas)
    vs1 = exported_by_others(table)
    rows = []
    for code in (shown.found(table, c) for c in codes):
        if progress:
            progress(code)
        found = bm.terms(table, code)
        rows.append(_participation(table, code, found, float(vs1[table.place(code)])))
    rows.sort(key=lambda r: -(r["gvc"] or 0.0))
    said = "OECD's index adds VS1, which counts an item once for each further border: it can exceed"
    return answer(
        f"Participation in global value chains, {table.year or table.source}", rows,
        _participation_columns(table, rows), _PARTICIPATION,
        about=shown.about(table, exporters=codes),
        notes=shown.notes(table, f"{said} 100 % and cannot be read as a share of exports."),
        sources=[table.source],
        chart=Chart("ranking", "area", ("gvc",), marked=codes[0] if len(codes) == 1 else ""),
    )  # fmt: skip


def _participation(
    table: InputOutputTable, code: str, found: bm.Terms, vs1: float
) -> dict[str, Any]:
    total = found.exports.sum()
    parts = {
        "gvc": found.gvc.sum(), "backward": found.gvcb.sum(), "forward": found.gvcf.sum(),
        "vs": found.fc.sum(), "vs1": vs1, "gvc_oecd": found.fc.sum() + vs1,
    }  # fmt: skip
    return {
        "area": code, "exports": shown.money(table, total),
        **{k: shown.share(float(v), total) for k, v in parts.items()},
        "note": None if total else "no exports",
    }  # fmt: skip


def _participation_columns(table: InputOutputTable, rows: Sequence[dict[str, Any]]) -> list[Column]:
    return [
        Column("area", "exporter"), Column("exports", "gross exports", table.currency),
        Column("gvc", "trade that crosses more than one border", "%"),
        Column("backward", "of it imported before", "%"),
        Column("forward", "of it exported again by the importer", "%"),
        Column("vs", "foreign content", "%"),
        Column("vs1", "domestic value added in exports of others", "%"),
        Column("gvc_oecd", "VS + VS1", "%"),
        shown.note_column(rows),
    ]  # fmt: skip


def _vertical_specialisation(table: InputOutputTable) -> Answer:
    assert table.exports is not None  # national tables have them
    content = import_content(table)
    rows: list[dict[str, Any]] = [
        {"sector": s, "exports": shown.money(table, e), "vs": shown.money(table, v),
         "share": shown.share(float(v), float(e)), "note": None if e else "no exports"}
        for s, e, v in zip(table.row_sectors, table.exports, content, strict=True)
    ]  # fmt: skip
    rows.sort(key=lambda r: -(r["vs"] or 0.0))
    total = shown.share(float(content.sum()), float(table.exports.sum())) or 0.0
    return answer(
        shown.titled("Import content of exports", table.areas[0], table), rows,
        [Column("sector", "exporting sector"), Column("exports", "exports", table.currency),
         Column("vs", "imported inputs in them, direct and indirect", table.currency),
         Column("share", "of exports", "%"), shown.note_column(rows)],
        _NATIONAL, about=shown.about(table, exporter=table.areas[0]),
        notes=shown.notes(table, f"Of all exports: {total:.1f} %. What imports contain of the "
                          "country's own earlier exports cannot be told from a national table."),
        sources=[table.source], chart=Chart("ranking", "sector", ("vs",)),
    )  # fmt: skip


_BREAKDOWNS = ("sector", "area")


def measure_upstreamness(
    table: InputOutputTable, area: str | None = None, *, by: str = "sector"
) -> Answer:
    """Measure how many stages sectors are from final use and from primary inputs.

    Parameters
    ----------
    table
        Of the world, or national.
    area
        By code or name; None for all.
    by
        ``sector``, or ``area``: then averages weighted by output and by exports.

    Returns
    -------
    Answer
        ``upstreamness`` and ``downstreamness``, both at least 1: the larger upstreamness, the
        farther from final use.

    Raises
    ------
    UnknownTerm
        For areas or breakdowns that are none.
    """
    if by not in _BREAKDOWNS:
        raise UnknownTerm("breakdown", by, _BREAKDOWNS)
    code = None if area is None else shown.found(table, area)
    up, down = output_upstreamness(table), input_downstreamness(table)
    chosen = table.areas if code is None else (code,)
    rows = (_positions if by == "sector" else _averages)(table, chosen, up, down)
    rows.sort(key=lambda r: -(r["upstreamness"] or 0.0))
    columns = [Column(k, _POSITION_COLUMNS[k], places=3 if "stream" in k else None,
                      unit=table.currency if k == "output" else "")
               for k in rows[0] if k != "note"]  # fmt: skip
    columns.append(shown.note_column(rows))
    where = "" if code is None else f", {shown.name(code)}"
    notes = ["Changes of inventories stand in final use: they are not taken out of it."]
    if table.national:
        notes.append("Exports are taken to be used like domestic sales.")
    return answer(
        f"Upstreamness and downstreamness{where}{f', {table.year}' if table.year else ''}",
        rows, columns, _POSITION, about=shown.about(table, area=code, by=by),
        notes=shown.notes(table, *notes), sources=[table.source],
        chart=Chart("ranking", by, ("upstreamness",)),
    )  # fmt: skip


_POSITION_COLUMNS = {
    "area": "area", "sector": "sector", "output": "gross output",
    "upstreamness": "stages to final use", "downstreamness": "stages from primary inputs",
    "exports_upstreamness": "of exports: stages to final use",
    "exports_downstreamness": "of exports: stages from primary inputs",
}  # fmt: skip


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _positions(
    table: InputOutputTable, chosen: Sequence[str], up: Array, down: Array
) -> list[dict[str, Any]]:
    rows = []
    for code in chosen:
        at = table.rows(code)
        for label, x, u, d in zip(
            shown.sector_labels(table, code), table.output[at], up[at], down[at], strict=True
        ):
            rows.append(
                {"area": code, "sector": label, "output": shown.money(table, x),
                 "upstreamness": _known(u), "downstreamness": _known(d),
                 "note": None if x > 0 else "no output"}
            )  # fmt: skip
    return rows


def _averages(
    table: InputOutputTable, chosen: Sequence[str], up: Array, down: Array
) -> list[dict[str, Any]]:
    sales = table.trade.sum(1) if table.exports is None else table.exports

    def mean(values: Array, weights: Array) -> float | None:
        known = weights > 0
        return float(np.average(values[known], weights=weights[known])) if known.any() else None

    rows = []
    for code in chosen:
        at = table.rows(code)
        x, e = table.output[at], sales[at]
        rows.append(
            {"area": code, "output": shown.money(table, x.sum()),
             "upstreamness": mean(up[at], x), "downstreamness": mean(down[at], x),
             "exports_upstreamness": mean(up[at], e), "exports_downstreamness": mean(down[at], e),
             "note": None if x.any() and e.any() else "no output or no exports"}
        )  # fmt: skip
    return rows
