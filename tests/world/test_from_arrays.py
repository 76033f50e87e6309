"""Bad input to a world: each is said in a sentence that names country and sector."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from boeki.errors import BoekiError, InputError, IntegrityError, UnknownTerm
from boeki.world import World

COUNTRIES, SECTORS = ("JPN", "USA"), ("cars", "chips")
#: Sales net of tariffs, (origin, destination, sector).
TRADE = np.array([[[80.0, 40], [20, 10]], [[15, 5], [85, 60]]])


def world(**other: Any) -> World:
    given: dict[str, Any] = {"trade": TRADE, "trade_elasticity": 4.0}
    return World.from_arrays(COUNTRIES, SECTORS, **(given | other))


def test_what_is_not_given_is_worked_out() -> None:
    made = world(tariff=np.array([[[0, 0], [0.1, 0]], [[0, 0], [0, 0]]]))
    assert made.expenditure.tolist() == [[95, 45], [107, 70]]
    assert made.tariff_revenue == pytest.approx([0, 2])
    assert made.gdp.tolist() == [150, 165]
    assert made.deficit.tolist() == [-10, 10]
    assert made.final_share[1] == pytest.approx([107 / 177, 70 / 177])
    assert made.trade == pytest.approx(TRADE)


def changed(cell: tuple[int, int, int], value: float) -> np.ndarray:
    out = TRADE.copy()
    out[cell] = value
    return out


#: What is given, the error, and words that it must hold.
BAD: list[tuple[dict[str, Any], type[BoekiError], tuple[str, ...]]] = [
    ({"trade": changed((0, 1, 1), -3)}, InputError, ("trade", "negative", "JPN → USA, chips")),
    ({"trade": changed((1, 0, 0), np.nan)}, InputError, ("gap", "USA → JPN, cars")),
    ({"trade": TRADE[:, :, :1]}, InputError, ("trade", "shape", "(2, 2, 2)")),
    ({"trade": "many"}, InputError, ("trade", "not an array of numbers")),
    ({"trade_elasticity": [4.0, 0.0]}, InputError, ("trade_elasticity", "above zero", "chips")),
    ({"trade_elasticity": -2.0}, InputError, ("above zero", "cars")),
    ({"scale_elasticity": -0.1}, InputError, ("scale_elasticity", "negative", "cars")),
    ({"tariff": -1.0}, InputError, ("tariff", "−100 %", "JPN → JPN, cars")),
    ({"deficit": [5.0, 5.0]}, IntegrityError, ("deficits sum to 10",)),
    ({"deficit": [50.0, -50.0]}, IntegrityError, ("accounts of", "do not add up in")),
    ({"final_share": [[0.5, 0.5], [0.5, 0.4]]}, IntegrityError, ("final_share", "USA")),
    ({"input_share": np.full((2, 2, 2), 0.6)}, InputError, ("more than 1", "JPN", "cars")),
    (
        {"input_share": [[[0, 0.9], [0, 0]], [[0, 0], [0, 0]]]}, IntegrityError,
        ("all that JPN spends on chips", "settle=True"),
    ),
    (
        {"value_added_share": np.full((2, 2), 0.5)}, IntegrityError,
        ("value_added_share and input_share sum to 0.5 in JPN, cars",),
    ),
    ({"trade_share": TRADE / TRADE.sum(0)}, InputError, ("not both",)),
    ({"trade": None}, InputError, ("give trade, or trade_share",)),
    (
        {"trade": np.array([[[0, 0], [20, 10]], [[15, 5], [85, 60]]])}, InputError,
        ("JPN has no domestic sales", "gross output less exports"),
    ),
    ({"trade": np.zeros((2, 2, 2))}, BoekiError, ("JPN",)),
]  # fmt: skip


@pytest.mark.parametrize(("given", "error", "words"), BAD, ids=[b[2][0][:30] for b in BAD])
def test_bad_arrays_are_refused_by_name(
    given: dict[str, Any], error: type[BoekiError], words: tuple[str, ...]
) -> None:
    with pytest.raises(error) as heard:
        world(**given)
    for word in words:
        assert word in str(heard.value)


def test_names_must_be_distinct_and_known() -> None:
    with pytest.raises(InputError, match="'JPN' is there twice"):
        World.from_arrays(("JPN", "JPN"), SECTORS, trade=TRADE, trade_elasticity=4.0)
    with pytest.raises(UnknownTerm, match="did you mean JPN"):
        world().country("JPM")
    with pytest.raises(UnknownTerm, match="chips"):
        world().sector("chip")


def test_pairs_and_sectors_without_trade_are_no_error() -> None:
    trade = TRADE.copy()
    trade[0, 1] = 0
    trade[:, 0, 1] = 0
    made = world(trade=trade)
    assert made.trade[0, 1].tolist() == [0, 0]
    # Of what nobody buys the share is home's: no gap reaches the model.
    assert made.trade_share[:, 0, 1].tolist() == [1, 0]
    assert np.isfinite(made.trade_share).all()


def test_settling_holds_shares_and_says_how_far_spending_moved() -> None:
    made = world(
        input_share=[[[0, 0.9], [0, 0]], [[0, 0], [0, 0]]], settle=True,
    )  # fmt: skip
    assert made.final_share[0] == pytest.approx([1, 0])
    assert made.trade_share == pytest.approx(world().trade_share)
    assert made.deficit == pytest.approx(world().deficit)
    assert any("put at zero" in note for note in made.notes)
    assert any("expenditure settled" in note for note in made.notes)


def test_arrays_of_a_world_are_its_own() -> None:
    trade = TRADE.copy()
    made = world(trade=trade)
    trade[0, 0, 0] = 1000
    assert made.trade[0, 0, 0] == 80
    with pytest.raises(ValueError, match="read-only"):
        made.expenditure[0, 0] = 1
