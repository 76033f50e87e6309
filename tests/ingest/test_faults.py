"""Whatever happens to a pull or to the disk: nothing is lost, nothing half, and it goes on."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import deltalake
import pytest

from boeki.errors import BoekiError, IntegrityError, LakeError
from boeki.lake import Lake, open_lake, opening
from boeki.lake.place import Place
from tests.ingest.deliveries import DAYS, ask, bring, everything, known, line
from tests.ingest.office import write
from tests.ingest.victims import Victims, order

MON, TUE, WED = DAYS[:3]
KILLED = 9


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    found = Victims()
    yield found
    found.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def bare(place: Path) -> Lake:
    """A lake on disk without the figures that the package ships: opened in no time."""
    opening._enter(Place(str(place)), make=True)
    return Lake(Place(str(place)))


# --- kill -9 --------------------------------------------------------------------------------------


def first(lake: Path, folder: Path) -> None:
    """An empty folder."""
    lake.mkdir()


def late(lake: Path, folder: Path) -> None:
    """Monday said 1, and Wednesday repeated it: Tuesday's file comes late."""
    bring(bare(lake), folder, "mon", MON, {"A": 1, "B": 1})
    bring(bare(lake), folder, "wed", WED, {"A": 1, "B": 1})


# The steps of a first pull are among those of a late one, but for the making of tables.
@pytest.mark.parametrize(("before", "stride"), [(first, 2), (late, 1)])
def test_killed_at_any_step_a_pull_is_whole_or_not_there_and_goes_on(
    victims: Victims,
    tmp_path: Path,
    folder: Path,
    before: Callable[[Path, Path], None],
    stride: int,
) -> None:
    base, done = tmp_path / "base", tmp_path / "done"
    before(base, folder)
    write(folder, "tue", [line("A", 2), line("B", 3), line("C", "?"), line("", 5)])
    for copy in (done, tmp_path / "seen"):
        shutil.copytree(base, copy)
    (said,) = victims.run(order(done, folder, ("tue", TUE)))
    assert (said["signal"], said["failed"], said["added"]) == (0, [], 2)
    states = [known(bare(tmp_path / "seen")), known(bare(done))]
    whole = everything(bare(done))
    assert len(whole["quarantine"]) == 2
    every = range(1, said["steps"] + 1, stride)
    for start in range(0, len(every), 4):
        steps = every[start : start + 4]
        lakes = [tmp_path / f"killed{n}" for n in steps]
        for lake in lakes:
            shutil.copytree(base, lake)
        killed = victims.run(
            *(order(k, folder, ("tue", TUE), at=n) for k, n in zip(lakes, steps, strict=True))
        )
        assert [k["signal"] for k in killed] == [KILLED] * len(killed)
        for lake in lakes:
            found = bare(lake)
            assert known(found) in states
            assert not ask(found, folder, "tue", TUE).failed
            assert everything(bare(lake)) == whole
            shutil.rmtree(lake)


# --- two at once ----------------------------------------------------------------------------------


