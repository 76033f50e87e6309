"""Input–output tables: who buys from whom, for intermediate and for final use.

A table of the world has the sectors of all areas as rows and as columns; a national table has one
area, with its exports and its imported inputs beside the domestic flows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownTerm

if TYPE_CHECKING:
    from boeki.world.leontief import Leontief

Array: TypeAlias = NDArray[np.float64]

#: What value added is where a table has none of its own.
RESIDUAL = "output less inputs: value added with taxes less subsidies on inputs and margins"


@dataclass(frozen=True, eq=False)
class InputOutputTable:
    """Flows of one year, the rows of each area side by side.

    Make one with :func:`boeki.world.input_output_table`, which checks and balances it.

    Attributes
    ----------
    intermediate
        Inputs: ``(n, n)``, seller by buyer.
    final
        Final use: ``(n, m)``, seller by area and category of use.
    output, value_added
        Gross output and value added, ``(n,)``.
    row_areas, row_sectors, row_parts
        Of each of the n rows: its area, its sector, and the part of the area that it is
        (``CN1``: Chinese firms without processing trade); a row that is no part names its area.
    final_areas, final_categories
        Of each of the m columns of final use.
    currency, unit
        ISO 4217 code, and how much of it a 1 in the table is: ``USD``, 1e6.
    year, source
        The year of the flows, and the document they stand in.
    value_added_is
        What value added includes.
    notes
        What was found and done when the table was made.
    exports, imported_inputs
        Of a national table only: exports by sector, and imported inputs by using sector, ``(n,)``.
    """

    intermediate: Array = field(repr=False)
    final: Array = field(repr=False)
    output: Array = field(repr=False)
    value_added: Array = field(repr=False)
    row_areas: tuple[str, ...] = field(repr=False)
    row_sectors: tuple[str, ...] = field(repr=False)
    row_parts: tuple[str, ...] = field(repr=False)
    final_areas: tuple[str, ...] = field(repr=False)
    final_categories: tuple[str, ...] = field(repr=False)
    currency: str = "USD"
    unit: float = 1.0
    year: int | None = None
    source: str = ""
    value_added_is: str = RESIDUAL
    notes: tuple[str, ...] = ()
    exports: Array | None = field(default=None, repr=False)
    imported_inputs: Array | None = field(default=None, repr=False)

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """Areas in the order of their rows."""
        return tuple(dict.fromkeys(self.row_areas))

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Sectors in the order in which they first come."""
        return tuple(dict.fromkeys(self.row_sectors))

    @property
    def national(self) -> bool:
        """Whether it is one economy's, with the rest of the world outside of the table."""
        return self.exports is not None

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The first row of each area."""
        return np.array([self.row_areas.index(area) for area in self.areas])

    def rows(self, area: str) -> slice:
        """The rows of an area.

        Raises
        ------
        UnknownTerm
            Where the table has no such area.
        """
        return self._blocks[self.place(area)]

    @cached_property
    def _blocks(self) -> tuple[slice, ...]:
        ends = [*map(int, self.starts), len(self.row_areas)]
        return tuple(slice(a, b) for a, b in pairwise(ends))

    def place(self, area: str) -> int:
        """Where an area stands among the areas.

        Raises
        ------
        UnknownTerm
            Where the table has no such area.
        """
        if area not in self._places:
            raise UnknownTerm("area of the table", area, self.areas)
        return self._places[area]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {area: at for at, area in enumerate(self.areas)}

    @cached_property
    def final_by_area(self) -> Array:
        """Final use by area of use, ``(n, areas)``."""
        out = np.zeros((len(self.output), len(self.areas)))
        np.add.at(out.T, [self._places[a] for a in self.final_areas], self.final.T)
        return out

    @cached_property
    def inputs_by_area(self) -> Array:
        """Inputs sold by using area, ``(n, areas)``."""
        return np.add.reduceat(self.intermediate, self.starts, axis=1)

    @cached_property
    def trade(self) -> Array:
        """Gross exports, final and intermediate, by destination, ``(n, areas)``; nil at home."""
        out = self.inputs_by_area + self.final_by_area
        out[np.arange(len(out)), self.home] = 0.0
        return out

    @cached_property
    def home(self) -> NDArray[np.int64]:
        """Of each row, the place of its area."""
        return np.searchsorted(self.starts, np.arange(len(self.output)), side="right") - 1

    @cached_property
    def other_inputs(self) -> Array:
        """What output has besides inputs and value added: taxes less subsidies on inputs, margins.

        Nil where value added is the residual. In a national table imported inputs are no part.
        """
        spent = self.intermediate.sum(0) + self.value_added
        if self.imported_inputs is not None:
            spent = spent + self.imported_inputs
        rest = self.output - spent
        return np.where(np.abs(rest) < 1e-9 * np.maximum(self.output, 1e-300), 0.0, rest)

    @cached_property
    def leontief(self) -> Leontief:
        """The factored Leontief matrix of the table, computed when first asked for."""
        from boeki.world.leontief import Leontief

        return Leontief(self)

    def per_output(self, row: Array) -> Array:
        """Something by row over gross output; nil where there is no output."""
        made = self.output > 0
        return np.divide(row, self.output, out=np.zeros_like(self.output), where=made)

    def grouped(self, groups: Mapping[str, Sequence[str]]) -> InputOutputTable:
        """The table with areas put into groups, which then trade as one.

        The rows stay as they are: the members become parts of the group, so that the supply chains
        within it are kept.

        Parameters
        ----------
        groups
            Name of a group to its areas.

        Raises
        ------
        UnknownTerm, InputError
            For an area that the table does not have, or one in two groups.
        """
        new = renamed(self.areas, groups)
        moved = replace(
            self,
            row_areas=tuple(new.get(a, a) for a in self.row_areas),
            final_areas=tuple(new.get(a, a) for a in self.final_areas),
        )
        return side_by_side(moved)

    def aggregated(
        self,
        *,
        areas: Mapping[str, Sequence[str]] | None = None,
        sectors: Mapping[str, Sequence[str]] | None = None,
        parts: bool = False,
    ) -> InputOutputTable:
        """A smaller table: rows and columns added up.

        Parameters
        ----------
        areas, sectors
            Name of an aggregate to its members; what is in none stays as it is.
        parts
            Whether the parts of an area (``CN1``, ``CN2``) are added up too; areas that are
            aggregated always are.

        Raises
        ------
        UnknownTerm, InputError
            For members that are not there, or in two aggregates.
        """
        from boeki.world.aggregate import aggregated

        new_areas = renamed(self.areas, areas or {})
        new_sectors = renamed(self.sectors, sectors or {}, "sector of the table")
        return aggregated(self, new_areas, new_sectors, parts)


def renamed(
    known: Sequence[str], groups: Mapping[str, Sequence[str]], sort: str = "area of the table"
) -> dict[str, str]:
    """Member to its group."""
    out: dict[str, str] = {}
    for name, members in groups.items():
        for member in members:
            if member not in known:
                raise UnknownTerm(sort, member, known)
            if member in out:
                raise InputError(f"{member} is in two groups, {out[member]} and {name}")
            out[member] = name
        if name in known and name not in members:
            raise InputError(f"the table has {name} already: give the group another name")
    return out


def side_by_side(table: InputOutputTable) -> InputOutputTable:
    """The table with the rows of each area next to each other."""
    places = {area: at for at, area in enumerate(table.areas)}
    keys = [places[a] for a in table.row_areas]
    if all(a <= b for a, b in pairwise(keys)):
        return table
    order = np.argsort(keys, kind="stable")

    def pick(labels: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(labels[i] for i in order)

    return replace(
        table,
        intermediate=table.intermediate[np.ix_(order, order)],
        final=table.final[order],
        output=table.output[order],
        value_added=table.value_added[order],
        row_areas=pick(table.row_areas),
        row_sectors=pick(table.row_sectors),
        row_parts=pick(table.row_parts),
        exports=None if table.exports is None else table.exports[order],
        imported_inputs=None if table.imported_inputs is None else table.imported_inputs[order],
    )
