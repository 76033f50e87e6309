"""Contributions by commodity and partner, in any classification."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.contribution_table import OTHER, explain_contributions
from boeki.explain.reclassified import families
from tests.handmade import flow, lake_of

BN = Decimal(10) ** 9


def effects(found):
    return {r["part"]: r["effect"] for r in found.records()}


def whole(found):
    """What the rows add up to."""
    return sum((r["effect"] for r in found.records()), Decimal(0))


# Japan Customs, time series of principal commodities (final figures of 2024), and totals d41ma:
# imports of mineral fuels fell by ¥420.4 bn, the balance improved by ¥693.1 bn.
def test_november_2024_by_commodity(lake):
    found = explain_contributions("JPN", "2024-11", level=1, lake=lake)
    assert found.about["change"] == pytest.approx(Decimal("693.06") * BN, rel=Decimal("1e-4"))
    first = found.records()[0]
    assert first["part"] == "imports: Mineral fuels"
    assert float(first["effect"] / BN) == pytest.approx(420.4, abs=0.05)
    assert first["share"] == pytest.approx(60.7, abs=0.05)

    finer = effects(explain_contributions("JPN", "2024-11", lake=lake))
    known = {
        "exports: Special transactions (goods not classified by kind)": 285.8,
        "imports: Crude and partly refined petroleum": 321.8,
        "exports: Semiconductor machinery etc.": 91.0,
        "exports: Motor vehicles": -87.1,
        "imports: Semiconductors and other electronic parts": 87.7,
        "imports: Telecommunications equipment": -96.6,
        "imports: Computers and units": -90.3,
    }
    for part, value in known.items():
        assert float(finer[part] / BN) == pytest.approx(value, abs=0.05), part


@pytest.mark.parametrize("measure", ["balance", "trade", "exports", "imports"])
@pytest.mark.parametrize("level", [1, 2, 3, 4])
@pytest.mark.parametrize("largest", [None, 7])
def test_embedded_parts_add_up_to_the_last_digit(lake, measure, level, largest):
    found = explain_contributions(
        "JPN", "2024-11", measure, level=level, largest=largest, lake=lake
    )
    assert whole(found) + found.about["residual"] == found.about["change"]
    assert found.about["residual"] == 0
    if largest:
        assert found.records()[largest]["name"].endswith("smaller parts")


def cell(period, value, flow_="export", partner="USA", product="848620", **other):
    told = {"classification": "HS2017", "currency": "USD", "freq": "A", "source": "office"}
    return flow(
        period, value, flow=flow_, partner=partner, product=product, reporter="KOR",
        **(told | other),
    )  # fmt: skip


SMALL = [
    cell("2019", 10), cell("2020", 25),
    cell("2019", 40, partner="CHN"), cell("2020", 30, partner="CHN"),
    cell("2019", 7, product="870323"),
    cell("2020", 9, product="854232", partner="CHN"),
    cell("2019", 5, "import"), cell("2020", 11, "import"),
]  # fmt: skip


def test_cells_of_commodity_and_partner():
    found = explain_contributions(
        "KOR", "2020", vs="2019", by=("product", "partner"), lake=lake_of(SMALL)
    )
    rows = {(r["flow"], r["product"], r["partner"]): r for r in found.records()}
    assert {k: r["effect"] for k, r in rows.items()} == {
        ("export", "848620", "USA"): 15,
        ("export", "848620", "CHN"): -10,
        ("export", "854232", "CHN"): 9,
        ("export", "870323", "USA"): -7,
        # More imports make the balance smaller.
        ("import", "848620", "USA"): -6,
    }
    assert [abs(r["effect"]) for r in found.records()] == [15, 10, 9, 7, 6]
    assert rows["export", "854232", "CHN"]["before"] is None
    assert "no figure for 2019" in rows["export", "854232", "CHN"]["note"]
    assert "no figure for 2020" in rows["export", "870323", "USA"]["note"]
    # 57 − 5 to 64 − 11.
    assert (found.about["before"], found.about["after"]) == (52, 53)
    assert whole(found) == found.about["change"] == 1
    assert any("No total is stated" in n for n in found.notes)
    assert rows["export", "848620", "USA"]["growth"] == pytest.approx(150)


def test_partners_with_exports_and_imports_in_one_line():
    found = explain_contributions("KOR", "2020", by="partner", net=True, lake=lake_of(SMALL))
    assert {r["partner"]: r["effect"] for r in found.records()} == {"USA": 2, "CHN": -1}
    with pytest.raises(InputError, match="netted by partner"):
        explain_contributions("KOR", "2020", net=True, lake=lake_of(SMALL))


def test_what_a_stated_total_has_beyond_the_parts_is_a_row():
    totals = [
        cell(p, v, f, partner="WLD", product="TOTAL")
        for p, f, v in (("2019", "export", 60), ("2020", "export", 70),
                        ("2019", "import", 5), ("2020", "import", 11))
    ]  # fmt: skip
    # The office tells the world by product too, of which the cells must not be added up again.
    world = [cell("2019", 50, partner="WLD"), cell("2020", 55, partner="WLD")]
    lake = lake_of([*SMALL, *totals, *world])
    found = explain_contributions("KOR", "2020", by=("product", "partner"), lake=lake)
    (other,) = (r for r in found.records() if r["name"] == OTHER)
    # 60 − 57 = 3 before, 70 − 64 = 6 after.
    assert (other["flow"], other["before"], other["after"], other["effect"]) == ("export", 3, 6, 3)
    assert found.records()[-1] is not None
    assert whole(found) == found.about["change"] == (70 - 11) - (60 - 5)


def test_the_largest_and_one_line_for_the_others():
    found = explain_contributions(
        "KOR", "2020", "exports", by=("product", "partner"), largest=2, lake=lake_of(SMALL)
    )
    assert [r["effect"] for r in found.records()] == [15, -10, 2]
    assert found.records()[2]["name"] == "2 smaller parts"
    assert found.records()[0]["points"] == pytest.approx(15 / 57 * 100)


def test_months_add_up_to_a_longer_period():
    rows = [
        cell(f"{y}-{m:02d}", 10 * m + (y - 2019), freq="M") for y in (2019, 2020)
        for m in range(1, 4)
    ]  # fmt: skip
    found = explain_contributions("KOR", "2020-Q1", "exports", lake=lake_of(rows))
    assert (found.about["before"], found.about["after"]) == (60, 63)
    with pytest.raises(NoFigure, match="exports of 2019-02"):
        explain_contributions("KOR", "2020-Q1", "exports", lake=lake_of(rows[:1] + rows[2:]))


# United Nations Statistics Division, correlation of HS 2022 and HS 2017: flat panel display modules
# have headings of their own since 2022 (8524), and smartphones a code (851713), both of which the
# conversion table sends to 8517.12 and 8517.70; machines for semiconductors kept theirs (848620).
def test_a_new_edition_of_the_classification_is_bridged_and_said():
    found = families("HS2017", "HS2022")
    assert found["HS2022", "848620"] == found["HS2017", "848620"] == "848620"
    assert found["HS2022", "851713"] == found["HS2017", "851712"]
    rows = [
        cell("2021", 10), cell("2022", 12, classification="HS2022"),
        cell("2021", 100, product="851712"),
        cell("2022", 90, product="851713", classification="HS2022"),
        cell("2022", 5, product="851714", classification="HS2022"),
    ]  # fmt: skip
    answer = explain_contributions("KOR", "2022", "exports", lake=lake_of(rows))
    told = {r["product"]: (r["before"], r["after"], r["effect"]) for r in answer.records()}
    assert told == {"848620": (10, 12, 2), "851712+": (100, 95, -5)}
    assert any("HS2017" in n and "HS2022" in n for n in answer.notes)


def test_a_later_period_can_be_what_is_compared_with():
    rows = [
        cell("2021", 100, product="851712"),
        cell("2022", 90, product="851713", classification="HS2022"),
    ]
    there = explain_contributions("KOR", "2022", "exports", vs="2021", lake=lake_of(rows))
    back = explain_contributions("KOR", "2021", "exports", vs="2022", lake=lake_of(rows))
    assert [r["product"] for r in back.records()] == ["851712+"]
    assert back.about["change"] == -there.about["change"] == 10
    totals = [cell(p, v, partner="WLD", product="TOTAL") for p, v in (("2019", 60), ("2020", 70))]
    stated = explain_contributions(
        "KOR", "2019", "exports", vs="2020", by="partner", lake=lake_of([*SMALL, *totals])
    )
    assert (stated.about["before"], stated.about["after"]) == (70, 60)
    assert whole(stated) == -10


def test_one_product_of_an_office_that_states_no_world():
    found = explain_contributions(
        "KOR", "2020", "exports", by="product", product="848620", lake=lake_of(SMALL)
    )
    assert (found.about["before"], found.about["after"], whole(found)) == (50, 55, 5)
    assert any("states no trade with the world" in n for n in found.notes)


def test_a_year_that_is_not_there_is_named_as_a_year():
    with pytest.raises(NoFigure, match="lacking are exports of 2018;"):
        explain_contributions("KOR", "2019", "exports", lake=lake_of(SMALL))


def test_a_span_of_several_years_is_whole():
    rows = [cell(f"{y}-{m:02d}", 1, freq="M") for y in range(2015, 2021) for m in range(1, 13)]
    found = explain_contributions(
        "KOR", "2018-01/2020-12", "exports", vs="2015-01/2017-12", lake=lake_of(rows)
    )
    assert (found.about["before"], found.about["after"]) == (36, 36)


def test_families_of_headings_and_chapters():
    headings = families("HS2017", "HS2022", 4)
    assert headings["HS2022", "8486"] == "8486"
    assert all(len(code) == 4 for _edition, code in headings)


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"measure": "gdp"}, UnknownTerm, "gdp"),
        ({"by": "colour"}, UnknownTerm, "colour"),
        ({"level": 7}, InputError, "no level"),
        ({"largest": 0}, InputError, "1 or more"),
        ({"vs": "2019-01"}, InputError, "one length"),
        ({"period": "2031"}, NoFigure, "boeki pull"),
        ({"digits": 4}, NoFigure, "lacking"),
    ],
)
def test_questions_that_have_no_answer(asked, error, said):
    told = {"reporter": "KOR", "period": "2020", "measure": "exports"} | asked
    with pytest.raises(error, match=said):
        explain_contributions(**told, lake=lake_of(SMALL))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (cell("2020", 3, currency="EUR"), "do not add up"),
        (cell("2020", 3, valuation="cif"), "cannot be compared"),
        (cell("2020", 3, classification="SITC4", product="728"), "classification"),
        (cell("2020", 3, product="8486"), "codes of several levels"),
    ],
)
def test_figures_of_several_kinds_are_refused(more, said):
    with pytest.raises(InputError, match=said):
        explain_contributions("KOR", "2020", "exports", lake=lake_of([*SMALL, more]))


cells = st.dictionaries(
    st.tuples(
        st.sampled_from(["2019", "2020"]),
        st.sampled_from(["export", "import"]),
        st.sampled_from(["USA", "CHN", "DEU"]),
        st.sampled_from(["848620", "870323", "854232"]),
    ),
    st.decimals(0, 10**9, places=3),
    min_size=4,
    max_size=30,
)


@settings(max_examples=25, deadline=None)
@given(held=cells, largest=st.none() | st.integers(1, 6), by=st.sampled_from(
    ["product", "partner", ("product", "partner")]
))  # fmt: skip
def test_parts_always_add_up(held, largest, by):
    for period in ("2019", "2020"):
        for side in ("export", "import"):
            held.setdefault((period, side, "USA", "848620"), Decimal(1))
    lake = lake_of(cell(p, v, f, c, k) for (p, f, c, k), v in held.items())
    found = explain_contributions("KOR", "2020", by=by, largest=largest, lake=lake)
    plain = sum(
        (v * (1 if p == "2020" else -1) * (1 if f == "export" else -1)
         for (p, f, _c, _k), v in held.items()),
        Decimal(0),
    )  # fmt: skip
    assert whole(found) == found.about["change"] == plain
    assert found.about["residual"] == 0


def test_a_term_that_one_flow_has_is_asked_of_that_flow(lake):
    with pytest.raises(InputError, match="ask for exports or for imports"):
        explain_contributions("JPN", "2024-11", product="crude_oil", lake=lake)
    found = explain_contributions("JPN", "2024-11", "imports", product="crude_oil", lake=lake)
    # Japan Customs, d61ma: crude oil's imports fell by 321.8 bn yen.
    assert float(found.about["change"]) / 1e9 == pytest.approx(-321.8, abs=0.05)
