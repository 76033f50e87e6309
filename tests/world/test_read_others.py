"""Workbooks of WIOD 2013 and the Asian Development Bank, and what pymrio reads."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.world import read_table, world_from_table

#: pymrio calls pandas in ways that coming releases of it will refuse.
pytestmark = pytest.mark.filterwarnings("ignore:.*pandas version:Warning")

SECTORS = ["Agriculture", "Manufacturing"]
USES = ["Households", "NPISHs", "Government", "GFCF", "Inventories"]
FLOWS = np.array([[10, 4, 3, 1], [6, 8, 1, 2], [2, 1, 12, 5], [1, 3, 4, 9]], dtype=float)
FINAL = np.arange(1, 41, dtype=float).reshape(4, 10)


def workbook(path: Path, areas: tuple[str, str], uses: list[str], *, more: int = 0) -> Path:
    """The sheet as both publish it: titles, names, economies, codes; then rows likewise."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Legend"
    sheet = book.create_sheet("MRIO")
    for text in ["Multiregional table", "at current prices", "In millions of US$", None]:
        sheet.append([text])
    for _ in range(more):
        sheet.append([None] * 4 + ["0001", "0002"] * 2)
    sheet.append([None] * 4 + SECTORS * 2 + USES * 2 + ["TOTAL"])
    sheet.append(
        [None] * 4 + [a for a in areas for _ in "ab"] + [a for a in areas for _ in USES] + ["TOT"]
    )
    sheet.append([None] * 4 + ["c1", "c2"] * 2 + uses * 2 + [None])
    output = FLOWS.sum(1) + FINAL.sum(1)
    for i in range(4):
        sheet.append(
            [None, SECTORS[i % 2], areas[i // 2], f"c{i % 2 + 1}", *FLOWS[i], *FINAL[i], output[i]]
        )
    sheet.append([None, "Intermediate total", "TOT", "r60", *FLOWS.sum(0)])
    sheet.append([None, "Taxes", "TOT", "r99", 1, 1, 1, 1])
    sheet.append([None, "Value added", "TOT", "r64", *(output - FLOWS.sum(0) - 1)])
    sheet.append([None, "Output", "TOT", "r69", *output])
    book.save(path)
    return path


@pytest.mark.parametrize("more", [0, 1])
def test_a_workbook_of_the_asian_development_bank(tmp_path: Path, more: int) -> None:
    path = workbook(
        tmp_path / "ADB-MRIO-2024-August 2025.xlsx", ("GER", "PRC"),
        [f"F{i}" for i in range(1, 6)], more=more,
    )  # fmt: skip
    table = read_table(path)
    assert table.areas == ("DEU", "CHN")
    assert table.sectors == ("c1", "c2")
    assert table.intermediate.tolist() == FLOWS.tolist()
    assert table.final.tolist() == FINAL.tolist()
    assert table.final_categories[4] == "inventories"
    assert table.value_added == pytest.approx(FLOWS.sum(1) + FINAL.sum(1) - FLOWS.sum(0) - 1)
    assert (table.unit, table.currency) == (1e6, "USD")
    assert table.other_inputs == pytest.approx([1] * 4)


def test_a_workbook_of_wiod_2013(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "WIOT_2008.xlsx", ("DEU", "RoW"), ["c37", "c38", "c39", "c41", "c42"]
    )
    table = read_table(path)
    assert table.areas == ("DEU", "ROW")
    assert table.year == 2008
    assert table.final_by_area.tolist() == np.add.reduceat(FINAL, [0, 5], axis=1).tolist()


def test_other_workbooks_are_refused(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["a", 1])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InputError, match="no sheet has economies"):
        read_table(tmp_path / "x.xlsx")
    (tmp_path / "y.xlsx").write_bytes(b"no workbook")
    with pytest.raises(InputError, match="as an Excel workbook"):
        read_table(tmp_path / "y.xlsx")
    path = workbook(tmp_path / "z.xlsx", ("DEU", "FRA"), [f"F{i}" for i in range(1, 6)])
    book = openpyxl.load_workbook(path)
    book["MRIO"].delete_rows(9)
    book.save(path)
    with pytest.raises(InputError, match="not whole"):
        read_table(path)


def test_a_system_of_pymrio_gives_its_own_output_and_multipliers() -> None:
    pymrio = pytest.importorskip("pymrio")
    system = pymrio.load_test()
    table = read_table(system)
    system.calc_all()
    assert table.output == pytest.approx(system.x.to_numpy().ravel())
    assert table.per_output(table.intermediate.sum(0)) == pytest.approx(
        system.A.sum(0).to_numpy(), abs=1e-12
    )
    assert (table.currency, table.unit) == ("USD", 1e6)
    assert len(table.areas) == 6
    world = world_from_table(table, trade_elasticity=5.0)
    # Its accounts hold whatever the table had below zero.
    gap = world.expenditure - world.input_expenditure - world.final_expenditure
    assert np.abs(gap).max() < 1e-9 * world.expenditure.max()


def test_exiobase_and_what_pymrio_saved(tmp_path: Path) -> None:
    pymrio = pytest.importorskip("pymrio")
    system = pymrio.load_test()
    names = dict(
        zip([f"reg{i}" for i in range(1, 7)], ["JP", "US", "GB", "WA", "DE", "TW"], strict=True)
    )
    system.rename_regions(names)
    system.save_all(tmp_path / "IOT_2011_ixi")
    table = read_table(tmp_path / "IOT_2011_ixi", layout="exiobase")
    assert table.areas == ("JPN", "USA", "GBR", "WA", "DEU", "TWN")
    assert table.year == 2011
    assert "EXIOBASE" in table.source
    assert read_table(tmp_path / "IOT_2011_ixi", layout="pymrio").areas == table.areas
    with pytest.raises(InputError, match="name its layout"):
        read_table(tmp_path / "IOT_2011_ixi")
    with pytest.raises(InputError, match="pymrio cannot read"):
        read_table(tmp_path / "nothing", layout="exiobase")
    (tmp_path / "x.csv").write_text("r,A_1\nA_1,1\n", encoding="utf-8")
    with pytest.raises(UnknownTerm, match="exiobase"):
        read_table(tmp_path / "x.csv", layout="exobase")


def test_eora26_as_it_is_downloaded(tmp_path: Path) -> None:
    pytest.importorskip("pymrio")
    areas, sectors = ["JPN", "USA"], ["Agriculture", "Fishing"]

    def labels(kinds: list[str]) -> str:
        return "".join(f"{a}\t{a}\tIndustries\t{k}\t\n" for a in areas for k in kinds)

    def cells(values: np.ndarray) -> str:
        return "".join("\t".join(f"{v:g}" for v in row) + "\n" for row in np.atleast_2d(values))

    final, one = FINAL[:, :4], cells(np.ones((1, 4)))
    files = {
        "Eora26_2015_bp_T.txt": cells(FLOWS), "Eora26_2015_bp_FD.txt": cells(final),
        "Eora26_2015_bp_VA.txt": one, "Eora26_2015_bp_Q.txt": one,
        "Eora26_2015_bp_QY.txt": one, "labels_T.txt": labels(sectors),
        "labels_FD.txt": labels(["Household", "Inventories"]),
        "labels_VA.txt": "Primary Inputs\tWages\t\n", "labels_Q.txt": "Energy Usage (TJ)\tCoal\t\n",
    }  # fmt: skip
    with zipfile.ZipFile(tmp_path / "Eora26_2015_bp.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    table = read_table(tmp_path / "Eora26_2015_bp.zip", layout="eora26")
    assert table.areas == ("JPN", "USA")
    assert table.sectors == ("Agriculture", "Fishing")
    assert (table.unit, table.year) == (1e3, 2015)
    assert table.output == pytest.approx(FLOWS.sum(1) + final.sum(1))
