"""What a table must be: whole, balanced, labelled."""

from __future__ import annotations

import numpy as np
import pytest

from boeki.errors import InputError, IntegrityError, UnknownTerm
from boeki.world import input_output_table, national_table

Z = [[20.0, 10], [30, 40]]
F = [[50.0, 20], [10, 20]]
TWO = {"areas": ["AAA", "BBB"], "sectors": ["all"]}


def test_output_is_the_sum_of_the_rows_unless_given():
    table = input_output_table(Z, F, **TWO)
    assert table.output == pytest.approx([100, 100])
    assert table.value_added == pytest.approx([50, 50])
    assert "taxes less subsidies" in table.value_added_is
    assert table.trade == pytest.approx(np.array([[0, 30], [40, 0]]))


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"intermediate": [[1.0, 2]]}, "shape"),
        ({"final": [[1.0, 2, 3]]}, "columns|shape"),
        ({"intermediate": [[np.nan, 1], [1, 1]]}, "gaps or infinite cells in AAA all"),
        ({"final": [[np.inf, 1], [1, 1]]}, "final has gaps"),
        ({"output": [1.0]}, "one value for each row"),
        ({"output": [100.0, np.nan]}, "gaps"),
        ({"areas": ["AAA"]}, "label"),
        ({"areas": ["AAA", "AAA"], "sectors": ["x", "x"]}, "same area and sector"),
        ({"final_areas": ["AAA", "XXX"]}, "XXX"),
        ({"final_areas": ["AAA"]}, "columns"),
        ({"balance": "maybe"}, "refuse"),
        ({"exports": [1.0, 1.0], "output": [101.0, 101]}, "imported_inputs"),
    ],
)
def test_what_is_no_table_is_refused(what, words):
    given = {"intermediate": Z, "final": F, **TWO} | what
    z, f = given.pop("intermediate"), given.pop("final")
    with pytest.raises(InputError, match=words):
        input_output_table(z, f, **given)


def test_rows_that_do_not_add_up_are_named():
    with pytest.raises(IntegrityError, match=r"BBB all -10 of 110.*residual"):
        input_output_table(Z, F, **TWO, output=[100, 110])


def test_a_gap_may_be_final_use_at_home():
    table = input_output_table(Z, F, **TWO, output=[100, 110], balance="residual")
    assert table.final_by_area == pytest.approx(np.array([[50, 20], [10, 30]]))
    assert table.trade == pytest.approx(np.array([[0, 30], [40, 0]]))
    assert any("residual" in note for note in table.notes)
    assert table.leontief.absorbed.sum(1) == pytest.approx(table.output)


def test_a_gap_within_rounding_is_booked_too_so_that_all_adds_up():
    table = input_output_table(Z, F, **TWO, output=[100.05, 100], tolerance=1e-3)
    assert table.leontief.absorbed.sum(1) == pytest.approx(table.output, rel=1e-12)


def test_the_sums_may_be_output():
    table = input_output_table(Z, F, **TWO, output=[100, 110], balance="output")
    assert table.output == pytest.approx([100, 100])


def test_scaling_keeps_output_and_value_added():
    # One area: the row must become 110, the column of inputs 110 − 60.
    table = input_output_table(
        [[40.0]], [[60.0]], areas=["AAA"], sectors=["all"], output=[110], value_added=[60],
        balance="ras",
    )  # fmt: skip
    assert table.intermediate == pytest.approx(np.array([[50]]))
    assert table.final == pytest.approx(np.array([[60]]))


def test_scaling_two_areas_meets_both_margins():
    table = input_output_table(
        Z, F, **TWO, output=[102, 99], value_added=[51, 49], balance="ras", tolerance=0
    )
    assert table.intermediate.sum(1) + table.final.sum(1) == pytest.approx([102, 99], rel=1e-9)
    assert table.intermediate.sum(0) == pytest.approx([51, 50], rel=1e-9)


def test_scaling_refuses_cells_below_zero():
    with pytest.raises(InputError, match="negative"):
        input_output_table(Z, [[-50, 120], [10, 20]], **TWO, output=[101, 100], balance="ras")


def test_cells_below_zero_are_told():
    table = input_output_table([[20, 10], [30, 40]], [[80, -10], [10, 20]], **TWO)
    assert any("1 cells of final use are below zero, worst in AAA all" in n for n in table.notes)


def test_a_sector_without_output_has_no_coefficients():
    z, f = np.zeros((4, 4)), np.zeros((4, 2))
    z[:3, :3] = [[2, 1, 1], [1, 2, 1], [1, 1, 2]]
    f[:3] = [[3, 3], [3, 3], [3, 3]]
    table = input_output_table(z, f, areas=["AAA", "BBB"], sectors=["x", "y"])
    assert any("No output in BBB y" in n for n in table.notes)
    assert np.isfinite(table.leontief.origin).all()


