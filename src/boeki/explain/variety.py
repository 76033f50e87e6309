"""Variety: what new and lost sources of the same goods do to the price of imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError
from boeki.explain.feenstra import VarietyIndex, broda_weinstein, feenstra_index
from boeki.explain.two_periods import both
from boeki.lake import Lake, open_lake
from boeki.measure.prices.panel import Cell, Panel
from boeki.measure.prices.panel_lake import Goods
from boeki.measure.prices.price_index import BIAS, PAGE
from boeki.terms import areas
from boeki.terms.wording import count

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

METHOD = Method(
    "Feenstra price index with variety correction, Broda–Weinstein aggregate",
    "π = P_SV · (λ1/λ0)^(1/(σ−1)); over goods Π π^w",
    "Feenstra (1994), AER 84; Broda & Weinstein (2006), QJE 121",
    PAGE,
)
_CES = (
    "The correction holds for CES preferences with constant tastes; it grows without bound as σ "
    "nears 1. A variety is a product of one country: what comes and goes within it is not seen."
)


def explain_variety(
    reporter: str = "",
    period: str = "",
    flow: str = "import",
    *,
    sigma: float | Mapping[str, float],
    vs: str = "yoy",
    products: Sequence[str] = (),
    digits: int | None = None,
    quantity: str = "unit",
    currency: str = "",
    data: pd.DataFrame | pa.Table | Sequence[Mapping[str, Any]] | None = None,
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Correct the price index of imports for new and lost varieties.

    Parameters
    ----------
    reporter, flow, period, vs
        As :func:`boeki.explain.price_volume.explain_price_volume` has them.
    sigma
        Elasticity of substitution between varieties, above 1: one for all goods, or by product
        code, of which the longest that begins a good's code is taken.
    products, digits, quantity, office, classification, as_of
        As :class:`boeki.measure.prices.Goods` has them.
    currency
        Of ``data``: the currency that its values are in.
    data
        A table of one's own: ``period``, ``product``, ``partner``, ``value``, ``quantity``.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a good: conventional (Sato–Vartia) and exact price index, λ ratio, correction,
        weight. The aggregates stand in ``about``. Goods that no country supplies in both periods
        have no index, with the reason, and are not in the aggregate.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For what is no area, period or σ, and where no good has a common variety.
    NoFigure
        Where the lake lacks one of the periods.
    """
    goods = Goods(
        reporter, flow, "WLD", True, tuple(products), digits, None, office, classification,
        quantity, as_of,  # type: ignore[arg-type]
    )  # fmt: skip
    if not isinstance(sigma, Mapping) and not sigma > 1:
        raise InputError(
            f"σ is {sigma}: the elasticity of substitution between varieties must be above 1"
        )
    lake = lake or (open_lake() if data is None else None)
    panel, base, now = both(period, vs, goods, lake, data)
    rows = [_row(panel, code, *ends, sigma) for code, ends in _goods(panel, base, now).items()]
    known = [r for r in rows if r["exact_index"] is not None]
    if not known:
        raise InputError(
            "no good has a variety with a quantity in both periods and a σ: take fewer digits, or "
            "give sigma for its code"
        )
    return _answer(panel, base, now, rows, known, sigma, panel.currency or currency)


_Ends = tuple[list[Cell], list[Cell]]


def _goods(panel: Panel, base: str, now: str) -> dict[str, _Ends]:
    out: dict[str, _Ends] = {}
    for c in panel.cells:
        if c.period in (base, now):
            out.setdefault(c.item.product, ([], []))[c.period == now].append(c)
    return out


def _row(
    panel: Panel, code: str, before: list[Cell], after: list[Cell], sigma: Any
) -> dict[str, Any]:
    values = [float(sum(c.value for c in cells)) for cells in (before, after)]
    elasticity = _sigma(sigma, code)
    index, why = _index(before, after, elasticity)
    return {
        "product": code,
        "name": panel.name(code),
        "before": values[0],
        "after": values[1],
        "varieties_before": len({c.item.partner for c in before}),
        "varieties_after": len({c.item.partner for c in after}),
        "common": index.common if index else None,
        "sigma": elasticity,
        "lambda_ratio": index.lambda_ratio if index else None,
        "conventional_index": index.conventional if index else None,
        "correction": index.correction if index else None,
        "exact_index": index.exact if index else None,
        "weight": None,
        "note": why,
    }


