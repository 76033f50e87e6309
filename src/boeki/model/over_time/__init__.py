"""The world economy over time: saving, deficits that answer, and technology that sales pay for."""

from boeki.model.over_time.best_path import BestPath, best_path
from boeki.model.over_time.boom import Boom, invert_boom
from boeki.model.over_time.capital import Capital
from boeki.model.over_time.flywheel import Flywheel
from boeki.model.over_time.history import History, validate_history
from boeki.model.over_time.path import simulate_path
from boeki.model.over_time.path_gradient import PathGradient, path_gradient
from boeki.model.over_time.push import PushRanking, push_research
from boeki.model.over_time.stability import Stability, flywheel_stability
from boeki.model.over_time.timed import Timed, timed
from boeki.model.over_time.transition import TransitionPath

__all__ = [
    "BestPath",
    "Boom",
    "Capital",
    "Flywheel",
    "History",
    "PathGradient",
    "PushRanking",
    "Stability",
    "Timed",
    "TransitionPath",
    "best_path",
    "flywheel_stability",
    "invert_boom",
    "path_gradient",
    "push_research",
    "simulate_path",
    "timed",
    "validate_history",
]
