"""A scenario: what if, in words that a person writes and reads, and a world turns into arrays."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownSector, UnknownTerm
from boeki.model.shocks import Shocks
from boeki.model.statement import (
    KINDS,
    Retaliation,
    Statement,
    check_words,
    statement_of,
    statement_of_words,
)
from boeki.terms import groups
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.intp]

_OPTIONS = {"deficits", "inputs", "one_sector", "scale_economies", "trade_shares"}


@dataclass(frozen=True)
class Scenario:
    """What is imposed on a world.

    Attributes
    ----------
    title, description
        For people.
    statements
        Applied in their order.
    options
        As :func:`boeki.model.simulate` takes them.
    retaliation
        Rules by which others answer, along a path.
    """

    title: str
    statements: tuple[Statement, ...]
    description: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    retaliation: tuple[Retaliation, ...] = ()

    @staticmethod
    def of(given: Mapping[str, Any], title: str = "") -> Scenario:
        """A scenario of a mapping, as a TOML file reads.

        Parameters
        ----------
        given
            ``title``, ``description``, ``options`` and, by kind of shock, a table or a list of
            tables.
        title
            Where the mapping has none.

        Raises
        ------
        InputError
            For what is not said, or said twice; the message names the line.
        UnknownTerm
            For words that scenarios do not have.
        """
        rest = dict(given)
        name = str(rest.pop("title", title) or "Counterfactual")
        description = str(rest.pop("description", ""))
        options = rest.pop("options", {})
        check_words("option", options, _OPTIONS)
        answers = rest.pop("retaliation", [])
        answers = answers if isinstance(answers, list) else [answers]
        statements: list[Statement] = []
        for kind, tables in rest.items():
            check_words("kind of shock", [kind], KINDS)
            for table in tables if isinstance(tables, list) else [tables]:
                statements.append(statement_of(kind, table))
        if not statements and not options:
            raise InputError(
                f"the scenario {name!r} imposes nothing: write, for example, [[tariff]] with from, "
                "to, sectors and rate"
            )
        rules = tuple(Retaliation.of(rule) for rule in answers)
        return Scenario(name, tuple(statements), description, dict(options), rules)

    def shocks(self, world: World) -> Shocks:
        """The arrays that this means for a world.

        Raises
        ------
        UnknownTerm
            For countries and sectors that the world does not have.
        InputError
            For shocks that contradict each other.
        """
        made = _Arrays(world)
        if self.retaliation or any(s.dates for s in self.statements):
            raise InputError(
                f"{self.title!r} has dates or retaliation, which only paths know: use "
                "`boeki simulate path`, boeki.simulate_path, or leave them out"
            )
        for statement in self.statements:
            made.add(statement)
        return made.shocks(str(self.options.get("deficits", "world")))


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario from a TOML file.

    Raises
    ------
    InputError
        Where it cannot be read, or says what scenarios cannot say.
    """
    place = Path(path)
    try:
        with place.open("rb") as file:
            given = tomllib.load(file)
    except OSError as error:
        raise InputError(f"cannot read the scenario {place}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{place} is not TOML: {error}") from None
    try:
        return Scenario.of(given, title=place.stem)
    except InputError as error:
        raise type(error)(*_again(error, place)) from None


def from_words(lines: Sequence[str], scenario: Scenario | None = None) -> Scenario:
    """A scenario of shocks in words: ``tariff from=CHN to=USA,MEX rate=25%``.

    Parameters
    ----------
    lines
        A kind of shock and its words each; several names are parted by commas, names with blanks
        stand in quotes.
    scenario
        That they come on top of.

    Raises
    ------
    InputError, UnknownTerm
        As :meth:`Scenario.of`.
    """
    made = [statement_of_words(line) for line in lines]
    if scenario is None:
        return Scenario("; ".join(lines), tuple(made))
    return replace(scenario, statements=(*scenario.statements, *made))


