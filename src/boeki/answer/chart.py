"""What a picture of an answer shows; :mod:`boeki.report.plot` draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["line", "bars", "ranking", "waterfall", "scatter", "heatmap"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a table.

    Attributes
    ----------
    kind
        ``line`` over periods; ``bars`` over periods, stacked where ``color`` parts them;
        ``ranking``: horizontal bars, in the table's order; ``waterfall``: parts that add up, then
        their total; ``scatter``; ``heatmap``: ``x`` against ``color``, tinted by ``y[0]``.
    x
        The column of periods, names or, in a scatter, numbers.
    y
        The columns drawn; all of one unit.
    color
        A column whose values part the marks into series; empty for none.
    low, high
        Columns with the ends of a band around ``y[0]``; empty for none.
    marked
        A value of ``x`` that stands out; empty for none.
    most
        Of rankings and waterfalls, so many of the table's first rows are drawn; the rest of a
        waterfall is drawn as one bar.
    """

    kind: Kind
    x: str
    y: tuple[str, ...]
    color: str = ""
    low: str = ""
    high: str = ""
    marked: str = ""
    most: int = 15
