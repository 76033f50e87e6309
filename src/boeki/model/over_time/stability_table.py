"""The flywheel's eigenvalues as a tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.answer import Answer, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.over_time.stability import Stability

_METHOD = Method(
    "Eigenvalues of the technology flywheel",
    "d log T̂′ = (1 − δ) d log T̂ + δ (κ d log(Ŷ/ŵ) + ε d log H), the static model answering",
    "Kucheryavyy, Lyn and Rodríguez-Clare (2023), American Economic Journal: Macroeconomics 15",
    "explanation/over-time.md",
)


def stability_table(found: Stability) -> Answer:
    """One row an eigenvalue: its modulus, and in how many periods a deviation halves."""
    rows: list[dict[str, Any]] = []
    for value in found.eigenvalues:
        size = float(abs(value))
        fades = 0 < size < 1
        rows.append(
            {
                "real": float(value.real), "imaginary": float(value.imag), "modulus": size,
                "half_life": float(np.log(0.5) / np.log(size)) if fades else None,
            }
        )  # fmt: skip
    columns = [
        Column("real", "eigenvalue, real part", "", 4),
        Column("imaginary", "imaginary part", "", 4),
        Column("modulus", "modulus", "", 4),
        Column("half_life", "half-life; none where it does not fade", "periods", 1),
    ]
    n, s = np.unravel_index(int(np.abs(found.mode).argmax()), found.mode.shape)
    world = found.world
    top = int(found.kappa.argmax())
    notes = (
        f"The slowest deviation is largest in {world.sectors[s]} of {world.countries[n]}.",
        f"κ = θψ is largest in {world.sectors[top]}: {found.kappa[top]:.2f}.",
        "Deviations fade: technology comes to rest." if found.at_rest else
        "A deviation grows: technology does not come to rest near here. Lower psi.",
    )  # fmt: skip
    return answer(
        f"The flywheel near the baseline{f' of {world.year}' if world.year else ''}", rows,
        columns, _METHOD, notes=notes,
        sources=[x for x in (world.source, world.elasticity_source) if x],
    )  # fmt: skip
