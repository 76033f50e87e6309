"""``boeki explain growth-accounting`` and ``saving-investment``: tables from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .test_levels_command import refused, run

GDP = """period,component,value,volume
2023,gdp,100,100
2024,gdp,103,103
2023,exports,20,20
2024,exports,24,24
2023,imports,20,20
2024,imports,26,26
"""
SECTORS = """period,private_saving,private_investment,public_gap,current_account,gdp
2023,24,20,-6,-1,100
2024,25,20,-7,-1,100
"""


@pytest.fixture
def gdp(tmp_path: Path) -> str:
    path = tmp_path / "gdp.csv"
    path.write_text(GDP, "utf-8")
    return str(path)


@pytest.fixture
def sectors(tmp_path: Path) -> str:
    path = tmp_path / "sectors.csv"
    path.write_text(SECTORS, "utf-8")
    return str(path)


def test_growth_accounting_of_a_file(gdp):
    found = json.loads(run("explain", "growth-accounting", gdp, "--json").output)
    (row,) = found["rows"]
    assert row["net_exports"] == pytest.approx(-2)
    shown = run("explain", "growth-accounting", gdp).output
    assert "net exports" in shown
    shares = ["--import-content", "exports=0.3", "--import-content", "domestic_demand=0.1"]
    net = json.loads(run("explain", "growth-accounting", gdp, *shares, "--json").output)
    assert net["rows"][0]["exports_net"] == pytest.approx(2.8)


def test_saving_and_investment_of_a_file(sectors, tmp_path: Path):
    picture = tmp_path / "gaps.png"
    args = ["explain", "saving-investment", sectors, "--unit", "JPY"]
    found = json.loads(run(*args, "--json", "--plot", str(picture)).output)
    assert [row["discrepancy"] for row in found["rows"]] == [1, 1]
    assert picture.stat().st_size > 10_000
    assert "−1" in run(*args, "--shown", "change").output


@pytest.mark.parametrize(
    ("name", "extra", "said"),
    [
        ("growth-accounting", ["--import-content", "exports"], "COMPONENT=SHARE"),
        ("growth-accounting", ["--import-content", "exports=30"], "import content"),
        ("growth-accounting", ["--formula", "fisher"], "Fisher"),
        ("saving-investment", [], "period 2023 twice"),
    ],
)
def test_bad_questions_are_refused_in_words(capsys, gdp, name, extra, said):
    assert said in refused(capsys, "explain", name, gdp, *extra)
