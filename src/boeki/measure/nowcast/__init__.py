"""Nowcasts of a month that is not out yet, with the extra ``boeki[nowcast]``."""

from boeki.measure.nowcast.nowcast import measure_nowcast

__all__ = ["measure_nowcast"]
