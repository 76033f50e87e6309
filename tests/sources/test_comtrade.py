"""UN Comtrade: replies that are cut off, parts of figures, and the former CSV."""

from __future__ import annotations

import json
from collections import Counter, deque
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boeki.errors import InputError, MissingKey, NotAsExpected, Refused, UnknownTerm
from boeki.sources.base import Part, Query, Request
from boeki.sources.comtrade import HEADER, KEY, Comtrade
from boeki.terms.codes import area_map
from boeki.terms.periods import Period
from tests.sources.kept import CAME, SPECIMENS, kept, rows, written

FOLDER = SPECIMENS / "comtrade"
REPLY = FOLDER / "annual.json"
LEGACY = FOLDER / "legacy.csv"
#: A key that looks like one, and is none.
PRETENDED = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _without_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)


def question(**asked: Any) -> Request:
    """The one question that a query makes; the specimen answers it."""
    asked = {"start": Period.year(2020), "end": Period.year(2020)} | asked
    (request,) = Comtrade().requests(Query(**asked))
    return request


def specimen_question() -> Request:
    return question(products=("848620", "TOTAL"))


def reply(folder: Path, **changed: Any) -> Path:
    """The specimen with fields of the reply changed; of its first row, as ``row_FIELD``."""
    told = json.loads(REPLY.read_text())
    for field, value in changed.items():
        if field.startswith("row_"):
            told["data"][0][field.removeprefix("row_")] = value
        else:
            told[field] = value
    return written(folder, "reply.json", json.dumps(told))


def part(path: Path = REPLY, request: Request | None = None) -> Part:
    (found,) = Comtrade().parse(kept(request or specimen_question(), path)).parts
    return found


def test_without_a_key_the_preview_is_asked_year_by_year() -> None:
    first, second = Comtrade().requests(
        Query(
            start=Period.year(2022),
            end=Period.year(2023),
            reporters=("JPN",),
            partners=("WLD", "TWN"),
            products=("848620",),
            flows=("export",),
        )
    )
    assert first.address == "https://comtradeapi.un.org/public/v1/preview/C/A/HS"
    assert dict(first.params) == {
        "partner2Code": "0",
        "customsCode": "C00",
        "motCode": "0",
        "maxRecords": "500",
        "includeDesc": "false",
        "flowCode": "X",
        "period": "2022",
        "reporterCode": "392",
        "partnerCode": "0,490",  # Taiwan is "Other Asia, nes"
        "cmdCode": "848620",
    }
    assert (second.params["period"], second.secret_headers) == ("2023", {})
    assert first.name != second.name


def test_with_a_key_twelve_periods_are_asked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, PRETENDED)
    query = Query(start=Period.month(2023, 1), end=Period.month(2024, 2), reporters=("USA",))
    first, second = Comtrade().requests(query)
    assert first.address == "https://comtradeapi.un.org/data/v1/get/C/M/HS"
    assert len(first.params["period"].split(",")) == 12
    assert second.params["period"] == "202401,202402"
    assert first.secret_headers == {HEADER: PRETENDED}
    assert PRETENDED not in repr(first) + first.shown
    assert first.params["reporterCode"] == "842"


