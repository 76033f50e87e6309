"""General rules of reading: carry-over, anaphora, elliptic shares, rates, tables, exclusions."""

from __future__ import annotations

import pytest

from boeki.check.claim import Claim, Passage
from boeki.check.extract import extract
from tests.check.extract.conftest import one, read, shown


def facts(claims: list[Claim]) -> list[tuple[object, ...]]:
    """Kind, measure, reporter, partner, product and value of each claim."""
    return [(c.kind, c.measure, c.reporter, c.partner, c.product, shown(c.value)) for c in claims]


def test_a_world_share_leaves_the_passage_with_its_country():
    found = read(
        "Dutch exports rose 2 percent in May. The Netherlands holds 60 percent of the world market "
        "for lithography machines, second only to nobody. Trade with Peru left a surplus of 5 "
        "million euros, that with Chile a deficit of 2 million euros. Toy exports fell by a tenth."
    )
    assert facts(found)[1:] == [
        ("share", "sales", "NLD", "WLD", "lithography", 60.0),
        ("rank", "sales", "NLD", "WLD", "lithography", 2.0),
        ("level", "balance", "NLD", "PER", "TOTAL", 5e6),
        ("level", "balance", "NLD", "CHL", "TOTAL", -2e6),
        ("change", "exports", "NLD", "WLD", "other", -10.0),
    ]


def test_a_balance_carries_no_product():
    found = read("Peru's tea exports rose 5 percent in May. The trade surplus was $3 billion.")
    assert [c.product for c in found] == ["food", "TOTAL"]


def test_those_to_another_partner_keep_the_product():
    found = read(
        "Korea's exports of ships jumped 9 percent in May. Those to Peru rose 4 percent and those "
        "to the Netherlands 7 percent."
    )
    assert facts(found)[1:] == [
        ("change", "exports", "KOR", "PER", "ships", 4.0),
        ("change", "exports", "KOR", "NLD", "ships", 7.0),
    ]
    assert found[1].quote.startswith("Those to Peru")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Chile's exports rose 3,8 percent in May.", 3.8),
        ("Chile's exports in May were two and a half times those of a year earlier.", 150.0),
        ("Chile's exports more than doubled in May.", 100.0),
    ],
)
def test_how_changes_are_written(text, value):
    assert shown(one(text, "change").value) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Exports of Spain were 48\u2009900 million euros in May.", 48.9e9),
        ("Exports of Spain were 23 billion 953 million euros in May.", 23.953e9),
        ("Measured in yuan, China's exports rose to 2.5 trillion in May.", 2.5e12),
        ("Danish exporters sold 3 billion kroner of goods in May.", 3e9),
        ("Aircraft worth 3 billion euros left France in May.", 3e9),
        ("$3 billion worth of Chilean goods went to Peru in May.", 3e9),
        ("A preliminary trade surplus of 3 billion rand was posted by South Africa in May.", 3e9),
        (
            "Peru's surplus of $3 billion in May beat the $2 billion that analysts had forecast.",
            3e9,
        ),
        ("Peru's surplus in May was $3 billion (revised from $2 billion).", 3e9),
        ("Peru's surplus in May was $3 billion. A survey of banks had pointed to $4 billion.", 3e9),
    ],
)
def test_the_only_level(text, value):
    assert shown(one(text, "level").value) == value


def test_rows_take_the_unit_of_their_head():
    found = read(
        "Vietnam customs, May 2024 (USD bn)\nExports 34.05 | Imports 31.77 | Balance +2.28"
    )
    assert [shown(c.value) for c in found] == [34.05e9, 31.77e9, 2.28e9]
    assert {c.unit for c in found} == {"USD"}


def test_rates_and_prices():
    rate = one("The yen averaged 144.6 per dollar in May, the customs said.", "level")
    assert (rate.measure, rate.unit, rate.partner) == ("rate", "JPY/USD", "USA")
    found = read(
        "Korean mills paid $131 a tonne for imported coal in May, half the $262 of a year earlier."
    )
    assert {c.measure for c in found} == {"price"}
    assert {c.product for c in found} == {"coal"}
    assert sorted(shown(c.value) for c in found) == [-50.0, 131.0, 262.0]
    assert read("The won firmed to 1,392 per dollar in Seoul.") == []


@pytest.mark.parametrize(
    ("text", "reporter", "partner", "base", "value"),
    [
        ("Peru exported tea worth $9 billion in 2023. Chile took 30 percent of it.",
         "PER", "CHL", "food", 30.0),
        ("Peru's exports were $9 billion in May, helped by Chile, which took 30 percent of them.",
         "PER", "CHL", "total", 30.0),
        ("China's share of Germany's imports was 12 percent last year.",
         "DEU", "CHN", "total", 12.0),
        ("Canada sold 75 percent of its exports to Peru in 2023.", "CAN", "PER", "total", 75.0),
    ],
)  # fmt: skip
def test_shares_of_what_was_spoken_of(text, reporter, partner, base, value):
    share = one(text, "share")
    assert (share.reporter, share.partner, share.base) == (reporter, partner, base)
    assert shown(share.value) == value


def test_shares_said_in_short():
    found = [
        c
        for c in read("Half of Canada's exports go to Peru, and a quarter of Chile's to China.")
        if c.kind == "share"
    ]
    assert [(c.reporter, c.partner, shown(c.value)) for c in found] == [
        ("CAN", "PER", 50.0),
        ("CHL", "CHN", 25.0),
    ]


