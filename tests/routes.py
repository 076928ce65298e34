"""Every address of the portal with real examples, and who may open it: read from the URL resolver, never by hand."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlencode, urlsafe_base64_encode

from capred_portal.access import MATRIX
from capred_portal.access_keys import new_key
from capred_portal.comments import add_comment
from capred_portal.demo import make_rows, make_users
from capred_portal.facts import write_facts
from capred_portal.loads import REGISTRY, check_load, load_now, receive
from capred_portal.models import Comment, Document, Load, User
from programs.models import Action, Attendance, Outcome, Program, Workshop
from tests.duplicate_routes import for_duplicates
from tests.factories import PASSWORD
from tests.indicator_routes import (
    for_effects,
    for_entry,
    for_inclusion,
    for_indicators,
    for_observations,
    for_rounds,
    for_targets,
)
from tests.register_routes import for_clusters, for_enterprises, for_links, for_quality
from tests.route_kinds import ADMIN_PAGES, NO_PAGE, OUTSIDE_THE_MATRIX, POST_ONLY
from tests.routes_check_in import for_check_in
from tests.routes_dependency import for_dependency
from tests.routes_input_output import for_input_output
from tests.routes_linkages import for_linkages
from tests.routes_privacy import for_personal_data
from tests.routes_reminders import for_reminders
from tests.routes_reports import for_reports
from tests.routes_standards import for_standards
from tests.routes_suppliers import for_suppliers
from tests.routes_tables import for_tables
from tests.routes_trade import for_trade

LIST = b"Name (Latin),Sex,Phone\nSok Dara,m,012 345 678\nChan Bopha,robot,\n"


@dataclass(frozen=True)
class Example:
    """One address made of real records, and the roles that may open it."""

    name: str
    url: str
    kwargs: tuple[tuple[str, Any], ...]
    roles: frozenset[str]

    @property
    def is_page(self) -> bool:
        return self.name not in NO_PAGE and not self.is_post

    @property
    def is_post(self) -> bool:
        return self.name in POST_ONLY


@dataclass(frozen=True)
class Sample:
    """The records the examples are made of: the released workshop, and one of each kind of demonstration row."""

    released: Workshop
    workshop: Workshop
    outcome: Outcome
    action: Action
    high: Action
    done: Action
    program: Program
    document: Document
    link: Document
    attendance: Attendance
    checked: Load
    loaded: Load
    waiting: Load
    user: User


def walk(resolver: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Yield the full name of every route with its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield ":".join([*spaces, entry.name or str(entry.pattern)]), entry
        else:
            yield from walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)


@cache
def routes() -> dict[str, URLPattern]:
    """Return our own routes by name; of the administration only the pages named above.

    What programs ask for opens with keys, never with a session: tests/test_api_walk.py asks all of that.
    """
    ours = {name: entry for name, entry in walk() if not name.startswith("api:")}
    return {name: entry for name, entry in ours.items() if not name.startswith("admin:") or name in ADMIN_PAGES}


def roles_of(name: str) -> frozenset[str]:
    """Return the roles that may open a route: what its view requires, or the table of pages outside the matrix."""
    if name in ADMIN_PAGES:
        return MATRIX["admin.use"]
    action = getattr(routes()[name].callback, "action", None)
    return MATRIX[action] if action else OUTSIDE_THE_MATRIX[name]


def make_sample() -> Sample:
    """Write the facts and the demonstration rows, add what those lack, and return one row of each kind."""
    write_facts()
    make_users(PASSWORD)
    make_rows()
    staff, officer = (User.objects.get(username=name) for name in ("staff", "officer"))
    outcome = Outcome.objects.filter(is_demo=True, kind__in=Outcome.LIVING, actions__status="planned").earliest("pk")
    workshop = outcome.workshop
    action = outcome.actions.filter(status=Action.Status.PLANNED).earliest("pk")
    closed = {"done_en": "Signed.", "closed_on": datetime.date(2025, 3, 1), "closed_by": staff}
    parts = {"text_en": "Agree on a price", "due_on": datetime.date(2025, 2, 1), "owner_user": staff, "is_demo": True}
    high = Action.objects.create(workshop=workshop, priority=3, status=Action.Status.TO_VERIFY, **parts, **closed)
    done = Action.objects.create(outcome=outcome, status=Action.Status.DONE, **parts, **closed)
    document = Document.objects.create(title_en="Slides", file=ContentFile(b"slides", "slides.txt"), is_demo=True)
    link = Document.objects.create(title_km="របាយការណ៍", link="https://example.org/report", is_demo=True)
    scope = {"workshop": workshop.pk}
    workshop.documents.add(document, link)
    workshop.program.documents.add(document)
    high.evidence.add(link)
    for record in (workshop, outcome, action):
        question = add_comment(record=record, text="Who pays?", by=officer, kind=Comment.Kind.QUESTION)
        add_comment(record=record, text="The program.", by=staff, kind=Comment.Kind.ANSWER, answers=question)
        add_comment(record=record, text="តើពេលណា?", by=officer, kind=Comment.Kind.QUESTION)
        add_comment(record=record, text="Seen.", by=staff)
    checked = receive(
        content=LIST, file_name="list.csv", scope=scope, by=staff, kind=REGISTRY["attendance"], enqueue=False
    )
    check_load.func(checked.pk)
    return Sample(
        released=Workshop.objects.get(is_demo=False),
        workshop=workshop,
        outcome=outcome,
        action=action,
        high=high,
        done=done,
        program=workshop.program,
        document=document,
        link=link,
        attendance=workshop.attendances.earliest("pk"),
        checked=Load.objects.get(pk=checked.pk),
        loaded=load_now(content=LIST, file_name="list.csv", scope=scope, by=staff, kind=REGISTRY["attendance"]),
        waiting=receive(
            content=LIST, file_name="list.csv", scope={}, by=staff, kind=REGISTRY["enterprises"], enqueue=False
        ),
        user=staff,
    )


def arguments(sample: Sample) -> dict[str, list[dict[str, Any]]]:
    """Return the arguments of the examples of each route that takes any; the key "?" holds GET parameters."""
    return {
        "account_key_revoke": [{"pk": new_key(sample.user, "Excel", ["figures"], 30)[0].pk}],
        "password_reset_confirm": [reset_link(sample.user)],
        "document": [{"pk": sample.document.pk}],
        "figure": [
            {"code": "workshops-held", "?": {"by": "province"}},
            {"code": "unique-people", "?": {"by": "sex"}},
        ],
        "method": [
            {"anchor": anchor}
            for anchor in ("reports", "reminders", "files", "machines", "matching", "inputs", "personal-data")
        ],
        "api_operation": [{"name": "figure"}, {"name": "table_enterprises"}],
        "figure_file": [{"code": "unique-people", "format_name": name, "?": {"by": "sex"}} for name in ("csv", "xlsx")],
        **for_workshops(sample),
        **for_check_in(sample.workshop),
        **for_outcomes(sample),
        **for_actions(sample),
        **for_programs(sample),
        **for_people(sample),
        **for_reminders(sample.user),
        **for_personal_data(sample.attendance.person, sample.user),
        **for_duplicates(sample.user),
        **for_clusters(),
        **for_enterprises(),
        **for_quality(),
        **for_links(),
        **for_effects(),
        **for_entry(),
        **for_inclusion(),
        **for_indicators(),
        **for_observations(),
        **for_rounds(),
        "history": [{"kind": "workshop", "pk": sample.workshop.pk}, {"kind": "program", "pk": sample.program.pk}],
        "review:list": [{}, {"?": {"show": "mine"}}],
        **for_targets(),
        **for_linkages(),
        **for_dependency(),
        **for_reports(sample.workshop, sample.user),
        **for_input_output(),
        **for_standards(),
        **for_suppliers(),
        **for_tables(sample.user),
        **for_trade(),
        "strategy:coverage": [{}],
        "strategy:framework": [{"framework": "pentagonal-1"}, {"framework": "idp-2015-2025"}],
        "strategy:goal": [{"framework": "pentagonal-1", "code": code} for code in ("2", "2.1")],
        **{name: [{key: getattr(sample, noun).pk for key, noun in ADMIN_PAGES[name].items()}] for name in ADMIN_PAGES},
    }


def reset_link(user: User) -> dict[str, Any]:
    """Return the arguments of the link that a mail for a new password holds."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return {"uidb64": uid, "token": default_token_generator.make_token(user)}


