"""The pages of loads: choosing a kind, uploading, progress, the preview, correcting, confirming, undoing."""

import dataclasses

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from capred_portal import load_forms, loads, spreadsheets
from capred_portal.models import Load, LoadRow
from capred_portal.preview import RowPages
from programs.models import Attendance
from tests.factories import make_attendance, make_person, make_user, make_workshop
from tests.programs.test_loads import check, csv_of, outcomes

State, Outcome = Load.State, LoadRow.Outcome
HTMX = {"HX-Request": "true"}
FIRMS = b"Name (Latin),Registration number\nGolden Rice Mill,00012345\nRed Pepper Farm,\n"


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_a_file_goes_from_upload_to_undone_in_the_browser(staff_client, on_commit):
    workshop = make_workshop()
    upload = SimpleUploadedFile("list.csv", csv_of(["Sok Dara", "f", "", "", "1", ""], ["Bad", "x", "", "", "1", ""]))
    with on_commit():
        sent = staff_client.post(reverse("workshops:attendance_load", args=[workshop.pk]), {"file": upload})
    load = Load.objects.get()

    preview = staff_client.get(sent.url)
    assert "is not one of the choices" in preview.content.decode()
    assert "Load the 1 right rows and leave out the 1 wrong ones" in preview.content.decode()
    with on_commit():
        staff_client.post(reverse("loads:confirm", args=[load.pk]))
    assert Attendance.objects.get().load == load
    bad = staff_client.get(reverse("loads:bad_rows", args=[load.pk, "csv"])).getvalue().decode("utf-8-sig")
    assert '3,"Sex: “x” is not one of the choices' in bad
    undone = staff_client.post(reverse("loads:undo", args=[load.pk]), follow=True)
    assert "Undone" in undone.content.decode()


def test_corrected_bad_rows_can_be_loaded_again(staff_client):
    workshop = make_workshop()
    load = check(csv_of(["Sok Dara", "x", "Ministry", "", "1", ""]), workshop)
    content = staff_client.get(reverse("loads:bad_rows", args=[load.pk, "xlsx"])).getvalue()
    table = spreadsheets.read_table(content, "bad.xlsx", max_rows=10)
    corrected = [["f" if cell == "x" else cell for cell in row.cells] for row in table.rows]

    again = check(spreadsheets.write_xlsx(table.header, corrected), workshop, file_name="bad.xlsx")

    assert outcomes(again) == [Outcome.NEW]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("list.xlsx", b"not a workbook", "not an Excel workbook"),
        ("list.csv", b"", "empty"),
        ("list.pdf", b"%PDF-1.7", "not a spreadsheet"),
        ("big.csv", b"x" * 10_000_001, "At most 10 MB"),
    ],
)
def test_what_is_no_list_is_refused_beside_the_field(staff_client, name, content, words):
    url = reverse("workshops:attendance_load", args=[make_workshop().pk])

    response = staff_client.post(url, {"file": SimpleUploadedFile(name, content)})

    assert response.status_code == 422
    assert words in str(response.context["form"].errors)
    assert not Load.objects.exists()


def test_cells_pasted_without_titles_are_read_in_the_order_of_the_template(staff_client, on_commit):
    url = reverse("workshops:attendance_load", args=[make_workshop().pk])

    with on_commit():
        staff_client.post(url, {"cells": "Mr.\tSok Dara\tសុខ ដារ៉ា\tm\n\tChan Thy\t\tf\n"})

    load = Load.objects.get()
    assert outcomes(load) == [Outcome.NEW, Outcome.NEW]
    assert list(load.rows.values_list("line", flat=True)) == [1, 2]


def test_columns_can_be_chosen_by_hand(staff_client, on_commit):
    load = check(csv_of(["Sok Dara"], header=["Who"]), make_workshop())
    assert (load.state, load.problem) == (State.FAILED, "unmapped:name_en,name_km")

    with on_commit():
        staff_client.post(reverse("loads:map", args=[load.pk]), {"name_en": "0"})

    load.refresh_from_db()
    assert load.state == State.CHECKED
    assert outcomes(load) == [Outcome.NEW]


