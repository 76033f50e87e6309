"""``boeki simulate``: what if, in general equilibrium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from boeki.cli.answers import answered, show
from boeki.cli.lazy import LazyGroup
from boeki.cli.scenarios import FILE, opened_world, optional_file, scenario_of, shock

if TYPE_CHECKING:
    pass

F = TypeVar("F", bound=Callable[..., Any])

#: Kinds of simulation to the module that has them.
KINDS: dict[str, tuple[str, str]] = {
    "scenario": ("boeki.cli.simulate", "A scenario: what `simulate FILE` runs."),
    "ensemble": ("boeki.cli.simulate", "A scenario with elasticities drawn many times."),
    "moves": ("boeki.cli.simulate", "Which of all shocks move an outcome most."),
    "policy": ("boeki.cli.simulate", "The best tariff, export tax or subsidy of a country."),
    "path": ("boeki.cli.over_time", "A scenario over time, with saving and the flywheel."),
    "best-path": ("boeki.cli.over_time", "The best path of a subsidy or of research, by budget."),
    "path-moves": ("boeki.cli.over_time", "Which shocks move an outcome of a path most."),
    "push": ("boeki.cli.over_time", "The same push of research in each country, ranked."),
    "boom": ("boeki.cli.over_time", "What a sector's observed boom was worth."),
    "flywheel": ("boeki.cli.over_time", "Whether technology comes to rest: eigenvalues."),
    "causes": ("boeki.cli.simulate", "What caused a change between two years."),
    "history": ("boeki.cli.history", "How near forecasts of market shares come to what came."),
}


class _Kinds(LazyGroup):
    """Kinds of simulation; a file at the head stands for the scenario in it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words of a command; those of a scenario need not say so."""
        first = args[0] if args else ""
        option = first.startswith("-") and first not in ctx.help_option_names
        if option or first.lower().endswith(".toml"):
            args = ["scenario", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Kinds, homes=KINDS)
def simulate() -> None:
    """Simulate what if: the world economy with tariffs, export controls, new productivity …

    In general equilibrium, after Caliendo and Parro (2015): many countries and sectors, linked by
    inputs, in changes from an observed year. Without --world it is the small world aboard.

    \b
    Examples:
      boeki simulate examples/chip-export-ban.toml
      boeki simulate -s 'tariff from=CHN to=USA rate=25%'
      boeki simulate moves welfare --country JPN
    """


def _on_a_world(command: F) -> F:
    """The options of every simulation: the baseline, and how it is read."""
    for option in (
        click.option(
            "--scale/--no-scale",
            "scale",
            default=None,
            help="With the baseline's scale economies, or without (default: with).",
        ),
        click.option("--one-sector", is_flag=True, help="All sectors in one."),
        click.option("--no-inputs", is_flag=True, help="Without input–output links."),
        click.option(
            "--deficits",
            type=click.Choice(["world", "gdp", "zero"]),
            help="Held as shares of the world's GDP (default), or of each one's own; or none.",
        ),
        click.option(
            "-w",
            "--world",
            type=FILE,
            metavar="FILE",
            help="The baseline: a file or folder that `boeki world` opens (default: that aboard).",
        ),
    ):
        command = option(command)
    return command


@click.command()
@optional_file
@shock
@click.option(
    "--by",
    type=click.Choice(["country", "sector", "pair"]),
    default="country",
    help="What the table has a row for (default: country).",
)
@click.option("--country", "countries", multiple=True, help="By sector: of these countries.")
@click.option("--sector", "sectors", multiple=True, help="By pair: of these sectors.")
@click.option(
    "--save", type=click.Path(path_type=Path), metavar="FILE",
    help="Write the equilibrium as a baseline of its own: FILE.parquet.",
)  # fmt: skip
@_on_a_world
@answered
def scenario(
    file: Path | None, shocks: tuple[str, ...], by: str, countries: tuple[str, ...],
    sectors: tuple[str, ...], save: Path | None, world: Path | None, deficits: str | None,
    no_inputs: bool, one_sector: bool, scale: bool | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """Simulate a scenario from FILE (TOML), from --shock, or both.

    \b
    Kinds of shocks, and their words:
      tariff                            from to sectors rate|add
      trade_cost                        from to sectors change
      export_control                    from to sectors volume (0 forbids)
      export_tax, export_subsidy        from to sectors rate
      productivity, preference          countries sectors change
      production_tax, _subsidy          countries sectors rate
      labour                            countries change
      transfer                          from to amount|share_of_gdp
      deficit                           countries amount|share_of_gdp

    \b
    Examples:
      boeki simulate examples/chip-export-ban.toml --by sector --country JPN
      boeki simulate -s 'tariff from=CHN to=USA rate=25%' --plot welfare.png
      boeki simulate -s 'productivity countries=JPN change=5%' --by pair
    """
    from boeki.model import simulate as run

    found = run(
        opened_world(world), scenario_of(file, shocks),
        **_options(deficits, no_inputs, one_sector, scale),
    )  # fmt: skip
    if save is not None:
        found.as_world().write(save)
        click.echo(f"Written: {save}", err=True)
    if by == "country":
        table = found.countries()
    else:
        table = found.sectors(*countries) if by == "sector" else found.pairs(*sectors)
    show(table, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@optional_file
@shock
@click.option("--draws", type=click.IntRange(2), default=200, help="How many (default: 200).")
@click.option("--seed", type=int, default=0, help="Of the draws (default: 0).")
@click.option(
    "--elasticity-error", type=click.FloatRange(0), metavar="X",
    help="Standard error of every trade elasticity (default: as published, or a quarter).",
)  # fmt: skip
@click.option(
    "--elasticities", "elasticity_set", metavar="SET",
    help="Draw with the elasticities and standard errors of a published set: `boeki world"
    " elasticities` lists them.",
)  # fmt: skip
@click.option(
    "--trade-error", type=click.FloatRange(0, 1, max_open=True), default=0.0, metavar="X",
    help="Standard error of the logarithm of every flow (default: 0).",
)  # fmt: skip
@click.option(
    "--level", type=click.FloatRange(0, 1, min_open=True, max_open=True), default=0.9,
    help="Share of draws that an interval holds (default: 0.9).",
)  # fmt: skip
@click.option("--cluster", metavar="dask[://HOST:PORT]", help="Run on Dask (needs boeki[dask]).")
@click.option(
    "--backend", type=click.Choice(["numpy", "numba", "jax"]),
    help="What solves (default: numba for a large world where boeki[fast] is, else numpy).",
)  # fmt: skip
@_on_a_world
@answered
def ensemble(
    file: Path | None, shocks: tuple[str, ...], draws: int, seed: int,
    elasticity_error: float | None, elasticity_set: str | None, trade_error: float,
    level: float, cluster: str | None, backend: Any, world: Path | None, deficits: str | None,
    no_inputs: bool, one_sector: bool, scale: bool | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """Simulate a scenario many times, with trade elasticities (and trade) drawn anew.

    \b
    Examples:
      boeki simulate ensemble examples/chip-export-ban.toml --draws 500
      boeki simulate ensemble -s 'tariff from=CHN to=USA rate=25%' --seed 7 --csv
      boeki simulate ensemble examples/chip-export-ban.toml --elasticities caliendo_parro_2015
    """
    if elasticity_error is not None and elasticity_set is not None:
        raise click.UsageError("give --elasticity-error or --elasticities, not both")
    from boeki.cli.progress import CountBar
    from boeki.model.uncertainty import simulate_ensemble

    first = opened_world(world)
    errors: Any = elasticity_error
    if elasticity_set is not None:
        from boeki.model.elasticity_errors import set_for
        from boeki.world import open_world

        first = first or open_world()
        errors = set_for(first, elasticity_set)
    with CountBar("draws", draws) as bar:
        found = simulate_ensemble(
            first, scenario_of(file, shocks), draws=draws, seed=seed,
            elasticity_error=errors, trade_error=trade_error, engine=cluster,
            backend=backend,
            progress=bar, **_options(deficits, no_inputs, one_sector, scale),
        )  # fmt: skip
    show(found.countries(level), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("outcome")
@click.option("--country", required=True, help="Whose outcome.")
@click.option("--sector", default="", help="Of which sector.")
@click.option("--partner", default="", help="With which partner.")
@click.option("--at", "file", type=FILE, metavar="FILE", help="After a scenario, not before.")
@shock
@_on_a_world
@answered
def moves(
    outcome: str, country: str, sector: str, partner: str, file: Path | None,
    shocks: tuple[str, ...], world: Path | None, deficits: str | None, no_inputs: bool,
    one_sector: bool, scale: bool | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """Which of all tariffs, trade costs, productivities … move an outcome most.

    Exact derivatives, all from one adjoint solution. OUTCOME is welfare, real_wage, exports,
    imports, trade, market_share, balance or output.

    \b
    Examples:
      boeki simulate moves welfare --country JPN
      boeki simulate moves exports --country JPN --rows 20
    """
    from boeki.model import gradient
    from boeki.model import simulate as run

    asked = scenario_of(file, shocks, needed=False)
    found = run(
        opened_world(world), asked, title="" if asked else "Baseline",
        **_options(deficits, no_inputs, one_sector, scale),
    )  # fmt: skip
    of = {"country": country, "sector": sector, "partner": partner}
    slope = gradient(found, outcome, **{k: v for k, v in of.items() if v})
    show(slope.table(max(most, 50)), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("countries", nargs=-1, required=True)
@click.option(
    "--instrument",
    type=click.Choice(["tariff", "export_tax", "production_subsidy"]),
    default="tariff",
    help="What they set (default: tariff).",
)
@click.option("--sector", "sectors", multiple=True, help="That they set it in (default: all).")
@click.option("--uniform", is_flag=True, help="One rate for all sectors.")
@click.option("--lowest", type=float, help="Lowest rate, such as 0.")
@click.option("--highest", type=float, help="Highest rate, such as 0.5.")
@click.option("--at", "file", type=FILE, metavar="FILE", help="With a scenario beside it.")
@_on_a_world
@answered
def policy(
    countries: tuple[str, ...], instrument: Any, sectors: tuple[str, ...], uniform: bool,
    lowest: float | None, highest: float | None, file: Path | None, world: Path | None,
    deficits: str | None, no_inputs: bool, one_sector: bool, scale: bool | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """The policy that serves the real income of COUNTRIES best.

    One country has the others' policies held; of several, each has the best answer to the others'
    (Nash).

    \b
    Examples:
      boeki simulate policy JPN --uniform
      boeki simulate policy USA CHN --uniform --highest 1
    """
    from boeki.cli.progress import CountBar
    from boeki.model.policy import nash
    from boeki.model.policy import policy_bounds as bounds_of

    with CountBar("rounds", None) as bar:
        found = nash(
            opened_world(world), countries, instrument=instrument, sectors=sectors or None,
            uniform=uniform, bounds=bounds_of(instrument, lowest, highest),
            scenario=scenario_of(file, (), needed=False), progress=bar,
            **_options(deficits, no_inputs, one_sector, scale),
        )  # fmt: skip
    show(found.table(), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option("--outcome", default="welfare", help="As `moves` has it (default: welfare).")
@click.option("--country", required=True, help="Whose outcome.")
@click.option("--sector", default="", help="Of which sector.")
@click.option("--partner", default="", help="With which partner.")
@answered
def causes(
    before: Path, after: Path, outcome: str, country: str, sector: str, partner: str,
    as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """What caused a change between the worlds of two years, BEFORE and AFTER.

    The shocks that turn the one into the other exactly, switched on one at a time in every order.

    \b
    Example:
      boeki simulate causes 1995.parquet 2011.parquet --outcome exports --country JPN
    """
    from boeki.cli.progress import CountBar
    from boeki.model.causes import explain_causes
    from boeki.model.inversion import CAUSES, with_traces
    from boeki.world import open_world

    first, last = open_world(before), open_world(after)
    of = {"country": country, "sector": sector, "partner": partner}
    with CountBar("equilibria", 2 ** len(CAUSES)) as bar:
        found = explain_causes(
            with_traces(first, last), with_traces(last, first), outcome, progress=bar,
            **{k: v for k, v in of.items() if v},
        )  # fmt: skip
    show(found, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


def _options(
    deficits: str | None, no_inputs: bool, one_sector: bool, scale: bool | None
) -> dict[str, Any]:
    return {
        "deficits": deficits, "inputs": False if no_inputs else None,
        "one_sector": one_sector or None, "scale_economies": scale,
    }  # fmt: skip
