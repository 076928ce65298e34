"""Demonstration rows: a program, its workshops and what came of them, all invented from one seed and marked."""

import datetime
import random
from typing import Any

from django.db.models import Q
from django.utils import timezone

from capred_portal.demo import makes, remove, removes
from capred_portal.models import Comment, Organisation, Thread, User
from capred_portal.periods import days_of
from enterprises.models import Enterprise, Province, SupplyLink
from programs.models import (
    Action,
    AgendaItem,
    Attendance,
    Component,
    Goal,
    LinkAttribution,
    Outcome,
    OutcomeStage,
    Person,
    Program,
    ProgramBudget,
    ProgramPartner,
    ProgramSector,
    Risk,
    Statement,
    Support,
    Theme,
    Workshop,
    WorkshopHost,
    settle_attribution,
)

FAMILY = [
    ("Sok", "សុខ"),
    ("Chan", "ចាន់"),
    ("Kim", "គឹម"),
    ("Heng", "ហេង"),
    ("Chea", "ជា"),
    ("Keo", "កែវ"),
    ("Ly", "លី"),
    ("Meas", "មាស"),
]
GIVEN = [
    ("Dara", "ដារា", "m"),
    ("Sophea", "សុភា", "f"),
    ("Bopha", "បុប្ផា", "f"),
    ("Vuthy", "វុទ្ធី", "m"),
    ("Srey Mom", "ស្រីមុំ", "f"),
    ("Rithy", "ឫទ្ធី", "m"),
    ("Channary", "ចាន់ណារី", "f"),
    ("Pisey", "ពិសី", "f"),
    ("Samnang", "សំណាង", "m"),
    ("Kosal", "កុសល", "m"),
]
ORGANISATIONS = [
    ("Demo Garment Works", "រោងចក្រកាត់ដេរ គំរូ", "private"),
    ("Demo Packaging Co-operative", "សហករណ៍វេចខ្ចប់ គំរូ", "private"),
    ("Demo Food Processing SME", "សហគ្រាសកែច្នៃអាហារ គំរូ", "private"),
    ("Demo Metal Parts Workshop", "រោងជាងគ្រឿងដែក គំរូ", "private"),
    ("Demo Association of Manufacturers", "សមាគមកម្មន្តសាល គំរូ", "association"),
    ("Demo Provincial Industry Office", "មន្ទីរឧស្សាហកម្ម គំរូ", "government"),
    ("Demo Technical Institute", "វិទ្យាស្ថានបច្ចេកទេស គំរូ", "academia"),
    ("Demo Disability Network", "បណ្តាញជនពិការ គំរូ", "ngo"),
]
SUBJECTS = [
    ("Local inputs for garment factories", "ធាតុចូលក្នុងស្រុកសម្រាប់រោងចក្រកាត់ដេរ", "supply-chains", "2.1"),
    ("Packaging suppliers meet buyers", "អ្នកផ្គត់ផ្គង់វេចខ្ចប់ជួបអ្នកទិញ", "sme-integration", "3.2"),
    ("Food standards for small producers", "ស្តង់ដាម្ហូបអាហារសម្រាប់អ្នកផលិតតូច", "quality", "2.1"),
    ("Testing and certification clinic", "គ្លីនិកតេស្ត និងវិញ្ញាបនបត្រ", "quality", "2.3"),
    ("Women who run factories", "ស្ត្រីដឹកនាំរោងចក្រ", "inclusion", "4.1"),
    ("Skills for machine maintenance", "ជំនាញថែទាំម៉ាស៊ីន", "diversification", "1.2"),
    ("From idea to small factory", "ពីគំនិតទៅរោងចក្រតូច", "entrepreneurship", "3.2"),
    ("Digital orders for SME clusters", "ការបញ្ជាទិញឌីជីថលសម្រាប់ចង្កោមសហគ្រាស", "diversification", "5.2"),
]
FINDINGS = [
    ("finding", "Buyers know few local suppliers of this input.", "អ្នកទិញស្គាល់អ្នកផ្គត់ផ្គង់ក្នុងស្រុកតិចតួច។"),
    (
        "recommendation",
        "Publish a list of inputs that could be made here.",
        "ផ្សព្វផ្សាយបញ្ជីធាតុចូលដែលអាចផលិតក្នុងស្រុក។",
    ),
    ("tool", "A checklist for first orders from local suppliers.", "បញ្ជីត្រួតពិនិត្យសម្រាប់ការបញ្ជាទិញដំបូង។"),
    ("policy", "A guideline on public purchase from SMEs.", "គោលការណ៍ណែនាំស្តីពីលទ្ធកម្មពីសហគ្រាសធុនតូច និងមធ្យម។"),
    ("program", "A shared testing service for the province.", "សេវាតេស្តរួមសម្រាប់ខេត្ត។"),
    ("commitment", "Two factories will try local packaging.", "រោងចក្រពីរនឹងសាកល្បងការវេចខ្ចប់ក្នុងស្រុក។"),
]
TASKS = [
    ("Send the list of inputs to all participants", "ផ្ញើបញ្ជីធាតុចូលដល់អ្នកចូលរួមទាំងអស់"),
    ("Arrange a visit of buyers to the suppliers", "រៀបចំដំណើរទស្សនកិច្ចរបស់អ្នកទិញ"),
    ("Draft the checklist and test it", "ព្រាងបញ្ជីត្រួតពិនិត្យ ហើយសាកល្បង"),
    ("Agree on a date for the trial order", "ព្រមព្រៀងកាលបរិច្ឆេទសម្រាប់ការបញ្ជាទិញសាកល្បង"),
    ("Train ten firms in quality records", "បណ្តុះបណ្តាលសហគ្រាសដប់អំពីកំណត់ត្រាគុណភាព"),
    ("Collect prices of local and imported packaging", "ប្រមូលតម្លៃវេចខ្ចប់ក្នុងស្រុក និងនាំចូល"),
]
QUESTIONS = [
    ("Which firms were asked so far?", "Five firms of the cluster; two have answered."),
    ("Is the budget for this agreed?", "Yes, with the program, last month."),
    ("What would help to finish it sooner?", "A second trainer in the province."),
]
ACTION_STATES = [
    Action.Status.PLANNED,
    Action.Status.STARTED,
    Action.Status.STARTED,
    Action.Status.BLOCKED,
    Action.Status.TO_VERIFY,
    Action.Status.DONE,
    Action.Status.DONE,
    Action.Status.DONE,
    Action.Status.DROPPED,
]
YEARS_OF_MONEY = [(2024, 90_000, 84_500), (2025, 110_000, 98_000), (2026, 110_000, 101_000), (2027, 90_000, 88_000)]
DEMO = {"is_demo": True}
CHILDREN_FIRST: list[Any] = [
    LinkAttribution,
    Action,
    OutcomeStage,
    Outcome,
    Attendance,
    AgendaItem,
    Statement,
    WorkshopHost,
    Workshop,
    Person,
    Support,
    Risk,
    ProgramBudget,
    ProgramPartner,
    ProgramSector,
    Component,
    Program,
]


