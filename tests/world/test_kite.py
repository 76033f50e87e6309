"""KITE's initial conditions, as arrays and as a list of long tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from boeki.errors import InputError
from boeki.world import World, read_kite

ARRAYS = {
    "trade_share": "pi", "tariff": "tariff_gross", "expenditure": "expenditure",
    "factor_share": "factor_share", "consumption_share": "consumption_share",
    "trade_balance": "trade_balance", "trade_elasticity": "inv_theta",
}  # fmt: skip


@pytest.fixture(scope="module")
def file(shared: Path) -> Path:
    return shared / "data" / "mrio" / "kite_wiod2014" / "kite_wiod2014.npz"


@pytest.fixture(scope="module")
def world(file: Path) -> World:
    return read_kite(file)


def test_shares_and_balances_are_the_files(world: World, file: Path) -> None:
    data = np.load(file)
    assert (world.year, world.unit, len(world.countries), len(world.sectors)) == (2014, 1e6, 44, 50)
    bought = data["expenditure"] > 0
    there = np.broadcast_to(bought, data["pi"].shape)
    assert world.trade_share[there] == pytest.approx(data["pi"][there], abs=1e-12)
    assert world.exports - world.imports == pytest.approx(data["trade_balance"], abs=1e-3)
    assert 1 / world.trade_elasticity == pytest.approx(data["inv_theta"])
    usa, chn = world.country("USA"), world.country("CHN")
    assert world.tariff[chn, usa] == pytest.approx(data["tariff_gross"][chn, usa] - 1)
    # Coefficients: share of materials times what value added leaves.
    jpn, using, bought_in = world.country("JPN"), 18, 14
    share = data["intermediate_share"][bought_in, using, jpn]
    assert world.input_share[jpn, using, bought_in] == pytest.approx(
        share * (1 - data["factor_share"][jpn, using])
    )


def test_accounts_hold_and_the_notes_say_what_moved(world: World, file: Path) -> None:
    gap = world.expenditure - world.input_expenditure - world.final_expenditure
    assert np.abs(gap / world.expenditure.sum(1)[:, None]).max() < 1e-12
    assert "expenditure settled" in world.notes[0]
    # Japan 2014, in the national accounts of WIOD: value added 4.47 trn, exports 813 bn USD.
    jpn = world.country("JPN")
    assert world.gdp[jpn] == pytest.approx(4.47e6, rel=0.01)
    assert world.exports[jpn] == pytest.approx(813e3, rel=0.01)


def as_r_writes(table: pd.DataFrame) -> pd.DataFrame:
    """Texts as plain objects, which is what the writer of rdata knows."""
    return table.astype({name: object for name in table.columns if name != "value"})


def long_tables() -> dict[str, pd.DataFrame]:
    """Two countries, one sector: each spends 10, of which 8 at home; no tariff, no inputs."""
    pairs = [(o, d) for o in ("AAA", "BBB") for d in ("AAA", "BBB")]
    tables = {
        "trade_share": pd.DataFrame(
            [(o, d, "C01", 0.8 if o == d else 0.2) for o, d in pairs],
            columns=["origin", "destination", "sector", "value"],
        ),
        "tariff": pd.DataFrame(
            [(o, d, "C01", 1.0) for o, d in pairs],
            columns=["origin", "destination", "sector", "value"],
        ),
        "expenditure": _by("country", 10.0),
        "factor_share": _by("country", 1.0),
        "consumption_share": _by("country", 1.0),
        "intermediate_share": pd.DataFrame(
            [("C01", "C01", c, 0.0) for c in ("BBB", "AAA")],
            columns=["input", "output", "country", "value"],
        ),
        "value_added": pd.DataFrame({"country": ["AAA", "BBB"], "value": [10.0, 10.0]}),
        "trade_balance": pd.DataFrame({"country": ["BBB", "AAA"], "value": [0.0, 0.0]}),
        "trade_elasticity": pd.DataFrame({"sector": ["C01"], "value": [0.2]}),
    }
    return {name: as_r_writes(table) for name, table in tables.items()}


def _by(axis: str, value: float) -> pd.DataFrame:
    return pd.DataFrame({"sector": ["C01", "C01"], axis: ["BBB", "AAA"], "value": [value, value]})


def test_a_list_of_long_tables_is_read(tmp_path: Path) -> None:
    rdata = pytest.importorskip("rdata")
    rdata.write_rds(tmp_path / "initial_2014.rds", long_tables())
    world = read_kite(tmp_path / "initial_2014.rds")
    assert (world.countries, world.sectors, world.year) == (("AAA", "BBB"), ("C01",), 2014)
    assert world.trade[:, :, 0].tolist() == [[8, 2], [2, 8]]
    assert world.trade_elasticity.tolist() == [5]


def test_bad_lists_are_refused_in_a_sentence(tmp_path: Path) -> None:
    rdata = pytest.importorskip("rdata")
    tables = long_tables()
    del tables["tariff"]
    rdata.write_rds(tmp_path / "a.rds", tables)
    with pytest.raises(InputError, match="lacks the tables tariff"):
        read_kite(tmp_path / "a.rds")
    tables = long_tables()
    tables["trade_elasticity"].columns = ["industry", "value"]
    rdata.write_rds(tmp_path / "b.rds", tables)
    with pytest.raises(InputError, match="trade_elasticity lacks the columns sector"):
        read_kite(tmp_path / "b.rds")
    tables = long_tables()
    tables["tariff"] = tables["tariff"].iloc[:3]
    rdata.write_rds(tmp_path / "c.rds", tables)
    with pytest.raises(InputError, match=r"tariff has a gap .* in BBB → BBB, C01"):
        read_kite(tmp_path / "c.rds")
    (tmp_path / "d.rds").write_bytes(b"nothing of R")
    with pytest.raises(InputError, match="as a file of R"):
        read_kite(tmp_path / "d.rds")


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"neither \.npz nor \.rds"):
        read_kite(tmp_path / "world.csv")
    np.savez(tmp_path / "x.npz", **{name: np.ones(1) for name in ARRAYS.values()})
    with pytest.raises(InputError, match="lacks the arrays countries, sectors"):
        read_kite(tmp_path / "x.npz")
