"""A cube: many series at once, summed, each with its change, its share and its rank.

Where :mod:`boeki.measure.observations` follows one series with all its evidence, a cube is for
questions over a whole classification: which products, from which partners, in which years. It is
one expression over ``flows``; only the columns and folders that the question needs are read, and
the result may be larger than memory. Of many rows the sums are made year by year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import ibis
import pyarrow as pa
from ibis import _

from boeki.errors import InputError, NoFigure, UnknownTerm
from boeki.lake import Lake
from boeki.lake.coding import MANY, Codes
from boeki.measure.sums import FREQS, Sums
from boeki.terms import areas
from boeki.terms.periods import Period
from boeki.terms.products import TOTAL

if TYPE_CHECKING:
    import pandas as pd

By = Literal["reporter", "partner", "product"]

#: What must be the same of all figures that are added up.
ONE_OF_EACH = ("office", "classification", "currency", "valuation", "system", "adjustment")
_COLUMNS = (
    *ONE_OF_EACH,
    "reporter",
    "partner",
    "flow",
    "product",
    "freq",
    "month",
    "year",
    "value",
)
#: Those of them that a question can name.
_NAMED = ("office", "classification")
#: In which sums are told.
_WHOLE = "decimal(38, 3)"
#: Rows that a notebook shows.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Cube:
    """Summed flows, one row a period and whatever they are broken down by.

    Attributes
    ----------
    table
        An expression with ``period``, the columns of ``by``, ``value`` (exact, in ``currency``),
        ``before`` (a year earlier; null where there is none), ``growth`` (percent), ``share``
        (percent of all rows of the period that differ in the last of ``by`` only), ``rank`` (among
        these, largest first) and ``figures`` (how many were added up). Give it, or what is built
        on it, to :meth:`boeki.lake.Lake.execute`.
    flow, office, classification, currency, valuation
        What the figures are.
    """

    lake: Lake
    table: ibis.Table
    flow: str
    office: str
    classification: str
    currency: str
    valuation: str

    def to_arrow(self) -> pa.Table:
        """Compute it."""
        return self.lake.execute(self.table)

    def to_pandas(self) -> pd.DataFrame:
        """Compute it, as a data frame."""
        return self.to_arrow().to_pandas()

    def _repr_html_(self) -> str:
        # A look at it: the whole may be larger than memory.
        shown = self.table.order_by(_.period.desc(), _["rank"]).limit(_SHOWN)
        return str(self.lake.execute(shown).to_pandas()._repr_html_())


def measure_cube(
    lake: Lake,
    flow: str = "export",
    *,
    by: tuple[By, ...] = ("product", "partner"),
    office: str | None = None,
    classification: str | None = None,
    freq: str = "A",
    start: str | None = None,
    end: str | None = None,
    reporters: Collection[str] = (),
    partners: Collection[str] = (),
    products: Collection[str] = (),
    digits: int | None = None,
    as_of: dt.date | None = None,
    compared: bool = True,
    stated_totals: bool = True,
) -> Cube:
    """Sum flows by period and by reporter, partner or product, with change, share and rank.

    Parameters
    ----------
    lake
        Where the figures are.
    flow
        ``export``, ``import`` …
    by
        What to keep apart; all else is added up. Shares and ranks are among rows that differ in the
        last of them: ``("product", "partner")`` ranks the partners of each product.
    office, classification
        Whose statistics, and the classification of products; None where the lake has but one.
    freq
        ``A``, ``Q`` or ``M``.
    start, end
        First and last period.
    reporters, partners, products
        Only these codes; empty for all. Of partners, groups (the world, Asia) are left out unless
        named, so that nothing counts twice.
    digits
        Only products with codes of so many digits: levels of a classification never add up
        together. It is needed where products are added up or ranked and the lake has several.
    as_of
        Only what was published by this day.
    compared
        Whether each sum is compared with that of a year before. Otherwise ``before`` and ``growth``
        are null, and the year before is not read.
    stated_totals
        Whether totals of all goods, which an office may state beside the products that they are
        made of, are looked at.

    Returns
    -------
    Cube
        Lazy: nothing but a look at which figures there are is computed before it is asked for.

    Raises
    ------
    InputError
        Where figures of several offices, classifications, currencies or valuations would be added
        up, or products of several levels; the message lists them.
    NoFigure
        Where there are none.
    """
    if not by or not set(by) <= {"reporter", "partner", "product"}:
        raise UnknownTerm("breakdown", ", ".join(by), ["reporter", "partner", "product"])
    if freq not in FREQS:
        raise UnknownTerm("frequency", freq, FREQS)
    asked = {"flow": flow, "freq": freq, "office": office, "classification": classification}
    fixed = {column: value for column, value in asked.items() if value is not None}
    first = Period.parse(start).first if start else None
    last = Period.parse(end).first if end else None
    since = first - 12 if compared and first is not None else first
    chosen = {"reporter": reporters, "partner": partners, "product": products}

    def rows(years: tuple[int, int] | None = None) -> ibis.Table:
        """The rows that are asked for, or of them those from a year to another."""
        table = _between(_asked(lake, fixed, as_of, years), since, last)
        for column, only in chosen.items():
            if only:
                table = table.filter(table[column].isin(sorted(only)))
        # Of every row where partners are added up; else of the sums, which are fewer.
        if not partners and "partner" not in by:
            table = _without_groups(table)
        if not stated_totals:
            table = table.filter(_["product"] != TOTAL)
        return table if digits is None else table.filter(_["product"].length() == digits)

    table = rows()
    said = _one_of_each(lake, table, fixed)
    if digits is None and not products and ("product" not in by or by[-1] == "product"):
        _one_level(lake, table)
    told = {c: said[c] for c in ("office", "classification", "currency", "valuation")}
    codes: dict[str, Codes] = {}
    years: tuple[int, ...] = ()
    if not any(chosen.values()) and lake.size("flows", said["office"]) >= MANY:
        codes = lake.codes("flows", said["office"], by)
        years = _years(lake, said["office"], since, last)
    parts = Sums(lake, rows, by, said["office"], freq, codes, years, compared).parts()
    if not partners and "partner" in by:
        parts = [_without_groups(part, codes.get("partner")) for part in parts]
    each = [_computed(part, list(by), codes, first, freq) for part in parts]
    return Cube(lake, ibis.union(*each) if len(each) > 1 else each[0], flow, **told)


def _years(lake: Lake, office: str, first: int | None, last: int | None) -> tuple[int, ...]:
    """The years of an office that a span needs."""
    return tuple(
        year
        for year in lake.years("flows", office)
        if (first is None or year >= first // 12) and (last is None or year <= last // 12)
    )


def _asked(
    lake: Lake, fixed: dict[str, str], as_of: dt.date | None, years: tuple[int, int] | None
) -> ibis.Table:
    """The rows in which columns have the values asked for; of some years."""
    office = fixed.get("office")
    of_office = {"office": office} if office is not None else {}
    table = lake.flows(as_of, columns=_COLUMNS, office=office, years=years)
    for column, value in fixed.items():
        # Not asked of every row where the files say that all have it.
        if column != "office" and lake.kinds("flows", (column,), **of_office) != {(value,)}:
            table = table.filter(table[column] == value)
    return table


def _between(table: ibis.Table, first: int | None, last: int | None) -> ibis.Table:
    """The rows of a span."""
    if last is not None:
        table = table.filter(_.month <= last, _.year <= last // 12)
    if first is not None:
        table = table.filter(_.month >= first, _.year >= first // 12)
    return table


def _without_groups(table: ibis.Table, codes: Codes | None = None) -> ibis.Table:
    """Leave out the world, Asia and the like, of which every member has rows of its own."""
    groups = sorted(a.code for a in areas.areas() if a.kind == "group")
    if codes is None:
        return table.filter(~_.partner.isin(groups))
    kind = table.partner.type()
    numbers = [ibis.literal(n, kind) for n in codes.numbers(groups)]
    return table.filter(~_.partner.isin(numbers)) if numbers else table


def _one_of_each(lake: Lake, table: ibis.Table, fixed: dict[str, str]) -> dict[str, str]:
    """What all figures have in common, or an error that lists what they have not."""
    found = lake.kinds("flows", ONE_OF_EACH, **fixed)
    if found is None or len(found) > 1:
        rows = lake.execute(table.select(*ONE_OF_EACH).distinct()).to_pylist()
        found = {tuple(row[c] for c in ONE_OF_EACH) for row in rows}
    if not found:
        raise NoFigure(
            "the lake has no such figures: `boeki lake status` shows what it has, `boeki pull` "
            "brings more"
        )
    for column, values in zip(ONE_OF_EACH, zip(*found, strict=True), strict=True):
        held = sorted(set(values))
        if len(held) > 1:
            what = (
                f"name one of them as {column}"
                if column in fixed or column in _NAMED
                else ("narrow the question down to one")
            )
            raise InputError(
                f"figures with several kinds of {column} do not add up ({', '.join(held)}): {what}"
            )
    return dict(zip(ONE_OF_EACH, next(iter(found)), strict=True))


def _one_level(lake: Lake, table: ibis.Table) -> None:
    """Refuse to add up or rank codes of several levels."""
    lengths = table.select(digits=_["product"].length(), total=_["product"] == TOTAL).distinct()
    held = lake.execute(lengths).to_pylist()
    if len(held) > 1:
        levels = sorted({"TOTAL" if r["total"] else f"{r['digits']} digits" for r in held})
        raise InputError(
            f"codes of several levels contain one another ({', '.join(levels)}): say which with "
            "digits=, or name the products"
        )


def _computed(
    summed: ibis.Table,
    by: list[str],
    codes: Mapping[str, Codes],
    first: int | None,
    freq: str,
) -> ibis.Table:
    """Changes, shares and ranks of sums, with the codes for their numbers.

    Parameters
    ----------
    summed
        The sums, each beside that of a year before.
    by, codes, first, freq
        As :func:`measure_cube` has them.
    """
    within = ["month", *by[:-1]]
    joined = summed.mutate(
        rank=ibis.rank().over(group_by=within, order_by=_.value.desc()) + 1,
        whole=_.value.sum().over(group_by=within),
    )
    for column, words in codes.items():
        named = words.table.rename(f"{column}_{{name}}")
        joined = joined.join(named, joined[column] == named[f"{column}_number"])
    if first is not None:
        joined = joined.filter(_.month >= first)
    value, before = _.value.cast("float64"), _.before.cast("float64")
    return joined.select(
        period=_period(_.month, freq),
        **{column: _[f"{column}_code" if column in codes else column] for column in by},
        # Sums may have come narrower, so that they are compared faster and take less memory.
        value=_.value.cast(_WHOLE),
        before=_.before.cast(_WHOLE),
        growth=(value / before.nullif(0) - 1) * 100,
        share=value / _.whole.cast("float64").nullif(0) * 100,
        rank=_.rank,
        figures=_.figures.cast("int64"),
    )


def _period(month: Any, freq: str) -> Any:
    """A period as text, from its first month."""
    year = (month // 12).cast("int32").cast("string")
    if freq == "M":
        return year + "-" + (month % 12 + 1).cast("string").lpad(2, "0")
    if freq == "Q":
        return year + "-Q" + (month % 12 // 3 + 1).cast("int32").cast("string")
    return year
