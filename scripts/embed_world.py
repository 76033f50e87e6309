"""Make the small world that the package embeds: 16 regions, 16 sectors, the year 2014.

From ``../shared/data``: KITE's initial conditions (World Input-Output Database, 2016 release, year
2014, with tariffs), and exports and imports of machines for making semiconductors (HS 848620) by
country in 2016, the first year at hand, from UN Comtrade. ``scripts/world`` holds what people
entered: the groups, and SEMI's billings by region of installation in 2014 and 2016.

Who sells how much semiconductor equipment to whom is not at hand for all countries. The flows are
those nearest, in cross-entropy, to trade in machinery that come to each country's exports and
imports. Home sales are SEMI's billings less imports, where they are more.

Run without arguments to write, with ``--check`` to see whether what stands in the package is what
would be written.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from boeki.errors import InputError
from boeki.world import World, elasticities, read_kite, read_world, zoom
from boeki.world.cross_entropy import bounded_ras

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "data"
KITE = SHARED / "mrio" / "kite_wiod2014" / "kite_wiod2014.npz"
COMTRADE = SHARED / "comtrade" / "comtrade_2021-08-16.csv"
ENTERED = ROOT / "scripts" / "world"
OUT = ROOT / "src" / "boeki" / "data" / "world.parquet"

HS6, YEAR, MACHINERY, PRODUCT = 848620, 2016, "C19", "semiconductor_equipment"
#: Comtrade's name of Taiwan, and what of WIOD's countries it does not name by ISO code.
TAIWAN = "Other Asia, nes"
#: SEMI's regions; of the other regions of the world home sales are by proxy.
EUROPE = (
    "AUT BEL BGR CHE CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD "
    "NOR POL PRT ROU SVK SVN SWE"
)
SERVICES_THETA = 5.0
#: How much of a flow of machinery may be semiconductor equipment: some other is sold too.
MOST = 0.9
#: Two makings of the same world may differ by rounding of another machine.
CLOSE = 1e-9

Array = NDArray[np.float64]


def main() -> int:
    """Write the world, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    checking = parser.parse_args().check
    if not KITE.is_file() or not COMTRADE.is_file():
        print("the tables (../shared) are not here; nothing was made or compared")
        return 0 if checking else 1
    world = made()
    if not checking:
        world.write(OUT)
        return 0
    try:
        same = alike(read_world(OUT), world)
    except InputError:
        same = False
    if not same:
        print(f"{OUT.relative_to(ROOT)} is not what scripts/embed_world.py makes; run it")
    return 0 if same else 1


def alike(one: World, other: World) -> bool:
    """Whether two worlds are the same up to rounding."""
    names = ("trade_share", "expenditure", "tariff", "input_share", "final_share")
    return (
        (one.countries, one.sectors, one.notes) == (other.countries, other.sectors, other.notes)
        and all(
            np.allclose(getattr(one, n), getattr(other, n), rtol=CLOSE, atol=CLOSE) for n in names
        )
        and np.allclose(one.trade_elasticity, other.trade_elasticity, rtol=CLOSE)
    )


def made() -> World:
    """The world, from its sources."""
    whole = without_home_tariffs(read_kite(KITE))
    fine = zoom(whole, MACHINERY, PRODUCT, product_trade(whole), users={"final": 1.0, "*": 0.0})
    small = fine.aggregate(countries=groups("regions.csv"), sectors=groups("sectors.csv"))
    theta = elasticities("fontagne_2022", small.sectors, others=SERVICES_THETA)
    small = ordered(small, [r["region"] for r in rows("regions.csv")])
    return World(
        **{name: getattr(small, name) for name in ARRAYS},
        countries=small.countries, sectors=small.sectors,
        trade_elasticity=theta.trade_elasticity, scale_elasticity=0 * theta.trade_elasticity,
        year=2014, currency="USD", unit=1e6,
        source=(
            "World Input-Output Database, 2016 release, year 2014 (Timmer, Dietzenbacher, Los, "
            "Stehrer and de Vries 2015, Review of International Economics 23, 575–605), with "
            "tariffs, as in the initial conditions of KITE (Hinz et al.), aggregated by "
            "scripts/embed_world.py; UN Comtrade, HS 848620, 2016; SEMI/SEAJ, equipment billings "
            "by region, 2014 and 2016"
        ),
        elasticity_source=(
            f"{theta.source}; services {SERVICES_THETA:g} as in Lashkaripour (2021); "
            "semiconductor equipment as machinery"
        ),
        notes=NOTES,
    )  # fmt: skip


def without_home_tariffs(world: World) -> World:
    """KITE's rest of the world pays up to 18 % on all that it makes itself: nothing here."""
    tariff = world.tariff * (1 - np.eye(len(world.countries)))[:, :, None]
    return World.from_arrays(
        world.countries, world.sectors, trade_share=world.trade_share,
        expenditure=world.expenditure, tariff=tariff, input_share=world.input_share,
        value_added_share=world.value_added_share, final_share=world.final_share,
        deficit=world.deficit, trade_elasticity=world.trade_elasticity, settle=True,
        unit=world.unit,
    )  # fmt: skip


