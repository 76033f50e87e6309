"""Outcomes that can be asked for by name: their value at an equilibrium, and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownTerm
from boeki.model.linearised import Linearised, Outcome, Shift
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]


NO_SHIFT = Shift()


@dataclass(frozen=True)
class Measured:
    """An outcome at an equilibrium.

    Attributes
    ----------
    value
        What it is there.
    outcome
        Its derivatives in what the equations give.
    direct
        Its derivatives in shocks that it names itself, all else held.
    """

    value: float
    outcome: Outcome
    direct: Shift = NO_SHIFT


@dataclass(frozen=True)
class OutcomeOf:
    """An outcome by name.

    Attributes
    ----------
    name
        As :data:`OUTCOMES` has it.
    country, sector, partner
        Of which, where the outcome asks for it.
    """

    name: str
    country: str = ""
    sector: str = ""
    partner: str = ""

    def __str__(self) -> str:
        """As a heading reads."""
        parts = [p for p in (self.country, self.partner, self.sector) if p]
        return f"{OUTCOMES[self.name].meaning}, {', '.join(parts)}"

    def at(self, world: World, here: Linearised) -> Measured:
        """Its value and derivatives.

        Raises
        ------
        InputError, UnknownTerm
            As :meth:`places` does.
        """
        places = self.places(world)
        return OUTCOMES[self.name].at(here, *places)

    def places(self, world: World) -> tuple[int, int, int]:
        """Of which country, sector and partner, by number; −1 where none is named.

        Raises
        ------
        UnknownTerm
            For outcomes, countries and sectors that there are not.
        InputError
            Where the outcome asks for a country, sector or partner that is not named.
        """
        if self.name not in OUTCOMES:
            raise UnknownTerm("outcome", self.name, OUTCOMES)
        known = OUTCOMES[self.name]
        for part in known.needs:
            if not getattr(self, part):
                raise InputError(f"the outcome {self.name} needs a {part}")
        country = world.country(self.country)
        sector = world.sector(self.sector) if self.sector else -1
        partner = world.country(self.partner) if self.partner else -1
        return country, sector, partner


@dataclass(frozen=True)
class _Kind:
    meaning: str
    unit: str
    needs: tuple[str, ...]
    at: Callable[[Linearised, int, int, int], Measured]


def _unit(size: int, at: int, value: float = 1.0) -> Array:
    out = np.zeros(size)
    out[at] = value
    return out


def _final_prices(here: Linearised, n: int) -> Array:
    """Derivatives of minus the price index of a country, by good."""
    base = here.problem.base
    out = np.zeros(here.flows.index.shape)
    out[-base.theta.size :, n] = -here.problem.final_share[:, n]
    return out


def _prices(here: Linearised) -> Array:
    sectors = here.problem.base.theta.size
    price = here.flows.following.price[-sectors:]
    return np.asarray((here.problem.final_share * price).sum(0))


def _tastes(here: Linearised, n: int) -> Shift:
    """The price index also moves with the weights of final spending."""
    sectors = here.problem.base.theta.size
    out = np.zeros_like(here.problem.final_share)
    out[:, n] = -here.flows.following.price[-sectors:, n]
    return Shift(final_share=out)


def _welfare(here: Linearised, n: int, s: int, p: int) -> Measured:
    income = here.flows.income
    before = here.problem.base.income[n]
    value = float(np.log(income[n] / before) - _prices(here)[n])
    outcome = Outcome(income=_unit(income.size, n, 1 / income[n]), price=_final_prices(here, n))
    return Measured(value, outcome, _tastes(here, n))


def _real_wage(here: Linearised, n: int, s: int, p: int) -> Measured:
    wage = here.flows.following.wage
    value = float(wage[n] - _prices(here)[n])
    outcome = Outcome(wage=_unit(wage.size, n), price=_final_prices(here, n))
    return Measured(value, outcome, _tastes(here, n))


def _trade(here: Linearised) -> Array:
    """Value at the border, ``(good, destination, origin)``."""
    return np.asarray(here.weight[:, :, None] * here.landed * here.goods[:, None, :])


def _weights(here: Linearised, weigh: Callable[[Array], None]) -> Array:
    out = np.zeros_like(here.landed)
    weigh(out)
    index = np.arange(out.shape[1])
    out[:, index, index] = 0.0
    return out


def _goods(here: Linearised, s: int) -> list[int] | slice:
    sectors = here.problem.base.theta.size
    if s < 0:
        return slice(None)
    return [s + use * sectors for use in range(len(here.landed) // sectors)]


def _exports(here: Linearised, n: int, s: int, p: int) -> Measured:
    def weigh(out: Array) -> None:
        out[_goods(here, s), :, n] = 1.0

    return _log_flow(here, _weights(here, weigh))


def _imports(here: Linearised, n: int, s: int, p: int) -> Measured:
    def weigh(out: Array) -> None:
        out[_goods(here, s), n, :] = 1.0

    return _log_flow(here, _weights(here, weigh))


def _bilateral(here: Linearised, n: int, s: int, p: int) -> Measured:
    def weigh(out: Array) -> None:
        out[_goods(here, s), p, n] = 1.0

    return _log_flow(here, _weights(here, weigh))


def _log_flow(here: Linearised, weights: Array) -> Measured:
    total = float((weights * _trade(here)).sum())
    if total <= 0:
        raise InputError("there is no such trade: its logarithm has no derivative")
    return Measured(float(np.log(total)), Outcome(trade=weights / total))


def _market_share(here: Linearised, n: int, s: int, p: int) -> Measured:
    def own(out: Array) -> None:
        out[_goods(here, s), :, n] = 1.0

    def world(out: Array) -> None:
        out[_goods(here, s)] = 1.0

    trade = _trade(here)
    mine, all_of_it = _weights(here, own), _weights(here, world)
    part, total = float((mine * trade).sum()), float((all_of_it * trade).sum())
    if total <= 0:
        raise InputError("nobody exports this: there is no share of it")
    return Measured(part / total, Outcome(trade=mine / total - part / total**2 * all_of_it))


def _balance(here: Linearised, n: int, s: int, p: int) -> Measured:
    def weigh(out: Array) -> None:
        goods = _goods(here, s)
        if p < 0:
            out[goods, :, n] += 1.0
            out[goods, n, :] -= 1.0
        else:
            out[goods, p, n] += 1.0
            out[goods, n, p] -= 1.0

    weights = _weights(here, weigh)
    gdp = here.problem.base.gdp[n]
    return Measured(float((weights * _trade(here)).sum() / gdp), Outcome(trade=weights / gdp))


def _output(here: Linearised, n: int, s: int, p: int) -> Measured:
    sold, before = here.flows.sold, here.problem.base.output
    if before[s, n] <= 0:
        raise InputError("there is no such output: its logarithm has no derivative")
    to = np.zeros_like(sold)
    to[s, n] = 1 / sold[s, n]
    return Measured(float(np.log(sold[s, n] / before[s, n])), Outcome(sold=to))


#: The outcomes, by name. Logarithms but for shares and balances: 0.01 is 1 %.
OUTCOMES: dict[str, _Kind] = {
    "welfare": _Kind("real income", "log", ("country",), _welfare),
    "real_wage": _Kind("real wage", "log", ("country",), _real_wage),
    "exports": _Kind("exports", "log", ("country",), _exports),
    "imports": _Kind("imports", "log", ("country",), _imports),
    "trade": _Kind("exports to a partner", "log", ("country", "partner"), _bilateral),
    "market_share": _Kind("share in world exports", "share", ("country", "sector"), _market_share),
    "balance": _Kind("balance over GDP before", "share", ("country",), _balance),
    "output": _Kind("output", "log", ("country", "sector"), _output),
}
