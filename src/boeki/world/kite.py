"""Initial conditions of KITE, the Kiel Institute Trade Policy Evaluation model, as a world."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, MissingExtra
from boeki.world.labelled import year_in
from boeki.world.world import World

if TYPE_CHECKING:
    import pandas as pd

Array: TypeAlias = NDArray[np.float64]

#: KITE's names of its tables, and the columns that label their rows, in the order of our axes.
_TABLES: Mapping[str, tuple[str, ...]] = {
    "trade_share": ("origin", "destination", "sector"),
    "tariff": ("origin", "destination", "sector"),
    "expenditure": ("country", "sector"),
    "factor_share": ("country", "sector"),
    "intermediate_share": ("country", "output", "input"),
    "consumption_share": ("country", "sector"),
    "trade_balance": ("country",),
    "trade_elasticity": ("sector",),
}
#: The same tables as arrays of a .npz file: name, and the order of its axes.
_ARRAYS: Mapping[str, tuple[str, tuple[int, ...]]] = {
    "trade_share": ("pi", (0, 1, 2)),
    "tariff": ("tariff_gross", (0, 1, 2)),
    "expenditure": ("expenditure", (0, 1)),
    "factor_share": ("factor_share", (0, 1)),
    "intermediate_share": ("intermediate_share", (2, 1, 0)),
    "consumption_share": ("consumption_share", (0, 1)),
    "trade_balance": ("trade_balance", (0,)),
    "trade_elasticity": ("inv_theta", (0,)),
}
_SOURCE = "KITE initial conditions (Hinz et al.)"


def read_kite(path: str | Path, *, year: int | None = None, source: str = "") -> World:
    """Read initial conditions as KITE writes them.

    Parameters
    ----------
    path
        ``.rds``, a list of long tables ``trade_share``, ``tariff`` (1.05 is 5 %), ``expenditure``
        …; or ``.npz`` with the same as arrays.
    year, source
        Where the name of the file does not say the year; the document.

    Returns
    -------
    World
        With all of KITE's shares and trade balances. Its expenditure is let follow from them,
        since its accounts are off by up to a per cent; how far it moved stands in the notes.

    Raises
    ------
    InputError
        For files that cannot be read, or lack a table.
    MissingExtra
        Without rdata, which reads files of R.
    """
    place = Path(path)
    kind = place.suffix.lower()
    if kind not in {".npz", ".rds"}:
        raise InputError(f"{place} is neither .npz nor .rds: give KITE's initial conditions")
    countries, sectors, data = _npz(place) if kind == ".npz" else _rds(place)
    value_added = data["factor_share"]
    return World.from_arrays(
        countries, sectors,
        trade_share=data["trade_share"],
        expenditure=data["expenditure"],
        tariff=data["tariff"] - 1,
        value_added_share=value_added,
        input_share=data["intermediate_share"] * (1 - value_added)[:, :, None],
        final_share=data["consumption_share"],
        deficit=-data["trade_balance"],
        # KITE writes 1/θ.
        trade_elasticity=1 / data["trade_elasticity"],
        settle=True, year=year or year_in(place.stem),
        unit=1e6, source=source or f"{_SOURCE}, file {place.name}",
        elasticity_source="KITE, in the same file",
    )  # fmt: skip


def _npz(path: Path) -> tuple[list[str], list[str], dict[str, Array]]:
    try:
        with np.load(path, allow_pickle=False) as content:
            wanted = ["countries", "sectors", *(name for name, _ in _ARRAYS.values())]
            if missing := [name for name in wanted if name not in content]:
                raise InputError(f"{path} lacks the arrays {', '.join(missing)}")
            names = [[str(v) for v in content[axis]] for axis in ("countries", "sectors")]
            data = {
                key: np.asarray(content[name], dtype=np.float64).transpose(axes)
                for key, (name, axes) in _ARRAYS.items()
            }
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from None
    return names[0], names[1], data


def _rds(path: Path) -> tuple[list[str], list[str], dict[str, Array]]:
    try:
        import rdata
    except ImportError:
        raise MissingExtra("world", "reading files of R (.rds)") from None
    try:
        content: Any = rdata.read_rds(path)
    # What rdata raises for files that are none, or cut short, is not limited to its own errors.
    except Exception as error:
        raise InputError(f"cannot read {path} as a file of R: {error}") from None
    if not isinstance(content, Mapping):
        raise InputError(f"{path} holds no list of tables: give KITE's initial conditions")
    if missing := [name for name in _TABLES if name not in content]:
        raise InputError(f"{path} lacks the tables {', '.join(missing)}")
    for name, columns in _TABLES.items():
        if lacking := {*columns, "value"} - set(getattr(content[name], "columns", ())):
            raise InputError(f"{path}: table {name} lacks the columns {', '.join(sorted(lacking))}")
    countries = sorted(map(str, content["trade_balance"]["country"]))
    sectors = sorted(map(str, content["trade_elasticity"]["sector"]))
    data = {
        name: _cells(content[name], columns, countries, sectors, f"{path}: table {name}")
        for name, columns in _TABLES.items()
    }
    return countries, sectors, data


def _cells(
    table: pd.DataFrame, columns: tuple[str, ...], countries: list[str], sectors: list[str], at: str
) -> Array:
    """A long table as an array; a row that is not there leaves a gap, which is refused later."""
    areas = {"origin", "destination", "country"}
    axes = [countries if column in areas else sectors for column in columns]
    out = np.full([len(axis) for axis in axes], np.nan)
    places = []
    for column, axis in zip(columns, axes, strict=True):
        where = {name: i for i, name in enumerate(axis)}
        labels = [str(v) for v in table[column]]
        if strange := sorted(set(labels) - set(where)):
            raise InputError(f"{at} has {strange[0]!r} in {column}, which other tables lack")
        places.append([where[v] for v in labels])
    out[tuple(places)] = np.asarray(table["value"], dtype=np.float64)
    return out
