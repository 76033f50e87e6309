"""``boeki measure adjusted``: a measure without its seasonal pattern."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from boeki.cli.answers import answered, show
from boeki.cli.shared import AREA, DAY, PRODUCT
from boeki.terms.measures import MEASURES


def _easter(_ctx: click.Context, _param: click.Parameter, value: str) -> int | str:
    if value in ("auto", "none"):
        return value
    if value.isdigit():
        return int(value)
    raise click.BadParameter(f"{value!r} is not auto, none or a number of days")


def _windows(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> tuple[int, int, int] | None:
    if value is None:
        return None
    days = value.split(",")
    if len(days) != 3 or not all(d.strip().isdigit() for d in days):
        raise click.BadParameter(f"{value!r} is not days before, during and after: write 7,7,7")
    return int(days[0]), int(days[1]), int(days[2])


@click.command()
@click.argument("measure", type=click.Choice(list(MEASURES)), metavar="MEASURE")
@click.argument("reporter", type=AREA)
@click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world).")
@click.option("--product", type=PRODUCT, default="TOTAL", help="Of what: a term or a code.")
@click.option("--freq", type=click.Choice(["M", "Q"]), default="M", help="Monthly, quarterly.")
@click.option("--from", "start", metavar="PERIOD", help="First period shown.")
@click.option("--to", "end", metavar="PERIOD", help="Last period shown.")
@click.option("--data-from", metavar="PERIOD", help="First period that the adjustment sees.")
@click.option("--data-to", metavar="PERIOD", help="Last period that the adjustment sees.")
@click.option(
    "--method", type=click.Choice(["seats", "x11"]), default="seats", help="Default: seats."
)
@click.option("--calendar", type=AREA, default="", help="Whose public holidays to allow for: JPN.")
@click.option(
    "--holidays",
    type=click.Choice(["sundays", "separate"]),
    default="sundays",
    help="With --calendar: holidays count as Sundays, or have a regressor of their own.",
)
@click.option(
    "--direct/--indirect",
    default=None,
    help="Of a balance: adjust it itself, or exports and imports (default: show both).",
)
@click.option(
    "--revision",
    type=click.Choice(["concurrent", "partial", "forward"]),
    default="concurrent",
    help="What is chosen and estimated anew with each figure (ESS guidelines).",
)
@click.option(
    "--reference",
    metavar="PERIOD",
    help="With --revision: choices are made by data to this period (default: end of last year).",
)
@click.option(
    "--transform", type=click.Choice(["auto", "log", "none"]), default="auto", help="Default: auto."
)
@click.option("--arima", metavar="MODEL", default="auto", help='A model: "(0 1 1)(0 1 1)".')
@click.option(
    "--trading-days",
    type=click.Choice(["auto", "none", "td", "tdnolpyear", "td1coef", "td1nolpyear"]),
    default="auto",
    help="Six contrasts (td), one (td1coef), without leap year, none; auto tests td.",
)
@click.option("--easter", default="auto", callback=_easter, help="auto, none, or 1 to 25 days.")
@click.option(
    "--lunar-new-year",
    callback=_windows,
    metavar="DAYS",
    help="Windows before, during and after: 7,7,7.",
)
@click.option("--outlier", "outliers", multiple=True, metavar="WHICH", help="Such as LS2008-11.")
@click.option(
    "--find-outliers", default="ao,ls", metavar="TYPES", help="Of ao, ls and tc; empty for none."
)
@click.option("--critical-value", type=float, help="The t-value from which an outlier is one.")
@click.option("--as-of", type=DAY, help="Only what was published by this day.")
@answered
def adjusted(
    measure: str,
    reporter: str,
    partner: str,
    product: str,
    freq: Any,
    start: str | None,
    end: str | None,
    data_from: str | None,
    data_to: str | None,
    method: Any,
    calendar: str,
    holidays: Any,
    direct: bool | None,
    revision: Any,
    reference: str | None,
    transform: Any,
    arima: str,
    trading_days: Any,
    easter: Any,
    lunar_new_year: tuple[int, int, int] | None,
    outliers: tuple[str, ...],
    find_outliers: str,
    critical_value: float | None,
    as_of: dt.date | None,
    as_json: bool,
    as_csv: bool,
    plot: Path | None,
    most: int,
) -> None:
    """Measure trade without seasonal pattern, trading days and holidays (X-13ARIMA-SEATS).

    MEASURE is exports, imports, balance …; REPORTER an area code or a name. The whole series is
    adjusted, --from and --to say what is shown. Needs boeki[seasonal].

    \b
    Examples:
      boeki measure adjusted balance JPN --from 2023-11 --to 2024-11 --calendar JPN
      boeki measure adjusted exports JPN --method x11 --from 2024-01 --plot exports.png
      boeki measure adjusted balance JPN --method x11 --indirect --data-to 2024-11 --from 2024-06
    """
    from boeki.measure.seasonal import LunarNewYear, Spec, measure_adjusted

    if reference and revision == "concurrent":
        raise click.UsageError("--reference goes with --revision partial or forward")
    if holidays == "separate" and not calendar:
        raise click.UsageError("--holidays separate needs a calendar: --calendar JPN")
    spec = Spec(
        method=method,
        transform=transform,
        arima=arima,
        trading_days=trading_days,
        holidays=holidays,
        easter=easter,
        lunar_new_year=LunarNewYear(*lunar_new_year) if lunar_new_year else None,
        outliers=outliers,
        find_outliers=tuple(filter(None, (t.strip() for t in find_outliers.split(",")))),
        critical_value=critical_value,
    )
    found = measure_adjusted(
        measure, reporter, partner=partner, product=product, freq=freq, start=start, end=end,
        data_from=data_from, data_to=data_to, method=method, calendar=calendar, spec=spec,
        direct="both" if direct is None else direct, revision=revision, reference=reference,
        as_of=as_of,
    )  # fmt: skip
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)
