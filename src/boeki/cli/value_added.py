"""Value added in trade, participation and position in global value chains, export multipliers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from boeki.cli.answers import answered, show
from boeki.cli.shared import AREA

if TYPE_CHECKING:
    from boeki.answer import Answer
    from boeki.world.satellite import Satellite
    from boeki.world.table import InputOutputTable

F = TypeVar("F", bound=Callable[..., Any])
#: A folder is what pymrio reads of EXIOBASE.
_FILE = click.Path(exists=True, path_type=Path)


def _of_tables(command: F) -> F:
    """The options on how a file is read."""
    for option in (
        click.option(
            "--balance",
            type=click.Choice(["refuse", "output", "residual", "ras", "gras", "least-squares"]),
            help="What to do where rows do not add up to output.",
        ),
        click.option(
            "--layout",
            type=click.Choice(
                ["oecd", "figaro", "wiod2016", "labelled", "exiobase", "eora26", "pymrio"]
            ),
            help="Layout of the file, where its labels do not tell.",
        ),
        click.option("--year", type=int, help="Year of the table; of a zip file, which table."),
    ):
        command = option(command)
    return command


def _tables(
    files: tuple[Path, ...],
    question: Callable[[InputOutputTable], Answer],
    year: int | None,
    layout: str | None,
    balance: str | None,
) -> Answer:
    """Ask of one table, or of those of several years."""
    from boeki.explain.value_added import over_years
    from boeki.world import read_table, read_tables

    given: dict[str, Any] = {"layout": layout, "balance": balance}
    given = {k: v for k, v in given.items() if v is not None}
    if len(files) == 1:
        return question(read_table(files[0], year=year, **given))
    if year is not None:
        raise click.UsageError("--year goes with one file: the names of several must say theirs")
    from boeki.cli.progress import CountBar

    with CountBar("years", len(files)) as bar:
        return over_years(read_tables(files, **given), question, progress=bar.at)


@click.command("value-added")
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option(
    "--exporter", "exporters", type=AREA, multiple=True, required=True,
    help="Area or group; several export as one.",
)  # fmt: skip
@click.option(
    "--method",
    type=click.Choice(["borin-mancini", "kww", "wwz", "origin", "vax"]),
    default="borin-mancini",
    help="Decomposition (default: borin-mancini).",
)
@click.option(
    "--by",
    type=click.Choice(
        ["term", "exporter", "sector", "partner", "sector-partner", "area", "area-sector"]
    ),
    help="Rows: terms (default), or flows with the terms side by side.",
)
@click.option("--partner", type=AREA, help="Exports to this area alone.")
@click.option("--sector", help="Exports of this sector alone.")
@click.option(
    "--perspective",
    type=click.Choice(["exporter", "sector", "bilateral", "sector-bilateral", "world"]),
    default="exporter",
    help="Of borin-mancini: which border counts an item once.",
)
@click.option(
    "--approach", type=click.Choice(["source", "sink"]), default="source",
    help="Of borin-mancini: value added when it first, or last, crosses it.",
)  # fmt: skip
@_of_tables
@answered
def value_added(
    files: tuple[Path, ...],
    exporters: tuple[str, ...],
    method: str,
    by: str | None,
    partner: str | None,
    sector: str | None,
    perspective: Any,
    approach: Any,
    year: int | None,
    layout: str | None,
    balance: str | None,
    **shown: Any,
) -> None:
    """Decompose gross exports by value added, at home and abroad, and double counting.

    FILES are inter-country input–output tables that you have: OECD ICIO, FIGARO, WIOD, or any
    table labelled with area and sector. Several files are several years.

    \b
    Examples:
      boeki explain value-added 2020_SML.csv --exporter JPN
      boeki explain value-added 2020_SML.csv --exporter EU27 --method kww
      boeki explain value-added 2020_SML.csv --exporter JPN --by partner --csv
      boeki explain value-added 20*_SML.csv --exporter JPN --by exporter
    """
    from boeki.explain.value_added import explain_value_added

    def question(table: InputOutputTable) -> Answer:
        one = exporters[0] if len(exporters) == 1 else list(exporters)
        return explain_value_added(
            table, one, method=method, by=by or "term", partner=partner, sector=sector,
            perspective=perspective, approach=approach,
        )  # fmt: skip

    show(_tables(files, question, year, layout, balance), **shown)


@click.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option("--area", type=AREA, help="One area alone.")
@click.option(
    "--by", type=click.Choice(["sector", "area"]), default="sector",
    help="Rows: sectors, or averages of areas.",
)  # fmt: skip
@_of_tables
@answered
def upstreamness(
    files: tuple[Path, ...],
    area: str | None,
    by: str,
    year: int | None,
    layout: str | None,
    balance: str | None,
    **shown: Any,
) -> None:
    """Measure how many stages sectors are from final use, and from primary inputs.

    FILES are input–output tables that you have, one a year.

    \b
    Examples:
      boeki measure upstreamness 2020_SML.csv --area JPN
      boeki measure upstreamness 2020_SML.csv --by area
    """
    from boeki.explain.value_added import measure_upstreamness

    answer = _tables(
        files, lambda table: measure_upstreamness(table, area, by=by), year, layout, balance
    )
    show(answer, **shown)


@click.command("gvc-participation")
@click.argument("files", type=_FILE, nargs=-1, required=True)
@click.option("--exporter", "exporters", type=AREA, multiple=True, help="Areas (default: all).")
@_of_tables
@answered
def gvc_participation(
    files: tuple[Path, ...],
    exporters: tuple[str, ...],
    year: int | None,
    layout: str | None,
    balance: str | None,
    **shown: Any,
) -> None:
    """Measure how much of exports is trade in global value chains, backward and forward.

    FILES are inter-country input–output tables that you have, one a year.

    \b
    Examples:
      boeki measure gvc-participation 2020_SML.csv
      boeki measure gvc-participation 20*_SML.csv --exporter JPN --plot gvc.png
    """
    from boeki.explain.value_added import measure_gvc_participation

    answer = _tables(
        files,
        lambda table: measure_gvc_participation(table, exporters or None),
        year, layout, balance,
    )  # fmt: skip
    show(answer, **shown)


_SATELLITE = click.option(
    "--satellite", "satellites", multiple=True, metavar="FILE:COLUMN",
    help="Jobs, income … by area and sector: a CSV file and its column.",
)  # fmt: skip


@click.command()
@click.argument("file", type=_FILE)
@click.option("--country", type=AREA, required=True, help="The exporter.")
@click.option("--sector", "sectors", multiple=True, required=True, help="Whose exports rise.")
@click.option(
    "--exports", "amounts", type=float, multiple=True, required=True, metavar="AMOUNT",
    help="By how much, one amount for each --sector.",
)  # fmt: skip
@click.option("--currency", metavar="CODE", help="Of the amounts (default: the table's).")
@click.option("--feedback", is_flag=True, help="Count what other countries buy in return.")
@_SATELLITE
@_of_tables
@answered
def multipliers(
    file: Path,
    country: str,
    sectors: tuple[str, ...],
    amounts: tuple[float, ...],
    currency: str | None,
    feedback: bool,
    satellites: tuple[str, ...],
    year: int | None,
    layout: str | None,
    balance: str | None,
    **shown: Any,
) -> None:
    """Explain what a rise of exports adds at home: output, value added, imports, jobs.

    FILE is an input–output table that you have.

    \b
    Examples:
      boeki explain multipliers 2020_SML.csv --country JPN --sector 28 --exports 91e9 --currency JPY
      boeki explain multipliers 2020_SML.csv --country JPN --sector 28 --exports 6e8 --satellite jobs.csv:persons
    """  # noqa: E501
    from boeki.explain.value_added import explain_export_multipliers

    if len(sectors) != len(amounts) or len(set(sectors)) < len(sectors):
        raise click.UsageError("give each --sector once, with one --exports")
    exports = dict(zip(sectors, amounts, strict=True))
    answer = _tables(
        (file,),
        lambda table: explain_export_multipliers(
            table, country, exports, _satellites(satellites, table),
            currency=currency, feedback=feedback,
        ),
        year, layout, balance,
    )  # fmt: skip
    show(answer, **shown)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--country", type=AREA, required=True, help="The exporter.")
@click.option(
    "--by", type=click.Choice(["producer", "exporter"]), default="producer",
    help="Rows: industries that produce (default), or that export.",
)  # fmt: skip
@click.option(
    "--basis", type=click.Choice(["exports", "foreign-demand"]), default="exports",
    help="What gross exports need (default), or what final use abroad needs.",
)  # fmt: skip
@_SATELLITE
@_of_tables
@answered
def embodied(
    file: Path,
    country: str,
    by: str,
    basis: str,
    satellites: tuple[str, ...],
    year: int | None,
    layout: str | None,
    balance: str | None,
    **shown: Any,
) -> None:
    """Explain how much value added, jobs or income of each industry goes into exports.

    FILE is an input–output table that you have.

    \b
    Examples:
      boeki explain embodied 2020_SML.csv --country JPN
      boeki explain embodied 2020_SML.csv --country JPN --satellite jobs.csv:persons
    """
    from boeki.explain.value_added import explain_embodied_in_exports

    answer = _tables(
        (file,),
        lambda table: explain_embodied_in_exports(
            table, country, _satellites(satellites, table), by=by, basis=basis
        ),
        year, layout, balance,
    )  # fmt: skip
    show(answer, **shown)


def _satellites(given: tuple[str, ...], table: InputOutputTable) -> list[Satellite]:
    from boeki.world import read_satellite

    out = []
    for text in given:
        path, colon, column = text.rpartition(":")
        if not colon:
            raise click.UsageError(f"{text!r} is no satellite: write FILE:COLUMN")
        out.append(read_satellite(path, table, column))
    return out
