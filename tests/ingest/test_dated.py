"""Files that do not say when they were published: by the user, or by their last change."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from boeki.errors import InputError
from boeki.ingest import pull
from boeki.lake import Lake
from boeki.sources.base import Query
from tests.ingest.deliveries import NOW, line
from tests.ingest.office import ABOUT, Office, pulled, write

OLD, NEW = "2024-02-10", "2024-03-10"


def bring(lake: Lake, folder: Path, name: str, value: int, published: str = "") -> None:
    folder.mkdir(exist_ok=True)
    write(folder, name, [line("A", value)])
    options = {"published": published} if published else {}
    pull(lake, Office(folder), Query(names=(name,), options=options), fresh=NOW)


def newest(lake: Lake) -> int:
    today = dt.datetime.now(dt.UTC).date()
    found = lake.execute(lake.flows(today).filter(lake.flows(today).office == "office"))
    (row,) = found.to_pylist()
    return int(row["value"])


def test_an_old_edition_with_its_day_does_not_replace_a_newer_one(
    place: Lake, tmp_path: Path
) -> None:
    bring(place, tmp_path / "in", "new", 2, NEW)
    bring(place, tmp_path / "in", "old", 1, OLD)
    assert newest(place) == 2
    days = {str(r["published"]): r["value"] for r in pulled(place)}
    assert days == {OLD: 1, NEW: 2}


def test_without_its_day_it_counts_as_of_its_last_change(place: Lake, tmp_path: Path) -> None:
    bring(place, tmp_path / "in", "new", 2, NEW)
    bring(place, tmp_path / "in", "old", 1)
    assert newest(place) == 1


def test_the_day_is_kept_with_the_bytes(place: Lake, tmp_path: Path) -> None:
    bring(place, tmp_path / "in", "a", 1, OLD)
    office = Office(tmp_path / "in")
    pull(place, office, Query(names=("a",)), offline=True, again=True)
    with pytest.raises(InputError, match="offline the day holds"):
        pull(place, office, Query(names=("a",), options={"published": NEW}), offline=True)
    assert {str(r["published"]) for r in pulled(place)} == {OLD}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("2024-13-01", "published is a day"),
        ("January", "published is a day"),
        ("2999-01-01", "is yet to come"),
    ],
)
def test_days_that_are_none(place: Lake, tmp_path: Path, said: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        bring(place, tmp_path / "in", "a", 1, said)


def test_where_it_cannot_be_said(place: Lake, tmp_path: Path) -> None:
    query = Query(names=("HS17",), options={"version": "202501", "published": OLD})
    with pytest.raises(InputError, match="for a file that you have"):
        pull(place, "baci", query)
    office = Office(tmp_path)
    office.about = dataclasses.replace(ABOUT, dated="day")  # type: ignore[misc]
    with pytest.raises(InputError, match="say when they were published"):
        pull(place, office, Query(names=("a",), options={"published": OLD}))


def test_a_day_once_noted_is_not_changed_in_silence(place: Lake, tmp_path: Path) -> None:
    bring(place, tmp_path / "in", "a", 1)
    query = Query(names=("a",), options={"published": OLD})
    for how in ({}, {"again": True}):
        with pytest.raises(InputError, match="a day once noted stays"):
            pull(place, Office(tmp_path / "in"), query, **how)
    assert len(pulled(place)) == 1
    # Another edition in the same place is another matter; the same day says nothing new.
    bring(place, tmp_path / "in", "a", 3, OLD)
    bring(place, tmp_path / "in", "a", 3, OLD)
    assert {str(r["published"]) for r in pulled(place) if r["value"] == 3} == {OLD}
