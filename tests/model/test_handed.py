"""What is handed to other processes comes as it went, and leaves no file behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from boeki.model import handed
from boeki.model.handed import folder_in_memory, hand, taken


def things() -> Any:
    large = np.random.default_rng(0).random((300, 100))
    return [("small", np.arange(5)), large, large.T, {"again": large, "odd": large[::2, 1:]}]


def same(one: Any, other: Any) -> bool:
    return all(
        np.array_equal(a, b)
        for a, b in (
            (one[0][1], other[0][1]), (one[1], other[1]), (one[2], other[2]),
            (one[3]["again"], other[3]["again"]), (one[3]["odd"], other[3]["odd"]),
        )
    )  # fmt: skip


def test_large_arrays_go_through_a_file_that_is_gone_afterwards(tmp_path: Path) -> None:
    made = hand(things(), tmp_path)
    assert len(made.pickled) < 150_000 < sum(made.sizes)
    assert Path(made.file).parent == tmp_path
    found = taken(made)
    assert same(found, things())
    # The same array twice is sent once, as pickle has it.
    assert found[3]["again"] is found[1]
    assert list(tmp_path.iterdir()) == []
    # The arrays outlive their file.
    assert found[1].sum() == things()[1].sum()


def test_without_a_folder_all_is_pickled() -> None:
    made = hand(things(), None)
    assert made.file == ""
    assert same(taken(made), things())


def test_small_things_need_no_file(tmp_path: Path) -> None:
    made = hand([np.arange(10), "x"], tmp_path)
    assert made.file == ""
    assert list(tmp_path.iterdir()) == []


def test_where_memory_for_files_is_short_all_is_pickled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int, mode: str) -> Any:
        os.close(handle)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(handed.os, "fdopen", full)
    made = hand(things(), tmp_path)
    assert made.file == ""
    assert list(tmp_path.iterdir()) == []
    assert same(taken(made), things())


def test_the_folder_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(handed, "_MEMORY", tmp_path)
    with folder_in_memory() as folder:
        assert folder is not None
        assert folder.is_dir()
        hand(things(), folder)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(handed, "_MEMORY", tmp_path / "none")
    with folder_in_memory() as folder:
        assert folder is None


def test_folders_of_killed_processes_are_taken_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(handed, "_MEMORY", tmp_path)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (f"boeki-{gone.pid}-x", f"boeki-{os.getpid()}-y", "boeki-other", "others"):
        (tmp_path / name).mkdir()
    with folder_in_memory():
        left = {p.name for p in tmp_path.iterdir()}
    assert f"boeki-{gone.pid}-x" not in left
    assert {f"boeki-{os.getpid()}-y", "boeki-other", "others"} < left
