"""Japan Customs: press releases, which give a month's trade first and are kept for each stage."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from boeki.errors import BadPeriod, InputError, NotAsExpected, UnknownTerm
from boeki.sources import facts, japan_release
from boeki.sources.base import Document, Identity, Parsed, Part, Query, Raw, Request
from boeki.sources.japan_layout import SECTIONS
from boeki.sources.japan_office import (
    TERMS,
    agent,
    check_query,
    flow_table,
    series_table,
)
from boeki.sources.japan_press_names import WORLD_REGIONS
from boeki.sources.japan_press_rows import Reader, Standing
from boeki.sources.japan_release import Release
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

ADDRESS = "https://www.customs.go.jp/toukei/shinbun/trade-st_e/{year}/{year}{month:02}{stage}e.xml"
MILLION = 1_000_000

_NAME = re.compile(r"(\d{4}-\d{2})(?:/([a-z0-9-]+))?")
#: More months than this in one go is a mistake in a year rather than a wish.
_MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the figures of a month.

    Attributes
    ----------
    number
        In the address of the release.
    said
        In brackets at the end of its title; empty where that is not known.
    document
        In the name of its document.
    words
        In the title that a citation has, and as the vintage.
    export, import_
        The status of the figures of the month.
    days
        How many days of the month it covers; 0 for all.
    """

    number: int
    said: str
    document: str
    words: str
    vintage: str
    export: str = "provisional"
    import_: str = "provisional"
    days: int = 0


STAGES = {
    "first-10-days": Stage(
        1, "First 10 days Provisional", "first-10-days", "first 10 days, provisional",
        "first 10 days", days=10,
    ),
    "first-20-days": Stage(
        2, "First 20 days Provisional", "first-20-days", "first 20 days, provisional",
        "first 20 days", days=20,
    ),
    "provisional": Stage(4, "Provisional", "provisional", "provisional", "provisional"),
    "detailed": Stage(
        5, "Exports:Detailed Data;Imports:Provisional(HS-code Basis)", "exports-detailed",
        "exports detailed and imports provisional at nine digits", "exports detailed", "revised",
    ),
    "imports-detailed": Stage(
        6, "", "imports-detailed", "detailed", "imports detailed", "revised", "revised"
    ),
    "revised": Stage(7, "", "revised", "revised", "revised", "revised", "revised"),
}  # fmt: skip
#: What takes the place of the last release in the November of the next year.
FIXED = Stage(7, "", "fixed", "fixed", "fixed", "final", "final")


class JapanPress:
    """The press releases of Japan's customs."""

    about = facts("japan-press")

    def requests(self, query: Query) -> Iterable[Request]:
        """The releases that are named, or the provisional ones of a range of months."""
        source = self.about.name
        check_query(query, source, ("stage", "path"))
        for given, what in ((query.partners, "partner"), (query.products, "product")):
            if given:
                raise InputError(f"a release has every {what}: leave the {what} out")
        if query.flows:
            raise InputError("a release has exports and imports: leave the flow out")
        path = query.options.get("path", "")
        if path and len(query.names) != 1:
            raise InputError(
                f"say which release the file is, as in `boeki pull {source} 2024-11 -o path=FILE`"
            )
        names = query.names or tuple(_months(query))
        asked = [_request(name, query.options.get("stage", "provisional")) for name in names]
        return [replace(asked[0], address=path, headers={})] if path else asked

    def parse(self, raw: Raw) -> Parsed:
        """What a release says: totals, areas and commodities as flows, the rest as series."""
        month, stage = _asked(raw.request.name)
        name = raw.request.name
        release = japan_release.read(raw.path, name, self.about.most_bytes)
        stage = _checked(release, month, stage, name)
        published, note = _day(release, raw, name)
        document = _document(release, stage, published, note)
        standing = Standing(
            _period(month, stage.days),
            _period(release.before, stage.days),
            {"export": stage.export, "import": stage.import_, "balance": stage.export},
            published,
        )
        reader = Reader(release, standing)
        flows, series = flow_table(reader.flows()), series_table(reader.series())
        return Parsed(
            (
                Part(document, "flows", flows, _IDENTITIES, reader.faults),
                Part(document, "series", series, (), reader.series_faults),
            )
        )


def _months(query: Query) -> Iterator[str]:
    """The months of a query that names none."""
    if query.start is None or query.end is None:
        raise InputError(
            "japan-press has a release for each month: name months, as in `boeki pull japan-press "
            "2024-11`, or give the first and the last (--from 2024-01 --to 2024-12)"
        )
    first, last = query.start.first, query.end.last
    if not 0 <= last - first < _MOST_MONTHS:
        raise InputError(f"from {query.start} to {query.end} is no range of months to ask for")
    for month in range(first, last + 1):
        yield str(Period(month, 1))


