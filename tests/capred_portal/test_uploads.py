"""Documents: of kinds told by their content, under clean names, kept apart, sent as downloads to who may have them."""

import io
import re
from email.message import Message
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone, translation

from capred_portal.models import Document
from capred_portal.uploads import MESSAGES, check_content, cleaned_name
from indicators.models import Observation
from tests.document_files import BAD, GOOD
from tests.factories import ROLES, make_action, make_outcome, make_program, make_workshop
from tests.indicator_factories import make_observation
from tests.register_factories import make_link
from tests.routes import walk

# What is taken


@pytest.mark.parametrize("name", GOOD)
def test_documents_of_every_kind_are_taken(name):
    check_content(io.BytesIO(GOOD[name]), name)


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused_whatever_its_name_says(name):
    content, code = BAD[name]

    with pytest.raises(ValidationError) as refused:
        check_content(io.BytesIO(content), name)

    assert refused.value.code == code


def post_document(client, workshop, name, content, **fields):
    url = reverse("workshops:part_new", args=[workshop.pk, "documents"])
    return client.post(url, {"title_en": "Slides", "file": SimpleUploadedFile(name, content), **fields})


@pytest.mark.parametrize("name", ["drawing.svg", "page.pdf", "project.docx", "locked.docx"])
def test_the_form_says_why_and_keeps_nothing(name, staff_client):
    content, code = BAD[name]

    response = post_document(staff_client, make_workshop(), name, content)

    assert response.status_code == 422
    assert str(MESSAGES[code] % {"ending": name.partition(".")[2]}) in response.context["form"].errors["file"]
    assert not Document.objects.exists()


def test_the_kinds_are_told_in_khmer_too(staff_client):
    workshop = make_workshop()
    staff_client.post(reverse("set_language"), {"language": "km"})

    page = post_document(staff_client, workshop, "drawing.svg", b"<svg/>").context["form"].errors["file"]

    with translation.override("km"):
        assert str(MESSAGES["kind"]) in page


def test_an_empty_file_and_one_too_large_are_refused(staff_client, settings):
    settings.UPLOAD_LIMIT_MB = settings.UPLOAD_LIMIT_MB | {"document": 1}
    workshop = make_workshop()

    empty = post_document(staff_client, workshop, "a.txt", b"")
    large = post_document(staff_client, workshop, "a.txt", b"x" * (1024 * 1024 + 1))

    assert "empty" in empty.context["form"].errors["file"][0]
    assert "larger than 1 MB" in large.context["form"].errors["file"][0]
    assert not Document.objects.exists()


# Names


NAMES = {
    "report.pdf": "report.pdf",
    "../../etc/passwd.txt": "passwd.txt",
    "C:\\Users\\Dara\\list.csv": "list.csv",
    ".htaccess.txt": "htaccess.txt",
    "a\u202efdp.exe.txt": "afdp.exe.txt",
    "a\0b\r\nc.txt": "abc.txt",
    "half \ud800.txt": "half.txt",
    "របាយការណ៍ ២០២៤.pdf": "របាយការណ៍ ២០២៤.pdf",
    'a<b>"c|.txt': "a b c.txt",
    ".txt": "txt",
    "....": "file",
    "e\u0301.txt": "é.txt",
}


@pytest.mark.parametrize("name", NAMES)
def test_names_are_cleaned(name):
    assert cleaned_name(name) == NAMES[name]


@pytest.mark.parametrize("name", ["x" * 500 + ".pdf", "ក" * 500 + ".pdf", "x" * 500, "a." + "x" * 500])
def test_long_names_are_cut_and_keep_their_ending(name):
    cleaned = cleaned_name(name)

    assert len(cleaned) <= 100
    assert len(cleaned.encode()) <= 220
    assert cleaned.endswith(".pdf") == name.endswith(".pdf")


# Where it lies, and how it comes back


def test_a_document_is_kept_where_no_address_leads_and_comes_back_as_a_download(staff_client, client):
    workshop = make_workshop()
    name = "\u202eរបាយការណ៍.pdf"

    assert (
        post_document(staff_client, workshop, name, GOOD["a.pdf"], title_en="", title_km="របាយការណ៍").status_code == 302
    )

    document = Document.objects.get()
    kept = Path(document.file.path)
    assert kept.is_relative_to(settings.MEDIA_ROOT)
    assert not any(kept.is_relative_to(folder) for folder in settings.STATICFILES_DIRS)
    response = staff_client.get(document.get_absolute_url())
    assert response.getvalue() == GOOD["a.pdf"]
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"
    assert (response["Content-Disposition"].partition(";")[0], file_name(response)) == ("attachment", "របាយការណ៍.pdf")
    assert client.get(f"/{document.file.name}").status_code == 404


