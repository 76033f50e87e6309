"""The current account as saving less investment."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boeki.errors import InputError, UnknownTerm
from boeki.explain.national_accounts import lake_accounts
from boeki.explain.saving_investment import explain_saving_investment

from ..handmade import lake_of, stated

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
ROW = {
    "period": "2024", "private_saving": 25, "private_investment": 20, "public_saving": -3,
    "public_investment": 4, "current_account": -1, "gdp": 100,
}  # fmt: skip


def test_by_hand():
    # Private 25 − 20 = 5, public −3 − 4 = −7: together −2; the current account of −1 leaves 1.
    (row,) = explain_saving_investment([ROW]).records()
    assert (row["private_gap"], row["public_gap"], row["gap"]) == (5, -7, -2)
    assert (row["discrepancy"], row["current_account"]) == (1, -1)
    (share,) = explain_saving_investment([{**ROW, "gdp": 200}], shown="gdp").records()
    assert (share["private_gap"], share["current_account"]) == (2.5, -0.5)


def test_the_twin_deficits_of_the_imfs_identity():
    # IMF, External Sector Report: S − I of the private sector = government deficit + CA. With a
    # private surplus of 2 and a deficit of 5, the current account is −3.
    (row,) = explain_saving_investment(
        [{"period": "2024", "private_gap": 2, "government_gap": -5}]
    ).records()
    assert row["gap"] == -3
    assert "discrepancy" not in row


@given(st.lists(st.tuples(*[AMOUNTS] * 5), min_size=2, max_size=4))
def test_levels_and_changes_add_up_to_the_last_digit(years):
    names = ("a_saving", "a_investment", "b_saving", "b_investment", "current_account")
    table = [
        {"period": str(2020 + i), **dict(zip(names, row, strict=True))}
        for i, row in enumerate(years)
    ]
    for shown in ("level", "change"):
        for row in explain_saving_investment(table, shown=shown).records():
            sectors = row["a_gap"] + row["b_gap"]
            assert sectors + row["discrepancy"] == row["current_account"]
            assert row["a_saving"] - row["a_investment"] == row["a_gap"]


def test_changes_are_on_the_period_before():
    later = {**ROW, "period": "2025", "private_saving": 28, "current_account": 2}
    (row,) = explain_saving_investment([ROW, later], shown="change").records()
    assert (row["period"], row["private_saving"], row["current_account"]) == ("2025", 3, 3)
    assert row["discrepancy"] == 0


def test_what_is_missing_is_told():
    first, _second = explain_saving_investment(
        [{**ROW, "public_investment": None}, {**ROW, "period": "2025"}]
    ).records()
    assert (first["public_gap"], first["gap"], first["discrepancy"]) == (None, None, None)
    assert "public_investment" in first["note"]


def test_series_of_a_lake_are_evidence():
    rows = [stated("2024", v, key=k, freq="A", dimensions={}) for k, v in
            (("s.private", 5), ("s.public", -7))]  # fmt: skip
    found = explain_saving_investment(
        lake_accounts(lake_of(series=rows), "JPN",
                      {"private_gap": "s.private", "public_gap": "s.public"})
    )  # fmt: skip
    assert (found.records()[0]["gap"], found.sources) == (Decimal(-2), ("office",))


@pytest.mark.parametrize(
    ("table", "asked", "error"),
    [
        ([], {}, InputError),
        ([{"private_saving": 1}], {}, InputError),
        ([{"period": "2024", "private_saving": 1}], {}, InputError),
        ([{"period": "2024", "current_account": 1}], {}, InputError),
        ([{"period": "2024", "private_gap": 1, "weather": 2}], {}, InputError),
        ([{"period": "2024", "private_gap": 1}], {"shown": "gdp"}, InputError),
        ([{"period": "2024", "private_gap": 1, "gdp": 0}], {"shown": "gdp"}, InputError),
        ([{"period": "2024", "private_gap": 1}] * 2, {}, InputError),
        ([{"period": "2024", "private_gap": 1}], {"shown": "sideways"}, UnknownTerm),
        ([{"period": "2024", "private_gap": 1}], {"start": "2025"}, InputError),
    ],
)
def test_what_cannot_be_explained_is_refused(table, asked, error):
    with pytest.raises(error):
        explain_saving_investment(table, **asked)


def test_a_span_of_years_takes_their_quarters():
    rows = [
        {"period": p, "private_gap": 1, "public_gap": -1} for p in ("2023-Q3", "2023-Q4", "2024-Q1")
    ]
    found = explain_saving_investment(rows, end="2023").records()
    assert [r["period"] for r in found] == ["2023-Q3", "2023-Q4"]
    assert [r["period"] for r in explain_saving_investment(rows, start="2024").records()] == [
        "2024-Q1"
    ]
    with pytest.raises(InputError, match="the table has 2023-Q3 to 2024-Q1"):
        explain_saving_investment(rows, start="2025")
