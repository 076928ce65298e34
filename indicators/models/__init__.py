"""What it adds up to: sources, indicators with their targets, observations with their signatures, rounds, effects."""

from indicators.models.effect import ExpectedEffect
from indicators.models.indicator import Indicator, IndicatorRule, ProgramIndicator
from indicators.models.observation import Observation, ReviewEvent
from indicators.models.period import Period
from indicators.models.reporting import Nudge, ReportingRound, RoundEntry
from indicators.models.series import SeriesValue, Source
from indicators.models.target import Target

__all__ = [
    "ExpectedEffect",
    "Indicator",
    "IndicatorRule",
    "Nudge",
    "Observation",
    "Period",
    "ProgramIndicator",
    "ReportingRound",
    "ReviewEvent",
    "RoundEntry",
    "SeriesValue",
    "Source",
    "Target",
]
