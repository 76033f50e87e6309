"""A small world of trade in a lake."""

from __future__ import annotations

import pytest

from boeki.lake import Lake
from tests.measure.structure.worlds import baci_lake


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake with the small world's trade in 2019 and 2020."""
    return baci_lake(tmp_path_factory.mktemp("world"))
