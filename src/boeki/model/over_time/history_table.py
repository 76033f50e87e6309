"""How near forecasts of market shares came, as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boeki.answer import Answer, Chart, Column, Method, answer

if TYPE_CHECKING:
    from boeki.model.over_time.history import History

_METHOD = Method(
    "Validation on history",
    "shares in world exports by country and sector, forecast from the first year with the growth "
    "of countries known, against those of the second",
    "Kehoe, Pujolàs and Rossbach (2017), Annual Review of Economics 9, on testing trade models",
    "questions/history.md",
)


def history_table(found: History) -> Answer:
    """One row a forecast, the nearest first."""
    rows = [
        {
            "forecast": name, "error": one.error, "weighted": one.weighted, "rmse": one.rmse,
            "weighted_rmse": one.weighted_rmse, "correlation": one.correlation,
            "direction": None if one.direction is None else 100 * one.direction,
        }
        for name, one in sorted(found.scores.items(), key=lambda item: item[1].error)
    ]  # fmt: skip
    columns = [
        Column("forecast", "forecast"),
        Column("error", "mean absolute error", "pp", 3),
        Column("weighted", "weighted by trade", "pp", 3),
        Column("rmse", "root mean square", "pp", 3),
        Column("weighted_rmse", "root mean square, weighted", "pp", 3),
        Column("correlation", "rank correlation of changes", "", 3),
        Column("direction", "directions right", "%", 1),
    ]
    return _answer(found, "scores", rows, columns, Chart("ranking", "forecast", ("error",)))


def history_sectors(found: History) -> Answer:
    """One row a sector and forecast."""
    after, before = found.after, found.before.market_share
    traded = after.exports_by_sector.sum(0)
    rows: list[dict[str, Any]] = []
    for s, sector in enumerate(after.sectors):
        if traded[s] <= 0:
            continue
        for name, made in found.forecasts.items():
            gap = abs(made[:, s] - after.market_share[:, s])
            rows.append(
                {
                    "sector": sector, "forecast": name, "error": 100 * float(gap.mean()),
                    "change": 100 * float(abs(after.market_share - before)[:, s].mean()),
                    "part": 100 * float(traded[s] / traded.sum()),
                }
            )  # fmt: skip
    columns = [
        Column("sector", "sector"),
        Column("forecast", "forecast"),
        Column("error", "mean absolute error", "pp", 3),
        Column("change", "mean absolute change that came", "pp", 3),
        Column("part", "part in world trade", "%", 1),
    ]
    return _answer(found, "by sector", rows, columns, None)


def history_countries(found: History) -> Answer:
    """One row a country and forecast."""
    after, before = found.after, found.before.market_share
    traded = after.exports_by_sector
    rows: list[dict[str, Any]] = []
    for n, country in enumerate(after.countries):
        for name, made in found.forecasts.items():
            gap = abs(made[n] - after.market_share[n])
            rows.append(
                {
                    "country": country, "forecast": name, "error": 100 * float(gap.mean()),
                    "change": 100 * float(abs(after.market_share - before)[n].mean()),
                    "part": 100 * float(traded[n].sum() / traded.sum()),
                }
            )  # fmt: skip
    columns = [
        Column("country", "country"),
        Column("forecast", "forecast"),
        Column("error", "mean absolute error", "pp", 3),
        Column("change", "mean absolute change that came", "pp", 3),
        Column("part", "part in world trade", "%", 1),
    ]
    return _answer(found, "by country", rows, columns, None)


def _answer(
    found: History, what: str, rows: list[dict[str, Any]], columns: list[Column],
    chart: Chart | None,
) -> Answer:  # fmt: skip
    before, after = found.before, found.after
    return answer(
        f"Market shares of {after.year} from {before.year}: {what}", rows, columns, _METHOD,
        about={"from": before.year, "to": after.year},
        notes=("Sectors with less than a ten thousandth of world trade are not counted.",),
        sources=[x for x in (before.source, after.source, before.elasticity_source) if x],
        chart=chart,
    )  # fmt: skip
