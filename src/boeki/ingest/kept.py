"""Replies that a lake has kept, as they were read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boeki.lake import Lake
from boeki.sources.base import Raw, Request


def reply(noted: Mapping[str, Any], path: Path) -> Raw:
    """A reply as it was read, from the line about it in ``fetches`` and its bytes."""
    request = Request(noted["request"], **json.loads(noted["asked"]))
    return Raw(request, path, noted["sha256"], noted["retrieved"], noted["modified"])


def kept_reply(lake: Lake, noted: Mapping[str, Any]) -> Raw:
    """A reply as it was read, with the bytes that a lake with a place has of it.

    Raises
    ------
    LakeError, IntegrityError
        Where they are gone or damaged.
    """
    assert lake.raw is not None, "bytes are only kept in a lake with a place"  # narrows
    return reply(noted, lake.raw.path(noted["sha256"]))
