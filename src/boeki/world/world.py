"""A world economy in one year: who sells what to whom, with what inputs, under which tariffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import UnknownSector, UnknownTerm
from boeki.world.trade_sums import Traded

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class World(Traded):
    """The baseline of the general equilibrium model: shares, spending, tariffs, elasticities.

    Make one with :meth:`from_arrays`, which works out what was not given. The accounts add up:
    spending on a sector is what its users buy as inputs and for final use, and a country's final
    spending is its value added, its tariff revenue and its deficit.

    Attributes
    ----------
    countries, sectors
        Codes or names; N and S of them.
    trade_share
        ``(origin, destination, sector)``: share of the origin in what the destination spends on
        the sector, tariffs included; sums to 1 over origins. Home is an origin like any other.
    expenditure
        ``(country, sector)``, in the currency: all that is spent on a sector, as input and for
        final use, tariffs included.
    tariff
        ``(origin, destination, sector)``, ad valorem on the value at the border: 0.05 is 5 %.
    value_added_share
        ``(country, sector)``, share of gross output.
    input_share
        ``(country, using sector, input sector)``, share of the using sector's gross output; with
        ``value_added_share`` it sums to 1 over input sectors.
    final_share
        ``(country, sector)``: share of the sector in final spending; sums to 1 over sectors.
    deficit
        ``(country,)``, in the currency: imports less exports, both without tariffs, paid for by
        income transferred in; sums to 0.
    trade_elasticity
        ``(sector,)``: θ, by how many per cent the sales of an origin fall against another one's
        when its price rises by one.
    scale_elasticity
        ``(sector,)``: ψ, by how many per cent productivity rises with employment in the sector.
    input_trade_share, final_trade_share
        Shares of the origins in what is bought as inputs, and for final use, where the two are
        known apart, ``(origin, destination, sector)``; together they average to ``trade_share``.
    year, currency, unit, source, elasticity_source, notes
        The year; ISO 4217 code, and how much of it a 1 is; documents; what was done to the data.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    trade_share: Array = field(repr=False)
    expenditure: Array = field(repr=False)
    tariff: Array = field(repr=False)
    value_added_share: Array = field(repr=False)
    input_share: Array = field(repr=False)
    final_share: Array = field(repr=False)
    deficit: Array = field(repr=False)
    trade_elasticity: Array = field(repr=False)
    scale_elasticity: Array = field(repr=False)
    input_trade_share: Array | None = field(default=None, repr=False)
    final_trade_share: Array | None = field(default=None, repr=False)
    year: int | None = None
    currency: str = "USD"
    unit: float = 1.0
    source: str = ""
    elasticity_source: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check all of it, and freeze the arrays.

        Raises
        ------
        InputError, IntegrityError
            Naming the country and the sector that is wrong.
        """
        from boeki.world.world_checks import check_world

        for item in fields(self):
            value = getattr(self, item.name)
            if item.name in _ARRAYS and value is not None:
                own = np.array(value, dtype=np.float64, order="C")
                own.setflags(write=False)
                object.__setattr__(self, item.name, own)
        check_world(self)

    @staticmethod
    def from_arrays(
        countries: Sequence[str],
        sectors: Sequence[str],
        *,
        trade: Any = None,
        trade_share: Any = None,
        expenditure: Any = None,
        tariff: Any = 0.0,
        input_share: Any = None,
        value_added_share: Any = None,
        final_share: Any = None,
        deficit: Any = None,
        trade_elasticity: Any,
        scale_elasticity: Any = 0.0,
        input_trade_share: Any = None,
        final_trade_share: Any = None,
        settle: bool = False,
        tolerance: float = 1e-6,
        year: int | None = None,
        currency: str = "USD",
        unit: float = 1.0,
        source: str = "",
        elasticity_source: str = "",
        notes: Sequence[str] = (),
    ) -> World:
        """Make a world of plain arrays.

        Parameters
        ----------
        countries, sectors
            N and S distinct names.
        trade
            Sales net of tariffs, home sales on the diagonal, ``(origin, destination, sector)``,
            in the currency; or, instead, ``trade_share`` and ``expenditure``.
        trade_share
            ``(origin, destination, sector)``, sums to 1 over origins.
        expenditure
            ``(country, sector)``, tariffs included, in the currency.
        tariff
            ``(origin, destination, sector)`` or anything that broadcasts to it: 0.05 is 5 %.
        input_share
            ``(country, using sector, input sector)``, share of gross output; left out, nothing
            is used as an input.
        value_added_share
            ``(country, sector)``; left out, what inputs leave of gross output.
        final_share
            ``(country, sector)``; left out, what inputs leave of expenditure.
        deficit
            ``(country,)``, imports less exports net of tariffs; left out, the trade's own.
        trade_elasticity, scale_elasticity
            ``(sector,)`` or one number for all: θ above 0, ψ 0 or more.
        input_trade_share, final_trade_share
            ``(origin, destination, sector)``, both or neither: shares by use.
        settle
            What to do with accounts that do not add up: with True, hold all shares (negative
            final spending at zero) and deficits, and let expenditure follow; how far it moved is
            in the notes.
        tolerance
            By how much accounts may be off, as a share of a country's expenditure, before that
            is an error; what is less is settled without a word.
        year, currency, unit, source, elasticity_source, notes
            As :class:`World` has them.

        Raises
        ------
        InputError
            For arrays of wrong shape, gaps, negative flows, elasticities at or below zero, a
            country that sells nothing at home …; the message names country and sector.
        IntegrityError
            For accounts that do not add up.
        """
        from boeki.world.world_arrays import Given, world_of

        given = Given(
            tuple(map(str, countries)), tuple(map(str, sectors)), trade, trade_share, expenditure,
            tariff, input_share, value_added_share, final_share, deficit, trade_elasticity,
            scale_elasticity, input_trade_share, final_trade_share,
        )  # fmt: skip
        about = {
            "year": year, "currency": currency, "unit": unit, "source": source,
            "elasticity_source": elasticity_source, "notes": tuple(notes),
        }  # fmt: skip
        return world_of(given, about, settle=settle, tolerance=tolerance)

    @cached_property
    def trade(self) -> Array:
        """Sales net of tariffs, ``(origin, destination, sector)``, home sales on the diagonal."""
        return self.trade_share * self.expenditure / (1 + self.tariff)

    @cached_property
    def output(self) -> Array:
        """Gross output, ``(country, sector)``."""
        return np.asarray(self.trade.sum(1))

    @cached_property
    def value_added(self) -> Array:
        """Value added, ``(country, sector)``."""
        return self.value_added_share * self.output

    @cached_property
    def gdp(self) -> Array:
        """Value added of all sectors, ``(country,)``: what labour, the one factor, earns."""
        return np.asarray(self.value_added.sum(1))

    @cached_property
    def tariff_revenue(self) -> Array:
        """Tariffs taken in, ``(country,)``."""
        return np.asarray((self.trade * self.tariff).sum((0, 2)))

    @cached_property
    def income(self) -> Array:
        """Value added, tariff revenue and deficit, ``(country,)``: what final spending is."""
        return self.gdp + self.tariff_revenue + self.deficit

    @cached_property
    def final_expenditure(self) -> Array:
        """Final spending, ``(country, sector)``, tariffs included."""
        return self.final_share * self.income[:, None]

    @cached_property
    def input_expenditure(self) -> Array:
        """Spending on inputs, ``(country, sector)`` of what is bought, tariffs included."""
        return np.asarray(np.einsum("nks,nk->ns", self.input_share, self.output))

    def with_elasticities(
        self,
        name: str,
        *,
        others: float | None = None,
        isic3: Mapping[str, str] | None = None,
        scale: bool = True,
    ) -> World:
        """The same world with the elasticities of a published set.

        Parameters
        ----------
        name, others, isic3
            As :func:`boeki.world.elasticities` has them.
        scale
            Whether scale elasticities are taken too, where the set has them.

        Raises
        ------
        UnknownTerm, InputError
            For a set that there is not, or one that lacks sectors.
        """
        from boeki.world.elasticities import elasticities

        found = elasticities(name, self.sectors, others=others, isic3=isic3)
        own = found.scale_elasticity if scale else None
        return replace(
            self,
            trade_elasticity=found.trade_elasticity,
            scale_elasticity=self.scale_elasticity if own is None else own,
            elasticity_source=" ".join([found.source, *found.notes]),
        )

    def aggregate(
        self,
        *,
        countries: Mapping[str, Sequence[str]] | None = None,
        sectors: Mapping[str, Sequence[str]] | None = None,
    ) -> World:
        """A smaller world, as :func:`boeki.world.aggregate_world` makes it.

        Parameters
        ----------
        countries, sectors
            Name of an aggregate to its members; what is in none stays as it is.
        """
        from boeki.world.aggregate_world import aggregate_world

        return aggregate_world(self, countries=countries, sectors=sectors)

    def write(self, path: str | Path) -> Path:
        """Write the world to one Parquet file, without loss.

        Parameters
        ----------
        path
            A name that ends in ``.parquet``; :func:`boeki.world.read_world` reads it.

        Raises
        ------
        InputError
            For another ending, or where it cannot be written.
        """
        from boeki.world.world_file import write_world

        return write_world(self, path)

    @property
    def by_use(self) -> bool:
        """Whether trade shares are known by use."""
        return self.input_trade_share is not None

    def country(self, name: str) -> int:
        """Where a country stands.

        Raises
        ------
        UnknownTerm
            Where the world has no such country.
        """
        if name not in self._countries:
            raise UnknownTerm("country of this world", name, self.countries)
        return self._countries[name]

    def sector(self, name: str) -> int:
        """Where a sector stands.

        Raises
        ------
        UnknownTerm
            Where the world has no such sector.
        """
        if name not in self._sectors:
            raise UnknownSector("sector of this world", name, self.sectors)
        return self._sectors[name]

    @cached_property
    def _countries(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.countries)}

    @cached_property
    def _sectors(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.sectors)}


_ARRAYS = {
    "trade_share", "expenditure", "tariff", "value_added_share", "input_share", "final_share",
    "deficit", "trade_elasticity", "scale_elasticity", "input_trade_share", "final_trade_share",
}  # fmt: skip
