"""``boeki lake``: the same as the library says, on paper, and exit statuses."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from boeki import sources as registry
from boeki.cli.lake import lake as group
from boeki.cli.main import cli, main
from boeki.cli.printing import size
from boeki.lake import Lake, open_lake
from boeki.lake.revisions import revisions
from boeki.lake.selection import Selection
from boeki.lake.status import status
from boeki.lake.vintages import vintages
from boeki.terms.periods import Period
from tests.ingest.deliveries import DAYS, ask, bring, line
from tests.ingest.office import Office, new_lake, write
from tests.ingest.test_readings import reread

NOVEMBER = ("--from", "2024-11", "--to", "2024-11")
BALANCE = ("--reporter", "Japan", "--flow", "balance", *NOVEMBER)


def run(*args: str, code: int = 0) -> Result:
    """A command that must end with this status."""
    result = CliRunner().invoke(cli, list(args), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake with two vintages of one figure and a line that was refused."""
    files = tmp_path / "in"
    files.mkdir()
    lake = new_lake(tmp_path / "lake")
    office = Office(files, published=DAYS[0])
    get = registry.get
    monkeypatch.setattr(registry, "get", lambda name: office if name == "office" else get(name))
    write(files, "a", [line("X", 100), line("Z", "many")])
    ask(lake, files, "a", DAYS[0])
    return tmp_path / "lake"


@pytest.mark.parametrize("name", sorted(group.commands))
def test_the_help_of_every_command_has_an_example(name: str) -> None:
    said = run("lake", name, "--help").output
    assert f"lake {name}" in said.partition("Example")[2]


# --- what is there ------------------------------------------------------------------------------


def test_status_is_what_the_library_says(place: Path) -> None:
    told = json.loads(run("--lake", str(place), "lake", "status", "--json").output)
    found = status(open_lake(place)).to_dict()
    assert told == json.loads(json.dumps(found))
    shown = run("--lake", str(place), "lake", "status").output
    assert str(place) in shown.replace("\n", "")
    assert "not a number" in shown
    rows = list(csv.DictReader(io.StringIO(run("lake", "status", "--csv").output)))
    assert "japan-customs" in {r["office"] for r in rows}


def test_quarantine_lists_what_was_refused(place: Path) -> None:
    (only,) = json.loads(run("--lake", str(place), "lake", "quarantine", "--json").output)
    assert (only["reason"], only["content"]) == ("not a number", line("Z", "many"))
    assert "1 rows and lines" in run("--lake", str(place), "lake", "quarantine").output
    args = ("--lake", str(place), "lake", "quarantine", "--office", "another")
    assert run(*args).output.strip() == "0 rows and lines in quarantine"
    (row,) = csv.DictReader(io.StringIO(run(*args[:4], "--csv").output))
    assert json.loads(row["content"]) == line("Z", "many")


# --- corrections of reading and withdrawals -----------------------------------------------------


def test_what_was_misread_and_what_is_withdrawn_on_paper(tmp_path: Path) -> None:
    """X was read as 1 and is 10; Y was another figure's; the office takes Z back."""
    files = tmp_path / "in"
    lake = new_lake(tmp_path / "lake")
    bring(lake, files, "a", DAYS[0], {"X": 1, "Y": 2, "Z": 3})

    def other(row: dict[str, Any]) -> dict[str, Any] | None:
        return {**row, "value": row["value"] * 10} if row["product"] != "Y" else None

    reread(lake, files, other, ("a", DAYS[0]))
    there = ("--lake", str(tmp_path / "lake"), "lake")
    said = run(*there, "revisions", "--office", "office").output
    assert [" ".join(row.split()) for row in said.splitlines()[:3]] == [
        "office: JPN export X USA fob, 2024-01, JPY",
        "2024-01-01 1 final",
        "2024-01-01 10 ¥9 +900.000 % final correction of reading",
    ]
    assert said.endswith("0 revisions, 2 corrections of reading\n")
    gone = run(*there, "revisions", "--withdrawn").output
    assert "office: JPN export Y USA fob, 2024-01, JPY" in gone
    assert "boeki had misread it: taken out  office/a@2024-01-01~r2" in gone
    assert gone.endswith("1 withdrawn figure\n")
    (row,) = json.loads(run(*there, "revisions", "--withdrawn", "--json").output)
    assert (row["product"], row["value"], row["withdrawn"]) == ("Y", "2", "2024-01-01")
    (line_,) = csv.DictReader(io.StringIO(run(*there, "revisions", "--withdrawn", "--csv").output))
    assert line_["reading"] == "True"
    assert "reread" in run(*there, "vintages", "--office", "office").output
    assert run(*there, "revisions", "--withdrawn", "--since", "2024-02-01").output == (
        "0 withdrawn figures\n"
    )


# --- revisions and vintages ---------------------------------------------------------------------


def november() -> Selection:
    """Japan's balance in November 2024."""
    month = Period.month(2024, 11)
    return Selection(reporter="JPN", flow="balance", start=month, end=month)


def test_revisions_are_what_the_library_says(lake: Lake) -> None:
    found = revisions(lake, november())
    assert json.loads(run("lake", "revisions", *BALANCE, "--json").output) == found.to_dict()
    rows = list(csv.DictReader(io.StringIO(run("lake", "revisions", *BALANCE, "--csv").output)))
    assert [r["to_value"] for r in rows] == [r.row()["to_value"] for r in found.listed]
    extents = json.loads(run("lake", "revisions", *BALANCE, "--summary", "--json").output)
    assert extents == [e.to_dict() for e in found.extents]
    by_office = run("lake", "revisions", *BALANCE, "--summary", "--csv").output
    assert len(by_office.splitlines()) == 1 + len(found.extents)


