"""BACI of the CEPII: the world's trade by product, exporters' and importers' figures reconciled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import urlencode

from boeki.errors import InputError, NotAsExpected, UnknownTerm
from boeki.sources import archives, facts
from boeki.sources.baci_rows import Wanted, YearFile
from boeki.sources.base import Document, Parsed, Part, Query, Raw, Request
from boeki.sources.flow_batches import check_end, reader
from boeki.terms.codes import area_map

ADDRESS = "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_{edition}_V{version}.zip"

#: Editions of the Harmonized System as BACI names them, and the first year that each has.
FIRST_YEAR = {
    "HS92": 1995,
    "HS96": 1996,
    "HS02": 2002,
    "HS07": 2007,
    "HS12": 2012,
    "HS17": 2017,
    "HS22": 2022,
}

#: All years of an edition, unpacked: HS92 has some 250 million lines of 25 bytes.
_MOST_UNPACKED = 40_000_000_000
_OPTIONS = ("version", "path")
_FILE = re.compile(r"BACI_(?P<edition>HS\d\d)_Y(?P<year>\d{4})(?:_V(?P<version>\d{6}\w?))?")
_EDITION = re.compile(r"BACI_(HS\d\d)_")
_VERSION = re.compile(r"\d{6}[a-z]?")

#: A version takes the place of the one before. It has all flows of the countries and products that
#: were asked for: a figure between such countries, of such a product, that is not there is gone.
_RECONCILED = tuple(
    (column, "classification", "period") for column in ("reporter", "partner", "product")
)


class Baci:
    """Yearly bilateral exports by HS code of six digits, in dollars fob and in tonnes."""

    about = facts("baci")

    def requests(self, query: Query) -> Iterable[Request]:
        """The archive of an edition of the HS, or a file of the user's own."""
        _check(query)
        path = query.options.get("path", "")
        edition = _edition(query, path)
        context = {
            "edition": edition,
            "version": _version(query, path),
            **_years(query, edition),
            "exporters": ",".join(query.reporters),
            "importers": ",".join(query.partners),
            "products": ",".join(query.products),
        }
        context = {k: v for k, v in context.items() if v}
        address = path or ADDRESS.format(edition=edition, version=context["version"])
        packed = address.lower().endswith(".zip")
        name = _name(context, Path(path).name)
        return (Request(name, address, media="zip" if packed else "csv", context=context),)

    def parse(self, raw: Raw) -> Parsed:
        """The files of the years that are wanted, one part each."""
        found = list(_files(raw))
        for file in found:
            file.check()
        return Parsed(_part(raw, file) for file in found)


def _check(query: Query) -> None:
    if unknown := [o for o in query.options if o not in _OPTIONS]:
        raise UnknownTerm("option of baci", unknown[0], _OPTIONS)
    if query.freq not in ("", "A"):
        raise InputError("BACI has years only: leave freq out, or write A")
    if set(query.flows) - {"export"}:
        raise InputError(
            "BACI has each flow once, as an export valued fob: ask for exports, and for a "
            "country's imports with it as the partner"
        )
    known = set(area_map("baci").values())
    for area in (*query.reporters, *query.partners):
        if area not in known:
            raise UnknownTerm("country of baci", area, known)
    for code in query.products:
        if not re.fullmatch(r"\d{6}", code):
            raise InputError(f"BACI has HS codes of six digits: {code!r} is none")


def _edition(query: Query, path: str) -> str:
    """The edition of the HS that is named, or that the name of the user's file says."""
    named = list(dict.fromkeys(n.partition("/")[0] for n in query.names))
    if not named and (found := _EDITION.search(Path(path).name)):
        named = [found[1]]
    if len(named) != 1:
        raise InputError(f"name one edition of the HS: one of {', '.join(FIRST_YEAR)}")
    if named[0] not in FIRST_YEAR:
        raise UnknownTerm("edition of baci", named[0], FIRST_YEAR)
    return named[0]


def _version(query: Query, path: str) -> str:
    version = query.options.get("version", "").removeprefix("V")
    if version and not _VERSION.fullmatch(version):
        raise InputError(f"version {version!r} is none of BACI's: write version=202501")
    if not version and not path:
        raise InputError(
            "BACI comes out under versions that stand beside one another: say which with "
            f"version=YYYYMM; {Baci.about.home} lists them"
        )
    return version


