"""What does a deficit cost? Tables and pictures of ``docs/questions/deficit.md``, from real runs.

    python scripts/questions/deficit.py            write them, in some five minutes
    python scripts/questions/deficit.py --check    compare the files with what is computed

The world aboard; nothing is drawn at random. Every number that the page's tables have is computed
here.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pages import EXAMPLES, Page, flywheel, percent, published_kappa

from boeki.answer import Column
from boeki.model import simulate
from boeki.model.over_time import Capital, Flywheel, TransitionPath, flywheel_stability, timed
from boeki.model.over_time import simulate_path as path_of
from boeki.model.scenario import read_scenario
from boeki.world import elasticities, embedded_world
from boeki.world.world import World

#: Deficits, by the file that makes them.
DEFICITS = {
    "dear fuel": "fuel-dearer",
    "more fuel burnt": "fuel-demand",
    "failed hope": "hope-that-fails",
}
#: Part of the published κ: half of it comes to rest, all of it does not.
CENTRAL = 0.5
PERIODS = 100
#: When the deficit ends.
ENDS = 2024
YEARS = (2014, 2018, 2023, 2024, 2028, 2033, 2043, 2063)

Row = dict[str, Any]


def traded(world: World) -> np.ndarray:
    """Sectors that make goods: all but services."""
    return np.array([s != "services" for s in world.sectors])


def weights(world: World, country: int) -> np.ndarray:
    """Labour in the sectors that make goods, as shares of it, ``(sector,)``."""
    labour = world.output[country] * world.value_added_share[country] * traded(world)
    return np.asarray(labour / labour.sum())


def goods_employment(path: TransitionPath, country: int) -> np.ndarray:
    """Employment in making goods over the baseline's, by period."""
    return np.asarray(path.employment[:, country] @ weights(path.world, country))


def goods_productivity(path: TransitionPath, country: int) -> np.ndarray:
    """Â = T̂^(1/θ) of what is traded over the baseline's, a mean by labour, by period."""
    log = np.log(path.technology[:, country]) / path.world.trade_elasticity
    return np.asarray(np.exp(log @ weights(path.world, country)))


def hope(country: str, size: float = 0.1) -> dict[str, Any]:
    """The failed hope of a country, as ``examples/hope-that-fails.toml`` has it for Japan."""
    here = {"countries": country, "sectors": "services", "start": ENDS}
    return {
        "title": f"{country}: a hope that fails",
        "productivity": [
            {**here, "change": size},
            {**here, "change": 1 / (1 + size) - 1, "known": ENDS},
        ],
    }


def year(row: Row) -> str:
    """What rows are put in order by."""
    return str(row["year"])


def by_year(path: TransitionPath, country: str, **head: str) -> list[Row]:
    """What the tables show, one row a year."""
    n, first = path.world.country(country), path.world.year or 0
    jobs, skill = goods_employment(path, n), goods_productivity(path, n)
    return [
        {
            **head, "year": str(first + t), "balance": 100 * path.balance_change[t, n],
            "assets": 100 * path.net_foreign_assets[t, n] / path.gdp[t, n],
            "real_wage": percent(path.real_wage[t, n]),
            "consumption": percent(path.consumption[t, n]),
            "goods_employment": percent(jobs[t]), "goods_productivity": percent(skill[t]),
        }
        for t in range(path.periods)
    ]  # fmt: skip


def in_short(path: TransitionPath, country: str) -> Row:
    """One row for a path: the deficit, its end, and what it is worth in all."""
    n = path.world.country(country)
    end = ENDS - (path.world.year or 0)
    return {
        "deficit": -100 * float(path.balance_change[:end, n].mean()),
        "debt": -100 * float(path.net_foreign_assets[end - 1, n] / path.gdp[end - 1, n]),
        "jobs_before": percent(goods_employment(path, n)[end - 1]),
        "productivity_end": percent(goods_productivity(path, n)[end]),
        "real_wage_end": percent(path.real_wage[end, n]),
        "consumption_end": percent(path.consumption[end, n]),
        "welfare": percent(path.welfare[n]),
    }


def fuel_bill(path: TransitionPath, country: str, period: int) -> float:
    """Net imports of mining and petroleum over GDP, change in points."""
    world, n = path.world, path.world.country(country)
    fuels = [world.sector(s) for s in ("mining", "petroleum")]

    def share(trade: np.ndarray, gdp: float) -> float:
        net = trade[:, n][:, fuels].sum() - trade[n][:, fuels].sum()
        return 100 * float(net / gdp)

    now = share(path.equilibria[period].trade, path.gdp[period, n])
    return now - share(world.trade, world.gdp[n])


def world_productivity(path: TransitionPath, period: int) -> float:
    """Â of what is traded in the whole world, a mean by value added, change in per cent."""
    world = path.world
    added = world.output * world.value_added_share * traded(world)
    log = np.log(path.technology[period]) / world.trade_elasticity
    return percent(np.exp((log * added).sum() / added.sum()))


