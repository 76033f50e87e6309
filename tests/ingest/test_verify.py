"""Verification: a sound lake passes, and each way of damaging one is found."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from boeki.errors import InputError, LakeError
from boeki.ingest import pull
from boeki.ingest.verify import verify
from boeki.lake import Lake, open_lake, opening
from boeki.lake.findings import Finding, Verified
from boeki.lake.place import Place
from boeki.sources.base import Query, Source
from boeki.sources.japan_customs import JapanCustoms
from tests.ingest.office import WHOLE, Office, write

NOW = dt.timedelta(0)
LINES = (
    "WLD,TOTAL,2024-10,90,final",
    "WLD,TOTAL,2024-11,100,final",
    "USA,TOTAL,2024-11,60,final",
    "CHN,TOTAL,2024-11,40,final",
)


class Desk:
    """A lake, the folder that the office's files lie in, and the office."""

    def __init__(self, folder: Path) -> None:
        self.files, self.address = folder / "in", folder / "lake"
        self.files.mkdir()
        self.office = Office(self.files)
        opening._enter(Place(str(self.address)), make=True)
        self.lake = self.anew()

    def anew(self) -> Lake:
        """The lake as whoever opens it now sees it, without the figures that the package ships."""
        return Lake(Place(str(self.address)))

    def bring(self, name: str, lines: Any, days: int, **how: Any) -> None:
        """Pull a file that was last changed so many days ago."""
        write(self.files, name, lines)
        then = time.time() - 86_400 * days
        os.utime(self.files / f"{name}.csv", (then, then))
        done = pull(self.lake, self.office, Query(names=(name,)), fresh=NOW, **how)
        assert not done.failed, done.failed

    def check(self, source: Source | None = None, **how: Any) -> Verified:
        """Verify the lake as whoever opens it anew does."""
        return verify(self.anew(), sources={"office": source or self.office}, **how)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A lake with a file, and a later one of which one line is news."""
    made = Desk(tmp_path)
    made.bring("a", LINES, 9)
    made.bring("b", (*LINES[:3], "CHN,TOTAL,2024-11,41,final"), 5)
    return made


def errors(found: Verified) -> list[tuple[str, int]]:
    """The errors: which check, and how many are concerned."""
    return [(f.check, f.count) for f in found.of("error")]


def only(found: Verified) -> Finding:
    """The one error."""
    (finding,) = found.of("error")
    return finding


def test_a_sound_lake_has_nothing_wrong(desk: Desk) -> None:
    found = desk.check()
    assert found.ok
    assert found.of("warning") == ()
    # Two files of four lines each; the lake has all of the first and one of the second.
    assert {k: found.checked[k] for k in ("raw", "rows", "documents", "duplicates", "reading")} == {
        "raw": 2,
        "rows": 8,
        "documents": 2,
        "duplicates": 5,
        "reading": 4,
    }
    assert found.to_dict()["ok"] is True


def test_what_comes_late_again_and_back_is_sound_too(desk: Desk) -> None:
    desk.bring("c", (*LINES[:3], "CHN,TOTAL,2024-11,44,final"), 7)
    desk.bring("a", LINES, 2)
    desk.bring("a", LINES, 2, again=True)
    assert desk.check().findings == desk.check(sample=10).findings
    assert desk.check().of("error") == ()


def test_the_partners_and_the_world_are_told_and_no_error(desk: Desk) -> None:
    desk.bring("d", ("WLD,X,2024-11,200,final", "USA,X,2024-11,150,final"), 1)
    told = [f for f in desk.check().of("info") if f.check == "identities"]
    # Of 2 sums (TOTAL: 60 + 41 of 100; X: 150 of 200) none holds; X is a quarter off.
    assert [(f.where, f.count) for f in told] == [("office: JPN export JP-PC, M", 2)]
    assert "25 % (X, 2024-11: -50" in told[0].message


# --- damage -------------------------------------------------------------------------------------


def the_raw_file(desk: Desk) -> Path:
    """The bytes of the first file."""
    files = [p for p in (desk.address / "raw").rglob("*") if p.is_file()]
    return next(p for p in files if b"CHN,TOTAL,2024-11,40" in p.read_bytes())


def test_raw_bytes_that_were_changed(desk: Desk) -> None:
    path = the_raw_file(desk)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"40", b"41"))
    found = desk.check()
    assert errors(found) == [("raw", 1)]
    assert path.name == only(found).where
    assert "changed or damaged" in only(found).message
    assert not found.ok


def test_raw_bytes_that_are_gone(desk: Desk) -> None:
    path = the_raw_file(desk)
    path.unlink()
    found = desk.check()
    assert errors(found) == [("documents", 1), ("raw", 1)]
    assert {f.where for f in found.of("error") if f.check == "raw"} == {path.name}


def test_raw_bytes_of_which_nothing_is_noted(desk: Desk) -> None:
    stray = desk.address / "raw" / "00" / ("0" * 64)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    found = desk.check()
    assert found.ok
    assert [(f.check, f.where) for f in found.of("warning")] == [("raw", stray.name)]


def overwrite(desk: Desk, name: str, statement: str) -> None:
    """Put other rows in place of a table's, as no part of boeki ever does."""
    lake = desk.anew()
    assert lake.delta is not None
    rows = DeltaTable(lake.delta.address(name)).to_pyarrow_table()
    lake.connection.register("rows_before", rows)
    made: pa.Table = lake.connection.sql(statement.format("rows_before")).to_arrow_table()
    made = made.cast(rows.schema)
    by = ["office", "year"] if name == "flows" else None
    write_deltalake(lake.delta.address(name), made, mode="overwrite", partition_by=by)


