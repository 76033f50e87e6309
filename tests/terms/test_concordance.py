"""Tables between classifications, against the United Nations' and against identities."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from itertools import pairwise

import pytest

from boeki.errors import InputError, UnknownTerm
from boeki.terms import classifications
from boeki.terms.concordance import concordance, convert, route, unmatched

#: Weights have twelve significant digits, and a code has at most some hundred targets.
EXACT = 1e-9
LADDER = ["HS1992", "HS1996", "HS2002", "HS2007", "HS2012", "HS2017"]


def codes_of(code: str, start: str, end: str) -> set[str]:
    return {t.code for t in convert(code, start, end)}


@pytest.mark.parametrize(
    ("code", "start", "end", "targets"),
    [
        # UN Statistics Division, correlation tables.
        # HS 2022 tells smartphones from other telephones.
        ("851713", "HS2022", "HS2017", {"851712"}),
        # HS 2022 parts products for inhalation (24.04) from other manufactured tobacco.
        ("240399", "HS2017", "HS2022", {"240399", "240411", "240419"}),
        # HS 2022 parts photovoltaic cells from other photosensitive devices.
        ("854143", "HS2022", "HS2017", {"854140"}),
        # HS 2017 brought codes for hybrid and electric cars.
        ("870380", "HS2017", "HS2012", {"870390"}),
        # Broad Economic Categories: machines are capital goods, cars 51, crude oil 31.
        ("848620", "HS2022", "BEC4", {"41"}),
        ("848620", "HS2007", "BEC4", {"41"}),
        ("870323", "HS2017", "BEC4", {"51"}),
        ("270900", "HS2022", "BEC4", {"31"}),
        # SITC Rev. 4: crude petroleum 333.0, portable computers 752.2.
        ("270900", "HS2022", "SITC4", {"3330"}),
        ("847130", "HS2022", "SITC4", {"7522"}),
        # WITS: HS 2007 (H3) and HS combined to ISIC Rev. 3.
        ("848620", "HS2007", "ISIC3", {"3190"}),
        ("848620", "HS2022", "ISIC3", {"3190"}),
        ("847989", "HS2002", "ISIC3", {"2929"}),
        ("870323", "HS2002", "ISIC3", {"3410"}),
    ],
)
def test_a_code_becomes_what_the_official_table_says(code, start, end, targets):
    assert codes_of(code, start, end) == targets


def test_semiconductor_machines_came_out_of_two_dozen_codes():
    # UN Statistics Division, HS 2022 to HS 2002: 8486.20 corresponds to 24 codes.
    found = codes_of("848620", "HS2007", "HS2002")
    assert found == codes_of("848620", "HS2022", "HS2002")
    assert len(found) == 24
    assert {"847989", "845610", "845691", "854311", "901041", "901042"} <= found
    assert all(t.ambiguous and t.weight is None for t in convert("848620", "HS2007", "HS2002"))


@pytest.mark.parametrize(("start", "end"), [*pairwise(LADDER)])
def test_weights_lead_to_the_next_vintage_whole(start, end):
    sums: dict[str, list[float]] = defaultdict(list)
    for row in concordance(start, end):
        assert row.weight is not None
        assert 0 < row.weight <= 1
        sums[row.from_code].append(row.weight)
    assert all(math.isclose(math.fsum(w), 1, abs_tol=EXACT) for w in sums.values())
    assert not unmatched(start, end)


def test_weights_follow_one_another_over_all_vintages():
    sums: dict[str, float] = defaultdict(float)
    for row in concordance("HS1992", "HS2017"):
        assert row.weight is not None
        sums[row.from_code] += row.weight
    assert len(sums) == len(classifications.codes("HS1992", 3))
    assert max(abs(total - 1) for total in sums.values()) < EXACT


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("HS2022", "HS2017"),
        ("HS2017", "HS2002"),
        ("HS2022", "BEC4"),
        ("HS1992", "BEC4"),
        ("HS2022", "SITC4"),
        ("SITC4", "HS2012"),
        ("HS2012", "SITC3"),
        ("HS2022", "ISIC4"),
        ("ISIC4", "ISIC3"),
        ("BEC4", "HS2022"),
    ],
)
def test_a_part_is_known_or_said_to_be_unknown(start, end):
    rows: dict[str, list] = defaultdict(list)
    for row in concordance(start, end):
        assert row.ambiguous == (row.weight is None)
        assert classifications.code_known(end, row.to_code)
        rows[row.from_code].append(row)
    for code, found in rows.items():
        known = math.fsum(r.weight for r in found if r.weight is not None)
        assert known <= 1 + EXACT, code
        assert len({r.to_code for r in found}) == len(found)
    finest = {c for c in classifications.codes(start) if not classifications.children(start, c)}
    assert finest == rows.keys() | set(unmatched(start, end))


@pytest.mark.parametrize("end", classifications.HS[:-1])
def test_codes_that_mean_the_same_go_there_and_back(end):
    same = 0
    for code in classifications.codes("HS2022", 3):
        there = convert(code, "HS2022", end)
        if len(there) == 1 and len(back := convert(there[0].code, end, "HS2022")) == 1:
            assert back[0].code == code
            assert there[0].weight == back[0].weight == 1
            same += 1
    assert same > 2500


def test_the_united_nations_send_each_code_to_one_older_code():
    rows = [r for r in concordance("HS2022", "HS2012") if r.main]
    assert len(rows) == len(classifications.codes("HS2022", 3))
    assert len({r.from_code for r in rows}) == len(rows)


def test_trade_is_neither_lost_nor_made(shared):
    # CEPII BACI, HS 2017, exports of Afghanistan and South Africa in 2020.
    path = shared / "data" / "baci_sample" / "BACI_HS17_Y2020_sample_AFG_ZAF.csv"
    with path.open(newline="") as file:
        traded: dict[str, float] = defaultdict(float)
        for r in csv.DictReader(file):
            traded[r["k"].zfill(6)] += float(r["v"])
    # BACI keeps all of heading 2710 under 271000 in every vintage, which HS 2017 does not have.
    with pytest.raises(UnknownTerm):
        convert("271000", "HS17", "H4")
    del traded["271000"]
    older: dict[str, float] = defaultdict(float)
    for code, value in traded.items():
        for target in convert(code, "HS17", "H4"):
            assert target.weight is not None
            older[target.code] += target.weight * value
    total = math.fsum(traded.values())
    assert total > 1e7
    assert math.isclose(math.fsum(older.values()), total, rel_tol=EXACT)


def test_the_way_goes_along_the_vintages_and_never_through_coarser_classes():
    assert route("H3", "BEC") == ("HS2007", "HS2012", "HS2017", "BEC4")
    assert route("HS2022", "HS1996") == ("HS2022", "HS1996")
    assert route("HS2012", "SITC3") == ("HS2012", "HS2022", "SITC3")
    assert route("HS2022", "ISIC4") == ("HS2022", "HS2007", "ISIC3", "ISIC31", "ISIC4")
    coarse = {"BEC4", "SITC1", "SITC2", "SITC3", "SITC4"}
    for start in classifications.CLASSIFICATIONS:
        for end in classifications.CLASSIFICATIONS:
            assert not coarse & set(route(start, end)[1:-1])


def test_a_part_without_counterpart_is_not_shared_out_among_the_others():
    # WITS's 9999, waste and scrap, is no class of ISIC Rev. 3.1.
    assert codes_of("720410", "HS2007", "ISIC3") == {"9999"}
    assert convert("720410", "HS2007", "ISIC31") == ()
    assert "720410" in unmatched("HS2007", "ISIC31")
    waste: dict[str, set[str]] = defaultdict(set)
    for row in concordance("HS2022", "ISIC3"):
        waste[row.from_code].add(row.to_code)
    partly = [code for code, found in waste.items() if "9999" in found and len(found) > 1]
    assert partly
    for code in partly:
        assert all(t.ambiguous for t in convert(code, "HS2022", "ISIC31"))


def test_what_cannot_be_converted_is_refused():
    assert convert("TOTAL", "HS2022", "SITC4")[0].code == "TOTAL"
    with pytest.raises(InputError, match="848610, 848620"):
        convert("8486", "HS2022", "HS2017")
    with pytest.raises(UnknownTerm, match="848620"):
        convert("848621", "HS2022", "HS2017")
    with pytest.raises(UnknownTerm, match="classification"):
        convert("848620", "HS2022", "CPA")
