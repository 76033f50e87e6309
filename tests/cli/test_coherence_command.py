"""``boeki measure mirror`` and ``bop-bridge``, ``boeki explain gap``: the library's answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from boeki.explain.gap import explain_gap
from boeki.measure.coherence import measure_bop_bridge, measure_mirror

from .test_levels_command import refused, run


def test_a_mirror_with_one_side_missing_says_so(lake):
    args = ["measure", "mirror", "JPN", "USA", "--period", "2024-11", "--cif-margin", "imf"]
    wanted = measure_mirror("JPN", "USA", "2024-11", cif_margin="imf", lake=lake)
    assert run(*args, "--csv").output == wanted.to_csv()
    shown = run(*args).output
    assert "Hong Kong" in shown
    assert "reports" in shown


def test_a_bridge_is_read_from_a_file(tmp_path: Path, lake):
    items = tmp_path / "items.csv"
    items.write_text("item,kind,exports,imports\nFreight,valuation,,-500000000000\n", "utf-8")
    args = ["measure", "bop-bridge", "JPN", "2024-11", "--items", str(items)]
    bop = ["--bop-exports", "9000000000000", "--bop-imports", "8800000000000"]
    wanted = measure_bop_bridge(
        "JPN", "2024-11",
        [{"item": "Freight", "kind": "valuation", "imports": "-500000000000"}],
        bop=("9000000000000", "8800000000000"), lake=lake,
    )  # fmt: skip
    assert run(*args, *bop, "--csv").output == wanted.to_csv()
    assert "estimate" in run(*args).output


def test_a_gap_is_the_librarys(lake):
    args = ["explain", "gap", "balance", "JPN", "2024-11", "--first", "as_of=2024-12-18",
            "--second", "adjusted=yes"]  # fmt: skip
    wanted = explain_gap("balance", "JPN", "2024-11", first={"as_of": "2024-12-18"},
                         second={"adjusted": True}, lake=lake)  # fmt: skip
    assert json.loads(run(*args, "--json").output) == json.loads(json.dumps(wanted.to_dict()))
    assert "vintage" in run(*args).output


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["measure", "mirror", "JPN", "JPN", "--period", "2024"], "trade with itself"),
        (["measure", "mirror", "JPN", "USA", "--period", "2024", "--cif-margin", "x"], "margin"),
        (["measure", "bop-bridge", "JPN", "2024", "--bop-exports", "1"], "give both"),
        (["explain", "gap", "balance", "JPN", "2024-11", "--first", "as_of"], "KEY=VALUE"),
        (["explain", "gap", "balance", "JPN", "2024-11", "--first", "adjusted=1"], "yes or no"),
        (["explain", "gap", "balance", "JPN", "2024-11", "--first", "as_of=now"], "no day"),
        (["explain", "gap", "balance", "JPN", "2024-11", "--first", "value=much"], "number"),
        (["explain", "gap", "balance", "JPN", "2024-11", "--second", "rate=best"], "rate"),
    ],
)
def test_bad_questions_are_refused_in_words(capsys, args, said):
    assert said in refused(capsys, *args)
