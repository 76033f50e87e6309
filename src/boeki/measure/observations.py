"""Observations: one row a figure, in one shape for every measure, as known on a day.

The other indicators take such a table and add columns to it, so that each of them serves one series
and a thousand alike.

    series     a number for the series that the figure belongs to, as known on one day
    as_of      that day
    measure    exports, imports, balance, trade; export_volume, import_price …; sales, rate;
               the name of an index
    reporter, partner, product (a term), unit, adjustment, basis
    months     how many months a figure covers: 1, 3, 12 …
    month      its first month, counted from January of year 0
    value      decimal, in plain units
    resolution size of the last digit that the source printed
    published  day of the newest row in it;  stand_in  whether a later vintage stands in
    status, sources, rows
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis
from ibis import _

from boeki.lake import Days, Lake
from boeki.terms.offices import COMPILERS
from boeki.terms.products import TOTAL

#: What tells one series from another.
SERIES_KEY = [
    "as_of",
    "measure",
    "reporter",
    "partner",
    "product",
    "unit",
    "adjustment",
    "basis",
    "months",
]

#: Measures whose monthly figures add up to that of a longer period.
ADDITIVE = ("exports", "imports", "balance", "trade", "export_volume", "import_volume")

#: Where a measure is found, so that the other table need not be read for it.
_IN_FLOWS_ONLY = frozenset({"exports", "imports", "trade"})
_IN_SERIES_ONLY = frozenset({"sales", "rate"})

_VALUE = "decimal(38, 6)"
_COLUMNS = [
    *SERIES_KEY,
    "month",
    "value",
    "resolution",
    "published",
    "stand_in",
    "status",
    "sources",
    "rows",
]


def observations(
    lake: Lake,
    as_of: Days = None,
    *,
    stand_in: bool = False,
    measures: Iterable[str] | None = None,
    windows: Iterable[int] = (),
    reporters: Iterable[str] | None = None,
    products: Iterable[str] | None = None,
) -> ibis.Table:
    """All figures of the lake as known on a day, one row each.

    Parameters
    ----------
    lake
        Where the figures are.
    as_of
        The day; None for the newest figures. Several days give every figure once for each.
    stand_in
        Let the oldest vintage stand in where nothing was published by the day.
    measures
        Only these; None for all. What is not asked for is not computed.
    windows
        Lengths in months for which monthly figures are to be added up: 3, 6, 12 … A sum stands only
        where every month of it does.
    reporters, products
        Only these areas and product terms; None for all.

    Returns
    -------
    ibis.Table
        As described at the head of this module.
    """
    asked = None if measures is None else frozenset(measures)
    who = None if reporters is None else sorted(reporters)
    what = None if products is None else sorted(products)
    single: list[ibis.Table] = []
    if asked is None or asked - _IN_SERIES_ONLY:
        single = _flow_measures(_only(_named(lake, as_of, stand_in), who, what), asked)
    parts = list(single)
    if asked is None or asked - _IN_FLOWS_ONLY:
        shaped = _series_measures(lake.series(as_of, stand_in=stand_in), asked)
        parts.append(_only(shaped, who, what))
    if single and set(windows) - {0, 1}:
        # Of a month that two offices tell, one figure is added up and not both.
        monthly = _one_each(_together(single).filter(_.months == 1, _.measure.isin(ADDITIVE)))
        parts += [_added_up(monthly, months) for months in sorted(set(windows) - {0, 1})]
    return _one_each(_together(parts))


def stated(lake: Lake, as_of: Days = None, *, stand_in: bool = False) -> ibis.Table:
    """Growth rates that a source itself states, for figures of which the lake holds no base.

    Returns
    -------
    ibis.Table
        Columns of :func:`observations`, with ``base`` (``yoy``, ``mom``); ``value`` in percent.
    """
    series = lake.series(as_of, stand_in=stand_in)
    table = _shaped(series.filter(_.unit == "%", _.key.contains(".")))
    parts = table.measure.split(".")
    return table.mutate(measure=parts[0], base=parts[1])


_CARRIED = [
    "as_of",
    "reporter",
    "partner",
    "flow",
    "month",
    "months",
    "basis",
    "value",
    "currency",
    "resolution",
    "quantity",
    "unit",
    "adjustment",
    "status",
    "source",
    "published",
    "stand_in",
    "row",
]


#: What is read of ``flows``.
_READ = [
    *(c for c in _CARRIED if c not in ("as_of", "stand_in", "basis")),
    "classification",
    "product",
    "office",
]


def _together(parts: list[ibis.Table]) -> ibis.Table:
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _only(table: ibis.Table, who: list[str] | None, what: list[str] | None) -> ibis.Table:
    """The rows of some areas and products."""
    if who is not None:
        table = table.filter(_.reporter.isin(who))
    return table if what is None else table.filter(_["product"].isin(what))


def _named(lake: Lake, as_of: Days, stand_in: bool) -> ibis.Table:
    """Rows of ``flows`` as known on a day, with the term for their product and whose they are."""
    flows = lake.flows(as_of, stand_in=stand_in, columns=_READ)
    products = lake.products
    # JP-PC alone has terms, and gives a code another meaning in each flow.
    terms = products.mutate(classification=ibis.literal("JP-PC"))
    named = flows.left_join(
        terms,
        (flows.flow == terms.flow)
        & (flows["product"] == terms.code)
        & (flows.classification == terms.classification),
    )
    plain = (flows["product"] == TOTAL) | (flows.classification == "JP-PC")
    code = flows.classification + ":" + flows["product"]
    # What follows is compiled column by column: those that nothing needs are left behind here.
    return named.select(
        *[flows[c] for c in _CARRIED if c != "basis"],
        product=ibis.coalesce(terms.term, ibis.ifelse(plain, flows["product"], code)),
        basis=ibis.ifelse(flows.office.isin(sorted(COMPILERS)), flows.office, "customs"),
    )


def _flow_measures(named: ibis.Table, asked: frozenset[str] | None) -> list[ibis.Table]:
    """Exports, imports and what follows from them: balance, trade, volumes and unit values."""
    values = named.mutate(measure=_.flow + "s", unit=_.currency, value=_.value.cast(_VALUE))
    exports, imports = values.filter(_.flow == "export"), values.filter(_.flow == "import")
    out = [_finished(values)]
    out += [
        _netted(exports, imports, m) for m in ("balance", "trade") if asked is None or m in asked
    ]
    counted = named.filter(_.quantity.notnull(), _.quantity > 0)
    if asked is None or any(m.endswith("_volume") for m in asked):
        out.append(_finished(_volumes(counted)))
    if asked is None or any(m.endswith("_price") for m in asked):
        out.append(_finished(_unit_values(counted)))
    return out


def _volumes(counted: ibis.Table) -> ibis.Table:
    one = ibis.literal(1).cast("decimal(20, 3)")
    return counted.mutate(measure=_.flow + "_volume", value=_.quantity.cast(_VALUE), resolution=one)


def _unit_values(counted: ibis.Table) -> ibis.Table:
    """Value over quantity: what stands for a price, biased where the mix of goods changes."""
    return counted.mutate(
        measure=_.flow + "_price",
        unit=_.currency + "/" + _.unit,
        value=_quotient(_.value, _.quantity),
        resolution=ibis.literal(0).cast("decimal(20, 3)"),
    )


def _quotient(value: Any, quantity: Any) -> Any:
    """One decimal over another, to six places: the same to the last digit on every engine.

    Engines divide decimals each in its own way, and floats have no sixth place where the quotient
    is large; so the whole units are taken out first, and what they leave is divided.
    """
    by = quantity.cast("float64")
    whole = (value.cast("float64") / by).floor().cast("int64")
    left = value - whole.cast("decimal(18, 0)") * quantity
    millionths = (left.cast("float64") / by * 1_000_000).round().cast("int64")
    # From text: of a decimal literal Ibis keeps three places on DuckDB.
    one = ibis.literal("0.000001").cast("decimal(18, 6)")
    return whole.cast(_VALUE) + (millionths.cast("decimal(18, 6)") * one).cast(_VALUE)


def _finished(table: ibis.Table) -> ibis.Table:
    return _cast(table.mutate(sources=ibis.array([_.source]), rows=ibis.array([_.row])))


def _cast(table: ibis.Table) -> ibis.Table:
    """The columns of an observation, in one order and of one type, so that tables can be joined."""
    table = table.mutate(value=_.value.cast(_VALUE), resolution=_.resolution.cast(_VALUE))
    return table.select(*_COLUMNS)


def _netted(exports: ibis.Table, imports: ibis.Table, measure: str) -> ibis.Table:
    """Exports minus imports (customs basis: FOB minus CIF), or their sum."""
    same = [
        "as_of",
        "reporter",
        "partner",
        "product",
        "unit",
        "adjustment",
        "basis",
        "months",
        "month",
    ]
    joined = exports.join(imports, same, rname="{name}_m")
    value = _.value - _.value_m if measure == "balance" else _.value + _.value_m
    out = joined.select(
        *same,
        measure=ibis.literal(measure),
        value=value,
        # Two rounded numbers leave the sum of their roundings in a difference.
        resolution=_.resolution + _.resolution_m,
        published=ibis.greatest(_.published, _.published_m),
        stand_in=_.stand_in | _.stand_in_m,
        status=ibis.ifelse(_.published >= _.published_m, _.status, _.status_m),
        sources=ibis.ifelse(
            _.source == _.source_m, ibis.array([_.source]), ibis.array([_.source, _.source_m])
        ),
        rows=ibis.array([_.row, _.row_m]),
    )
    return _cast(out)


def _series_measures(series: ibis.Table, asked: frozenset[str] | None) -> ibis.Table:
    """Sales, exchange rates, indexes, and balances that were stated without both flows."""
    # A figure of a day is no figure of its month.
    whole = series.filter(_.months > 0)
    table = whole.filter(~((_.unit == "%") | _.key.isin(["market_rank", "supplier_revenue"])))
    if asked is not None:
        table = table.filter(
            _.key.isin(sorted({"exchange_rate" if m == "rate" else m for m in asked}))
        )
    return _shaped(table)


def _shaped(series: ibis.Table) -> ibis.Table:
    """Rows of ``series`` as observations."""
    dims = series.dimensions
    basis = ibis.coalesce(dims.get("association", None), "") + ibis.coalesce(
        ibis.literal(" ") + dims.get("basis", None), ""
    )
    currency = dims.get("currency", None)
    table = series.mutate(
        measure=ibis.ifelse(_.key == "exchange_rate", "rate", _.key),
        reporter=_.area,
        partner=ibis.ifelse(
            currency == "USD", "USA", ibis.coalesce(dims.get("partner", None), "WLD")
        ),
        product=ibis.coalesce(dims.get("product", None), "TOTAL"),
        adjustment=ibis.coalesce(dims.get("adjustment", None), "nsa"),
        basis=ibis.ifelse(basis == "", "customs", basis),
    )
    return _finished(table)


def _added_up(monthly: ibis.Table, months: int) -> ibis.Table:
    """Sums of consecutive months, only where not one month is missing."""
    w = ibis.range_window(
        group_by="series",
        order_by="month",
        preceding=ibis.literal(months - 1, "int32"),
        following=0,
    )
    out = monthly.mutate(
        n=_.value.count().over(w),
        value=_.value.sum().over(w),
        # Every rounding of a part is in the sum.
        resolution=_.resolution.sum().over(w),
        published=_.published.max().over(w),
        stand_in=_.stand_in.cast("int8").max().over(w) > 0,
        sources=_.sources.collect().over(w).flatten().unique().sort(),
        rows=_.rows.collect().over(w).flatten(),
        months=ibis.literal(months, "int32"),
        month=(_.month - (months - 1)).cast("int32"),
    )
    return _cast(out.filter(_.n == months))


def _one_each(table: ibis.Table) -> ibis.Table:
    """One row a figure where several are at hand: known before standing in, newest, then finest."""
    day: Any = _.published.epoch_seconds()
    order = [
        _.stand_in.asc(),
        ibis.ifelse(_.stand_in, day, -day).asc(),
        _.resolution.asc(),
        _.rows[0].asc(),
    ]
    # One number for the nine columns of the key: every window and join after this one is on a
    # single integer.
    series = ibis.literal("|").join([table[c].cast("string") for c in SERIES_KEY]).hash()
    numbered = table.mutate(series=series)
    place = ibis.row_number().over(group_by=["series", "month"], order_by=order)
    return numbered.mutate(place_=place).filter(_.place_ == 0).drop("place_")
