"""``boeki simulate`` as a user runs it, on the world aboard and on worlds of one's own."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from boeki.model import simulate
from boeki.model.over_time import simulate_path, timed
from boeki.model.scenario import from_words
from boeki.world import read_world
from tests.cli.commands import refused, run
from tests.model.worlds import mixed

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "chip-export-ban.toml")
TARIFF = "tariff from=CHN to=USA rate=25%"


@pytest.fixture
def world(tmp_path: Path) -> str:
    return str(mixed().write(tmp_path / "world.parquet"))


def test_a_file_at_the_head_is_a_scenario() -> None:
    said = run("simulate", EXAMPLE).output
    assert "No chip equipment for China: by country, baseline 2014" in said
    assert "Solved to a residual of" in said
    assert said == run("simulate", "scenario", EXAMPLE).output


def test_words_are_a_scenario() -> None:
    made = json.loads(run("simulate", "-s", TARIFF, "--json").output)
    assert made["about"]["residual"] < 1e-10
    assert max(made["about"]["residuals"].values()) < 1e-10
    rows = {row["country"]: row for row in made["rows"]}
    found = simulate(scenario={"tariff": {"from": "CHN", "to": "USA", "rate": 0.25}})
    for n, country in enumerate(found.world.countries):
        assert rows[country]["welfare"] == pytest.approx(100 * (found.welfare[n] - 1))
    assert rows["CHN"]["welfare"] < 0
    # Deficits are held: what is left of a change is the solver's, not a change.
    assert all(row["balance_change"] == 0 for row in made["rows"])
    assert any("HS 848620" in note for note in made["about"]["baseline_notes"])


def test_words_come_on_top_of_a_file() -> None:
    made = json.loads(run("simulate", EXAMPLE, "-s", TARIFF, "--json").output)
    alone = json.loads(run("simulate", EXAMPLE, "--json").output)
    assert {r["country"]: r["welfare"] for r in made["rows"]} != {
        r["country"]: r["welfare"] for r in alone["rows"]
    }


def test_by_sector_and_pair(world: str) -> None:
    shock = ("-s", "tariff from=C1 to=C2 rate=0.4", "--world", world, "--csv")
    rows = list(csv.DictReader(io.StringIO(run("simulate", *shock, "--by", "sector").output)))
    assert len(rows) == 20
    rows = list(
        csv.DictReader(
            io.StringIO(run("simulate", *shock, "--by", "sector", "--country", "C1").output)
        )
    )
    assert {row["country"] for row in rows} == {"C1"}
    rows = list(
        csv.DictReader(
            io.StringIO(run("simulate", *shock, "--by", "pair", "--sector", "S1").output)
        )
    )
    hit = next(r for r in rows if (r["origin"], r["destination"]) == ("C1", "C2"))
    assert float(hit["after"]) < float(hit["before"])


def test_an_equilibrium_can_be_saved_as_a_baseline(world: str, tmp_path: Path) -> None:
    after = tmp_path / "after.parquet"
    run("simulate", "-w", world, "-s", "tariff from=C1 to=C2 rate=0.4", "--save", str(after))
    saved = read_world(after)
    found = simulate(mixed(), {"tariff": {"from": "C1", "to": "C2", "rate": 0.4}})
    assert saved.trade == pytest.approx(found.trade, rel=1e-8, abs=1e-12)
    assert "tariff from=C1" in saved.notes[-1]
    causes = run("simulate", "causes", world, str(after), "--country", "C1", "--outcome", "exports")
    assert "tariffs" in causes.output


def test_forecasts_are_held_against_what_came(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = replace(mixed(tariffs=False, balanced=True), year=2000)
    grown = simulate(before, {"labour": {"countries": "C1", "change": 0.5}})
    after = replace(grown.as_world(), year=2010)
    files = [
        str(made.write(tmp_path / f"{name}.parquet"))
        for name, made in (("before", before), ("after", after))
    ]
    asked = ("simulate", "history", *files)
    rows = json.loads(run(*asked, "--flywheel", "0.05", "--json").output)["rows"]
    errors = {row["forecast"]: row["error"] for row in rows}
    assert errors["growth"] < 1e-5 < errors["growth and flywheel"] < errors["no change"]
    rows = list(csv.DictReader(io.StringIO(run(*asked, "--by", "country", "--csv").output)))
    assert {row["country"] for row in rows} == set(before.countries)
    rows = json.loads(run(*asked, "--known", "demand", "--json").output)["rows"]
    assert {row["forecast"] for row in rows} == {"no change", "growth", "growth, demand"}
    assert "years of the worlds" in refused(capsys, "simulate", "history", *reversed(files))


def test_ensembles_moves_and_policies(world: str, tmp_path: Path) -> None:
    shock = ("-w", world, "-s", "tariff from=C1 to=C2 rate=0.4")
    rows = json.loads(run("simulate", "ensemble", *shock, "--draws", "20", "--json").output)["rows"]
    assert all(r["welfare_low"] <= r["welfare_high"] for r in rows)
    said = run("simulate", "moves", "welfare", "--country", "C1", "-w", world, "--rows", "5").output
    assert "labour, C1" in said
    rows = json.loads(run("simulate", "policy", "C1", "--uniform", "-w", world, "--json").output)
    assert {r["country"] for r in rows["rows"]} == {"C1"}
    picture = tmp_path / "welfare.png"
    run("simulate", *shock, "--plot", str(picture))
    assert picture.stat().st_size > 5000


def test_what_cannot_be_is_said_in_a_sentence(
    world: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "did you mean tariff?" in refused(capsys, "simulate", "-s", "tarif from=CHN")
    assert "must be a number" in refused(capsys, "simulate", "-s", "tariff from=CHN rate=x")
    assert "name a scenario" in refused(capsys, "simulate", "scenario")
    assert "does not exist" in refused(capsys, "simulate", "none.toml")
    assert "did you mean welfare" in refused(
        capsys, "simulate", "moves", "wellfare", "--country", "JPN"
    )
    assert "unknown country" in refused(capsys, "simulate", "policy", "JP")
    debt = "deficit countries=C1 share_of_gdp=-3"
    assert "The income of C1 falls most" in refused(capsys, "simulate", "-w", world, "-s", debt)
    (tmp_path / "no.parquet").write_text("no world")
    said = refused(capsys, "simulate", "-w", str(tmp_path / "no.parquet"), "-s", TARIFF)
    assert "no.parquet" in said
    control = "export_control to=C0 sectors=S2 volume=0"
    assert "no supply of S2" in refused(capsys, "simulate", "-w", world, "-s", control)
    taxed = "export_tax from=C1 rate=0.1"
    place = str(tmp_path / "taxed.parquet")
    said = refused(capsys, "simulate", "-w", world, "-s", taxed, "--save", place)
    assert "taxes on exports" in said


RISE = "productivity countries=C1 sectors=S1 change=20%"


def test_a_path_by_country_sector_and_total(world: str) -> None:
    words = ("simulate", "path", "-s", RISE, "--to", "2", "--periods", "6", "-w", world, "--json")
    by_country = json.loads(run(*words, "--country", "C1").output)
    assert [row["period"] for row in by_country["rows"]] == [str(t) for t in range(6)]
    path = simulate_path(mixed(), timed(from_words([RISE]), end=2), periods=6)
    made = [row["real_wage"] for row in by_country["rows"]]
    assert made == pytest.approx(list(100 * (path.real_wage[:, 1] - 1)))
    by_sector = json.loads(run(*words, "--by", "sector", "--sector", "S1").output)
    assert len(by_sector["rows"]) == 30
    total = json.loads(run(*words, "--by", "total").output)
    assert {row["country"]: row["welfare"] for row in total["rows"]}["C1"] == pytest.approx(
        100 * (path.welfare[1] - 1)
    )


def test_a_path_with_all_its_options(world: str) -> None:
    said = run(
        "simulate", "path", "-s", RISE + " start=2 known=1", "--periods", "8", "-w", world,
        "--aversion", "2", "--spread", "0.01", "--capital", "--flywheel", "0.03",
        "--diffusion", "0.1", "--reading", "income", "--learning", "S1",
    ).output  # fmt: skip
    assert "CRRA utility, σ = 2" in said
    assert "News in period 1" in said
    assert "Capital earns 33 % of value added" in said


def test_the_best_path_a_push_and_the_flywheel(world: str) -> None:
    wheel = ("--flywheel", "0.05", "--learning", "S1", "--intensity", "0.05", "-w", world)
    pushed = json.loads(
        run("simulate", "push", "S1", *wheel, "--years", "3", "--periods", "8", "--json").output
    )
    assert len(pushed["rows"]) == 5
    best = run(
        "simulate", "best-path", "C1", "S1", *wheel, "--years", "2", "--periods", "8",
        "--budget", "0.002",
    ).output  # fmt: skip
    assert "Permanent consumption of C1" in best
    said = run("simulate", "flywheel", "0.05", "-w", world).output
    assert "Deviations fade: technology comes to rest." in said
    said = run("simulate", "flywheel", "2", "-w", world).output
    assert "A deviation grows" in said


def test_what_moves_a_path(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", "path-moves", "-s", RISE + " start=3 known=2", "-w", world)
    wheel = ("--flywheel", "0.05", "--periods", "8", "--capital", "--spread", "0.01")
    made = json.loads(
        run(
            *words, *wheel, "market_share", "--country", "C1", "--sector", "S1", "--period", "5",
            "--rows", "500", "--json",
        ).output
    )  # fmt: skip
    assert {"productivity", "research"} <= {row["what"].split(",")[0] for row in made["rows"]}
    own = next(r for r in made["rows"] if r["what"] == "productivity, C1, S1")
    assert own["effect"] > 0
    said = run(*words, "welfare", "--country", "C1", "--known", "2", "--rows", "5").output
    assert "permanent consumption, C1, all along" in " ".join(said.split())
    assert "foreseen from 0, 2 on" in refused(
        capsys, *words, "welfare", "--country", "C1", "--known", "3"
    )
    assert "exports of which period" in refused(capsys, *words, "exports", "--country", "C1")


def test_paths_that_cannot_be_are_said(world: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = ("simulate", "path", "-s", RISE, "-w", world)
    assert "--capital is a share" in refused(capsys, *path, "--capital", "much")
    assert "--intensity is a number" in refused(
        capsys, *path, "--flywheel", "1", "--intensity", "much"
    )
    assert "beyond the 40 periods" in refused(capsys, *path, "--to", "50")
    assert "has no scale elasticities" in refused(capsys, *path, "--flywheel", "fontagne_2022")
    assert "add --flywheel" in refused(capsys, "simulate", "push", "S1", "-w", world)
    dated = ("simulate", "-s", RISE + " start=2", "-w", world)
    assert "only paths know" in refused(capsys, *dated)
    assert "research works over time" in refused(
        capsys, "simulate", "-s", "research countries=C1 change=0.1", "-w", world
    )


def test_a_boom_of_a_course(world: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    course = tmp_path / "course.csv"
    course.write_text("year,sales,share\n2014,1.0,1.0\n2015,1.2,1.05\n", encoding="utf-8")
    words = ("simulate", "boom", "C1", "S1", str(course), "-w", world, "--periods", "6")
    made = json.loads(run(*words, "--json").output)
    assert made["rows"][1]["demand"] > 10
    assert made["about"]["gap"] < 1e-7
    course.write_text("year,sales\n2014,1.0\n", encoding="utf-8")
    assert "needs the columns sales and share" in refused(capsys, *words)
    course.write_text("sales,share\n1.0,many\n", encoding="utf-8")
    assert "share must be numbers" in refused(capsys, *words)


@pytest.mark.parametrize(
    "words",
    [
        ("push", "lithography", "--flywheel", "0.1"),
        ("path", "-s", "productivity countries=JPN sectors=lithography change=20%"),
        ("best-path", "JPN", "lithography", "--flywheel", "0.1", "--intensity", "0.1"),
    ],
)
def test_a_baseline_without_the_sector_says_how_to_get_one(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "simulate", *words)
    assert "unknown sector of this world 'lithography'" in said
    assert "`boeki world zoom` splits one by product" in said
