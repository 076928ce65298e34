"""The kinds of report: what each is about, what it shows, and the template that shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from capred_portal.access import OFFICER
from capred_portal.figures import Scope, Words

READER = OFFICER  # whoever reads a report: small cells are withheld, nothing of one firm or person is told


@dataclass(frozen=True)
class ReportKind:
    """One kind of report.

    `subject` turns the parameters of an address into the records the report is about, or raises Http404; `content`
    turns those into what the template shows, in the language that is active; `title` names it, likewise.
    """

    name: str
    label: Words
    template: str  # a fragment, the same for page, PDF and frozen report
    subject: Callable[[Mapping[str, str]], dict[str, Any]]
    title: Callable[[dict[str, Any]], str]
    content: Callable[[dict[str, Any]], dict[str, Any]]


KINDS: dict[str, ReportKind] = {}


def register(kind: ReportKind) -> ReportKind:
    """Make a kind of report known; called when its module is imported."""
    KINDS[kind.name] = kind
    return kind


def scope(**params: str) -> Scope:
    """Return the scope of a figure in a report."""
    return Scope(READER, params)
