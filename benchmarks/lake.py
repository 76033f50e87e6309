"""The lake at scale, as ratios against peers of the same run.

    python benchmarks/lake.py --rows 50_000_000 [--folder DIR] [--engine spark] [--json]

It makes files in the layout of BACI (five years, 200 exporters, 5,000 products), pulls them into a
lake with boeki's own source, and asks

    country   exports of one country: year × product × partner, with change on the year, share and
              rank
    world     the same of all countries' exports together
    as of     the world question on a lake whose figures came in 20 vintages, against one vintage

of boeki, of DuckDB's own SQL, and of hand-written Polars and pandas. The peers read the same
figures from one Parquet file a year. Each runs in a process of its own, whose time on the clock and
largest memory are taken; every answer must be the same to the last digit.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

YEARS = range(2018, 2023)
COUNTRY = "JPN"
#: Japan, as BACI numbers it.
NUMBER = 392
MEMORY = "700MB"
VINTAGES = 20

# What each contestant does, as a program of its own. It prints its answer and its seconds; what it
# takes to import is left out.
PRELUDE = """
import json, sys, time
folder, lake_at, question, engine = sys.argv[1:5]
def done(start, rows, total, ranks, **more):
    seconds = time.perf_counter() - start
    # Not from getrusage: that begins with the size of the process that started this one.
    peak = next(l for l in open("/proc/self/status") if l.startswith("VmHWM"))
    print(json.dumps(dict(seconds=seconds, memory=int(peak.split()[1]) / 1e6, **more,
        answer=[int(rows), format(total, ".3f"), int(ranks)])))
"""
BOEKI = """
from ibis import _
from boeki.lake import open_lake
from boeki.measure.cube import measure_cube
start = time.perf_counter()
lake = open_lake(lake_at)
opened = time.perf_counter() - start
start = time.perf_counter()
who = ("JPN",) if question == "country" else ()
table = measure_cube(lake, office="baci", reporters=who).table
found = lake.execute(table.agg(n=_.count(), v=_.value.sum(), r=_["rank"].sum(),
    g=_.growth.mean(), s=_.share.mean())).to_pylist()[0]
done(start, found["n"], found["v"], found["r"], opened=opened)
"""
DUCKDB = """
import duckdb
start = time.perf_counter()
c = duckdb.connect()
c.execute("SET memory_limit = '700MB'; SET preserve_insertion_order = false")
c.execute(f"SET temp_directory = '{folder}/spill'")
only = "WHERE i = 392" if question == "country" else ""
found = c.execute(f'''
WITH s AS (SELECT t, k, j, sum(v) AS v FROM '{folder}/raw-*.parquet' {only} GROUP BY ALL),
w AS (SELECT t, k, sum(v) AS whole FROM s GROUP BY ALL)
SELECT count(*), sum(v), sum(r), avg(v / b - 1), avg(v / whole) FROM (
  SELECT s.*, b.v AS b, w.whole, rank() OVER (PARTITION BY s.t, s.k ORDER BY s.v DESC) AS r
  FROM s JOIN w USING (t, k) LEFT JOIN s b ON b.t = s.t - 1 AND b.k = s.k AND b.j = s.j)
''').fetchall()[0]
done(start, found[0], found[1] * 1000, found[2])
"""
# The same by hand on the lake's own files: codes are words there, as offices write them, and not
# the integers of the peers' files.
DUCKDB_ON_LAKE = """
import duckdb
start = time.perf_counter()
c = duckdb.connect()
c.execute("SET memory_limit = '700MB'; SET preserve_insertion_order = false")
c.execute(f"SET temp_directory = '{folder}/spill'")
only = "WHERE reporter = 'JPN'" if question == "country" else ""
found = c.execute(f'''
WITH s AS (SELECT month, product, partner, sum(value) AS v
  FROM read_parquet('{lake_at}/flows/office=baci/*/*.parquet') {only} GROUP BY ALL),
w AS (SELECT month, product, sum(v) AS whole FROM s GROUP BY ALL)
SELECT count(*), sum(v), sum(r), avg(v / b - 1), avg(v / whole) FROM (
  SELECT s.*, b.v AS b, w.whole,
    rank() OVER (PARTITION BY s.month, s.product ORDER BY s.v DESC) AS r
  FROM s JOIN w USING (month, product)
  LEFT JOIN s b ON b.month = s.month - 12 AND b.product = s.product AND b.partner = s.partner)
''').fetchall()[0]
done(start, found[0], found[1], found[2])
"""
POLARS = """
import polars as pl
start = time.perf_counter()
t = pl.scan_parquet(f"{folder}/raw-*.parquet").select("t", "i", "j", "k", "v")
if question == "country":
    t = t.filter(pl.col("i") == 392)
