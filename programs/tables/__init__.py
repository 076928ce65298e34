"""Tables to take away: strategies, programs, workshops, people, outcomes, actions, what hangs on them, lists."""

from programs.tables import actions as _actions
from programs.tables import attendance_groups as _attendance_groups
from programs.tables import lists as _lists
from programs.tables import outcomes as _outcomes
from programs.tables import people as _people
from programs.tables import programs as _programs
from programs.tables import strategy as _strategy
from programs.tables import workshop_parts as _workshop_parts
from programs.tables import workshops as _workshops

__all__ = [  # registered by being imported
    "_actions",
    "_attendance_groups",
    "_lists",
    "_outcomes",
    "_people",
    "_programs",
    "_strategy",
    "_workshop_parts",
    "_workshops",
]
