"""Participation in global value chains: vertical specialisation and what refines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from boeki.errors import InputError

if TYPE_CHECKING:
    from boeki.world.table import Array, InputOutputTable


def import_content(table: InputOutputTable) -> Array:
    """Imported inputs in the exports of each sector, VS (Hummels, Ishii & Yi 2001, equation 3).

    Parameters
    ----------
    table
        National: VS = m (I − A)⁻¹ diag(e), m imported inputs per output.

    Returns
    -------
    ndarray
        ``(n,)``, by exporting sector.

    Raises
    ------
    InputError
        For a table of the world, whose foreign content is that of Borin and Mancini.
    """
    if table.exports is None or table.imported_inputs is None:
        raise InputError("VS of one economy wants its national table: give exports and imports")
    content = table.leontief.solve_left(table.per_output(table.imported_inputs))
    return np.asarray(content * table.exports)


def exported_by_others(table: InputOutputTable) -> Array:
    """Value added of each area in the exports of all others, VS1: Σ_{r≠s} v_s B_sr E_r*.

    Returns
    -------
    ndarray
        ``(areas,)``.

    Notes
    -----
    Hummels, Ishii and Yi (2001) define VS1; Koopman, Wang and Wei (2014), equation 41, give it as
    here.
    """
    origin, sales = table.leontief.origin, table.trade.sum(1)
    content = origin * sales
    own = np.array([content[at, table.rows(a)].sum() for at, a in enumerate(table.areas)])
    return np.asarray(content.sum(1) - own)
