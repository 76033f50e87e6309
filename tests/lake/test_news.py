"""What is new in a delivery: revisions, repetitions, late vintages, in any order."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from boeki.errors import IntegrityError
from boeki.ingest import pull
from boeki.lake import Lake, open_lake, opening, tables
from boeki.lake.news import News
from boeki.lake.place import Place
from boeki.lake.rows import stored_rows
from boeki.sources.base import Parsed, Query, Raw, Request
from tests.handmade import flow, lake_of
from tests.ingest.deliveries import DAYS, ask, bring, known, line
from tests.ingest.office import Office, new_lake, pulled, write

MON, TUE, WED, THU = DAYS[:4]


def bare(folder: Path) -> Lake:
    """A lake on disk without the figures that the package ships: opened in no time."""
    opening._enter(Place(str(folder)), make=True)
    return Lake(Place(str(folder)))


@pytest.fixture
def place(tmp_path: Path) -> Lake:
    return bare(tmp_path / "lake")


def values(lake: Lake) -> list[tuple[object, ...]]:
    """Day, value and status of every row of the office, oldest first."""
    rows = sorted(pulled(lake), key=lambda r: (r["published"], r["revision"]))
    return [(r["published"], int(str(r["value"]).split(".")[0]), r["status"]) for r in rows]


def test_a_figure_is_new_once(place: Lake, tmp_path: Path) -> None:
    assert bring(place, tmp_path / "in", "a", MON, {"X": 1, "Y": 2}).added == 2
    assert bring(place, tmp_path / "in", "a", MON, {"X": 1, "Y": 2}).replies[0].state == "unchanged"
    assert values(place) == [(MON, 1, "final"), (MON, 2, "final")]


def test_the_same_bytes_read_again_add_nothing(place: Lake, tmp_path: Path) -> None:
    bring(place, tmp_path / "in", "a", MON, {"X": 1})
    again = ask(place, tmp_path / "in", "a", MON, again=True)
    assert [r.state for r in again.replies] == ["read"]
    assert again.added == 0
    assert values(place) == [(MON, 1, "final")]


def test_the_same_content_in_another_document_adds_nothing(place: Lake, tmp_path: Path) -> None:
    bring(place, tmp_path / "in", "a", MON, {"X": 1})
    reply = bring(place, tmp_path / "in", "b", TUE, {"X": 1}).replies[0]
    assert (reply.state, reply.added, reply.taken[0].read) == ("read", 0, 1)
    assert values(place) == [(MON, 1, "final")]


def test_another_status_alone_is_news(place: Lake, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder, "a", [line("X", 1, "provisional")])
    ask(place, folder, "a", MON)
    write(folder, "a", [line("X", 1, "final")])
    assert ask(place, folder, "a", TUE).added == 1
    assert values(place) == [(MON, 1, "provisional"), (TUE, 1, "final")]


def test_a_revision_leaves_what_was_known(place: Lake, tmp_path: Path) -> None:
    bring(place, tmp_path / "in", "a", MON, {"X": 1})
    bring(place, tmp_path / "in", "a", WED, {"X": 2})
    assert known(place, (MON, TUE, WED)) == {(MON, "X"): 1, (TUE, "X"): 1, (WED, "X"): 2}


def test_an_older_vintage_may_come_after_a_newer_one(place: Lake, tmp_path: Path) -> None:
    bring(place, tmp_path / "in", "new", WED, {"X": 2})
    assert bring(place, tmp_path / "in", "old", MON, {"X": 1}).added == 1
    assert known(place, (MON, TUE, WED)) == {(MON, "X"): 1, (TUE, "X"): 1, (WED, "X"): 2}


def test_what_was_no_news_is_missed_when_a_vintage_comes_in_between(
    place: Lake, tmp_path: Path
) -> None:
    """Monday said 1 and Wednesday repeated it; only then is it read that Tuesday said 2."""
    bring(place, tmp_path / "in", "a", MON, {"X": 1, "Y": 7})
    assert bring(place, tmp_path / "in", "c", WED, {"X": 1, "Y": 7}).added == 0
    bring(place, tmp_path / "in", "b", TUE, {"X": 2, "Y": 7})
    assert known(place, (MON, TUE, WED, THU)) == {
        (day, p): v
        for day, x in zip((MON, TUE, WED, THU), (1, 2, 1, 1), strict=True)
        for p, v in (("X", x), ("Y", 7))
    }
    # Only the figure that had to be is told twice.
    assert [v for _, v, _ in values(place)].count(7) == 1


def test_a_vintage_in_between_needs_the_bytes_of_those_after_it(
    place: Lake, tmp_path: Path
) -> None:
    bring(place, tmp_path / "in", "a", MON, {"X": 1})
    reply = bring(place, tmp_path / "in", "c", WED, {"X": 1}).replies[0]
    assert place.raw is not None
    place.raw.path(reply.sha256).unlink()
    (failed,) = bring(place, tmp_path / "in", "b", TUE, {"X": 2}).failed
    assert "office/c@2024-01-03, which has to be read once more" in failed.error
    assert known(place, (TUE,)) == {(TUE, "X"): 1}
    # With the bytes back, it lands.
    ask(place, tmp_path / "in", "c", WED)
    assert not ask(place, tmp_path / "in", "b", TUE).failed
    assert known(place, (TUE, WED)) == {(TUE, "X"): 2, (WED, "X"): 1}


def test_two_states_of_one_day_are_two_documents(place: Lake, tmp_path: Path) -> None:
    bring(place, tmp_path / "in", "a", MON, {"X": 1})
    reply = bring(place, tmp_path / "in", "a", MON, {"X": 2}).replies[0]
    assert reply.taken[0].source == f"office/a@2024-01-01+{reply.sha256[:8]}"
    assert known(place, (MON,)) == {(MON, "X"): 2}


def test_an_office_may_go_back_to_what_it_said_first(place: Lake, tmp_path: Path) -> None:
    for day, value in ((MON, 1), (TUE, 2), (WED, 1)):
        assert bring(place, tmp_path / "in", "a", day, {"X": value}).added == 1
    assert known(place, (MON, TUE, WED)) == {(MON, "X"): 1, (TUE, "X"): 2, (WED, "X"): 1}


def test_an_office_may_go_back_on_the_same_day(place: Lake, tmp_path: Path) -> None:
    for value in (1, 2, 3, 2, 1):
        assert bring(place, tmp_path / "in", "a", MON, {"X": value}).added == 1
    assert known(place, (MON,)) == {(MON, "X"): 1}


def test_of_a_figure_that_a_later_document_leaves_out_the_last_word_stands(
    place: Lake, tmp_path: Path
) -> None:
    """Absence says nothing: most files are excerpts. What was withdrawn stays as it was known."""
    bring(place, tmp_path / "in", "a", MON, {"X": 1, "Y": 2})
    assert bring(place, tmp_path / "in", "a", TUE, {"X": 3}).added == 1
    assert known(place, (TUE,)) == {(TUE, "X"): 3, (TUE, "Y"): 2}


# --- in any order ---------------------------------------------------------------------------------

#: Making a failing example smaller would take many pulls for little.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
DELIVERY = st.tuples(
    st.integers(0, 4),
    st.dictionaries(st.sampled_from("XY"), st.integers(1, 2), min_size=1),
)


def naive(deliveries: list[tuple[int, dict[str, int]]]) -> dict[tuple[dt.date, str], int]:
    """What was known on each day: the newest of what was published by then, of one day the one
    that came last.
    """
    out = {}
    for day in DAYS:
        for product in "XY":
            said = [
                (published, nth, figures[product])
                for nth, (published, figures) in enumerate(deliveries)
                if product in figures and DAYS[published] <= day
            ]
            if said:
                out[day, product] = max(said)[2]
    return out


@settings(max_examples=8, deadline=None, phases=PHASES)
@example([(0, {"X": 1}), (2, {"X": 1}), (1, {"X": 2})])
# Of two documents of one day the second is news and the first was none.
@example([(0, {"X": 1}), (3, {"X": 1}), (3, {"X": 2}), (1, {"X": 2}), (2, {"X": 1})])
@given(st.lists(DELIVERY, min_size=2, max_size=5))
def test_deliveries_in_any_order_are_known_as_a_plain_loop_has_them(
    deliveries: list[tuple[int, dict[str, int]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = bare(Path(folder, "lake"))
        for nth, (day, figures) in enumerate(deliveries):
            assert not bring(lake, Path(folder, "in"), f"f{nth}", DAYS[day], figures).failed
        assert known(lake) == naive(deliveries)
        # Another process sees the same.
        assert known(Lake(lake.place)) == naive(deliveries)


@settings(max_examples=10, deadline=None)
@given(st.lists(DELIVERY, min_size=2, max_size=5, unique_by=lambda d: d[0]))
def test_a_lake_in_memory_knows_the_same(deliveries: list[tuple[int, dict[str, int]]]) -> None:
    rows = [
        flow("2024-01", v, product=p, partner="USA", published=DAYS[day])
        for day, figures in deliveries
        for p, v in figures.items()
    ]
    assert known(lake_of(rows)) == naive(deliveries)


# --- late vintages are placed together ------------------------------------------------------------


class Counting(Office):
    """Counts what it reads; each file is published on the day of its number."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.read: list[str] = []

    def requests(self, query: Query) -> list[Request]:
        return [
            Request(r.name, r.address, context={"published": str(DAYS[int(r.name)])})
            for r in super().requests(query)
        ]

    def parse(self, raw: Raw) -> Parsed:
        self.read.append(raw.request.name)
        return super().parse(raw)


