"""The mapping of a table's columns to those of the lake, from TOML.

table = "flows"
published = 2025-01-09

[columns]
partner = { column = "Country", system = "iso2" }
flow = { column = "Direction", words = { X = "export", M = "import" } }
value = { column = "Value (1000 EUR)", scale = 1000 }
product = "HS"
reporter = { value = "DEU" }
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Collection
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, cast

from boeki.errors import InputError, UnknownTerm
from boeki.sources.base import FLOW_ROWS, SERIES_ROWS
from boeki.sources.table_cells import (
    Column,
    Written,
    read_area,
    read_day,
    read_number,
    read_period,
)
from boeki.terms.codes import area_map

#: What a mapping says of the whole table.
_SETTINGS = (
    "table",
    "title",
    "licence",
    "vintage",
    "published",
    "encoding",
    "delimiter",
    "decimal",
    "thousands",
    "missing",
    "sheet",
    "header",
    "wide",
    "columns",
)
_OPTIONS = ("column", "value", "scale", "system", "words", "format")
#: Columns that may be left out, with what they are then.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "flows": {
        "partner": "WLD",
        "product": "TOTAL",
        "resolution": Decimal(1),
        "quantity": None,
        "unit": None,
        "weight": None,
        "system": None,
        "adjustment": "nsa",
        "status": "final",
    },
    "series": {"dimensions": [], "resolution": Decimal(1), "status": "final"},
}
_NUMBERS = frozenset({"value", "resolution", "quantity", "weight"})
_AREAS = frozenset({"reporter", "partner", "area"})
#: How flows are valued where the mapping does not say.
_VALUED = {"export": "fob", "re-export": "fob", "domestic-export": "fob"}


@dataclass(frozen=True, slots=True)
class Wide:
    """Periods that stand side by side: one column each, headed by the period."""

    pattern: str
    format: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What the columns of a table are.

    Attributes
    ----------
    table
        ``flows`` or ``series``.
    columns
        The lake's column to where it stands in the table, or what it is throughout.
    dimensions
        Further names of a series, each with its column.
    """

    table: Literal["flows", "series"]
    columns: Mapped[str, Column]
    dimensions: Mapped[str, Column] = field(default_factory=dict)
    title: str = ""
    licence: str = ""
    vintage: str = ""
    published: dt.date | None = None
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    missing: tuple[str, ...] = ("",)
    sheet: str = ""
    header: int = 1
    wide: Wide | None = None

    @property
    def wanted(self) -> set[str]:
        """The columns that the table must have."""
        placed = [*self.columns.values(), *self.dimensions.values()]
        return {c.name for c in placed if c.name}

    def row(self, cells: Mapped[str, Any]) -> dict[str, object]:
        """A row of the lake, from the cells of a line.

        Raises
        ------
        Unreadable
            Where a cell cannot be read as what it should be.
        """
        out: dict[str, object] = dict(_DEFAULTS[self.table])
        for name, column in self.columns.items():
            out[name] = self._cell(name, column, cells)
        period = read_period(out["period"], self.columns["period"].format)
        out["period"], out["freq"] = str(period), period.kind
        if self.table == "flows":
            out.setdefault("valuation", _VALUED.get(str(out["flow"]), "cif"))
        else:
            given = {n: self._cell(n, c, cells) for n, c in self.dimensions.items()}
            out["dimensions"] = [(n, str(v)) for n, v in given.items() if v is not None]
        return out

    def _cell(self, name: str, column: Column, cells: Mapped[str, Any]) -> object:
        cell = column.of(cells, self.missing)
        if name in _NUMBERS:
            places = 3 if self.table == "flows" else 6
            how = Written(self.decimal, self.thousands, places)
            return read_number(name, cell, column.scale, how)
        if name == "published":
            return read_day(cell, column.format)
        if name in _AREAS:
            return read_area(cell, column.system)
        return cell


def mapping(text: str) -> Mapping:
    """The mapping that a TOML text states.

    Raises
    ------
    InputError
        Where it is no TOML, or lacks something; the message says what.
    UnknownTerm
        For a setting, a column or a system that does not exist, with near ones.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"the mapping is no TOML: {error}") from error
    _known("setting of the mapping", told, _SETTINGS)
    table = told.get("table", "flows")
    if table not in _DEFAULTS:
        raise UnknownTerm("table", str(table), _DEFAULTS)
    given = {str(k): v for k, v in dict(told.pop("columns", {})).items()}
    wide = _wide(told.pop("wide", None))
    dimensions = {k: _column(k, v) for k, v in dict(given.pop("dimensions", {})).items()}
    columns = {name: _column(name, where) for name, where in given.items()}
    if wide:
        columns.setdefault("period", Column(name="period", format=wide.format))
        columns["value"] = _column("value", given.get("value", {})).at("value")
    _check(table, columns)
    told |= {"missing": tuple(str(m) for m in told.get("missing", ("",)))}
    _check_settings(told)
    told["table"] = cast(Literal["flows", "series"], table)
    return Mapping(columns=columns, dimensions=dimensions, wide=wide, **told)


def _check(table: str, columns: Mapped[str, Column]) -> None:
    schema = FLOW_ROWS if table == "flows" else SERIES_ROWS
    known = {*schema.names, "published"} - {"freq", "dimensions"}
    _known(f"column of {table}", columns, known)
    needed = set(schema.names) - set(_DEFAULTS[table]) - {"freq", "valuation"}
    if lacking := sorted(needed - set(columns)):
        raise InputError(
            f"the mapping does not say where these are: {', '.join(lacking)}; write, under "
            f'[columns], {lacking[0]} = "its column", or {lacking[0]} = {{ value = "…" }} where it '
            "is the same throughout"
        )


def _check_settings(told: dict[str, Any]) -> None:
    published = told.get("published")
    if isinstance(published, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", published):
        published = read_day(published, "")
    if published is not None and type(published) is not dt.date:
        raise InputError("published in the mapping is no day: write published = 2025-01-09")
    told["published"] = published
    for name in ("title", "licence", "vintage", "encoding", "delimiter", "decimal", "thousands"):
        if not isinstance(told.get(name, ""), str):
            raise InputError(f"{name} in the mapping is no text: put it in quotes")
    if not isinstance(told.get("header", 1), int):
        raise InputError("header in the mapping is no number: it says which line has the names")


def _column(name: str, where: Any) -> Column:
    if isinstance(where, str):
        return Column(name=where)
    if not isinstance(where, dict):
        return Column(constant=str(where))
    _known(f"setting of {name}", where, _OPTIONS)
    if "system" in where and where["system"] != "name":
        area_map(where["system"])
    if ("column" in where) == ("value" in where) and where.keys() - {"scale", "format"}:
        raise InputError(f"{name} in the mapping needs column or value, one of the two")
    constant = where.get("value")
    return Column(
        name=str(where.get("column", "")),
        constant=None if constant is None else str(constant),
        scale=Decimal(str(where.get("scale", 1))),
        system=str(where.get("system", "iso3")),
        words={str(k): str(v) for k, v in where.get("words", {}).items()},
        format=str(where.get("format", "")),
    )


def _wide(told: Any) -> Wide | None:
    if told is None:
        return None
    if not isinstance(told, dict) or "pattern" not in told:
        raise InputError(
            "wide in the mapping says which headers are periods: [wide] and, under it, "
            "pattern = '[0-9]{4}-[0-9]{2}'"
        )
    _known("setting of wide", told, ("pattern", "format"))
    return Wide(str(told["pattern"]), str(told.get("format", "")))


def _known(sort: str, given: Collection[str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise UnknownTerm(sort, name, known)
