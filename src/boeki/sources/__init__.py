"""Official sources, one module each. Nothing else knows a foreign format."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import import_module, metadata, resources
from typing import Any

from boeki.errors import SourceError, UnknownTerm
from boeki.sources.base import About, Source

#: Every source: its name, and where it is. Others add theirs under the entry point
#: ``boeki.sources``, as ``NAME = "module:Class"``.
SOURCES = {
    "baci": "boeki.sources.baci:Baci",
    "comext": "boeki.sources.comext:Comext",
    "comtrade": "boeki.sources.comtrade:Comtrade",
    "e-stat": "boeki.sources.e_stat:EStat",
    "ecb-fx": "boeki.sources.ecb_fx:EcbFx",
    "japan-customs": "boeki.sources.japan_customs:JapanCustoms",
    "japan-press": "boeki.sources.japan_press:JapanPress",
    "sdmx": "boeki.sources.sdmx:Sdmx",
    "table": "boeki.sources.table:UserTable",
    "us-census": "boeki.sources.us_census:USCensus",
}


@cache
def registered() -> dict[str, str]:
    """Name to place of every source, boeki's own and those of others, in order."""
    found = {point.name: point.value for point in metadata.entry_points(group="boeki.sources")}
    return dict(sorted({**found, **SOURCES}.items()))


@cache
def get(name: str) -> Source:
    """The source of this name.

    Raises
    ------
    UnknownTerm
        With near names, where there is none.
    SourceError
        Where a source of others cannot be loaded.
    """
    if name not in registered():
        raise UnknownTerm("source", name, registered())
    module, _, attribute = registered()[name].partition(":")
    try:
        made: Source = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError) as error:
        raise SourceError(
            f"source {name!r} could not be loaded from {registered()[name]}: {error}; "
            "reinstall the package that brings it"
        ) from error
    return made


@cache
def facts(name: str) -> About:
    """The facts about a source of boeki's own, from ``facts/NAME.toml``."""
    text = resources.files(__package__).joinpath("facts", f"{name}.toml").read_text("utf-8")
    told: dict[str, Any] = tomllib.loads(text)
    told.update({k: tuple(v) for k, v in told.items() if isinstance(v, list)})
    return About(name=name, **told)
