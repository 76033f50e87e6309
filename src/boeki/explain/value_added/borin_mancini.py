"""Gross exports by value added, foreign value added and double counting (Borin & Mancini 2023).

What counts as value added and what is double counted depends on the perimeter that an item may
cross only once: all exports of the country (the exporter's perspective), of one of its sectors, to
one partner, of one sector to one partner, or all borders of the world. Where the flow is smaller
than the perimeter, an item that crosses it more than once is value added in the flow in which it
does so first (source) or last (sink).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from boeki.errors import InputError

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable

Perspective = Literal["exporter", "sector", "bilateral", "sector-bilateral", "world"]
Approach = Literal["source", "sink"]
PERSPECTIVES = ("exporter", "sector", "bilateral", "sector-bilateral", "world")
APPROACHES = ("source", "sink")


@dataclass(frozen=True)
class Terms:
    """Exports of an area by exporting sector and destination, each ``(sectors, areas)``.

    Attributes
    ----------
    exports
        Gross exports.
    dc, dva, vax, ref, ddc
        Domestic content; domestic value added; of it absorbed abroad, and reflected: absorbed at
        home; domestic double counting. ``dc = dva + ddc``, ``dva = vax + ref``.
    davax
        Domestic value added that the importer absorbs without any further border (only of the
        exporter's perspective, source-based).
    fc, fva, fdc
        Foreign content, foreign value added, foreign double counting: ``fc = fva + fdc``.
    other
        Taxes less subsidies on inputs and margins, where the table has value added of its own.
    """

    exports: Array
    dc: Array
    dva: Array
    vax: Array
    ref: Array
    ddc: Array
    davax: Array
    fc: Array
    fva: Array
    fdc: Array
    other: Array

    @property
    def gvc(self) -> Array:
        """Trade that crosses more than one border."""
        return self.exports - self.davax - self.other

    @property
    def gvcb(self) -> Array:
        """Backward participation: what was imported before, and what is double counted."""
        return self.fc + self.ddc

    @property
    def gvcf(self) -> Array:
        """Forward participation: domestic value added that the importer exports again."""
        return self.dva - self.davax

    @property
    def residual(self) -> Array:
        """Exports less all terms: nil but for rounding."""
        return self.exports - self.dva - self.ddc - self.fva - self.fdc - self.other


def terms(
    table: InputOutputTable,
    exporter: str,
    perspective: Perspective = "exporter",
    approach: Approach = "source",
) -> Terms:
    """Decompose the exports of an area by sector and destination.

    Parameters
    ----------
    table
        Of the world.
    exporter
        One of its areas.
    perspective
        The perimeter: ``exporter``, ``sector``, ``bilateral``, ``sector-bilateral`` or ``world``.
    approach
        ``source`` or ``sink``; matters to the exporter's and the world's perspective.

    Raises
    ------
    InputError
        For a sink-based approach to a perspective as narrow as the flow.

    Notes
    -----
    Borin & Mancini (2019), World Bank Policy Research Working Paper 8804, sections 2 to 4, and
    (2023), Economic Systems Research 35(4).
    """
    if approach == "sink" and perspective not in ("exporter", "world"):
        raise InputError(f"the {perspective} perspective is source-based: leave approach out")
    if perspective == "world":
        return _world(table, exporter, approach)
    if approach == "sink":
        return _sink(table, exporter)
    return _source(table, exporter, perspective)


@dataclass(frozen=True)
class _Parts:
    """What all perspectives need of an exporter s.

    ``home`` and ``foreign`` are value added of s, and of all others, in a unit of its exports
    (v_s B_ss and Σ_t v_t B_ts); ``first`` is value added that leaves s first (v_s L_ss).
    """

    exports: Array
    home: Array
    foreign: Array
    first: Array
    other: Array


def _parts(table: InputOutputTable, s: str) -> _Parts:
    lf, rows, at = table.leontief, table.rows(s), table.place(s)
    origin = lf.origin[:, rows]
    v = table.per_output(table.value_added)[rows]
    other = np.zeros(rows.stop - rows.start)
    if np.any(table.other_inputs):
        other = lf.other_content[rows]
    home = origin[at]
    return _Parts(table.trade[rows], home, origin.sum(0) - home, v @ lf.domestic[s], other)


def _bought(table: InputOutputTable, rows: slice, output: Array) -> Array:
    """Inputs A_sr x_r that each area needs for some output x, by selling row: ``(rows, areas)``."""
    scaled = table.intermediate[rows] * table.per_output(output)
    return np.add.reduceat(scaled, table.starts, axis=1)


def _abroad(table: InputOutputTable, s: str, flows: Array) -> Array:
    """The flows without those to s itself."""
    out = flows.copy()
    out[:, table.place(s)] = 0.0
    return out


def _source(table: InputOutputTable, s: str, perspective: Perspective) -> Terms:
    """Value added is counted in the flow in which it first crosses the perimeter."""
    lf, rows, parts = table.leontief, table.rows(s), _parts(table, s)
    exports = parts.exports
    once = _ONCE[perspective](table, s)
    dva, fva = once(parts.home) * exports, once(parts.foreign) * exports
    dc, fc = parts.home[:, None] * exports, parts.foreign[:, None] * exports
    # What of the flow ends in final use at home: A_sr Σ_j B_rj Y_js.
    back = _abroad(table, s, _bought(table, rows, lf.absorbed[:, table.place(s)]))
    ref = once(parts.home) * back
    davax = np.full_like(exports, np.nan)
    if perspective == "exporter":
        davax = parts.first[:, None] * _direct(table, s)
    return Terms(
        exports, dc, dva, dva - ref, ref, dc - dva, davax, fc, fva, fc - fva,
        parts.other[:, None] * exports,
    )  # fmt: skip


def _direct(table: InputOutputTable, s: str) -> Array:
    """Exports that end with the importer: Y_sr + A_sr L_rr Y_rr."""
    rows = table.rows(s)
    return _abroad(
        table, s, table.final_by_area[rows] + _bought(table, rows, table.leontief.own_use)
    )


def _exporter_once(table: InputOutputTable, s: str) -> Callable[[Array], Array]:
    """v B^⧸ = v B_·s (I + Σ_{r≠s} A_sr B_rs)⁻¹ = v B_·s B_ss⁻¹ L_ss."""
    lf = table.leontief

    def once(content: Array) -> Array:
        return (np.linalg.solve(lf.diagonal_blocks[s].T, content) @ lf.domestic[s])[:, None]

    return once


def _sector_once(table: InputOutputTable, s: str) -> Callable[[Array], Array]:
    """The same with one row of A_sr, so that the inverse is a number."""
    lf, rows = table.leontief, table.rows(s)
    own = lf.coefficients(rows, rows)
    again = np.diagonal((np.eye(len(own)) - own) @ lf.diagonal_blocks[s])
    return lambda content: (content / again)[:, None]


def _bilateral_once(table: InputOutputTable, s: str) -> Callable[[Array], Array]:
    """The same with A_sr of one r at a time."""
    lf, rows = table.leontief, table.rows(s)
    columns = lf.columns(rows)
    loops = [
        lf.coefficients(rows, table.rows(r)) @ columns[table.rows(r)] if r != s else None
        for r in table.areas
    ]

    def once(content: Array) -> Array:
        out = np.zeros((len(content), len(loops)))
        for at, loop in enumerate(loops):
            if loop is not None:
                out[:, at] = np.linalg.solve((np.eye(len(loop)) + loop).T, content)
        return out

    return once


def _sector_bilateral_once(table: InputOutputTable, s: str) -> Callable[[Array], Array]:
    """The same with one row of A_sr, of one r at a time."""
    lf, rows = table.leontief, table.rows(s)
    columns = lf.columns(rows)
    scaled = table.intermediate[rows] * table.per_output(np.ones_like(table.output))
    again = 1.0 + np.add.reduceat(scaled * columns.T, table.starts, axis=1)
    again[:, table.place(s)] = 1.0
    return lambda content: content[:, None] / again


_ONCE = {
    "exporter": _exporter_once,
    "sector": _sector_once,
    "bilateral": _bilateral_once,
    "sector-bilateral": _sector_bilateral_once,
}


def _sink(table: InputOutputTable, s: str) -> Terms:
    """Value added is counted in the flow in which it last leaves the exporter."""
    lf, rows, parts, at = table.leontief, table.rows(s), _parts(table, s), table.place(s)
    exports = parts.exports
    # B^⧸_·s x = B_·s B_ss⁻¹ L_ss x, for x = E_s* and for x = Σ_j A_sj X_j^(s).
    bought = _bought(table, rows, lf.absorbed[:, at])
    returning = bought.sum(1) - bought[:, at]
    loads = np.column_stack([exports.sum(1), returning])
    seeds = np.zeros((len(table.output), 2))
    seeds[rows] = np.linalg.solve(lf.diagonal_blocks[s], lf.domestic[s] @ loads)
    again, through = lf.solve(seeds).T
    repeated = _abroad(table, s, _bought(table, rows, again))
    last = exports - repeated
    back = _abroad(table, s, _bought(table, rows, lf.absorbed[:, at] - through))
    home, foreign = parts.home[:, None], parts.foreign[:, None]
    return Terms(
        exports, home * exports, home * last, home * (last - back), home * back,
        home * repeated, np.full_like(exports, np.nan), foreign * exports, foreign * last,
        foreign * repeated, parts.other[:, None] * exports,
    )  # fmt: skip


def _world(table: InputOutputTable, s: str, approach: Approach) -> Terms:
    """Foreign value added is counted once in all exports of the world; domestic as before."""
    terms_ = _source(table, s, "exporter") if approach == "source" else _sink(table, s)
    count = _first_border if approach == "source" else _last_border
    fva = count(table, s)
    out = {name: getattr(terms_, name) for name in Terms.__dataclass_fields__}
    return Terms(**(out | {"fva": fva, "fdc": terms_.fc - fva}))


def _first_border(table: InputOutputTable, s: str) -> Array:
    """Σ_{t≠s} v_t L_tt A_ts L_ss E_s: the first foreign border is that of s."""
    lf, rows = table.leontief, table.rows(s)
    v = table.per_output(table.value_added)
    content = np.zeros(rows.stop - rows.start)
    for t in table.areas:
        if t != s:
            from_t = table.rows(t)
            content += v[from_t] @ lf.domestic[t] @ lf.coefficients(from_t, rows)
    return (content @ lf.domestic[s])[:, None] * table.trade[rows]


def _last_border(table: InputOutputTable, s: str) -> Array:
    """Σ_{t≠s} v_t B_ts F_sr: nothing of F_sr crosses another border that is foreign to t.

    With r ≠ t, F_sr = Y_sr + A_sr L_rr Y_rr. With r = t what goes home may leave home once more,
    F_st = Y_st + A_st L_tt (Σ_k Y_tk + Σ_{k≠t} A_tk L_kk Y_kk).
    """
    lf, rows = table.leontief, table.rows(s)
    foreign = _parts(table, s).foreign
    fva = foreign[:, None] * _direct(table, s)
    for at, t in enumerate(table.areas):
        if t == s:
            continue
        home = table.rows(t)
        sold = _abroad(table, t, table.final_by_area[home] + _bought(table, home, lf.own_use)).sum(
            1
        )
        further = lf.coefficients(rows, home) @ (lf.domestic[t] @ sold)
        fva[:, at] += lf.origin[at, rows] * further
    return fva
