"""Strategies, programs, workshops, people, outcomes and actions, one file per noun."""

from programs.models.action import Action
from programs.models.attribution import LinkAttribution, settle_attribution
from programs.models.check_in import Arrival, CheckIn
from programs.models.outcome import Outcome, OutcomeStage
from programs.models.people import Attendance, Person
from programs.models.program import Component, Program, ProgramBudget, ProgramPartner, ProgramSector, Risk, Support
from programs.models.strategy import Framework, Goal
from programs.models.workshop import AgendaItem, Statement, Theme, Workshop, WorkshopHost

__all__ = [
    "Action",
    "AgendaItem",
    "Arrival",
    "Attendance",
    "CheckIn",
    "Component",
    "Framework",
    "Goal",
    "LinkAttribution",
    "Outcome",
    "OutcomeStage",
    "Person",
    "Program",
    "ProgramBudget",
    "ProgramPartner",
    "ProgramSector",
    "Risk",
    "Statement",
    "Support",
    "Theme",
    "Workshop",
    "WorkshopHost",
    "settle_attribution",
]
