"""``boeki pull``: figures into a lake, with a word about everything that is not in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import ShellComplete

from boeki import sources as registry
from boeki.cli.main import cli, main
from boeki.errors import MissingKey, Unreachable
from boeki.lake import open_lake
from boeki.sources.base import Query, Request
from tests.ingest.office import Office, pulled, write
from tests.sources.kept import SPECIMENS

Run = Callable[..., tuple[int, str, str]]
NOVEMBER = ("WLD,TOTAL,2024-11,100,final", "USA,TOTAL,2024-11,60,final")


class Asked(Office):
    """Remembers what it was asked."""

    query = Query()

    def requests(self, query: Query) -> Iterable[Request]:
        """As the office does."""
        self.query = query
        return super().requests(query)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The toy office as a source of its own."""
    folder = tmp_path / "in"
    folder.mkdir()
    made, get = Asked(folder), registry.get
    monkeypatch.setattr(registry, "get", lambda name: made if name == "office" else get(name))
    monkeypatch.delenv("BOEKI_LAKE", raising=False)
    return made


@pytest.fixture
def boeki(office: Asked, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command with a lake: its exit status, and what it prints on both streams."""

    def run(*args: str, lake: bool = True) -> tuple[int, str, str]:
        place = ["--lake", str(tmp_path / "lake")] if lake else []
        with pytest.raises(SystemExit) as stop:
            main([*place, *args])
        out, err = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, out, err

    return run


def test_what_is_pulled_is_in_the_lake(office: Asked, boeki: Run, tmp_path: Path) -> None:
    write(office.folder, "a", NOVEMBER)
    status, out, err = boeki("pull", "office", "a")
    assert (status, err) == (0, "")
    assert "1 read; 2 new rows" in out
    assert len(pulled(open_lake(tmp_path / "lake"))) == 2
    # Asked again within the hour, it has not changed.
    status, out, _ = boeki("pull", "office", "a")
    assert (status, "1 unchanged; 0 new rows" in out) == (0, True)


def test_the_question_as_the_source_gets_it(office: Asked, boeki: Run) -> None:
    status, _, err = boeki(
        "pull", "office", "a", "b", "--from", "2024-01", "--to", "2024-Q4", "--reporter", "Japan",
        "--partner", "US", "--partner", "chn", "--product", "84", "--product", "85", "--flow",
        "export", "--freq", "M", "-o", "path=x=y", "--option", "k=", "--dry-run",
    )  # fmt: skip
    assert (status, err) == (0, "")
    asked = office.query
    assert (asked.names, str(asked.start), str(asked.end)) == (("a", "b"), "2024-01", "2024-Q4")
    assert (asked.reporters, asked.partners) == (("JPN",), ("USA", "CHN"))
    assert (asked.products, asked.flows, asked.freq) == (("84", "85"), ("export",), "M")
    assert asked.options == {"path": "x=y", "k": ""}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["a", "--reporter", "Atlantis"], "unknown area 'Atlantis'"),
        (["a", "--from", "soon"], "'soon' is not a period"),
        (["a", "-o", "path"], "write it as KEY=VALUE"),
        (["a", "--flow", "sideways"], "'sideways' is not one of"),
    ],
)
def test_a_question_that_cannot_be_put(boeki: Run, args: list[str], words: str) -> None:
    status, out, err = boeki("pull", "office", *args)
    assert (status, out) == (2, "")
    assert words in err


def test_without_a_place_it_says_how_to_name_one(office: Asked, boeki: Run) -> None:
    write(office.folder, "a", NOVEMBER)
    status, out, err = boeki("pull", "office", "a", lake=False)
    assert (status, out) == (2, "")
    assert "boeki --lake DIR pull" in err
    assert "BOEKI_LAKE" in err


def test_the_place_of_the_environment(
    office: Asked, boeki: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(office.folder, "a", NOVEMBER)
    monkeypatch.setenv("BOEKI_LAKE", str(tmp_path / "other"))
    assert boeki("pull", "office", "a", lake=False)[0] == 0
    assert len(pulled(open_lake())) == 2
    # What --lake says holds for one command.
    assert boeki("figures")[0] == 2
    assert os.environ["BOEKI_LAKE"] == str(tmp_path / "other")


# --- what is not in the lake --------------------------------------------------------------------


def test_refused_rows_are_warned_of_loudly(office: Asked, boeki: Run) -> None:
    write(office.folder, "a", [*NOVEMBER, "CHN,TOTAL,2024-11,x,final", "XXX,TOTAL,2024-11,1,final"])
    status, out, err = boeki("pull", "office", "a")
    # What is sound was taken in.
    assert (status, "2 new rows" in out) == (0, True)
    assert "WARNING: refused, and not among the figures: 2 rows" in err
    assert "1  not a number" in err
    assert "1  partner XXX is no code of an area" in err
    assert "boeki lake quarantine --office office" in err


def test_a_reply_that_fails_keeps_no_other_away(office: Asked, boeki: Run) -> None:
    write(office.folder, "b", NOVEMBER)
    (office.folder / "a.csv").write_text("<html>busy</html>\n")
    status, out, err = boeki("pull", "office", "a", "b")
    assert status == 1
    assert "1 read, 1 failed; 2 new rows" in out
    assert "a failed: NotAsExpected" in err


def test_a_source_that_is_down_ends_the_pull(
    office: Asked, boeki: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(office.folder, "a", NOVEMBER)
    parse = office.parse

    def down(raw: Any) -> Any:
        if raw.request.name == "a":
            return parse(raw)
        raise Unreachable(f"{raw.request.name} did not answer")

    for name in "bcde":
        write(office.folder, name, NOVEMBER)
    monkeypatch.setattr(office, "parse", down)
    status, out, err = boeki("pull", "office", "a", "b", "c", "d", "e")
    assert status == 1
    # After three of them the fifth is not asked for.
    assert "1 read, 3 failed; 2 new rows" in out
    assert "1 replies were not asked for" in err


def test_an_interruption_says_what_was_kept(
    office: Asked, boeki: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in "ab":
        write(office.folder, name, NOVEMBER)
    parse = office.parse

    def stopped(raw: Any) -> Any:
        if raw.request.name == "b":
            raise KeyboardInterrupt
        return parse(raw)

    monkeypatch.setattr(office, "parse", stopped)
    status, out, err = boeki("pull", "office", "a", "b")
    assert status == 130
    assert "1 read; 2 new rows" in out
    assert "stopped: what is told above was kept" in err
    monkeypatch.setattr(office, "parse", parse)
    status, out, _ = boeki("pull", "office", "a", "b")
    assert (status, "1 read, 1 unchanged; 0 new rows" in out) == (0, True)
    assert len(pulled(open_lake(tmp_path / "lake"))) == 2


def test_a_key_that_is_missing_is_told(
    office: Asked, boeki: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keyless(_query: Query) -> Any:
        raise MissingKey("set OFFICE_KEY")

    monkeypatch.setattr(office, "requests", keyless)
    assert boeki("pull", "office", "a") == (2, "", "boeki: set OFFICE_KEY\n")
    assert boeki("pull", "office", "a", "--dry-run") == (2, "", "boeki: set OFFICE_KEY\n")


# --- ways of asking -----------------------------------------------------------------------------


def test_a_dry_run_asks_nobody_and_shows_no_key(
    office: Asked, boeki: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = Request(
        "a", "https://example.org/a", {"year": "2024"}, {"key": "a-secret"}, {"X-Key": "a-secret"}
    )
    monkeypatch.setattr(office, "requests", lambda _query: [asked])
    told = boeki("pull", "office", "--dry-run")
    assert told == (0, "a\thttps://example.org/a?year=2024\n", "")
    status, out, _ = boeki("pull", "office", "--dry-run", "--json")
    assert json.loads(out) == [{"name": "a", "address": "https://example.org/a?year=2024"}]
    assert status == 0
    assert not (tmp_path / "lake").exists()


def test_a_dry_run_of_a_real_source(boeki: Run) -> None:
    # The address that the office gives for its time series.
    status, out, _ = boeki("pull", "japan-customs", "d41ma", "--dry-run", lake=False)
    assert status == 0
    assert out == "d41ma\thttps://www.customs.go.jp/toukei/suii/html/data/d41ma.csv\n"


def test_offline_reads_what_was_kept(office: Asked, boeki: Run, tmp_path: Path) -> None:
    status, _, err = boeki("pull", "office", "a", "--offline")
    assert (status, "there is no lake" in err) == (2, True)
    assert not (tmp_path / "lake").exists()
    write(office.folder, "a", NOVEMBER)
    boeki("pull", "office", "a")
    (office.folder / "a.csv").unlink()
    assert "1 unchanged" in boeki("pull", "office", "a", "--offline")[1]
    assert "1 read; 0 new rows" in boeki("pull", "office", "a", "--offline", "--again")[1]
    status, _, err = boeki("pull", "office", "b", "--offline")
    assert (status, "pull it without --offline" in err) == (1, True)


def test_refresh_asks_again_within_the_hour(office: Asked, boeki: Run) -> None:
    write(office.folder, "a", NOVEMBER)
    boeki("pull", "office", "a")
    write(office.folder, "a", (*NOVEMBER, "CHN,TOTAL,2024-11,40,final"))
    assert "0 new rows" in boeki("pull", "office", "a")[1]
    assert "1 read; 1 new row\n" in boeki("pull", "office", "a", "--refresh")[1]


def test_json_has_every_reply(office: Asked, boeki: Run) -> None:
    write(office.folder, "a", [*NOVEMBER, "CHN,TOTAL,2024-11,x,final"])
    status, out, err = boeki("pull", "office", "a", "b", "--json")
    told = json.loads(out)
    # A file of one's own that is not there is a mistake in the question.
    assert (status, "b.csv is not there" in err) == (2, True)
    assert (told["source"], told["added"], told["refused"]) == ("office", 2, 1)
    first = told["replies"][0]
    assert (first["name"], first["state"], first["added"]) == ("a", "read", 2)
    assert first["taken"][0]["reasons"] == {"not a number": 1}
    assert len(first["sha256"]) == 64


def test_completion_of_a_sources_names(office: Asked) -> None:
    def complete(*args: str) -> list[str]:
        """What is offered for the word begun, the last of the arguments."""
        shell = ShellComplete(cli, {}, "boeki", "_BOEKI_COMPLETE")
        return [item.value for item in shell.get_completions(list(args[:-1]), args[-1])]

    assert complete("pull", "japan-customs", "d5") == ["d51ma", "d52maNNN"]
    assert complete("pull", "nobody", "d5") == []
    assert "japan-customs" in complete("pull", "japan")
    assert isinstance(cli, click.Group)


def test_a_file_without_a_day_of_its_own_is_doubted(boeki: Run) -> None:
    made = SPECIMENS / "comext" / "full_202402.dat"
    _, _, err = boeki("pull", "comext", "2024-02", "--option", f"path={made}")
    assert "--option published=YYYY-MM-DD" in " ".join(err.split())
    code, _, err = boeki(
        "pull", "comext", "2024-02", "--option", f"path={made}", "--option", "published=soon"
    )
    assert code == 2
    assert "published is a day" in err


def test_a_version_with_lines_that_were_refused_takes_nothing_out(
    boeki: Run, tmp_path: Path
) -> None:
    newer = SPECIMENS / "baci" / "BACI_HS17_Y2020_V202501.csv"
    older = tmp_path / "BACI_HS17_Y2020_V202401.csv"
    older.write_text(newer.read_text() + "2020,392,842,870323,5.0,1.0\n")
    boeki("pull", "baci", "HS17", "--option", f"path={older}")
    _, _, err = boeki("pull", "baci", "HS17", "--option", f"path={newer}")
    # A country that nobody knows stands in it.
    assert "V202401, V202501, and lines of this one were refused" in " ".join(err.split())
    code, _, err = boeki("pull", "baci", "HS17", "--option", f"path={older}", "--again")
    assert code == 2
    assert "the lake has V202501 of BACI_HS17_Y2020 already" in " ".join(err.split())
