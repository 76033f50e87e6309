"""Any statistical office that speaks SDMX, the exchange format of official statistics."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from boeki.errors import InputError, MissingExtra, NotAsExpected, Refused, UnknownTerm
from boeki.sources import facts
from boeki.sources.archives import xml_root
from boeki.sources.base import Document, Parsed, Part, Query, Raw, Request
from boeki.sources.sdmx_rows import Observed, Rows
from boeki.terms import areas
from boeki.terms.periods import Period

#: Messages in which every value says of itself whether it is a dimension or an attribute.
GENERIC = "application/vnd.sdmx.genericdata+xml;version=2.1"
_SPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
_HEAD, _LONG_HEAD = 4_096, 1 << 20


class Sdmx:
    """Series of a data flow, whatever it is about."""

    about = facts("sdmx")

    def requests(self, query: Query) -> Iterable[Request]:
        """One question for each name ``PROVIDER/DATAFLOW/KEY``, or the user's own file."""
        _check(query)
        path = query.options.get("path", "")
        if path and len(query.names) > 1:
            raise InputError("one path is one file: name what it is once, as ECB/EXR/all")
        return [_request(name, query, path) for name in query.names]

    def parse(self, raw: Raw) -> Parsed:
        """What a message says."""
        message, name = _read(raw, self.about.most_bytes), raw.request.name
        context = raw.request.context
        observed = [_observed(o, data.attrib) for data in message.data for o in data.obs]
        if not observed:
            raise NotAsExpected(f"{name} holds no observation{_footer(message)}")
        guessed = any("StructureSpecific" in type(d).__name__ for d in message.data)
        if guessed:
            _check_whole(raw)
        rows = Rows(observed, context, guessed=guessed)
        table = rows.table()
        document = Document(
            name=f"{name}@{raw.day}",
            title=f"{context['provider']}: data flow {context['flow']}, {context['key']}",
            published=raw.day,
            note=" ".join(filter(None, (_DAY.format(raw.day), rows.note()))),
            licence=f"terms of {context['provider']}: see its site",
        )
        # Some providers send changes alone where they are asked again: absence says nothing.
        return Parsed((Part(document, "series", table, faults=rows.faults),))


_DAY = (
    "SDMX does not say when a figure was published: {} is when the reply came, or the file "
    "changed, and so an upper bound."
)


def providers() -> dict[str, Any]:
    """The providers that speak version 2.1 in XML, by their short names.

    sdmx1 reads JSON without the attributes of a series, the power of ten of its unit among them: a
    figure in millions would be taken for one in units.

    Raises
    ------
    MissingExtra
        Where sdmx1 is not installed.
    """
    sdmx = _sdmx()
    spoken = sdmx.format.Version["2.1"]
    return {
        name: source
        for name, source in sdmx.source.sources.items()
        if spoken in source.versions and source.data_content_type.name == "XML"
    }


def _sdmx() -> Any:
    try:
        import sdmx
    except ImportError:
        raise MissingExtra("sdmx", "reading SDMX") from None
    return sdmx


def _check(query: Query) -> None:
    if unknown := [o for o in query.options if o not in Sdmx.about.options]:
        raise UnknownTerm("option of sdmx", unknown[0], Sdmx.about.options)
    if not query.names:
        raise InputError(
            "say which series, as PROVIDER/DATAFLOW/KEY: sdmx ECB/EXR/M.USD.EUR.SP00.A"
        )
    if query.reporters or query.partners or query.products or query.flows or query.freq:
        raise InputError(
            "an SDMX key says all but the time: leave reporter, partner, product, flow and freq "
            "out, and write them into the key"
        )
    if area := query.options.get("area", ""):
        areas.get(area)


def _request(name: str, query: Query, path: str) -> Request:
    provider, flow, key = _parts(name)
    context = {"provider": provider, "flow": flow, "key": key}
    context |= {k: v for k in ("area", "unit") if (v := query.options.get(k, ""))}
    params = _span(query)
    if path:
        if params:
            raise InputError("a file is always taken whole: leave --from and --to out")
        return Request(name, path, media="xml", context=context)
    url, accept = _address(provider, flow, key, params)
    parts = urlsplit(url)
    asked = "&".join(f"{k}={v}" for k, v in params.items())
    return Request(
        f"{name}?{asked}" if asked else name,
        parts._replace(query="").geturl(),
        dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={"Accept": accept},
        media="xml",
        context=context,
    )


