"""One reply on its way: asked for, followed, gone on with, tried again, and given up."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Literal

import httpx

from boeki.errors import InputError, NotAsExpected, Refused, Unreachable
from boeki.sources import replies
from boeki.sources.base import About, Request
from boeki.sources.discretion import Keys, extensions
from boeki.sources.kinds import fault, shortened
from boeki.sources.partial import Part, oversize
from boeki.sources.patience import Fetched, Means, Progress
from boeki.sources.replies import Broken, host_of
from boeki.sources.turns import turn

_log = logging.getLogger(__name__)
_MOST_HOPS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_LATER = {408, 425, 429, 500, 502, 503, 504}
#: Kinds that are compressed already: asking for them as they are lets a broken transfer go on.
_PACKED = {"zip", "7z", "xlsx", "parquet"}
_EXCERPT = 8_192


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why an attempt failed that is worth another; the seconds that the server asked for."""

    said: str
    asked: float | None = None
    status: int = 0


class Transfer:
    """One reply on its way.

    Errors of the HTTP library are turned into words before any error of boeki's is raised, so that
    none of them hangs on to another as its cause or context.
    """

    def __init__(
        self,
        means: Means,
        request: Request,
        about: About,
        part: Part,
        keys: Keys,
        progress: Progress,
        known: Mapping[str, str],
        turns: Path,
    ) -> None:
        self._means, self._patience = means, means.patience
        self._request, self._about, self._part, self._keys = request, about, part, keys
        self._progress, self._known, self._turns = progress, known, turns
        self._shown = keys.hide(request.shown)
        self._until = means.clock() + means.patience.total

    def run(self) -> Fetched:
        """Ask until the reply is whole, or there is no use in asking."""
        url = self._address()
        failure = _Failure("it was not asked")
        try:
            for attempt in range(self._patience.attempts):
                wait = self._backoff(attempt)
                outcome = self._followed(url, wait)
                if isinstance(outcome, Fetched):
                    return outcome
                failure = outcome
                asked = failure.asked or 0.0
                _log.info("%s, attempt %d: %s", self._shown, attempt + 1, failure.said)
                if asked > self._patience.longest_wait or max(asked, wait) > self._left():
                    break
        finally:
            self._part.leave()
        raise self._given_up(failure, attempt + 1)

    def _address(self) -> httpx.URL:
        try:
            url = httpx.URL(self._request.shown)
        except (httpx.InvalidURL, ValueError):
            url = None
        if url is None or not url.host or url.userinfo:
            raise InputError(
                f"{self._request.name}: its address is no web address, or has a password in it, "
                "which belongs in secret_headers"
            )
        return url.copy_with(fragment=None)

    def _followed(self, url: httpx.URL, wait: float) -> Fetched | _Failure:
        """One attempt, with its redirects. Each request waits for its turn."""
        keyed, pause = True, self._about.pause
        for _ in range(_MOST_HOPS + 1):
            with turn(
                self._turns,
                host_of(url),
                pause,
                most=max(self._patience.longest_wait, pause),
                left=self._left,
                now=self._means.now,
                sleep=self._means.sleep,
            ) as mine:
                outcome = self._asked(url, keyed)
                if isinstance(outcome, _Failure):
                    asked = wait if outcome.asked is None else outcome.asked
                    mine.rest = max(pause, min(asked, self._patience.longest_wait))
            if not isinstance(outcome, httpx.URL):
                return outcome
            keyed = keyed and replies.same_host(url, outcome)
            url = outcome
        raise Refused(
            f"{self._shown} redirects more than {_MOST_HOPS} times, perhaps in a circle: the "
            "address may have changed; open it in a browser to see where it leads"
        )

    def _asked(self, url: httpx.URL, keyed: bool) -> Fetched | _Failure | httpx.URL:
        """One request: the reply, where it redirects to, or why it failed."""
        have, mark = self._part.resumable()
        request = self._means.client.build_request(
            "GET",
            url,
            headers=self._headers(have, mark),
            extensions=extensions(self._keys if keyed else None),
        )
        try:
            reply = self._means.client.send(request, stream=True)
            try:
                return self._taken(reply, url, have)
            finally:
                reply.close()
        except (httpx.HTTPError, httpx.StreamError) as error:
            said, hopeless = _in_words(error), _is_hopeless(error)
        except Broken as error:
            said, hopeless = str(error), False
        said = self._keys.hide(said)
        if hopeless:
            raise Unreachable(f"{self._shown}: {said}")
        return _Failure(said)

    def _headers(self, have: int, mark: str) -> httpx.Headers:
        packed = self._request.media in _PACKED
        headers = {
            "User-Agent": user_agent(),
            "Accept": "*/*",
            "Accept-Encoding": "identity" if packed or have else "gzip",
        }
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": mark}
        else:
            asks = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
            headers |= {asks[k]: v for k, v in self._known.items() if k in asks and v}
        asked = httpx.Headers(headers)
        asked.update(dict(self._request.headers))  # whatever the case of their names
        return asked

    def _taken(
        self, reply: httpx.Response, url: httpx.URL, have: int
    ) -> Fetched | _Failure | httpx.URL:
        status = reply.status_code
        if status in _REDIRECTS:
            return self._next(url, reply.headers.get("location", ""))
        if status == 304 and self._known and not have:
            return self._fetched("unchanged", None, "", 0, reply)
        if status == 200:
            return self._received(reply, 0)
        if status == 206 and have:
            first, whole = replies.range_of(reply.headers)
            if first == have and (whole is None or whole > have):
                return self._received(reply, have)
        if status in (206, 416) and have:
            self._part.clear()
            return _Failure("it could not go on where the transfer had broken off")
        if status in _LATER:
            asked = replies.wait_asked(reply.headers, self._means.now())
            return _Failure(f"it answered {status}{self._excerpt(reply)}", asked, status)
        raise self._refused(status, reply)

    def _next(self, url: httpx.URL, location: str) -> httpx.URL:
        to = replies.next_hop(url, location, self._means.allowed)
        for name in self._keys.params:
            if name in to.params:  # the server repeats the key
                to = to.copy_remove_param(name)
        if self._keys.hide(str(to)) != str(to):
            raise Refused(
                f"{host_of(url)} redirects to an address with the key in it: it is not followed"
            )
        return to

    def _received(self, reply: httpx.Response, have: int) -> Fetched:
        """Take the body of a reply, and see that it is whole and of its kind."""
        encoding, length = replies.encoding_of(reply.headers), replies.length_of(reply.headers)
        total = None if length is None or encoding else have + length
        if (length or 0) + have > self._about.most_bytes:
            self._part.clear()
            raise oversize(self._shown, self._about.most_bytes, (length or 0) + have)
        if have:
            self._part.go_on()
        else:
            self._part.begin(replies.mark_of(reply.headers))
        for piece in replies.decoded(self._watched(reply.iter_raw()), encoding, self._shown):
            self._part.write(piece)
            self._progress(self._part.size, total)
        whole = replies.range_of(reply.headers)[1] if have else total
        if whole is not None and self._part.size != whole:
            raise Broken(f"{self._part.size:,} bytes came of {whole:,}")
        wrong = fault(self._part.written(), self._request.media, self._keys.hide)
        if wrong:
            self._part.clear()
            raise NotAsExpected(f"{self._shown} {wrong}")
        path, sha256 = self._part.finish()
        return self._fetched("new", path, sha256, self._part.size, reply)

    def _watched(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks of a body, as long as they come fast enough."""
        since, seen = self._means.clock(), 0
        for chunk in chunks:
            seen += len(chunk)
            took = self._means.clock() - since
            if self._left() <= 0:
                raise Broken(f"it was not done within {self._patience.total:g} s")
            if took >= self._patience.over:
                if seen < self._patience.slowest * took:
                    raise Broken(f"it sent {seen / took:.0f} bytes a second")
                since, seen = self._means.clock(), 0
            yield chunk

    def _fetched(
        self,
        status: Literal["new", "unchanged"],
        path: Path | None,
        sha256: str,
        size: int,
        reply: httpx.Response,
    ) -> Fetched:
        marks = {k: reply.headers[k] for k in ("etag", "last-modified") if k in reply.headers}
        return Fetched(
            status,
            path,
            sha256,
            size,
            self._means.moment(),
            replies.modified_day(reply.headers),
            reply.headers.get("etag", ""),
            reply.headers.get("content-type", ""),
            {**(self._known if status == "unchanged" else {}), **marks},
        )

    def _refused(self, status: int, reply: httpx.Response) -> Refused | NotAsExpected:
        said = f"{self._shown} was answered with {status}{self._excerpt(reply)}"
        if status < 400:
            return NotAsExpected(f"{said}, which holds no figures: report it")
        key = self._about.key
        if status in (401, 403) and key:
            hint = f"see that the key in {key} is right and has not run out"
        elif status in (401, 403):
            hint = "it may not serve programs, or not from here; open it in a browser to see"
        elif status in (404, 410):
            hint = "it may not be out yet, or have been moved; see that the name is right"
        else:
            hint = f"see {self._about.home} for what it takes"
        return Refused(f"{said}: {hint}", status)

    def _excerpt(self, reply: httpx.Response) -> str:
        """What the body of a refusal says, short and without keys, as `` ('…')``."""
        data = b""
        encoding = replies.encoding_of(reply.headers)
        try:
            for piece in replies.decoded(self._watched(reply.iter_raw()), encoding, self._shown):
                data += piece[:_EXCERPT]
                if len(data) >= _EXCERPT:
                    break
        except (httpx.HTTPError, httpx.StreamError, Broken, NotAsExpected):
            pass  # the status says enough
        text = shortened(data, hide=self._keys.hide)
        return f" ({text!r})" if text else ""

    def _given_up(self, failure: _Failure, attempts: int) -> Unreachable | Refused:
        asked = failure.asked or 0.0
        times = "once" if attempts == 1 else f"{attempts} times"
        said = f"{self._shown} was asked for {times}; at last {failure.said}"
        if asked > self._patience.longest_wait:
            until = self._means.moment() + dt.timedelta(seconds=min(asked, 31_536_000))
            said += (
                f" and asks to be left alone until {until:%Y-%m-%d %H:%M} UTC: run it again then"
            )
        else:
            said += ": try again later"
        return Refused(said, 429) if failure.status == 429 else Unreachable(said)

    def _backoff(self, attempt: int) -> float:
        wait = self._patience.first_wait * 2.0**attempt
        return min(wait, self._patience.longest_wait) * (1 - self._means.jitter() / 2)

    def _left(self) -> float:
        return self._until - self._means.clock()


@cache
def user_agent() -> str:
    """How boeki names itself. Some offices answer only what looks like a browser."""
    try:
        version = metadata.version("boeki")
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        version = "dev"
    return f"Mozilla/5.0 (compatible; boeki/{version}; +https://boeki.readthedocs.io)"


def _in_words(error: Exception) -> str:
    """What went wrong, without the library's own text where that repeats what was sent."""
    if _is_hopeless(error):
        if isinstance(error, httpx.ConnectError):
            return (
                f"its certificate is not accepted ({error}): if your network has one of its own, "
                "name it in SSL_CERT_FILE"
            )
        return "a header of the request cannot be sent: see the source's headers and its key"
    if isinstance(error, httpx.ConnectTimeout):
        return "it could not be connected to in time"
    if isinstance(error, httpx.TimeoutException):
        return "it stopped answering"
    if isinstance(error, httpx.ConnectError):
        return f"it could not be connected to ({error})"
    if isinstance(error, httpx.RemoteProtocolError):
        return f"it broke off ({error})"
    return f"the connection failed ({type(error).__name__})"


def _is_hopeless(error: Exception) -> bool:
    """Whether asking again would end in the same way."""
    if isinstance(error, httpx.ConnectError):
        return "CERTIFICATE_VERIFY_FAILED" in str(error)
    return isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol)
