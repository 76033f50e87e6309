"""Raw replies for the tests of the Japanese sources."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pyarrow as pa

from boeki.sources.base import Part, Raw, Request

SPECIMENS = Path(__file__).parents[1] / "specimens"
#: When the copies of the real files at hand were taken.
CAME = dt.datetime(2026, 9, 30, 12, tzinfo=dt.UTC)


def raw(path: Path, name: str, came: dt.datetime = CAME, **asked: object) -> Raw:
    """A reply of these bytes."""
    return Raw(Request(name, "https://example.org/", **asked), path, "0" * 64, came)


def table(part: Part) -> pa.Table:
    """The rows of a part, however they come."""
    return part.rows.read_all() if isinstance(part.rows, pa.RecordBatchReader) else part.rows


def broken(part: Part) -> dict[str, list[tuple[object, ...]]]:
    """Identity to the groups that break it."""
    rows = table(part)  # noqa: F841  DuckDB reads it by its name
    out = {}
    for identity in part.identities:
        group = ", ".join(identity.group)
        query = f"SELECT {group} FROM rows GROUP BY {group} HAVING NOT ({identity.holds})"
        if found := duckdb.sql(query).fetchall():
            out[identity.name] = found
    return out


def held(part: Part, name: str) -> int:
    """In how many groups an identity could be checked and holds."""
    rows = table(part)  # noqa: F841  DuckDB reads it by its name
    identity = next(i for i in part.identities if i.name == name)
    group = ", ".join(identity.group)
    query = f"SELECT {group} FROM rows GROUP BY {group} HAVING ({identity.holds})"
    return len(duckdb.sql(query).fetchall())
