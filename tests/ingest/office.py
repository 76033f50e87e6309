"""A statistical office of our own, whose files say whatever a test needs them to say."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa

from boeki.errors import NotAsExpected
from boeki.lake import Lake, open_lake
from boeki.sources.base import (
    FLOW_ROWS,
    About,
    Document,
    Fault,
    Identity,
    Parsed,
    Part,
    Query,
    Raw,
    Request,
)

HEADER = ["partner", "product", "period", "value", "status"]
ABOUT = About(
    name="office",
    title="Trade of Japan",
    publisher="The Office",
    home="https://example.org",
    office="office",
    what="exports of Japan",
    licence="free",
    citation="The Office",
    pause=0.0,
)
WHOLE = Identity(
    "the partners add up to the world",
    ("product", "period"),
    "sum(value) FILTER (partner <> 'WLD') = sum(value) FILTER (partner = 'WLD')",
)


class Office:
    """Reads CSV files with the columns of :data:`HEADER` from a folder."""

    about = ABOUT

    def __init__(
        self,
        folder: Path,
        *,
        identities: tuple[Identity, ...] = (),
        published: dt.date | None = None,
    ) -> None:
        self.folder, self.identities, self.published = folder, identities, published

    def requests(self, query: Query) -> Iterable[Request]:
        """One file a name."""
        told = {"published": self.published.isoformat()} if self.published else {}
        return [
            Request(name, str(self.folder / f"{name}.csv"), context=told) for name in query.names
        ]

    def parse(self, raw: Raw) -> Parsed:
        """Rows in a document named after the file and the day."""
        lines = csv.reader(io.StringIO(raw.path.read_text("utf-8")))
        if next(lines, None) != HEADER:
            raise NotAsExpected(f"{raw.request.name}: another header than {HEADER}")
        rows, faults = [], []
        for number, line in enumerate(lines, 2):
            try:
                rows.append(_row(dict(zip(HEADER, line, strict=True))))
            except (InvalidOperation, ValueError):
                faults.append(Fault(f"line {number}", ",".join(line), "not a number"))
        told = raw.request.context.get("published")
        day = dt.date.fromisoformat(told) if told else raw.day
        document = Document(f"{raw.request.name}@{day}", "A file", day)
        table = pa.Table.from_pylist(rows, schema=FLOW_ROWS)
        part = Part(document, "flows", table, identities=self.identities, faults=faults)
        return Parsed(parts=[part])


def _row(cells: dict[str, str]) -> dict[str, object]:
    return {
        "reporter": "JPN",
        "flow": "export",
        "classification": "JP-PC",
        "freq": "M",
        "currency": "JPY",
        "resolution": Decimal(1),
        "valuation": "fob",
        "adjustment": "nsa",
        **cells,
        "value": Decimal(cells["value"]),
    }


def write(folder: Path, name: str, lines: Iterable[str]) -> None:
    """A file of the office."""
    text = "\n".join([",".join(HEADER), *lines]) + "\n"
    (folder / f"{name}.csv").write_text(text, "utf-8")


def new_lake(folder: Path) -> Lake:
    """An empty lake on disk, with the embedded figures beside it."""
    return open_lake(folder, make=True)


def pulled(lake: Lake) -> list[dict[str, object]]:
    """The office's rows in a lake, whatever their vintage, in order."""
    table = lake.query(
        "SELECT partner, product, period, value, status, source, published, revision "
        "FROM {flows} WHERE office = 'office' ORDER BY ALL"
    )
    return list(table.to_pylist())
