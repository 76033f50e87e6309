"""``boeki world``: looked into, made, put together, zoomed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from boeki.cli import main
from boeki.cli.main import cli
from boeki.world import read_world

TABLE = """row,AAA_C28,AAA_F,BBB_C28,BBB_F,AAA_use,BBB_use
AAA_C28,10,4,3,1,70,12
AAA_F,6,8,1,2,90,8
BBB_C28,2,1,12,5,9,71
BBB_F,1,3,4,9,6,97
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(cli, ["world", *map(str, words)])


def made(folder: Path, *more: object) -> Path:
    (folder / "t_2019.csv").write_text(TABLE, encoding="utf-8")
    done = run("make", folder / "t_2019.csv", "-o", folder / "w.parquet", *more)
    assert done.exit_code == 0, done.output
    return folder / "w.parquet"


def test_the_world_aboard_is_shown() -> None:
    shown = run("show")
    assert shown.exit_code == 0, shown.output
    assert "World economy of 2014, 16 countries × 16 sectors" in shown.output
    rows = json.loads(run("show", "--by", "sector", "--country", "JPN", "--json").output)["rows"]
    assert len(rows) == 16
    pairs = run("show", "--by", "pair", "--sector", "semiconductor_equipment", "--csv").output
    assert pairs.startswith("origin,destination,value,share,tariff")
    check = json.loads(run("check", "--json").output)["rows"]
    assert all(row["holds"] for row in check)


def test_a_table_becomes_a_world(tmp_path: Path) -> None:
    (tmp_path / "tariffs.csv").write_text(
        "origin,destination,sector,value\nAAA,BBB,C28,0.1\n", encoding="utf-8"
    )
    path = made(
        tmp_path, "--elasticities", "caliendo_parro_2015", "--others", 5,
        "--tariffs", tmp_path / "tariffs.csv",
    )  # fmt: skip
    world = read_world(path)
    assert world.trade_elasticity.tolist() == [1.45, 5]
    assert world.tariff_revenue == pytest.approx([0, 1.6])
    assert world.year == 2019
    moved = tmp_path / "moved.csv"
    plain = read_world(made(tmp_path, "--elasticities", "4", "--by-use", "--adjustments", moved))
    assert moved.read_text(encoding="utf-8").startswith("origin,destination,sector,before,after")
    assert plain.by_use
    assert plain.trade_elasticity.tolist() == [4, 4]


def test_worlds_are_put_together_and_zoomed(tmp_path: Path) -> None:
    path = made(tmp_path, "--elasticities", "4")
    out = tmp_path / "small.parquet"
    assert run("aggregate", path, "-o", out, "--sector", "all=C28,F").exit_code == 0
    assert read_world(out).sectors == ("all",)
    (tmp_path / "chips.csv").write_text(
        "origin,destination,value\nAAA,BBB,4\nBBB,AAA,2\n", encoding="utf-8"
    )
    done = run(
        "zoom", path, "-o", out, "--sector", "C28", "--product", "chips",
        "--trade", tmp_path / "chips.csv", "--user", "final=1", "--user", "*=0", "--theta", 3,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    fine = read_world(out)
    assert fine.sectors == ("C28", "chips", "F")
    assert fine.trade[0, 1, 1] == pytest.approx(4)
    assert fine.trade_elasticity.tolist() == [4, 3, 4]
    again = fine.aggregate(sectors={"C28": ["C28", "chips"]})
    assert np.abs(again.trade - read_world(path).trade).max() < 1e-9


def test_elasticities_are_listed_and_mapped(tmp_path: Path) -> None:
    assert "fontagne_2022" in run("elasticities").output
    assert "64.85" in run("elasticities", "caliendo_parro_2015", "--csv").output
    path = made(tmp_path, "--elasticities", "4")
    rows = json.loads(
        run(
            "elasticities", "lashkaripour_2021", "--world", path, "--json",
        ).output
    )["rows"]  # fmt: skip
    assert [r["trade_elasticity"] for r in rows] == [3.63, 5]


def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path, capsys) -> None:
    path = made(tmp_path, "--elasticities", "4")
    for words, said in (
        (["show", tmp_path / "t_2019.csv"], "is no world"),
        (["show", path, "--by", "pair", "--sector", "C99"], "unknown sector of this world"),
        (["make", tmp_path / "t_2019.csv", "-o", path, "--elasticities", "x"], "unknown set"),
        (
            ["make", tmp_path / "t_2019.csv", "-o", path, "--elasticities", "shapiro_2016"],
            "has no elasticity for F",
        ),
        (["aggregate", path, "-o", path, "--country", "EU"], "write NAME=A,B"),
        (["zoom", path, "-o", path, "--sector", "C28", "--product", "p", "--user", "final",
          "--trade", tmp_path / "t_2019.csv"], "write SECTOR=2"),
        (["zoom", path, "-o", path, "--sector", "C28", "--product", "p"], "--trade or --code"),
        (["zoom", path, "-o", path, "--sector", "C28", "--product", "p", "--code", "HS2017:8486"],
         "has no trade in HS2017:8486 between countries in 2019"),
    ):  # fmt: skip
        with pytest.raises(SystemExit) as stop:
            main(["world", *map(str, words)])
        assert stop.value.code == 2
        heard = capsys.readouterr().err
        assert said in heard
        assert "Traceback" not in heard
