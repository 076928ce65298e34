"""The Khmer side of the portal: a complete and well-written catalogue, formats, and pages without leftover English."""

import datetime
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import django
import polib
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format, localize, number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_lazy, ngettext, override

from capred_portal import facts
from capred_portal.matching import normalise_lines
from capred_portal.models import LoadRow
from tests.factories import PASSWORD, make_user
from tests.machine import IN_CI
from tests.routes import examples, make_sample

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "capred_portal" / "locale" / "km" / "LC_MESSAGES"
CATALOGUE = polib.pofile(str(LOCALE / "django.po"))
SCRIPTS = polib.pofile(str(LOCALE / "djangojs.po"))
ENTRIES = [*CATALOGUE, *SCRIPTS]

DJANGO = Path(django.__file__).parent
# Django's lists of languages, and pages that only a developer with DEBUG=True can see.
NOT_FOR_READERS = ("conf/global_settings.py", "views/csrf.py", "views/templates/", "views/debug.py")

PLACEHOLDERS = re.compile(r"%\(\w+\)[a-z]|%[sdr](?![A-Za-z])|%%|\{\w*\}")

# Latin words a Khmer reader expects: names, formats, and what stands on a key or in a file.
EXPECTED = {
    *(
        "MISTI",
        "CAPRED",
        "English",
        "GMP",
        "HS",
        "ISIC",
        "ISO",
        "Rev",
        "US",
        "USD",
        "AUD",
        "KHR",
        "MB",
        "CSV",
        "CLEAR",
        "Enter",
        "Excel",
        "XLSX",
        "xlsx",
        "Mac",
    ),
    *("Control", "Command", "Alt", "ID", "IP"),
    # Publishers, tables, methods and gases by the names they have everywhere.
    *("ADB", "BEC", "CAM", "CIF", "CO", "CPA", "Comtrade", "FAO", "FOB", "HRK", "JavaScript", "MRIO", "NACE", "ODC"),
    *("OECD", "UN", "VNA", "WITS", "Xinhua", "ZIP", "ca", "dom", "imp", "ttl"),
    # Standards, programs and formats, and what is typed into an address as it stands.
    *("BI", "DAC", "DF", "GET", "IATI", "INDICATORS", "OpenAPI", "PDF", "Power", "SDMX"),
    *("api", "csv", "format", "rice", "tables"),
    # Who first wrote of a method, and where it was written.
    *("Balassa", "Blair", "Dietzenbacher", "Ghosh", "Herfindahl", "Hirschman", "Hummels", "Ishii", "Jones", "Kim"),
    *("Koopman", "Lahr", "Laursen", "Leontief", "Miller", "Rasmussen", "Wang", "Wei", "Yi"),
    *("Economic", "Journal", "Structures", "of"),
}
# Words that other packages show in the administration without asking for a translation.
UPSTREAM = {"Axes", "Tasks", "Task", "Results", "Database", "Backend", "Search", "True", "False"}
UNNAMED = {"Created", "Updated", "Version", "by"}  # columns of Record that its model gives no name in words
VISIBLE_ATTRIBUTES = ("aria-label", "title", "alt", "placeholder")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def khmer(entry: polib.POEntry) -> str:
    return str(entry.msgstr or entry.msgstr_plural.get(0, ""))


def msgids(entries: list[polib.POEntry]) -> set[tuple[str | None, str]]:
    return {key(entry) for entry in entries if entry.translated() and not entry.obsolete}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> list[polib.POEntry]:
    """Every message in our code and templates, extracted from a copy of them."""
    if not shutil.which("xgettext"):
        (pytest.fail if IN_CI else pytest.skip)("skipped: because GNU gettext (xgettext) is not in PATH")
    copy = tmp_path_factory.mktemp("sources")
    no_copies = shutil.ignore_patterns("*.po", "*.mo", "__pycache__", "migrations", "reference")
    for folder in ("capred_portal", "enterprises", "programs", "indicators", "templates"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=no_copies)
    locale = copy / "capred_portal" / "locale"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        patch.setattr("django.conf.settings.LOCALE_PATHS", [str(locale)])
        call_command("makemessages", locale=["km"], extensions=["html", "txt", "py"], verbosity=0)
    return list(polib.pofile(str(locale / "km" / "LC_MESSAGES" / "django.po")))


# The catalogue


def test_every_message_is_in_the_catalogue(extracted):
    assert sorted(entry.msgid for entry in extracted if key(entry) not in msgids(CATALOGUE)) == []


def test_catalogue_holds_no_message_that_is_gone(extracted):
    ours = msgids([entry for entry in CATALOGUE if entry.tcomment != "Django"])

    assert sorted(msgid for _context, msgid in ours - {key(entry) for entry in extracted}) == []


def test_nothing_is_fuzzy_obsolete_or_empty():
    assert [entry.msgid for entry in ENTRIES if entry.fuzzy or entry.obsolete or not khmer(entry).strip()] == []


