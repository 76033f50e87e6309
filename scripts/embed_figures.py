"""Make the tables that the package embeds from the figures that people maintain.

``figures/*.csv`` holds what sources print, in their units; ``src/boeki/data/*.csv`` holds the same
as rows of the canonical tables. Run without arguments to write, with ``--check`` to see whether
what stands in the package is what would be written. Nothing is written where an identity fails.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from boeki.terms import products
from boeki.terms.periods import Period
from boeki.terms.units import JP_CUSTOMS

Row = dict[str, str]
Tables = dict[str, list[Row]]

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "figures"
DATA = ROOT / "src" / "boeki" / "data"

FLOWS = [
    "reporter",
    "partner",
    "flow",
    "classification",
    "product",
    "freq",
    "period",
    "value",
    "currency",
    "resolution",
    "quantity",
    "unit",
    "weight",
    "valuation",
    "system",
    "adjustment",
    "status",
    "source",
    "published",
    "retrieved",
    "vintage",
    "licence",
]
SERIES = [
    "key",
    "area",
    "dimensions",
    "freq",
    "period",
    "value",
    "unit",
    "resolution",
    "status",
    "source",
    "published",
    "retrieved",
    "vintage",
    "licence",
]
DOCUMENTS = ["source", "title", "publisher", "standing", "url", "licence", "published", "note"]

#: What identifies a figure whatever its vintage.
FLOW_KEY = [
    "reporter",
    "partner",
    "flow",
    "classification",
    "product",
    "freq",
    "period",
    "currency",
    "valuation",
    "system",
    "adjustment",
]
SERIES_KEY = ["key", "area", "dimensions", "freq", "period", "unit"]

CUSTOMS = "japan-customs/"
RELEASE = CUSTOMS + "press-2024-11-provisional"
TOTALS = CUSTOMS + "d41ma@2026-09"
COMMODITIES = {"export": CUSTOMS + "d51ma@2026-09", "import": CUSTOMS + "d61ma@2026-09"}
RATES = "frb-h10/usd-jpy@2026-07"

#: The series are final to this month; the newest is provisional; those between have been revised.
FINAL_TO, NEWEST = "2024-12", "2026-08"

#: Unit of an amount as the figures give it: the currency, and how many of it one is.
AMOUNTS = {
    "thousand JPY": ("JPY", 10**3),
    "mn JPY": ("JPY", 10**6),
    "bn JPY": ("JPY", 10**9),
    "tn JPY": ("JPY", 10**12),
    "bn USD": ("USD", 10**9),
}
#: Units that stand in press releases only. Gross tonnage measures ships, not weight.
QUANTITIES = JP_CUSTOMS | {"TNO": ("units", 1000), "MNO": ("units", 1_000_000), "GT": ("GT", 1)}

SECTIONS = ("0+1", "2+4", "3", "5", "6", "701", "703", "705", "8+9")
PARTS = {"0+1": ("0", "1"), "2+4": ("2", "4"), "8+9": ("8", "9")}
CHIP_MACHINERY = "70131"
#: The growth of an index of value is that of the value, whose key it takes.
VALUES = {"export_value": "exports", "import_value": "imports"}
#: Imports from "special areas", in million yen, which the list of regions leaves out.
SPECIAL_AREAS = {"exports": 0, "imports": 41}


class FigureError(ValueError):
    """An identity that the figures break, or a row that lacks what every row must have."""


def need(condition: bool, message: str) -> None:
    """Raise :class:`FigureError` with the message where the condition does not hold."""
    if not condition:
        raise FigureError(message)


# --- reading -------------------------------------------------------------------------------------


def load(name: str) -> list[Row]:
    """The rows of one file of figures."""
    with (FIGURES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def monthly(row: Row) -> Iterator[tuple[str, str]]:
    """Month and value of a row that has a column for each month."""
    return ((name, text) for name, text in row.items() if name[:4].isdigit())


def commodities(flow: str) -> dict[tuple[str, str], dict[str, str]]:
    """For a code, and for a code with ``quantity``: month to value, and ``unit``."""
    out = {}
    for row in load(f"commodities_{flow}s"):
        out[row["code"], row["measure"]] = dict(monthly(row)) | {"unit": row["unit"]}
    return out


# --- numbers -------------------------------------------------------------------------------------


def plain(number: Decimal) -> str:
    """A number without exponent and without zeros that say nothing."""
    return f"{number.normalize():f}" if number else "0"


def digit(text: str) -> Decimal:
    """The size of the last digit printed: 0.1 for ``32.1``."""
    exponent = Decimal(text).as_tuple().exponent
    return Decimal(1).scaleb(int(exponent))


def amount(text: str, unit: str) -> tuple[str, str, str]:
    """Value and resolution in plain units, and the currency or unit itself."""
    unit, scale = AMOUNTS.get(unit, (unit, 1))
    if scale == 1:
        return text, plain(digit(text)), unit
    return plain(Decimal(text) * scale), plain(digit(text) * scale), unit


def quantity(text: str, unit: str) -> tuple[str, str]:
    """A quantity in the unit of the vocabulary, both empty where there is none."""
    if not text:
        return "", ""
    unit, scale = QUANTITIES[unit]
    return plain(Decimal(text) * scale), unit


# --- rows ----------------------------------------------------------------------------------------


def flow_row(
    flow: str,
    product: str,
    period: str,
    value: tuple[str, str],
    source: str,
    status: str,
    vintage: str,
    *,
    partner: str = "WLD",
    volume: tuple[str, str] = ("", ""),
) -> Row:
    """A row of ``flows``; ``value`` and ``volume`` are texts with their units."""
    money, resolution, currency = amount(*value)
    amounts, unit = quantity(*volume)
    return {
        "reporter": "JPN",
        "partner": partner,
        "flow": flow,
        "classification": "JP-PC",
        "product": product,
        "freq": Period.parse(period).kind,
        "period": period,
        "value": money,
        "currency": currency,
        "resolution": resolution,
        "quantity": amounts,
        "unit": unit,
        "weight": "",
        "valuation": "fob" if flow == "export" else "cif",
        # Whether Japan reports by the general system is not verified, so it is not claimed.
        "system": "",
        "adjustment": "nsa",
        "status": status,
        "source": source,
        "vintage": vintage,
    }


def series_row(
    key: str,
    area: str,
    dimensions: dict[str, str],
    period: str,
    value: tuple[str, str],
    source: str,
    status: str,
    vintage: str,
) -> Row:
    """A row of ``series``; dimensions that are empty are left out."""
    number, resolution, unit = amount(*value)
    kept = {name: text for name, text in dimensions.items() if text}
    return {
        "key": key,
        "area": area,
        "dimensions": json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        "freq": Period.parse(period).kind,
        "period": period,
        "value": number,
        "unit": unit,
        "resolution": resolution,
        "status": status,
        "source": source,
        "vintage": vintage,
    }


def goods(partner: str = "WLD", product: str = products.TOTAL) -> dict[str, str]:
    """The dimensions of a series about trade."""
    return {"partner": partner, "product": product}


def term(code: str, flow: str) -> str:
    """The term for a code among exports or imports."""
    if code == products.TOTAL:
        return code
    found = products.by_code(code, flow)
    if found is None:
        raise FigureError(f"no {flow} code {code!r} in the vocabulary")
    return found.term


def code_of(word: str, flow: str) -> str:
    """The code for a term among exports or imports."""
    if word == products.TOTAL:
        return word
    found = products.commodity(word, flow)
    if found is None:
        raise FigureError(f"no {flow} code for the term {word!r}")
    return found.code


def snapshot_status(month: str) -> str:
    """Where a month of the time series stands in the office's calendar of revisions."""
    if month <= FINAL_TO:
        return "final"
    return "provisional" if month == NEWEST else "revised"


