"""The commands of structure, as one types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from boeki.cli.main import cli
from boeki.lake import Lake

#: Command, and a word that its answer must have.
COMMANDS = {
    "rca JPN --imports": "penetration",
    "market-share JPN": "Japan",
    "hhi": "Japan",
    "theil JPN": "extensive",
    "complexity --min-diversity 1": "South Korea",
    "fitness --iterations 5": "After 5 iterations",
    "grubel-lloyd JPN --adjusted": "Aquino",
    "trade-intensity JPN": "United States",
    "complementarity JPN": "United States",
    "similarity JPN": "South Korea",
    "proximity --product 848620": "proximity",
    "dependence DEU --single-source 80": "80 %",
}


@pytest.fixture(scope="module")
def place(world: Lake) -> str:
    assert world.place is not None
    return world.place.address


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, list(args), catch_exceptions=True)
    return result.exit_code, result.output + (str(result.exception) if result.exception else "")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_answers(command: str, place: str) -> None:
    rest = ["--period", "2020", "--office", "baci", "--json"]
    code, output = run("--lake", place, "measure", *command.split(), *rest)
    assert code == 0, output
    answer = json.loads(output)
    assert answer["rows"]
    assert answer["method"]["page"] == "explanation/structure.md"
    assert answer["sources"] == ["baci/BACI_HS17_Y2020_V202201"]
    assert COMMANDS[command] in output


@pytest.mark.parametrize("command", ["rca", "hhi", "dependence", "proximity", "market-share"])
def test_the_help_has_an_example(command: str) -> None:
    code, output = run("measure", command, "--help")
    assert code == 0
    assert f"boeki measure {command}" in output.partition("Example")[2]


def test_the_figures_aboard_need_no_lake(tmp_path: Path) -> None:
    picture = tmp_path / "hhi.svg"
    code, output = run(
        "measure", "grubel-lloyd", "JPN", "--period", "2024-11", "--plot", str(picture)
    )
    assert code == 0, output
    assert "Motor vehicles" in output
    assert picture.stat().st_size > 1000


def test_what_cannot_be_asked(place: str) -> None:
    assert run("measure", "proximity", "--period", "2020")[0] == 2
    assert "one country only" in run("measure", "rca", "JPN", "--period", "2024-11")[1]


METHODS = {
    "richardson": "competitiveness effect",
    "fagerberg-sollie": "commodity adaptation",
    "shift-share": "own performance",
}


@pytest.mark.parametrize("method", METHODS)
def test_why_market_share_changed(method: str, place: str) -> None:
    code, output = run(
        "--lake", place, "explain", "market-share", "JPN", "2020", "--vs", "2019",
        "--office", "baci", "--method", method,
    )  # fmt: skip
    assert code == 0, output
    assert METHODS[method] in output


def test_options_of_one_method_are_refused_with_another(place: str) -> None:
    code, output = run(
        "--lake", place, "explain", "market-share", "JPN", "2020", "--vs", "2019", "--method",
        "shift-share", "--by", "product",
    )  # fmt: skip
    assert code == 2
    assert "other methods" in output
