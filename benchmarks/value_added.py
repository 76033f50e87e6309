"""Value added in trade: boeki beside NumPy's inverse with textbook products, and beside pymrio.

    python benchmarks/value_added.py [--world FILE.npz ...] [--sizes 41x35 81x45] [--repeat 3]

Each contender runs in a process of its own, with as many threads for linear algebra as there are
cores. Without ``--world`` tables are generated. Times are the best of the repeats, reading left
out; memory is the peak of the process less what it held before the computation, in tables (n × n
float64).

- ``boeki``: for all exporters, the value added of each area in their exports, value-added exports
  to each area, the terms of Borin and Mancini, and the nine terms of Koopman, Wang and Wei.
- ``numpy``: the same, with ``np.linalg.inv(I − A)`` and the formulas as the papers write them,
  but for the terms of Koopman, Wang and Wei.
- ``pymrio``: ``calc_all`` with value added as extension: A, the inverse, multipliers and value
  added embodied in consumption, exports and imports. It has no decomposition of exports.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

CONTENDERS = ("boeki", "numpy", "pymrio")


def generated(areas: int, sectors: int) -> dict[str, object]:
    """A dense random table whose value added is a tenth to nine tenths of output."""
    draw = np.random.default_rng(20240)
    n = areas * sectors
    z = draw.random((n, n))
    # Most inputs are bought at home.
    for s in range(areas):
        own = slice(s * sectors, (s + 1) * sectors)
        z[own, own] *= 10 * areas
    a = z * (draw.uniform(0.1, 0.9, n) / z.sum(0))
    y = draw.random((n, areas)) * 10
    x = np.linalg.solve(np.eye(n) - a, y.sum(1))
    return {"Z": a * x, "F": y, "x": x, "areas": areas, "sectors": sectors}


def loaded(path: Path) -> dict[str, object]:
    """A saved table, its gaps booked as final use at home like boeki does."""
    with np.load(path) as data:
        z, f, x = (data[k].astype(float) for k in "ZFx")
        areas = len(data["countries"])
    y = f.reshape(len(x), areas, -1).sum(2)
    sectors = len(x) // areas
    y[np.arange(len(x)), np.arange(len(x)) // sectors] += x - z.sum(1) - y.sum(1)
    return {"Z": z, "F": y, "x": x, "areas": areas, "sectors": sectors}


def boeki(data: dict) -> dict[str, float]:
    from boeki.explain.value_added import borin_mancini as bm
    from boeki.explain.value_added.johnson_noguera import value_added_absorbed
    from boeki.explain.value_added.koopman_wang_wei import nine_terms
    from boeki.world import input_output_table

    table = input_output_table(
        data["Z"], data["F"], output=data["x"], tolerance=1.0,
        areas=[f"A{i}" for i in range(data["areas"])],
        sectors=[f"s{i}" for i in range(data["sectors"])],
    )  # fmt: skip
    exports = table.trade.sum(1)
    origin = np.add.reduceat(table.leontief.origin * exports, table.starts, axis=1)
    vax = np.add.reduceat(value_added_absorbed(table), table.starts, axis=0)
    found = [bm.terms(table, s) for s in table.areas]
    for s in table.areas:
        nine_terms(table, s)
    return {
        "origin": float(origin[0, 0]), "vax": float(vax[0, 1]),
        "dva": sum(float(t.dva.sum()) for t in found),
        "fva": sum(float(t.fva.sum()) for t in found),
    }  # fmt: skip


def numpy(data: dict) -> dict[str, float]:
    z, y, x, g, m = (data[k] for k in ("Z", "F", "x", "areas", "sectors"))
    n = len(x)
    per = np.divide(1.0, x, out=np.zeros_like(x), where=x > 0)
    a = z * per
    b = np.linalg.inv(np.eye(n) - a)
    v = np.where(x > 0, 1 - a.sum(0), 0.0)
    home = np.repeat(np.arange(g), m)
    trade = z.reshape(n, g, m).sum(2) + y
    trade[np.arange(n), home] = 0.0
    vbe = (v[:, None] * b) * trade.sum(1)
    origin = vbe.reshape(g, m, g, m).sum((1, 3))
    vax = (v[:, None] * (b @ y)).reshape(g, m, g).sum(1)
    vb = (v[:, None] * b).reshape(g, m, n).sum(1)
    dva = fva = 0.0
    for s in range(g):
        own = slice(s * m, (s + 1) * m)
        local = np.linalg.inv(np.eye(m) - a[own, own])
        once = np.linalg.solve(b[own, own], local)
        content = vb[:, own] @ once @ trade[own].sum(1)
        dva, fva = dva + content[s], fva + content.sum() - content[s]
    return {"origin": origin[0, 0], "vax": vax[0, 1], "dva": float(dva), "fva": float(fva)}


def pymrio(data: dict) -> dict[str, float]:
    import pandas as pd
    import pymrio as peer

    g, m = data["areas"], data["sectors"]
    rows = pd.MultiIndex.from_product(
        [[f"A{i}" for i in range(g)], [f"s{i}" for i in range(m)]], names=["region", "sector"]
    )
    uses = pd.MultiIndex.from_product(
        [[f"A{i}" for i in range(g)], ["final"]], names=["region", "category"]
    )
    z = pd.DataFrame(data["Z"], rows, rows)
    added = pd.DataFrame((data["x"] - data["Z"].sum(0))[None, :], ["value added"], rows)
    added.index.name = "stressor"
    system = peer.IOSystem(Z=z, Y=pd.DataFrame(data["F"], rows, uses))
    system.factors = peer.Extension("factors", F=added)
    system.calc_all()
    return {"cba": float(system.factors.D_cba.to_numpy().sum())}


def _peak() -> int:
    """The most memory that was held since :func:`_forget_peak`."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(x for x in status.splitlines() if x.startswith("VmHWM")).split()[1]) * 1024


