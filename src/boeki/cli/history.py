"""``boeki simulate history``: forecasts of market shares against what came."""

from __future__ import annotations

from pathlib import Path

import click

from boeki.cli.answers import answered, show
from boeki.cli.scenarios import FILE


@click.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option("--early", type=FILE, metavar="FILE", help="A world before the first, for trends.")
@click.option(
    "--flywheel", "psi", metavar="PSI",
    help="Also with technology that sales pay for, of this scale elasticity at rest: a number, or "
    "a published set that has them.",
)  # fmt: skip
@click.option(
    "--depreciation", type=click.FloatRange(0, 1, min_open=True), default=0.15, metavar="X",
    help="Part of technology renewed in a year (default: 0.15).",
)  # fmt: skip
@click.option(
    "--known", multiple=True,
    type=click.Choice(["demand", "deficits", "tariffs", "trade costs"]),
    help="What else is fed as it turned out, one after the other; repeatable.",
)  # fmt: skip
@click.option(
    "--by", type=click.Choice(["total", "sector", "country"]), default="total",
    help="One row a forecast (default), or by sector or country too.",
)  # fmt: skip
@answered
def history(
    before: Path, after: Path, early: Path | None, psi: str | None, depreciation: float,
    known: tuple[str, ...], by: str, as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """How near forecasts of market shares come, from the world BEFORE to the world AFTER.

    Known is how countries grew; who sells what is for the model to tell, with the flywheel and
    without, against saying that nothing changes, and against trends.

    \b
    Example:
      boeki simulate history 2000.parquet 2011.parquet --early 1995.parquet --flywheel 0.05
    """
    from boeki.cli.progress import CountBar
    from boeki.model.over_time import Flywheel, validate_history
    from boeki.model.over_time.flywheel import psi_of
    from boeki.world import open_world

    first, last = open_world(before), open_world(after)
    wheel = None if psi is None else Flywheel(psi_of(first, psi), depreciation)
    with CountBar("paths", None) as bar:
        found = validate_history(
            first, last, flywheel=wheel, early=None if early is None else open_world(early),
            known=known, progress=bar,
        )  # fmt: skip
    table = {"total": found.table, "sector": found.sectors, "country": found.countries}[by]()
    show(table, as_json=as_json, as_csv=as_csv, plot=plot, most=most)
