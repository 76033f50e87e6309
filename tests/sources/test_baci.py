"""BACI: yearly files in archives, read batch by batch."""

from __future__ import annotations

import csv
import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from boeki.errors import InputError, NotAsExpected, UnknownTerm
from boeki.sources.baci import Baci
from boeki.sources.base import Part, Query
from boeki.terms.codes import area_map
from tests.sources.kept import CAME, SPECIMENS, kept, rows, written

SPECIMEN = SPECIMENS / "baci" / "BACI_HS17_Y2020_V202501.csv"


def parts(path: Path, **asked: object) -> list[Part]:
    asked.setdefault("names", ("HS17",))
    options = {"path": str(path)}
    (request,) = Baci().requests(Query(**asked, options=options))  # type: ignore[arg-type]
    return list(Baci().parse(kept(request)).parts)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive as CEPII packs them: a file a year, and lists of codes."""
    path = tmp_path / "BACI_HS17_V202501.zip"
    text = SPECIMEN.read_text()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for year in ("2019", "2020", "2021"):
            packed.writestr(f"BACI_HS17_Y{year}_V202501.csv", text.replace("2020,", f"{year},"))
        packed.writestr("country_codes_V202501.csv", "country_code,country_name\n4,Afghanistan\n")
        packed.writestr("Readme.txt", "BACI")
    return path


def test_the_archive_of_an_edition() -> None:
    (request,) = Baci().requests(Query(names=("HS17/2020",), options={"version": "202501"}))
    # The pattern of CEPII's addresses, as its users quote it.
    assert request.address == "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_HS17_V202501.zip"
    assert (request.media, request.name) == ("zip", "HS17/2020/V202501")


def test_parts_of_an_archive_have_names_of_their_own() -> None:
    def name(**asked: object) -> str:
        query = Query(names=("HS17",), options={"version": "202501"}, **asked)  # type: ignore[arg-type]
        (request,) = Baci().requests(query)
        return request.name

    names = {name(), name(reporters=("JPN",)), name(partners=("JPN",)), name(products=("848620",))}
    assert len(names) == 4


@pytest.mark.parametrize(
    ("query", "error", "said"),
    [
        (Query(names=("HS17",)), InputError, "version=YYYYMM"),
        (Query(options={"version": "202501"}), InputError, "name one edition"),
        (Query(names=("HS18",), options={"version": "202501"}), UnknownTerm, "HS17"),
        (Query(names=("HS17",), options={"version": "new"}), InputError, "version=202501"),
        (
            Query(names=("HS17/2010",), options={"version": "202501"}),
            InputError,
            "begins with 2017",
        ),
        (Query(names=("HS17",), flows=("import",)), InputError, "as the partner"),
        (Query(names=("HS17",), freq="M"), InputError, "years only"),
        (Query(names=("HS17",), products=("8486",)), InputError, "six digits"),
        (Query(names=("HS17",), reporters=("JAP",)), UnknownTerm, "JAP"),
        (Query(names=("HS17",), options={"versions": "202501"}), UnknownTerm, "version"),
    ],
)
def test_a_question_that_cannot_be_put(query: Query, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        Baci().requests(query)


def test_lines_become_rows() -> None:
    (part,) = parts(SPECIMEN)
    found = rows(part)
    assert (part.document.name, part.document.vintage) == ("BACI_HS17_Y2020_V202501", "V202501")
    # What comes long after its version's year was published in that year all the same.
    assert CAME.year == 2026
    assert part.document.published == dt.date(2025, 12, 31)
    assert "upper bound" in part.document.note
    # South Africa's exports of cars, 533,790.742 thousand dollars and 38,797.654 tonnes: as printed
    # in BACI HS17 for 2020, version 202201.
    (cars,) = [r for r in found if r["product"] == "870323"]
    assert cars == {
        "reporter": "ZAF",
        "partner": "USA",
        "flow": "export",
        "classification": "HS2017",
        "product": "870323",
        "freq": "A",
        "period": "2020",
        "value": Decimal("533790742.000"),
        "currency": "USD",
        "resolution": Decimal("1.000"),
        "quantity": Decimal("38797654.000"),
        "unit": "kg",
        "weight": Decimal("38797654.000"),
        "valuation": "fob",
        "system": None,
        "adjustment": "nsa",
        "status": "final",
    }


def test_codes_get_their_leading_zero_back() -> None:
    (part,) = parts(SPECIMEN)
    assert {r["product"] for r in rows(part)} >= {"071120", "080620", "401031", "870332"}


def test_no_quantity_is_none_however_it_is_written() -> None:
    (part,) = parts(SPECIMEN)
    without = [r for r in rows(part) if r["quantity"] is None]
    assert {(r["product"], r["unit"], r["weight"]) for r in without} == {
        ("401031", None, None),
        ("262110", None, None),
    }


def test_taiwan_is_490() -> None:
    (part,) = parts(SPECIMEN)
    (row,) = [r for r in rows(part) if r["product"] == "262110"]
    assert row["partner"] == "TWN"


def test_an_unknown_country_is_told_with_the_number_of_its_lines() -> None:
    (part,) = parts(SPECIMEN)
    assert len(rows(part)) == 6
    (fault,) = part.faults
    assert (fault.said, fault.reason) == (
        "999",
        "1 line left out: the country code is not known",
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2020,4,36,,5.000,1.000", "lacking"),
        ("2020,4,36,1711200,5.000,1.000", "lacking"),
        ("2020,4,36,711200,,1.000", "lacking"),
        ("2020,4,,711200,5.000,1.000", "lacking"),
    ],
)
def test_a_line_without_what_a_row_needs(tmp_path: Path, line: str, reason: str) -> None:
    path = written(tmp_path, "BACI_HS17_Y2020.csv", f"t,i,j,k,v,q\n{line}\n2020,4,36,1,2.000,\n")
    (part,) = parts(path)
    assert [r["product"] for r in rows(part)] == ["000001"]
    (fault,) = part.faults
    assert fault.reason.startswith("1 line left out")
    assert reason in fault.reason


def test_each_year_of_an_archive_is_a_part(archive: Path) -> None:
    found = parts(archive)
    assert [p.document.name[:16] for p in found] == [
        "BACI_HS17_Y2019_",
        "BACI_HS17_Y2020_",
        "BACI_HS17_Y2021_",
    ]
    assert [{r["period"] for r in rows(p)} for p in found] == [{"2019"}, {"2020"}, {"2021"}]


def test_only_what_is_wanted_comes(archive: Path) -> None:
    wanted = {"names": ("HS17/2020",), "reporters": ("ZAF",), "partners": ("USA",)}
    (part,) = parts(archive, **wanted, products=("870332",))
    assert [(r["period"], r["value"]) for r in rows(part)] == [("2020", Decimal("88406.000"))]


def test_years_that_the_archive_does_not_have(archive: Path) -> None:
    with pytest.raises(InputError, match="has 2019 to 2021"):
        parts(archive, names=("HS17/2024",))


def test_another_header_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "BACI_HS17_Y2020.csv", "t,i,j,k,v,q,u\n2020,4,36,1,2.000,,\n")
    with pytest.raises(NotAsExpected, match="t,i,j,k,v,q,u"):
        parts(path)


@pytest.mark.parametrize(
    "line",
    [
        "2020,4,36,711200,5.0004,1.000",  # a fourth decimal
        "2020,4,36,711200,5.000",
        "2020,4,36,711200,5.000,1.000,",
        "2020,AFG,36,711200,5.000,1.000",
        "2020,4,36,711200,nan,1.000",
        "2020,4,36,7112.00,5.000,1.000",
        "2019,4,36,711200,5.000,1.000",  # of another year than the file
    ],
)
def test_a_line_in_another_layout_is_refused(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, "BACI_HS17_Y2020.csv", f"t,i,j,k,v,q\n2020,4,36,1,2.0,\n{line}\n")
    (part,) = parts(path)
    with pytest.raises(NotAsExpected):
        rows(part)


def test_half_an_archive_is_refused(tmp_path: Path, archive: Path) -> None:
    whole = archive.read_bytes()
    path = written(tmp_path, "BACI_HS17_half.zip", whole[: len(whole) // 2])
    with pytest.raises(NotAsExpected):
        parts(path)


@pytest.mark.parametrize("content", [b"", SPECIMEN.read_bytes()[:-30]])
def test_half_a_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, "BACI_HS17_Y2020.csv", content)
    with pytest.raises(NotAsExpected, match="not whole"):
        parts(path)


def test_a_web_page_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "BACI_HS17_Y2020.csv", "<!doctype html><title>Moved</title>\n")
    with pytest.raises(NotAsExpected, match="doctype"):
        parts(path)


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS17_V202501.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("BACI_HS92_Y2020_V202501.csv", SPECIMEN.read_text())
    with pytest.raises(NotAsExpected, match="BACI_HS92_Y2020"):
        parts(path)


def test_a_header_and_nothing_else_is_no_error(tmp_path: Path) -> None:
    (part,) = parts(written(tmp_path, "BACI_HS17_Y2020.csv", "t,i,j,k,v,q\n"))
    assert rows(part) == []


def test_a_year_is_read_in_little_memory(tmp_path: Path) -> None:
    lines = "".join(f"2020,4,36,{n},{n}.125,{n}\n" for n in range(100_000, 400_000))
    path = written(tmp_path, "BACI_HS17_Y2020.csv", "t,i,j,k,v,q\n" + lines)
    (part,) = parts(path)
    largest = max(batch.nbytes for batch in part.rows)  # type: ignore[union-attr]
    # 300,000 rows of some 200 bytes are 60 MB; a batch is a small part of them.
    assert largest < 20_000_000


def test_the_real_file(shared: Path) -> None:
    """All lines of a real file, against sums by another reader."""
    path = shared / "data" / "baci_sample" / "BACI_HS17_Y2020_sample_AFG_ZAF.csv"
    known = area_map("baci")
    lines, value, weight = 0, Decimal(0), Decimal(0)
    with path.open(newline="") as file:
        for line in csv.DictReader(file):
            if line["j"] in known:
                lines += 1
                value += Decimal(line["v"].strip()) * 1000
                weight += 0 if line["q"].strip() == "NA" else Decimal(line["q"].strip()) * 1000
    (part,) = parts(path)
    found = rows(part)
    assert lines == len(found) == 70_920  # the number of its lines, as its source states it
    assert list(part.faults) == []
    assert sum(r["value"] for r in found) == value
    assert sum(r["weight"] or 0 for r in found) == weight
    assert {r["reporter"] for r in found} == {"AFG", "ZAF"}


def test_every_country_of_the_real_list_is_known(shared: Path) -> None:
    path = shared / "data" / "baci_sample" / "country_codes_V202201.csv"
    with path.open(newline="", encoding="latin-1") as file:
        lines = list(csv.DictReader(file))
    lacking = [line for line in lines if line["country_code"] not in area_map("baci")]
    assert lines
    assert lacking == []
