"""One part of a reply on its way into the lake: staged, checked, appended or kept apart."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from boeki.errors import NotAsExpected
from boeki.ingest.late import Aside, dated, deliver, union
from boeki.ingest.stage import Stage, staged
from boeki.ingest.withdraw import States, Told
from boeki.lake import Lake
from boeki.lake.delta import DeltaTables, as_table
from boeki.lake.readings import document_of
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
    withdrawn
        Figures that an earlier state gave and this one, which is whole, does not.
    """

    source: str
    read: int
    added: int
    refused: int
    reasons: dict[str, int]
    withdrawn: int = 0


def take(
    lake: Lake,
    source: Source,
    raw: Raw,
    part: Part,
    aside: Aside,
    *,
    states: States | None = None,
    back: bool = False,
) -> Taken:
    """Check the rows of a part, append what is new, and put the rest into quarantine.

    Parameters
    ----------
    lake
        A lake with a place.
    source, raw, part
        The source, the bytes, and what it read in them.
    aside
        Where rows are put that come late: they are not in the lake yet.
    states
        Other replies to the same request, where it is to be seen what the office withdrew.
    back
        The lake has read these bytes before, and others of the same name since.

    Raises
    ------
    LakeError
        Where the lake cannot be written to. Nothing of the part is appended then.
    """
    assert lake.delta is not None, "rows are only taken into a lake with a place"  # narrows
    name = _document(lake, source.about, raw, part, back=back)
    with ExitStack() as stack:
        stage = stack.enter_context(staged(lake, source.about, raw, part, name))
        stage.check(part.identities)
        faults = list(part.faults)
        refused = stage.refused()
        _note(lake, part.table, name, stage)
        sound, withdrawn = [stage.sound()], 0
        if states and part.whole:
            told = Told(part, stage, len(faults) + len(refused), name, raw)
            gone = states.replaced(told) if part.replaces else states.gone(told)
            stack.callback(gone.clear)
            sound, withdrawn = [*sound, gone.rows], gone.count(name)
        rows = dated(union(sound), raw)
        added = deliver(lake, source, part.table, name, rows)
        _quarantine(lake.delta, _lines(raw, part, name, faults, refused), raw, name)
        if added is None:
            aside.put(part.table, name, rows)
            aside.keep.push(stack.pop_all())
        reasons = Counter([f.reason for f in faults] + [r["reason"] for r in refused])
        return Taken(
            name,
            stage.rows + len(faults),
            added or 0,
            len(refused) + len(faults),
            dict(reasons.most_common()),
            withdrawn,
        )


def _note(lake: Lake, table: str, name: str, stage: Stage) -> None:
    """Note which figures a document gives, in the table ``said``."""
    lake.connection.execute(
        f"INSERT INTO said SELECT '{table}', source, figure, published FROM ({stage.sound()})"
    )


def _document(lake: Lake, about: About, raw: Raw, part: Part, *, back: bool) -> str:
    """The name of the part's document in the lake, which has it afterwards.

    A document of the same name that was read from other bytes is another document. So is one whose
    bytes are those of the first state again, after others.
    """
    document = part.document
    plain = f"{about.office}/{document.name}"
    if document_of(plain) != plain:
        raise NotAsExpected(
            f"{about.name} names a document {document.name}: what ends so is a later reading"
        )
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
