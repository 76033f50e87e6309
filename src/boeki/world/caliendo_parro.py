"""The files of Caliendo & Parro (2015) on NAFTA, as a world with the tariffs of 1993 and 2005."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, MissingExtra
from boeki.world.world import World

Array: TypeAlias = NDArray[np.float64]

#: The files' order of countries.
COUNTRIES = (
    "ARG", "AUS", "AUT", "BRA", "CAN", "CHL", "CHN", "DNK", "FIN", "FRA", "DEU", "GRC", "HUN",
    "IND", "IDN", "IRL", "ITA", "JPN", "KOR", "MEX", "NLD", "NZL", "NOR", "PRT", "ZAF", "ESP",
    "SWE", "TUR", "GBR", "USA", "ROW",
)  # fmt: skip
#: Sectors that trade: groups of ISIC Rev. 3 divisions.
TRADABLE = (
    "Agriculture", "Mining", "Food", "Textile", "Wood", "Paper", "Petroleum", "Chemicals",
    "Plastic", "Minerals", "Basic metals", "Metal products", "Machinery", "Office", "Electrical",
    "Communication", "Medical", "Auto", "Other transport", "Other",
)  # fmt: skip
NON_TRADABLE = (
    "Electricity", "Construction", "Retail", "Hotels", "Land transport", "Water transport",
    "Air transport", "Auxiliary transport", "Post", "Finance", "Real estate", "Renting machinery",
    "Computer", "Research", "Other business", "Public", "Education", "Health", "Other services",
    "Private households",
)  # fmt: skip
_START = "initial_condition_1993*.mat"
_NEEDED = ("tau", "G", "B", "T", "X0", "Din", "Sn", "alphas")
_SOURCE = (
    "Caliendo, L. and F. Parro (2015), Estimates of the Trade and Welfare Effects of NAFTA, Review "
    "of Economic Studies 82, 1–44: replication data"
)
#: With aggregate deficits or without, the authors write the base year in other units.
_UNITS = {"withS": 1e15}
_UNIT = 1e10


class CaliendoParro(NamedTuple):
    """The base year, and the tariffs twelve years later.

    Attributes
    ----------
    world
        The world of 1993.
    tariffs_2005
        ``(origin, destination, sector)``, 0.05 is 5 %; zero where a sector does not trade.
    """

    world: World
    tariffs_2005: Array


def read_caliendo_parro(folder: str | Path) -> CaliendoParro:
    """Read one of the authors' variants of the base year.

    Parameters
    ----------
    folder
        With one file ``initial_condition_1993….mat``: the base year without aggregate deficits or
        with them, or the variants of Table 11. ``tariffs2005.txt`` lies in it too, or in a folder
        ``base`` beside it.

    Returns
    -------
    CaliendoParro
        ``world`` and ``tariffs_2005``.

    Raises
    ------
    InputError
        For files that are not there, or not these.
    MissingExtra
        Without SciPy, which reads files of MATLAB.

    Notes
    -----
    The base year is the authors' own: their trade shares, their expenditure ``X0``, in which
    their accounts add up, θ as in their file (8.22 for cars and other transport equipment, not
    the 1.84 and 0.39 of their Table 1) and θ = 8.22 for what does not trade. A coefficient of
    −0.0008 in their input–output table is put at zero and its column at a sum of one.
    """
    place = Path(folder)
    found = sorted(place.glob(_START))
    if len(found) != 1:
        raise InputError(
            f"{place} holds {len(found)} files {_START}: give the folder of one variant of "
            "Caliendo and Parro's data, with the file of its base year"
        )
    data = _matlab(found[0])
    countries, sectors = len(data["Sn"]), len(data["T"])
    if (countries, sectors) not in {(31, 40), (31, 2)}:
        raise InputError(
            f"{found[0]} has {countries} countries and {sectors} sectors, not 31 and 40 or 2"
        )
    world = _world(data, countries, sectors, found[0].stem)
    return CaliendoParro(world, _tariffs_2005(place, countries, sectors))


def _matlab(path: Path) -> dict[str, Array]:
    try:
        from scipy.io import loadmat
    except ImportError:
        raise MissingExtra("world", "reading files of MATLAB (.mat)") from None
    try:
        content: Mapping[str, Any] = loadmat(path)
    # What SciPy raises for files that are none, or cut short, is not limited to its own errors.
    except Exception as error:
        raise InputError(f"cannot read {path} as a file of MATLAB: {error}") from None
    missing = [name for name in _NEEDED if name not in content]
    if missing:
        raise InputError(f"{path} lacks {', '.join(missing)}: it is no base year of these authors")
    return {name: np.asarray(content[name], dtype=np.float64) for name in _NEEDED}


def _world(data: Mapping[str, Array], countries: int, sectors: int, name: str) -> World:
    value_added = data["B"].T
    inputs, notes = _inputs(data["G"], countries, sectors)
    names = (*TRADABLE, *NON_TRADABLE) if sectors == 40 else ("Tradable", "Non-tradable")
    return World.from_arrays(
        COUNTRIES, names,
        trade_share=_pairs(data["Din"], countries),
        expenditure=data["X0"].T,
        tariff=_pairs(data["tau"], countries) - 1,
        input_share=inputs * (1 - value_added)[:, :, None],
        value_added_share=value_added,
        final_share=data["alphas"].T,
        # Their Sn is exports less imports.
        deficit=-data["Sn"].ravel(),
        trade_elasticity=1 / data["T"].ravel(),
        settle=True, year=1993, currency="USD",
        unit=next((unit for end, unit in _UNITS.items() if name.endswith(end)), _UNIT),
        source=f"{_SOURCE}, file {name}",
        elasticity_source="Caliendo and Parro (2015), as in their file T",
        notes=notes,
    )  # fmt: skip


def _inputs(cells: Array, countries: int, sectors: int) -> tuple[Array, list[str]]:
    """Shares in materials, ``(country, using sector, input sector)``."""
    # Blocks of countries; rows are the inputs, columns the sectors that use them.
    blocks = cells.reshape(countries, sectors, sectors).transpose(0, 2, 1)
    notes = [
        f"Input share of {block[at]:.3g} in {COUNTRIES[n]} put at zero."
        for n, block in enumerate(blocks)
        for at in map(tuple, np.argwhere(block < 0))
    ]
    clean = np.maximum(blocks, 0.0)
    total = clean.sum(2, keepdims=True)
    return np.divide(clean, total, out=np.zeros_like(clean), where=total > 0), notes


def _pairs(cells: Array, countries: int) -> Array:
    """Blocks of sectors, rows importers, to ``(origin, destination, sector)``."""
    return cells.reshape(-1, countries, countries).transpose(2, 1, 0)


def _tariffs_2005(place: Path, countries: int, sectors: int) -> Array:
    path = next(
        (p for p in (place / "tariffs2005.txt", place.parent / "base" / "tariffs2005.txt")
         if p.is_file()), None,
    )  # fmt: skip
    if path is None:
        raise InputError(f"tariffs2005.txt is neither in {place} nor in a folder base beside it")
    try:
        cells = np.loadtxt(path)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from None
    if cells.shape != (len(TRADABLE) * countries, countries):
        raise InputError(
            f"{path} has {cells.shape} figures, not 20 blocks of 31 importers by 31 exporters"
        )
    traded = _pairs(cells, countries) / 100
    if sectors == 2:
        # Their one tariff of 1993 is the median over sectors; the one of 2005 is made like it.
        traded = np.median(traded, axis=2, keepdims=True)
    rest = np.zeros((countries, countries, sectors - traded.shape[2]))
    return np.concatenate([traded, rest], axis=2)
