"""The gap between two official numbers: vintages, adjustment, currency, what is counted."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from functools import partial

import pytest

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.gap import explain_gap

from ..handmade import flow, lake_of

MN = Decimal(10) ** 6


@pytest.fixture(scope="module")
def november(lake):
    return partial(explain_gap, "balance", "JPN", "2024-11", lake=lake)


@pytest.fixture(scope="module")
def from_the_first_release(november):
    return november(first={"as_of": dt.date(2024, 12, 18)})


def adds_up(answer):
    rows = answer.records()
    assert sum(r["effect"] for r in rows) == pytest.approx(answer.about["gap"])
    for one, other in itertools.pairwise(rows):
        assert one["after"] == other["before"]
    return rows


def test_the_vintages_of_japans_balance_of_november_2024(from_the_first_release):
    # Japan Customs, mn yen: −117,620 on 18 December, −110,319 on 26 December, −120,810 in the end.
    rows = adds_up(from_the_first_release)
    values = [rows[0]["before"], *(r["after"] for r in rows)]
    assert [(v / MN).quantize(Decimal(1)) for v in values] == [-117_620, -110_319, -120_810]
    assert {r["step"] for r in rows} == {"vintage"}
    assert rows[0]["from"] == "2024-12-18 provisional"
    assert any("provisional and final" in note for note in from_the_first_release.notes)


def test_backwards_the_steps_are_the_same_with_the_other_sign(november, from_the_first_release):
    back = adds_up(november(second={"as_of": "2024-12-18"}))
    forth = adds_up(from_the_first_release)
    assert [r["effect"] for r in back] == [-r["effect"] for r in reversed(forth)]


def test_a_printed_number_and_the_seasonal_adjustment(november):
    # ActionForex: seasonally adjusted, −384 bn in November 2024.
    rows = adds_up(
        november(first={"as_of": "2024-12-18", "value": "-117600000000"}, second={"adjusted": True})
    )
    assert rows[0]["step"] == "number as printed"
    assert rows[0]["effect"] == -20 * MN
    assert (rows[-1]["step"], rows[-1]["after"]) == ("seasonal adjustment", -384_000 * MN)
    # The adjusted figure is older than the final one.
    assert "2024-12-18" in rows[-1]["note"]


def test_chip_equipment_by_customs_and_by_its_makers(lake):
    # Exports +32.1 % (Japan Customs), billings +35.2 % (SEAJ, three-month average). The average of
    # September to November over a year before, from d51ma: see the monthly figures there.
    found = explain_gap("exports", "JPN", "2024-11", product="semiconductor_equipment",
                        growth="yoy", second={"measure": "sales"}, lake=lake)  # fmt: skip
    rows = adds_up(found)
    assert [r["step"] for r in rows] == ["average of three months", "what is counted"]
    assert (round(rows[0]["before"], 1), rows[-1]["after"]) == (32.1, 35.2)
    assert any("SEAJ" in note for note in found.notes)


def test_growth_in_yen_and_in_dollars(lake):
    found = explain_gap("exports", "JPN", "2024-11", growth="yoy", second={"currency": "USD"},
                        lake=lake)  # fmt: skip
    (row,) = adds_up(found)
    # 149.8227 and 153.7126 yen to the dollar: the yen fell by 2.5 %.
    assert row["step"] == "currency"
    assert (round(row["before"], 1), round(row["after"], 1)) == (3.8, 1.1)


def test_a_number_that_the_lake_does_not_have_is_all_residual(lake):
    found = explain_gap("exports", "JPN", "2024-11", product="semiconductor_equipment",
                        growth="yoy", first={"value": "120"}, lake=lake)  # fmt: skip
    (row,) = adds_up(found)
    assert (row["step"], row["before"]) == ("number as printed", 120.0)
    lost = explain_gap("exports", "JPN", "2024-11", first={"value": 9_000_000_000_000},
                       second={"partner": "BTN", "value": 1}, lake=lake)  # fmt: skip
    assert adds_up(lost)[-1]["step"] == "residual"


def test_the_same_number_twice_has_no_steps(november):
    found = november()
    assert found.records() == []
    assert "The two numbers are the same." in found.notes


def test_changes_that_the_lake_cannot_make_one_by_one_go_together():
    rows = [flow("2024-01", 5), flow("2024-01", 9, partner="USA", flow="import")]
    found = explain_gap("exports", "JPN", "2024-01",
                        second={"partner": "USA", "measure": "imports"},
                        lake=lake_of(rows))  # fmt: skip
    (row,) = adds_up(found)
    assert row["step"] == "partner, what is counted"
    assert row["note"] == "the lake cannot take these apart"


def test_what_cannot_be_compared_is_refused(lake, november):
    with pytest.raises(InputError, match="name one currency"):
        november(second={"currency": "USD"})
    with pytest.raises(UnknownTerm, match="attribute"):
        november(first={"weather": "fine"})
    with pytest.raises(InputError, match="no day"):
        november(first={"as_of": "yesterday"})
    with pytest.raises(UnknownTerm):
        november(growth="weekly")
    with pytest.raises(InputError, match="of 1 or of 3"):
        november(first={"window": 5})
    with pytest.raises(NoFigure):
        explain_gap("exports", "JPN", "2024-11", second={"partner": "BTN"}, lake=lake)
    # A quarter's change on the quarter before is not taken for one on the year.
    with pytest.raises(InputError, match="ask yoy"):
        explain_gap("exports", "JPN", "2024-Q3", growth="mom", lake=lake)
    with pytest.raises(InputError, match="name a month"):
        november(first={"period": "2024-01/2024-11"})
