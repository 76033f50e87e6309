"""``boeki measure hhi``, ``theil``, ``grubel-lloyd`` …: the structure of a country's trade."""

from __future__ import annotations

from typing import Any

import click

from boeki.cli.answers import answered, show
from boeki.cli.reading import period, reading, split
from boeki.cli.shared import AREA

_PRODUCT = click.option(
    "--product", default="TOTAL", metavar="CODE", help="Only this product (default: all goods)."
)
_PARTNER = click.option("--partner", type=AREA, default="WLD", help="Only with this partner.")
_FLOW = click.option(
    "--flow", type=click.Choice(["export", "import"]), default="export", help="Which flow."
)


@click.command("market-share")
@click.argument("country", type=AREA, required=False)
@period
@click.option(
    "--by",
    type=click.Choice(["product", "partner", "country"]),
    default="product",
    help="In each product, in each market, or all exporters beside each other.",
)
@_PRODUCT
@click.option("--market", type=AREA, default="WLD", help="In this market (default: the world).")
@click.option(
    "--told-by",
    type=click.Choice(["exporters", "market"]),
    default="exporters",
    help="Whose figures: what exporters sold, or what the market bought from each.",
)
@reading
@answered
def market_share(
    country: str | None, period: str, by: Any, product: str, market: str, told_by: Any, **rest: Any
) -> None:
    """Measure a country's share of the world market, or of one country's imports.

    \b
    Examples:
      boeki measure market-share JPN --period 2022 --office baci
      boeki measure market-share --period 2024-11 --by country --market JPN --told-by market
    """
    from boeki.measure.structure.market_share import market_share as measured

    read, printed = split(rest)
    found = measured(
        country, period, by=by, product=product, market=market, told_by=told_by, **read
    )
    show(found, **printed)


@click.command()
@click.argument("country", type=AREA, required=False)
@period
@_FLOW
@click.option(
    "--by", type=click.Choice(["partner", "product"]), default="partner", help="Over what."
)
@_PRODUCT
@_PARTNER
@reading
@answered
def hhi(
    country: str | None, period: str, flow: Any, by: Any, product: str, partner: str, **rest: Any
) -> None:
    """Measure how concentrated trade is on few partners or products (Herfindahl–Hirschman).

    \b
    Examples:
      boeki measure hhi JPN --period 2024-11
      boeki measure hhi JPN --period 2024-11 --flow import --by product
    """
    from boeki.measure.structure.herfindahl_hirschman import herfindahl_hirschman

    read, printed = split(rest)
    found = herfindahl_hirschman(
        country, period, flow=flow, by=by, product=product, partner=partner, **read
    )
    show(found, **printed)


@click.command()
@click.argument("country", type=AREA, required=False)
@period
@_FLOW
@click.option("--lines", type=click.IntRange(1), help="How many products there could be.")
@_PARTNER
@reading
@answered
def theil(
    country: str | None, period: str, flow: Any, lines: int | None, partner: str, **rest: Any
) -> None:
    """Measure concentration on few products (Theil): extensive and intensive margin.

    \b
    Examples:
      boeki measure theil JPN --period 2022 --office baci
      boeki measure theil JPN --period 2024-11 --lines 60
    """
    from boeki.measure.structure.theil import theil as measured

    read, printed = split(rest)
    show(measured(country, period, flow=flow, lines=lines, partner=partner, **read), **printed)


@click.command("grubel-lloyd")
@click.argument("country", type=AREA)
@period
@_PARTNER
@click.option(
    "--by", type=click.Choice(["product", "total"]), default="product", help="Of each, or in all."
)
@click.option("--adjusted", is_flag=True, help="With the trade imbalance taken out (Aquino) too.")
@reading
@answered
def grubel_lloyd(
    country: str, period: str, partner: str, by: str, adjusted: bool, **rest: Any
) -> None:
    """Measure how much trade is exchange within the same products (Grubel–Lloyd).

    \b
    Examples:
      boeki measure grubel-lloyd JPN --period 2024-11
      boeki measure grubel-lloyd JPN --period 2024-11 --by total --adjusted
    """
    from boeki.measure.structure.grubel_lloyd import grubel_lloyd as measured

    read, printed = split(rest)
    show(measured(country, period, partner=partner, by=by, adjusted=adjusted, **read), **printed)


@click.command("trade-intensity")
@click.argument("exporter", type=AREA, required=False)
@period
@click.option("--importer", type=AREA, help="Only this market.")
@_PRODUCT
@reading
@answered
def trade_intensity(
    exporter: str | None, period: str, importer: str | None, product: str, **rest: Any
) -> None:
    """Measure whether two countries trade more than their sizes let expect.

    \b
    Examples:
      boeki measure trade-intensity JPN --period 2022 --office baci
      boeki measure trade-intensity JPN --importer VNM --period 2022 --office baci
    """
    from boeki.measure.structure.trade_intensity import trade_intensity as measured

    read, printed = split(rest)
    show(measured(exporter, period, importer=importer, product=product, **read), **printed)


@click.command()
@click.argument("exporter", type=AREA)
@period
@click.option("--importer", type=AREA, help="Only this buyer, by product.")
@reading
@answered
def complementarity(exporter: str, period: str, importer: str | None, **rest: Any) -> None:
    """Measure whether a country sells what others buy (Michaely).

    \b
    Examples:
      boeki measure complementarity JPN --period 2022 --office baci
      boeki measure complementarity JPN --importer VNM --period 2022 --office baci
    """
    from boeki.measure.structure.complementarity import complementarity as measured

    read, printed = split(rest)
    show(measured(exporter, period, importer=importer, **read), **printed)


@click.command()
@click.argument("country", type=AREA)
@period
@click.option("--other", type=AREA, help="Only with this country, by product.")
@click.option("--market", type=AREA, default="WLD", help="Exports to this market.")
@reading
@answered
def similarity(country: str, period: str, other: str | None, market: str, **rest: Any) -> None:
    """Measure whether countries sell the same products (Finger–Kreinin).

    \b
    Examples:
      boeki measure similarity JPN --period 2022 --office baci
      boeki measure similarity JPN --other KOR --market USA --period 2022 --office baci
    """
    from boeki.measure.structure.export_similarity import export_similarity

    read, printed = split(rest)
    show(export_similarity(country, period, other=other, market=market, **read), **printed)


@click.command()
@click.argument("country", metavar="COUNTRY")
@period
@click.option(
    "--single-source",
    type=click.FloatRange(0, 100, min_open=True),
    default=50.0,
    help="Share of the largest supplier, %, from which on a product is single-source.",
)
@click.option("--product", metavar="CODE", help="Only this product.")
@reading
@answered
def dependence(
    country: str, period: str, single_source: float, product: str | None, **rest: Any
) -> None:
    """Measure on which suppliers a country or a group depends for its imports.

    COUNTRY is an area or a group, such as EU27, of which trade between members is inside.

    \b
    Examples:
      boeki measure dependence JPN --period 2022 --office baci
      boeki measure dependence EU27 --period 2022 --office baci --single-source 80
    """
    from boeki.measure.structure.import_dependence import import_dependence

    read, printed = split(rest)
    show(
        import_dependence(country, period, single_source=single_source, product=product, **read),
        **printed,
    )
