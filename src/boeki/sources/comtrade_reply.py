"""A reply of Comtrade's: whole, about what was asked, or cut off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from boeki.errors import NotAsExpected, Refused
from boeki.sources.base import Request
from boeki.sources.comtrade_rows import FIELDS

_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """What came.

    Attributes
    ----------
    rows
        With the names that Comtrade gives the fields, numbers exact.
    cut_off
        Whether there would have been more.
    """

    rows: list[dict[str, Any]]
    cut_off: bool


def read(path: Path, request: Request) -> Reply:
    """Read a reply, and see that it answers what was asked.

    Raises
    ------
    Refused
        Where it says that it will not answer.
    NotAsExpected
        Where it is no whole JSON, lacks a field, or has rows that were not asked for.
    """
    reply = _loaded(path, request.name)
    said = reply.get("error") or (reply.get("message") if "data" not in reply else "")
    if said:
        raise Refused(
            f"Comtrade does not answer {request.name}: {str(said)[:_SHOWN]}",
            int(reply.get("statusCode") or 0),
        )
    rows, count = reply.get("data"), reply.get("count")
    if not isinstance(rows, list) or not isinstance(count, int):
        raise NotAsExpected(
            f"the reply to {request.name} has no rows or no count of them: its layout has changed"
        )
    if len(rows) >= int(request.context["cap"]) or count > len(rows):
        return Reply([], cut_off=True)
    if count < len(rows):
        raise NotAsExpected(
            f"the reply to {request.name} counts {count} rows and has {len(rows)}: it is not used"
        )
    for number, row in enumerate(rows, 1):
        _check_row(row, number, request)
    return Reply(rows, cut_off=False)


def _loaded(path: Path, name: str) -> dict[str, Any]:
    try:
        reply = json.loads(
            path.read_text("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise NotAsExpected(
            f"the reply to {name} is no whole JSON ({error}): ask for it again"
        ) from None
    if not isinstance(reply, dict):
        raise NotAsExpected(f"the reply to {name} is no JSON object: its layout has changed")
    return reply


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _check_row(row: object, number: int, request: Request) -> None:
    if not isinstance(row, dict) or (lacking := [f for f in FIELDS if f not in row]):
        what = f"lacks {', '.join(lacking)}" if isinstance(row, dict) else "is no object"
        raise NotAsExpected(
            f"row {number} of the reply to {request.name} {what}: its layout has changed"
        )
    for field, code in _asked(request.params, row):
        raise NotAsExpected(
            f"row {number} of the reply to {request.name} has {field} {code}, which was not asked "
            "for: it is not used, since another reply may have the same row"
        )


def _asked(params: Mapping[str, str], row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields in which a row is not what was asked for."""
    wrong = []
    for field in ("flowCode", "period", "reporterCode", "partnerCode", "cmdCode"):
        wanted = params.get(field, "").split(",")
        said = str(row[field])
        if wanted == [""] or said in wanted:
            continue
        # AG6 stands for all codes of six digits.
        if field == "cmdCode" and said.isdigit() and f"AG{len(said)}" in wanted:
            continue
        wrong.append((field, said))
    return wrong
