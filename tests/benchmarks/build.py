"""A portal at national scale, the same rows each time: workshops, people, outcomes, actions, comments."""

import datetime
import random
from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from typing import Any

from django.utils import timezone

from capred_portal.facts import write_facts
from capred_portal.matching import name_key, search_key
from capred_portal.models import Comment, Organisation, Thread, User
from capred_portal.records import writing
from enterprises.models import Province
from programs.models import (
    Action,
    AgendaItem,
    Attendance,
    Component,
    Goal,
    Outcome,
    OutcomeStage,
    Person,
    Program,
    ProgramBudget,
    ProgramPartner,
    Risk,
    Support,
    Theme,
    Workshop,
    WorkshopHost,
)
from tests.benchmarks import words
from tests.benchmarks.bulk import NOW, finish, first_free, write_rows

SEED = 20240814
FIRST_DAY, LAST_DAY = datetime.date(2016, 1, 4), datetime.date(2027, 6, 30)
ROLES = ("staff", "verifier", "officer", "admin")
WRITTEN = [
    Organisation,
    Program,
    Workshop,
    Person,
    Outcome,
    OutcomeStage,
    Action,
    Attendance,
    Thread,
    Comment,
    WorkshopHost,
    AgendaItem,
    ProgramPartner,
    ProgramBudget,
    Component,
    Risk,
    Support,
]
SIZES = {
    "organisations": 500,
    "programs": 60,
    "workshops": 20_000,
    "people": 300_000,
    "outcomes": 60_000,
    "actions": 40_000,
    "support": 3_000,
}

key_of_name = lru_cache(maxsize=None)(name_key)
key_of_text = lru_cache(maxsize=None)(search_key)


def build(scale: float) -> dict[str, int]:
    """Fill an empty, migrated database; return how many rows of each noun there are."""
    write_facts()
    with writing("capred_portal", "programs"):
        Builder(scale).build()
    finish(WRITTEN)
    counted = (Organisation, Program, Workshop, Person, Attendance, Outcome, Action, Comment)
    return {model.__name__: model._base_manager.count() for model in counted}