def test_a_value_that_was_changed(desk: Desk) -> None:
    overwrite(
        desk,
        "flows",
        "SELECT * REPLACE (CAST(if(partner = 'USA', 61, value) AS DECIMAL(20,3)) AS value) FROM {}",
    )
    found = desk.check()
    # The first file's own row, and what the second one said of the same figure.
    assert errors(found) == [("rows", 1), ("rows", 1)]
    first, second = found.of("error")
    assert "61.000 in the lake, 60.000 read" in first.message
    assert "JPN USA export JP-PC TOTAL M JPY fob" in first.message
    assert "another state of that day" in second.message


def test_a_status_that_was_changed(desk: Desk) -> None:
    overwrite(desk, "flows", "SELECT * REPLACE ('revised' AS status) FROM {} ")
    assert ("rows", 4) in errors(desk.check())


def test_a_row_that_is_gone(desk: Desk) -> None:
    overwrite(desk, "flows", "FROM {} WHERE partner <> 'USA'")
    found = desk.check()
    assert errors(found) == [("rows", 1), ("rows", 1)]
    assert "missing in the lake, such as JPN USA export" in found.of("error")[0].message


def test_a_row_that_no_bytes_give(desk: Desk) -> None:
    # Another month has another number.
    overwrite(
        desk,
        "flows",
        "FROM {0} UNION ALL SELECT * REPLACE ('2024-12' AS period, month + 1 AS month, "
        "figure + 1 AS figure) FROM {0} WHERE partner = 'USA'",
    )
    found = desk.check()
    assert errors(found) == [("rows", 1)]
    assert "do not give, such as one of 2024-12" in only(found).message


def test_a_row_that_stands_twice(desk: Desk) -> None:
    overwrite(desk, "flows", "FROM {0} UNION ALL FROM {0} WHERE partner = 'USA'")
    found = desk.check()
    assert [e for e in errors(found) if e[0] == "duplicates"] == [
        ("duplicates", 1),
        ("duplicates", 1),
    ]
    assert "2024-11 in office/a@" in found.of("error")[0].message


def test_a_reading_that_gives_an_older_row_too(desk: Desk) -> None:
    # CHN stands with 40 and with 41 where nothing says that the one replaced the other.
    overwrite(desk, "flows", "SELECT * REPLACE (NULL AS replaces) FROM {}")
    found = desk.check()
    assert errors(found) == [("reading", 1), ("reading", 1)]
    assert "known now is not the newest row" in found.of("error")[0].message
    assert "in office/a@" in found.of("error")[0].message


def test_a_document_that_is_gone(desk: Desk) -> None:
    overwrite(desk, "documents", "FROM {} WHERE source NOT LIKE 'office/a%'")
    found = desk.check()
    assert {f.check for f in found.of("error")} == {"documents", "rows"}
    assert ("documents", 4) in errors(found)


def test_a_reply_that_was_never_read(desk: Desk) -> None:
    (desk.files / "c.csv").write_text("another header\n")
    done = pull(desk.lake, desk.office, Query(names=("c",)), fresh=NOW)
    assert len(done.failed) == 1
    found = desk.check()
    assert found.ok
    assert [(f.check, f.where) for f in found.of("warning")] == [("rows", "office c")]


