"""National tables, whose rows may hold imports too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from boeki.errors import InputError
from boeki.world.build import input_output_table
from boeki.world.table import InputOutputTable


def national_table(
    intermediate: ArrayLike,
    final: ArrayLike,
    exports: ArrayLike,
    imports: ArrayLike,
    *,
    area: str,
    sectors: Sequence[str],
    **options: Any,
) -> InputOutputTable:
    """Make a national table of flows that are domestic and imported together.

    Imports of each product are dealt out to its uses at home in proportion to them, and exports
    are taken to be made at home: the import proportionality assumption.

    Parameters
    ----------
    intermediate, final
        Use of each product, domestic and imported: ``(n, n)`` and ``(n, m)``.
    exports, imports
        By product, ``(n,)``, both positive.
    area, sectors
        The economy, and its n sectors.
    options
        Of :func:`boeki.world.input_output_table`. ``output``, where given, is that of the sectors:
        use at home plus exports less imports.

    Returns
    -------
    InputOutputTable
        With domestic flows, exports and imported inputs by using sector.

    Raises
    ------
    InputError
        For imports below zero, or larger than use at home.

    Notes
    -----
    Miller, R. E. and P. D. Blair (2009), Input–Output Analysis, section 4.7; OECD (2021), guide to
    the Trade in Value Added indicators.
    """
    z, f = np.asarray(intermediate, dtype=float), np.asarray(final, dtype=float)
    out, come = np.asarray(exports, dtype=float), np.asarray(imports, dtype=float)
    used = z.sum(1) + f.sum(1)
    if come.shape != used.shape or out.shape != used.shape:
        raise InputError(f"exports and imports want {len(used)} figures each, one for a product")
    if (come < 0).any():
        raise InputError("imports are below zero: give them as positive figures")
    over = np.flatnonzero(come > used * (1 + 1e-9))
    if over.size:
        names = ", ".join(str(sectors[i]) for i in over[:5])
        raise InputError(
            f"imports exceed use at home of {names}: they are re-exported, and exports are not all "
            "made at home. Take re-exports out of both"
        )
    share = np.divide(come, used, out=np.zeros_like(used), where=used > 0)[:, None]
    said = "Imports are dealt out to uses at home in proportion (import proportionality)."
    notes = [*options.pop("notes", ()), said]
    return input_output_table(
        z * (1 - share), f * (1 - share), areas=[area], sectors=sectors, exports=out,
        imported_inputs=(z * share).sum(0), notes=notes, **options,
    )  # fmt: skip
