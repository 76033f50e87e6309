"""Readers on small files in the layouts of the offices, written here."""

from __future__ import annotations

import zipfile

import numpy as np
import pandas as pd
import pytest

from boeki.errors import InputError, IntegrityError, UnknownTerm
from boeki.world import read_satellite, read_table, read_tables

OECD = """V1,JPN_A,JPN_26,CHN_A,CHN_26,JPN_HFCE,JPN_GFCF,CHN_HFCE,CHN_GFCF,OUT
JPN_A,1,2,3,4,5,6,7,8,36
JPN_26,2,1,4,3,6,5,8,7,36
CHN_A,3,4,1,2,7,8,5,6,36
CHN_26,4,3,2,1,8,7,6,5,36
TLS,1,1,1,1,0,0,0,0,4
VA,25,25,25,25,0,0,0,0,100
OUT,36,36,36,36,26,26,26,26,248
"""
FIGARO = """rowLabels,JP_C26,EL_C26,FIGW1_C26,JP_P3_S14,EL_P3_S14,FIGW1_P51G
JP_C26,10,5,5,60,10,10
EL_C26,5,10,5,10,60,10
FIGW1_C26,5,5,10,10,10,60
W2_D21X31,1,2,3,0,0,0
W2_OP_RES,0,0,0,1,1,1
W2_OP_NRES,0,0,0,-1,-1,-1
W2_D1,50,50,50,0,0,0
W2_D29X39,4,3,2,0,0,0
W2_B2A3G,25,25,25,0,0,0
"""


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_oecd(tmp_path):
    table = read_table(written(tmp_path, "2019_SML.csv", OECD))
    assert table.areas == ("JPN", "CHN")
    assert table.sectors == ("A", "26")
    assert (table.year, table.currency, table.unit) == (2019, "USD", 1e6)
    assert table.value_added == pytest.approx([25] * 4)
    assert table.other_inputs == pytest.approx([1] * 4)
    assert table.trade[1] == pytest.approx([0, 4 + 3 + 8 + 7])
    assert "OECD" in table.source
    mine = read_table(tmp_path / "2019_SML.csv", source="mine", currency="EUR", unit=1.0)
    assert (mine.source, mine.currency, mine.unit) == ("mine", "EUR", 1.0)
    assert table.value_added_is == "gross value added at basic prices"


def test_the_parts_of_china_stay_apart_unless_added_up(tmp_path):
    text = OECD.replace("CHN_A,3", "CN1_A,3").replace("CHN_26,4", "CN2_26,4")
    text = text.replace("CHN_A,CHN_26", "CN1_A,CN2_26")
    path = written(tmp_path, "ICIO2021_2018.csv", text)
    apart, whole = read_table(path), read_table(path, parts=False)
    assert apart.areas == whole.areas == ("JPN", "CHN")
    assert apart.row_parts == ("JPN", "JPN", "CN1", "CN2")
    assert whole.row_parts == ("JPN", "JPN", "CHN", "CHN")
    assert apart.year == 2018


def test_a_zip_of_years(tmp_path):
    path = tmp_path / "2016-2017_SML.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("2016_SML.csv", OECD)
        archive.writestr("2017_SML.csv", OECD.replace("JPN_A,1,2", "JPN_A,2,1"))
    assert read_table(path, year=2017).intermediate[0, 0] == 2
    with pytest.raises(InputError, match="name a year"):
        read_table(path)
    with pytest.raises(InputError, match="2016_SML"):
        read_table(path, year=1999)


def test_figaro(tmp_path):
    table = read_table(written(tmp_path, "matrix_eu-ic-io_ind-by-ind_24ed_2022.csv", FIGARO))
    assert table.areas == ("JPN", "GRC", "ROW")
    assert (table.year, table.currency) == (2022, "EUR")
    assert table.value_added == pytest.approx([79, 78, 77])
    # Output is the sum of the row; taxes are what inputs and value added leave of it.
    assert table.output == pytest.approx([100] * 3)
    assert table.other_inputs == pytest.approx([1, 2, 3])


def test_wiod_2016_from_stata(tmp_path):
    rows = [["A01", "farms", "AUS", 1], ["B", "mines", "AUS", 2], ["A01", "farms", "ROW", 1],
            ["B", "mines", "ROW", 2], ["VA", "value added", "TOT", 70]]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["IndustryCode", "IndustryDescription", "Country", "RNr"])
    frame["Year"] = 2014
    for area in ("AUS", "ROW"):
        for number in (1, 2):
            frame[f"v{area}{number}"] = [1.0, 1, 1, 1, 10]
    for area in ("AUS", "ROW"):
        for number in range(3, 8):
            frame[f"v{area}{number}"] = [1.0, 1, 1, 1, 0]
    frame["TOT"] = [14.0, 14, 14, 14, 40]
    path = tmp_path / "WIOT2014_October16_ROW.dta"
    frame.to_stata(path, write_index=False)
    table = read_table(path)
    assert table.areas == ("AUS", "ROW")
    assert table.year == 2014
    assert table.final_categories[:5] == (
        "households", "non-profit", "government", "investment", "inventories",
    )  # fmt: skip
    assert table.value_added == pytest.approx([10] * 4)
    assert table.trade[0] == pytest.approx([0, 7])


