"""A user's own table: what a mapping makes of it, and what is said of what it cannot."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from boeki.errors import InputError, NotAsExpected, UnknownTerm
from boeki.sources import get
from boeki.sources.base import Part, Query, Raw

MAPPING = """
table = "flows"
title = "Exports of Germany"
published = 2025-01-09

[columns]
reporter = { value = "DEU" }
partner = { column = "Land", system = "iso2" }
flow = { column = "Richtung", words = { A = "export", E = "import" } }
classification = { value = "HS2022" }
product = "HS"
period = { column = "Monat", format = "%m/%Y" }
value = { column = "Wert (1000 EUR)", scale = 1000 }
currency = { value = "EUR" }
"""
HEADER = "Land;Richtung;HS;Monat;Wert (1000 EUR)"
GERMAN = 'encoding = "cp1252"\ndelimiter = ";"\ndecimal = ","\nthousands = "."\n' + MAPPING


def parse(folder: Path, content: str | bytes, how: str, name: str = "data.csv") -> Part:
    """What the table says, by the mapping."""
    data, told = folder / name, folder / "map.toml"
    data.write_bytes(content if isinstance(content, bytes) else content.encode("cp1252"))
    told.write_text(how, "utf-8")
    source = get("table")
    (request,) = source.requests(Query(names=(str(data),), options={"mapping": str(told)}))
    came = dt.datetime(2025, 2, 1, tzinfo=dt.UTC)
    (part,) = source.parse(Raw(request, data, "0" * 64, came)).parts
    return part


def rows(part: Part) -> list[dict[str, Any]]:
    assert isinstance(part.rows, pa.Table)
    return list(part.rows.to_pylist())


def test_a_table_in_the_way_of_another_country(tmp_path: Path) -> None:
    part = parse(
        tmp_path, f"{HEADER}\nFR;A;848620;11/2024;1.234,5\nUS;E;848620;11/2024;7\n", GERMAN
    )
    first, second = rows(part)
    assert (first["reporter"], first["partner"], first["flow"]) == ("DEU", "FRA", "export")
    assert (first["value"], first["period"], first["freq"]) == (Decimal(1234500), "2024-11", "M")
    assert (first["valuation"], second["valuation"]) == ("fob", "cif")
    assert second["value"] == Decimal(7000)
    assert part.document.published == dt.date(2025, 1, 9)
    assert list(part.faults) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("XX;A;848620;11/2024;1", "XX"),
        ("FR;B;848620;11/2024;1", "Richtung is 'B', not one of A, E"),
        ("FR;A;848620;2024-11;1", "period is '2024-11', not written as %m/%Y"),
        ("FR;A;848620;11/2024;n.v.", "value is 'n.v.', not a number"),
        ("FR;A;848620;11/2024;0,0000001", "more than three decimal places"),
    ],
)
def test_a_line_that_cannot_be_read_is_a_fault(tmp_path: Path, line: str, reason: str) -> None:
    part = parse(tmp_path, f"{HEADER}\nFR;A;848620;11/2024;1\n{line}\n", GERMAN)
    assert len(rows(part)) == 1
    (fault,) = part.faults
    assert fault.where == "line 3"
    assert reason.replace("three", "3") in fault.reason


def test_an_empty_value_is_no_zero(tmp_path: Path) -> None:
    # It has no value, which the rules of the lake refuse: it is seen, and never made a zero.
    (row,) = rows(parse(tmp_path, f"{HEADER}\nFR;A;848620;11/2024;\n", GERMAN))
    assert row["value"] is None


def test_periods_side_by_side(tmp_path: Path) -> None:
    how = """
    missing = ["", "-"]
    [columns]
    reporter = { value = "JPN" }
    flow = { value = "export" }
    classification = { value = "HS2022" }
    product = "code"
    value = { scale = 1000 }
    currency = { value = "JPY" }
    [wide]
    pattern = '[0-9]{4}-[0-9]{2}'
    """
    text = "code,name,2024-10,2024-11\n8486,machines,407598351,374343607\n8542,chips,-,5\n"
    found = {(r["product"], r["period"]): r["value"] for r in rows(parse(tmp_path, text, how))}
    # Japan Customs, d51ma.csv of September 2026: commodity 70131, which is HS 8486.
    assert found == {
        ("8486", "2024-10"): Decimal(407598351000),
        ("8486", "2024-11"): Decimal(374343607000),
        ("8542", "2024-11"): Decimal(5000),
    }


def test_series_with_dimensions(tmp_path: Path) -> None:
    how = """
    table = "series"
    [columns]
    key = { value = "sales" }
    area = { column = "country", system = "name" }
    period = "year"
    value = "billion"
    unit = { value = "USD" }
    [columns.dimensions]
    product = "what"
    """
    (row,) = rows(parse(tmp_path, "country,year,billion,what\nJapan,2024,7.123456,wafers\n", how))
    assert (row["area"], row["period"], row["freq"]) == ("JPN", "2024", "A")
    assert row["value"] == Decimal("7.123456")
    assert dict(row["dimensions"]) == {"product": "wafers"}


PLAIN = """
[columns]
reporter = "r"
flow = "f"
classification = { value = "HS2022" }
period = "p"
value = "v"
currency = { value = "USD" }
"""


def test_parquet_and_excel_say_the_same(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    lines = [
        {"r": "JPN", "f": "export", "p": "2024", "v": 12.5},
        {"r": "KOR", "f": "import", "p": "2023", "v": 3.0},
    ]
    pq.write_table(pa.Table.from_pylist(lines), tmp_path / "made.parquet")
    book = openpyxl.Workbook()
    book.active.append(list(lines[0]))
    for line in lines:
        book.active.append(list(line.values()))
    book.save(tmp_path / "made.xlsx")
    parquet = rows(parse(tmp_path, (tmp_path / "made.parquet").read_bytes(), PLAIN, "a.parquet"))
    excel = rows(parse(tmp_path, (tmp_path / "made.xlsx").read_bytes(), PLAIN, "a.xlsx"))
    assert parquet == excel
    assert [r["value"] for r in excel] == [Decimal("12.5"), Decimal(3)]


def test_which_of_several_sheets_is_asked_not_guessed(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.create_sheet("2024").append(["r", "f", "p", "v"])
    book["2024"].append(["JPN", "export", 2024, 5])
    book.save(tmp_path / "made.xlsx")
    made = (tmp_path / "made.xlsx").read_bytes()
    with pytest.raises(NotAsExpected, match="several sheets, Sheet, 2024"):
        parse(tmp_path, made, PLAIN, "a.xlsx")
    (row,) = rows(parse(tmp_path, made, 'sheet = "2024"\n' + PLAIN, "a.xlsx"))
    assert (row["period"], row["value"]) == ("2024", Decimal(5))


def test_a_day_is_of_its_month(tmp_path: Path) -> None:
    days = pa.table({"r": ["JPN"], "f": ["export"], "p": [dt.date(2024, 11, 1)], "v": [1]})
    pq.write_table(days, tmp_path / "made.parquet")
    (row,) = rows(parse(tmp_path, (tmp_path / "made.parquet").read_bytes(), PLAIN, "a.parquet"))
    assert row["period"] == "2024-11"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("[columns]\nvalue = 'v'\n", "does not say where these are: classification, currency"),
        ("this is not toml", "no TOML"),
        (PLAIN + "prodct = 'x'\n", "did you mean product"),
        ("tabel = 'flows'\n" + PLAIN, "did you mean table"),
        ("table = 'flaws'\n" + PLAIN, "did you mean flows"),
        (PLAIN.replace('"r"', '{ column = "r", system = "iso7" }'), "iso7"),
        (PLAIN.replace('"r"', "{ scale = 3, words = {} }"), "needs column or value"),
        ("published = 'soon'\n" + PLAIN, "published"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(tmp_path: Path, how: str, words: str) -> None:
    with pytest.raises((InputError, UnknownTerm)) as caught:
        parse(tmp_path, "r,f,p,v\n", how)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"r,f,p\nJPN,export,2024\n", "has no column 'v'; it has 'r', 'f', 'p'"),
        (b"r,f,p,v,v\nJPN,export,2024,1,2\n", "more than one column 'v'"),
        (b"", "no line 1"),
        (b"r,f,p,v\nJPN,export,2024,1,2,3\n", "line 2 has 6 cells under 4 names"),
        ("r,f,p,v\nJPN,export,2024,1 \u00e9\n".encode("cp1252"), "not written in utf-8-sig"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(NotAsExpected) as caught:
        parse(tmp_path, content, PLAIN)
    assert words in str(caught.value)


def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    with pytest.raises(NotAsExpected, match="as Parquet"):
        parse(tmp_path, b"PAR1 and then nothing", PLAIN, "a.parquet")
    with pytest.raises(NotAsExpected, match="not whole"):
        parse(tmp_path, b"PK and then nothing", PLAIN, "a.xlsx")


def test_without_a_mapping_there_is_help() -> None:
    with pytest.raises(InputError, match="-o mapping="):
        list(get("table").requests(Query(names=("data.csv",))))
