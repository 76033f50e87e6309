"""Verification: whether a lake says what its raw bytes say, and whether it is sound in itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from boeki import sources as registry
from boeki.errors import BoekiError, InputError, IntegrityError, LakeError
from boeki.ingest.compare import compare
from boeki.ingest.kept import kept_reply
from boeki.lake import Lake
from boeki.lake.completeness import check_gaps, check_partners
from boeki.lake.disk import on_disk
from boeki.lake.findings import Finding, Progress, Verified, ordered, told
from boeki.lake.reading import check_reading
from boeki.lake.verify import check_documents, check_duplicates, check_raw, check_withdrawn, drawn
from boeki.sources.base import Source


def verify(
    lake: Lake,
    *,
    sources: Mapping[str, Source] | None = None,
    sample: int | None = None,
    progress: Progress | None = None,
    cached: bool = False,
) -> Verified:
    """Hold a lake against its raw bytes, and look whether it is sound in itself.

    Raw bytes are held against their hashes and parsed again, row by row; documents and bytes that
    are named must be there; no figure may stand twice under one source and day; readings must give
    the newest row of each; figures that were withdrawn and periods that are missing are listed, and
    so is how far partners make the world.

    Parameters
    ----------
    lake
        A lake with a place.
    sources
        The sources that parse, by name; None for all that are registered. Replies of others are not
        parsed.
    sample
        Look at the bytes of so many replies only, chosen by chance; None for all.
    progress
        Is told how it goes on.
    cached
        Of a lake in an object store, look at the copies of raw bytes that this machine has already.
        Without it the store's own bytes are read and held against their hashes.

    Returns
    -------
    Verified
        What was found.

    Raises
    ------
    LakeError
        Where the lake has no place, or cannot be read.
    InputError
        For a sample of less than one.
    """
    if sample is not None and sample < 1:
        raise InputError(f"a sample of {sample} replies says nothing: ask for 1 or more")
    on_disk(lake)
    found = {
        "raw": check_raw(lake, sample, progress, cached=cached),
        "rows": _rows(lake, sources, sample, progress),
        "documents": check_documents(lake),
        "duplicates": check_duplicates(lake, progress),
        "reading": check_reading(lake),
        "withdrawn": check_withdrawn(lake),
        "gaps": check_gaps(lake),
        "identities": check_partners(lake),
    }
    findings = [finding for listed, _count in found.values() for finding in listed]
    return Verified(ordered(findings), {name: count for name, (_, count) in found.items()})


def _rows(
    lake: Lake,
    sources: Mapping[str, Source] | None,
    sample: int | None,
    progress: Progress | None,
) -> tuple[list[Finding], int]:
    """Every reply that was read to its end, parsed again and compared."""
    read, out = _replies(lake)
    chosen, rows = drawn(read, sample), 0
    known: dict[str, Source | Finding] = {}
    for done, noted in enumerate(chosen, 1):
        name = noted["source_name"]
        if name not in known:
            known[name] = _source(name, sources)
        source = known[name]
        if not isinstance(source, Finding):
            findings, count = _compared(lake, source, noted)
            out, rows = [*out, *findings], rows + count
        told(progress, "rows", done, len(chosen))
    return [*out, *(s for s in known.values() if isinstance(s, Finding))], rows


def _compared(lake: Lake, source: Source, noted: dict[str, Any]) -> tuple[list[Finding], int]:
    try:
        raw = kept_reply(lake, noted)
    except (IntegrityError, LakeError):
        return [], 0  # the bytes are gone or damaged, which the check of the bytes tells
    return compare(lake, source, raw)


def _source(name: str, sources: Mapping[str, Source] | None) -> Source | Finding:
    """The source of this name, or why its replies cannot be parsed."""
    if sources is not None:
        if name in sources:
            return sources[name]
        return Finding("info", "rows", name, "its replies were not to be parsed again")
    try:
        return registry.get(name)
    except BoekiError as error:
        return Finding("warning", "rows", name, f"its replies cannot be parsed again: {error}")


def _replies(lake: Lake) -> tuple[list[dict[str, Any]], list[Finding]]:
    """The replies that were read to their end, as they were then; and those that never were."""
    delta = on_disk(lake).delta
    fetched = delta.read("fetches").to_pylist()
    pulls = delta.read("pulls").to_pylist()
    states = {(*_name(p), p["retrieved"]) for p in pulls}
    came = {(*_name(f), f["retrieved"]): f for f in fetched}
    read = {key: f for key, f in came.items() if key in states}
    ended = {_name(p) for p in pulls}
    unread = {_name(f): f for f in fetched if _name(f) not in ended}
    out = [
        Finding(
            "warning", "rows", f"{f['source_name']} {f['request']}",
            f"it came on {f['retrieved']:%Y-%m-%d} and was not read to its end: pull "
            f"{f['source_name']} again, or see why it cannot be read",
        )
        for f in unread.values()
    ]  # fmt: skip
    for key in sorted(states - set(read)):
        said = "it was read, and nothing is noted of when and from where it came"
        out.append(Finding("warning", "rows", f"{key[0]} {key[1]}", said))
    return [read[key] for key in sorted(read)], out


def _name(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["source_name"], row["request"], row["sha256"]