def release_status(period: str) -> tuple[str, str]:
    """Status and vintage of what the release of November 2024 says of a period."""
    if period == "2024-11":
        return "provisional", "provisional"
    return ("final" if period[:4] < "2024" else "revised"), "in the release of 2024-11"


# --- flows ---------------------------------------------------------------------------------------


def world_flows() -> Iterator[Row]:
    """Total exports and imports by month."""
    for row in load("world_totals"):
        month = row["month"]
        for flow in ("export", "import"):
            value = row[f"{flow}s"], "thousand JPY"
            status = snapshot_status(month)
            yield flow_row(flow, "TOTAL", month, value, TOTALS, status, "time series 2026-09")


def commodity_flows() -> Iterator[Row]:
    """Exports and imports by commodity and month. The totals stand in :func:`world_flows`."""
    for flow, source in COMMODITIES.items():
        table = commodities(flow)
        for (code, measure), months in table.items():
            if measure != "value" or code == products.TOTAL:
                continue
            term(code, flow)
            volumes = table.get((code, "quantity"), {})
            for month, text in monthly(months):
                yield flow_row(
                    flow,
                    code,
                    month,
                    (text, "thousand JPY"),
                    source,
                    snapshot_status(month),
                    "time series 2026-09",
                    volume=(volumes.get(month, ""), volumes.get("unit", "")),
                )


