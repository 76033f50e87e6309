"""Simpler readings of a world: without inputs, of one sector, with one trade share for all uses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from boeki.world.world import World


def common_shares(world: World) -> World:
    """The world with one trade share for inputs and final use: their average."""
    return replace(world, input_trade_share=None, final_trade_share=None)


def without_inputs(world: World) -> World:
    """The world with all sales final and all output value added; trade and spending as they are."""
    shape = world.expenditure.shape
    return World.from_arrays(
        world.countries, world.sectors, trade_share=world.trade_share,
        expenditure=world.expenditure, tariff=world.tariff, value_added_share=np.ones(shape),
        trade_elasticity=world.trade_elasticity, scale_elasticity=world.scale_elasticity,
        year=world.year, currency=world.currency, unit=world.unit, source=world.source,
        elasticity_source=world.elasticity_source,
        notes=(*world.notes, "without inputs: all sales are final, all output is value added"),
    )  # fmt: skip


def one_sector_world(world: World, trade_elasticity: float | None = None) -> World:
    """The world with all sectors put into one.

    Parameters
    ----------
    world
        Of several sectors.
    trade_elasticity
        θ of the one; left out, the mean of the sectors' by their trade between countries.
    """
    trade = world.trade
    away = trade.sum((0, 1)) - np.einsum("nns->s", trade)
    weight = away / away.sum() if away.sum() > 0 else np.full(away.size, 1 / away.size)
    theta = float(weight @ world.trade_elasticity) if trade_elasticity is None else trade_elasticity
    paid, flow = (world.trade_share * world.expenditure).sum(2), trade.sum(2)
    tariff = np.divide(paid, flow, out=np.ones_like(paid), where=flow > 0) - 1
    output = world.output
    made = (world.value_added_share * output).sum(1) / output.sum(1)
    return World.from_arrays(
        world.countries, ("all",), trade=flow[:, :, None], tariff=tariff[:, :, None],
        value_added_share=made[:, None], input_share=(1 - made)[:, None, None],
        trade_elasticity=theta, scale_elasticity=float(weight @ world.scale_elasticity),
        year=world.year, currency=world.currency, unit=world.unit, source=world.source,
        elasticity_source=world.elasticity_source, notes=(*world.notes, "all sectors put into one"),
    )  # fmt: skip
