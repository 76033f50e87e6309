"""Hummels and Klenow's margins: a country's exports against those of the rest of the world.

Hummels & Klenow (2005), *The Variety and Quality of a Nation's Exports*, American Economic Review
95(3). What a country exports more than another is either more goods (extensive margin) or more of
the same (intensive margin), and that at a higher price or in a larger quantity.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.explain.world_trade import WorldTrade, frame_world, lake_world
from boeki.lake import Lake, open_lake
from boeki.measure.prices.formulas import logarithmic_mean, sato_vartia_weights
from boeki.measure.prices.price_index import BIAS, PAGE
from boeki.terms import areas
from boeki.terms.wording import count

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

METHOD = Method(
    "Hummels–Klenow margins against the rest of the world",
    "EM = Σ_I v_k / Σ_all v_k; IM = Σ_I v_j / Σ_I v_k = P · X; over markets Π^a",
    "Hummels & Klenow (2005), American Economic Review 95",
    PAGE,
)


@dataclass(frozen=True, slots=True)
class Margins:
    """The margins of exporter j in a market, against exporter k.

    Attributes
    ----------
    extensive
        Σ_{i∈I} v_k / Σ_i v_k: the weight in k's exports of the goods I that j exports too.
    intensive
        Σ_{i∈I} v_j / Σ_{i∈I} v_k.
    price, quantity
        Of the intensive margin; NaN where no good of I has a unit value of both.
    covered
        Share of j's exports that are goods which k exports too: only these are compared.
    priced
        Share of these that has a unit value of both.
    """

    extensive: float
    intensive: float
    price: float
    quantity: float
    covered: float
    priced: float


def hummels_klenow(
    own: ArrayLike, reference: ArrayLike, own_price: ArrayLike, reference_price: ArrayLike
) -> Margins:
    """Compute the margins of an exporter in one market.

    Equations 4 to 6 of the paper: extensive and intensive margin, and the price index
    Π_{i∈I} (p_j/p_k)^w, w the normalised logarithmic means of the shares of good i in the exports
    of j and of k among I.

    Parameters
    ----------
    own, reference
        Exports of j and of k to the market, ``(good,)``; zero where there are none.
    own_price, reference_price
        Unit values, in one currency a unit; NaN where they are not known or not in one unit.

    Raises
    ------
    InputError
        For values below zero, and where k exports nothing or j nothing that k does.
    """
    vj, vk = np.asarray(own, float), np.asarray(reference, float)
    pj, pk = np.asarray(own_price, float), np.asarray(reference_price, float)
    if not ((vj >= 0).all() and (vk >= 0).all()):
        raise InputError("a value of exports is below zero or lacking: write 0 for nil")
    shared = (vj > 0) & (vk > 0)
    if not shared.any():
        raise InputError("the two exporters have no good in common in this market")
    extensive = vk[shared].sum() / vk.sum()
    intensive = vj[shared].sum() / vk[shared].sum()
    both = shared & (pj > 0) & (pk > 0)
    price = float("nan")
    if both.any():
        weights = sato_vartia_weights(vj[both] / vj[both].sum(), vk[both] / vk[both].sum())
        price = float(np.exp(weights @ np.log(pj[both] / pk[both])))
    return Margins(
        float(extensive),
        float(intensive),
        price,
        float(intensive / price),
        float(vj[shared].sum() / vj.sum()),
        float(vj[both].sum() / vj[shared].sum()),
    )


class _Market(NamedTuple):
    partner: str
    own: float
    reference: float
    margins: Margins | None


def over_markets(values: ArrayLike, own: ArrayLike, reference: ArrayLike) -> float:
    """The geometric mean of a margin over markets: Π_m x_m^a_m.

    Parameters
    ----------
    values
        The margin in each market, ``(market,)``.
    own, reference
        Exports of j and of k to each; the weights are normalised logarithmic means of the shares
        of the market in each.
    """
    x, vj, vk = (np.asarray(a, float) for a in (values, own, reference))
    means = logarithmic_mean(vj / vj.sum(), vk / vk.sum())
    return float(np.exp(means / means.sum() @ np.log(x)))


def explain_margins_against_world(
    reporter: str,
    period: str = "",
    *,
    partner: str = "WLD",
    digits: int | None = None,
    products: Sequence[str] = (),
    currency: str = "",
    data: pd.DataFrame | pa.Table | None = None,
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Split a country's share in world exports into extensive and intensive margins.

    Parameters
    ----------
    reporter
        Whose exports.
    period
        A year (or another period of which an office gives whole figures).
    partner
        One market; the world for all, put together as in the paper.
    digits, products, office, classification, as_of
        As :class:`boeki.measure.prices.Goods` has them.
    currency
        Of ``data``: the currency that its values are in.
    data
        A table of one's own: columns ``reporter``, ``partner``, ``product``, ``value``, and where
        they are known ``period``, ``quantity`` and ``unit``; of all exporters.
    lake
        Where the figures are: those of many exporters, of one office (BACI).

    Returns
    -------
    Answer
        One row a market, largest first, with extensive and intensive margin, price and quantity;
        over all markets in ``about``. Extensive times intensive is the exports of the goods that
        both have over all exports of the rest of the world.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For what is no area, period or product, and figures that do not go together.
    NoFigure
        Where there are no exports of the country or of others.
    """
    if data is not None:
        whose = reporter
        world = frame_world(data, reporter, period, partner, currency)
    else:
        whose = areas.find(reporter).code
        world = lake_world(
            lake or open_lake(), whose, period, partner=areas.find(partner).code, digits=digits,
            products=tuple(products), office=office, classification=classification, as_of=as_of,
        )  # fmt: skip
    markets = _markets(world)
    known = [m for m in markets if m.margins]
    if not known:
        raise NoFigure(f"{whose} and the others have no good in common in any market")
    return _answer(world, whose, markets, known)


