"""The parts of a change of value as a table: by part, or by product."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from textwrap import shorten
from typing import Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.explain.invoicing import RateChange
from boeki.explain.product_change import PARTS, WHY, Change
from boeki.measure.prices.panel import Panel
from boeki.measure.prices.price_index import BIAS, PAGE
from boeki.terms import areas
from boeki.terms.wording import amount, percent

METHODS = {
    "bennet": Method(
        "Bennet price and volume indicators",
        "price = ½(q0+q1)·(p1−p0), volume = ½(p0+p1)·(q1−q0)",
        "Bennet (1920); Diewert (2005), Review of Income and Wealth 51",
        PAGE,
    ),
    "montgomery": Method(
        "Montgomery price and volume indicators (LMDI-I)",
        "price = L·ln(p1/p0), volume = L·ln(q1/q0), L = (v1−v0)/ln(v1/v0)",
        "Montgomery (1937); Ang (2004), Energy Policy 32; Balk (2008), ch. 4",
        PAGE,
    ),
}


def _other_goods(panel: Panel, base: str, now: str, changes: Iterable[Change]) -> Decimal | None:
    """The change of what a stated total has besides the products; None where none is stated."""
    if base not in panel.totals or now not in panel.totals:
        return None
    whole = panel.totals[now] - panel.totals[base]
    return whole - sum((c.change for c in changes), Decimal(0))


def _sums(changes: Sequence[Change], other: Decimal | None) -> dict[str, tuple[Decimal, int]]:
    """Each part added up over products, and of how many products it is."""
    out: dict[str, tuple[Decimal, int]] = {}
    for name in PARTS:
        held = [c.parts[name] for c in changes if name in c.parts]
        if held:
            out[name] = sum(held, Decimal(0)), len(held)
    if other:
        out["other_goods"] = other, 0
    return out


#: Parts of a product of which neither price nor volume is known.
_UNSPLIT = ("no_quantity", "new", "lost")
#: Letters of a product's name.
_WIDTH = 40


def table_of(
    panel: Panel,
    base: str,
    now: str,
    changes: list[Change],
    method: str,
    by: str,
    home: str,
    seen: Mapping[str, RateChange],
) -> Answer:
    """The answer to a question for price and volume.

    Parameters
    ----------
    panel, base, now
        The figures and the two periods.
    changes
        Of every product, as :func:`boeki.explain.product_change.changes_of` gives them.
    method, by
        Which of :data:`METHODS`; ``part`` or ``product``.
    home
        The currency of the values.
    seen
        The changes of exchange rates that were used.
    """
    other = _other_goods(panel, base, now, changes)
    sums = _sums(changes, other)
    change = panel.value(now) - panel.value(base)
    if other is not None:
        change = panel.totals[now] - panel.totals[base]
    v0 = panel.totals[base] if other is not None else panel.value(base)
    products = by == "product"
    rows = _by_product(panel, changes, sums) if products else _by_part(sums, change, v0)
    columns = _product_columns(home, sums, changes) if products else _part_columns(home)
    return answer(
        _title(panel, base, now, changes),
        rows,
        columns,
        METHODS[method],
        about={
            **{k: v for k, v in panel.told.items() if v}, "period": now, "base": base,
            "before": v0, "after": v0 + change, "change": change,
            **{f"{name}_effect": part for name, (part, _n) in sums.items()},
            "residual": change - sum((part for part, _n in sums.values()), Decimal(0)),
        },
        notes=[
            *_summary(changes, home, v0, change, other if products else None),
            BIAS,
            *_rate_notes(seen, home),
            *panel.notes,
        ],
        sources=[*panel.sources, *(s for r in seen.values() for s in r.sources)],
        evidence=panel.rows,
        published=panel.published,
        chart=_chart(products),
    )  # fmt: skip


def _chart(products: bool) -> Chart:
    if products:
        return Chart("ranking", "name", ("change",))
    return Chart("waterfall", "part", ("effect",))


def _title(panel: Panel, base: str, now: str, changes: Sequence[Change]) -> str:
    whose = panel.told.get("reporter", "")
    of = f" of {areas.name(whose)}" if whose else ""
    goods = {c.product for c in changes}
    what = f", {panel.name(changes[0].product)}" if len(goods) == 1 else ""
    return f"Price and volume: change of {panel.told.get('flow', '')}s{of}{what}, {base} to {now}"


def _by_part(
    sums: Mapping[str, tuple[Decimal, int]], change: Decimal, before: Decimal
) -> list[dict[str, Any]]:
    return [
        {
            "part": PARTS[name],
            "effect": part,
            "share": float(part / change * 100) if change else None,
            "points": float(part / before * 100) if before else None,
            "products": n or None,
            "note": WHY.get(name, ""),
        }
        for name, (part, n) in sums.items()
    ]


def _part_columns(home: str) -> list[Column]:
    return [
        Column("part", "Part of the change"),
        Column("effect", "Effect on the value", home),
        Column("share", "Of the change", "%"),
        Column("points", "Of the growth rate", "pp"),
        Column("products", "Products"),
        Column("note", "What it is", shown=False),
    ]


def _by_product(
    panel: Panel, changes: Sequence[Change], sums: Mapping[str, Any]
) -> list[dict[str, Any]]:
    names = [p for p in PARTS if p in sums and p != "other_goods"]
    return [
        {
            "product": c.product,
            "name": shorten(panel.name(c.product), _WIDTH, placeholder="…"),
            "partner": c.partner,
            "before": c.before,
            "after": c.after,
            "change": c.change,
            **{n: c.parts.get(n) for n in names},
            "not_split": sum((c.parts[n] for n in _UNSPLIT if n in c.parts), Decimal(0)),
            "residual": c.change - sum(c.parts.values(), Decimal(0)),
            "unit": c.unit,
            "quantity_before": c.quantity_before,
            "quantity_after": c.quantity_after,
            "quantity_growth": _growth(c.quantity_before, c.quantity_after),
            "price_growth": _price_growth(c),
            "note": c.note,
        }
        for c in changes
    ]


def _growth(before: Decimal | None, after: Decimal | None) -> float | None:
    return float(after / before * 100 - 100) if before and after is not None else None


def _price_growth(c: Change) -> float | None:
    """Growth of the unit value of what was compared."""
    before, after = c.compared_before, c.compared_after
    if not (c.quantity_before and c.quantity_after and before and after):
        return None
    return float(after / c.quantity_after / (before / c.quantity_before) * 100 - 100)


def _product_columns(home: str, sums: Mapping[str, Any], changes: Sequence[Change]) -> list[Column]:
    return [
        Column("product", "Code", shown=False),
        Column("name", "Product"),
        Column("partner", "Partner", shown=any(c.partner for c in changes)),
        Column("before", "Value before", home, shown=False),
        Column("after", "Value after", home, shown=False),
        Column("change", "Change of value", home),
        *[
            Column(n, PARTS[n], home, shown=n not in _UNSPLIT)
            for n in PARTS
            if n in sums and n != "other_goods"
        ],
        Column(
            "not_split", "Neither price nor volume", home, shown=bool(set(_UNSPLIT) & set(sums))
        ),
        Column("residual", "Change less its parts", home, shown=False),
        Column("unit", "Unit of quantity", shown=False),
        Column("quantity_before", "Quantity before", shown=False),
        Column("quantity_after", "Quantity after", shown=False),
        Column("quantity_growth", "Change of quantity", "%"),
        Column("price_growth", "Change of unit value", "%"),
        Column("note", "Why a part has no price", shown=False),
    ]


def _summary(
    changes: Sequence[Change],
    home: str,
    before: Decimal,
    change: Decimal,
    other: Decimal | None,
) -> list[str]:
    """The change in words, and of a single product its price and volume."""
    growth = f" ({percent(float(change / before * 100))})" if before else ""
    text = f"Change: {amount(change, home)}{growth}."
    (first, *more) = changes
    quantity, price = _growth(first.quantity_before, first.quantity_after), _price_growth(first)
    if not more and quantity is not None and price is not None:
        text += f" Quantity {percent(quantity)}, unit value {percent(price)}."
    one_sided = sum("new" in c.parts or "lost" in c.parts for c in changes)
    notes = [text]
    if other:
        notes.append(f"Other goods, of which no quantity is read: {amount(other, home)}.")
    if one_sided:
        notes.append(
            f"{one_sided:,} of the products are of one period only: traded in one of them alone, "
            "or not in the lake for the other."
        )
    return notes


def _rate_notes(seen: Mapping[str, RateChange], home: str) -> list[str]:
    """By how much the rates changed, and what is not known of them."""
    notes = []
    for r in seen.values():
        told = ", ".join(
            f"{c} {share * 100:.1f} % at {e0:.4g} → {e1:.4g}"
            for c, (share, e0, e1) in r.currencies.items()
        )
        text = f"Exchange rates ({home} a unit, monthly averages): {told or 'own currency alone'}; "
        text += f"weighted change {float(r.index) * 100 - 100:+.2f} %."
        if r.others:
            text += f" Of {r.others * 100:.1f} % the currency is not named: taken as price."
        notes.append(text)
    if notes:
        notes.append(
            "Customs offices convert at rates of their own, often of an earlier week, and shares "
            "of currencies are of declarations, not of the currency that sets the price."
        )
    return notes[:6]
