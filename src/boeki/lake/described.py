"""What a figure is, in words and as columns of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What a table says of a figure; cells that its kind does not have are empty.
COLUMNS = (
    "office", "reporter", "flow", "partner", "classification", "product", "key", "dimensions",
    "freq", "valuation", "system", "adjustment",
)  # fmt: skip


def described(table: str, figure: Mapping[str, Any]) -> str:
    """What a figure is, in a few words: ``japan-customs: JPN export TOTAL WLD fob``."""
    if table == "series":
        words = [figure["key"], figure["area"], *figure["dimensions"].values()]
    else:
        words = [figure[c] for c in ("reporter", "flow", "product", "partner", "valuation")]
        words += ["seasonally adjusted"] * (figure["adjustment"] == "sa")
    return f"{figure['office']}: {' '.join(words)}"
