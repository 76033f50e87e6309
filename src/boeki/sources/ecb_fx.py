"""Euro foreign exchange reference rates of the European Central Bank, one a currency and day."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from boeki.errors import InputError, NotAsExpected, UnknownTerm
from boeki.sources import facts
from boeki.sources.archives import members, xml_root
from boeki.sources.base import (
    PUBLISHED,
    SERIES_ROWS,
    Document,
    Fault,
    Parsed,
    Part,
    Query,
    Raw,
    Request,
)
from boeki.terms.codes import area_map
from boeki.terms.periods import Period

ADDRESS = "https://www.ecb.europa.eu/stats/eurofxref/"
FILES = {
    "hist": "eurofxref-hist.zip",
    "90d": "eurofxref-hist-90d.xml",
    "daily": "eurofxref-daily.xml",
}
EURO, EURO_AREA = "EUR", "EA20"
#: A rate of a day without trading, or of a currency that had none yet or no longer.
_NONE = ("N/A", "")
#: The first day that has rates.
_FIRST = dt.date(1999, 1, 4)

_CODE = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"


@dataclass(frozen=True, slots=True)
class _Quote:
    """One rate as it was printed, and where it stands."""

    day: str
    currency: str
    rate: str
    where: str


class EcbFx:
    """How much of a currency one euro is, by day."""

    about = facts("ecb-fx")

    def requests(self, query: Query) -> Iterable[Request]:
        """The files that are named, the whole history where none is, or the user's own file."""
        _check(query)
        context = {
            "start": str(query.start or ""),
            "end": str(query.end or ""),
            "currencies": " ".join(_currencies(query)),
        }
        wanted = {k: v for k, v in context.items() if v}
        if path := query.options.get("path", ""):
            if len(query.names) != 1:
                raise InputError("say which file it is: hist, 90d or daily, as in ecb-fx hist")
            return [_request(query.names[0], path, wanted)]
        return [_request(n, ADDRESS + FILES[n], wanted) for n in query.names or ("hist",)]

    def parse(self, raw: Raw) -> Parsed:
        """The rates of a file, each published on its own day."""
        name = raw.request.name.partition("/")[0]
        quotes = list(self._zipped(raw) if name == "hist" else self._xml(raw))
        rows, faults = _rows(quotes, raw)
        document = Document(
            name=f"eurofxref-{name}@{raw.day}",
            title="Euro foreign exchange reference rates",
            published=raw.day,
            note=(
                "Units of a currency for one euro, as of about 14:15 CET, for information only. "
                "A rate is published on its own day, at about 16:00 CET."
            ),
        )
        return Parsed((Part(document, "series", rows, faults=faults),))

    def _zipped(self, raw: Raw) -> Iterator[_Quote]:
        found = list(members(raw.path, most_bytes=self.about.most_bytes))
        tables = [m for m in found if m.name.endswith(".csv")]
        if len(tables) != 1:
            names = ", ".join(m.name for m in found)
            raise NotAsExpected(f"{raw.request.name}: one CSV file was expected, not {names}")
        with tables[0].open() as file, io.TextIOWrapper(file, "utf-8", newline="") as text:
            try:
                yield from _wide(csv.reader(text, strict=True), tables[0].name)
            except (csv.Error, UnicodeDecodeError) as error:
                raise NotAsExpected(f"{tables[0].name} is no table of text: {error}") from None

    def _xml(self, raw: Raw) -> Iterator[_Quote]:
        name = raw.request.name
        with raw.path.open("rb") as file:
            root = xml_root(file, self.about.most_bytes, name=name)
        days = [cube for cube in root.iter(_CUBE) if "time" in cube.attrib]
        if not days:
            raise NotAsExpected(f"{name} has no Cube with a time: fetch it again")
        for day in days:
            cubes = day.findall(_CUBE)
            if not cubes or any({"currency", "rate"} - set(c.attrib) for c in cubes):
                raise NotAsExpected(f"{name}: {day.attrib['time']} has no rates, or nameless ones")
            for cube in cubes:
                time, code = day.attrib["time"], cube.attrib["currency"]
                yield _Quote(time, code, cube.attrib["rate"], f"{name}, {time}")


def _check(query: Query) -> None:
    if unknown := [o for o in query.options if o not in EcbFx.about.options]:
        raise UnknownTerm("option of ecb-fx", unknown[0], EcbFx.about.options)
    for name in query.names:
        if name not in FILES:
            raise UnknownTerm("file of ecb-fx", name, FILES)
    if query.freq not in ("", "D"):
        raise InputError("the reference rates are daily: leave freq out, or write D")
    if query.reporters or query.partners or query.flows or query.products:
        raise InputError("reference rates are of currencies alone: say --option currencies=USD,JPY")
    if query.start and query.end and query.end.end < _begin(query.start):
        raise InputError(f"{query.start} is after {query.end}")


