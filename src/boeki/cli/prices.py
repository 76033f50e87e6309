"""Commands on prices and volumes: ``measure price-index`` …, ``explain price-volume`` …"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import click

from boeki.cli.answers import answered, show
from boeki.cli.shared import AREA, DAY, PRODUCT

F = TypeVar("F", bound=Callable[..., Any])

_FLOW = click.option(
    "--flow", type=click.Choice(["export", "import"]), default="export", help="Of which flow."
)
_FREQ = click.option(
    "--freq", type=click.Choice(["M", "Q", "A"]), default="M", help="Monthly, quarterly, yearly."
)
_FROM = click.option("--from", "start", metavar="PERIOD", default="", help="First period.")
_TO = click.option("--to", "end", metavar="PERIOD", default="", help="Last period.")
_FORMULAS = (
    "fisher", "tornqvist", "laspeyres", "paasche", "walsh", "marshall-edgeworth", "sato-vartia",
    "montgomery-vartia", "geometric-laspeyres", "geometric-paasche", "palgrave", "stuvel",
)  # fmt: skip


def _figures(command: F) -> F:
    """Options that say which figures of the lake are meant."""
    for option in (
        click.option("--as-of", type=DAY, help="Only what was published by this day."),
        click.option("--classification", metavar="NAME", help="Where the lake has several."),
        click.option("--office", metavar="NAME", help="Whose statistics, where it has several."),
        click.option(
            "--weight", "quantity", flag_value="weight", default="unit",
            help="Take kilograms instead of each product's own unit.",
        ),
        click.option(
            "--digits", type=click.IntRange(1), help="Only codes of so many digits (HS, SITC)."
        ),
        click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world)."),
        click.option(
            "--product", "products", type=PRODUCT, multiple=True,
            help="Only this product, a term or a code; give it again for more.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def _index(command: F) -> F:
    """Options that say how an index is computed."""
    for option in (
        click.option(
            "--splice", type=click.Choice(["mean", "movement", "window", "half"]), default="mean",
            help="With --window: how a new window is tied to what stands.",
        ),
        click.option("--window", type=click.IntRange(2), help="With geks: periods of a window."),
        click.option("--base", metavar="PERIOD", default="", help="Which period is 100."),
        click.option(
            "--link", type=click.Choice(["fixed", "chained", "geks"]), default="fixed",
            help="Against the base, period on period, or multilateral.",
        ),
        click.option(
            "--formula", type=click.Choice(_FORMULAS), default="fisher", help="Index formula."
        ),
    ):  # fmt: skip
        command = option(command)
    return command


_LEVEL = click.option(
    "--level", type=click.IntRange(1, 4),
    help="Level of Japan's principal commodities (default: the finest with quantities).",
)  # fmt: skip
_BY_PARTNER = click.option(
    "--by-partner", is_flag=True, help="Take the same product from another country as another."
)
_VS = click.option(
    "--vs", metavar="BASE", default="yoy", help="yoy, qoq, mom, or a period to compare with."
)


@click.command("price-index")
@click.argument("reporter", type=AREA)
@_FLOW
@_FROM
@_TO
@_FREQ
@_index
@_LEVEL
@_BY_PARTNER
@_figures
@answered
def price_index(
    as_json: bool, as_csv: bool, plot: Any, most: int, products: tuple[str, ...], **asked: Any
) -> None:
    """Compute price and volume indexes of exports or imports, from values and quantities.

    Products are matched; the share of trade that is compared stands beside every index, and the
    office's own unit value and volume index where the lake has them.

    \b
    Examples:
      boeki measure price-index JPN --flow import --from 2023-11 --to 2024-11
      boeki measure price-index JPN --from 2023-10 --to 2024-12 --link geks --window 13
      boeki measure price-index ZAF --digits 6 --freq A --from 2019 --to 2021 --link chained
    """
    from boeki.measure.prices import price_index as compute

    if not (asked["start"] and asked["end"]):
        raise click.UsageError("say from which period to which: --from 2023-11 --to 2024-11")
    answer = compute(products=products, **asked)
    show(answer, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command("terms-of-trade")
@click.argument("reporter", type=AREA)
@_FROM
@_TO
@_FREQ
@click.option(
    "--basis", type=click.Choice(["official", "computed"]), default="official",
    help="From the office's indexes, or from computed ones.",
)  # fmt: skip
@_index
@click.option("--as-of", type=DAY, help="Only what was published by this day.")
@answered
def terms_of_trade(
    as_json: bool, as_csv: bool, plot: Any, most: int, reporter: str, start: str, end: str,
    freq: str, basis: str, as_of: dt.date | None, **how: Any,
) -> None:  # fmt: skip
    """Measure the terms of trade: the price of exports over that of imports.

    \b
    Examples:
      boeki measure terms-of-trade JPN
      boeki measure terms-of-trade JPN --basis computed --from 2023-11 --to 2024-11 --link chained
    """
    from boeki.measure.prices.terms_of_trade import terms_of_trade as compute

    if basis == "official":
        if given := [name for name in how if _is_given(name)]:
            raise click.UsageError(f"--{given[0]} is of computed indexes: add --basis computed")
        how = {}
    elif not (start and end):
        raise click.UsageError("computed indexes need --from and --to")
    answer = compute(reporter, start=start, end=end, freq=freq, basis=basis, as_of=as_of, **how)
    show(answer, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


def _is_given(name: str) -> bool:
    """Whether an option was written, and does not just have its default."""
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


@click.command("unit-value")
@click.argument("reporter", type=AREA)
@click.option("--product", type=PRODUCT, required=True, help="Of what: a term or a code.")
@click.option(
    "--flow", type=click.Choice(["export", "import"]), default="import", help="Of which flow."
)
@_FROM
@_TO
@_FREQ
@click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world).")
@click.option("--by-partner", is_flag=True, help="Of each partner country.")
@click.option(
    "--weight",
    "quantity",
    flag_value="weight",
    default="unit",
    help="A kilogram instead of a unit.",
)
@click.option("--office", metavar="NAME", help="Whose statistics, where the lake has several.")
@click.option("--classification", metavar="NAME", help="Where the lake has several.")
@click.option("--as-of", type=DAY, help="Only what was published by this day.")
@answered
def unit_value(as_json: bool, as_csv: bool, plot: Any, most: int, **asked: Any) -> None:
    """Measure the unit value of a product: its value over its quantity.

    \b
    Examples:
      boeki measure unit-value JPN --product crude_oil --flow import
      boeki measure unit-value JPN --product semiconductor_equipment --flow export --freq Q
    """
    from boeki.measure.prices.unit_value import unit_value as compute

    show(compute(**asked), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command("price-volume")
@click.argument("reporter", type=AREA)
@click.argument("period")
@_FLOW
@_VS
@click.option(
    "--method", type=click.Choice(["bennet", "montgomery"]), default="bennet",
    help="Bennet's indicators, or Montgomery's (LMDI-I).",
)  # fmt: skip
@click.option(
    "--by", type=click.Choice(["part", "product"]), default="part", help="One row a what."
)
@click.option(
    "--invoicing", metavar="FILE or SHARES",
    help="Currencies of invoices: USD=0.69,JPY=0.24,other=0.07, or a CSV file with the columns "
    "currency, share and, where they differ, flow and product.",
)  # fmt: skip
@_LEVEL
@_BY_PARTNER
@_figures
@answered
def price_volume(
    as_json: bool, as_csv: bool, plot: Any, most: int, invoicing: str | None,
    products: tuple[str, ...], **asked: Any,
) -> None:  # fmt: skip
    """Split the change of exports or imports into price, volume and exchange rate.

    The parts add up to the change to the last digit.

    \b
    Examples:
      boeki explain price-volume JPN 2024-11 --flow import --product crude_oil --vs yoy
      boeki explain price-volume JPN 2024-11 --flow import --by product
      boeki explain price-volume JPN 2024-11 --flow import --product crude_oil --invoicing USD=1
    """
    from boeki.explain.price_volume import explain_price_volume

    given = _invoicing(invoicing) if invoicing else None
    answer = explain_price_volume(products=products, invoicing=given, **asked)
    show(answer, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


def _invoicing(text: str) -> Any:
    """Shares as they are typed, or a table of them from a CSV file."""
    import csv
    from pathlib import Path

    if "=" in text:
        pairs = [part.partition("=") for part in text.split(",")]
        try:
            return {name.strip(): float(share) for name, _eq, share in pairs}
        except ValueError:
            raise click.UsageError(
                f"--invoicing {text}: write shares as USD=0.69,JPY=0.24,other=0.07"
            ) from None
    try:
        with Path(text).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"--invoicing: cannot read {text}: {error}") from None


@click.command("margins")
@click.argument("reporter", type=AREA)
@click.argument("period")
@_FLOW
@_VS
@click.option(
    "--against-world", is_flag=True,
    help="Against the rest of the world's exports of the same period (Hummels & Klenow).",
)  # fmt: skip
@click.option(
    "--by", type=click.Choice(["pair", "product"]), default="pair",
    help="Whether a product to another partner is another trade (pair), or products alone count.",
)  # fmt: skip
@click.option(
    "--level", type=click.IntRange(1, 4),
    help="Level of Japan's principal commodities (default: 2).",
)  # fmt: skip
@_figures
@answered
def margins(
    as_json: bool, as_csv: bool, plot: Any, most: int, against_world: bool, reporter: str,
    period: str, flow: str, vs: str, by: str, level: int | None, quantity: str,
    products: tuple[str, ...], **asked: Any,
) -> None:  # fmt: skip
    """Split trade into its extensive and intensive margins: what is new, and what is more.

    Over time: new and lost products, partners and pairs of them, and price and volume of those
    that went on. Against the world: Hummels and Klenow's margins in each market.

    \b
    Examples:
      boeki explain margins JPN 2024-11 --flow import --by product
    With world trade (boeki pull baci), pairs of product and partner, or the world:
      boeki explain margins ZAF 2020 --digits 6 --vs 2019
      boeki explain margins ZAF 2020 --digits 6 --against-world
    """
    if against_world:
        from boeki.explain.hummels_klenow import explain_margins_against_world

        if flow != "export":
            raise click.UsageError("--against-world is of exports: leave --flow import out")
        if by != "pair":
            raise click.UsageError("--against-world compares markets: leave --by out")
        answer = explain_margins_against_world(reporter, period, products=products, **asked)
    else:
        from boeki.explain.margins import explain_margins

        answer = explain_margins(
            reporter, period, flow, vs=vs, by_partner=by == "pair", level=level, quantity=quantity,
            products=products, **asked,
        )  # fmt: skip
    show(answer, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command("variety")
@click.argument("reporter", type=AREA)
@click.argument("period")
@click.option(
    "--flow", type=click.Choice(["export", "import"]), default="import", help="Of which flow."
)
@_VS
@click.option(
    "--sigma", type=float, required=True,
    help="Elasticity of substitution between varieties, above 1.",
)  # fmt: skip
@_figures
@answered
def variety(
    as_json: bool, as_csv: bool, plot: Any, most: int, products: tuple[str, ...], partner: str,
    **asked: Any,
) -> None:  # fmt: skip
    """Correct the price index of imports for new and lost varieties (Feenstra 1994).

    A variety is a product of one country.

    \b
    Example, with imports by product and partner (boeki pull us-census):
      boeki explain variety USA 2020 --vs 2019 --digits 6 --sigma 4
    """
    from boeki.explain.variety import explain_variety

    if partner != "WLD":
        raise click.UsageError("varieties are told apart by partner: leave --partner out")
    answer = explain_variety(products=products, **asked)
    show(answer, as_json=as_json, as_csv=as_csv, plot=plot, most=most)
