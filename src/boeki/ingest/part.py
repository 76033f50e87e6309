"""One part of a reply on its way into the lake: staged, checked, appended or kept apart."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boeki.ingest.rules import reason
from boeki.lake import Lake
from boeki.lake.delta import as_table
from boeki.lake.news import STATE
from boeki.lake.place import plainly
from boeki.lake.store import stored_rows
from boeki.lake.tables import TABLES
from boeki.sources.base import About, Fault, Identity, Part, Raw
from boeki.terms import areas


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


def take(lake: Lake, about: About, raw: Raw, part: Part) -> Taken:
    """Check the rows of a part, append what is new, and put the rest into quarantine.

    Parameters
    ----------
    lake
        A lake with a place.
    about, raw, part
        The source, the bytes, and what it read in them.

    Raises
    ------
    LakeError
        Where the lake cannot be written to. Nothing of the part is appended then.
    """
    assert lake.delta is not None, "rows are only taken into a lake with a place"  # narrows
    source = _document(lake, about, raw, part)
    with _staged(lake, about, raw, part, source) as stage:
        stage.check(part.identities)
        added = lake.deliver(part.table, stage.sound())
        faults = list(part.faults)
        refused = stage.refused()
        if not lake.delta.read("quarantine", sha256=raw.sha256, source=source).num_rows:
            lines = _quarantined(raw, part, source, faults, refused)
            lake.delta.append("quarantine", as_table("quarantine", lines))
        reasons: dict[str, int] = {}
        for why in [f.reason for f in faults] + [r["reason"] for r in refused]:
            reasons[why] = reasons.get(why, 0) + 1
        return Taken(
            source,
            stage.rows + len(faults),
            added,
            len(refused) + len(faults),
            dict(sorted(reasons.items(), key=lambda item: -item[1])),
        )


def _document(lake: Lake, about: About, raw: Raw, part: Part) -> str:
    """The name of the part's document in the lake, which has it afterwards.

    A document of the same name that was read from other bytes is another document.
    """
    document = part.document
    name = f"{about.office}/{document.name}"
    had = lake.documents.get(name)
    # Figures that the package ships name no bytes: the document that is read here is another state.
    if had is not None and had["sha256"] != raw.sha256:
        name = f"{name}+{raw.sha256[:8]}"
    lake.add_documents(
        [
            {
                "source": name,
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
            }
        ]
    )
    return name


@contextmanager
def _staged(lake: Lake, about: About, raw: Raw, part: Part, source: str) -> Iterator[_Stage]:
    """The rows of a part in a file of their own, each with what is wrong with it."""
    assert lake.place is not None
    folder = lake.place.working / "staged"
    path = folder / f"{uuid.uuid4().hex}.parquet"
    with plainly(f"stage rows in {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
    try:
        yield _Stage(lake, path, about, raw, part, source)
    finally:
        path.unlink(missing_ok=True)


class _Stage:
    """Rows of a part in a Parquet file, and SQL over them."""

    def __init__(
        self, lake: Lake, path: Path, about: About, raw: Raw, part: Part, source: str
    ) -> None:
        self.connection = lake.connection
        self.table = part.table
        self.file = "'" + str(path).replace("'", "''") + "'"
        self.broken: list[tuple[str, str]] = []
        self._register_areas()
        self.connection.register("given_rows", part.rows)
        given = set(part.rows.schema.names)
        told = {
            "source": _quoted(source),
            "published": f"CAST({_quoted(part.document.published.isoformat())} AS DATE)",
            "retrieved": f"CAST({_quoted(raw.retrieved.date().isoformat())} AS DATE)",
            "vintage": _quoted(part.document.vintage),
            "licence": _quoted(part.document.licence or about.licence),
        }
        if "published" in given:
            told["published"] = f"coalesce(published, {told['published']})"
        columns = [
            f"{told[c]} AS {c}" if c in told else f'"{c}"' for c in TABLES[part.table].columns
        ]
        select = f"SELECT {', '.join(columns)} FROM given_rows"
        judged = f"SELECT *, {reason(part.table)} AS reason FROM ({select})"
        with plainly("stage the rows that came"):
            self.connection.execute(
                f"COPY ({stored_rows(part.table, judged, judged=True)}) TO {self.file} "
                "(FORMAT parquet, COMPRESSION zstd)"
            )
        self.connection.unregister("given_rows")
        self.rows = self._count(self.file)

    def _register_areas(self) -> None:
        import pyarrow as pa

        self.connection.register(
            "area_codes", pa.table({"code": sorted(a.code for a in areas.areas())})
        )

    def _count(self, what: str) -> int:
        return int(self.connection.execute(f"SELECT count(*) FROM {what}").fetchall()[0][0])

    def check(self, identities: tuple[Identity, ...]) -> None:
        """Find groups of rows that break an identity, and figures that are given two values."""
        self._sql("CREATE OR REPLACE TEMP TABLE broken (figure BIGINT, why VARCHAR)")
        for identity in identities:
            group = ", ".join(identity.group)
            self._sql(
                f"INSERT INTO broken SELECT figure, {_quoted('not so: ' + identity.name)} "
                f"FROM {self.file} SEMI JOIN (SELECT {group} FROM {self.file} "
                f"WHERE reason IS NULL GROUP BY {group} HAVING NOT ({identity.holds})) "
                f"USING ({group}) WHERE reason IS NULL"
            )
        # Looked for in the numbers alone first: of most deliveries no figure stands in them twice.
        self._sql(
            "CREATE OR REPLACE TEMP TABLE twice AS SELECT figure, published "
            f"FROM {self.file} WHERE reason IS NULL GROUP BY ALL HAVING count(*) > 1"
        )
        self.doubled = self._count("twice") > 0
        if self.doubled:
            told = ", ".join(STATE[self.table])
            self._sql(
                "INSERT INTO broken SELECT figure, 'the source gives it twice, differently' FROM "
                f"(SELECT DISTINCT figure, published, {told} FROM {self.file} "
                "SEMI JOIN twice USING (figure, published) WHERE reason IS NULL) "
                "GROUP BY figure, published HAVING count(*) > 1"
            )

    def _sql(self, statement: str) -> Any:
        return self.connection.execute(statement)

    def sound(self) -> str:
        """SQL for the rows that are let in, each figure once a day."""
        sound = (
            f"SELECT * EXCLUDE (reason) FROM {self.file} ANTI JOIN broken USING (figure) "
            "WHERE reason IS NULL"
        )
        if not self.doubled:
            return sound
        return (
            f"{sound.replace('WHERE', 'ANTI JOIN twice USING (figure, published) WHERE')} "
            "UNION ALL SELECT DISTINCT ON (figure, published) * FROM "
            f"({sound.replace('WHERE', 'SEMI JOIN twice USING (figure, published) WHERE')})"
        )

    def refused(self) -> list[dict[str, Any]]:
        """The rows that are not let in, whole, each with the reason."""
        whole = ", ".join(TABLES[self.table].columns)
        found = self._sql(
            f"SELECT coalesce(s.reason, b.why) AS reason, to_json(struct_pack({_packed(whole)})) "
            f"AS content FROM {self.file} s LEFT JOIN "
            "(SELECT figure, min(why) AS why FROM broken GROUP BY figure) b USING (figure) "
            "WHERE s.reason IS NOT NULL OR b.why IS NOT NULL"
        )
        return [{"reason": r, "content": c} for r, c in found.fetchall()]


def _packed(names: str) -> str:
    return ", ".join(f'{name} := s."{name}"' for name in names.split(", "))


def _quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _quarantined(
    raw: Raw, part: Part, source: str, faults: list[Fault], refused: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What was not let in, as rows of the table ``quarantine``."""
    shared = {
        "source": source,
        "table_name": part.table,
        "sha256": raw.sha256,
        "retrieved": raw.retrieved.astimezone(dt.UTC),
    }
    lines = [
        {**shared, "reason": f.reason, "place": f.where, "content": json.dumps(f.said)}
        for f in faults
    ]
    return lines + [{**shared, **row, "place": ""} for row in refused]