@pytest.mark.parametrize(
    ("query", "error", "said"),
    [
        (Query(reporters=("JPN",)), InputError, "from which period"),
        (Query(start=Period.quarter(2024, 1)), InputError, "years and months"),
        (Query(start=Period.year(2024), end=Period.month(2024, 2)), InputError, "as one of them"),
        (Query(start=Period.year(2024), end=Period.year(2020)), InputError, "after"),
        (Query(start=Period.year(2020), reporters=("JAP",)), UnknownTerm, "JAP"),
        (Query(start=Period.year(2020), reporters=("ASEAN",)), UnknownTerm, "reporter of comtrade"),
        (Query(start=Period.year(2020), flows=("transit",)), UnknownTerm, "transit"),
        (Query(start=Period.year(2020), products=("84862",)), InputError, "84862"),
        (Query(start=Period.year(2020), names=("H9",)), UnknownTerm, "H9"),
        (Query(start=Period.year(2020), options={"key": "x"}), UnknownTerm, "key"),
    ],
)
def test_a_question_that_cannot_be_put(query: Query, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        Comtrade().requests(query)


def test_a_reply_is_whole_for_what_a_reporter_hands_in_and_an_old_file_is_an_excerpt() -> None:
    assert part().whole == (("reporter", "flow", "period"),)
    (own,) = Comtrade().requests(Query(options={"path": str(LEGACY)}))
    assert part(LEGACY, own).whole == ()


def test_rows_of_a_reply() -> None:
    found = part()
    # Japan's exports of HS 848620 in 2020, as UN Comtrade had them on 16 August 2021.
    assert rows(found)[0] == {
        "reporter": "JPN",
        "partner": "WLD",
        "flow": "export",
        "classification": "HS2017",
        "product": "848620",
        "freq": "A",
        "period": "2020",
        "value": Decimal("12030640135.000"),
        "currency": "USD",
        "resolution": Decimal("0.001"),
        "quantity": None,
        "unit": None,
        "weight": Decimal("44152655.000"),
        "valuation": "fob",
        "system": None,
        "adjustment": "nsa",
        "status": "final",
    }
    assert found.document.published == CAME.date()
    assert "upper bound" in found.document.note
    assert list(found.faults) == []


def test_a_part_of_a_figure_is_never_counted_with_it() -> None:
    found = part()
    assert len(rows(found)) == 6  # of seven rows, one is by sea
    assert "mode of transport: 1." in found.document.note
    assert Decimal("1.5") not in {r["value"] for r in rows(found)}


@pytest.mark.parametrize(
    "changed",
    [
        {"row_partner2Code": 156},
        {"row_customsCode": "C01"},
        {"row_motCode": 1000},
        {"row_mosCode": "1"},
    ],
)
def test_a_part_without_its_total_is_told(tmp_path: Path, changed: dict[str, Any]) -> None:
    found = part(reply(tmp_path, **changed))
    assert len(rows(found)) == 5
    reasons = [f.reason for f in found.faults]
    # The row by sea has lost its total, too.
    assert reasons == ["2 lines left out: parts of a figure, and not its total, came"]


def test_imports_are_fob_where_the_reply_says_so() -> None:
    valued = {(r["reporter"], r["flow"]): r["valuation"] for r in rows(part())}
    assert valued["JPN", "import"] == "cif"
    assert valued["USA", "import"] == "fob"
    assert valued["USA", "re-export"] == "fob"


def test_estimated_weights_are_left_out() -> None:
    found = part()
    (row,) = [r for r in rows(found) if (r["reporter"], r["flow"]) == ("USA", "import")]
    assert (row["quantity"], row["unit"], row["weight"]) == (Decimal(550603), "units", None)
    assert "weights left out: 1." in found.document.note


def test_a_weight_of_zero_is_none() -> None:
    (row,) = [r for r in rows(part()) if r["flow"] == "re-export"]
    assert (row["quantity"], row["weight"]) == (Decimal(15430), None)


def test_values_are_rounded_to_what_the_tables_hold() -> None:
    (row,) = [r for r in rows(part()) if (r["reporter"], r["flow"]) == ("USA", "export")]
    assert row["value"] == Decimal("13006977112.123")  # 13006977112.12345


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"row_reporterCode": 9999}, "reporterCode 9999"),
        ({"row_classificationCode": "S4"}, "classificationCode S4"),
        ({"row_primaryValue": None}, "primaryValue null"),
        ({"row_qtyUnitCode": 77, "row_qty": 5}, "qtyUnitCode 77"),
    ],
)
def test_what_is_left_out_is_told(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    path = reply(tmp_path, **changed)
    found = part(path)
    rows(found)
    assert said in [f.said for f in found.faults]


def test_a_flow_that_is_not_known_is_told(tmp_path: Path) -> None:
    request = specimen_question()
    request = replace(request, params={k: v for k, v in request.params.items() if k != "flowCode"})
    found = part(reply(tmp_path, row_flowCode="MIP"), request)
    assert "flowCode MIP" in [f.said for f in found.faults]


def test_an_empty_reply_says_so(tmp_path: Path) -> None:
    found = part(reply(tmp_path, count=0, data=[]))
    assert rows(found) == []
    assert "Comtrade has no figures for this question" in found.document.note


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<!doctype html><title>Sign in</title>",
        REPLY.read_text()[: len(REPLY.read_text()) // 2],
        "[]",
        '{"count": 1}',
        '{"count": "1", "data": []}',
        '{"count": 0, "data": [NaN]}',
        '{"count": 1, "data": ["a row"]}',
    ],
)
def test_what_is_no_reply_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(NotAsExpected):
        part(written(tmp_path, "reply.json", content))


