"""Coherence: what two countries say of one flow, and what two statistics say of one country."""

from boeki.measure.coherence.asymmetry import Asymmetry, asymmetry, to_fob
from boeki.measure.coherence.bop_bridge import KINDS, bridge_of, measure_bop_bridge
from boeki.measure.coherence.hubs import HUBS
from boeki.measure.coherence.mirror import measure_mirror, mirror_of

__all__ = [
    "HUBS",
    "KINDS",
    "Asymmetry",
    "asymmetry",
    "bridge_of",
    "measure_bop_bridge",
    "measure_mirror",
    "mirror_of",
    "to_fob",
]
