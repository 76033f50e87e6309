"""Comext of Eurostat: what each member state of the EU trades, by CN code, in monthly files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import urlencode

from boeki.errors import InputError, UnknownTerm
from boeki.sources import facts, seven_zip
from boeki.sources.base import Document, Parsed, Part, Query, Raw, Request
from boeki.sources.comext_rows import ComextFile, Wanted
from boeki.sources.flow_batches import check_end, reader
from boeki.terms.codes import area_map
from boeki.terms.periods import Period

ADDRESS = "https://ec.europa.eu/eurostat/api/dissemination/files"
FILE = "comext/COMEXT_DATA/PRODUCTS/full_v2_{}.7z"
FLOWS = ("export", "import")

#: The first month that the files of this kind have.
_FIRST = Period.month(2002, 1)
_MOST_UNPACKED = 4_000_000_000
_IN_NAME = re.compile(r"full_(?:v2_)?(?P<code>\d{4}(?:0[1-9]|1[0-2]|52))\b")
#: Months after the end of a year in which its figures are still revised.
_SETTLED = 10

#: What a member state hands in of a month, it hands in whole: a code that has become confidential
#: is gone from its own line, and stands in that of its chapter.
_TRANSMITTED = (("reporter", "flow", "period"),)


class Comext:
    """Trade of the EU's member states with each other and with the world, in euros."""

    about = facts("comext")

    def requests(self, query: Query) -> Iterable[Request]:
        """The files of the months or years that are wanted."""
        _check(query)
        chosen = {
            "reporters": ",".join(query.reporters),
            "partners": ",".join(query.partners),
            "products": ",".join(query.products),
            "flows": ",".join(query.flows),
        }
        chosen = {k: v for k, v in chosen.items() if v}
        path = query.options.get("path", "")
        if path:
            return (_own(path, query, chosen),)
        periods = [_period(n) for n in query.names] or _between(query)
        return [
            Request(
                _name(str(period), chosen),
                ADDRESS,
                {"file": FILE.format(_code(period))},
                media="7z",
                context={**chosen, "code": _code(period)},
            )
            for period in dict.fromkeys(periods)
        ]

    def parse(self, raw: Raw) -> Parsed:
        """What a file says, summed over statistical procedures."""
        file = _file(raw)
        file.check()
        rows = reader(file.batches())
        part = Part(_document(raw, file), "flows", rows, faults=file.left, whole=_TRANSMITTED)
        return Parsed((part,))


def _check(query: Query) -> None:
    if unknown := [o for o in query.options if o != "path"]:
        raise UnknownTerm("option of comext", unknown[0], ["path"])
    known = set(area_map("eurostat").values())
    for area in (*query.reporters, *query.partners):
        if area not in known:
            raise UnknownTerm("area of comext", area, known)
    for flow in query.flows:
        if flow not in FLOWS:
            raise UnknownTerm("flow of comext", flow, FLOWS)
    for product in query.products:
        if not re.fullmatch(r"[0-9]{2,8}|[0-9]{2}[0-9A-Z]{6}|TOTAL", product):
            raise InputError(
                f"{product!r} is no code of the Combined Nomenclature: give its eight digits, or "
                "those with which the codes wanted begin"
            )


def _period(name: str) -> Period:
    period = Period.parse(name)
    if period.kind not in ("M", "A") or period.first < _FIRST.first:
        raise InputError(f"comext has months and years from 2002, such as 2024-02 and 2024: {name}")
    return period


def _between(query: Query) -> list[Period]:
    """The months or years from start to end."""
    if query.start is None or query.end is None:
        raise InputError("name the months or years wanted, or give both start and end")
    start, end = _period(str(query.start)), _period(str(query.end))
    if start.kind != end.kind or query.freq not in ("", start.kind):
        raise InputError("comext has files of months and of years: give start and end as one kind")
    return [start.shift(n) for n in range(0, end.first - start.first + 1, start.months)]


def _own(path: str, query: Query, chosen: Mapping[str, str]) -> Request:
    """The user's own file: as it was fetched, or unpacked."""
    found = _IN_NAME.search(Path(path).name)
    if len(query.names) > 1 or not (query.names or found):
        raise InputError(f"name the one month or year that {Path(path).name} has, such as 2024-02")
    code = _code(_period(query.names[0])) if query.names else found["code"]  # type: ignore[index]
    media = "7z" if path.lower().endswith(".7z") else "csv"
    name = _name(f"{code}/{Path(path).name}", chosen)
    return Request(name, path, media=media, context={**chosen, "code": code})  # type: ignore[arg-type]


def _code(period: Period) -> str:
    """``202402`` for a month, ``202452`` for a year."""
    year, month = divmod(period.first, 12)
    return f"{year}52" if period.kind == "A" else f"{year}{month + 1:02d}"


def _name(period: str, chosen: Mapping[str, str]) -> str:
    """Unique for what is asked: a part of a file is not the file."""
    return f"{period}/{urlencode(chosen, safe=',')}" if chosen else period


def _file(raw: Raw) -> ComextFile:
    context = raw.request.context
    wanted = Wanted(
        *(tuple(filter(None, context.get(k, "").split(","))) for k in Wanted.__dataclass_fields__)
    )
    code = context["code"]
    if raw.request.media == "7z":
        name = f"full_{code}.dat"
    else:
        name = Path(raw.request.address).name
        check_end(raw.path, name)

    def opened() -> BinaryIO:
        if raw.request.media == "7z":
            return seven_zip.open_only(raw.path, ".dat", _MOST_UNPACKED)[1]
        return cast(BinaryIO, raw.path.open("rb"))

    return ComextFile(name, opened, code, _status(code, raw.day), wanted)


def _status(code: str, day: dt.date) -> str:
    """Figures of a year are revised until the autumn of the next."""
    year = int(code[:4])
    return "final" if (day.year, day.month) > (year + 1, _SETTLED) else "provisional"


def _document(raw: Raw, file: ComextFile) -> Document:
    year = file.code[:4]
    period = year if file.code.endswith("52") else f"{year}-{file.code[4:]}"
    return Document(
        name=f"full_{file.code}@{raw.day}",
        title=f"Comext, trade of the EU and its member states by CN code, {period}",
        published=raw.day,
        note=(
            f"The file does not date itself: {raw.day} is when its server says that it was "
            "changed, or when it was fetched, and so an upper bound. Each row is the sum over "
            "statistical procedures. Codes with letters hold what is confidential, and are kept "
            "as they are. Imports are valued cif at the border of the member state, exports fob. "
            "Status: a year's figures are called final from the November of the next."
        ),
    )
