"""The world economy in general equilibrium: what if."""

from boeki.model.derivatives import Gradient, gradient
from boeki.model.equilibrium import Equilibrium
from boeki.model.outcomes import OUTCOMES, OutcomeOf
from boeki.model.scenario import Scenario, read_scenario
from boeki.model.shocks import Shocks
from boeki.model.simulate import simulate

__all__ = [
    "OUTCOMES",
    "Equilibrium",
    "Gradient",
    "OutcomeOf",
    "Scenario",
    "Shocks",
    "gradient",
    "read_scenario",
    "simulate",
]
