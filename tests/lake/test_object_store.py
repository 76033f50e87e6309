"""A lake in an object store: S3, as moto speaks it on this machine."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from ibis import _

from boeki.errors import IntegrityError, LakeError
from boeki.ingest import pull
from boeki.ingest.verify import verify
from boeki.lake import Lake, open_lake
from boeki.measure import observations
from boeki.sources.base import Query
from tests.ingest.office import Office, pulled, write

pytest.importorskip("moto.server", reason="moto is not installed: boeki[dev]")

DAYS = (dt.date(2024, 1, 31), dt.date(2024, 3, 1))


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an S3 server with one bucket."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # In a process of its own: some calls of delta-rs hold this one's lock until they are answered.
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(port)
        urlopen(Request(f"{address}/lakes", method="PUT"), timeout=30).close()
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int) -> None:
    for _try in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError("the S3 server of the tests does not answer")


@pytest.fixture(autouse=True)
def environment(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What delta-rs reads from the environment."""
    for name, value in {
        "AWS_ENDPOINT_URL": store,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """A place of the test's own."""
    return f"s3://lakes/{request.node.name}"


def fetch(lake: Lake, folder: Path, name: str, published: dt.date) -> int:
    """Pull a file of the office, also where it came a moment ago; how many rows were new."""
    query = Query(names=(name,))
    return pull(lake, Office(folder, published=published), query, fresh=dt.timedelta(0)).added


def test_a_lake_is_made_pulled_into_and_read_again(address: str, tmp_path: Path) -> None:
    lake = open_lake(address, make=True)
    for day, value in zip(DAYS, (100, 110), strict=True):
        write(tmp_path, "a", [f"USA,TOTAL,2023-12,{value},final", "KOR,TOTAL,2023-12,1,final"])
        fetch(lake, tmp_path, "a", day)
    again = open_lake(address)
    assert [(r["partner"], int(r["value"]), r["revision"]) for r in pulled(again)] == [
        ("KOR", 1, 0),
        ("USA", 100, 0),
        ("USA", 110, 1),
    ]
    for day, value in ((DAYS[0], 100), (DAYS[1], 110), (None, 110)):
        table = observations(again, day, measures=["exports"]).filter(
            _.partner == "USA", _.month == 2023 * 12 + 11, _["product"] == "TOTAL"
        )
        found = again.execute(table.filter(_.published.isin(DAYS))).to_pylist()
        assert [int(r["value"]) for r in found] == [value]


def test_the_same_again_adds_nothing(address: str, tmp_path: Path) -> None:
    write(tmp_path, "a", ["USA,TOTAL,2023-12,5,final"])
    added = [fetch(open_lake(address, make=True), tmp_path, "a", DAYS[0]) for _time in range(2)]
    assert added == [1, 0]


def test_two_writers_at_once_both_land(address: str, tmp_path: Path) -> None:
    """Each commit is put on the condition that no other took its number."""
    open_lake(address, make=True)
    names = [f"n{n}" for n in range(4)]
    for n, name in enumerate(names):
        write(tmp_path, name, [f"USA,TOTAL,2023-{n + 1:02d},{n + 1},final"])
    ready, failed = threading.Barrier(len(names)), []

    def writer(name: str) -> None:
        try:
            lake = open_lake(address)
            ready.wait(60)
            fetch(lake, tmp_path, name, DAYS[0])
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=writer, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    found = pulled(open_lake(address))
    assert [(r["period"], int(r["value"])) for r in found] == [
        (f"2023-{n:02d}", n) for n in range(1, 5)
    ]


def test_raw_bytes_are_kept_under_their_hash_and_checked(address: str, tmp_path: Path) -> None:
    lake = open_lake(address, make=True)
    content = b"as it came" * 100_000
    sha256 = hashlib.sha256(content).hexdigest()
    (tmp_path / "given").write_bytes(content)
    assert lake.raw is not None
    for _time in range(2):
        lake.raw.keep(tmp_path / "given", sha256)
    assert lake.raw.hashes() == [sha256]
    found = lake.raw.path(sha256)
    assert found.read_bytes() == content
    found.write_bytes(b"changed")
    with pytest.raises(IntegrityError, match="not those that came"):
        lake.raw.path(sha256)
    with pytest.raises(LakeError, match="does not have the bytes"):
        lake.raw.path("0" * 64)


def test_what_is_verified_is_what_the_store_has(address: str, tmp_path: Path) -> None:
    """Not the copy that this machine kept when it pulled."""
    lake = open_lake(address, make=True)
    write(tmp_path, "a", ["USA,TOTAL,2023-12,5,final"])
    fetch(lake, tmp_path, "a", DAYS[0])
    assert lake.place is not None
    assert lake.raw is not None
    (sha256,) = lake.raw.hashes()
    under = f"raw/{sha256[:2]}/{sha256}"
    whole = lake.raw.path(sha256).read_bytes()
    sources = {"office": Office(tmp_path)}

    def errors(**how: bool) -> list[str]:
        found = verify(open_lake(address), sources=sources, **how)
        return [f.message for f in found.of("error") if f.check == "raw"]

    assert errors() == []
    with lake.place.files.open_output_stream(under) as stored:
        stored.write(whole.replace(b"5", b"6"))
    (said,) = errors()
    assert f"the bytes at {address}/{under} are not those that came" in said
    # The copies alone say nothing of it, and that they alone were looked at is told.
    assert errors(cached=True) == []
    quick = verify(open_lake(address), sources=sources, cached=True)
    assert [f.message for f in quick.of("info") if f.check == "raw"] == [
        f"copies on this machine were looked at, not the bytes at {address}"
    ]
    # As the message says: removed and pulled again, they are whole, whatever this machine kept.
    lake.place.files.delete_file(under)
    assert any("are gone" in said for said in errors())
    fetch(open_lake(address), tmp_path, "a", DAYS[0])
    assert errors() == []


def test_half_of_the_bytes_are_never_kept(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(address, make=True)
    assert lake.raw is not None

    def breaks_off(given: Any, kept: Any, length: int) -> None:
        kept.write(given.read(length))
        raise OSError(5, "Input/output error")

    (tmp_path / "given").write_bytes(b"x" * 3_000_000)
    monkeypatch.setattr("shutil.copyfileobj", breaks_off)
    with pytest.raises(LakeError, match="keep raw bytes"):
        lake.raw.keep(tmp_path / "given", "0" * 64)
    assert lake.raw.hashes() == []


def test_where_there_is_no_lake_that_is_said(address: str) -> None:
    with pytest.raises(LakeError, match="there is no lake at s3://lakes/"):
        open_lake(address)


def test_where_there_is_no_bucket_that_is_said() -> None:
    with pytest.raises(LakeError, match="s3://nobody"):
        open_lake("s3://nobody/lake", make=True)


def test_compacting_leaves_every_vintage(address: str, tmp_path: Path) -> None:
    lake = open_lake(address, make=True)
    for day, value in zip(DAYS, (1, 2), strict=True):
        write(tmp_path, "a", [f"USA,TOTAL,2023-12,{value},final"])
        fetch(lake, tmp_path, "a", day)
    before = pulled(lake)
    assert lake.delta is not None
    lake.delta.compact("flows")
    after = open_lake(address)
    assert after.delta is not None
    assert len(after.delta.snapshot("flows").files) == 1
    assert pulled(after) == before
