"""Fixtures for tests of what goes into a lake."""

from __future__ import annotations

from pathlib import Path

import pytest

from boeki.lake import Lake
from tests.ingest.office import new_lake


@pytest.fixture
def place(tmp_path: Path) -> Lake:
    """A new lake on disk."""
    return new_lake(tmp_path / "lake")
