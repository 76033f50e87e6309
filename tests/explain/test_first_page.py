"""The first page of a month."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from boeki.cli.main import cli
from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.first_page import explain_change
from boeki.report.explained import HEADINGS, print_first_page, render_first_page
from tests.handmade import flow, lake_of


@pytest.fixture(scope="module")
def page(lake):
    return explain_change("JPN", "2024-11", lake=lake)


# Japan Customs: totals d41ma (final), the release of 18 December 2024 with its indexes, and its
# successors: −117,620, −110,319 and −120,810 mn yen.
def test_what_happened(page):
    (balance, exports, imports) = page.sections["headline"].records()
    assert float(balance["after"]) / 1e9 == pytest.approx(-120.810, abs=5e-4)
    assert float(exports["growth"]) == pytest.approx(3.8, abs=0.05)
    assert float(imports["growth"]) == pytest.approx(-3.7, abs=0.05)
    assert "a deficit 85.2 % smaller" in page.lines[0]
    assert any("5th deficit in a row" in line for line in page.lines)


def test_with_which_values_it_was_published(page):
    told = [(str(r["published"]), float(r["value"]) / 1e6)
            for r in page.sections["releases"].records()]  # fmt: skip
    assert told[0] == ("2024-12-18", -117_620)
    assert told[1] == ("2024-12-26", -110_319)
    assert told[2][1] == pytest.approx(-120_810, abs=0.5)


def test_price_and_volume(page):
    rows = {r["flow"]: r for r in page.sections["indexes"].records()}
    assert (rows["export"]["volume"], rows["export"]["unit_value"]) == (-0.1, 3.9)
    assert (rows["import"]["volume"], rows["import"]["unit_value"]) == (-5.3, 1.6)
    crude = page.sections["imports"].records()[0]
    assert crude["name"].startswith("Crude")
    # The ministry's release: volume −17.0 %, value −29.7 %, so unit value 0.703 / 0.830 − 1.
    assert crude["quantity_growth"] == pytest.approx(-17.0, abs=0.05)
    assert crude["price_growth"] == pytest.approx(-15.3, abs=0.05)
    assert crude["price"] + crude["volume"] == crude["change"]


def test_what_did_it(page):
    assert "46.4 % of the change" in next(x for x in page.lines if x.startswith("By commodity"))
    assert page.main is page.sections["commodities"]


# Japan Customs, d51ma and d61ma: the nine sections of exports and of imports.
def test_by_group_of_goods(page):
    groups = page.sections["groups"]
    told = {(r["flow"], r["name"]): float(r["effect"]) / 1e9 for r in groups.records()}
    assert told["import", "Mineral fuels"] == pytest.approx(420.4, abs=0.05)
    assert groups.about["change"] == page.sections["commodities"].about["change"]
    assert sum(r["effect"] for r in groups.records()) == groups.about["change"]


def test_groups_are_not_told_twice(lake):
    told = explain_change("JPN", "2024-11", level=1, lake=lake)
    assert "groups already" in told.absent["groups"]
    rows = [flow(p, v, reporter="KOR", currency="USD", product=c, classification="HS2017")
            for p, v in (("2019-11", 5), ("2020-11", 7)) for c in ("84", "85")]  # fmt: skip
    chapters = explain_change("KOR", "2020-11", measure="exports", lake=lake_of(rows + [
        flow(p, v, reporter="KOR", currency="USD", classification="HS2017")
        for p, v in (("2019-11", 10), ("2020-11", 14))]))  # fmt: skip
    assert "groups already" in chapters.absent["groups"]
    assert len(chapters.sections["commodities"].records()) == 2


def test_a_level_of_another_classification_is_refused(lake):
    told = explain_change("JPN", "2024-11", digits=6, lake=lake)
    assert "levels, and no digits" in told.absent["commodities"]


def test_what_is_not_there_is_named_with_the_reason(page):
    assert "2023-11" in page.absent["partners"]
    assert set(page.sections) | set(page.absent) == set(HEADINGS)


def test_every_number_has_its_document(page):
    for name, found in page.sections.items():
        assert found.sources, name


def test_knowledge_of_a_day(lake):
    told = explain_change("JPN", "2024-11", as_of=dt.date(2024, 12, 20), lake=lake)
    assert float(told.sections["headline"].records()[0]["after"]) / 1e6 == -117_620
    assert "releases" in told.absent
    # Of the months before October 2024 nothing printed by that day is there: a run is no shorter
    # for it.
    assert any("at least the 2nd deficit in a row" in line for line in told.lines)


def test_shapes(page):
    plain = json.loads(json.dumps(page.to_dict()))
    assert plain["sections"]["commodities"]["rows"][0]["part"].startswith("imports: Crude")
    assert page.to_csv().splitlines()[0].startswith("part,flow,product")
    assert len(page.to_pandas()) == 13
    assert "<table" in page._repr_html_()


def test_the_page_needs_nothing_from_elsewhere(page):
    html = render_first_page(page)
    assert "−120.8" in html
    assert "<script" not in html
    assert "src=" not in html
    assert html.count("<section") == len(HEADINGS)


def test_words_of_a_source_are_no_markup():
    rows = [
        flow(p, v, reporter="KOR", currency="USD", source="office/<b>x</b>")
        for p, v in (("2019-11", 5), ("2020-11", 7))
    ]  # fmt: skip
    from tests.handmade import document

    lake = lake_of(rows, documents=[document("office/<b>x</b>")])
    html = render_first_page(explain_change("KOR", "2020-11", measure="exports", lake=lake))
    assert "<b>x" not in html
    assert "&lt;b&gt;x" in html


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_fits_the_terminal(page, width):
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    print_first_page(page, Console(file=out, width=width))
    assert max(len(line) for line in out.getvalue().splitlines()) <= width


def test_questions_that_have_no_answer(lake):
    with pytest.raises(InputError, match="write 2024-11"):
        explain_change("JPN", "2024-11-01/2024-11-10", lake=lake)
    with pytest.raises(NoFigure, match="it holds 2007-01"):
        explain_change("JPN", "2031-11", lake=lake)
    with pytest.raises(UnknownTerm):
        explain_change("JPN", "2024-11", measure="gdp", lake=lake)
    with pytest.raises(InputError):
        explain_change("JPN", "2024-11", vs="2023", lake=lake)


def test_the_command(tmp_path):
    html, csv = tmp_path / "page.html", None
    run = CliRunner().invoke(cli, ["explain", "JPN", "2024-11", "--csv", "--html", str(html)])
    assert run.exit_code == 0, run.output
    csv = run.stdout.splitlines()
    assert csv[1].startswith("imports: Crude")
    assert html.read_text(encoding="utf-8").startswith("<!doctype html>")
    bad = CliRunner().invoke(cli, ["explain", "JPN", "2024-11", "--html", str(tmp_path / "no/x")])
    assert "cannot write" in str(bad.exception)


def test_contributions_have_a_command_of_their_own():
    run = CliRunner().invoke(
        cli, ["explain", "contributions", "JPN", "2024-11", "--level", "1", "--json"]
    )
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout)["rows"][0]["name"] == "Mineral fuels"


def test_a_series_is_read_once(lake, monkeypatch):
    from boeki.measure import table

    asked = []
    plain = table._rows_of
    monkeypatch.setattr(
        table,
        "_rows_of",
        lambda lake, q, measures: asked.append(measures) or plain(lake, q, measures),
    )
    explain_change("JPN", "2024-11", lake=lake)
    # The three of the headline, which its run and the adjustment take up again, and the rate.
    assert asked == [["balance", "exports", "imports"], ["rate"]]


def test_nothing_is_remembered_after_a_page():
    from boeki.measure.remembered import once, remembering

    with remembering(), remembering():
        assert once("key", lambda: 1) == once("key", lambda: 2) == 1
    assert once("key", lambda: 3) == 3