def for_workshops(sample: Sample) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for a workshop and its parts."""
    workshop, pk = sample.workshop, {"pk": sample.workshop.pk}
    parts = [
        pk | {"part": part, "part_pk": getattr(workshop, part).earliest("pk").pk}
        for part in ("hosts", "agenda", "documents")
    ]
    return {
        "workshops:list": [{}, {"?": {"q": "no such workshop"}}],
        "workshops:detail": [pk, {"pk": sample.released.pk}],
        "workshops:edit": [pk],
        "workshops:archive": [pk],
        "workshops:comment": [pk],
        "workshops:outcome_new": [{"workshop_pk": workshop.pk}],
        "workshops:part_new": [{"pk": workshop.pk, "part": part["part"]} for part in parts],
        "workshops:part_edit": parts,
        "workshops:part_archive": parts[:1],
    }


def for_outcomes(sample: Sample) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for an outcome and the stages of its life."""
    pk = {"pk": sample.outcome.pk}
    return {
        "outcomes:detail": [pk],
        "outcomes:edit": [pk],
        "outcomes:archive": [pk],
        "outcomes:comment": [pk],
        "outcomes:stage_new": [pk],
        "outcomes:stage_edit": [pk | {"stage_pk": sample.outcome.stages.earliest("pk").pk}],
    }


