"""Margins of trade over time: what is new, what is lost, and what went on, at which price.

The change of a country's trade is put together from its product × partner pairs: those that are
traded in both periods (the intensive margin, split into price and volume) and those that are traded
in one of them only (the extensive margin).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import UnknownTerm
from boeki.explain.product_change import SPLITS, Change, Splitter, changes_of
from boeki.explain.two_periods import both
from boeki.lake import Lake, open_lake
from boeki.measure.prices.panel import Panel
from boeki.measure.prices.panel_lake import Goods
from boeki.measure.prices.price_index import BIAS, PAGE
from boeki.terms import areas
from boeki.terms.wording import amount, percent

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Part of a change to its margin and what it is, in the order they are shown.
MARGINS = {
    "price": ("intensive", "Price of what is traded in both"),
    "volume": ("intensive", "Volume of what is traded in both"),
    "no_quantity": ("intensive", "Traded in both, no common quantity"),
    "new_products": ("extensive", "New products"),
    "new_partners": ("extensive", "Known products to new partners"),
    "new_pairs": ("extensive", "New pairs of known product and partner"),
    "lost_products": ("extensive", "Lost products"),
    "lost_partners": ("extensive", "Kept products, lost partners"),
    "lost_pairs": ("extensive", "Lost pairs of kept product and partner"),
}
METHOD = Method(
    "Extensive and intensive margins over time",
    "ΔV = Σ_new v1 − Σ_lost v0 + Σ_both (price + volume)",
    "Besedeš & Prusa (2011), Journal of Development Economics 96; price and volume: {split}",
    PAGE,
)
_WHOLE = (
    "What is lacking in one of the periods counts as not traded then: figures must be whole, and "
    "of one version of the classification."
)


def explain_margins(
    reporter: str = "",
    period: str = "",
    flow: str = "export",
    *,
    vs: str = "yoy",
    method: str = "bennet",
    by_partner: bool = True,
    products: Sequence[str] = (),
    partner: str = "WLD",
    digits: int | None = None,
    level: int | None = None,
    quantity: str = "unit",
    currency: str = "",
    data: pd.DataFrame | pa.Table | Sequence[Mapping[str, Any]] | None = None,
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Split the change of exports or imports into its extensive and intensive margins.

    Parameters
    ----------
    reporter, flow, period, vs, method
        As :func:`boeki.explain.price_volume.explain_price_volume` has them.
    by_partner
        Whether a product to another partner is another trade; else products alone are compared.
    products, partner, digits, level, quantity, office, classification, as_of
        As :class:`boeki.measure.prices.Goods` has them.
    currency
        Of ``data``: the currency that its values are in.
    data
        A table of one's own: columns ``period``, ``product``, ``partner``, ``value``, and where
        they are known ``quantity`` and ``unit``.
    lake
        Where the figures are; None for those that the package ships.

    Returns
    -------
    Answer
        One row a part; they add up to the change to the last digit. A pair whose product is new
        counts as a new product, whoever the partner.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For what is no area, period, method or product, and figures that do not go together.
    NoFigure
        Where the lake lacks one of the periods.
    """
    if method not in SPLITS:
        raise UnknownTerm("method", method, SPLITS)
    goods = Goods(
        reporter, flow, partner, by_partner, tuple(products), digits, level or 2, office,
        classification, quantity, as_of,  # type: ignore[arg-type]
    )  # fmt: skip
    lake = lake or (open_lake() if data is None else None)
    panel, base, now = both(period, vs, goods, lake, data)
    changes = changes_of(panel, base, now, Splitter(method).parts)
    kept = sum(c.before is not None and c.after is not None for c in changes)
    return _answer(panel, base, now, margins_of(changes), kept, method, panel.currency or currency)


def margins_of(changes: Iterable[Change]) -> dict[str, tuple[Decimal, int]]:
    """The sum of each part of :data:`MARGINS`, exact, and of how many pairs it is.

    Parameters
    ----------
    changes
        Of every product × partner.
    """
    held = list(changes)
    known = [{c.product for c in held if getattr(c, end) is not None} for end in _ENDS]
    whom = [{c.partner for c in held if getattr(c, end) is not None} for end in _ENDS]
    sums: dict[str, tuple[Decimal, int]] = {}
    for change in held:
        for part, effect in change.parts.items():
            name = _named(part, change, known, whom)
            value, n = sums.get(name, (Decimal(0), 0))
            sums[name] = value + effect, n + 1
    return {name: sums[name] for name in MARGINS if name in sums}


_ENDS = ("before", "after")


def _named(part: str, change: Change, known: list[set[str]], whom: list[set[str]]) -> str:
    """The margin of a part: of a pair of one period, whether product or partner was there."""
    if part not in ("new", "lost"):
        return part
    other = 0 if part == "new" else 1
    if change.product not in known[other]:
        return f"{part}_products"
    return f"{part}_pairs" if change.partner in whom[other] else f"{part}_partners"


def _answer(
    panel: Panel,
    base: str,
    now: str,
    sums: Mapping[str, tuple[Decimal, int]],
    kept: int,
    method: str,
    home: str,
) -> Answer:
    before, after = panel.value(base), panel.value(now)
    change = after - before
    extensive = sum((v for m, (v, _n) in sums.items() if MARGINS[m][0] == "extensive"), Decimal(0))
    whose = panel.told.get("reporter", "")
    of = f" of {areas.name(whose)}" if whose else ""
    split = "Bennet (1920)" if method == "bennet" else "Montgomery (1937)"
    return answer(
        f"Margins: change of {panel.told.get('flow', '')}s{of}, {base} to {now}",
        [_row(name, part, n, change, before) for name, (part, n) in sums.items()],
        [
            Column("margin", "Margin"),
            Column("part", "Part of the change"),
            Column("effect", "Effect on the value", home),
            Column("share", "Of the change", "%"),
            Column("points", "Of the growth rate", "pp"),
            Column("pairs", "Products, or pairs of product and partner"),
        ],
        Method(METHOD.name, METHOD.formula, METHOD.reference.format(split=split), PAGE),
        about={
            **{k: v for k, v in panel.told.items() if v}, "period": now, "base": base,
            "before": before, "after": after, "change": change, "extensive": extensive,
            "intensive": change - extensive,
            "residual": change - sum((v for v, _n in sums.values()), Decimal(0)),
        },
        notes=[_summary(change, before, extensive, kept, home), _WHOLE, BIAS, *panel.notes],
        sources=panel.sources,
        evidence=panel.rows,
        published=panel.published,
        chart=Chart("waterfall", "part", ("effect",)),
    )  # fmt: skip


def _row(name: str, part: Decimal, n: int, change: Decimal, before: Decimal) -> dict[str, Any]:
    margin, words = MARGINS[name]
    return {
        "margin": margin,
        "part": words,
        "effect": part,
        "share": float(part / change * 100) if change else None,
        "points": float(part / before * 100) if before else None,
        "pairs": n,
    }


def _summary(
    change: Decimal,
    before: Decimal,
    extensive: Decimal,
    kept: int,
    home: str,
) -> str:
    growth = f" ({percent(float(change / before * 100))})" if before else ""
    return (
        f"Change: {amount(change, home)}{growth}, of which extensive margin "
        f"{amount(extensive, home)}; {kept:,} pairs were traded in both periods."
    )
