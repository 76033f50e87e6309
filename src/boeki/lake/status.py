"""What a lake has: tables, offices, sources, and what was not let in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from boeki.lake import tables
from boeki.lake.delta import SCHEMAS, DataFile
from boeki.lake.place import Place, plainly
from boeki.lake.store import Lake


@dataclass(frozen=True, slots=True)
class TableStatus:
    """A table on disk: rows, files and bytes of its newest version, and its number."""

    name: str
    rows: int
    files: int
    bytes: int
    version: int


@dataclass(frozen=True, slots=True)
class OfficeStatus:
    """What the lake has of an office.

    Attributes
    ----------
    office
        Its name.
    figures, rows
        How many figures, and how many rows with all their vintages.
    shipped
        How many of the figures come with the package and were not pulled.
    first, last
        First and last period.
    vintages
        Days of publication.
    pulled
        When a reply of it was last read to its end; None where none was.
    replies, raw_bytes
        Replies that its documents were read from, and their bytes.
    quarantine
        Reason to how many of its rows and lines were not let in for it, most first.
    """

    office: str
    figures: int
    rows: int
    shipped: int
    first: str
    last: str
    vintages: int
    pulled: dt.datetime | None
    replies: int
    raw_bytes: int
    quarantine: dict[str, int]


@dataclass(frozen=True, slots=True)
class Status:
    """What a lake has.

    Attributes
    ----------
    place, engine
        Where it is, None for a lake in memory, and what runs its questions.
    tables
        Those on disk.
    offices
        In the order of their names.
    shipped
        Figures that come with the package.
    replies, raw_bytes
        Raw replies that are kept, each once, and their bytes.
    unread
        Replies that came and were never read to their end.
    """

    place: str | None
    engine: str
    tables: tuple[TableStatus, ...]
    offices: tuple[OfficeStatus, ...]
    shipped: int
    replies: int
    raw_bytes: int
    unread: int

    def to_dict(self) -> dict[str, Any]:
        """Nested plain values, times as ISO 8601 writes them."""
        told = asdict(self)
        for office in told["offices"]:
            office["pulled"] = office["pulled"].isoformat() if office["pulled"] else None
        return told


def status(lake: Lake) -> Status:
    """What a lake has.

    Raises
    ------
    LakeError
        Where it cannot be read.
    """
    fetched = _read(lake, "fetches")
    finished = {(p["source_name"], p["request"], p["sha256"]) for p in _read(lake, "pulls")}
    asked = {(f["source_name"], f["request"], f["sha256"]) for f in fetched}
    sizes = {f["sha256"]: int(f["size"]) for f in fetched}
    kept = set(lake.raw.hashes()) if lake.raw else set()
    return Status(
        lake.place.shown if lake.place else None,
        lake.engine.name,
        _tables(lake),
        _offices(lake, sizes),
        sum(_shipped(lake, name, "false").get("", 0) for name in tables.STORED),
        len(kept),
        sum(sizes.get(sha256, 0) for sha256 in kept),
        len(asked - finished),
    )


def _read(lake: Lake, name: str) -> list[dict[str, Any]]:
    return list(lake.delta.read(name).to_pylist()) if lake.delta else []


def _tables(lake: Lake) -> tuple[TableStatus, ...]:
    if lake.delta is None:
        return ()
    found = {name: lake.delta.snapshot(name) for name in SCHEMAS}
    return tuple(
        TableStatus(name, s.rows, len(s.files), size_of(s.files, lake.delta.place), s.version)
        for name, s in found.items()
        if s.version >= 0
    )


def size_of(files: Iterable[DataFile], place: Place) -> int:
    """How many bytes files of a lake have."""
    with plainly(f"look at the files of the lake at {place.shown}"):
        if place.is_local:
            return sum(Path(f.address).stat().st_size for f in files)
        root = place.address.rstrip("/") + "/"
        names = [f.address.removeprefix(root) for f in files]
        return sum(info.size or 0 for info in place.files.get_file_info(names))


def _offices(lake: Lake, sizes: dict[str, int]) -> tuple[OfficeStatus, ...]:
    found: dict[str, dict[str, Any]] = {}
    for table in tables.STORED:
        for row in _held(lake, table):
            found.setdefault(row["office"], {})[table] = row
    documents: dict[str, set[str]] = {}
    for document in lake.documents.values():
        if document["sha256"]:
            office = document["source"].partition("/")[0]
            documents.setdefault(office, set()).add(document["sha256"])
    pulls = {p["sha256"]: p["finished"] for p in _read(lake, "pulls")}
    refused = _refused(lake)
    offices = sorted(set(found) | set(documents) | set(refused))
    return tuple(
        _office(name, found.get(name, {}), documents.get(name, set()), pulls, sizes, refused)
        for name in offices
    )


def _office(
    name: str,
    held: dict[str, Any],
    documents: set[str],
    pulls: dict[str, dt.datetime],
    sizes: dict[str, int],
    refused: dict[str, dict[str, int]],
) -> OfficeStatus:
    rows = list(held.values())
    first = min(rows, key=lambda r: r["opens"], default={"first": ""})
    last = max(rows, key=lambda r: r["ends"], default={"last": ""})
    return OfficeStatus(
        name,
        sum(r["figures"] for r in rows),
        sum(r["rows"] for r in rows),
        sum(r["shipped"] for r in rows),
        first["first"],
        last["last"],
        len({day for r in rows for day in r["days"]}),
        max((pulls[sha256] for sha256 in documents if sha256 in pulls), default=None),
        len(documents),
        sum(sizes.get(sha256, 0) for sha256 in documents),
        refused.get(name, {}),
    )


def _held(lake: Lake, table: str) -> list[dict[str, Any]]:
    """Rows and figures of a table by office.

    Of the figures on disk each has one row that was its first when it came, so that they need not
    be told apart to be counted. Those that the package ships are few.
    """
    pulled = f"source NOT IN (SELECT source FROM {table}_aboard)"
    found = lake.query(
        "SELECT office, count(*) AS rows, list(DISTINCT published) AS days, "
        f"count(*) FILTER (revision = 0 AND {pulled}) AS opened, "
        "arg_min(period, month * 1000 + months) AS first, "
        "arg_max(period, (month + months) * 1000 - months) AS last, "
        "min(month) AS opens, max(month + months) AS ends "
        f"FROM {{{table}}} GROUP BY office"
    ).to_pylist()
    # Few figures are aboard: those on disk are looked through, and not all of them kept in memory.
    opened = (
        f"figure IN (SELECT figure FROM {{{table}}} SEMI JOIN {table}_aboard USING (figure) "
        f"WHERE revision = 0 AND {pulled})"
    )
    shipped = _shipped(lake, table, opened)
    for row in found:
        row["shipped"] = shipped.get(row["office"], 0)
        row["figures"] = row["opened"] + row["shipped"]
    return list(found)


def _shipped(lake: Lake, table: str, without: str) -> dict[str, int]:
    """How many figures of each office are aboard, and of all under an empty name, less some."""
    found = lake.query(
        f"SELECT coalesce(office, '') AS office, count(DISTINCT figure) AS n FROM {table}_aboard "
        f"WHERE NOT ({without}) GROUP BY GROUPING SETS ((office), ())"
    )
    return {r["office"]: r["n"] for r in found.to_pylist()}


def _refused(lake: Lake) -> dict[str, dict[str, int]]:
    """By office: reason to how many rows and lines are in quarantine for it."""
    out: dict[str, dict[str, int]] = {}
    for row in _read(lake, "quarantine"):
        reasons = out.setdefault(row["source"].partition("/")[0], {})
        reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
    return {o: dict(sorted(r.items(), key=lambda i: (-i[1], i[0]))) for o, r in out.items()}