def _sigma(sigma: Any, code: str) -> float | None:
    if not isinstance(sigma, Mapping):
        return float(sigma)
    fitting = [str(k) for k in sigma if code.startswith(str(k))]
    longest = max(fitting, key=len, default=None)
    return None if longest is None else float({str(k): v for k, v in sigma.items()}[longest])


def _index(
    before: list[Cell], after: list[Cell], sigma: float | None
) -> tuple[VarietyIndex | None, str]:
    """The index of a good, or why there is none."""
    if sigma is None:
        return None, "no σ is given for it"
    if not before or not after:
        return None, "bought in one of the periods only"
    items = sorted({c.item for c in (*before, *after)})
    ends = [{c.item: c for c in cells} for cells in (before, after)]
    values = [[float(e[i].value) if i in e else 0.0 for i in items] for e in ends]
    quantities = [
        [float(e[i].quantity or "nan") if i in e else float("nan") for i in items] for e in ends
    ]
    try:
        index = feenstra_index(values[0], quantities[0], values[1], quantities[1], sigma)
    except InputError:
        if not sigma > 1:
            raise
        return None, "no country supplies it in both periods with a quantity"
    return index, ""


def _answer(
    panel: Panel,
    base: str,
    now: str,
    rows: list[dict[str, Any]],
    known: list[dict[str, Any]],
    sigma: Any,
    home: str,
) -> Answer:
    v0, v1 = ([r[end] for r in known] for end in ("before", "after"))
    conventional, weights = broda_weinstein([r["conventional_index"] for r in known], v0, v1)
    exact, _w = broda_weinstein([r["exact_index"] for r in known], v0, v1)
    for r, weight in zip(known, weights, strict=True):
        r["weight"] = float(weight * 100)
    rows.sort(key=lambda r: (-(r["weight"] or 0), r["product"]))
    whose = panel.told.get("reporter", "")
    covered = sum(v1) / float(panel.value(now) or 1) * 100
    left = len(rows) - len(known)
    change = exact / conventional
    notes = [
        f"Over all goods: conventional index {conventional:.4f}, with varieties {exact:.4f}: the "
        f"correction is {np.expm1(np.log(change)) * 100:+.2f} %, a gain from variety of "
        f"{(1 / change - 1) * 100:+.2f} % for those who buy these goods.",
        f"{count(left, 'good')} without an index, each with its reason; those with one are "
        f"{covered:.1f} % of the value of {now}.",
        _CES,
        BIAS,
    ]
    return answer(
        f"Variety: prices of {panel.told.get('flow', '')}s"
        + (f" of {areas.name(whose)}" if whose else "")
        + f", {base} to {now}",
        rows,
        _columns(home),
        METHOD,
        about={
            **{k: v for k, v in panel.told.items() if v}, "period": now, "base": base,
            "sigma": "by product" if isinstance(sigma, Mapping) else float(sigma),
            "conventional_index": conventional, "exact_index": exact, "correction": change,
            "gain_from_variety": (1 / change - 1) * 100, "covered": covered,
        },
        notes=[*notes, *panel.notes],
        sources=panel.sources,
        evidence=panel.rows,
        published=panel.published,
        chart=Chart("ranking", "name", ("correction",)),
    )  # fmt: skip


def _columns(home: str) -> list[Column]:
    return [
        Column("product", "Code"),
        Column("name", "Good", shown=False),
        Column("before", "Value before", home, shown=False),
        Column("after", "Value after", home, shown=False),
        Column("varieties_before", "Countries that supply it, before", shown=False),
        Column("varieties_after", "Countries that supply it, after", shown=False),
        Column("common", "Varieties in both"),
        Column("sigma", "Elasticity of substitution"),
        Column("lambda_ratio", "λ1/λ0", "", 4),
        Column("conventional_index", "Sato–Vartia index of common varieties", "", 4),
        Column("correction", "(λ1/λ0)^(1/(σ−1))", "", 4),
        Column("exact_index", "Index with varieties", "", 4),
        Column("weight", "Weight in the aggregate", "%"),
        Column("note", "Why there is no index", shown=False),
    ]
