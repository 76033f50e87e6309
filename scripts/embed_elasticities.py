"""Make the table of published elasticities that the package embeds.

The figures come from the transcriptions in ``../shared/data``; ``scripts/elasticities`` holds what
people entered: the citation of each set, which divisions of ISIC Rev. 3 each of its sectors covers,
and the standard errors of Caliendo and Parro's own file of results. Run without arguments to
write, with ``--check`` to see whether what stands in the package is what would be written.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data" / "mrio" / "elasticities"
ENTERED = ROOT / "scripts" / "elasticities"
OUT = ROOT / "src" / "boeki" / "data" / "elasticities.csv"
COLUMNS = [
    "set", "sector", "isic3", "trade_elasticity", "standard_error", "scale_elasticity", "parameter",
    "source", "published", "licence", "note",
]  # fmt: skip
LICENCE = "single figures cited with their source"
CRC = "costinot_rodriguez_clare_2014"
#: WIOD's own names of its 35 sectors, shortened.
WIOD = (
    "Agriculture; Mining; Food; Textiles; Leather; Wood; Paper and printing; Petroleum; "
    "Chemicals; Rubber and plastics; Other non-metallic minerals; Metals; Machinery n.e.c.; "
    "Electrical and optical equipment; Transport equipment; Manufacturing n.e.c. and recycling; "
    "Electricity, gas and water; Construction; Sale and repair of motor vehicles; Wholesale; "
    "Retail; Hotels and restaurants; Inland transport; Water transport; Air transport; "
    "Auxiliary transport; Post and telecommunications; Finance; Real estate; Renting and "
    "business services; Public administration; Education; Health; Other services; Private "
    "households"
)

Row = dict[str, str]


def main() -> int:
    """Write the table, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    checking = parser.parse_args().check
    if not SHARED.is_dir():
        print("the published elasticities (../shared) are not here; nothing was made or compared")
        return 0 if checking else 1
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    content = out.getvalue().encode()
    if not checking:
        OUT.write_bytes(content)
        return 0
    if OUT.is_file() and OUT.read_bytes() == content:
        return 0
    print(f"{OUT.relative_to(ROOT)} is not what scripts/embed_elasticities.py makes; run it")
    return 1


def read(path: Path) -> list[Row]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows() -> Iterator[Row]:
    """Rows of the table, set by set."""
    sets = {r["set"]: r for r in read(ENTERED / "sets.csv")}
    covers = {(r["set"], r["n"]): r["isic3"] for r in read(ENTERED / "sectors.csv")}
    errors = read(ENTERED / "caliendo_parro_standard_errors.csv")
    for figure in published():
        about = sets[figure["set"]]
        yield {
            "set": figure["set"], "sector": figure["sector"],
            "isic3": covers[figure["set"], figure["n"]],
            "trade_elasticity": figure["trade_elasticity"],
            "standard_error": standard_error(figure, errors),
            "scale_elasticity": figure["scale_elasticity_mu"],
            "parameter": about["parameter"], "source": f"{about['citation']}: {about['table']}",
            "published": about["published"], "licence": LICENCE, "note": about["note"],
        }  # fmt: skip


def published() -> Iterator[Row]:
    """The figures as transcribed."""
    yield from read(SHARED / "trade_elasticities_published.csv")
    text = (SHARED / "crc2014_TradMod_SECTORAL_TRADE_ELASTICITY.csv").read_text(encoding="utf-8")
    for line in filter(str.strip, text.splitlines()):
        n, value = line.split()
        yield {
            "set": CRC, "n": n, "sector": WIOD.split("; ")[int(n) - 1], "trade_elasticity": value,
            "scale_elasticity_mu": "",
        }  # fmt: skip


def standard_error(figure: Row, errors: list[Row]) -> str:
    """Of Caliendo and Parro's sectors: that of the row whose estimate is the figure."""
    which = {"caliendo_parro_2015": "99", CRC: "full"}.get(figure["set"])
    if which is None:
        return ""
    value = float(figure["trade_elasticity"])
    same = [r for r in errors if round(float(r[f"theta_{which}"]), 2) == value]
    if len(same) > 1:
        raise SystemExit(f"{figure['set']}: {value} is the estimate of {len(same)} sectors")
    if not same and figure["set"] != CRC:
        raise SystemExit(f"{figure['set']}: {value} is in no row of the authors' results")
    return f"{float(same[0][f'se_{which}']):.2f}" if same else ""


if __name__ == "__main__":
    raise SystemExit(main())
