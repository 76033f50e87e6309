"""Vintages that come late: an older state of a figure, read after newer ones.

A lake keeps a row only where it says something new. January said 100 and March said so again: of
March there is no row. When February comes after that, and said 110, the row of March is missing. So
what later documents say of such figures is read once more, from the bytes that were kept, and
appended before the late row is.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from boeki.errors import BoekiError, IntegrityError
from boeki.ingest.stage import Stage, staged
from boeki.lake import Lake
from boeki.sources import get
from boeki.sources.base import Part, Raw, Request, Source


class _Late(Exception):
    """Rows came late; carries the documents that are to be read again."""

    def __init__(self, documents: dict[str, Mapping[str, Any]]) -> None:
        self.documents = documents
        super().__init__()


def deliver(lake: Lake, source: Source, stage: Stage, name: str) -> int:
    """Append what is new in staged rows, late or not.

    Parameters
    ----------
    lake
        A lake with a place.
    source
        Where the rows come from.
    stage
        The rows, checked.
    name
        Their document.

    Returns
    -------
    int
        How many rows were new.

    Raises
    ------
    LakeError
        Where the lake cannot be written to. Nothing of the rows is appended then.
    IntegrityError
        Where a figure has two values for one document and day, or where rows come late and a
        document after them can no longer be read. Nothing of the rows is appended then.
    """
    read: set[str] = {name}
    since: list[dt.date] = []

    def watch(day: dt.date) -> None:
        since[:] = [day]
        if later := _later(lake, name, day, read):
            raise _Late(later)

    while True:
        try:
            added = lake.deliver(stage.table, stage.sound(), watch=watch)
            break
        except _Late as late:
            _read_again(lake, source, stage.table, late.documents)
            read.update(late.documents)
    # Another pull may have found in between that its own document repeats what was known.
    if since and (later := _later(lake, name, since[0], read)):
        _read_again(lake, source, stage.table, later)
    return added


def _later(lake: Lake, name: str, day: dt.date, read: set[str]) -> dict[str, Mapping[str, Any]]:
    """The documents of an office that were pulled and published after a day, in order."""
    lake.refresh_documents()
    office = name.partition("/")[0] + "/"
    found = {
        source: document
        for source, document in lake.documents.items()
        if source.startswith(office)
        and source not in read
        and document["sha256"]
        and document["published"] > day
    }
    return dict(sorted(found.items(), key=lambda item: item[1]["published"]))


def _read_again(
    lake: Lake, source: Source, table: str, documents: Mapping[str, Mapping[str, Any]]
) -> None:
    """Append what documents say of the figures in the table ``late``, news or not."""
    assert lake.delta is not None, "rows are only delivered to a lake with a place"  # narrows
    fetches = lake.delta.read("fetches").to_pylist()
    for name, document in documents.items():
        try:
            for origin, raw, part in _parts(lake, source, fetches, name, document):
                if part.table != table:
                    continue
                with staged(lake, origin.about, raw, part, name) as stage:
                    stage.check(part.identities)
                    rows = f"SELECT * FROM ({stage.sound()}) SEMI JOIN late USING (figure)"
                    lake.deliver(table, rows, whole=True)
        except BoekiError as error:
            raise IntegrityError(
                f"older figures come after {name}, which has to be read once more so that it is "
                f"known what it said of them, and that failed: {error}"
            ) from error


def _parts(
    lake: Lake,
    source: Source,
    fetches: list[dict[str, Any]],
    name: str,
    document: Mapping[str, Any],
) -> Iterator[tuple[Source, Raw, Part]]:
    """The parts of a document as the bytes that it was read from have them."""
    assert lake.raw is not None, "bytes are only kept in a lake with a place"  # narrows
    office = name.partition("/")[0]
    found = 0
    for line in fetches:
        if (line["sha256"], line["retrieved"].date()) != (
            document["sha256"],
            document["retrieved"],
        ):
            continue
        mine = line["source_name"] == source.about.name
        origin = source if mine else get(line["source_name"])
        if origin.about.office != office:
            continue
        request = Request(line["request"], **json.loads(line["asked"]))
        path = lake.raw.path(line["sha256"])
        raw = Raw(request, path, line["sha256"], line["retrieved"], line["modified"])
        for part in origin.parse(raw).parts:
            plain = f"{office}/{part.document.name}"
            if name == plain or name.startswith(f"{plain}+{raw.sha256[:8]}"):
                found += 1
                yield origin, raw, part
    if not found:
        raise IntegrityError(f"no reply that the lake has kept gives {name}")
