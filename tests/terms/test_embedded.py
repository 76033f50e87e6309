"""The tables that the package embeds are what the offices' files give."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_tables_are_up_to_date(shared):
    script = ROOT / "scripts" / "embed_codes.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tables_are_small_and_read_only_when_asked_for():
    folder = ROOT / "src" / "boeki" / "terms" / "tables"
    assert 0 < sum(f.stat().st_size for f in folder.glob("*.csv.gz")) < 3_000_000
    asked = (
        "import builtins, gzip\n"
        "def refuse(*_): raise SystemExit('read at import')\n"
        "gzip.decompress = refuse\n"
        "from boeki.terms import classifications, codes, concordance, groups, lookup, units\n"
    )
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=ROOT)
