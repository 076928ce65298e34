"""Figure files: what narrows a figure is named in the reader's language, in its columns and in its notes."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from capred_portal.figure_files import SCOPE_TITLES, figure_header, figure_notes
from capred_portal.figures import REGISTRY, Figure, Scope
from capred_portal.languages import is_khmer

CODES = sorted(REGISTRY)


@pytest.mark.parametrize("code", CODES)
def test_what_narrows_a_figure_has_a_title(code):
    assert set(REGISTRY[code].scopes) <= set(SCOPE_TITLES)


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("code", CODES)
def test_no_two_columns_of_a_file_are_called_the_same(code, language):
    with override(language):
        header = figure_header(REGISTRY[code])

    assert len(set(header)) == len(header)


def test_the_columns_of_a_khmer_file_are_in_khmer():
    with override("km"):
        header = figure_header(REGISTRY["workshops-held"])

    assert [title for title in header if not is_khmer(title)] == []
    assert not {"program", "quarter"} & set(header)


def test_the_notes_of_a_khmer_file_name_its_filters_in_khmer_and_keep_their_codes():
    definition = REGISTRY["workshops-held"]
    total = Figure(definition.code, definition.title, 3)
    with override("km"):
        notes = dict(figure_notes(definition, Scope("staff", {"quarter": "2024-Q3"}), total).facts)

    (name,) = [name for name, value in notes.items() if value == "2024-Q3"]
    assert "ត្រីមាស" in name
    assert "quarter" not in name


@pytest.mark.django_db
def test_what_is_asked_in_khmer_digits_stands_in_the_file_as_codes_are_written(officer_client):
    address = reverse("figure_file", args=["workshops-held", "csv"])

    files = [
        b"".join(officer_client.get(address, {"year": "2026", "quarter": quarter}).streaming_content)
        for quarter in ("2026-Q2", "២០២៦-Q២")
    ]

    assert files[0] == files[1]
    assert b"2026-Q2" in files[0]
