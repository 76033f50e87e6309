"""Questions to Comtrade, and the smaller ones that replace one whose reply would be cut off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from boeki.errors import Refused
from boeki.sources.base import Request
from boeki.terms.codes import area_map

#: By what a question is split, in this order.
AXES = ("flowCode", "period", "reporterCode", "partnerCode", "cmdCode")

#: Chapters of the HS; 77 is kept free, 98 and 99 are for countries' own use.
_CHAPTERS = [f"{n:02d}" for n in range(1, 100) if n != 77]


def question(request: Request, asked: Mapping[str, str]) -> Request:
    """A request with what is asked of each axis, and a name that says it.

    Parameters
    ----------
    request
        The address and the parameters that all questions share.
    asked
        Axis to comma-separated codes; empty for all.
    """
    params = {k: v for k, v in request.params.items() if k not in AXES}
    params |= {axis: asked[axis] for axis in AXES if asked.get(axis)}
    path = "/".join(request.address.rsplit("/", 3)[1:])
    told = urlencode({axis: asked[axis] for axis in AXES if asked.get(axis)}, safe=",")
    return replace(request, name=f"{path}?{told}", params=params)


def smaller(request: Request) -> tuple[Request, Request]:
    """The two halves of a question, along the first axis that can be halved.

    Together they ask for what it asked for, and nothing twice.

    Raises
    ------
    Refused
        Where it cannot be halved any more.
    """
    asked = {axis: request.params.get(axis, "") for axis in AXES}
    for axis in AXES:
        values = _values(axis, asked[axis])
        if len(values) > 1:
            half = len(values) // 2
            listed = "" if asked[axis] else f" {axis}"
            named = replace(
                request,
                context={**request.context, "listed": request.context.get("listed", "") + listed},
            )
            first, second = (
                question(named, {**asked, axis: ",".join(part)})
                for part in (values[:half], values[half:])
            )
            return first, second
    raise Refused(
        f"Comtrade cuts its reply to {request.name} off at {request.context['cap']} rows, and it "
        "cannot be asked in smaller parts: name codes instead of a whole level, or set "
        "COMTRADE_KEY, with which replies may have 100,000 rows"
    )


def _values(axis: str, asked: str) -> list[str]:
    """What an axis can be split into: the codes asked for, or all where none was named."""
    if not asked and axis in ("reporterCode", "partnerCode"):
        return list(area_map("comtrade"))
    if axis == "cmdCode":
        return [v for code in asked.split(",") for v in (_CHAPTERS if code == "AG2" else [code])]
    return asked.split(",")
