"""Constant-market-share analysis against arithmetic by hand, and that it adds up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.explain.constant_market_share import constant_market_share
from boeki.explain.market_share_effects import five_effects, four_effects, summed
from tests.measure.structure.worlds import TRADE, baci_lake, frame

Cells = dict[tuple[str, str], Decimal]
#: Two commodities in two markets.
PLACES = [("i1", "j1"), ("i1", "j2"), ("i2", "j1"), ("i2", "j2")]


def cells(*values: int) -> Cells:
    return {c: Decimal(v) for c, v in zip(PLACES, values, strict=True)}


OWN = cells(20, 10, 10, 0), cells(30, 15, 20, 5)
WORLD = cells(100, 100, 100, 100), cells(200, 100, 150, 100)


def effects(**options: Any) -> dict[str, Decimal]:
    return {k: v for k, v in summed(four_effects(OWN, WORLD, **options)).items() if v}


def test_commodities_first() -> None:
    """s = 40/400 = 0.1 of ΔQ = 150: 15. s_i = 0.15, 0.05 of 100 and 50: 17.5. s_ij = 0.2, 0.1 of
    100 and 50: 25. Exports rose by 30.
    """
    assert effects() == {
        "growth": Decimal(15), "commodity": Decimal("2.5"), "market": Decimal("7.5"),
        "competitiveness": Decimal(5),
    }  # fmt: skip


def test_markets_first() -> None:
    """s_j = 30/200 of 150 and 10/200 of nothing: 22.5, which is 7.5 more than 15."""
    assert effects(order="market-first") == {
        "growth": Decimal(15), "commodity": Decimal("2.5"), "market": Decimal("7.5"),
        "competitiveness": Decimal(5),
    }  # fmt: skip


def test_final_weights() -> None:
    """s = 70/550 of 150: 19.090909. s_i = 45/300 of 100 and 25/250 of 50: 20. s_ij = 0.15 of 100
    and 20/150 of 50: 21.666667.
    """
    assert effects(weights="final") == {
        "growth": Decimal("19.090909"), "commodity": Decimal("0.909091"),
        "market": Decimal("1.666667"), "competitiveness": Decimal("8.333333"),
    }  # fmt: skip


def test_the_interaction_apart() -> None:
    """Q⁰Δs = 100·(−0.05 + 0.05 + 0.033333 + 0.05) = 8.333333; ΔQΔs = −5 + 1.666667."""
    found = effects(weights="interaction")
    assert found["competitiveness"] == Decimal("8.333333")
    assert found["interaction"] == Decimal("-3.333333")


def test_fagerberg_and_sollie() -> None:
    """a: 0.2, 0.1, 0.1, 0 → 0.15, 0.15, 2/15, 0.05; b: ½ each → 4/7, ½, 3/7, ½; c: ½ → 7/11, 4/11.

    Market share ¼·(−0.05 + 0.05 + 1/30 + 0.05); composition ½·(0.2 − 0.1)/14; adaptation
    ½·(−0.05 − 1/30)/14; markets (0.15 − 0.05)·3/22; adaptation (1/7 − 0.15 − 0.05)·3/22.
    """
    found = {k: float(v) for k, v in summed(five_effects(OWN, WORLD)).items()}
    assert found == {
        "market_share": pytest.approx(100 * (1 / 30 + 0.05) / 4),
        "commodity_composition": pytest.approx(100 * 0.1 / 28),
        "commodity_adaptation": pytest.approx(-100 * (0.05 + 1 / 30) / 28),
        "market_composition": pytest.approx(100 * 0.1 * 3 / 22),
        "market_adaptation": pytest.approx(100 * (1 / 7 - 0.2) * 3 / 22),
    }
    assert sum(found.values()) == pytest.approx(100 * (70 / 550 - 40 / 400))


AMOUNT = st.decimals(0, 10**12, places=3)
TABLE = st.dictionaries(st.sampled_from(PLACES), AMOUNT, max_size=4)
PAIR = st.tuples(TABLE, TABLE)


def together(mine: Cells, others: Cells) -> Cells:
    return {c: mine.get(c, Decimal(0)) + others.get(c, Decimal(0)) for c in {*mine, *others}}


@settings(max_examples=80, deadline=None)
@given(
    PAIR, PAIR,
    st.sampled_from(["initial", "final", "average", "interaction"]),
    st.sampled_from(["commodity-first", "market-first"]),
    st.booleans(),
)  # fmt: skip
def test_four_effects_add_up_to_the_last_digit(
    own: Any, others: Any, weights: Any, order: Any, inside: bool
) -> None:
    market = tuple(map(together, own, others)) if inside else others
    try:
        found = four_effects(own, market, weights=weights, order=order)
    except InputError:  # nothing is sold in one of the periods
        return
    change = sum(own[1].values(), Decimal(0)) - sum(own[0].values(), Decimal(0))
    assert sum(summed(found).values(), Decimal(0)) == change
    for cell, parts in found.items():
        change = own[1].get(cell, Decimal(0)) - own[0].get(cell, Decimal(0))
        assert sum(parts.values()) == change


@settings(max_examples=60, deadline=None)
@given(PAIR, PAIR)
def test_four_effects_are_richardsons_fractions(own: Any, others: Any) -> None:
    """Against his formulas, computed as fractions over the aggregates."""
    before, after = (together(m, o) for m, o in zip(own, others, strict=True))
    if not sum(before.values()) or not sum(after.values()):
        return
    q, big, then = ({c: Fraction(v) for c, v in x.items()} for x in (own[0], before, after))
    keys = set(PLACES)
    share = Fraction(sum(q.values())) / sum(big.values())
    rise = sum(then.values()) - sum(big.values())
    by_line = Fraction(0)
    for line in ("i1", "i2"):
        mine = [k for k in keys if k[0] == line]
        old = sum(big.get(k, 0) for k in mine)
        if old:
            part = Fraction(sum(q.get(k, 0) for k in mine)) / old
            by_line += part * (sum(then.get(k, 0) for k in mine) - old)
    fine = sum(
        Fraction(q.get(k, 0)) / big[k] * (then.get(k, 0) - big[k]) for k in keys if big.get(k)
    )
    found = summed(four_effects(own, (before, after)))
    wanted = (share * rise, by_line - share * rise, fine - by_line)
    for name, value in zip(("growth", "commodity", "market"), wanted, strict=True):
        assert float(found.get(name, 0)) == pytest.approx(float(value), abs=1e-5, rel=1e-15)


@settings(max_examples=60, deadline=None)
@given(PAIR, PAIR)
def test_five_effects_add_up_to_the_change_of_the_share(own: Any, others: Any) -> None:
    market = tuple(map(together, own, others))
    if not all(sum(m.values()) for m in market):
        return
    found = five_effects(own, market)
    shares = [
        100 * Fraction(sum(o.values())) / Fraction(sum(m.values()))
        for o, m in zip(own, market, strict=True)
    ]
    whole = sum(summed(found).values(), Decimal(0))
    assert abs(Fraction(whole) - (shares[1] - shares[0])) < Fraction(1, 10**16)


def test_five_effects_need_the_country_in_the_market() -> None:
    with pytest.raises(InputError, match="more than the market buys"):
        five_effects(WORLD, OWN)


def test_flows_without_a_reference_stand_by_themselves() -> None:
    rivals = cells(100, 100, 100, 0), cells(200, 100, 150, 10)
    own = cells(20, 10, 10, 7), cells(30, 15, 20, 5)
    found = four_effects(own, rivals)
    assert found["i2", "j2"]["unmatched"] == -2
    assert sum(summed(found).values()) == 23


# -- of tables and lakes --------------------------------------------------------------------------


def table(year: int, own: Cells, world: Cells) -> pd.DataFrame:
    rows = []
    for (i, j), value in world.items():
        rows.append(("A", j, i, year, float(own[i, j])))
        rows.append(("B", j, i, year, float(value - own[i, j])))
    return frame(rows, "country partner product year value")


DATA = pd.concat([table(2019, OWN[0], WORLD[0]), table(2020, OWN[1], WORLD[1])])


def test_an_answer_of_a_frame() -> None:
    answer = constant_market_share("A", 2020, 2019, data=DATA)
    assert {r["effect"]: r["value"] for r in answer.records()} == {
        "growth": 15, "commodity": Decimal("2.5"), "market": Decimal("7.5"),
        "competitiveness": 5, "total": 30,
    }  # fmt: skip
    two = constant_market_share(
        "A", 2020, 2019, data=DATA[DATA.year == 2020], before=DATA[DATA.year == 2019]
    )
    assert two.records() == answer.records()


@pytest.mark.parametrize("method", ["richardson", "fagerberg-sollie"])
@pytest.mark.parametrize("by", ["product", "partner"])
def test_lines_add_up_to_the_effects(method: Any, by: Any) -> None:
    whole = {
        r["effect"]: r["value"]
        for r in constant_market_share("A", 2020, 2019, method=method, data=DATA).records()
    }
    rows = constant_market_share("A", 2020, 2019, method=method, by=by, data=DATA).records()
    assert len(rows) == 2
    for effect, value in whole.items():
        name = "change" if effect == "total" else effect
        assert sum(r[name] for r in rows) == value
    assert sum(r["part"] for r in rows) == pytest.approx(100)


def test_competitors_as_the_reference() -> None:
    answer = constant_market_share("A", 2020, 2019, reference=["B"], data=DATA)
    rows = {r["effect"]: r["value"] for r in answer.records()}
    # 40/360 of what B gained: 480 − 360 = 120.
    assert rows["growth"] == pytest.approx(Decimal(40) / 3, abs=Decimal("1e-5"))
    assert sum(v for e, v in rows.items() if e != "total") == rows["total"] == 30


def test_what_the_country_imports_itself_is_no_market_of_it() -> None:
    home = frame(
        [("B", "A", "i1", 2019, 50), ("B", "A", "i1", 2020, 90)],
        "country partner product year value",
    )
    data = pd.concat([DATA, home])
    without = constant_market_share("A", 2020, 2019, data=data)
    assert without.records() == constant_market_share("A", 2020, 2019, data=DATA).records()
    within = constant_market_share("A", 2020, 2019, data=data, home=True).records()
    # 40/450 of 190
    assert float(within[0]["value"]) == pytest.approx(40 / 450 * 190, abs=1e-5)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return baci_lake(tmp_path_factory.mktemp("world"))


def test_an_answer_of_a_lake(lake: Any) -> None:
    answer = constant_market_share("JPN", 2020, 2019, office="baci", lake=lake)
    rows = {r["effect"]: r["value"] for r in answer.records()}
    mine = [(a, b) for i, _j, _k, a, b in TRADE if i == "JPN"]
    assert rows["total"] == 1000 * sum(b - a for a, b in mine)
    abroad = [(a, b) for _i, j, _k, a, b in TRADE if j != "JPN"]
    old, rise = sum(a for a, _ in abroad), sum(b - a for a, b in abroad)
    assert float(rows["growth"]) == pytest.approx(1000 * sum(a for a, _ in mine) / old * rise)
    assert sum(v for e, v in rows.items() if e != "total") == rows["total"]
    assert answer.sources == ("baci/BACI_HS17_Y2019_V202201", "baci/BACI_HS17_Y2020_V202201")
    assert answer.column("value").unit == "USD"


def test_what_cannot_be_explained(lake: Any) -> None:
    with pytest.raises(UnknownTerm, match="method"):
        constant_market_share("A", 2020, 2019, method="magic", data=DATA)  # type: ignore[arg-type]
    with pytest.raises(NoFigure, match="2018"):
        constant_market_share("JPN", 2020, 2018, office="baci", lake=lake)
    with pytest.raises(NoFigure, match="one country only"):
        constant_market_share("A", 2020, 2019, data=DATA[DATA.country == "A"])
    with pytest.raises(InputError, match="column"):
        constant_market_share(
            "A", 2020, 2019, data=DATA[DATA.partner == "j1"].drop(columns="partner")
        )
