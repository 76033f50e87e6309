"""The rows and columns of a table's parts that a question asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis

from boeki.lake import tables
from boeki.lake.known import CHAIN


def together(parts: Sequence[ibis.Table | None]) -> ibis.Table | None:
    """One table of those that there are."""
    have = [part for part in parts if part is not None]
    return ibis.union(*have) if len(have) > 1 else have[0] if have else None


def said(only: Mapping[str, Any]) -> dict[str, Any]:
    """What of some columns is asked for."""
    return {column: value for column, value in only.items() if value is not None}


def chain(moving: ibis.Table | None, only: Mapping[str, Any]) -> ibis.Table | None:
    """What tells which rows were replaced. Not the expression that the rows are read by, though it
    says the same: see :func:`boeki.lake.known.known`.
    """
    if moving is None:
        return None
    return _filtered(moving.select(*CHAIN, *tables.PARTITIONS), only)


def narrowed(
    part: ibis.Table, columns: Sequence[str], needed: Sequence[str], only: Mapping[str, Any]
) -> ibis.Table:
    """The columns that are asked for and those that tell what stands; of some folders' rows."""
    part = _filtered(part, only)
    return part.select(*dict.fromkeys([*columns, *needed])) if columns else part


def _filtered(part: ibis.Table, only: Mapping[str, Any]) -> ibis.Table:
    for column, value in only.items():
        own = part[column]
        part = part.filter(own.between(*value) if isinstance(value, tuple) else own == value)
    return part
