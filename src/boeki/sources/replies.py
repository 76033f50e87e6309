"""What the head of a reply says: where it leads, how long to wait, what it was made from."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime

import httpx

from boeki.errors import NotAsExpected, Refused

_CHUNK = 1 << 18
_GZIP = 31  # zlib's number for deflate within a gzip wrapper


class Broken(Exception):
    """A reply that did not come whole. It is asked for again."""


def next_hop(url: httpx.URL, location: str, allowed: Iterable[str]) -> httpx.URL:
    """Where a redirect leads, if it may be followed.

    Parameters
    ----------
    url
        What was asked, without keys.
    location
        What the server says.
    allowed
        Hosts that may be led to besides the same one with or without ``www.``; ``HOST`` or
        ``HOST:PORT``.

    Raises
    ------
    Refused
        Where it leads to another host, or from https to http.
    """
    try:
        to = url.join(location)
    except (httpx.InvalidURL, ValueError):
        to = None
    if to is None or to.scheme not in ("http", "https") or not to.host:
        raise Refused(f"{host_of(url)} redirects to something that is no web address")
    if (url.scheme, to.scheme) == ("https", "http"):
        raise Refused(
            f"{host_of(url)} redirects from https to plain http at {host_of(to)}: anyone on the "
            "way could change the figures; ask for the https address that it should lead to"
        )
    if not (_same_site(url, to) or {to.host, host_of(to)} & {h.casefold() for h in allowed}):
        raise Refused(
            f"{host_of(url)} redirects to another host, {host_of(to)}: if that is right, allow it "
            f"with Fetcher(allow_hosts=[{host_of(to)!r}])"
        )
    return to


def same_host(url: httpx.URL, to: httpx.URL) -> bool:
    """Whether keys for one address may go to the other: same name and port, or http made https."""
    upgraded = (url.scheme, to.scheme, _port(url), _port(to)) == ("http", "https", 80, 443)
    same = (url.scheme, _port(url)) == (to.scheme, _port(to))
    return url.host == to.host and (same or upgraded)


def host_of(url: httpx.URL) -> str:
    """``api.census.gov``, ``localhost:8080``."""
    return url.netloc.decode("ascii").rpartition("@")[2]


def wait_asked(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds that ``Retry-After`` asks to wait; None where it says nothing that can be read."""
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", said, re.ASCII):
        return float(said)
    when = _moment(said)
    return None if when is None else max(when.timestamp() - now, 0.0)


def modified_day(headers: Mapping[str, str]) -> dt.date | None:
    """The day of ``Last-Modified`` in UTC; None where it says nothing that can be read."""
    when = _moment(headers.get("last-modified", ""))
    return None if when is None else when.date()


def mark_of(headers: Mapping[str, str]) -> str:
    """By which the server can tell that its file is still the same; empty where it cannot.

    A strong entity tag, or a date of change at least a minute before the reply (RFC 9110, 8.8.2.2
    and 13.1.5). Only where it takes ranges, and where the bytes are the file's own.
    """
    if headers.get("accept-ranges", "").strip().lower() != "bytes" or encoding_of(headers):
        return ""
    tag = headers.get("etag", "").strip()
    if tag.startswith('"'):
        return tag
    changed, sent = _moment(headers.get("last-modified", "")), _moment(headers.get("date", ""))
    if tag or changed is None or sent is None or sent - changed < dt.timedelta(minutes=1):
        return ""
    return headers["last-modified"].strip()


def length_of(headers: Mapping[str, str]) -> int | None:
    """``Content-Length``; None where there is none that can be read."""
    said = headers.get("content-length", "").strip()
    return int(said) if re.fullmatch(r"\d{1,18}", said, re.ASCII) else None


def range_of(headers: Mapping[str, str]) -> tuple[int, int | None]:
    """First byte and full length of a partial reply; (-1, None) where it does not say."""
    said = headers.get("content-range", "").strip()
    found = re.fullmatch(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)", said, re.ASCII)
    if found is None:
        return -1, None
    return int(found[1]), None if found[2] == "*" else int(found[2])


def encoding_of(headers: Mapping[str, str]) -> str:
    """``Content-Encoding``; empty for none."""
    said = headers.get("content-encoding", "").strip().lower()
    return "" if said == "identity" else said


def decoded(chunks: Iterable[bytes], encoding: str, shown: str) -> Iterator[bytes]:
    """The bytes of a body with its encoding undone, in pieces that are never large.

    Raises
    ------
    NotAsExpected
        For an encoding that was not asked for.
    Broken
        Where the body is damaged or stops short.
    """
    if not encoding:
        yield from chunks
    elif encoding in ("gzip", "x-gzip"):
        yield from _gunzipped(chunks)
    else:
        raise NotAsExpected(
            f"{shown} came in the encoding {encoding!r}, which was not asked for: report it"
        )


def _gunzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    for chunk in chunks:
        data = chunk
        while data:
            if unpacker.eof:  # another gzip file follows in the same body
                unpacker = zlib.decompressobj(_GZIP)
            yield _unpacked(unpacker, data)
            data = unpacker.unconsumed_tail or unpacker.unused_data
    while not unpacker.eof and (out := _unpacked(unpacker, b"")):
        yield out
    if not unpacker.eof:
        raise Broken("its compressed body stops short")


def _unpacked(unpacker: zlib._Decompress, data: bytes) -> bytes:
    try:
        return unpacker.decompress(data, _CHUNK)
    except zlib.error as error:
        raise Broken(f"its compressed body is damaged ({error})") from None


def _same_site(url: httpx.URL, to: httpx.URL) -> bool:
    bare = url.copy_with(host=url.host.removeprefix("www."))
    return same_host(bare, to.copy_with(host=to.host.removeprefix("www.")))


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _moment(text: str) -> dt.datetime | None:
    try:
        when = parsedate_to_datetime(text)
        return (when if when.tzinfo else when.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, OverflowError):
        return None
