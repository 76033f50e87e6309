"""Offices: whose statistics a figure is."""

from __future__ import annotations

#: Those that compile other offices' statistics, or reconcile them: what they say of a country is
#: not what its own customs says, so the two are never taken for one figure.
COMPILERS = frozenset({"baci", "comtrade"})

#: How the figures of a user's own tables are told from everybody else's.
OWN = "own"