def scenario(name: str) -> Any:
    """A file of the examples."""
    return read_scenario(EXAMPLES / f"{name}.toml")


def run(world: World, given: Any, part: float, periods: int = PERIODS, **options: Any) -> Any:
    """A path with a part of the published κ."""
    wheel = options.pop("wheel", None) or flywheel(world, part)
    return path_of(world, timed(given), periods=periods, flywheel=wheel, **options)


def deficits(world: World, page: Page, tick: Any) -> None:
    """Japan's three deficits, without and with the flywheel."""
    rows: list[Row] = []
    short: list[Row] = []
    for name, file in DEFICITS.items():
        for turn, part in (("without", 0.0), ("with", CENTRAL)):
            path = run(world, scenario(file), part)
            rows += by_year(path, "JPN", deficit=name, flywheel=turn)
            bill, end = fuel_bill(path, "JPN", 0), ENDS - (world.year or 0)
            short.append(
                {
                    "cause": name, "flywheel": turn, "fuel_bill": bill,
                    **in_short(path, "JPN"), "world": world_productivity(path, end),
                }
            )  # fmt: skip
            tick()
    kept = [r for r in rows if int(r["year"]) in YEARS]
    page.table("paths", kept, {
        "year": "year", "flywheel": "flywheel", "balance": "balance over GDP, change, pp|2",
        "assets": "net assets over GDP, %|1", "real_wage": "real wage, %|2",
        "consumption": "consumption, %|2", "goods_employment": "employment in goods, %|2",
        "goods_productivity": "productivity in goods, %|2",
    }, sorted((r for r in kept if r["deficit"] == "failed hope"), key=year))  # fmt: skip
    page.table("causes", short, {
        "cause": "cause", "flywheel": "flywheel", "fuel_bill": "net fuel imports 2014, pp of GDP|2",
        "deficit": "deficit 2014–23, % of GDP|2",
        "debt": "debt end of 2023, % of GDP|1", "jobs_before": "employment in goods 2023, %|2",
        "productivity_end": "productivity in goods 2024, %|2",
        "real_wage_end": "real wage 2024, %|2", "welfare": "permanent consumption, %|3",
        "world": "productivity in goods 2024, world, %|3",
    })  # fmt: skip
    drawn = [r for r in rows if r["deficit"] == "failed hope" and int(r["year"]) < 2045]
    for r in drawn:
        r["case"] = f"{r['flywheel']} the flywheel"
    page.picture(
        "real-wage", "Japan, a hope that fails: real wage against the baseline", drawn,
        Column("real_wage", "real wage, change", "%"), "case",
    )  # fmt: skip
    page.picture(
        "productivity", "Japan, a hope that fails: productivity in making goods",
        [r for r in drawn if r["flywheel"] == "with"],
        Column("goods_productivity", "productivity in making goods, change", "%"), "case",
    )  # fmt: skip


def rebalanced(world: World, part: float, periods: int = PERIODS) -> tuple[Any, TransitionPath]:
    """Trade is balanced at once and for ever; technology follows.

    The static equilibrium without deficits is where the path starts, as a baseline of its own. Its
    sales are not those that technology of the old baseline was at rest with: ρ̂ holds what they
    changed by, so that T̂ follows (Ŷ/ŵ)^κ of both changes together.

    Returns
    -------
    tuple
        The static equilibrium, and the path against it.
    """
    static = simulate(world, {"options": {"deficits": "zero"}})
    made = static.as_world()
    ratio = np.divide(
        made.output, world.output, out=np.ones_like(world.output), where=world.output > 0
    )
    wheel = flywheel(world, part)
    if wheel is not None:
        wheel = replace(wheel, research=ratio / static.wage[:, None])
    path = path_of(made, [], periods=periods, balance="fixed", flywheel=wheel)
    return static, path


def rebalancing(world: World, page: Page) -> None:
    """Deficits brought to zero: at once, and when technology has followed."""
    static, path = rebalanced(world, CENTRAL)
    rows = [
        {
            "country": name, "deficit": 100 * world.deficit[n] / world.gdp[n],
            "gdp": percent(static.gdp[n] / world.gdp[n]),
            "real_wage": percent(static.real_wage[n]),
            "goods_employment": percent(static.employment[n] @ weights(world, n)),
            "real_income": percent(static.welfare[n]),
            "real_wage_10": percent(static.real_wage[n] * path.real_wage[10, n]),
            "real_wage_rest": percent(static.real_wage[n] * path.real_wage[-1, n]),
            "productivity_rest": percent(goods_productivity(path, n)[-1]),
        }
        for n, name in enumerate(world.countries)
    ]  # fmt: skip
    rows.sort(key=lambda row: -row["deficit"])
    page.table("rebalancing", rows, {
        "country": "country", "deficit": "deficit, % of GDP|1", "gdp": "GDP in the world's, %|1",
        "real_wage": "real wage at once, %|2", "goods_employment": "employment in goods, %|1",
        "real_income": "real income, %|1", "real_wage_10": "real wage after 10 years, %|2",
        "real_wage_rest": "real wage at rest, %|2",
        "productivity_rest": "productivity in goods at rest, %|2",
    })  # fmt: skip


