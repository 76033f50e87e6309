"""``boeki sources``: every source is listed, and what is wrong with one keeps none away."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from boeki import sources as registry
from boeki.cli.main import main
from boeki.cli.sources import SOURCE
from boeki.errors import SourceError
from tests.cli.commands import run


def test_every_source_is_listed() -> None:
    listed = json.loads(run("sources", "--json").output)
    assert [line["name"] for line in listed] == list(registry.registered())
    customs = next(line for line in listed if line["name"] == "japan-customs")
    assert customs["error"] == ""
    assert customs["publisher"] == "Ministry of Finance, Japan (Japan Customs)"
    rows = list(csv.DictReader(io.StringIO(run("sources", "--csv").output)))
    assert [(r["name"], r["what"]) for r in rows] == [(x["name"], x["what"]) for x in listed]


@pytest.mark.parametrize(
    "fault", [SourceError("source 'comext' could not be loaded: gone"), KeyError("publisher")]
)
def test_a_source_that_cannot_be_loaded_is_told_in_its_line(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    get = registry.get

    def broken(name: str) -> Any:
        if name == "comext":
            raise fault
        return get(name)

    monkeypatch.setattr(registry, "get", broken)
    listed = {line["name"]: line for line in json.loads(run("sources", "--json").output)}
    assert listed["comext"]["error"].startswith("source 'comext' could not be loaded: ")
    assert listed["japan-customs"]["error"] == ""
    assert "could not be" in run("sources").output


def test_all_about_one() -> None:
    about = registry.get("japan-press").about
    shown = " ".join(run("sources", "japan-press").output.split())
    for text in (about.licence, about.citation, *about.verified, *about.unverified):
        assert " ".join(text.split()) in shown
    for name, what in about.names.items():
        assert name in shown
        assert what.split()[0] in shown
    told = json.loads(run("sources", "japan-press", "--json").output)
    assert told["names"] == dict(about.names)
    assert tuple(told["unverified"]) == about.unverified


def test_a_key_is_told_of_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ESTAT_APP_ID", raising=False)
    assert "ESTAT_APP_ID (not set)" in run("sources", "e-stat").output
    monkeypatch.setenv("ESTAT_APP_ID", "a-secret-key")
    for form in ([], ["--json"], ["--csv"]):
        said = run("sources", "e-stat", *form).output + run("sources", *form).output
        assert "a-secret-key" not in said
    assert "ESTAT_APP_ID (set)" in run("sources", "e-stat").output
    assert json.loads(run("sources", "e-stat", "--json").output)["key_is_set"] is True


def test_a_source_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["sources", "japan-custom"])
    assert stop.value.code == 2
    assert "did you mean japan-customs" in capsys.readouterr().err


def test_completion_of_names() -> None:
    found = SOURCE.shell_complete(None, None, "japan")  # type: ignore[arg-type]
    assert [item.value for item in found] == ["japan-customs", "japan-press"]


def test_every_source_of_boeki_is_in_the_reference() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "sources" / "index.md"
    text = page.read_text(encoding="utf-8")
    for line in json.loads(run("sources", "--json").output):
        assert f"`{line['name']}`" in text
        assert not line["key"] or f"`{line['key']}`" in text
