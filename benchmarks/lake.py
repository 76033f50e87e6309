"""The lake at scale, as ratios against peers of the same run.

    python benchmarks/lake.py --rows 50e6 [--folder DIR] [--engine spark] [--repeats 3] [--json]
    python benchmarks/lake.py --rows 5e6,50e6,200e6      what it costs against how many rows

It makes files in the layout of BACI (five years or more, 200 exporters, up to 5,000 products),
pulls them into a lake with boeki's own source, and asks

    country   exports of one country: year × product × partner, with change on the year, share and
              rank
    world     the same of all countries' exports together
    as of     the world question on lakes whose figures came in 20 vintages, against one vintage

of boeki, of DuckDB's own SQL, and of hand-written Polars and pandas. The peers read the same
figures from one Parquet file a year. Each runs in a process of its own. Contestants take turns, and
of several turns the best seconds and the largest memory count; every answer of every turn must be
the same to the last digit. Seconds of the processors are told besides those on the clock, as they
depend less on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from lake_peers import ALWAYS, ONCE, ask
from lake_vintages import vintages

LAST = 2022
#: A year of BACI has some ten million rows.
A_YEAR = 10_000_000
LEAST_YEARS = 5
COUNTRY = "JPN"
#: Japan, as BACI numbers it.
NUMBER = 392
#: More figures than this are not made in 20 vintages.
MOST_VINTAGES = 5_000_000


def make(folder: Path, rows: int) -> None:
    """Files in the layout of BACI: CSV as an office sends it, and Parquet for the peers."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET memory_limit = '2GB'")
    numbers = ", ".join(str(n) for n in _countries())
    each = rows // len(years(rows))
    products = max(each // 2000, 1)
    for year in years(rows):
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
    return f"BACI_HS92_Y{year}_V202401.csv"


def years(rows: int) -> range:
    """Five years, and more where there are more rows than five years have."""
    return range(LAST + 1 - max(LEAST_YEARS, rows // A_YEAR), LAST + 1)


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


def pull(folder: Path, lake_at: Path, rows: int) -> dict[str, float]:
    """Pull every year into a new lake; seconds, rows and what of them was refused."""
    from boeki.ingest import pull as bring
    from boeki.lake import open_lake
    from boeki.sources import get
    from boeki.sources.base import Query

    lake = open_lake(lake_at, make=True)
    start = time.perf_counter()
    added = refused = 0
    # The newest first, as one would.
    for year in reversed(years(rows)):
        query = Query(names=(f"HS92/{year}",), options={"path": str(folder / _name(year))})
        brought = bring(lake, get("baci"), query)
        added, refused = added + brought.added, refused + brought.refused
        for failed in brought.failed:
            raise SystemExit(f"{failed.name}: {failed.error}")
    return {"seconds": time.perf_counter() - start, "added": added, "refused": refused}


def main() -> None:
    """Run what is asked for, and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=_numbers, default=[5_000_000], help="5e6, or 5e6,50e6")
    parser.add_argument("--folder", type=Path, help="keep the files there for a later run")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--engine", choices=["spark"], help="boeki on this engine as well")
    parser.add_argument("--only", help="comma-separated contestants")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--no-vintages", action="store_true")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="boeki-bench-"))
    try:
        reports = [run(folder / str(rows), rows, given) for rows in given.rows]
        if not given.no_vintages:
            figures = min(max(given.rows), MOST_VINTAGES)
            reports[-1]["vintages"] = vintages(folder, figures, given.repeats)
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(reports, indent=2) if given.json else _printed(reports))
    if any(r[q]["answers"] > 1 for r in reports for q in ("country", "world")):
        sys.exit("the answers differ")


def _numbers(text: str) -> list[int]:
    return [int(float(t.replace("_", ""))) for t in text.split(",")]


def run(folder: Path, rows: int, given: argparse.Namespace) -> dict[str, Any]:
    """Everything that is asked of so many rows, as one report."""
    folder.mkdir(parents=True, exist_ok=True)
    lake_at = folder / "lake"
    report: dict[str, Any] = {"rows": rows}
    if not lake_at.exists():
        make(folder, rows)
        # By its name only when it is whole: a later run must not ask half a lake.
        begun = folder / "lake.begun"
        shutil.rmtree(begun, ignore_errors=True)
        report["pull"] = pull(folder, begun, rows)
        begun.rename(lake_at)
    who = given.only.split(",") if given.only else list(ALWAYS)
    if given.engine:
        who.append("boeki on Spark")
    for question in ("country", "world"):
        report[question] = compete(folder, lake_at, who, question, given.repeats)
    return report


def compete(
    folder: Path, lake_at: Path, who: list[str], question: str, repeats: int
) -> dict[str, Any]:
    """The best of several turns of each contestant, and how many different answers they gave."""
    best: dict[str, dict[str, Any]] = {}
    answers = set()
    for turn in range(repeats):
        for name in who:
            if turn and name in ONCE:
                continue
            found = ask(folder, lake_at, name, question)
            had = best.setdefault(name, found)
            if "error" in found:
                continue
            answers.add(json.dumps(found["answer"]))
            for what in ("seconds", "cpu", "opened"):
                if what in found:
                    had[what] = min(had[what], found[what])
            had["memory"] = max(had["memory"], found["memory"])
    return {"best": best, "answers": len(answers)}


def _printed(reports: list[dict[str, Any]]) -> str:
    lines = []
    for report in reports:
        lines.append(f"{report['rows']:,} rows")
        if pulled := report.get("pull"):
            rate = pulled["added"] / pulled["seconds"]
            lines.append(
                f"pull to lake: {pulled['added']:,} rows in {pulled['seconds']:.0f} s, "
                f"{rate:,.0f} a second; {pulled['refused']:,} refused"
            )
        for question in ("country", "world"):
            lines += _table(question, report[question])
        for name, found in report.get("vintages", {}).items():
            lines.append(f"as of: {name}")
            one = next(iter(found.values()))
            lines += [f"  {when:<42} {s:7.3f} s {s / one:5.2f} × one" for when, s in found.items()]
    if len(reports) > 1:
        lines += _growth(reports)
    return "\n".join(lines)


def _table(question: str, found: dict[str, Any]) -> list[str]:
    base = found["best"].get("duckdb", {})
    same = "same answers" if found["answers"] == 1 else f"{found['answers']} DIFFERENT ANSWERS"
    lines = [f"{question}: {same}"]
    for name, f in found["best"].items():
        if "error" in f:
            lines.append(f"  {name:<18} {f['error']}")
            continue
        line = f"  {name:<18} {f['seconds']:7.2f} s {f['cpu']:7.2f} s cpu {f['memory']:6.2f} GB"
        if "seconds" in base:
            line += f" {f['seconds'] / base['seconds']:6.2f} × DuckDB"
        if "opened" in f:
            line += f", opened in {f['opened']:.2f} s before"
        lines.append(line)
    return lines


def _growth(reports: list[dict[str, Any]]) -> list[str]:
    """Seconds a million rows, as the rows become more."""
    lines = ["seconds a million rows"]
    for question in ("country", "world"):
        for name in reports[0][question]["best"]:
            each = [(r["rows"], r[question]["best"].get(name, {}).get("seconds")) for r in reports]
            told = "  ".join(
                f"{n / 1e6:.0f} M: {s / n * 1e6:.3f}" for n, s in each if s is not None
            )
            lines.append(f"  {question:<8} {name:<18} {told}")
    return lines


if __name__ == "__main__":
    main()
