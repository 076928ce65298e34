"""Figures over programs, workshops, outcomes, actions and people; each file registers its own."""
