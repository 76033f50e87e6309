"""What vintages cost: a question as of a day, to lakes whose figures came in 20 vintages."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from lake_peers import ask

VINTAGES = 20
FIRST = dt.date(2022, 1, 1)
#: Day by day: nothing but the first vintage, the middle one, and all that is known.
DAYS = {"then": FIRST, "midway": FIRST + dt.timedelta(days=30 * (VINTAGES // 2)), "now": None}


def vintages(folder: Path, figures: int, repeats: int) -> dict[str, dict[str, float]]:
    """Seconds of the world question, in lakes as their deliveries leave them.

    Returns
    -------
    dict
        For each way of revising, seconds by lake and day; the first is that of a lake with the same
        figures in one vintage.
    """
    out = {}
    for kind, part, number in (
        ("each revises a twentieth", VINTAGES, figures),
        ("each revises all", 1, figures // 10),
    ):
        lakes = {}
        for count in (1, VINTAGES, VINTAGES + 1):
            lakes[count] = folder / f"vintages-{number}-{part}-{count}"
            if not lakes[count].exists():
                new = range(count)
                # By its name only when it is whole: a later run must not ask half a lake.
                begun = lakes[count].with_suffix(".begun")
                shutil.rmtree(begun, ignore_errors=True)
                if count > VINTAGES:
                    shutil.copytree(lakes[VINTAGES], begun)
                    new = new[-1:]
                _revise(begun, number, new, part)
                begun.rename(lakes[count])
        asked = [
            ("one vintage, now", lakes[1], "world"),
            ("one vintage, then", lakes[1], f"world@{FIRST}"),
        ]
        for when, day in DAYS.items():
            question = f"world@{day}" if day else "world"
            asked.append((f"{VINTAGES} vintages, {when}", lakes[VINTAGES], question))
        # Where every delivery is large, each is settled as it comes; small ones wait for others.
        asked.append(("and one more, now", lakes[VINTAGES + 1], "world"))
        best: dict[str, float] = {}
        for _turn in range(repeats):
            for name, lake_at, question in asked:
                found = ask(folder, lake_at, "boeki", question)
                if "error" in found:
                    raise SystemExit(found["error"])
                best[name] = min(best.get(name, found["seconds"]), found["seconds"])
        out[f"{number:,} figures, {kind}"] = best
    return out


def _revise(lake_at: Path, rows: int, which: range, part: int) -> None:
    """A lake with so many figures, of which every later vintage revises one in ``part``."""
    from boeki.lake import open_lake
    from boeki.lake.rows import stored_rows

    lake = open_lake(lake_at, make=True)
    codes = _areas()
    lake.connection.execute(f"CREATE TEMP TABLE codes AS SELECT unnest({codes!r}) AS code")
    lake.connection.execute("CREATE TEMP TABLE listed AS SELECT list(code) AS c FROM codes")
    for vintage in which:
        day = FIRST + dt.timedelta(days=30 * vintage)
        some = "true" if vintage == 0 else f"x % {part} = {vintage % part}"
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
