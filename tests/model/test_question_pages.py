"""What the boom was worth, and who could do it: the tables kept are what the code computes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from boeki.model.over_time import invert_boom, push_research, validate_history
from boeki.world import embedded_world

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "questions"


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """The scripts that write the pages."""
    sys.path.insert(0, str(ROOT / "scripts" / "questions"))
    try:
        import boom
        import history
        import pages
        import research_push

        yield {"pages": pages, "boom": boom, "push": research_push, "history": history}
    finally:
        sys.path.pop(0)


def test_the_boom_is_what_the_page_says(scripts: dict[str, ModuleType]) -> None:
    made, pages = scripts["boom"], scripts["pages"]
    sales, share = made.course(pages.Page("boom", check=True))
    # SEMI: 37.5 billion dollars in 2014 and 117.1 in 2024; exports in yen rose by 27.2 % in 2024.
    assert sales[-1] == pytest.approx(117.1 / 111.33 / (37.5 / 80.68), rel=1e-9)
    assert share[:9] == pytest.approx(np.ones(9))
    found = invert_boom(
        embedded_world(), "JPN", made.SECTOR, sales=sales, share=share, periods=made.PERIODS
    )
    kept = [r for r in pages.read(DOCS / "boom" / "by_year.csv") if r["case"] == "passing"]
    rows = [
        {"case": "passing", "year": r["period"], **{k: v for k, v in r.items() if k != "period"}}
        for r in found.table().table.to_pylist()
    ]
    assert pages.differences(kept, rows[: len(kept)]) == []
    worth = {r["case"]: r["worth"] for r in pages.read(DOCS / "boom" / "cases.csv")}
    assert worth["passing"] == pytest.approx(
        100 * (found.path.welfare[found.path.world.country("JPN")] - 1), abs=1e-4
    )
    # What passes is saved, what lasts is spent; technology that sales pay for makes it worth more.
    assert worth["lasting"] > worth["passing"]
    assert worth["passing, flywheel"] > worth["passing"]


def test_the_ranking_is_what_the_page_says(scripts: dict[str, ModuleType]) -> None:
    made, pages = scripts["push"], scripts["pages"]
    world = embedded_world()
    options = made.cases(world)["published ψ"]
    found = push_research(
        world, made.SECTOR, other=made.RIVAL, periods=made.PERIODS, countries=("KOR", "NLD"),
        **options,
    )  # fmt: skip
    kept = {r["country"]: r for r in pages.read(DOCS / "research-push" / "ranking.csv")}
    for row in found.table().table.to_pylist():
        old = kept[row["country"]]
        for name in ("share", "gdp", "welfare", "dependence", "multiple", "other_share"):
            assert row[name] == pytest.approx(old[name], abs=2e-4), name
        assert old["share_low"] < old["share"] < old["share_high"]


def test_the_scores_of_history_are_what_the_page_says(
    scripts: dict[str, ModuleType], shared: Path
) -> None:
    made, pages = scripts["history"], scripts["pages"]
    assert shared / "data" / "mrio" / "wiod2013" == made.TABLES
    first, last, early = (made.world_of(year) for year in (2000, 2011, 1995))
    found = validate_history(first, last, early=early, flywheel=pages.flywheel(first, 0.5))
    kept = pages.read(DOCS / "history" / "scores.csv")
    kept = {r["forecast"]: r for r in kept if r["from"] == 2000}
    for name, one in found.scores.items():
        old = kept[name + (", 0.5 of κ" if "flywheel" in name else "")]
        assert one.error == pytest.approx(old["error"], abs=2e-4)
        assert one.weighted == pytest.approx(old["weighted"], abs=2e-4)
    # Whatever the scores are, the page says them: the model beats no change, and the trend loses.
    assert found.scores["growth"].error < found.scores["no change"].error
    assert found.scores["trend in points"].error > found.scores["no change"].error
    assert found.scores["trend in logarithms"].error > found.scores["trend in points"].error
