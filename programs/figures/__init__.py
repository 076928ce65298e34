"""Figures over programs, workshops, outcomes, actions and people; each file registers its own."""

from programs.figures import (  # noqa: F401  registers its figures
    actions,
    certificates,
    links,
    people,
    programs,
    smes,
    strategy,
    supported,
    work,
)
