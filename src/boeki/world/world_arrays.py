"""A world of plain arrays: what was not given is worked out, what does not add up is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from boeki.errors import InputError, IntegrityError
from boeki.world.settle import Accounts, settled
from boeki.world.world import World
from boeki.world.world_checks import check_signs, gap_words, refuse, shaped

Array: TypeAlias = NDArray[np.float64]

#: Rounding that is settled without looking for more.
_EXACT = 1e-14


@dataclass(frozen=True)
class Given:
    """What the caller gave, as :meth:`boeki.world.World.from_arrays` names it."""

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    trade: Any
    trade_share: Any
    expenditure: Any
    tariff: Any
    input_share: Any
    value_added_share: Any
    final_share: Any
    deficit: Any
    trade_elasticity: Any
    scale_elasticity: Any
    input_trade_share: Any
    final_trade_share: Any


@dataclass
class _Parts:
    """The same, in full shapes and without gaps; None where not given."""

    trade: Array | None
    trade_share: Array | None
    expenditure: Array | None
    tariff: Array
    input_share: Array | None
    value_added_share: Array | None
    final_share: Array | None
    deficit: Array | None
    trade_elasticity: Array
    scale_elasticity: Array
    input_trade_share: Array | None
    final_trade_share: Array | None


def world_of(given: Given, about: Mapping[str, Any], *, settle: bool, tolerance: float) -> World:
    """The world that arrays describe.

    Raises
    ------
    InputError, IntegrityError
        Naming country and sector.
    """
    names = given.countries, given.sectors
    filled: dict[str, Any] = {
        name: None if value is None else shaped(name, value, *names)
        for name, value in vars(given).items()
        if name not in {"countries", "sectors"}
    }
    parts = _Parts(**filled)
    check_signs(parts, *names)
    value_added, inputs = _cost_shares(parts, names)
    share, spent = _sales(parts, names)
    _spends(spent, names)
    uses = _by_use(parts, share)
    accounts = Accounts(
        trade_share=share, expenditure=spent, tariff=parts.tariff, value_added_share=value_added,
        input_share=inputs, final_share=np.zeros_like(spent), deficit=np.zeros(len(names[0])),
        input_trade_share=uses[0], final_trade_share=uses[1],
    )  # fmt: skip
    accounts.deficit = _deficit(parts, accounts, names, tolerance)
    accounts.final_share, clipped = _final(parts, accounts, names, settle, tolerance)
    notes = _settle(accounts, names, settle, tolerance, clipped)
    return World(
        countries=names[0], sectors=names[1], **vars(accounts),
        trade_elasticity=parts.trade_elasticity, scale_elasticity=parts.scale_elasticity,
        **{**about, "notes": (*about.get("notes", ()), *notes)},
    )  # fmt: skip


_Names = tuple[tuple[str, ...], tuple[str, ...]]


def _cost_shares(parts: _Parts, names: _Names) -> tuple[Array, Array]:
    shape = len(names[0]), len(names[1])
    inputs = parts.input_share
    if inputs is None:
        inputs = np.zeros((*shape, shape[1]))
    left = 1 - inputs.sum(2)
    refuse(
        "value_added_share", left < -1e-8, *names, "would be negative: input_share sums to more "
        "than 1 in",
    )  # fmt: skip
    value_added = parts.value_added_share
    if value_added is None:
        return np.maximum(left, 0.0), inputs
    off = np.abs(value_added - left)
    if off.max() > 1e-6:
        n, s = np.unravel_index(int(off.argmax()), off.shape)
        raise IntegrityError(
            f"value_added_share and input_share sum to {1 + (value_added - left)[n, s]:.6g} in "
            f"{names[0][n]}, {names[1][s]}, not to 1: both are shares of gross output"
        )
    total = value_added + inputs.sum(2)
    return value_added / total, inputs / total[:, :, None]


def _sales(parts: _Parts, names: _Names) -> tuple[Array, Array]:
    """Trade shares and expenditure; what nobody buys is bought at home, at a share of one."""
    if parts.trade is not None:
        if parts.trade_share is not None or parts.expenditure is not None:
            raise InputError("give trade, or trade_share with expenditure, not both")
        paid = parts.trade * (1 + parts.tariff)
        spent = paid.sum(0)
        return _normalised(paid, spent), spent
    if parts.trade_share is None or parts.expenditure is None:
        raise InputError("give trade, or trade_share together with expenditure")
    total = parts.trade_share.sum(0)
    bad = (np.abs(total - 1) > 1e-6) & ((parts.expenditure > 0) | (total > 0))
    if bad.any():
        n, s = np.argwhere(bad)[0]
        raise IntegrityError(
            f"trade_share: the shares of all origins in what {names[0][n]} spends on "
            f"{names[1][s]} sum to {total[n, s]:.6g}, not to 1"
        )
    return _normalised(parts.trade_share, total), parts.expenditure


def _spends(spent: Array, names: _Names) -> None:
    total = spent.sum(1)
    if (total <= 0).any():
        raise InputError(
            f"{names[0][int(total.argmin())]} spends nothing on any sector: leave it out"
        )


def _normalised(paid: Array, total: Array) -> Array:
    share = np.divide(paid, total, out=np.zeros_like(paid), where=total > 0)
    n, s = np.nonzero(total <= 0)
    share[n, n, s] = 1.0
    return share


def _by_use(parts: _Parts, share: Array) -> tuple[Array | None, Array | None]:
    if parts.input_trade_share is None or parts.final_trade_share is None:
        return parts.input_trade_share, parts.final_trade_share
    return (
        _normalised(parts.input_trade_share, parts.input_trade_share.sum(0)),
        _normalised(parts.final_trade_share, parts.final_trade_share.sum(0)),
    )


def _deficit(parts: _Parts, accounts: Accounts, names: _Names, tolerance: float) -> Array:
    trade = accounts.trade
    if parts.deficit is None:
        return np.asarray(trade.sum((0, 2)) - trade.sum((1, 2)))
    world = accounts.expenditure.sum()
    gap = parts.deficit.sum()
    if abs(gap) > tolerance * world:
        raise IntegrityError(
            f"deficits sum to {gap:.6g}, not to 0: what some countries receive others must pay; "
            "leave deficit out to take it from the trade"
        )
    # Rounding is spread by size, so that none is left for the model to find.
    return np.asarray(parts.deficit - gap * accounts.expenditure.sum(1) / world)


def _final(
    parts: _Parts, accounts: Accounts, names: _Names, settle: bool, tolerance: float
) -> tuple[Array, list[str]]:
    if parts.final_share is not None:
        total = parts.final_share.sum(1)
        if np.abs(total - 1).max() > 1e-6:
            n = int(np.abs(total - 1).argmax())
            raise IntegrityError(f"final_share sums to {total[n]:.6g} in {names[0][n]}, not to 1")
        return parts.final_share / total[:, None], []
    final = accounts.expenditure - accounts.input_expenditure
    size = accounts.expenditure.sum(1)
    low = final / size[:, None]
    notes = []
    if low.min() < -tolerance:
        n, s = divmod(int(low.argmin()), len(names[1]))
        words = (
            f"inputs come to more than all that {names[0][n]} spends on {names[1][s]}: final "
            f"spending would be {final[n, s]:.6g}"
        )
        if not settle:
            raise IntegrityError(
                f"{words}; mend the figures, or settle=True to put it at zero and let expenditure "
                "follow"
            )
        count = int((low < -tolerance).sum())
        notes.append(f"{words}; put at zero here" + (f" and {count - 1} times more" * (count > 1)))
    final = np.maximum(final, 0.0)
    total = final.sum(1)
    if (total <= 0).any():
        n = int(total.argmin())
        raise InputError(f"{names[0][n]} has no final spending in any sector: leave it out")
    return final / total[:, None], notes


def _settle(
    accounts: Accounts, names: _Names, settle: bool, tolerance: float, notes: list[str]
) -> list[str]:
    size = accounts.expenditure.sum(1)[:, None]
    gap = accounts.gap / size
    worst = int(np.abs(gap).argmax())
    n, s = divmod(worst, len(names[1]))
    off = float(gap[n, s])
    if abs(off) <= _EXACT:
        return notes
    if abs(off) > tolerance and not settle:
        raise IntegrityError(gap_words(names[0][n], names[1][s], off))
    if (accounts.income <= 0).any():
        low = int(accounts.income.argmin())
        raise InputError(
            f"{names[0][low]} would have no income left: its deficit is {accounts.deficit[low]:.6g}"
        )
    before = accounts.expenditure
    settled(accounts)
    moved = (accounts.expenditure - before) / size
    if np.abs(moved).max() > tolerance:
        n, s = divmod(int(np.abs(moved).argmax()), len(names[1]))
        notes.append(
            f"expenditure settled with all shares held: it moved most in {names[0][n]}, "
            f"{names[1][s]}, by {100 * moved[n, s]:+.3g} % of what the country spends"
        )
    return notes
