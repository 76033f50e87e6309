"""Research over sales, against what was published."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from boeki.errors import InputError
from boeki.model.over_time import Flywheel, simulate_path, timed
from boeki.world import embedded_world
from boeki.world.research import published_research, research_intensity
from tests.model.worlds import mixed

ROOT = Path(__file__).parents[2]


def test_figures_are_those_published() -> None:
    # National Science Board, Science and Engineering Indicators 2008, table 6-6, per cent.
    found = research_intensity(embedded_world())
    at = {name: n for n, name in enumerate(found.sectors)}
    country = {name: n for n, name in enumerate(found.countries)}
    assert found.values[country["DEU"], at["machinery"]] == pytest.approx(0.019)
    assert found.values[country["USA"], at["machinery"]] == pytest.approx(0.018)
    assert found.values[country["KOR"], at["vehicles"]] == pytest.approx(0.035)
    assert found.values[country["USA"], at["vehicles"]] == pytest.approx(0.045)
    # Divisions 30, 32 and 33: 9.3, 8.0 and 7.3.
    assert found.values[country["JPN"], at["electronics"]] == pytest.approx((9.3 + 8 + 7.3) / 300)
    # Division 24 is pharmaceuticals (10.8) and other chemicals (3.1); 25 is 0.9.
    chemicals = ((10.8 + 3.1) / 2 + 0.9) / 200
    assert found.values[country["DEU"], at["chemicals"]] == pytest.approx(chemicals)


def test_a_product_is_what_firms_say_that_make_it() -> None:
    # ASML 2023: 3,980.6 of 27,558.5 million euro; Tokyo Electron, year to March 2024: 202,873 of
    # 1,830,527 million yen; Applied Materials, year to October 2023: 3,102 of 26,517 million USD;
    # Lam Research, year to June 2023: 1,727.162 of 17,428.516 million USD.
    found = research_intensity(embedded_world())
    s = found.sectors.index("semiconductor_equipment")
    by_country = dict(zip(found.countries, found.values[:, s], strict=True))
    assert by_country["NLD"] == pytest.approx(3980.6 / 27558.5, abs=5e-5)
    assert by_country["JPN"] == pytest.approx(202.8 / 1830.5, abs=5e-5)
    firms = [0.1444, 0.1108, 3102 / 26517, 1727.162 / 17428.516]
    assert by_country["USA"] == pytest.approx((firms[2] + firms[3]) / 2, abs=5e-5)
    assert by_country["KOR"] == pytest.approx(sum(firms) / 4, abs=5e-5)


def test_what_nobody_published_is_not_a_number_and_cannot_be_pushed() -> None:
    world = embedded_world()
    found = research_intensity(world)
    for name in ("agriculture", "mining", "services"):
        assert np.isnan(found.values[:, found.sectors.index(name)]).all()
    wheel = Flywheel(psi=0.05, intensity=found)
    push = {"research": {"countries": "JPN", "sectors": "services", "share_of_gdp": 0.001}}
    with pytest.raises(InputError, match="services in JPN is not known"):
        simulate_path(world, timed(push), periods=5, flywheel=wheel)
    push = {"research": {"countries": "JPN", "sectors": "machinery", "change": 0.1}}
    path = simulate_path(world, timed(push, end=2), periods=15, flywheel=wheel)
    assert path.technology[3, world.country("JPN"), world.sector("machinery")] > 1
    assert np.isfinite(path.welfare).all()


def test_sectors_in_other_codes_can_be_told() -> None:
    found = research_intensity(mixed(), isic3={"S1": "29", "S2": "34-35"})
    assert found.values[0, 1] == pytest.approx(0.019)
    # Division 35: ships 0.9, railways and others 2.4, aircraft 14.2.
    assert found.values[0, 2] == pytest.approx((3.5 + (0.9 + 2.4 + 14.2) / 3) / 200)
    assert np.isnan(found.values[:, [0, 3]]).all()


def test_the_table_says_of_whom_each_figure_is() -> None:
    rows = research_intensity(embedded_world()).table().table.to_pylist()
    chips = [row for row in rows if row["sector"] == "semiconductor_equipment"]
    assert {row["figures"] for row in chips} == {
        "ASML, NLD", "Tokyo Electron, JPN", "Applied Materials, USA; Lam Research, USA",
        "ASML, NLD; Tokyo Electron, JPN; Applied Materials, USA; Lam Research, USA",
    }  # fmt: skip
    assert {r["figures"] for r in rows if r["sector"] == "mining"} == {"nothing published"}


def test_the_table_aboard_is_what_the_script_makes() -> None:
    spec = importlib.util.spec_from_file_location(
        "embed_research", ROOT / "scripts" / "embed_research.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made = [*script.sectors(), *script.firms()]
    assert [float(row["intensity"]) for row in made] == [r.intensity for r in published_research()]
    assert all(row["source"] and row["published"] and row["licence"] for row in made)
