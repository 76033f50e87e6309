"""Tables that are computed when something built on them is first asked for."""

from __future__ import annotations

import itertools
import threading
import weakref
from typing import Any

import ibis
import ibis.expr.operations as ops

from boeki.lake.cells import Cells
from boeki.lake.engine import DuckEngine, Engine

#: Two lakes on one engine must not take each other's tables.
_NUMBER = itertools.count()


class Later:
    """Tables of a lake that are computed one after another, each with all memory for itself.

    Within one question DuckDB works on everything at once, and what does not fit into memory goes
    to disk and back.

    Parameters
    ----------
    engine
        What computes; an engine other than DuckDB plans a question as a whole.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: dict[str, tuple[ibis.Table, Cells | None]] = {}
        self._unused: list[str] = []
        self._lock = threading.Lock()

    def add(self, expression: ibis.Table, cells: Cells | None = None) -> ibis.Table:
        """The table of an expression; nothing is computed yet.

        Parameters
        ----------
        expression
            What to compute.
        cells
            The same as sums over few cells. Where it can be had in this way, it is.
        """
        if not isinstance(self._engine, DuckEngine):
            return expression
        name = f"later_{next(_NUMBER)}"
        schema = ibis.Schema.from_pyarrow(cells.schema) if cells else expression.schema()
        table = ibis.table(schema, name=name)
        self._waiting[name] = expression, cells
        # Not dropped at once: that would talk to DuckDB amid whatever is being said to it.
        weakref.finalize(table.op(), self._unused.append, name)
        return table

    def compute(self, expression: Any) -> None:
        """Compute the tables that an expression is built on, where they are not yet."""
        if not (self._waiting or self._unused):
            return
        with self._lock:
            while self._unused:
                name = self._unused.pop()
                if self._waiting.pop(name, None) is None:
                    self._engine.drop(name)
            asked = {table.name for table in expression.op().find(ops.UnboundTable)}
            # As they were added: one span of years leaves its last to the next.
            for name in [name for name in self._waiting if name in asked]:
                self._compute(name, *self._waiting[name])
                del self._waiting[name]

    def _compute(self, name: str, expression: ibis.Table, cells: Cells | None) -> None:
        if cells is not None and isinstance(self._engine, DuckEngine):
            # Closed whatever happens: DuckDB answers nothing else before.
            with self._engine.batches(cells.rows) as batches:
                added = cells.added_up(batches)
            if added is not None:
                self._engine.table(name, added)
                return
        self._engine.keep(name, expression)
