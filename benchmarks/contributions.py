"""Contributions over HS6 × partner, against the same SQL by hand on the same files.

    python benchmarks/contributions.py [--rows 10_000_000] [--rounds 5] [--folder DIR] [--json]

The lake holds two years of one reporter's exports, as many products × partners as it takes. boeki
names the fifty largest contributions, adds up the others, and says what is behind them; the SQL
reads the lake's own Parquet files, finds the fifty largest and adds up the others. Both run in a
process of their own, in turn; the best of each is compared, and the answers must be the same.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LARGEST = 50

PRELUDE = """
import json, sys, time
lake_at = sys.argv[1]
def done(start, top, change, **more):
    seconds = time.perf_counter() - start
    peak = next(l for l in open("/proc/self/status") if l.startswith("VmHWM"))
    print(json.dumps(dict(seconds=seconds, memory=int(peak.split()[1]) / 1e6,
        answer=[format(top, ".3f"), format(change, ".3f")], **more)))
"""
BOEKI = f"""
from boeki.lake import open_lake
from boeki.explain.contribution_table import explain_contributions
lake = open_lake(lake_at)
start = time.perf_counter()
found = explain_contributions("JPN", "2022", "exports", by=("product", "partner"),
    office="baci", largest={LARGEST}, lake=lake)
top = sum(r["effect"] for r in found.records() if r["product"])
done(start, top, found.about["change"])
"""
SQL = f"""
import duckdb
c = duckdb.connect()
start = time.perf_counter()
found = c.execute(f'''
WITH cells AS (SELECT product, partner,
    coalesce(sum(value) FILTER (year = 2022), 0) - coalesce(sum(value) FILTER (year = 2021), 0)
      AS effect
  FROM read_parquet('{{lake_at}}/flows/office=baci/*/*.parquet', hive_partitioning = true)
  WHERE reporter = 'JPN' AND flow = 'export' AND freq = 'A' GROUP BY ALL),
ranked AS (SELECT effect FROM cells ORDER BY abs(effect) DESC LIMIT {LARGEST})
SELECT (SELECT sum(effect) FROM ranked), (SELECT sum(effect) FROM cells)
''').fetchone()
done(start, found[0], found[1])
"""


def make(lake_at: Path, rows: int) -> None:
    """A lake with so many rows of two years."""
    import datetime as dt

    from boeki.lake import open_lake
    from boeki.lake.rows import stored_rows
    from boeki.terms import areas

    lake = open_lake(lake_at, make=True)
    codes = [a.code for a in areas.areas() if a.is_country and a.code != "JPN"][:200]
    lake.connection.execute(f"CREATE TEMP TABLE codes AS SELECT unnest({codes!r}) AS code")
    lake.connection.execute("CREATE TEMP TABLE listed AS SELECT list(code) AS c FROM codes")
    source, day = "baci/HS17@2024-01", dt.date(2024, 1, 31)
    blank = dict.fromkeys(("title", "url", "licence", "note", "vintage", "sha256"), "")
    told = {"publisher": "CEPII", "standing": "analyst", "published": day, "retrieved": day}
    lake.add_document(blank | told, lambda _had: source)
    each = rows // 2
    for year in (2021, 2022):
        select = (
            "SELECT 'JPN' AS reporter, c[1 + x % 200] AS partner, 'export' AS flow, 'HS2017' AS "
            "classification, lpad(CAST(10000 + x // 200 AS VARCHAR), 6, '0') AS product, 'A' AS "
            f"freq, '{year}' AS period, "
            f"CAST(hash(x, {year}) % 1000000000 AS DECIMAL(20, 3)) AS value, 'USD' AS currency, "
            "CAST(1 AS DECIMAL(20, 3)) AS resolution, CAST(NULL AS DECIMAL(20, 3)) AS quantity, "
            "CAST(NULL AS VARCHAR) AS unit, CAST(NULL AS DECIMAL(20, 3)) AS weight, "
            "'fob' AS valuation, '' AS system, 'nsa' AS adjustment, 'final' AS status, "
            f"'{source}' AS source, DATE '{day}' AS published, DATE '{day}' AS retrieved, "
            f"'' AS vintage, 'free' AS licence FROM range({each}) t(x), listed"
        )
        lake.deliver("flows", stored_rows("flows", select))


def run(program: str, lake_at: Path) -> dict[str, Any]:
    """One contestant, in a process of its own."""
    made = subprocess.run(
        [sys.executable, "-c", PRELUDE + program, str(lake_at)],
        capture_output=True, text=True, env=dict(os.environ), check=True,
    )  # fmt: skip
    return dict(json.loads(made.stdout.strip().splitlines()[-1]))


def main() -> None:
    """Run both in turn, and print how they compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=lambda t: int(t.replace("_", "")), default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep the lake there for a later run")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="boeki-bench-"))
    lake_at = folder / f"contributions-{given.rows}"
    try:
        if not lake_at.exists():
            make(lake_at, given.rows)
        found = [(run(BOEKI, lake_at), run(SQL, lake_at)) for _ in range(given.rounds)]
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    ours, theirs = (min((f[i] for f in found), key=lambda r: r["seconds"]) for i in (0, 1))
    report = {
        "rows": given.rows, "boeki": ours, "sql": theirs,
        "same": ours["answer"] == theirs["answer"], "ratio": ours["seconds"] / theirs["seconds"],
    }  # fmt: skip
    if given.json:
        print(json.dumps(report, indent=2))
        return
    same = "same answers" if report["same"] else f"DIFFER: {ours['answer']} {theirs['answer']}"
    print(
        f"{given.rows:,} rows, {same}: boeki {ours['seconds']:.2f} s, {ours['memory']:.2f} GB; "
        f"SQL {theirs['seconds']:.2f} s, {theirs['memory']:.2f} GB: {report['ratio']:.2f} ×"
    )


if __name__ == "__main__":
    main()
