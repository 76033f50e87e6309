"""Constant-market-share analysis: why a country's exports, or its market share, changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Literal, Unpack

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.market_share_effects import (
    FIVE,
    FOUR,
    Cells,
    Order,
    Weights,
    five_effects,
    four_effects,
    summed,
)
from boeki.measure.structure import names
from boeki.measure.structure.flows import Flows, Trade
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade

By = Literal["total", "product", "partner"]
Analysis = Literal["richardson", "fagerberg-sollie"]

RICHARDSON = Method(
    "Constant-market-share analysis (Richardson)",
    "Δq = sΔQ + Σ(s_i − s)ΔQ_i + Σ(s_ij − s_i)ΔQ_ij + ΣQ_ijΔs_ij: world growth, commodity, market, "
    "competitiveness",
    "Richardson (1971), Constant-Market-Shares Analysis of Export Growth, Journal of International "
    "Economics 1(2)",
    "explanation/market-share.md",
)
FAGERBERG_SOLLIE = Method(
    "Constant-market-share analysis (Fagerberg and Sollie)",
    "ΔM = ΣΔa·b·c + Σa·Δb·c + ΣΔa·Δb·c + ΣM_jΔc + ΣΔM_jΔc, M = Σ a_ij b_ij c_j: market share, "
    "commodity composition, commodity adaptation, market composition, market adaptation",
    "Fagerberg and Sollie (1987), The Method of Constant Market Shares Analysis Reconsidered, "
    "Applied Economics 19(12)",
    "explanation/market-share.md",
)
_WORDS = {
    "growth": "growth of the market as a whole",
    "commodity": "commodity effect",
    "market": "market effect",
    "competitiveness": "competitiveness effect",
    "interaction": "interaction of shares and markets",
    "unmatched": "flows without a reference",
    "market_share": "market share effect",
    "commodity_composition": "commodity composition effect",
    "commodity_adaptation": "commodity adaptation effect",
    "market_composition": "market composition effect",
    "market_adaptation": "market adaptation effect",
}


def constant_market_share(
    country: str,
    period: str | int,
    versus: str | int,
    *,
    method: Analysis = "richardson",
    weights: Weights = "initial",
    order: Order = "commodity-first",
    by: By = "total",
    reference: Collection[str] = (),
    home: bool = False,
    before: Any = None,
    **reading: Unpack[Reading],
) -> Answer:
    """Why a country's exports changed: demand, their composition, or competitiveness.

    Parameters
    ----------
    country
        Whose exports.
    period, versus
        When, and the earlier period it is compared with.
    method
        ``richardson``: the change of exports, in currency. ``fagerberg-sollie``: the change of
        the market share, in percentage points.
    weights
        Of Richardson's: shares of the ``initial`` or the ``final`` period, the ``average`` of
        both, or ``interaction``: initial ones, with the interaction of shares and markets apart.
    order
        Of Richardson's: commodities before markets (``commodity-first``) or after them.
    by
        ``total``: a row an effect; ``product`` or ``partner``: a row each, effects beside it.
    reference
        Competitors whose exports make the market; empty for the world, the country included.
    home
        Count what the country itself imports among the markets, where it sells nothing.
    before
        With ``data``: the table of the earlier period, where ``data`` does not hold both.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        Effects that add up to the change to the last digit.

    Raises
    ------
    NoFigure
        Where either period has no exports by product and market, or one country's only.
    InputError
        Where figures of several kinds or levels would be compared.
    """
    _check(method, weights, order, by)
    then_reading: dict[str, Any] = {**reading, **({"data": before} if before is not None else {})}
    now, then = trade(period, country, **reading), trade(versus, country, **then_reading)
    code = now.code(country)
    rivals = tuple(now.code(r) for r in reference)
    own = _own(then, code), _own(now, code)
    (sold_then, sellers_then), (sold, sellers) = _market(then, rivals), _market(now, rivals)
    world, exporters = (sold_then, sold), (sellers_then, sellers)
    _alike(*own, *world)
    mine, theirs = _cells(own), _cells(world)
    if not home:
        theirs = _abroad(mine, theirs, code)
    effects = (
        four_effects(mine, theirs, weights=weights, order=order)
        if method == "richardson"
        else five_effects(mine, theirs)
    )
    five = method == "fagerberg-sollie"
    unit = "pp" if five else own[1].currency
    change = _change(mine, theirs, effects, five=five)
    table, columns = (
        _of_effects(effects, change, unit) if by == "total" else
        _of_lines(effects, change, by, unit, own[1].told.get("classification", ""))
    )  # fmt: skip
    what = "market share" if five else "exports"
    return answer(
        f"Why {names.country(code)}'s {what} changed, {then.period} to {now.period}",
        table,
        columns,
        FAGERBERG_SOLLIE if five else RICHARDSON,
        about=about(now, own[1], country=code, versus=str(versus), by=by, change=change,
                    weights=None if five else weights, order=None if five else order,
                    reference=list(rivals) or "WLD"),
        notes=[*notes(*own), *_said(effects, exporters, rivals, unit, change),
               *([] if home else ["What the country itself imports is no market of it."])],
        chart=Chart("waterfall", "name", ("value",)) if by == "total" else
        Chart("ranking", "name", ("change",)),
        **evidence(*own, *world),
    )  # fmt: skip


def _check(method: str, weights: str, order: str, by: str) -> None:
    for sort, given, known in (
        ("method", method, ["richardson", "fagerberg-sollie"]),
        ("weights", weights, ["initial", "final", "average", "interaction"]),
        ("order", order, ["commodity-first", "market-first"]),
        ("breakdown", by, ["total", "product", "partner"]),
    ):
        if given not in known:
            raise UnknownTerm(sort, given, known)


def _own(source: Trade, code: str) -> Flows:
    return source.flows("export", "partner", "product", reporters=(code,))


def _market(source: Trade, rivals: tuple[str, ...]) -> tuple[Flows, set[str]]:
    """What the world or the competitors sold of each product in each market, and who they are."""
    sold = source.flows("export", "partner", "product", reporters=rivals, together=True)
    sellers = set(source.flows("export", reporters=rivals).reporters)
    if not rivals and len(sellers) < 2:
        raise NoFigure(
            f"there are exports of one country only in {source.period}, which are no world market: "
            "pull world trade (boeki pull baci)"
        )
    return sold, sellers


def _alike(*flows: Flows) -> None:
    """Refuse to compare figures of several kinds."""
    for key in ("office", "classification", "currency", "valuation"):
        held = sorted({f.told.get(key, "") for f in flows})
        if len(held) > 1:
            raise InputError(
                f"the two periods have unlike kinds of {key} ({', '.join(held)}): name one that "
                "both have"
            )


def _cells(flows: Collection[Flows]) -> tuple[Cells, Cells]:
    """Amounts by product and market, earlier and later."""
    then, now = ({(p, m): v for (m, p), v in _keyed(f).items()} for f in flows)
    return then, now


def _abroad(mine: tuple[Cells, Cells], theirs: tuple[Cells, Cells], code: str) -> Any:
    """The market without what the country itself imports, unless it sells there."""
    if any(market == code for cells in mine for _product, market in cells):
        return theirs
    return tuple({c: v for c, v in cells.items() if c[1] != code} for cells in theirs)


def _keyed(flows: Flows) -> Mapping[tuple[str, str], Decimal]:
    return {(k[-2], k[-1]): v for k, v in flows.amounts().items()}


def _change(
    own: tuple[Cells, Cells], world: tuple[Cells, Cells], effects: Any, *, five: bool
) -> Decimal:
    """What is explained: of shares, to as many places as the effects have."""
    if five:
        return sum((sum(e.values(), Decimal(0)) for e in effects.values()), Decimal(0))
    return sum(own[1].values(), Decimal(0)) - sum(own[0].values(), Decimal(0))


def _of_effects(effects: Any, change: Decimal, unit: str) -> tuple[list[dict[str, Any]], Any]:
    whole = summed(effects)
    rows = [
        {"effect": e, "name": _WORDS[e], "value": v, "part": _percent(v, change)}
        for e, v in whole.items()
        if v or e in _always(whole)
    ]
    rows.append({"effect": "total", "name": "change", "value": change, "part": 100.0})
    places = 4 if unit == "pp" else None
    return rows, [
        Column("effect", "effect", shown=False),
        Column("name", "effect"),
        Column("value", "contribution", unit, places=places),
        Column("part", "part of the change", "%"),
    ]


def _always(whole: Mapping[str, Decimal]) -> tuple[str, ...]:
    """Effects that are told even where they are nil."""
    return FIVE if "market_share" in whole else FOUR[:4]


def _of_lines(
    effects: Any, change: Decimal, by: By, unit: str, words: str
) -> tuple[list[dict[str, Any]], Any]:
    lines: dict[str, list[Any]] = {}
    for (product, market), cell in effects.items():
        lines.setdefault(product if by == "product" else market, []).append(cell)
    rows: list[dict[str, Any]] = []
    for code, cells in lines.items():
        parts = summed(dict(enumerate(cells)))
        total = sum(parts.values(), Decimal(0))
        name = names.product(code, words) if by == "product" else names.country(code)
        rows.append({"code": code, "name": name or code, **parts, "change": total,
                     "part": _percent(total, change)})  # fmt: skip
    rows.sort(key=lambda r: (-abs(r["change"]), r["code"]))
    places = 4 if unit == "pp" else None
    return rows, [
        Column("code", f"{by} code", shown=False),
        Column("name", by),
        *(Column(e, _WORDS[e], unit, places=places, shown=e not in ("interaction", "unmatched"))
          for e in (summed(effects))),
        Column("change", "change", unit, places=places),
        Column("part", "part of the change", "%"),
    ]  # fmt: skip


def _percent(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole * 100) if whole else None


def _said(
    effects: Any,
    exporters: tuple[set[str], ...],
    rivals: tuple[str, ...],
    unit: str,
    change: Decimal,
) -> list[str]:
    then, now = exporters
    who = "competitors" if rivals else "exporters, the country among them"
    out = [f"The market is what {len(now)} {who} sell."]
    if then != now:
        out.append(
            f"Exporters are not the same in both periods (gone: {_few(then - now)}; new: "
            f"{_few(now - then)}): their coming and going counts as change of the market."
        )
    if unmatched := summed(effects).get("unmatched"):
        amount = " ".join(filter(None, (f"{unmatched.normalize():f}", unit)))
        out.append(
            f"Exports of products to markets where the reference sold none changed by {amount}: no "
            "share of nothing is defined, so they stand by themselves and are in no share."
        )
    if not change:
        out.append("Nothing changed in all, so parts of the change are not defined.")
    return out


def _few(codes: Collection[str]) -> str:
    shown = sorted(codes)[:6]
    return (", ".join(shown) + (" …" if len(codes) > 6 else "")) or "none"