def test_late_vintages_of_a_pull_read_each_later_document_once(place: Lake, tmp_path: Path) -> None:
    """Newest first, every file is older than the ones before it, and all but the first are late."""
    folder = tmp_path / "in"
    folder.mkdir()
    # Day 0 and day 7 say the same of Y: what is between them is what nobody knows yet.
    said = {n: {"X": 1 + n % 2, "Y": 5 if n in (0, 7) else n} for n in range(8)}
    for n, figures in said.items():
        write(folder, str(n), [line(p, v) for p, v in figures.items()])
    office = Counting(folder)
    pull(place, office, Query(names=("0", "7")))
    assert office.read == ["0", "7"]
    office.read.clear()
    done = pull(place, office, Query(names=("6", "5", "4", "3", "2", "1")))
    assert done.failed == ()
    # Each once, and the one that comes after them once more: 7, not 6 + 5 + 4 + 3 + 2 + 1.
    assert sorted(office.read) == ["1", "2", "3", "4", "5", "6", "7"]
    assert known(Lake(place.place)) == {
        (DAYS[n], p): v for n, figures in said.items() for p, v in figures.items()
    }
    # Rows are told under the files that they came with.
    assert {r.name: r.added for r in done.replies} == dict.fromkeys("654321", 2)


def test_nothing_is_read_again_where_the_next_word_is_known(place: Lake, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(4):
        write(folder, str(n), [line("X", n + 1)])
    office = Counting(folder)
    for names in (("0", "3"), ("2",), ("1",)):
        pull(place, office, Query(names=names))
    assert office.read == ["0", "3", "2", "1"]
    assert [v for _, v, _ in values(place)] == [1, 2, 3, 4]


def test_a_document_that_cannot_be_read_keeps_away_only_what_needs_it(
    place: Lake, tmp_path: Path
) -> None:
    bring(place, tmp_path / "in", "a", MON, {"X": 1, "Y": 1})
    reply = bring(place, tmp_path / "in", "c", WED, {"X": 1}).replies[0]
    bring(place, tmp_path / "in", "d", THU, {"Y": 2})
    assert place.raw is not None
    place.raw.path(reply.sha256).unlink()
    write(tmp_path / "in", "b", [line("X", 2)])
    write(tmp_path / "in", "e", [line("Y", 3)])

    class Days(Office):
        def requests(self, query: Query) -> list[Request]:
            day = {"b": TUE, "e": WED}
            return [
                Request(r.name, r.address, context={"published": str(day[r.name])})
                for r in super().requests(query)
            ]

    done = pull(place, Days(tmp_path / "in"), Query(names=("b", "e")))
    assert [(r.name, r.state) for r in done.replies] == [("e", "read"), ("b", "failed")]
    assert known(place, (WED,)) == {(WED, "X"): 1, (WED, "Y"): 3}


# --- several vintages in one delivery -------------------------------------------------------------


def staged(lake: Lake, rows: list[dict[str, object]], source: str) -> str:
    """SQL for rows as a pull stages them."""
    columns = [c for c in rows[0] if c != "source"]
    lines = ", ".join(
        "(" + ", ".join("NULL" if r[c] is None else f"'{r[c]}'" for c in columns) + ")"
        for r in rows
    )
    given = f"SELECT *, '{source}' AS source FROM (VALUES {lines}) v({', '.join(columns)})"
    wanted = ", ".join(f"CAST({c} AS {sort}) AS {c}" for c, sort in tables.FLOWS.items())
    return stored_rows("flows", f"SELECT {wanted} FROM ({given})")


def test_one_delivery_may_bring_several_vintages(place: Lake) -> None:
    rows = [flow("2024-01", v, published=d) for d, v in ((MON, 1), (TUE, 1), (WED, 2), (THU, 2))]
    assert place.deliver("flows", staged(place, rows, "office/all")) == 2
    assert values(place) == [(MON, 1, "final"), (WED, 2, "final")]
    assert place.deliver("flows", staged(place, rows, "office/all")) == 0


@pytest.mark.parametrize(("column", "other"), [("value", 2), ("status", "revised"), ("weight", 5)])
def test_one_document_cannot_say_two_things(place: Lake, column: str, other: object) -> None:
    row = flow("2024-01", 1)
    place.deliver("flows", staged(place, [row], "office/a"))
    with pytest.raises(IntegrityError, match="office/a gives two values for one figure of 2024-01"):
        place.deliver("flows", staged(place, [row | {column: other}], "office/a"))
    assert len(values(place)) == 1


def test_two_figures_never_share_a_number(place: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boeki.lake.tables.figure", lambda _table: "CAST(1 AS BIGINT)")
    place.deliver("flows", staged(place, [flow("2024-01", 1)], "office/a"))
    with pytest.raises(IntegrityError, match="two figures have the same number 0000000000000001"):
        place.deliver("flows", staged(place, [flow("2024-02", 1)], "office/b"))
    assert len(values(place)) == 1


def test_rows_of_years_that_were_never_revised_are_shown_once(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder, "a", ["USA,X,2022-01,1,final", "USA,X,2023-01,1,final"])
    ask(lake, folder, "a", MON)
    write(folder, "a", ["USA,X,2022-01,1,final", "USA,X,2023-01,2,final"])
    ask(lake, folder, "a", TUE)
    found = open_lake(tmp_path / "lake")
    shown = found.flows().filter(found.flows().office == "office")
    assert sorted((r["period"], int(r["value"])) for r in found.execute(shown).to_pylist()) == [
        ("2022-01", 1),
        ("2023-01", 2),
    ]


def test_news_counts_what_it_hands_over(place: Lake) -> None:
    rows = [flow("2024-01", 1), flow("2024-02", 2)]
    assert place.delta is not None
    news = News(place.connection, "flows", staged(place, rows, "office/a"), place.delta.place)
    reader = news(place.delta.snapshot("flows"))
    assert reader is not None
    assert reader.read_all().num_rows == news.added == 2
