"""`boeki check` on good input and bad: exit status, one clear sentence, never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import boeki.report

SAMPLE = Path(__file__).parent.parent.parent / "examples" / "japan-2024-11.txt"
SCHEMA = Path(boeki.report.__file__).parent / "check-report.schema.json"


def run(*args: str | Path, text: bytes | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from boeki.cli import main; main()", *map(str, args)]
    done = subprocess.run(command, input=text, capture_output=True, check=False, timeout=120)
    out, err = (b.decode("utf-8") for b in (done.stdout, done.stderr))
    assert "Traceback" not in out + err
    return subprocess.CompletedProcess(command, done.returncode, out, err)


def test_json_validates_against_the_schema():
    done = run("check", SAMPLE, "--published", "2025-01-10", "--json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    jsonschema.validate(report, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert sum(report["summary"].values()) == len(report["claims"])


def test_the_page_and_fail_on(tmp_path):
    page = tmp_path / "out.html"
    done = run(
        "check", SAMPLE, "--published", "2025-01-10", "--html", page, "--fail-on", "contradicted"
    )
    assert done.returncode == 1
    assert "<!doctype html>" in page.read_text(encoding="utf-8").lower()
    assert "contradicted" in done.stdout


def test_fail_on_without_a_hit(tmp_path):
    article = tmp_path / "a.txt"
    article.write_text("Japan's exports rose 3.8 percent from a year earlier in November 2024.")
    done = run("check", article, "--published", "2024-12-18", "--fail-on", "contradicted")
    assert done.returncode == 0
    assert "1 supported" in done.stdout


def test_standard_input():
    done = run(
        "check",
        "-",
        "--published",
        "2024-12-18",
        text=b"Japan's trade deficit was 117.6 billion yen in November.",
    )
    assert done.returncode == 0
    assert "revised" in done.stdout


def test_a_page_that_cannot_be_written(tmp_path):
    done = run("check", SAMPLE, "--html", tmp_path / "no" / "such" / "out.html")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b"%PDF-1.7\n\x00\x01\x02", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"PK\x03\x04\x14\x00\x00\x00", "zip"),
        (bytes(range(256)) * 40, "binary"),
        (b"x" * 50_000_000, "MB"),
    ],
    ids=["empty", "blank", "pdf", "png", "zip", "binary", "50 MB"],
)
def test_input_that_cannot_be_used(tmp_path, content, word):
    article = tmp_path / "article.txt"
    article.write_bytes(content)
    done = run("check", article)
    assert done.returncode == 2
    assert word.lower() in done.stderr.lower()
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "args", [["nowhere.txt"], [Path(__file__).parent], [SAMPLE, "--published", "yesterday"]]
)
def test_wrong_arguments(args):
    assert run("check", *args).returncode == 2


def test_unknown_reporter():
    done = run("check", SAMPLE, "--reporter", "Atlantis")
    assert done.returncode == 2
    assert "Atlantis" in done.stderr


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Germany's exports rose 4.0 percent in November 2024 from a year earlier.",
            "no trade figures of Germany",
        ),
        ("Japan's exports were 9.9 trillion yen in October 2026.", "ahead of the figures"),
        ("Japan's exports were 3.0 trillion yen in March 1995.", "before the first figures"),
        ("Exports rose 4.0 percent in November 2024 from a year earlier.", "whose trade"),
    ],
)
def test_honestly_unverifiable(text, reason):
    done = run("check", "-", "--published", "2026-11-20", "--details", text=text.encode())
    assert done.returncode == 0
    assert "1 unverifiable" in done.stdout
    assert reason in " ".join(done.stdout.split())


def test_no_claims():
    done = run("check", "-", text=b"The weather in Tokyo was fine, and the minister smiled.")
    assert done.returncode == 0
    assert "no claims" in done.stdout.lower()


def test_before_the_first_vintage():
    text = b"Japan's exports were 7.51 trillion yen in December 2007."
    done = run("check", "-", "--published", "2008-01-24", "--json", text=text)
    claim = json.loads(done.stdout)["claims"][0]
    assert claim["known"]["official"]["stand_in"] is True
    assert any("stands in" in n for n in claim["notes"])


def test_hostile_text_reaches_neither_page_nor_terminal(tmp_path):
    page = tmp_path / "out.html"
    text = (
        "<script>alert(1)</script> Japan's exports rose 3.8 percent in November 2024 "
        "from a year earlier "
        '"><img src=x onerror=alert(1)> [red]markup[/red] \x1b[31mred'
    )
    done = run("check", "-", "--published", "2024-12-18", "--html", page, text=text.encode())
    assert done.returncode == 0
    html = page.read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "\x1b[31m" not in done.stdout


def test_claims_of_passages(tmp_path):
    passages = tmp_path / "p.jsonl"
    line = {
        "id": "a-001",
        "text": "Japan's exports rose 3.8 percent in November.",
        "published": "2024-12-18",
    }
    passages.write_text(json.dumps(line) + "\n")
    done = run("claims", passages)
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["id"] == "a-001"
    assert found["claims"][0]["value"] == 3.8


@pytest.mark.parametrize(
    "line", ["not json", '{"id": "a-001"}', '{"id": "a-001", "text": "x", "published": "soon"}']
)
def test_claims_of_a_broken_file(tmp_path, line):
    passages = tmp_path / "p.jsonl"
    passages.write_text(line + "\n")
    done = run("claims", passages)
    assert done.returncode == 2
    assert "line 1" in done.stderr
