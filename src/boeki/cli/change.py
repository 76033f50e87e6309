"""``boeki explain AREA PERIOD``: the first page; ``contributions``: its main table alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from boeki.cli.answers import answered, show
from boeki.cli.shared import AREA, DAY, PRODUCT, print_json

_MEASURES = click.Choice(["balance", "trade", "exports", "imports"])


def _figures(command: Any) -> Any:
    """Options that both commands have."""
    for option in (
        click.option("--as-of", type=DAY, help="Only what was published by this day."),
        click.option("--classification", metavar="NAME", help="Where the lake has several."),
        click.option("--office", metavar="NAME", help="Whose statistics, where it has several."),
        click.option("--digits", type=click.IntRange(1), help="Codes of so many digits (HS)."),
        click.option(
            "--level", type=click.IntRange(1, 4),
            help="Level of Japan's principal commodities (default: 2).",
        ),
        click.option(
            "--vs", default="yoy", metavar="BASE",
            help="yoy (default), mom, qoq, or a period to compare with.",
        ),
        click.option(
            "--measure", type=_MEASURES, default="balance", help="What is explained.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("reporter", type=AREA)
@click.argument("period")
@_figures
@click.option(
    "--largest",
    type=click.IntRange(1),
    default=12,
    help="Parts shown of a breakdown (default: 12).",
)
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the page into FILE: one file that opens offline.",
)
@answered
def change(
    reporter: str,
    period: str,
    measure: str,
    vs: str,
    level: int | None,
    digits: int | None,
    office: str | None,
    classification: str | None,
    as_of: dt.date | None,
    largest: int,
    html: Path | None,
    as_json: bool,
    as_csv: bool,
    plot: Path | None,
    most: int,
) -> None:
    """Explain a change: level, releases, commodities, partners, price and volume, season.

    `boeki explain JPN 2024-11` is short for this. What the figures do not allow is named with the
    reason. --csv and --plot are of the table by commodity.

    \b
    Examples:
      boeki explain JPN 2024-11 --vs yoy
      boeki explain JPN 2024-11 --measure exports --level 3 --plot exports.png
      boeki explain JPN 2024-11 --vs 2023-11 --html november.html
    """
    from boeki.cli.progress import Steps
    from boeki.explain.first_page import explain_change

    with Steps("explaining") as bar:
        page = explain_change(
            reporter, period, measure=measure, vs=vs, level=level, digits=digits, largest=largest,
            office=office, classification=classification, as_of=as_of, progress=bar,
        )  # fmt: skip
    if html is not None:
        _write(html, page)
    if plot is not None:
        from boeki.report.plot import save_plot

        save_plot(page.main, plot)
    if as_json:
        print_json(page.to_dict())
    elif as_csv:
        click.echo(page.to_csv(), nl=False)
    else:
        from boeki.report.explained import print_first_page

        print_first_page(page, most=most)
    for written in filter(None, (html, plot)):
        click.echo(f"Written: {written}", err=True)


def _write(path: Path, page: Any) -> None:
    from boeki.errors import InputError
    from boeki.report.explained import render_first_page

    text = render_first_page(page)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from None


@click.command()
@click.argument("reporter", type=AREA)
@click.argument("period")
@_figures
@click.option(
    "--by",
    type=click.Choice(["product", "partner", "product,partner", "partner,product"]),
    default="product",
    help="What the change is parted by (default: product).",
)
@click.option("--net", is_flag=True, help="With --by partner: exports less imports in one line.")
@click.option("--partner", type=AREA, default="WLD", help="With whom (default: the world).")
@click.option("--product", type=PRODUCT, default="TOTAL", help="Of what: a term or a code.")
@click.option("--largest", type=click.IntRange(1), help="So many parts; the others in one line.")
@answered
def contributions(
    reporter: str,
    period: str,
    by: str,
    as_json: bool,
    as_csv: bool,
    plot: Path | None,
    most: int,
    **given: Any,
) -> None:
    """Part the change of trade by commodity and partner, to the last digit.

    Imports count against a balance. What is in no part stands in a line of its own, so that the
    lines add up to the change.

    \b
    Examples:
      boeki explain contributions JPN 2024-11 --largest 10
      boeki explain contributions JPN 2024-11 --measure imports --level 1
      boeki --lake DIR explain contributions JPN 2022 --by product,partner --digits 6 --largest 50
    """
    from boeki.explain.contribution_table import explain_contributions

    found = explain_contributions(reporter, period, by=tuple(by.split(",")), **given)  # type: ignore[arg-type]
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)
