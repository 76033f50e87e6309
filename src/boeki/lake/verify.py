"""Whether a lake is as it should be, as far as it can tell by itself.

What its rows should be, by the raw bytes, is looked at where the bytes can be read again: in
:mod:`boeki.ingest.verify`.
"""

from __future__ import annotations

from secrets import SystemRandom
from typing import Any

from boeki.errors import IntegrityError, LakeError
from boeki.lake import tables
from boeki.lake.disk import on_disk
from boeki.lake.findings import Finding, Progress, some, told
from boeki.lake.selection import text
from boeki.lake.store import Lake
from boeki.lake.withdrawn import by_document, withdrawn

#: Rows of a table that lie on disk, as SQL.
_ON_DISK = "(FROM {{{0}}} ANTI JOIN {0}_aboard USING (figure, source, published))"


def check_raw(
    lake: Lake,
    sample: int | None = None,
    progress: Progress | None = None,
    *,
    cached: bool = False,
) -> tuple[list[Finding], int]:
    """Whether raw bytes are what came.

    Parameters
    ----------
    lake
        A lake with a place.
    sample
        Look at so many only, chosen by chance.
    progress
        Is told how it goes on.
    cached
        Of a lake in an object store, look at the copies that this machine has already, and whether
        the store has anything under the hash. Only what is not cached is read from the store.

    Returns
    -------
    findings, number of replies looked at
    """
    disk = on_disk(lake)
    look = disk.raw.path if cached else disk.raw.check
    noted = {f["sha256"]: f for f in disk.delta.read("fetches").to_pylist()}
    there = disk.raw.hashes()
    out = [
        Finding(
            "error", "raw", sha256, f"the bytes of {noted[sha256]['request']} "
            f"({noted[sha256]['address']}) are gone: pull {noted[sha256]['source_name']} again",
        )
        for sha256 in sorted(set(noted) - set(there))
    ]  # fmt: skip
    if strange := sorted(set(there) - set(noted)):
        out.append(
            Finding(
                "warning", "raw", strange[0], "bytes are kept of which nothing is noted, such as "
                "where a pull was broken off: pull the source again", len(strange),
            )
        )  # fmt: skip
    chosen = drawn([s for s in there if s in noted], sample)
    for done, sha256 in enumerate(chosen, 1):
        try:
            look(sha256)
        except (IntegrityError, LakeError) as error:
            out.append(Finding("error", "raw", sha256, str(error)))
        told(progress, "raw", done, len(chosen))
    if cached and not disk.place.is_local:
        said = f"copies on this machine were looked at, not the bytes at {disk.place.shown}"
        out.append(Finding("info", "raw", disk.place.shown, said, len(chosen)))
    return out, len(chosen)


def drawn(of: list[Any], sample: int | None) -> list[Any]:
    """So many of a list, chosen by chance, in their order; all of it where it has no more."""
    if sample is None or sample >= len(of):
        return of
    return [of[i] for i in sorted(SystemRandom().sample(range(len(of)), sample))]


def check_documents(lake: Lake) -> tuple[list[Finding], int]:
    """Whether the documents that rows name are there, and the bytes that documents name."""
    disk = on_disk(lake)
    there, noted = set(disk.raw.hashes()), disk.delta.read("fetches")["sha256"].to_pylist()
    out = [
        Finding(
            "error", "documents", row["source"], f"{row['n']} rows of {table} name a document that "
            "the lake does not have: its table `documents` was damaged; pull it with --again",
            row["n"],
        )
        for table in tables.STORED
        for row in lake.query(
            f"SELECT source, count(*) AS n FROM {{{table}}} "
            "ANTI JOIN documents USING (source) GROUP BY source ORDER BY source"
        ).to_pylist()
    ]  # fmt: skip
    states: dict[str, set[str]] = {}
    for document in disk.delta.read("documents").to_pylist():
        states.setdefault(document["source"], set()).add(document["sha256"])
    for source, hashes in sorted(states.items()):
        if len(hashes) > 1:
            out.append(
                Finding(
                    "error", "documents", source,
                    f"it stands for {len(hashes)} different replies: {some(sorted(hashes))}. "
                    "Please report this",
                )
            )  # fmt: skip
        for sha256 in sorted(hashes - there):
            out.append(
                Finding(
                    "error", "documents", source,
                    f"the bytes that it was read from, {sha256}, are gone: pull the source again",
                )
            )  # fmt: skip
        for sha256 in sorted(hashes - set(noted)):
            out.append(
                Finding(
                    "warning", "documents", source,
                    f"nothing is noted of when and from where its bytes, {sha256}, came",
                )
            )  # fmt: skip
    return out, len(states)


