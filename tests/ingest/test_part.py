"""What happens to the rows of a reply: checked, let in, or kept apart with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from boeki.errors import NotAsExpected
from boeki.ingest import Pulled, pull
from boeki.lake import Lake, open_lake
from boeki.lake.selection import text
from boeki.sources.base import (
    FLOW_ROWS,
    PUBLISHED,
    SERIES_ROWS,
    Document,
    Fault,
    Identity,
    Parsed,
    Part,
    Query,
    Raw,
    Request,
)
from tests.ingest.deliveries import DAYS, NOW, ask, line
from tests.ingest.office import ABOUT, WHOLE, Office, pulled, write

MON, TUE = DAYS[:2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def quarantined(lake: Lake) -> list[tuple[str, str]]:
    """Reason and content of what was not let in."""
    assert lake.delta is not None
    return sorted((r["reason"], r["content"]) for r in lake.delta.read("quarantine").to_pylist())


def whole(lake: Lake, folder: Path, *identities: Identity) -> Pulled:
    """Pull the file ``a`` with identities to hold."""
    source = Office(folder, identities=identities, published=MON)
    return pull(lake, source, Query(names=("a",)), fresh=NOW)


# --- counted and kept -----------------------------------------------------------------------------


def test_every_line_is_new_known_or_refused(place: Lake, folder: Path) -> None:
    write(folder, "a", [line("A", 1), line("B", 2)])
    ask(place, folder, "a", MON)
    lines = [line("A", 1), line("B", 3), line("C", 4), line("D", "?"), line("E", -5), line("C", 4)]
    write(folder, "a", lines)
    (taken,) = ask(place, folder, "a", TUE).replies[0].taken
    assert (taken.read, taken.added, taken.refused) == (6, 2, 2)
    # Those that are neither: A says what was known, and C is told twice.
    assert len(pulled(place)) == 2 + taken.added
    assert [reason for reason, _ in quarantined(place)] == [
        "not a number",
        "value is negative: -5.000",
    ]
    assert taken.reasons == {"not a number": 1, "value is negative: -5.000": 1}


def test_what_is_refused_is_kept_to_the_last_digit(place: Lake, folder: Path) -> None:
    write(folder, "a", [line("", "12345678901234567.891"), 'USA,"X;""y",2024-01,many,final'])
    ask(place, folder, "a", MON)
    (first, content), (second, said) = quarantined(place)
    assert (first, second) == ("not a number", "product is empty")
    assert json.loads(content) == 'USA,X;"y,2024-01,many,final'
    row = json.loads(said, parse_float=Decimal)
    assert row["value"] == Decimal("12345678901234567.891")
    assert (row["partner"], row["period"], row["source"]) == (
        "USA",
        "2024-01",
        "office/a@2024-01-01",
    )


def test_the_same_refusal_is_kept_once(place: Lake, folder: Path) -> None:
    write(folder, "a", [line("A", "?"), line("A", "?"), line("B", -1)])
    ask(place, folder, "a", MON)
    ask(place, folder, "a", MON, again=True)
    assert [reason for reason, _ in quarantined(place)] == ["not a number"] * 2 + [
        "value is negative: -1.000"
    ]


def test_two_tables_of_one_document_both_have_their_faults_kept(place: Lake, folder: Path) -> None:
    faults = (Fault("line 1", "?", "not a number"),)
    document = Document("a", "A file", MON)
    parts = [
        Part(document, "flows", FLOW_ROWS.empty_table(), faults=faults),
        Part(document, "series", SERIES_ROWS.empty_table(), faults=faults),
    ]
    write(folder, "a", [])
    pull(place, Given(folder, parts), Query(names=("a",)))
    assert len(quarantined(place)) == 2


class Given(Office):
    """Parts that a test made."""

    def __init__(self, folder: Path, parts: Iterable[Part]) -> None:
        super().__init__(folder)
        self.parts = parts

    def parse(self, raw: Raw) -> Parsed:
        return Parsed(parts=self.parts)


# --- identities -----------------------------------------------------------------------------------


def test_a_group_that_breaks_an_identity_is_kept_apart_whole(place: Lake, folder: Path) -> None:
    good = [line("A", 3, partner="WLD"), line("A", 1), line("A", 2, partner="CHN")]
    bad = [line("B", 4, partner="WLD"), line("B", 1), line("B", 2, partner="CHN")]
    write(folder, "a", good + bad)
    assert whole(place, folder, WHOLE).refused == 3
    assert {r["product"] for r in pulled(place)} == {"A"}
    reasons = {reason for reason, _ in quarantined(place)}
    assert reasons == {"not so: the partners add up to the world"}
    assert {json.loads(c)["product"] for _, c in quarantined(place)} == {"B"}


def test_a_group_that_lacks_a_refused_row_is_not_taken_for_whole(place: Lake, folder: Path) -> None:
    write(folder, "a", [line("A", 3, partner="WLD"), line("A", 3), line("A", 0, partner="QQQ")])
    zero = Identity("three rows", ("product",), "count(*) = 3")
    assert whole(place, folder, zero).refused == 3
    assert pulled(place) == []


def test_an_identity_that_cannot_be_checked_lets_rows_in(place: Lake, folder: Path) -> None:
    write(folder, "a", [line("A", 1), line("A", 2, partner="CHN")])
    assert whole(place, folder, WHOLE).added == 2


def test_a_group_without_a_name_is_held_to_an_identity_too(place: Lake, folder: Path) -> None:
    """No unit is a group as well: null is not equal to null in SQL."""
    write(folder, "a", [line("A", 1)])
    never = Identity("more than one", ("unit",), "count(*) > 1")
    assert whole(place, folder, never).refused == 1
    assert pulled(place) == []


def test_a_figure_that_is_given_twice_differently_is_given_by_neither(
    place: Lake, folder: Path
) -> None:
    write(folder, "a", [line("A", 1), line("A", 2), line("B", 1), line("B", 1, "revised")])
    assert ask(place, folder, "a", MON).refused == 4
    assert {reason for reason, _ in quarantined(place)} == {
        "the source gives it twice, differently"
    }
    assert pulled(place) == []


def test_a_figure_that_is_given_twice_alike_is_given_once(place: Lake, folder: Path) -> None:
    write(folder, "a", [line("A", 1), line("A", 1)])
    (taken,) = ask(place, folder, "a", MON).replies[0].taken
    assert (taken.read, taken.added, taken.refused) == (2, 1, 0)


# --- streams --------------------------------------------------------------------------------------


def rows(*values: int, **other: Any) -> list[dict[str, Any]]:
    shared = {
        "reporter": "JPN",
        "partner": "USA",
        "flow": "export",
        "classification": "JP-PC",
        "freq": "M",
        "period": "2024-01",
        "currency": "JPY",
        "resolution": Decimal(1),
        "valuation": "fob",
        "adjustment": "nsa",
        "status": "final",
    }
    return [{**shared, "product": f"P{v}", "value": Decimal(v), **other} for v in values]


def stream(error: Exception | None) -> pa.RecordBatchReader:
    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pylist(rows(1, 2), schema=FLOW_ROWS)
        if error:
            raise error

    return pa.RecordBatchReader.from_batches(FLOW_ROWS, batches())


@pytest.mark.parametrize("error", [NotAsExpected("half a file"), ValueError("half a file")])
def test_a_stream_that_breaks_off_fails_its_reply_alone(
    place: Lake, folder: Path, error: Exception
) -> None:
    class Streams(Office):
        def parse(self, raw: Raw) -> Parsed:
            given = stream(error if raw.request.name == "a" else None)
            return Parsed([Part(Document(raw.request.name, "A file", MON), "flows", given)])

    for name in ("a", "b"):
        write(folder, name, [])
    done = pull(place, Streams(folder), Query(names=("a", "b")))
    assert [r.state for r in done.replies] == ["failed", "read"]
    assert done.replies[0].error.startswith("NotAsExpected")
    assert "half a file" in done.replies[0].error
    assert {r["source"] for r in pulled(place)} == {"office/b"}
    # Nothing is left of what was staged.
    assert place.place is not None
    assert list((place.place.working / "staged").iterdir()) == []


def test_rows_may_have_days_of_their_own_up_to_that_of_the_document(
    place: Lake, folder: Path
) -> None:
    days = [DAYS[0], DAYS[1], DAYS[3]]
    made = [rows(1, value=Decimal(n), published=d)[0] for n, d in enumerate(days)]
    table = pa.Table.from_pylist(made, schema=FLOW_ROWS.append(PUBLISHED))
    write(folder, "a", [])
    part = Part(Document("a", "A file", DAYS[2]), "flows", table)
    assert pull(place, Given(folder, [part]), Query(names=("a",))).refused == 1
    assert [r["published"] for r in pulled(place)] == days[:2]
    assert quarantined(place)[0][0] == "published after its document was"


def test_series_are_let_in(place: Lake, folder: Path) -> None:
    row = {
        "key": "fx",
        "area": "JPN",
        "dimensions": [("currency", "USD")],
        "freq": "D",
        "period": "2024-01-05",
        "value": Decimal("143.5"),
        "unit": "JPY",
        "resolution": Decimal("0.1"),
        "status": "final",
    }
    table = pa.Table.from_pylist([row, {**row, "key": ""}], schema=SERIES_ROWS)
    write(folder, "a", [])
    part = Part(Document("a", "A file", DAYS[5]), "series", table)
    done = pull(place, Given(folder, [part]), Query(names=("a",)))
    assert (done.added, done.refused) == (1, 1)
    (found,) = place.query(
        "SELECT value, publisher FROM {series} WHERE office = 'office'"
    ).to_pylist()
    assert found == {"value": Decimal("143.500000"), "publisher": ABOUT.publisher}


# --- SQL ------------------------------------------------------------------------------------------

NASTY = [
    "it's",
    '"',
    "'; DROP TABLE documents; --",
    "a\x00b",
    "\\'",
    "%_{flows}",
    "日本",
    "$1 ?",
    "/**/",
]


@pytest.mark.parametrize("nasty", NASTY)
def test_no_text_of_a_source_is_taken_for_sql(place: Lake, folder: Path, nasty: str) -> None:
    about = ABOUT
    document = Document(nasty, nasty, MON, nasty, nasty, nasty, nasty)
    made = rows(1, 2, classification=nasty, product=nasty) + rows(3, system=nasty)
    made += rows(7, unit=nasty, quantity=Decimal(1), product="7")
    made += rows(4, status=nasty) + rows(5, partner=nasty) + rows(6, currency=nasty)
    table = pa.Table.from_pylist(made, schema=FLOW_ROWS)
    holds = Identity(nasty, ("product",), "count(*) = 1")
    part = Part(document, "flows", table, (holds,), (Fault(nasty, nasty, nasty),))

    class Nasty(Given):
        def requests(self, query: Query) -> Iterable[Request]:
            return [Request(nasty, str(folder / "a.csv"), {nasty: nasty}, context={"c": nasty})]

    write(folder, "a", [])
    documents = len(place.documents)
    done = pull(place, Nasty(folder, [part]), Query(names=()))
    assert [r.error for r in done.replies] == [""]
    # Two rows are one figure with two values; of the others four break a rule.
    assert (done.added, done.refused) == (1, 7)
    found = open_lake(place.place.address if place.place else None)
    assert len(found.documents) == documents + 1
    document_read = found.documents[f"{about.office}/{nasty}"]
    assert [document_read[c] for c in ("title", "url", "licence", "note", "vintage")] == [nasty] * 5
    (row,) = found.query(
        "SELECT system, source, licence FROM {flows} WHERE office = 'office'"
    ).to_pylist()
    assert row == {"system": nasty, "source": f"office/{nasty}", "licence": nasty}
    kept = [json.loads(c) for _, c in quarantined(found)]
    assert nasty in kept
    assert sorted(r["product"] for r in kept if isinstance(r, dict)).count(nasty) == 2
    assert found.query(f"SELECT {text(nasty)} AS t").to_pylist() == [{"t": nasty}]
    # Read once more under the same names, it adds nothing.
    again = pull(found, Nasty(folder, [part]), Query(names=()), again=True)
    assert (again.added, again.refused, len(quarantined(found))) == (0, 7, 7)
