"""Ingest: the one place where a source meets the lake.

Rows are validated, then appended, or kept apart with the reason.
"""

from boeki.ingest.pull import Pulled, Reply, pull
from boeki.ingest.rows import Ingested, Refused, fault, ingest
from boeki.sources.base import Query

__all__ = ["Ingested", "Pulled", "Query", "Refused", "Reply", "fault", "ingest", "pull"]