def ranking(world: World, page: Page, tick: Any) -> None:
    """The same hope in every country, one at a time."""
    rows = []
    for name in world.countries:
        made = [in_short(run(world, hope(name), part), name) for part in (0.0, CENTRAL)]
        tick()
        without, with_it = made
        rows.append({
            "country": name, "deficit": with_it["deficit"], "jobs_before": with_it["jobs_before"],
            "productivity_end": with_it["productivity_end"],
            "real_wage_without": without["real_wage_end"],
            "real_wage_with": with_it["real_wage_end"],
            "from_flywheel": with_it["real_wage_end"] - without["real_wage_end"],
            "welfare_without": without["welfare"], "welfare_with": with_it["welfare"],
        })  # fmt: skip
    rows.sort(key=lambda row: row["from_flywheel"])
    page.table("ranking", rows, {
        "country": "country", "deficit": "deficit 2014–23, % of GDP|2",
        "jobs_before": "employment in goods 2023, %|2",
        "productivity_end": "productivity in goods 2024, %|2",
        "real_wage_without": "real wage 2024 without, %|2",
        "real_wage_with": "with the flywheel, %|2", "from_flywheel": "difference, pp|2",
        "welfare_without": "permanent consumption without, %|3", "welfare_with": "with, %|3",
    })  # fmt: skip


def variants(world: World) -> dict[str, tuple[World, dict[str, Any]]]:
    """What is put in another way than in the central case."""

    def other(name: str) -> World:
        found = elasticities(name, world.sectors, others=5.0)
        return replace(world, trade_elasticity=found.trade_elasticity)

    made = other("caliendo_parro_2015")
    own = other("lashkaripour_lugovskyy_2023")
    return {
        "central": (world, {}),
        "no flywheel": (world, {"part": 0.0}),
        "a quarter of the published κ": (world, {"part": 0.25}),
        "0.7 of the published κ": (world, {"part": 0.7}),
        "ψ = 0.05 in every sector, services too": (world, {"wheel": Flywheel(psi=0.05)}),
        "technology renewed by 30 % a year": (
            world, {"wheel": flywheel(world, CENTRAL, depreciation=0.3)}
        ),
        "θ of Caliendo and Parro (2015)": (made, {}),
        "θ of Lashkaripour and Lugovskyy (2023)": (own, {}),
        "deficits as income on net assets": (world, {"reading": "income"}),
        "β = 0.93": (world, {"discount": 0.93}),
        "β = 0.98": (world, {"discount": 0.98}),
        "σ = 2": (world, {"aversion": 2.0}),
        "a spread of 0.01": (world, {"spread": 0.01}),
        "capital that accumulates": (world, {"capital": Capital()}),
    }  # fmt: skip


def sensitivity(world: World, page: Page, tick: Any) -> None:
    """Japan's failed hope under other assumptions."""
    rows = []
    for name, (base, given) in variants(world).items():
        options = {"part": CENTRAL, **given}
        wheel = options.get("wheel") or flywheel(base, options["part"])
        largest = None if wheel is None else flywheel_stability(base, wheel).largest
        made = in_short(run(base, scenario("hope-that-fails"), **options), "JPN")
        rows.append({"assumption": name, "eigenvalue": largest, **made})
        tick()
    page.table("sensitivity", rows, {
        "assumption": "assumption", "eigenvalue": "largest eigenvalue|3",
        "deficit": "deficit 2014–23, % of GDP|2", "jobs_before": "employment in goods 2023, %|2",
        "productivity_end": "productivity in goods 2024, %|2",
        "real_wage_end": "real wage 2024, %|2", "welfare": "permanent consumption, %|3",
    })  # fmt: skip


def stability(world: World, page: Page) -> None:
    """From where on technology does not come to rest."""
    rows = []
    for part in (0.25, 0.5, 0.7, 0.75, 1.0):
        wheel = flywheel(world, part)
        assert wheel is not None
        found = flywheel_stability(world, wheel)
        rows.append({
            "part": f"{part:g}", "kappa": float(part * published_kappa(world).max()),
            "eigenvalue": found.largest,
            "half_life": found.half_life if found.at_rest else None,
        })  # fmt: skip
    page.table("stability", rows, {
        "part": "part of the published κ", "kappa": "largest κ|2",
        "eigenvalue": "largest eigenvalue|3", "half_life": "half-life, years|0",
    })  # fmt: skip


def main() -> int:
    """Compute all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    page = Page("deficit", parser.parse_args().check)
    world = embedded_world()
    total = 2 * len(DEFICITS) + len(world.countries) + len(variants(world)) + 2
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("paths", total=total)

        def tick() -> None:
            bar.advance(task)

        stability(world, page)
        tick()
        deficits(world, page, tick)
        rebalancing(world, page)
        tick()
        ranking(world, page, tick)
        sensitivity(world, page, tick)
    return page.close()


if __name__ == "__main__":
    raise SystemExit(main())
