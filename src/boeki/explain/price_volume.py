"""Price, volume and exchange rate: what a change of trade's value is made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from boeki.answer import Answer
from boeki.errors import UnknownTerm
from boeki.explain.invoicing import RateChange, invoicing_shares, rate_change
from boeki.explain.price_volume_table import METHODS, table_of
from boeki.explain.product_change import Splitter, changes_of
from boeki.explain.two_periods import both
from boeki.lake import Lake, open_lake
from boeki.measure.prices.panel_lake import Goods
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_BY = ("part", "product")


def explain_price_volume(
    reporter: str = "",
    period: str = "",
    flow: str = "export",
    *,
    vs: str = "yoy",
    method: str = "bennet",
    by: str = "part",
    products: Sequence[str] = (),
    partner: str = "WLD",
    by_partner: bool = False,
    digits: int | None = None,
    level: int | None = None,
    quantity: str = "unit",
    invoicing: Mapping[str, float] | pd.DataFrame | pa.Table | None = None,
    currency: str = "",
    data: pd.DataFrame | pa.Table | Sequence[Mapping[str, Any]] | None = None,
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Answer:
    """Split the change of exports or imports into price and volume, exactly.

    Parameters
    ----------
    reporter, flow
        Whose ``export`` or ``import``.
    period, vs
        The period, and what it is compared with: ``yoy``, ``qoq``, ``mom`` or a period.
    method
        ``bennet`` or ``montgomery`` (LMDI-I).
    by
        ``part``: one row a part of the change; ``product``: one row a product, with all parts.
    products, partner, by_partner, digits, level, quantity, office, classification, as_of
        As :class:`boeki.measure.prices.Goods` has them. Each product, or product × partner, is
        split by itself and the parts are added up.
    invoicing
        Shares of currencies in which the flow is invoiced, as
        :func:`boeki.explain.invoicing.invoicing_shares` reads them: the price effect is then split
        into the price in the currencies of contracts and the exchange rate, by the official
        monthly averages that the lake has.
    currency
        Of ``data``: the currency that its values are in.
    data
        A table of one's own instead of the lake.
    lake
        Where the figures (and exchange rates) are; None for those that the package ships.

    Returns
    -------
    Answer
        Parts that add up to the change to the last digit. What cannot be split is a part of its
        own, with the reason: products without a quantity or with another unit, products that have
        no figure in one of the periods, and the rest of a stated total.

    Raises
    ------
    UnknownTerm, BadPeriod, InputError
        For what is no area, period, method or product, and figures that do not go together.
    NoFigure
        Where the lake lacks one of the periods, or an exchange rate.
    """
    for sort, given, known in (("method", method, METHODS), ("breakdown", by, _BY)):
        if given not in known:
            raise UnknownTerm(sort, given, known)
    goods = Goods(
        reporter, flow, partner, by_partner, tuple(products), digits, level, office,
        classification, quantity, as_of,  # type: ignore[arg-type]
    )  # fmt: skip
    needed = data is None or invoicing is not None
    lake = lake or (open_lake() if needed else None)
    panel, base, now = both(period, vs, goods, lake, data)
    home = panel.currency or currency
    seen: dict[str, RateChange] = {}
    splitter = Splitter(method)
    if invoicing is not None and lake is not None:
        splitter = Splitter(method, _rates(lake, invoicing, home, base, now, goods, seen))
    changes = changes_of(panel, base, now, splitter.parts)
    return table_of(panel, base, now, changes, method, by, home, seen)


def _rates(
    lake: Lake,
    invoicing: Any,
    home: str,
    base: str,
    now: str,
    goods: Goods,
    seen: dict[str, RateChange],
) -> Callable[[str], RateChange]:
    """The change of exchange rates of each product, computed once for each set of shares."""
    periods = [Period.parse(p, goods.reporter or None) for p in (base, now)]

    def change(product: str) -> RateChange:
        shares = invoicing_shares(invoicing, goods.flow, product)
        key = repr(sorted(shares.items()))
        if key not in seen:
            seen[key] = rate_change(lake, shares, home, periods[0], periods[1], goods.as_of)
        return seen[key]

    return change
