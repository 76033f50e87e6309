"""The U.S. Census Bureau: arrays of arrays of text."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boeki.errors import InputError, MissingKey, NotAsExpected, UnknownTerm
from boeki.sources.base import Part, Query, Request
from boeki.sources.us_census import KEY, USCensus
from boeki.terms.periods import Period
from tests.sources.kept import CAME, SPECIMENS, kept, rows, written

FOLDER = SPECIMENS / "us-census"
#: A key that looks like one, and is none.
PRETENDED = "0123456789abcdef"
NOVEMBER = Period.month(2024, 11)


@pytest.fixture(autouse=True)
def _with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, PRETENDED)


def questions(**asked: Any) -> list[Request]:
    asked = {"start": NOVEMBER, "end": NOVEMBER} | asked
    return list(USCensus().requests(Query(**asked)))


def imports(path: Path = FOLDER / "imports.json") -> Part:
    (request,) = questions(flows=("import",), products=("8517620090",))
    (part,) = USCensus().parse(kept(request, path)).parts
    return part


def exports(path: Path = FOLDER / "exports.json") -> Part:
    (request,) = questions(flows=("export",), products=("848620",))
    (part,) = USCensus().parse(kept(request, path)).parts
    return part


def test_a_commodity_and_a_partner() -> None:
    (asked,) = questions(flows=("export",), products=("848620",), partners=("JPN",))
    assert asked.address == "https://api.census.gov/data/timeseries/intltrade/exports/hs"
    assert dict(asked.params) == {
        "get": "ALL_VAL_MO,QTY_1_MO,UNIT_QY1",
        "time": "2024-11",
        "COMM_LVL": "HS6",
        "E_COMMODITY": "848620",
        "CTY_CODE": "5880",  # Japan in Schedule C
        "SUMMARY_LVL": "DET",
    }


def test_the_key_is_neither_shown_nor_kept() -> None:
    (asked,) = questions(flows=("export",))
    assert asked.secrets == {"key": PRETENDED}
    assert PRETENDED not in repr(asked) + asked.shown + asked.name


def test_a_range_of_months_is_one_question() -> None:
    asked = questions(start=Period.year(2024), end=Period.year(2024), products=("848620",))
    assert [(r.params["time"], r.address.rsplit("/", 2)[1]) for r in asked] == [
        ("from 2024-01 to 2024-12", "exports"),
        ("from 2024-01 to 2024-12", "imports"),
    ]


def test_a_whole_level_is_asked_month_by_month() -> None:
    start = Period.month(2024, 10)
    first, second = questions(start=start, names=("HS6",), flows=("import",))
    assert (first.params["time"], second.params["time"]) == ("2024-10", "2024-11")
    assert first.params["get"] == ("GEN_VAL_MO,GEN_CIF_MO,GEN_QY1_MO,UNIT_QY1,I_COMMODITY,CTY_CODE")
    assert first.name != second.name


def test_imports_for_consumption() -> None:
    (asked,) = questions(flows=("import",), options={"system": "special"})
    assert asked.params["get"] == "CON_VAL_MO,CON_CIF_MO,CTY_CODE"


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"start": None}, InputError, "from which month"),
        ({"start": Period.month(2009, 12)}, InputError, "begin with 2010-01"),
        ({"start": Period.month(2025, 1)}, InputError, "the earlier first"),
        ({"flows": ("re-export",)}, UnknownTerm, "re-export"),
        ({"reporters": ("JPN",)}, InputError, "United States"),
        ({"partners": ("JAP",)}, UnknownTerm, "JAP"),
        ({"products": ("84862",)}, InputError, "2, 4, 6 or 10"),
        ({"names": ("HS8",)}, UnknownTerm, "HS8"),
        ({"names": ("HS6",), "products": ("848620",)}, InputError, "not both"),
        ({"freq": "A"}, InputError, "months"),
        ({"options": {"system": "both"}}, UnknownTerm, "both"),
        ({"options": {"path": "x"}}, UnknownTerm, "path"),
    ],
)
def test_a_question_that_cannot_be_put(
    asked: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        questions(**asked)


def test_without_a_key_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY)
    with pytest.raises(MissingKey, match=KEY):
        questions()


def test_imports_have_a_row_at_customs_value_and_one_cif() -> None:
    found = rows(imports())
    world = [r for r in found if r["partner"] == "WLD"]
    assert [(r["value"], r["valuation"]) for r in world] == [
        (Decimal(900), "customs"),
        (Decimal(930), "cif"),
    ]
    assert world[0] == {
        "reporter": "USA",
        "partner": "WLD",
        "flow": "import",
        "classification": "HTS",
        "product": "8517620090",
        "freq": "M",
        "period": "2024-11",
        "value": Decimal("900.000"),
        "currency": "USD",
        "resolution": Decimal("1.000"),
        "quantity": Decimal("12.000"),
        "unit": "units",
        "weight": None,
        "valuation": "customs",
        "system": "general",
        "adjustment": "nsa",
        "status": "revised",
    }


def test_groups_of_countries_are_left_out() -> None:
    found = imports()
    # 0003 is the European Union, whose members have rows of their own.
    assert {r["partner"] for r in rows(found)} == {"WLD", "CHN", "JPN"}
    assert "groups of countries left out: 1" in found.document.note
    assert list(found.faults) == []


def test_a_dozen_is_twelve() -> None:
    (row,) = [r for r in rows(imports()) if (r["partner"], r["valuation"]) == ("CHN", "cif")]
    assert (row["quantity"], row["unit"]) == (Decimal(48), "units")


def test_no_quantity_is_none_however_it_is_written() -> None:
    (japan,) = [r for r in rows(imports()) if (r["partner"], r["valuation"]) == ("JPN", "cif")]
    assert (japan["quantity"], japan["unit"]) == (None, None)
    found = {(r["partner"], r["period"]): r for r in rows(exports())}
    assert found["TWN", "2024-10"]["quantity"] is None
    # X: no unit of quantity is required.
    assert found["JPN", "2021-12"]["quantity"] is None


def test_exports_are_fas_in_the_edition_of_their_year() -> None:
    found = {(r["partner"], r["period"]): r for r in rows(exports())}
    assert {r["valuation"] for r in found.values()} == {"fas"}
    assert found["JPN", "2024-10"]["classification"] == "HS2022"
    assert found["JPN", "2021-12"]["classification"] == "HS2017"
    assert found["JPN", "2024-10"]["value"] == 3000


def test_what_is_left_out_is_told() -> None:
    found = exports()
    kept_rows = rows(found)
    assert [(f.said, f.reason) for f in found.faults] == [
        (
            "UNIT_QY1 ZZZ",
            "quantities of 1 line left out: their unit is not known; the values stay",
        ),
        ("CTY_CODE 4444", "1 line left out: the country code is not known"),
    ]
    (row,) = [r for r in kept_rows if r["period"] == "2024-11"]
    assert (row["value"], row["quantity"]) == (Decimal(10), None)


def test_a_month_is_provisional_until_its_year_has_been_revised() -> None:
    (request,) = questions(flows=("export",), products=("848620",))
    raw = kept(request, FOLDER / "exports.json")
    early = type(raw)(raw.request, raw.path, raw.sha256, CAME.replace(year=2025, month=6))
    (part,) = USCensus().parse(early).parts
    assert {(r["period"], r["status"]) for r in rows(part)} == {
        ("2024-10", "provisional"),
        ("2024-11", "provisional"),
        ("2021-12", "revised"),
    }


def test_the_total_of_all_commodities(tmp_path: Path) -> None:
    (request,) = questions(flows=("export",), partners=("JPN",))
    assert request.params["get"] == "ALL_VAL_MO"
    reply = [["ALL_VAL_MO", "time", "CTY_CODE", "SUMMARY_LVL"], ["7", "2024-11", "5880", "DET"]]
    path = written(tmp_path, "reply.json", json.dumps(reply))
    (part,) = USCensus().parse(kept(request, path)).parts
    (row,) = rows(part)
    assert (row["product"], row["classification"], row["value"]) == ("TOTAL", "HS2022", 7)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "  \n",
        "<!doctype html><title>Missing Key</title>",
        (FOLDER / "imports.json").read_text()[:200],
        '{"error": "unknown variable"}',
        "[]",
        "[1, 2]",
    ],
)
def test_what_is_no_reply_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(NotAsExpected):
        imports(written(tmp_path, "reply.json", content))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("GEN_CIF_MO", "GEN_CIF"),  # a renamed column
        ('"300","310"', '"300"'),  # a lost cell
        ('"300","310"', '300,"310"'),  # a number where text was
        ('"300","310"', '"3.0e2","310"'),
        ('"300","310"', '"-300","310"'),
        ('"5700","2024-11","HS10"', '"5700","2024-11","HS6"'),  # another level
        ('"8517620090","5700"', '"8517620010","5700"'),  # another commodity
        ('"5700","2024-11"', '"5880","2024-11"'),  # the same figure twice
        ('"5700","2024-11"', '"5700","2024"'),
        ('"HS10","DET"],["300"', '"HS10","CGP"],["300"'),
        ('"SUMMARY_LVL"]', '"DISTRICT"]'),  # a breakdown by customs district
    ],
)
def test_a_reply_in_another_layout_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = (FOLDER / "imports.json").read_text().replace("],\n[", "],[")
    assert old in text
    path = written(tmp_path, "reply.json", text.replace(old, new))
    with pytest.raises(NotAsExpected):
        rows(imports(path))


def test_a_column_that_comes_twice_must_say_the_same(tmp_path: Path) -> None:
    table = json.loads((FOLDER / "imports.json").read_text())
    table[0].append("CTY_CODE")
    same = [[*line, line[5]] for line in table[1:]]
    path = written(tmp_path, "same.json", json.dumps([table[0], *same]))
    assert len(rows(imports(path))) == 6
    other = [[*line, "1220"] for line in table[1:]]
    path = written(tmp_path, "other.json", json.dumps([table[0], *other]))
    with pytest.raises(NotAsExpected, match="two values of CTY_CODE"):
        imports(path)
