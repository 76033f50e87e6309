"""The world economy over time: saving, deficits that answer, and technology that sales pay for."""

from boeki.model.over_time.flywheel import Flywheel
from boeki.model.over_time.path import TransitionPath, simulate_path
from boeki.model.over_time.timed import Timed, timed

__all__ = ["Flywheel", "Timed", "TransitionPath", "simulate_path", "timed"]