def chip_machinery_flows() -> Iterator[Row]:
    """Exports of chip machinery over the longer stretch that is kept of them."""
    for row in load("semiconductor_machinery"):
        yield flow_row(
            "export",
            CHIP_MACHINERY,
            row["month"],
            (row["value"], "thousand JPY"),
            COMMODITIES["export"],
            snapshot_status(row["month"]),
            "time series 2026-09",
            volume=(row["quantity"], "KG"),
        )


def press_flows() -> Iterator[Row]:
    """What the release of November 2024 says in yen: totals, areas, commodities."""
    for row in load("press_2024_11_totals"):
        status, vintage = release_status(row["month"])
        for flow in ("export", "import"):
            value = row[f"{flow}s"], "mn JPY"
            yield flow_row(flow, "TOTAL", row["month"], value, RELEASE, status, vintage)
    status, vintage = release_status("2024-11")
    for row in load("press_2024_11_areas"):
        for flow in ("export", "import"):
            value = row[f"{flow}s"], "mn JPY"
            yield flow_row(
                flow, "TOTAL", "2024-11", value, RELEASE, status, vintage, partner=row["area"]
            )
    for row in load("press_2024_11_commodities"):
        # A dash in the release is not a figure: nothing was shipped, and nothing is put down.
        if row["value"]:
            term(row["code"], row["flow"])
            yield flow_row(
                row["flow"],
                row["code"],
                "2024-11",
                (row["value"], "mn JPY"),
                RELEASE,
                status,
                vintage,
                partner=row["partner"],
                volume=(row["quantity"], row["unit"]),
            )


def release_flows() -> Iterator[Row]:
    """Exports and imports as other releases first gave them."""
    for row in load("releases"):
        flow = {"exports": "export", "imports": "import"}.get(row["item"])
        if flow:
            yield flow_row(
                flow,
                code_of(row["product"], flow),
                row["period"],
                (row["value"], row["unit"]),
                row["source"],
                row["status"],
                row["vintage"],
            )


# --- series --------------------------------------------------------------------------------------


