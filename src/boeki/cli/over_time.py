"""``boeki simulate path`` and its kin: what if, over time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from boeki.cli.answers import answered, show
from boeki.cli.scenarios import FILE, opened_world, optional_file, scenario_of, shock

if TYPE_CHECKING:
    from boeki.model.over_time import Flywheel
    from boeki.world.world import World

F = TypeVar("F", bound=Callable[..., Any])


def _wheel(command: F) -> F:
    """The options of the flywheel."""
    for option in (
        click.option(
            "--across", type=click.FloatRange(0, 1), default=0.0, metavar="SHARE",
            help="Part of what spreads that comes with inputs (default: 0).",
        ),
        click.option(
            "--diffusion", type=click.FloatRange(0), default=0.0, metavar="X",
            help="Elasticity of technology to what is known from trade (default: 0).",
        ),
        click.option(
            "--intensity", metavar="X",
            help="Research over sales: a number, or `published` (default where research is "
            "pushed).",
        ),
        click.option(
            "--depreciation", type=click.FloatRange(0, 1, min_open=True), default=0.15,
            metavar="X", help="Part of technology renewed in a period (default: 0.15).",
        ),
        click.option(
            "--learning", "learning", multiple=True, metavar="SECTOR",
            help="The flywheel turns in these sectors alone; repeatable.",
        ),
        click.option(
            "--flywheel", metavar="PSI",
            help="Technology that sales pay for, with this scale elasticity at rest: a number, or "
            "a published set that has them.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def _saving(command: F) -> F:
    """The options of saving and of capital."""
    for option in (
        click.option(
            "--capital", is_flag=False, flag_value="0.33", metavar="[SHARE]",
            help="Capital that accumulates, with this share in value added (0.33).",
        ),
        click.option(
            "--reading", type=click.Choice(["transfers", "income"]), default="transfers",
            help="What deficits of the baseline are: transfers (default), or income on net assets.",
        ),
        click.option(
            "--balance", type=click.Choice(["endogenous", "fixed"]), default="endogenous",
            help="Deficits by saving (default), or held.",
        ),
        click.option(
            "--spread", type=click.FloatRange(0), default=0.0, metavar="X",
            help="What a debt of one year's GDP adds to a country's return (default: 0).",
        ),
        click.option(
            "--aversion", type=float, default=1.0, metavar="SIGMA",
            help="Inverse of the elasticity between periods; 1 is log utility (default).",
        ),
        click.option(
            "--discount", type=float, default=0.96, help="Discount factor (default: 0.96)."
        ),
        click.option(
            "--periods", type=click.IntRange(2), default=40, help="Of the path (default: 40)."
        ),
        click.option(
            "-w", "--world", type=FILE, metavar="FILE", help="The baseline (default: aboard)."
        ),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@optional_file
@shock
@click.option("--from", "start", type=click.IntRange(0), default=0, help="First period (0).")
@click.option("--to", "end", type=click.IntRange(0), help="Last period (default: for ever).")
@click.option(
    "--known", type=click.IntRange(0), default=0, help="Period from which it is known (0)."
)
@click.option(
    "--by", type=click.Choice(["country", "sector", "total"]), default="country",
    help="Rows by country and period, by sector too, or one a country (default: country).",
)  # fmt: skip
@click.option("--country", "countries", multiple=True, help="Only these; repeatable.")
@click.option("--sector", default="", help="By sector: this one.")
@_wheel
@_saving
@answered
def path(
    file: Path | None, shocks: tuple[str, ...], start: int, end: int | None, known: int, by: str,
    countries: tuple[str, ...], sector: str, world: Path | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **options: Any,
) -> None:  # fmt: skip
    """Simulate a scenario over time: passing or lasting, with saving and learning.

    A passing gain is saved and shows in the balance; a lasting one is spent. Shocks may have dates
    of their own, start=, end= and known=, as periods from 0 or as years; known= makes news of them.

    \b
    Examples:
      boeki simulate path -s 'productivity countries=JPN sectors=machinery change=20%' --to 4
      boeki simulate path examples/chip-export-ban.toml --flywheel 0.05 --by total
      boeki simulate path -s 'tariff from=CHN to=USA rate=25% start=3 known=3' --aversion 2
    """
    from boeki.cli.progress import CountBar
    from boeki.model.over_time import simulate_path, timed

    base = opened_world(world)
    one = timed(scenario_of(file, shocks), start=start, end=end, known=known)
    pushed = any(s.kind == "research" for s in one.scenario.statements)
    with CountBar("rounds", None) as bar:
        found = simulate_path(base, one, progress=bar, **_path_options(base, options, pushed))
    if by == "total":
        table = found.summary()
    elif by == "sector":
        table = found.sectors(*countries, sector=sector)
    else:
        table = found.countries(*countries)
    show(table, as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("outcome")
@click.option("--country", required=True, help="Whose outcome.")
@click.option("--sector", default="", help="Of which sector.")
@click.option("--partner", default="", help="With which partner.")
@click.option(
    "--period", type=click.IntRange(0), help="In which it counts (welfare: default all along)."
)
@click.option(
    "--known", type=click.IntRange(0), default=0,
    help="Period of news from which the shocks are foreseen (0).",
)  # fmt: skip
@click.option("--at", "file", type=FILE, metavar="FILE", help="With a scenario, not without.")
@shock
@_wheel
@_saving
@answered
def path_moves(
    outcome: str, country: str, sector: str, partner: str, period: int | None, known: int,
    file: Path | None, shocks: tuple[str, ...], world: Path | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **options: Any,
) -> None:  # fmt: skip
    """Which of all lasting shocks move an outcome of a path most.

    Exact derivatives in every shock of every period, by one adjoint of the whole path; the table
    has those of a shock that lasts. OUTCOME is welfare (without --period permanent consumption),
    real_wage, exports, imports, trade, market_share, balance or output.

    \b
    Examples:
      boeki simulate path-moves welfare --country JPN --rows 20
      boeki simulate path-moves market_share --country JPN --sector semiconductor_equipment \\
        --period 10 --flywheel 0.1 --learning semiconductor_equipment
    """
    from boeki.cli.progress import CountBar
    from boeki.model.over_time import path_gradient, simulate_path, timed

    base = opened_world(world)
    given = scenario_of(file, shocks, needed=False)
    one = [] if given is None else [timed(given)]
    pushed = any(s.kind == "research" for each in one for s in each.scenario.statements)
    with CountBar("rounds", None) as bar:
        found = simulate_path(base, one, progress=bar, **_path_options(base, options, pushed))
    of = {"country": country, "sector": sector, "partner": partner}
    slope = path_gradient(
        found, outcome, period=period, known=known, **{k: v for k, v in of.items() if v}
    )
    show(slope.table(most), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("country")
@click.argument("sector")
@click.option(
    "--instrument", type=click.Choice(["research", "production_subsidy", "export_subsidy"]),
    default="research", help="What is set (default: research).",
)  # fmt: skip
@click.option("--years", type=click.IntRange(1), default=10, help="For so many (default: 10).")
@click.option(
    "--budget", type=float, metavar="SHARE",
    help="Most it may cost at present value, of one year's GDP: 0.005 (default: no limit).",
)  # fmt: skip
@click.option("--highest", type=float, help="Highest rate of a period.")
@click.option("--at", "file", type=FILE, metavar="FILE", help="With a scenario beside it.")
@_wheel
@_saving
@answered
def best_path(
    country: str, sector: str, instrument: Any, years: int, budget: float | None,
    highest: float | None, file: Path | None, world: Path | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **options: Any,
) -> None:  # fmt: skip
    """The path of a policy that serves a country's permanent consumption best.

    By exact derivatives of the path in every period's rate, under a budget if there is one.

    \b
    Example:
      boeki simulate best-path JPN semiconductor_equipment --flywheel 0.1 \\
        --learning semiconductor_equipment --budget 0.002
    """
    from boeki.cli.progress import CountBar
    from boeki.model.over_time import best_path as search
    from boeki.model.over_time import timed

    base = opened_world(world)
    beside = [timed(scenario_of(file, ()))] if file is not None else []
    given = _path_options(base, options, instrument == "research")
    with CountBar("paths", None) as bar:
        found = search(
            base, country, sector, instrument=instrument, years=years, budget=budget,
            highest=highest, scenarios=beside, progress=bar, **given,
        )  # fmt: skip
    show(found.table(), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("sector")
@click.option(
    "--share", type=float, default=0.001, metavar="X",
    help="Research pushed, of each country's GDP (default: 0.001).",
)  # fmt: skip
@click.option("--years", type=click.IntRange(1), default=10, help="For so many (default: 10).")
@click.option("--country", "countries", multiple=True, help="Only these; repeatable.")
@click.option("--against", default="", help="Whose loss is told (default: the largest exporter).")
@click.option("--draws", type=click.IntRange(0), default=0, help="Of trade elasticities (0).")
@click.option("--seed", type=int, default=0, help="Of the draws (default: 0).")
@_wheel
@_saving
@answered
def push(
    sector: str, share: float, years: int, countries: tuple[str, ...], against: str, draws: int,
    seed: int, world: Path | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **options: Any,
) -> None:  # fmt: skip
    """Could country X do it? The same push of research in each country, ranked.

    Each country alone pushes research worth the same share of its GDP; it takes labour. What it
    wins of the world market, what that costs, and who loses.

    \b
    Example:
      boeki simulate push semiconductor_equipment --flywheel 0.1 \\
        --learning semiconductor_equipment --against JPN
    """
    from boeki.cli.progress import CountBar
    from boeki.model.over_time import push_research
    from boeki.world.embedded import embedded_world

    base = opened_world(world) or embedded_world()
    given = _path_options(base, options, True)
    wheel = given.pop("flywheel")
    if wheel is None:
        raise click.UsageError("a push needs technology that answers: add --flywheel 0.1")
    count = len(countries) or len(base.countries)
    with CountBar("paths", count * (1 + draws)) as bar:
        found = push_research(
            base, sector, flywheel=wheel, share_of_gdp=share, years=years, countries=countries,
            other=against, draws=draws, seed=seed, progress=bar, **given,
        )  # fmt: skip
    show(found.table(), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("psi")
@click.option(
    "--learning", multiple=True, metavar="SECTOR",
    help="The flywheel turns in these sectors alone; repeatable.",
)  # fmt: skip
@click.option(
    "--depreciation", type=click.FloatRange(0, 1, min_open=True), default=0.15,
    metavar="X", help="Part of technology renewed in a period (default: 0.15).",
)  # fmt: skip
@click.option(
    "--diffusion", type=click.FloatRange(0), default=0.0, metavar="X",
    help="Elasticity of technology to what is known from trade (default: 0).",
)  # fmt: skip
@click.option("--count", type=click.IntRange(1), default=6, help="Eigenvalues (default: 6).")
@click.option("-w", "--world", type=FILE, metavar="FILE", help="The baseline (default: aboard).")
@answered
def flywheel(
    psi: str, learning: tuple[str, ...], depreciation: float, diffusion: float, count: int,
    world: Path | None, as_json: bool, as_csv: bool, plot: Path | None, most: int,
) -> None:  # fmt: skip
    """Whether technology comes to rest with scale elasticities PSI: the largest eigenvalues.

    PSI is a number, or a published set that has scale elasticities. A modulus above 1 means that a
    lead feeds on itself without end.

    \b
    Examples:
      boeki simulate flywheel 0.05
      boeki simulate flywheel lashkaripour_lugovskyy_2023 --learning semiconductor_equipment
    """
    from boeki.model.over_time import Flywheel, flywheel_stability
    from boeki.model.over_time.flywheel import psi_of
    from boeki.world.embedded import embedded_world

    base = opened_world(world) or embedded_world()
    wheel = Flywheel(psi_of(base, psi, learning), depreciation, diffusion=diffusion)
    found = flywheel_stability(base, wheel, count=count)
    show(found.table(), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


@click.command()
@click.argument("country")
@click.argument("sector")
@click.argument("course", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--after", type=click.Choice(["passing", "lasting"]), default="passing",
    help="Whether it passes with the years observed (default), or stays.",
)  # fmt: skip
@_wheel
@_saving
@answered
def boom(
    country: str, sector: str, course: Path, after: Any, world: Path | None,
    as_json: bool, as_csv: bool, plot: Path | None, most: int, **options: Any,
) -> None:  # fmt: skip
    """What a sector's observed boom was worth to a country.

    COURSE is a CSV file with the columns sales and share, a row a year from the baseline's on: the
    world's spending on the sector over the world's GDP, and the country's share in the world's
    exports of it, each over the baseline's. Demand and technology that give them are inverted.

    \b
    Example:
      boeki simulate boom JPN semiconductor_equipment course.csv --after lasting
    """
    import csv

    from boeki.cli.progress import CountBar
    from boeki.model.over_time import invert_boom

    with course.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"sales", "share"} <= set(rows[0]):
        raise click.UsageError(f"{course} needs the columns sales and share, and a row a year")
    base = opened_world(world)
    with CountBar("paths", None) as bar:
        found = invert_boom(
            base, country, sector, sales=[r["sales"] for r in rows],
            share=[r["share"] for r in rows], after=after, progress=bar,
            **_path_options(base, options, False),
        )  # fmt: skip
    show(found.table(), as_json=as_json, as_csv=as_csv, plot=plot, most=most)


def _path_options(world: World | None, options: dict[str, Any], pushed: bool) -> dict[str, Any]:
    """What :func:`boeki.simulate_path` takes, of the words of the command line."""
    from boeki.model.over_time import Capital

    names = ("periods", "discount", "aversion", "spread", "balance", "reading")
    share = options["capital"]
    try:
        capital = None if share is None else Capital(share=float(share))
    except ValueError:
        raise click.UsageError(f"--capital is a share, such as 0.33, not {share!r}") from None
    return {
        **{name: options[name] for name in names}, "capital": capital,
        "flywheel": _flywheel(world, options, pushed),
    }  # fmt: skip


def _flywheel(world: World | None, options: dict[str, Any], pushed: bool) -> Flywheel | None:
    from boeki.model.over_time import Flywheel
    from boeki.model.over_time.flywheel import psi_of
    from boeki.world.embedded import embedded_world

    if options["flywheel"] is None:
        return None
    base = world or embedded_world()
    intensity: Any = options["intensity"] or ("published" if pushed else None)
    if intensity == "published":
        from boeki.world import research_intensity

        intensity = research_intensity(base)
    elif intensity is not None:
        try:
            intensity = float(intensity)
        except ValueError:
            raise click.UsageError(
                f"--intensity is a number, or `published`, not {intensity!r}"
            ) from None
    return Flywheel(
        psi_of(base, options["flywheel"], options["learning"]), options["depreciation"],
        intensity=intensity, diffusion=options["diffusion"], across=options["across"],
    )  # fmt: skip
