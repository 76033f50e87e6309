"""The tables on Delta Lake: commits, snapshots, and two writers."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from boeki.errors import LakeError
from boeki.lake import delta as tables
from boeki.lake import open_lake
from boeki.lake.delta import SCHEMAS, DeltaTables, Snapshot, arrow_schema, as_table
from boeki.lake.place import Place
from tests.handmade import flow

MON = dt.date(2024, 1, 1)


@pytest.fixture
def delta(tmp_path: Path) -> DeltaTables:
    return DeltaTables(Place(str(tmp_path / "lake")))


def stored(period: str, *, office: str = "office", revision: int = 0) -> dict[str, Any]:
    row = flow(period, 1, published=MON, source=f"{office}/a")
    added = {"figure": hash(period) >> 2, "revision": revision, "month": 0, "months": 1}
    return {**row, **added, "office": office, "year": int(period[:4])}


def append(delta: DeltaTables, *rows: dict[str, Any]) -> Snapshot:
    return delta.append_news("flows", lambda _: as_table("flows", rows).to_reader())


def test_a_table_that_was_never_written_to_is_empty(delta: DeltaTables) -> None:
    for name in SCHEMAS:
        assert delta.read(name).schema == arrow_schema(name)
        assert delta.read(name).num_rows == 0
        assert delta.snapshot(name) == Snapshot(-1, ())
        assert delta.version(name) == -1


def test_rows_lie_in_folders_of_their_office_and_year(delta: DeltaTables) -> None:
    append(delta, stored("2023-01"), stored("2024-01"), stored("2024-02", office="other"))
    found = delta.snapshot("flows")
    assert [(f.office, f.year, f.rows, f.revised) for f in found.files] == [
        ("office", 2023, 1, False),
        ("office", 2024, 1, False),
        ("other", 2024, 1, False),
    ]
    assert found.rows == 3
    assert all(Path(f.address).is_file() for f in found.files)


@pytest.mark.parametrize("office", ["an office", "it's", "50%", "日本", "a=b", "a#b?c"])
def test_an_office_of_any_name_has_a_folder(delta: DeltaTables, office: str) -> None:
    append(delta, stored("2024-01", office=office))
    (file,) = delta.snapshot("flows").files
    assert file.office == office
    assert Path(file.address).is_file()


def test_a_file_with_a_revision_says_so(delta: DeltaTables) -> None:
    append(delta, stored("2024-01"), stored("2024-02", revision=1))
    append(delta, stored("2024-03"))
    assert sorted(f.revised for f in delta.snapshot("flows").files) == [False, True]


def test_every_version_stays(delta: DeltaTables) -> None:
    for month in range(1, 4):
        append(delta, stored(f"2024-{month:02d}"))
    newest = delta.version("flows")
    assert [delta.snapshot("flows", v).rows for v in range(newest + 1)] == [0, 1, 2, 3]


def test_nothing_new_is_no_commit(delta: DeltaTables) -> None:
    append(delta, stored("2024-01"))
    before = delta.version("flows")
    delta.append_news("flows", lambda _: None)
    delta.append("pulls", as_table("pulls", []))
    assert (delta.version("flows"), delta.version("pulls")) == (before, -1)


def test_the_later_of_two_writers_looks_again(delta: DeltaTables) -> None:
    other = DeltaTables(delta.place)
    seen: list[int] = []

    def news(snapshot: Snapshot) -> pa.RecordBatchReader:
        seen.append(snapshot.rows)
        if len(seen) == 1:
            append(other, stored("2024-01"))
        return as_table("flows", [stored("2024-02")]).to_reader()

    delta.append_news("flows", news)
    assert seen == [0, 1]
    assert delta.snapshot("flows").rows == 2


def test_a_writer_that_is_always_late_gives_up(
    delta: DeltaTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_TRIES", 3)
    other = DeltaTables(delta.place)
    months = iter(range(1, 12))

    def news(_: Snapshot) -> pa.RecordBatchReader:
        append(other, stored(f"2024-{next(months):02d}"))
        return as_table("flows", [stored("2025-01")]).to_reader()

    with pytest.raises(LakeError, match="written to by others 3 times"):
        delta.append_news("flows", news)
    assert delta.snapshot("flows").rows == 3


def test_an_error_while_rows_are_written_leaves_no_commit(delta: DeltaTables) -> None:
    append(delta, stored("2024-01"))
    before = delta.snapshot("flows")

    def broken(_: Snapshot) -> pa.RecordBatchReader:
        def batches() -> Any:
            yield from as_table("flows", [stored("2024-02")]).to_batches()
            raise OSError(28, "No space left on device")

        return pa.RecordBatchReader.from_batches(arrow_schema("flows"), batches())

    with pytest.raises(LakeError, match="the disk is full"):
        delta.append_news("flows", broken)
    assert delta.snapshot("flows") == before


def test_small_tables_give_back_what_was_appended(delta: DeltaTables) -> None:
    moment = dt.datetime(2024, 1, 1, 12, 30, 1, 234567, dt.UTC)
    line = {"source_name": "it's", "request": "a", "retrieved": moment, "size": 2**40}
    delta.append("fetches", as_table("fetches", [line]))
    delta.append("fetches", as_table("fetches", [{**line, "request": "b"}]))
    found = delta.read("fetches", request="b").to_pylist()
    assert [{k: row[k] for k in line} for row in found] == [{**line, "request": "b"}]
    assert delta.read("fetches", source_name="it's").num_rows == 2
    # Files read one by one give what a data set of them gives.
    by_file = delta.read("fetches")
    assert by_file.schema == arrow_schema("fetches")
    assert sorted(map(str, by_file.to_pylist())) == sorted(
        map(str, delta.read("fetches", source_name="it's").to_pylist())
    )


def test_a_question_of_a_lake_does_without_pandas(tmp_path: Path) -> None:
    delta = open_lake(tmp_path / "lake", make=True).delta
    assert delta is not None
    append(delta, stored("2024"))
    document = {"source": "office/doc", "title": "t"}
    delta.append("documents", as_table("documents", [document]))
    program = (
        "import sys\n"
        "from boeki.lake import open_lake\n"
        f"lake = open_lake({str(delta.place.folder)!r})\n"
        "assert 'office/doc' in lake.documents\n"
        "flows = lake.flows(office='office')\n"
        "assert lake.execute(flows.count().as_table()).num_rows == 1\n"
        "print([m for m in ('pandas', 'pyarrow.dataset') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
    assert len(delta.versions("fetches")) == delta.version("fetches") + 1
