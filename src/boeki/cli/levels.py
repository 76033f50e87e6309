"""``boeki measure levels``, ``cover-ratio``, ``growth``, ``records``, ``runs`` and ``ranks``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from boeki.cli.answers import answered, show
from boeki.cli.shared import AREA, DAY, PRODUCT
from boeki.terms.measures import MEASURES

F = TypeVar("F", bound=Callable[..., Any])

_TIES = ("competition", "dense", "fractional", "ordinal")


def _spanned(command: F) -> F:
    """What every question over time can be asked with."""
    for option in (
        click.option(
            "--rate",
            type=click.Choice(["average", "end"]),
            default="average",
            help="With --currency: average of the months, or rate at their end.",
        ),
        click.option("--currency", metavar="CODE", help="Convert into this currency (USD …)."),
        click.option("--as-of", type=DAY, help="Only what was published by this day."),
        click.option(
            "--freq",
            type=click.Choice(["M", "Q", "A", "FY"]),
            default="M",
            help="Monthly, quarterly, yearly, fiscal.",
        ),
        click.option("--to", "end", metavar="PERIOD", help="Last period."),
        click.option("--from", "start", metavar="PERIOD", help="First period, such as 2023-11."),
        click.option("--product", type=PRODUCT, default="TOTAL", help="Of what: a term or a code."),
        click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world)."),
    ):
        command = option(command)
    return command


_measure = click.argument("measure", type=click.Choice(list(MEASURES)), metavar="MEASURE")
_reporter = click.argument("reporter", type=AREA)
_adjusted = click.option(
    "--adjusted", is_flag=True, help="Seasonally adjusted figures, where a source has them."
)
_runs_of = click.option(
    "--on",
    type=click.Choice(["auto", "value", "change"]),
    default="auto",
    help="Runs of values (of a balance) or of changes on the year (of all else).",
)
_ties = click.option(
    "--ties", type=click.Choice(_TIES), default=_TIES[0], help="How equal figures are ranked."
)


@click.command()
@_reporter
@_spanned
@click.option(
    "--gdp",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="CSV with the columns period and gdp (plain units): adds openness.",
)
@click.option("--gdp-unit", metavar="CODE", default="", help="Currency of the GDP.")
@answered
def levels(
    reporter: str, gdp: Path | None, gdp_unit: str,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **asked: Any,
) -> None:  # fmt: skip
    """Exports, imports, balance, total, cover ratio and normalised balance of REPORTER.

    \b
    Examples:
      boeki measure levels JPN --from 2024-01 --to 2024-12
      boeki measure levels JPN --freq A --gdp gdp.csv --gdp-unit JPY
    """
    from boeki.measure.levels import measure_levels

    income = _column(gdp, "gdp") if gdp else None
    found = measure_levels(reporter, gdp=income, gdp_unit=gdp_unit, **asked)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@_reporter
@_spanned
@answered
def cover_ratio(
    reporter: str, as_json: bool, as_csv: bool, plot: Path | None, most: int, **asked: Any
) -> None:
    """Exports of REPORTER in percent of its imports.

    \b
    Example:
      boeki measure cover-ratio JPN --from 2024-01 --to 2024-12
    """
    from boeki.measure.levels import measure_levels

    found = measure_levels(reporter, levels=["cover_ratio", "exports", "imports"], **asked)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@_measure
@_reporter
@_spanned
@_adjusted
@click.option(
    "--kinds",
    metavar="KIND[,KIND…]",
    help="yoy, mom, qoq, ytd, fytd, sum12, mean3, annualised, annualised3.",
)
@click.option("--unadjusted", is_flag=True, help="Annual rates of unadjusted figures all the same.")
@click.option(
    "--fiscal-start",
    type=click.IntRange(1, 12),
    help="With fytd: first month of the fiscal year, where it is not known.",
)
@answered
def growth(
    measure: str, reporter: str, kinds: str | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **asked: Any,
) -> None:  # fmt: skip
    """Growth of MEASURE of REPORTER: on the year, the month, to date, over twelve months.

    \b
    Examples:
      boeki measure growth exports JPN --from 2024-01 --to 2024-12
      boeki measure growth balance JPN --kinds ytd,fytd --from 2024-04
      boeki measure growth exports JPN --currency USD --from 2024-01
    """
    from boeki.measure.levels import measure_growth

    wanted = [k.strip() for k in kinds.split(",")] if kinds else None
    found = measure_growth(measure, reporter, kinds=wanted, **asked)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@_measure
@_reporter
@_spanned
@_adjusted
@_ties
@_runs_of
@answered
def records(
    measure: str, reporter: str,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **asked: Any,
) -> None:  # fmt: skip
    """Records, ranks and runs of MEASURE of REPORTER, and what each is the highest since.

    \b
    Examples:
      boeki measure records exports JPN --from 2024-01 --to 2024-12
      boeki measure records balance JPN --from 2024-06 --to 2024-12
    """
    from boeki.measure.levels import measure_records

    found = measure_records(measure, reporter, **asked)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@_measure
@_reporter
@_spanned
@_adjusted
@_runs_of
@click.option(
    "--least", type=click.IntRange(1), default=2, help="Only runs of so many periods (default: 2)."
)
@answered
def runs(
    measure: str, reporter: str,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **asked: Any,
) -> None:  # fmt: skip
    """Every run of surpluses and deficits, or of rises and falls, longest first.

    \b
    Example:
      boeki measure runs balance JPN --least 5
    """
    from boeki.measure.levels import measure_runs

    found = measure_runs(measure, reporter, **asked)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("measure", type=click.Choice(["exports", "imports"]), metavar="MEASURE")
@_reporter
@click.argument("period")
@click.option("--by", type=click.Choice(["partner", "product"]), default="partner", help="Of what.")
@click.option(
    "--level", type=click.IntRange(1, 4), default=2, help="Level of the product classification."
)
@_ties
@click.option("--smallest-first", is_flag=True, help="Place 1 for the smallest.")
@click.option("--as-of", type=DAY, help="Only what was published by this day.")
@answered
def ranks(
    measure: str, reporter: str, period: str, by: Any, level: int, ties: Any, smallest_first: bool,
    as_of: dt.date | None, as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """Places of the partners or products of REPORTER in PERIOD.

    \b
    Examples:
      boeki measure ranks exports JPN 2024-11
      boeki measure ranks imports JPN 2024-11 --by product --ties dense
    """
    from boeki.measure.levels import measure_ranks

    found = measure_ranks(
        measure, reporter, period, by=by, level=level, ties=ties, smallest_first=smallest_first,
        as_of=as_of,
    )  # fmt: skip
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


def _column(path: Path, name: str) -> Any:
    """Period to value, from two columns of a CSV file."""
    from boeki.cli.frames import read_frame

    return read_frame(path, ("period", name)).set_index("period")[name]
