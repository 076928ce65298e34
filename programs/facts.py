"""The strategies, CAPRED and the workshop of 14 August 2024, with exactly what the sources state."""

import datetime
from typing import Any

from capred_portal.facts import facts, read
from capred_portal.models import Organisation
from capred_portal.records import writing
from programs.models import (
    Component,
    Framework,
    Goal,
    Outcome,
    Person,
    Program,
    ProgramBudget,
    ProgramPartner,
    Statement,
    Theme,
    Workshop,
    WorkshopHost,
)

RELEASE = "Joint press release of MISTI and the Australian Embassy, 14 August 2024"
DFAT = "Department of Foreign Affairs and Trade, CAPRED program pages (read in a secondary source)"

ORGANISATIONS: list[dict[str, Any]] = [
    {
        "name_en": "Ministry of Industry, Science, Technology & Innovation",
        "name_km": "ក្រសួងឧស្សាហកម្ម វិទ្យាសាស្ត្រ បច្ចេកវិទ្យា និងនវានុវត្តន៍",
        "acronym": "MISTI",
        "kind": Organisation.Kind.GOVERNMENT,
        "media_email": "media@misti.gov.kh",
    },
    {
        "name_en": "Australian Embassy, Cambodia",
        "name_km": "",
        "acronym": "",
        "kind": Organisation.Kind.DEVELOPMENT_PARTNER,
        "media_email": "Media.Cambodia@dfat.gov.au",
    },
]

# Code of the theme, kind of the outcome, what the release says, goals it serves (our own mapping, to be confirmed).
OUTCOMES: list[tuple[str, str, str, list[str]]] = [
    (
        "supply-chains",
        Outcome.Kind.FINDING,
        "The manufacturing sector has experienced significant improvements, yet it remains heavily dependent on "
        "imported raw materials, highlighting the need for enhanced competitiveness.",
        ["2"],
    ),
    (
        "diversification",
        Outcome.Kind.COMMITMENT,
        "MISTI and CAPRED are identifying essential tools, policies, and programs for diversifying the sector.",
        ["2", "2.1"],
    ),
    (
        "supply-chains",
        Outcome.Kind.COMMITMENT,
        "MISTI and CAPRED are identifying essential tools, policies, and programs for bolstering local supply chains.",
        ["2", "2.1"],
    ),
    (
        "sme-integration",
        Outcome.Kind.COMMITMENT,
        "MISTI and CAPRED are identifying essential tools, policies, and programs for integrating small and "
        "medium-sized enterprises (SMEs) into the value chain.",
        ["3", "3.2"],
    ),
    (
        "entrepreneurship",
        Outcome.Kind.COMMITMENT,
        "The Ministry aims to enhance manufacturing sector competitiveness by fostering an entrepreneurial ecosystem.",
        ["3", "3.2"],
    ),
    (
        "quality",
        Outcome.Kind.COMMITMENT,
        "The Ministry aims to develop national quality infrastructure to support local industries' integration into "
        "global value chains.",
        ["2", "2.1"],
    ),
    (
        "sme-integration",
        Outcome.Kind.COMMITMENT,
        "The Ministry aims to promote initiatives such as SME clusters.",
        ["3", "3.2"],
    ),
    (
        "quality",
        Outcome.Kind.COMMITMENT,
        "CAPRED provides policy support and assistance to develop micro, small, and medium-sized enterprises and to "
        "establish national quality infrastructure.",
        ["2", "3", "3.2"],
    ),
    (
        "inclusion",
        Outcome.Kind.COMMITMENT,
        "CAPRED provides policy support and assistance to promote gender equality, disability and social inclusion.",
        ["4", "4.1"],
    ),
]

STATEMENTS = [
    {
        "honorific": "H.E.",
        "name_en": "Hem Vandy",
        "office_en": "Minister of Industry, Science, Technology & Innovation",
        "text_en": "Cambodia's manufacturing sector holds immense potential for fueling economic growth and job "
        "creation. This workshop aims to transform knowledge and insights into actionable strategies that will "
        "elevate our manufacturing sector to the next level of development.",
    },
    {
        "honorific": "",
        "name_en": "Andreas Zurbrugg",
        "office_en": "Australian Chargé d'affaires",
        "text_en": "Australia is committed to supporting Cambodia's economic growth and diversification. By "
        "strengthening the manufacturing sector, we are creating opportunities for businesses to thrive and for "
        "Cambodians to prosper.",
    },
]

COMPONENTS = [
    ("Agricultural transformation", ""),
    ("Trade, investment and enterprise development", ""),
    ("Infrastructure services", ""),
]


