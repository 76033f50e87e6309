"""``boeki explain market-share``: why exports, or a share of the market, changed."""

from __future__ import annotations

from typing import Any

import click

from boeki.cli.answers import answered, show
from boeki.cli.reading import reading, split
from boeki.cli.shared import AREA


@click.command("market-share")
@click.argument("country", type=AREA)
@click.argument("period")
@click.option("--vs", "versus", required=True, metavar="PERIOD", help="The earlier period.")
@click.option(
    "--method",
    type=click.Choice(["richardson", "fagerberg-sollie", "shift-share"]),
    default="richardson",
    help="Which analysis.",
)
@click.option(
    "--by",
    type=click.Choice(["total", "product", "partner"]),
    default="total",
    help="Effects in all, or of each product or market.",
)
@click.option(
    "--weights",
    type=click.Choice(["initial", "final", "average", "interaction"]),
    default="initial",
    help="Of richardson: whose shares are held constant.",
)
@click.option(
    "--order",
    type=click.Choice(["commodity-first", "market-first"]),
    default="commodity-first",
    help="Of richardson: which effect is taken out first.",
)
@click.option(
    "--reference", type=AREA, multiple=True, help="A competitor, once for each; else the world."
)
@click.option(
    "--home", is_flag=True, help="Count what the country itself imports among the markets."
)
@click.option(
    "--growth",
    type=click.Choice(["midpoint", "log"]),
    default="midpoint",
    help="Of shift-share: which growth rates.",
)
@reading
@answered
def market_share(
    country: str,
    period: str,
    versus: str,
    method: Any,
    by: Any,
    weights: Any,
    order: Any,
    reference: tuple[str, ...],
    home: bool,
    growth: Any,
    **rest: Any,
) -> None:
    """Explain why a country's exports changed: demand, its make-up, or competitiveness.

    \b
    Examples:
      boeki explain market-share JPN 2022 --vs 2017 --office baci
      boeki explain market-share JPN 2022 --vs 2017 --office baci --method fagerberg-sollie
      boeki explain market-share JPN 2022 --vs 2017 --office baci --method shift-share
    """
    read, printed = split(rest)
    if method == "shift-share":
        if by != "total" or reference:
            raise click.UsageError("--by and --reference go with the other methods")
        from boeki.explain.shift_share import shift_share

        show(shift_share(country, period, versus, growth=growth, **read), **printed)
        return
    from boeki.explain.constant_market_share import constant_market_share

    found = constant_market_share(
        country, period, versus, method=method, weights=weights, order=order, by=by,
        reference=reference, home=home, **read,
    )  # fmt: skip
    show(found, **printed)
