"""Commands on prices and volumes: what they print, and what they say when they cannot."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.commands import refused, run

CRUDE = ["explain", "price-volume", "JPN", "2024-11", "--flow", "import", "--product", "crude_oil"]


def test_price_and_volume_of_crude_oil() -> None:
    text = run(*CRUDE, "--vs", "yoy").output
    assert "Change: −¥321.760 bn (−29.7 %). Quantity −17.0 %, unit value −15.3 %." in text
    told = json.loads(run(*CRUDE, "--json").output)
    assert told["about"]["residual"] == 0
    # JSON has floats: exact to the last digit are the library's own decimals.
    assert sum(r["effect"] for r in told["rows"]) == pytest.approx(told["about"]["change"])
    assert told["evidence"]


def test_shares_of_currencies_typed_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "shares.csv"
    file.write_text("flow,currency,share\nimport,USD,90\nimport,JPY,10\nexport,JPY,100\n")
    typed = run(*CRUDE, "--invoicing", "USD=0.9, JPY=0.1", "--csv").output
    assert run(*CRUDE, "--invoicing", str(file), "--csv").output == typed
    names = [r["part"] for r in csv.DictReader(io.StringIO(typed))]
    assert names == ["Contract price", "Exchange rate", "Volume"]


def test_price_index(tmp_path: Path) -> None:
    args = ["measure", "price-index", "JPN", "--from", "2023-12", "--to", "2024-11"]
    text = run(*args, "--flow", "import").output
    assert "171.0" in text
    assert "Quantities are known for 5" in text
    plot = tmp_path / "index.png"
    geks = run(
        *args, "--link", "geks", "--window", "6", "--splice", "movement", "--plot", str(plot)
    )
    assert "GEKS" in geks.output
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_terms_of_trade() -> None:
    (row,) = json.loads(
        run("measure", "terms-of-trade", "JPN", "--from", "2024-11", "--json").output
    )["rows"]
    assert round(row["terms_of_trade"], 1) == 90.6
    computed = run("measure", "terms-of-trade", "JPN", "--basis", "computed", "--from", "2023-11",
                   "--to", "2024-11", "--formula", "tornqvist").output  # fmt: skip
    assert "computed, tornqvist fixed" in computed


def test_margins_of_products() -> None:
    text = run("explain", "margins", "JPN", "2024-11", "--flow", "import", "--by", "product").output
    told = " ".join(text.split())
    assert "of which extensive margin ¥0; 31 pairs were traded in both periods" in told


def test_unit_value() -> None:
    text = run("measure", "unit-value", "JPN", "--product", "crude_oil", "--flow", "import").output
    assert "75,184.4" in text


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([*CRUDE[:-1], "cruel_oil"], "did you mean crude_oil"),
        ([*CRUDE, "--invoicing", "USD=much"], "write shares as USD=0.69"),
        ([*CRUDE, "--invoicing", "nowhere.csv"], "cannot read nowhere.csv"),
        ([*CRUDE, "--invoicing", "EUR=1"], "boeki pull ecb-fx"),
        ([*CRUDE, "--vs", "2022-11"], "cannot be explained"),
        (["measure", "price-index", "JPN"], "--from 2023-11 --to 2024-11"),
        (["measure", "terms-of-trade", "DEU"], "--basis computed"),
        (["measure", "terms-of-trade", "JPN", "--basis", "computed"], "need --from and --to"),
        (["measure", "terms-of-trade", "JPN", "--link", "geks"], "--link is of computed indexes"),
        (["measure", "adjusted", "exports", "JPN", "--holidays", "separate"], "--calendar JPN"),
        (
            ["explain", "margins", "JPN", "2024", "--against-world", "--by", "product"],
            "leave --by out",
        ),
        (["measure", "unit-value", "JPN", "--product", "TOTAL"], "have no quantity"),
        (["explain", "margins", "JPN", "2024-11", "--against-world"], "boeki pull baci"),
        (
            ["explain", "margins", "JPN", "2024", "--against-world", "--flow", "import"],
            "is of exports",
        ),
        (["explain", "variety", "JPN", "2024-11", "--sigma", "1"], "must be above 1"),
        (["explain", "variety", "JPN", "2024-11", "--sigma", "4"], "the lake holds no imports"),
    ],
)
def test_what_cannot_be_carried_out(
    capsys: pytest.CaptureFixture[str], args: list[str], words: str
) -> None:
    assert words in refused(capsys, *args)


def test_margins_and_variety_of_a_table_of_ones_own(tmp_path: Path) -> None:
    rows = [
        "period,partner,flow,product,value,quantity",
        "2019,USA,export,100110,100,10", "2020,USA,export,100110,180,12",
        "2020,DEU,export,100110,7,1", "2020,USA,export,848620,9,1",
        "2019,JPN,import,848620,50,50", "2020,JPN,import,848620,80,80",
        "2020,KOR,import,848620,20,4",
    ]  # fmt: skip
    (tmp_path / "trade.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "trade.toml").write_text(
        'table = "flows"\ntitle = "Trade"\npublished = 2021-03-01\nlicence = "own"\n[columns]\n'
        'reporter = { value = "ZAF" }\npartner = "partner"\nflow = "flow"\nproduct = "product"\n'
        'classification = { value = "HS2017" }\nperiod = "period"\nvalue = "value"\n'
        'currency = { value = "USD" }\nquantity = "quantity"\nunit = { value = "kg" }\n'
    )
    lake = ["--lake", str(tmp_path / "lake")]
    run(*lake, "pull", "table", str(tmp_path / "trade.csv"), "-o",
        f"mapping={tmp_path / 'trade.toml'}")  # fmt: skip
    margins = json.loads(run(*lake, "explain", "margins", "ZAF", "2020", "--json").output)
    assert {r["part"]: r["effect"] for r in margins["rows"]} == {
        "Price of what is traded in both": 55,
        "Volume of what is traded in both": 25,
        "New products": 9,
        "Known products to new partners": 7,
    }
    told = run(*lake, "explain", "variety", "ZAF", "2020", "--sigma", "3", "--json").output
    assert json.loads(told)["about"]["exact_index"] == pytest.approx(0.8**0.5)
