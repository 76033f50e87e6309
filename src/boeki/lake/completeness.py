"""Whether figures are complete: months that are missing in a run, partners that make the world."""

from __future__ import annotations

from typing import Any

from boeki.lake import tables
from boeki.lake.findings import Finding, some
from boeki.lake.selection import several, text
from boeki.lake.steps import DESCRIBED
from boeki.lake.store import Lake
from boeki.terms import areas
from boeki.terms.periods import MONTHS, Period

_PULLED = "(SELECT source FROM documents WHERE sha256 IS NOT NULL)"
#: How many runs with holes are named; of the others their number is told.
_NAMED = 20


def check_gaps(lake: Lake) -> tuple[list[Finding], int]:
    """Runs of figures in which periods are missing.

    Of all goods with the world, and of series, each hole is a warning. In trade of one product or
    with one partner a month without any trade has no row either, so there it is only told.

    Returns
    -------
    findings, number of runs looked at
    """
    out: list[Finding] = []
    looked = 0
    for table in tables.STORED:
        runs = _runs(lake, table)
        looked += runs["looked"]
        out += [_gap(table, row) for row in runs["named"]]
        out += [
            Finding(
                "info", "gaps", f"{row['office']}, {row['classification']}, {row['freq']}",
                f"{row['holed']} of {row['runs']} runs of single products or partners lack "
                "periods between their first and last: a period without trade has no row",
                row["holed"],
            )
            for row in runs["others"]
        ]  # fmt: skip
    return out, looked


def _runs(lake: Lake, table: str) -> dict[str, Any]:
    counted = _counted(lake, table)
    return {
        "named": _holed(lake, table) if any(r["holed"] and r["whole"] for r in counted) else [],
        "others": [r for r in counted if r["holed"] and not r["whole"]],
        "looked": sum(r["runs"] for r in counted),
    }


def _whole(table: str) -> str:
    """SQL that is true of runs that ought to have no holes."""
    return "product = 'TOTAL' AND partner = 'WLD'" if table == "flows" else "true"


def _regular() -> str:
    """SQL that is true of figures that are as long as their frequency says."""
    lengths = " ".join(f"WHEN '{freq}' THEN {months}" for freq, months in MONTHS.items())
    return f"months = CASE freq {lengths} END"


def _counted(lake: Lake, table: str) -> list[dict[str, Any]]:
    """How many runs there are of each kind, and how many of them have holes."""
    kind = "classification" if table == "flows" else "key"
    # A large lake has millions of runs: of each there is one number instead of ten words, and of
    # each figure one row, so that periods need not be told apart to be counted.
    columns = (
        f"office, {kind} AS classification, freq, {_whole(table)} AS whole, "
        f"hash({', '.join(DESCRIBED[table])}) AS run, month, months, source"
    )
    rows = (
        f"SELECT {columns} FROM {{{table}}} WHERE figure NOT IN {several(table)} AND {_regular()} "
        f"UNION ALL (SELECT DISTINCT ON (figure) {columns} FROM {{{table}}} "
        f"WHERE figure IN {several(table)} AND {_regular()} ORDER BY source NOT IN {_PULLED})"
    )
    runs = (
        "SELECT office, classification, freq, whole, min(month) AS first, max(month) AS last, "
        f"any_value(months) AS length, count(*) AS held FROM ({rows}) "
        f"GROUP BY office, classification, freq, whole, run HAVING bool_or(source IN {_PULLED})"
    )
    found = lake.query(
        "SELECT office, classification, freq, whole, count(*) AS runs, "
        "count(*) FILTER ((last - first) // length + 1 > held) AS holed "
        f"FROM ({runs}) GROUP BY ALL ORDER BY ALL"
    )
    return list(found.to_pylist())


