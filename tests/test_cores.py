"""A process told to stay on some processors counts these alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux tells processes so")
def test_processors_that_a_process_may_use() -> None:
    told = (
        "import os; from boeki.cores import cores; os.sched_setaffinity(0, "
        "{min(os.sched_getaffinity(0))}); print(cores())"
    )
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "1"
