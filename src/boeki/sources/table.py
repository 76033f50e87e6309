"""A table of the user's own: CSV, Parquet or Excel, with a short mapping that says what is what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from boeki.errors import InputError, UnknownTerm
from boeki.sources import facts
from boeki.sources.base import (
    FLOW_ROWS,
    PUBLISHED,
    SERIES_ROWS,
    Document,
    Fault,
    Parsed,
    Part,
    Query,
    Raw,
    Request,
)
from boeki.sources.table_cells import Unreadable
from boeki.sources.table_files import read
from boeki.sources.table_mapping import Mapping, mapping

_MEDIA = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
_SCHEMAS = {"flows": FLOW_ROWS, "series": SERIES_ROWS}


class UserTable:
    """Rows of a file, by a mapping of its columns to those of the lake."""

    about = facts("table")

    def requests(self, query: Query) -> Iterable[Request]:
        """The files that are named, each with the text of the mapping."""
        if unknown := [o for o in query.options if o != "mapping"]:
            raise UnknownTerm("option of table", unknown[0], ["mapping"])
        if not query.names:
            raise InputError("name the file: boeki pull table data.csv -o mapping=data.toml")
        told = _mapping_text(query)
        return [_request(name, told) for name in query.names]

    def parse(self, raw: Raw) -> Parsed:
        """The rows of the file, and a fault for each line that cannot be read as one."""
        how = mapping(raw.request.context["mapping"])
        rows: list[dict[str, object]] = []
        faults: list[Fault] = []
        for line in read(raw.path, raw.request.media, how):
            try:
                rows.append(how.row(line.cells))
            except Unreadable as error:
                said = ", ".join(f"{k}={v}" for k, v in line.cells.items())
                faults.append(Fault(line.where, said, str(error)))
        schema = _SCHEMAS[how.table]
        if "published" in how.columns:
            schema = schema.append(PUBLISHED)
        table = pa.Table.from_pylist(rows, schema=schema)
        return Parsed(parts=[Part(_document(raw, how), how.table, table, faults=faults)])


def _mapping_text(query: Query) -> str:
    path = query.options.get("mapping")
    if not path:
        raise InputError(
            "a table needs a mapping of its columns: boeki pull table data.csv -o mapping=data.toml"
        )
    try:
        text = Path(path).expanduser().read_text("utf-8")
    except OSError as error:
        raise InputError(f"the mapping {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"the mapping {path} is no text in UTF-8: save it as that") from error
    # Faults in it are told before anything is read.
    mapping(text)
    return text


def _request(name: str, told: str) -> Request:
    path = Path(name).expanduser()
    media = _MEDIA.get(path.suffix.lower())
    if media is None:
        raise InputError(f"{name}: a table is one of {', '.join(_MEDIA)}")
    return Request(
        path.name,
        str(path.absolute()),
        media=media,  # type: ignore[arg-type]
        context={"mapping": told},
    )


def _document(raw: Raw, how: Mapping) -> Document:
    published = how.published or raw.day
    slug = re.sub(r"[^a-z0-9.-]+", "-", Path(raw.request.name).stem.casefold()).strip("-")
    return Document(
        f"{slug or 'table'}@{published}",
        how.title or raw.request.name,
        published,
        how.vintage,
        "" if how.published else "The day is that of the file, an upper bound.",
        licence=how.licence,
    )
