"""The commands on value added in trade."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from boeki.cli.main import cli, main

TABLE = """V1,JPN_26,CHN_26,JPN_HFCE,CHN_HFCE,JPN_GFCF,CHN_GFCF,OUT
JPN_26,20,10,40,15,10,5,100
CHN_26,30,40,5,15,5,5,100
TLS,0,0,0,0,0,0,0
VA,50,50,0,0,0,0,100
OUT,100,100,0,0,0,0,200
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "2019_SML.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


def run(*args):
    done = CliRunner().invoke(cli, args, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_value_added(table):
    # The table worked by hand in tests/explain/value_added/test_by_hand.py, in millions.
    done = run("explain", "value-added", table, "--exporter", "Japan", "--json")
    rows = {r["term"]: r["value"] for r in json.loads(done.stdout)["rows"]}
    assert rows["VAX"] == pytest.approx(140e6 / 9)
    assert sum(rows.values()) == pytest.approx(30e6)
    words = run("explain", "value-added", table, "--exporter", "JPN").stdout
    assert "Value added in exports, Japan, 2019" in words
    assert "$30.000 mn" in words


@pytest.mark.parametrize("method", ["kww", "wwz", "origin", "vax"])
def test_methods(table, method):
    done = run("explain", "value-added", table, "--exporter", "JPN", "--method", method, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    total = sum(float(r["value"]) for r in rows)
    assert total == pytest.approx(140e6 / 9 if method == "vax" else 30e6)


def test_several_years(table, tmp_path):
    later = tmp_path / "2020_SML.csv"
    later.write_text(TABLE, encoding="utf-8")
    done = run(
        "measure", "gvc-participation", table, str(later), "--exporter", "JPN", "--json"
    )  # fmt: skip
    assert [r["year"] for r in json.loads(done.stdout)["rows"]] == ["2019", "2020"]


def test_upstreamness(table, tmp_path):
    plot = tmp_path / "up.png"
    done = run("measure", "upstreamness", table, "--json", "--plot", str(plot))
    rows = {r["area"]: r for r in json.loads(done.stdout)["rows"]}
    assert rows["CHN"]["upstreamness"] == pytest.approx(22 / 9)
    assert plot.stat().st_size > 1000


def test_multipliers(table, tmp_path):
    jobs = tmp_path / "jobs.csv"
    jobs.write_text("area,sector,persons\nJPN,26,4000\n", encoding="utf-8")
    done = run(
        "explain", "multipliers", table, "--country", "JPN", "--sector", "26", "--exports", "8e6",
        "--satellite", f"{jobs}:persons", "--json",
    )  # fmt: skip
    row = json.loads(done.stdout)["rows"][0]
    # Output of 10 for exports of 8, and 4,000 persons for an output of 100.
    assert (row["output"], row["persons"]) == pytest.approx((10e6, 400))


def test_embodied(table):
    done = run("explain", "embodied", table, "--country", "JPN", "--json")
    assert json.loads(done.stdout)["rows"][0]["value_added"] == pytest.approx(18.75e6)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("explain", "value-added", "--exporter", "XXX"), "XXX"),
        (("explain", "value-added", "--exporter", "JPN", "--sector", "99"), "99"),
        (("measure", "upstreamness", "--area", "FRA"), "FRA"),
        (("explain", "multipliers", "--country", "JPN", "--sector", "26", "--exports", "1",
          "--exports", "2"), "each --sector once"),
        (("explain", "multipliers", "--country", "JPN", "--sector", "26", "--exports", "1",
          "--satellite", "jobs"), "FILE:COLUMN"),
    ],
)  # fmt: skip
def test_mistakes_are_told_without_a_traceback(table, capsys, args, words):
    with pytest.raises(SystemExit) as stop:
        main([*args[:2], table, *args[2:]])
    told = capsys.readouterr().err
    assert stop.value.code == 2
    assert words in told
    assert "Traceback" not in told
