"""Product classifications and the tables between them, from the offices' own files.

The pairs between two classifications are those of the United Nations' correlation tables. Between
neighbouring vintages of the HS up to 2017 they carry the weights of the Growth Lab's
comtrade-downloader (Apache-2.0), whose pairs of positive weight are exactly the United Nations'.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import openpyxl

Pair = tuple[str, str]
Weighted = dict[Pair, str]

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
CONCORDANCE = SHARED / "concordance"
#: What was entered from published lists; ``SOURCES.md`` beside it says from which.
ENTERED = ROOT / "scripts" / "codes"
VINTAGES = ["1992", "1996", "2002", "2007", "2012", "2017"]
WEIGHTED = [*itertools.pairwise(VINTAGES), ("2017", "2012")]
#: UN Comtrade once subdivided 2710.00, which neither HS 1992 nor HS 1996 do.
PETROLEUM = "271000"
#: Codes of HS 2022 that were taken out of so many others (electronic waste, display modules) that
#: these still mean what they meant.
GATHERED = 50


def tables() -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Name, columns and rows of every table."""
    columns = ["from_code", "to_code", "weight", "main"]
    pairs = dict(all_pairs())
    for (start, end), rows in pairs.items():
        yield f"{start}-{end}", columns, [[*pair, w, m] for pair, (w, m) in sorted(rows.items())]
    for name, rows in classifications(pairs):
        yield name, ["code", "parent", "level", "name"], rows


def all_pairs() -> Iterator[tuple[Pair, dict[Pair, tuple[str, str]]]]:
    """Every table between two classifications: pair of codes to weight and main."""
    for year in VINTAGES:
        main = set(conversion(f"HS2022toHS{year}"))
        found = {p: ("", "1" if p in main else "") for p in correlation(f"HS2022toHS{year}")}
        yield ("HS2022", f"HS{year}"), found
    for start, end in WEIGHTED:
        found = {p: (w, "") for p, w in weights(start, end).items()}
        yield (f"HS{start}", f"HS{end}"), found
    for revision in "1234":
        found = dict.fromkeys(correlation(f"HS2022toSITC{revision}"), ("", ""))
        yield ("HS2022", f"SITC{revision}"), found
    for year in ("2017", "2022"):
        yield (f"HS{year}", "BEC4"), dict.fromkeys(bec(year), ("", ""))
    for year in VINTAGES[:4]:
        yield (f"HS{year}", "ISIC3"), dict.fromkeys(isic3(year), ("", ""))
    for start, end, file in (
        ("ISIC31", "ISIC3", "ISIC_Rev_31-ISIC_Rev_3_correspondence.txt"),
        ("ISIC4", "ISIC31", "ISIC4_ISIC31.txt"),
    ):
        lines = table(CONCORDANCE / file, "latin-1")[1:]
        yield (start, end), {(r[0], r[2]): ("", "") for r in lines if r[2] != "n/a"}


@cache
def correlation(name: str) -> frozenset[Pair]:
    """The pairs of one of the United Nations' correlation tables."""
    found = set()
    for row in sheet(name, 1):
        said = [c for c in row if c and c != "ex"]
        if len(said) >= 3 and said[0].isdigit():
            found.add((said[0], said[1]))
    return frozenset(found)


@cache
def conversion(name: str) -> frozenset[Pair]:
    """The pairs of a conversion table, which sends each code to one other."""
    return frozenset((row[0], row[1]) for row in sheet(name, 0) if row[0].isdigit())


def sheet(name: str, index: int) -> list[list[str]]:
    """The cells of a sheet as text."""
    path = CONCORDANCE / f"{name}ConversionAndCorrelationTables.xlsx"
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book.worksheets[index].iter_rows(values_only=True))
    return [["" if c is None else str(c).strip() for c in row] for row in rows]


@cache
def hs_codes(year: str) -> frozenset[str]:
    """Six-digit codes of a vintage."""
    if year == "2022":
        return frozenset(a for a, _ in conversion("HS2022toHS2017"))
    found = {b for _, b in correlation(f"HS2022toHS{year}")}
    if year == "2017":
        found |= {a for a, _ in correlation("HS2017toHS2012")}
    return frozenset(found)


@cache
def weights(start: str, end: str) -> Weighted:
    """Weights between two vintages; pairs of weight zero are none of the official table."""
    a, b = (f"H{VINTAGES.index(year)}" for year in (start, end))
    found: dict[Pair, float] = defaultdict(float)
    for r in table(CONCORDANCE / "weights" / f"conversion_weights_{a}_to_{b}.csv")[1:]:
        one, other, share = r[0].zfill(6), r[1].zfill(6), float(r[2])
        if other not in hs_codes(end) and other.startswith("2710"):
            other = PETROLEUM
        if share > 0 and one in hs_codes(start):
            found[one, other] += share
    for code in hs_codes(start) - {one for one, _ in found}:
        if newer(start, code) != newer(end, code):
            raise SystemExit(f"HS {start} {code} has no weights to HS {end}")
        found[code, code] = 1.0
    verify(start, end, found)
    single = {one for one, n in Counter(one for one, _ in found).items() if n == 1}
    return {pair: "1" if pair[0] in single else f"{w:.12g}" for pair, w in found.items()}


def newer(year: str, code: str) -> set[str]:
    """What a code of a vintage became in HS 2022."""
    return {a for a, b in correlation(f"HS2022toHS{year}") if b == code}


