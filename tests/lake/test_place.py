"""Where a lake is, and plain words for what fails there."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from deltalake import write_deltalake

from boeki.errors import IntegrityError, LakeError
from boeki.lake import open_lake
from boeki.lake.place import Place, plainly
from tests.ingest.deliveries import DAYS, bring, known

MON, TUE = DAYS[:2]


@pytest.mark.parametrize(
    "name", ["with space", "it's", "日本 貿易", "la*ke", "la?ke", 'a#b;--"{flows}"']
)
def test_a_lake_may_be_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    # What a pattern would find instead of, or besides, the lake's own files.
    bring(open_lake(tmp_path / "laXke", make=True), tmp_path / "in", "a", MON, {"Z": 9})
    bring(open_lake(place, make=True), tmp_path / "in", "a", MON, {"A": 1})
    bring(open_lake(place), tmp_path / "in", "a", TUE, {"A": 2})
    assert known(open_lake(place), (MON, TUE)) == {(MON, "A"): 1, (TUE, "A"): 2}


@pytest.mark.parametrize("letter", [*"[]^|%\\", "\n", "\x7f"])
def test_a_folder_that_delta_lake_cannot_name_is_refused_at_once(
    tmp_path: Path, letter: str
) -> None:
    with pytest.raises(LakeError, match="Name another folder"):
        open_lake(tmp_path / f"a{letter}b", make=True)
    assert list(tmp_path.iterdir()) == []


def test_an_object_store_is_not_a_folder() -> None:
    place = Place("s3://bucket/lake/")
    assert not place.is_local
    assert place.of("flows") == "s3://bucket/lake/flows"
    assert place.working != Place("s3://bucket/other").working


def test_a_path_is_absolute_wherever_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = Place("lake")
    assert place.folder == tmp_path.resolve() / "lake"
    monkeypatch.chdir("/")
    assert place.of("flows") == str(tmp_path.resolve() / "lake" / "flows")


def test_a_new_lake_has_its_mark_and_nothing_half_written(tmp_path: Path) -> None:
    open_lake(tmp_path / "lake", make=True)
    names = [p.name for p in (tmp_path / "lake").iterdir() if p.is_file()]
    assert names == ["boeki-lake.json"]
    assert json.loads((tmp_path / "lake" / names[0]).read_text()) == {"format": 1}


def test_a_lake_whose_making_was_broken_off_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "boeki-lake.json.0123").write_text("")
    assert open_lake(tmp_path, make=True).vintages()


# --- plain words ----------------------------------------------------------------------------------


def _sql() -> None:
    duckdb.sql("SELECT * FROM read_parquet('/nowhere/at/all.parquet')")


def _arrow() -> None:
    pa.array(["x"]).cast(pa.int8())


@pytest.mark.parametrize("cause", [_sql, _arrow])
def test_what_others_raise_becomes_an_error_of_the_lake(cause: Callable[[], None]) -> None:
    words = r"^cannot do it: .*Nothing was lost\.$"
    with pytest.raises(LakeError, match=words) as caught, plainly("do it"):
        cause()
    assert caught.value.__cause__ is not None
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the file system is read-only"),
        (errno.EACCES, "permission is denied"),
        (errno.EDQUOT, "the quota is used up"),
        (errno.EFBIG, "the file would be larger than files may be"),
    ],
)
def test_what_a_disk_says_in_words(number: int, words: str) -> None:
    whole = rf"^cannot do it: {words} \(/x\)\. Nothing was lost\.$"
    with pytest.raises(LakeError, match=whole), plainly("do it"):
        raise OSError(number, "as the system has it", "/x")


def test_a_panic_of_delta_rs_is_told_as_well(tmp_path: Path) -> None:
    """It is no Exception to Python, and would pass everything by."""
    rows = pa.table({"x": [1]})
    with pytest.raises(LakeError, match="cannot do it"), plainly("do it"):
        write_deltalake(str(tmp_path / "a[b"), rows)


@pytest.mark.parametrize("error", [IntegrityError("mine"), KeyError("a bug"), KeyboardInterrupt()])
def test_what_is_ours_and_what_is_a_bug_stays_what_it_is(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, plainly("do it"):
        raise error
    assert caught.value is error


def test_a_question_too_large_for_memory_goes_on_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The folder for what is under way may be deleted when no pull runs.
    open_lake(tmp_path / "lake", make=True)
    shutil.rmtree(tmp_path / "lake" / "working", ignore_errors=True)
    monkeypatch.setenv("BOEKI_MEMORY", "40MB")
    lake = open_lake(tmp_path / "lake")
    numbers = "SELECT hash(x) AS h FROM range(4000000) t(x)"
    (told,) = lake.query(
        f"SELECT count(*) AS n FROM (SELECT h FROM ({numbers}) ORDER BY h)"
    ).to_pylist()
    assert told["n"] == 4_000_000
    assert list((tmp_path / "lake" / "working").iterdir())
