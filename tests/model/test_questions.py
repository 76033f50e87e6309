"""Pages of results: the example files run, and the tables kept are what the code computes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from click.testing import CliRunner

from boeki.cli.main import cli
from boeki.model import simulate
from boeki.world import embedded_world

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "questions"
PATHS = (
    "fuel-dearer", "fuel-demand", "hope-that-fails", "chip-export-controls",
    "chip-export-controls-announced", "chip-export-controls-retaliation",
)  # fmt: skip


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """The scripts that write the pages."""
    sys.path.insert(0, str(ROOT / "scripts" / "questions"))
    try:
        import deficit
        import export_controls
        import pages

        yield {"pages": pages, "deficit": deficit, "controls": export_controls}
    finally:
        sys.path.pop(0)


@pytest.mark.parametrize("name", PATHS)
def test_the_files_run_from_the_command_line(name: str) -> None:
    file = ROOT / "examples" / f"{name}.toml"
    words = ["simulate", "path", str(file), "--country", "JPN", "--periods", "14", "--csv"]
    found = CliRunner().invoke(cli, words)
    assert found.exit_code == 0, found.output
    assert len(found.stdout.strip().splitlines()) == 15


def test_trade_is_balanced_from_the_command_line() -> None:
    found = CliRunner().invoke(cli, ["simulate", str(ROOT / "examples" / "balanced-trade.toml")])
    assert found.exit_code == 0, found.output
    assert "Balanced trade" in found.stdout


@pytest.mark.parametrize(("turn", "part"), [("without", 0.0), ("with", 0.5)])
def test_the_failed_hope_is_what_the_page_says(
    scripts: dict[str, ModuleType], turn: str, part: float
) -> None:
    made, pages = scripts["deficit"], scripts["pages"]
    path = made.run(embedded_world(), made.scenario("hope-that-fails"), part)
    new = made.by_year(path, "JPN", deficit="failed hope", flywheel=turn)
    old = pages.read(DOCS / "deficit" / "paths.csv")
    old = [r for r in old if r["deficit"] == "failed hope" and r["flywheel"] == turn]
    years = {int(r["year"]) for r in old}
    new = [r for r in new if int(r["year"]) in years]
    assert len(old) == len(made.YEARS)
    assert pages.differences(old, new) == []
    # An unlike path is told apart: the comparison can fail.
    assert pages.differences(old, [{**r, "real_wage": r["real_wage"] + 0.01} for r in new])


def test_the_hope_of_the_file_is_the_hope_of_the_ranking(scripts: dict[str, ModuleType]) -> None:
    made, world = scripts["deficit"], embedded_world()
    one = made.run(world, made.hope("JPN"), 0.0, periods=30)
    other = made.run(world, made.scenario("hope-that-fails"), 0.0, periods=30)
    assert one.consumption == pytest.approx(other.consumption, abs=1e-10)
    # Nothing came: what is unlike the baseline after 2024 is the debt, and it is served for ever.
    assert one.consumption[10:] == pytest.approx(np.tile(one.consumption[10], (20, 1)), abs=1e-9)
    assert one.balance_change[10, world.country("JPN")] > 0


def test_rebalancing_with_the_flywheel_ends_where_scale_economies_say(
    scripts: dict[str, ModuleType],
) -> None:
    # The static model with scale economies, solved on its own, is where technology comes to rest.
    made, pages, world = scripts["deficit"], scripts["pages"], embedded_world()
    static, path = made.rebalanced(world, 0.5, periods=250)
    psi = pages.flywheel(world, 0.5).psi
    rest = simulate(
        replace(world, scale_elasticity=psi), {"options": {"deficits": "zero"}}
    )  # fmt: skip
    assert static.real_wage * path.real_wage[-1] == pytest.approx(rest.real_wage, rel=1e-8)
    kept = {r["country"]: r for r in pages.read(DOCS / "deficit" / "rebalancing.csv")}
    for n, name in enumerate(world.countries):
        assert kept[name]["real_wage"] == pytest.approx(100 * (static.real_wage[n] - 1), abs=2e-4)
        assert kept[name]["real_wage_rest"] == pytest.approx(
            100 * (rest.real_wage[n] - 1), abs=5e-3
        )
        # Who had a deficit pays: theory, and Dekle, Eaton and Kortum (2007), whose real wage of the
        # United States falls by less than 1 %.
        if abs(world.deficit[n] / world.gdp[n]) > 0.015:
            assert np.sign(static.real_wage[n] - 1) == -np.sign(world.deficit[n])
    assert -1 < kept["USA"]["real_wage"] < 0


@pytest.mark.parametrize(
    "case", ["no flywheel", "flywheel", "flywheel and diffusion", "flywheel, China answers"]
)
def test_export_controls_are_what_the_page_says(scripts: dict[str, ModuleType], case: str) -> None:
    made, pages, world = scripts["controls"], scripts["pages"], embedded_world()
    file, options = made.cases(world)[case]
    path = made.run(world, file, **options)
    new = [{"case": case, "year": str(y), **made.china(path, y)} for y in range(2014, 2041)]
    old = [r for r in pages.read(DOCS / "export-controls" / "china.csv") if r["case"] == case]
    assert pages.differences(old, new) == []
    # Nothing of the three reaches China, and China makes more from then on.
    s, china = world.sector(made.SECTOR), world.country("CHN")
    banned = [world.country(c) for c in made.IMPOSING]
    assert path.equilibria[2].trade[banned, china, s] == pytest.approx(np.zeros(3))
    assert path.employment[2, china, s] > 2


def test_a_ban_raises_the_price_as_shares_say() -> None:
    # With costs held the price index rises by (1 − share of the three)^(−1/θ): Arkolakis, Costinot
    # and Rodríguez-Clare (2012). Wages answer by less than a per cent.
    world = embedded_world()
    s, china = world.sector("semiconductor_equipment"), world.country("CHN")
    banned = [world.country(c) for c in ("USA", "JPN", "NLD")]
    left = 1 - world.trade_share[banned, china, s].sum()
    ban = {
        "export_control": {
            "from": ["USA", "JPN", "NLD"], "to": "CHN", "sectors": world.sectors[s], "volume": 0,
        }
    }  # fmt: skip
    price = simulate(world, ban).price[china, s]
    assert price == pytest.approx(left ** (-1 / world.trade_elasticity[s]), rel=5e-3)


@pytest.mark.parametrize("page", ["deficit", "export-controls"])
def test_tables_of_a_page_are_filled_and_its_pictures_are_there(page: str) -> None:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    tables = re.findall(r"<!-- table ([\w-]+) -->\n(.*?)<!-- end -->", text, re.DOTALL)
    assert len(tables) >= 4
    for name, body in tables:
        assert body.count("\n|") > 3, name
        assert (DOCS / page / f"{name}.csv").exists()
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+\.svg)\)", text)
    assert pictures
    for picture in pictures:
        assert (DOCS / picture).read_text(encoding="utf-8").rstrip().endswith("</svg>")