class Builder:
    """Writes one noun after the other; numbers of rows are known before the rows are written."""

    def __init__(self, scale: float) -> None:
        self.sizes = {noun: max(round(size * scale), 12) for noun, size in SIZES.items()}
        self.random = random.Random(SEED)
        self.today = timezone.localdate()
        self.provinces = list(Province.objects.values_list("pk", flat=True))
        self.themes = list(Theme.objects.values_list("pk", flat=True))
        self.goals = list(Goal.objects.servable().values_list("pk", flat=True))
        self.users: list[int] = []
        self.days: list[datetime.date] = []
        self.threads = count(first_free(Thread))
        self.comments: list[tuple[Any, ...]] = []

    def build(self) -> None:
        self.write_users()
        self.write_organisations()
        self.write_programs()
        self.write_people()
        self.write_workshops()
        self.write_attendances()
        self.write_outcomes()
        self.write_actions()
        self.write_comments()

    # What all nouns draw from

    def number(self, noun: str, model: Any) -> range:
        """Return the ids the noun's rows will have."""
        first = first_free(model)
        return range(first, first + self.sizes[noun])

    def text(self, sentences: list[tuple[str, str]], *extra: Any) -> tuple[str, str]:
        """Return a text in both languages; one in six has no Khmer, one in twenty no English."""
        english, khmer = self.random.choice(sentences)
        tail = "".join(f" {word}" for word in extra)
        chance = self.random.random()
        return ("" if chance < 0.05 else english + tail), ("" if chance > 0.84 else khmer + tail)

    def archived(self) -> tuple[str | None, str]:
        """Return when and why a row was archived: one in a hundred was."""
        return (NOW, "Entered twice") if self.random.random() < 0.01 else (None, "")

    def changed_on(self) -> str:
        """Return when a row was last changed: over the years, one in a hundred in the last month."""
        days = self.random.randrange(25) if self.random.random() < 0.01 else self.random.randrange(40, 3000)
        return f"{self.today - datetime.timedelta(days=days)} 02:{self.random.randrange(60):02}:00"

    def serve(self, model: Any, ids: range, field: str, choices: list[Any], most: int) -> None:
        """Link each row with a few of the choices, the first of which are chosen most."""
        through = getattr(model, field).through
        target = getattr(model, field).field.m2m_reverse_name()

        def links() -> Iterator[tuple[Any, Any]]:
            for pk in ids:
                wanted = self.random.randint(max(most - 1, 1), most)
                chosen = {choices[int(len(choices) * self.random.random() ** 1.6)] for _ in range(wanted)}
                yield from ((pk, choice) for choice in sorted(chosen))

        write_rows(through, (f"{model._meta.model_name}_id", target), links())

    def thread(self, share: float, text: tuple[str, str]) -> int | None:
        """Return a thread for some rows; its comments wait until the end."""
        if self.random.random() > share:
            return None
        thread = next(self.threads)
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.choice(["question", "remark", "remark"])
            self.comments.append((thread, kind, text[0] or text[1], self.random.choice(self.users)))
        return thread

    # The nouns

    def write_users(self) -> None:
        for role in ROLES:
            for number in range(5):
                name = f"{self.random.choice(words.FAMILY)[0]} {self.random.choice(words.GIVEN)[0]}"
                user = User(username=f"{role}{number}", role=role, full_name_en=name)
                user.set_unusable_password()
                user.save()
                self.users.append(user.pk)

    def write_organisations(self) -> None:
        ids = self.organisations = self.number("organisations", Organisation)
        kinds = [str(kind) for kind in Organisation.Kind.values]

        def rows() -> Iterator[tuple[Any, ...]]:
            for pk in ids:
                english, khmer = words.organisation(self.random, pk)
                keys = (search_key(english, khmer, ""), search_key(english), search_key(khmer))
                yield pk, english, khmer, self.random.choice(kinds), *keys

        columns = ("id", "name_en", "name_km", "kind", "search_key", "name_en_key", "name_km_key")
        write_rows(Organisation, columns, rows())

    def write_programs(self) -> None:
        ids = self.programs = self.number("programs", Program)
        draw = self.random

        def rows() -> Iterator[tuple[Any, ...]]:
            for pk in ids:
                english, khmer = draw.choice(words.TITLES)
                year = draw.randint(2016, 2025)
                key = search_key(f"{english} {pk}", f"{khmer} {pk}", f"program-{pk}")
                status = draw.choice([str(status) for status in Program.Status.values])
                yield pk, f"program-{pk}", f"{english} {pk}", f"{khmer} {pk}", f"{year}-01-01", status, key

        write_rows(Program, ("id", "slug", "title_en", "title_km", "starts_on", "status", "search_key"), rows())
        self.serve(Program, ids, "goals", self.goals, 3)
        self.write_program_parts(ids)

    def write_program_parts(self, ids: range) -> None:
        draw, orgs = self.random, self.organisations
        parts = [(pk, f"Component {number}", number) for pk in ids for number in range(3)]
        write_rows(Component, ("program_id", "title_en", "order"), parts)
        money = [(pk, currency, draw.randrange(10**6), "Plan") for pk in ids for currency in ("AUD", "USD")]
        write_rows(ProgramBudget, ("program_id", "currency", "budget", "source"), money)
        roles = ("lead", "funder", "partner")
        write_rows(
            ProgramPartner,
            ("program_id", "organisation_id", "role"),
            ((pk, draw.choice(orgs), role) for pk in ids for role in roles),
        )
        risks = [(pk, f"Risk {number}", draw.randint(1, 3), draw.randint(1, 3)) for pk in ids for number in range(5)]
        write_rows(Risk, ("program_id", "text_en", "likelihood", "effect"), risks)
        kinds = [str(kind) for kind in Support.Kind.values]
        given = range(self.sizes["support"])
        write_rows(
            Support,
            ("program_id", "organisation_id", "kind", "starts_on"),
            ((draw.choice(ids), draw.choice(orgs), draw.choice(kinds), str(self.day())) for _ in given),
        )

    def day(self) -> datetime.date:
        return FIRST_DAY + datetime.timedelta(days=self.random.randrange((LAST_DAY - FIRST_DAY).days))

    def write_people(self) -> None:
        ids = self.people = self.number("people", Person)
        draw = self.random

        def rows() -> Iterator[tuple[Any, ...]]:
            for pk in ids:
                english, khmer, sex = words.person(draw)
                names = key_of_name(english), key_of_name(khmer), key_of_text(english, khmer)
                phone = f"+8551{pk:07}" if pk % 2 else ""
                yield pk, english, khmer, sex, draw.choice(self.organisations), phone, *names

        columns = "id name_en name_km sex organisation_id phone name_en_key name_km_key search_key"
        write_rows(Person, columns.split(), rows())

    def write_workshops(self) -> None:
        ids = self.workshops = self.number("workshops", Workshop)
        draw = self.random
        self.days = [self.day() for _ in ids]
        links: list[tuple[int | None, str | None]] = [
            (draw.choice([*self.programs, *[None] * 9]), draw.choice([*self.provinces, None, None])) for _ in ids
        ]

        def rows() -> Iterator[tuple[Any, ...]]:
            for pk, day, link in zip(ids, self.days, links, strict=True):
                title, venue = self.text(words.TITLES, pk), words.VENUE
                summary = self.text(words.SUMMARIES)
                key = f"{key_of_text(*title)} {key_of_text(*venue, *summary)}"
                heads = draw.randint(20, 90) if draw.random() < 0.6 else None
                about = (*title, *venue, *summary, key, heads, self.thread(0.05, summary), self.changed_on())
                yield pk, str(day), *link, *about, *self.archived()

        columns = "id date program_id province_id title_en title_km venue_en venue_km summary_en summary_km search_key"
        more = "head_count thread_id updated_at archived_at archive_reason"
        rows_now = list(rows())
        self.write_threads()
        write_rows(Workshop, f"{columns} {more}".split(), rows_now)
        self.serve(Workshop, ids, "goals", self.goals, 3)
        self.serve(Workshop, ids, "topics", self.themes, 2)
        self.write_workshop_parts(ids)

    def write_workshop_parts(self, ids: range) -> None:
        draw = self.random
        hosts = ((pk, *draw.sample(self.organisations, 2)) for pk in ids)
        both = ((pk, host, role) for pk, *pair in hosts for host, role in zip(pair, ("host", "co-host"), strict=True))
        write_rows(WorkshopHost, ("workshop_id", "organisation_id", "role"), both)
        points = ((pk, f"0{hour}:00:00", f"Part {hour}", hour) for pk in ids[::4] for hour in (8, 9))
        write_rows(AgendaItem, ("workshop_id", "starts_at", "title_en", "order"), points)

    def write_attendances(self) -> None:
        """Write 30 to 70 people per workshop, on average 50, none of them twice."""
        draw, people, orgs = self.random, self.people, self.organisations
        ages, answers = ("", "18-35", "18-35", "36-59", "36-59", "60+"), ("no", "no", "no", "no", "yes", "", "refused")
        roles = ("participant",) * 12 + ("speaker", "facilitator")

        def rows() -> Iterator[tuple[Any, ...]]:
            for number, workshop in enumerate(self.workshops):
                for person in draw.sample(people, min(30 + 7 * number % 41, len(people))):
                    chance = draw.random()
                    about = draw.choice(roles), draw.choice(ages), draw.choice(answers)
                    yield workshop, person, draw.choice(orgs), *about, chance < 0.7, chance > 0.08

        columns = "workshop_id person_id organisation_id role age_band disability registered attended"
        write_rows(Attendance, columns.split(), rows())

    def write_outcomes(self) -> None:
        ids = self.outcomes = self.number("outcomes", Outcome)
        draw = self.random
        kinds = [str(kind) for kind in Outcome.Kind.values]
        stages: list[tuple[int, str, str]] = []

        def rows() -> Iterator[tuple[Any, ...]]:
            for pk in ids:
                text, kind, stage = self.text(words.OUTCOMES, pk), draw.choice(kinds), ""
                place = draw.randrange(len(self.workshops))
                if kind in Outcome.LIVING:
                    stage = draw.choice(["identified", "drafted", "adopted", "in-force"])
                    stages.append((pk, stage, str(self.days[place])))
                key, theme = key_of_text(*text), draw.choice([*self.themes, None])
                about = kind, theme, *text, key, stage, self.thread(0.03, text), self.changed_on()
                yield pk, self.workshops[place], *about, *self.archived()

        columns = "id workshop_id kind theme_id text_en text_km search_key stage thread_id updated_at"
        rows_now = list(rows())
        self.write_threads()
        write_rows(Outcome, [*columns.split(), "archived_at", "archive_reason"], rows_now)
        write_rows(OutcomeStage, ("outcome_id", "stage", "reached_on"), stages)
        self.serve(Outcome, ids, "goals", self.goals, 3)

    def write_actions(self) -> None:
        rows = [self.action(pk) for pk in self.number("actions", Action)]
        self.write_threads()
        columns = "id outcome_id workshop_id program_id owner_user_id owner_organisation_id owner_person_id text_en"
        more = "text_km search_key due_on priority thread_id updated_at status closed_on done_en closed_by_id"
        write_rows(Action, [*columns.split(), *more.split(), "verified_by_id", "archived_at", "archive_reason"], rows)

    def action(self, pk: int) -> tuple[Any, ...]:
        """Return one row: due a while after some day, mostly done when that has passed."""
        draw, text = self.random, self.text(words.ACTIONS, pk)
        parent = self.one_of((self.outcomes, 7), (self.workshops, 2), (self.programs, 1))
        owner = self.one_of((self.users, 3), (self.organisations, 5), (self.people, 2))
        due, priority = self.day(), draw.choice([1, 2, 2, 2, 3])
        status = draw.choice(["planned", "started", "blocked"])
        if due < self.today and draw.random() < 0.9:
            status = draw.choice(["done"] * 8 + ["to-verify", "dropped"])
        closed: tuple[Any, ...] = (None, "", None, None)
        if status in ("done", "to-verify"):
            by, second = draw.sample(self.users, 2)
            closed = (str(due + datetime.timedelta(days=draw.randint(-40, 40))), "Done.", by, second)
        when = str(due), priority, self.thread(0.03, text), self.changed_on(), status
        return pk, *parent, *owner, *text, key_of_text(*text), *when, *closed, *self.archived()

    def one_of(self, *weighted: tuple[Any, int]) -> list[int | None]:
        """Return a column for each kind of thing, with an id in one of them."""
        (chosen,) = self.random.choices(range(len(weighted)), [weight for _ids, weight in weighted])
        return [self.random.choice(ids) if place == chosen else None for place, (ids, _) in enumerate(weighted)]

    def write_threads(self) -> None:
        """Write the threads handed out so far that are not there yet."""
        upto = next(self.threads)
        self.threads = count(upto)
        write_rows(Thread, ("id",), ((pk,) for pk in range(first_free(Thread), upto)))

    def write_comments(self) -> None:
        ids = count(first_free(Comment))
        asked = [(next(ids), *comment) for comment in self.comments]
        columns = ("id", "thread_id", "kind", "text", "created_by_id", "answers_id")
        write_rows(Comment, columns, ((*comment, None) for comment in asked))
        questions = [comment for comment in asked if comment[2] == "question"]
        answered = questions[: -len(questions) // 5]
        answers = ((next(ids), row[1], "answer", "Yes.", self.users[0], row[0]) for row in answered)
        write_rows(Comment, columns, answers)
