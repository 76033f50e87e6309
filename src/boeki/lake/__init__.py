"""Canonical tables, bitemporal, read through Ibis."""

from boeki.lake.known import NEWEST, Days
from boeki.lake.opening import open_lake
from boeki.lake.store import Lake

__all__ = ["NEWEST", "Days", "Lake", "open_lake"]
