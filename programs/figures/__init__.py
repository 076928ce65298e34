"""Figures over programs, workshops, outcomes, actions and people; each file registers its own."""

from programs.figures import actions, links, people, programs, smes, strategy, work  # noqa: F401  registers its figures
