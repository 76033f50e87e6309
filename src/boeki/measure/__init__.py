"""Indicators: Ibis tables in, Ibis tables out.

Each adds columns to observations of one series or a thousand.
"""

from boeki.measure.change import change
from boeki.measure.contribution import contribution
from boeki.measure.observations import observations, stated
from boeki.measure.rank import rank
from boeki.measure.record import record, since
from boeki.measure.share import share
from boeki.measure.streak import streak

__all__ = [
    "change",
    "contribution",
    "observations",
    "rank",
    "record",
    "share",
    "since",
    "stated",
    "streak",
]
