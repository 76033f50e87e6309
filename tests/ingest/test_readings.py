"""Corrections of reading: a mended parser and bytes that were read before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from boeki.ingest import Pulled, pull
from boeki.ingest.verify import verify
from boeki.lake import Lake, opening
from boeki.lake.place import Place
from boeki.lake.readings import document_of, number_of, reading
from boeki.lake.revisions import revisions
from boeki.lake.vintages import vintages
from boeki.lake.withdrawn import withdrawn
from boeki.sources.base import Parsed, Query, Raw
from tests.ingest.deliveries import DAYS, bring, known
from tests.ingest.office import Office, pulled

MON, TUE, WED, THU = DAYS[:4]
Row = dict[str, Any]


class Mended(Office):
    """Reads rows as another parser does: what it makes of each, or nothing."""

    def __init__(self, folder: Path, change: Callable[[Row], Row | None], **how: Any) -> None:
        super().__init__(folder, **how)
        self.change = change

    def parse(self, raw: Raw) -> Parsed:
        (part,) = super().parse(raw).parts
        made = [self.change(row) for row in part.rows.to_pylist()]
        rows = pa.Table.from_pylist([r for r in made if r], schema=part.rows.schema)
        return Parsed([replace(part, rows=rows)])


def tenfold(row: Row) -> Row:
    """Thousands that were taken for hundreds."""
    return {**row, "value": row["value"] * 10}


def same(row: Row) -> Row:
    return row


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    opening._enter(Place(str(tmp_path / "lake")), make=True)
    return anew(tmp_path)


def anew(tmp_path: Path) -> Lake:
    return Lake(Place(str(tmp_path / "lake")))


def reread(
    lake: Lake, folder: Path, change: Callable[[Row], Row | None], *names: Any
) -> list[Pulled]:
    """Read files again that were kept, each published on its day."""
    how: dict[str, Any] = {"offline": True, "again": True}
    return [
        pull(lake, Mended(folder, change, published=day), Query(names=(name,)), **how)
        for name, day in names
    ]


def errors(tmp_path: Path, change: Callable[[Row], Row | None]) -> list[tuple[str, str]]:
    source = Mended(tmp_path / "in", change)
    found = verify(anew(tmp_path), sources={"office": source})
    return [(f.check, f.message) for f in found.of("error")]


def test_what_is_read_otherwise_stands_from_the_day_of_its_document(
    lake: Lake, tmp_path: Path
) -> None:
    bring(lake, tmp_path / "in", "a", MON, {"X": 1, "Y": 2})
    assert len(errors(tmp_path, tenfold)) == 1

    def only_x(row: Row) -> Row:
        return tenfold(row) if row["product"] == "X" else row

    (done,) = reread(lake, tmp_path / "in", only_x, ("a", MON))
    assert (done.failed, done.added) == ((), 1)
    found = anew(tmp_path)
    assert known(found, (MON, TUE)) == {(d, p): v for d in (MON, TUE) for p, v in
                                        (("X", 10), ("Y", 2))}  # fmt: skip
    # The row that was wrong is still there, and so is where each came from.
    rows = [(r["source"], r["published"], r["value"], r["revision"]) for r in pulled(found)]
    assert rows == [
        ("office/a@2024-01-01", MON, Decimal(1), 0),
        ("office/a@2024-01-01~r2", MON, Decimal(10), 1),
        ("office/a@2024-01-01", MON, Decimal(2), 0),
    ]
    first, second = (found.documents[f"office/a@2024-01-01{n}"] for n in ("", "~r2"))
    assert second["sha256"] == first["sha256"]
    assert second["note"].startswith("Correction of reading of ")
    assert errors(tmp_path, only_x) == []
    # The old parser would now find fault with the lake, as the new one did before.
    assert len(errors(tmp_path, same)) == 1


def test_the_same_parser_once_more_adds_nothing(lake: Lake, tmp_path: Path) -> None:
    bring(lake, tmp_path / "in", "a", MON, {"X": 1})
    for expected in (1, 0, 0):
        (done,) = reread(lake, tmp_path / "in", tenfold, ("a", MON))
        assert done.added == expected
    documents = len(anew(tmp_path).documents)
    assert documents == 2


def test_a_parser_may_be_mended_twice_and_back(lake: Lake, tmp_path: Path) -> None:
    bring(lake, tmp_path / "in", "a", MON, {"X": 1})
    for change, value in ((tenfold, 10), (lambda r: tenfold(tenfold(r)), 100), (same, 1)):
        reread(lake, tmp_path / "in", change, ("a", MON))
        assert known(anew(tmp_path), (MON,)) == {(MON, "X"): value}
        assert errors(tmp_path, change) == []


def test_corrections_of_every_vintage_leave_the_office_s_own_revisions(
    lake: Lake, tmp_path: Path
) -> None:
    """100 and then 110 were read as 10 and 11: the office revised by 10, and nobody by 90."""
    for name, day, value in (("a", MON, 10), ("b", TUE, 10), ("c", WED, 11)):
        bring(lake, tmp_path / "in", name, day, {"X": value})
    reread(lake, tmp_path / "in", tenfold, ("a", MON), ("b", TUE), ("c", WED))
    found = anew(tmp_path)
    assert known(found, (MON, TUE, WED)) == {(MON, "X"): 100, (TUE, "X"): 100, (WED, "X"): 110}
    told = revisions(found)
    steps = [(r.before.value, r.after.value, r.reading) for r in told.listed]
    assert sorted(steps) == [(10, 100, True), (11, 110, True), (100, 110, False)]
    assert (told.total, told.readings) == (3, 2)
    (extent,) = told.extents
    assert (extent.revisions, extent.bias) == (1, 10.0)
    counts = {v.source: (v.firsts, v.revisions, v.corrections) for v in vintages(found)}
    assert counts["office/a@2024-01-01~r2"] == (0, 0, 1)
    assert counts["office/c@2024-01-03"] == (0, 1, 0)
    assert errors(tmp_path, tenfold) == []


def test_they_may_be_read_again_in_any_order(lake: Lake, tmp_path: Path) -> None:
    files = (("a", MON, 10), ("b", TUE, 10), ("c", WED, 11))
    for name, day, value in files:
        bring(lake, tmp_path / "in", name, day, {"X": value})
    reread(lake, tmp_path / "in", tenfold, ("c", WED), ("a", MON), ("b", TUE))
    found = known(anew(tmp_path), (MON, TUE, WED))
    assert found == {(MON, "X"): 100, (TUE, "X"): 100, (WED, "X"): 110}
    assert errors(tmp_path, tenfold) == []


def test_a_figure_that_was_another_s_is_taken_out(lake: Lake, tmp_path: Path) -> None:
    """A code that stood for another country: the row was USA's and is Korea's."""
    bring(lake, tmp_path / "in", "a", MON, {"X": 1, "Y": 2})

    def other(row: Row) -> Row:
        return {**row, "product": "Z"} if row["product"] == "X" else row

    (done,) = reread(lake, tmp_path / "in", other, ("a", MON))
    assert done.added == 2
    found = anew(tmp_path)
    assert known(found, (MON, TUE)) == {
        (d, p): v for d in (MON, TUE) for p, v in (("Y", 2), ("Z", 1))
    }
    (gone,) = withdrawn(found)
    assert (gone.figure["product"], gone.value, gone.reading) == ("X", 1, True)
    assert errors(tmp_path, other) == []
    assert reread(lake, tmp_path / "in", other, ("a", MON))[0].added == 0
    # Should the first parser have been right after all, there is a way back.
    reread(lake, tmp_path / "in", same, ("a", MON))
    assert known(anew(tmp_path), (TUE,)) == {(TUE, "X"): 1, (TUE, "Y"): 2}
    assert errors(tmp_path, same) == []


def test_what_stood_before_a_row_that_was_another_s_is_put_back(lake: Lake, tmp_path: Path) -> None:
    bring(lake, tmp_path / "in", "a", MON, {"X": 1})
    bring(lake, tmp_path / "in", "b", TUE, {"X": 7})

    def other(row: Row) -> Row:
        return {**row, "product": "Z"} if row["value"] == 7 else row

    reread(lake, tmp_path / "in", other, ("b", TUE))
    found = known(anew(tmp_path), (MON, TUE, WED))
    assert found == {(MON, "X"): 1, (TUE, "X"): 1, (WED, "X"): 1, (TUE, "Z"): 7, (WED, "Z"): 7}
    assert errors(tmp_path, other) == []


def test_a_row_that_is_refused_by_now_is_taken_out(lake: Lake, tmp_path: Path) -> None:
    bring(lake, tmp_path / "in", "a", MON, {"X": 1, "Y": 2})

    def negative(row: Row) -> Row:
        return {**row, "value": -row["value"]} if row["product"] == "X" else row

    (done,) = reread(lake, tmp_path / "in", negative, ("a", MON))
    assert (done.added, done.refused) == (1, 1)
    assert known(anew(tmp_path), (MON,)) == {(MON, "Y"): 2}
    assert errors(tmp_path, negative) == []


def test_a_reading_that_another_document_of_its_days_replaced_is_nobody_s(
    lake: Lake, tmp_path: Path
) -> None:
    """Of one day the document stands that came last, whatever the one before it was read to say."""
    bring(lake, tmp_path / "in", "a", MON, {"X": 1})
    bring(lake, tmp_path / "in", "b", MON, {"X": 5})

    def one(row: Row) -> Row:
        return tenfold(row) if row["value"] == 1 else row

    (done,) = reread(lake, tmp_path / "in", one, ("a", MON))
    assert (done.failed, done.added) == ((), 0)
    assert known(anew(tmp_path), (MON,)) == {(MON, "X"): 5}
    assert errors(tmp_path, one) == []


def test_a_late_vintage_may_need_a_document_that_is_read_otherwise_by_now(
    lake: Lake, tmp_path: Path
) -> None:
    bring(lake, tmp_path / "in", "a", MON, {"X": 1})
    bring(lake, tmp_path / "in", "c", WED, {"X": 1})
    bring(lake, tmp_path / "in", "b", TUE, {"X": 2})
    reread(lake, tmp_path / "in", tenfold, ("a", MON), ("b", TUE), ("c", WED))
    found = known(anew(tmp_path), (MON, TUE, WED))
    assert found == {(MON, "X"): 10, (TUE, "X"): 20, (WED, "X"): 10}
    assert errors(tmp_path, tenfold) == []


def test_the_name_of_a_reading() -> None:
    assert reading("office/a@2024-01-01", 2) == "office/a@2024-01-01~r2"
    assert reading("office/a~r2", 3) == "office/a~r3"
    assert document_of("office/a~r12") == "office/a"
    assert [number_of(s) for s in ("office/a", "office/a~r12", "office/a~rx")] == [1, 12, 1]