def for_actions(sample: Sample) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for actions that are open, waiting for a second person, and done."""
    pk, high, done = ({"pk": action.pk} for action in (sample.action, sample.high, sample.done))
    return {
        "actions:list": [{}, {"?": {"view": "table"}}],
        "actions:new": [{"?": {"workshop": sample.workshop.pk, "text": "Help the firm"}}, {}, {"?": {"text": "Help"}}],
        "actions:detail": [pk, high, done],
        "actions:edit": [pk],
        "actions:archive": [pk],
        "actions:evidence_new": [pk],
        "actions:comment": [pk],
        "actions:move": [pk],
        "actions:close": [pk],
        "actions:verify": [high],
        "actions:return": [high],
        "actions:reopen": [done],
    }


def for_programs(sample: Sample) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for a program and its parts."""
    slug = {"slug": sample.program.slug}
    parts = [
        slug | {"part": part, "part_pk": getattr(sample.program, part).earliest("pk").pk}
        for part in ("components", "budgets", "partners", "sectors", "support", "risks", "documents")
    ]
    return {
        "programs:detail": [slug, {"slug": "capred"}],
        "programs:figures": [slug],
        "programs:edit": [slug],
        "programs:archive": [slug],
        "programs:part_new": [slug | {"part": part["part"]} for part in parts],
        "programs:part_edit": parts,
        "programs:part_archive": parts[:1],
    }


def for_people(sample: Sample) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for attendance and the spreadsheets people came in."""
    pk, row = {"pk": sample.workshop.pk}, {"pk": sample.workshop.pk, "row_pk": sample.attendance.pk}
    checked, loaded, waiting = ({"pk": one.pk} for one in (sample.checked, sample.loaded, sample.waiting))
    return {
        "workshops:attendance": [pk, {"pk": sample.released.pk}],
        "workshops:attendance_edit": [row],
        "workshops:attendance_known": [pk],
        "workshops:attendance_load": [pk],
        "workshops:attendance_remove": [row],
        "workshops:attendance_sheet": [pk],
        "loads:detail": [checked, loaded, waiting],
        "loads:map": [checked],
        "loads:new_kind": [{"kind": name} for name in ("enterprises", "series-wdi", "labelled-iot", "adb-mrio")],
        "loads:confirm": [checked],
        "loads:undo": [loaded],
        "loads:bad_rows": [checked | {"format_name": name} for name in ("csv", "xlsx")],
        "loads:template": [{"kind": "attendance", "format_name": name} for name in ("csv", "xlsx")],
    }


def examples(sample: Sample) -> list[Example]:
    """Return the examples of all routes; a route without arguments is its own example."""
    given = arguments(sample)
    return [
        example(name, kwargs)
        for name, entry in routes().items()
        for kwargs in given.get(name, [] if entry.pattern.converters else [{}])
    ]


def example(name: str, arguments: dict[str, Any]) -> Example:
    """Return one example of a route."""
    kwargs = {key: value for key, value in arguments.items() if key != "?"}
    url = reverse(name, kwargs=kwargs)
    if "?" in arguments:
        url += f"?{urlencode(arguments['?'])}"
    return Example(name, url, tuple(kwargs.items()), roles_of(name))
