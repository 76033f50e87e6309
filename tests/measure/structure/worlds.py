"""Small worlds of trade, of which the right answers are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from boeki import Query, open_lake, pull
from boeki.lake import Lake
from tests.handmade import Row, document, flow, lake_of

#: BACI's numbers of countries.
NUMBERS = {"JPN": 392, "KOR": 410, "DEU": 276, "USA": 842, "CHN": 156}

#: Exporter, importer, HS code, and thousands of dollars in 2019 and 2020.
TRADE = (
    ("JPN", "USA", "848620", 60, 90),
    ("JPN", "CHN", "848620", 40, 80),
    ("JPN", "USA", "870323", 200, 180),
    ("JPN", "KOR", "720839", 30, 30),
    ("KOR", "USA", "848620", 10, 20),
    ("KOR", "CHN", "854232", 150, 120),
    ("KOR", "JPN", "720839", 20, 25),
    ("DEU", "USA", "870323", 220, 260),
    ("DEU", "CHN", "848620", 20, 30),
    ("DEU", "JPN", "870323", 50, 60),
    ("USA", "JPN", "100590", 40, 50),
    ("USA", "KOR", "848620", 70, 60),
    ("CHN", "JPN", "854232", 30, 40),
    ("CHN", "USA", "720839", 50, 20),
    ("CHN", "DEU", "854232", 25, 35),
)


def baci_lake(folder: Path) -> Lake:
    """A lake into which the small world was pulled from files in BACI's layout."""
    lake = open_lake(folder / "lake", make=True)
    for place, year in enumerate((2019, 2020)):
        path = folder / f"BACI_HS17_Y{year}_V202201.csv"
        lines = [
            f"{year},{NUMBERS[i]},{NUMBERS[j]},{k},{values[place]}.000,1.000"
            for i, j, k, *values in TRADE
        ]
        path.write_text("\n".join(["t,i,j,k,v,q", *lines]) + "\n", "utf-8")
        assert not pull(lake, "baci", Query(options={"path": str(path)})).failed
    return open_lake(folder / "lake")


def frame(rows: Iterable[tuple[Any, ...]], columns: str) -> pd.DataFrame:
    """A data frame of rows."""
    return pd.DataFrame(list(rows), columns=columns.split())


def matrix_frame(values: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """A frame of exports, country to product to value."""
    rows = [(c, p, v) for c, products in values.items() for p, v in products.items()]
    return frame(rows, "country product value")


def yearly(reporter: str, partner: str, product: str, value: Any, **other: Any) -> Row:
    """A row of an office's yearly exports in 2020."""
    told = {"classification": "HS2017", "currency": "USD", "freq": "A", "source": "office/a"}
    return flow(
        "2020", value, reporter=reporter, partner=partner, product=product, **(told | other)
    )


def lake_with(rows: Iterable[Row]) -> Lake:
    """A lake with these rows of two offices."""
    return lake_of(rows, documents=[document("office/a"), document("another/a")])
