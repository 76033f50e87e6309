"""A scenario: what if, in words that a person writes and reads, and a world turns into arrays."""

from __future__ import annotations

import datetime as dt
import math
import shlex
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, UnknownTerm
from boeki.model.shocks import Shocks
from boeki.terms import groups
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.intp]

_OPTIONS = {"deficits", "inputs", "one_sector", "scale_economies", "trade_shares"}
_PAIR = ("from", "to", "sectors")
_CELL = ("countries", "sectors")
#: Kind of shock to where it applies, and what says how large it is: one of these.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "tariff": (_PAIR, ("rate", "add")),
    "trade_cost": (_PAIR, ("change",)),
    "export_control": (_PAIR, ("volume",)),
    "export_tax": (_PAIR, ("rate",)),
    "export_subsidy": (_PAIR, ("rate",)),
    "productivity": (_CELL, ("change",)),
    "preference": (_CELL, ("change",)),
    "production_tax": (_CELL, ("rate",)),
    "production_subsidy": (_CELL, ("rate",)),
    "labour": (("countries",), ("change",)),
    "transfer": (("from", "to"), ("amount", "share_of_gdp")),
    "deficit": (("countries",), ("amount", "share_of_gdp")),
}


@dataclass(frozen=True)
class Statement:
    """One line of a scenario.

    Attributes
    ----------
    kind
        ``tariff``, ``export_control`` …: see :data:`KINDS`.
    where
        ``from``, ``to``, ``countries``, ``sectors`` to names; what is left out is all.
    how
        ``rate``, ``add``, ``change``, ``volume``, ``amount`` or ``share_of_gdp``.
    size
        As a number: 0.25 is 25 %.
    """

    kind: str
    where: Mapping[str, tuple[str, ...]]
    how: str
    size: float


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
    """

    title: str
    statements: tuple[Statement, ...]
    description: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

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
        _known("option", options, _OPTIONS)
        statements: list[Statement] = []
        for kind, tables in rest.items():
            _known("kind of shock", [kind], KINDS)
            for table in tables if isinstance(tables, list) else [tables]:
                statements.append(_statement(kind, table))
        if not statements and not options:
            raise InputError(
                f"the scenario {name!r} imposes nothing: write, for example, [[tariff]] with from, "
                "to, sectors and rate"
            )
        return Scenario(name, tuple(statements), description, dict(options))

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
    made = [_line(line) for line in lines]
    if scenario is None:
        return Scenario("; ".join(lines), tuple(made))
    return replace(scenario, statements=(*scenario.statements, *made))


def _line(line: str) -> Statement:
    try:
        kind, *words = shlex.split(line)
    except ValueError as error:
        raise InputError(f"{line!r}: {error}") from None
    _known("kind of shock", [kind], KINDS)
    table: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise InputError(f"{line!r}: write each word as NAME=VALUE, not {word!r}")
        table[name] = _number(value) if name in KINDS[kind][1] else value.split(",")
    return _statement(kind, table)


def _number(text: str) -> Any:
    """``0.25`` or ``25%``; what is no number is told by whoever wants one."""
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return text


def _again(error: InputError, place: Path) -> tuple[Any, ...]:
    if isinstance(error, UnknownTerm):
        return (f"{error.sort} in {place}", error.given, error.near)
    return (f"{place}: {error}",)


def _known(sort: str, given: Iterable[str], known: Iterable[str]) -> None:
    for word in given:
        if word not in known:
            raise UnknownTerm(sort, str(word), sorted(known))


def _statement(kind: str, table: Any) -> Statement:
    places, sizes = KINDS[kind]
    if not isinstance(table, Mapping):
        raise InputError(f"{kind} must be a table, such as [[{kind}]] with {', '.join(places)}")
    _known(f"word in {kind}", table, (*places, *sizes))
    said = [s for s in sizes if s in table]
    if len(said) != 1:
        raise InputError(f"{kind} needs {' or '.join(sizes)}, once: {dict(table)}")
    size = table[said[0]]
    if isinstance(size, bool | dt.date) or not isinstance(size, int | float) or math.isnan(size):
        raise InputError(f"{said[0]} of {kind} must be a number (0.25 is 25 %), not {size!r}")
    where = {place: _names(kind, place, table[place]) for place in places if place in table}
    for place in places:
        if place == "countries" and place not in where:
            raise InputError(f'{kind} needs countries: name them, or write countries = "all"')
    return Statement(kind, where, said[0], float(size))


def _names(kind: str, place: str, value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(n, str) for n in names):
        raise InputError(f"{place} of {kind} must be a name or a list of names, not {value!r}")
    if not names:
        raise InputError(f"{place} of {kind} names nothing: leave it out for all")
    return tuple(names)


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
        return _unique([n for name in names for n in _country(self.world, name)])

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
        raise UnknownTerm("sector of this world", name, world.sectors)
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
    "labour": _labour, "transfer": _transfer, "deficit": _deficit,
}  # fmt: skip
