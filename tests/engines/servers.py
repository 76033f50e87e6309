"""Database servers for the tests: one that is named, or one started for them alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL: BOEKI_TEST_POSTGRES, or one that lives as long as the tests."""
    if named := os.environ.get("BOEKI_TEST_POSTGRES"):
        yield named
        return
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL: install its server, or name one as BOEKI_TEST_POSTGRES")
    # The path of a socket may have a hundred characters only.
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    try:
        who = _not_root(folder)
        data, options = folder / "data", f"-k {folder} -c listen_addresses= -F"
        initdb = ["-D", str(data), "-A", "trust", "-U", "boeki", "-E", "UTF8", "--no-sync"]
        _run([*who, str(programs / "initdb"), *initdb])
        control = [*who, str(programs / "pg_ctl"), "-D", str(data)]
        _run([*control, "-w", "-o", options, "-l", str(folder / "log"), "start"])
        try:
            yield f"postgresql:///postgres?host={folder}&user=boeki"
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """Where PostgreSQL's programs are; Debian puts them on no PATH."""
    found = [shutil.which("initdb"), *Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    paths = sorted(Path(f).resolve().parent for f in found if f)
    return paths[-1] if paths else None


def _not_root(folder: Path) -> list[str]:
    """How to run a program as somebody else: PostgreSQL refuses root."""
    if os.getuid():
        return []
    if not shutil.which("runuser"):
        pytest.skip("PostgreSQL does not run as root, and there is no runuser")
    shutil.chown(folder, "nobody")
    return ["runuser", "-u", "nobody", "--"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd="/")
    assert done.returncode == 0, done.stderr


@contextmanager
def http_clickhouse(user: str, password: str) -> Iterator[str]:
    """ClickHouse's HTTP port, as its documentation has it, before a ClickHouse in this process."""
    from boeki.lake.clickhouse import ClickHouseEngine

    engine = ClickHouseEngine("chdb")

    class Port(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if (self.headers["X-ClickHouse-User"], self.headers["X-ClickHouse-Key"]) != (
                user,
                password,
            ):
                return self.answer(403, b"Code: 516. DB::Exception: Authentication failed")
            body = self.body()
            asked = parse_qs(urlsplit(self.path).query)
            try:
                return self.answer(200, self.done(asked, body))
            except RuntimeError as error:
                return self.answer(404, str(error).encode())

        def done(self, asked: dict[str, list[str]], body: bytes) -> bytes:
            way: Any = engine.connection
            if "query" in asked:
                into = asked["query"][0].removesuffix("FORMAT ArrowStream")
                with tempfile.NamedTemporaryFile(suffix=".arrow") as file:
                    file.write(body)
                    file.flush()
                    way._connection.query(
                        f"{into} SELECT * FROM file('{file.name}', 'ArrowStream')", "Null"
                    )
                return b""
            return bytes(way._connection.query(body.decode(), "ArrowStream").bytes())

        def body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers["Content-Length"]))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"clickhouse://{user}:{password}@127.0.0.1:{server.server_port}/default"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        engine.close()
