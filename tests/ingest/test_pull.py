"""A pull: what is asked for, what is kept, what is read, and what stops it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from boeki.errors import (
    BoekiError,
    InputError,
    LakeError,
    MissingKey,
    NotAsExpected,
    Refused,
    Unreachable,
)
from boeki.ingest import Reply, pull
from boeki.lake import Lake, open_lake
from boeki.sources.base import About, Parsed, Query, Raw, Request
from boeki.sources.fetch import Fetched, Fetcher
from tests.ingest.deliveries import DAYS, NOW, ask, bring, known, line
from tests.ingest.office import Office, pulled, write

MON, TUE = DAYS[:2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    for name in "abcd":
        write(made, name, [line(name.upper(), 1)])
    return made


class Server(Fetcher):
    """Counts what it is asked for, and fails where it is told to."""

    def __init__(self, failing: dict[str, Exception] | None = None) -> None:
        super().__init__()
        self.failing = failing or {}
        self.asked: list[str] = []
        self.told: list[dict[str, str]] = []

    def fetch(self, request: Request, about: About, into: Path, **how: Any) -> Fetched:
        self.asked.append(request.name)
        self.told.append(dict(how["validators"]))
        if request.name in self.failing:
            raise self.failing[request.name]
        return super().fetch(request, about, into, **how)


def where(lake: Lake) -> str:
    assert lake.place is not None
    return lake.place.address


def states(replies: Iterable[Reply]) -> list[tuple[str, str]]:
    return [(r.name, r.state) for r in replies]


def test_what_a_reply_says_of_itself(place: Lake, folder: Path) -> None:
    (reply,) = ask(place, folder, "a", MON).replies
    assert (reply.name, reply.state, reply.added, reply.refused) == ("a", "read", 1, 0)
    assert reply.address == str(folder / "a.csv")
    assert place.raw is not None
    assert place.raw.path(reply.sha256).read_bytes() == (folder / "a.csv").read_bytes()
    assert place.delta is not None
    (noted,) = place.delta.read("pulls").to_pylist()
    assert [noted[f"rows_{w}"] for w in ("read", "added", "refused")] == [1, 1, 0]


def test_a_lake_in_memory_cannot_be_pulled_to(folder: Path) -> None:
    with pytest.raises(LakeError, match="say where to keep"):
        pull(Lake(), Office(folder), Query(names=("a",)))


# --- asking ---------------------------------------------------------------------------------------


def test_a_fresh_reply_is_not_asked_for_again(place: Lake, folder: Path) -> None:
    server = Server()
    for expected in ("read", "unchanged"):
        done = pull(place, Office(folder), Query(names=("a",)), fetcher=server)
        assert states(done.replies) == [("a", expected)]
    assert server.asked == ["a"]
    pull(place, Office(folder), Query(names=("a",)), fetcher=server, fresh=NOW)
    assert server.asked == ["a", "a"]


def test_again_reads_again_and_does_not_ask(place: Lake, folder: Path) -> None:
    server = Server()
    source = Office(folder, published=MON)
    for again in (False, True):
        done = pull(place, source, Query(names=("a",)), fetcher=server, again=again)
        assert states(done.replies) == [("a", "read")]
    assert server.asked == ["a"]
    assert len(pulled(place)) == 1


def test_offline_asks_nobody(place: Lake, folder: Path) -> None:
    ask(place, folder, "a", MON)
    (folder / "a.csv").unlink()
    server = Server()
    how: dict[str, Any] = {"fetcher": server, "offline": True, "again": True, "fresh": NOW}
    source = Office(folder, published=MON)
    done = pull(open_lake(where(place)), source, Query(names=("a", "b")), **how)
    assert states(done.replies) == [("a", "read"), ("b", "failed")]
    assert "pull it without --offline" in done.replies[1].error
    assert server.asked == []


def test_the_same_name_at_another_address_is_asked_for(
    place: Lake, folder: Path, tmp_path: Path
) -> None:
    ask(place, folder, "a", MON)
    other = tmp_path / "other"
    other.mkdir()
    write(other, "a", [line("A", 2)])
    done = pull(place, Office(other, published=TUE), Query(names=("a",)))
    assert states(done.replies) == [("a", "read")]
    assert known(place, (MON, TUE)) == {(MON, "A"): 1, (TUE, "A"): 2}


def test_a_server_is_told_what_came_before_and_may_say_nothing_changed(
    place: Lake, folder: Path
) -> None:
    class Unchanged(Server):
        def fetch(self, request: Request, about: About, into: Path, **how: Any) -> Fetched:
            came = super().fetch(request, about, into, **how)
            if not how["validators"]:
                return Fetched(**{**fields(came), "validators": {"etag": "1"}})
            assert came.path is not None
            came.path.unlink()
            return Fetched("unchanged", None, "", 0, came.retrieved, None)

    server = Unchanged()
    for expected in ("read", "unchanged"):
        done = pull(place, Office(folder), Query(names=("a",)), fetcher=server, fresh=NOW)
        assert states(done.replies) == [("a", expected)]
    assert server.told == [{}, {"etag": "1"}]
    # A reply whose bytes are gone is asked for as if it had never come.
    assert place.raw is not None
    place.raw.path(done.replies[0].sha256).unlink()
    done = pull(place, Office(folder), Query(names=("a",)), fetcher=server, fresh=NOW)
    assert states(done.replies) == [("a", "unchanged")]
    assert server.told[-1] == {}
    assert place.raw.path(done.replies[0].sha256)


def fields(came: Fetched) -> dict[str, Any]:
    return {name: getattr(came, name) for name in came.__dataclass_fields__}


@pytest.mark.parametrize("harm", [lambda p: p.unlink(), lambda p: p.write_bytes(b"half")])
def test_a_kept_reply_that_is_gone_or_damaged_is_fetched_anew(
    place: Lake, folder: Path, harm: Callable[[Path], None]
) -> None:
    reply = ask(place, folder, "a", MON).replies[0]
    assert place.raw is not None
    kept = place.raw.path(reply.sha256)
    harm(kept)
    # Also where it came a moment ago.
    source = Office(folder, published=MON)
    assert states(pull(place, source, Query(names=("a",))).replies) == [("a", "unchanged")]
    assert kept.read_bytes() == (folder / "a.csv").read_bytes()


@pytest.mark.parametrize("harm", [lambda p: p.unlink(), lambda p: p.write_bytes(b"half")])
def test_offline_a_kept_reply_that_is_gone_or_damaged_fails_alone(
    place: Lake, folder: Path, harm: Callable[[Path], None]
) -> None:
    for name in "ab":
        reply = ask(place, folder, name, MON).replies[0]
    assert place.raw is not None
    harm(place.raw.path(reply.sha256))
    done = pull(place, Office(folder), Query(names=("b", "a")), offline=True, again=True)
    assert [r.state for r in done.replies] == ["failed", "read"]
    assert reply.sha256 in done.replies[0].error


# --- replies that ask for others ------------------------------------------------------------------


class Pages(Office):
    """Of two pages; the first says where the second is."""

    def requests(self, query: Query) -> Iterable[Request]:
        return list(super().requests(Query(names=("a",))))

    def parse(self, raw: Raw) -> Parsed:
        parsed = super().parse(raw)
        more = tuple(super().requests(Query(names=("b",)))) if raw.request.name == "a" else ()
        return Parsed(parsed.parts, more)


def test_pages_that_did_not_come_are_asked_for_next_time(place: Lake, folder: Path) -> None:
    down = Server({"b": Refused("not now")})
    done = pull(place, Pages(folder), Query(), fetcher=down)
    assert states(done.replies) == [("a", "read"), ("b", "failed")]
    # The first page came a moment ago, and has not changed: the second is asked for all the same.
    done = pull(open_lake(where(place)), Pages(folder), Query())
    assert states(done.replies) == [("a", "read"), ("b", "read")]
    assert done.added == 1
    assert {r["product"] for r in pulled(open_lake(where(place)))} == {"A", "B"}


# --- failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [Refused("no"), NotAsExpected("a page of HTML"), Unreachable("no answer")]
)
def test_a_reply_that_fails_does_not_keep_the_others_away(
    place: Lake, folder: Path, error: BoekiError
) -> None:
    server = Server({"b": error})
    done = pull(place, Office(folder), Query(names=("a", "b", "c")), fetcher=server)
    assert states(done.replies) == [("a", "read"), ("b", "failed"), ("c", "read")]
    assert [r.error for r in done.failed] == [f"{type(error).__name__}: {error}"]
    assert {r["product"] for r in pulled(place)} == {"A", "C"}
    # Asked once more, only what failed is still missing.
    done = pull(place, Office(folder), Query(names=("a", "b", "c")))
    assert states(done.replies) == [("a", "unchanged"), ("b", "read"), ("c", "unchanged")]


def test_a_file_in_another_layout_fails_alone(place: Lake, folder: Path) -> None:
    (folder / "a.csv").write_text("something,else\n1,2\n")
    done = pull(place, Office(folder), Query(names=("a", "b")))
    assert states(done.replies) == [("a", "failed"), ("b", "read")]
    assert "another header" in done.replies[0].error


def test_three_in_a_row_without_an_answer_end_it(place: Lake, folder: Path) -> None:
    server = Server(dict.fromkeys("bcd", Unreachable("no answer")))
    write(folder, "e", [line("E", 1)])
    with pytest.raises(Unreachable, match=r"3 times in a row; 1 replies were not asked for"):
        pull(place, Office(folder), Query(names=tuple("abcde")), fetcher=server)
    assert server.asked == list("abcd")
    assert {r["product"] for r in pulled(place)} == {"A"}


def test_an_answer_in_between_lets_it_go_on(place: Lake, folder: Path) -> None:
    server = Server(dict.fromkeys("acd", Unreachable("no answer")))
    done = pull(place, Office(folder), Query(names=tuple("acbd")), fetcher=server)
    assert [r.state for r in done.replies] == ["failed", "failed", "read", "failed"]


@pytest.mark.parametrize("error", [MissingKey("no key"), InputError("no such thing")])
def test_what_only_the_user_can_mend_ends_it(place: Lake, folder: Path, error: BoekiError) -> None:
    with pytest.raises(type(error), match=str(error)):
        pull(place, Office(folder), Query(names=("a", "b")), fetcher=Server({"a": error}))


# --- secrets --------------------------------------------------------------------------------------


def test_a_key_is_written_nowhere(place: Lake, folder: Path) -> None:
    secret = "s3cr3t-0123456789"

    class Keyed(Office):
        def requests(self, query: Query) -> Iterable[Request]:
            return [
                Request(
                    r.name,
                    r.address,
                    secrets={"key": secret},
                    secret_headers={"X-Key": secret},
                    context=r.context,
                )
                for r in super().requests(query)
            ]

    write(folder, "b", [line("B", "?"), line("", 1)])
    (folder / "c.csv").write_text("another layout\n")
    for offline in (False, True):
        source = Keyed(folder, published=MON)
        done = pull(place, source, Query(names=("a", "b", "c")), offline=offline, again=True)
        assert len(done.failed) == 1
        assert secret not in repr(done)
    files = [p for p in Path(where(place)).rglob("*") if p.is_file()]
    assert len(files) > 10
    assert [p for p in files if secret.encode() in p.read_bytes()] == []
    assert place.delta is not None
    for name in ("fetches", "documents", "pulls", "quarantine"):
        told = place.delta.read(name).to_pylist()
        assert told
        assert secret not in str(told)


# --- progress -------------------------------------------------------------------------------------


def test_progress_is_told_of_each_reply(place: Lake, folder: Path) -> None:
    told: list[object] = []

    class Told:
        def asked(self, request: Request, left: int) -> None:
            told.append((request.name, left))

        def came(self, size: int, whole: int | None) -> None:
            told.append(size == whole)

        def done(self, reply: Reply) -> None:
            told.append(reply.state)

    bring(place, folder, "a", MON, {"A": 1})
    pull(place, Office(folder, published=MON), Query(names=("a", "b")), progress=Told())
    assert told == [("a", 1), "unchanged", ("b", 0), True, "read"]


def test_the_day_of_a_file_is_that_of_its_last_change(place: Lake, folder: Path) -> None:
    ask(place, folder, "a")
    (row,) = pulled(place)
    assert row["published"] == dt.datetime.now(dt.UTC).date()
