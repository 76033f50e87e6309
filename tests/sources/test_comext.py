"""Comext: monthly files of millions of lines, summed over statistical procedures."""

from __future__ import annotations

import builtins
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boeki.errors import InputError, MissingExtra, NotAsExpected, Oversize, UnknownTerm
from boeki.sources import seven_zip
from boeki.sources.base import Part, Query
from boeki.sources.comext import Comext
from boeki.terms.periods import Period
from tests.sources.kept import CAME, SPECIMENS, kept, rows, written

FOLDER = SPECIMENS / "comext"
SPECIMEN = FOLDER / "full_202402.dat"
OLDER = FOLDER / "full_200501.dat"
PACKED = FOLDER / "full_v2_202402.7z"


def part(path: Path, **asked: Any) -> Part:
    (request,) = Comext().requests(Query(**asked, options={"path": str(path)}))
    (found,) = Comext().parse(kept(request)).parts
    return found


def by_product(found: Part) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(r["reporter"], r["flow"], r["product"]): r for r in rows(found)}


def test_the_file_of_a_month_and_of_a_year() -> None:
    month, year = Comext().requests(Query(names=("2024-02", "2024")))
    # Where Eurostat serves its bulk files; month 52 is a year.
    assert month.shown == (
        "https://ec.europa.eu/eurostat/api/dissemination/files"
        "?file=comext%2FCOMEXT_DATA%2FPRODUCTS%2Ffull_v2_202402.7z"
    )
    assert year.params["file"].endswith("full_v2_202452.7z")
    assert (month.name, year.name, month.media) == ("2024-02", "2024", "7z")


def test_the_files_from_a_month_to_another() -> None:
    query = Query(start=Period.month(2023, 12), end=Period.month(2024, 2))
    assert [r.name for r in Comext().requests(query)] == ["2023-12", "2024-01", "2024-02"]


def test_a_part_of_a_file_has_a_name_of_its_own() -> None:
    (whole,) = Comext().requests(Query(names=("2024-02",)))
    (some,) = Comext().requests(Query(names=("2024-02",), reporters=("DEU",)))
    assert whole.name != some.name


@pytest.mark.parametrize(
    ("query", "error", "said"),
    [
        (Query(), InputError, "both start and end"),
        (Query(names=("2024-Q1",)), InputError, "months and years"),
        (Query(names=("1999-01",)), InputError, "from 2002"),
        (Query(names=("2024-02",), reporters=("GER",)), UnknownTerm, "GER"),
        (Query(names=("2024-02",), flows=("re-export",)), UnknownTerm, "re-export"),
        (Query(names=("2024-02",), products=("84.86",)), InputError, "eight digits"),
        (Query(names=("2024-02",), options={"file": "x"}), UnknownTerm, "file"),
        (Query(start=Period.year(2023), end=Period.month(2024, 2)), InputError, "one kind"),
        (Query(options={"path": "comext.dat"}), InputError, "name the one month"),
    ],
)
def test_a_question_that_cannot_be_put(query: Query, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        Comext().requests(query)


def test_lines_become_rows() -> None:
    found = part(SPECIMEN)
    # As printed in Eurostat's full_202402.dat: Austria's exports of adhesives to Andorra.
    assert by_product(found)["AUT", "export", "35069190"] == {
        "reporter": "AUT",
        "partner": "AND",
        "flow": "export",
        "classification": "CN2024",
        "product": "35069190",
        "freq": "M",
        "period": "2024-02",
        "value": Decimal("65.000"),
        "currency": "EUR",
        "resolution": Decimal("1.000"),
        "quantity": None,
        "unit": None,
        "weight": Decimal("3.000"),
        "valuation": "fob",
        "system": "special",
        "adjustment": "nsa",
        "status": "final",
    }
    assert (found.document.name, found.document.published) == (
        "full_202402@2026-09-30",
        CAME.date(),
    )
    assert list(found.faults) == []


def test_procedures_are_added_up() -> None:
    row = by_product(part(SPECIMEN))["DEU", "export", "84862000"]
    # Normal 1000, inward processing 200, outward processing 30.
    assert (row["value"], row["weight"], row["quantity"], row["unit"]) == (
        Decimal(1230),
        Decimal(26),
        Decimal(4),
        "units",
    )


def test_imports_are_cif() -> None:
    row = by_product(part(SPECIMEN))["DEU", "import", "84862000"]
    assert (row["value"], row["valuation"]) == (Decimal(7), "cif")


def test_a_unit_is_turned_into_that_of_the_vocabulary() -> None:
    # The Combined Nomenclature gives jewellery in grams. Eurostat writes Greece as EL.
    row = by_product(part(SPECIMEN))["GRC", "import", "71131100"]
    assert (row["quantity"], row["unit"]) == (Decimal("1.5"), "kg")


def test_confidential_codes_and_partners_stay() -> None:
    found = by_product(part(SPECIMEN))
    assert found["AUT", "export", "39XXXXXX"]["value"] == 89
    # QV: countries not specified within the framework of intra-Union trade.
    assert found["FRA", "export", "TOTAL"]["partner"] == "NES-INTRA"


def test_the_older_layout() -> None:
    found = part(OLDER)
    row = by_product(found)["FRA", "export", "84862000"]
    assert (row["partner"], row["period"], row["value"], row["weight"]) == (
        "USA",
        "2005-01",
        Decimal(2580),
        Decimal(600),
    )
    assert row["classification"] == "CN2005"


def test_a_code_that_meant_several_areas_means_one_since_2002() -> None:
    assert by_product(part(OLDER))["GBR", "export", "84862000"]["partner"] == "SCG"


def test_a_procedure_that_could_be_a_total_is_not_added() -> None:
    found = part(OLDER)
    assert len(rows(found)) == 2
    (fault,) = found.faults
    assert fault.said == "4"
    assert "could be a total" in fault.reason


def test_only_what_is_wanted_comes() -> None:
    found = part(SPECIMEN, reporters=("DEU",), partners=("USA",), products=("8486",))
    assert {(r["reporter"], r["flow"]) for r in rows(found)} == {
        ("DEU", "export"),
        ("DEU", "import"),
    }
    imports = part(SPECIMEN, flows=("import",), products=("84", "71131100"))
    assert {r["reporter"] for r in rows(imports)} == {"DEU", "GRC"}


def test_a_packed_file_says_the_same() -> None:
    packed = sorted(rows(part(PACKED)), key=str)
    assert packed == sorted(rows(part(SPECIMEN)), key=str)
    assert len(packed) == 6


@pytest.mark.parametrize(
    ("old", "new", "said", "reason"),
    [
        ("AT,AD", "AT,ZZ", "ZZ", "the partner's code is not known"),
        ("AT,AD", "ZZ,AD", "ZZ", "the reporter's code is not known"),
        ("07,2,1", "07,3,1", "3", "the flow is neither"),
        ("07,2,1", "07,2,7", "7", "could be a total"),
        ("35069190", "3506919", "3506919", "no code of the Combined Nomenclature"),
        ("202402,65,", "202402,,", "", "no value"),
        ("p/st,202402,1000", "furlong,202402,1000", "furlong", "their unit is not known"),
        ("p/st,202402,1000", "NO_SU,202402,1000", "", "or in none"),
        ("p/st,202402,1000", "pa,202402,1000", "", "in several units"),
    ],
)
def test_what_is_left_out_is_told(
    tmp_path: Path, old: str, new: str, said: str, reason: str
) -> None:
    text = SPECIMEN.read_text()
    assert old in text
    found = part(written(tmp_path, "full_202402.dat", text.replace(old, new)))
    rows(found)
    faults = list(found.faults)
    assert [f.said for f in faults if reason in f.reason] == [said]


def test_an_unknown_unit_leaves_the_value(tmp_path: Path) -> None:
    text = SPECIMEN.read_text().replace("p/st", "furlong")
    row = by_product(part(written(tmp_path, "full_202402.dat", text)))["DEU", "export", "84862000"]
    assert (row["value"], row["quantity"], row["unit"]) == (Decimal(1230), None, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("VALUE_EUR", "VALUE"),  # a renamed column
        ("PARTNER,TRADE_TYPE", "TRADE_TYPE,PARTNER"),  # two columns exchanged
        ("REPORTER,", "<html>,"),
        (",QUANTITY_SUPPL_UNIT\n", "\n"),  # a lost column
    ],
)
def test_another_header_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = written(tmp_path, "full_202402.dat", SPECIMEN.read_text().replace(old, new, 1))
    with pytest.raises(NotAsExpected, match="neither of the two headers"):
        part(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("202402,65,65,3,0", "202402,65,65,3"),  # a lost cell
        ("202402,65,65,3,0", "202402,65.5,65,3,0"),  # cents
        ("202402,65,65,3,0", "202402,many,65,3,0"),
        ("202402,65,65,3,0", "202403,65,65,3,0"),  # another month
    ],
)
def test_a_line_in_another_layout_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = SPECIMEN.read_text()
    assert old in text
    found = part(written(tmp_path, "full_202402.dat", text.replace(old, new)))
    with pytest.raises(NotAsExpected):
        rows(found)


