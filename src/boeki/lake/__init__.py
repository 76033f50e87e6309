"""Canonical tables, bitemporal, read through Ibis."""

from boeki.lake.known import NEWEST, Days
from boeki.lake.store import Lake, open_lake

__all__ = ["NEWEST", "Days", "Lake", "open_lake"]
