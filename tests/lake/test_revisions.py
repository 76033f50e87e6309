"""Revisions and vintages: what was known when, and by how much it changed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from boeki.errors import InputError, NoFigure
from boeki.lake import Lake
from boeki.lake.revisions import Revision, revisions
from boeki.lake.selection import Selection
from boeki.lake.vintages import vintages
from boeki.terms.periods import Period
from tests.handmade import document, flow, lake_of, stated

JAN, FEB, MAR = dt.date(2024, 1, 20), dt.date(2024, 2, 20), dt.date(2024, 3, 20)
NOVEMBER = Period.month(2024, 11)
MILLION = 1_000_000


def japan(**which: Any) -> Selection:
    """All goods of Japan with the world in November 2024."""
    given = {"partner": "WLD", "product": "TOTAL", "start": NOVEMBER, "end": NOVEMBER, **which}
    return Selection(reporter="JPN", **given)


def chain(found: tuple[Revision, ...]) -> list[tuple[str, Decimal]]:
    """The printings one after another: day and value in million."""
    printings = [found[0].before, *(r.after for r in found)]
    assert [r.before for r in found] == printings[:-1], "the steps do not follow one another"
    return [(str(p.published), round(p.value / MILLION)) for p in printings]


# Ministry of Finance, Japan: releases of 18 and 26 December 2024, and the time series d41ma as of
# September 2026; million yen.
@pytest.mark.parametrize(
    ("flow_", "values"),
    [
        ("export", [9_152_382, 9_152_301, 9_152_003]),
        ("import", [9_270_002, 9_262_620, 9_272_812]),
        ("balance", [-117_620, -110_319, -120_810]),
    ],
)
def test_november_2024_as_it_was_revised(lake: Lake, flow_: str, values: list[int]) -> None:
    found = revisions(lake, japan(flow=flow_))
    days = ["2024-12-18", "2024-12-26", "2026-09-30"]
    assert chain(found.listed) == list(zip(days, values, strict=True))
    assert [round(r.difference / MILLION) for r in found.listed] == [
        pytest.approx(values[1] - values[0], abs=1),
        pytest.approx(values[2] - values[1], abs=1),
    ]
    assert found.total == 2
    assert [r.after.status for r in found.listed][-1] == "final"


def test_the_deficit_of_october_2024_was_revised_up(lake: Lake) -> None:
    # Provisional 461.2 bn (release of 20 November 2024), final 499.95 bn (d41ma).
    october = Period.month(2024, 10)
    (only,) = revisions(lake, japan(flow="balance", start=october, end=october)).listed
    assert only.before.value / 10**9 == pytest.approx(Decimal("-461.2"), abs=Decimal("0.05"))
    assert only.after.value / 10**9 == pytest.approx(Decimal("-499.95"), abs=Decimal("0.005"))
    # A deficit that grows is a fall of the balance.
    assert only.percent == pytest.approx(100 * (499.95 - 461.235) / -461.235, abs=0.01)


def test_a_revision_says_from_what_to_what() -> None:
    lake = lake_of(
        [
            flow("2023-12", 200, published=JAN, status="provisional"),
            flow("2023-12", 190, published=MAR, source="office/b"),
        ],
        documents=[document("office/b")],
    )
    (only,) = revisions(lake).listed
    assert only.to_dict() == {
        "table": "flows",
        "office": "office",
        "reporter": "JPN",
        "flow": "export",
        "partner": "WLD",
        "classification": "JP-PC",
        "product": "TOTAL",
        "freq": "M",
        "currency": "JPY",
        "valuation": "fob",
        "system": "",
        "adjustment": "nsa",
        "period": "2023-12",
        "from": {
            "value": "200",
            "published": "2024-01-20",
            "source": "office",
            "status": "provisional",
        },
        "to": {
            "value": "190",
            "published": "2024-03-20",
            "source": "office/b",
            "status": "final",
        },
        "difference": "-10",
        "percent": -5.0,
        "unchanged": False,
        "reading": False,
    }
    assert only.name == "office: JPN export TOTAL WLD fob"
    assert list(only.row()) == list(revisions(series_revised()).listed[0].row())


def series_revised() -> Lake:
    """A series that was revised from 3 to 4 percent, and from 0 to 5 yen."""
    return lake_of(
        series=[
            stated("2023-12", 3, unit="%", published=JAN),
            stated("2023-12", 4, unit="%", published=MAR, resolution="0.1"),
            stated("2023-11", 0, published=JAN),
            stated("2023-11", 5, published=MAR),
        ]
    )


def test_a_percentage_and_a_change_from_nothing_have_no_percent() -> None:
    found = revisions(series_revised()).listed
    assert [(r.unit, r.difference, r.percent) for r in found] == [
        ("%", 1, None),
        ("JPY", 5, None),
    ]


def test_what_the_last_digits_can_make_is_no_revision() -> None:
    lake = lake_of(
        [
            # Printed in millions, then in thousands: half a million and 500 apart at most.
            flow("2023-12", 5_000_000, published=JAN, resolution=10**6),
            flow("2023-12", 5_500_500, published=FEB, resolution=10**3),
            flow("2023-11", 5_000_000, published=JAN, resolution=10**6),
            flow("2023-11", 5_500_501, published=FEB, resolution=10**3),
            # Only firmer than before.
            flow("2023-10", 7, published=JAN, status="provisional"),
            flow("2023-10", 7, published=FEB),
        ]
    )
    found = revisions(lake)
    assert [r.period for r in found.listed] == ["2023-11"]
    whole = revisions(lake, everything=True)
    assert [(r.period, r.unchanged) for r in whole.listed] == [
        ("2023-10", True),
        ("2023-11", False),
        ("2023-12", True),
    ]
    assert (found.total, whole.total) == (1, 3)


def thrice() -> Lake:
    """Two months' exports: one revised from 100 to 110 to 105, one from 1000 to 990."""
    return lake_of(
        [
            flow("2023-12", 100, published=JAN),
            flow("2023-12", 110, published=FEB),
            flow("2023-12", 105, published=MAR),
            flow("2023-11", 1000, published=JAN),
            flow("2023-11", 990, published=MAR),
            flow("2023-10", 1000, published=JAN),
        ]
    )


