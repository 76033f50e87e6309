"""Does it fit history? What ``docs/questions/history.md`` shows, from runs.

    python scripts/questions/history.py            write tables, in some minutes
    python scripts/questions/history.py --check    compare the files with what is computed

WIOD's tables of the 2013 release, from ``../shared/data/mrio/wiod2013``.
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

from pages import ROOT, Page, flywheel

from boeki.model.over_time import History, validate_history
from boeki.world import elasticities, read_table, world_from_table
from boeki.world.world import World

TABLES = ROOT.parent / "shared" / "data" / "mrio" / "wiod2013"
THETA = "caliendo_parro_2015"
LAST = 2011
#: Part of the published κ: with all of it technology does not come to rest.
PARTS = (0.25, 0.5)
#: What else is fed, as it turned out: what knowing more would have brought.
KNOWN = ("demand", "deficits", "trade costs")
#: The sector with the largest θ, 64.85.
OIL = "c8"
#: Sectors of which China's shares are shown.
SHOWN = ("c4", OIL, "c12", "c13", "c14", "c15")
#: What tables by sector and country tell.
TOLD = ("no change", "growth", "growth and flywheel")

Row = dict[str, Any]


def world_of(year: int) -> World:
    """WIOD's world of a year, with the same trade elasticities in all."""
    table = read_table(TABLES / f"wiot_{year}.npz")
    return world_from_table(table, trade_elasticity=elasticities(THETA, table.sectors, others=5.0))


def runs(step: Any) -> dict[tuple[int, float], History]:
    """From 1995, and from 2000 with the trends since 1995, for each part of κ."""
    worlds = {year: world_of(year) for year in (1995, 2000, LAST)}
    return {
        (first, part): validate_history(
            worlds[first], worlds[LAST], flywheel=flywheel(worlds[first], part),
            early=worlds[1995] if first == 2000 else None, known=KNOWN, progress=step,
        )
        for first in (1995, 2000)
        for part in PARTS
    }  # fmt: skip


def scores(made: dict[tuple[int, float], History]) -> list[Row]:
    """All scores, each forecast once."""
    rows: list[Row] = []
    for (first, part), history in made.items():
        for row in history.table().table.to_pylist():
            with_wheel = "flywheel" in row["forecast"]
            if not with_wheel and part != PARTS[0]:
                continue
            name = row["forecast"] + (f", {part:g} of κ" if with_wheel else "")
            rows.append({**row, "from": str(first), "forecast": name})
    rows.sort(key=lambda r: (r["from"], r["error"]))
    return [{"from": r.pop("from"), **r} for r in rows]


def without(history: History, sector: str) -> list[Row]:
    """Scores without a sector, and how much of all squared changes forecasts tell."""
    after, before = history.after, history.before.market_share
    kept = np.arange(len(after.sectors)) != after.sector(sector)
    kept &= after.exports_by_sector.sum(0) > 0
    came = (after.market_share - before)[:, kept]
    rows: list[Row] = []
    for name in TOLD:
        gap = (history.forecasts[name] - after.market_share)[:, kept]
        rows.append(
            {
                "forecast": name, "error": 100 * float(abs(gap).mean()),
                "rmse": 100 * float((gap**2).mean() ** 0.5),
                "told": 100 * (1 - float((gap**2).sum() / (came**2).sum())),
            }
        )  # fmt: skip
    return rows


def shares(history: History, country: str, sectors: tuple[str, ...]) -> list[Row]:
    """A country's shares: before, as forecast, and as they became."""
    n = history.before.country(country)
    rows: list[Row] = []
    for sector in sectors:
        s = history.before.sector(sector)
        rows.append(
            {
                "sector": sector, "before": 100 * float(history.before.market_share[n, s]),
                **{name: 100 * float(history.forecasts[name][n, s]) for name in TOLD[1:]},
                "after": 100 * float(history.after.market_share[n, s]),
            }
        )  # fmt: skip
    return rows


def side_by_side(rows: list[Row], of: str) -> list[Row]:
    """One row a sector or country, with the errors of the forecasts, most traded first."""
    made: dict[str, Row] = {}
    for row in rows:
        if row["forecast"] in TOLD:
            one = made.setdefault(row[of], {of: row[of], "part": row["part"]})
            one[row["forecast"]] = row["error"]
    return sorted(made.values(), key=lambda row: -row["part"])


def main() -> int:
    """Write the page's tables, or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    page = Page("history", parser.parse_args().check)
    if not TABLES.is_dir():
        print("WIOD's tables (../shared) are not here; nothing was made or compared")
        return 0 if page.check else 1
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("paths", total=None)
        made = runs(lambda done: progress.advance(task, done))
    rows = scores(made)
    known = [row for row in rows if row["forecast"].startswith("growth, ")]
    shown = {
        "from": "from", "forecast": "forecast", "error": "mean absolute error, pp|3",
        "weighted": "weighted by trade, pp|3", "rmse": "root mean square, pp|3",
        "weighted_rmse": "the same, weighted, pp|3",
        "correlation": "rank correlation of changes|2", "direction": "directions right, %|0",
    }  # fmt: skip
    page.table("scores", [row for row in rows if row not in known], shown)
    page.table("known", known, shown, [r for r in known if "0.25" not in r["forecast"]])
    last = made[1995, PARTS[-1]]
    for of, table in (("sector", last.sectors()), ("country", last.countries())):
        told = side_by_side(table.table.to_pylist(), of)
        name = {"sector": "sectors", "country": "countries"}[of]
        shown = {of: of, "part": "part in world trade, %|1", **{f: f"{f}, pp|3" for f in TOLD}}
        page.table(name, told, shown, told[:12])
    page.table(
        "china", shares(last, "CHN", SHOWN),
        {"sector": "sector", "before": f"{last.before.year}, %|1",
         **{f: f"{f}, %|1" for f in TOLD[1:]}, "after": f"{LAST}, %|1"},
    )  # fmt: skip
    page.table(
        "petroleum", without(last, OIL),
        {"forecast": "forecast", "error": "mean absolute error, pp|3",
         "rmse": "root mean square, pp|3", "told": "of squared changes told, %|1"},
    )  # fmt: skip
    chosen = {name: last.scores[name] for name in TOLD}
    page.answer("scores", replace(last, scores=chosen).table())
    return page.close()


if __name__ == "__main__":
    raise SystemExit(main())
