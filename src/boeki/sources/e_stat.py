"""e-Stat, the portal of Japan's statistics: trade by commodity and country, below the headlines.

Two ways in, with one office's figures behind both: the API, by principal commodity, and files by
nine-digit tariff line.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from boeki.errors import InputError, MissingKey, UnknownTerm
from boeki.sources import e_stat_api, e_stat_file, facts
from boeki.sources.base import Parsed, Query, Raw, Request
from boeki.sources.japan_office import OFFICE, check_query, wanted_flows
from boeki.terms import products
from boeki.terms.codes import area_map, from_area
from boeki.terms.periods import Period

API = "https://api.e-stat.go.jp/rest/3.0/app/json/getStatsData"
DOWNLOAD = "https://www.e-stat.go.jp/stat-search/file-download"
KEY = "ESTAT_APP_ID"

_FILE = "file/"


class EStat:
    """Trade statistics on e-Stat."""

    about = facts("e-stat")

    def requests(self, query: Query) -> Iterable[Request]:
        """Files that are named or given as a path, else what the API has for the query."""
        check_query(query, self.about.name, ("path",))
        if "path" in query.options:
            return [_local(query)]
        if any(name.startswith(_FILE) for name in query.names):
            return [_file(name, query) for name in query.names]
        if not os.environ.get(KEY):
            raise MissingKey(
                f"the API of e-Stat wants an application ID, which is free: register at "
                f"https://www.e-stat.go.jp/api/, make an ID, and set "
                f"{KEY} to it. Files need none: boeki pull e-stat file/<statInfId>"
            )
        return list(_api(query))

    def parse(self, raw: Raw) -> Parsed:
        """What a reply of the API, or a file, says."""
        if raw.request.name.startswith(_FILE):
            return Parsed((e_stat_file.read(raw, self.about.most_bytes),))
        return e_stat_api.read(raw)


def _local(query: Query) -> Request:
    """A file that the user has, under the name that is given or its own."""
    path = query.options["path"]
    if len(query.names) > 1:
        raise InputError("one path is one file: name it once, or not at all")
    name = (query.names[0] if query.names else Path(path).stem).removeprefix(_FILE)
    return Request(_FILE + name, path, context=_wanted(query))


def _file(name: str, query: Query) -> Request:
    number = name.removeprefix(_FILE)
    if not (name.startswith(_FILE) and number.isascii() and number.isdigit()):
        raise InputError(
            f"{name!r} is no file of e-Stat: write file/ and the number that stands after "
            "statInfId= in the address of its CSV button, as in file/000040507895"
        )
    params = {"statInfId": number, "fileKind": "1"}
    return Request(name, DOWNLOAD, params, context=_wanted(query))


def _wanted(query: Query) -> dict[str, str]:
    """What is asked of a file, which is always whole: nothing but its lines can be chosen."""
    for given, what in (
        (query.partners, "partner"),
        (query.products, "product"),
        (query.flows, "flow"),
        (query.start or query.end, "period"),
    ):
        if given:
            raise InputError(f"a file of e-Stat is read whole: leave the {what} out")
    return {}


def _api(query: Query) -> Iterator[Request]:
    """A question for each table and commodity: a reply then holds all of a commodity's rows."""
    for table in _tables(query):
        for code in _codes(query, table.flow):
            params = {
                "statsDataId": table.number,
                "lang": "E",
                "cdCat01": e_stat_api.padded(code),
                "limit": str(e_stat_api.MOST),
                **_narrowed(query),
            }
            yield Request(
                f"{table.number}/{code}{e_stat_api.suffix(params)}",
                API,
                params,
                secrets={"appId": os.environ[KEY]},
                media="json",
                context={"flow": table.flow},
            )


def _tables(query: Query) -> Iterator[e_stat_api.Table]:
    """The tables that are named, else those of the years and flows asked for; else the newest."""
    flows = wanted_flows(query)
    known = {table.number: table for table in e_stat_api.TABLES}
    for name in query.names:
        if name not in known:
            raise UnknownTerm("table of e-Stat", name, known)
    last = max(table.first for table in e_stat_api.TABLES)
    for table in e_stat_api.TABLES:
        if table.flow not in flows or (query.names and table.number not in query.names):
            continue
        begins = Period.year(table.first).first
        ends = Period.year(table.last).last if table.last else None
        after = query.start is not None and ends is not None and ends < query.start.first
        before = query.end is not None and begins > query.end.last
        asked = query.names or query.start or query.end or table.first == last
        if asked and not after and not before:
            yield table


def _codes(query: Query, flow: str) -> list[str]:
    """The commodities asked for, else all that the vocabulary has and e-Stat gives by itself."""
    known = [c.code for c in products.commodities() if c.flow == flow and "+" not in c.code]
    for code in query.products:
        plain = code.removeprefix("JP-PC:")
        if not (plain.isascii() and plain.isdigit()):
            raise UnknownTerm(f"commodity of e-Stat among {flow}s", code, known)
    return [code.removeprefix("JP-PC:") for code in query.products] or known


def _narrowed(query: Query) -> dict[str, str]:
    """Countries and years of a query, as the API has them."""
    params = {}
    if query.partners:
        params["cdArea"] = ",".join(e_stat_api.AREA + _country(p) for p in query.partners)
    if query.start:
        params["cdTimeFrom"] = f"{query.start.first // 12}000000"
    if query.end:
        params["cdTimeTo"] = f"{query.end.last // 12}000000"
    return params


def _country(partner: str) -> str:
    """The customs' code of a country, the present one where it has had several."""
    codes = from_area(OFFICE, partner)
    if not codes:
        known = area_map(OFFICE).values()
        unknown = UnknownTerm("partner of e-Stat", partner, known)
        raise InputError(f"{unknown} The API has countries only, no world and no regions.")
    return codes[0]