@makes(order=10)
def make_program(generator: random.Random) -> None:
    """Make the demonstration program with organisations, people, money, support and risks."""
    organisations = [
        Organisation.objects.create(name_en=en, name_km=km, kind=kind, **DEMO) for en, km, kind in ORGANISATIONS
    ]
    program = Program.objects.create(
        slug="demo",
        title_en="Demonstration program: local inputs first",
        title_km="កម្មវិធីគំរូ៖ ធាតុចូលក្នុងស្រុកជាមុន",
        summary_en="Invented to show how the portal works. None of it happened.",
        summary_km="បង្កើតឡើងដើម្បីបង្ហាញពីរបៀបដែលវិបផតថលដំណើរការ។ គ្មានអ្វីកើតឡើងពិតទេ។",
        starts_on=datetime.date(2024, 1, 15),
        ends_on=datetime.date(2027, 12, 31),
        status=Program.Status.RUNNING,
        status_note_en="Workshops are held as planned; closing actions on time is the weak point.",
        status_note_km="សិក្ខាសាលាធ្វើតាមផែនការ ប៉ុន្តែការបញ្ចប់សកម្មភាពឱ្យទាន់ពេលនៅខ្សោយ។",
        **DEMO,
    )
    program.goals.set(Goal.objects.filter(code__in=["2", "2.1", "3", "3.2", "4.1"], framework__code="pentagonal-1"))
    for order, (title_en, title_km) in enumerate([("Finding suppliers", "ការស្វែងរកអ្នកផ្គត់ផ្គង់"), ("Quality", "គុណភាព")]):
        Component.objects.create(program=program, title_en=title_en, title_km=title_km, order=order, **DEMO)
    make_parts(generator, program, organisations)
    make_people(organisations)


def make_parts(generator: random.Random, program: Program, organisations: list[Organisation]) -> None:
    """Make the program's money, partner, sectors, support and risk."""
    make_budgets(program)
    ProgramPartner.objects.create(program=program, organisation=organisations[4], role="lead", **DEMO)
    for code, share in (("32110", 40), ("32130", 60)):
        ProgramSector.objects.create(program=program, code=code, share_pct=share, **DEMO)
    make_support(generator, program, organisations)
    Risk.objects.create(
        program=program,
        text_en="Buyers wait for larger volumes than small firms can make.",
        text_km="អ្នកទិញរង់ចាំបរិមាណធំជាងអ្វីដែលសហគ្រាសតូចអាចផលិតបាន។",
        likelihood=2,
        effect=3,
        response_en="Bring firms together in clusters.",
        response_km="ប្រមូលផ្តុំសហគ្រាសជាចង្កោម។",
        **DEMO,
    )


