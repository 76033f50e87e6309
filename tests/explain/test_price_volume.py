"""Price and volume: exact to the last digit, and against official growth rates."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.apportion import apportion
from boeki.explain.bennet import bennet
from boeki.explain.invoicing import invoicing_shares
from boeki.explain.montgomery import montgomery
from boeki.explain.price_volume import explain_price_volume
from boeki.lake import Lake
from tests.handmade import flow, lake_of, stated

METHODS = ("bennet", "montgomery")
amounts = st.decimals("0.001", 10**12, places=3)


def frame(*rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["period", "product", "value", "quantity", "unit"])


def parts(answer: Any) -> dict[str, Decimal]:
    return {r["part"]: r["effect"] for r in answer.records()}


# --- the formulas, by hand ----------------------------------------------------------------------


def test_bennet_by_hand() -> None:
    # 10 t at 10, then 12 t at 15: price ½(10 + 12)(15 − 10), volume ½(10 + 15)(12 − 10).
    split = bennet(*map(Fraction, (100, 10, 180, 12)))
    assert (split.price, split.exchange_rate, split.volume) == (55, 0, 25)


def test_bennet_with_an_exchange_rate_by_hand() -> None:
    # Contract price 10 → 7.5 at a rate of 1 → 2; price 10 → 15. Of the price's 5:
    # contract ½(1 + 2)(7.5 − 10) = −3.75, exchange rate ½(10 + 7.5)(2 − 1) = 8.75; times 11.
    split = bennet(*map(Fraction, (100, 10, 180, 12)), Fraction(2))
    assert split.price == Fraction("-41.25")
    assert split.exchange_rate == Fraction("96.25")
    assert split.volume == 25


def test_montgomery_by_hand() -> None:
    # Value doubles; price and quantity both grow by √2, so each does half of it.
    q1 = Fraction(math.sqrt(2))
    split = montgomery(Fraction(100), Fraction(1), Fraction(200), q1)
    assert float(split.price) == pytest.approx(50)
    assert float(split.volume) == pytest.approx(50)
    # A rate that doubles at an unchanged contract price does all of it: L ln 2 = 100.
    all_of_it = montgomery(*map(Fraction, (100, 1, 200, 1)), Fraction(2))
    assert float(all_of_it.exchange_rate) == pytest.approx(100)
    assert float(all_of_it.price) == pytest.approx(0, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(v0=amounts, q0=amounts, v1=amounts, q1=amounts, e=st.floats(0.2, 5))
def test_parts_are_exact_and_turn_their_sign_when_time_is_turned(
    v0: Decimal, q0: Decimal, v1: Decimal, q1: Decimal, e: float
) -> None:
    there = [Fraction(n) for n in (v0, q0, v1, q1)]
    back = [*there[2:], *there[:2]]
    rate = Fraction(e)
    assert sum(bennet(*there, rate)) == there[2] - there[0]
    split = bennet(*there)
    assert split.price == -bennet(*back).price
    assert split.volume == -bennet(*back).volume
    m, n = montgomery(*there, rate), montgomery(*back, 1 / rate)
    for one, other in zip(m, n, strict=True):
        assert float(one) == pytest.approx(-float(other), rel=1e-9, abs=1e-9)
    # The price effect, which is a rest there, from its own formula.
    mean = float(v0) if v0 == v1 else float(v1 - v0) / math.log(v1 / v0)
    direct = mean * math.log(v1 / v0 * q0 / q1 / Decimal(e))
    assert float(m.price) == pytest.approx(direct, rel=1e-6, abs=1e-6 * float(max(v0, v1)))


@settings(max_examples=60, deadline=None)
@given(
    shares=st.lists(st.fractions(-100, 100, max_denominator=997), min_size=1, max_size=6),
    total=st.decimals(-1000, 1000, places=3),
)
def test_rounded_parts_add_up(shares: list[Fraction], total: Decimal) -> None:
    exact = {str(n): s for n, s in enumerate(shares)} | {"x": Fraction(total) - sum(shares)}
    found = apportion(exact, total)
    assert sum(found.values()) == total
    assert all(abs(Fraction(found[k]) - exact[k]) < Fraction(1, 1000) for k in exact)


def test_parts_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        apportion({"a": Fraction(1), "b": Fraction(1, 3)}, Decimal(1))


# --- a change, whole ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=25, deadline=None)
@given(
    cells=st.dictionaries(
        st.tuples(st.sampled_from(["2023", "2024"]), st.sampled_from("abcd")),
        st.tuples(amounts, st.none() | amounts, st.sampled_from(["kg", "t", "units"])),
        min_size=2,
    ).filter(lambda d: len({period for period, _p in d}) == 2)
)
def test_parts_add_up_to_the_last_digit(method: str, cells: Any) -> None:
    rows = [(*key, v, q, u) for key, (v, q, u) in cells.items()]
    data = [dict(zip(("period", "product", "value", "quantity", "unit"), r, strict=True))
            for r in rows]  # fmt: skip
    wanted = sum(v if period == "2024" else -v for (period, _p), (v, _q, _u) in cells.items())
    for by in ("part", "product"):
        answer = explain_price_volume(
            period="2024", vs="2023", data=data, method=method, by=by, currency="USD"
        )
        assert answer.about["change"] == wanted
        assert answer.about["residual"] == 0
        if by == "part":
            assert sum(parts(answer).values()) == wanted
        else:
            assert all(r["residual"] == 0 for r in answer.records())
            assert sum(r["change"] for r in answer.records()) == wanted


def test_what_cannot_be_split_is_a_part_of_its_own() -> None:
    answer = explain_price_volume(
        period="2024",
        vs="2023",
        currency="USD",
        data=frame(
            ("2023", "wheat", 100, 10, "t"), ("2024", "wheat", 180, 12_000, "kg"),
            ("2023", "services", 50, None, None), ("2024", "services", 70, None, None),
            ("2023", "cars", 30, 3, "units"), ("2024", "cars", 40, 2, "t"),
            ("2024", "phones", 7, 1, "units"), ("2023", "tapes", 9, 1, "units"),
        ),
    )  # fmt: skip
    assert parts(answer) == {
        "Price": 55,
        "Volume": 25,
        "No common quantity": 30,
        "New products": 7,
        "Lost products": -9,
    }
    assert any("2 of the products are of one period only" in n for n in answer.notes)


def test_by_product_nulls_have_their_reason() -> None:
    answer = explain_price_volume(
        period="2024", vs="2023", by="product", currency="USD",
        data=frame(("2023", "a", 100, 10, "t"), ("2024", "a", 180, 12, "t"),
                   ("2023", "b", 5, None, None), ("2024", "b", 6, 1, "t"),
                   ("2024", "c", 1, 1, "t")),
    )  # fmt: skip
    found = {r["product"]: r for r in answer.records()}
    assert (found["a"]["price"], found["a"]["volume"], found["a"]["note"]) == (55, 25, "")
    assert found["b"]["price"] is None
    assert "quantity lacking" in found["b"]["note"]
    assert found["c"]["before"] is None
    assert found["c"]["note"] == "no figure in the base period"


# --- crude oil in November 2024 -----------------------------------------------------------------


def test_crude_oil(lake: Lake) -> None:
    """Japan Customs, final figures: 1,083,794 → 762,034 mn yen (−29.7 %), volume −17.0 %, unit
    value −15.3 %. The split from these rounded growth rates: volume ½(1 + 0.847)(−0.17) and price
    ½(1 + 0.83)(−0.153) of the base value.
    """
    answer = explain_price_volume("JPN", "2024-11", "import", products=["crude_oil"], lake=lake)
    found = {name: float(part) for name, part in parts(answer).items()}
    v0 = 1_083_794_337_000
    assert found["Volume"] == pytest.approx(v0 * (1 + 0.847) / 2 * -0.17, rel=5e-3)
    assert found["Price"] == pytest.approx(v0 * (1 + 0.83) / 2 * -0.153, rel=5e-3)
    assert sum(parts(answer).values()) == Decimal("-321760345000")
    assert "Quantity −17.0 %, unit value −15.3 %." in answer.notes[0]
    log = parts(
        explain_price_volume(
            "JPN", "2024-11", "import", products=["crude_oil"], method="montgomery", lake=lake
        )
    )
    mean = -321760345000 / math.log(762033992 / 1083794337)
    assert float(log["Volume"]) == pytest.approx(mean * math.log(10135527 / 12206316))


def test_the_yen_against_the_dollar(lake: Lake) -> None:
    """Federal Reserve H.10 monthly averages: 149.6905 in November 2023, 153.7126 a year later."""
    answer = explain_price_volume(
        "JPN", "2024-11", "import", products=["crude_oil"], method="montgomery",
        invoicing={"USD": 100}, lake=lake,
    )  # fmt: skip
    rates = lake.query(
        "SELECT period, value FROM {series} WHERE key = 'exchange_rate' AND unit = 'JPY/USD' "
        "AND period IN ('2023-11', '2024-11') ORDER BY period"
    )["value"].to_pylist()
    mean = -321760345000 / math.log(762033992 / 1083794337)
    found = parts(answer)
    assert float(found["Exchange rate"]) == pytest.approx(
        mean * math.log(float(rates[1]) / float(rates[0]))
    )
    assert found["Exchange rate"] > 0 > found["Contract price"]
    assert sum(found.values()) == Decimal("-321760345000")
    assert any(s.startswith("frb-h10") for s in answer.sources)


def test_trade_in_the_own_currency_has_no_exchange_rate_effect(lake: Lake) -> None:
    plain, yen = (
        parts(
            explain_price_volume(
                "JPN", "2024-11", "import", products=["crude_oil"], invoicing=shares, lake=lake
            )
        )
        for shares in (None, {"JPY": 0.6, "other": 0.4})
    )
    assert yen["Exchange rate"] == 0
    assert yen["Contract price"] == plain["Price"]


def test_all_imports_and_what_is_not_among_the_products(lake: Lake) -> None:
    answer = explain_price_volume("JPN", "2024-11", "import", lake=lake)
    found = parts(answer)
    # Imports of November in the final figures (d41ma), in million yen.
    assert answer.about["change"] == answer.about["after"] - answer.about["before"]
    assert round(answer.about["before"] / 10**6) == 9_631_822
    assert round(answer.about["after"] / 10**6) == 9_272_812
    assert sum(found.values()) == answer.about["change"]
    assert found["Other goods"] != 0


def test_the_price_of_all_products_is_the_sum_of_theirs(lake: Lake) -> None:
    whole = parts(explain_price_volume("JPN", "2024-11", "import", lake=lake))
    rows = explain_price_volume("JPN", "2024-11", "import", by="product", lake=lake).records()
    assert whole["Price"] == sum(r["price"] for r in rows)
    assert whole["Volume"] == sum(r["volume"] for r in rows)


# --- shares of currencies -----------------------------------------------------------------------


def test_shares_of_currencies_by_flow_and_product() -> None:
    table = pd.DataFrame(
        {
            "flow": ["import", "import", "export", "import"],
            "product": ["", "", "", "30301"],
            "currency": ["USD", "JPY", "JPY", "USD"],
            "share": ["75.0", "24.9", "100", "100"],
        }
    )
    shares = invoicing_shares(table, "import")
    assert shares == pytest.approx({"USD": 75 / 99.9, "JPY": 24.9 / 99.9})
    assert invoicing_shares(table, "import", "30301") == {"USD": 1}
    assert invoicing_shares(table, "export") == {"JPY": 1}


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"USD": 0.5}, "add up to 0.5, not to 1 or 100 %"),
        ({"USD": 1.5, "JPY": -0.5}, "the share of JPY is -0.5"),
        ({"DOLLAR": 1}, "'DOLLAR' is no currency"),
        ([{"currency": "USD", "share": None}], "lacks a share"),
        ([{"currency": "USD", "share": 1, "flow": "export"}], "no row of imports"),
        ([{"currency": "USD", "share": 0.5}] * 2, "stands twice"),
        ([{"currency": "USD", "share": "most"}], "the share of USD is 'most': write a number"),
    ],
)
def test_shares_that_cannot_be_used(given_: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        invoicing_shares(given_, "import")


def test_a_rate_that_is_quoted_the_other_way_round() -> None:
    """The euro is quoted as dollars a euro: imports of the United States, invoiced in euros."""
    rows = [
        flow(f"20{y}-01", v, reporter="USA", flow="import", classification="HS2022",
             product="848620", currency="USD", quantity=1, unit="units")
        for y, v in ((23, 100), (24, 110))
    ]  # fmt: skip
    rates = [
        stated(f"20{y}-01", v, key="exchange_rate", area="EU27", unit="USD/EUR", dimensions={})
        for y, v in ((23, "1.00"), (24, "1.10"))
    ]
    answer = explain_price_volume(
        "USA", "2024-01", "import", invoicing={"EUR": 1}, lake=lake_of(rows, rates)
    )
    assert parts(answer) == {"Contract price": 0, "Exchange rate": 10, "Volume": 0}


# --- what cannot be asked -----------------------------------------------------------------------


def test_what_cannot_be_asked(lake: Lake) -> None:
    asked = {"products": ["crude_oil"], "lake": lake}
    with pytest.raises(NoFigure, match="in November 2022, so the change"):
        explain_price_volume("JPN", "2023-11", "import", **asked)  # type: ignore[arg-type]
    with pytest.raises(NoFigure, match="no exchange rate JPY/EUR"):
        explain_price_volume("JPN", "2024-11", "import", invoicing={"EUR": 1}, **asked)  # type: ignore[arg-type]
    with pytest.raises(UnknownTerm, match="unknown method"):
        explain_price_volume("JPN", "2024-11", "import", method="benet", **asked)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="has no change mom"):
        explain_price_volume("JPN", "2024-Q4", "import", vs="mom", **asked)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="two periods of one length"):
        explain_price_volume("JPN", "2024-11", "import", vs="2023", **asked)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no period 2022; it has 2023, 2024"):
        explain_price_volume(
            period="2024", vs="2022", data=frame(("2023", "a", 1, 1, "t"), ("2024", "a", 1, 1, "t"))
        )
