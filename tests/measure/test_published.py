"""Indicators of the embedded figures, held against what offices and the press published.

Provisional figures of November 2024: Ministry of Finance, Value of Exports and Imports, November
2024 (Provisional), 18 December 2024, customs.go.jp/toukei/shinbun/trade-st_e/2024/2024114e.xml.
Final ones: the time series d41ma.csv, d51ma.csv and d61ma.csv, customs.go.jp/toukei/suii/html/data.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from ibis import _

from boeki.errors import InputError, NoFigure, NotYetPublished, UnknownTerm
from boeki.lake import Lake
from boeki.measure import observations, since, stated
from boeki.measure.breakdown import break_down
from boeki.measure.table import MEASURES, Measured, Row, measure_series
from boeki.terms.periods import Period
from tests.handmade import rows_of

RELEASE = dt.date(2024, 12, 18)
DETAILED = dt.date(2024, 12, 26)


def one(lake: Lake, measure: str, period: str, **how: object) -> Row:
    found = measure_series(measure, "JPN", start=period, end=period, lake=lake, **how)  # type: ignore[arg-type]
    assert [r.period for r in found.rows] == [period]
    return found.rows[0]


def in_units(value: Decimal | None, unit: int) -> float:
    assert value is not None
    return float(value / unit)


MN, BN, TN = 10**6, 10**9, 10**12


@pytest.mark.parametrize(
    ("measure", "as_of", "value", "growth"),
    [
        # The release of 18 December 2024.
        ("exports", RELEASE, 9_152_382, 3.8),
        ("imports", RELEASE, 9_270_002, -3.8),
        ("balance", RELEASE, -117_620, -85.5),
        # The release of 26 December 2024.
        ("exports", DETAILED, 9_152_301, 3.8),
        ("imports", DETAILED, 9_262_620, -3.8),
        ("balance", DETAILED, -110_319, -86.4),
        # The time series: final.
        ("exports", None, 9_152_003, 3.8),
        ("imports", None, 9_272_812, -3.7),
        ("balance", None, -120_810, -85.2),
    ],
)
def test_november_2024(
    lake: Lake, measure: str, as_of: dt.date | None, value: int, growth: float
) -> None:
    row = one(lake, measure, "2024-11", as_of=as_of)
    assert round(in_units(row.value, MN)) == value
    assert row.yoy is not None
    assert round(row.yoy, 1) == growth


def test_the_year_before_is_that_of_the_release(lake: Lake) -> None:
    # The release sets -117,620 against -813,869 million yen: a change of +696,249.
    row = one(lake, "balance", "2024-11", as_of=RELEASE)
    assert in_units(row.yoy_difference, MN) == -117_620 + 813_869


@pytest.mark.parametrize(
    ("partner", "balance"),
    # The release, pages on areas: balances in million yen.
    [("USA", 664_031), ("CHN", -682_003), ("ASIA", 360_521), ("EU27", -210_188)],
)
def test_balances_with_partners(lake: Lake, partner: str, balance: int) -> None:
    row = one(lake, "balance", "2024-11", partner=partner, as_of=RELEASE)
    assert in_units(row.value, MN) == balance


@pytest.mark.parametrize(
    ("partner", "exports", "growth"),
    # The release, exports of "SEMICON MACHINERY ETC" by area: million yen and percent on the year.
    [
        ("WLD", 374_360, 32.1),
        ("ASIA", 322_003, 36.8),
        ("CHN", 164_134, 4.2),
        ("KOR", 55_648, 89.9),
        ("ASEAN", 21_186, 47.5),
        ("USA", 42_000, 17.6),
    ],
)
def test_chip_machinery_by_partner(lake: Lake, partner: str, exports: int, growth: float) -> None:
    goods = "semiconductor_equipment"
    row = one(lake, "exports", "2024-11", partner=partner, product=goods, as_of=RELEASE)
    assert in_units(row.value, MN) == exports
    said = stated(lake, RELEASE).filter(
        _.measure == "exports",
        _.base == "yoy",
        _.partner == partner,
        _["product"] == goods,
        _.month == Period.parse("2024-11").first,
        _.months == 1,
    )
    assert [float(r["value"]) for r in rows_of(lake, said)] == [growth]


def test_chip_machinery_over_the_year_and_the_month(lake: Lake) -> None:
    # +32.1 % in the release; -8.2 % from 407,598,351 to 374,343,607 thousand yen in d51ma.csv.
    row = one(lake, "exports", "2024-11", product="JP-PC:70131")
    assert row.value == 374_343_607_000
    assert row.yoy is not None
    assert row.mom is not None
    assert (round(row.yoy, 1), round(row.mom, 1)) == (32.1, -8.2)
    # October: +42.6 % (release of October 2024).
    october = one(lake, "exports", "2024-10", product="JP-PC:70131")
    assert october.yoy is not None
    assert round(october.yoy, 1) == 42.6


def test_the_largest_rise_of_chip_machinery(lake: Lake) -> None:
    # "55 % more" in August 2024: Nihon Kaiji Shimbun,
    # news.yahoo.co.jp/articles/c7e77ac2829be68c14894c5c7f4155977800dd19; no month to May 2026 in
    # d51ma.csv has more.
    found = measure_series(
        "exports",
        "JPN",
        product="semiconductor_equipment",
        start="2023-02",
        end="2026-05",
        lake=lake,
    )
    assert len(found.rows) == 40
    assert found.missing == ()
    largest = max(found.rows, key=lambda r: r.yoy or float("-inf"))
    assert largest.yoy is not None
    assert (largest.period, round(largest.yoy, 1)) == ("2024-08", 55.2)


def test_year_sums_of_chip_machinery(lake: Lake) -> None:
    # 2024: 4,496.2 billion (www.unyu.co.jp/news/detail/id=943), +27.2 % (Xinhua,
    # bignewsnetwork.com/news/274975359); the other years are sums of d51ma.csv.
    found = measure_series("exports", "JPN", product="semiconductor_equipment", freq="A", lake=lake)
    sums = {r.period: round(in_units(r.value, BN), 1) for r in found.rows}
    assert sums == {"2023": 3535.0, "2024": 4496.2, "2025": 4547.1}
    assert round(found.rows[1].yoy or 0.0, 1) == 27.2


def test_the_run_of_deficits_to_november_2024(lake: Lake) -> None:
    # The press: "fifth consecutive monthly deficit" (Jiji, Kyodo, 18 December 2024); d41ma.csv.
    found = measure_series("balance", "JPN", start="2024-06", end="2024-12", lake=lake)
    values = [round(in_units(r.value, BN), 1) for r in found.rows]
    assert values == [215.4, -640.5, -745.6, -333.6, -500.0, -120.8, 120.3]
    assert [r.streak for r in found.rows] == [1, -1, -2, -3, -4, -5, 1]


def test_growth_is_undefined_where_the_balance_changed_its_sign(lake: Lake) -> None:
    # December 2024 had a surplus after November's deficit; the release prints "-" in such cases.
    december = one(lake, "balance", "2024-12")
    assert december.mom is None
    assert round(in_units(december.mom_difference, MN), 3) == round(120_297.946 + 120_809.593, 3)


def test_exports_of_november_2024_are_a_record_for_november(lake: Lake) -> None:
    # Ministry of Finance, 18 December 2024: the largest November since 1979. October's were larger.
    assert one(lake, "exports", "2024-11").record == "same-month high"


@pytest.mark.parametrize(
    ("year", "balance"),
    # Sums of d41ma.csv, which the Ministry prints as the trade balance of the year, in trillion.
    [
        ("2012", -6.9411),
        ("2022", -20.3295),
        ("2023", -9.5221),
        ("2024", -5.6284),
        ("2025", -2.9296),
    ],
)
def test_annual_balances(lake: Lake, year: str, balance: float) -> None:
    row = one(lake, "balance", year, freq="A")
    assert round(in_units(row.value, TN), 4) == balance


@pytest.mark.parametrize(
    ("year", "as_of", "balance"),
    [
        # First releases: Jiji 19 January 2023; Nikkei and Jiji 24 January 2024; Xinhua
        # 23 January 2025; Jiji 22 January 2026.
        ("2022", dt.date(2023, 1, 19), -19.971),
        ("2023", dt.date(2024, 1, 24), -9.291),
        ("2024", dt.date(2025, 1, 23), -5.33),
        ("2025", dt.date(2026, 1, 22), -2.651),
    ],
)
def test_annual_balances_as_first_released(
    lake: Lake, year: str, as_of: dt.date, balance: float
) -> None:
    row = one(lake, "balance", year, freq="A", as_of=as_of)
    places = len(str(balance).partition(".")[2])
    assert round(in_units(row.value, TN), places) == balance
    assert row.published == as_of


def test_the_fiscal_year_2024(lake: Lake) -> None:
    # First release, 17 April 2025: a deficit of 5.2 trillion yen.
    row = one(lake, "balance", "FY2024", freq="FY", as_of=dt.date(2025, 4, 17))
    assert round(in_units(row.value, TN), 1) == -5.2


@pytest.mark.parametrize(
    ("measure", "growth"),
    # Value and volume: the release. Unit value: 0.703 / 0.830 of the two.
    [("imports", -29.7), ("import_volume", -17.0), ("import_price", -15.3)],
)
def test_crude_oil(lake: Lake, measure: str, growth: float) -> None:
    row = one(lake, measure, "2024-11", product="crude_oil")
    assert row.yoy is not None
    assert round(row.yoy, 1) == growth


def test_volume_and_unit_value_of_chip_machinery(lake: Lake) -> None:
    # The release: 11,560 t, +12.5 %; d51ma.csv: unit value +17.5 %.
    volume = one(lake, "export_volume", "2024-11", product="semiconductor_equipment")
    price = one(lake, "export_price", "2024-11", product="semiconductor_equipment")
    assert volume.yoy is not None
    assert price.yoy is not None
    assert (round(volume.yoy, 1), round(price.yoy, 1)) == (12.5, 17.5)


def test_seasonally_adjusted_balance(lake: Lake) -> None:
    # ActionForex, 18 December 2024: -384 billion after -229 billion.
    found = measure_series("balance", "JPN", adjusted=True, lake=lake)
    values = {r.period: in_units(r.value, BN) for r in found.rows}
    assert values == {"2024-10": -229.0, "2024-11": -384.0}


def test_billings_are_no_exports(lake: Lake) -> None:
    # SEAJ, December 2024: 405.788 billion yen, +5.2 % on October's 385.6.
    found = measure_series("sales", "JPN", product="semiconductor_equipment", lake=lake)
    row = next(r for r in found.rows if r.period == "2024-11")
    assert in_units(row.value, BN) == 405.788
    assert round(row.mom or 0.0, 1) == 5.2
    assert "SEAJ" in found.basis
    # SEAJ prints +35.2 % on the year; the lake has no November 2023 of it, so none is computed.
    assert "2023-11" in found.missing
    assert row.yoy is None


@pytest.mark.parametrize(
    ("product", "flow", "points"),
    # The release, contribution to the growth of all exports or imports, percentage points.
    [
        ("semiconductor_equipment", "exports", 1.0),
        ("others", "exports", 3.6),
        ("mineral_fuels", "imports", -4.4),
    ],
)
def test_contributions_to_growth(lake: Lake, product: str, flow: str, points: float) -> None:
    level = 2 if product == "semiconductor_equipment" else 1
    found = break_down(flow, "JPN", "2024-11", level=level, lake=lake)
    part = next(p for p in found.parts if p.code == product)
    assert part.contribution is not None
    assert round(part.contribution, 1) == points


def test_the_largest_since(lake: Lake) -> None:
    # d41ma.csv: -117.6 billion was the smallest deficit since the surplus of June 2024.
    table = lake.keep(
        observations(lake, measures=["balance"], reporters=["JPN"], products=["TOTAL"]).filter(
            _.partner == "WLD", _.months == 1, _.adjustment == "nsa", _.measure == "balance"
        )
    )
    found = rows_of(lake, since(table).filter(_.month == Period.parse("2024-11").first))
    lake.drop(table)
    assert [r["higher_month"] for r in found] == [Period.parse("2024-06").first]
    assert [r["lower_month"] for r in found] == [Period.parse("2024-10").first]


# --- breakdowns ---------------------------------------------------------------------------------


def test_a_breakdown_by_section_makes_up_the_whole(lake: Lake) -> None:
    # d51ma.csv: the nine sections add up to the total.
    found = break_down("exports", "JPN", "2024-11", level=1, lake=lake)
    assert len(found.parts) == 9
    assert sum(p.value for p in found.parts) == found.total == 9_152_002_655_000
    assert sum(p.share for p in found.parts) == pytest.approx(100, abs=1e-9)
    assert [p.rank for p in found.parts] == list(range(1, 10))
    growth = one(lake, "exports", "2024-11").yoy
    assert sum(p.contribution or 0 for p in found.parts) == pytest.approx(growth, abs=1e-9)
    assert sum(p.share_of_change or 0 for p in found.parts) == pytest.approx(100, abs=1e-9)


def test_a_breakdown_by_partner_has_countries_only_and_the_stated_growth(lake: Lake) -> None:
    found = break_down("exports", "JPN", "2024-11", by="partner", as_of=RELEASE, lake=lake)
    codes = {p.code for p in found.parts}
    assert {"USA", "CHN", "KOR"} <= codes
    assert not codes & {"WLD", "ASIA", "EU27", "ASEAN"}
    # The release, page on areas: exports in million yen.
    largest = [(p.code, in_units(p.value, MN)) for p in found.parts[:2]]
    assert largest == [("USA", 1_670_145), ("CHN", 1_662_120)]
    # ... and their growth on the year, -8.0 and +4.1 %.
    assert [p.yoy for p in found.parts[:2]] == [-8.0, 4.1]
    # The year before is not aboard: the growth is the one that the release states.
    said = stated(lake, RELEASE).filter(
        _.measure == "exports", _.base == "yoy", _["product"] == "TOTAL", _.months == 1
    )
    printed = {
        r["partner"]: float(r["value"])
        for r in rows_of(lake, said.filter(_.month == Period.parse("2024-11").first))
    }
    assert all(p.yoy == printed[p.code] for p in found.parts)
    assert all(p.difference is None for p in found.parts)


@pytest.mark.parametrize(
    ("args", "how", "error", "words"),
    [
        (("balance", "JPN", "2024-11"), {}, UnknownTerm, "measure for a breakdown"),
        (("exports", "Atlantis", "2024-11"), {}, UnknownTerm, "area"),
        (("exports", "JPN", "2024-13"), {}, InputError, "not a period"),
        (("exports", "JPN", "2024-11"), {"by": "colour"}, UnknownTerm, "breakdown 'colour'"),
        (("exports", "JPN", "1999-11"), {}, NoFigure, "by product for November 1999"),
        (("exports", "FRA", "2024-11"), {}, NoFigure, "France"),
        (
            ("exports", "JPN", "2024-11"),
            {"as_of": dt.date(2024, 12, 17)},
            NotYetPublished,
            "published by 2024-12-17",
        ),
    ],
)
def test_breakdowns_that_cannot_be(
    lake: Lake,
    args: tuple[str, str, str],
    how: dict[str, object],
    error: type[Exception],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        break_down(*args, lake=lake, **how)  # type: ignore[arg-type]


# --- questions that have no answer --------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "how", "error", "words"),
    [
        (("balanse", "JPN"), {}, UnknownTerm, "did you mean balance"),
        (("balance", "Japon"), {}, UnknownTerm, "did you mean Japan"),
        (("balance", "JPN"), {"freq": "W"}, UnknownTerm, "frequency"),
        (("balance", "JPN"), {"start": "next year"}, InputError, "not a period"),
        (
            ("balance", "JPN"),
            {"start": "2024-11", "end": "2024-10"},
            InputError,
            "2024-10, lies before the first, 2024-11",
        ),
        (("exports", "JPN"), {"product": "unicorns"}, UnknownTerm, "product"),
        (("exports", "JPN"), {"start": "2030-01"}, NoFigure, "it holds 2007-01 to 2026-08"),
        (("exports", "FRA"), {}, NoFigure, "boeki figures"),
        (("exports", "JPN"), {"partner": "FRA", "start": "2023-11", "end": "2023-11"}, NoFigure,
         "with France for 2023-11 to 2023-11; it holds 2024-11 to 2024-11"),
        (("rate", "JPN"), {}, NoFigure, "holds that with the United States: give the partner"),
        (
            ("balance", "JPN"),
            {"start": "2024-11", "end": "2024-11", "as_of": dt.date(2024, 12, 17)},
            NotYetPublished,
            "published by 2024-12-17; it holds figures published 2026-09-30",
        ),
    ],
)  # fmt: skip
def test_a_question_without_an_answer_says_why(
    lake: Lake,
    args: tuple[str, str],
    how: dict[str, object],
    error: type[Exception],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        measure_series(*args, lake=lake, **how)  # type: ignore[arg-type]


# --- the table and its other shapes -------------------------------------------------------------


def small(lake: Lake) -> Measured:
    return measure_series("balance", "JPN", start="2024-10", end="2024-12", lake=lake)


def test_a_figure_names_its_rows_and_they_are_in_the_lake(lake: Lake) -> None:
    row = small(lake).rows[1]
    found = rows_of(lake, lake.all_flows.filter(_.row.isin(row.rows)))
    assert sorted((r["flow"], r["value"]) for r in found) == [
        ("export", 9_152_002_655_000),
        ("import", 9_272_812_248_000),
    ]
    assert {r["source"] for r in found} == set(row.sources) <= set(lake.documents)


def test_dictionary_csv_and_frame_say_the_same(lake: Lake) -> None:
    import csv
    import io

    measured = small(lake)
    lines = list(csv.DictReader(io.StringIO(measured.to_csv())))
    given = measured.to_dict()
    assert [line["period"] for line in lines] == [r["period"] for r in given["rows"]]
    assert [float(line["value"]) for line in lines] == [r["value"] for r in given["rows"]]
    assert lines[2]["mom"] == ""
    assert lines[1]["rows"].split() == given["rows"][1]["rows"]
    frame = measured.to_pandas()
    assert list(frame.index) == ["2024-10", "2024-11", "2024-12"]
    assert list(frame["value"]) == [r["value"] for r in given["rows"]]
    assert "2024-11" in measured._repr_html_()


def test_a_breakdown_in_its_other_shapes(lake: Lake) -> None:
    found = break_down("exports", "JPN", "2024-11", level=1, lake=lake)
    frame = found.to_pandas()
    assert list(frame.index) == list(range(1, 10))
    assert list(frame["code"]) == [p.code for p in found.parts]
    assert found.to_dict()["total"] == 9_152_002_655_000
    assert found.parts[0].name in found._repr_html_()


def test_every_measure_can_be_asked_for(lake: Lake) -> None:
    how = {
        "sales": {"product": "semiconductor_equipment"},
        "rate": {"partner": "USA"},
        "export_volume": {"product": "semiconductor_equipment"},
        "export_price": {"product": "semiconductor_equipment"},
        "import_volume": {"product": "crude_oil"},
        "import_price": {"product": "crude_oil"},
    }
    for measure in MEASURES:
        found = measure_series(measure, "Japan", lake=lake, **how.get(measure, {}))  # type: ignore[arg-type]
        assert found.rows
        assert [r.period for r in found.rows] == sorted(r.period for r in found.rows)


def test_trade_is_exports_and_imports(lake: Lake) -> None:
    values = [one(lake, m, "2024-11").value for m in ("exports", "imports", "trade", "balance")]
    exports, imports, trade, balance = values
    assert (exports + imports, exports - imports) == (trade, balance)