def check_withdrawn(lake: Lake) -> tuple[list[Finding], int]:
    """Figures that their office withdrew and that stand no more.

    Returns
    -------
    findings, number of documents that withdrew any
    """
    out = [
        Finding(
            "warning", "withdrawn", name, f"figures that an earlier state gave and this one, of "
            f"{found[0].published}, leaves out, such as {found[0].name}, {found[0].period}: they "
            "are not read from that day on. `boeki lake revisions --withdrawn` lists them",
            len(found),
        )
        for name, found in by_document(w for w in withdrawn(lake) if not w.reading).items()
    ]  # fmt: skip
    return out, len(out)


def _twice(lake: Lake, held: str, where: str) -> list[Finding]:
    """Figures that stand twice under one source and day, among those that have several rows.

    Parameters
    ----------
    lake
        The lake.
    held, where
        SQL for the rows of a folder, and what the folder is called.
    """
    several = f"SELECT figure FROM {held} GROUP BY figure HAVING count(*) > 1"
    found = lake.query(
        "SELECT count(*) AS twice, any_value(source) AS source, any_value(period) AS period FROM ("
        "SELECT min(source) AS source, any_value(period) AS period "
        f"FROM (SELECT * FROM {held}) SEMI JOIN ({several}) USING (figure) GROUP BY figure "
        "HAVING count(*) > count(DISTINCT (source, published)))"
    ).to_pylist()[0]
    if not found["twice"]:
        return []
    said = (
        f"figures stand twice under one source and day, such as one of {found['period']} in "
        f"{found['source']}. Please report this"
    )
    return [Finding("error", "duplicates", where, said, found["twice"])]


def check_duplicates(lake: Lake, progress: Progress | None = None) -> tuple[list[Finding], int]:
    """Whether each figure stands in the lake once a source and day, and has one first row.

    Returns
    -------
    findings, number of rows looked at
    """
    out, rows = [], 0
    folders = _folders(lake)
    for done, (table, office, year) in enumerate(folders, 1):
        held = _ON_DISK.format(table) + f" WHERE office = {text(office)} AND year = {year}"
        found = lake.query(
            "SELECT sum(n) AS rows, count(*) FILTER (n > 1) AS several, "
            "count(*) FILTER (opened <> 1) AS astray FROM (SELECT count(*) AS n, "
            f"count(*) FILTER (revision = 0) AS opened FROM {held} GROUP BY figure)"
        ).to_pylist()[0]
        rows += int(found["rows"] or 0)
        where = f"{table}, {office}, {year}"
        if found["several"]:
            out += _twice(lake, held, where)
        if found["astray"]:
            out.append(
                Finding(
                    "error", "duplicates", where, "figures do not have exactly one row that was "
                    "their first: what is newest cannot be told. Please report this",
                    found["astray"],
                )
            )  # fmt: skip
        told(progress, "duplicates", done, len(folders))
    return out, rows


def _folders(lake: Lake) -> list[tuple[str, str, int]]:
    """The folders of a lake: table, office and year. No figure lies in two."""
    delta = on_disk(lake).delta
    found = {
        (table, str(f.office), int(f.year))
        for table in tables.STORED
        for f in delta.snapshot(table).files
        if f.year is not None
    }
    return sorted(found)
