"""``boeki measure``: a measure over time, or of one period by partner or product."""

from __future__ import annotations

import datetime as dt
import inspect
from typing import TYPE_CHECKING, Any

import click

from boeki.cli.answers import PLOT
from boeki.cli.lazy import LazyGroup
from boeki.cli.shared import AREA, DAY, PRODUCT, print_json
from boeki.terms.measures import MEASURES

if TYPE_CHECKING:
    from pathlib import Path

    from boeki.measure.breakdown import Breakdown
    from boeki.measure.table import Measured


#: Indicator to the module that has it.
INDICATORS: dict[str, tuple[str, str]] = {
    "adjusted": ("boeki.cli.seasonal", "Without seasonal pattern and calendar."),
    "price-index": ("boeki.cli.prices", "Price and volume indexes."),
    "terms-of-trade": ("boeki.cli.prices", "Prices of exports over those of imports."),
    "unit-value": ("boeki.cli.prices", "Value over quantity of a product."),
    "levels": ("boeki.cli.levels", "Levels and ratios of trade."),
    "cover-ratio": ("boeki.cli.levels", "Exports in percent of imports."),
    "growth": ("boeki.cli.levels", "Growth on the year, month, to date …"),
    "records": ("boeki.cli.levels", "Records, ranks and 'first since'."),
    "runs": ("boeki.cli.levels", "Runs of surpluses, deficits, rises, falls."),
    "ranks": ("boeki.cli.levels", "Places of partners or products."),
    "nowcast": ("boeki.cli.nowcast", "The month that is not out yet."),
    "releases": ("boeki.cli.revisions_of", "Every value that was published, in order."),
    "revisions": ("boeki.cli.revisions_of", "How far figures were revised; bias, news, noise."),
    "revision-interval": ("boeki.cli.revisions_of", "Where the newest figure may end up."),
    "mirror": ("boeki.cli.coherence", "Exports against the partner's imports."),
    "bop-bridge": ("boeki.cli.coherence", "Customs basis to balance of payments."),
    "complementarity": ("boeki.cli.structure", "Whether one sells what another buys."),
    "complexity": ("boeki.cli.product_space", "Economic complexity (ECI, PCI)."),
    "dependence": ("boeki.cli.structure", "Suppliers of imports: how concentrated."),
    "fitness": ("boeki.cli.product_space", "Fitness and complexity."),
    "grubel-lloyd": ("boeki.cli.structure", "Intra-industry trade."),
    "hhi": ("boeki.cli.structure", "Concentration on partners or products."),
    "market-share": ("boeki.cli.structure", "Share of the world or one market."),
    "proximity": ("boeki.cli.product_space", "What lies near in the product space."),
    "rca": ("boeki.cli.product_space", "Revealed comparative advantage."),
    "similarity": ("boeki.cli.structure", "Whether countries sell the same things."),
    "theil": ("boeki.cli.structure", "Concentration, by margin."),
    "trade-intensity": ("boeki.cli.structure", "Trade over what sizes let expect."),
    "gvc-participation": ("boeki.cli.value_added", "Participation in global value chains."),
    "upstreamness": ("boeki.cli.value_added", "Stages to final use and from primary inputs."),
}


_EXAMPLES = {
    "export_volume": "boeki measure export_volume JPN --product semiconductor_equipment",
    "import_volume": "boeki measure import_volume JPN --product crude_oil",
    "export_price": "boeki measure export_price JPN --product motor_vehicles",
    "import_price": "boeki measure import_price JPN --product crude_oil",
    "sales": "boeki measure sales JPN --product semiconductor_equipment",
    "rate": "boeki measure rate JPN --partner USA --from 2024-01",
}