def file_name(response):
    message = Message()
    message["Content-Disposition"] = response["Content-Disposition"]
    return message.get_filename()


def test_no_route_serves_the_folder_of_uploads():
    assert settings.MEDIA_URL in {"", "/"}
    assert not any(getattr(entry.callback, "__name__", "") == "serve" for _name, entry in walk())
    assert not re.search("media|uploads", " ".join(str(entry.pattern) for _name, entry in walk(get_resolver())))


def test_a_file_of_an_unknown_kind_that_is_there_already_is_only_bytes(staff_client):
    document = Document.objects.create(title_en="Old page", file=ContentFile(b"<script>", "old.html"))

    response = staff_client.get(document.get_absolute_url())

    assert response["Content-Type"] == "application/octet-stream"
    assert response.getvalue() == b"<script>"


def test_a_file_that_is_gone_is_not_found(staff_client):
    document = Document.objects.create(title_en="Gone", file="documents/gone.pdf")

    assert staff_client.get(document.get_absolute_url()).status_code == 404


def test_a_document_whose_file_is_gone_can_still_be_edited(staff_client):
    workshop = make_workshop()
    document = Document.objects.create(title_en="Gone", file="documents/gone.pdf")
    workshop.documents.add(document)
    url = reverse("workshops:part_edit", args=[workshop.pk, "documents", document.pk])

    assert staff_client.post(url, {"title_en": "Lost", "version": document.version}).status_code == 302


# Who may have it: relation -> the records it may belong to, and whether an officer has it


def archived(record):
    record.archived_at, record.archive_reason = timezone.now(), "Twice"
    record.save()
    return record


def attach(relation, record):
    document = Document.objects.create(title_en="Paper", file=ContentFile(b"paper", "paper.txt"))
    if relation == "observations":
        record.evidence = document
        record.save()
    elif relation:
        getattr(document, relation).add(record)
    return document


def value(status):
    return make_observation(status=status)


PARENTS = {
    "a workshop": ("workshops", make_workshop, True),
    "an archived workshop": ("workshops", lambda: archived(make_workshop()), True),
    "an outcome": ("outcomes", make_outcome, True),
    "an archived outcome": ("outcomes", lambda: archived(make_outcome()), True),
    "a program": ("programs", make_program, True),
    "an archived program": ("programs", lambda: archived(make_program()), True),
    "an action": ("actions", make_action, True),
    "an archived action": ("actions", lambda: archived(make_action()), True),
    "a link": ("supply_links", make_link, False),
    "an archived link": ("supply_links", lambda: archived(make_link()), False),
    "a draft": ("observations", lambda: value(Observation.Status.DRAFT), False),
    "a submitted value": ("observations", lambda: value(Observation.Status.SUBMITTED), True),
    "a verified value": ("observations", lambda: value(Observation.Status.VERIFIED), True),
    "an archived value": ("observations", lambda: archived(value(Observation.Status.VERIFIED)), False),
    "nothing": ("", lambda: None, False),
}


@pytest.mark.parametrize("role", [*ROLES, "anonymous"])
@pytest.mark.parametrize("parent", PARENTS)
def test_a_document_goes_to_those_who_see_what_it_belongs_to(parent, role, client_for):
    relation, make, officer_has_it = PARENTS[parent]
    document = attach(relation, make())

    response = client_for(role).get(document.get_absolute_url())

    expected = {"anonymous": 302, "officer": 200 if officer_has_it else 403}.get(role, 200)
    assert response.status_code == expected
    assert (b"paper" in response.getvalue()) == (expected == 200)


def test_the_paper_of_a_link_stays_with_the_ministry_when_a_workshop_shows_it_too(officer_client):
    document = attach("supply_links", make_link())
    document.workshops.add(make_workshop())

    assert officer_client.get(document.get_absolute_url()).status_code == 403


def test_an_archived_document_is_not_found(staff_client):
    document = archived(attach("workshops", make_workshop()))

    assert staff_client.get(document.get_absolute_url()).status_code == 404


def test_a_relation_without_a_rule_would_not_be_shown_to_officers():
    """Each relation to a document is in the table above, so that a new one is decided on."""
    relations = {one.get_accessor_name() for one in Document._meta.related_objects}

    assert relations == {relation for relation, _make, _seen in PARENTS.values() if relation}
