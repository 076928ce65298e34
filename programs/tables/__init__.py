"""Tables to take away: programs, workshops, outcomes, actions, and what hangs on them."""

from programs.tables import workshops as _workshops  # noqa: F401  registered by being imported