def _asked(name: str) -> tuple[Period, Stage]:
    """The month and the stage of a name such as ``2024-11/detailed``."""
    found = _NAME.fullmatch(name)
    if not found:
        raise BadPeriod(name)
    stage = found[2] or "provisional"
    if stage not in STAGES:
        raise UnknownTerm("stage of a release", stage, STAGES)
    return Period.parse(found[1]), STAGES[stage]


def _request(name: str, stage: str) -> Request:
    full = name if "/" in name or stage == "provisional" else f"{name}/{stage}"
    month, asked = _asked(full)
    year, at = divmod(month.first, 12)
    address = ADDRESS.format(year=year, month=at + 1, stage=asked.number)
    # One name for one release, whichever way it was asked for.
    return Request(full.removesuffix("/provisional"), address, headers=agent(), media="xml")


def _checked(release: Release, month: Period, stage: Stage, name: str) -> Stage:
    """The stage that a release turns out to have, which must be the one that was asked for."""
    found = re.fullmatch(r"Value of Exports and Imports (\w+ \d{4}) \((.+)\)", release.title)
    if not found:
        raise NotAsExpected(f"{name} is titled {release.title!r}: the layout has changed")
    about = japan_release.monthly(found[1], name)
    if about != month or release.month != month or release.before != month.shift(-12):
        raise NotAsExpected(
            f"{name} holds {about} ({release.month} beside {release.before}), not {month}"
        )
    said = found[2].strip()
    known = {s.said for s in STAGES.values() if s.said}
    if (said != stage.said) if stage.said else (said in known):
        raise NotAsExpected(
            f"{name} says of itself that it is {said!r}, not {stage.said or stage.words!r}: the "
            "office may have put another stage in its place"
        )
    if not stage.days and not (release.areas and release.commodities):
        raise NotAsExpected(f"{name} has totals but no areas or commodities: it is not whole")
    return FIXED if stage.document == "revised" and "fixed" in said.lower() else stage


def _day(release: Release, raw: Raw, name: str) -> tuple[dt.date, str]:
    """The day of publication, and what is to be said of it."""
    found = re.fullmatch(r"([A-Z][a-z]+) (\d{1,2}), (\d{4})", release.published)
    if not found:
        raise NotAsExpected(f"{name} is dated {release.published!r}, not as December 18, 2024")
    month = japan_release.monthly(f"{found[1]} {found[3]}", name)
    try:
        day = dt.date(int(found[3]), month.first % 12 + 1, int(found[2]))
    except ValueError:
        raise NotAsExpected(f"{name} is dated {release.published!r}: no such day") from None
    came = raw.retrieved.date()
    if day <= came:
        return day, ""
    # Releases come out in the morning of Japan, when it is still the day before in UTC.
    if day - came == dt.timedelta(days=1):
        return came, f"Dated {day} in Japan, which was still {came} in UTC. "
    raise NotAsExpected(f"{name} is dated {day}, which is after {came}, when it was fetched")


def _period(month: Period, days: int) -> Period:
    """A month, or its first days."""
    if not days:
        return month
    first = month.end.replace(day=1)
    return Period.of_days(first, first.replace(day=days))


def _document(release: Release, stage: Stage, published: dt.date, note: str) -> Document:
    return Document(
        name=f"press-{release.month}-{stage.document}",
        title=f"Value of exports and imports, {release.month.label}, {stage.words}",
        published=published,
        vintage=stage.vintage,
        note=(
            f"{note}Also states {release.before.label} as then known, and in the monthly releases "
            f"indexes of earlier months. {TERMS}"
        ),
    )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{w}'" for w in words)


#: Each figure is rounded to a million yen: nine parts and a total are off by up to five together.
_NINE = 5 * MILLION
_SECTIONS = f"product IN ({_listed(SECTIONS)})"
_REGIONS = f"product = '{TOTAL}' AND partner IN ({_listed(WORLD_REGIONS.values())})"
_WHOLE = f"max(value) FILTER (product = '{TOTAL}' AND partner = 'WLD')"
_IDENTITIES = (
    Identity(
        "the nine sections add up to the total, but for rounding",
        ("flow", "partner", "period"),
        f"abs(sum(value) FILTER ({_SECTIONS}) "
        f"- max(value) FILTER (product = '{TOTAL}')) <= {_NINE}",
    ),
    # The release leaves "special areas" out of its regions: 41 million yen of 9.3 trillion in
    # November 2024. A thousandth is far more, and less than any of the regions.
    Identity(
        "the regions add up to the world, but for special areas",
        ("flow", "period"),
        f"CASE count(*) FILTER ({_REGIONS}) WHEN {len(WORLD_REGIONS)} "
        f"THEN {_WHOLE} - sum(value) FILTER ({_REGIONS}) "
        f"BETWEEN -{_NINE} AND {_WHOLE} / 1000 END",
    ),
)
