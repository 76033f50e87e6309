"""``boeki explain growth-accounting`` and ``boeki explain saving-investment``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from boeki.cli.answers import answered, show

_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE"
)
_from = click.option("--from", "start", metavar="PERIOD", help="First period shown.")
_to = click.option("--to", "end", metavar="PERIOD", help="Last period shown.")


@click.command()
@_file
@click.option(
    "--formula",
    type=click.Choice(["chain", "simple", "fisher"]),
    default="chain",
    help="chain: weights of the year before; fisher: United States, Canada; simple: fixed prices.",
)
@click.option(
    "--base",
    type=click.Choice(["previous", "yoy"]),
    default="previous",
    help="Growth on the period before, or on the year.",
)
@click.option("--annualise", is_flag=True, help="At an annual rate.")
@click.option(
    "--import-content",
    multiple=True,
    metavar="COMPONENT=SHARE",
    help="Share of imports in a component, from 0 to 1; of every one but imports.",
)
@_from
@_to
@answered
def growth_accounting(
    file: Path, formula: Any, base: Any, annualise: bool, import_content: tuple[str, ...],
    start: str | None, end: str | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """Contributions of exports, imports and the rest to the growth of GDP.

    FILE is a CSV with the columns period, component (gdp, exports, imports and others), value
    (current prices) and volume (chain-linked).

    \b
    Examples:
      boeki explain growth-accounting gdp.csv
      boeki explain growth-accounting gdp.csv --base yoy --plot growth.png
      boeki explain growth-accounting gdp.csv --import-content exports=0.25 --import-content domestic_demand=0.2
    """  # noqa: E501
    from boeki.cli.frames import read_frame
    from boeki.explain.growth_accounting import explain_growth

    table = read_frame(file, ("period", "component", "volume"))
    found = explain_growth(
        table, formula=formula, base=base, annualise=annualise,
        import_content=_shares(import_content) or None, start=start, end=end,
    )  # fmt: skip
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@_file
@click.option("--unit", metavar="CODE", default="", help="Currency of the figures.")
@click.option(
    "--shown",
    type=click.Choice(["level", "gdp", "change"]),
    default="level",
    help="Amounts, percent of GDP, or change on the period before.",
)
@_from
@_to
@answered
def saving_investment(
    file: Path, unit: str, shown: Any, start: str | None, end: str | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """The current account as what each sector saves less what it invests.

    FILE is a CSV with the column period and, for each sector, NAME_saving and NAME_investment, or
    NAME_gap; besides, where they are known, current_account and gdp.

    \b
    Example:
      boeki explain saving-investment accounts.csv --shown gdp
    """
    from boeki.cli.frames import read_frame
    from boeki.explain.saving_investment import explain_saving_investment

    table = read_frame(file, ("period",))
    found = explain_saving_investment(table, unit=unit, shown=shown, start=start, end=end)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


def _shares(pairs: tuple[str, ...]) -> dict[str, float]:
    out: dict[str, float] = {}
    for pair in pairs:
        name, equals, share = pair.partition("=")
        try:
            out[name.strip()] = float(share)
        except ValueError:
            equals = ""
        if not equals:
            raise click.UsageError(f"{pair!r}: write COMPONENT=SHARE, such as exports=0.25")
    return out
