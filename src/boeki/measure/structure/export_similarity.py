"""Export similarity: whether two countries sell the same things."""

from __future__ import annotations

from typing import Unpack

from boeki.answer import Answer, Chart, Column, Method, answer
from boeki.errors import InputError, NoFigure
from boeki.measure.structure import names
from boeki.measure.structure.complementarity import overlap, product_columns, product_rows
from boeki.measure.structure.reading import Reading, about, evidence, notes, trade
from boeki.terms.areas import WORLD

METHOD = Method(
    "Export similarity index",
    "S_ab = 100 · Σ_p min(x_ap, x_bp), x shares in exports to the market",
    "Finger and Kreinin (1979), A Measure of 'Export Similarity' and Its Possible Uses, The "
    "Economic Journal 89(356)",
    "explanation/structure.md",
)
_COLUMNS = (
    Column("code", "country code", shown=False),
    Column("name", "country"),
    Column("index", "export similarity, of 100", places=2),
)


def export_similarity(
    country: str,
    period: str | int = "",
    *,
    other: str | None = None,
    market: str = WORLD,
    **reading: Unpack[Reading],
) -> Answer:
    """Whether a country sells the same products as others: who its competitors are.

    Parameters
    ----------
    country
        Whose exports.
    period
        When.
    other
        Whose they are compared with; then each product's part of the index is given. None for
        every exporter there is.
    market
        Exports to this market; to the world where it is left out.
    reading
        As :class:`boeki.measure.structure.reading.Reading` has it.

    Returns
    -------
    Answer
        A row a competitor, most alike first; or, with one, a row a product, whose parts add up to
        the index.

    Raises
    ------
    NoFigure, InputError
        Where there are no figures, of one country only, or of several kinds.
    """
    source = trade(period, country, **reading)
    code = source.code(country)
    rival = source.code(other) if other else None
    if rival == code:
        raise InputError(f"{names.country(code)} is like itself: name another country")
    place = () if market == WORLD else (source.code(market),)
    sold = source.flows(
        "export", "product", partners=place, reporters=(code, rival) if rival else ()
    )
    for needed in filter(None, (code, rival)):
        if needed not in sold.reporters:
            raise NoFigure(f"there are no such exports of {names.country(needed)}")
    if len(sold.reporters) < 2:
        raise NoFigure("there are exports of one country only: nothing to compare them with")
    grid = sold.grid("reporter", "product")
    found = {
        c: overlap(grid.row(code), row)
        for c, row in zip(grid.rows, grid.values, strict=True)
        if c != code
    }
    said, words = notes(sold), sold.told.get("classification", "")
    if rival:
        said.append(f"The index is {found[rival].index:.2f} of 100; its parts add up to it.")
        rows = product_rows(
            list(grid.columns), grid.row(code), grid.row(rival), found[rival], words
        )
    else:
        rows = [
            {"code": c, "name": names.country(c), "index": o.index}
            for c, o in sorted(found.items(), key=lambda item: (-item[1].index, item[0]))
        ]
    with_whom = f"and {names.country(rival)}'s" if rival else "and other countries'"
    return answer(
        f"Similarity of {names.country(code)}'s {with_whom} exports, {source.period}",
        rows,
        product_columns("first one's exports", "second one's exports") if rival else _COLUMNS,
        METHOD,
        about=about(source, sold, country=code, other=rival, market=market,
                    products=len(grid.columns), index=found[rival].index if rival else None),
        notes=said,
        chart=Chart("ranking", "name", ("common" if rival else "index",)),
        **evidence(sold),
    )  # fmt: skip
