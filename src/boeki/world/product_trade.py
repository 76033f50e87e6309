"""The trade in a product that a lake has, between the countries of a world."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.world.product_flows import directed

if TYPE_CHECKING:
    import pandas as pd

    from boeki.lake import Lake
    from boeki.world.world import World

_COLUMNS = (
    "reporter", "partner", "flow", "classification", "product", "freq", "period", "value",
    "currency", "adjustment", "source",
)  # fmt: skip
_DIGITS = 6


def product_trade(
    lake: Lake,
    product: str,
    year: int,
    world: World,
    *,
    members: Mapping[str, Sequence[str]] | None = None,
    rest: str | None = "ROW",
    office: str | None = None,
    as_of: dt.date | None = None,
) -> pd.DataFrame:
    """Who sold how much of a product to whom in a year, as :func:`boeki.world.zoom` takes it.

    Parameters
    ----------
    lake
        With bilateral trade: ``boeki pull baci``, ``comtrade`` …
    product
        Classification and code: ``HS2017:848620``; of a heading, ``HS2017:8486``, its six-digit
        codes are added up where it has no figures of its own.
    year
        Of yearly figures.
    world
        Whose countries, and currency.
    members
        Country of the world to the ISO 3166 codes that it is made of: ``{"XEU": ["FRA", …]}``.
    rest
        Country of the world that all others go into; None to leave them out.
    office, as_of
        Only the figures of this office; only what was published by this day.

    Returns
    -------
    pandas.DataFrame
        ``origin``, ``destination``, ``value``; exports of a pair go before imports of it. What is
        sold between members of one country of the world is left out: it is part of home sales.

    Raises
    ------
    NoFigure
        Where the lake has no such trade.
    InputError
        For figures in another currency, or of several offices.
    """
    classification, mark, code = product.partition(":")
    if not mark or not code:
        raise InputError(f"{product!r}: write classification and code, such as HS2017:848620")
    frame = _read(lake, classification, code, year, office, as_of)
    _check(frame, world, product, year)
    flows = directed(frame)
    place = _places(world, members or {}, rest)
    flows = flows.assign(
        origin=[place(c) for c in flows["origin"]],
        destination=[place(c) for c in flows["destination"]],
        value=flows["value"].astype(float),
    )
    flows = flows.dropna()
    flows = flows[flows["origin"] != flows["destination"]]
    out = flows.groupby(["origin", "destination"], as_index=False)["value"].sum()
    out.attrs["source"] = f"{product}, {year}: {', '.join(sorted(set(frame['source'])))}"
    return out


def _read(
    lake: Lake, classification: str, code: str, year: int, office: str | None, as_of: dt.date | None
) -> pd.DataFrame:
    """Rows between countries, of the code itself or else of its six-digit codes."""
    table = lake.flows(as_of, columns=_COLUMNS, office=office)
    table = table.filter(
        table.classification == classification, table.freq == "A", table.period == str(year),
        table.adjustment == "nsa", table.flow.isin(["export", "import"]),
        table.product.startswith(code), table.partner != "WLD",
    )  # fmt: skip
    frame = lake.execute(table.select(list(_COLUMNS))).to_pandas()
    known = _countries()
    frame = frame[frame["reporter"].isin(known) & frame["partner"].isin(known)]
    own = frame[frame["product"] == code]
    if len(own):
        return own
    return frame[frame["product"].str.len() == _DIGITS]


def _check(frame: pd.DataFrame, world: World, product: str, year: int) -> None:
    if not len(frame):
        raise NoFigure(
            f"the lake has no trade in {product} between countries in {year}: pull it, for "
            f"instance `boeki pull baci` or `boeki pull comtrade --product {product}`"
        )
    money = sorted(set(frame["currency"]))
    if money != [world.currency]:
        raise InputError(
            f"the trade is in {', '.join(money)}, the world counts in {world.currency}: take the "
            "figures of an office that publishes in it"
        )
    twice = frame.duplicated(["reporter", "partner", "flow", "product"])
    if twice.any():
        offices = sorted({s.split("/")[0] for s in frame["source"]})
        raise InputError(
            f"several figures for one flow, of {', '.join(offices)}: name one of them as office"
        )


def _places(
    world: World, members: Mapping[str, Sequence[str]], rest: str | None
) -> Callable[[str], str | None]:
    """Of an ISO code, the country of the world that it is in; None to leave it out."""
    places = {name: name for name in world.countries}
    for name, codes in members.items():
        world.country(name)
        for code in codes:
            if code not in _countries():
                raise UnknownTerm("country", code, _countries())
            places[code] = name
    if rest is not None:
        world.country(rest)
    return lambda code: places.get(code, rest)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    from boeki.terms import areas

    return frozenset(a.code for a in areas.areas() if a.kind in {"country", "historical"})