def test_two_pulls_at_once_bring_what_one_after_the_other_would(
    victims: Victims, tmp_path: Path, folder: Path
) -> None:
    files = [(f"f{n}", DAYS[n]) for n in range(4)]
    for n, (name, _) in enumerate(files):
        write(folder, name, [line("A", n), line("B", n // 2), line(f"C{n}", 1), line("", n)])
    alone = tmp_path / "alone"
    victims.run(order(alone, folder, *files))
    whole, wanted = everything(bare(alone)), known(bare(alone))
    for n in range(3):
        lake = tmp_path / f"both{n}"
        # The same files, others, and the same in another order.
        mine, yours = [(files, files), (files[:2], files[1:]), (files, files[::-1])][n]
        said = victims.run(order(lake, folder, *mine), order(lake, folder, *yours))
        assert [(s["signal"], s.get("failed")) for s in said] == [(0, [])] * 2
        found = everything(bare(lake))
        assert known(bare(lake)) == wanted
        names = [(r["figure"], r["source"], r["published"]) for r in found["flows"]]
        assert len(names) == len(set(names))
        sources = [r["source"] for r in found["documents"]]
        assert sources == sorted(set(sources))
        assert len(sources) == len(files)
        assert {str(q) for q in found["quarantine"]} == {str(q) for q in whole["quarantine"]}


def test_what_another_commits_in_between_is_looked_at_again(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process appends the very rows between this one's look and its commit."""
    write(folder, "a", [line("A", 1)])
    mine, yours = bare(tmp_path / "lake"), bare(tmp_path / "lake")
    commit = deltalake.write_deltalake
    between: list[Callable[[], Any]] = [lambda: ask(yours, folder, "a", MON)]

    def late(table: Any, *args: Any, **how: Any) -> None:
        if isinstance(table, deltalake.DeltaTable) and "flows" in table.table_uri and between:
            between.pop()()
        commit(table, *args, **how)

    monkeypatch.setattr(deltalake, "write_deltalake", late)
    assert ask(mine, folder, "a", MON).added == 0
    assert [r["revision"] for r in everything(bare(tmp_path / "lake"))["flows"]] == [0]


def test_what_another_repeats_in_between_is_not_lost(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Tuesday's revision is being written, another process reads that Wednesday said what
    Monday did: no news to that one, which cannot see Tuesday yet.
    """
    bring(bare(tmp_path / "lake"), folder, "mon", MON, {"A": 1})
    mine, yours = bare(tmp_path / "lake"), bare(tmp_path / "lake")
    commit = deltalake.write_deltalake
    repeated: list[int] = []

    def late(table: Any, *args: Any, **how: Any) -> None:
        if isinstance(table, deltalake.DeltaTable) and "flows" in table.table_uri and not repeated:
            repeated.append(1)
            repeated[0] = bring(yours, folder, "wed", WED, {"A": 1}).added
        commit(table, *args, **how)

    monkeypatch.setattr(deltalake, "write_deltalake", late)
    bring(mine, folder, "tue", TUE, {"A": 2})
    assert repeated == [0]
    found = known(bare(tmp_path / "lake"), (MON, TUE, WED))
    assert found == {(MON, "A"): 1, (TUE, "A"): 2, (WED, "A"): 1}


def test_without_the_transaction_a_row_would_be_there_twice(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delta Lake lets two appends pass each other: this is what the counter is for."""
    write(folder, "a", [line("A", 1)])
    mine, yours = bare(tmp_path / "lake"), bare(tmp_path / "lake")
    commit = deltalake.write_deltalake
    between: list[Callable[[], Any]] = [lambda: ask(yours, folder, "a", MON)]

    def late(table: Any, *args: Any, **how: Any) -> None:
        if isinstance(table, deltalake.DeltaTable) and "flows" in table.table_uri:
            if between:
                between.pop()()
            how.pop("commit_properties")
        commit(table, *args, **how)

    monkeypatch.setattr(deltalake, "write_deltalake", late)
    assert ask(mine, folder, "a", MON).added == 1
    assert len(everything(bare(tmp_path / "lake"))["flows"]) == 2


def test_two_states_of_a_file_read_at_once_are_two_documents(tmp_path: Path, folder: Path) -> None:
    """Both lakes were opened before either had the file."""
    mine, yours = bare(tmp_path / "lake"), bare(tmp_path / "lake")
    bring(mine, folder, "a", MON, {"A": 1})
    assert not bring(yours, folder, "a", MON, {"A": 2}).failed
    found = bare(tmp_path / "lake")
    assert len(found.documents) == 2
    assert known(found, (MON,)) == {(MON, "A"): 2}


def test_a_reader_sees_whole_commits_and_their_documents(tmp_path: Path, folder: Path) -> None:
    writer, reader = bare(tmp_path / "lake"), bare(tmp_path / "lake")
    assert known(reader) == {}
    for day, value in zip(DAYS, range(1, 5), strict=False):
        early = bare(tmp_path / "lake")
        figures = {f"P{n}": value for n in range(50)}
        bring(writer, folder, "a", day, figures)
        # A lake that was opened before sees the state of its first look, or all of the next.
        found = known(early, (day,))
        assert found == {(day, p): v for p, v in figures.items()}
        shown = early.query("SELECT DISTINCT source FROM {flows}").to_pylist()
        assert {r["source"] for r in shown} <= set(early.documents)
    assert known(reader) == {}


# --- the disk -------------------------------------------------------------------------------------


@pytest.fixture
def tiny(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes."""
    made = tmp_path / "disk"
    made.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(made)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    yield made
    subprocess.run(["umount", "-l", str(made)], check=True)


def test_a_full_disk_loses_nothing(tiny: Path, folder: Path) -> None:
    lake = tiny / "lake"
    bring(bare(lake), folder, "a", MON, {"A": 1})
    before = everything(bare(lake))
    write(folder, "b", [line(f"P{n}", n) for n in range(3000)])
    for left in (0, 40_000, 120_000, 180_000):
        _fill(tiny, left)
        with pytest.raises(LakeError, match=r"disk is full|no room left"):
            ask(bare(lake), folder, "b", TUE)
        assert everything(bare(lake))["flows"] == before["flows"]
        (tiny / "filler").unlink()
    assert ask(bare(lake), folder, "b", TUE).added == 3000


def _fill(disk: Path, left: int) -> None:
    info = os.statvfs(disk)
    (disk / "filler").write_bytes(b"\0" * max(info.f_bavail * info.f_frsize - left, 0))


def test_a_disk_that_is_read_only_says_so(tiny: Path, folder: Path) -> None:
    lake = tiny / "lake"
    bring(bare(lake), folder, "a", MON, {"A": 1})
    subprocess.run(["mount", "-o", "remount,ro", str(tiny)], check=True)
    assert known(open_there(lake), (MON,)) == {(MON, "A"): 1}
    with pytest.raises(LakeError, match="read-only"):
        bring(open_there(lake), folder, "a", TUE, {"A": 2})
    with pytest.raises(LakeError, match="read-only"):
        open_lake(tiny / "other", make=True)
    subprocess.run(["mount", "-o", "remount,rw", str(tiny)], check=True)
    assert bring(open_there(lake), folder, "a", TUE, {"A": 2}).added == 1


def open_there(place: Path) -> Lake:
    return Lake(Place(str(place)))


@pytest.mark.parametrize("limit", [100, 1500, 3000, 6000])
def test_files_that_may_not_grow_lose_nothing(
    victims: Victims, tmp_path: Path, folder: Path, limit: int
) -> None:
    lake = tmp_path / "lake"
    bring(bare(lake), folder, "a", MON, {"A": 1})
    write(folder, "b", [line(f"P{n}", n) for n in range(3000)])
    (said,) = victims.run(order(lake, folder, ("b", TUE), limit=limit))
    assert said["signal"] == 0
    assert said["error"].startswith("LakeError: ")
    assert known(bare(lake), (TUE,)) == {(TUE, "A"): 1}
    assert ask(bare(lake), folder, "b", TUE).added == 3000


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "permission")],
)
def test_bytes_that_cannot_be_kept_stop_the_pull_in_plain_words(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    lake = bare(tmp_path / "lake")

    def full(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    write(folder, "a", [line("A", 1)])
    with monkeypatch.context() as broken:
        broken.setattr("boeki.lake.raw.shutil.copyfileobj", full)
        with pytest.raises(LakeError, match=words):
            ask(lake, folder, "a", MON)
    assert lake.raw is not None
    assert lake.raw.hashes() == []
    assert ask(lake, folder, "a", MON).added == 1


# --- damage ---------------------------------------------------------------------------------------


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _blot(path: Path) -> None:
    path.write_bytes(b"\xff" * path.stat().st_size)


@pytest.mark.parametrize("harm", [_cut, _blot, Path.unlink])
@pytest.mark.parametrize(
    "file", ["flows/**/*.parquet", "flows/_delta_log/*1.json", "documents/_delta_log/*0.json"]
)
def test_a_damaged_file_is_an_error_in_plain_words_until_it_is_back(
    tmp_path: Path, folder: Path, harm: Callable[[Path], Any], file: str
) -> None:
    place = tmp_path / "lake"
    bring(bare(place), folder, "a", MON, {"A": 1})
    whole = everything(bare(place))["flows"]
    (path,) = place.glob(file)
    kept = path.read_bytes()
    path.chmod(0o644)
    harm(path)
    lost = harm is Path.unlink and path.suffix == ".json"
    if lost and "flows" in file:
        # The commit was never there, for all that can be seen: the pull brings it again.
        assert known(bare(place)) == {}
    else:
        with pytest.raises(LakeError, match=r"cannot read .*lake"):
            known(bare(place))
        with pytest.raises(LakeError, match="cannot"):
            bring(bare(place), folder, "a", TUE, {"A": 2})
    path.write_bytes(kept)
    assert everything(bare(place))["flows"] == whole
    assert bring(bare(place), folder, "a", TUE, {"A": 2}).added == 1


def test_damaged_raw_bytes_are_never_read(tmp_path: Path, folder: Path) -> None:
    lake = bare(tmp_path / "lake")
    reply = bring(lake, folder, "a", MON, {"A": 1}).replies[0]
    assert lake.raw is not None
    path = lake.raw.path(reply.sha256)
    path.write_bytes(path.read_bytes().replace(b"1", b"7"))
    with pytest.raises(IntegrityError, match="was changed or damaged"):
        lake.raw.path(reply.sha256)
    (failed,) = ask(lake, folder, "a", MON, offline=True, again=True).failed
    assert "was changed or damaged" in failed.error
    assert known(lake, (MON,)) == {(MON, "A"): 1}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "has other things in it and is no lake"),
        ("", "is damaged: it should read"),
        ("[]", "is damaged: it should read"),
        ('{"format": 99}', "has format 99, this boeki reads 1"),
    ],
)
def test_a_folder_that_is_no_lake_of_ours(tmp_path: Path, content: str | None, says: str) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    if content is not None:
        (tmp_path / "boeki-lake.json").write_text(content)
    with pytest.raises(LakeError, match=says):
        open_lake(tmp_path, make=True)
    assert (tmp_path / "letters.txt").read_text() == "mine"


def test_there_is_no_lake_where_none_was_made(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(LakeError, match=r"there is no lake at .* pull SOURCE` makes one"):
            open_lake(place)
    (tmp_path / "file").write_text("")
    with pytest.raises(BoekiError, match=r"not a folder|there is no lake|exists"):
        open_lake(tmp_path / "file", make=True)
