"""The embedded figures: that they are current, add up, and say what the sources print."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from boeki.terms import products
from boeki.terms.periods import Period

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "src" / "boeki" / "data"
SHARED = ROOT.parent / "shared" / "data"
CUSTOMS = SHARED / "japan_customs"

needs_shared = pytest.mark.skipif(
    not CUSTOMS.is_dir(), reason="the sources' own files are not beside the repository (../shared)"
)

TEXT_OF_STATES = {"provisional", "revised", "final", "stated"}
RELEASE = "japan-customs/press-2024-11-provisional"
SERIES_OF = {
    "export": "japan-customs/d51ma@2026-09",
    "import": "japan-customs/d61ma@2026-09",
}

#: Areas as the release prints them.
_AREAS = """WLD Grand Total; ASIA ASIA; CHN CHINA; HKG HG KONG; TWN TAIWAN; KOR R KOREA;
    SGP SNGAPOR; THA THAILND; MYS MALYSIA; IDN INDNSIA; PHL PHILPIN; VNM VIETNAM; IND INDIA;
    ASEAN (ASEAN); OCEANIA OCEANIA; AUS AUSTRAL; NZL NEWZELD; NAMERICA NORTH AMERICA; USA USA;
    CAN CANADA; LATAM MIDDLE SOUTH AMERICA; BRA BRAZIL; MEX MEXICO; CHL CHILE; WEUR WESTERN EUROPE;
    DEU GERMANY; GBR U KING; FRA FRANCE; NLD NETHLDS; ITA ITALY; BEL BELGIUM; CHE SWITZLD;
    SWE SWEDEN; IRL IRELAND; ESP SPAIN; CEEUR C&E EURO; RUS RUSSIA; EU27 (EU);
    MIDEAST MIDDLE EAST; ARE U ARB E; SAU SU ARAB; KWT KUWAIT; QAT QATAR; OMN OMAN; IRN IRAN;
    AFR AFRICA; ZAF S AFRCA"""
AREAS = {
    name: code for code, _, name in (pair.strip().partition(" ") for pair in _AREAS.split(";"))
}
#: Commodities as the release prints them: the term of the vocabulary.
COMMODITIES = {
    "Grand Total": "TOTAL",
    "1 FOODSTUFF": "food",
    "2 RAW MATERIALS": "raw_materials",
    "3 MINERAL FUELS": "mineral_fuels",
    "4 CHEMICALS": "chemicals",
    "5 MANUFACTURED GOODS": "manufactured_goods",
    "6 MACHINERY": "machinery",
    "7 ELECTRICAL MACHINERY": "electronics",
    "8 TRANSPORT EQUIPMENT": "transport_equipment",
    "9 OTHERS": "others",
    "SEMICON MACHINERY ETC": "semiconductor_equipment",
    "SEMICONDUCTORS ETC": "semiconductors",
    "(IC)": "integrated_circuits",
    "MOTOR VEHICLES": "motor_vehicles",
    "SHIPS": "ships",
    "PETROLEUM": "crude_oil",
    "LNG": "lng",
    "COAL": "coal",
}
UNITS = {
    "MT": ("t", 1),
    "TMT": ("t", 1000),
    "TKL": ("kl", 1000),
    "KL": ("kl", 1),
    "KG": ("kg", 1),
    "NO": ("units", 1),
    "MNO": ("units", 1_000_000),
    "GT": ("GT", 1),
}

Row = dict[str, str]


def rows(path: Path, encoding: str = "utf-8") -> list[Row]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def flows() -> list[Row]:
    return rows(DATA / "flows.csv")


@pytest.fixture(scope="module")
def series() -> list[Row]:
    return rows(DATA / "series.csv")


@pytest.fixture(scope="module")
def documents() -> dict[str, Row]:
    return {row["source"]: row for row in rows(DATA / "documents.csv")}


@pytest.fixture
def script() -> ModuleType:
    path = ROOT / "scripts" / "embed_figures.py"
    spec = importlib.util.spec_from_file_location("embed_figures", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def newest(flows: list[Row]) -> dict[tuple[str, str, str], Decimal]:
    """Flow, code and month to value in yen, for the world, in the newest vintage."""
    ordered = sorted(flows, key=lambda row: row["published"])
    return {
        (row["flow"], row["product"], row["period"]): Decimal(row["value"])
        for row in ordered
        if row["partner"] == "WLD" and row["freq"] == "M"
    }


@pytest.fixture(scope="module")
def released(flows: list[Row]) -> dict[tuple[str, str, str], Row]:
    """Flow, partner and code to row, as the release of November 2024 has it."""
    return {
        (row["flow"], row["partner"], row["product"]): row
        for row in flows
        if row["source"] == RELEASE and row["period"] == "2024-11"
    }


@pytest.fixture(scope="module")
def stated(series: list[Row]) -> dict[tuple[str, str, str, str], str]:
    """Key, partner, term and period to text, as the release of November 2024 has it."""
    out = {}
    for row in series:
        if row["source"] == RELEASE:
            dimensions = json.loads(row["dimensions"])
            out[row["key"], dimensions["partner"], dimensions["product"], row["period"]] = row[
                "value"
            ]
    return out


def year(newest: dict[tuple[str, str, str], Decimal], flow: str, code: str, of: int) -> Decimal:
    return sum((newest[flow, code, f"{of}-{month:02d}"] for month in range(1, 13)), Decimal(0))


def billion(value: Decimal) -> Decimal:
    return round(value / 10**9, 1)


# --- the tables -----------------------------------------------------------------------------------


def test_package_holds_what_the_script_writes(script: ModuleType) -> None:
    assert script.main(["--check"]) == 0
    assert script.files() == script.files()


@pytest.mark.parametrize("name", ["flows", "series", "documents"])
def test_table_is_plain_csv(name: str, script: ModuleType) -> None:
    content = (DATA / f"{name}.csv").read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    header = content.decode().partition("\n")[0]
    assert header.split(",") == getattr(script, name.upper())


def test_every_row_has_source_day_and_licence(
    flows: list[Row], series: list[Row], documents: dict[str, Row]
) -> None:
    for row in [*flows, *series]:
        document = documents[row["source"]]
        assert row["published"] == document["published"]
        assert row["licence"] == document["licence"] != ""
        assert date.fromisoformat(row["retrieved"]) >= date.fromisoformat(row["published"])
        assert row["status"] in TEXT_OF_STATES
        assert row["vintage"]
        assert str(Period.parse(row["period"])) == row["period"]
        assert Period.parse(row["period"]).kind == row["freq"]
        assert Decimal(row["value"]).is_finite()
        assert Decimal(row["resolution"]) > 0


def test_documents_say_who_and_where(documents: dict[str, Row]) -> None:
    for row in documents.values():
        assert row["standing"] in {"official", "association", "analyst", "press"}
        assert re.match(r"https?://\S+$", row["url"])
        assert date.fromisoformat(row["published"]) <= date(2026, 9, 30)
        assert row["title"]
        assert row["publisher"]


def test_no_figure_stands_twice(flows: list[Row], series: list[Row], script: ModuleType) -> None:
    for table, key in ((flows, script.FLOW_KEY), (series, script.SERIES_KEY)):
        names = [(*(row[column] for column in key), row["published"]) for row in table]
        assert len(set(names)) == len(names)
        assert sorted(names) == names


def test_flows_keep_to_the_vocabulary(flows: list[Row]) -> None:
    for row in flows:
        assert row["product"] == "TOTAL" or products.by_code(row["product"], row["flow"])
        assert row["valuation"] == {"export": "fob", "import": "cif"}[row["flow"]]
        assert row["currency"] == "JPY"
        assert Decimal(row["value"]) % Decimal(row["resolution"]) == 0
        assert bool(row["quantity"]) == bool(row["unit"])
        assert row["unit"] in {"", "t", "kg", "kl", "units", "GT"}
        assert row["status"] != "stated"


def test_series_name_products_by_terms(series: list[Row]) -> None:
    for row in series:
        dimensions = json.loads(row["dimensions"])
        assert all(isinstance(text, str) and text for text in dimensions.values())
        assert list(dimensions) == sorted(dimensions)
        assert dimensions.get("product", "TOTAL") in products.terms()


def test_areas_are_those_of_the_vocabulary(flows: list[Row], series: list[Row]) -> None:
    """Regions above all: ``NAM`` is Namibia."""
    known = {row["code"] for row in rows(ROOT / "src" / "boeki" / "terms" / "areas.csv")}
    used = {row["partner"] for row in flows} | {row["area"] for row in series}
    used |= {json.loads(row["dimensions"]).get("partner", "WLD") for row in series}
    # The rest of the world is whatever a source does not list, not an area.
    assert used - known <= {"ROW"}
    assert "NAM" not in used


# --- identities -----------------------------------------------------------------------------------


@pytest.mark.parametrize("flow", ["export", "import"])
def test_sections_make_the_total(
    flow: str, newest: dict[tuple[str, str, str], Decimal], flows: list[Row]
) -> None:
    months = {row["period"] for row in flows if row["source"] == SERIES_OF[flow]}
    whole = [month for month in sorted(months) if (flow, "8+9", month) in newest]
    assert len(whole) == 15
    for month in whole:
        sections = [c.code for c in products.commodities() if c.flow == flow and c.level == 1]
        assert len(sections) == 9
        total = sum(newest[flow, code, month] for code in sections)
        assert total == newest[flow, "TOTAL", month]
        for section in ("0+1", "2+4", "8+9"):
            parts = sum(newest[flow, part, month] for part in section.split("+"))
            assert parts == newest[flow, section, month]


def test_regions_make_the_world(released: dict[tuple[str, str, str], Row]) -> None:
    regions = ["ASIA", "OCEANIA", "NAMERICA", "LATAM", "WEUR", "CEEUR", "MIDEAST", "AFR"]
    missing = {
        flow: Decimal(released[flow, "WLD", "TOTAL"]["value"])
        - sum(Decimal(released[flow, region, "TOTAL"]["value"]) for region in regions)
        for flow in ("export", "import")
    }
    # The release leaves imports from "special areas" out of its list: 41 million yen.
    assert missing == {"export": 0, "import": 41_000_000}


def test_release_balances(released: dict[tuple[str, str, str], Row]) -> None:
    """Ministry of Finance, Japan, release of 18 December 2024, million yen."""
    balances = {"WLD": -117_620, "USA": 664_031, "CHN": -682_003, "ASIA": 360_521, "EU27": -210_188}
    for area, balance in balances.items():
        exports, imports = (
            Decimal(released[flow, area, "TOTAL"]["value"]) for flow in ("export", "import")
        )
        assert exports - imports == balance * 10**6


def test_billings_by_region_make_the_total(series: list[Row]) -> None:
    parts: dict[str, Decimal] = defaultdict(Decimal)
    whole, slack = {}, defaultdict(Decimal)
    for row in series:
        dimensions = json.loads(row["dimensions"])
        if row["key"] != "sales" or dimensions["association"] != "SEMI":
            continue
        slack[row["period"]] += Decimal(row["resolution"]) / 2
        if dimensions["partner"] == "WLD":
            whole[row["period"]] = Decimal(row["value"])
        else:
            parts[row["period"]] += Decimal(row["value"])
    assert len(parts) == 8
    for period, total in parts.items():
        assert abs(total - whole[period]) <= slack[period]


# --- against what was published -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "balance"),
    [
        # Ministry of Finance, Japan, annual trade balance, final, trillion yen.
        (2012, "-6.9411"),
        (2013, "-11.4684"),
        (2014, "-12.8161"),
        (2015, "-2.7916"),
        (2020, "0.3883"),
        (2022, "-20.3295"),
    ],
)
def test_annual_balance(of: int, balance: str, newest: dict[tuple[str, str, str], Decimal]) -> None:
    total = year(newest, "export", "TOTAL", of) - year(newest, "import", "TOTAL", of)
    assert round(total / 10**12, 4) == Decimal(balance)


def test_chip_machinery_exports(newest: dict[tuple[str, str, str], Decimal]) -> None:
    """4,496.2 billion yen in 2024: Tokyo Customs, July 2025 (unyu.co.jp/news/detail/id=943).

    +32.1 % in November 2024: release of 18 December 2024. +55 % in August 2024, its largest growth:
    Japan Maritime Daily, on the detailed figures of that month.
    """
    assert billion(year(newest, "export", "70131", 2024)) == Decimal("4496.2")

    def growth(month: str, back: int) -> Decimal:
        then = str(Period.parse(month).shift(-back))
        return round(
            100 * (newest["export", "70131", month] / newest["export", "70131", then] - 1), 1
        )

    assert growth("2024-11", 12) == Decimal("32.1")
    assert growth("2024-11", 1) == Decimal("-8.2")
    months = sorted(period for flow, code, period in newest if (flow, code) == ("export", "70131"))
    assert (months[0], months[-1], len(months)) == ("2022-02", "2026-05", 52)
    assert max((growth(month, 12), month) for month in months[12:])[1] == "2024-08"
    assert round(growth("2024-08", 12)) == 55


def test_five_deficits_in_a_row(newest: dict[tuple[str, str, str], Decimal]) -> None:
    """Jiji Press, 18 December 2024: in the red for the fifth month; exports a November record."""
    balance = {
        month: newest["export", "TOTAL", month] - newest["import", "TOTAL", month]
        for month in (f"2024-{number:02d}" for number in range(6, 13))
    }
    assert [month for month, value in balance.items() if value < 0] == [
        f"2024-{number:02d}" for number in range(7, 12)
    ]
    november = {
        period: value
        for (flow, code, period), value in newest.items()
        if (flow, code) == ("export", "TOTAL") and period.endswith("-11") and period <= "2024-11"
    }
    assert max(november, key=lambda period: november[period]) == "2024-11"


def test_vintages_of_november_2024(flows: list[Row]) -> None:
    """Releases of 18 and 26 December 2024, and the time series, million yen."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in sorted(flows, key=lambda row: row["published"]):
        if (row["partner"], row["product"], row["period"]) == ("WLD", "TOTAL", "2024-11"):
            assert row["freq"] == "M"
            found[row["flow"], "value"].append(round(Decimal(row["value"]) / 10**6))
            found[row["flow"], "status"].append(
                ["provisional", "revised", "final"].index(row["status"])
            )
    assert found == {
        ("export", "value"): [9_152_382, 9_152_301, 9_152_003],
        ("export", "status"): [0, 1, 2],
        ("import", "value"): [9_270_002, 9_262_620, 9_272_812],
        ("import", "status"): [0, 0, 2],
    }


