"""Make the tables of codes that the vocabulary embeds.

``scripts/codes/*.csv`` holds what people entered from official lists; the rest comes from the
offices' own files in ``../shared/data``. Run without arguments to write, with ``--check`` to see
whether what stands in the package is what would be written.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import product_tables

from boeki.terms import areas

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
ENTERED = ROOT / "scripts" / "codes"
TERMS = ROOT / "src" / "boeki" / "terms"

COLUMNS = ["system", "code", "area", "name", "source", "note"]
SYSTEMS = ["iso2", "iso3", "m49", "comtrade", "baci", "japan-customs", "us-census", "eurostat"]
#: Names in the list of Japan Customs that are not spelled as the vocabulary spells them.
JAPAN_NAMES = {
    "Brunei": "BRN",
    "Kyrgyz": "KGZ",
    "Monstserrat (UK)": "MSR",
    "St.Christopher and Nevis": "KNA",
    "St.Vincent": "VCT",
    "British Anguilla": "AIA",
    "West Sahara": "ESH",
    "Rep. of Cote d'Ivoire": "CIV",
    "Central Africa": "CAF",
    "Republic of Congo": "COG",
    "Democratic Republic of Congo": "COD",
    "Sao Tome and Principe": "STP",
    "St. Helena Island and Dependencies (UK)": "SHN",
    "British indian Ocean Territories": "IOT",
    "Republic of South Sudan": "SSD",
    "Cook": "COK",
    "Tokelau Islands (NZ)": "TKL",
    "Marshall": "MHL",
    "US Virgin Islands": "VIR",
    "Turks, and Caicos Islands (UK)": "TCA",
    "Cayman islands (UK)": "CYM",
    "St.Barthelemy (France)": "BLM",
    "St.Pierre and Miquelon (France)": "SPM",
    "St.Lucia": "LCA",
    "Reunion (France)": "REU",
}

Row = dict[str, str]


def main() -> int:
    """Write the tables, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    checking = parser.parse_args().check
    if not SHARED.is_dir():
        print("the offices' files (../shared/data) are not here; nothing was made or compared")
        return 0 if checking else 1
    stale = [path for path, content in made() if not settle(path, content, checking)]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not what scripts/embed_codes.py makes; run it")
    return 1 if stale else 0


def made() -> Iterator[tuple[Path, bytes]]:
    """Every file, and what should stand in it."""
    yield TERMS / "area_codes.csv", area_codes()
    for name, columns, rows in product_tables.tables():
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([columns, *rows])
        yield TERMS / "tables" / f"{name}.csv.gz", out.getvalue().encode()


def settle(path: Path, content: bytes, checking: bool) -> bool:
    """Whether a file is as it should be, after writing it where that is wanted."""
    packed = path.suffix == ".gz"
    if checking:
        return (
            path.is_file()
            and (gzip.decompress(path.read_bytes()) if packed else path.read_bytes()) == content
        )
    path.parent.mkdir(exist_ok=True)
    # Without a time in it, so that the same table is the same file.
    path.write_bytes(gzip.compress(content, 9, mtime=0) if packed else content)
    return True


def read(path: Path, encoding: str = "utf-8") -> list[Row]:
    """The rows of a table."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def table(columns: list[str], rows: list[Row]) -> bytes:
    """Rows as the bytes of a table."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def area_codes() -> bytes:
    """``area_codes.csv``: what was entered goes before what is derived."""
    entered = read(ENTERED / "areas.csv")
    rows = {(r["system"], r["code"]): r for r in (*derived(), *entered)}
    known = {a.code for a in areas.areas()} | {""}
    if wrong := [r for r in rows.values() if r["area"] not in known or r["system"] not in SYSTEMS]:
        raise SystemExit(f"no such area or system: {wrong[0]}")
    order = sorted(rows.values(), key=lambda r: (SYSTEMS.index(r["system"]), *_rank(r)))
    return table(COLUMNS, order)


def _rank(row: Row) -> tuple[bool, str]:
    """Among codes of one area, the one that an office uses today comes first."""
    return row["code"] in {"UK", "EL", "RS"}, row["code"].rjust(4)


def derived() -> Iterator[Row]:
    """Codes that follow from an office's own list."""
    m49: dict[str, str] = {}
    for r in read(SHARED / "country_codes" / "country-codes.csv"):
        iso2, iso3 = r["ISO3166-1-Alpha-2"], r["ISO3166-1-Alpha-3"]
        name = areas.name(iso3)
        m49[r["M49"]] = iso3
        yield row("iso2", iso2, iso3, name, "ISO 3166-1")
        yield row("iso3", iso3, iso3, name, "ISO 3166-1")
        yield row("m49", r["M49"].zfill(3), iso3, name, "UN M49")
        yield row("eurostat", iso2, iso3, name, "Eurostat Geonomenclature (as in ISO 3166-1)")
    for a in areas.areas():
        if a.kind == "historical" and len(a.code) == 3:
            yield row("iso3", a.code, a.code, a.name, "ISO 3166-3")
    yield from comtrade(m49)
    for r in read(SHARED / "japan_customs_codes" / "Countries.csv"):
        if found := japanese(r["Country"]):
            yield row("japan-customs", r["Code"], found, r["Country"], "Japan Customs")


def comtrade(m49: dict[str, str]) -> Iterator[Row]:
    """UN Comtrade's codes that are those of M49, and BACI's, which are Comtrade's."""
    entered = {r["code"]: r for r in read(ENTERED / "areas.csv") if r["system"] == "comtrade"}
    names: dict[str, str] = {}
    for part in ("partnerAreas_2021.json", "reporterAreas_2021.json"):
        told = json.loads((SHARED / "comtrade" / part).read_text(encoding="utf-8-sig"))
        names |= {r["id"]: r["text"] for r in told["results"] if r["id"] != "all"}
    listed = {
        r["country_code"]: r["country_name_full"]
        for r in read(SHARED / "baci_sample" / "country_codes_V202201.csv", "latin-1")
    }
    if missing := [f"{c} {n}" for c, n in (names | listed).items() if c not in (entered | m49)]:
        raise SystemExit(f"codes of UN Comtrade that stand for no area: {missing}")
    for code, name in names.items():
        if code not in entered:
            yield row("comtrade", code, m49[code], name, "UN Comtrade")
    for code in sorted({*m49, *entered} - {"0", "97"}):
        if code in m49 and code not in names and code not in listed:
            continue
        area = entered[code]["area"] if code in entered else m49[code]
        note = entered[code]["note"] if code in entered else ""
        source = "CEPII BACI" if code in listed else "CEPII BACI (as in UN Comtrade)"
        name = listed.get(code) or names[code]
        yield row("baci", code, area, name, source, note)


def japanese(name: str) -> str:
    """The area that a name of Japan Customs stands for; empty where it was entered by hand."""
    plain = name.split(" (")[0].removeprefix("The ")
    try:
        return JAPAN_NAMES.get(name) or areas.find(plain).code
    except areas.UnknownTerm:
        return ""


def row(system: str, code: str, area: str, name: str, source: str, note: str = "") -> Row:
    """One code."""
    return dict(zip(COLUMNS, (system, code, area, name, source, note), strict=True))


if __name__ == "__main__":
    sys.exit(main())