def test_any_labelled_table(tmp_path):
    text = (
        ",Japan.Farms and fish,Korea.Farms and fish,Y.Japan,Y.Korea,OUT\n"
        "Japan.Farms and fish,1,2,3,4,10\nKorea.Farms and fish,2,1,4,3,10\n"
    )
    table = read_table(written(tmp_path, "mine.csv", text), currency="JPY", year=2001)
    assert table.areas == ("Japan", "Korea")
    assert table.sectors == ("Farms and fish",)
    assert (table.currency, table.year, table.source) == ("JPY", 2001, "mine.csv")
    frame = pd.read_csv(tmp_path / "mine.csv")
    frame.to_parquet(tmp_path / "mine.parquet")
    again = read_table(tmp_path / "mine.parquet")
    assert again.intermediate == pytest.approx(table.intermediate)


def test_data_frames():
    rows = pd.MultiIndex.from_product([["JPN", "CHN"], ["x_1", "y"]])
    uses = pd.MultiIndex.from_product([["JPN", "CHN"], ["final"]])
    frame = pd.DataFrame(np.ones((4, 6)), rows, rows.append(uses))
    table = read_table(frame, year=2020, source="mine")
    assert table.areas == ("JPN", "CHN")
    assert table.sectors == ("x_1", "y")
    assert table.output == pytest.approx([6] * 4)
    assert (table.year, table.source) == (2020, "mine")
    with pytest.raises(InputError, match="twice"):
        read_table(pd.concat([frame, frame]))
    with pytest.raises(InputError, match="no numbers"):
        read_table(frame.astype(object).replace(1.0, "one"))


def test_arrays(tmp_path):
    path = tmp_path / "table_1995.npz"
    np.savez(path, Z=np.eye(2, dtype=int), F=np.ones((2, 10), dtype=int), x=np.array([11.0, 11.5]),
             countries=np.array(["AUS", "RoW"]), industries=np.array(["c1"]))  # fmt: skip
    table = read_table(path)
    assert table.areas == ("AUS", "ROW")
    assert table.year == 1995
    # What a row lacks of output is final use at home.
    assert table.final_by_area[1] == pytest.approx([5, 5.5])
    np.savez(tmp_path / "less.npz", Z=np.eye(2))
    with pytest.raises(InputError, match="lacks the arrays F"):
        read_table(tmp_path / "less.npz")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", OECD.replace("JPN_26,2", "JPN_99,2"), "JPN_26 have no row"),
        ("a.csv", OECD.replace("JPN_A,1", "JPN_A,x"), "no numbers"),
        ("a.csv", "V1,a,b\nc,1,2\n", "no row has the label"),
        ("a.csv", "V1,J_a,J_a\nJ_a,1,2\n", "twice"),
        ("a.csv", "V1,vAUS1,vAUS7\nx,1,2\n", "label the rows of a WIOD"),
        ("a.csv", "V1,J_a,use\nJ_a,1,2\n", "neither a sector nor final use"),
        ("a.csv", FIGARO.replace("W2_D1,", "W2_D9,"), "lacks a row"),
        ("a.zip", "no zip", "cannot read"),
        ("a.npz", "no arrays", "cannot read"),
        ("a.dta", "no Stata", "cannot read"),
        ("a.parquet", "no parquet", "cannot read"),
    ],
)
def test_files_that_are_no_tables_are_refused(tmp_path, name, text, words):
    with pytest.raises(InputError, match=words):
        read_table(written(tmp_path, name, text))


def test_tables_that_do_not_add_up_are_refused(tmp_path):
    path = written(tmp_path, "a.csv", OECD.replace("8,36", "8,46", 1))
    with pytest.raises(IntegrityError, match="JPN A"):
        read_table(path)
    assert read_table(path, balance="output").output == pytest.approx([36] * 4)


def test_a_file_that_is_not_there_or_in_no_known_layout(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(UnknownTerm, match="figaro"):
        read_table(written(tmp_path, "a.csv", OECD), layout="figaroo")


def test_tables_of_several_years_are_read_one_at_a_time(tmp_path):
    paths = [written(tmp_path, f"{y}_SML.csv", OECD) for y in (2001, 2002)]
    seen = []
    tables = read_tables(paths, progress=seen.append)
    assert next(tables).year == 2001
    assert seen == ["2001_SML.csv"]
    assert next(tables).year == 2002


def test_jobs_by_area_and_sector(tmp_path):
    table = read_table(written(tmp_path, "2019_SML.csv", OECD))
    path = written(tmp_path, "jobs.csv", "area,sector,persons\nJPN,26,7\nCHN,A,9\n")
    jobs = read_satellite(path, table, "persons", unit="persons")
    assert jobs.values == pytest.approx([np.nan, 7, 9, np.nan], nan_ok=True)
    for text, words in (
        ("area,sector,persons\nJPN,99,7\n", "no rows JPN 99"),
        ("area,sector,persons\nJPN,A,7\nJPN,A,7\n", "twice"),
        ("area,persons\nJPN,7\n", "lacks the columns sector"),
    ):
        with pytest.raises(InputError, match=words):
            read_satellite(written(tmp_path, "bad.csv", text), table, "persons")


def test_the_world_tables_of_1995_to_2011(shared):
    # Japan's output and exports as computed from the R files of the same release, in bn USD.
    known = {1995: (9866, 483), 2000: (8690, 511), 2008: (9700, 860), 2011: (11330, 894)}
    for year, (output, exports) in known.items():
        table = read_table(shared / "data" / "mrio" / "wiod2013" / f"wiot_{year}.npz")
        rows = table.rows("JPN")
        assert len(table.output) == 1435
        assert table.output[rows].sum() / 1e3 == pytest.approx(output, rel=1e-3)
        assert table.trade[rows].sum() / 1e3 == pytest.approx(exports, rel=1e-3)