def _forget_peak() -> None:
    """Let the peak begin anew: making the data takes more than most contenders do."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def one(contender: str, what: str, repeat: int) -> None:
    """Run a contender in this process and print what it took."""
    size = what.split("x")
    data = loaded(Path(what)) if what.endswith(".npz") else generated(int(size[0]), int(size[1]))
    cells = data["Z"].nbytes
    call = {"boeki": boeki, "numpy": numpy, "pymrio": pymrio}[contender]
    # Imports and threads, with the buffers that linear algebra keeps for each (some 50 MB for large
    # tables of any size), are not what is measured.
    call(generated(30, 40))
    _forget_peak()
    before = _now()
    best, values = float("inf"), {}
    for _ in range(repeat):
        start = time.perf_counter()
        values = call(data)
        best = min(best, time.perf_counter() - start)
    tables = (_peak() - before) / cells
    print(json.dumps({"seconds": best, "tables": tables, "values": values}))


def _now() -> int:
    """Memory held now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--world", nargs="*", default=[])
    parser.add_argument("--sizes", nargs="*", default=["41x35", "81x45"])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(*asked.one, asked.repeat)
        return
    cores = str(os.cpu_count() or 1)
    env = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    env |= {"OPENBLAS_NUM_THREADS": cores, "OMP_NUM_THREADS": cores}
    for what in [*asked.world, *asked.sizes]:
        print(f"{what}, {cores} threads")
        for contender in CONTENDERS:
            done = subprocess.run(
                [sys.executable, __file__, "--one", contender, what, "--repeat", str(asked.repeat)],
                env=env, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode:
                print(f"  {contender:7} failed: {done.stderr.strip().splitlines()[-1]}")
                continue
            got = json.loads(done.stdout.splitlines()[-1])
            words = ", ".join(f"{k} {v:.6g}" for k, v in got["values"].items())
            print(f"  {contender:7} {got['seconds']:8.3f} s {got['tables']:6.2f} tables   {words}")


if __name__ == "__main__":
    main()
