"""``boeki simulate`` as a user runs it, on the world aboard and on worlds of one's own."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from boeki.model import simulate
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