def test_khmer_has_one_plural_form():
    assert CATALOGUE.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert [entry.msgid for entry in ENTRIES if entry.msgid_plural and entry.msgstr_plural.keys() != {0}] == []


def test_placeholders_are_kept():
    def wanted(entry: polib.POEntry) -> list[list[str]]:
        return [sorted(PLACEHOLDERS.findall(text)) for text in (entry.msgid, entry.msgid_plural) if text]

    assert [entry.msgid for entry in ENTRIES if sorted(PLACEHOLDERS.findall(khmer(entry))) not in wanted(entry)] == []


def django_messages(folder: str, domain: str = "django") -> Iterator[polib.POEntry]:
    """Yield what a part of Django can say to a reader."""
    for entry in polib.pofile(str(DJANGO / folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po")):
        if not all(place.startswith(NOT_FOR_READERS) for place, _line in entry.occurrences):
            yield entry


@pytest.mark.parametrize("folder", ["conf", "contrib/admin", "contrib/auth", "contrib/contenttypes"])
def test_what_django_says_is_translated(folder):
    said = list(django_messages(folder))

    assert len(said) > 5
    assert [entry.msgid for entry in said if key(entry) not in msgids(CATALOGUE)] == []


def test_what_the_scripts_of_the_administration_say_is_translated():
    assert {key(entry) for entry in django_messages("contrib/admin", "djangojs")} == msgids(SCRIPTS)


# The text


def test_text_is_in_stored_form():
    assert [khmer(entry) for entry in ENTRIES if normalise_lines(khmer(entry)) != khmer(entry).rstrip()] == []


def test_text_is_tidy():
    slips = {
        "two spaces": "  ",
        "a space before a mark": r" [។៖?!]",
        "Khmer digits, where all other numbers are 0 to 9": "[០-៩]",
        "a stop of Latin script after a Khmer word": r"[\u1780-\u17d3]\.(?:\s|$)",
        "a colon of Latin script after a Khmer word": r"[\u1780-\u17d3]:",
        "a semicolon": ";",
        "quotation marks of Latin script": "[“”]",
        "an invisible character": "[\u200b-\u200d\u2060\ufeff]",
    }
    found = [f"{slip}: {khmer(one)}" for one in ENTRIES for slip, rule in slips.items() if re.search(rule, khmer(one))]

    assert found == []


def test_glossary_is_in_stored_form_and_says_each_term_once():
    terms = list(facts.read(facts.__file__, "glossary_km"))

    assert [term["km"] for term in terms if normalise_lines(term["km"]) != term["km"]] == []
    assert len({term["en"] for term in terms}) == len(terms)
    assert all(term["source"] for term in terms)
    assert {term["confidence"] for term in terms} == {"official", "catalogue", "cldr", "general"}


@pytest.mark.parametrize("confidence", ["official", "general"])
def test_terms_of_the_glossary_are_used_as_they_stand(confidence):
    terms = {
        term["en"].lower(): term["km"]
        for term in facts.read(facts.__file__, "glossary_km")
        if term["confidence"] == confidence
    }
    used = {entry.msgid: khmer(entry) for entry in CATALOGUE if entry.msgid.lower() in terms and not entry.msgctxt}

    assert len(used) > 5
    assert {msgid: text for msgid, text in used.items() if text != terms[msgid.lower()]} == {}


# Numbers, dates, forms


def test_numbers_and_dates_follow_cldr():
    day = datetime.date(2024, 8, 14)
    with override("km"):
        assert localize(1234.5) == "1234.5"
        assert number_format(1234567.5, use_l10n=True, force_grouping=True) == "1,234,567.5"
        assert date_format(day) == "14 សីហា 2024"
        assert date_format(day, "YEAR_MONTH_FORMAT") == "សីហា 2024"
        assert date_format(day, "SHORT_DATE_FORMAT") == "14/08/2024"
        assert date_format(datetime.date(2024, 3, 4), "l j F") == "ច័ន្ទ 4 មីនា"


def test_spans_of_time_have_one_form():
    start = datetime.datetime(2024, 8, 14, tzinfo=datetime.UTC)
    with override("km"):
        for days in (1, 2):
            assert timesince(start, start + datetime.timedelta(days=days)).replace("\xa0", " ") == f"{days} ថ្ងៃ"
        assert ngettext("%(num)d week", "%(num)d weeks", 1) % {"num": 1} == "1 សប្ដាហ៍"


def test_plurals_of_one_and_of_zero_read_the_same():
    with override("km"):
        singular, plural = (ngettext("%(total)s workshop", "%(total)s workshops", number) for number in (1, 0))

    assert singular == plural == "សិក្ខាសាលា %(total)s"


def test_our_catalogue_comes_before_that_of_django():
    with override("km"):
        assert gettext("Yes") == "បាទ/ចាស"
        assert str(gettext_lazy("Password")) == "ពាក្យសម្ងាត់"


def test_switch_of_language_stays_with_the_account(staff, staff_client, anonymous_client):
    answer = staff_client.post(reverse("set_language"), {"language": "km", "next": "/about/"})
    staff.refresh_from_db()

    assert (answer.status_code, answer["Location"], staff.language) == (302, "/about/", "km")
    signed_in = anonymous_client.post(reverse("login"), {"username": staff.username, "password": PASSWORD}, follow=True)
    assert '<html lang="km">' in signed_in.content.decode()


def test_refused_forms_speak_khmer(staff_client, anonymous_client):
    for client in (staff_client, anonymous_client):
        client.cookies["django_language"] = "km"

    empty = staff_client.post(reverse("workshops:new"), {"title": "", "date": "31/02/2024", "host": ""})
    wrong = anonymous_client.post(reverse("login"), {"username": "nobody", "password": "wrong"})

    assert "ចាំបាច់បំពេញទិន្នន័យកន្លែងនេះ។" in empty.content.decode()
    assert "សូមបញ្ចូលឈ្មោះអ្នកប្រើប្រាស់ និងពាក្យសម្ងាត់ឱ្យត្រឹមត្រូវ។" in wrong.content.decode()


def test_mail_for_a_new_password_speaks_khmer(anonymous_client, mailoutbox, django_capture_on_commit_callbacks):
    user = make_user("staff", language="km")

    with django_capture_on_commit_callbacks(execute=True):
        anonymous_client.post(reverse("password_reset"), {"email": user.email})

    assert mailoutbox[0].subject == "ពាក្យសម្ងាត់ថ្មីសម្រាប់វិបផតថលសមត្ថភាពប្រកួតប្រជែងកម្មន្តសាល"
    assert "សូមបើកទំព័រនេះដើម្បីជ្រើសរើស៖" in mailoutbox[0].body


def test_wording_page_lists_what_is_ours(staff_client):
    page = staff_client.get(reverse("wording")).content.decode()

    assert '<th scope="row" lang="en">workshop</th>' in page
    assert '<td lang="km">សិក្ខាសាលា</td>' in page
    assert "ភស្តុតាង" not in page  # official


# Pages


class Texts(HTMLParser):
    """The texts of a page that a reader sees or hears, without what is marked as English, code or typed text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        hidden = self.hidden or tag in {"script", "style", "code", "textarea"} or values.get("lang") == "en"
        if not hidden:
            self.found += [values[name] or "" for name in VISIBLE_ATTRIBUTES if name in values]
            self.found += [values.get("value") or ""] if tag == "input" and values.get("type") == "submit" else []
        if tag not in VOID:
            self.open.append((tag, hidden))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(" ".join(data.split()))

    @property
    def hidden(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def words_of_records() -> list[str]:
    """Return what people wrote into the records: titles, names, comments, sources; the longest first."""
    texts: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label in {"capred_portal", "programs", "enterprises"} and "history" not in model.__name__:
            prose = (models.CharField, models.TextField)
            names = [field.attname for field in model._meta.concrete_fields if isinstance(field, prose)]
            names = [name for name in names if not model._meta.get_field(name).choices]
            rows = model._base_manager.values_list(*names) if names else []
            texts.update(" ".join(text.split()) for row in rows for text in row if text)
    cells = (cell for row in LoadRow.objects.values_list("raw", flat=True) for cell in row.values())
    texts.update(" ".join(cell.split()) for cell in cells)
    return sorted((text for text in texts if len(text) > 3 and re.search("[A-Za-z]{2}", text)), key=len, reverse=True)


def english_left(text: str, written: list[str], expected: set[str]) -> list[str]:
    """Return the Latin words of a text that are neither expected nor from a record, in full or cut off."""
    if not re.search("[A-Za-z]{2}", text):
        return []
    for start in re.findall(r"(\w[^…៖·]{10,})…", text):
        if any(words.startswith(start) for words in written):
            text = text.replace(f"{start}…", " ")
    for words in written:
        text = text.replace(words, " ")
    text = re.sub(r"\S+@\S+|https?://\S+|\.xlsx", " ", text)
    text = re.sub(r"(?<=៖ )[\w+-]+(?:, [\w+-]+)+(?=។)", " ", text)  # the codes that a cell of a file may hold
    return [word for word in re.findall("[A-Za-z]{2,}", text) if word not in expected]


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows of all pages here, made once and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sample()
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", ["staff", "officer", "admin"])
def test_pages_hold_no_english(role, db, sample):
    client = Client()
    client.force_login(get_user_model().objects.get(username=role), "django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "km"
    pages = {one.name: one.url for one in examples(sample) if role in one.roles and one.is_page}
    if role != "staff":
        pages = {name: url for name, url in pages.items() if name.startswith(("admin:", "overview", "workshops:"))}
    written = words_of_records()
    left: dict[str, set[str]] = {}

    for name, url in pages.items():
        response = client.get(url)
        texts = Texts()
        texts.feed(response.content.decode() if "html" in response.headers["Content-Type"] else "")
        expected = EXPECTED | UPSTREAM | UNNAMED if name.startswith("admin:") else EXPECTED
        if found := {text for text in texts.found if english_left(text, written, expected)}:
            left[name] = found

    assert len(pages) > 2
    assert left == {}