ARRAYS = (
    "trade_share", "expenditure", "tariff", "value_added_share", "input_share", "final_share",
    "deficit",
)  # fmt: skip
NOTES = (
    "Expenditure follows from KITE's shares and balances, since its accounts are off by up to a "
    "per cent.",
    "Tariffs of aggregates are revenue over trade; those between members of ROW stay as tariffs on "
    "home sales. KITE's tariffs of its rest of the world on its own goods were put at zero.",
    "semiconductor_equipment is HS 848620 (machines for making semiconductor devices and circuits) "
    "split out of machinery. Exports and imports by country are those of 2016 (UN Comtrade), the "
    "first year at hand, brought to 2014 by SEMI's billings by region of installation. Between "
    "whom is a proxy: the flows nearest in cross-entropy to trade in machinery that come to these "
    "totals, none above 90 % of it.",
    "Home sales of semiconductor_equipment are SEMI's billings by region of installation less "
    "imports, dealt out within North America and Europe by exports; billings cover equipment of "
    "other codes too. None in the rest of the world, where imports are more.",
    "Proxies for semiconductor_equipment: all goes to final use (investment) as far as final use "
    "of machinery reaches; value added and inputs a unit of output as in machinery.",
)


def ordered(world: World, countries: list[str]) -> World:
    """The same world with its countries in another order."""
    at = [world.country(name) for name in countries]
    two = np.ix_(at, at)
    return World(
        countries=tuple(countries), sectors=world.sectors, trade_share=world.trade_share[two],
        expenditure=world.expenditure[at], tariff=world.tariff[two],
        value_added_share=world.value_added_share[at], input_share=world.input_share[at],
        final_share=world.final_share[at], deficit=world.deficit[at],
        trade_elasticity=world.trade_elasticity, scale_elasticity=world.scale_elasticity,
    )  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    """A table that was entered."""
    with (ENTERED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def groups(name: str) -> dict[str, list[str]]:
    """Aggregate to its members."""
    out = {}
    for row in rows(name):
        members = row["members"].split()
        if len(members) == 3 and members[1] == "to":
            first, last = (int(m[1:]) for m in (members[0], members[2]))
            members = [f"C{i:02}" for i in range(first, last + 1)]
        out[next(iter(row.values()))] = members
    return out


def product_trade(world: World) -> pd.DataFrame:
    """Flows of the product between all countries of the table, home sales included, in dollars."""
    exports, imports = (totals(world, flow) for flow in ("Export", "Import"))
    growth, installed = spending(world)
    home = np.maximum(installed - imports_of_regions(world, imports), 0.0)
    wanted = imports * growth
    sold = exports * wanted.sum() / imports.sum()
    machinery = world.trade[:, :, world.sector(MACHINERY)] * world.unit
    abroad = machinery * (1 - np.eye(len(machinery)))
    flows = bounded_ras(abroad, MOST * abroad, sold, wanted * exports.sum() / imports.sum())
    np.fill_diagonal(flows, home * growth * share_of_region(world, exports))
    names = world.countries
    return pd.DataFrame(
        [(o, d, flows[i, j]) for i, o in enumerate(names) for j, d in enumerate(names)],
        columns=["origin", "destination", "value"],
    )


def totals(world: World, flow: str) -> Array:
    """Exports or imports of the product by country of the table, in dollars."""
    data = pd.read_csv(COMTRADE)
    mine = data[
        (data["Commodity Code"] == HS6) & (data["Year"] == YEAR) & (data["Trade Flow"] == flow)
    ]
    out = np.zeros(len(world.countries))
    for code, name, value in zip(
        mine["Reporter ISO"], mine["Reporter"], mine["Trade Value (US$)"], strict=True
    ):
        area = "TWN" if name == TAIWAN else str(code)
        out[world.country(area if area in world.countries else "ROW")] += value
    return out


def members(world: World) -> dict[str, list[int]]:
    """SEMI's regions: places of their countries; all that is in no other is the rest."""
    named = {
        "KOR": ["KOR"], "TWN": ["TWN"], "CHN": ["CHN"], "JPN": ["JPN"],
        "NORTH AMERICA": ["USA", "CAN", "MEX"], "EUROPE": EUROPE.split(),
    }  # fmt: skip
    out = {region: [world.country(c) for c in names] for region, names in named.items()}
    rest = set(range(len(world.countries))) - {n for at in out.values() for n in at}
    return out | {"REST OF WORLD": sorted(rest)}


def spending(world: World) -> tuple[Array, Array]:
    """Billings of 2014 over those of 2016, and those of 2016 in dollars, by country's region."""
    table = {r["region"]: r for r in rows("semi_installed.csv")}
    later = {region: float(r["y2016"]) for region, r in table.items()}
    known = {region: float(r["y2014"]) for region, r in table.items() if r["y2014"]}
    total = known.pop("WORLD")
    lacking = [region for region in later if region not in {*known, "WORLD"}]
    rest = (total - sum(known.values())) / sum(later[region] for region in lacking)
    growth, installed = np.empty(len(world.countries)), np.empty(len(world.countries))
    for region, at in members(world).items():
        growth[at] = known[region] / later[region] if region in known else rest
        installed[at] = 1e9 * later[region]
    return growth, installed


def imports_of_regions(world: World, imports: Array) -> Array:
    """Of each country: imports of its region."""
    out = np.empty_like(imports)
    for at in members(world).values():
        out[at] = imports[at].sum()
    return out


def share_of_region(world: World, exports: Array) -> Array:
    """Of each country: its share in exports of its region."""
    return exports / imports_of_regions(world, exports)


if __name__ == "__main__":
    raise SystemExit(main())
