"""SDMX: the questions that are put, and what messages say, whole and broken."""

from __future__ import annotations

import builtins
from decimal import Decimal

import pytest

from boeki.errors import InputError, MissingExtra, NotAsExpected, Refused, UnknownTerm
from boeki.ingest import pull
from boeki.lake import open_lake
from boeki.sources import get
from boeki.sources.base import SERIES_ROWS, Query
from boeki.terms.periods import Period

from .japan import SPECIMENS, raw, table

HERE = SPECIMENS / "sdmx"
SOURCE = get("sdmx")
EXR = "ECB/EXR/M.USD.EUR.SP00.A"


def ask(name=EXR, start=None, end=None, **options):
    (request,) = SOURCE.requests(Query((name,), start, end, options=options))
    return request


def read(path, provider="ECB", flow="EXR", key="M.USD.EUR.SP00.A", **context):
    asked = {"provider": provider, "flow": flow, "key": key, **context}
    name = f"{provider}/{flow}/{key}"
    (part,) = SOURCE.parse(raw(path, name, media="xml", context=asked)).parts
    return part, table(part).to_pylist()


def changed(folder, name, *changes):
    text = (HERE / name).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


# --- what is asked for ----------------------------------------------------------------------------


def test_a_name_is_an_address_of_its_provider():
    # The example of the ECB's own guide to its data API, with months.
    request = ask(start=Period.month(2023, 8), end=Period.month(2023, 9))
    assert request.shown == (
        "https://data-api.ecb.europa.eu/service/data/EXR/M.USD.EUR.SP00.A"
        "?startPeriod=2023-08&endPeriod=2023-09"
    )
    assert request.name == f"{EXR}?startPeriod=2023-08&endPeriod=2023-09"
    assert (request.media, request.headers["Accept"].split(";")[0]) == (
        "xml",
        "application/vnd.sdmx.genericdata+xml",
    )


@pytest.mark.parametrize("provider", ["OECD", "IMF_DATA", "ESTAT", "BIS", "ILO", "WB_WDI"])
def test_every_provider_is_asked_over_https(provider):
    request = ask(f"{provider}/FLOW/A.B")
    assert request.address.startswith("https://")
    assert "/FLOW/A.B" in request.address


def test_halves_are_semesters_to_sdmx():
    assert ask(start=Period.half(2023, 2)).params == {"startPeriod": "2023-S2"}


def test_a_message_that_is_here_is_taken_by_its_path():
    request = ask(path="/data/exr.xml", area="USA")
    assert (request.address, request.media) == ("/data/exr.xml", "xml")
    assert request.context["area"] == "USA"


