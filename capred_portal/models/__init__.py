"""Accounts, organisations, documents, comments, loads, matches and what makes them safe, one file per noun."""

from capred_portal.models.comments import Comment, Thread
from capred_portal.models.loads import Load, LoadRow, TaskLease
from capred_portal.models.matches import DuplicateSearch, Match, Merge
from capred_portal.models.people import Document, Organisation, User
from capred_portal.models.reminders import RateWindow, Reminder, ReminderChoice
from capred_portal.models.taken_away import AccessToken, Export, Report, ReportShare
from capred_portal.models.trust import Erasure, Mail, PrivacyNotice, ScheduledJob
from capred_portal.records import DataVersion

__all__ = [
    "AccessToken",
    "Comment",
    "DataVersion",
    "Document",
    "DuplicateSearch",
    "Erasure",
    "Export",
    "Load",
    "LoadRow",
    "Mail",
    "Match",
    "Merge",
    "Organisation",
    "PrivacyNotice",
    "RateWindow",
    "Reminder",
    "ReminderChoice",
    "Report",
    "ReportShare",
    "ScheduledJob",
    "TaskLease",
    "Thread",
    "User",
]