def _again(error: InputError, place: Path) -> tuple[Any, ...]:
    if isinstance(error, UnknownTerm):
        return (f"{error.sort} in {place}", error.given, error.known)
    return (f"{place}: {error}",)


class _Arrays:
    """The arrays of shocks while statements are applied."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.made: dict[str, Array] = {}

    def add(self, statement: Statement) -> None:
        """Apply one statement."""
        _APPLY[statement.kind](self, statement)

    def shocks(self, deficits: str) -> Shocks:
        """All that was applied."""
        return Shocks(**self.made, deficits=deficits)  # type: ignore[arg-type]

    def of(self, name: str) -> Array:
        """An array, the baseline's at first."""
        if name not in self.made:
            world = self.world
            pairs, cells = world.tariff.shape, world.expenditure.shape
            start = {
                "tariff": world.tariff, "trade_cost": np.ones(pairs),
                "export_tax": np.zeros(pairs), "volume_limit": np.full(pairs, np.inf),
                "productivity": np.ones(cells), "preference": np.ones(cells),
                "production_tax": np.zeros(cells), "labour": np.ones(cells[0]),
                "deficit": world.deficit,
            }  # fmt: skip
            self.made[name] = np.array(start[name])
        return self.made[name]

    def countries(self, statement: Statement, place: str) -> Index:
        """Where the countries that a statement names stand."""
        names = statement.where.get(place, ("all",))
        return np.array(countries_of(self.world, names), dtype=np.intp)

    def sectors(self, statement: Statement) -> Index:
        """Where the sectors that a statement names stand."""
        names = statement.where.get("sectors", ("all",))
        return _unique([s for name in names for s in _sector(self.world, name)])

    def pairs(self, statement: Statement) -> tuple[Index, Index, Index]:
        """Origins, destinations and sectors that a statement means; never home with itself."""
        origins, destinations = (self.countries(statement, p) for p in ("from", "to"))
        o, d, s = np.meshgrid(origins, destinations, self.sectors(statement), indexing="ij")
        away = o != d
        if not away.any():
            raise InputError(
                f"{statement.kind} from {', '.join(statement.where.get('from', ('all',)))} to "
                f"{', '.join(statement.where.get('to', ('all',)))} means no pair of countries"
            )
        return o[away], d[away], s[away]

    def cells(self, statement: Statement) -> tuple[Index, Index]:
        """Countries and sectors that a statement means."""
        n, s = np.meshgrid(
            self.countries(statement, "countries"), self.sectors(statement), indexing="ij"
        )
        return n.ravel(), s.ravel()


def countries_of(world: World, names: Sequence[str]) -> list[int]:
    """Where the countries of names stand: countries of the world, groups, or all.

    Raises
    ------
    UnknownTerm, InputError
        For names that are none of its.
    """
    return sorted({n for name in names for n in _country(world, name)})


def cells_of(world: World, statements: Iterable[Statement], kind: str) -> set[tuple[int, ...]]:
    """What statements of a kind are imposed on: origin, destination, sector; or country, sector."""
    made, out = _Arrays(world), set[tuple[int, ...]]()
    for one in statements:
        if one.kind == kind:
            at = made.pairs(one) if KINDS[kind][0][0] == "from" else made.cells(one)
            out.update(zip(*(a.tolist() for a in at), strict=True))
    return out


def _unique(places: list[int]) -> Index:
    return np.array(sorted(set(places)), dtype=np.intp)


def _country(world: World, name: str) -> list[int]:
    """A country of the world, one by another case of letters, a group's members, or all."""
    found = _named(world.countries, name)
    if found is not None:
        return found
    try:
        members = groups.members(groups.find(name))
    except UnknownTerm:
        raise UnknownTerm("country of this world", name, world.countries) from None
    inside = [n for n, country in enumerate(world.countries) if country in members]
    if not inside:
        raise InputError(f"no country of this world is in {name}: it has {_list(world.countries)}")
    return inside