def press_rates() -> Iterator[Row]:
    """Growth, shares and contributions that the release of November 2024 states."""
    status, vintage = release_status("2024-11")

    def stated(key: str, dimensions: dict[str, str], text: str, unit: str = "%") -> Iterator[Row]:
        if text:
            yield series_row(
                key, "JPN", dimensions, "2024-11", (text, unit), RELEASE, status, vintage
            )

    for row in load("press_2024_11_areas"):
        for item in ("exports", "imports", "balance"):
            yield from stated(f"{item}.yoy", goods(row["area"]), row[f"{item}_yoy"])
    for row in load("press_2024_11_commodities"):
        flow = row["flow"]
        dimensions = goods(row["partner"], term(row["code"], flow))
        yield from stated(f"{flow}s.yoy", dimensions, row["value_yoy"])
        yield from stated(f"{flow}_volume.yoy", dimensions, row["quantity_yoy"])
        yield from stated(f"{flow}s.share", dimensions, row["share"])
        yield from stated(f"{flow}s.contribution", dimensions, row["contribution"], "pt")


def index_series() -> Iterator[Row]:
    """Indexes of value, volume and unit value, and their growth."""
    for row in load("indexes"):
        status, vintage = release_status(row["period"])
        for name, text in row.items():
            if name == "period":
                continue
            measure, growth, _ = name.partition("_yoy")
            key = f"{VALUES.get(measure, measure)}.yoy" if growth else f"{measure}_index"
            value = text, "%" if growth else "2020=100"
            yield series_row(key, "JPN", goods(), row["period"], value, RELEASE, status, vintage)


def release_series() -> Iterator[Row]:
    """Balances and growth as releases first gave them."""
    for row in load("releases"):
        if row["item"] in ("exports", "imports"):
            continue
        adjusted = "" if row["adjustment"] == "nsa" else row["adjustment"]
        yield series_row(
            row["item"],
            "JPN",
            goods(product=row["product"]) | {"adjustment": adjusted},
            row["period"],
            (row["value"], row["unit"]),
            row["source"],
            row["status"],
            row["vintage"],
        )


def billing(row: Row, value: str, unit: str, association: str, area: str) -> Iterator[Row]:
    """An industry's sales of a period, with the growth stated beside them."""
    dimensions = goods(product=row["product"]) | {
        "association": association,
        "basis": row["basis"],
    }
    texts = (("sales", value, unit), ("sales.yoy", row["yoy"], "%"), ("sales.mom", row["mom"], "%"))
    vintage = "preliminary" if row["status"] == "provisional" else row["status"]
    for key, text, measure in texts:
        if text:
            yield series_row(
                key,
                area,
                dimensions,
                row["period"],
                (text, measure),
                row["source"],
                row["status"],
                vintage,
            )


def billing_series() -> Iterator[Row]:
    """Billings by SEAJ (by where made), by WSTS, and by SEMI (by where installed)."""
    for row in load("seaj_billings"):
        more = {
            "product": "semiconductor_equipment",
            "basis": "3-month moving average",
            "period": row["month"],
        }
        yield from billing(row | more, row["billings"], "bn JPY", "SEAJ", "JPN")
    for row in load("other_billings"):
        yield from billing(row, row["value"], row["unit"], row["association"], row["area"])
    for row in load("semi_billings"):
        for area, text in row.items():
            if area in ("period", "source") or not text:
                continue
            dimensions = goods(area, "semiconductor_equipment") | {
                "association": "SEMI",
                "basis": "where installed",
            }
            yield series_row(
                "sales",
                "WLD",
                dimensions,
                row["period"],
                (text, "bn USD"),
                row["source"],
                "stated",
                "stated",
            )


def supplier_series() -> Iterator[Row]:
    """Shares and sales of suppliers by country of headquarters, and ranks."""
    for row in [*load("supplier_shares"), *country_shares(load("supplier_shares"))]:
        dimensions = {name: row[name] for name in ("product", "segment", "basis", "supplier")}
        out = series_row(
            row["key"],
            row["area"],
            dimensions,
            row["period"],
            (row["value"], row["unit"]),
            row["source"],
            "stated",
            row.get("vintage", "stated"),
        )
        # "About three tenths" is printed to the unit, and meant to the ten.
        yield out | {"resolution": row["resolution"] or out["resolution"]}


