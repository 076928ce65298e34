"""Figures over programs, workshops, outcomes, actions and people; each file registers its own."""

from programs.figures import actions, people, programs, strategy, work  # noqa: F401  registers its figures