def _parts(name: str) -> tuple[str, str, str]:
    provider, _, rest = name.partition("/")
    flow, _, key = rest.partition("/")
    if not (provider and flow and key) or any(c.isspace() or c in "/?#%" for c in flow + key):
        raise InputError(
            f"{name!r} is no PROVIDER/DATAFLOW/KEY: write ECB/EXR/M.USD.EUR.SP00.A, with all as "
            "the key for every series of the flow"
        )
    known = providers()
    if provider not in known:
        raise UnknownTerm("provider of sdmx", provider, known)
    return provider, flow, key


def _span(query: Query) -> dict[str, str]:
    asked = {"startPeriod": query.start, "endPeriod": query.end}
    return {name: _written(period) for name, period in asked.items() if period}


def _written(period: Period) -> str:
    """As SDMX has it; a half is a semester there."""
    if period.kind in ("FY", "S") or (period.days and period.days[0] != period.days[1]):
        raise InputError(f"SDMX has no period like {period}: write a year, quarter, month or day")
    return str(period).replace("-H", "-S")


def _address(provider: str, flow: str, key: str, params: Mapping[str, str]) -> tuple[str, str]:
    """Where the provider has the data, and the form to ask for; nothing is fetched."""
    client = _sdmx().Client(provider)
    with _quiet():
        asked = client.get("data", flow, key=key, params=dict(params), dry_run=True)
    own = client.source.headers.get("data", {}).get("Accept", "")
    return str(asked.url), own or GENERIC


def _read(raw: Raw, most_bytes: int) -> Any:
    """The message as sdmx1 reads it, when nothing in it could lead out of it."""
    sdmx, name = _sdmx(), raw.request.name
    with raw.path.open("rb") as file:
        head = file.read(_HEAD)
    if b"<!DOCTYPE" in head or b"\0" in head:
        raise NotAsExpected(f"{name} declares a document type, or is no UTF-8: it is not used")
    if b"ErrorMessage" in head or b":Error" in head:
        raise Refused(f"{name}: {_error(raw, most_bytes)}")
    try:
        with _quiet(), raw.path.open("rb") as file:
            message = sdmx.read_sdmx(file, format="XML")
    # What sdmx1 raises of a damaged message is of many kinds, KeyError among them.
    except Exception as error:
        raise NotAsExpected(
            f"{name} is no SDMX message of version 2.1 that can be read, or not whole "
            f"({type(error).__name__}: {str(error)[:200]}): fetch it again"
        ) from None
    if not hasattr(message, "data"):
        raise NotAsExpected(f"{name} holds structures, no data: name a data flow and a key")
    return message


def _check_whole(raw: Raw) -> None:
    """Refuse a message of which sdmx1 would leave the power of ten away: it does not read what a
    structure-specific data set says of all its series.
    """
    with raw.path.open("rb") as file:
        head = file.read(_LONG_HEAD)
    if re.search(rb"<[\w:]*DataSet\b[^>]*\bUNIT_MULT", head, re.IGNORECASE):
        raise NotAsExpected(
            f"{raw.request.name} gives its power of ten once for the whole data set, where it is "
            "not read: ask the provider for generic data, and give the file with path="
        )


def _error(raw: Raw, most_bytes: int) -> str:
    """What the provider says instead of an answer."""
    with raw.path.open("rb") as file:
        root = xml_root(file, most_bytes, name=raw.request.name)
    texts = [e.text or "" for e in root.iter(f"{{{_SPACE}common}}Text")]
    said = "; ".join(t.strip() for t in texts if t.strip()) or "no reason given"
    return f"the provider answers: {said[:300]}. See that the flow and each part of the key exist"


def _footer(message: Any) -> str:
    if message.footer is None:
        return ": see that each part of the key exists, and that the time has figures"
    said = "; ".join(str(text) for text in message.footer.text)[:300]
    return f", and says instead: {said}. Ask for less, with a narrower key or --from and --to"


def _observed(observation: Any, shared: Mapping[str, Any]) -> Observed:
    # Eurostat writes its dimensions in small letters, the others in capitals.
    key = {k.upper(): str(v.value) for k, v in observation.key.values.items()}
    told = {**shared, **observation.attrib}
    attributes = {k.upper(): str(v.value) for k, v in told.items()}
    said = observation.value
    return Observed(key, attributes, "" if said is None else str(said))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what sdmx1 prints and logs for its own developers."""
    log = logging.getLogger("sdmx")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with redirect_stdout(StringIO()):
            yield
    finally:
        log.setLevel(before)
