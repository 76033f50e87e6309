"""Offices: whose statistics a figure is."""

from __future__ import annotations

#: The figures of a user's own tables.
OWN = "own"

#: Those whose word on a country is not that of its own customs: they compile other offices'
#: statistics, or reconcile them. The two are never taken for one figure.
COMPILERS = frozenset({"baci", "comtrade", OWN})
