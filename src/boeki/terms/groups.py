"""Groups of countries, and who belonged to them when.

``groups.csv`` has a row for each membership: from the day ``joined``, up to and without the day
``left``. Where only the year or the month of a day is on record, the first day of it is taken. Only
countries are listed: the European Union's own seat in the G20 is not a country's.

Statistics also speak of the European Union in a membership that is held fixed: ``EU27`` is the 27
members since February 2020 in every year. ``EU`` and ``EA`` are the union and the euro area as they
were on the day.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from boeki.errors import InputError, UnknownTerm
from boeki.terms import areas

#: Group to its name. Codes are those of :mod:`boeki.terms.areas` where an area has the same.
GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "APEC": "Asia-Pacific Economic Cooperation",
        "ASEAN": "Association of Southeast Asian Nations",
        "BRICS": "BRICS",
        "CPTPP": "Comprehensive and Progressive Agreement for Trans-Pacific Partnership",
        "EA_V": "Euro area as it was on the day",
        "EA19": "Euro area of 19",
        "EA20": "Euro area of 20",
        "EA21": "Euro area of 21",
        "EAEU": "Eurasian Economic Union",
        "EFTA": "European Free Trade Association",
        "EU_V": "European Union as it was on the day",
        "EU15": "European Union of 15",
        "EU25": "European Union of 25",
        "EU27": "European Union of 27, since February 2020",
        "EU27-2007": "European Union of 27, from 2007 to June 2013",
        "EU28": "European Union of 28",
        "G7": "Group of Seven",
        "G20": "Group of Twenty",
        "GULF": "Gulf Cooperation Council",
        "MERCOSUR": "Mercosur",
        "NAFTA": "North American Free Trade Agreement",
        "OECD": "Organisation for Economic Co-operation and Development",
        "OPEC": "Organization of the Petroleum Exporting Countries",
        "RCEP": "Regional Comprehensive Economic Partnership",
        "SACU": "Southern African Customs Union",
        "USMCA": "United States–Mexico–Canada Agreement",
    }
)

#: Other ways to write a group.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "EU": "EU_V",
        "EA": "EA_V",
        "EU27_2020": "EU27",
        "EU27_2007": "EU27-2007",
        "GCC": "GULF",
    }
)

#: Membership held fixed: whose, from which day, and until which day it was the true one.
_FIXED: Mapping[str, tuple[str, dt.date, dt.date]] = {
    "EU15": ("EU_V", dt.date(1995, 1, 1), dt.date(2004, 5, 1)),
    "EU25": ("EU_V", dt.date(2004, 5, 1), dt.date(2007, 1, 1)),
    "EU27-2007": ("EU_V", dt.date(2007, 1, 1), dt.date(2013, 7, 1)),
    "EU28": ("EU_V", dt.date(2013, 7, 1), dt.date(2020, 2, 1)),
    "EU27": ("EU_V", dt.date(2020, 2, 1), dt.date.max),
    "EA19": ("EA_V", dt.date(2015, 1, 1), dt.date(2023, 1, 1)),
    "EA20": ("EA_V", dt.date(2023, 1, 1), dt.date(2026, 1, 1)),
    "EA21": ("EA_V", dt.date(2026, 1, 1), dt.date.max),
}


@dataclass(frozen=True, slots=True)
class Membership:
    """A country's time in a group.

    Attributes
    ----------
    group, area
        Codes of :data:`GROUPS` and of :mod:`boeki.terms.areas`.
    joined
        The first day.
    left
        The first day on which it no longer belonged; None where it still does.
    source
        Where the days are from.
    """

    group: str
    area: str
    joined: dt.date
    left: dt.date | None
    source: str

    def on(self, day: dt.date) -> bool:
        """Whether the country belonged to the group on this day."""
        return self.joined <= day and (self.left is None or day < self.left)


@cache
def memberships() -> tuple[Membership, ...]:
    """Every membership, by group and day."""
    text = resources.files(__package__).joinpath("groups.csv").read_text(encoding="utf-8")
    return tuple(
        Membership(
            r["group"],
            r["area"],
            _day(r["joined"]),
            _day(r["left"]) if r["left"] else None,
            r["source"],
        )
        for r in csv.DictReader(text.splitlines())
    )


def find(text: str) -> str:
    """The code of a group: ``GULF`` for ``gcc``.

    Raises
    ------
    UnknownTerm
        With near groups, where there is none.
    """
    given = text.strip().upper()
    code = ALIASES.get(given, given)
    if code not in GROUPS:
        raise UnknownTerm("group of countries", text, [*GROUPS, *ALIASES, *GROUPS.values()])
    return code


def members(group: str, day: dt.date | None = None) -> frozenset[str]:
    """The countries of a group on a day.

    Parameters
    ----------
    group
        One of :data:`GROUPS` or :data:`ALIASES`.
    day
        Today where it is left out. Of no account for a group whose membership is held fixed.

    Raises
    ------
    UnknownTerm
        Where there is no such group.
    InputError
        Where the group had no members on that day: it had not begun, or had ended.
    """
    code = find(group)
    if code in _FIXED:
        code, day, _ = _FIXED[code]
    on = day or dt.date.today()
    own = [m for m in memberships() if m.group == code]
    found = frozenset(m.area for m in own if m.on(on))
    if not found:
        first, last = min(m.joined for m in own), max(m.left or dt.date.max for m in own)
        span = f"from {first}" if last == dt.date.max else f"from {first} until {last}"
        raise InputError(
            f"{group} had no members on {on}: it existed {span}; name a day in between"
        )
    return found


def groups_of(area: str, day: dt.date | None = None) -> tuple[str, ...]:
    """The groups that a country belonged to on a day, sorted.

    Groups with fixed membership are among them for the days on which that membership was true.

    Raises
    ------
    UnknownTerm
        Where there is no such area.
    """
    code, on = areas.get(area).code, day or dt.date.today()
    found = {m.group for m in memberships() if m.area == code and m.on(on)}
    fixed = {
        g for g, (whose, begun, ended) in _FIXED.items() if whose in found and begun <= on < ended
    }
    return tuple(sorted(found | fixed))


def _day(text: str) -> dt.date:
    """A day; the first of the year or the month where no more is on record."""
    return dt.date.fromisoformat(text + "0000-01-01"[len(text) :])
