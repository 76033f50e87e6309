"""A breakdown: one measure of one period by partner or by product.

With shares, ranks and contributions.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ibis import _

from boeki.errors import NoFigure, NotYetPublished, UnknownTerm
from boeki.lake import Lake, open_lake
from boeki.measure.change import change
from boeki.measure.contribution import contribution
from boeki.measure.observations import observations, stated
from boeki.measure.rank import rank
from boeki.measure.share import share
from boeki.terms import areas, products
from boeki.terms.csv_safety import write_csv
from boeki.terms.periods import Period

if TYPE_CHECKING:
    import pandas as pd

_FLOWS = ("exports", "imports")
_BY = ("partner", "product")


@dataclass(frozen=True, slots=True)
class Part:
    """One partner or product of a breakdown.

    Attributes
    ----------
    rank, code, name
        Its place by value, its area code or product term, and its name.
    value
        In plain units, exact.
    share
        Percent of the whole.
    yoy, difference
        Change on the year in percent and in currency; None where the year before is not there.
        Where only the source's own growth rate is, ``yoy`` is that.
    contribution, share_of_change
        Percentage points of the whole's growth, and percent of its change.
    published, sources, rows
        Evidence.
    """

    rank: int
    code: str
    name: str
    value: Decimal
    share: float
    yoy: float | None
    difference: Decimal | None
    contribution: float | None
    share_of_change: float | None
    published: dt.date
    rows: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A measure of one period by partner or product.

    Attributes
    ----------
    measure, reporter, period, by, unit, total
        What is broken down, and the whole of it.
    parts
        Largest first. Of products, one level of the classification, which need not exhaust the
        whole.
    """

    measure: str
    reporter: str
    period: str
    by: str
    unit: str
    total: Decimal
    parts: tuple[Part, ...]

    def to_dict(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        out = asdict(self)
        out["total"] = float(self.total)
        for part in out["parts"]:
            part["value"] = float(part["value"])
            part["difference"] = None if part["difference"] is None else float(part["difference"])
            part["published"] = part["published"].isoformat()
            part["rows"], part["sources"] = list(part["rows"]), list(part["sources"])
        out["parts"] = list(out["parts"])
        return out

    def to_csv(self) -> str:
        """As ``--csv`` prints it."""
        out = io.StringIO()
        write_csv(self.to_dict()["parts"], out)
        return out.getvalue()

    def to_pandas(self) -> pd.DataFrame:
        """A data frame, one row a part."""
        import pandas as pd

        return pd.DataFrame(self.to_dict()["parts"]).set_index("rank")

    def _repr_html_(self) -> str:
        return str(self.to_pandas().drop(columns=["rows"])._repr_html_())


def break_down(
    measure: str,
    reporter: str,
    period: str | Period,
    *,
    by: Literal["partner", "product"] = "product",
    level: int = 2,
    as_of: dt.date | None = None,
    lake: Lake | None = None,
) -> Breakdown:
    """Break exports or imports of a period down by partner country or by product.

    Parameters
    ----------
    measure
        ``exports`` or ``imports``.
    reporter
        Area code or name.
    period
        The period.
    by
        ``partner`` (countries, no regions) or ``product``.
    level
        Of the product classification: 1 for sections, 2 for their first breakdown.
    as_of
        Only what was published by this day.
    lake
        Where the figures are; None for those that the package ships.

    Raises
    ------
    UnknownTerm, BadPeriod
        For a measure, area or period that is none.
    NoFigure, NotYetPublished
        Where the lake has no such breakdown, or had none yet.
    """
    if measure not in _FLOWS:
        raise UnknownTerm("measure for a breakdown", measure, _FLOWS)
    if by not in _BY:
        raise UnknownTerm("breakdown", by, _BY)
    lake = lake or open_lake()
    reporter = areas.find(reporter).code
    when = Period.parse(period, reporter) if isinstance(period, str) else period
    found = _parts(lake, measure, reporter, when, by, level, as_of)
    if not found:
        if as_of is not None and _parts(lake, measure, reporter, when, by, level, None):
            raise NotYetPublished(
                f"the lake holds no {measure} of {areas.name(reporter)} by {by} for {when.label} "
                f"published by {as_of}: leave out --as-of, or ask for a later day"
            )
        raise NoFigure(
            f"the lake holds no {measure} of {areas.name(reporter)} by {by} for {when.label}: "
            "`boeki figures` lists what is aboard"
        )
    said = _stated(lake, measure, reporter, when, by, as_of)
    parts = tuple(_part(r, by, said) for r in found)
    return Breakdown(measure, reporter, str(when), by, found[0]["unit"], found[0]["whole"], parts)


def _parts(
    lake: Lake,
    measure: str,
    reporter: str,
    when: Period,
    by: str,
    level: int,
    as_of: dt.date | None,
) -> list[dict[str, Any]]:
    table = observations(
        lake, as_of, measures=[measure], windows=[when.months], reporters=[reporter]
    )
    mine = table.filter(
        _.measure == measure, _.months == when.months, _.adjustment == "nsa", _.basis == "customs"
    )
    kept = lake.keep(mine)
    full = lake.keep(change(kept).filter(_.month == when.first))
    total = full.filter(_.partner == "WLD", _["product"] == "TOTAL")
    flow = measure.removesuffix("s")
    if by == "partner":
        countries = [a.code for a in areas.areas() if a.is_country]
        parts = full.filter(_["product"] == "TOTAL", _.partner.isin(countries))
    else:
        terms = [c.term for c in products.commodities() if c.flow == flow and c.level == level]
        parts = full.filter(_.partner == "WLD", _["product"].isin(terms))
    ranked = rank(parts, "partner" if by == "partner" else "product")
    out = contribution(share(ranked, total), total)
    found = list(lake.execute(out.order_by("rank", by)).to_pylist())
    lake.drop(full)
    lake.drop(kept)
    return found


def _stated(
    lake: Lake, measure: str, reporter: str, when: Period, by: str, as_of: dt.date | None
) -> dict[str, float]:
    """Growth on the year that the source itself states, where the lake lacks the year before."""
    rows = lake.execute(
        stated(lake, as_of).filter(
            _.measure == measure,
            _.base == "yoy",
            _.reporter == reporter,
            _.month == when.first,
            _.months == when.months,
        )
    ).to_pylist()
    other = "product" if by == "partner" else "partner"
    whole = "TOTAL" if by == "partner" else "WLD"
    return {r[by]: float(r["value"]) for r in rows if r[other] == whole}


def _part(r: dict[str, Any], by: str, said: dict[str, float]) -> Part:
    code = r["partner"] if by == "partner" else r["product"]
    return Part(
        r["rank"],
        code,
        areas.name(code) if by == "partner" else products.name(code),
        r["value"],
        r["share"],
        said.get(code) if r["yoy_growth"] is None else r["yoy_growth"],
        r["yoy_difference"],
        r["contribution"],
        r["share_of_change"],
        r["published"],
        tuple(r["rows"]),
        tuple(r["sources"]),
    )
