"""Euro reference rates: what the bank's files say, and what broken ones do not."""

from __future__ import annotations

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from boeki.errors import InputError, NotAsExpected, UnknownTerm
from boeki.ingest import pull
from boeki.lake import open_lake
from boeki.sources import get
from boeki.sources.base import PUBLISHED, SERIES_ROWS, Query
from boeki.terms.periods import Period

from .japan import SPECIMENS, raw, table

HERE = SPECIMENS / "ecb-fx"
SOURCE = get("ecb-fx")
ZIP, DAILY = HERE / "eurofxref-hist.zip", HERE / "eurofxref-daily.xml"


def read(path=ZIP, name="hist", **context):
    (part,) = SOURCE.parse(raw(path, name, context=context)).parts
    return part, table(part).to_pylist()


def rate(rows, day, unit):
    (row,) = [r for r in rows if (r["period"], r["unit"]) == (day, unit)]
    return row


def zipped(folder: Path, text: str, name: str = "eurofxref-hist.csv") -> Path:
    path = folder / "broken.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(name, text)
    return path


def test_the_whole_history_is_asked_for_unless_told_otherwise():
    (request,) = SOURCE.requests(Query())
    assert request.shown == "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
    assert (request.name, request.media) == ("hist", "zip")
    short, daily = SOURCE.requests(Query(names=("90d", "daily")))
    assert (short.media, daily.address.rpartition("/")[2]) == ("xml", "eurofxref-daily.xml")


def test_files_asked_for_differently_are_different_replies():
    asked = Query(
        start=Period.parse("2023-08"),
        end=Period.parse("2023-09-29"),
        options={"currencies": "USD,JPY", "path": "x.zip"},
        names=("hist",),
    )
    (request,) = SOURCE.requests(asked)
    assert request.address == "x.zip"
    assert request.name == "hist/currencies=USD JPY/end=2023-09-29/start=2023-08"