def _markets(world: WorldTrade) -> list[_Market]:
    """The margins in every market, largest first."""
    out = []
    order = np.argsort(world.partner, kind="stable")
    names, starts = np.unique(world.partner[order], return_index=True)
    for name, rows in zip(names, np.split(order, starts[1:]), strict=True):
        own, reference = world.own[rows], world.reference[rows]
        margins = None
        if ((own > 0) & (reference > 0)).any():
            margins = hummels_klenow(
                own, reference, world.own_price[rows], world.reference_price[rows]
            )
        out.append(_Market(str(name), float(own.sum()), float(reference.sum()), margins))
    return sorted(out, key=lambda m: (-m.own, m.partner))


def _overall(known: Sequence[_Market]) -> dict[str, float | None]:
    own, reference = [m.own for m in known], [m.reference for m in known]
    out: dict[str, float | None] = {}
    for name in ("extensive", "intensive"):
        values = [getattr(m.margins, name) for m in known]
        out[name] = over_markets(values, own, reference)
    priced = [m for m in known if m.margins and not np.isnan(m.margins.price)]
    out["price"] = out["quantity"] = None
    if priced:
        out["price"] = over_markets(
            [m.margins.price for m in priced if m.margins],
            [m.own for m in priced],
            [m.reference for m in priced],
        )
        out["quantity"] = out["intensive"] / out["price"]  # type: ignore[operator]
    return out


def _answer(world: WorldTrade, whose: str, markets: list[_Market], known: list[_Market]) -> Answer:
    overall = _overall(known)
    total = sum(m.own for m in markets)
    compared = sum(m.own * m.margins.covered for m in known if m.margins)
    told = ", ".join(f"{k} {v:.4f}" for k, v in overall.items() if v is not None)
    name = areas.name(whose) if whose in {a.code for a in areas.areas()} else whose
    return answer(
        f"Margins of exports of {name} against {count(world.exporters, 'other exporter')}, "
        f"{world.period}",
        [_row(m, world.currency) for m in markets],
        [
            Column("partner", "Market"),
            Column("exports", "Exports of the country", world.currency),
            Column("reference", "Exports of the others", world.currency, shown=False),
            Column("extensive", "Extensive margin", "", 4),
            Column("intensive", "Intensive margin", "", 4),
            Column("price", "Price, of the intensive margin", "", 3),
            Column("quantity", "Quantity, of the intensive margin", "", 4),
            Column("covered", "Of the exports, of goods that others export too", "%", shown=False),
            Column("priced", "Of these, with a unit value of both", "%"),
            Column("note", "Why there is no margin", shown=False),
        ],
        METHOD,
        about={**world.told, **overall, "markets": len(known), "exporters": world.exporters},
        notes=[
            f"Over {count(len(known), 'market')}: {told}.",
            f"Compared: {compared / total * 100:.1f} % of the exports, of goods that others export "
            f"to the same market; the rest is of the country alone.",
            f"The rest of the world is {count(world.exporters, 'exporter')} that there are figures "
            "of.",
            BIAS,
        ],
        sources=world.sources,
        published=world.published,
        chart=Chart("scatter", "extensive", ("intensive",)),
    )


def _row(market: _Market, currency: str) -> Mapping[str, Any]:
    m = market.margins
    fields = ("extensive", "intensive", "price", "quantity")
    numbers = {f: _number(getattr(m, f)) if m else None for f in fields}
    return {
        "partner": market.partner,
        "exports": market.own,
        "reference": market.reference,
        **numbers,
        "covered": m.covered * 100 if m else None,
        "priced": m.priced * 100 if m else None,
        "note": "" if m else "no good in common with the other exporters",
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
