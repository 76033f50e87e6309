"""Each kind of claim, in sentences of many makes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from .conftest import brief, one, read, shown


def test_level_of_a_deficit_is_negative():
    claim = one("Peru ran a trade deficit of $2.25 billion in April.", "level")
    assert (claim.measure, claim.reporter, str(claim.period)) == ("balance", "PER", "2024-04")
    assert claim.value == Decimal("-2.25E9")
    assert claim.step == Decimal("1E7")


def test_two_levels_and_their_dates():
    text = "Kenya's trade gap widened to $1.2 billion in May from $0.9 billion in April."
    assert brief(text) == [
        ("level", "balance", "2024-05", -1.2e9, "USD"),
        ("level", "balance", "2024-04", -9e8, "USD"),
    ]


def test_levels_of_a_table():
    text = "Poland trade, April 2024\n- Exports: EUR 27.5bn (+3.1% y/y)\n- Balance: -EUR 0.5bn"
    assert brief(text) == [
        ("level", "exports", "2024-04", 27.5e9, "EUR"),
        ("change", "exports", "2024-04", 3.1, "%"),
        ("level", "balance", "2024-04", -5e8, "EUR"),
    ]


def test_changes_share_a_base():
    text = "Thai exports gained 4.4% and imports 2.2% in May from a year before."
    found = read(text)
    assert [(c.measure, shown(c.value), c.base) for c in found] == [
        ("exports", 4.4, "yoy"),
        ("imports", 2.2, "yoy"),
    ]
    assert {c.reporter for c in found} == {"THA"}


def test_changes_with_bases_of_their_own():
    text = "Danish exports rose 2.0% in April from the previous month and 5.5% from a year earlier."
    assert [(shown(c.value), c.base) for c in read(text)] == [(2.0, "mom"), (5.5, "yoy")]


@pytest.mark.parametrize(
    ("verb", "value"),
    [
        ("rose 5%", 5),
        ("slid by 5%", -5),
        ("were up 5%", 5),
        ("were 5% lower", -5),
        ("recorded a 5% drop", -5),
        ("showed growth of 5%", 5),
        ("doubled", 100),
        ("tripled", 200),
        ("halved", -50),
        ("fell by a quarter", -25),
        ("more than doubled", 100),
        ("jumped threefold", 200),
    ],
)
def test_verbs_of_change(verb, value):
    claim = one(f"Chile's copper exports {verb} in May.", "change")
    assert shown(claim.value) == value
    assert (claim.measure, claim.product) == ("exports", "nonferrous_metals")


def test_a_change_in_money():
    text = "Imports sank $3.1 billion, or 6.0 percent, to $48.4 billion in May."
    assert brief(text, reporter="MEX") == [
        ("change", "imports", "2024-05", -3.1e9, "USD"),
        ("change", "imports", "2024-05", -6.0, "%"),
        ("level", "imports", "2024-05", 48.4e9, "USD"),
    ]


def test_partner_and_product():
    claim = one("Italy's machinery exports to Turkey fell 3% in May.", "change")
    assert (claim.reporter, claim.partner, claim.product) == ("ITA", "TUR", "machinery")


def test_volume_is_told_from_value():
    text = "Qatar shipped 6.6 million tonnes of LNG to India in May, 4% more than a year earlier."
    level, change = read(text)
    assert (level.measure, level.unit, level.partner, level.product) == (
        "volume",
        "t",
        "IND",
        "lng",
    )
    assert change.measure == "volume"


@pytest.mark.parametrize(
    ("text", "count", "sign", "base"),
    [
        ("Its exports fell for the ninth straight month in May.", 9, "-", None),
        ("May was the third month in a row of surplus in Malta's trade.", 3, "+", None),
        ("Imports rose for the first time in 14 months in May.", 14, "+", "first"),
        ("Malta posted its first trade deficit in five months in May.", 5, "-", "first"),
        ("Exports have declined for six consecutive months.", 6, "-", None),
    ],
)
def test_streaks(text, count, sign, base):
    claim = one(text, "streak", reporter="MLT")
    assert (claim.value, claim.unit, claim.sign, claim.base) == (count, "M", sign, base)


def test_a_streak_that_ended_has_the_period_of_its_last_member():
    text = "A surplus in May snapped 12 straight months of deficits for Ghana."
    assert str(one(text, "streak").period) == "2024-04"


@pytest.mark.parametrize(
    ("text", "base", "sign"),
    [
        ("Malta's exports hit a record €0.5bn in May.", "series", "high"),
        ("Malta's trade deficit widened to an all-time high, at €0.5bn in May.", "series", "low"),
        ("Malta's exports reached a record high for May of €0.5bn.", "same-month", "high"),
        (
            "Malta's deficit of €0.2bn in May was the smallest since July 2020.",
            "since 2020-07",
            "high",
        ),
        ("Malta's imports dropped to a seven-month low of €0.3bn in May.", "since 2023-10", "low"),
    ],
)
def test_records(text, base, sign):
    claim = one(text, "record")
    assert (claim.base, claim.sign) == (base, sign)


def test_a_share_of_exports():
    claim = one("Copper accounted for 51.2% of Zambia's exports in 2023.", "share")
    assert (claim.measure, claim.reporter, claim.product) == ("exports", "ZMB", "nonferrous_metals")
    assert (claim.base, str(claim.period)) == ("total", "2023")


def test_a_share_of_a_partner():
    claim = one("China took 22 percent of Chile's wine exports last year.", "share")
    assert (claim.reporter, claim.partner, claim.product, claim.base) == (
        "CHL",
        "CHN",
        "food",
        "food",
    )


def test_a_share_of_the_world_market():
    claim = one("Dutch firms hold about 80% of the world market for lithography.", "share")
    assert (claim.measure, claim.reporter, claim.base, claim.hedge) == (
        "sales",
        "NLD",
        "world",
        "about",
    )
    assert claim.period is None


def test_ranks():
    partner = one("India remained Nepal's largest trading partner in 2023.", "rank")
    assert (partner.measure, partner.reporter, partner.partner, partner.value) == (
        "trade",
        "NPL",
        "IND",
        1,
    )
    exporter = one("Norway was the world's third-largest exporter of natural gas in 2023.", "rank")
    assert (exporter.measure, exporter.reporter, exporter.value) == ("exports", "NOR", 3)
    assert exporter.product == "lng"


def test_industry_sales():
    text = (
        "Worldwide chip sales were $44.1 billion in April, 5.0% above the $42.0 billion of March."
    )
    found = read(text)
    assert {c.reporter for c in found} == {"WLD"}
    assert [(c.kind, str(c.period)) for c in found] == [
        ("level", "2024-04"),
        ("change", "2024-04"),
        ("level", "2024-03"),
    ]
    assert found[1].base == "mom"


def test_exchange_rate_of_the_customs():
    text = "The average rate was 151.2 yen to the dollar in May, against 137.4 yen a year earlier."
    assert brief(text, reporter="JPN") == [
        ("level", "rate", "2024-05", 151.2, "JPY/USD"),
        ("level", "rate", "2023-05", 137.4, "JPY/USD"),
    ]


def test_who_says_it_and_whether_it_is_adjusted():
    text = "French exports fell 1.5% in April on a seasonally adjusted basis, Eurostat reported."
    claim = one(text, "change")
    assert claim.says == "Eurostat"
    assert claim.adjusted


@pytest.mark.parametrize(
    "text",
    [
        "Economists in a poll had forecast a deficit of $3 billion.",
        "The government aims to lift exports by 10 percent next year.",
        "Peru's economy grew 2.1 percent in the first quarter.",
        "Lima has threatened a 15% tariff on imports from Chile.",
        "The dollar traded at 3.75 soles at midday; stocks lost 1.2 percent.",
        "Shares of Toyota rose 2 percent after its exports grew 9 percent.",
        "The figures are due on July 12 at 9 a.m. and cover 27 countries.",
        "",
        "Advertisements",
    ],
)
def test_what_is_no_claim(text):
    assert read(text) == []


def test_a_forecast_beside_a_figure_is_left_out():
    text = "Swedish exports rose 3.3% in May from a year ago, beating a forecast of 2.5%."
    assert [shown(c.value) for c in read(text)] == [3.3]


def test_a_conversion_in_brackets_is_left_out():
    text = "Hungary's surplus was 1.5 billion euros ($1.6 billion) in April."
    assert [c.unit for c in read(text)] == ["EUR"]


def test_goods_are_told_from_services_only_where_both_are_named():
    apart = read("India's goods deficit was $20 billion in May. Services exports were $30 billion.")
    assert [c.product for c in apart] == ["goods", "services"]
    alone = read("India's goods deficit was $20 billion in May.")
    assert [c.product for c in alone] == ["TOTAL"]


def test_context_carries_over():
    text = "Spain's exports fell 2.2% in April from a year earlier. Imports lost 4.0 percent."
    second = read(text)[1]
    assert (second.reporter, str(second.period), second.base) == ("ESP", "2024-04", "yoy")


def test_a_period_after_publication_is_no_claim():
    assert (
        read("Exports will be $5 billion in 2030; imports were $4 billion in December 2024.") == []
    )
