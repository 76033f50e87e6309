"""Econometric shift-share: export growth as performance, geography and sectors."""

from __future__ import annotations

from typing import Any, Literal, Unpack

import numpy as np
import pyarrow as pa

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.fixed_effects import Effects, Panel, contributions_of, fixed_effects
from boeki.measure.structure import names
from boeki.measure.structure.flows import Flows
from boeki.measure.structure.grid import coded
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade

Growth = Literal["midpoint", "log"]

METHOD = Method(
    "Econometric shift-share",
    "g_ijk = c + α_i + β_j + γ_k + ε, weighted least squares, effects of weighted mean nil; "
    "growth_i = world + performance α_i + geography Σ w_j|i β_j + sectors Σ w_k|i γ_k",
    "Cheptea, Gaulier and Zignago (2005), World Trade Competitiveness: A Disaggregated View by "
    "Shift-Share Analysis, CEPII Working Paper 2005-23; Cheptea, Fontagné and Zignago (2014), "
    "European Export Performance, Review of World Economics 150(1)",
    "explanation/market-share.md",
)


def shift_share(
    country: str | None,
    period: str | int,
    versus: str | int,
    *,
    growth: Growth = "midpoint",
    before: Any = None,
    **reading: Unpack[Reading],
) -> Answer:
    """How much of a country's export growth is its own performance, given what it sells and where.

    Parameters
    ----------
    country
        Whose exports; None for every exporter.
    period, versus
        When, and the earlier period it is compared with.
    growth
        ``midpoint``: the change over the average of both periods, which has a value for flows
        that begin or end. ``log``: log changes of flows that are there in both periods.
    before
        With ``data``: the table of the earlier period, where ``data`` does not hold both.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        Of one country a row an effect, of all a row an exporter; in percent. Effects add up to
        the growth of the exporter, up to rounding of floats.

    Raises
    ------
    NoFigure
        Where either period has no exports by market and product, or one country's only.
    InputError
        Where figures of several kinds would be compared.
    """
    if growth not in ("midpoint", "log"):
        raise UnknownTerm("growth", growth, ["midpoint", "log"])
    then_reading: dict[str, Any] = {**reading, **({"data": before} if before is not None else {})}
    now, then = trade(period, country, **reading), trade(versus, country, **then_reading)
    earlier, later = (source.flows("export", "partner", "product") for source in (then, now))
    _alike(earlier, later)
    if len({*earlier.reporters, *later.reporters}) < 2:
        raise NoFigure(
            "there are exports of one country only, which are no world: pull world trade "
            "(boeki pull baci)"
        )
    panel, who, dropped = panel_of(earlier, later, growth)
    found = fixed_effects(panel)
    rows = _rows(panel, found, who, earlier, later)
    code = now.code(country) if country else None
    if code is not None:
        mine = [r for r in rows if r["code"] == code]
        if not mine:
            raise NoFigure(f"{names.country(code)} has no exports that can be compared")
    table = _of_effects(mine[0]) if code is not None else rows
    whose = f"{names.country(code)}'s" if code else "countries'"
    return answer(
        f"Shift-share of {whose} export growth, {then.period} to {now.period}",
        table,
        _EFFECTS if code is not None else _columns(later.currency),
        METHOD,
        about=about(now, later, country=code, versus=str(versus), growth=growth,
                    world_growth=100 * found.constant, exporters=len(who),
                    flows=int(panel.growth.size), r2=found.r2),
        notes=[*notes(earlier, later), *_said(growth, found, who, dropped)],
        chart=Chart("waterfall", "name", ("value",)) if code is not None else
        Chart("ranking", "name", ("performance",)),
        **evidence(earlier, later),
    )  # fmt: skip


def panel_of(earlier: Flows, later: Flows, growth: Growth) -> tuple[Panel, tuple[str, ...], float]:
    """Growth rates and weights of flows.

    Returns
    -------
    panel
        A row a flow.
    exporters
        Their names, in the panel's order.
    dropped
        The part of both periods' trade, in percent, that has no growth rate.
    """
    keys = ("reporter", "partner", "product")
    both = [
        coded(pa.chunked_array([c for f in (earlier, later) for c in f.table.column(key).chunks]))
        for key in keys
    ]
    codes, sizes = [code for _, code in both], [len(labels) for labels, _ in both]
    exporters = both[0][0]
    place = (codes[0] * sizes[1] + codes[1]) * sizes[2] + codes[2]
    cells, at = np.unique(place, return_inverse=True)
    split = earlier.table.num_rows
    x0 = np.bincount(at[:split], weights=earlier.values(), minlength=cells.size)
    x1 = np.bincount(at[split:], weights=later.values(), minlength=cells.size)
    rate, weight = _growth(x0, x1, growth)
    keep = weight > 0
    if not keep.any():
        raise NoFigure("no flow is there in both periods: ask for midpoint growth")
    i, rest = np.divmod(cells[keep], sizes[1] * sizes[2])
    j, k = np.divmod(rest, sizes[2])
    gone = 100 * float((x0 + x1)[~keep].sum() / (x0 + x1).sum())
    return Panel(i, j, k, rate[keep], weight[keep] / weight.sum()), exporters, gone


