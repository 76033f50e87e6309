"""Could country X do it? What ``docs/questions/research-push.md`` shows, from runs.

    python scripts/questions/research_push.py            write tables and pictures, in some minutes
    python scripts/questions/research_push.py --check    compare the files with what is computed

The world aboard; elasticities are drawn with a seed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pages import SCALE, Page

from boeki.model.over_time import Flywheel, PushRanking, push_research
from boeki.model.over_time.flywheel import psi_of
from boeki.world import embedded_world, research_intensity
from boeki.world.world import World

SECTOR, RIVAL = "semiconductor_equipment", "JPN"
DRAWS, SEED = 20, 1
#: Paths long enough for technology to come back to rest.
PERIODS = 60

Row = dict[str, Any]


def cases(world: World) -> dict[str, dict[str, Any]]:
    """What the page sets side by side."""
    known = research_intensity(world)
    wheel = Flywheel(psi=psi_of(world, SCALE, [SECTOR]), intensity=known)
    return {
        "published ψ": {"flywheel": wheel},
        "half of ψ": {
            "flywheel": Flywheel(psi=0.5 * psi_of(world, SCALE, [SECTOR]), intensity=known)
        },
        "a tenth of the push": {"flywheel": wheel, "share_of_gdp": 0.0001},
    }


def runs(world: World, step: Any, draws: int = DRAWS) -> dict[str, PushRanking]:
    """The ranking in all cases; the first with draws of elasticities."""
    made = {}
    for name, options in cases(world).items():
        drawn = {"draws": draws, "seed": SEED} if not made else {}
        made[name] = push_research(
            world, SECTOR, other=RIVAL, periods=PERIODS, progress=step, **drawn, **options
        )
    return made


def tell(made: dict[str, PushRanking], page: Page) -> None:
    """All tables."""
    first = made["published ψ"].table().table.to_pylist()
    rows = [{**row, "note": row["note"] or ""} for row in first]
    page.table(
        "ranking", rows,
        {"country": "country", "share_before": "share before, %|2", "share": "points won|1",
         "share_low": "90 % of draws from|1", "share_high": "to|1",
         "gdp": "real GDP, %|3", "balance": "balance, pp|3",
         "welfare": "permanent consumption, %|4", "dependence": "import dependence, pp|1",
         "cost": "cost, bn USD|1", "cost_per_point": "bn USD a point|1",
         "multiple": "research, times|0", "other_share": "Japan's share, pp|1",
         "other_welfare": "Japan's consumption, %|4", "note": "note"},
        [{**r, "cost": r["cost"] / 1e9,
          "cost_per_point": None if r["cost_per_point"] is None else r["cost_per_point"] / 1e9}
         for r in rows],
    )  # fmt: skip
    sensitivity = [
        {"case": name, **{k: row[k] for k in ("country", "share", "welfare", "multiple")}}
        for name, ranking in made.items()
        for row in ranking.table().table.to_pylist()
    ]
    some = ("JPN", "USA", "NLD", "KOR", "DEU", "CHN")
    page.table(
        "sensitivity", sensitivity,
        {"case": "case", "country": "country", "share": "points won|2",
         "welfare": "permanent consumption, %|4", "multiple": "research, times|1"},
        [r for r in sensitivity if r["country"] in some],
    )  # fmt: skip


def main() -> int:
    """Write the page's tables, or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    page = Page("research-push", parser.parse_args().check)
    world = embedded_world()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("paths", total=len(world.countries) * (DRAWS + 3))
        made = runs(world, lambda done: progress.advance(task, done))
    tell(made, page)
    return page.close()


if __name__ == "__main__":
    raise SystemExit(main())
