"""Strategies, programs, workshops, people, outcomes and actions, one file per noun."""

from programs.models.action import Action
from programs.models.attribution import LinkAttribution, settle_attribution
from programs.models.budget import ProgramBudget, lock_budgets, share_spent, year_from
from programs.models.check_in import Arrival, CheckIn
from programs.models.outcome import Outcome, OutcomeStage
from programs.models.people import Attendance, Person
from programs.models.program import Component, Currency, Program, ProgramPartner, ProgramSector, Risk, Support
from programs.models.strategy import Framework, Goal
from programs.models.workshop import AgendaItem, Statement, Theme, Workshop, WorkshopHost

__all__ = [
    "Action",
    "AgendaItem",
    "Arrival",
    "Attendance",
    "CheckIn",
    "Component",
    "Currency",
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
    "lock_budgets",
    "settle_attribution",
    "share_spent",
    "year_from",
]
