"""Read input–output tables from the files that people have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.errors import InputError, UnknownTerm
from boeki.world import layouts
from boeki.world.build import input_output_table
from boeki.world.labelled import Labelled, from_frame, read_labelled, year_in
from boeki.world.pymrio_tables import SYSTEMS, read_pymrio, table_of_system
from boeki.world.table import InputOutputTable
from boeki.world.workbook import read_workbook

if TYPE_CHECKING:
    import pandas as pd

#: Layout to its reader of labelled data.
LAYOUTS: dict[str, Callable[..., InputOutputTable]] = {
    "oecd": layouts.oecd,
    "figaro": layouts.figaro,
    "wiod2016": layouts.wiod2016,
    "labelled": layouts.labelled,
}
_NPZ = ("Z", "F", "x", "countries", "industries")
_WIOD_2013 = ("households", "non-profit", "government", "investment", "inventories")


def read_table(
    path: str | Path | pd.DataFrame | Any,
    *,
    layout: str | None = None,
    year: int | None = None,
    parts: bool = True,
    **options: Any,
) -> InputOutputTable:
    """Read an inter-country input–output table.

    Parameters
    ----------
    path
        ``.csv``, ``.parquet``, ``.zip`` of CSV files, ``.npz`` with the arrays Z, F, x, countries
        and industries, ``.dta`` of WIOD 2016, ``.xlsx`` of WIOD 2013 or the Asian Development
        Bank; a folder or zip that pymrio reads, with its layout named; or a data frame whose index
        and columns are such labels, or pairs of area and sector, or an ``IOSystem`` of pymrio.
    layout
        ``oecd``, ``figaro``, ``wiod2016`` or ``labelled``; ``exiobase``, ``eora26`` or ``pymrio``;
        None to tell by the labels.
    year
        Of the flows, where the name of the file does not say it; of a zip, which table.
    parts
        Whether parts of an area (CN1, CN2, MX1, MX2 in OECD tables) stay apart within their area,
        which is how the OECD computes; False adds them up.
    options
        Of :func:`boeki.world.input_output_table`: ``balance``, ``tolerance``, ``currency``,
        ``unit``, ``source`` …

    Returns
    -------
    InputOutputTable
        Checked and balanced.

    Raises
    ------
    InputError
        For files that cannot be read or are in another layout.
    IntegrityError
        For tables that do not add up.
    """
    options["year"] = year
    if hasattr(path, "Z") and hasattr(path, "Y"):
        table = table_of_system(path, **options)
    elif layout in SYSTEMS:
        table = read_pymrio(Path(path), str(layout), options)
    elif not isinstance(path, str | Path):
        table = _of(from_frame(path, "data frame"), layout, options)
    elif Path(path).suffix.lower() == ".npz":
        table = _read_npz(Path(path), options)
    elif Path(path).suffix.lower() in {".xlsx", ".xlsm"}:
        table = read_workbook(Path(path), options)
    elif Path(path).is_dir():
        raise InputError(f"{path} is a folder: name its layout, {', '.join(SYSTEMS)}")
    elif Path(path).suffix.lower() == ".dta":
        table = _of(_stata(Path(path)), layout, options)
    else:
        table = _of(read_labelled(Path(path), year), layout, options)
    return table if parts else table.aggregated(parts=True)


def _of(data: Labelled, layout: str | None, options: dict[str, Any]) -> InputOutputTable:
    kind = layout or layouts.layout_of(data)
    if kind not in LAYOUTS:
        raise UnknownTerm("layout", kind, [*LAYOUTS, *SYSTEMS])
    if kind == "wiod2016" and not {"TOT_VA", "VA"} & set(data.rows):
        raise InputError(
            f"{data.name}: label the rows of a WIOD 2016 table with country and number of the "
            "industry (JPN_19), and totals as TOT_VA; or give its Stata file (.dta)"
        )
    return LAYOUTS[kind](data, **options)


def read_tables(
    paths: Iterable[str | Path],
    *,
    progress: Callable[[str], None] | None = None,
    **options: Any,
) -> Iterator[InputOutputTable]:
    """Read tables of several years, one at a time, so that one is in memory.

    Parameters
    ----------
    paths
        A file for each year.
    progress
        Called with the name of each file before it is read.
    options
        Of :func:`read_table`.
    """
    for path in paths:
        if progress:
            progress(Path(path).name)
        yield read_table(path, **options)


def _read_npz(path: Path, options: dict[str, Any]) -> InputOutputTable:
    try:
        with np.load(path, allow_pickle=False) as data:
            missing = [name for name in _NPZ if name not in data]
            if missing:
                raise InputError(f"{path} lacks the arrays {', '.join(missing)}")
            z, f, x, areas, sectors = (data[name] for name in _NPZ)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from None
    each = f.shape[1] // max(len(areas), 1)
    names = [{"RoW": "ROW", "ROM": "ROU"}.get(str(a), str(a)) for a in areas]
    given: dict[str, Any] = {
        "final_categories": _WIOD_2013 if each == len(_WIOD_2013) else None,
        "year": year_in(path.name), "source": f"file {path.name}", "unit": 1e6,
        # The cells of the tables that are passed around like this are rounded to whole millions.
        "balance": "residual",
    }  # fmt: skip
    given |= {k: v for k, v in options.items() if v is not None}
    return input_output_table(
        z, f, areas=names, sectors=[str(s) for s in sectors], output=x, **given
    )


def _stata(path: Path) -> Labelled:
    """The Stata files of WIOD 2016, rows labelled by country and number of the industry."""
    import struct

    import pandas as pd

    try:
        frame = pd.read_stata(path)
    except (OSError, ValueError, struct.error) as error:
        raise InputError(f"cannot read {path}: {error}") from None
    return _wiod_frame(frame, path)


def _wiod_frame(frame: Any, path: Path) -> Labelled:
    wanted = {"IndustryCode", "Country", "RNr"}
    if not wanted <= set(frame.columns):
        raise InputError(f"{path} lacks the columns {', '.join(sorted(wanted))} of WIOD 2016")
    rows = []
    for code, area, number in zip(
        frame["IndustryCode"], frame["Country"], frame["RNr"], strict=True
    ):
        rows.append(f"TOT_{code}" if area == "TOT" else f"{area}_{int(number)}")
    flows = [c for c in frame.columns if c == "TOT" or layouts._WIOD_COLUMN.fullmatch(str(c))]
    cells = frame[flows].to_numpy(dtype=float)
    return Labelled(tuple(rows), tuple(map(str, flows)), cells, "", path.name)
