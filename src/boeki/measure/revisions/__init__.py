"""Releases and revisions of a series, and what past revisions let expect of the newest figure."""

from boeki.measure.revisions.measured import (
    measure_releases,
    measure_revision_interval,
    measure_revisions,
)

__all__ = ["measure_releases", "measure_revision_interval", "measure_revisions"]
