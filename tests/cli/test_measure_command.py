"""``boeki measure`` and ``boeki figures``: the same answers as the library's, on paper."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import click
import pytest

from boeki.lake import Lake
from boeki.measure.breakdown import break_down
from boeki.measure.table import MEASURES, measure_series
from tests.cli.commands import refused, run

NOVEMBER = ["--from", "2024-11", "--to", "2024-11"]


# --- the same as the library --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "how"),
    [
        (["--from", "2024-06", "--to", "2024-12"], {"start": "2024-06", "end": "2024-12"}),
        (["--freq", "A"], {"freq": "A"}),
        (["--freq", "FY", "--from", "FY2020"], {"freq": "FY", "start": "FY2020"}),
        (["--freq", "Q", "--from", "2024-Q1"], {"freq": "Q", "start": "2024-Q1"}),
        (
            [*NOVEMBER, "--as-of", "2024-12-18"],
            {"start": "2024-11", "end": "2024-11", "as_of": dt.date(2024, 12, 18)},
        ),
        (
            ["--partner", "USA", *NOVEMBER],
            {"partner": "USA", "start": "2024-11", "end": "2024-11"},
        ),
        (["--adjusted"], {"adjusted": True}),
    ],
)
def test_json_is_what_the_library_says(lake: Lake, args: list[str], how: dict[str, Any]) -> None:
    printed = json.loads(run("measure", "balance", "JPN", *args, "--json").output)
    assert printed == measure_series("balance", "JPN", lake=lake, **how).to_dict()


@pytest.mark.parametrize(
    ("args", "how"),
    [
        ([], {}),
        (["--level", "1"], {"level": 1}),
        (["--by", "partner"], {"by": "partner"}),
        (["--as-of", "2024-12-18"], {"as_of": dt.date(2024, 12, 18)}),
    ],
)
def test_a_breakdown_is_what_the_library_says(
    lake: Lake, args: list[str], how: dict[str, Any]
) -> None:
    command = ["measure", "exports", "JPN", "--at", "2024-11", *args]
    expected = break_down("exports", "JPN", "2024-11", lake=lake, **how)
    assert json.loads(run(*command, "--json").output) == expected.to_dict()
    assert run(*command, "--csv").output == expected.to_csv()


def test_csv_has_a_line_for_each_period(lake: Lake) -> None:
    text = run("measure", "exports", "JPN", "--from", "2024-01", "--to", "2024-12", "--csv").output
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["period"] for line in lines] == [f"2024-{m:02d}" for m in range(1, 13)]
    # d41ma.csv, November 2024: exports of 9,152,002,655 thousand yen.
    assert lines[10]["value"] == "9152002655000"
    assert {line["measure"] for line in lines} == {"exports"}


def test_names_do_as_well_as_codes() -> None:
    goods = ["--partner", "United States", "--product", "70131", *NOVEMBER, "--json"]
    by_name = json.loads(run("measure", "exports", "Japan", *goods).output)
    goods[1:4:2] = ["USA", "semiconductor_equipment"]
    assert by_name == json.loads(run("measure", "exports", "JPN", *goods).output)
    # The release of 18 December 2024: 42,000 million yen.
    assert by_name["rows"][0]["value"] == 42_000_000_000


def test_the_table_shows_the_figures_of_the_release() -> None:
    text = run("measure", "balance", "JPN", *NOVEMBER, "--as-of", "2024-12-18").output
    # Ministry of Finance, 18 December 2024: -117,620 million yen, -85.5 %.
    for words in ("Japan's trade balance", "−117.6", "−85.5", "prov.", "2024-12-18"):
        assert words in text


def test_the_table_tells_records_and_gaps() -> None:
    text = run("measure", "exports", "JPN", *NOVEMBER).output
    assert "month high" in text
    gaps = run("measure", "sales", "JPN", "--product", "semiconductor_equipment").output
    assert "No figure for 2022-04" in gaps


def test_the_head_of_a_table_says_what_is_measured() -> None:
    text = run("measure", "trade", "JPN", "--partner", "China", *NOVEMBER).output
    assert "Japan's total trade, China, bn JPY" in text
    assert "exports FOB plus imports CIF" in text
    price = ["measure", "import_price", "JPN", "--product", "crude_oil", *NOVEMBER]
    # d61ma.csv: 762,033,992 thousand yen for 10,135,527 kl.
    assert "75,184" in run(*price).output


def test_the_table_of_a_breakdown() -> None:
    text = run("measure", "imports", "JPN", "--at", "2024-11", "--level", "1").output
    assert "Japan's imports by product, 2024-11: ¥9.273 tn" in text
    assert "Mineral fuels" in text
    assert "Listed parts make up 100.0 % of the whole." in text


def test_every_measure_of_the_library_can_be_asked_for() -> None:
    from boeki.cli.measure import measure

    context = click.Context(measure)
    assert set(MEASURES) <= set(measure.list_commands(context))
    for name in MEASURES:
        command = measure.get_command(context, name)
        assert command is not None
        assert command.name == name


# --- what cannot be carried out -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["measure", "balance", "Jpan"], "unknown area 'Jpan': did you mean Japan"),
        (["measure", "balance", "JPN", "--partner", "Urope"], "unknown area 'Urope'"),
        (["measure", "exports", "JPN", "--product", "crude_oyl"], "did you mean crude_oil"),
        (["measure", "exports", "JPN", "--product", "70311"], "audio_apparatus among exports"),
        (["measure", "balance", "JPN", "--from", "2024-13"], "'2024-13' is not a period"),
        (["measure", "exports", "JPN", "--at", "yesterday"], "'yesterday' is not a period"),
        (["measure", "balance", "JPN", "--at", "2024-11"], "unknown measure for a breakdown"),
        (["measure", "exports", "FRA"], "`boeki figures`"),
        (
            ["measure", "balance", "JPN", "--from", "2024-11", "--to", "2024-10"],
            "2024-10, lies before the first",
        ),
        (
            ["measure", "balance", "JPN", *NOVEMBER, "--as-of", "2024-12-17"],
            "published by 2024-12-17; it holds figures published 2026-09-30",
        ),
        (
            ["measure", "exports", "JPN", "--at", "2024-11", "--as-of", "2024-12-17"],
            "published by 2024-12-17: leave out --as-of",
        ),
    ],
)
def test_what_boeki_refuses_is_one_sentence(
    capsys: pytest.CaptureFixture[str], args: list[str], words: str
) -> None:
    said = refused(capsys, *args)
    assert words in said
    assert said.startswith("boeki: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["measure", "balanse", "JPN"], "no such command 'balanse'. Did you mean balance?"),
        (["measure", "balance", "JPN", "--freq", "W"], "'W' is not one of 'M', 'Q', 'A', 'FY'"),
        (["measure", "balance", "JPN", "--as-of", "18.12.2024"], "write it as 2025-01-10"),
        (["measure", "imports", "JPN", "--at", "2024-11", "--level", "9"], "not in the range"),
        (["measure", "balance"], "Missing argument"),
        (["measure", "balance", "JPN", "--wat"], "No such option"),
        (["mesure"], "no such command 'mesure'. Did you mean measure?"),
        (["zzz"], "no such command 'zzz'."),
    ],
)
def test_what_the_command_line_refuses_says_where_help_is(
    capsys: pytest.CaptureFixture[str], args: list[str], words: str
) -> None:
    said = refused(capsys, *args)
    assert words in said
    assert "--help" in said


def test_as_of_is_strict() -> None:
    # The release of 26 December 2024: -110,319 million yen; final figures come later.
    command = ["measure", "balance", "JPN", *NOVEMBER, "--as-of", "2024-12-31", "--json"]
    (row,) = json.loads(run(*command).output)["rows"]
    assert (row["value"], row["published"]) == (-110_319_000_000, "2024-12-26")


# --- figures ------------------------------------------------------------------------------------


def test_figures_as_json_and_csv(lake: Lake) -> None:
    held = lake.holdings()
    printed = json.loads(run("figures", "--json").output)
    assert printed == [line | {"published": str(line["published"])} for line in held]
    lines = list(csv.DictReader(io.StringIO(run("figures", "--csv").output)))
    assert [line["source"] for line in lines] == [line["source"] for line in held]
    assert sum(int(line["rows"]) for line in lines) == sum(line["rows"] for line in held)


def test_figures_as_a_list(lake: Lake) -> None:
    plain, linked = run("figures").output, run("figures", "--links").output
    for source, held in lake.documents.items():
        assert source in plain.replace("\n", "")
        assert held["url"][:40] in linked
        assert held["url"] not in plain
    assert f"{sum(line['rows'] for line in lake.holdings()):,} figures" in plain