@pytest.mark.parametrize(
    ("query", "error", "said"),
    [
        (Query(), InputError, "PROVIDER/DATAFLOW/KEY"),
        (Query(("ECB/EXR",)), InputError, "PROVIDER/DATAFLOW/KEY"),
        (Query(("ECB/EXR/M.USD?x=1",)), InputError, "PROVIDER/DATAFLOW/KEY"),
        (Query(("EBC/EXR/all",)), UnknownTerm, "ECB"),
        # It speaks version 3 only, which is asked in other words.
        (Query(("ESTAT3/EXR/all",)), UnknownTerm, "ESTAT"),
        # Of JSON sdmx1 would leave the power of ten away.
        (Query(("ABS_JSON/EXR/all",)), UnknownTerm, "ABS"),
        (Query((EXR,), freq="M"), InputError, "into the key"),
        (Query((EXR,), Period.fiscal(2023)), InputError, "no period like"),
        (Query((EXR,), options={"areas": "JPN"}), UnknownTerm, "area"),
        (Query((EXR,), options={"area": "Japan"}), UnknownTerm, "area code"),
        (Query((EXR, EXR), options={"path": "x.xml"}), InputError, "one path"),
        (Query((EXR,), Period.year(2023), options={"path": "x.xml"}), InputError, "whole"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_way_out(query, error, said):
    with pytest.raises(error, match=said):
        list(SOURCE.requests(query))


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    importing = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "sdmx":
            raise ImportError(name)
        return importing(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"boeki\[sdmx\]"):
        ask()


# --- messages -------------------------------------------------------------------------------------

#: ECB, EXR.M.USD.EUR.SP00.A: 1.0909 in August 2023, 1.0684 in September. The bank's monthly
#: averages are means of its daily rates, and the daily ones of tests/specimens/ecb-fx give them.
MONTHS = [("2023-08", Decimal("1.0909")), ("2023-09", Decimal("1.0684"))]


@pytest.mark.parametrize("name", ["exr.xml", "specific.xml"])
def test_a_series_says_the_same_in_every_form(name, capsys):
    part, rows = read(HERE / name)
    assert part.rows.schema == SERIES_ROWS
    assert not list(part.faults)
    assert [(r["period"], r["value"]) for r in rows] == MONTHS
    assert rows[0] == {
        "key": "sdmx.ECB.EXR",
        "area": "USA",
        "dimensions": [
            ("CURRENCY", "USD"),
            ("CURRENCY_DENOM", "EUR"),
            ("EXR_SUFFIX", "A"),
            ("EXR_TYPE", "SP00"),
        ],
        "freq": "M",
        "period": "2023-08",
        "value": Decimal("1.0909"),
        "unit": "USD",
        "resolution": Decimal("0.0001"),
        "status": "final",
    }
    assert capsys.readouterr() == ("", "")


def test_the_specimen_has_the_means_of_the_daily_rates():
    (part,) = get("ecb-fx").parse(raw(SPECIMENS / "ecb-fx" / "eurofxref-hist.zip", "hist")).parts
    for month, mean in MONTHS:
        daily = [
            r["value"]
            for r in table(part).to_pylist()
            if r["unit"] == "USD/EUR" and r["period"].startswith(month)
        ]
        assert round(sum(daily) / len(daily), 4) == mean


@pytest.fixture(scope="module")
def kinds():
    part, rows = read(HERE / "kinds.xml", "OECD", "OECD.SDD,DSD@DF_X,1.0", "all")
    return part, {(r["area"], r["period"]): r for r in rows}


@pytest.mark.parametrize(
    ("area", "period", "value", "resolution", "status"),
    [
        ("JPN", "2023-Q1", "1234500000", "100000", "final"),
        ("JPN", "2023-Q2", "1200000000", "1000000", "provisional"),
        ("JPN", "2024-Q2", "1000000000", "1000000", "provisional"),
        ("EA_V", "2023-H2", "7123456.7891", "0.0001", "revised"),
        ("EU27", "2023", "5000000", "1000000", "final"),
        ("GBR", "2023-09-29", "5500000", "10000", "final"),
    ],
)
def test_powers_of_ten_areas_and_flags(kinds, area, period, value, resolution, status):
    row = kinds[1][area, period]
    assert (row["value"], row["resolution"], row["status"]) == (
        Decimal(value),
        Decimal(resolution),
        status,
    )
    assert (row["key"], row["unit"]) == ("sdmx.OECD.DSD@DF_X", "EUR")


def test_what_has_no_value_is_no_row_and_what_cannot_be_read_is_told(kinds):
    part, rows = kinds
    assert len(rows) == 6
    assert ("JPN", "2023-Q3") not in rows
    told = {f.where: f.reason for f in part.faults}
    assert len(told) == 7
    assert "a forecast" in told["Q.JPN.X.2023-Q4"]
    assert "not a number" in told["Q.JPN.X.2024-Q1"]
    # 158 is Japan in the IMF's numbers and Taiwan in those of the United Nations.
    assert "digits of OECD's own" in told["A.158.X.2023"]
    assert "unknown area code" in told["A.XYZ.X.2023"]
    assert "not a period" in told["W.JPN.X.2023-W05"]
    assert "no period of frequency M" in told["M.JPN.X.2023"]
    assert "--option unit=" in told["A.JPN.N.2023"]


def test_days_of_trading_stay_apart_from_days(kinds):
    assert ("FREQ", "B") in kinds[1]["GBR", "2023-09-29"]["dimensions"]
    assert all(n != "FREQ" for n, _ in kinds[1]["JPN", "2023-Q1"]["dimensions"])


def test_what_the_user_says_of_area_and_unit_goes_first():
    _, rows = read(HERE / "exr.xml", area="EA20", unit="USD/EUR")
    assert {(r["area"], r["unit"]) for r in rows} == {("EA20", "USD/EUR")}


@pytest.mark.parametrize("level", ["<generic:Group ", "<generic:Series>"])
def test_a_power_of_ten_counts_wherever_it_stands(tmp_path, level):
    # Once for the whole data set, instead of the group that has it in the specimen.
    whole = '<generic:Attributes><generic:Value id="UNIT_MULT" value="3"/></generic:Attributes>'
    own = ('<generic:Value id="UNIT_MULT" value="0"/>', "")
    _, rows = read(changed(tmp_path, "exr.xml", own, (level, whole + level)))
    assert [r["value"] for r in rows] == [Decimal("1090.9"), Decimal("1068.4")]


def test_more_than_six_decimals_are_rounded_and_said(tmp_path):
    path = changed(tmp_path, "exr.xml", ('value="1.0909"', 'value="1.09090909"'))
    part, rows = read(path)
    assert (rows[0]["value"], rows[0]["resolution"]) == (Decimal("1.090909"), Decimal("0.000001"))
    assert "rounded to six: 1." in part.document.note


def test_a_series_without_area_is_told_and_not_guessed(tmp_path):
    path = changed(tmp_path, "exr.xml", ("CURRENCY", "MONEY"))
    part, rows = read(path)
    assert not rows
    assert all("--option area=" in f.reason for f in part.faults)
    assert len(list(part.faults)) == 2


def test_a_message_whose_dimensions_cannot_be_told_is_not_used(tmp_path):
    path = changed(tmp_path, "specific.xml", ('TITLE="', 'REMARK="'))
    with pytest.raises(NotAsExpected, match="does not tell dimensions from attributes"):
        read(path)


def test_a_power_of_ten_that_would_be_lost_is_not_lost_in_silence(tmp_path):
    structure = 'ss:structureRef="ECB_EXR1"'
    changes = (' UNIT_MULT="0"', ""), (structure, structure + ' UNIT_MULT="6"')
    with pytest.raises(NotAsExpected, match="power of ten once"):
        read(changed(tmp_path, "specific.xml", *changes))


# --- answers that are none, and broken messages ---------------------------------------------------


def test_an_error_of_the_provider_is_told_in_its_words():
    with pytest.raises(Refused, match="No results found"):
        read(HERE / "error.xml")


def test_a_reply_that_promises_the_data_for_later_is_not_an_empty_one():
    with pytest.raises(NotAsExpected, match=r"x\.zip.*narrower key"):
        read(HERE / "later.xml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("</message:GenericData>", ""), "not whole"),
        (("<message:GenericData ", "<!DOCTYPE a []><message:GenericData "), "document type"),
        (("GenericData", "Unheard"), "no SDMX message"),
    ],
)
def test_broken_messages_are_refused(tmp_path, change, said, capsys):
    with pytest.raises(NotAsExpected, match=said):
        read(changed(tmp_path, "exr.xml", change))
    assert capsys.readouterr() == ("", "")


def test_figures_come_into_the_lake(tmp_path):
    lake = open_lake(tmp_path / "lake", make=True)
    done = pull(lake, SOURCE, Query((EXR,), options={"path": str(HERE / "exr.xml")}))
    assert (done.added, done.refused, done.failed) == (2, 0, ())
