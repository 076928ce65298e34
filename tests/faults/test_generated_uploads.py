"""Any file to any form that takes one: no 500, no load that breaks, nothing written unasked, memory within bounds.

A short form runs with the suite; `GENERATED_UPLOADS=2000` in the environment makes it long.
"""

import os
import resource

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from capred_portal import loads
from capred_portal.load_kinds import REGISTRY
from capred_portal.models import Load, User
from tests.odd_files import ENDINGS, NAMES, STEPS, changed, document_files, good_files, scope_of
from tests.odd_requests import APART, noting, place_of, taken_back
from tests.routes import make_sample

UPLOADS = int(os.environ.get("GENERATED_UPLOADS", "0"))
SHORT = 200  # the same ones each time
MOST_MEMORY = 600_000  # kB more than before, for all of them
OF_LOADS = (*APART, "capred_portal_load", "django_tasks")


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The rows of all tests here, made once and rolled back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_sample()
        transaction.set_rollback(True)


@pytest.fixture
def client(sample):
    client = Client()
    client.force_login(User.objects.get(username="staff"), "django.contrib.auth.backends.ModelBackend")
    return client


def forms_of(sample):
    """Return each form that takes a file: where it is, the name of its field, what else it asks, and good files."""
    forms = []
    for kind in REGISTRY.values():
        url = reverse("loads:new_kind", args=[kind.name]) if kind.is_asked_whole else ""
        url = reverse("workshops:attendance_load", args=[sample.workshop.pk]) if kind.name == "attendance" else url
        if url:
            forms.append((url, "file", scope_of(kind), [*good_files(kind).items()]))
    documents = [(name.rpartition(".")[2], content) for name, content in document_files().items()]
    day = {"done_en": "Done", "closed_on": "2025-03-01", "version": sample.action.version}
    forms += [
        (reverse("workshops:part_new", args=[sample.workshop.pk, "documents"]), "file", {"title_en": "a"}, documents),
        (reverse("actions:evidence_new", args=[sample.action.pk]), "file", {"title_en": "a"}, documents),
        (reverse("actions:close", args=[sample.action.pk]), "evidence_file", day, documents),
    ]
    return forms


def try_upload(client, form, file):
    """Send a file, check the load, open its page and its wrong rows; return the worst status and the state."""
    url, field, fields, _files = form
    response = client.post(url, fields | {field: file})
    if response.status_code != 302 or field != "file" or "load" not in response.url:
        return response.status_code, ""
    load = Load.objects.latest("pk")
    loads.check_load.func(load.pk)
    load.refresh_from_db()
    pages = [client.get(url) for url in (response.url, *(bad_rows(load, name) for name in ("csv", "xlsx")))]
    statuses = [page.status_code for page in pages if page.getvalue() and page.status_code != 200]
    if load.state == Load.State.FAILED and load.problem == "broken":
        raise AssertionError("the check broke")
    return max(response.status_code, *statuses, 0), load.state


def bad_rows(load, name):
    return reverse("loads:bad_rows", args=[load.pk, name])


def test_no_file_breaks_a_form_or_writes_unasked(db, sample, client, caplog):
    forms = forms_of(sample)
    wrong: dict[str, str] = {}
    told: dict[tuple[int, str], int] = {}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    number = UPLOADS or SHORT

    @settings(max_examples=number, derandomize=not UPLOADS, database=None, suppress_health_check=[*HealthCheck])
    @given(
        place=st.integers(0, len(forms) - 1),
        form=st.integers(0, 99),
        name=st.sampled_from(NAMES),
        ending=st.one_of(st.just("own"), st.just("own"), st.sampled_from(ENDINGS)),
        steps=STEPS,
    )
    def run(place, form, name, ending, steps):
        url, _field, _fields, files = forms[place]
        own, content = files[form % len(files)]
        name = f"{name}.{own if ending == 'own' else ending}"
        assume(name not in {".", ".."})  # what reads a form drops a file of that name
        about = f"{url} {name!r:.80} {form} {steps}"
        written: list[str] = []
        caplog.clear()
        with taken_back(), connection.execute_wrapper(noting(written, OF_LOADS)):
            try:
                status, state = try_upload(client, forms[place], SimpleUploadedFile(name, changed(content, steps)))
            except Exception as error:
                logged = caplog.records[-1].exc_info if caplog.records else None
                wrong.setdefault(place_of(logged[1] if logged else error), f"{error!r:.200} {about}")
                return
        told[status, state] = told.get((status, state), 0) + 1
        if status >= 500 or (written and (state or status != 302)):
            wrong.setdefault(f"{status} {state} {url}", f"{about} {written[:3]}")

    run()

    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    print(f"{number} files to {len(forms)} forms: {told}; {grown / 1000:.0f} MB more memory")
    assert not wrong, "\n\n".join(f"{key}\n  {value}" for key, value in wrong.items())
    assert grown < MOST_MEMORY