def test_an_error_late_in_a_file_is_told_as_it_is(tmp_path: Path) -> None:
    header, line = SPECIMEN.read_text().splitlines()[:2]
    # More lines than the first batch has, so that the sums have begun when the error comes.
    text = "\n".join([header, *[line] * 120_000, line.replace("202402", "202403"), ""])
    found = part(written(tmp_path, "full_202402.dat", text))
    with pytest.raises(NotAsExpected, match="202403"):
        rows(found)


def test_half_a_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "full_202402.dat", SPECIMEN.read_bytes()[:-4])
    with pytest.raises(NotAsExpected, match="not whole"):
        part(path)


def test_half_an_archive_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "full_202402.7z", PACKED.read_bytes()[:300])
    with pytest.raises(NotAsExpected, match="not whole"):
        part(path)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    data = bytearray(PACKED.read_bytes())
    data[100] ^= 0xFF
    path = written(tmp_path, "full_202402.7z", bytes(data))
    with pytest.raises(NotAsExpected, match="not whole"):
        rows(part(path))


def test_a_web_page_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "full_202402.7z", "<!doctype html><title>Maintenance</title>")
    with pytest.raises(NotAsExpected, match="no 7z archive"):
        part(path)


def test_a_file_that_is_too_large_unpacked_is_refused() -> None:
    with pytest.raises(Oversize):
        seven_zip.open_only(PACKED, ".dat", 500)


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(NotAsExpected, match=r"holds full_202402\.dat"):
        seven_zip.open_only(PACKED, ".csv", 10_000)


def test_what_reads_7z_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "libarchive":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"boeki\[comext\]"):
        part(PACKED)


def test_the_real_lines(shared: Path) -> None:
    path = shared / "data" / "comext_sample" / "full_202402_sample.dat"
    found = part(path, names=("2024-02",))
    read = rows(found)
    # 13 lines, whose VALUE_EUR and QUANTITY_KG are added up by hand here.
    assert len(read) == 13
    values = (65, 2700, 156, 2870, 45, 43, 15, 3, 76, 89, 9, 36, 1606)
    assert sum(r["value"] for r in read) == sum(values)
    assert sum(r["weight"] for r in read) == 3 + 136 + 6 + 141 + 1 + 4 + 89
    assert list(found.faults) == []
