"""Open tables, fetched by pymrio."""

from __future__ import annotations

import hashlib
import inspect
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner

from boeki.cli.main import cli
from boeki.errors import InputError, UnknownTerm, Unreachable
from boeki.world import direct, fetch_tables

pymrio = pytest.importorskip("pymrio")


def serving(monkeypatch: pytest.MonkeyPatch, function: str, files: list[str]) -> list[Any]:
    """pymrio as if its server gave these files; what it was asked."""
    asked: list[Any] = []
    real = inspect.signature(getattr(pymrio, function))

    def served(folder: str, **given: Any) -> None:
        real.bind(folder, **given)
        asked.append(given)
        for name in files:
            Path(folder, name).write_text("", encoding="utf-8")

    monkeypatch.setattr(pymrio, function, served)
    return asked


def test_years_and_edition_are_passed_on(monkeypatch, tmp_path) -> None:
    asked = serving(monkeypatch, "download_oecd", ["2018.csv", "meta.json"])
    files = fetch_tables("oecd", tmp_path / "new", [2018], edition="v2021")
    assert [f.name for f in files] == ["2018.csv"]
    assert asked == [{"years": [2018], "version": "v2021"}]
    asked = serving(monkeypatch, "download_exiobase3", ["IOT_2019_ixi.zip"])
    done = CliRunner().invoke(
        cli, ["world", "pull", "exiobase", "--year", "2019", "--into", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    assert "IOT_2019_ixi.zip  (--layout exiobase)" in done.output
    assert asked == [{"years": [2019], "system": "ixi"}]


def test_a_server_that_does_not_answer_is_told(monkeypatch, tmp_path) -> None:
    def refused(folder: str, **given: Any) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(pymrio, "download_wiod2013", refused)
    with pytest.raises(Unreachable, match=r"wiod2013 could not be fetched: no route to host"):
        fetch_tables("wiod2013", tmp_path, [2008])
    serving(monkeypatch, "download_wiod2013", [])
    with pytest.raises(Unreachable, match="nothing came for 2008"):
        fetch_tables("wiod2013", tmp_path, [2008])


def test_other_tables_are_not_known(tmp_path) -> None:
    with pytest.raises(UnknownTerm, match="there are oecd, wiod2013, exiobase, figaro, wiod2016"):
        fetch_tables("gtap", tmp_path)
    with pytest.raises(InputError, match="leave it out"):
        fetch_tables("exiobase", tmp_path, edition="v2021")


def test_boeki_pull_fetches_them_too(monkeypatch, tmp_path) -> None:
    asked = serving(monkeypatch, "download_oecd", ["2018.csv"])
    done = CliRunner().invoke(
        cli, ["pull", "oecd", "--from", "2017", "--to", "2018", "-o", f"into={tmp_path}",
              "-o", "edition=v2021"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert done.output.strip() == str(tmp_path / "2018.csv")
    assert asked == [{"years": [2017, 2018], "version": "v2021"}]
    with pytest.raises(UnknownTerm, match="unknown option of oecd 'folder'"):
        CliRunner().invoke(cli, ["pull", "oecd", "-o", "folder=x"], catch_exceptions=False)


class Publisher:
    """A server on this machine that gives files by their path, and counts what it is asked."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, self.headers["User-Agent"]))
                status, kind, body = outer.files.get(self.path, (404, "text/plain", b""))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    made = Publisher()
    for name, path in (("figaro", "/figaro_{year}.csv"), ("wiod2016", "/wiod.zip")):
        source = replace(direct.DIRECT[name], address=made.address + path)
        monkeypatch.setitem(direct.DIRECT, name, source)
    yield made
    made.server.shutdown()
    made.server.server_close()


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for year, content in members.items():
            packed.writestr(f"folder/WIOT{year[1:]}_October16_ROW.dta", content)
    return out.getvalue()


def test_figaro_comes_year_by_year_and_once(publisher: Publisher, tmp_path: Path) -> None:
    publisher.files["/figaro_2019.csv"] = (200, "text/csv", b"rowLabels,JP_C26\n")
    files = fetch_tables("figaro", tmp_path, [2019])
    assert [f.name for f in files] == ["matrix_eu-ic-io_ind-by-ind_24ed_2019.csv"]
    assert files[0].read_bytes() == b"rowLabels,JP_C26\n"
    assert fetch_tables("figaro", tmp_path, [2019]) == files
    assert len(publisher.asked) == 1
    assert publisher.asked[0][1].startswith("boeki/")
    with pytest.raises(InputError, match="has the years 2010 to 2022, not 2009"):
        fetch_tables("figaro", tmp_path, [2009])


def test_wiod_2016_is_unpacked_by_year(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = archive(y2013=b"thirteen", y2014=b"fourteen")
    publisher.files["/wiod.zip"] = (200, "application/zip", content)
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    stated = replace(direct.DIRECT["wiod2016"], sha1=digest)
    monkeypatch.setitem(direct.DIRECT, "wiod2016", stated)
    files = fetch_tables("wiod2016", tmp_path, [2014])
    assert [(f.name, f.read_bytes()) for f in files] == [
        ("WIOT2014_October16_ROW.dta", b"fourteen")
    ]
    fetch_tables("wiod2016", tmp_path, [2013, 2014])
    assert len(publisher.asked) == 1
    with pytest.raises(InputError, match="has no WIOT2012"):
        fetch_tables("wiod2016", tmp_path, [2012])


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ((200, "text/html", b"<html>Are you a browser?</html>"), "a page instead of the file"),
        ((503, "text/plain", b""), "answers 503"),
        ((200, "application/zip", b"another file"), "not the file that its publisher describes"),
    ],
)
def test_what_is_not_the_file_is_not_kept(
    publisher: Publisher, tmp_path: Path, reply: tuple[int, str, bytes], words: str
) -> None:
    publisher.files["/wiod.zip"] = reply
    with pytest.raises(Unreachable, match=words) as told:
        fetch_tables("wiod2016", tmp_path, [2014])
    assert "by hand from https://doi.org/10.34894/PJ2M1C" in str(told.value)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_is_there_is_held_against_its_digest(
    publisher: Publisher, tmp_path: Path
) -> None:
    (tmp_path / "WIOTS_in_STATA.zip").write_bytes(archive(y2014=b"another"))
    with pytest.raises(InputError, match="not the file that its publisher describes"):
        fetch_tables("wiod2016", tmp_path, [2014])
    assert publisher.asked == []


def test_a_broken_archive_or_folder_is_told(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(direct.DIRECT, "wiod2016", replace(direct.DIRECT["wiod2016"], sha1=""))
    (tmp_path / "WIOTS_in_STATA.zip").write_bytes(b"half")
    with pytest.raises(InputError, match="is no whole archive"):
        fetch_tables("wiod2016", tmp_path, [2014])
    monkeypatch.setattr(direct, "_TABLE", 3)
    (tmp_path / "WIOTS_in_STATA.zip").write_bytes(archive(y2014=b"much"))
    with pytest.raises(InputError, match="far larger than a table"):
        fetch_tables("wiod2016", tmp_path, [2014])
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot make the folder"):
        fetch_tables("figaro", tmp_path / "file" / "in", [2014])


def test_tables_are_not_pulled_where_nothing_is_to_be_asked(
    publisher: Publisher, tmp_path: Path
) -> None:
    for word in ("--dry-run", "--offline"):
        done = CliRunner().invoke(cli, ["pull", "figaro", word, "-o", f"into={tmp_path}"])
        assert done.exit_code == 2
        assert "do not know it" in done.output
    assert publisher.asked == []