def test_a_parser_that_reads_something_else_now(desk: Desk) -> None:
    class Other(Office):
        """Reads every value as a tenth more."""

        def parse(self, raw: Any) -> Any:
            parsed = super().parse(raw)
            (part,) = parsed.parts
            rows = part.rows.to_pylist()
            for row in rows:
                row["value"] = row["value"] * Decimal("1.1")
            changed = type(part)(
                part.document, part.table, pa.Table.from_pylist(rows, schema=part.rows.schema)
            )
            return type(parsed)(parts=[changed])

    found = desk.check(Other(desk.files))
    assert {f.check for f in found.of("error")} == {"rows"}
    assert sum(f.count for f in found.of("error")) == 8


def test_a_parser_that_cannot_read_it_any_more(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr("tests.ingest.office.HEADER", ["something", "else"])
    found = desk.check()
    assert errors(found) == [("rows", 1), ("rows", 1)]
    assert "cannot be read now: NotAsExpected: a: another header" in found.of("error")[0].message


def test_a_rule_that_refuses_more_now(desk: Desk) -> None:
    strict = Office(desk.files, identities=(WHOLE,))
    found = desk.check(strict)
    # 60 + 41 is not 100: the second file breaks an identity that it was not held against.
    assert [(f.check, f.count) for f in found.of("warning")] == [("rows", 3)]
    assert "0 rows and lines were refused when it came, 3 would be now" in (
        found.of("warning")[0].message
    )
    assert errors(found) == [("rows", 1)]


def test_a_source_that_is_not_there(desk: Desk) -> None:
    found = verify(desk.lake)
    assert found.ok
    (warning,) = found.of("warning")
    assert (warning.check, warning.where) == ("rows", "office")
    assert "unknown source 'office'" in warning.message
    assert verify(desk.lake, sources={}).of("warning") == ()


# --- completeness -------------------------------------------------------------------------------


def test_months_that_are_missing_in_a_run(desk: Desk) -> None:
    desk.bring("c", ("WLD,TOTAL,2024-07,80,final", "USA,TOTAL,2024-05,80,final"), 1)
    gaps = [f for f in desk.check().findings if f.check == "gaps"]
    assert [(f.severity, f.count) for f in gaps] == [("warning", 2), ("info", 1)]
    assert "between 2024-07 and 2024-11: 2024-08, 2024-09" in gaps[0].message
    # Trade with one partner may really have ceased for months.
    assert "1 of 2 runs of single products or partners" in gaps[1].message


# --- how it is asked ----------------------------------------------------------------------------


def test_a_sample_looks_at_so_many(desk: Desk) -> None:
    found = desk.check(sample=1)
    assert (found.checked["raw"], found.checked["rows"]) == (1, 4)
    with pytest.raises(InputError, match="1 or more"):
        desk.check(sample=0)


def test_progress_is_told_to_the_end(desk: Desk) -> None:
    steps: list[tuple[str, int, int]] = []

    class Told:
        def step(self, check: str, done: int, whole: int) -> None:
            steps.append((check, done, whole))

    desk.check(progress=Told())
    assert [s for s in steps if s[1] == s[2]] == [
        ("raw", 2, 2),
        ("rows", 2, 2),
        ("duplicates", 1, 1),
    ]


def test_a_lake_in_memory_cannot_be_verified() -> None:
    with pytest.raises(LakeError, match="in memory only"):
        verify(Lake())


def test_an_empty_lake_is_sound(tmp_path: Path) -> None:
    found = verify(open_lake(tmp_path / "lake", make=True))
    assert found.findings == ()
    # What the package ships is read too, and nothing else is there.
    assert {name for name, count in found.checked.items() if count} == {"reading"}


# --- a real source ------------------------------------------------------------------------------

SPECIMENS = Path(__file__).parent.parent / "specimens" / "japan-customs"


def test_the_time_series_of_japan_hold_against_their_bytes(tmp_path: Path) -> None:
    class FromFile(JapanCustoms):
        """Asks for the specimen in place of the office's file."""

        def requests(self, query: Query) -> Any:
            return [
                type(r)(r.name, str(SPECIMENS / f"{r.name}.csv"), media=r.media, context=r.context)
                for r in super().requests(query)
            ]

    lake = open_lake(tmp_path / "lake", make=True)
    source = FromFile()
    done = pull(lake, source, Query(names=("d41ma",)))
    assert done.failed == ()
    assert done.added > 0
    found = verify(open_lake(tmp_path / "lake"), sources={"japan-customs": source})
    assert found.of("error") == ()
    assert found.checked["rows"] >= done.added
    shutil.rmtree(tmp_path / "lake" / "flows")
    # Every row is missing then.
    (error,) = verify(open_lake(tmp_path / "lake"), sources={"japan-customs": source}).of("error")
    assert (error.check, error.count) == ("rows", found.checked["rows"])