def _sector(world: World, name: str) -> list[int]:
    found = _named(world.sectors, name)
    if found is None:
        raise UnknownSector("sector of this world", name, world.sectors)
    return found


def _named(known: tuple[str, ...], name: str) -> list[int] | None:
    if name in known:
        return [known.index(name)]
    if name.casefold() == "all":
        return list(range(len(known)))
    alike = [n for n, other in enumerate(known) if other.casefold() == name.casefold()]
    return alike if len(alike) == 1 else None


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")


def _tariff(made: _Arrays, statement: Statement) -> None:
    at, cells = made.pairs(statement), made.of("tariff")
    cells[at] = statement.size if statement.how == "rate" else cells[at] + statement.size


def _times(name: str) -> Callable[[_Arrays, Statement], None]:
    def apply(made: _Arrays, statement: Statement) -> None:
        at = made.pairs(statement) if name == "trade_cost" else made.cells(statement)
        made.of(name)[at] *= 1 + statement.size

    return apply


def _control(made: _Arrays, statement: Statement) -> None:
    if statement.size < 0:
        raise InputError("volume of export_control is a share of what was traded: 0 or more")
    at, cells = made.pairs(statement), made.of("volume_limit")
    cells[at] = np.minimum(cells[at], statement.size)


def _rate(name: str, sign: int) -> Callable[[_Arrays, Statement], None]:
    def apply(made: _Arrays, statement: Statement) -> None:
        if sign < 0 and statement.size < 0:
            raise InputError(f"rate of {statement.kind} must be 0 or more: it is what is paid")
        at = made.pairs(statement) if name == "export_tax" else made.cells(statement)
        made.of(name)[at] += sign * statement.size

    return apply


def _labour(made: _Arrays, statement: Statement) -> None:
    made.of("labour")[made.countries(statement, "countries")] *= 1 + statement.size


def _research(made: _Arrays, statement: Statement) -> None:
    raise InputError(
        "research works over time: use `boeki simulate path` with a flywheel, or simulate_path"
    )


def _transfer(made: _Arrays, statement: Statement) -> None:
    """From some to others, each side by its value added."""
    gdp = made.world.gdp
    payers, takers = (made.countries(statement, p) for p in ("from", "to"))
    if set(payers) & set(takers):
        raise InputError("transfer: who pays and who receives must be others")
    size = statement.size
    amount = size if statement.how == "amount" else size * gdp[payers].sum()
    deficit = made.of("deficit")
    deficit[payers] -= amount * gdp[payers] / gdp[payers].sum()
    deficit[takers] += amount * gdp[takers] / gdp[takers].sum()


def _deficit(made: _Arrays, statement: Statement) -> None:
    """Deficits are put where they are said to be; all other countries share the difference."""
    world = made.world
    here = made.countries(statement, "countries")
    others = np.setdiff1d(np.arange(world.gdp.size), here)
    deficit = made.of("deficit")
    share = statement.how == "share_of_gdp"
    deficit[here] = statement.size * (world.gdp[here] if share else 1.0)
    gap = deficit.sum()
    if others.size == 0:
        if abs(gap) > 1e-9 * world.gdp.sum():
            raise InputError("deficits of all countries cannot be above or below 0 together")
        return
    deficit[others] -= gap * world.gdp[others] / world.gdp[others].sum()


_APPLY: dict[str, Callable[[_Arrays, Statement], None]] = {
    "tariff": _tariff, "trade_cost": _times("trade_cost"), "export_control": _control,
    "export_tax": _rate("export_tax", 1), "export_subsidy": _rate("export_tax", -1),
    "productivity": _times("productivity"), "preference": _times("preference"),
    "production_tax": _rate("production_tax", 1), "production_subsidy": _rate("production_tax", -1),
    "labour": _labour, "transfer": _transfer, "deficit": _deficit, "research": _research,
}  # fmt: skip