def country_shares(rows: list[Row]) -> Iterator[Row]:
    """A country's share where a source gives those of its suppliers only: their sum."""
    names = ("source", "key", "period", "product", "segment", "basis", "area", "unit", "resolution")
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row["key"] == "market_share":
            groups[tuple(row[name] for name in names)].append(row)
    for values, members in groups.items():
        if all(row["supplier"] for row in members):
            total = sum(Decimal(row["value"]) for row in members)
            named = " and ".join(sorted(row["supplier"] for row in members))
            vintage = f"sum of {named}" if len(members) > 1 else f"{named} alone"
            yield dict(zip(names, values, strict=True)) | {
                "supplier": "",
                "value": f"{total:f}",
                "vintage": vintage,
            }


def rate_series() -> Iterator[Row]:
    """Yen per dollar by month."""
    for row in load("usd_jpy"):
        value = row["yen_per_dollar"], "JPY/USD"
        yield series_row(
            "exchange_rate",
            "JPN",
            {"currency": "USD"},
            row["month"],
            value,
            RATES,
            "final",
            "snapshot 2026-07",
        )


# --- identities ----------------------------------------------------------------------------------


def check_sections() -> None:
    """Nine sections make the total, and the parts of a section make the section, in every month."""
    for flow in COMMODITIES:
        table = commodities(flow)
        for whole, parts in {"TOTAL": SECTIONS, **PARTS}.items():
            for month, text in monthly(table[whole, "value"]):
                total = sum(int(table[part, "value"][month]) for part in parts)
                need(
                    total == int(text),
                    f"{flow}s {month}: {'+'.join(parts)} = {total}, {whole} = {text}",
                )


def check_totals() -> None:
    """The files by commodity and the file of totals are of one vintage: their totals agree."""
    world = {row["month"]: row for row in load("world_totals")}
    for flow in COMMODITIES:
        for month, text in monthly(commodities(flow)["TOTAL", "value"]):
            other = world[month][f"{flow}s"]
            need(text == other, f"{flow}s {month}: {text} by commodity, {other} in total")


def check_chip_machinery() -> None:
    """The longer series of chip machinery agrees with the file by commodity where they overlap."""
    table = commodities("export")
    overlap = 0
    for row in load("semiconductor_machinery"):
        for measure in ("value", "quantity"):
            text = table[CHIP_MACHINERY, measure].get(row["month"])
            if text is not None:
                overlap += 1
                need(
                    text == row[measure],
                    f"{CHIP_MACHINERY} {row['month']} {measure}: {row[measure]} and {text}",
                )
    need(overlap > 0, f"{CHIP_MACHINERY}: no month to compare")


def check_balances() -> None:
    """Exports less imports are the balance, exactly in yen and within rounding elsewhere."""
    for name in ("press_2024_11_areas", "press_2024_11_totals"):
        for row in load(name):
            balance = int(row["exports"]) - int(row["imports"])
            need(balance == int(row["balance"]), f"{name}: {row} should balance at {balance}")
    groups: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in load("releases"):
        if row["product"] == products.TOTAL:
            groups[row["source"], row["period"]][row["item"]] = row
    for where, items in groups.items():
        if {"exports", "imports", "balance"} <= set(items):
            sums_up(f"{where}: balance", items["balance"], [items["exports"]], [items["imports"]])


def sums_up(what: str, whole: Row, added: list[Row], taken: Iterable[Row] = ()) -> None:
    """A whole is the sum of its parts within half of the last digit of each."""
    gap, slack = Decimal(0), Decimal(0)
    for sign, rows in ((1, added), (-1, taken), (-1, [whole])):
        for row in rows:
            value, resolution, _ = amount(row["value"], row["unit"])
            gap += sign * Decimal(value)
            slack += Decimal(resolution) / 2
    need(abs(gap) <= slack, f"{what} is off by {gap}, more than rounding explains ({slack})")


