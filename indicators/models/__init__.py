"""What it adds up to: sources, indicators, targets, signed observations, rounds, effects; trade, tables, scenarios."""

from indicators.models.effect import ExpectedEffect
from indicators.models.indicator import Indicator, IndicatorRule, ProgramIndicator
from indicators.models.input_output import (
    InputOutputCell,
    InputOutputSector,
    InputOutputTable,
    SectorConcordance,
)
from indicators.models.observation import Observation, ReviewEvent
from indicators.models.period import Period
from indicators.models.reporting import ReportingRound, RoundEntry, RoundReminder
from indicators.models.scenario import Scenario
from indicators.models.series import SeriesValue, Source
from indicators.models.target import Target
from indicators.models.trade import Correspondence, TradeFlow

__all__ = [
    "Correspondence",
    "ExpectedEffect",
    "Indicator",
    "IndicatorRule",
    "InputOutputCell",
    "InputOutputSector",
    "InputOutputTable",
    "Observation",
    "Period",
    "ProgramIndicator",
    "ReportingRound",
    "ReviewEvent",
    "RoundEntry",
    "RoundReminder",
    "Scenario",
    "SectorConcordance",
    "SeriesValue",
    "Source",
    "Target",
    "TradeFlow",
]