def test_how_far_on_the_whole() -> None:
    december = revisions(thrice()).extents[1]
    # +10 and −5: 7.5 in size, +2.5 on average; +10 % and −4.545 %.
    assert (december.period, december.unit, december.revisions) == ("2023-12", "JPY", 2)
    assert (december.mean_absolute, december.bias, december.largest) == (7.5, 2.5, 10.0)
    assert december.mean_absolute_percent == pytest.approx((10 + 100 * 5 / 110) / 2)
    assert december.bias_percent == pytest.approx((10 - 100 * 5 / 110) / 2)
    assert [e.period for e in revisions(thrice()).extents] == ["2023-11", "2023-12"]


def test_since_a_day_the_value_before_is_still_the_one_before() -> None:
    found = revisions(thrice(), since=FEB + dt.timedelta(days=1)).listed
    assert [(r.period, r.before.value, r.after.value) for r in found] == [
        ("2023-11", 1000, 990),
        ("2023-12", 110, 105),
    ]


def test_the_largest_are_those_that_changed_most_in_percent() -> None:
    found = revisions(thrice(), largest=2)
    assert [(r.period, r.difference) for r in found.listed] == [("2023-12", 10), ("2023-12", -5)]
    assert found.total == 3
    with pytest.raises(InputError, match="1 or more"):
        revisions(thrice(), largest=0)


def test_a_balance_is_revised_when_either_side_is() -> None:
    lake = lake_of(
        [
            flow("2023-12", 100, published=JAN, status="provisional"),
            flow("2023-12", 60, flow="import", published=FEB),
            flow("2023-12", 110, published=MAR),
            flow("2023-12", 65, flow="import", published=MAR),
        ]
    )
    (only,) = revisions(lake, Selection(flow="balance")).listed
    # Known from February on, when both sides were: 100 − 60, then 110 − 65.
    assert (only.before.value, only.after.value) == (40, 45)
    assert (only.before.published, only.after.published) == (FEB, MAR)
    assert (only.before.status, only.after.status) == ("provisional / final", "final")
    assert only.figure["valuation"] == "fob/cif"