def test_revisions_on_paper() -> None:
    said = run("lake", "revisions", *BALANCE).output
    # The releases of 18 and 26 December 2024, and d41ma as of September 2026.
    for text in (
        "2024-12-18  −117,620,000,000",
        "2024-12-26  −110,319,000,000    ¥7.301 bn",
        "2026-09-30  −120,809,593,000  −¥10.491 bn",
        "2 revisions",
    ):
        assert text in said
    # The value that both steps share is printed once.
    assert said.count("110,319") == 1


def test_a_table_names_what_it_leaves_out() -> None:
    assert "changed less are not shown" in run("lake", "revisions", "--largest", "2").output
    assert "not shown" not in run("lake", "revisions").output
    assert "+0.4 pp" in run("lake", "revisions", "--key", "imports.yoy").output
    assert "japan-customs 2024-11" in run("lake", "revisions", "--summary").output


def test_vintages_are_what_the_library_says(lake: Lake) -> None:
    month = Period.month(2024, 11)
    found = vintages(lake, Selection(office="japan-customs", start=month, end=month))
    args = ("lake", "vintages", "--office", "japan-customs", *NOVEMBER)
    assert json.loads(run(*args, "--json").output) == [v.to_dict() for v in found]
    rows = list(csv.DictReader(io.StringIO(run(*args, "--csv").output)))
    assert [r["source"] for r in rows] == [v.source for v in found]
    assert "2026-09-30" in run(*args).output


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["vintages", "--reporter", "France"], "has no such figures"),
        (["revisions", "--reporter", "Atlantis"], "unknown area 'Atlantis'"),
        (["revisions", "--since", "soon"], "'soon' is not a day"),
        (["revisions", "--flow", "balance", "--product", "70131"], "its exports and its imports"),
        (["verify"], "boeki --lake DIR"),
        (["vacuum"], "boeki --lake DIR"),
        (["--nonsense"], "No such option"),
    ],
)
def test_a_mistake_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, args: Any, words: str
) -> None:
    monkeypatch.delenv("BOEKI_LAKE", raising=False)
    with pytest.raises(SystemExit) as stop:
        main(["lake", *args])
    out, err = capsys.readouterr()
    assert (stop.value.code, out) == (2, "")
    assert words in err


def test_a_lake_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--lake", str(tmp_path / "none"), "lake", "status"])
    assert stop.value.code == 2
    assert "there is no lake" in capsys.readouterr().err


# --- verification and upkeep --------------------------------------------------------------------


def test_verify_ends_with_0_where_nothing_is_wrong(place: Path) -> None:
    said = run("--lake", str(place), "lake", "verify").output
    assert "0 errors, 0 warnings" in said
    assert json.loads(run("--lake", str(place), "lake", "verify", "--json").output)["ok"] is True


def test_verify_ends_with_1_where_something_is_wrong(place: Path) -> None:
    (raw,) = (p for p in (place / "raw").rglob("*") if p.is_file())
    raw.chmod(0o644)
    raw.write_bytes(raw.read_bytes() + b"\n")
    said = run("--lake", str(place), "lake", "verify", code=1).output
    assert f"error: {raw.name}" in said
    told = json.loads(run("--lake", str(place), "lake", "verify", "--json", code=1).output)
    assert (told["ok"], told["findings"][0]["check"]) == (False, "raw")
    table = run("--lake", str(place), "lake", "verify", "--csv", code=1).output
    assert next(csv.DictReader(io.StringIO(table)))["severity"] == "error"


def test_vacuum_removes_only_what_it_is_told_to(place: Path) -> None:
    left = place / "working" / "staged" / "0123.part"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    command = ("--lake", str(place), "lake", "vacuum")
    assert "1 file would be removed" in run(*command).output
    assert left.exists()
    assert "1 file removed" in run(*command, "--remove").output
    assert not left.exists()
    assert json.loads(run(*command, "--json").output) == {
        "dry_run": True,
        "files": {},
        "abandoned": [],
    }


def test_optimize_tells_what_it_did(place: Path, tmp_path: Path) -> None:
    bring(open_lake(place), tmp_path / "in", "b", DAYS[1], {"X": 101})
    done = json.loads(run("--lake", str(place), "lake", "optimize", "--json").output)
    flows = next(row for row in done if row["table"] == "flows")
    assert (flows["files_before"], flows["files_after"], flows["rows"]) == (2, 1, 2)
    assert "files after" in run("--lake", str(place), "lake", "optimize").output
    new_lake(tmp_path / "empty")
    nothing = run("--lake", str(tmp_path / "empty"), "lake", "optimize").output
    assert nothing.strip() == "nothing was pulled to this lake yet"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (999, "999 bytes"), (45_000_000, "45.0 MB")]
)
def test_sizes_in_words(count: int, words: str) -> None:
    assert size(count) == words


def test_a_command_that_ends_early_ends_with_its_own_status(place: Path) -> None:
    """Threads that still let go of the lake's files when Python ends must not abort it."""
    command = [sys.executable, "-c", "from boeki.cli.main import main; main()"]
    asked = [*command, "--lake", str(place), "pull", "japan-press", "--option", f"path={__file__}"]
    for _ in range(4):
        ended = subprocess.run(asked, capture_output=True, text=True, check=False)
        assert ended.returncode == 2, ended.stderr
        assert ended.stderr.startswith("boeki: say which release")
        assert ended.stderr.count("\n") == 1