def test_the_page_polls_while_a_step_is_under_way(staff_client):
    load = loads.receive(
        kind=loads.REGISTRY["attendance"], content=csv_of(["A", "", "", "", "", ""]), file_name="a.csv",
        scope={"workshop": make_workshop().pk}, by=make_user(),
    )  # fmt: skip
    url = load.get_absolute_url()

    page, fragment = staff_client.get(url), staff_client.get(url, headers={"HX-Request": "true"})
    restored = staff_client.get(url, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert 'http-equiv="refresh"' in page.content.decode()
    assert 'hx-trigger="every 2s"' in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "<html" in restored.content.decode()


def test_loads_are_for_those_who_keep_the_lists(officer_client, admin_client, anonymous_client, staff_client):
    load = check(csv_of(["Sok Dara", "f", "", "", "1", ""]), make_workshop())
    url = load.get_absolute_url()

    assert officer_client.get(url).status_code == 403
    assert officer_client.get(reverse("loads:list")).status_code == 403
    assert admin_client.get(url).status_code == 200
    assert admin_client.post(reverse("loads:confirm", args=[load.pk])).status_code == 403
    assert anonymous_client.get(url).status_code == 302
    assert staff_client.get(reverse("loads:detail", args=[10**6])).status_code == 404
    assert staff_client.get(reverse("loads:confirm", args=[load.pk])).status_code == 405
    assert staff_client.get(reverse("loads:template", args=["nothing", "csv"])).status_code == 404


def test_the_list_of_loads_asks_no_more_queries_for_more_rows(staff_client, django_assert_max_num_queries):
    for _number in range(3):
        check(csv_of(["Sok Dara", "f", "", "", "1", ""]), make_workshop())

    with django_assert_max_num_queries(6):
        assert staff_client.get(reverse("loads:list")).context["rows_count"] == 3


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_the_template_loads_as_it_is(staff_client, format_name):
    response = staff_client.get(reverse("loads:template", args=["attendance", format_name]))

    load = check(response.getvalue(), make_workshop(), file_name=f"attendance.{format_name}")

    assert outcomes(load) == [Outcome.NEW]


# A new load


def kept(load):
    with load.file.open("rb") as file:
        return file.read()


def test_each_kind_without_a_scope_has_its_card_and_its_page(staff_client):
    page = staff_client.get(reverse("loads:new")).content.decode()

    assert reverse("loads:new_kind", args=["enterprises"]) in page
    assert reverse("loads:template", args=["enterprises", "csv"]) in page
    assert reverse("loads:new_kind", args=["attendance"]) not in page
    assert staff_client.get(reverse("loads:new_kind", args=["attendance"])).status_code == 404
    assert staff_client.get(reverse("loads:new_kind", args=["nothing"])).status_code == 404


def test_the_page_of_a_kind_states_its_limits_and_columns(staff_client):
    page = staff_client.get(reverse("loads:new_kind", args=["enterprises"])).content.decode()

    assert "At most 1,000,000 rows and 400 MB" in page
    assert "An Excel workbook: at most 200,000 rows" in page
    assert "Registration number" in page
    assert "លេខចុះបញ្ជី" in page


def test_firms_are_loaded_on_a_page_of_their_own(staff_client, on_commit):
    with on_commit():
        sent = staff_client.post(reverse("enterprises_load"), {"file": SimpleUploadedFile("firms.csv", FIRMS)})

    load = Load.objects.get()
    assert sent.url == load.get_absolute_url()
    assert (load.kind, load.scope, load.rows_total) == ("enterprises", {}, 2)
    assert kept(load) == FIRMS


def test_a_file_that_came_to_the_disk_is_kept_without_being_held_in_memory(staff_client, on_commit, settings):
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

    with on_commit():
        staff_client.post(reverse("enterprises_load"), {"file": SimpleUploadedFile("firms.csv", FIRMS)})

    assert kept(Load.objects.get()) == FIRMS


def test_a_long_workbook_is_asked_for_as_csv(staff_client, monkeypatch):
    kind = loads.REGISTRY["enterprises"]
    monkeypatch.setitem(loads.REGISTRY, kind.name, dataclasses.replace(kind, max_rows_xlsx=1))
    content = spreadsheets.write_xlsx(["Name (Latin)"], [["Golden Rice Mill"], ["Red Pepper Farm"]])

    page = staff_client.post(reverse("enterprises_load"), {"file": SimpleUploadedFile("firms.xlsx", content)})

    assert page.status_code == 422
    assert "This workbook has more than 1 rows. Save the table as “CSV UTF-8”" in page.content.decode()
    assert not Load.objects.exists()


def test_too_much_pasted_is_refused_beside_the_field(staff_client, monkeypatch):
    monkeypatch.setattr(load_forms, "MOST_PASTED", 10)

    response = staff_client.post(reverse("enterprises_load"), {"cells": "Name\n" + "a" * 10})

    assert response.status_code == 422
    assert "too much to paste" in str(response.context["form"].errors["cells"])


def test_only_who_keeps_the_records_may_load(officer_client, admin_client, anonymous_client, staff_client):
    for url in (reverse("loads:new"), reverse("enterprises_load")):
        assert officer_client.get(url).status_code == 403
        assert admin_client.get(url).status_code == 403
        assert anonymous_client.get(url).status_code == 302
        assert staff_client.put(url).status_code == 405


# Progress


@pytest.mark.parametrize(
    ("state", "counts", "words"),
    [
        ("uploaded", (300, 1_200), "300 of about 1,200 rows."),
        ("uploaded", (300, 0), "300 rows so far."),
        ("confirmed", (1_200, 1_200), "The rows are being written. 1,200 rows in all."),
        ("undoing", (1_200, 1_200), "The load is being undone. 1,200 rows in all."),
    ],
)
def test_the_page_says_how_far_a_load_is(staff_client, state, counts, words):
    load = check(csv_of(["Sok Dara", "f", "", "", "1", ""]), make_workshop())
    Load.objects.filter(pk=load.pk).update(state=state, rows_done=counts[0], rows_total=counts[1])

    page = " ".join(staff_client.get(load.get_absolute_url()).content.decode().split())

    assert words in page
    assert "<progress" in page
    assert "You can close the browser" in page
    assert 'id="loads-preview"' not in page


# The preview


def test_old_and_new_values_stand_side_by_side(staff_client):
    workshop = make_workshop()
    person = make_person(name_en="Sok Dara", sex="f")
    make_attendance(workshop=workshop, person=person, role="participant")
    load = check(csv_of(["Sok Dara", "f", "speaker"], header=["Name (Latin)", "Sex", "Role"]), workshop)

    page = staff_client.get(load.get_absolute_url(), {"outcome": "changed"}).content.decode()

    assert "Role: <del>Participant</del> → <ins>Speaker</ins>" in page


def test_a_wrong_row_is_told_with_its_line_its_column_and_the_reason(staff_client):
    load = check(csv_of(["Sok Dara", "robot", "", "", "1", ""]), make_workshop())

    page = staff_client.get(load.get_absolute_url(), {"outcome": "wrong"})

    line = page.context["preview"][0]
    assert (line.row.line, line.mistakes[0].title) == (2, "Sex")
    assert "“robot” is not one of the choices" in page.content.decode()


def test_the_same_file_loaded_before_is_told_with_its_date_and_link(staff_client):
    workshop, content = make_workshop(), csv_of(["Sok Dara", "f", "", "", "1", ""])
    kind, scope = loads.REGISTRY["attendance"], {"workshop": workshop.pk}
    first = loads.load_now(kind=kind, content=content, file_name="a.csv", scope=scope, by=make_user())

    page = staff_client.get(check(content, workshop).get_absolute_url()).content.decode()

    assert "The same file was already loaded here" in page
    assert first.get_absolute_url() in page


def test_pages_of_rows_are_counted_by_the_check_and_found_from_either_end(staff_client, django_assert_num_queries):
    people = [[f"Person {number}", "f" if number % 2 else "x", "", "", "1", ""] for number in range(200)]
    load = check(csv_of(*people), make_workshop())

    def lines(page, outcome=""):
        with django_assert_num_queries(2):
            return [row.line for row in RowPages(load, outcome).get_page(page)]

    assert lines(1) == list(range(2, 42))
    assert lines(2) == list(range(42, 82))
    assert lines(4) == list(range(122, 162))
    assert lines(99) == list(range(162, 202))
    assert lines(1, "wrong") == list(range(2, 82, 2))
    assert lines(3, "wrong") == list(range(162, 202, 2))


def test_undoing_a_large_load_is_left_to_the_worker(staff_client, monkeypatch, on_commit):
    monkeypatch.setattr(loads, "UNDO_AT_ONCE", 0)
    scope = {"workshop": make_workshop().pk}
    content = csv_of(["Sok Dara", "f", "", "", "1", ""])
    load = loads.load_now(
        kind=loads.REGISTRY["attendance"], content=content, file_name="a.csv", scope=scope, by=make_user()
    )

    sent = staff_client.post(reverse("loads:undo", args=[load.pk]))

    load.refresh_from_db()
    assert sent.url == load.get_absolute_url()
    assert load.state == State.UNDOING


def test_undoing_what_somebody_undid_a_moment_ago_says_so(staff_client, monkeypatch, on_commit):
    """Its rows have changed since, which must not look like somebody's work that stands against it."""
    kind, by = loads.REGISTRY["attendance"], make_user()
    content = csv_of(["Sok Dara", "f", "", "", "1", ""])
    scope = {"workshop": make_workshop().pk}
    load = loads.load_now(kind=kind, content=content, file_name="a.csv", scope=scope, by=by)
    look = loads.undo_blockers

    def look_too_late(found):
        monkeypatch.setattr(loads, "undo_blockers", look)
        assert loads.undo(found, by=by) == []
        return [("newer versions", 1)]

    monkeypatch.setattr(loads, "undo_blockers", look_too_late)
    sent = staff_client.post(reverse("loads:undo", args=[load.pk]))

    assert (sent.status_code, sent.url) == (302, load.get_absolute_url())