def test_inputs_without_output_are_refused():
    with pytest.raises(InputError, match="BBB all: inputs but no output"):
        input_output_table([[1, 1], [0, 0]], [[1, 1], [0, 0]], **TWO)


def test_a_table_that_eats_more_than_it_makes_is_refused():
    # Columns of inputs of 150 for outputs of 100: no final use could be served.
    table = input_output_table([[75, 75], [75, 75]], [[-25, -25], [-25, -25]], **TWO)
    with pytest.raises(InputError, match="not productive"):
        _ = table.leontief


def test_parts_of_an_area_stand_together():
    table = input_output_table(
        np.diag([1.0, 2, 3]), np.diag([5.0, 5, 5])[:, :2] + 1, areas=["CN1", "JPN", "CN2"],
        sectors=["x"], part_of={"CN1": "CHN", "CN2": "CHN"}, final_areas=["CHN", "JPN"],
    )  # fmt: skip
    assert table.areas == ("CHN", "JPN")
    assert table.row_parts == ("CN1", "CN2", "JPN")
    assert np.diag(table.intermediate) == pytest.approx([1, 3, 2])
    assert table.rows("CHN") == slice(0, 2)


def test_areas_and_sectors_add_up():
    table = input_output_table(
        np.arange(16.0).reshape(4, 4), np.arange(8.0).reshape(4, 2) + 50, areas=["AAA", "BBB"],
        sectors=["x", "y"],
    )  # fmt: skip
    small = table.aggregated(sectors={"all": ["x", "y"]})
    assert small.intermediate == pytest.approx(np.array([[10, 18], [42, 50]]))
    assert small.output == pytest.approx([table.output[:2].sum(), table.output[2:].sum()])
    whole = table.aggregated(areas={"ALL": ["AAA", "BBB"]})
    assert whole.areas == ("ALL",)
    assert whole.intermediate == pytest.approx(np.array([[20, 24], [36, 40]]))


def test_groups_keep_their_rows():
    table = input_output_table(
        np.eye(3), np.ones((3, 3)), areas=["AAA", "BBB", "CCC"], sectors=["x"]
    )
    grouped = table.grouped({"UNION": ["AAA", "CCC"]})
    assert grouped.areas == ("UNION", "BBB")
    assert grouped.row_parts == ("AAA", "CCC", "BBB")
    assert grouped.trade == pytest.approx(np.array([[0, 1], [0, 1], [2, 0]]))


@pytest.mark.parametrize(
    ("groups", "kind"),
    [
        ({"UNION": ["AAA", "XXX"]}, UnknownTerm),
        ({"UNION": ["AAA"], "CLUB": ["AAA"]}, InputError),
        ({"BBB": ["AAA"]}, InputError),
    ],
)
def test_groups_of_what_is_not_there_are_refused(groups, kind):
    with pytest.raises(kind):
        input_output_table(Z, F, **TWO).grouped(groups)


def test_an_area_that_is_not_there_is_named():
    with pytest.raises(UnknownTerm, match="AAB"):
        input_output_table(Z, F, **TWO).rows("AAB")


def test_imports_are_dealt_out_in_proportion():
    # Use at home of product x is 40 + 60 = 100, of which 20 are imported: a fifth of each use.
    table = national_table(
        [[30, 10], [20, 20]], [[60], [40]], [20, 0], [20, 0], area="JPN", sectors=["x", "y"]
    )
    assert table.intermediate == pytest.approx(np.array([[24, 8], [20, 20]]))
    assert table.imported_inputs == pytest.approx([6, 2])
    assert table.output == pytest.approx([24 + 8 + 48 + 20, 80])
    # Output less domestic and imported inputs.
    assert table.value_added == pytest.approx([100 - 44 - 6, 80 - 28 - 2])


@pytest.mark.parametrize("imports", [[-1, 0], [200, 0], [1]])
def test_imports_that_cannot_be_dealt_out_are_refused(imports):
    with pytest.raises(InputError, match="imports"):
        national_table(
            [[30, 10], [20, 20]], [[60], [40]], [20, 0], imports, area="JPN", sectors=["x", "y"]
        )


def test_new_names_are_taken_where_nothing_is_added_up() -> None:
    table = input_output_table(
        [[1.0, 2], [3, 4]], [[5.0, 6], [7, 8]], areas=["AAA", "BBB"], sectors=["s"]
    )
    assert table.aggregated() is table
    renamed = table.aggregated(areas={"one": ["AAA"]}, sectors={"all": ["s"]})
    assert (renamed.areas, renamed.sectors) == (("one", "BBB"), ("all",))
    assert renamed.intermediate.tolist() == table.intermediate.tolist()
