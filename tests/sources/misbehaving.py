"""A web server on this machine that does everything wrong that servers do, on demand."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Step = Callable[["Handler"], None]


@dataclass
class Asked:
    """A request as the server saw it."""

    path: str
    headers: dict[str, str]
    at: float


@dataclass
class Server:
    """What it answers, and what it was asked.

    Each path has its steps: one for each request, the last one for all that follow.
    """

    host: str
    steps: dict[str, list[Step]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    together: int = 0
    most_together: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def on(self, path: str, *steps: Step) -> str:
        """Answer so; returns the address."""
        self.steps[path] = list(steps)
        return f"http://{self.host}{path}"

    def next_step(self, path: str) -> Step:
        steps = self.steps[path.partition("?")[0]]
        return steps.pop(0) if len(steps) > 1 else steps[0]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    told: Server
    timeout = 5

    def do_GET(self) -> None:
        told = self.told
        with told.guard:
            headers = {k.lower(): v for k, v in self.headers.items()}
            told.asked.append(Asked(self.path, headers, time.monotonic()))
            told.together += 1
            told.most_together = max(told.most_together, told.together)
            step = told.next_step(self.path)
        try:
            step(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the other side had enough
        finally:
            with told.guard:
                told.together -= 1

    def head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        return None


class Quiet(ThreadingHTTPServer):
    """Says nothing of connections that end badly: they are meant to."""

    def handle_error(self, request: object, client_address: object) -> None:
        return None


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server, as long as this lasts; with TLS where it has a certificate."""
    httpd = Quiet(("127.0.0.1", 0), Handler)
    httpd.daemon_threads, httpd.block_on_close = True, False
    if tls is not None:
        httpd.socket = tls.wrap_socket(httpd.socket, server_side=True)
    told = Server(f"127.0.0.1:{httpd.server_address[1]}")
    httpd.RequestHandlerClass = type("Told", (Handler,), {"told": told})
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        httpd.shutdown()
        thread.join(5)
        httpd.server_close()


def body(data: bytes, status: int = 200, **headers: str) -> Step:
    """Answer as one should."""
    named = {k.replace("_", "-"): v for k, v in headers.items()}

    def step(h: Handler) -> None:
        h.head(status, {"Content-Length": str(len(data)), **named})
        h.wfile.write(data)

    return step


def cut(data: bytes, after: int, **headers: str) -> Step:
    """Promise all, send a part, and hang up."""
    named = {k.replace("_", "-"): v for k, v in headers.items()}

    def step(h: Handler) -> None:
        h.head(200, {"Content-Length": str(len(data)), **named})
        h.wfile.write(data[:after])
        h.close_connection = True

    return step


def ranged(
    data: bytes, mark: str, cut_after: int | None = None, piece: int = 0, pause: float = 0.0
) -> Step:
    """Serve ranges of a file that has a mark, if need be a part of them only, or slowly."""

    def step(h: Handler) -> None:
        marks = {"ETag": mark, "Accept-Ranges": "bytes"}
        asked = h.headers.get("Range")
        if asked and h.headers.get("If-Range") == mark:
            first = int(asked.removeprefix("bytes=").removesuffix("-"))
            rest = data[first:]
            said = f"bytes {first}-{len(data) - 1}/{len(data)}"
            h.head(206, {"Content-Length": str(len(rest)), "Content-Range": said, **marks})
        else:
            rest = data
            h.head(200, {"Content-Length": str(len(rest)), **marks})
        rest = rest[:cut_after]
        for start in range(0, len(rest), piece or len(rest)):
            h.wfile.write(rest[start : start + (piece or len(rest))])
            h.wfile.flush()
            time.sleep(pause)
        h.close_connection = cut_after is not None

    return step


def chunked(pieces: Iterator[bytes] | list[bytes], pause: float = 0.0, **headers: str) -> Step:
    """Send without saying how much there will be."""
    named = {k.replace("_", "-"): v for k, v in headers.items()}

    def step(h: Handler) -> None:
        h.head(200, {"Transfer-Encoding": "chunked", **named})
        for piece in pieces:
            h.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            h.wfile.flush()
            time.sleep(pause)
        h.wfile.write(b"0\r\n\r\n")

    return step


def stalled(data: bytes, seconds: float, **headers: str) -> Step:
    """Send a part, then nothing."""
    named = {k.replace("_", "-"): v for k, v in headers.items()}

    def step(h: Handler) -> None:
        h.head(200, {"Content-Length": str(len(data) * 10), **named})
        h.wfile.write(data)
        h.wfile.flush()
        time.sleep(seconds)
        h.close_connection = True

    return step


def raw(data: bytes) -> Step:
    """Send these bytes for an answer, and hang up."""

    def step(h: Handler) -> None:
        h.wfile.write(data)
        h.close_connection = True

    return step
