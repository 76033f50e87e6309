"""The current account as saving less investment, by sector."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, UnknownTerm
from boeki.explain.national_accounts import Accounts, Records, wide_accounts
from boeki.measure.levels.compare import reasons
from boeki.measure.levels.line import Line, bound

if TYPE_CHECKING:
    import pandas as pd

Shown = Literal["level", "gdp", "change"]
_SHOWN = {
    "level": "amounts",
    "gdp": "percent of GDP",
    "change": "change on the period before",
}
_METHOD = Method(
    "Saving–investment balance",
    "CA = Σ (S − I) over sectors + statistical discrepancy",
    "United Nations et al. (2009), System of National Accounts 2008, chapter 26; IMF (2009), BPM6, "
    "chapter 14",
    "explanation/growth-accounting.md",
)
_SAVING, _INVESTMENT, _GAP = "_saving", "_investment", "_gap"


def explain_saving_investment(
    table: Records | pd.DataFrame | Accounts,
    *,
    unit: str = "",
    shown: Shown = "level",
    start: str | None = None,
    end: str | None = None,
) -> Answer:
    """Explain a current account by what each sector saves and invests.

    Parameters
    ----------
    table
        One row a period: ``period``; for each sector either ``NAME_saving`` and
        ``NAME_investment`` (``private_saving``, ``public_investment`` …) or ``NAME_gap``, its
        saving less its investment; and, where they are known, ``current_account`` and ``gdp``.
        Saving is gross, with gross capital formation, or both net. Or series of a lake, as
        :func:`boeki.explain.national_accounts.lake_accounts` reads them.
    unit
        Currency of all of them.
    shown
        ``level``, ``gdp`` for percent of GDP, or ``change`` for the change on the period before.
    start, end
        First and last period.

    Returns
    -------
    Answer
        One row a period: saving, investment and gap of each sector, all sectors together, the
        current account and the discrepancy between the two, which together add up exactly.

    Raises
    ------
    InputError
        Where a sector has one half only, there is none, or GDP is missing or not above 0.
    """
    if shown not in _SHOWN:
        raise UnknownTerm("way to show a balance", shown, _SHOWN)
    accounts = table if isinstance(table, Accounts) else wide_accounts(table, unit)
    sectors = _sectors(accounts)
    if shown == "gdp" and "gdp" not in accounts.lines:
        raise InputError("percent of GDP needs the column gdp")
    whole = next(iter(accounts.lines.values()))
    months = _months(accounts, whole, start, end)
    rows = [_row(accounts, sectors, m, shown) for m in months]
    if shown == "change":
        rows = rows[1:] if len(rows) > 1 and accounts.months[0] == months[0] else rows
    external = "current_account" in accounts.lines
    drawn = tuple(f"{s}{_GAP}" for s in sectors) + (("discrepancy",) if external else ())
    return answer(
        f"Saving and investment by sector, {rows[0]['period']} to {rows[-1]['period']}, "
        f"{_SHOWN[shown]}",
        rows, _columns(accounts, sectors, unit, shown, any(r["note"] for r in rows)), _METHOD,
        about={"sectors": sectors, "shown": shown, "unit": unit}, notes=_notes(external),
        sources=accounts.sources, evidence=accounts.rows, published=accounts.published,
        chart=Chart("bars", "period", drawn),
    )  # fmt: skip


def _months(accounts: Accounts, whole: Line, start: str | None, end: str | None) -> list[int]:
    """First months of the periods of a span; a span may be of years where periods are quarters."""
    reporter = whole.about.get("reporter")
    first, last = (bound(p, reporter) for p in (start, end))
    found = [
        m for m in accounts.months
        if (first is None or m + whole.step > first.first) and (last is None or m <= last.last)
    ]  # fmt: skip
    if not found:
        raise InputError(
            f"there is no period from {start or '…'} to {end or '…'}: the table has "
            f"{whole.label(accounts.months[0])} to {whole.label(accounts.months[-1])}"
        )
    return found


def _sectors(accounts: Accounts) -> list[str]:
    found: dict[str, set[str]] = {}
    for name in accounts.lines:
        for ending in (_SAVING, _INVESTMENT, _GAP):
            if name.endswith(ending) and name != ending:
                found.setdefault(name.removesuffix(ending), set()).add(ending)
                break
        else:
            if name not in ("current_account", "gdp"):
                raise InputError(
                    f"what is the column {name}? Sectors end in _saving, _investment or _gap; "
                    "besides there are current_account and gdp"
                )
    for sector, halves in found.items():
        if halves not in ({_SAVING, _INVESTMENT}, {_GAP}):
            raise InputError(f"{sector} needs {sector}_saving and {sector}_investment, or its gap")
    if not found:
        raise InputError("the table has no sector: name columns private_saving, private_investment")
    return list(found)


def _row(accounts: Accounts, sectors: Sequence[str], month: int, shown: str) -> dict[str, Any]:
    step = next(iter(accounts.lines.values())).step
    now = _cells(accounts, sectors, month)
    why = {k: "missing" for k, v in now.items() if v is None}
    if shown == "change":
        past = _cells(accounts, sectors, month - step)
        why = {k: "missing in one of the two periods" for k in now if None in (now[k], past[k])}
        now = {k: None if k in why else v - past[k] for k, v in now.items()}  # type: ignore[operator]
    elif shown == "gdp":
        gdp = accounts.get("gdp", month)
        if gdp is None or gdp <= 0:
            raise InputError(f"GDP is missing or not above 0 in {accounts.label(month)}")
        now = {k: None if v is None else float(v / gdp * 100) for k, v in now.items()}  # type: ignore[misc]
    return {"period": accounts.label(month), **now, "note": reasons(why)}


def _cells(accounts: Accounts, sectors: Sequence[str], month: int) -> dict[str, Decimal | None]:
    """Saving, investment and gap of each sector, their sums, and what they leave."""
    out: dict[str, Decimal | None] = {}
    for sector in sectors:
        if f"{sector}{_GAP}" in accounts.lines:
            out[f"{sector}{_GAP}"] = accounts.get(f"{sector}{_GAP}", month)
            continue
        saving, investment = (
            accounts.get(f"{sector}{half}", month) for half in (_SAVING, _INVESTMENT)
        )
        out[f"{sector}{_SAVING}"], out[f"{sector}{_INVESTMENT}"] = saving, investment
        known = saving is not None and investment is not None
        out[f"{sector}{_GAP}"] = saving - investment if known else None  # type: ignore[operator]
    gaps = [out[f"{s}{_GAP}"] for s in sectors]
    total = None if None in gaps else sum((g for g in gaps if g is not None), Decimal(0))
    out["gap"] = total
    if "current_account" in accounts.lines:
        external = accounts.get("current_account", month)
        known = external is not None and total is not None
        out["discrepancy"] = external - total if known else None  # type: ignore[operator]
        out["current_account"] = external
    return out


def _columns(
    accounts: Accounts, sectors: Sequence[str], unit: str, shown: str, noted: bool
) -> list[Column]:
    measured = "%" if shown == "gdp" else unit
    names = list(_cells(accounts, sectors, accounts.months[0]))
    words = {
        "gap": "Saving less investment, all sectors",
        "discrepancy": "Current account less the sectors' gaps",
        "current_account": "Current account",
    }

    def described(name: str) -> Column:
        said = words.get(name) or name.replace("_gap", ": saving less investment")
        text = said.replace("_", " ")
        return Column(name, text[0].upper() + text[1:], measured)

    return [
        Column("period", "Period"),
        *map(described, names),
        Column("note", "Why something is null", shown=noted),
    ]


def _notes(external: bool) -> list[str]:
    said = "An identity: it says who saves and invests, not who causes whose deficit."
    if external:
        return [
            said,
            "The discrepancy is what national accounts and balance of payments differ by.",
        ]
    return [said, "No current account was given: the sum of the gaps stands for it."]
