"""The report in a terminal."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from rich.console import Console

from boeki.check.verdict import MEANING, Report
from boeki.report.terminal import print_report, shorten, summary_line
from tests.report import factory


def printed(
    report: Report,
    width: int = 80,
    *,
    encoding: str = "utf-8",
    colour: bool = False,
    details: bool = True,
) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    system = "standard" if colour else None
    print_report(
        report,
        Console(file=file, width=width, force_terminal=colour, color_system=system),
        details=details,
    )
    file.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_fits_its_width(width: int) -> None:
    assert max(map(len, printed(factory.sample(), width).splitlines())) <= width


def test_every_claim_has_its_verdict_words_and_evidence() -> None:
    out = " ".join(printed(factory.sample(), 200).split())
    for number, checked in enumerate(factory.sample().claims, 1):
        assert f"{number} " in out
        assert f"“{checked.claim.quote}” {checked.line}" in out
    for verdict in MEANING:
        assert verdict in out


def test_the_later_revision_is_told_where_no_diagnosis_tells_it() -> None:
    revised = replace(factory.sample().claims[0], diagnosis="", line="official")
    out = printed(Report("x", factory.PUBLISHED, factory.CHECKED, (revised,)), 160)
    assert (
        "−¥117.620 bn (supported) on 19 December 2024; "
        "−¥120.810 bn (contradicted) on 28 September 2026" in out
    )


def test_the_largest_causes_and_the_named_one() -> None:
    report = factory.sample()
    causal = next(c for c in report.claims if c.causes)
    causes = tuple(replace(c, named=c.rank == 6) for c in causal.causes)
    out = printed(replace(report, claims=(replace(causal, causes=causes),)), 120)
    assert re.search(r"1  imports of crude oil +\+¥182\.3 bn   26\.2 %", out)
    assert re.search(r"6  exports of motor vehicles \(named\) +−¥118\.4 bn  −17\.0 %", out)
    assert "imports of semiconductors" in out
    assert "exports of food" not in out


def test_summary_line() -> None:
    assert summary_line(factory.sample()) == (
        "6 supported · 1 revised · 2 contradicted · 1 misattributed · 1 disputed · "
        "1 inconsistent · 2 unverifiable"
    )
    assert summary_line(replace(factory.sample(), claims=())) == "no claims"
    last = printed(factory.sample(), 80).splitlines()[-2:]
    assert " · ".join(last) == summary_line(factory.sample())


def test_an_article_without_claims() -> None:
    assert "No claim about trade" in printed(replace(factory.sample(), claims=()))


def test_nothing_in_the_article_steers_the_terminal() -> None:
    out = printed(factory.hostile(), 100)
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "[bold red]markup[/]" in out
    coloured = printed(factory.hostile(), 100, colour=True)
    assert "\x1b]" not in coloured
    assert set(re.findall(r"\x1b\[([\d;]*)", coloured)) <= {"", "0", "1", "2", "1;33"}


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_output_without_the_signs_gets_others(encoding: str) -> None:
    out = printed(factory.sample(), encoding=encoding)
    assert "x contradicted" in out
    assert "6 supported, 1 revised" in out


def test_shorten() -> None:
    assert shorten("a  b\nc") == "a b c"
    assert shorten("one two, three", 10) == "one two …"
    assert shorten("x" * 20, 10) == "x" * 10 + " …"


@pytest.mark.parametrize("module", ["boeki.check.verdict", "boeki.report.terminal"])
def test_heavy_modules_are_imported_late(module: str) -> None:
    heavy = {"rich", "jinja2", "bs4", "charset_normalizer", "ibis"}
    code = f"import sys, {module}; print(sorted(sys.modules.keys() & {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_details_each_claim_keeps_its_words_and_its_line() -> None:
    report = factory.sample()
    out = printed(report, details=False)
    for claim in report.claims:
        assert claim.line.split()[0] in out
        assert not claim.diagnosis or claim.diagnosis not in " ".join(out.split())
    assert "imports of crude oil" not in printed(
        replace(report, claims=report.claims[-1:]), details=False
    )