@pytest.mark.parametrize(
    "changed",
    [
        {"count": 6},  # fewer than there are
        {"row_period": "2019"},  # not asked for
        {"row_cmdCode": "848640"},
        {"row_flowCode": "DX2"},
        {"row_primaryValue": "12030640135"},
        {"row_primaryValue": True},
        {"row_freqCode": "Q"},
    ],
)
def test_a_reply_in_another_layout_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(NotAsExpected):
        part(reply(tmp_path, **changed))


def test_a_lost_field_is_refused(tmp_path: Path) -> None:
    told = json.loads(REPLY.read_text())
    del told["data"][3]["motCode"]
    with pytest.raises(NotAsExpected, match=r"row 4 .* lacks motCode"):
        part(written(tmp_path, "reply.json", json.dumps(told)))


@pytest.mark.parametrize(
    "content",
    [
        '{"elapsedTime": "0", "count": 0, "data": null, "error": "Quota exceeded"}',
        '{"statusCode": 403, "message": "Quota exceeded"}',
    ],
)
def test_a_refusal_is_told(tmp_path: Path, content: str) -> None:
    with pytest.raises(Refused, match="Quota exceeded"):
        part(written(tmp_path, "reply.json", content))


# -- replies that are cut off ---------------------------------------------------------------------


def capped(request: Request, cap: int) -> Request:
    return replace(request, context={**request.context, "cap": str(cap)})


def row(**fields: Any) -> dict[str, Any]:
    return json.loads(REPLY.read_text())["data"][0] | fields


def answered(table: list[dict[str, Any]], request: Request, folder: Path) -> Path:
    """What a server that cuts its replies off says."""

    def asked(field: str, value: object) -> bool:
        codes = request.params.get(field, "")
        wanted = {str(value), f"AG{len(str(value))}" if field == "cmdCode" else str(value)}
        return not codes or not wanted.isdisjoint(codes.split(","))

    axes = ("flowCode", "period", "reporterCode", "partnerCode", "cmdCode")
    found = [r for r in table if all(asked(axis, r[axis]) for axis in axes)]
    cut = found[: int(request.context["cap"])]
    told = {"elapsedTime": "", "count": len(cut), "data": cut, "error": ""}
    return written(folder, "answer.json", json.dumps(told))


def all_of(table: list[dict[str, Any]], request: Request, folder: Path) -> list[dict[str, Any]]:
    """Every row that comes, as a pull asks on until nothing more is to be asked."""
    source, found, left = Comtrade(), [], deque([request])
    while left:
        one = left.popleft()
        parsed = source.parse(kept(one, answered(table, one, folder)))
        left += parsed.more
        for one_part in parsed.parts:
            found += rows(one_part)
            assert not list(one_part.faults)
    return found


CODES = list(area_map("comtrade"))
KEYS = st.tuples(
    st.sampled_from(["M", "X", "RX", "RM", "DX"]),
    st.sampled_from(["2019", "2020", "2021"]),
    st.sampled_from(["392", "842", "156", "490"]),
    st.sampled_from(CODES),
    st.sampled_from(["TOTAL", "848620", "270900", "8703"]),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    keys=st.sets(KEYS, max_size=60),
    cap=st.integers(2, 20),
    reporters=st.sampled_from([(), ("JPN", "USA", "CHN", "TWN")]),
)
def test_every_row_comes_exactly_once_however_replies_are_cut(
    tmp_path: Path, keys: set[tuple[str, ...]], cap: int, reporters: tuple[str, ...]
) -> None:
    axes = ("flowCode", "period", "reporterCode", "partnerCode", "cmdCode")
    table = [
        row(**dict(zip(axes, key, strict=True)), primaryValue=number + 1)
        for number, key in enumerate(sorted(keys))
    ]
    asked = question(reporters=reporters, products=("TOTAL", "848620", "270900", "8703"))
    asked = capped(replace(asked, params={**asked.params, "period": "2019,2020,2021"}), cap)
    found = Counter(int(r["value"]) for r in all_of(table, asked, tmp_path))
    assert found == Counter(range(1, len(table) + 1))


