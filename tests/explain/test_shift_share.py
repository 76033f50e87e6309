"""Econometric shift-share against a regression on dummies, and a closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boeki.errors import NoFigure, UnknownTerm
from boeki.explain.fixed_effects import Panel, contributions_of, fixed_effects
from boeki.explain.shift_share import shift_share
from tests.measure.structure.worlds import baci_lake, frame


def panel(seed: int, sizes: tuple[int, int, int], kept: float = 0.7) -> Panel:
    """Growth of some of all possible flows, with unequal weights."""
    rng = np.random.default_rng(seed)
    i, j, k = (x.ravel() for x in np.indices(sizes))
    keep = rng.random(i.size) < kept
    n = int(keep.sum())
    return Panel(i[keep], j[keep], k[keep], rng.normal(size=n), rng.lognormal(size=n))


def dummies(p: Panel) -> Any:
    """Fitted values by least squares on a column for each exporter, importer and product."""
    columns = [
        (x[:, None] == np.unique(x)[None, :]).astype(float)
        for x in (p.exporter, p.importer, p.product)
    ]
    design, root = np.hstack(columns), np.sqrt(p.weight)
    solution, *_rest = np.linalg.lstsq(design * root[:, None], p.growth * root, rcond=None)
    sizes = np.cumsum([c.shape[1] for c in columns])[:2]
    return design @ solution, np.split(solution, sizes)


def centred(effect: Any, place: Any, weight: Any) -> Any:
    return effect - np.average(effect[place], weights=weight)


@pytest.mark.parametrize("seed", range(5))
def test_effects_are_those_of_a_regression_on_dummies(seed: int) -> None:
    p = panel(seed, (5, 6, 8))
    found = fixed_effects(p)
    fitted, (a, b, d) = dummies(p)
    mine = (
        found.constant + found.exporter[p.exporter] + found.importer[p.importer]
        + found.product[p.product]
    )  # fmt: skip
    assert mine == pytest.approx(fitted, abs=1e-10)
    assert found.identified.all()
    assert found.exporter == pytest.approx(centred(a, p.exporter, p.weight), abs=1e-10)
    assert found.importer == pytest.approx(centred(b, p.importer, p.weight), abs=1e-10)
    assert found.product == pytest.approx(centred(d, p.product, p.weight), abs=1e-10)
    assert found.constant == pytest.approx(np.average(p.growth, weights=p.weight))
    rest = np.average((p.growth - fitted) ** 2, weights=p.weight)
    whole = np.average((p.growth - found.constant) ** 2, weights=p.weight)
    assert found.r2 == pytest.approx(1 - rest / whole)


@pytest.mark.parametrize("seed", range(3))
def test_in_balanced_data_performance_is_the_mean_less_the_worlds(seed: int) -> None:
    """Where w_ijk = u_i v_j z_k, effects are orthogonal: each is a weighted mean less that of all,
    and every exporter has the same markets and products.
    """
    rng = np.random.default_rng(seed)
    u, v, z = rng.lognormal(size=4), rng.lognormal(size=3), rng.lognormal(size=5)
    i, j, k = (x.ravel() for x in np.indices((4, 3, 5)))
    p = Panel(i, j, k, rng.normal(size=60), u[i] * v[j] * z[k])
    parts, found = contributions_of(p, fixed_effects(p)), fixed_effects(p)
    means = [np.average(p.growth[i == n], weights=p.weight[i == n]) for n in range(4)]
    assert parts.performance == pytest.approx(np.array(means) - found.constant, abs=1e-12)
    assert parts.geography == pytest.approx(np.zeros(4), abs=1e-12)
    assert parts.sectors == pytest.approx(np.zeros(4), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.15, 1))
def test_parts_add_up_to_each_exporters_growth(seed: int, kept: float) -> None:
    p = panel(seed, (4, 4, 6), kept)
    if not p.growth.size:
        return
    found = fixed_effects(p)
    parts = contributions_of(p, found)
    assert parts.residual == pytest.approx(np.zeros(len(parts.residual)), abs=1e-9)
    assert parts.weight @ parts.performance == pytest.approx(0, abs=1e-9)
    whole = parts.performance + parts.geography + parts.sectors
    assert parts.weight @ whole == pytest.approx(0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_what_is_identified_is_the_same_for_any_solution(seed: int) -> None:
    """Sparse data leave effects open: where an exporter is said to be identified, the shortest
    solution of the dummy regression has the same performance, and the most exporters it can.
    """
    p = panel(seed, (4, 4, 5), 0.2)
    if not p.growth.size:
        return
    found = fixed_effects(p)
    _fitted, (a, _b, _d) = dummies(p)
    present = np.unique(p.exporter)
    other = np.full(found.exporter.size, np.nan)
    other[present] = a
    other -= np.average(other[p.exporter], weights=p.weight)
    for n in present:
        if found.identified[n]:
            assert found.exporter[n] == pytest.approx(other[n], abs=1e-7)


def test_an_exporter_apart_is_not_identified() -> None:
    """Two worlds without a common market or product: nothing tells their performance from where
    and what they sell.
    """
    i = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    p = Panel(
        i,
        np.array([0, 1, 0, 1, 2, 3, 2, 3]),
        np.array([0, 1, 1, 0, 2, 3, 3, 2]),
        np.arange(8.0),
        np.ones(8),
    )
    assert not fixed_effects(p).identified.any()


# -- of tables and lakes --------------------------------------------------------------------------


def three(year: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        (c, m, p, year, round(float(rng.lognormal(4, 1)), 2))
        for c in "ABC"
        for m in "ABCD"
        for p in ("x", "y", "z")
        if c != m and rng.random() < 0.85
    ]
    return frame(rows, "country partner product year value")


DATA = pd.concat([three(2019, 1), three(2020, 2)])


def test_midpoint_growth_of_exporters_and_of_the_world() -> None:
    answer = shift_share(None, 2020, 2019, data=DATA)
    sums = DATA.groupby(["country", "year"])["value"].sum().unstack()
    wanted = 200 * (sums[2020] - sums[2019]) / (sums[2020] + sums[2019])
    rows = {r["code"]: r for r in answer.records()}
    assert {c: r["growth"] for c, r in rows.items()} == pytest.approx(wanted.to_dict())
    before, after = sums.sum()
    assert answer.about["world_growth"] == pytest.approx(200 * (after - before) / (after + before))
    for r in rows.values():
        parts = r["world"] + r["performance"] + r["geography"] + r["sectors"]
        assert parts == pytest.approx(r["growth"], abs=1e-9)


def test_one_country_has_a_row_an_effect() -> None:
    one = {r["effect"]: r["value"] for r in shift_share("B", 2020, 2019, data=DATA).records()}
    row = next(r for r in shift_share(None, 2020, 2019, data=DATA).records() if r["code"] == "B")
    assert one == {e: row[e] for e in one}
    total = one.pop("growth")
    assert sum(one.values()) == pytest.approx(total, abs=1e-9)


def test_log_growth_leaves_out_what_begins_or_ends() -> None:
    answer = shift_share(None, 2020, 2019, growth="log", data=DATA)
    wide = DATA.set_index(["country", "partner", "product", "year"])["value"].unstack()
    both = wide.dropna()
    shares = (both / both.sum()).mean(axis=1)
    wanted = 100 * float((shares * np.log(both[2020] / both[2019])).sum())
    assert answer.about["world_growth"] == pytest.approx(wanted)
    assert answer.about["flows"] == len(both)
    gone = 100 * (1 - both.sum().sum() / wide.sum().sum())
    assert any(f"{gone:.1f} % of trade" in n for n in answer.notes)


def test_an_answer_of_a_lake(tmp_path_factory: pytest.TempPathFactory) -> None:
    lake = baci_lake(tmp_path_factory.mktemp("world"))
    answer = shift_share("JPN", 2020, 2019, office="baci", lake=lake)
    value = {r["effect"]: r["value"] for r in answer.records()}
    # Japan's exports: 330 thousand dollars in 2019, 380 in 2020.
    assert value["growth"] == pytest.approx(200 * 50 / 710)


def test_what_cannot_be_explained() -> None:
    with pytest.raises(UnknownTerm, match="growth"):
        shift_share("A", 2020, 2019, growth="percent", data=DATA)  # type: ignore[arg-type]
    with pytest.raises(NoFigure, match="one country only"):
        shift_share("A", 2020, 2019, data=DATA[DATA.country == "A"])
