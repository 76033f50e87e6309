"""``boeki measure levels``, ``growth``, ``records``, ``runs``, ``ranks``: the library's answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from boeki.measure.levels import (
    measure_growth,
    measure_levels,
    measure_ranks,
    measure_records,
    measure_runs,
)
from tests.cli.commands import refused, run

SPAN = ["--from", "2024-06", "--to", "2024-12"]
TIME = {"start": "2024-06", "end": "2024-12"}


def test_growth_is_the_librarys(lake):
    args = ["measure", "growth", "exports", "JPN", *SPAN, "--kinds", "yoy, fytd", "--json"]
    wanted = measure_growth("exports", "JPN", kinds=["yoy", "fytd"], lake=lake, **TIME)
    assert json.loads(run(*args).output) == json.loads(json.dumps(wanted.to_dict()))


def test_levels_are_the_librarys(lake):
    wanted = measure_levels("JPN", lake=lake, **TIME)
    assert run("measure", "levels", "JPN", *SPAN, "--csv").output == wanted.to_csv()


def test_records_are_the_librarys(lake):
    wanted = measure_records("balance", "JPN", ties="dense", lake=lake, **TIME)
    found = run("measure", "records", "balance", "JPN", *SPAN, "--ties", "dense", "--csv")
    assert found.output == wanted.to_csv()


def test_runs_and_ranks_are_the_librarys(lake):
    wanted = measure_runs("balance", "JPN", least=5, lake=lake)
    assert run("measure", "runs", "balance", "JPN", "--least", "5", "--csv").output == (
        wanted.to_csv()
    )
    ranked = measure_ranks("exports", "JPN", "2024-11", lake=lake)
    assert run("measure", "ranks", "exports", "JPN", "2024-11", "--csv").output == ranked.to_csv()


def test_people_read_the_cover_ratio(tmp_path: Path):
    picture = tmp_path / "cover.png"
    shown = run("measure", "cover-ratio", "Japan", *SPAN, "--plot", str(picture)).output
    assert "cover ratio, %" in shown
    assert "98.7" in shown
    assert picture.stat().st_size > 10_000


def test_openness_is_read_from_a_file(tmp_path: Path):
    table = tmp_path / "gdp.csv"
    table.write_text("period,gdp\n2023,591480000000000\n", "utf-8")
    args = ["measure", "levels", "JPN", "--freq", "A", "--from", "2023", "--to", "2023"]
    found = json.loads(run(*args, "--gdp", str(table), "--gdp-unit", "JPY", "--json").output)
    assert round(found["rows"][0]["openness"], 1) == 35.7


@pytest.mark.parametrize("content", ["", "period,income\n2023,1\n", "period,gdp\n", "\xff\xfe"])
def test_a_file_that_is_no_table_is_refused(capsys, tmp_path: Path, content):
    table = tmp_path / "gdp.csv"
    table.write_bytes(content.encode("latin-1"))
    err = refused(capsys, "measure", "levels", "JPN", "--freq", "A", "--gdp", str(table))
    assert "gdp.csv" in err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["growth", "exports", "JPN", "--kinds", "weekly"], "unknown kind of growth"),
        (["growth", "exports", "JPN", "--kinds", "annualised"], "seasonally adjusted"),
        (["growth", "weather", "JPN"], "weather"),
        (["records", "exports", "Atlantis"], "Atlantis"),
        (["ranks", "exports", "JPN", "soon"], "not a period"),
    ],
)
def test_bad_questions_are_refused_in_words(capsys, args, said):
    assert said in refused(capsys, "measure", *args)