def test_a_level_is_split_into_chapters(tmp_path: Path) -> None:
    table = [row(cmdCode=f"{n:02d}", primaryValue=n) for n in (*range(1, 77), *range(78, 98))]
    asked = question(reporters=("JPN",), partners=("WLD",), products=("AG2",), flows=("export",))
    found = all_of(table, capped(asked, 10), tmp_path)
    assert sorted(int(r["value"]) for r in found) == [*range(1, 77), *range(78, 98)]


def test_a_question_that_cannot_be_split_is_refused(tmp_path: Path) -> None:
    table = [row(cmdCode=f"8486{n}0", primaryValue=n + 1) for n in range(9)]
    asked = question(reporters=("JPN",), partners=("WLD",), products=("AG6",), flows=("export",))
    with pytest.raises(Refused, match=r"cuts its reply .* off at 5 rows"):
        all_of(table, capped(asked, 5), tmp_path)


def test_a_count_beyond_the_rows_is_a_reply_cut_off(tmp_path: Path) -> None:
    parsed = Comtrade().parse(kept(specimen_question(), reply(tmp_path, count=900)))
    assert (list(parsed.parts), len(parsed.more)) == ([], 2)


def test_partners_asked_for_by_code_are_noted(tmp_path: Path) -> None:
    table = [row(partnerCode=int(code), primaryValue=1) for code in CODES[:6]]
    asked = question(reporters=("JPN",), products=("848620",), flows=("export",))
    asked = capped(asked, 5)
    first, _ = Comtrade().parse(kept(asked, answered(table, asked, tmp_path))).more
    while True:
        parsed = Comtrade().parse(kept(first, answered(table, first, tmp_path)))
        if not parsed.more:
            break
        first = parsed.more[0]
    (found,) = parsed.parts
    assert "All partners were too many for one reply" in found.document.note


def test_what_follows_needs_the_key_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(KEY, PRETENDED)
    asked = specimen_question()
    again = replace(asked, secret_headers={})
    path = reply(tmp_path, count=900)
    assert all(
        r.secret_headers == {HEADER: PRETENDED} for r in Comtrade().parse(kept(again, path)).more
    )
    monkeypatch.delenv(KEY)
    with pytest.raises(MissingKey, match=KEY):
        Comtrade().parse(kept(again, path))


# -- the former CSV -------------------------------------------------------------------------------


def own(path: Path) -> Part:
    (request,) = Comtrade().requests(Query(options={"path": str(path)}))
    return part(path, request)


def test_lines_of_the_former_csv() -> None:
    japan, usa, again = rows(own(LEGACY))
    # As UN Comtrade had them on 16 August 2021. The flag 4 marks an estimated weight.
    assert (japan["value"], japan["weight"], japan["quantity"], japan["resolution"]) == (
        Decimal(12030640135),
        Decimal(44152655),
        None,
        Decimal(1),
    )
    assert (usa["flow"], usa["valuation"], usa["quantity"], usa["unit"], usa["weight"]) == (
        "import",
        "cif",
        Decimal(550603),
        "units",
        None,
    )
    assert (again["flow"], again["weight"]) == ("re-export", None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Trade Value (US$),", "Trade Value,"),
        ("Netweight (kg),", ""),
        ("12030640135", "1.2.3"),
        (",12030640135,,,2", ",12030640135,,,3"),
        ("517073410,,,0", "517073410"),
    ],
)
def test_another_layout_of_the_former_csv_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = LEGACY.read_text()
    assert old in text
    with pytest.raises(NotAsExpected):
        own(written(tmp_path, "legacy.csv", text.replace(old, new)))


def test_the_real_file(shared: Path) -> None:
    found = own(shared / "data" / "comtrade" / "comtrade_2021-08-16.csv")
    read = rows(found)
    assert len(read) == 2_863  # as its source states
    assert list(found.faults) == []
    exports: Counter[str] = Counter()
    for one in read:
        if (one["flow"], one["period"]) == ("export", "2020"):
            exports[one["reporter"]] += one["value"]
    # The three largest exporters of 2020, in billions of dollars, as its source states them.
    assert [(area, round(value / 10**9, 2)) for area, value in exports.most_common(3)] == [
        ("USA", Decimal("14.71")),
        ("JPN", Decimal("14.68")),
        ("NLD", Decimal("11.74")),
    ]
