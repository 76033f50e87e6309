"""Passages as JSON lines, and their claims in the label schema."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from boeki.check.claim import Passage
from boeki.check.extract import extract
from boeki.errors import InputError
from boeki.terms import areas


def read_passages(lines: Iterable[str]) -> Iterator[tuple[str, Passage]]:
    """The passages of a JSON-lines file, each with its id; blank lines are passed over.

    Parameters
    ----------
    lines
        One JSON object a line, with ``id``, ``text``, ``published`` and, where the passage leans
        on what was said before it, ``context``.

    Raises
    ------
    InputError
        With the number of the line, where it is no such object.
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _passage(line, number)


def label_claims(passage: Passage) -> list[dict[str, Any]]:
    """The numeric claims of a passage in the label schema, in the order of its text; causes are
    left out.
    """
    return [c.to_label() for c in extract(passage) if c.kind != "cause"]


def _passage(line: str, number: int) -> tuple[str, Passage]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"line {number}: not JSON: {error}") from error
    if not isinstance(row, dict):
        raise InputError(f"line {number}: not a JSON object but {type(row).__name__}")
    for key in ("id", "text", "published"):
        if not isinstance(row.get(key), str):
            raise InputError(f"line {number}: {key!r} must be a string")
    try:
        dt.date.fromisoformat(row["published"])
    except ValueError as error:
        raise InputError(
            f"line {number}: published {row['published']!r}: write it as 2024-12-18"
        ) from error
    context = row.get("context") or {}
    if not isinstance(context, dict) or not all(isinstance(v, str) for v in context.values()):
        raise InputError(
            f'line {number}: \'context\' must be an object such as {{"reporter": "JPN"}}'
        )
    if "reporter" in context:
        try:
            areas.get(context["reporter"])
        except InputError as error:
            raise InputError(f"line {number}: context: {error}") from error
    return row["id"], Passage(row["text"], row["published"], context)
