"""Verdicts on claims made by hand, against official figures. Figures: MoF press release of 18
December 2024 (Nov 2024 provisional), its later stages, and the time series of September 2026,
unless another source stands beside them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boeki.check.check import judge_all
from tests.handmade import flow, lake_of, month

from .conftest import PUBLISHED, TODAY, make

BN = Decimal(10) ** 9
CHIPS = "semiconductor_equipment"


class TestLevels:
    def test_right_as_first_published_and_since_revised(self, judged):
        found = judged(make("level", "balance", -117_600_000_000, "JPY", step="1e8"))
        assert found.verdict == "revised"
        assert "−¥117.62" in found.line
        assert "−¥120.810 bn" in found.line
        # Three vintages: 18 and 26 December 2024, and the time series.
        assert {f.value / 10**6 for f in found.evidence} == {
            -117620,
            -110319,
            Decimal("-120809.593"),
        }
        assert [f.published for f in found.evidence] == sorted(f.published for f in found.evidence)
        assert found.matched.official.published == dt.date(2024, 12, 18)
        assert not any(f.stand_in for f in found.evidence)

    def test_truncation_supports(self, judged):
        found = judged(
            make("level", "balance", -813_800_000_000, "JPY", step="1e8", period="2023-11")
        )
        assert found.verdict == "supported"

    def test_on_the_day_itself_it_was_supported(self, judged):
        claim = make("level", "balance", -117_600_000_000, "JPY", step="1e8")
        found = judged(claim, published=dt.date(2024, 12, 18))
        assert found.known.verdict == "supported"
        assert found.newest.verdict == "contradicted"
        assert found.verdict == "revised"

    def test_contradicted(self, judged):
        found = judged(make("level", "balance", -143_200_000_000, "JPY", step="1e8"))
        assert found.verdict == "contradicted"
        assert found.known.official is not None

    def test_a_power_of_ten(self, judged):
        found = judged(make("level", "exports", Decimal("91.52e12"), "JPY", step="1e10"))
        assert found.verdict == "misattributed"
        assert "10 times too large" in found.diagnosis

    def test_the_sign(self, judged):
        found = judged(make("level", "balance", 117_600_000_000, "JPY", step="1e8"))
        assert found.verdict == "misattributed"
        assert "sign" in found.diagnosis

    def test_another_partner(self, judged):
        # China's 1,662,120 mn told as the United States': 1,670,145.
        found = judged(
            make("level", "exports", 1_662_100_000_000, "JPY", step="1e8", partner="USA")
        )
        assert found.verdict == "misattributed"
        assert "China" in found.diagnosis

    def test_another_month(self, judged):
        # The balance of October 2024, provisional: −461.2 bn.
        found = judged(make("level", "balance", -461_200_000_000, "JPY", step="1e8"))
        assert found.verdict == "misattributed"
        assert "October 2024" in found.diagnosis

    def test_another_flow(self, judged):
        found = judged(make("level", "exports", 9_270_000_000_000, "JPY", step="1e9"))
        assert found.verdict == "misattributed"
        assert "imports" in found.diagnosis

    def test_annual_totals_and_their_first_release(self, judged):
        # 2024: deficit 5.33 tn as released on 23 January 2025, 5.628 tn in the time series of
        # September 2026.
        first = make("level", "balance", Decimal("-5.33e12"), "JPY", step="1e10", period="2024")
        now = make("level", "balance", Decimal("-5.63e12"), "JPY", step="1e10", period="2024")
        then, newest = judged(first, now)
        assert then.verdict == "revised"
        assert newest.verdict == "supported"

    def test_seasonally_adjusted_is_not_mixed_with_unadjusted(self, judged):
        # −384 bn adjusted in November 2024, press of 18 December 2024.
        adjusted = make("level", "balance", -384 * 10**9, "JPY", step="1e9", adjusted=True)
        plain = make("level", "balance", -384 * 10**9, "JPY", step="1e9")
        first, second = judged(adjusted, plain)
        assert first.verdict == "supported"
        assert second.verdict == "contradicted"

    def test_another_currency_is_not_converted_in_silence(self, judged):
        found = judged(make("level", "exports", 60 * 10**9, "USD", step="1e9"))
        assert found.verdict == "unverifiable"
        assert "JPY" in found.diagnosis


class TestChanges:
    def test_growth_as_first_published(self, judged):
        found = judged(make("change", "balance", "-85.5", "%", base="yoy", step="0.1"))
        assert found.verdict == "revised"

    def test_growth_by_the_newest_figures(self, judged):
        found = judged(make("change", "balance", "-85.2", "%", base="yoy", step="0.1"))
        assert found.verdict == "supported"

    def test_contradicted_growth_shows_the_official_one(self, judged):
        found = judged(make("change", "exports", 120, "%", base="yoy", step="1", product=CHIPS))
        assert found.verdict == "contradicted"
        assert "+32.1 %" in found.line

    def test_misattributed_base(self, judged):
        # Exports of chip machinery: +32.1 % on the year, −8.2 % on the month.
        found = judged(
            make("change", "exports", "32.1", "%", base="mom", step="0.1", product=CHIPS)
        )
        assert found.verdict == "misattributed"
        assert "year on year" in found.diagnosis

    def test_misattributed_series(self, judged):
        # SEAJ billings of November 2024: +35.2 % on the year.
        found = judged(make("change", "exports", 35, "%", base="mom", step="1", product=CHIPS))
        assert found.verdict == "misattributed"
        assert "SEAJ" in found.diagnosis
        assert "35.2" in found.diagnosis
        assert "−8.2 %" in found.line

    def test_misattributed_partner(self, judged):
        # Chip machinery to South Korea +89.9 %, as the release states it.
        found = judged(
            make("change", "exports", "89.9", "%", base="yoy", step="0.1", product=CHIPS)
        )
        assert found.verdict == "misattributed"
        assert "South Korea" in found.diagnosis

    def test_growth_that_the_source_states(self, judged):
        found = judged(make("change", "exports", "4.1", "%", base="yoy", step="0.1", partner="CHN"))
        assert found.verdict == "supported"
        assert "as the source states it" in found.line

    def test_two_digits_are_not_looked_for_in_other_months(self, judged):
        # Exports of May 2026 rose 16.8 %, and those of August, which are claimed, 19.3 %.
        claim = make("change", "exports", 16, "%", base="yoy", step="1", period="2026-08")
        assert judged(claim, published=dt.date(2026, 10, 1)).verdict == "contradicted"

    def test_a_year_is_not_compared_with_the_month_before(self, judged):
        claim = make("change", "imports", "0.3", "%", base="mom", step="0.1", period="2025")
        found = judged(claim, published=dt.date(2026, 10, 1))
        assert found.verdict == "unverifiable"
        assert "month on month" in found.diagnosis

    def test_a_base_period_is_turned_into_the_base_it_stands_for(self, judged):
        right = make("change", "exports", "3.8", "%", base="2023-11", step="0.1")
        other = make("change", "exports", "3.8", "%", base="2019-11", step="0.1")
        vague = make("change", "exports", "3.8", "%", base="lately", step="0.1")
        assert [c.verdict for c in judged(right, other, vague)] == [
            "supported",
            "unverifiable",
            "unverifiable",
        ]

    def test_wrong_direction(self, judged):
        found = judged(make("change", "exports", "-3.8", "%", base="yoy", step="0.1"))
        assert found.verdict == "misattributed"
        assert "direction" in found.diagnosis

    def test_difference_in_currency_follows_the_word(self, judged):
        # 813.869 − 120.810 = 693.059: the deficit shrank.
        found = judged(make("change", "balance", -693_100_000_000, "JPY", base="yoy", step="1e8"))
        assert found.verdict == "supported"

    def test_growth_is_undefined_where_the_balance_changed_its_sign(self, judged):
        found = judged(make("change", "balance", "80", "%", base="yoy", step="1", period="2023-12"))
        assert found.verdict == "unverifiable"
        assert "sign changed" in found.diagnosis

    def test_volume_of_crude_oil(self, judged):
        # Volume −17.0 % on the year, MoF release.
        found = judged(
            make("change", "volume", "-17.0", "%", base="yoy", step="0.1", product="crude_oil")
        )
        assert found.verdict == "supported"


class TestUnits:
    def test_tonnes_and_kilograms(self, judged):
        # 11,560 t of semiconductor machinery, MoF release; the time series counts kilograms.
        tonnes = make("level", "volume", 11560, "t", step="1", product=CHIPS)
        kilograms = make("level", "volume", 11_560_356, "kg", step="1", product=CHIPS)
        bushels = make("level", "volume", 11560, "bbl", step="1", product=CHIPS)
        assert [c.verdict for c in judged(tonnes, kilograms, bushels)] == [
            "supported",
            "supported",
            "unverifiable",
        ]

    def test_unit_value_of_crude_oil(self, judged):
        # 762,034 mn yen over 10,135,527 kl; -15.3 % on the year.
        level = make("level", "price", 75_184, "JPY/kl", step="1", product="crude_oil")
        growth = make("change", "price", "-15.3", "%", base="yoy", step="0.1", product="crude_oil")
        assert [c.verdict for c in judged(level, growth)] == ["supported", "supported"]

    def test_volume_of_all_exports_is_the_official_index(self, judged):
        # Export volume index -0.1 % on the year, MoF release.
        claim = make("change", "volume", "-0.1", "%", base="yoy", step="0.1")
        assert judged(claim).verdict == "supported"

    def test_percentage_points(self, judged):
        # Chip machinery: 283,346 of 8,817,953 mn yen, then 374,344 of 9,152,003: 3.21 % to 4.09 %.
        right = make("change", "exports", "0.9", "pp", base="yoy", step="0.1", product=CHIPS)
        wrong = make("change", "exports", "1.9", "pp", base="yoy", step="0.1", product=CHIPS)
        none = make(
            "change",
            "exports",
            "1.9",
            "pp",
            base="yoy",
            step="0.1",
            product=CHIPS,
            period="2022-03",
        )
        assert [c.verdict for c in judged(right, wrong, none)] == [
            "supported",
            "contradicted",
            "unverifiable",
        ]

    def test_exchange_rate(self, judged):
        # 153.71 yen per dollar on average in November 2024, Federal Reserve H.10.
        claim = make("level", "rate", "153.7", "JPY/USD", step="0.1", partner="USA")
        assert judged(claim).verdict == "supported"


class TestSpans:
    def test_quarters_are_added_up_and_compared_with_the_quarter_before(self, judged, lake):
        from boeki import measure_series

        months = measure_series("exports", "JPN", start="2024-07", end="2024-12", lake=lake).rows
        third, fourth = (sum(r.value for r in months[i : i + 3]) for i in (0, 3))
        growth = ((fourth / third - 1) * 100).quantize(Decimal("0.1"))
        level = make("level", "exports", fourth.quantize(BN), "JPY", step="1e9", period="2024-Q4")
        change = make("change", "exports", growth, "%", base="qoq", step="0.1", period="2024-Q4")
        assert [c.verdict for c in judged(level, change)] == ["supported", "supported"]

    def test_year_to_date_and_half_years(self, judged, lake):
        from boeki import measure_series

        months = measure_series("imports", "JPN", start="2023-01", end="2023-11", lake=lake).rows
        eleven = sum(r.value for r in months).quantize(BN)
        half = sum(r.value for r in months[:6]).quantize(BN)
        found = judged(
            make("level", "imports", eleven, "JPY", step="1e9", period="2023-01/2023-11"),
            make("level", "imports", half, "JPY", step="1e9", period="2023-H1"),
        )
        assert [c.verdict for c in found] == ["supported", "supported"]

    def test_fiscal_years(self, judged):
        # Fiscal 2024: 5.2 tn yen as released on 17 April 2025 (108.93 less 114.16, each rounded).
        claim = make("level", "balance", Decimal("-5.22e12"), "JPY", step="1e10", period="FY2024")
        found = judged(claim)
        assert found.verdict == "revised"
        assert "fiscal 2024" in found.evidence[0].label


class TestStreaks:
    def test_fifth_deficit(self, judged):
        found = judged(make("streak", "balance", 5, "M", sign="-"))
        assert found.verdict == "supported"
        assert found.known.verdict == found.newest.verdict == "supported"

    @pytest.mark.parametrize("length", [4, 6])
    def test_wrong_length(self, judged, length):
        assert judged(make("streak", "balance", length, "M", sign="-")).verdict == "contradicted"

    def test_wrong_sign(self, judged):
        assert judged(make("streak", "balance", 5, "M", sign="+")).verdict == "contradicted"

    def test_first_surplus_in_six_months(self, judged):
        claim = make("streak", "balance", 6, "M", sign="+", base="first", period="2024-12")
        assert judged(claim, published=dt.date(2025, 1, 23)).verdict == "supported"

    def test_not_the_first(self, judged):
        claim = make("streak", "balance", 5, "M", sign="-", base="first")
        found = judged(claim)
        assert "not the first" in found.line

    @pytest.mark.parametrize(
        ("length", "verdict"),
        [(2, "contradicted"), (3, "unverifiable"), (5, "unverifiable")],
    )
    def test_what_was_before_a_run_is_not_known(self, length, verdict):
        # Deficits from September to November 2024, and no August: three in a row, or more.
        months = ["2024-06", "2024-07", "2024-09", "2024-10", "2024-11"]
        lake = lake_of([flow(m, 10) for m in months] + [flow(m, 20, flow="import") for m in months])
        claim = make("streak", "balance", length, "M", sign="-", reporter="JPN")
        (found,) = judge_all([claim], lake, PUBLISHED, TODAY)
        assert found.verdict == verdict
        rises = make("streak", "balance", length, "M", sign="+", reporter="JPN")
        (found,) = judge_all([rises], lake, PUBLISHED, TODAY)
        assert found.verdict == "contradicted"

    def test_the_first_of_a_run_needs_the_run_before(self):
        # A surplus in November after two deficits at least: the first in three months or more.
        signs = {"2024-09": 1, "2024-10": 1, "2024-11": -1}
        lake = lake_of(
            [flow(m, 10) for m in signs]
            + [flow(m, 10 + s, flow="import") for m, s in signs.items()]
        )
        said = [make("streak", "balance", n, "M", sign="+", base="first") for n in (2, 3, 6)]
        found = judge_all(said, lake, PUBLISHED, TODAY)
        assert [f.verdict for f in found] == ["contradicted", "unverifiable", "unverifiable"]

    def test_a_run_of_growth_without_the_year_before(self):
        lake = lake_of([flow("2024-10", 10), flow("2024-11", 11)])
        (found,) = judge_all([make("streak", "exports", 2, "M", sign="+")], lake, PUBLISHED, TODAY)
        assert found.verdict == "unverifiable"
        assert "a year before November 2024 is not known" in found.line

    def test_years(self, judged):
        # Deficits of fiscal 2021 to 2024, MoF.
        claim = make("streak", "balance", 4, "A", sign="-", period="FY2024")
        assert judged(claim).verdict == "supported"


class TestRecords:
    def test_of_a_november_but_not_of_the_series(self, judged):
        found = judged(make("record", "exports", sign="high", base="series"))
        assert found.verdict == "misattributed"
        assert "November" in found.diagnosis
        assert (
            judged(make("record", "exports", sign="high", base="same-month")).verdict == "supported"
        )

    def test_of_the_series(self, judged):
        # January 2023, −3.5 tn: the largest deficit on record, MoF.
        found = judged(make("record", "balance", sign="low", base="series", period="2023-01"))
        assert found.verdict == "supported"

    def test_no_record(self, judged):
        found = judged(make("record", "imports", sign="high", base="series"))
        assert found.verdict == "contradicted"
        assert "higher" in found.diagnosis

    def test_since(self, judged):
        # The deficit of January 2024 was the largest since that of January 2023.
        good = make("record", "balance", sign="low", base="since 2023-01", period="2024-01")
        bad = make("record", "balance", sign="low", base="since 2022-07", period="2024-01")
        first, second = judged(good, bad)
        assert first.verdict == "supported"
        assert second.verdict == "contradicted"

    def test_a_span_that_the_figures_do_not_reach_back_to(self, judged):
        # The package's series begins in 2007; no deficit from then to January 2023 was as large.
        one = {"sign": "low", "period": "2023-01"}
        within, beyond = judged(
            make("record", "balance", base="since 2010", **one),
            make("record", "balance", base="since 1979", **one),
        )
        assert within.verdict == "supported"
        assert beyond.verdict == "unverifiable"
        assert "January 1980" in beyond.line

    @pytest.mark.parametrize(
        ("base", "gone", "value", "verdict"),
        [
            # Exports of 10 in each month from November 2020 on, but for those that are gone.
            ("series", (), 11, "supported"),
            ("series", ("2022-05",), 11, "unverifiable"),
            ("series", ("2022-05",), 10, "contradicted"),
            ("since 2022-06", ("2022-05",), 11, "supported"),
            ("since 2022-03", ("2022-05",), 11, "unverifiable"),
            ("since 2022-03", ("2022-05",), 9, "contradicted"),
            ("same-month", ("2022-05",), 11, "supported"),
            ("same-month", ("2022-11",), 11, "unverifiable"),
            ("same-month", ("2022-11",), 10, "contradicted"),
        ],
    )
    def test_a_record_takes_every_figure_of_its_span(self, base, gone, value, verdict):
        months = [m for n in range(10, 58) if (m := month(n)) not in gone]
        lake = lake_of([*(flow(m, 10) for m in months), flow("2024-11", value)])
        claim = make("record", "exports", sign="high", base=base)
        (found,) = judge_all([claim], lake, PUBLISHED, TODAY)
        assert found.verdict == verdict

    def test_too_few_figures_for_a_record(self):
        lake = lake_of([*(flow(month(n), 10) for n in range(40, 58)), flow("2024-11", 11)])
        said = [make("record", "exports", sign="high", base=b) for b in ("series", "same-month")]
        found = judge_all(said, lake, PUBLISHED, TODAY)
        assert [f.verdict for f in found] == ["unverifiable", "unverifiable"]
        assert "only 18 earlier figures are in the lake" in found[0].line
        assert "only 1 earlier figure is in the lake" in found[1].line

    def test_unverifiable(self, judged):
        assert (
            judged(make("record", "exports", sign="high", base="series", reporter="DEU")).verdict
            == "unverifiable"
        )


class TestMarkets:
    def test_sources_of_like_standing_disagree(self, judged):
        # SEAJ's own line is about 30 %; analysts counted 23 % for 2022.
        claim = make(
            "share",
            "sales",
            30,
            "%",
            base="world",
            hedge="about",
            step="1",
            product=CHIPS,
            period=None,
        )
        found = judged(claim)
        assert found.verdict == "disputed"
        assert {"association", "analyst"} <= {f.standing for f in found.evidence}
        assert {Decimal(30), Decimal(23)} <= {f.value for f in found.evidence}

    def test_second_place_is_disputed(self, judged):
        found = judged(make("rank", "sales", 2, "rank", product=CHIPS, period=None))
        assert found.verdict == "disputed"
        assert "3rd" in found.line

    def test_first_place_of_the_united_states_is_not(self, judged):
        found = judged(make("rank", "sales", 1, "rank", product=CHIPS, period=None, reporter="USA"))
        assert found.verdict == "supported"

    @pytest.mark.parametrize(("product", "value"), [("wafer_processing", 40), ("lithography", 70)])
    def test_shares_that_no_source_gives(self, judged, product, value):
        claim = make(
            "share",
            "sales",
            value,
            "%",
            base="world",
            hedge="about",
            step="1",
            product=product,
            period=None,
        )
        assert judged(claim).verdict == "contradicted"

    def test_unknown_market(self, judged):
        claim = make(
            "share", "sales", 40, "%", base="world", step="1", product="batteries", period=None
        )
        found = judged(claim)
        assert found.verdict == "unverifiable"
        assert found.settles


class TestSharesAndRanks:
    def test_share_of_exports(self, judged):
        # 374,344 of 9,152,003 mn yen: 4.1 %.
        assert (
            judged(
                make("share", "exports", "4.1", "%", base="total", step="0.1", product=CHIPS)
            ).verdict
            == "supported"
        )
        assert (
            judged(
                make("share", "exports", "5.1", "%", base="total", step="0.1", product=CHIPS)
            ).verdict
            == "contradicted"
        )

    def test_rank_among_partners(self, judged):
        # November 2024: exports to the United States 1,670,145, to China 1,662,120 mn yen.
        assert judged(make("rank", "exports", 1, "rank", partner="USA")).verdict == "supported"
        assert judged(make("rank", "exports", 1, "rank", partner="CHN")).verdict == "contradicted"

    @pytest.mark.parametrize(
        ("whole", "place", "verdict"),
        [
            # The United States bought 50 and China 20; what others bought is not known.
            (100, 1, "supported"),
            (130, 1, "unverifiable"),
            (None, 1, "unverifiable"),
            (130, 2, "unverifiable"),
            (100, 2, "contradicted"),
        ],
    )
    def test_a_country_that_is_not_known_may_come_first(self, whole, place, verdict):
        known = {"USA": 50, "CHN": 20, **({"WLD": whole} if whole else {})}
        lake = lake_of([flow("2024-11", v, partner=p) for p, v in known.items()])
        claim = make("rank", "exports", place, "rank", partner="USA")
        (found,) = judge_all([claim], lake, PUBLISHED, TODAY)
        assert found.verdict == verdict

    def test_a_place_that_is_taken_already_is_wrong_whoever_is_not_known(self):
        lake = lake_of([flow("2024-11", v, partner=p) for p, v in {"USA": 50, "CHN": 20}.items()])
        claim = make("rank", "exports", 1, "rank", partner="CHN")
        (found,) = judge_all([claim], lake, PUBLISHED, TODAY)
        assert found.verdict == "contradicted"


class TestCauses:
    def test_the_boom_was_not_the_main_cause(self, judged):
        claim = make(
            "cause", "exports", product=CHIPS, effect="balance", base="yoy", strength="main"
        )
        found = judged(claim)
        assert found.verdict == "contradicted"
        # 91.0 of 693.1 bn on final figures; crude oil 46.4 %, mineral fuels 60.7 %, special
        # transactions 41.2 %.
        assert "13.1 %" in found.line
        for part in ("46.4 %", "60.7 %", "41.2 %"):
            assert part in found.diagnosis
        assert [c.rank for c in found.causes if c.named] == [3]

    def test_cheaper_crude_oil_was(self, judged):
        claim = make(
            "cause", "imports", product="crude_oil", effect="balance", base="yoy", strength="main"
        )
        assert judged(claim).verdict == "supported"

    def test_a_contribution(self, judged):
        chips = make(
            "cause", "exports", product=CHIPS, effect="balance", base="yoy", strength="some"
        )
        cars = make(
            "cause",
            "exports",
            product="motor_vehicles",
            effect="balance",
            base="yoy",
            strength="some",
        )
        first, second = judged(chips, cars)
        assert first.verdict == "supported"
        assert second.verdict == "contradicted"

    def test_sections_are_ranked_among_sections(self, judged):
        claim = make(
            "cause",
            "imports",
            product="mineral_fuels",
            effect="balance",
            base="yoy",
            strength="main",
        )
        found = judged(claim)
        assert found.verdict == "supported"
        assert "60.7 %" in found.line

    @pytest.mark.parametrize(
        "fields",
        [
            {"product": "TOTAL"},
            {"product": "lithography"},
            {"period": "2015-03"},
            {"partner": "CHN"},
            {"period": None},
        ],
    )
    def test_what_cannot_be_decomposed(self, judged, fields):
        fields = {"product": CHIPS, "effect": "balance", "base": "yoy", "strength": "main"} | fields
        assert judged(make("cause", "exports", **fields)).verdict == "unverifiable"


class TestUnverifiable:
    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"reporter": None}, "whose trade"),
            ({"period": None}, "which period"),
            ({"reporter": "DEU"}, "no trade figures of Germany"),
            ({"period": "2027-03"}, "ahead of the figures"),
            ({"period": "1999-03"}, "before the first figures"),
            ({"period": "2024-11-01/2024-11-20"}, "whole months"),
            ({"product": "services"}, "services"),
            ({"partner": "BRA", "period": "2024-10"}, "Brazil"),
        ],
    )
    def test_the_reason_is_said(self, judged, fields, reason):
        found = judged(make("level", "exports", 10**12, "JPY", step="1e9", **fields))
        assert found.verdict == "unverifiable"
        assert reason in found.diagnosis

    def test_says_which_source_would_settle_it(self, judged):
        found = judged(make("level", "exports", 10**12, "EUR", step="1e9", reporter="DEU"))
        assert "https://" in found.settles
        assert "`boeki pull comtrade --reporter DEU" in found.settles

    def test_a_vintage_that_stands_in_is_said(self, judged):
        found = judged(make("change", "exports", 120, "%", base="yoy", step="1", product=CHIPS))
        assert any("stands in" in n for n in found.notes)

    def test_no_claims(self, lake):
        assert judge_all([], lake, PUBLISHED, TODAY) == ()


class TestArithmetic:
    def test_that_agrees(self, judged):
        now = make("level", "balance", -117_600_000_000, "JPY", step="1e8")
        then = make("level", "balance", -813_800_000_000, "JPY", step="1e8", period="2023-11")
        growth = make("change", "balance", "-85.5", "%", base="yoy", step="0.1")
        found = judged(now, then, growth)
        assert any("agrees" in n and "does not" not in n for n in found[2].notes)

    def test_that_does_not_agree_makes_the_verdict_where_nothing_else_does(self, judged):
        now = make("level", "exports", 120 * 10**9, "EUR", step="1e9", reporter="DEU")
        then = make(
            "level", "exports", 100 * 10**9, "EUR", step="1e9", reporter="DEU", period="2023-11"
        )
        growth = make("change", "exports", 30, "%", base="yoy", step="1", reporter="DEU")
        assert [c.verdict for c in judged(now, then, growth)] == [
            "unverifiable",
            "unverifiable",
            "inconsistent",
        ]

    def test_exports_minus_imports(self, judged):
        fields = {"reporter": "DEU", "step": "1e8"}
        x = make("level", "exports", Decimal("131.2e9"), "EUR", **fields)
        m = make("level", "imports", Decimal("111.5e9"), "EUR", **fields)
        right = make("level", "balance", Decimal("19.7e9"), "EUR", **fields)
        wrong = make("level", "balance", Decimal("17.9e9"), "EUR", **fields)
        assert judged(x, m, right)[2].verdict == "unverifiable"
        assert judged(x, m, wrong)[2].verdict == "inconsistent"


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.integers(2008, 2025),
    st.integers(1, 12),
    st.sampled_from(["exports", "imports"]),
    st.integers(8, 11),
)
def test_any_printed_form_of_an_official_figure_is_supported(lake, year, month, measure, power):
    from boeki import measure_series

    when, step = f"{year}-{month:02d}", Decimal(10) ** power
    official = measure_series(measure, "JPN", start=when, end=when, lake=lake).rows[0].value
    printed = (official / step).quantize(Decimal(1)) * step
    moved = printed + 2 * step
    right, wrong = judge_all(
        [
            make("level", measure, printed, "JPY", step=step, period=when),
            make("level", measure, moved, "JPY", step=step, period=when),
        ],
        lake,
        PUBLISHED,
        TODAY,
    )
    assert right.verdict == "supported"
    assert wrong.verdict != "supported"
