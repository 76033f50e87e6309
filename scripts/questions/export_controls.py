"""Export controls on chip equipment: what ``docs/questions/export-controls.md`` shows, from runs.

    python scripts/questions/export_controls.py            write tables and pictures, in a minute
    python scripts/questions/export_controls.py --check    compare the files with what is computed

The world aboard; nothing is drawn at random.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pages import EXAMPLES, SCALE, Page, percent

from boeki.answer import Column
from boeki.model.over_time import Capital, Flywheel, TransitionPath, flywheel_stability, timed
from boeki.model.over_time import simulate_path as path_of
from boeki.model.over_time.flywheel import psi_of
from boeki.model.scenario import read_scenario
from boeki.world import elasticities, embedded_world
from boeki.world.world import World

SECTOR = "semiconductor_equipment"
FILE = "chip-export-controls"
#: When it starts, and ten years on.
STARTS, TEN_YEARS_ON = 2016, 2026
PERIODS = 80
YEARS = (2015, 2016, 2017, 2019, 2021, 2023, 2026, 2034)
IMPOSING = ("USA", "JPN", "NLD")
#: Elasticity of technology to what is known from trade, where it is on: no published one is agreed.
DIFFUSION = 0.2

Row = dict[str, Any]


def wheel(world: World, psi: float | None = None, **options: Any) -> Flywheel | None:
    """The flywheel in semiconductor equipment alone, by default with machinery's published ψ."""
    if psi == 0:
        return None
    given: str | float = SCALE if psi is None else psi
    return Flywheel(psi=psi_of(world, given, [SECTOR]), **options)


def run(world: World, file: str = FILE, periods: int = PERIODS, **options: Any) -> TransitionPath:
    """A path of a file of the examples."""
    given = timed(read_scenario(EXAMPLES / f"{file}.toml"))
    return path_of(world, given, periods=periods, **options)


def cases(world: World) -> dict[str, tuple[str, dict[str, Any]]]:
    """The cases that the page sets side by side: file, and options."""
    return {
        "no flywheel": (FILE, {}),
        "flywheel": (FILE, {"flywheel": wheel(world)}),
        "flywheel and diffusion": (FILE, {"flywheel": wheel(world, diffusion=DIFFUSION)}),
        "flywheel, announced": (f"{FILE}-announced", {"flywheel": wheel(world)}),
        "flywheel, China answers": (f"{FILE}-retaliation", {"flywheel": wheel(world)}),
    }


def at(path: TransitionPath, year: int) -> int:
    """The period of a year."""
    return year - (path.world.year or 0)


def china(path: TransitionPath, year: int) -> Row:
    """China's equipment in a year."""
    n, s, t = path.world.country("CHN"), path.world.sector(SECTOR), at(path, year)
    now = path.equilibria[t]
    skill = path.technology[t, n, s]
    return {
        "technology": percent(skill),
        "productivity": percent(skill ** (1 / path.world.trade_elasticity[s])),
        "employment": percent(path.employment[t, n, s]),
        "import_dependence": 100 * path.import_dependence[t, n, s],
        "price": percent(now.price[n, s]),
        "home_sales": float(now.trade[n, n, s]),
        "world_share": 100 * path.market_share[t, n, s],
    }


def worth(path: TransitionPath, name: str) -> float:
    """Permanent consumption, in millions of dollars of 2014 a year."""
    world, n = path.world, path.world.country(name)
    return float((path.welfare[n] - 1) * world.income[n] * world.unit / 1e6)


def balance_before(path: TransitionPath) -> float:
    """China's balance in 2014 against the baseline's, in millions of dollars."""
    n = path.world.country("CHN")
    return float(path.balance[0, n] + path.world.deficit[n]) * path.world.unit / 1e6


