"""A pull that is stopped with Ctrl-C while a slow server sends, in a terminal of its own."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from boeki.lake import open_lake
from tests.ingest.office import HEADER, pulled
from tests.sources.misbehaving import Server, body, ranged, serving

pty = pytest.importorskip("pty", reason="a terminal of its own: not on Windows")

ROOT = Path(__file__).parents[2]
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
#: What the bar says of the reply that comes slowly.
_BAR = r"slow \(2 of 2\)[^/]* ([0-9.]+)/[0-9.]+ kB"
QUICK = ",".join(HEADER) + "\nWLD,TOTAL,2024-11,100,final\n"
SLOW = ",".join(HEADER) + "\n" + "".join(
    f"{partner},TOTAL,{year}-{month:02d},{year + month},final\n"
    for partner in ("WLD", "USA", "CHN")
    for year in range(1990, 2024)
    for month in range(1, 13)
)  # fmt: skip
#: The command, with an office that is asked over the net.
COMMAND = """
import sys
from boeki import sources
from boeki.cli.main import main
from boeki.sources.base import Request
from tests.ingest.office import Office

class Web(Office):
    def requests(self, query):
        return [Request(name, f"{self.folder}/{name}.csv") for name in query.names]

web, get = Web(sys.argv[1]), sources.get
sources.get = lambda name: web if name == "office" else get(name)
main(sys.argv[2:])
"""


class Terminal:
    """The command in a terminal.

    Attributes
    ----------
    shown
        What it has shown on standard error.
    """

    def __init__(self, address: str, lake: Path, *args: str) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, address, "--lake", str(lake), "pull", "office", *args],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=slave,
            text=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "120", "NO_PROXY": "127.0.0.1"},
            # What runs in the background ignores Ctrl-C, and what it starts does too.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        os.close(slave)
        self.shown = ""

    def watch(self, until: str = "", seconds: float = 60.0) -> None:
        """Read what it shows until some words come, or its end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (until and re.search(until, self.shown)):
            if not select.select([self._master], [], [], 0.2)[0]:
                continue
            try:
                piece = os.read(self._master, 65_536)
            except OSError:  # the other end is closed
                return
            self.shown += _COLOURS.sub("", piece.decode("utf-8", "replace"))

    def end(self) -> tuple[int, str]:
        """Its exit status and what it printed."""
        self.watch()
        out, _ = self.process.communicate(timeout=60)
        os.close(self._master)
        return self.process.returncode, out


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as told:
        yield told


def test_ctrl_c_keeps_what_came_and_the_same_command_goes_on(
    server: Server, tmp_path: Path
) -> None:
    data, lake = SLOW.encode(), tmp_path / "lake"
    server.on("/quick.csv", body(QUICK.encode()))
    # Some twenty seconds in all: a loaded machine must have time to draw before it is over.
    slow = ranged(data, '"one"', piece=len(data) // 60, pause=0.3)
    server.on("/slow.csv", slow, ranged(data, '"one"'))
    address = f"http://{server.host}"

    first = Terminal(address, lake, "quick", "slow")
    # The bar tells how much of how much has come, and moves.
    first.watch(r"slow \(2 of 2\).* [1-9][0-9.]*/\d")
    first.watch(r"[^0-9.]1[0-9.]*/[0-9.]+ kB")
    first.process.send_signal(signal.SIGINT)
    status, out = first.end()

    assert status == 130, first.shown
    assert "stopped: what is told above was kept; the same command goes on" in first.shown
    assert "Traceback" not in first.shown + out
    assert "1 read; 1 new row" in out
    told = [float(size) for size in re.findall(_BAR, first.shown)]
    assert len(set(told)) >= 2
    assert told == sorted(told)
    assert len(pulled(open_lake(lake))) == 1

    second = Terminal(address, lake, "quick", "slow")
    status, out = second.end()
    assert status == 0, second.shown
    # What came within the hour is not asked for again, and of the other only what was lacking.
    assert [a.path for a in server.asked] == ["/quick.csv", "/slow.csv", "/slow.csv"]
    went_on = server.asked[-1].headers["range"]
    assert 0 < int(went_on.removeprefix("bytes=").removesuffix("-")) < len(data)
    assert f"1 read, 1 unchanged; {SLOW.count(chr(10)) - 1:,} new rows" in out
    assert len(pulled(open_lake(lake))) == SLOW.count("\n")
