"""Deliveries of the toy office, one file each, and what a lake knows after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boeki.ingest import Pulled, pull
from boeki.lake import Lake
from boeki.sources.base import Query
from tests.ingest.office import Office, write

#: The days on which the toy office publishes.
DAYS = tuple(dt.date(2024, 1, 1) + dt.timedelta(days=n) for n in range(8))
NOW = dt.timedelta(0)


def line(product: str, value: int | str, status: str = "final", partner: str = "USA") -> str:
    """A line of a file: exports of January 2024."""
    return f"{partner},{product},2024-01,{value},{status}"


def bring(
    lake: Lake, folder: Path, name: str, day: dt.date, figures: Mapping[str, int], **how: Any
) -> Pulled:
    """Pull a file that gives these products these values, published on a day."""
    folder.mkdir(exist_ok=True)
    write(folder, name, [line(product, value) for product, value in figures.items()])
    return ask(lake, folder, name, day, **how)


def ask(lake: Lake, folder: Path, name: str, day: dt.date | None = None, **how: Any) -> Pulled:
    """Pull a file as it lies there, fetched anew."""
    given = {"fresh": NOW, **how}
    return pull(lake, Office(folder, published=day), Query(names=(name,)), **given)


def known(lake: Lake, days: tuple[dt.date, ...] = DAYS) -> dict[tuple[dt.date, str], int]:
    """The value of each product as the lake knew it on each day."""
    table = lake.flows(days)
    found = lake.execute(table.filter(table.office == "office")).to_pylist()
    out = {(r["as_of"], r["product"]): int(r["value"]) for r in found}
    assert len(out) == len(found), "a figure is known twice on one day"
    return out


def everything(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    """What a lake holds of the office, but for the moments at which it came."""
    assert lake.delta is not None
    rows = lake.query(
        "SELECT * EXCLUDE (retrieved) FROM {flows} WHERE office = 'office' ORDER BY ALL"
    )
    kept = {"flows": rows.to_pylist()}
    for name in ("documents", "quarantine"):
        lines = lake.delta.read(name).drop_columns(["retrieved"]).to_pylist()
        kept[name] = sorted(lines, key=lambda r: sorted(map(str, r.items())))
    return kept
