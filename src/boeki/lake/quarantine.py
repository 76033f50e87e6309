"""What was not let into a lake, and why."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import Any

from boeki.lake.disk import on_disk
from boeki.lake.store import Lake


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row, or a line of a reply, that was not let in.

    Attributes
    ----------
    source
        The document that it stands in.
    table
        ``flows`` or ``series``.
    reason
        Why.
    place
        Where it stands in the document; empty where it was read as a row.
    content
        What it says: the row, or the line as it stands.
    sha256, retrieved
        The reply, and when it came.
    """

    source: str
    table: str
    reason: str
    place: str
    content: Any
    sha256: str
    retrieved: dt.datetime

    def to_dict(self) -> dict[str, Any]:
        """Plain values, times as ISO 8601 writes them."""
        return {**asdict(self), "retrieved": self.retrieved.isoformat()}


def quarantine(
    lake: Lake, *, office: str = "", source: str = "", reason: str = ""
) -> tuple[Quarantined, ...]:
    """What was not let in, the newest reply first.

    Parameters
    ----------
    lake
        A lake with a place.
    office, source
        Of whom, and of which document; empty for all.
    reason
        A part of the reason, whatever its capitals.

    Raises
    ------
    LakeError
        Where the lake has no place, or cannot be read.
    """
    rows = on_disk(lake).delta.read("quarantine").to_pylist()
    found = [
        Quarantined(
            r["source"], r["table_name"], r["reason"], r["place"] or "",
            json.loads(r["content"]), r["sha256"], r["retrieved"],
        )
        for r in rows
        if r["source"].partition("/")[0] == (office or r["source"].partition("/")[0])
        and r["source"] == (source or r["source"])
        and reason.casefold() in r["reason"].casefold()
    ]  # fmt: skip
    return tuple(
        sorted(found, key=lambda q: (-q.retrieved.timestamp(), q.source, q.reason, q.place))
    )
