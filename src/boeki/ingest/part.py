"""One part of a reply on its way into the lake: staged, checked, appended or kept apart."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from boeki.ingest.late import deliver
from boeki.ingest.stage import staged
from boeki.lake import Lake
from boeki.lake.delta import DeltaTables, as_table
from boeki.sources.base import About, Fault, Part, Raw, Source


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a part.

    Attributes
    ----------
    source
        The document that its rows name.
    read, added, refused
        Rows and lines in it, those that were new, and those that were not let in.
    reasons
        Reason to how many rows were refused for it, most first.
    """

    source: str
    read: int
    added: int
    refused: int
    reasons: dict[str, int]


def take(lake: Lake, source: Source, raw: Raw, part: Part, *, back: bool = False) -> Taken:
    """Check the rows of a part, append what is new, and put the rest into quarantine.

    Parameters
    ----------
    lake
        A lake with a place.
    source, raw, part
        The source, the bytes, and what it read in them.
    back
        The lake has read these bytes before, and others of the same name since.

    Raises
    ------
    LakeError
        Where the lake cannot be written to. Nothing of the part is appended then.
    """
    assert lake.delta is not None, "rows are only taken into a lake with a place"  # narrows
    name = _document(lake, source.about, raw, part, back=back)
    with staged(lake, source.about, raw, part, name) as stage:
        stage.check(part.identities)
        added = deliver(lake, source, stage, name)
        faults = list(part.faults)
        refused = stage.refused()
        _quarantine(lake.delta, _lines(raw, part, name, faults, refused), raw, name)
        reasons = Counter([f.reason for f in faults] + [r["reason"] for r in refused])
        return Taken(
            name,
            stage.rows + len(faults),
            added,
            len(refused) + len(faults),
            dict(reasons.most_common()),
        )


def _document(lake: Lake, about: About, raw: Raw, part: Part, *, back: bool) -> str:
    """The name of the part's document in the lake, which has it afterwards.

    A document of the same name that was read from other bytes is another document. So is one whose
    bytes are those of the first state again, after others.
    """
    document = part.document
    plain = f"{about.office}/{document.name}"
    other = f"{plain}+{raw.sha256[:8]}"

    def name(had: Mapping[str, Mapping[str, Any]]) -> str:
        for free in (plain, other):
            # Figures that the package ships name no bytes: what is read here is another state.
            if free not in had or (had[free]["sha256"] == raw.sha256 and not back):
                return free
            if had[free]["sha256"] == raw.sha256:
                break
        return f"{other}-{raw.retrieved:%H%M%S}"

    return lake.add_document(
        {
            "title": document.title,
            "publisher": about.publisher,
            "standing": about.standing,
            "url": document.url or raw.request.shown,
            "licence": document.licence or about.licence,
            "published": document.published,
            "note": document.note,
            "vintage": document.vintage,
            "sha256": raw.sha256,
            "retrieved": raw.retrieved.date(),
        },
        name,
    )


def _lines(
    raw: Raw, part: Part, name: str, faults: list[Fault], refused: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What was not let in, as rows of the table ``quarantine``."""
    shared = {
        "source": name,
        "table_name": part.table,
        "sha256": raw.sha256,
        "retrieved": raw.retrieved.astimezone(dt.UTC),
    }
    lines = [
        {**shared, "reason": f.reason, "place": f.where, "content": json.dumps(f.said)}
        for f in faults
    ]
    return lines + [{**shared, **row, "place": ""} for row in refused]


def _quarantine(delta: DeltaTables, lines: list[dict[str, Any]], raw: Raw, name: str) -> None:
    """Append lines to the quarantine, but for those that an earlier reading put there."""
    told = itemgetter("table_name", "reason", "place", "content")
    had = Counter(map(told, delta.read("quarantine", sha256=raw.sha256, source=name).to_pylist()))
    new = []
    for line in lines:
        if had[told(line)]:
            had[told(line)] -= 1
        else:
            new.append(line)
    delta.append("quarantine", as_table("quarantine", new))