@pytest.mark.parametrize(
    ("query", "error", "said"),
    [
        (Query(names=("history",)), UnknownTerm, "hist"),
        (Query(options={"currency": "USD"}), UnknownTerm, "currencies"),
        (Query(options={"currencies": "dollar"}), InputError, "ISO 4217"),
        (Query(freq="M"), InputError, "daily"),
        (Query(products=("USD",)), InputError, "currencies="),
        (Query(start=Period.year(2024), end=Period.year(2023)), InputError, "after"),
        (Query(options={"path": "x.zip"}), InputError, "hist, 90d or daily"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_way_out(query, error, said):
    with pytest.raises(error, match=said):
        SOURCE.requests(query)


# --- the table ------------------------------------------------------------------------------------


def test_a_line_of_the_table_is_the_rates_of_a_day():
    part, rows = read()
    assert part.rows.schema == SERIES_ROWS.append(PUBLISHED)
    assert not list(part.faults)
    # ECB reference rates of 29 September 2023: 158.10 yen, 1.0594 dollars to the euro.
    yen = rate(rows, "2023-09-29", "JPY/EUR")
    assert yen == {
        "key": "exchange_rate",
        "area": "JPN",
        "dimensions": [("currency", "EUR"), ("partner", "EA20")],
        "freq": "D",
        "period": "2023-09-29",
        "value": Decimal("158.1"),
        "unit": "JPY/EUR",
        "resolution": Decimal("0.01"),
        "status": "final",
        "published": dt.date(2023, 9, 29),
    }
    assert rate(rows, "2023-09-29", "USD/EUR")["value"] == Decimal("1.0594")


#: A line of the bank's table as it is, with all its columns: 10 April 2019.
WHOLE_LINE = """\
Date,USD,JPY,BGN,CYP,CZK,DKK,EEK,GBP,HUF,LTL,LVL,MTL,PLN,ROL,RON,SEK,SIT,SKK,CHF,ISK,NOK,HRK,RUB,\
TRL,TRY,AUD,BRL,CAD,CNY,HKD,IDR,ILS,INR,KRW,MXN,MYR,NZD,PHP,SGD,THB,ZAR,
2019-04-10,1.1279,125.38,1.9558,N/A,25.608,7.4652,N/A,0.86083,321.84,N/A,N/A,N/A,4.2833,N/A,4.7605,\
10.44,N/A,N/A,1.128,134.2,9.5895,7.4253,72.86,N/A,6.4144,1.5785,4.3301,1.5032,7.5758,8.8405,\
15959.79,4.0351,77.9945,1283.09,21.2783,4.6328,1.6697,58.543,1.5258,35.839,15.7391,
"""


def test_every_currency_of_the_table_has_its_country(tmp_path):
    part, rows = read(zipped(tmp_path, WHOLE_LINE))
    assert not list(part.faults)
    # 41 currencies, of which nine had gone into the euro or been replaced.
    assert len(rows) == 41 - 9
    areas = {r["unit"][:3]: r["area"] for r in rows}
    wanted = {"GBP": "GBR", "CHF": "CHE", "HKD": "HKG", "TRY": "TUR", "RUB": "RUS", "ZAR": "ZAF"}
    assert {c: areas[c] for c in wanted} == wanted
    assert len(set(areas.values())) == len(rows)
    assert rate(rows, "2019-04-10", "IDR/EUR")["value"] == Decimal("15959.79")


def test_the_first_day_of_the_euro_has_currencies_that_are_no_more():
    # ECB reference rates of 4 January 1999: 1.1789 dollars, 133.73 yen, 0.58231 Cyprus pounds.
    _, rows = read()
    first = {r["unit"]: (r["area"], r["value"]) for r in rows if r["period"] == "1999-01-04"}
    assert first == {
        "USD/EUR": ("USA", Decimal("1.1789")),
        "JPY/EUR": ("JPN", Decimal("133.73")),
        "CYP/EUR": ("CYP", Decimal("0.58231")),
    }


def test_a_day_without_a_rate_has_no_row():
    _, rows = read()
    assert {r["period"] for r in rows if r["area"] == "CYP"} == {"1999-01-04"}
    assert all(r["value"] > 0 for r in rows)


def test_a_rate_that_lost_its_zero_is_as_fine_as_the_others_of_its_year():
    # 1.053 and 1.0594 are both given to the fourth decimal.
    _, rows = read()
    assert rate(rows, "2023-10-02", "USD/EUR")["resolution"] == Decimal("0.0001")


def test_only_the_days_and_currencies_asked_for_are_taken():
    _, rows = read(start="2023-08", end="2023-09-01", currencies="JPY")
    days = sorted(r["period"] for r in rows)
    assert (days[0], days[-1], len(days)) == ("2023-08-01", "2023-09-01", 24)
    assert {r["area"] for r in rows} == {"JPN"}


def test_a_currency_that_the_file_does_not_have_is_refused():
    with pytest.raises(UnknownTerm, match="VND"):
        read(currencies="VND")


def test_days_that_the_file_does_not_have_are_not_an_empty_answer():
    with pytest.raises(NotAsExpected, match="no rate of a day"):
        read(start="2025")


# --- the XML --------------------------------------------------------------------------------------


def test_the_daily_file():
    # ECB reference rates of 28 June 2024.
    part, rows = read(DAILY, "daily")
    assert not list(part.faults)
    assert {r["period"] for r in rows} == {"2024-06-28"}
    assert rate(rows, "2024-06-28", "JPY/EUR")["value"] == Decimal("171.94")
    forint = rate(rows, "2024-06-28", "HUF/EUR")
    assert (forint["value"], forint["resolution"]) == (Decimal("395.1"), Decimal("0.01"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("time='2024-06-28'", ""), "no Cube with a time"),
        (("rate='171.94'", ""), "nameless"),
        (("</gesmes:Envelope>", ""), "not well-formed"),
    ],
)
def test_xml_in_another_layout_is_refused(tmp_path, change, said):
    path = tmp_path / "daily.xml"
    path.write_text(DAILY.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(NotAsExpected, match=said):
        read(path, "daily")


# --- broken tables --------------------------------------------------------------------------------


def test_cells_that_are_no_rates_are_told_one_by_one(tmp_path):
    text = "Date,USD,JPY,XXA,\n2023-09-29,1.0594,n.a.,1,\n2023-09-28,0,157.33,N/A,\n"
    part, rows = read(zipped(tmp_path, text))
    assert [(r["period"], r["unit"]) for r in rows] == [
        ("2023-09-29", "USD/EUR"),
        ("2023-09-28", "JPY/EUR"),
    ]
    told = [(f.where, f.said) for f in part.faults]
    assert told == [
        ("eurofxref-hist.csv, line 2", "2023-09-29 JPY n.a."),
        ("eurofxref-hist.csv, line 2", "2023-09-29 XXA 1"),
        ("eurofxref-hist.csv, line 3", "2023-09-28 USD 0"),
    ]


@pytest.mark.parametrize("day", ["29 September 2023", "2023-09-31", "1998-12-31", "2030-01-02"])
def test_a_day_that_cannot_be_is_told(tmp_path, day):
    part, rows = read(zipped(tmp_path, f"Date,USD,\n{day},1.0594,\n"))
    assert not rows
    (fault,) = part.faults
    assert day in fault.said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Day,USD,\n2023-09-29,1.0594,\n", "first line"),
        ("Date,USD,US Dollar,\n", "first line"),
        ("", "first line"),
        ("Date,USD,USD,\n2023-09-29,1.0594,1.0594,\n", "two columns"),
        ("Date,USD,JPY,\n2023-09-29,1.0594,158.1,\n2023-09-28,1.05", "line 3: 2 cells"),
    ],
)
def test_a_table_in_another_layout_is_refused(tmp_path, text, said):
    with pytest.raises(NotAsExpected, match=said):
        read(zipped(tmp_path, text))


def test_a_zip_without_its_table_is_refused(tmp_path):
    with pytest.raises(NotAsExpected, match="one CSV file"):
        read(zipped(tmp_path, "Date,USD,\n", "readme.txt"))


# --- into the lake --------------------------------------------------------------------------------


def test_rates_come_into_the_lake_once_by_whatever_file(tmp_path):
    lake = open_lake(tmp_path / "lake", make=True)
    asked = Query(names=("hist",), options={"path": str(ZIP), "currencies": "USD,JPY"})
    first = pull(lake, SOURCE, asked)
    assert (first.added, first.refused) == (2 * 47, 0)
    whole = pull(lake, SOURCE, Query(names=("hist",), options={"path": str(ZIP)}))
    # The yuan of 46 days and the Cyprus pound of one are what is new.
    assert (whole.added, whole.refused) == (46 + 1, 0)