how = dict(engine="streaming") if engine == "streaming" else {}
s = t.group_by("t", "k", "j").agg(pl.col("v").sum()).collect(**how)
b = s.select(t=pl.col("t") + 1, k="k", j="j", b="v")
s = s.with_columns(whole=pl.col("v").sum().over("t", "k"),
    r=pl.col("v").rank("min", descending=True).over("t", "k"))
s = s.join(b, on=["t", "k", "j"], how="left")
s = s.with_columns(g=pl.col("v").cast(pl.Float64) / pl.col("b").cast(pl.Float64) - 1,
    s=pl.col("v").cast(pl.Float64) / pl.col("whole").cast(pl.Float64))
s.select(pl.col("g").mean(), pl.col("s").mean())
done(start, len(s), s["v"].sum() * 1000, s["r"].sum())
"""
PANDAS = """
import pandas as pd, glob
start = time.perf_counter()
files = sorted(glob.glob(f"{folder}/raw-*.parquet"))
t = pd.concat([pd.read_parquet(f, columns=["t", "i", "j", "k", "v"]) for f in files])
# Floats: pandas sums decimals one object at a time.
t["v"] = (t["v"].astype("float64") * 1000).round().astype("int64")
if question == "country":
    t = t[t["i"] == 392]
s = t.groupby(["t", "k", "j"], sort=False)["v"].sum().reset_index()
s["whole"] = s.groupby(["t", "k"])["v"].transform("sum")
s["r"] = s.groupby(["t", "k"])["v"].rank(method="min", ascending=False)
b = s[["t", "k", "j", "v"]].assign(t=s["t"] + 1).rename(columns={"v": "b"})
s = s.merge(b, on=["t", "k", "j"], how="left")
s["g"], s["s"] = s["v"] / s["b"] - 1, s["v"] / s["whole"]
s[["g", "s"]].mean()
done(start, len(s), float(s["v"].sum()), s["r"].sum())
"""
CONTESTANTS = {
    "boeki": (BOEKI, "-"),
    "duckdb": (DUCKDB, "-"),
    "duckdb on the lake": (DUCKDB_ON_LAKE, "-"),
    "polars streaming": (POLARS, "streaming"),
    "polars": (POLARS, "memory"),
    "pandas": (PANDAS, "-"),
}


def make(folder: Path, rows: int) -> None:
    """Files in the layout of BACI: CSV as an office sends it, and Parquet for the peers."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET memory_limit = '2GB'")
    numbers = ", ".join(str(n) for n in _countries())
    each = rows // len(YEARS)
    products = max(each // 2000, 1)
    for year in YEARS:
        parquet, text = folder / f"raw-{year}.parquet", folder / _name(year)
        if text.exists() and parquet.exists():
            continue
        # Ten partners a country and product; sums of prime steps keep every pair to one line. The
        # products' codes are spread over the six digits.
        connection.execute(
            f"COPY (WITH n AS (SELECT [{numbers}] AS c), g AS (SELECT x, "
            f"x // {products * 10} AS i, (x // 10) % {products} AS k, x % 10 AS p "
            f"FROM range({each}) t(x)) "
            f"SELECT CAST({year} AS INTEGER) AS t, c[1 + i % 200] AS i, "
            "c[1 + (i + 1 + p * 17 + k * 7) % 200] AS j, "
            f"CAST(10000 + (k * 179) % 890000 AS INTEGER) AS k, "
            f"CAST(exp(((hash(x, {year}) % 1000000) / 1000000.0) * 11) AS DECIMAL(18, 3)) AS v, "
            f"CAST(exp(((hash(x, 7) % 1000000) / 1000000.0) * 9) AS DECIMAL(18, 3)) AS q "
            f"FROM g, n WHERE c[1 + i % 200] <> c[1 + (i + 1 + p * 17 + k * 7) % 200]) "
            f"TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)"
        )
        connection.execute(
            f"COPY (SELECT t, i, j, lpad(CAST(k AS VARCHAR), 6, '0') AS k, v, q "
            f"FROM '{parquet}') TO '{text}' (HEADER true)"
        )


def _name(year: int) -> str:
    return f"BACI_HS17_Y{year}_V202401.csv"


def _countries() -> list[int]:
    """200 countries as BACI numbers them, Japan among them."""
    from boeki.terms import areas
    from boeki.terms.codes import area_map

    known = {n: a for n, a in area_map("baci").items() if areas.get(a).is_country}
    seen: dict[str, int] = {}
    for number, area in known.items():
        seen.setdefault(area, int(number))
    seen[COUNTRY] = NUMBER
    return sorted({NUMBER, *sorted(seen.values())[:199]})[:200]


def pull(folder: Path, lake_at: Path) -> dict[str, float]:
    """Pull every year into a new lake; seconds, rows and what of them was refused."""
    from boeki.ingest import pull as bring
    from boeki.lake import open_lake
    from boeki.sources import get
    from boeki.sources.base import Query

    lake = open_lake(lake_at, make=True)
    start = time.perf_counter()
    added = refused = 0
    for year in YEARS:
        query = Query(names=(f"HS17/{year}",), options={"path": str(folder / _name(year))})
        brought = bring(lake, get("baci"), query)
        added, refused = added + brought.added, refused + brought.refused
        for failed in brought.failed:
            raise SystemExit(f"{failed.name}: {failed.error}")
    return {"seconds": time.perf_counter() - start, "added": added, "refused": refused}


def ask(folder: Path, lake_at: Path, who: str, question: str) -> dict[str, Any]:
    """One contestant's answer, in a process of its own."""
    program, engine = CONTESTANTS[who]
    made = subprocess.run(
        [sys.executable, "-c", PRELUDE + program, str(folder), str(lake_at), question, engine],
        capture_output=True,
        text=True,
        env={**os.environ, "BOEKI_MEMORY": MEMORY},
        check=False,
    )
    if made.returncode:
        return {"error": made.stderr.strip().splitlines()[-1][:200] if made.stderr else "killed"}
    return dict(json.loads(made.stdout.strip().splitlines()[-1]))


def vintages(folder: Path, rows: int) -> dict[str, float]:
    """Seconds of the world question on one vintage, on as many figures in 20 vintages, each of
    which revises a twentieth, and on these after `boeki lake optimize`.
    """
    from boeki.lake import open_lake
    from boeki.lake.upkeep import optimize

    times = {}
    kinds = {"1": 1, str(VINTAGES): VINTAGES, f"{VINTAGES} optimized": VINTAGES}
    for name, count in kinds.items():
        lake_at = folder / f"vintages-{rows}-{name.replace(' ', '-')}"
        if not lake_at.exists():
            _revise(lake_at, rows, count)
            if "optimized" in name:
                optimize(open_lake(lake_at))
        found = [ask(folder, lake_at, "boeki", "world")["seconds"] for _ in range(5)]
        times[name] = sorted(found)[2]
    return times


def _revise(lake_at: Path, rows: int, count: int) -> None:
    """A lake with so many figures, of which every later vintage revises one in 20."""
    import datetime as dt

    from boeki.lake import open_lake
    from boeki.lake.rows import stored_rows

    lake = open_lake(lake_at, make=True)
    codes = _areas()
    lake.connection.execute(f"CREATE TEMP TABLE codes AS SELECT unnest({codes!r}) AS code")
    lake.connection.execute("CREATE TEMP TABLE listed AS SELECT list(code) AS c FROM codes")
    for vintage in range(count):
        day = dt.date(2022, 1, 1) + dt.timedelta(days=30 * vintage)
        some = "true" if vintage == 0 else f"x % {VINTAGES} = {vintage}"
        source = f"baci/HS17@{day}"
        blank = dict.fromkeys(("title", "url", "licence", "note", "vintage", "sha256"), "")
        told = {"publisher": "CEPII", "standing": "analyst", "published": day, "retrieved": day}
        lake.add_document(blank | told, lambda _had, name=source: name)
        select = (
            "SELECT c[1 + x % 200] AS reporter, c[1 + (x // 200) % 199] AS partner, "
            "'export' AS flow, 'HS2017' AS classification, "
            f"lpad(CAST(10000 + x // 199000 AS VARCHAR), 6, '0') AS product, 'A' AS freq, "
            f"CAST(2018 + (x // 39800) % 5 AS VARCHAR) AS period, "
            f"CAST(hash(x, {vintage}) % 1000000000 AS DECIMAL(20, 3)) AS value, 'USD' AS currency, "
            "CAST(1 AS DECIMAL(20, 3)) AS resolution, CAST(NULL AS DECIMAL(20, 3)) AS quantity, "
            "CAST(NULL AS VARCHAR) AS unit, CAST(NULL AS DECIMAL(20, 3)) AS weight, "
            "'fob' AS valuation, '' AS system, 'nsa' AS adjustment, 'final' AS status, "
            f"'{source}' AS source, DATE '{day}' AS published, DATE '{day}' AS retrieved, "
            f"'' AS vintage, 'free' AS licence FROM range({rows}) t(x), listed WHERE {some}"
        )
        lake.deliver("flows", stored_rows("flows", select))


def _areas() -> list[str]:
    from boeki.terms import areas

    return [a.code for a in areas.areas() if a.is_country][:200]


def main() -> None:
    """Run what is asked for, and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=lambda t: int(t.replace("_", "")), default=5_000_000)
    parser.add_argument("--folder", type=Path, help="keep the files there for a later run")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", help="comma-separated contestants")
    parser.add_argument("--no-vintages", action="store_true")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="boeki-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        report = run(folder, given)
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(report, indent=2) if given.json else _printed(report))


def run(folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Everything, as one report."""
    make(folder, given.rows)
    lake_at = folder / "lake"
    report: dict[str, Any] = {"rows": given.rows}
    if not lake_at.exists():
        report["pull"] = pull(folder, lake_at)
    who = given.only.split(",") if given.only else list(CONTESTANTS)
    for question in ("country", "world"):
        report[question] = {name: ask(folder, lake_at, name, question) for name in who}
    if not given.no_vintages:
        report["vintages"] = vintages(folder, min(given.rows, 5_000_000))
    return report


def _printed(report: dict[str, Any]) -> str:
    lines = [f"{report['rows']:,} rows"]
    if pulled := report.get("pull"):
        rate = pulled["added"] / pulled["seconds"]
        lines.append(
            f"pull to lake: {pulled['added']:,} rows in {pulled['seconds']:.0f} s, {rate:,.0f} a "
            f"second; {pulled['refused']:,} refused"
        )
    for question in ("country", "world"):
        found = report[question]
        base = found.get("duckdb", {}).get("seconds")
        answers = {json.dumps(f.get("answer")) for f in found.values() if "answer" in f}
        lines.append(f"{question}: {'same answers' if len(answers) == 1 else f'DIFFER {answers}'}")
        for name, f in found.items():
            if "error" in f:
                lines.append(f"  {name:<18} {f['error']}")
                continue
            ratio = f"{f['seconds'] / base:5.2f} × DuckDB" if base else ""
            opened = f", opened in {f['opened']:.2f} s before" if "opened" in f else ""
            lines.append(
                f"  {name:<18} {f['seconds']:7.2f} s {f['memory']:6.2f} GB {ratio}{opened}"
            )
    if times := report.get("vintages"):
        for name, seconds in times.items():
            lines.append(
                f"as of: {name} vintages {seconds:.3f} s, {seconds / times['1']:.2f} × one"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