def make_budgets(program: Program) -> None:
    """Say the program's money year by year: whole years are spent, the running one in part."""
    today = timezone.localdate()
    for year, budget, spent in YEARS_OF_MONEY:
        days = days_of(str(year))
        first, last = max(days[0], program.starts_on or days[0]), min(days[1], program.ends_on or days[1])
        told = {"spent": spent if last <= today else spent // 2, "as_of": min(last, today)} if first <= today else {}
        ProgramBudget.objects.create(
            program=program, currency="USD", starts_on=first, ends_on=last, budget=budget, **told, **DEMO
        )


def make_support(generator: random.Random, program: Program, organisations: list[Organisation]) -> None:
    """Support the firms of the register whose people come to workshops, some others, and an association."""
    firms = list(Enterprise.objects.filter(is_demo=True).order_by("pk")[:12])
    for firm, organisation in zip(firms, organisations[:4], strict=False):
        firm.organisation = organisation
        firm.save(update_fields=["organisation"])
    receivers: list[dict[str, Any]] = [{"organisation": organisations[4]}]
    receivers += [{"enterprise": firm} for firm in firms[1:]] or [{"organisation": one} for one in organisations[:4]]
    for receiver in receivers:
        day = datetime.date(2025, generator.randint(1, 12), generator.randint(1, 28))
        kind = generator.choice(Support.Kind.values)
        Support.objects.create(program=program, kind=kind, starts_on=day, **receiver, **DEMO)


def make_people(organisations: list[Organisation]) -> None:
    """Make people of both sexes, each of one organisation."""
    for index in range(140):
        family, given = FAMILY[index % len(FAMILY)], GIVEN[(index * 7) % len(GIVEN)]
        Person.objects.create(
            name_en=f"{family[0]} {given[0]} {index + 1}",
            name_km=f"{family[1]} {given[1]} {index + 1}",
            sex=given[2],
            organisation=organisations[index % len(organisations)],
            **DEMO,
        )


@makes(order=20)
def make_workshops(generator: random.Random) -> None:
    """Make workshops over two years and a few that are still to come, with people, outcomes and actions."""
    program = Program.objects.get(slug="demo")
    provinces, people = list(Province.objects.all()), list(Person.objects.filter(is_demo=True))
    organisations = list(Organisation.objects.filter(is_demo=True))
    goals = {goal.code: goal for goal in Goal.objects.filter(framework__code="pentagonal-1")}
    today = timezone.localdate()
    for index in range(28):
        title_en, title_km, theme, goal = SUBJECTS[index % len(SUBJECTS)]
        province = generator.choice(provinces)
        workshop = Workshop.objects.create(
            title_en=f"{title_en}, {province.name_en}",
            title_km=f"{title_km} {province.name_km}" if index % 4 else "",
            date=today + datetime.timedelta(days=30 * (index - 24) + generator.randint(0, 20)),
            program=program,
            province=province,
            head_count=generator.randint(18, 40) if index < 24 and index % 5 else None,
            **DEMO,
        )
        workshop.topics.set(Theme.objects.filter(code=theme))
        workshop.goals.set([goals[goal], goals[goal.split(".")[0]]])
        WorkshopHost.objects.create(workshop=workshop, organisation=generator.choice(organisations), **DEMO)
        AgendaItem.objects.create(
            workshop=workshop, title_en="Opening", title_km="ពិធីបើក", starts_at=datetime.time(8, 30), **DEMO
        )
        if workshop.date <= today:
            make_attendance(generator, workshop, people)
            make_outcomes(generator, workshop, theme, goals[goal], organisations)


def make_attendance(generator: random.Random, workshop: Workshop, people: list[Person]) -> None:
    """Let a changing group of people come."""
    Attendance.objects.bulk_create(
        Attendance(
            workshop=workshop,
            person=person,
            organisation=person.organisation,
            age_band=generator.choice(["18-35", "36-59", "36-59", "60+", ""]),
            disability=generator.choice(["no", "no", "no", "no", "no", "yes", "refused", ""]),
            registered=True,
            attended=generator.random() > 0.1,
            consent=True,
            **DEMO,
        )
        for person in generator.sample(people, generator.randint(15, 32))
    )


def make_outcomes(
    generator: random.Random, workshop: Workshop, theme: str, goal: Goal, organisations: list[Organisation]
) -> None:
    """Make a few outcomes, the life of those that have one, and actions in every state."""
    for kind, text_en, text_km in generator.sample(FINDINGS, 3):
        outcome = Outcome.objects.create(
            workshop=workshop,
            kind=kind,
            theme_id=theme,
            text_en=text_en,
            text_km=text_km if generator.random() > 0.2 else "",
            **DEMO,
        )
        outcome.goals.set([goal])
        if kind in Outcome.LIVING:
            for step, stage in enumerate(["identified", "drafted", "adopted"][: generator.randint(1, 3)]):
                day = min(workshop.date + datetime.timedelta(days=60 * step), timezone.localdate())
                OutcomeStage.objects.create(outcome=outcome, stage=stage, reached_on=day, **DEMO)
                outcome.stage = stage
            outcome.save()
        if generator.random() > 0.35:
            make_action(generator, outcome, organisations)


def make_action(generator: random.Random, outcome: Outcome, organisations: list[Organisation]) -> None:
    """Make one action in any state, some of them late, some with a question about them."""
    text_en, text_km = generator.choice(TASKS)
    due = outcome.workshop.date + datetime.timedelta(days=generator.randint(30, 240))
    action = Action(
        outcome=outcome,
        text_en=text_en,
        text_km=text_km,
        due_on=due,
        owner_organisation=generator.choice(organisations),
        priority=generator.choice([*Action.Priority.values, Action.Priority.NORMAL]),
        status=generator.choice(ACTION_STATES),
        **DEMO,
    )
    if action.status in (Action.Status.DONE, Action.Status.TO_VERIFY):
        close_action(generator, action)
    action.save()
    if generator.random() > 0.7:
        make_question(generator, action)


def close_action(generator: random.Random, action: Action) -> None:
    """Say what was done; a done action of high priority was verified by a second person."""
    today = timezone.localdate()
    action.closed_on = min(action.due_on + datetime.timedelta(days=generator.randint(-20, 15)), today)
    action.closed_by = User.objects.filter(is_demo=True, role="staff").first()
    action.done_en, action.done_km = "Done and reported.", "បានបញ្ចប់ និងរាយការណ៍។"
    if action.status == Action.Status.TO_VERIFY:
        action.priority = Action.Priority.HIGH
    elif action.is_high and (verifier := User.objects.filter(is_demo=True, role="verifier").first()):
        action.verified_by, action.verified_at = verifier, timezone.now()
    elif action.is_high:
        action.priority = Action.Priority.NORMAL  # nobody there to verify it


def make_question(generator: random.Random, action: Action) -> None:
    """Let the officer ask about an action, and the staff answer some of the questions."""
    users = {user.role: user for user in User.objects.filter(is_demo=True)}
    action.thread = Thread.objects.create()
    action.save()
    question, answer = generator.choice(QUESTIONS)
    asked = Comment.objects.create(
        thread=action.thread, kind=Comment.Kind.QUESTION, text=question, created_by=users.get("officer"), **DEMO
    )
    if generator.random() > 0.5:
        Comment.objects.create(
            thread=action.thread,
            kind=Comment.Kind.ANSWER,
            answers=asked,
            text=answer,
            created_by=users.get("staff"),
            **DEMO,
        )


@makes(order=30)
def make_attributions(generator: random.Random) -> None:
    """Say of two links in three that the program or one of its workshops brought about a part of them."""
    program = Program.objects.get(slug="demo")
    workshops = list(Workshop.objects.filter(is_demo=True).held().order_by("pk"))
    for place, link in enumerate(SupplyLink.objects.filter(is_demo=True).order_by("pk")):
        if place % 3 == 0:
            continue
        shares: list[tuple[dict[str, Any], int]] = [({"program": program}, generator.choice([30, 50, 60]))]
        if place % 4 == 1:
            shares.append(({"workshop": generator.choice(workshops)}, generator.choice([20, 40])))
        for giver, share_pct in shares:
            LinkAttribution.objects.create(link=link, share_pct=share_pct, **giver, **DEMO)
        settle_attribution(link.pk)


@removes(order=10)
def remove_rows() -> int:
    """Delete this app's demonstration rows, history included, children before parents."""
    hanging = Q(workshop__is_demo=True) | Q(outcome__is_demo=True) | Q(action__is_demo=True)
    threads = list(Thread.objects.filter(hanging).values_list("pk", flat=True))
    removed = sum(remove(model.objects.filter(is_demo=True)) for model in CHILDREN_FIRST)
    comments = Comment.objects.filter(thread__in=threads)
    removed += remove(comments.filter(kind=Comment.Kind.ANSWER)) + remove(comments)
    Thread.objects.filter(pk__in=threads).delete()
    return removed
