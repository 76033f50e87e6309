"""Readings: what one parser after another read in the same bytes of the same document.

Rows are never changed. Where a mended parser reads a row otherwise than the one before it did, the
row is appended once more under a document of its own, the next reading: ``office/d41ma@2026-09-30``
is the first, ``office/d41ma@2026-09-30~r2`` the second. It has the bytes and the days of the first,
so that it stands from the day on which the document was published.
"""

from __future__ import annotations

import re

#: What a figure that a document takes out has as its status. It has no value.
WITHDRAWN = "withdrawn"
_MARK = "~r"
_ENDS = re.compile(r"~r([0-9]+)$")


def document_of(source: str) -> str:
    """The document of which this is a reading: its name without the number of the reading."""
    return _ENDS.sub("", source)


def number_of(source: str) -> int:
    """Which reading it is; 1 for the first."""
    found = _ENDS.search(source)
    return int(found[1]) if found else 1


def reading(source: str, number: int) -> str:
    """The name of a later reading of a document."""
    return f"{document_of(source)}{_MARK}{number}"


def document_sql(column: str = "source") -> str:
    """SQL for :func:`document_of`."""
    cut = f"regexp_replace({column}, '{_ENDS.pattern}', '')"
    return f"CASE WHEN contains({column}, '{_MARK}') THEN {cut} ELSE {column} END"


def number_sql(column: str = "source") -> str:
    """SQL for :func:`number_of`."""
    found = f"regexp_extract({column}, '{_ENDS.pattern}', 1)"
    return (
        f"CASE WHEN contains({column}, '{_MARK}') "
        f"THEN coalesce(TRY_CAST({found} AS INTEGER), 1) ELSE 1 END"
    )
