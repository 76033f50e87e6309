"""Settling folders changes how a lake is read, and nothing of what it says."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from boeki.lake import Lake
from boeki.lake.upkeep import optimize
from tests.ingest.deliveries import DAYS, bring, known
from tests.lake.test_news import DELIVERY, PHASES, bare, naive

MON, TUE, WED, THU = DAYS[:4]


def everything(lake: Lake) -> list[tuple[object, ...]]:
    """Every row of every vintage, by name, but for where it lies among the others."""
    rows = lake.query("SELECT * EXCLUDE (replaces, until) FROM {flows} ORDER BY ALL").to_pylist()
    return [tuple(row.values()) for row in rows]


def standing_in(lake: Lake) -> list[tuple[object, ...]]:
    """What is known on each day, later rows standing in."""
    table = lake.flows(tuple(DAYS), stand_in=True)
    rows = lake.execute(table.select("as_of", "product", "value", "stand_in")).to_pylist()
    return sorted(tuple(map(str, row.values())) for row in rows)


@settings(
    max_examples=6, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)
# A row that came late lies between one and the one that had replaced it: two say so.
@example([(0, {"X": 1}), (3, {"X": 2}), (1, {"X": 2}), (2, {"X": 1})], 3)
# Revised again after it was settled, and before that day.
@example([(0, {"X": 1}), (3, {"X": 2}), (4, {"X": 1}), (1, {"X": 2})], 2)
@given(st.lists(DELIVERY, min_size=2, max_size=5), st.integers(1, 4))
def test_a_settled_lake_says_the_same_on_every_day(
    deliveries: list[tuple[int, dict[str, int]]], after: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = bare(Path(folder, "lake"))
        for nth, (day, figures) in enumerate(deliveries):
            assert not bring(lake, Path(folder, "in"), f"f{nth}", DAYS[day], figures).failed
            if nth + 1 == after:
                had, stood = everything(lake), standing_in(lake)
                optimize(lake)
                assert everything(lake) == had
                assert standing_in(lake) == stood
        assert known(lake) == naive(deliveries)
        optimize(lake)
        assert known(lake) == naive(deliveries)
        assert known(Lake(lake.place)) == naive(deliveries)


def test_what_was_revised_is_read_without_its_revisions(tmp_path: Path) -> None:
    lake = bare(tmp_path / "lake")
    bring(lake, tmp_path / "in", "a", MON, {"X": 1, "Y": 2})
    bring(lake, tmp_path / "in", "b", TUE, {"X": 3})
    assert any(f.linked for f in lake._snapshots["flows"].files)
    optimize(lake)
    (file,) = lake._snapshots["flows"].files
    assert (file.linked, file.revised, file.rows) == (False, True, 3)
    assert "dated" in lake.engine.compile(lake.flows())
    # A second time there is nothing to do.
    version = lake._snapshots["flows"].version
    optimize(lake)
    assert lake._snapshots["flows"].version == version


def test_a_delivery_settles_what_was_much_revised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boeki.lake import settle

    monkeypatch.setattr(settle, "_LARGE", 4)
    monkeypatch.setattr(settle, "_SHARE", 20)
    lake = bare(tmp_path / "lake")
    figures = dict.fromkeys("ABCDEFGHIJKLMNOPQRST", 1)

    def linked() -> list[bool]:
        return [f.linked for f in lake._snapshots["flows"].files]

    bring(lake, tmp_path / "in", "a", MON, figures)
    # One of 21 rows: not yet.
    bring(lake, tmp_path / "in", "b", TUE, {"A": 2})
    assert any(linked())
    had = everything(lake)
    # Three of 23.
    bring(lake, tmp_path / "in", "c", WED, {"A": 3, "B": 2})
    assert linked() == [False]
    assert [row for row in everything(lake) if row in had] == had
    wanted = {(day, c): 1 for day in (MON, TUE, WED) for c in figures}
    wanted |= {(TUE, "A"): 2, (WED, "A"): 3, (WED, "B"): 2}
    assert known(Lake(lake.place), (MON, TUE, WED)) == wanted


def test_what_cannot_be_settled_is_delivered_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boeki.errors import LakeError
    from boeki.lake import settle

    def full(*_given: object) -> None:
        raise LakeError("the disk is full")

    monkeypatch.setattr(settle, "_LARGE", 1)
    lake = bare(tmp_path / "lake")
    bring(lake, tmp_path / "in", "a", MON, {"X": 1})
    monkeypatch.setattr(settle, "settled_rows", full)
    assert bring(lake, tmp_path / "in", "b", TUE, {"X": 3}).added == 1
    assert known(lake, (MON, TUE)) == {(MON, "X"): 1, (TUE, "X"): 3}


def test_another_pull_in_between_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boeki.lake import settle

    lake = bare(tmp_path / "lake")
    bring(lake, tmp_path / "in", "a", MON, {"X": 1})
    bring(lake, tmp_path / "in", "b", TUE, {"X": 3})
    read, others = settle.settled_rows, []

    def slowly(*given: object) -> object:
        """Another process brings a vintage after the folder was read and before it is written."""
        rows = read(*given)  # type: ignore[arg-type]
        if not others:
            others.append(bring(Lake(lake.place), tmp_path / "in", "c", THU, {"X": 5, "Z": 7}))
        return rows

    monkeypatch.setattr(settle, "settled_rows", slowly)
    optimize(lake)
    assert others[0].added == 2
    assert known(Lake(lake.place), (MON, WED, THU)) == {
        (MON, "X"): 1, (WED, "X"): 3, (THU, "X"): 5, (THU, "Z"): 7
    }  # fmt: skip


def test_figures_are_counted_and_not_their_vintages(tmp_path: Path) -> None:
    lake = bare(tmp_path / "lake")
    bring(lake, tmp_path / "in", "a", MON, {"X": 1, "Y": 2})
    (office,) = {f.office for f in lake._snapshots["flows"].files if f.office}
    assert lake.size("flows", office) == 2
    for nth, day in enumerate((TUE, WED)):
        bring(lake, tmp_path / "in", f"b{nth}", day, {"X": 10 + nth})
        assert lake.size("flows", office) == 2
    optimize(lake)
    assert lake.size("flows", office) == 2
    bring(lake, tmp_path / "in", "c", THU, {"X": 20, "Z": 3})
    assert lake.size("flows", office) == 3
