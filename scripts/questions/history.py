"""Does it fit history? What ``docs/questions/history.md`` shows, from runs.

    python scripts/questions/history.py            write tables, in some minutes
    python scripts/questions/history.py --check    compare the files with what is computed

WIOD's tables of the 2013 release, from ``../shared/data/mrio/wiod2013``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

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

Row = dict[str, Any]


def world_of(year: int) -> World:
    """WIOD's world of a year, with the same trade elasticities in all."""
    table = read_table(TABLES / f"wiot_{year}.npz")
    return world_from_table(table, trade_elasticity=elasticities(THETA, table.sectors, others=5.0))


def runs(step: Any) -> dict[tuple[int, float], History]:
    """From 1995, and from 2000 with the trend since 1995, for each part of κ."""
    worlds = {year: world_of(year) for year in (1995, 2000, LAST)}
    return {
        (first, part): validate_history(
            worlds[first], worlds[LAST], flywheel=flywheel(worlds[first], part),
            early=worlds[1995] if first == 2000 else None, progress=step,
        )
        for first in (1995, 2000)
        for part in PARTS
    }  # fmt: skip


def scores(made: dict[tuple[int, float], History]) -> list[Row]:
    """All scores, each forecast once."""
    rows: list[Row] = []
    for (first, part), history in made.items():
        for row in history.table().table.to_pylist():
            with_wheel = row["forecast"] == "growth and flywheel"
            if not with_wheel and part != PARTS[0]:
                continue
            name = row["forecast"] + (f", {part:g} of κ" if with_wheel else "")
            rows.append({**row, "from": str(first), "forecast": name})
    rows.sort(key=lambda r: (r["from"], -r["error"]))
    return [{"from": r.pop("from"), **r} for r in rows]


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
    page.table(
        "scores", rows,
        {"from": "from", "forecast": "forecast", "error": "mean absolute error, pp|3",
         "weighted": "weighted by trade, pp|3", "rmse": "root mean square, pp|3",
         "correlation": "rank correlation of changes|2", "direction": "directions right, %|0"},
    )  # fmt: skip
    sectors = made[1995, PARTS[-1]].sectors().table.to_pylist()
    page.table("sectors", sectors)
    return page.close()


if __name__ == "__main__":
    raise SystemExit(main())