def test_ranks_of_countries_and_of_partners():
    found = read(
        "Peru was the world's largest exporter of copper in 2023 and Chile the largest importer."
    )
    assert [(c.reporter, c.measure) for c in found if c.kind == "rank"] == [
        ("PER", "exports"),
        ("CHL", "imports"),
    ]
    rank = one("Exports to Peru, Chile's largest trading partner, rose 3 percent in May.", "rank")
    assert (rank.reporter, rank.partner) == ("CHL", "PER")


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("Chile's surplus in May was the biggest on record for that month.", "same-month"),
        ("Chile's exports were $3 billion in May, more than in any month before.", "series"),
    ],
)
def test_records(text, base):
    assert one(text, "record").base == base


@pytest.mark.parametrize(
    ("text", "quote", "base", "period"),
    [
        (
            "Peru's exports reached $9 billion in 2023, the highest since comparable data became "
            "available in 1979.",
            "the highest since comparable data became available in 1979",
            "series",
            "2023",
        ),
        (
            "Chile's trade deficit in January 2023 was the largest since records began in 1979.",
            "the largest since records began in 1979",
            "series",
            "2023-01",
        ),
        (
            "Korea's exports in May 2024 were the largest ever since statistics began being "
            "compiled in 1956.",
            "the largest ever since statistics began being compiled in 1956",
            "series",
            "2024-05",
        ),
        (
            "Japan's imports in May 2024 were the lowest for the month since data were first "
            "collected in 1979, the ministry said.",
            "the lowest for the month since data were first collected in 1979",
            "same-month",
            "2024-05",
        ),
        (
            "Peru's exports of $5 billion were the highest for June 2024.",
            "the highest for June",
            "same-month",
            "2024-06",
        ),
        (
            "Peru's exports in May 2024 were the highest since March 2019, records show.",
            "the highest since March 2019",
            "since 2019-03",
            "2024-05",
        ),
    ],
)
def test_when_records_began_is_no_period_of_a_claim(text, quote, base, period):
    found = one(text, "record")
    assert (found.base, str(found.period)) == (base, period)
    assert found.quote.endswith(quote)


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("Chile ran a surplus of $3 billion in May, its 56th in as many months.", 56, "M"),
        ("In fiscal 2023 Japan's deficit of 5 trillion yen was the fourth in a row.", 4, "A"),
        ("Chile's exports fell 3 percent in May, ending 15 months of growth.", 15, "M"),
    ],
)
def test_streaks(text, count, unit):
    streak = one(text, "streak")
    assert (shown(streak.value), streak.unit) == (count, unit)


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("Imports of Chile rose 3% in the second quarter of 2023 from the first.", "qoq"),
        ("Imports of Chile rose 3% in the second quarter from the previous three months.", "qoq"),
        ("Chile's exports tripled between 2019 and 2023.", "2019"),
        ("Chile's exports in May were 3 percent above those of May 2023.", "yoy"),
    ],
)
def test_bases(text, base):
    assert one(text, "change").base == base


def test_quarter_against_quarter_is_no_forecast_and_forecasts_are_none():
    assert read("Hanoi wants exports to grow by 12 percent and to reach $450 billion.") == []


def test_volume_and_value_of_one_shipment():
    found = read(
        "Brazil exported 15 million tonnes of soybeans in May, against 14 million a year earlier. "
        "In value they fell 4 percent to $6 billion."
    )
    assert [(c.kind, c.measure, shown(c.value)) for c in found] == [
        ("level", "volume", 15e6),
        ("level", "volume", 14e6),
        ("change", "exports", -4.0),
        ("level", "exports", 6e9),
    ]


def test_one_effect_has_one_cause_and_a_yearly_base():
    text = (
        "Japan's exports of chip tools rose 20% in May from a year before, and 5% from April. This "
        "growth in exports had a strong effect on the trade balance, driving a surge in exports."
    )
    causes = [c for c in extract(Passage(text, "2024-06-20", {})) if c.kind == "cause"]
    assert [(c.effect, c.base) for c in causes] == [("balance", "yoy"), ("exports", "yoy")]
    assert causes[0].end <= causes[1].start
    assert causes[1].quote.startswith("driving")


def test_a_cause_is_quoted_from_the_start_of_its_phrase():
    text = (
        "The deficit shrank 40% in May. This turnaround has many sides, yet one of the most "
        "significant drivers has been a revival of the chip sector."
    )
    cause = next(c for c in extract(Passage(text, "2024-06-20", {})) if c.kind == "cause")
    assert cause.quote.startswith("one of the most significant drivers has been")


def test_what_a_currency_bought_is_a_rate_and_no_amount_of_trade() -> None:
    text = (
        "Japan's exports rose 3.8 percent in November 2024. The dollar averaged 153.7 yen in that "
        "month, compared with 149.7 yen a year before."
    )
    found = extract(Passage(text, "2024-12-18", {}))
    rates = [(c.measure, c.unit, c.partner, float(c.value)) for c in found if c.kind == "level"]
    assert rates == [("rate", "JPY/USD", "USA", 153.7), ("rate", "JPY/USD", "USA", 149.7)]


def test_a_quote_of_the_day_is_no_claim() -> None:
    assert extract(Passage("In Tokyo the euro stood at 163.4 yen.", "2024-12-18", {})) == ()


def test_a_cause_may_come_first() -> None:
    text = "Thanks to cheaper crude oil, Japan's trade deficit narrowed sharply in November 2024."
    (found,) = extract(Passage(text, "2024-12-18", {}))
    assert (found.kind, found.product, found.effect) == ("cause", "crude_oil", "balance")
    assert (found.strength, str(found.period), found.reporter) == ("main", "2024-11", "JPN")
