"""Replies as they are kept, for the tests of sources of flows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa

from boeki.sources.base import FLOW_ROWS, Part, Raw, Request

SPECIMENS = Path(__file__).parents[1] / "specimens"
CAME = dt.datetime(2026, 9, 30, 12, tzinfo=dt.UTC)


def kept(request: Request, path: Path | None = None) -> Raw:
    """A reply of the bytes of a file; where none is given, of the one that the request names."""
    return Raw(request, path or Path(request.address), "0" * 64, CAME)


def rows(part: Part) -> list[dict[str, Any]]:
    """The rows of a part, which have the columns that all flows have."""
    assert part.rows.schema.equals(FLOW_ROWS)
    table = part.rows.read_all() if isinstance(part.rows, pa.RecordBatchReader) else part.rows
    return table.to_pylist()


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
