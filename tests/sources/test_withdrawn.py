"""Figures that an office's next state leaves out, by what each source is whole for."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest

from boeki.errors import InputError
from boeki.ingest import Pulled, pull
from boeki.ingest.verify import verify
from boeki.lake import Lake
from boeki.lake.withdrawn import withdrawn
from boeki.sources.base import About, Query, Request
from boeki.sources.fetch import Fetched, Fetcher
from boeki.sources.us_census import KEY
from boeki.terms.periods import Period
from tests.ingest.office import new_lake
from tests.sources.kept import SPECIMENS

DAYS = (dt.date(2024, 5, 1), dt.date(2024, 6, 1))


def states(lake: Lake, source: str, path: Path, contents: list[str], **asked: Any) -> Pulled:
    """Pull a file of the user's own in its states, a month apart."""
    for day, text in zip(DAYS, contents, strict=True):
        path.write_text(text)
        options = {"path": str(path), "published": day.isoformat()}
        done = pull(lake, source, Query(options=options, **asked), fresh=dt.timedelta(0))
        assert done.failed == ()
    return done


def without(text: str, start: str) -> str:
    return "\n".join(x for x in text.splitlines() if not x.startswith(start)) + "\n"


def test_a_code_that_became_confidential_is_withdrawn(tmp_path: Path) -> None:
    lake, text = new_lake(tmp_path / "lake"), (SPECIMENS / "comext/full_202402.dat").read_text()
    after = without(text, "AT,AD,E,35069190")
    done = states(lake, "comext", tmp_path / "full_202402.dat", [text, after])
    assert done.withdrawn == 1
    (gone,) = withdrawn(lake)
    assert (gone.figure["reporter"], gone.figure["product"]) == ("AUT", "35069190")


def test_a_member_state_that_handed_in_nothing_yet_loses_nothing(tmp_path: Path) -> None:
    lake, text = new_lake(tmp_path / "lake"), (SPECIMENS / "comext/full_202402.dat").read_text()
    after = without(text, "EL,")
    assert states(lake, "comext", tmp_path / "full_202402.dat", [text, after]).withdrawn == 0


BACI = """t,i,j,k,v,q
2020,392,842,848620,100.0,1.0
2020,392,410,848620,50.0,1.0
2020,528,842,848620,70.0,1.0
2020,528,410,870323,30.0,1.0
"""


def version(lake: Lake, folder: Path, name: str, text: str, **asked: Any) -> Pulled:
    folder.mkdir(exist_ok=True)
    path = folder / f"BACI_HS17_Y2020_V{name}.csv"
    path.write_text(text)
    done = pull(lake, "baci", Query(options={"path": str(path)}, **asked))
    assert done.failed == ()
    return done


def baci(lake: Lake) -> dict[tuple[str, str, str], int]:
    found = lake.execute(lake.flows().filter(lake.flows().office == "baci")).to_pylist()
    return {(r["reporter"], r["partner"], r["product"]): int(r["value"]) for r in found}


def test_a_version_of_baci_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    version(lake, tmp_path / "in", "202401", BACI)
    # South Korea's equipment from Japan is gone, and what the Netherlands sold is another figure.
    after = without(BACI, "2020,392,410").replace("70.0", "71.0")
    done = version(lake, tmp_path / "in", "202501", after)
    assert done.withdrawn == 1
    assert baci(lake) == {
        ("JPN", "USA", "848620"): 100_000,
        ("NLD", "USA", "848620"): 71_000,
        ("NLD", "KOR", "870323"): 30_000,
    }
    (gone,) = withdrawn(lake)
    assert (gone.figure["reporter"], gone.figure["partner"]) == ("JPN", "KOR")
    assert verify(lake).of("error") == ()
    # Read once more it says the same.
    path = tmp_path / "in" / "BACI_HS17_Y2020_V202501.csv"
    again = pull(lake, "baci", Query(options={"path": str(path)}), again=True)
    assert (again.added, again.failed) == (0, ())
    assert len(baci(lake)) == 3
    # As it was known before the version came out, it is there still.
    known = lake.execute(lake.flows(dt.date(2025, 1, 1)).filter(lambda t: t.office == "baci"))
    assert len(known) == 4


def test_what_a_version_was_not_asked_for_stays(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    version(lake, tmp_path / "in", "202401", BACI)
    asked = {"products": ("848620",), "reporters": ("NLD",)}
    done = version(lake, tmp_path / "in", "202501", BACI, **asked)
    assert done.withdrawn == 0
    assert len(baci(lake)) == 4


def test_an_older_version_does_not_bring_back_what_a_newer_one_left_out(tmp_path: Path) -> None:
    lake = new_lake(tmp_path / "lake")
    version(lake, tmp_path / "in", "202501", without(BACI, "2020,392,410"))
    with pytest.raises(InputError, match="the lake has V202501 of BACI_HS17_Y2020 already"):
        version(lake, tmp_path / "in", "202401", BACI)
    assert len(baci(lake)) == 3


class Census(Fetcher):
    """Answers as the Census Bureau does, with exports to Japan in October 2024 or without them."""

    def __init__(self, less: bool) -> None:
        super().__init__()
        self.less = less

    def fetch(self, request: Request, about: About, into: Path, **how: Any) -> Fetched:
        said = json.loads((SPECIMENS / "us-census" / "exports.json").read_text())
        path = into.parent / f"exports-{self.less}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        gone = ["3000"] if self.less else []
        path.write_text(json.dumps([line for line in said if line[0] not in gone]))
        then = dt.datetime.combine(DAYS[self.less], dt.time(12), dt.UTC).timestamp()
        os.utime(path, (then, then))
        local = Request(request.name, str(path), media="json", context=request.context)
        return super().fetch(local, about, into, **{**how, "validators": {}})


def test_a_line_that_the_census_bureau_no_longer_sends_is_withdrawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "0123456789abcdef")
    lake, november = new_lake(tmp_path / "lake"), Period.month(2024, 11)
    query = Query(start=november, end=november, flows=("export",), products=("848620",))
    first, second = (
        pull(lake, "us-census", query, fetcher=Census(less), fresh=dt.timedelta(0))
        for less in (False, True)
    )
    assert (first.failed, second.failed) == ((), ())
    assert first.added > 1
    assert second.withdrawn == 1
    (gone,) = withdrawn(lake)
    assert (gone.figure["partner"], gone.period, int(gone.value)) == ("JPN", "2024-10", 3000)