def test_the_balance_of_a_product_is_refused() -> None:
    with pytest.raises(InputError, match="exports and its imports"):
        revisions(thrice(), Selection(flow="balance", product="70131"))


def test_figures_that_were_never_revised_are_no_error() -> None:
    october = Period.month(2023, 10)
    found = revisions(thrice(), Selection(start=october, end=october))
    assert (found.listed, found.total, found.extents) == ((), 0, ())
    one = lake_of([flow("2023-12", 1), flow("2023-12", 2, flow="import")])
    assert revisions(one, Selection(flow="balance")).total == 0


@pytest.mark.parametrize(
    "which",
    [
        Selection(reporter="FRA"),
        Selection(product="no such code"),
        Selection(flow="balance", reporter="FRA"),
        Selection(key="price"),
    ],
)
def test_figures_that_are_not_there_are_an_error(which: Selection) -> None:
    with pytest.raises(NoFigure, match="no such figures"):
        revisions(thrice(), which)


# --- which figures ------------------------------------------------------------------------------


def test_a_term_means_another_code_in_each_flow(lake: Lake) -> None:
    # Semiconductors etc.: 70323 among exports, 70311 among imports (d51ma and d61ma).
    found = revisions(lake, Selection(product="semiconductors"), everything=True)
    codes = {(r.figure["flow"], r.figure["product"]) for r in found.listed}
    assert codes == {("export", "70323"), ("import", "70311")}


@pytest.mark.parametrize("code", ["70131", "JP-PC:70131"])
def test_a_code_may_name_its_classification(lake: Lake, code: str) -> None:
    found = revisions(lake, Selection(product=code, flow="export", partner="WLD"))
    assert {r.figure["product"] for r in found.listed} == {"70131"}


def test_a_quote_in_a_text_is_a_text() -> None:
    with pytest.raises(NoFigure):
        revisions(thrice(), Selection(office="o' OR true --"))


def test_the_partner_and_the_key_of_a_series(lake: Lake) -> None:
    # −85.5 % in the release, −86.4 % eight days later.
    (only,) = revisions(lake, Selection(key="balance.yoy", partner="WLD")).listed
    assert (only.before.value, only.after.value) == (Decimal("-85.5"), Decimal("-86.4"))
    assert only.name == "japan-customs: balance.yoy JPN WLD TOTAL"


# --- vintages -----------------------------------------------------------------------------------


def test_what_each_document_brought() -> None:
    lake = lake_of(
        [
            flow("2023-12", 100, published=JAN, vintage="provisional"),
            flow("2023-11", 90, published=JAN, vintage="provisional"),
            flow("2023-12", 110, published=MAR, source="office/b"),
            flow("2024-01", 50, published=MAR, source="office/b"),
            flow("2024-02", 50, published=MAR, source="office/b"),
        ],
        documents=[document("office/b")],
    )
    first, second = vintages(lake)
    assert (first.published, first.vintage, first.first, first.last) == (
        JAN,
        "provisional",
        "2023-11",
        "2023-12",
    )
    assert (first.rows, first.firsts, first.revisions) == (2, 2, 0)
    assert (second.source, second.title, second.first, second.last) == (
        "office/b",
        "A release",
        "2023-12",
        "2024-02",
    )
    assert (second.rows, second.firsts, second.revisions) == (3, 2, 1)


def test_vintages_of_november_2024(lake: Lake) -> None:
    found = {v.source: v for v in vintages(lake, japan(flow="export"))}
    release = found["japan-customs/press-2024-11-provisional"]
    series = found["japan-customs/d41ma@2026-09"]
    assert (release.firsts, release.revisions) == (1, 0)
    assert (series.firsts, series.revisions) == (0, 1)
    with pytest.raises(NoFigure, match="boeki lake status"):
        vintages(lake, Selection(office="nobody"))
