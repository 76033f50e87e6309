"""The flows of a period that indicators of structure are computed from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from boeki.measure.structure.grid import Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

Key = Literal["reporter", "partner", "product"]
Direction = Literal["export", "import"]


@dataclass(frozen=True, slots=True)
class Flows:
    """Summed flows of one period, one row a reporter and whatever else is kept apart.

    Attributes
    ----------
    table
        Columns ``keys``, then ``value`` (decimal, in ``told["currency"]``); no value is nil.
    keys
        ``reporter`` first, then of ``partner`` and ``product`` those that were asked for.
    told
        ``office``, ``classification``, ``currency`` and ``valuation``, where they are known.
    notes
        What a reader must know of them.
    sources, rows, published
        Documents and rows of the lake, and the day of the newest.
    """

    table: pa.Table
    keys: tuple[Key, ...]
    told: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    published: dt.date | None = None

    @property
    def reporters(self) -> tuple[str, ...]:
        """Who they are of, in order."""
        return tuple(sorted(pc.unique(self.table.column("reporter")).to_pylist()))

    @property
    def currency(self) -> str:
        """What they are in; empty where that is not known."""
        return self.told.get("currency", "")

    def amounts(self) -> dict[tuple[str, ...], Decimal]:
        """The exact value of each combination of keys."""
        columns = [self.table.column(k).to_pylist() for k in self.keys]
        values = self.table.column("value").to_pylist()
        return dict(zip(zip(*columns, strict=True), values, strict=True))

    def total(self) -> Decimal:
        """The exact sum of all."""
        return sum(self.table.column("value").to_pylist(), Decimal(0))

    def values(self) -> NDArray[np.float64]:
        """The values as floats, in the table's order."""
        return np.asarray(self.table.column("value").cast(pa.float64()), dtype=np.float64)

    def grid(self, rows: Key, columns: Key) -> Grid:
        """The values as a matrix with names, zero where there is no flow.

        Parameters
        ----------
        rows, columns
            Two of the keys; where there is a third, it is added up.
        """
        return Grid.of(
            self.table.column(rows),
            self.table.column(columns),
            self.values(),
        )


class Trade(Protocol):
    """Where the flows of a period are read: a lake, or a table of one's own."""

    @property
    def period(self) -> str:
        """The period; empty where a table says none."""

    def code(self, area: str) -> str:
        """The code of a country by which its flows are found."""

    def flows(
        self,
        flow: Direction,
        *keys: Key,
        reporters: Collection[str] = (),
        partners: Collection[str] = (),
        products: Collection[str] = (),
        together: bool = False,
    ) -> Flows:
        """Sum the flows of the period.

        Parameters
        ----------
        flow
            ``export`` or ``import``.
        keys
            What is kept apart besides the reporter; all else is added up.
        reporters, partners, products
            Only these codes; empty for all countries and all goods.
        together
            Add the reporters up too, where partners and products are both kept apart.

        Raises
        ------
        NoFigure
            Where there are none.
        InputError
            Where figures of several kinds or levels would be added up.
        """