def _growth(x0: Any, x1: Any, growth: Growth) -> tuple[Any, Any]:
    """Rates and weights: the average of both periods, or that of the shares in each."""
    if growth == "midpoint":
        return 2 * (x1 - x0) / (x1 + x0), (x0 + x1) / 2
    both = (x0 > 0) & (x1 > 0)
    rate = np.log(np.divide(x1, x0, out=np.ones_like(x0), where=both))
    shares = [np.where(both, x, 0) / max(x[both].sum(), 1e-300) for x in (x0, x1)]
    return rate, (shares[0] + shares[1]) / 2


def _rows(
    panel: Panel, found: Effects, who: tuple[str, ...], earlier: Flows, later: Flows
) -> list[dict[str, Any]]:
    totals = [_totals(f) for f in (earlier, later)]
    parts = contributions_of(panel, found)
    rows = []
    for i, code in enumerate(who):
        if not parts.weight[i]:
            continue
        known = bool(found.identified[i])
        effect = {
            name: 100 * float(getattr(parts, name)[i]) if known else None
            for name in ("performance", "geography", "sectors")
        }
        rows.append(
            {
                "code": code,
                "name": names.country(code),
                "before": totals[0].get(code, 0),
                "exports": totals[1].get(code, 0),
                "growth": 100 * float(parts.growth[i]),
                "world": 100 * found.constant,
                **effect,
                "residual": 100 * float(parts.residual[i]),
                "note": "" if known else "its performance cannot be told from what it sells where",
            }
        )
    return sorted(rows, key=lambda r: (r["performance"] is None, -(r["performance"] or 0)))


def _totals(flows: Flows) -> dict[str, Any]:
    summed = flows.table.group_by("reporter").aggregate([("value", "sum")])
    return dict(zip(summed["reporter"].to_pylist(), summed["value_sum"].to_pylist(), strict=True))


def _of_effects(row: dict[str, Any]) -> list[dict[str, Any]]:
    words = {
        "world": "growth of world trade",
        "performance": "own performance",
        "geography": "geography: the markets it sells to",
        "sectors": "sectors: the products it sells",
        "growth": "growth of its exports",
    }
    return [
        {"effect": e, "name": name, "value": row[e], "note": row["note"] if row[e] is None else ""}
        for e, name in words.items()
    ]


def _said(growth: Growth, found: Effects, who: tuple[str, ...], dropped: float) -> list[str]:
    out = [f"The world is the {len(who)} exporters of these figures."]
    if growth == "midpoint":
        out.append(
            "Growth is the change over the average of both periods, between −200 % and 200 %: "
            "flows that begin or end count."
        )
    else:
        out.append(
            f"Growth is in log points of flows that are there in both periods; the others, "
            f"{dropped:.1f} % of trade, are left out."
        )
    if unknown := int((~found.identified).sum()):
        out.append(
            f"Of {unknown} exporters performance cannot be told from geography and sectors: they "
            "share too little with others."
        )
    return out


def _alike(*flows: Flows) -> None:
    for key in ("office", "classification", "currency", "valuation"):
        held = sorted({f.told.get(key, "") for f in flows})
        if len(held) > 1:
            raise InputError(
                f"the two periods have unlike kinds of {key} ({', '.join(held)}): name one that "
                "both have"
            )


_EFFECTS = (
    Column("effect", "effect", shown=False),
    Column("name", "effect"),
    Column("value", "contribution to growth", "%", places=2),
    Column("note", "why a cell is empty", shown=False),
)


def _columns(currency: str) -> list[Column]:
    return [
        Column("code", "exporter's code", shown=False),
        Column("name", "exporter"),
        Column("before", "exports in the earlier period", currency, shown=False),
        Column("exports", "exports", currency),
        Column("growth", "growth of exports", "%", places=2),
        Column("world", "growth of world trade", "%", places=2, shown=False),
        Column("performance", "own performance", "%", places=2),
        Column("geography", "geography", "%", places=2),
        Column("sectors", "sectors", "%", places=2),
        Column("residual", "rounding", "%", shown=False),
        Column("note", "why a cell is empty", shown=False),
    ]