def check_regions() -> None:
    """The regions make the world, but for what the release says it leaves out."""
    rows = load("press_2024_11_areas")
    world = next(row for row in rows if row["kind"] == "world")
    for item, missing in SPECIAL_AREAS.items():
        total = sum(int(row[item]) for row in rows if row["kind"] == "region")
        need(
            int(world[item]) - total == missing,
            f"regions: {item} {total} of {world[item]}, expected to lack {missing}",
        )


def check_installed() -> None:
    """SEMI's regions make its total within rounding."""
    for row in load("semi_billings"):
        parts = [
            {"value": text, "unit": "bn USD"}
            for area, text in row.items()
            if area not in ("period", "source", "WLD") and text
        ]
        if parts:
            whole = {"value": row["WLD"], "unit": "bn USD"}
            sums_up(f"SEMI {row['period']}", whole, parts)


CHECKS: tuple[Callable[[], None], ...] = (
    check_sections,
    check_totals,
    check_chip_machinery,
    check_balances,
    check_regions,
    check_installed,
)


# --- tables --------------------------------------------------------------------------------------


def documented(rows: Iterable[Row], documents: dict[str, Row]) -> Iterator[Row]:
    """Rows with the day and the licence of the document that they come from."""
    for row in rows:
        need(row["source"] in documents, f"no document for the source {row['source']!r}")
        document = documents[row["source"]]
        need(bool(document["published"]), f"{row['source']}: day of publication missing")
        need(bool(document["licence"]), f"{row['source']}: licence missing")
        # The day of the fetch was not kept; the figure is as it stood on the day of publication.
        day = {"published": document["published"], "retrieved": document["published"]}
        yield row | day | {"licence": document["licence"]}


def distinct(rows: Iterable[Row], key: list[str]) -> list[Row]:
    """Rows sorted by key and day, each once; two that differ under one key and day are an error."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        name = (*(row[column] for column in key), row["published"])
        other = found.setdefault(name, row)
        need(other == row, f"two figures for {name}: {other} and {row}")
    return [found[name] for name in sorted(found)]


def build() -> Tables:
    """All three tables, once every identity holds."""
    for check in CHECKS:
        check()
    documents = {row["source"]: row for row in load("documents")}
    flows = [
        *world_flows(),
        *commodity_flows(),
        *chip_machinery_flows(),
        *press_flows(),
        *release_flows(),
    ]
    series = [
        *press_rates(),
        *index_series(),
        *release_series(),
        *billing_series(),
        *supplier_series(),
        *rate_series(),
    ]
    tables = {
        "flows": distinct(documented(flows, documents), FLOW_KEY),
        "series": distinct(documented(series, documents), SERIES_KEY),
        "documents": [documents[source] for source in sorted(documents)],
    }
    used = {row["source"] for name in ("flows", "series") for row in tables[name]}
    need(used == set(documents), f"documents without figures: {sorted(set(documents) - used)}")
    return tables


def rendered(rows: list[Row], columns: list[str]) -> str:
    """A table as CSV, its lines ended alike everywhere."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def files() -> dict[Path, bytes]:
    """What the package should hold: path to content."""
    tables = build()
    columns = {"flows": FLOWS, "series": SERIES, "documents": DOCUMENTS}
    return {
        DATA / f"{name}.csv": rendered(tables[name], columns[name]).encode() for name in columns
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the tables, or with ``--check`` compare; 1 where they differ or an identity fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(arguments).check
    try:
        wanted = files()
    except FigureError as error:
        print(f"embed_figures: {error}", file=sys.stderr)
        return 1
    stale = [
        path
        for path, content in wanted.items()
        if not path.exists() or path.read_bytes() != content
    ]
    for path in stale:
        print(f"{'differs' if check else 'written'}: {path.relative_to(ROOT)}")
        if not check:
            path.write_bytes(wanted[path])
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
