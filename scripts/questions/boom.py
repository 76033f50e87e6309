"""What was the boom worth? What ``docs/questions/boom.md`` shows, from runs.

    python scripts/questions/boom.py            write tables and pictures, in some minutes
    python scripts/questions/boom.py --check    compare the files with what is computed

The world aboard; nothing is drawn at random.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pages import SCALE, Page, percent, read

import boeki
from boeki.answer import Column
from boeki.model.over_time import Boom, Capital, Flywheel, invert_boom
from boeki.model.over_time.flywheel import psi_of
from boeki.world import embedded_world
from boeki.world.world import World

COUNTRY, SECTOR = "JPN", "semiconductor_equipment"
FIRST, LAST, PERIODS = 2014, 2024, 60
YEARS = (2014, 2016, 2018, 2020, 2022, 2024, 2025, 2030, 2040)

Row = dict[str, Any]


def course(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """World sales over world GDP, and Japan's share, by year over the baseline's."""
    kept = read(page.folder / "observed.csv")
    years = np.arange(FIRST, LAST + 1)
    ratio = [row["world_sales"] / row["world_gdp"] for row in kept]
    # Between years with figures the course is even in logarithms.
    sales = np.exp(np.interp(years, [row["year"] for row in kept], np.log(ratio)))
    share = np.ones(years.size)
    exports = yen_to_dollars()
    for year, value in exports.items():
        world_sales = np.interp(year, [r["year"] for r in kept], [r["world_sales"] for r in kept])
        share[year - FIRST] = value / 1e9 / world_sales
    share[years >= 2022] /= share[2022 - FIRST]
    return sales / sales[0], share


def yen_to_dollars() -> dict[int, float]:
    """Japan's exports of the equipment by year, dollars at monthly averages, from the figures."""
    found = boeki.measure_series(
        "exports", COUNTRY, product=SECTOR, start="2022-02", end="2024-12", currency="USD"
    )
    by_year: dict[int, list[float]] = {}
    for row in found.to_pandas().reset_index().to_dict("records"):
        by_year.setdefault(int(str(row["period"])[:4]), []).append(float(row["value"]))
    out = {year: sum(values) for year, values in by_year.items()}
    # January of 2022 is not aboard: the year is taken to be to its other months as 2023 was.
    first = sum(by_year[2023]) / sum(by_year[2023][1:])
    return {**out, 2022: out[2022] * first}


def runs(world: World, page: Page, step: Any) -> dict[str, Boom]:
    """The boom in all cases."""
    sales, share = course(page)
    wheel = Flywheel(psi=psi_of(world, SCALE, [SECTOR]))
    cases: dict[str, dict[str, Any]] = {
        "passing": {},
        "lasting": {"after": "lasting"},
        "passing, flywheel": {"flywheel": wheel},
        "lasting, flywheel": {"after": "lasting", "flywheel": wheel},
        "passing, share as before": {"share": np.ones_like(share)},
        "passing, capital": {"capital": Capital()},
        "passing, deficits as income": {"reading": "income"},
        "passing, β = 0.98": {"discount": 0.98},
    }
    made = {}
    for name, options in cases.items():
        given = {"sales": sales, "share": share, "periods": PERIODS, **options}
        made[name] = invert_boom(world, COUNTRY, SECTOR, **given)
        step()
    return made


def main() -> int:
    """Write the page's tables and pictures, or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    page = Page("boom", parser.parse_args().check)
    world = embedded_world()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("paths", total=8)
        made = runs(world, page, lambda: progress.advance(task))
    tell(world, made, page)
    return page.close()


def tell(world: World, made: dict[str, Boom], page: Page) -> None:
    """All tables and pictures."""
    n = world.country(COUNTRY)
    by_year = [
        {"case": name, "year": str(row["period"]), **{k: v for k, v in row.items()
         if k != "period"}}
        for name, boom in made.items()
        for row in boom.table().table.to_pylist()
        if int(row["period"]) <= 2045
    ]  # fmt: skip
    page.table(
        "by_year", by_year,
        {"year": "year", "demand": "world demand, %|0", "productivity": "productivity, %|1",
         "market_share": "share of exports, %|1", "balance_change": "balance, pp of GDP|3",
         "gdp": "real GDP, %|3", "real_wage": "real wage, %|3", "consumption": "consumption, %|3"},
        [r for r in by_year if r["case"] == "passing" and int(r["year"]) in YEARS],
    )  # fmt: skip
    cases = []
    for name, boom in made.items():
        path = boom.path
        change = path.balance_change[:, n]
        cases.append(
            {
                "case": name,
                "worth": percent(path.welfare[n]),
                "bn_dollars": float((path.welfare[n] - 1) * world.income[n] * world.unit / 1e9),
                "balance_2024": 100 * float(change[LAST - FIRST]),
                "balance_2030": 100 * float(change[2030 - FIRST]),
                "wage_2024": percent(path.real_wage[LAST - FIRST, n]),
                "technology_2024": percent(path.technology[LAST - FIRST, n, world.sector(SECTOR)]),
            }
        )
    page.table(
        "cases", cases,
        {"case": "case", "worth": "permanent consumption, %|4", "bn_dollars": "bn USD a year|2",
         "balance_2024": "balance 2024, pp of GDP|3", "balance_2030": "balance 2030, pp|3",
         "wage_2024": "real wage 2024, %|3", "technology_2024": "technology T̂ 2024, %|1"},
    )  # fmt: skip
    path = made["passing"].path
    others = [
        {
            "country": name, "worth": percent(path.welfare[k]),
            "share_2024": 100 * float(path.market_share[LAST - FIRST, k, world.sector(SECTOR)]),
        }
        for k, name in enumerate(world.countries)
    ]  # fmt: skip
    others.sort(key=lambda row: -abs(row["worth"]))
    page.table(
        "others", others,
        {"country": "country", "worth": "permanent consumption, %|4",
         "share_2024": "share of world exports 2024, %|1"}, others[:8],
    )  # fmt: skip
    drawn = [r for r in by_year if r["case"] in ("passing", "lasting", "passing, flywheel")]
    page.picture(
        "balance", "Japan's balance with the boom, against none", drawn,
        Column("balance_change", "balance, change", "pp of GDP", 3), "case",
    )  # fmt: skip
    page.picture(
        "consumption", "Japan's real consumption with the boom, against none", drawn,
        Column("consumption", "real consumption, change", "%", 3), "case",
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
