"""Canonical tables, bitemporal, read through Ibis."""

from boeki.lake.store import NEWEST, Days, Lake, open_lake

__all__ = ["NEWEST", "Days", "Lake", "open_lake"]
