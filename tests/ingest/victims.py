"""Pulls in processes of their own, which end when they are told to.

A parent that has loaded everything and started nothing forks a child for each order that it reads:
a child costs a fraction of a second, and dies as a process does.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import deltalake
import pyarrow as pa

from boeki.errors import BoekiError
from boeki.ingest import pull, stage
from boeki.lake import Lake, news, opening, raw
from boeki.lake.place import Place
from boeki.sources.base import Query
from tests.ingest.office import Office

ROOT = Path(__file__).parents[2]


class Victims:
    """Gives orders to the parent."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.ingest.victims"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What delta-rs tells of its own threads when a disk is full.
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, *orders: dict[str, Any]) -> list[dict[str, Any]]:
        """Children for these orders, all at once; what each said, and the signal that ended it."""
        assert self._parent.stdin is not None  # piped
        assert self._parent.stdout is not None  # piped
        self._parent.stdin.write(json.dumps(orders) + "\n")
        self._parent.stdin.flush()
        return list(json.loads(self._parent.stdout.readline()))

    def close(self) -> None:
        """End the parent."""
        self._parent.communicate()


def order(lake: Path, folder: Path, *files: tuple[str, dt.date], **how: Any) -> dict[str, Any]:
    """A pull of files, each published on a day.

    ``at`` is the step at which the child kills itself; ``limit`` the size that files may have.
    """
    named = [(name, day.isoformat()) for name, day in files]
    return {"lake": str(lake), "folder": str(folder), "files": named, **how}


# --- in the parent and its children ---------------------------------------------------------------


class _Steps:
    """Counts the steps of a pull, and ends the process at one of them."""

    def __init__(self, last: int | None) -> None:
        self.last, self.done = last, 0

    def __call__(self) -> None:
        self.done += 1
        if self.done == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        """Make a step of what comes before and after each call of a function."""
        whole: Callable[..., Any] = getattr(owner, name)

        @wraps(whole)
        def stepped(*args: Any, **how: Any) -> Any:
            self()
            out = whole(*args, **how)
            self()
            return out

        setattr(owner, name, stepped)

    def within(self) -> None:
        """Make a step of the moment in which some rows of a commit are written and some are not."""
        called = news.News.__call__

        def stepped(self_: news.News, snapshot: Any) -> pa.RecordBatchReader | None:
            rows = called(self_, snapshot)
            return rows and pa.RecordBatchReader.from_batches(rows.schema, self._broken(rows))

        setattr(news.News, "__call__", stepped)  # noqa: B010 (a method is not assigned to)

    def _broken(self, rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        for batch in rows:
            yield batch.slice(0, 1)
            self()
            yield batch.slice(1)


def _pull(wanted: dict[str, Any]) -> dict[str, Any]:
    steps = _Steps(wanted.get("at"))
    for owner, name in (
        (os, "replace"),
        (os, "fsync"),
        (deltalake, "write_deltalake"),
        (raw.RawBytes, "keep"),
        (stage.Stage, "fill"),
        (stage.Stage, "clear"),
    ):
        steps.around(owner, name)
    steps.within()
    if limit := wanted.get("limit"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    place = Place(wanted["lake"])
    added, failed = 0, []
    try:
        opening._enter(place, make=True)
        for name, day in wanted["files"]:
            source = Office(Path(wanted["folder"]), published=dt.date.fromisoformat(day))
            done = pull(Lake(place), source, Query(names=(name,)), fresh=dt.timedelta(0))
            added += done.added
            failed += [r.error for r in done.failed]
    except BoekiError as error:
        return {"error": f"{type(error).__name__}: {error}", "steps": steps.done}
    return {"added": added, "failed": failed, "steps": steps.done}


def _child(wanted: dict[str, Any], said: int) -> None:
    out: dict[str, Any] = {"error": "a traceback"}
    try:
        out = _pull(wanted)
    finally:
        os.write(said, json.dumps(out).encode())
        os._exit(0)


def _serve(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    children = []
    for wanted in orders:
        heard, said = os.pipe()
        pid = os.fork()
        if not pid:
            _child(wanted, said)
        os.close(said)
        children.append((pid, heard))
    out = []
    for pid, heard in children:
        with os.fdopen(heard, "rb") as pipe:
            told = pipe.read()
        _, status = os.waitpid(pid, 0)
        out.append({**json.loads(told or b"{}"), "signal": os.WTERMSIG(status)})
    return out


if __name__ == "__main__":
    # What a pull loads when it first needs it; none of it starts a thread.
    for module in ("ibis.backends.duckdb", "pyarrow.dataset", "pyarrow.fs", "pandas", "httpx"):
        import_module(module)
    for line in sys.stdin:
        print(json.dumps(_serve(json.loads(line))), flush=True)