def _years(query: Query, edition: str) -> dict[str, str]:
    """The first and the last year wanted, where they are: of a name, else of start and end."""
    named = {n.partition("/")[2] for n in query.names if "/" in n}
    if len(named) > 1 or any(not re.fullmatch(r"\d{4}", y) for y in named):
        raise InputError("write HS17/2020 for a year, HS17 with start and end for several")
    if named:
        first = last = named.pop()
    elif {p.kind for p in (query.start, query.end) if p} - {"A"}:
        raise InputError("BACI has years: write start and end as years")
    else:
        first, last = (str(p) if p else "" for p in (query.start, query.end))
    if last and int(last) < max(FIRST_YEAR[edition], int(first or 0)):
        raise InputError(f"{edition} begins with {FIRST_YEAR[edition]}: there is nothing to {last}")
    return {"first": first, "last": last}


def _name(context: Mapping[str, str], file: str) -> str:
    """Unique for what is asked: a part of an archive is not the archive."""
    told = dict(context)
    edition, version = told.pop("edition"), told.pop("version", "")
    first, last = told.pop("first", ""), told.pop("last", "")
    years = first if first == last else f"{first}-{last}"
    parts = (edition, years, version and f"V{version}", file, urlencode(told, safe=","))
    return "/".join(p for p in parts if p)


def _files(raw: Raw) -> Iterator[YearFile]:
    """The yearly files of an archive that are wanted, or the one file that was given."""
    context = raw.request.context
    wanted = Wanted(
        int(context.get("first", 0)),
        int(context.get("last", 9999)),
        _split(context, "exporters"),
        _split(context, "importers"),
        tuple(map(int, _split(context, "products"))),
    )
    classification = _classification(context["edition"])
    if raw.request.media != "zip":
        check_end(raw.path, raw.request.name)
        yield YearFile(
            Path(raw.request.address).stem,
            lambda: cast(BinaryIO, raw.path.open("rb")),
            _year(Path(raw.request.address).name, context["edition"]),
            classification,
            wanted,
        )
        return
    members = {m.name: m for m in archives.members(raw.path, most_bytes=_MOST_UNPACKED)}
    years = {name: _year(name, context["edition"]) for name in members}
    told = sorted((year, name) for name, year in years.items() if year is not None)
    if not told:
        raise NotAsExpected(
            f"{raw.request.shown} holds no file called BACI_{context['edition']}_Y…: "
            f"it holds {', '.join(list(members)[:5])}"
        )
    chosen = [(year, name) for year, name in told if wanted.first <= year <= wanted.last]
    if not chosen:
        raise InputError(
            f"{raw.request.shown} has {told[0][0]} to {told[-1][0]}: ask for years among them"
        )
    for year, name in chosen:
        yield YearFile(Path(name).stem, members[name].open, year, classification, wanted)


def _part(raw: Raw, file: YearFile) -> Part:
    version = raw.request.context.get("version", "")
    if not version and (named := _FILE.search(file.name)):
        version = named["version"] or ""
    edition = raw.request.context["edition"]
    year = f" {file.year}" if file.year else ""
    document = Document(
        name=file.name,
        title=f"BACI, international trade by product, {edition}{year}",
        published=_latest(version, raw.day),
        vintage=f"V{version}" if version else "",
        note=(
            f"BACI's files name their version, not a day: {_latest(version, raw.day)} is the "
            "earliest of when they were changed or fetched and the end of the version's year, in "
            "which the next one was not out yet, and so an upper bound. Values are "
            "CEPII's, reconciled from the reports of both sides and put to fob. Quantities are its "
            "estimates of net weight where the sides reported other units."
        ),
    )
    rows = reader(file.batches())
    return Part(
        document, "flows", rows, faults=file.left, whole=_RECONCILED, replaces=bool(version)
    )


def _latest(version: str, day: dt.date) -> dt.date:
    """An upper bound of the day of publication: versions of a year are out before its end."""
    return min(day, dt.date(int(version[:4]), 12, 31)) if version else day


def _year(name: str, edition: str) -> int | None:
    """The year of a file of this edition, by its name; None for other files."""
    found = _FILE.search(Path(name).name)
    return int(found["year"]) if found and found["edition"] == edition else None


def _classification(edition: str) -> str:
    digits = int(edition[2:])
    return f"HS{1900 + digits if digits > 50 else 2000 + digits}"


def _split(context: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part for part in context.get(name, "").split(",") if part)
