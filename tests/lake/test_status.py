"""What a lake says of itself, and looking after it."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import pytest

from boeki.errors import InputError, IntegrityError, LakeError
from boeki.lake import Lake, open_lake
from boeki.lake.delta import DeltaTables
from boeki.lake.quarantine import quarantine
from boeki.lake.status import status
from boeki.lake.upkeep import optimize, vacuum
from tests.handmade import flow, lake_of, stated
from tests.ingest.deliveries import DAYS, ask, bring, known, line
from tests.ingest.office import new_lake, pulled, write

MON, TUE, WED = DAYS[:3]


@pytest.fixture
def place(tmp_path: Path) -> Lake:
    """Two vintages of two figures, and a line that is no row."""
    lake = new_lake(tmp_path / "lake")
    (tmp_path / "in").mkdir()
    write(tmp_path / "in", "a", [line("X", 1), line("Y", 2), line("Z", "many")])
    ask(lake, tmp_path / "in", "a", MON)
    bring(lake, tmp_path / "in", "b", TUE, {"X": 1, "Y": 3})
    return lake


def test_what_was_pulled(place: Lake, tmp_path: Path) -> None:
    found = status(place)
    assert found.place == str(tmp_path / "lake")
    tables = {t.name: t for t in found.tables}
    # X and Y from the first file, and Y as the second revised it.
    assert (tables["flows"].rows, tables["flows"].files) == (3, 2)
    on_disk = sum(p.stat().st_size for p in (tmp_path / "lake" / "flows").rglob("*.parquet"))
    assert tables["flows"].bytes == on_disk
    (office,) = (o for o in found.offices if o.office == "office")
    assert (office.figures, office.rows, office.shipped, office.vintages) == (2, 3, 0, 2)
    assert (office.first, office.last) == ("2024-01", "2024-01")
    assert office.quarantine == {"not a number": 1}
    assert office.pulled is not None
    assert dt.datetime.now(dt.UTC) - office.pulled < dt.timedelta(minutes=5)
    sizes = sum((tmp_path / "in" / f"{name}.csv").stat().st_size for name in "ab")
    assert (found.replies, found.raw_bytes, found.unread) == (2, sizes, 0)
    assert (office.replies, office.raw_bytes) == (2, sizes)


def test_what_the_package_ships_is_told_apart(place: Lake) -> None:
    shipped = status(open_lake(None)).shipped
    found = status(place)
    assert found.shipped == shipped > 1000
    assert sum(o.shipped for o in found.offices) == shipped
    assert sum(o.figures for o in found.offices) == shipped + 2


def test_a_lake_in_memory() -> None:
    lake = lake_of(
        [flow("2023-11", 1), flow("2023-12", 2), flow("2023-12", 3, published=dt.date(2024, 3, 1))],
        [stated("2022", 5, freq="A")],
    )
    found = status(lake)
    assert (found.place, found.tables, found.replies, found.shipped) == (None, (), 0, 3)
    (office,) = found.offices
    assert (office.figures, office.rows, office.first, office.last) == (3, 4, "2022", "2023-12")


def test_a_reply_that_could_not_be_read_is_told(place: Lake, tmp_path: Path) -> None:
    (tmp_path / "in" / "c.csv").write_text("something else\n")
    (reply,) = ask(place, tmp_path / "in", "c", WED).replies
    assert reply.state == "failed"
    assert status(place).unread == 1


# --- quarantine ---------------------------------------------------------------------------------


def test_what_was_refused_is_listed_with_its_reason(place: Lake) -> None:
    (only,) = quarantine(place)
    assert (only.table, only.reason, only.place) == ("flows", "not a number", "line 4")
    assert only.content == line("Z", "many")
    assert only.source.startswith("office/")
    assert quarantine(place, office="office", reason="NOT A") == (only,)
    assert quarantine(place, office="another") == ()
    assert quarantine(place, source="office/other") == ()
    assert quarantine(place, reason="negative") == ()


@pytest.mark.parametrize("ask_it", [quarantine, vacuum, optimize])
def test_a_lake_in_memory_has_nothing_to_look_after(ask_it: object) -> None:
    with pytest.raises(LakeError, match="in memory only"):
        ask_it(Lake())  # type: ignore[operator]


# --- upkeep -------------------------------------------------------------------------------------


def test_small_files_are_put_together_and_no_vintage_is_lost(place: Lake, tmp_path: Path) -> None:
    before, rows = known(place), pulled(place)
    done = {c.table: c for c in optimize(place)}
    assert (done["flows"].files_before, done["flows"].files_after, done["flows"].rows) == (2, 1, 3)
    again = open_lake(tmp_path / "lake")
    assert (known(again), pulled(again)) == (before, rows)


def old(path: Path, days: float) -> None:
    """Make a file look as if nothing had written to it for so many days."""
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_nothing_is_removed_unless_it_is_told_to(place: Lake, tmp_path: Path) -> None:
    optimize(place)
    raw = sorted((tmp_path / "lake" / "raw").rglob("*"))
    # The files that were put together are as old as the test: only what is older than the
    # retention goes, whatever is asked.
    assert vacuum(place, hours=1).files == {}
    left = tmp_path / "lake" / "working" / "fetching" / "0123.part"
    for path in (left, left.with_name("4567.part"), left.with_name(".host.turn")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    old(left, 1.1)
    old(left.with_name(".host.turn"), 100)
    told = vacuum(place)
    assert (told.dry_run, told.abandoned, told.count) == (True, (str(left),), 1)
    assert left.exists()
    assert vacuum(place, dry_run=False).abandoned == (str(left),)
    # A part that is still being written, and the file by which hosts are shared, stay.
    assert sorted(p.name for p in left.parent.iterdir()) == [".host.turn", "4567.part"]
    assert sorted((tmp_path / "lake" / "raw").rglob("*")) == raw
    assert vacuum(place).count == 0


def test_files_that_no_version_needs_go_and_the_figures_stay(
    place: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rows = known(place), pulled(place)
    optimize(place)
    clean = DeltaTables.vacuum

    def later(self: DeltaTables, name: str, hours: int, *, dry_run: bool) -> list[str]:
        """As if all the hours had passed."""
        return clean(self, name, 0, dry_run=dry_run)

    monkeypatch.setattr(DeltaTables, "vacuum", later)
    # The two small files of each table that had two.
    told = vacuum(place).files
    assert len(told["flows"]) == 2
    assert vacuum(place, dry_run=False).files == told
    assert len(list((tmp_path / "lake" / "flows").rglob("*.parquet"))) == 1
    again = open_lake(tmp_path / "lake")
    assert (known(again), pulled(again)) == (before, rows)


def test_a_file_that_is_needed_is_never_removed(
    place: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted((tmp_path / "lake" / "flows").rglob("*.parquet"))
    monkeypatch.setattr(
        DeltaTables,
        "vacuum",
        lambda _self, name, _hours, *, dry_run: [str(f) for f in files if name == "flows"],
    )
    with pytest.raises(IntegrityError, match="still needs"):
        vacuum(place, dry_run=False)
    assert sorted((tmp_path / "lake" / "flows").rglob("*.parquet")) == files


def test_less_than_an_hour_is_refused(place: Lake) -> None:
    with pytest.raises(InputError, match="1 or more"):
        vacuum(place, hours=0)
