"""What is measured: a row a period, and the series that they make."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boeki.terms.csv_safety import write_csv

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Row:
    """One period of a measured series.

    Attributes
    ----------
    period, value
        When, and how much in plain units; exact decimals.
    yoy, yoy_difference, mom, mom_difference
        Change on the year, and on the period before (percent; currency). None where the earlier
        period is not there, and in percent where a balance changed its sign.
    streak
        Length of the run of surpluses (rises on the year, for other measures) that ends here;
        negative for deficits (falls).
    streak_open
        Whether the run may be longer, as what was in the period before it is not known.
    record
        ``series high``, ``series low``, ``same-month high``, ``same-month low`` or empty, among
        figures up to the period. A record is called one only against two years of figures without a
        gap, or against three of the same month.
    status, published, sources, rows
        Evidence: how final it is, when it was published, the documents and the rows of the lake.
    rate, rate_unit, rate_day, rate_kind, rate_source
        Of a converted figure: the exchange rate, what it is of what (``JPY/USD``: yen to a dollar),
        the last day in it, ``average`` or ``end`` (``none`` where the figure was in the currency
        already), and its documents. None and empty where nothing was converted.
    original_value, original_unit
        What the source said.
    """

    period: str
    value: Decimal
    yoy: float | None
    yoy_difference: Decimal | None
    mom: float | None
    mom_difference: Decimal | None
    streak: int | None
    record: str
    status: str
    published: dt.date
    sources: tuple[str, ...]
    rows: tuple[str, ...]
    rate: Decimal | None = None
    rate_unit: str = ""
    rate_day: dt.date | None = None
    rate_kind: str = ""
    rate_source: str = ""
    original_value: Decimal | None = None
    original_unit: str = ""
    streak_open: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As JSON and CSV have it; the exchange rate only where there is one."""
        return self._measured() | (self._converted() if self.rate is not None else {})

    def _measured(self) -> dict[str, Any]:
        return {
            "period": self.period,
            "value": _plain(self.value),
            "yoy": self.yoy,
            "yoy_difference": _plain(self.yoy_difference),
            "mom": self.mom,
            "mom_difference": _plain(self.mom_difference),
            "streak": self.streak,
            "streak_open": self.streak_open,
            "record": self.record,
            "status": self.status,
            "published": self.published.isoformat(),
            "sources": list(self.sources),
            "rows": list(self.rows),
        }

    def _converted(self) -> dict[str, Any]:
        return {
            "rate": _plain(self.rate),
            "rate_unit": self.rate_unit,
            "rate_day": self.rate_day.isoformat() if self.rate_day else None,
            "rate_kind": self.rate_kind,
            "rate_source": self.rate_source,
            "original_value": _plain(self.original_value),
            "original_unit": self.original_unit,
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over time.

    Attributes
    ----------
    measure, reporter, partner, product, unit, freq, basis
        What it is; ``basis`` tells customs statistics from an association's.
    as_of
        The day whose knowledge it is; None for the newest.
    rows
        In time order.
    missing
        Periods between the first and the last asked for that have no figure.
    unconverted
        Periods that have a figure, and no exchange rate for the whole of their time.
    unlike
        Unit, with the basis where that is another too, to the periods that have a figure in it
        alone: they are not put among these.
    """

    measure: str
    reporter: str
    partner: str
    product: str
    unit: str
    freq: str
    basis: str
    as_of: dt.date | None
    rows: tuple[Row, ...]
    missing: tuple[str, ...]
    unconverted: tuple[str, ...] = ()
    unlike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As ``boeki measure --json`` prints it."""
        head = ("measure", "reporter", "partner", "product", "unit", "freq", "basis")
        out: dict[str, Any] = {k: getattr(self, k) for k in head}
        out["as_of"] = self.as_of.isoformat() if self.as_of else None
        out["missing"] = list(self.missing)
        if self.unconverted or any(r.rate is not None for r in self.rows):
            out["unconverted"] = list(self.unconverted)
        if self.unlike:
            out["unlike"] = {unit: list(periods) for unit, periods in self.unlike.items()}
        return out | {"rows": [r.to_dict() for r in self.rows]}

    @property
    def left_out(self) -> tuple[str, ...]:
        """What stands in another unit or on another basis, in a sentence each."""
        return tuple(
            f"Left out, as they are in {unit}: {', '.join(periods[:6])}"
            f"{f' and {len(periods) - 6} more' if len(periods) > 6 else ''}."
            for unit, periods in self.unlike.items()
        )

    def to_csv(self) -> str:
        """As ``boeki measure --csv`` prints it: one line a period, lists joined by blanks."""
        out = io.StringIO()
        head = {k: getattr(self, k) for k in ("measure", "reporter", "partner", "product", "unit")}
        lines = [{**head, **r.to_dict()} for r in self.rows]
        write_csv(lines, out)
        return out.getvalue()

    def to_pandas(self) -> pd.DataFrame:
        """A data frame with a monthly, quarterly or yearly index."""
        import pandas as pd

        return pd.DataFrame([r.to_dict() for r in self.rows]).set_index("period")

    def _repr_html_(self) -> str:
        return str(self.to_pandas().drop(columns=["rows"])._repr_html_())


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
