"""UN Comtrade: the trade of almost all countries as each of them reported it."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from boeki.errors import InputError, MissingKey, UnknownTerm
from boeki.sources import comtrade_legacy, comtrade_reply, comtrade_split, facts
from boeki.sources.base import Document, Parsed, Part, Query, Raw, Request
from boeki.sources.comtrade_rows import FLOWS, Rows
from boeki.sources.flow_batches import Left
from boeki.terms.codes import area_map, from_area
from boeki.terms.periods import Period

KEY = "COMTRADE_KEY"
HEADER = "Ocp-Apim-Subscription-Key"
PREVIEW = "https://comtradeapi.un.org/public/v1/preview/C/{freq}/{edition}"
KEYED = "https://comtradeapi.un.org/data/v1/get/C/{freq}/{edition}"
#: Rows after which a reply is cut off.
PREVIEW_ROWS, KEYED_ROWS = 500, 100_000
#: Totals over second partners, customs procedures and modes of transport: without them the parts
#: of a figure come along with the figure.
TOTALS = {"partner2Code": "0", "customsCode": "C00", "motCode": "0"}
EDITIONS = ("HS", "H0", "H1", "H2", "H3", "H4", "H5", "H6")
#: A reporter hands in a flow of a period anew as a whole, at times in another edition of the HS.
_SUBMITTED = (("reporter", "flow", "period"),)
#: Many periods fit into one question with a key.
_PERIODS = 12
_PRODUCT = re.compile(r"TOTAL|AG[246]|\d{2}|\d{4}|\d{6}")


class Comtrade:
    """Exports and imports of a reporter by partner and HS code, in dollars."""

    about = facts("comtrade")

    def requests(self, query: Query) -> Iterable[Request]:
        """One question for each period, or for twelve with a key; or the user's own file."""
        _check(query)
        if path := query.options.get("path", ""):
            return (Request(f"file/{Path(path).name}", path, media="csv"),)
        key = os.environ.get(KEY, "")
        freq, periods = _periods(query)
        edition = query.names[0] if query.names else "HS"
        asked = {
            "reporterCode": _codes("reporter", query.reporters),
            "flowCode": _flows(query.flows),
            "partnerCode": _codes("partner", query.partners),
            "cmdCode": ",".join(query.products) or "TOTAL",
        }
        step, cap = (_PERIODS, KEYED_ROWS) if key else (1, PREVIEW_ROWS)
        address = (KEYED if key else PREVIEW).format(freq=freq, edition=edition)
        return [
            comtrade_split.question(
                Request(
                    "",
                    address,
                    {**TOTALS, "maxRecords": str(cap), "includeDesc": "false"},
                    secret_headers={HEADER: key} if key else {},
                    media="json",
                    context={"cap": str(cap)},
                ),
                {**asked, "period": ",".join(periods[i : i + step])},
            )
            for i in range(0, len(periods), step)
        ]

    def parse(self, raw: Raw) -> Parsed:
        """What a reply says; smaller questions instead where it was cut off."""
        whole: tuple[tuple[str, ...], ...] = ()
        if raw.request.media == "csv":
            left = Left(Path(raw.request.address).name)
            rows = Rows(comtrade_legacy.read(raw.path, raw.request.name), left, places=0)
        else:
            reply = comtrade_reply.read(raw.path, raw.request)
            if reply.cut_off:
                return Parsed(more=tuple(map(_with_key, comtrade_split.smaller(raw.request))))
            left = Left(raw.request.name)
            rows, whole = Rows(reply.rows, left), _SUBMITTED
        table = rows.table()
        return Parsed((Part(_document(raw, rows), "flows", table, faults=left, whole=whole),))


