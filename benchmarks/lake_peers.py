"""The contestants of the benchmark of the lake: boeki, and the same by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

#: What DuckDB may take within boeki. Python and its libraries come on top, some 0.3 GB.
MEMORY = "600MB"

# What each contestant does, as a program of its own. It prints its answer and its seconds; what it
# takes to import is left out.
PRELUDE = """
import glob, json, os, sys, time
folder, lake_at, question, engine = sys.argv[1:5]
question, _at, day = question.partition("@")
def started(pid):
    for path in glob.glob(f"/proc/{pid}/task/*/children"):
        for child in open(path).read().split():
            yield child
            yield from started(child)
def peak(pid):
    # Not from getrusage: that begins with the size of the process that started this one.
    line = next(l for l in open(f"/proc/{pid}/status") if l.startswith("VmHWM"))
    return int(line.split()[1]) / 1e6
def done(start, rows, total, ranks, **more):
    seconds = time.perf_counter() - start
    memory = sum(map(peak, [os.getpid(), *started(os.getpid())]))
    print(json.dumps(dict(seconds=seconds, cpu=time.process_time(), memory=memory, **more,
        answer=[int(rows), format(total, ".3f"), int(ranks)])))
"""
BOEKI = """
import datetime, os
if engine != "-":
    os.environ["BOEKI_ENGINE"] = engine
from ibis import _
from boeki.lake import open_lake
from boeki.measure.cube import measure_cube
start = time.perf_counter()
lake = open_lake(lake_at)
opened = time.perf_counter() - start
start = time.perf_counter()
who = ("JPN",) if question == "country" else ()
as_of = datetime.date.fromisoformat(day) if day else None
table = measure_cube(lake, office="baci", reporters=who, as_of=as_of).table
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
    "boeki on Spark": (BOEKI, "spark"),
    "duckdb": (DUCKDB, "-"),
    "duckdb on the lake": (DUCKDB_ON_LAKE, "-"),
    "polars streaming": (POLARS, "streaming"),
    "polars": (POLARS, "memory"),
    "pandas": (PANDAS, "-"),
}
#: Those that need nothing installed besides, and of them those that are too slow for several turns.
ALWAYS = tuple(name for name in CONTESTANTS if name != "boeki on Spark")
ONCE = ("pandas",)


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
