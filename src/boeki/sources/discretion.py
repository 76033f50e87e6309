"""Keys stay with the server that they are for: out of errors, logs and other hosts' sight.

What the HTTP library is given has no key in it, so that nothing that it says or raises can have
one. A key is added below it, when the request goes out.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, urlencode
from urllib.request import getproxies, proxy_bypass

import httpx

from boeki.errors import InputError

HIDDEN = "[key]"

#: Loggers that print what a server answered, which may repeat a key.
_TALKERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy")
_EXTENSION = "boeki.keys"


@dataclass(frozen=True, slots=True)
class Keys:
    """What may be neither shown nor kept.

    Attributes
    ----------
    params, headers
        Parts of the query and headers that carry keys.
    """

    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def check(self) -> None:
        """Refuse a key that cannot be sent, without showing it.

        Raises
        ------
        InputError
            Where it has a line break, a blank at an end, or a character outside ASCII.
        """
        for name, value in {**self.params, **self.headers}.items():
            if not value.isascii() or not value.isprintable() or value != value.strip():
                raise InputError(
                    f"the key given as {name!r} has a line break, a blank at an end or a character "
                    "that no key has: copy it again, alone"
                )

    def hide(self, text: str) -> str:
        """The text without the keys, however they may be written in it."""
        for value in sorted(self._values(), key=len, reverse=True):
            text = re.sub(re.escape(value), HIDDEN, text, flags=re.IGNORECASE)
        return text

    def _values(self) -> set[str]:
        plain = {v for v in (*self.params.values(), *self.headers.values()) if v}
        # "Bearer abc": the key is what follows.
        plain |= {word for v in plain for word in v.split() if len(word) >= 8}
        return {
            way(v) for v in plain for way in (str, quote, quote_plus, _quoted_whole, html.escape)
        }


def _quoted_whole(text: str) -> str:
    return quote(text, safe="")


_in_use: ContextVar[Keys | None] = ContextVar("boeki_keys_in_use", default=None)


@contextmanager
def kept_from_logs(keys: Keys) -> Iterator[None]:
    """While this lasts, no log of the HTTP library in this thread has a key in it."""
    for name in _TALKERS:
        logger = logging.getLogger(name)
        if _hide_in_log not in logger.filters:
            logger.addFilter(_hide_in_log)
    token = _in_use.set(keys)
    try:
        yield
    finally:
        _in_use.reset(token)


def _hide_in_log(record: logging.LogRecord) -> bool:
    keys = _in_use.get()
    if keys is not None:
        record.msg, record.args = keys.hide(record.getMessage()), ()
    return True


def extensions(keys: Keys | None) -> dict[str, object]:
    """What a request must be built with for its keys to go with it."""
    return {_EXTENSION: keys} if keys else {}


class KeyedTransport(httpx.BaseTransport):
    """Adds keys to requests as they go out, and takes the way that the environment tells.

    Proxies of the environment (``HTTPS_PROXY``, ``NO_PROXY``) are obeyed.
    """

    def __init__(self) -> None:
        self._ways: dict[str | None, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request with its keys."""
        rest = dict(request.extensions)
        keys = rest.pop(_EXTENSION, None)
        if isinstance(keys, Keys):
            request = httpx.Request(
                request.method,
                _with_query(request.url, keys.params),
                headers=[*request.headers.multi_items(), *keys.headers.items()],
                extensions=rest,
            )
        return self._way(request.url).handle_request(request)

    def close(self) -> None:
        """Close every connection."""
        for way in self._ways.values():
            way.close()

    def _way(self, url: httpx.URL) -> httpx.HTTPTransport:
        proxy = _proxy(url)
        if proxy not in self._ways:
            try:
                self._ways[proxy] = httpx.HTTPTransport(proxy=proxy)
            except (ImportError, ValueError, httpx.InvalidURL):
                usable = False  # raised below: the library's own words may hold a password
            else:
                usable = True
            if not usable:
                raise InputError(
                    f"the proxy that the environment names for {url.scheme} cannot be used: it "
                    "must be http://HOST:PORT or https://HOST:PORT"
                )
        return self._ways[proxy]


def _proxy(url: httpx.URL) -> str | None:
    """The proxy that the environment names for an address."""
    if proxy_bypass(url.host):
        return None
    named = getproxies()
    proxy = named.get(url.scheme) or named.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def _with_query(url: httpx.URL, params: Mapping[str, str]) -> httpx.URL:
    if not params:
        return url
    query = urlencode(params, quote_via=quote).encode()
    return url.copy_with(query=url.query + b"&" + query if url.query else query)