def side_by_side(made: dict[str, TransitionPath], page: Page) -> None:
    """China by year, in all cases."""
    rows = [
        {"case": name, "year": str(year), **china(path, year)}
        for name, path in made.items()
        for year in range(2014, 2041)
    ]
    shown = [
        r for r in rows
        if r["case"] in ("no flywheel", "flywheel", "flywheel and diffusion")
        and int(r["year"]) in YEARS
    ]  # fmt: skip
    heads = {
        "year": "year", "case": "case", "technology": "technology T̂, %|1",
        "productivity": "productivity Â, %|2", "employment": "employment, %|0",
        "import_dependence": "imports over purchases, %|1", "price": "price in China, %|1",
        "world_share": "share in world exports, %|1",
    }  # fmt: skip
    page.table("china", rows, heads, sorted(shown, key=lambda r: r["year"]))
    drawn = [r for r in rows if r["case"] in list(made)[:3]]
    for name, words in (
        ("import_dependence", "imports over all that is bought"), ("technology", "technology T̂"),
        ("price", "price of equipment, change"),
    ):  # fmt: skip
        page.picture(
            name.replace("_", "-"), f"China, semiconductor equipment: {words}", drawn,
            Column(name, words, "%"), "case",
        )  # fmt: skip
    short = [
        {
            "case": name, **china(path, TEN_YEARS_ON),
            "balance_before": balance_before(path),
            **{who: worth(path, who) for who in ("CHN", *IMPOSING)},
        }
        for name, path in made.items()
    ]  # fmt: skip
    page.table("cases", short, {
        "case": "case", "technology": "technology T̂ of China 2026, %|1",
        "import_dependence": "imports over purchases 2026, %|1", "price": "price 2026, %|1",
        "balance_before": "balance of China 2014, mn USD|0",
        "CHN": "consumption: China, mn USD a year|0", "USA": "United States|0",
        "JPN": "Japan|0", "NLD": "Netherlands|0",
    })  # fmt: skip


def fills_in(made: dict[str, TransitionPath], page: Page) -> None:
    """What China buys, by who sells."""
    path, still = made["flywheel"], made["no flywheel"]
    world, s = path.world, path.world.sector(SECTOR)
    n = world.country("CHN")
    rows = [
        {
            "seller": name, "before": float(world.trade[o, n, s]),
            "first": float(path.equilibria[at(path, STARTS)].trade[o, n, s]),
            "later": float(path.equilibria[at(path, TEN_YEARS_ON)].trade[o, n, s]),
            "later_without": float(still.equilibria[at(path, TEN_YEARS_ON)].trade[o, n, s]),
        }
        for o, name in enumerate(world.countries)
    ]  # fmt: skip
    rows = [r for r in rows if max(r["before"], r["first"]) >= 1]
    rows.sort(key=lambda r: -r["before"])
    page.table("sellers", rows, {
        "seller": "seller", "before": "2014, mn USD|0", "first": "2016|0",
        "later": "2026, flywheel|0", "later_without": "2026, no flywheel|0",
    })  # fmt: skip


def who_loses(made: dict[str, TransitionPath], page: Page) -> None:
    """Exports, jobs, technology and consumption of all."""
    path, still = made["flywheel"], made["no flywheel"]
    world, s = path.world, path.world.sector(SECTOR)

    def exports(one: TransitionPath, year: int, n: int) -> float:
        trade = one.equilibria[at(one, year)].trade[n, :, s]
        before = world.trade[n, :, s]
        return float(trade.sum() - trade[n] - before.sum() + before[n])

    t = at(path, TEN_YEARS_ON)
    rows = [
        {
            "country": name, "exports_first": exports(path, STARTS, n),
            "exports_later": exports(path, TEN_YEARS_ON, n),
            "share": 100 * float(path.market_share[t, n, s] - world.market_share[n, s]),
            "employment": percent(path.employment[t, n, s]) if world.output[n, s] >= 1 else None,
            "technology": percent(path.technology[t, n, s]) if world.output[n, s] >= 1 else None,
            "without": worth(still, name), "with": worth(path, name),
            "answered": worth(made["flywheel, China answers"], name),
        }
        for n, name in enumerate(world.countries)
    ]  # fmt: skip
    rows.sort(key=lambda r: r["with"])
    page.table("countries", rows, {
        "country": "country", "exports_first": "exports 2016, mn USD|0",
        "exports_later": "exports 2026, mn USD|0", "share": "share in world exports 2026, pp|2",
        "employment": "employment 2026, %|1", "technology": "technology T̂ 2026, %|1",
        "without": "consumption, no flywheel, mn USD a year|0", "with": "flywheel|0",
        "answered": "flywheel, China answers|0",
    })  # fmt: skip