def verify(start: str, end: str, found: dict[Pair, float]) -> None:
    """Refuse weights that lose or make trade, or that go where no official pair goes."""
    sums: dict[str, float] = defaultdict(float)
    for (one, _), share in found.items():
        sums[one] += share
    if off := [c for c, total in sums.items() if abs(total - 1) > 1e-9]:
        raise SystemExit(f"weights of HS {start} {off[0]} add up to {sums[off[0]]}")
    if strange := {other for _, other in found} ^ hs_codes(end):
        raise SystemExit(f"codes of HS {end} that do not match: {sorted(strange)}")
    official = correlation("HS2017toHS2012")
    if (start, end) == ("2017", "2012") and set(found) != official:
        raise SystemExit("the pairs from HS 2017 to HS 2012 are not the official ones")


def bec(year: str) -> set[Pair]:
    """Pairs between the HS and the Broad Economic Categories."""
    lines = table(CONCORDANCE / f"HS{year} to BEC Conversion and Correlation Tables.csv")[1:]
    return {(r[0], r[1]) for r in lines if r[0]}


def isic3(year: str) -> set[Pair]:
    """Pairs between the HS and ISIC Rev. 3, as WITS has them.

    Its combined table ends with HS 2002. A code of HS 2007 goes where its sources go, but for those
    that were entered from the table for HS 2007.
    """
    told = {r[0]: r[2] for r in table(CONCORDANCE / "JobID-64_Concordance_HS_to_I3.CSV", "latin-1")}
    if year != "2007":
        return {(code, told[code]) for code in hs_codes(year) if code in told}
    entered = {(r[0], r[1]) for r in table(ENTERED / "isic3.csv")[1:]}
    done = {code for code, _ in entered}
    pairs = weights("2002", "2007")
    return entered | {(b, told[a]) for a, b in pairs if b not in done and a in told}


def classifications(pairs: dict[Pair, dict[Pair, tuple[str, str]]]) -> Iterator[tuple[str, list]]:
    """Codes of every classification, with parent, level and name."""
    modern = hs_names()
    for year in [*VINTAGES, "2022"]:
        yield f"HS{year}", tree(hs_codes(year), modern if year == "2022" else older(year, modern))
    for revision in "1234":
        leaves = {b for _, b in pairs["HS2022", f"SITC{revision}"]}
        listed = ENTERED / f"sitc{revision}.csv"
        named = dict(table(listed)[1:]) if listed.exists() else {}
        yield f"SITC{revision}", tree({*leaves, *named}, named, steps=(1, 2, 3, 4))
    names = {r[1]: r[2] for r in cells("BEC4_DESC.xlsx")}
    yield "BEC4", tree({c for c in names if c.isdigit()}, names, steps=(1, 2))
    third = dict(
        line.split(None, 1)
        for line in text("ISIC_Rev_3_english_structure.txt").splitlines()[1:]
        if line.strip()
    )
    third["9999"] = "Goods not elsewhere classified (WITS)"
    yield "ISIC3", sectioned(third)
    middle = {r[0] for r in table(CONCORDANCE / "ISIC_Rev_31-ISIC_Rev_3_correspondence.txt")[1:]}
    yield "ISIC31", tree(middle, {}, steps=(2, 3))
    fourth = table(CONCORDANCE / "ISIC_Rev_4_english_structure.txt", "latin-1")[1:]
    yield "ISIC4", sectioned({r[0]: r[1] for r in fourth if r})


def tree(
    leaves: Iterable[str], names: dict[str, str], steps: tuple[int, ...] = (2, 4)
) -> list[list[str]]:
    """Codes and what they begin with, each under the longest beginning of its own."""
    known = {c[:n] for c in leaves for n in (*steps, len(c)) if n <= len(c)}
    rows = []
    for code in sorted(known):
        above = [code[:n] for n in range(1, len(code)) if code[:n] in known]
        rows.append([code, above[-1] if above else "", str(len(above) + 1), names.get(code, "")])
    return rows


def sectioned(names: dict[str, str]) -> list[list[str]]:
    """Codes of an ISIC whose divisions stand under the letter before them."""
    rows, letter = [], ""
    for code, name in names.items():
        letter = code if code.isalpha() else letter
        parent = "" if code.isalpha() else code[:-1] if code[:-1] in names else ""
        if len(code) == 2 and code.isdigit():
            parent = letter
        level = 1 if code.isalpha() else len(code)
        rows.append([code, parent, str(level), name.strip()])
    return sorted(rows)


def hs_names() -> dict[str, str]:
    """Names of HS 2022, as UN Comtrade has them."""
    rows = table(SHARED / "harmonized_system" / "harmonized-system.csv")[1:]
    return {r[1]: r[2].strip() for r in rows}


def older(year: str, modern: dict[str, str]) -> dict[str, str]:
    """Names of an older vintage: of chapters, and of codes that still mean the same."""
    pairs = correlation(f"HS2022toHS{year}")
    left = Counter(a for a, _ in pairs)
    right = Counter(b for a, b in pairs if left[a] < GATHERED)
    same = {a for a, b in pairs if a == b and left[a] == right[b] == 1}
    return {c: n for c, n in modern.items() if len(c) == 2 or c in same}


def table(path: Path, encoding: str = "utf-8-sig") -> list[list[str]]:
    """The rows of a table of text, the header first."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def text(name: str) -> str:
    """A file of the concordances as text."""
    return (CONCORDANCE / name).read_text(encoding="latin-1")


def cells(name: str) -> list[list[str]]:
    """The cells of a workbook's first sheet, below its header."""
    book = openpyxl.load_workbook(CONCORDANCE / name, read_only=True)
    rows = book.worksheets[0].iter_rows(min_row=2, values_only=True)
    return [["" if c is None else str(c) for c in row] for row in rows]