@facts(order=20)
def write_strategies() -> None:
    """Write the strategies, their goals and the themes; a title an administrator has changed stays."""
    with writing("programs"):
        for order, row in enumerate(read(__file__, "themes")):
            titles = {"title_en": row["title_en"], "title_km": row["title_km"], "order": order}
            Theme.objects.get_or_create(code=row["code"], defaults=titles)
        for row in read(__file__, "frameworks"):
            code, source = (
                row.pop("code"),
                f"{row.pop('source')}, {row.pop('edition')} ({row.pop('confidence')})",
            )
            Framework.objects.get_or_create(code=code, defaults=row | {"source": source})
        frameworks = {framework.code: framework for framework in Framework.objects.all()}
        goals: dict[tuple[str, str], Goal] = {}
        for row in read(__file__, "goals"):
            framework = frameworks[row.pop("framework")]
            parent = goals.get((framework.code, row.pop("parent")))
            code, source = row.pop("code"), f"{row.pop('source')}, {row.pop('edition')}"
            goals[framework.code, code], _created = Goal.objects.get_or_create(
                framework=framework, code=code, defaults=row | {"parent": parent, "source": source}
            )


@facts(order=30)
def write_capred() -> None:
    """Write CAPRED with its public facts; once it is there, people keep it."""
    if Program.objects.filter(slug="capred").exists():
        return
    with writing("programs"):
        ministry, embassy = (
            Organisation.objects.get_or_create(name_en=row["name_en"], defaults=row)[0] for row in ORGANISATIONS
        )
        program = Program.objects.create(
            slug="capred",
            title_en="Cambodia Australia Partnership for Resilient Economic Development (CAPRED)",
            title_km="កម្មវិធីភាពជាដៃគូ កម្ពុជា អូស្ត្រាលី សម្រាប់ការអភិវឌ្ឍសេដ្ឋកិច្ចប្រកបដោយភាពធន់",
            summary_en="End-of-program objectives by 2031: government agencies develop and implement policies for more "
            "sustainable, resilient, inclusive growth; private stakeholders undertake more sustainable, resilient, "
            "inclusive trade and investment. Gender equality, disability and social inclusion, and climate, "
            "cut across.",
            starts_on=datetime.date(2022, 9, 17),
            status=Program.Status.RUNNING,
            status_note_en="Launched on 17 September 2022, planned for 2022-27; the last day is not stated.",
            goals_confirmed=False,
            source=DFAT,
        )
        program.goals.set(goals_of("2", "3", "4"))
        for order, (title_en, title_km) in enumerate(COMPONENTS):
            Component.objects.create(program=program, title_en=title_en, title_km=title_km, order=order)
        ProgramBudget.objects.create(program=program, currency="AUD", budget=87_000_000, source=DFAT)
        ProgramPartner.objects.create(program=program, organisation=embassy, role=ProgramPartner.Role.FUNDER)
        ProgramPartner.objects.create(program=program, organisation=ministry, role=ProgramPartner.Role.PARTNER)


@facts(order=40)
def write_workshop() -> None:
    """Write the workshop of 14 August 2024; once it is there, people keep it."""
    if Workshop.objects.filter(source=RELEASE).exists():
        return
    with writing("programs"):
        workshop = Workshop.objects.create(
            title_en="Manufacturing Sector Competitiveness, Backward Linkages and SME Clusters",
            date=datetime.date(2024, 8, 14),
            program=Program.objects.get(slug="capred"),
            summary_en="The Ministry of Industry, Science, Technology & Innovation (MISTI) partnered with the "
            "Australian Embassy through its CAPRED program to boost Cambodian manufacturing by hosting the workshop.\n"
            "MISTI plays a central role in advancing Cambodia's industrial development and diversification in line "
            "with the government's Pentagonal Strategy. Through these efforts, it seeks to reduce reliance on imports, "
            "stimulate job creation, and ultimately build a more sustainable, resilient and inclusive economy.",
            goals_confirmed=False,
            source=RELEASE,
        )
        workshop.topics.set(Theme.objects.all())
        workshop.goals.set(goals_of("2", "2.1", "3", "3.2", "4"))
        for row in ORGANISATIONS:
            host = Organisation.objects.get(name_en=row["name_en"])
            role = WorkshopHost.Role.HOST if host.acronym == "MISTI" else WorkshopHost.Role.CO_HOST
            WorkshopHost.objects.create(workshop=workshop, organisation=host, role=role)
        for theme, kind, text_en, codes in OUTCOMES:
            outcome = Outcome.objects.create(workshop=workshop, theme_id=theme, kind=kind, text_en=text_en)
            outcome.goals.set(goals_of(*codes))
        for row in STATEMENTS:
            person = Person.objects.create(honorific=row["honorific"], name_en=row["name_en"])
            Statement.objects.create(
                workshop=workshop, person=person, office_en=row["office_en"], text_en=row["text_en"]
            )


def goals_of(*codes: str) -> Any:
    """Return goals of the Pentagonal Strategy – Phase I by code."""
    return Goal.objects.filter(framework__code="pentagonal-1", code__in=codes)