def _holed(lake: Lake, table: str) -> list[dict[str, Any]]:
    """Runs with holes that ought to have none, each with the months that it has."""
    described = ", ".join(DESCRIBED[table])
    runs = (
        f"SELECT {described}, min(month) AS first, max(month) AS last, "
        "any_value(months) AS length, list(DISTINCT month ORDER BY month) AS months "
        f"FROM {{{table}}} WHERE {_regular()} AND {_whole(table)} "
        f"GROUP BY {described} HAVING bool_or(source IN {_PULLED})"
    )
    found = lake.query(
        f"SELECT * FROM ({runs}) WHERE (last - first) // length + 1 > len(months) "
        f"ORDER BY {_ordered(table)}"
    )
    return list(found.to_pylist())


def _ordered(table: str) -> str:
    return ", ".join(f"CAST({c} AS VARCHAR)" for c in DESCRIBED[table])


def _gap(table: str, row: dict[str, Any]) -> Finding:
    length, held = row["length"], set(row["months"])
    lacking = [m for m in range(row["first"], row["last"], length) if m not in held]
    names = [str(Period(m, length, row["freq"])) for m in lacking]
    first, last = (str(Period(row[end], length, row["freq"])) for end in ("first", "last"))
    return Finding(
        "warning",
        "gaps",
        describe(table, row),
        f"{len(names)} periods are missing between {first} and {last}: {some(names, 12)}. "
        f"Pull {row['office']} for them, or see whether it has them",
        len(names),
    )


def describe(table: str, row: dict[str, Any]) -> str:
    """A run of figures in words."""
    if table == "series":
        where = " ".join(str(v) for v in dict(row["dimensions"]).values())
        return f"{row['office']}: {row['key']} {row['area']} {where}".strip()
    return (
        f"{row['office']}: {row['reporter']} {row['flow']} {row['classification']} "
        f"{row['product']} {row['partner']}, {row['freq']}, {row['currency']}"
    )


def check_partners(lake: Lake) -> tuple[list[Finding], int]:
    """How far the partners of a figure make the world, where the lake has both.

    The difference is told and is no error: an office may list some partners only, and put others
    where nobody is named.

    Returns
    -------
    findings, number of sums compared
    """
    single = [a.code for a in areas.areas() if a.is_country or a.kind == "unspecified"]
    listed = ", ".join(text(code) for code in single)
    same = "office, reporter, flow, classification, product, freq, period, currency, valuation, "
    same += "system, adjustment"
    newest = (
        f"SELECT figure, {same}, partner, value, source FROM {{flows}} "
        f"WHERE figure NOT IN {several('flows')} UNION ALL "
        f"(SELECT figure, {same}, partner, value, source FROM {{flows}} "
        f"WHERE figure IN {several('flows')} QUALIFY row_number() OVER (PARTITION BY "
        "figure ORDER BY published DESC, retrieved DESC, revision DESC, source) = 1)"
    )
    sums = (
        f"SELECT {same}, sum(value) FILTER (partner = 'WLD') AS world, "
        f"sum(value) FILTER (partner IN ({listed})) AS parts FROM ({newest}) GROUP BY ALL "
        f"HAVING world > 0 AND parts IS NOT NULL AND bool_or(source IN {_PULLED})"
    )
    far = "100 * abs(CAST(parts - world AS DOUBLE)) / CAST(world AS DOUBLE)"
    rows = lake.query(
        f"SELECT office, reporter, flow, classification, freq, count(*) AS n, "
        f"count(*) FILTER (parts <> world) AS off, median({far}) AS usual, max({far}) AS most, "
        f"arg_max(product, {far}) AS product, arg_max(period, {far}) AS period, "
        f"arg_max(parts - world, {far}) AS difference, any_value(currency) AS currency "
        f"FROM ({sums}) GROUP BY office, reporter, flow, classification, freq ORDER BY ALL"
    ).to_pylist()
    return [_sum(row) for row in rows if row["off"]], sum(row["n"] for row in rows)


def _sum(row: dict[str, Any]) -> Finding:
    return Finding(
        "info",
        "identities",
        f"{row['office']}: {row['reporter']} {row['flow']} {row['classification']}, {row['freq']}",
        f"in {row['off']} of {row['n']} cases the partners do not add up to the world; usually "
        f"{row['usual']:.2g} % off, at most {row['most']:.3g} % ({row['product']}, "
        f"{row['period']}: {row['difference']:+,f} {row['currency']})",
        row["off"],
    )
