"""The same push of research in each country."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.model.over_time import Flywheel, push_research, simulate_path, timed
from tests.model.worlds import mixed

WHEEL = Flywheel(psi=[0.0, 0.08, 0.05, 0.0], intensity=0.05, depreciation=0.3)
OPTIONS: dict[str, Any] = {"flywheel": WHEEL, "periods": 15, "years": 5, "share_of_gdp": 0.002}


def test_each_country_is_its_own_path() -> None:
    world = mixed()
    found = push_research(world, "S1", other="C3", **OPTIONS)
    assert found.countries == world.countries
    for k, name in enumerate(world.countries):
        push = {"research": {"countries": name, "sectors": "S1", "share_of_gdp": 0.002}}
        path = simulate_path(world, timed(push, end=4), periods=15, flywheel=WHEEL)
        gained = path.market_share[5, k, 1] - world.market_share[k, 1]
        assert found.central["share"][k] == pytest.approx(gained, rel=1e-9)
        assert found.central["welfare"][k] == pytest.approx(path.welfare[k] - 1, rel=1e-8)
        lost = path.market_share[5, 3, 1] - world.market_share[3, 1]
        assert found.central["other_share"][k] == pytest.approx(lost, rel=1e-9)
        paid = 0.05 * world.output[k, 1]
        assert found.multiple[k] == pytest.approx(1 + 0.002 * world.gdp[k] / paid)
    assert (found.central["share"] > 0).all()
    assert (np.delete(found.central["other_share"], 3) < 0).all()


def test_the_table_is_ranked_and_says_where_the_model_is_silent() -> None:
    found = push_research(mixed(), "S2", **OPTIONS)
    assert list(found.silent) == ["C0"]
    rows = found.table().table.to_pylist()
    shares = [row["share"] for row in rows[:-1]]
    assert shares == sorted(shares, reverse=True)
    assert rows[-1]["country"] == "C0"
    assert rows[-1]["share"] is None
    assert "nothing that a push would add to" in rows[-1]["note"]
    first = rows[0]
    assert first["cost_per_point"] == pytest.approx(first["cost"] / first["share"])


def test_draws_are_the_same_for_a_seed_on_every_engine() -> None:
    given = {**OPTIONS, "countries": ("C1", "C2"), "draws": 4, "elasticity_error": 0.3}
    here = push_research(mixed(), "S1", seed=3, **given)
    with ThreadPoolExecutor(2) as pool:
        there = push_research(mixed(), "S1", seed=3, engine=pool, **given)
    other = push_research(mixed(), "S1", seed=4, **given)
    assert here.draws["share"].shape == (4, 2)
    assert there.draws["share"] == pytest.approx(here.draws["share"], rel=1e-12)
    assert other.draws["share"] != pytest.approx(here.draws["share"], rel=1e-6)
    row = here.table(0.5).table.to_pylist()[0]
    k = here.countries.index(row["country"])
    low, high = 100 * np.quantile(here.draws["share"][:, k], [0.25, 0.75])
    assert (row["share_low"], row["share_high"]) == pytest.approx((low, high))


def test_a_push_far_beyond_what_there_was_is_marked() -> None:
    little = Flywheel(psi=[0.0, 0.08, 0.05, 0.0], intensity=0.0005, depreciation=0.3)
    found = push_research(mixed(), "S1", **{**OPTIONS, "flywheel": little})
    table = found.table()
    beyond = [row for row in table.table.to_pylist() if row["multiple"] > 10]
    assert beyond
    assert all(row["note"] == "beyond the estimates" for row in beyond)
    assert any("never estimated on such a change" in note for note in table.notes)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"share_of_gdp": 0}, "share_of_gdp of the push"),
        ({"years": 15}, "years of the push"),
        ({"draws": 1}, "at least 2"),
        ({"flywheel": Flywheel(psi=0.05)}, "needs to know how much there is"),
    ],
)
def test_pushes_that_cannot_be_are_said(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        push_research(mixed(), "S1", **{**OPTIONS, **options})


def test_unknown_countries_and_sectors_are_said() -> None:
    with pytest.raises(UnknownTerm):
        push_research(mixed(), "S9", **OPTIONS)
    with pytest.raises(UnknownTerm):
        push_research(mixed(), "S1", countries=("C9",), **OPTIONS)
