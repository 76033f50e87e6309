"""``boeki measure nowcast``: the month that is not out yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from boeki.cli.answers import answered, show
from boeki.cli.shared import AREA, DAY, PRODUCT


@click.command()
@click.argument("measure", type=click.Choice(["exports", "imports", "sales"]), metavar="MEASURE")
@click.argument("reporter", type=AREA)
@click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world).")
@click.option("--product", type=PRODUCT, default="TOTAL", help="Of what: a term or a code.")
@click.option("--period", metavar="MONTH", help="Which month (default: the next one).")
@click.option(
    "--indicator",
    "indicators",
    multiple=True,
    metavar="SERIES",
    help="A series that may help: imports, exports:cars, rate@USA; give it again for more.",
)
@click.option(
    "--tests", type=click.IntRange(8), default=36, help="Past months to try on (default: 36)."
)
@click.option(
    "--lag", type=click.IntRange(1), default=20,
    help="Days after which figures count as known whose first release is not aboard.",
)  # fmt: skip
@click.option("--level", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.8,
              help="The chance wanted of the interval (default: 0.8).")  # fmt: skip
@click.option("--history", is_flag=True, help="Show the trial on past months instead.")
@click.option("--as-of", type=DAY, help="Only what was published by this day.")
@answered
def nowcast(
    measure: str,
    reporter: str,
    indicators: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    plot: Path | None,
    most: int,
    **given: Any,
) -> None:
    """Nowcast the month that is not out yet, by rules, first days and a factor model.

    Each method's error is measured out of sample on past months, against naive rules. Needs
    boeki[nowcast].

    \b
    Examples:
      boeki measure nowcast exports JPN
      boeki measure nowcast imports JPN --indicator exports --indicator rate@USA --history
    """
    from boeki.cli.progress import CheckBar
    from boeki.measure.nowcast import measure_nowcast

    with CheckBar() as bar:
        found = measure_nowcast(
            measure, reporter, indicators=indicators or None,
            progress=lambda done, whole: bar.step("past months", done, whole), **given,
        )  # fmt: skip
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)
