"""Decompositions: each adds up to the change that it explains."""

from boeki.explain.contributions import Contribution, Decomposition, contributions

__all__ = ["Contribution", "Decomposition", "contributions"]
