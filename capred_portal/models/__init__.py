"""Accounts, organisations, documents, comments, loads and matches, one file per noun."""

from capred_portal.models.comments import Comment, Thread
from capred_portal.models.loads import Load, LoadRow, TaskLease
from capred_portal.models.matches import DuplicateSearch, Match, Merge
from capred_portal.models.people import Document, Organisation, User
from capred_portal.records import DataVersion

__all__ = [
    "Comment",
    "DataVersion",
    "Document",
    "DuplicateSearch",
    "Load",
    "LoadRow",
    "Match",
    "Merge",
    "Organisation",
    "TaskLease",
    "Thread",
    "User",
]
