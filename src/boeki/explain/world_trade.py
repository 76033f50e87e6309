"""A country's exports beside those of all others, by market and good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
from ibis import _
from numpy.typing import NDArray

from boeki.errors import InputError, NoFigure
from boeki.lake import Lake
from boeki.measure.cube import _one_level, _one_of_each, _without_groups
from boeki.measure.prices.formulas import Array
from boeki.measure.prices.panel_lake import code_of
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_COLUMNS = (
    "office", "classification", "currency", "valuation", "system", "adjustment", "reporter",
    "partner", "flow", "product", "month", "months", "year", "value", "quantity", "unit",
    "source", "published",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorldTrade:
    """Exports by market and good, one entry each: a country's own, and the sum of all others'.

    Attributes
    ----------
    partner
        ``(entry,)``, the market.
    own, reference
        Values; zero where there are none.
    own_price, reference_price
        Unit values; NaN where either has none in the same unit.
    exporters
        How many other exporters there are.
    period, currency, told, sources, published
        What the figures are, and the evidence.
    """

    partner: NDArray[Any]
    own: Array
    reference: Array
    own_price: Array
    reference_price: Array
    exporters: int
    period: str
    currency: str
    told: Mapping[str, Any] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    published: dt.date | None = None


def lake_world(
    lake: Lake,
    reporter: str,
    period: str,
    *,
    partner: str = "WLD",
    digits: int | None = None,
    products: Sequence[str] = (),
    office: str | None = None,
    classification: str | None = None,
    as_of: dt.date | None = None,
) -> WorldTrade:
    """Read exports of a country and of all others; one pass over a year of flows.

    Raises
    ------
    InputError
        For figures of several offices, classifications, currencies or levels.
    NoFigure
        Where the country or the others have no exports in the lake.
    """
    when = Period.parse(period, reporter)
    fixed = {"flow": "export"}
    fixed |= {"office": office} if office else {}
    fixed |= {"classification": classification} if classification else {}
    table = lake.flows(as_of, columns=_COLUMNS, office=office)
    table = table.filter(
        _["flow"] == "export", _.year == when.first // 12, _.month == when.first,
        _.months == when.months, _["product"] != TOTAL, _.partner != reporter,
    )  # fmt: skip
    if classification:
        table = table.filter(_.classification == classification)
    table = _without_groups(table)
    if partner != areas.WORLD:
        table = table.filter(_.partner == partner)
    if products:
        table = table.filter(_["product"].isin([code_of(p, "export")[1] for p in products]))
    if digits is not None:
        table = table.filter(_["product"].length() == digits)
    told = _one_of_each(lake, table, fixed)
    if digits is None and not products:
        _one_level(lake, table)
    return _world(lake, table, reporter, str(when), told)


def _world(
    lake: Lake, table: ibis.Table, reporter: str, period: str, told: dict[str, str]
) -> WorldTrade:
    mine = table.reporter == reporter
    ends = table.agg(
        own=mine.cast("int64").sum(),
        others=table.reporter.nunique(where=~mine),
        published=_.published.max(),
        sources=_.source.collect(distinct=True),
    )
    (found,) = lake.execute(ends).to_pylist()
    if not found["own"] or not found["others"]:
        lacking = areas.name(reporter) if not found["own"] else "any other exporter"
        raise NoFigure(
            f"the lake holds no exports of {lacking} by product and partner for {period}: margins "
            "against the world need those of many countries: `boeki pull baci` brings them"
        )
    rows = lake.execute(_side_by_side(table, mine))
    columns = {
        c: np.asarray(rows.column(c).to_pandas(), dtype=float) for c in rows.column_names[1:]
    }
    return WorldTrade(
        np.asarray(rows.column("partner").to_pylist(), dtype=object),
        np.nan_to_num(columns["own"]),
        np.nan_to_num(columns["reference"]),
        columns["own_price"],
        columns["reference_price"],
        int(found["others"]),
        period,
        told["currency"],
        {"reporter": reporter, "period": period, **{k: v for k, v in told.items() if v}},
        tuple(sorted(found["sources"])),
        found["published"],
    )


def _side_by_side(table: ibis.Table, mine: Any) -> ibis.Table:
    """One row a market and good; unit values only where all of a good is in one unit."""
    priced = (table.quantity > 0).fill_null(False) & table.unit.notnull()

    def price(chosen: Any) -> Any:
        counted = chosen & priced
        value = table.value.sum(where=counted).cast("float64")
        quantity = table.quantity.sum(where=counted).cast("float64")
        one = table.unit.nunique(where=priced) == 1
        return ibis.ifelse(one, value / quantity.nullif(0), ibis.null("float64"))

    summed = table.group_by("partner", "product").agg(
        own=table.value.sum(where=mine).cast("float64"),
        reference=table.value.sum(where=~mine).cast("float64"),
        own_price=price(mine),
        reference_price=price(~mine),
    )
    return summed.order_by("partner", "product").drop("product")


def frame_world(
    data: pd.DataFrame | pa.Table, reporter: str, period: str, partner: str, currency: str
) -> WorldTrade:
    """The same of a table of one's own.

    Raises
    ------
    InputError
        Where a column or the country is lacking, or there are several periods and none is named.
    """
    import pandas as pd

    frame = data.to_pandas() if hasattr(data, "to_pandas") else pd.DataFrame(data)
    lacking = [c for c in ("reporter", "partner", "product", "value") if c not in frame]
    if lacking:
        raise InputError(
            f"the table lacks the column {lacking[0]}: it needs reporter, partner, product, value"
        )
    if "period" in frame:
        held = sorted(frame["period"].astype(str).unique())
        if not period and len(held) > 1:
            raise InputError(f"the table has the periods {', '.join(held[:6])}: name one")
        period = period or held[0]
        frame = frame[frame["period"].astype(str) == period]
    if partner not in ("", areas.WORLD):
        frame = frame[frame["partner"] == partner]
    frame = frame[frame["partner"] != reporter]
    values = pd.to_numeric(frame["value"], errors="coerce")
    if values.isna().any() or (values < 0).any():
        raise InputError("a value of the table is lacking, no number or below zero")
    return _of_frame(frame.assign(value=values.astype(float)), reporter, period, currency)


def _of_frame(frame: pd.DataFrame, reporter: str, period: str, currency: str) -> WorldTrade:
    import pandas as pd

    mine = frame["reporter"] == reporter
    if not mine.any() or mine.all():
        raise InputError(
            f"the table needs exports of {reporter} and of other countries in {period or 'it'}"
        )
    quantity = frame.get("quantity", np.nan)
    unit = frame["unit"].fillna("") if "unit" in frame else ""
    made = frame.assign(quantity=pd.to_numeric(quantity, errors="coerce"), unit=unit)
    keys = ["partner", "product"]
    sides = [_side(made[chosen], keys) for chosen in (mine, ~mine)]
    joined = sides[0].merge(
        sides[1], how="outer", left_index=True, right_index=True, suffixes=("_j", "_k")
    )
    same = (joined["unit_j"] == joined["unit_k"]).to_numpy()
    prices = [np.where(same, joined[f"price_{e}"].astype(float), np.nan) for e in "jk"]
    return WorldTrade(
        joined.index.get_level_values("partner").to_numpy(dtype=object),
        np.nan_to_num(joined["value_j"].to_numpy(dtype=float)),
        np.nan_to_num(joined["value_k"].to_numpy(dtype=float)),
        prices[0],
        prices[1],
        int(frame.loc[~mine, "reporter"].nunique()),
        period,
        currency,
        {"reporter": reporter, "period": period or None},
    )


def _side(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Value, unit value and unit of each market and good; no unit value in several units."""
    priced = frame[frame["quantity"] > 0]
    sums = priced.groupby(keys)[["value", "quantity"]].sum()
    units = priced.groupby(keys)["unit"].agg(lambda u: u.iloc[0] if u.nunique() == 1 else None)
    out = frame.groupby(keys)[["value"]].sum()
    out["price"] = sums["value"] / sums["quantity"]
    out["unit"] = units
    out.loc[out["unit"].isna(), "price"] = np.nan
    return out
