"""Open a lake, or make one."""

from __future__ import annotations

import json
import os
import uuid
from importlib import resources
from pathlib import Path

from boeki.errors import LakeError
from boeki.lake.engine import Engine
from boeki.lake.place import Place, plainly
from boeki.lake.store import Lake

_MARK = "boeki-lake.json"
_FORMAT = 1


def embedded_folder() -> Path:
    """Where the figures that the package ships stand."""
    return Path(str(resources.files("boeki.data")))


def open_lake(
    place: str | Path | None = None, *, engine: Engine | None = None, make: bool = False
) -> Lake:
    """The lake of the figures that the package ships, and of those pulled to a place.

    Parameters
    ----------
    place
        A folder or an object store's address; None for what BOEKI_LAKE says, and for the figures
        that the package ships alone where it says nothing.
    engine
        What runs expressions; None for what BOEKI_ENGINE says (see
        :func:`boeki.lake.engines.engine_of`), and for DuckDB where it says nothing.
    make
        Make the lake where there is none.

    Returns
    -------
    Lake
        With every vintage.

    Raises
    ------
    LakeError
        Where there is no lake at the place, or one that this version cannot read.
    """
    given = str(place or os.environ.get("BOEKI_LAKE") or "")
    where = Place(given) if given else None
    if where:
        _enter(where, make=make)
    if engine is None and (name := os.environ.get("BOEKI_ENGINE")):
        from boeki.lake.engines import engine_of

        engine = engine_of(name)
    lake = Lake(where, engine)
    if where is None:
        # So few figures are asked sooner by one thread than shared out among several.
        lake.connection.execute("SET threads = 1")
    lake.load_products(Path(str(resources.files("boeki.terms"))) / "jp_pc.csv")
    lake.load(embedded_folder())
    return lake


def _enter(place: Place, *, make: bool) -> None:
    """See that there is a lake at a place, or make one."""
    import pyarrow.fs

    with plainly(f"open a lake at {place.shown}"):
        if place.is_local and make:
            place.folder.mkdir(parents=True, exist_ok=True)
        if place.is_local and not place.folder.is_dir():
            raise _no_lake(place)
        found = place.files.get_file_info(_MARK)
        if found.type == pyarrow.fs.FileType.File:
            with place.files.open_input_stream(_MARK) as mark:
                _check_format(place, mark.read())
            return
        if not make:
            raise _no_lake(place)
        if place.is_local:
            _mark(place)
            return
        with place.files.open_output_stream(_MARK) as mark:
            mark.write(json.dumps({"format": _FORMAT}).encode())


def _mark(place: Place) -> None:
    """Make a lake of an empty folder; another may do so at the same time."""
    mark = place.folder / _MARK
    others = [p for p in place.folder.iterdir() if not p.name.startswith(_MARK)]
    if others and not mark.exists():
        raise LakeError(
            f"{place.shown} has other things in it and is no lake: name an empty or a new folder"
        )
    # Whole or not at all: a lake whose mark is half written could not be opened again.
    half = place.folder / f"{_MARK}.{uuid.uuid4().hex}"
    try:
        half.write_text(json.dumps({"format": _FORMAT}), "utf-8")
        half.replace(mark)
    finally:
        half.unlink(missing_ok=True)


def _no_lake(place: Place) -> LakeError:
    return LakeError(
        f"there is no lake at {place.shown}: `boeki --lake {place.address} pull SOURCE` makes one"
    )


def _check_format(place: Place, content: bytes) -> None:
    try:
        number = json.loads(content)["format"]
    except (ValueError, KeyError, TypeError):
        raise LakeError(
            f"{place.of(_MARK)} is damaged: it should read {json.dumps({'format': _FORMAT})}"
        ) from None
    if number != _FORMAT:
        raise LakeError(
            f"the lake at {place.shown} has format {number}, this boeki reads {_FORMAT}: "
            "use the version of boeki that wrote it, or a newer one"
        )
