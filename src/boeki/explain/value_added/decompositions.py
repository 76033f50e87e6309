"""The decompositions of gross exports, as answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.explain.value_added import borin_mancini as bm
from boeki.explain.value_added import koopman_wang_wei as kww
from boeki.explain.value_added import shown
from boeki.explain.value_added import wang_wei_zhu as wwz
from boeki.explain.value_added.johnson_noguera import value_added_exports
from boeki.explain.value_added.origin import origin_of_exports

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable

METHODS = ("borin-mancini", "kww", "wwz", "origin", "vax")

#: The terms of Borin and Mancini: aggregates and parts.
BM_TERMS: dict[str, str] = {
    "exports": "gross exports",
    "dc": "domestic content",
    "dva": "domestic value added",
    "vax": "domestic value added absorbed abroad",
    "ref": "domestic value added reflected: absorbed at home",
    "ddc": "domestic content counted twice",
    "davax": "domestic value added absorbed by the importer directly",
    "fc": "foreign content",
    "fva": "foreign value added",
    "fdc": "foreign content counted twice",
    "gvc": "trade in global value chains",
    "gvcb": "backward participation",
    "gvcf": "forward participation",
}
#: Terms that people are shown side by side; files have all of them.
_SHOWN = ("exports", "dva", "ref", "fva", "gvc", "gvcb", "gvcf",
          "dva_fin", "dva_int", "dva_intrex", "ddc_int", "fva_fin", "fva_int")  # fmt: skip
_BM_PARTS = ("vax", "ref", "ddc", "fva", "fdc")
_OTHER = "taxes less subsidies on inputs, and margins"
_REFERENCES = {
    "borin-mancini": Method(
        "Borin–Mancini decomposition of gross exports",
        "EXP = DVA + DDC + FVA + FDC, DVA = v_s L_ss E_s, FVA = Σ_t v_t B^s_ts E_s",
        "Borin, A. and M. Mancini (2023), Economic Systems Research 35(4); (2019) World Bank "
        "Policy Research Working Paper 8804",
        shown.PAGE,
    ),
    "kww": Method(
        "Koopman–Wang–Wei decomposition of gross exports",
        "EXP = DVA (3 terms) + returned (2) + DDC + FVA (2) + FDC",
        "Koopman, R., Z. Wang and S.-J. Wei (2014), American Economic Review 104(2), equation 36",
        shown.PAGE,
    ),
    "wwz": Method(
        "Wang–Wei–Zhu decomposition of bilateral exports",
        "E_sr = 16 terms of v B and v L times Y_sr, A_sr B_rt Y_tu and A_sr X_r",
        "Wang, Z., S.-J. Wei and K. Zhu (2013), NBER Working Paper 19677, equation 22",
        shown.PAGE,
    ),
    "origin": Method(
        "Leontief decomposition of exports by origin of value added",
        "V B diag(E)",
        "Hummels, D., J. Ishii and K.-M. Yi (2001), Journal of International Economics 54(1); "
        "Miller, R. E. and P. D. Blair (2009), Input–Output Analysis",
        shown.PAGE,
    ),
    "vax": Method(
        "Value-added exports",
        "VAX_sk = v_s Σ_t B_st Y_tk, k ≠ s",
        "Johnson, R. C. and G. Noguera (2012), Journal of International Economics 86(2)",
        shown.PAGE,
    ),
}


def explain_value_added(
    table: InputOutputTable,
    exporter: str | Sequence[str],
    *,
    method: str = "borin-mancini",
    by: str = "term",
    partner: str | None = None,
    sector: str | None = None,
    perspective: bm.Perspective = "exporter",
    approach: bm.Approach = "source",
) -> Answer:
    """Decompose an area's gross exports by value added.

    Parameters
    ----------
    table
        Of the world.
    exporter
        An area of the table by code or name, a group such as ``EU27``, or several areas, which
        then export as one.
    method
        ``borin-mancini``, ``kww``, ``wwz``, ``origin`` (where the value was added) or ``vax``
        (where it is absorbed).
    by
        ``term`` for the terms of one flow one below the other; ``exporter``, ``sector``,
        ``partner`` or ``sector-partner`` for a row each, the terms side by side. For ``origin``
        and ``vax``: ``area``, ``sector`` or ``area-sector`` of origin or of absorption, and
        ``term`` means ``area``.
    partner, sector
        Of which flow; None for all.
    perspective, approach
        Of Borin and Mancini: ``exporter``, ``sector``, ``bilateral``, ``sector-bilateral`` or
        ``world``, and ``source`` or ``sink``.

    Returns
    -------
    Answer
        Amounts in the table's currency; terms add up to gross exports, what is left stands in
        ``residual``.

    Raises
    ------
    UnknownTerm, InputError
        For areas, sectors, methods or breakdowns that are none, and for national tables.

    Notes
    -----
    References stand in the ``method`` of each answer.
    """
    if method not in METHODS:
        raise UnknownTerm("method", method, METHODS)
    if method != "borin-mancini" and (perspective, approach) != ("exporter", "source"):
        raise InputError(f"perspective and approach are of borin-mancini: {method} has none")
    shown.world_only(table, "value added in trade")
    table, code = shown.with_exporter(table, exporter)
    to = None if partner is None else shown.found(table, partner)
    if to == code:
        raise InputError(f"{to} is the exporter itself: name another partner")
    asked = _Asked(table, code, to, sector, by)
    if method == "origin":
        return _origin(asked)
    if method == "vax":
        return _vax(asked)
    if method == "borin-mancini":
        return _borin_mancini(asked, perspective, approach)
    return _kww(asked) if method == "kww" else _wwz(asked)


class _Asked:
    """Which flow is decomposed, and how it is broken down."""

    def __init__(
        self, table: InputOutputTable, code: str, partner: str | None, sector: str | None, by: str
    ) -> None:
        self.table, self.code, self.partner, self.sector, self.by = table, code, partner, sector, by
        labels = shown.sector_labels(table, code)
        own = table.row_sectors[table.rows(code)]
        chosen = (
            [s in (label, plain) for label, plain in zip(labels, own, strict=True)]
            if (s := sector)
            else [True] * len(labels)
        )
        if not any(chosen):
            raise UnknownTerm("sector of the table", sector or "", [*labels, *own])
        self.rows = np.array(chosen)
        self.columns = np.array([partner in (None, a) for a in table.areas])

    def only(self, values: Array) -> Array:
        """Nil outside of the flow that was asked for."""
        return np.where(self.rows[:, None] & self.columns, values, 0.0)

    def title(self, what: str) -> str:
        words = f"{what} of {self.sector}" if self.sector else what
        return shown.titled(words, self.code, self.table, self.partner)

    def about(self, method: str, **more: Any) -> dict[str, Any]:
        return shown.about(
            self.table, exporter=self.code, partner=self.partner, sector=self.sector,
            method=method, by=self.by, **more,
        )  # fmt: skip

    def blank(self, keys: Mapping[str, str]) -> bool:
        """Whether a row is outside of the flow that was asked for."""
        if "sector" in keys and self.sector:
            label = keys["sector"]
            if label != self.sector and not label.endswith(f" {self.sector}"):
                return True
        return bool(self.partner and keys.get("partner", self.partner) != self.partner)


def _borin_mancini(asked: _Asked, perspective: bm.Perspective, approach: bm.Approach) -> Answer:
    table = asked.table
    if perspective not in bm.PERSPECTIVES:
        raise UnknownTerm("perspective", perspective, bm.PERSPECTIVES)
    if approach not in bm.APPROACHES:
        raise UnknownTerm("approach", approach, bm.APPROACHES)
    whole = asked.by in ("term", "exporter") and not asked.partner and not asked.sector
    if perspective == "world" and not whole:
        raise InputError("the world's perspective is for all exports of an area: leave by out")
    found = bm.terms(table, asked.code, perspective, approach)
    direct = perspective == "exporter" and approach == "source"
    names = [n for n in BM_TERMS if direct or n not in ("davax", "gvc", "gvcb", "gvcf")]
    values = {n: asked.only(getattr(found, n)) for n in names}
    taxed = bool(np.any(table.other_inputs))
    if taxed:
        values["other"] = asked.only(found.other)
    values["residual"] = asked.only(found.residual)
    meanings = BM_TERMS | {"other": _OTHER, "residual": "exports less all terms"}
    parts = [*_BM_PARTS, *(["other"] if taxed else [])]
    notes = _bm_notes(asked, values, perspective, approach)
    return _terms(
        asked, values, meanings, parts, "borin-mancini", notes,
        perspective=perspective, approach=approach,
    )  # fmt: skip


def _bm_notes(
    asked: _Asked, values: Mapping[str, Array], perspective: str, approach: str
) -> list[str]:
    notes = [f"Perspective {perspective}, {approach}-based."]
    if perspective in ("sector", "bilateral", "sector-bilateral"):
        notes.append(
            "What is value added in one flow may be so in others too: do not add flows up; the "
            "exporter's perspective adds up."
        )
    total = values["exports"].sum()
    if "gvc" in values and total:
        gvc, back, forth = (100 * values[n].sum() / total for n in ("gvc", "gvcb", "gvcf"))
        notes.append(
            f"{gvc:.1f} % of the exports are trade in global value chains: {back:.1f} % backward, "
            f"{forth:.1f} % forward."
        )
    return notes


def _terms(
    asked: _Asked,
    values: Mapping[str, Array],
    meanings: Mapping[str, str],
    parts: Sequence[str],
    method: str,
    notes: Sequence[str],
    **more: Any,
) -> Answer:
    """Terms one below the other, or side by side in a row for each flow."""
    table = asked.table
    rows: list[dict[str, Any]] = []
    if asked.by == "term":
        total = values["exports"].sum()
        for n in parts:
            amount = values[n].sum()
            rows.append(
                {"term": n.upper(), "meaning": meanings[n], "value": shown.money(table, amount),
                 "share": shown.share(amount, total)}
            )  # fmt: skip
        columns = [
            Column("term", "term of the decomposition"), Column("meaning", "what it is"),
            Column("value", "amount", table.currency), Column("share", "share of exports", "%"),
        ]  # fmt: skip
        chart = Chart("waterfall", "term", ("value",))
        gross = shown.money(table, total)
        off = abs(values["residual"].sum()) / abs(total) if total else 0.0
        notes = [
            f"Gross exports: {shown.said(gross, table.currency)}; the terms add up to them "
            f"(to {off:.0e} of them).",
            *notes,
        ]
    else:
        for keys, amounts in shown.keyed(
            table, asked.code, shown.summed(values, asked.by), asked.by
        ):
            if not asked.blank(keys):
                rows.append({**keys, **amounts})
        key_columns = [Column(k, k) for k in rows[0] if k not in values]
        columns = [*key_columns, *shown.columns(table, {n: meanings[n] for n in values}, _SHOWN)]
        if asked.by == "sector-partner":
            chart = None
        else:
            key = {"exporter": "exporter"}.get(asked.by, asked.by)
            rows.sort(key=lambda r: -r["exports"])
            chart = Chart("ranking", key, ("dva" if "dva" in values else "exports",))
    return answer(
        asked.title("Value added in exports"), rows, columns, _REFERENCES[method],
        about=asked.about(method, **more), notes=shown.notes(table, *notes),
        sources=[table.source], chart=chart,
    )  # fmt: skip


def _kww(asked: _Asked) -> Answer:
    if asked.by not in ("term", "exporter") or asked.partner or asked.sector:
        raise InputError(
            "Koopman, Wang and Wei decompose all exports of an area: leave partner, sector and by "
            "out, or take method wwz or borin-mancini"
        )
    table, found = asked.table, kww.nine_terms(asked.table, asked.code)
    total = table.trade[table.rows(asked.code)].sum()
    if not np.any(table.other_inputs):
        found.pop("other")
    values = {n: np.array([[v]]) for n, v in found.items()}
    values = {"exports": np.array([[total]]), **values}
    values["residual"] = values["exports"] - sum(found.values())
    meanings = {"exports": "gross exports", **kww.TERMS, "other": _OTHER}
    meanings["residual"] = "exports less all terms"
    return _terms(asked, values, meanings, list(found), "kww", _KWW_NOTES)


_KWW_NOTES = (
    "Foreign value added is counted as Koopman, Wang and Wei do, which counts too little of it "
    "(Borin and Mancini 2019): perspective world, sink-based, of borin-mancini is the correction.",
)


def _wwz(asked: _Asked) -> Answer:
    table = asked.table
    found = wwz.sixteen_terms(table, asked.code)
    if not np.any(table.other_inputs):
        found.pop("other")
    exports = table.trade[table.rows(asked.code)]
    values = {"exports": exports, **found, "residual": exports - sum(found.values())}
    values = {n: asked.only(v) for n, v in values.items()}
    meanings = {"exports": "gross exports", **wwz.TERMS, "other": _OTHER}
    meanings["residual"] = "exports less all terms"
    return _terms(asked, values, meanings, list(found), "wwz", ())


_PLACES = ("area", "sector", "area-sector")


def _origin(asked: _Asked) -> Answer:
    """Value added by where it comes from."""
    table = asked.table
    found = origin_of_exports(table, asked.code, asked.partner)[:, asked.rows].sum(1)
    rows, by = _by_row(table, found, asked.by)
    total = asked.only(table.trade[table.rows(asked.code)]).sum()
    return _ranking(asked, rows, by, total, "origin", "Origin of the value of exports", [])


def _vax(asked: _Asked) -> Answer:
    """Value added by where it is absorbed."""
    table, by = asked.table, "area" if asked.by in ("term", "partner") else asked.by
    found = asked.only(value_added_exports(table, asked.code))
    if by == "area":
        rows = [
            ({"area": a}, v)
            for a, v in zip(table.areas, found.sum(0), strict=True)
            if a != asked.code and asked.partner in (None, a)
        ]
    elif by == "sector":
        labels = shown.sector_labels(table, asked.code)
        rows = [({"sector": s}, v) for s, v in zip(labels, found.sum(1), strict=True)]
    else:
        raise UnknownTerm("breakdown of value-added exports", by, ("area", "sector"))
    total = asked.only(table.trade[table.rows(asked.code)]).sum()
    note = (
        "Areas are those whose final use absorbs the value, by whatever way it went there; sectors "
        "are those that added it, not those that exported it. The sum of the shares is the VAX "
        "ratio."
    )
    return _ranking(asked, rows, by, total, "vax", "Value-added exports", [note])


def _by_row(
    table: InputOutputTable, values: Array, by: str
) -> tuple[list[tuple[dict[str, str], float]], str]:
    by = "area" if by == "term" else by
    if by not in _PLACES:
        raise UnknownTerm("breakdown of the origin", by, _PLACES)
    sums: dict[tuple[str, ...], float] = {}
    for area, sector, v in zip(table.row_areas, table.row_sectors, values, strict=True):
        key = {"area": (area,), "sector": (sector,)}.get(by, (area, sector))
        sums[key] = sums.get(key, 0.0) + float(v)
    names = by.split("-")
    return [(dict(zip(names, k, strict=True)), v) for k, v in sums.items()], by


def _ranking(
    asked: _Asked,
    rows: Sequence[tuple[dict[str, str], float]],
    by: str,
    total: float,
    method: str,
    what: str,
    notes: Sequence[str],
) -> Answer:
    table = asked.table
    ordered = sorted(rows, key=lambda r: -r[1])
    lines = [
        {**keys, "value": shown.money(table, v), "share": shown.share(v, total)}
        for keys, v in ordered
    ]
    amount = sum(v for _, v in rows)
    said = (
        f"In all {shown.said(shown.money(table, amount), table.currency)}, of gross exports of "
        f"{shown.said(shown.money(table, total), table.currency)}."
    )
    columns = [
        *(Column(k, k) for k in by.split("-")),
        Column("value", "value added", table.currency), Column("share", "of gross exports", "%"),
    ]  # fmt: skip
    key = by.split("-")[-1]
    return answer(
        asked.title(what), lines, columns, _REFERENCES[method],
        about=asked.about(method), notes=shown.notes(table, said, *notes),
        sources=[table.source], chart=Chart("ranking", key, ("value",)),
    )  # fmt: skip
