"""Make the table of research over sales that the package embeds.

``scripts/research`` holds what people entered: a published table of manufacturing by ISIC Rev. 3,
and firms' own accounts for products that no industry stands for. Run without arguments to write,
with ``--check`` to see whether what stands in the package is what would be written.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENTERED = ROOT / "scripts" / "research"
OUT = ROOT / "src" / "boeki" / "data" / "research_intensity.csv"
COLUMNS = [
    "sector", "isic3", "product", "area", "intensity", "research", "sales", "unit", "period",
    "source", "published", "licence", "note",
]  # fmt: skip
TABLE = (
    "National Science Board, Science and Engineering Indicators 2008, table 6-6: classification of "
    "manufacturing industries based on average R&D intensity, 1991–97 (OECD, ANBERD and STAN)"
)
LICENCE = "single figures cited with their source"

Row = dict[str, str]


def main() -> int:
    """Write the table, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    checking = parser.parse_args().check
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*sectors(), *firms()])
    content = out.getvalue().encode()
    if not checking:
        OUT.write_bytes(content)
        return 0
    if OUT.is_file() and OUT.read_bytes() == content:
        return 0
    print(f"{OUT.relative_to(ROOT)} is not what scripts/embed_research.py makes; run it")
    return 1


def read(name: str) -> list[Row]:
    """The rows of a table."""
    with (ENTERED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sectors() -> Iterator[Row]:
    """Research over production, of all countries together and of the United States."""
    for row in read("sectors.csv"):
        for area, column in (("OECD", "oecd"), ("USA", "usa")):
            if row[column]:
                yield {
                    "sector": row["sector"], "isic3": row["isic3"], "product": "", "area": area,
                    "intensity": f"{float(row[column]) / 100:.4g}", "research": "", "sales": "",
                    "unit": "", "period": "1991–1997", "source": TABLE, "published": "2008",
                    "licence": LICENCE, "note": "research over production, average of the years",
                }  # fmt: skip


def firms() -> Iterator[Row]:
    """Research over sales of firms that make one product."""
    for row in read("firms.csv"):
        yield {
            "sector": row["firm"], "isic3": "", "product": row["product"], "area": row["country"],
            "intensity": f"{float(row['research']) / float(row['sales']):.4f}",
            "research": row["research"], "sales": row["sales"], "unit": row["unit"],
            "period": row["period"], "source": row["source"], "published": row["published"],
            "licence": LICENCE, "note": "one firm stands for its country",
        }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
