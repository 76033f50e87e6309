"""``boeki measure releases``, ``revisions`` and ``revision-interval``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from boeki.cli.answers import answered, show
from boeki.cli.shared import AREA, DAY, PRODUCT
from boeki.terms.measures import MEASURES

F = TypeVar("F", bound=Callable[..., Any])


def _series(command: F) -> F:
    """Which series is followed through its releases."""
    for option in (
        click.option("--as-of", type=DAY, help="Only what was published by this day."),
        click.option("--valuation", metavar="NAME", help="fob, cif …, where there are several."),
        click.option("--office", metavar="NAME", help="Whose statistics, where it has several."),
        click.option("--adjusted", is_flag=True, help="Of seasonally adjusted figures."),
        click.option(
            "--of", type=click.Choice(["level", "growth"]), default="level",
            help="Values, or their growth on the year.",
        ),
        click.option(
            "--freq", type=click.Choice(["M", "Q", "A", "FY"]), default="M",
            help="Monthly, quarterly, yearly, by fiscal year.",
        ),
        click.option("--product", type=PRODUCT, default="TOTAL", help="Of what: a term or a code."),
        click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world)."),
        click.argument("reporter", type=AREA),
        click.argument("measure", type=click.Choice(list(MEASURES)), metavar="MEASURE"),
    ):  # fmt: skip
        command = option(command)
    return command


_BY = click.option(
    "--by",
    type=click.Choice(["status", "release", "vintage"]),
    default="status",
    help="What makes a stage: how final, which release, or what its document is called.",
)


@click.command()
@_series
@click.option("--from", "start", metavar="PERIOD", help="First period.")
@click.option("--to", "end", metavar="PERIOD", help="Last period.")
@answered
def releases(
    measure: str, reporter: str, as_json: bool, as_csv: bool, plot: Path | None, most: int,
    **given: Any,
) -> None:  # fmt: skip
    """List every value with which figures were published, and by how much each was revised.

    \b
    Examples:
      boeki measure releases balance JPN --from 2024-11 --to 2024-11
      boeki measure releases imports JPN --freq A --from 2022
    """
    from boeki.measure.revisions import measure_releases

    found = measure_releases(measure, reporter, **given)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@_series
@_BY
@answered
def revisions(
    measure: str, reporter: str, as_json: bool, as_csv: bool, plot: Path | None, most: int,
    **given: Any,
) -> None:  # fmt: skip
    """Measure revisions: mean, mean absolute, range, bias, news and noise.

    \b
    Examples:
      boeki measure revisions imports JPN --freq A
      boeki measure revisions balance JPN --by release
    """
    from boeki.measure.revisions import measure_revisions

    found = measure_revisions(measure, reporter, **given)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@_series
@_BY
@click.option("--period", metavar="PERIOD", help="Of which figure (default: the newest).")
@click.option(
    "--level", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.8,
    help="The chance wanted that the later figure lies between (default: 0.8).",
)  # fmt: skip
@answered
def revision_interval(
    measure: str, reporter: str, as_json: bool, as_csv: bool, plot: Path | None, most: int,
    **given: Any,
) -> None:  # fmt: skip
    """Tell where past revisions let expect the newest figure to end up.

    With the shares of past revisions that would change its sign, and the sign of its growth.

    \b
    Examples:
      boeki measure revision-interval balance JPN --level 0.9
      boeki measure revision-interval exports JPN --by release
    """
    from boeki.measure.revisions import measure_revision_interval

    found = measure_revision_interval(measure, reporter, **given)
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)
