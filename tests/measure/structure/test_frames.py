"""Indicators of a data frame of one's own, and what is wrong with one."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.measure.structure import (
    Eligibility,
    comparative_advantage,
    complementarity,
    economic_complexity,
    export_similarity,
    fitness_complexity,
    grubel_lloyd,
    herfindahl_hirschman,
    import_dependence,
    market_share,
    product_density,
    product_proximity,
    theil,
    trade_intensity,
)
from tests.measure.structure.worlds import frame, matrix_frame

TWO = matrix_frame({"JPN": {"a": 60, "b": 40}, "KOR": {"a": 20, "b": 80}})
NESTED = matrix_frame(
    {"JPN": {"a": 10, "b": 10, "c": 10}, "KOR": {"b": 10, "c": 10}, "DEU": {"c": 10}}
)


def test_an_advantage_with_its_value_to_the_last_digit() -> None:
    data = matrix_frame({"JPN": {"a": 0.1, "b": 0.2}, "KOR": {"a": 1}})
    rows = {r["code"]: r for r in comparative_advantage("Japan", data=data).records()}
    assert rows["a"]["exports"] == Decimal("0.1")
    # (0.1/0.3)/(1.1/1.3) = 0.393939
    assert rows["a"]["rca"] == pytest.approx(0.1 / 0.3 * 1.3 / 1.1)


def test_products_that_are_not_exported_have_no_advantage() -> None:
    rows = comparative_advantage("DEU", data=NESTED).records()
    assert {r["code"]: (r["exports"], r["rca"]) for r in rows if r["code"] != "c"} == {
        "a": (0, 0.0),
        "b": (0, 0.0),
    }


def test_every_country_at_once() -> None:
    rows = comparative_advantage(data=TWO).records()
    assert [(r["country"], r["code"]) for r in rows] == [
        ("JPN", "a"), ("JPN", "b"), ("KOR", "b"), ("KOR", "a"),
    ]  # fmt: skip


def test_market_share_of_a_frame() -> None:
    # 60 of 80, 40 of 120; all: 100 of 200
    rows = market_share("JPN", data=TWO).records()
    assert {r["code"]: r["share"] for r in rows} == {"a": 75.0, "b": pytest.approx(100 / 3)}
    whole = market_share(by="country", data=TWO).records()
    assert [r["share"] for r in whole] == [50.0, 50.0]


def test_complexity_tells_who_was_left_out() -> None:
    # An advantage of one country in everything is needed of all; the rule leaves DEU out.
    data = matrix_frame(
        {
            "JPN": {"a": 9, "b": 5, "c": 1, "d": 1},
            "KOR": {"a": 1, "b": 8, "c": 6, "d": 1},
            "USA": {"a": 1, "b": 1, "c": 8, "d": 9},
            "DEU": {"a": 1},
        }
    )
    answer = economic_complexity(data=data, rule=Eligibility(min_country_trade=5))
    assert "1 countries left out: DEU." in answer.notes
    assert (answer.about["countries"], answer.about["min_country_trade"]) == (3, 5)
    with pytest.raises(InputError, match="population of 4 countries is not known"):
        economic_complexity(data=data, rule=Eligibility(min_population=1))
    people = {"JPN": 125.0, "KOR": 52.0, "USA": 330.0, "DEU": 1.0}
    rule = Eligibility(min_population=50, population=people)
    assert len(economic_complexity(data=data, rule=rule).records()) == 3
    with pytest.raises(InputError, match="too few"):
        economic_complexity(data=data, rule=Eligibility(min_country_trade=1e9))
    products = economic_complexity(of="product", data=data).records()
    assert {r["code"] for r in products} == {"a", "b", "c", "d"}
    assert [r["rank"] for r in products] == [1, 2, 3, 4]


def test_fitness_tells_its_iterations() -> None:
    answer = fitness_complexity(data=TWO, iterations=7, tolerance=None)
    assert answer.about["iterations"] == 7
    assert any("After 7 iterations" in n and "did not settle" in n for n in answer.notes)
    assert len(fitness_complexity(of="product", data=TWO).records()) == 2


def test_concentration_of_every_country() -> None:
    rows = herfindahl_hirschman(by="product", data=TWO).records()
    # 0.2² + 0.8² = 0.68 and 0.6² + 0.4² = 0.52
    assert [(r["code"], r["index"]) for r in rows] == [
        ("KOR", pytest.approx(0.68)), ("JPN", pytest.approx(0.52)),
    ]  # fmt: skip


def test_a_single_line_has_no_normalised_index() -> None:
    row = herfindahl_hirschman("DEU", by="product", data=NESTED).records()[0]
    assert (row["index"], row["normalised"]) == (1.0, None)
    assert "single line" in row["note"]


def test_theil_over_all_products_of_the_frame() -> None:
    rows = {r["code"]: r for r in theil(data=NESTED).records()}
    # One of three lines: ln 3; two alike of three: ln 1.5.
    assert rows["DEU"]["extensive"] == pytest.approx(1.0986123)
    assert rows["KOR"]["index"] == pytest.approx(0.4054651)
    assert rows["JPN"]["index"] == pytest.approx(0)


def test_theil_of_one_country_does_not_guess_what_could_be_traded() -> None:
    data = matrix_frame({"JPN": {"a": 1, "b": 3}})
    row = theil("JPN", data=data).records()[0]
    assert row["extensive"] is None
    assert row["note"]
    assert theil("JPN", data=data, lines=4).records()[0]["extensive"] == pytest.approx(0.6931472)


def test_theil_of_one_country_counts_what_the_others_of_the_frame_trade() -> None:
    alone = {
        r["code"]: theil(r["code"], data=NESTED).records()[0] for r in theil(data=NESTED).records()
    }
    assert {c: r["extensive"] for c, r in alone.items()} == {
        r["code"]: r["extensive"] for r in theil(data=NESTED).records()
    }
    assert alone["DEU"]["lines"] == 3


def test_goods_that_come_back_are_told_of() -> None:
    data = frame(
        [("CHN", "CHN", "8542", "import", 20), ("CHN", "KOR", "8542", "import", 80)],
        "country partner product flow value",
    )
    notes = import_dependence("CHN", data=data).notes
    assert any("20 % of imports are goods of China itself" in n for n in notes)


SIDES = frame(
    [
        ("JPN", "a", "export", 20), ("JPN", "b", "export", 60),
        ("JPN", "a", "import", 10), ("JPN", "b", "import", 10),
    ],
    "country product flow value",
)  # fmt: skip


def test_intra_industry_trade_of_a_frame() -> None:
    answer = grubel_lloyd("JPN", data=SIDES, adjusted=True)
    # 1 − 10/30 and 1 − 50/70; in all 1 − 60/100; without the imbalance 0.75
    assert {r["code"]: r["index"] for r in answer.records()} == {
        "a": pytest.approx(2 / 3), "b": pytest.approx(2 / 7),
    }  # fmt: skip
    assert answer.about["aggregate"] == pytest.approx(0.4)
    assert answer.about["aquino"] == pytest.approx(0.75)
    total = grubel_lloyd("JPN", by="total", data=SIDES).records()
    assert [(r["trade"], r["index"]) for r in total] == [(100, pytest.approx(0.4))]
    with pytest.raises(InputError, match="no breakdown"):
        grubel_lloyd("JPN", by="partner", data=SIDES)


WORLD = frame(
    [
        ("JPN", "KOR", "a", 60), ("JPN", "DEU", "b", 40),
        ("KOR", "JPN", "a", 30), ("KOR", "DEU", "b", 70),
        ("DEU", "JPN", "b", 50), ("DEU", "KOR", "a", 50),
    ],
    "exporter importer product value",
)  # fmt: skip


def test_trade_intensity_of_a_frame() -> None:
    rows = trade_intensity("JPN", importer="KOR", data=WORLD).records()
    assert [(r["intensity"], r["kojima"]) for r in rows] == [
        (pytest.approx(0.6 * 300 / 110), pytest.approx(1.2))
    ]


def test_complementarity_takes_imports_from_the_exports_of_all_others() -> None:
    # JPN sells (60, 40); DEU buys (0, 40 + 70): only the 40 % of b are in common.
    answer = complementarity("JPN", importer="DEU", data=WORLD)
    assert answer.about["index"] == pytest.approx(40)
    assert sum(r["common"] for r in answer.records()) == pytest.approx(40)
    assert any("exports of all others" in n for n in answer.notes)
    rows = complementarity("JPN", data=WORLD).records()
    assert {r["code"]: r["index"] for r in rows}["DEU"] == pytest.approx(40)


def test_similarity_with_one_and_with_all() -> None:
    # (60, 40) and (20, 80): 20 + 40
    assert export_similarity("JPN", other="KOR", data=TWO).about["index"] == pytest.approx(60)
    rows = export_similarity("JPN", data=NESTED).records()
    # A third each against halves: 2/3; against one product: 1/3.
    assert [(r["code"], r["index"]) for r in rows] == [
        ("KOR", pytest.approx(200 / 3)), ("DEU", pytest.approx(100 / 3)),
    ]  # fmt: skip
    with pytest.raises(InputError, match="like itself"):
        export_similarity("JPN", other="JPN", data=TWO)


def test_what_lies_near_in_the_product_space() -> None:
    rows = product_proximity("a", data=TWO).records()
    # JPN has an advantage in a alone, KOR in b alone: no country has both.
    assert [(r["code"], r["proximity"]) for r in rows] == [("b", 0.0)]
    with pytest.raises(UnknownTerm):
        product_proximity("z", data=TWO)
    density = product_density("JPN", data=TWO).records()
    # No other product lies near either: there is nothing to take a part of.
    assert [(r["code"], r["density"], r["advantage"]) for r in density] == [
        ("b", None, False), ("a", None, True),
    ]  # fmt: skip


def test_import_dependence_of_a_frame_with_production() -> None:
    answer = import_dependence("DEU", data=WORLD, production={"b": 40})
    row = answer.records()[0]
    # 40 and 70 of 110: 0.1322 + 0.4050 = 0.5372; exports of b 50: 2.2; use 40 + 110 − 50 = 100.
    assert row["concentration"] == pytest.approx((40 / 110) ** 2 + (70 / 110) ** 2)
    assert row["largest"] == "South Korea"
    assert (row["to_exports"], row["dependent"]) == (pytest.approx(2.2), True)
    assert row["use"] == pytest.approx(110)
    with pytest.raises(InputError, match="share of 0"):
        import_dependence("DEU", data=WORLD, single_source=0)


def test_exports_that_replace_imports_make_a_product_independent() -> None:
    data = frame(
        [("JPN", "DEU", "a", 10), ("DEU", "JPN", "a", 30)], "exporter importer product value"
    )
    row = import_dependence("DEU", data=data).records()[0]
    assert (row["concentration"], row["to_exports"]) == (1.0, pytest.approx(1 / 3))
    assert not row["dependent"]


def test_a_group_depends_on_what_comes_from_outside() -> None:
    data = frame(
        [
            ("CHN", "DEU", "a", 60), ("USA", "FRA", "a", 20), ("FRA", "DEU", "a", 20),
            ("DEU", "USA", "b", 5), ("CHN", "DEU", "b", 1), ("FRA", "DEU", "b", 9),
        ],
        "exporter importer product value",
    )  # fmt: skip
    rows = {r["code"]: r for r in import_dependence("EU27", data=data).records()}
    # Of 80 from outside, 60 and 20: 0.5625 + 0.0625; 80 of 100 from outside; 80 over exports of 20.
    assert rows["a"]["concentration"] == pytest.approx(0.625)
    assert (rows["a"]["outside"], rows["a"]["to_exports"]) == (pytest.approx(80), pytest.approx(4))
    # Of b, 1 of 10 comes from outside.
    assert (rows["a"]["dependent"], rows["b"]["dependent"]) == (True, False)


@pytest.mark.parametrize(
    ("rows", "columns", "words"),
    [
        ([("JPN", 1)], "country price", "no column value"),
        ([("a", 1)], "product value", "no column reporter or country"),
        ([("JPN", "a", -1)], "country product value", "negative"),
        ([("JPN", "a", float("nan"))], "country product value", "missing"),
        ([("JPN", "a", "x")], "country product value", "no number"),
        ([("JPN", None, 1)], "country product value", "empty"),
        ([("JPN", "a", 1), ("JPN", "a", 2)], "country product value", "more than once"),
        ([("JPN", "a", 10.0**25)], "country product value", "20 digits"),
        (
            [("JPN", "a", 2020, 1), ("JPN", "a", 2021, 2)],
            "country product year value",
            "several periods",
        ),
    ],
)
def test_frames_that_cannot_be_used(rows: list, columns: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        market_share(by="country", data=frame(rows, columns))


def test_the_period_is_taken_from_a_frame_of_several() -> None:
    data = pd.concat([TWO.assign(year=2020), TWO.assign(year=2021, value=1)])
    assert market_share("JPN", 2020, data=data).records()[0]["exports"] == 60
    with pytest.raises(NoFigure, match="2020, 2021"):
        market_share("JPN", 2022, data=data)


def test_a_country_or_column_that_is_not_there() -> None:
    with pytest.raises(UnknownTerm, match="country of the table"):
        market_share("FRA", data=TWO)
    with pytest.raises(InputError, match="needs a column partner"):
        trade_intensity("JPN", data=TWO)
    with pytest.raises(InputError, match="no imports"):
        complementarity("JPN", data=TWO)


def test_one_country_is_no_world() -> None:
    data = matrix_frame({"JPN": {"a": 1, "b": 3}})
    for ask in (market_share, comparative_advantage, export_similarity):
        with pytest.raises(NoFigure, match="one country only"):
            ask("JPN", data=data)