def _currencies(query: Query) -> list[str]:
    codes = [c for c in re.split(r"[,\s]+", query.options.get("currencies", "")) if c]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise InputError(f"{code!r} is no ISO 4217 code of a currency, such as USD")
    return codes


def _request(name: str, address: str, context: dict[str, str]) -> Request:
    # What is kept of a file depends on what was asked, so the two are different replies.
    asked = "/".join([name, *(f"{k}={v}".replace("/", "..") for k, v in sorted(context.items()))])
    return Request(asked, address, media="zip" if name == "hist" else "xml", context=context)


def _wide(lines: Iterator[list[str]], name: str) -> Iterator[_Quote]:
    """A line a day, newest first, a column a currency, and a comma too many at its end."""
    head = [cell.strip() for cell in next(lines, [])]
    codes = head[1:-1] if head and not head[-1] else head[1:]
    if not codes or head[0] != "Date" or not all(map(_CODE.fullmatch, codes)):
        raise NotAsExpected(f"{name}: its first line is not Date and codes of currencies")
    if len(set(codes)) < len(codes):
        raise NotAsExpected(f"{name}: a currency has two columns")
    for number, cells in enumerate(lines, 2):
        if len(cells) != len(head):
            raise NotAsExpected(
                f"{name}, line {number}: {len(cells)} cells under {len(head)} names; only a part "
                "of the file may have come: fetch it again"
            )
        for code, cell in zip(codes, cells[1:], strict=False):
            yield _Quote(cells[0].strip(), code, cell.strip(), f"{name}, line {number}")


def _rows(quotes: list[_Quote], raw: Raw) -> tuple[pa.Table, list[Fault]]:
    """Rows in the days and currencies that were asked for, and what could not be read."""
    first, last, codes = _asked(raw.request.context, {q.currency for q in quotes})
    places = _places(quotes)
    newest = raw.retrieved.date()
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for quote in quotes:
        if quote.currency not in codes or quote.rate in _NONE:
            continue
        try:
            day = _day(quote.day, newest)
            if first <= day <= last:
                rows.append(_row(quote, day, places[quote.currency, quote.day[:4]]))
        except ValueError as error:
            said = f"{quote.day} {quote.currency} {quote.rate}"
            faults.append(Fault(quote.where, said, str(error)))
    if not rows and not faults:
        raise NotAsExpected(f"{raw.request.name} has no rate of a day that was asked for")
    return pa.Table.from_pylist(rows, schema=SERIES_ROWS.append(PUBLISHED)), faults


def _asked(context: Any, held: set[str]) -> tuple[dt.date, dt.date, set[str]]:
    start, end = context.get("start", ""), context.get("end", "")
    first = _begin(Period.parse(start)) if start else dt.date.min
    last = Period.parse(end).end if end else dt.date.max
    codes = set(context.get("currencies", "").split()) or held
    for code in sorted(codes - held):
        raise UnknownTerm("currency of ecb-fx", code, sorted(held))
    return first, last, codes


def _begin(period: Period) -> dt.date:
    if period.days:
        return period.days[0]
    return dt.date(period.first // 12, period.first % 12 + 1, 1)


def _places(quotes: list[_Quote]) -> dict[tuple[str, str], int]:
    """How many decimals a currency is given with in a year. The table leaves off zeros at the end,
    so a single rate does not tell.
    """
    found: dict[tuple[str, str], int] = {}
    for quote in quotes:
        key = quote.currency, quote.day[:4]
        found[key] = max(found.get(key, 0), len(quote.rate.partition(".")[2]))
    return found


def _day(text: str, newest: dt.date) -> dt.date:
    day = dt.date.fromisoformat(text)
    if not _FIRST <= day <= newest:
        raise ValueError(f"the rates run from {_FIRST} to the day they were fetched, {newest}")
    return day


def _row(quote: _Quote, day: dt.date, places: int) -> dict[str, Any]:
    if not _NUMBER.fullmatch(quote.rate) or not Decimal(quote.rate):
        raise ValueError("not a rate: a positive number was expected")
    # ISO 4217 makes a country's currency out of its ISO 3166 code and a letter.
    area = area_map("iso2").get(quote.currency[:2])
    if area is None:
        raise ValueError(f"{quote.currency} is the currency of no area that boeki knows")
    return {
        "key": "exchange_rate",
        "area": area,
        "dimensions": [("currency", EURO), ("partner", EURO_AREA)],
        "freq": "D",
        "period": day.isoformat(),
        "value": Decimal(quote.rate),
        "unit": f"{quote.currency}/{EURO}",
        "resolution": Decimal(1).scaleb(-places),
        "status": "final",
        "published": day,
    }