class _Measures(LazyGroup):
    """Measures over time, all of them one command under as many names, and indicators."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*MEASURES, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in MEASURES:
            return _named(cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Measures over time"):
            formatter.write_dl([(name, MEASURES[name]) for name in MEASURES])
        if self.homes:
            with formatter.section("Indicators"):
                formatter.write_dl([(name, line) for name, (_, line) in sorted(self.homes.items())])


def _named(measure: str) -> click.Command:
    """The command of one measure."""

    def callback(**options: Any) -> None:
        _over_time(measure, **options)

    what = MEASURES[measure]
    text = f"""Measure {what[0].lower()}{what[1:]}

    REPORTER is an area code or a name. Each period has its change, its run, its record and the
    day it was published.

    \b
    Examples:
      {_EXAMPLES.get(measure, f"boeki measure {measure} JPN --from 2023-11 --to 2024-11")}
    """
    return click.Command(
        measure,
        callback=callback,
        params=_over_time_options.params,
        help=inspect.cleandoc(text),
        short_help=MEASURES[measure],
    )


@click.group(cls=_Measures, homes=INDICATORS)
def measure() -> None:
    """Measure a country's trade: what happened.

    \b
    Examples:
      boeki measure balance JPN --from 2023-11 --to 2024-11
      boeki measure exports JPN --product semiconductor_equipment --from 2024-01
      boeki measure imports JPN --at 2024-11 --by product
      boeki measure exports JPN --from 2024-01 --currency USD
    """


@click.command()
@click.argument("reporter", type=AREA)
@click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world).")
@click.option("--product", type=PRODUCT, default="TOTAL", help="Of what: a term or a code.")
@click.option("--from", "start", metavar="PERIOD", help="First period, such as 2023-11.")
@click.option("--to", "end", metavar="PERIOD", help="Last period.")
@click.option(
    "--freq",
    type=click.Choice(["M", "Q", "A", "FY"]),
    default="M",
    help="Monthly, quarterly, yearly, fiscal.",
)
@click.option("--as-of", type=DAY, help="Only what was published by this day; nothing stands in.")
@click.option(
    "--adjusted", is_flag=True, help="Seasonally adjusted figures, where a source has them."
)
@click.option(
    "--currency",
    metavar="CODE",
    help="Convert into this currency (USD, EUR …) by official exchange rates.",
)
@click.option(
    "--rate",
    type=click.Choice(["average", "end"]),
    default="average",
    help="With --currency: average of the months of each figure, or rate at their end.",
)
@click.option("--at", metavar="PERIOD", help="Break one period down instead; see --by.")
@click.option(
    "--by", type=click.Choice(["partner", "product"]), default="product", help="With --at: by what."
)
@click.option(
    "--level",
    type=click.IntRange(1, 3),
    default=2,
    help="With --at: level of the product classification.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, with the rows behind each figure."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@PLOT
def _over_time_options(**_options: Any) -> None:
    """What every measure over time can be asked with."""


def _over_time(
    measure: str,
    reporter: str,
    partner: str,
    product: str,
    start: str | None,
    end: str | None,
    freq: str,
    as_of: dt.date | None,
    adjusted: bool,
    currency: str | None,
    rate: Any,
    at: str | None,
    by: Any,
    level: int,
    as_json: bool,
    as_csv: bool,
    plot: Path | None,
) -> None:
    from boeki.measure.breakdown import break_down
    from boeki.measure.table import measure_series

    if at and currency:
        raise click.UsageError("--currency goes with figures over time: leave --at out")
    result: Measured | Breakdown
    if at:
        result = break_down(measure, reporter, at, by=by, level=level, as_of=as_of)
    else:
        result = measure_series(
            measure, reporter, partner=partner, product=product, start=start, end=end, freq=freq,
            as_of=as_of, adjusted=adjusted, currency=currency, rate=rate,
        )  # fmt: skip
    if plot is not None:
        from boeki.report.measured_answer import as_answer
        from boeki.report.plot import save_plot

        save_plot(as_answer(result), plot)
    if as_json:
        print_json(result.to_dict())
    elif as_csv:
        click.echo(result.to_csv(), nl=False)
    else:
        from boeki.report.measured import print_breakdown, print_measured

        print_breakdown(result) if at else print_measured(result)  # type: ignore[arg-type]
        if plot is not None:
            click.echo(f"Drawn: {plot}")
