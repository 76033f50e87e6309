"""U.S. Census Bureau: the United States' exports and imports by month, partner and commodity."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from boeki.errors import InputError, MissingKey, UnknownTerm
from boeki.sources import facts, us_census_reply
from boeki.sources.base import Document, Parsed, Part, Query, Raw, Request
from boeki.sources.flow_batches import Left
from boeki.sources.us_census_reply import COLUMNS, Columns, Rows
from boeki.terms.codes import area_map, from_area
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

KEY = "CENSUS_API_KEY"
ADDRESS = "https://api.census.gov/data/timeseries/intltrade/{}s/hs"
LEVELS = {2: "HS2", 4: "HS4", 6: "HS6", 10: "HS10"}
FLOWS = ("export", "import")
SYSTEMS = ("general", "special")

#: The data begin here.
_FIRST = Period.month(2010, 1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One commodity, or all of a level."""

    code: str
    level: str


#: A reply has all of a month that its question asks for, whatever is traded.
_ANSWERED = (("flow", "period"),)


class USCensus:
    """U.S. trade by HS code: exports valued fas, imports at customs value and cif."""

    about = facts("us-census")

    def requests(self, query: Query) -> Iterable[Request]:
        """One question for each flow, partner and commodity; a whole level month by month."""
        _check(query)
        key = os.environ.get(KEY, "")
        if not key:
            raise MissingKey(
                f"the Census Bureau answers with a key only: get one, free, at "
                f"https://api.census.gov/data/key_signup.html and set {KEY}"
            )
        system = query.options.get("system", "general")
        months = _months(query)
        partners = [code for area in query.partners for code in _codes(area)] or [""]
        return [
            _request(COLUMNS[flow, system], asked, partner, time, key)
            for flow in query.flows or FLOWS
            for asked in _commodities(query)
            for partner in partners
            for time in (_spans(months) if asked.code else [str(m) for m in months])
        ]

    def parse(self, raw: Raw) -> Parsed:
        """What a reply says; the rows of country groups left out, as they repeat their members'."""
        context = raw.request.context
        columns = COLUMNS[context["flow"], context["system"]]
        left = Left(raw.request.name)
        lines = us_census_reply.read(raw.path, raw.request.name, columns, context)
        rows = Rows(lines, columns, left, raw.day)
        table = rows.table()
        document = _document(raw, rows)
        return Parsed((Part(document, "flows", table, faults=left, whole=_ANSWERED),))


def _check(query: Query) -> None:
    if unknown := [o for o in query.options if o != "system"]:
        raise UnknownTerm("option of us-census", unknown[0], ["system"])
    if (system := query.options.get("system", "general")) not in SYSTEMS:
        raise UnknownTerm("system of us-census", system, SYSTEMS)
    for flow in query.flows:
        if flow not in FLOWS:
            raise UnknownTerm("flow of us-census", flow, FLOWS)
    if set(query.reporters) - {"USA"}:
        raise InputError("the Census Bureau reports for the United States: leave the reporter out")
    if query.freq not in ("", "M"):
        raise InputError("the Census Bureau has months: leave freq out, or write M")


def _commodities(query: Query) -> list[_Asked]:
    """The commodities of a query, or the levels that it names; the total where it has neither."""
    if query.names and query.products:
        raise InputError("name a level (HS6) or products, not both")
    for name in query.names:
        if name not in (*LEVELS.values(), TOTAL):
            raise UnknownTerm("level of us-census", name, [*LEVELS.values(), TOTAL])
    if query.names:
        return [_Asked(TOTAL, "-") if n == TOTAL else _Asked("", n) for n in query.names]
    found = []
    for product in query.products or (TOTAL,):
        if product == TOTAL:
            found.append(_Asked(TOTAL, "-"))
        elif re.fullmatch(r"\d+", product) and len(product) in LEVELS:
            found.append(_Asked(product, LEVELS[len(product)]))
        else:
            raise InputError(
                f"{product!r} is none of the Census Bureau's: give codes of 2, 4, 6 or 10 digits, "
                "or TOTAL"
            )
    return found


def _codes(area: str) -> tuple[str, ...]:
    codes = from_area("us-census", area)
    if not codes:
        raise UnknownTerm("partner of us-census", area, area_map("us-census").values())
    return codes


def _months(query: Query) -> list[Period]:
    if query.start is None:
        raise InputError("say from which month, such as 2024-11")
    newest = Period.of_date(dt.datetime.now(dt.UTC).date()).shift(-1)
    end = query.end or max(newest, query.start, key=lambda p: p.first)
    first, last = query.start.first, end.last
    if {query.start.kind, end.kind} - {"M", "A"} or last < first:
        raise InputError("give start and end as months or years, the earlier first")
    if first < _FIRST.first:
        raise InputError(f"the Census Bureau's figures begin with {_FIRST}")
    return [_FIRST.shift(n - _FIRST.first) for n in range(first, last + 1)]


def _spans(months: list[Period]) -> list[str]:
    """All months in one question."""
    if len(months) == 1:
        return [str(months[0])]
    return [f"from {months[0]} to {months[-1]}"]


def _request(columns: Columns, asked: _Asked, partner: str, time: str, key: str) -> Request:
    # A column that is asked for as a condition comes without being asked for, and twice if it is.
    get = [columns.value, *filter(None, (columns.cif, columns.quantity, columns.unit))]
    told = {"time": time}
    if asked.level == "-":
        # What is not named is totalled over. The total has no quantity.
        get = [c for c in (columns.value, columns.cif) if c]
    else:
        told["COMM_LVL"] = asked.level
        told |= {columns.commodity: asked.code} if asked.code else {}
        get += [] if asked.code else [columns.commodity]
    get += [] if partner else ["CTY_CODE"]
    told |= {"CTY_CODE": partner} if partner else {}
    context = {"flow": columns.flow, "system": columns.system, "level": asked.level}
    context |= {"commodity": "" if asked.level == "-" else asked.code, "partner": partner}
    return Request(
        f"{columns.flow}s/hs/{columns.system}?{urlencode(told)}",
        ADDRESS.format(columns.flow),
        {"get": ",".join(get), **told, "SUMMARY_LVL": "DET"},
        secrets={"key": key},
        media="json",
        context={k: v for k, v in context.items() if v},
    )


def _document(raw: Raw, rows: Rows) -> Document:
    context: Mapping[str, str] = raw.request.context
    valued = (
        "Exports are domestic and foreign goods, valued free alongside ship."
        if context["flow"] == "export"
        else f"Imports are of the {context['system']} system, at customs value and cif."
    )
    return Document(
        name=f"{raw.request.name}@{raw.day}",
        title=f"U.S. {context['flow']}s of goods by HS code and partner",
        published=raw.day,
        note=(
            f"Replies of the Census Bureau do not say when their figures were published: {raw.day} "
            f"is when they were fetched, and so an upper bound. {valued} Not seasonally adjusted. "
            "Status: a year's figures are revised with the April statistics of the next, in June; "
            f"until then they are called provisional. {rows.note()}"
        ).strip(),
    )
