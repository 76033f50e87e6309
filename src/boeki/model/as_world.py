"""An equilibrium as a baseline of its own: where the next counterfactual begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from boeki.errors import InputError
from boeki.world.world import World

if TYPE_CHECKING:
    from boeki.model.equilibrium import Equilibrium


def as_world(equilibrium: Equilibrium) -> World:
    """The world of an equilibrium: its shares, spending, tariffs and deficits.

    Raises
    ------
    InputError
        Where exports or production are taxed: a world has no place for them.
    """
    problem, world = equilibrium.solution.problem, equilibrium.world
    if problem.taxes_exports or problem.taxes_production:
        raise InputError(
            "this equilibrium has taxes on exports or production, or licences: as a baseline it "
            "would lose them. Simulate all shocks together instead"
        )
    tariff = np.divide(
        problem.reach, problem.landed, out=np.ones_like(problem.reach), where=problem.landed > 0
    )
    sectors = len(world.sectors)
    tariff = np.where(problem.landed[:sectors] > 0, tariff[:sectors] - 1, problem.base.tariff)
    uses: dict[str, Any] = {}
    if world.by_use:
        share = _shares(equilibrium)
        uses = {
            "input_trade_share": share[:, :, :sectors], "final_trade_share": share[:, :, sectors:]
        }  # fmt: skip
    return World.from_arrays(
        world.countries, world.sectors,
        trade_share=equilibrium.trade_share, expenditure=equilibrium.expenditure,
        tariff=tariff.transpose(2, 1, 0), input_share=problem.input_share,
        value_added_share=problem.value_added_share.T, final_share=problem.final_share.T,
        deficit=equilibrium.deficit, trade_elasticity=world.trade_elasticity,
        scale_elasticity=problem.psi, **uses, settle=True,
        year=world.year, currency=world.currency, unit=world.unit, source=world.source,
        elasticity_source=world.elasticity_source,
        notes=(*world.notes, f"after: {equilibrium.title}"),
    )  # fmt: skip


def _shares(equilibrium: Equilibrium) -> Any:
    from boeki.model.linearised import linearise

    at = linearise(equilibrium.solution.problem, equilibrium.solution.point)
    share = at.reach * at.goods[:, None, :] / at.flows.index[:, :, None]
    return share.transpose(2, 1, 0)