def ahead(world: World, times: float, periods: int = PERIODS) -> Flywheel:
    """Diffusion where the three who impose are ahead, in levels of T, of all others.

    Exact changes do not know levels, so that H starts at 1 whoever one buys from. Here what China
    can learn from falls at the ban by H = Σπ′T / Σπ T, π′ the shares right after it: ρ̂ takes
    H^(ε/κ), which is H^ε in T̂.
    """
    s, n = world.sector(SECTOR), world.country("CHN")
    level = np.array([times if c in IMPOSING else 1.0 for c in world.countries])
    after = run(world, periods=4).equilibria[-1].trade_share[:, n, s]
    lost = (after @ level) / (world.trade_share[:, n, s] @ level)
    made = wheel(world, diffusion=DIFFUSION)
    assert made is not None
    research = np.ones((periods, len(world.countries), len(world.sectors)))
    research[STARTS - (world.year or 0) :, n, s] = lost ** (DIFFUSION / made.kappa(world)[s])
    return replace(made, research=research)


def variants(world: World) -> dict[str, tuple[World, dict[str, Any]]]:
    """What is put in another way."""
    s = world.sector(SECTOR)

    def other(name: str) -> World:
        theta = np.array(world.trade_elasticity)
        theta[s] = elasticities(name, world.sectors, others=5.0).trade_elasticity[s]
        return replace(world, trade_elasticity=theta)

    middle = wheel(world)
    assert middle is not None
    kappa = float(middle.kappa(world)[s])
    low, own = other("caliendo_parro_2015"), other(SCALE)
    with_it = {"flywheel": middle}
    return {
        "central": (world, with_it),
        "no flywheel": (world, {}),
        "ψ = 0.06": (world, {"flywheel": wheel(world, 0.06)}),
        "κ of the published set, 0.93": (
            world, {"flywheel": wheel(world, 0.93 / float(world.trade_elasticity[s]))}
        ),
        "technology renewed by 30 % a year": (
            world, {"flywheel": wheel(world, depreciation=0.3)}
        ),
        "θ 1.45 (Caliendo and Parro 2015), κ as central": (
            low, {"flywheel": wheel(low, kappa / float(low.trade_elasticity[s]))}
        ),
        "θ 7.75 (Lashkaripour and Lugovskyy 2023), κ as central": (
            own, {"flywheel": wheel(own, kappa / float(own.trade_elasticity[s]))}
        ),
        "θ and ψ of Lashkaripour and Lugovskyy (2023)": (own, {"flywheel": wheel(own)}),
        "diffusion 0.1": (world, {"flywheel": wheel(world, diffusion=0.1)}),
        "diffusion 0.2": (world, {"flywheel": wheel(world, diffusion=DIFFUSION)}),
        "diffusion 0.2, the three 4 times ahead": (world, {"flywheel": ahead(world, 4.0)}),
        "diffusion 0.2, the three 16 times ahead": (world, {"flywheel": ahead(world, 16.0)}),
        "deficits as income on net assets": (world, {**with_it, "reading": "income"}),
        "β = 0.93": (world, {**with_it, "discount": 0.93}),
        "β = 0.98": (world, {**with_it, "discount": 0.98}),
        "σ = 2": (world, {**with_it, "aversion": 2.0}),
        "deficits held": (world, {**with_it, "balance": "fixed"}),
        "capital that accumulates": (world, {**with_it, "capital": Capital()}),
    }  # fmt: skip


def sensitivity(world: World, page: Page, tick: Callable[[], None]) -> None:
    """The ban under other assumptions."""
    rows = []
    for name, (base, options) in variants(world).items():
        path = run(base, **options)
        turned = options.get("flywheel")
        rows.append({
            "assumption": name,
            "eigenvalue": None if turned is None else flywheel_stability(base, turned).largest,
            **china(path, TEN_YEARS_ON), **{who: worth(path, who) for who in ("CHN", *IMPOSING)},
        })  # fmt: skip
        tick()
    page.table("sensitivity", rows, {
        "assumption": "assumption", "eigenvalue": "largest eigenvalue|3",
        "technology": "technology T̂ of China 2026, %|1", "productivity": "productivity Â, %|1",
        "import_dependence": "imports over purchases, %|1", "price": "price in China, %|1",
        "CHN": "consumption: China, mn USD a year|0", "USA": "United States|0",
        "JPN": "Japan|0", "NLD": "Netherlands|0",
    })  # fmt: skip


def main() -> int:
    """Compute all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    page = Page("export-controls", parser.parse_args().check)
    world = embedded_world()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("paths", total=len(cases(world)) + len(variants(world)))
        made = {}
        for name, (file, options) in cases(world).items():
            made[name] = run(world, file, **options)
            bar.advance(task)
        side_by_side(made, page)
        fills_in(made, page)
        who_loses(made, page)
        sensitivity(world, page, lambda: bar.advance(task))
    return page.close()


if __name__ == "__main__":
    raise SystemExit(main())
