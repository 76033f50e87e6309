"""Open tables, fetched by pymrio."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from boeki.cli.main import cli
from boeki.errors import InputError, UnknownTerm, Unreachable
from boeki.world import fetch_tables

pymrio = pytest.importorskip("pymrio")


def serving(monkeypatch: pytest.MonkeyPatch, function: str, files: list[str]) -> list[Any]:
    """pymrio as if its server gave these files; what it was asked."""
    asked: list[Any] = []
    real = inspect.signature(getattr(pymrio, function))

    def served(folder: str, **given: Any) -> None:
        real.bind(folder, **given)
        asked.append(given)
        for name in files:
            Path(folder, name).write_text("", encoding="utf-8")

    monkeypatch.setattr(pymrio, function, served)
    return asked


def test_years_and_edition_are_passed_on(monkeypatch, tmp_path) -> None:
    asked = serving(monkeypatch, "download_oecd", ["2018.csv", "meta.json"])
    files = fetch_tables("oecd", tmp_path / "new", [2018], edition="v2021")
    assert [f.name for f in files] == ["2018.csv"]
    assert asked == [{"years": [2018], "version": "v2021"}]
    asked = serving(monkeypatch, "download_exiobase3", ["IOT_2019_ixi.zip"])
    done = CliRunner().invoke(
        cli, ["world", "pull", "exiobase", "--year", "2019", "--into", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    assert "IOT_2019_ixi.zip  (--layout exiobase)" in done.output
    assert asked == [{"years": [2019], "system": "ixi"}]


def test_a_server_that_does_not_answer_is_told(monkeypatch, tmp_path) -> None:
    def refused(folder: str, **given: Any) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(pymrio, "download_wiod2013", refused)
    with pytest.raises(Unreachable, match=r"wiod2013 could not be fetched: no route to host"):
        fetch_tables("wiod2013", tmp_path, [2008])
    serving(monkeypatch, "download_wiod2013", [])
    with pytest.raises(Unreachable, match="nothing came for 2008"):
        fetch_tables("wiod2013", tmp_path, [2008])


def test_other_tables_are_not_known(tmp_path) -> None:
    with pytest.raises(UnknownTerm, match="there are oecd, wiod2013, exiobase"):
        fetch_tables("gtap", tmp_path)
    with pytest.raises(InputError, match="leave it out"):
        fetch_tables("exiobase", tmp_path, edition="v2021")


def test_boeki_pull_fetches_them_too(monkeypatch, tmp_path) -> None:
    asked = serving(monkeypatch, "download_oecd", ["2018.csv"])
    done = CliRunner().invoke(
        cli, ["pull", "oecd", "--from", "2017", "--to", "2018", "-o", f"into={tmp_path}",
              "-o", "edition=v2021"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert done.output.strip() == str(tmp_path / "2018.csv")
    assert asked == [{"years": [2017, 2018], "version": "v2021"}]
    with pytest.raises(UnknownTerm, match="unknown option of oecd 'folder'"):
        CliRunner().invoke(cli, ["pull", "oecd", "-o", "folder=x"], catch_exceptions=False)
