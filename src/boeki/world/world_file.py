"""boeki's own file of a world: one tidy Parquet table, with what it is in the metadata."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

#: Of each array of a world: the columns that label its axes.
AXES: Mapping[str, tuple[str, ...]] = {
    "trade_share": ("origin", "destination", "sector"),
    "expenditure": ("country", "sector"),
    "tariff": ("origin", "destination", "sector"),
    "value_added_share": ("country", "sector"),
    "input_share": ("country", "using_sector", "sector"),
    "final_share": ("country", "sector"),
    "deficit": ("country",),
    "trade_elasticity": ("sector",),
    "scale_elasticity": ("sector",),
    "input_trade_share": ("origin", "destination", "sector"),
    "final_trade_share": ("origin", "destination", "sector"),
}
COLUMNS = ("origin", "destination", "country", "using_sector", "sector")
_ABOUT = ("year", "currency", "unit", "source", "elasticity_source", "notes")
_KEY, _FORM = b"boeki", "world 1"


def write_world(world: World, path: str | Path) -> Path:
    """Write a world to one Parquet file, without loss.

    Parameters
    ----------
    world
        Which.
    path
        A name that ends in ``.parquet``; an older file of that name is replaced at once, whole.

    Returns
    -------
    Path
        Where it is.

    Raises
    ------
    InputError
        For another ending, or where the file cannot be written.

    Notes
    -----
    A row is one figure: ``variable``, the labels of its axes, ``value``; figures of zero have no
    row. Names, year, currency, sources and notes are in the metadata of the file.
    """
    from pyarrow import parquet

    place = Path(path)
    if place.suffix.lower() != ".parquet":
        raise InputError(f"a world is written to a Parquet file: name it {place.stem}.parquet")
    held = None
    try:
        handle, held = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        os.close(handle)
        parquet.write_table(as_table(world), held, compression="zstd")
        # A temporary file is its owner's alone; the finished one is as open as any other.
        mask = os.umask(0)
        os.umask(mask)
        Path(held).chmod(0o666 & ~mask)
        Path(held).replace(place)
    except OSError as error:
        if held:
            with contextlib.suppress(OSError):
                Path(held).unlink()
        raise InputError(f"cannot write {place}: {error.strerror or error}") from None
    return place


def read_world(path: str | Path) -> World:
    """Read a world that :meth:`boeki.World.write` wrote.

    Parameters
    ----------
    path
        The Parquet file.

    Raises
    ------
    InputError
        For files that are not there, damaged, or no world of boeki.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(path)
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        raise InputError(f"cannot read {path} as a Parquet file: {error}") from None
    return from_table(table, str(path))


def as_table(world: World) -> Any:
    """A world as an Arrow table, one figure a row."""
    import pyarrow as pa

    given = {name: getattr(world, name) for name in AXES}
    places = {name: np.nonzero(cells) for name, cells in given.items() if cells is not None}
    names = {axis: world.sectors if "sector" in axis else world.countries for axis in COLUMNS}
    rows = {name: len(found[0]) for name, found in places.items()}
    columns = {
        "variable": pa.DictionaryArray.from_arrays(
            np.repeat(np.arange(len(rows), dtype=np.int32), list(rows.values())), list(rows)
        )
    }
    for axis in COLUMNS:
        columns[axis] = pa.DictionaryArray.from_arrays(
            pa.concat_arrays(
                [
                    pa.array(places[name][AXES[name].index(axis)], pa.int32())
                    if axis in AXES[name]
                    else pa.nulls(rows[name], pa.int32())
                    for name in rows
                ]
            ),
            list(names[axis]),
        )
    columns["value"] = pa.array(np.concatenate([given[name][places[name]] for name in rows]))
    about: dict[str, Any] = {"form": _FORM, "variables": list(rows)}
    about |= {name: getattr(world, name) for name in ("countries", "sectors", *_ABOUT)}
    text = json.dumps(about, ensure_ascii=False)
    return pa.table(columns).replace_schema_metadata({_KEY: text.encode()})


def from_table(table: Any, name: str) -> World:
    """The world that an Arrow table holds.

    Raises
    ------
    InputError
        Where it is no world.
    """
    about = json.loads((table.schema.metadata or {}).get(_KEY, b"{}"))
    if about.get("form") != _FORM:
        kind = f"it says {about['form']!r}" if "form" in about else "it does not say that it is one"
        raise InputError(
            f"{name} is no world of boeki ({kind}): write one with World.write; tables of other "
            "offices are read by boeki.world.read_table"
        )
    if lacking := {"variable", *COLUMNS, "value"} - set(table.column_names):
        raise InputError(f"{name} lacks the columns {', '.join(sorted(lacking))}")
    countries, sectors = tuple(about["countries"]), tuple(about["sectors"])
    labels = {axis: sectors if "sector" in axis else countries for axis in COLUMNS}
    codes = {axis: _codes(table, axis, labels[axis], name) for axis in COLUMNS}
    variables = tuple(about["variables"])
    which = _codes(table, "variable", variables, name)
    values = table.column("value").to_numpy()
    arrays: dict[str, Any] = {}
    for at, variable in enumerate(variables):
        here = np.flatnonzero(which == at)
        cells = np.zeros([len(labels[axis]) for axis in AXES[variable]])
        places = tuple(codes[axis][here] for axis in AXES[variable])
        if any((place < 0).any() for place in places):
            raise InputError(f"{name}: a row of {variable} lacks a label")
        cells[places] = values[here]
        arrays[variable] = cells
    facts: dict[str, Any] = {key: about[key] for key in _ABOUT} | {"notes": tuple(about["notes"])}
    return World(countries=countries, sectors=sectors, **arrays, **facts)


def _codes(table: Any, column: str, labels: tuple[str, ...], name: str) -> NDArray[np.int64]:
    """Place of each row's label among the labels; −1 where there is none."""
    import pyarrow as pa

    cells = table.column(column)
    coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    coded = coded.unify_dictionaries().combine_chunks()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.chunk(0) if coded.num_chunks else pa.array([]).dictionary_encode()
    known = {label: at for at, label in enumerate(labels)}
    own = [known.get(label, -2) for label in coded.dictionary.to_pylist()]
    places = np.asarray(coded.indices.fill_null(-1).to_numpy(), dtype=np.int64)
    out = np.where(places < 0, -1, np.asarray([*own, -1], dtype=np.int64)[places])
    if (out == -2).any():
        strange = coded.dictionary[int(places[np.argmax(out == -2)])].as_py()
        raise InputError(f"{name} has {strange!r} in {column}, which its metadata does not list")
    return out
