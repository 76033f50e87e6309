"""Withdrawals: what a state of a table leaves out that the one before it gave."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from boeki.ingest import Pulled, pull
from boeki.ingest.verify import verify
from boeki.lake import Lake, opening
from boeki.lake.place import Place
from boeki.lake.revisions import revisions
from boeki.lake.vintages import vintages
from boeki.lake.withdrawn import withdrawn
from boeki.sources.base import Parsed, Query, Raw
from tests.ingest.deliveries import DAYS, NOW, known, line
from tests.ingest.office import Office, write
from tests.sources.kept import SPECIMENS

Sets = tuple[tuple[str, ...], ...]
MON, TUE, WED, THU = DAYS[:4]
SUN = MON - dt.timedelta(1)


class Whole(Office):
    """Says that its files are whole for what they are about."""

    def __init__(self, folder: Path, whole: Sets = (("partner", "period"),)) -> None:
        super().__init__(folder)
        self.whole = whole

    def parse(self, raw: Raw) -> Parsed:
        (part,) = super().parse(raw).parts
        return Parsed([replace(part, whole=self.whole)])


class Desk:
    """A lake and an office whose file changes from day to day."""

    def __init__(self, folder: Path, whole: Sets = (("partner", "period"),)) -> None:
        self.files, self.address = folder / "in", folder / "lake"
        self.files.mkdir()
        self.office = Whole(self.files, whole)
        opening._enter(Place(str(self.address)), make=True)

    @property
    def lake(self) -> Lake:
        return Lake(Place(str(self.address)))

    def state(self, day: dt.date, *lines: str, name: str = "a", **how: Any) -> Pulled:
        """Pull the file as it was last changed on a day."""
        write(self.files, name, lines)
        then = dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()
        os.utime(self.files / f"{name}.csv", (then, then))
        done = pull(self.lake, self.office, Query(names=(name,)), fresh=NOW, **how)
        assert done.failed == ()
        return done

    def gone(self) -> list[tuple[str, int, dt.date]]:
        return [
            (w.figure["product"], int(w.value), w.published)
            for w in withdrawn(self.lake)
            if not w.reading
        ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def products(desk: Desk, *days: dt.date) -> dict[dt.date, str]:
    """The products that are known on each day."""
    found = known(desk.lake, days)
    return {day: "".join(sorted(p for d, p in found if d == day)) for day in days}


def test_a_figure_that_a_whole_state_leaves_out_stands_no_more(desk: Desk) -> None:
    desk.state(MON, line("X", 1), line("Y", 2))
    done = desk.state(TUE, line("X", 1))
    assert (done.withdrawn, done.added) == (1, 1)
    assert products(desk, MON, TUE, WED) == {MON: "XY", TUE: "X", WED: "X"}
    assert desk.gone() == [("Y", 2, TUE)]
    found = verify(desk.lake, sources={"office": desk.office})
    assert found.of("error") == ()
    (warning,) = found.of("warning")
    assert (warning.check, warning.where, warning.count) == ("withdrawn", "office/a@2024-01-02", 1)
    (first, second) = vintages(desk.lake)
    assert (first.withdrawn, second.withdrawn, second.revisions) == (0, 1, 0)
    # Nothing was revised: there is no value to tell.
    assert revisions(desk.lake).listed == ()


def test_it_stands_again_where_it_is_given_again(desk: Desk) -> None:
    desk.state(MON, line("X", 1), line("Y", 2))
    desk.state(TUE, line("X", 1))
    assert desk.state(WED, line("X", 1), line("Y", 2)).added == 1
    assert products(desk, MON, TUE, WED) == {MON: "XY", TUE: "X", WED: "XY"}
    assert desk.gone() == []
    assert verify(desk.lake, sources={"office": desk.office}).of("error") == ()


def test_the_same_state_read_again_adds_nothing(desk: Desk) -> None:
    desk.state(MON, line("X", 1), line("Y", 2))
    desk.state(TUE, line("X", 1))
    again = desk.state(TUE, line("X", 1), again=True)
    assert (again.added, again.replies[0].state) == (0, "read")
    assert desk.gone() == [("Y", 2, TUE)]


def test_what_a_state_is_not_about_is_not_withdrawn(desk: Desk) -> None:
    """A window that has moved on: January is not among its months any more."""
    february = line("X", 1).replace("2024-01", "2024-02")
    desk.state(MON, line("X", 1), february)
    assert desk.state(TUE, february).withdrawn == 0
    assert desk.gone() == []


def test_of_a_sheet_only_a_cell_is_withdrawn_and_no_line_or_column(tmp_path: Path) -> None:
    desk = Desk(tmp_path, whole=(("product",), ("period",)))
    january = [line(product, 1) for product in "XYZ"]
    february = [one.replace("2024-01", "2024-02") for one in january]
    desk.state(MON, *january, *february)
    # Z is no longer among the columns; of Y there is a dash in February.
    assert desk.state(TUE, *january[:2], february[0]).withdrawn == 1
    assert [(w.figure["product"], w.period) for w in withdrawn(desk.lake)] == [("Y", "2024-02")]


def test_an_excerpt_withdraws_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, whole=())
    desk.state(MON, line("X", 1), line("Y", 2))
    assert desk.state(TUE, line("X", 1)).withdrawn == 0
    assert products(desk, TUE) == {TUE: "XY"}


def test_another_file_withdraws_nothing(desk: Desk) -> None:
    desk.state(MON, line("X", 1), line("Y", 2))
    assert desk.state(TUE, line("X", 1), name="b").withdrawn == 0
    assert products(desk, TUE) == {TUE: "XY"}


@pytest.mark.parametrize("dash", [line("Y", "-"), line("Y", -2), line("", 2)])
def test_a_line_that_cannot_be_taken_is_no_withdrawal(desk: Desk, dash: str) -> None:
    desk.state(MON, line("X", 1), line("Y", 2))
    done = desk.state(TUE, line("X", 1), dash)
    assert (done.withdrawn, done.refused) == (0, 1)
    assert products(desk, TUE) == {TUE: "XY"}


def test_a_state_in_between_that_comes_late_is_held_against_both(desk: Desk) -> None:
    """Y was given on Tuesday only, X on Monday and Wednesday."""
    desk.state(MON, line("X", 1), line("W", 3))
    desk.state(WED, line("X", 1), line("W", 4))
    desk.state(TUE, line("Y", 2), line("W", 3))
    assert products(desk, MON, TUE, WED, THU) == {MON: "WX", TUE: "WY", WED: "WX", THU: "WX"}
    assert desk.gone() == [("Y", 2, WED)]
    assert verify(desk.lake, sources={"office": desk.office}).of("error") == ()


def test_newest_first_is_known_the_same(desk: Desk) -> None:
    desk.state(WED, line("X", 1))
    desk.state(TUE, line("X", 1), line("Y", 2))
    desk.state(MON, line("X", 1), line("Z", 3))
    assert products(desk, MON, TUE, WED) == {MON: "XZ", TUE: "XY", WED: "X"}
    assert desk.gone() == [("Z", 3, TUE), ("Y", 2, WED)]


def test_damaged_bytes_of_another_day_keep_no_state_away(desk: Desk) -> None:
    desk.state(SUN, line("X", 1), line("Y", 2), line("Z", 3))
    reply = desk.state(MON, line("X", 1), line("Y", 2), line("Z", 4)).replies[0]
    assert desk.lake.raw is not None
    desk.lake.raw.path(reply.sha256).write_bytes(b"half")
    # Monday cannot be read any more; the state before it can.
    assert desk.state(TUE, line("X", 1), line("Z", 4)).withdrawn == 1
    assert products(desk, MON, TUE) == {MON: "XYZ", TUE: "XZ"}


def test_a_cell_of_japan_s_customs_that_became_a_dash_is_withdrawn(tmp_path: Path) -> None:
    place, path = Place(str(tmp_path / "lake")), tmp_path / "d51ma.csv"
    opening._enter(place, make=True)
    lake = Lake(place)  # without the figures of this month that the package ships
    specimen = (SPECIMENS / "japan-customs" / "d51ma.csv").read_bytes()
    # November's equipment for semiconductors, in kilograms and thousand yen.
    cells = b"11560356 ,374343607 "
    assert specimen.count(cells) == 1
    query = Query(options={"path": str(path)})
    for day, content in ((TUE, specimen), (WED, specimen.replace(cells, b"-,-"))):
        path.write_bytes(content)
        then = dt.datetime.combine(day, dt.time(12), dt.UTC).timestamp()
        os.utime(path, (then, then))
        last = pull(lake, "japan-customs", query, fresh=NOW)
        assert last.failed == ()
    assert last.withdrawn == 1
    (gone,) = withdrawn(lake)
    assert (gone.figure["product"], gone.period, int(gone.value)) == (
        "70131", "2024-11", 374_343_607_000,
    )  # fmt: skip
    assert verify(lake).of("error") == ()
