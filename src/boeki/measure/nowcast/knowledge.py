"""What was known of a series on a day, month by month, first days of months among it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from boeki.errors import BoekiError, InputError, UnknownTerm
from boeki.lake import Lake
from boeki.measure.revisions.printings import Series, read_series
from boeki.terms.measures import MEASURES
from boeki.terms.periods import Period

#: A first release that comes later than so many days after its month is none: the lake has a newer
#: file of it only.
LATE = 100


@dataclass(frozen=True, slots=True)
class Input:
    """A series that a nowcast may use.

    Attributes
    ----------
    name
        As it was asked for: ``imports``, ``exports:crude_oil``, ``rate@USA``.
    series
        Every printing of it.
    """

    name: str
    series: Series

    def known(self, day: dt.date, lag: int) -> tuple[dict[int, float], int]:
        """Months with a figure that was known on a day, and how many of them only by assumption.

        Parameters
        ----------
        day
            The day.
        lag
            Days after a month's end from which a figure counts as known whose first release the
            lake does not have. Its newest value stands in.
        """
        out: dict[int, float] = {}
        assumed = 0
        for month in self.series.months(1, 0):
            found = self.series.at(month, 1, day)
            end = Period(month, 1).end
            first = self.series.days(month, 1)[0]
            if (first - end).days > LATE:
                found = None
                if day >= end + dt.timedelta(lag):
                    found = self.series.at(month, 1, dt.date.max)
                    assumed += found is not None
            if found is not None and found.value is not None:
                out[month] = float(found.value)
        return out, assumed

    def first_days(self, days: int, day: dt.date) -> dict[int, float]:
        """Months to what was known of their first days: 10, 20."""
        out: dict[int, float] = {}
        for side, count, month in self.series.partial:
            if count != days:
                continue
            past = self.series.partial[side, count, month].on(day)
            if past is not None and past.value is not None:
                out[month] = float(past.value)
        return out

    @property
    def sources(self) -> tuple[str, ...]:
        """Documents of its newest printings."""
        pasts = self.series.figures.values()
        return tuple(sorted({s for p in pasts for s in p.printings[-1].sources}))

    @property
    def published(self) -> dt.date:
        """The day of its newest printing."""
        return max(p.days[-1] for p in self.series.figures.values())


def read_input(lake: Lake, reporter: str, wanted: str, as_of: dt.date | None) -> Input:
    """Read a series by its short name, ``MEASURE[:PRODUCT][@PARTNER]``.

    Raises
    ------
    UnknownTerm, InputError, NoFigure, NotYetPublished
        For what is no series, or none that the lake has.
    """
    rest, _at, partner = wanted.partition("@")
    measure, _colon, product = rest.partition(":")
    if measure not in MEASURES:
        raise UnknownTerm("measure", measure, MEASURES)
    found = read_series(
        measure, reporter, partner=partner or ("USA" if measure == "rate" else "WLD"),
        product=product or "TOTAL", as_of=as_of, lake=lake,
    )  # fmt: skip
    return Input(wanted, found)


def read_inputs(
    lake: Lake, reporter: str, wanted: Sequence[str], as_of: dt.date | None
) -> tuple[list[Input], list[str]]:
    """Read series by their short names; those that the lake does not have are told and left out.

    Raises
    ------
    UnknownTerm, InputError
        For what is no series.
    """
    held, lacking = [], []
    for name in dict.fromkeys(wanted):
        try:
            held.append(read_input(lake, reporter, name, as_of))
        except InputError:
            raise
        except BoekiError as why:
            lacking.append(f"{name}: {why}")
    return held, lacking
