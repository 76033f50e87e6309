"""``boeki world``: the baseline of simulations, looked into, made, put together, zoomed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from boeki.cli.answers import answered
from boeki.cli.answers import show as printed
from boeki.cli.lazy import LazyGroup

if TYPE_CHECKING:
    from boeki.world.world import World

#: What may be done with a world to the module that has it.
COMMANDS: dict[str, tuple[str, str]] = {
    "aggregate": ("boeki.cli.world", "Put countries and sectors together."),
    "check": ("boeki.cli.world", "Whether the accounts of a world add up."),
    "elasticities": ("boeki.cli.world", "Published trade elasticities."),
    "research": ("boeki.cli.world", "Published research over sales."),
    "make": ("boeki.cli.world", "Make a world of an input–output table."),
    "pull": ("boeki.cli.world", "Download input–output tables that are open."),
    "show": ("boeki.cli.world", "A world by country, sector or pair."),
    "zoom": ("boeki.cli.world", "Split a sector by product with trade data."),
}
_PLACE = click.Path(exists=True, path_type=Path)
_file = click.argument("file", type=_PLACE, required=False)
_into = click.option(
    "-o", "--output", "into", type=click.Path(dir_okay=False, path_type=Path), required=True,
    metavar="FILE", help="The world that is made: FILE.parquet.",
)  # fmt: skip


@click.group(cls=LazyGroup, homes=COMMANDS)
def world() -> None:
    """The world economy that simulations start from.

    FILE is a .parquet file that boeki wrote, KITE's initial conditions (.rds, .npz) or a folder of
    Caliendo and Parro's data; left out, the world aboard.

    \b
    Examples:
      boeki world show
      boeki world make wiot_2011.npz --elasticities caliendo_parro_2015 --others 5 -o 2011.parquet
      boeki world aggregate 2011.parquet --country EU=DEU,FRA,ITA -o small.parquet
    """


@click.command()
@_file
@click.option(
    "--by", type=click.Choice(["country", "sector", "pair"]), default="country",
    help="Rows (default: country).",
)  # fmt: skip
@click.option("--country", help="By sector: of this country alone.")
@click.option("--sector", help="By pair: of this sector alone.")
@answered
def show(file: Path | None, by: str, country: str | None, sector: str | None, **shown: Any) -> None:
    """Show a world: size, trade, tariffs, elasticities, and what was done to the data.

    \b
    Examples:
      boeki world show
      boeki world show --by sector --country JPN
      boeki world show --by pair --sector semiconductor_equipment
    """
    from boeki.world import shown as tables

    found = _open(file)
    if by == "country":
        answer = tables.world_countries(found)
    elif by == "sector":
        answer = tables.world_sectors(found, country)
    else:
        answer = tables.world_pairs(found, sector)
    printed(answer, **shown)


@click.command()
@_file
@answered
def check(file: Path | None, **shown: Any) -> None:
    """Whether the accounts of a world add up: each identity, how far it is off, and where most.

    \b
    Example:
      boeki world check 2011.parquet
    """
    from boeki.world.shown import world_accounts

    printed(world_accounts(_open(file)), **shown)


@click.command()
@click.argument("name", required=False, metavar="[SET]")
@click.option("--sectors", metavar="LIST", help="Codes of sectors to map the set to: c1,c2,C28 …")
@click.option("--world", "file", type=_PLACE, metavar="FILE", help="Map it to a world's sectors.")
@click.option("--others", type=float, help="θ of sectors that the set does not cover.")
@answered
def elasticities(
    name: str | None, sectors: str | None, file: Path | None, others: float | None, **shown: Any
) -> None:
    """Published trade elasticities: the sets, one as published, or mapped to sectors.

    \b
    Examples:
      boeki world elasticities
      boeki world elasticities caliendo_parro_2015
      boeki world elasticities lashkaripour_lugovskyy_2023 --sectors C26,C28
    """
    from boeki.world.shown import elasticity_table, mapped_elasticities

    if name is None or (sectors is None and file is None):
        printed(elasticity_table(name), **shown)
        return
    wanted = sectors.split(",") if sectors else _open(file).sectors
    printed(mapped_elasticities(name, [s.strip() for s in wanted], others=others), **shown)


@click.command()
@click.argument("file", type=_PLACE, required=False, metavar="[FILE]")
@answered
def research(file: Path | None, **shown: Any) -> None:
    """Published research over sales, mapped to the sectors of a world (default: aboard).

    \b
    Example:
      boeki world research
    """
    from boeki.world.research import research_intensity

    printed(research_intensity(_open(file)).table(), **shown)


@click.command()
@click.argument("file", type=_PLACE)
@_into
@click.option(
    "--elasticities", "theta", required=True, metavar="SET|NUMBER",
    help="A published set, or one θ for all sectors.",
)  # fmt: skip
@click.option("--others", type=float, help="θ of sectors that the set does not cover.")
@click.option(
    "--tariffs", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="CSV",
    help="Rows of origin, destination, sector and value: 0.05 is 5 %.",
)  # fmt: skip
@click.option("--by-use", is_flag=True, help="Keep origins of inputs and of final use apart.")
@click.option(
    "--layout", metavar="NAME", help="Of the table: oecd, figaro, wiod2016, exiobase, eora26 …"
)
@click.option("--year", type=int, help="Year of the table; of a zip file, which table.")
@click.option(
    "--balance",
    type=click.Choice(["refuse", "output", "residual", "ras", "gras", "least-squares"]),
    help="What to do where rows do not add up to output.",
)
@click.option(
    "--adjustments", type=click.Path(dir_okay=False, path_type=Path), metavar="CSV",
    help="Write every flow that was moved, before and after.",
)  # fmt: skip
def make(
    file: Path, into: Path, theta: str, others: float | None, tariffs: Path | None, by_use: bool,
    layout: str | None, year: int | None, balance: str | None, adjustments: Path | None,
) -> None:  # fmt: skip
    """Make a world of an input–output table FILE; each adjustment is told.

    \b
    Examples:
      boeki world make 2020_SML.csv --elasticities fontagne_2022 --others 5 -o 2020.parquet
      boeki world make wiot_2008.npz --elasticities 5 -o 2008.parquet
    """
    from boeki.world import elasticities as mapped
    from boeki.world import read_table, world_from_table

    given: dict[str, Any] = {k: v for k, v in {"balance": balance}.items() if v is not None}
    table = read_table(file, layout=layout, year=year, **given)
    try:
        value: Any = float(theta)
    except ValueError:
        value = mapped(theta, table.aggregated(parts=True).sectors, others=others)
    made = world_from_table(
        table, trade_elasticity=value, tariff=0.0 if tariffs is None else _frame(tariffs),
        by_use=by_use,
    )  # fmt: skip
    if adjustments is not None:
        from boeki.world import adjustments as moved

        found = moved(table, made)
        # Where nothing was moved there is the head alone.
        _save(found.to_csv() or ",".join(c.name for c in found.columns) + "\n", adjustments)
    _write(made, into)


@click.command()
@click.argument("name", type=click.Choice(["oecd", "wiod2013", "wiod2016", "figaro", "exiobase"]))
@click.option("--year", "years", type=int, multiple=True, help="Repeatable (default: all).")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), default=Path("tables"),
    metavar="FOLDER", help="Where to (default: tables).",
)  # fmt: skip
@click.option("--edition", help="Of the OECD: v2021, v2023 …")
def pull(name: str, years: tuple[int, ...], into: Path, edition: str | None) -> None:
    """Download input–output tables that are open: OECD, FIGARO, WIOD 2013 and 2016, EXIOBASE.

    Needs boeki[pymrio] for those of the OECD, WIOD 2013 and EXIOBASE, which knows where they lie.
    `boeki world make` turns one into a world.

    \b
    Examples:
      boeki world pull oecd --year 2018 --into tables
      boeki world pull exiobase --year 2019
    """
    from boeki.world.fetch import fetch_tables, layout_of_fetched

    files = fetch_tables(name, into, years, edition=edition)
    layout = layout_of_fetched(name)
    for file in files:
        click.echo(f"{file}" + (f"  (--layout {layout})" if layout == "exiobase" else ""))


@click.command()
@_file
@_into
@click.option(
    "--country", "countries", multiple=True, metavar="NAME=A,B", help="Countries put together."
)
@click.option(
    "--sector", "sectors", multiple=True, metavar="NAME=A,B", help="Sectors put together."
)
def aggregate(
    file: Path | None, into: Path, countries: tuple[str, ...], sectors: tuple[str, ...]
) -> None:
    """Put countries and sectors of a world together, with every account kept.

    \b
    Example:
      boeki world aggregate --country EU=DEU,NLD,XEU --sector goods=food,textiles -o small.parquet
    """
    _write(_open(file).aggregate(countries=_groups(countries), sectors=_groups(sectors)), into)


@click.command()
@_file
@_into
@click.option("--sector", required=True, help="The sector that is split.")
@click.option("--product", required=True, help="Name of the product that comes out of it.")
@click.option(
    "--trade", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="CSV",
    help="Rows of origin, destination and value, or as a lake has flows.",
)  # fmt: skip
@click.option(
    "--code", metavar="CLASS:CODE",
    help="Instead: the trade that the lake has in this product, such as HS2017:848620.",
)  # fmt: skip
@click.option("--year", type=int, help="Of the lake's trade (default: the world's).")
@click.option(
    "--member", "members", multiple=True, metavar="NAME=A,B",
    help="ISO codes that a country of the world is made of; others go into ROW.",
)  # fmt: skip
@click.option(
    "--values", type=click.Choice(["money", "share"]), default="money",
    help="Whether values are money (default) or shares of the sector's flows.",
)  # fmt: skip
@click.option("--unit", type=float, default=1.0, help="How much of the currency a 1 is.")
@click.option(
    "--user", "users", multiple=True, metavar="SECTOR=WEIGHT",
    help="How much more intensively a sector, or `final`, uses the product; `*` is the rest.",
)  # fmt: skip
@click.option(
    "--theta", type=float, help="Trade elasticity of the product (default: the sector's)."
)
def zoom(
    file: Path | None, into: Path, sector: str, product: str, trade: Path | None,
    code: str | None, year: int | None, members: tuple[str, ...], values: Any, unit: float,
    users: tuple[str, ...], theta: float | None,
) -> None:  # fmt: skip
    """Zoom into a product: one sector becomes two in every country, with every account kept.

    \b
    Examples:
      boeki world zoom --sector semiconductor_equipment --product lithography \\
        --trade lithography.csv -o fine.parquet
      boeki --lake ~/trade world zoom 2019.parquet --sector C28 --product chip_tools \\
        --code HS2017:8486 -o fine.parquet
    """
    from boeki.world import zoom as split

    found = _open(file)
    made = split(
        found, sector, product, _traded(found, trade, code, year, members), values=values,
        unit=unit, users=_weights(users), trade_elasticity=theta,
    )  # fmt: skip
    _write(made, into)


def _open(path: Path | None) -> World:
    from boeki.world.open_world import open_world

    return open_world(path)


def _write(made: World, into: Path) -> None:
    made.write(into)
    click.echo(f"Written: {into}, {len(made.countries)} countries × {len(made.sectors)} sectors")
    for note in made.notes:
        click.echo(f"  {note}", err=True)


def _save(text: str, path: Path) -> None:
    from boeki.errors import InputError

    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from None


def _traded(
    found: World, trade: Path | None, code: str | None, year: int | None, members: tuple[str, ...]
) -> Any:
    """Trade in a product, of a file or of the lake."""
    if (trade is None) == (code is None):
        raise click.UsageError("give either --trade or --code")
    if trade is not None:
        return _frame(trade)
    from boeki.lake import open_lake
    from boeki.world import product_trade

    when = year or found.year
    if when is None:
        raise click.UsageError("the world has no year: give --year")
    rest = "ROW" if "ROW" in found.countries else None
    return product_trade(open_lake(), str(code), when, found, members=_groups(members), rest=rest)


def _frame(path: Path) -> Any:
    import pandas as pd

    from boeki.errors import InputError

    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from None


def _groups(given: tuple[str, ...]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for text in given:
        name, mark, members = text.partition("=")
        if not mark or not members:
            raise click.UsageError(f"{text!r} is no group: write NAME=A,B")
        out[name.strip()] = [m.strip() for m in members.split(",") if m.strip()]
    return out


def _weights(given: tuple[str, ...]) -> dict[str, float]:
    out = {}
    for text in given:
        name, _, weight = text.rpartition("=")
        try:
            out[name.strip()] = float(weight)
        except ValueError:
            raise click.UsageError(f"{text!r} is no weight: write SECTOR=2") from None
    return out
