"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from boeki.lake import Lake


@pytest.fixture(scope="session")
def lake() -> Lake:
    """The lake of the embedded figures."""
    from boeki import open_lake

    return open_lake()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of development data beside the repository."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the development data (../shared) is not here")
    return folder
