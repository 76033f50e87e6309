"""Decompositions: they add up to the last digit, and to what was published."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain import Decomposition, contributions
from boeki.explain.contributions import SIGNS, sections
from boeki.lake import Lake, open_lake
from boeki.measure.table import measure_series
from boeki.terms.periods import Period
from boeki.terms.products import by_code
from tests.handmade import document, flow, lake_of, month, rows_of

NOVEMBER = Period.parse("2024-11")
MEASURES = sorted(SIGNS)
BN = 10**9


@pytest.fixture(scope="module")
def november(lake: Lake) -> Decomposition:
    return contributions(lake, "JPN", NOVEMBER)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize(
    ("period", "base"),
    [("2024-11", "yoy"), ("2024-11", "mom"), ("2024-Q4", "yoy"), ("2024-10", "yoy")],
)
def test_it_adds_up_to_the_last_digit(
    lake: Lake, measure: str, level: int, period: str, base: str
) -> None:
    found = contributions(
        lake, "JPN", Period.parse(period), measure=measure, base=base, level=level
    )
    parts = sum((p.change for p in found.parts), Decimal(0))
    assert parts + found.residual == found.change
    # The customs' nine sections are all goods, so nothing is left.
    assert found.residual == 0
    freq = "Q" if "Q" in period else "M"
    whole = measure_series(measure, "JPN", start=period, end=period, freq=freq, lake=lake).rows[0]
    assert found.change == getattr(whole, f"{base}_difference")


@pytest.mark.parametrize("measure", MEASURES)
def test_every_level_of_a_section_adds_up_to_the_same(lake: Lake, measure: str) -> None:
    totals = [
        sections(contributions(lake, "JPN", NOVEMBER, measure=measure, level=level).parts)
        for level in (1, 2, 3, 4)
    ]
    assert totals[0] == totals[1] == totals[2] == totals[3]
    assert len(totals[0]) == 9 * len(SIGNS[measure])


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_two_levels_are_never_added(lake: Lake, level: int) -> None:
    found = contributions(lake, "JPN", NOVEMBER, level=level)
    lines = [(p.flow, p.code, p.term) for p in found.parts]
    assert len(set(lines)) == len(lines)
    # What stands for itself has nothing above it that does; "other" is what is left of a section.
    whole = {(flow_, code) for flow_, code, term in lines if term != "other"}
    for flow_, code in whole:
        above = by_code(code, flow_)
        while above is not None and above.level > 1:
            above = by_code(above.parent, flow_)
            assert above is None or (flow_, above.code) not in whole


@pytest.mark.parametrize(
    ("flow_", "term", "level", "change", "share"),
    [
        # From d41ma.csv, d51ma.csv and d61ma.csv (customs.go.jp/toukei/suii/html/data): change on
        # the year in billion yen, with its effect on the balance, and its share of +693.1.
        ("import", "mineral_fuels", 1, 420.4, 60.7),
        ("export", "others", 1, 316.7, 45.7),
        ("import", "crude_oil", 2, 321.8, 46.4),
        ("export", "special_transactions", 2, 285.8, 41.2),
        ("export", "semiconductor_equipment", 2, 91.0, 13.1),
        ("import", "semiconductors", 2, 87.7, 12.7),
        ("export", "motor_vehicles", 2, -87.1, -12.6),
        ("import", "telecommunications", 2, -96.6, -13.9),
        ("import", "computers", 2, -90.3, -13.0),
    ],
)
def test_november_2024(
    lake: Lake, flow_: str, term: str, level: int, change: float, share: float
) -> None:
    found = contributions(lake, "JPN", NOVEMBER, level=level).find(flow_, term)
    assert found is not None
    assert (round(float(found[1].change / BN), 1), round(found[1].share, 1)) == (change, share)


def test_what_november_2024_is_made_of(november: Decomposition, lake: Lake) -> None:
    # d41ma.csv: +693.1 billion, of which exports +334.0 and imports -359.0.
    assert round(november.change / BN, 1) == Decimal("693.1")
    for measure, change in (("exports", "334.0"), ("imports", "-359.0")):
        found = contributions(lake, "JPN", NOVEMBER, measure=measure)
        assert round(found.change / BN, 1) == Decimal(change)
    # Crude oil did most; chip machinery came after it and after special transactions.
    places = {
        term: (november.find(flow_, term) or (0,))[0]
        for flow_, term in (
            ("import", "crude_oil"),
            ("export", "special_transactions"),
            ("export", "semiconductor_equipment"),
        )
    }
    assert places == {
        "crude_oil": 1,
        "special_transactions": 2,
        "semiconductor_equipment": 3,
    }


def test_parts_stand_in_order(november: Decomposition) -> None:
    sizes = [abs(p.change) for p in november.parts]
    assert sizes == sorted(sizes, reverse=True)
    ranked = [p.change for p in november.ranked]
    assert ranked == sorted(ranked, reverse=True)
    fall = [p.change for p in falling(november).ranked]
    assert fall == sorted(fall)


def falling(d: Decomposition) -> Decomposition:
    """The same parts in a change of the other sign."""
    from dataclasses import replace

    return replace(d, change=-d.change)


def test_shares_make_up_the_whole(november: Decomposition) -> None:
    assert sum(p.share for p in november.parts) == pytest.approx(100, abs=1e-9)


def test_it_names_the_rows_of_both_ends(november: Decomposition, lake: Lake) -> None:
    rows = rows_of(lake, lake.all_flows.filter(lake.all_flows.row.isin(november.rows)))
    assert {r["period"] for r in rows} == {"2023-11", "2024-11"}
    assert {r["source"] for r in rows} == set(november.sources)
    assert max(r["published"] for r in rows) == november.published


def test_a_cause_that_is_not_there(november: Decomposition) -> None:
    assert november.find("export", "crude_oil") is None


@pytest.mark.parametrize(
    ("reporter", "period", "how"),
    [
        # Chip machinery is aboard to May 2026, but no other commodity after 2024.
        ("JPN", "2025-05", {}),
        ("JPN", "2025-05", {"measure": "exports"}),
        ("JPN", "2008-11", {}),
        ("JPN", "1999-11", {}),
        ("FRA", "2024-11", {}),
        ("JPN", "2024-11", {"as_of": dt.date(2024, 12, 18)}),
        # A change on the month is one of a month.
        ("JPN", "2024-Q4", {"base": "mom"}),
        ("JPN", "2024-11-01/2024-11-20", {}),
    ],
)
def test_no_decomposition_without_commodities(
    lake: Lake, reporter: str, period: str, how: dict[str, object]
) -> None:
    with pytest.raises(NoFigure):
        contributions(lake, reporter, Period.parse(period), **how)  # type: ignore[arg-type]


def test_totals_alone_are_no_decomposition() -> None:
    rows = [flow(month(m), 100 + m, flow=f) for m in (0, 12) for f in ("export", "import")]
    with pytest.raises(NoFigure, match="no commodities of Japan for January 2021"):
        contributions(lake_of(rows), "JPN", Period.parse("2021-01"))


@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ({"measure": "balanse"}, UnknownTerm, "did you mean balance"),
        ({"base": "wow"}, UnknownTerm, "base 'wow'"),
        ({"level": 0}, InputError, "0 is no level"),
        ({"level": 7}, InputError, "7 is no level"),
    ],
)
def test_what_cannot_be_asked(
    lake: Lake, how: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        contributions(lake, "JPN", NOVEMBER, **how)  # type: ignore[arg-type]


def test_a_reporter_may_be_named(lake: Lake, november: Decomposition) -> None:
    assert contributions(lake, "Japan", NOVEMBER) == november


# --- a lake made by hand ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fuels() -> Decomposition:
    """Imports of 100 that become 75: fuels 60 to 20, of it oil 50 to 25; food 30 to 40; 10 to 15.

    Of a country that has no figures of its own in the embedded lake, which knows the codes.
    """
    values = {"TOTAL": (100, 75), "3": (60, 20), "30301": (50, 25), "0+1": (30, 40)}
    hand = open_lake()
    hand.append("documents", [document()])
    hand.append(
        "flows",
        [
            flow(period, value, flow="import", product=code, reporter="FRA", currency="EUR")
            for code, pair in values.items()
            for period, value in zip(("2023-11", "2024-11"), pair, strict=True)
        ],
    )
    return contributions(hand, "FRA", NOVEMBER, measure="imports")


def test_what_a_level_leaves_of_its_section_is_other(fuels: Decomposition) -> None:
    shown = {(p.term, p.section): p.change for p in fuels.parts}
    assert shown == {
        ("crude_oil", "mineral_fuels"): -25,
        ("other", "mineral_fuels"): -15,
        ("food", "food"): 10,
    }


def test_what_the_sections_leave_of_the_total_is_residual(fuels: Decomposition) -> None:
    # Neither food nor fuels: 10 of 100, then 15 of 75.
    assert (fuels.change, fuels.residual) == (-25, 5)
    assert fuels.currency == "EUR"


def test_other_is_named_after_its_section(fuels: Decomposition) -> None:
    found = fuels.find("import", "other")
    assert found is not None
    assert (found[0], found[1].name, found[1].code) == (2, "Other mineral fuels", "3")
    assert found[1].share == pytest.approx(60)
