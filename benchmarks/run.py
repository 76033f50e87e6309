"""What is timed, as ratios against a yardstick of the same run, so that the machine's mood divides
out.

    start-up     `boeki --help` against `python -c pass`, and against `python -c "import click"`
    check        the sample article end to end in a fresh process, against importing the engine
    that it cannot do without throughput   claims a second on a batch of articles, warm; and
    characters a second of reading alone, against Python's
                 own regular expressions finding every number in the same text

Prints a table and, with --json, a JSON object. Goals: help < 0.15 s, check < 2 s cold on two cores.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "examples" / "japan-2024-11.txt"
REPEATS = 7


def timed(call: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median seconds of a call."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def process(*args: str) -> Callable[[], object]:
    """A call that runs Python in a process of its own."""
    command = [sys.executable, *args]
    return lambda: subprocess.run(command, check=True, capture_output=True, cwd=ROOT)


def boeki(*args: str) -> Callable[[], object]:
    """A call that runs the command line in a process of its own."""
    return process("-c", "from boeki.cli import main; main()", *args)


def start_up() -> dict[str, float]:
    """Seconds to show the help, and the yardsticks."""
    return {
        "help": timed(boeki("--help")),
        "python": timed(process("-c", "pass")),
        "click": timed(process("-c", "import click")),
    }


def cold_check() -> dict[str, float]:
    """Seconds to check the sample article in a fresh process, and to import the engine alone."""
    return {
        "check": timed(boeki("check", str(ARTICLE), "--published", "2025-01-10")),
        "engine": timed(process("-c", "import ibis; ibis.duckdb.connect()")),
    }


def throughput() -> dict[str, float]:
    """Claims a second over a batch, and characters a second of reading alone."""
    import datetime as dt

    from boeki import Passage, check_article, check_passages, extract, open_lake

    text = ARTICLE.read_text(encoding="utf-8")
    lake, day = open_lake(), dt.date(2025, 1, 10)
    claims = len(check_article(text, lake, published=day).claims)
    single = timed(lambda: check_article(text, lake, published=day), 3)
    # Different days and numbers, as a month of articles on one release has them.
    batch = [
        Passage(text.replace("117.6", f"11{n % 10}.6"), f"2025-01-{1 + n % 28:02d}", {})
        for n in range(40)
    ]
    seconds = timed(lambda: check_passages(batch, lake), 3)
    long = "\n\n".join([text] * 50)
    passage = Passage(long, day.isoformat(), {})
    number = re.compile(r"\d[\d,.]*")
    return {
        "claims_per_s": claims * len(batch) / seconds,
        "single_claims_per_s": claims / single,
        "read_chars_per_s": len(long) / timed(lambda: extract(passage), 3),
        "regex_chars_per_s": len(long) / timed(lambda: number.findall(long), 3),
        "read_claims_per_s": len(extract(passage)) / timed(lambda: extract(passage), 3),
    }


def main() -> None:
    """Run all and print."""
    start, cold, batch = start_up(), cold_check(), throughput()
    if "--json" in sys.argv[1:]:
        print(json.dumps({"start_up": start, "check": cold, "throughput": batch}, indent=2))
        return
    print(
        f"help          {start['help']:.3f} s   "
        f"{start['help'] / start['python']:.1f} x bare Python, "
        f"{start['help'] / start['click']:.1f} x importing click"
    )
    print(
        f"check, cold   {cold['check']:.2f} s    "
        f"{cold['check'] / cold['engine']:.1f} x opening the engine"
    )
    print(
        f"check, warm   {batch['single_claims_per_s']:.0f} claims/s one article at a time, "
        f"{batch['claims_per_s']:.0f} claims/s in a batch of 40"
    )
    print(
        f"reading       {batch['read_chars_per_s'] / 1e6:.2f} M characters/s, "
        f"{batch['read_claims_per_s']:.0f} claims/s; "
        f"finding numbers with re is "
        f"{batch['regex_chars_per_s'] / batch['read_chars_per_s']:.0f} x faster"
    )


if __name__ == "__main__":
    main()
