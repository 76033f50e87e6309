"""Revisions of series in a lake, and of tables of one's own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from click.testing import CliRunner

from boeki.cli.main import cli
from boeki.errors import InputError, NoFigure
from boeki.measure.revisions import (
    measure_releases,
    measure_revision_interval,
    measure_revisions,
)
from tests.handmade import document, flow, lake_of, month


# Japan Customs. Imports of 2022 and 2023 as first released and as they are in the time series of
# 2026 (d41ma), ¥ tn: 118.14 and 118.50; 110.178 and 110.395. Final imports were always higher.
def test_japan_s_imports_are_always_revised_up(lake):
    found = measure_revisions("imports", "JPN", freq="A", by="release", lake=lake)
    row = found.records()[0]
    assert (row["stages"], row["n"], row["upward"]) == ("first to second", 4, 100.0)
    assert 0.2e12 < row["smallest"] < row["largest"] < 0.35e12
    assert row["bias_p"] is None
    assert row["note"] == "no test: fewer than 5 revisions"
    assert found.sources


def test_the_releases_of_november_2024(lake):
    found = measure_releases("balance", "JPN", start="2024-11", end="2024-11", lake=lake)
    rows = found.records()
    assert [str(r["published"]) for r in rows][:2] == ["2024-12-18", "2024-12-26"]
    assert [r["value"] / 10**6 for r in rows][:2] == [-117_620, -110_319]
    assert rows[1]["revision"] == 7_301 * 10**6
    assert rows[0]["revision"] is None
    assert rows[0]["note"] == "first release aboard"


def test_growth_is_of_one_day_s_knowledge(lake):
    found = measure_releases("exports", "JPN", start="2024-11", end="2024-11", of="growth",
                             lake=lake)  # fmt: skip
    # The ministry, 18 December 2024: +3.8 %.
    assert float(found.records()[-1]["value"]) == pytest.approx(3.8, abs=0.05)
    with pytest.raises(InputError, match="no growth in percent"):
        measure_releases("balance", "JPN", of="growth", lake=lake)


def revised(count: int = 30, lift: float = 0.01):
    """Months whose first release is revised up by one percent, give or take."""
    first, rows = [], []
    for i in range(count):
        value = Decimal(1000 + 3 * i)
        moved = value * Decimal(str(round(1 + lift + (0.002 if i % 2 else -0.002), 4)))
        day = dt.date(2020 + i // 12, i % 12 + 1, 28)
        told = [("provisional", value, 20), ("final", moved, 200)]
        for status, v, later in told:
            when = day + dt.timedelta(later)
            rows.append(flow(month(i), v, status=status, published=when, source=f"office/{when}"))
            first.append(f"office/{when}")
    rows.append(flow(month(count), 1100, status="provisional", published=dt.date(2030, 1, 1),
                     source="office/newest"))  # fmt: skip
    return lake_of(rows, documents=[document(s) for s in {*first, "office/newest"}])


def test_a_lean_is_found_and_carried_forward():
    lake = revised()
    (row,) = measure_revisions("exports", "JPN", lake=lake).records()
    assert (row["stages"], row["n"], row["upward"]) == ("provisional to final", 30, 100.0)
    assert row["bias_p"] < 1e-6
    assert row["relative"] == pytest.approx(1.0, abs=0.01)
    (told,) = measure_revision_interval("exports", "JPN", lake=lake).records()
    # 0.8 % and 1.2 % of 1100.
    assert (told["low"], told["high"]) == pytest.approx((1108.8, 1113.2))
    assert told["coverage"] >= 80
    assert told["expected"] == pytest.approx(1111)
    assert told["sign_changes"] is None


def test_a_sign_that_revisions_may_change():
    frame = pd.DataFrame(
        [(month(i), f"202{i // 12 + 2}-01-15", -2.0, "provisional") for i in range(20)]
        + [(month(i), f"202{i // 12 + 4}-01-15", -2.0 + (4 if i % 4 == 0 else 1), "final")
           for i in range(20)]
        + [("2029-01", "2029-02-15", -2.0, "provisional")],
        columns=["period", "published", "value", "status"],
    )  # fmt: skip
    found = measure_revision_interval("balance", data=frame, unit="bn", name="Balance")
    (row,) = found.records()
    # One revision in four is of 4, which turns −2 into +2.
    assert row["sign_changes"] == pytest.approx(25)
    assert row["growth_sign_changes"] is None


def test_what_was_not_yet_known_is_not_used():
    lake = revised()
    early = measure_revisions("exports", "JPN", as_of=dt.date(2021, 6, 1), lake=lake)
    assert early.records()[0]["n"] < 15
    assert early.published <= dt.date(2021, 6, 1)


@pytest.mark.parametrize(
    ("question", "error", "said"),
    [
        ({"freq": "Q", "by": "status"}, NoFigure, "two stages"),
        ({"of": "level", "as_of": dt.date(2019, 1, 1)}, NoFigure, "published by"),
        ({"colour": "red"}, InputError, "colour"),
        ({"of": "colour"}, InputError, "colour"),
    ],
)
def test_questions_that_have_no_answer(question, error, said):
    lake = lake_of([flow(month(i), 5) for i in range(4)])
    with pytest.raises(error, match=said):
        measure_revisions("exports", "JPN", lake=lake, **question)


def test_an_interval_needs_a_past():
    with pytest.raises(NoFigure, match="pull more vintages"):
        measure_revision_interval("exports", "JPN", lake=revised(1))


def test_a_table_with_two_values_of_a_day_is_refused():
    frame = pd.DataFrame({"period": ["2020-01"] * 2, "published": ["2020-02-01"] * 2,
                          "value": [1, 2]})  # fmt: skip
    with pytest.raises(InputError, match="two values published on 2020-02-01"):
        measure_releases(data=frame)


@pytest.mark.parametrize(
    "command",
    [
        ["releases", "balance", "JPN", "--from", "2024-11", "--to", "2024-11"],
        ["revisions", "imports", "JPN", "--freq", "A", "--json"],
        ["revision-interval", "balance", "JPN", "--level", "0.9", "--csv"],
    ],
)
def test_the_commands(command):
    run = CliRunner().invoke(cli, ["measure", *command])
    assert run.exit_code == 0, run.output