def test_first_releases_differ_from_final(
    series: list[Row], newest: dict[tuple[str, str, str], Decimal]
) -> None:
    """Imports have been revised up by 0.2 to 0.35 trillion yen each year since 2022."""
    first = {
        row["period"]: Decimal(row["value"])
        for row in series
        if row["key"] == "balance" and row["freq"] == "A"
    }
    assert set(first) == {"2022", "2023", "2024", "2025"}
    for period, value in first.items():
        final = year(newest, "export", "TOTAL", int(period)) - year(
            newest, "import", "TOTAL", int(period)
        )
        assert Decimal("0.2") < (value - final) / 10**12 < Decimal("0.4")


# --- the script refuses what does not add up ------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("commodities_exports", "8+9,value,,1317908591", "8+9,value,,1317908592", "0+1+2+4"),
        ("commodities_imports", "1,value,,97585870", "1,value,,97585871", "0+1 ="),
        ("world_totals", "2024-11,9152002655", "2024-11,9152002654", "by commodity"),
        ("semiconductor_machinery", "2024-11,374343607", "2024-11,374343608", "70131 2024-11"),
        ("semiconductor_machinery", ",11560356", ",11560357", "70131 2024-11 quantity"),
        ("press_2024_11_areas", "USA,country,1670145", "USA,country,1670146", "should balance"),
        ("press_2024_11_areas", "AFR,region", "AFR,country", "regions: exports"),
        ("press_2024_11_totals", "9152382,9270002,-117620", "9152382,9270002,-117621", "balance"),
        (
            "press_2024_11_commodities",
            "export,WLD,TOTAL,9152382",
            "export,WLD,TOTAL,9152383",
            "two",
        ),
        ("press_2024_11_commodities", "export,WLD,70131,", "export,WLD,70132,", "no export code"),
        ("releases", "imports,TOTAL,2024,112.42", "imports,TOTAL,2024,112.52", "off by"),
        (
            "releases",
            "semiconductor_equipment,2024-10,407598",
            "lithography,2024-10,407598",
            "no ex",
        ),
        ("semi_billings", "106.3", "106.3", ""),
        ("semi_billings", "17.95,8.23", "18.95,8.23", "SEMI 2017"),
        ("seaj_billings", "seaj/2024-11", "seaj/2024-99", "no document for the source"),
        ("documents", "PDDL 1.0", "", "licence missing"),
        ("documents", ",2026-07-31,", ",,", "day of publication missing"),
        ("documents", "seaj/2025-02,", "seaj/2025-03,", "no document"),
        ("usd_jpy", "2026-06,160.7700", "2026-05,160.7700", "two figures"),
        ("supplier_shares", "USA,,44.3", "EUROPE,,44.3", "two figures"),
    ],
)
def test_script_refuses(
    name: str,
    old: str,
    new: str,
    message: str,
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy, data = tmp_path / "figures", tmp_path / "data"
    shutil.copytree(ROOT / "figures", copy)
    data.mkdir()
    path = copy / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    monkeypatch.setattr(script, "FIGURES", copy)
    monkeypatch.setattr(script, "DATA", data)
    if message:
        assert script.main([]) == 1
        assert message in capsys.readouterr().err
        assert list(data.iterdir()) == []
    else:
        assert script.main(["--check"]) == 1
        assert script.main([]) == 0
        assert script.main(["--check"]) == 0


def test_unused_document_is_refused(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(script, "rate_series", lambda: iter(()))
    assert script.main(["--check"]) == 1
    assert "documents without figures: ['frb-h10" in capsys.readouterr().err


# --- against the sources' own files ---------------------------------------------------------------


def sheet(name: str) -> list[list[str]]:
    """The cells of a file of Japan Customs, without the blank that follows each number."""
    text = (CUSTOMS / name).read_bytes().decode("cp932")
    return [[cell.strip() for cell in line] for line in csv.reader(text.splitlines())]


def number(text: str | None) -> str:
    """A number of the release without its commas; empty where it is a dash."""
    plain = (text or "").strip().replace(",", "").replace("△", "-")
    return "" if plain == "-" else plain


@needs_shared
def test_totals_are_those_of_the_file(flows: list[Row]) -> None:
    expected = {}
    for line in sheet("d41ma.csv")[4:]:
        if re.fullmatch(r"\d{4}/\d\d", line[0]) and (line[1], line[2]) != ("0", "0"):
            month = line[0].replace("/", "-")
            expected["export", month], expected["import", month] = (
                int(line[1]) * 1000,
                int(line[2]) * 1000,
            )
    found = {
        (row["flow"], row["period"]): int(row["value"])
        for row in flows
        if row["source"] == "japan-customs/d41ma@2026-09"
    }
    assert len(found) == 472
    assert found == expected


def commodity_cells(name: str) -> Iterator[tuple[str, str, str, int, str, int]]:
    """Code, month, unit, value in thousand yen, quantity, and the quantity's column."""
    lines = sheet(name)
    codes, units = lines[4], lines[6]
    for line in lines[7:]:
        for column in range(2, len(codes) - 1, 2):
            unit = re.search("：([A-Z]+)", units[column])
            yield (
                codes[column].replace("'", ""),
                line[0].replace("/", "-"),
                unit.group(1) if unit else "",
                int(line[column + 1]),
                line[column],
                column,
            )


@needs_shared
@pytest.mark.parametrize(("flow", "name"), [("export", "d51ma.csv"), ("import", "d61ma.csv")])
def test_commodities_are_those_of_the_file(flow: str, name: str, flows: list[Row]) -> None:
    found = {
        (row["product"], row["period"]): row for row in flows if row["source"] == SERIES_OF[flow]
    }
    seen = set()
    for code, month, unit, value, volume, _ in commodity_cells(name):
        row = found[code, month]
        seen.add((code, month))
        assert int(row["value"]) == value * 1000
        if volume == "-":
            assert row["quantity"] == ""
            continue
        # The copy of the exports has the unit of code 4 one column to the left, over code 2.
        unit = "MT" if (flow, code) == ("export", "4") else unit
        assert (row["unit"], UNITS[unit][1]) == UNITS[unit]
        assert Decimal(row["quantity"]) == int(volume)
    assert {month for _, month in seen} == {
        str(Period.month(2023, 10).shift(months)) for months in range(15)
    }
    # What is left is the longer series of chip machinery.
    assert {code for code, _ in set(found) - seen} <= {"70131"}
    totals = {line[0].replace("/", "-"): line[1] for line in sheet(name)[7:]}
    for row in flows:
        if row["source"].startswith("japan-customs/d41ma") and row["flow"] == flow:
            assert row["value"] == totals.get(row["period"], row["value"][:-3]) + "000"


@needs_shared
def test_chip_machinery_is_that_of_the_file(flows: list[Row]) -> None:
    found = {
        row["period"]: (row["value"], row["quantity"], row["unit"])
        for row in flows
        if row["source"] == SERIES_OF["export"] and row["product"] == "70131"
    }
    assert found == {
        row["period"]: (row["value_thousand_jpy"] + "000", row["quantity_kg"], "kg")
        for row in rows(CUSTOMS / "semicon_machinery_70131_exports.csv")
    }


@pytest.fixture(scope="module")
def xml() -> ET.Element:
    return ET.parse(CUSTOMS / "press_2024114en_trimmed.xml").getroot()


@needs_shared
def test_release_totals(xml: ET.Element, flows: list[Row]) -> None:
    page = xml.find("sogakutsuki")
    assert page is not None
    for flow in ("export", "import"):
        for tag, month in (("sogakutonen", "2024-11"), ("sogakuzennen", "2023-11")):
            (row,) = (
                row
                for row in flows
                if (row["source"], row["flow"], row["period"]) == (RELEASE, flow, month)
                and (row["partner"], row["product"]) == ("WLD", "TOTAL")
            )
            assert row["value"] == number(page.findtext(f"{flow}/{tag}")) + "000000"


@needs_shared
def test_release_areas(
    xml: ET.Element,
    released: dict[tuple[str, str, str], Row],
    stated: dict[tuple[str, str, str, str], str],
) -> None:
    blocks = xml.findall("chiikikunisogaku/chiikikunisogakuinfo")
    assert len(blocks) == 47
    for block in blocks:
        area = AREAS[block.findtext("chiikikuni", "")]
        values = {}
        for flow in ("export", "import"):
            value = released[flow, area, "TOTAL"]["value"]
            values[flow] = int(value)
            assert value == number(block.findtext(f"{flow}kagakue")) + "000000"
            assert stated[f"{flow}s.yoy", area, "TOTAL", "2024-11"] == number(
                block.findtext(f"{flow}nobiritsu")
            )
        balance = values["export"] - values["import"]
        assert balance == int(number(block.findtext("sashihikikagakue"))) * 10**6
        assert stated.get(("balance.yoy", area, "TOTAL", "2024-11"), "") == number(
            block.findtext("sashihikinobiritsu")
        )


@needs_shared
def test_release_commodities(
    xml: ET.Element,
    released: dict[tuple[str, str, str], Row],
    stated: dict[tuple[str, str, str, str], str],
) -> None:
    seen = 0
    for page in xml.findall("shuyochiikikunihin"):
        title = page.findtext("title", "")
        flow = "export" if title.startswith("Exports") else "import"
        area = "WLD" if "WORLD" in title else AREAS[title.rpartition("(")[2].rstrip(")")]
        for block in page.findall("shuyochiikikunihininfo"):
            seen += 1
            term = COMMODITIES[block.findtext("shuyoshohin", "").strip()]
            found = products.commodity(term, flow)
            code = found.code if found else term
            value = number(block.findtext("kagaku"))
            row = released.get((flow, area, code), {"value": "", "quantity": "", "unit": ""})
            assert row["value"] == (value and value + "000000")
            volume, unit = number(block.findtext("suryo")), block.findtext("tani", "").strip()
            if volume:
                name, scale = UNITS[unit]
                assert (Decimal(row["quantity"]), row["unit"]) == (int(volume) * scale, name)
            else:
                assert row["quantity"] == ""
            for key, tag in (
                (f"{flow}s.yoy", "kagakunobiritsu"),
                (f"{flow}_volume.yoy", "suryonobiritsu"),
                (f"{flow}s.share", "koseihi"),
                (f"{flow}s.contribution", "zogenkiyodo"),
            ):
                # The growth of the volume of all goods is that of the index, from another page.
                if (key, term) != (f"{flow}_volume.yoy", "TOTAL"):
                    text = stated.get((key, area, term, "2024-11"), "")
                    assert text == number(block.findtext(tag))
    assert seen == 32


@needs_shared
def test_release_chip_machinery_by_destination(
    released: dict[tuple[str, str, str], Row], stated: dict[tuple[str, str, str, str], str]
) -> None:
    for line in rows(CUSTOMS / "press_202411_prov_semicon_machinery_by_dest.csv"):
        area = AREAS.get(line["area"], "WLD")
        row = released["export", area, "70131"]
        assert row["value"] == line["value_mn_jpy"] + "000000"
        assert (row["quantity"], row["unit"]) == (line["quantity_mt"], "t")
        name = (area, "semiconductor_equipment", "2024-11")
        assert stated["exports.yoy", *name] == line["value_yoy_pct"]
        assert stated["export_volume.yoy", *name] == line["quantity_yoy_pct"]


@needs_shared
def test_indexes(stated: dict[tuple[str, str, str, str], str]) -> None:
    names = {"exp": "export", "imp": "import"}
    measures = {"value": "value", "volume": "volume", "unitvalue": "unit_value"}
    for line in rows(CUSTOMS / "trade_indexes_world_2020eq100.csv"):
        where = ("WLD", "TOTAL", line["period"])
        for short, flow in names.items():
            for given, measure in measures.items():
                index = stated[f"{flow}_{measure}_index", *where]
                assert index == line[f"{short}_{given}_idx"]
                key = f"{flow}s.yoy" if measure == "value" else f"{flow}_{measure}.yoy"
                assert stated[key, *where] == line[f"{short}_{given}_yoy"]


@needs_shared
def test_exchange_rates(series: list[Row]) -> None:
    found = {row["period"]: row["value"] for row in series if row["key"] == "exchange_rate"}
    assert found == {
        line["Date"][:7]: line["Exchange rate"]
        for line in rows(SHARED / "exchange_rates" / "monthly.csv")
        if line["Country"] == "Japan" and line["Date"] >= "2007"
    }


@needs_shared
def test_billings(series: list[Row]) -> None:
    found = {
        (row["key"], row["period"], json.loads(row["dimensions"])["partner"]): Decimal(row["value"])
        for row in series
        if row["key"].startswith("sales") and "SE" in json.loads(row["dimensions"])["association"]
        # Both associations state years; SEAJ's are yen.
        if row["unit"] != "JPY" or row["freq"] == "M"
    }
    folder = SHARED / "semicon_industry"
    for line in rows(folder / "seaj_billings_3mma_from_pages.csv"):
        where = line["period"], "WLD"
        assert found["sales", *where] == Decimal(line["billings_bn_jpy_3mma"]) * 10**9
        for measure in ("yoy", "mom"):
            if line[f"{measure}_pct"]:
                assert found[f"sales.{measure}", *where] == Decimal(line[f"{measure}_pct"])
    areas = {
        "South Korea": "KOR",
        "China": "CHN",
        "Taiwan": "TWN",
        "Japan": "JPN",
        "North America": "NAMERICA",
        "Europe": "EUROPE",
        "Rest of World": "ROW",
        "Total": "WLD",
    }
    for line in rows(folder / "semi_equipment_billings_by_region_from_pages.csv"):
        where = line["period"], areas[line["region_where_installed"]]
        assert found["sales", *where] == Decimal(line["usd_bn"]) * 10**9