def _check(query: Query) -> None:
    if unknown := [o for o in query.options if o != "path"]:
        raise UnknownTerm("option of comtrade", unknown[0], ["path"])
    if len(query.names) > 1:
        raise InputError("ask Comtrade for one edition of the HS at a time")
    for name in query.names:
        if name not in EDITIONS:
            raise UnknownTerm("classification of comtrade", name, EDITIONS)
    for product in query.products:
        if not _PRODUCT.fullmatch(product):
            raise InputError(
                f"{product!r} is none of Comtrade's: give HS codes of two, four or six digits, "
                "TOTAL, or AG2, AG4, AG6 for all codes of a level"
            )


def _codes(role: str, areas: Iterable[str]) -> str:
    """Comtrade's codes of areas; empty for all."""
    found: list[str] = []
    for area in areas:
        codes = from_area("comtrade", area)
        if not codes:
            raise UnknownTerm(f"{role} of comtrade", area, area_map("comtrade").values())
        found += codes
    return ",".join(dict.fromkeys(found))


def _flows(flows: Iterable[str]) -> str:
    by_word = {word: code for code, word in FLOWS.items()}
    for flow in flows:
        if flow not in by_word:
            raise UnknownTerm("flow of comtrade", flow, by_word)
    return ",".join(by_word[f] for f in flows) or ",".join(FLOWS)


def _periods(query: Query) -> tuple[str, list[str]]:
    """``A`` or ``M``, and the years or months as Comtrade writes them."""
    if query.start is None:
        raise InputError("say from which period: Comtrade has years (2024) and months (2024-11)")
    freq = query.freq or query.start.kind
    end = query.end or _newest(freq, query.start)
    if freq not in ("A", "M") or {query.start.kind, end.kind} != {freq}:
        raise InputError("Comtrade has years and months: write start and end both as one of them")
    count = (end.first - query.start.first) // query.start.months + 1
    if count < 1:
        raise InputError(f"{query.start} is after {end}")
    periods = [query.start.shift(n * query.start.months) for n in range(count)]
    return freq, [str(p).replace("-", "") for p in periods]


def _newest(freq: str, start: Period) -> Period:
    today = dt.datetime.now(dt.UTC).date()
    newest = Period.year(today.year - 1) if freq == "A" else Period.of_date(today)
    return max(newest, start, key=lambda p: p.first)


def _with_key(request: Request) -> Request:
    """A question with the key, which a reply that was kept does not have any more."""
    if "/public/" in request.address or request.secret_headers:
        return request
    key = os.environ.get(KEY, "")
    if not key:
        raise MissingKey(
            f"this reply was fetched with a key, and what must follow needs it again: set {KEY}"
        )
    return replace(request, secret_headers={HEADER: key})


def _document(raw: Raw, rows: Rows) -> Document:
    own = raw.request.media == "csv"
    name = raw.request.name if own else f"{raw.request.name}@{raw.day}"
    asked = "" if own else f", {urlencode(_told(raw.request.params), safe=',')}"
    return Document(
        name=name,
        title=f"UN Comtrade{asked}",
        published=raw.day,
        note=" ".join(filter(None, (_day_note(raw), _TERMS, _listed(raw), rows.note()))),
    )


_TERMS = (
    "Exports are valued fob and imports cif, unless the reply itself says that imports are fob. "
    "Quantities and weights that Comtrade estimated are left out, and so are those given as 0."
)


def _day_note(raw: Raw) -> str:
    return (
        f"Rows of Comtrade do not say when they were published: {raw.day} is when they were "
        "fetched, or the file changed, and so an upper bound."
    )


def _listed(raw: Raw) -> str:
    """What splitting a question by all areas may have lost."""
    axes = raw.request.context.get("listed", "").split()
    if not axes:
        return ""
    sort = " and ".join("reporters" if a == "reporterCode" else "partners" for a in axes)
    return (
        f"All {sort} were too many for one reply, and were asked for by the codes that boeki "
        "knows: an area with a newer code would be missing."
    )


def _told(params: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in params.items() if k in comtrade_split.AXES}
