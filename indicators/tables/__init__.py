"""Tables to take away: indicators, their values, parts, targets, rounds; sources, trade, input-output, comments."""

from indicators.tables import comments as _comments
from indicators.tables import indicators as _indicators
from indicators.tables import input_output as _input_output
from indicators.tables import observations as _observations
from indicators.tables import parts as _parts
from indicators.tables import program_values as _program_values
from indicators.tables import rounds as _rounds
from indicators.tables import sources as _sources
from indicators.tables import trade as _trade

__all__ = [  # registered by being imported
    "_comments",
    "_indicators",
    "_input_output",
    "_observations",
    "_parts",
    "_program_values",
    "_rounds",
    "_sources",
    "_trade",
]
