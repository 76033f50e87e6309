"""The world that comes with the package."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from boeki.world import embedded_world, read_kite

ROOT = Path(__file__).resolve().parents[2]
#: Dollars of the embedded table, in millions.
BILLION = 1e3


def test_its_regions_and_sectors() -> None:
    world = embedded_world()
    assert (len(world.countries), len(world.sectors)) == (16, 16)
    assert {"JPN", "CHN", "USA", "KOR", "TWN", "NLD", "XEU", "ROW"} <= set(world.countries)
    assert "semiconductor_equipment" in world.sectors
    assert (world.year, world.currency, world.unit) == (2014, "USD", 1e6)
    assert "KITE" in world.source
    assert "Comtrade" in world.source
    assert any("proxy" in note for note in world.notes)


def test_its_accounts_hold() -> None:
    world = embedded_world()
    gap = world.expenditure - world.input_expenditure - world.final_expenditure
    assert np.abs(gap / world.expenditure.sum(1)[:, None]).max() < 1e-12
    assert world.deficit.sum() == pytest.approx(0, abs=1e-6)
    assert world.imports - world.exports == pytest.approx(world.deficit, abs=1e-6)
    assert world.income == pytest.approx(world.gdp + world.tariff_revenue + world.deficit)
    assert (np.einsum("nns->n", world.trade) > 0).all()


def test_sizes_are_those_of_2014() -> None:
    world = embedded_world()
    gdp = dict(zip(world.countries, world.gdp, strict=True))
    # World Development Indicators, GDP of 2014 in current US dollars: United States 17.6 trn,
    # China 10.5, Japan 4.9, Germany 3.9; value added leaves out taxes on products.
    for area, published in {"USA": 17.6, "CHN": 10.5, "JPN": 4.9, "DEU": 3.9}.items():
        assert gdp[area] / 1e6 == pytest.approx(published, rel=0.12), area
    # WTO, World Trade Report 2015: world exports of goods and services of 2014, 23.9 trn; those
    # within regions that are one here are home sales.
    assert 17 < world.exports.sum() / 1e6 < 24


def test_exports_of_semiconductor_equipment_are_in_the_proportions_of_comtrade() -> None:
    world = embedded_world()
    trade = world.trade[:, :, world.sector("semiconductor_equipment")]
    exports = dict(zip(world.countries, trade.sum(1) - np.diag(trade), strict=True))
    # UN Comtrade, HS 848620, exports of 2016 in bn USD.
    published = {"USA": 8.833, "JPN": 8.087, "NLD": 4.282, "KOR": 0.684, "GBR": 0.293}
    for area, value in published.items():
        assert exports[area] / exports["USA"] == pytest.approx(value / 8.833, rel=1e-3), area
    imports = dict(zip(world.countries, trade.sum(0) - np.diag(trade), strict=True))
    # The same, imports: Korea 5.344, Taiwan 9.567, times SEMI's billings of 2014 over 2016.
    ratio = (9.567 * 9.41 / 12.23) / (5.344 * 6.84 / 7.69)
    assert imports["TWN"] / imports["KOR"] == pytest.approx(ratio, rel=1e-3)
    assert 20 < trade.sum() / BILLION < 37.5


def test_zoomed_out_it_is_the_aggregated_table(shared: Path) -> None:
    """Against the whole table put together in another way, sector by sector."""
    whole = read_kite(shared / "data" / "mrio" / "kite_wiod2014" / "kite_wiod2014.npz")
    world = embedded_world().aggregate(
        sectors={"all_machinery": ["machinery", "semiconductor_equipment"]}
    )
    for area in ("JPN", "USA", "TWN"):
        ours = world.output[world.country(area), world.sector("all_machinery")]
        # Home tariffs of the rest of the world are put at zero: sales settle anew, a little.
        theirs = whole.output[whole.country(area), whole.sector("C19")]
        assert ours == pytest.approx(theirs, rel=0.02), area
    flow = world.trade[world.country("JPN"), world.country("CHN"), world.sector("vehicles")]
    there = whole.trade[whole.country("JPN"), whole.country("CHN"), whole.sector("C20")]
    assert flow == pytest.approx(there, rel=0.02)


def test_it_takes_other_published_elasticities() -> None:
    world = embedded_world().with_elasticities("caliendo_parro_2015", others=5.0)
    theta = dict(zip(world.sectors, world.trade_elasticity, strict=True))
    assert theta["machinery"] == theta["semiconductor_equipment"] == 1.45
    assert theta["services"] == 5


def test_it_loads_in_an_instant() -> None:
    best = np.inf
    for _ in range(5):
        start = time.perf_counter()
        embedded_world.__wrapped__()
        best = min(best, time.perf_counter() - start)
    assert best < 0.05


def test_it_is_what_its_script_makes(shared: Path) -> None:
    script = _script()
    assert script.alike(embedded_world(), script.made())


def _script() -> ModuleType:
    path = ROOT / "scripts" / "embed_world.py"
    spec = importlib.util.spec_from_file_location("embed_world", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
