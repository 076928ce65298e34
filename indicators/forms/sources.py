"""The form of an edition of a published source."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from capred_portal.forms import RecordForm
from indicators.models import Source

# What a new edition shares with the one before it.
SHARED = (
    "code",
    "title_en",
    "title_km",
    "publisher",
    "publisher_km",
    "link",
    "terms",
    "confidence",
    "is_modelled",
)


class SourceForm(RecordForm):
    """What was published, by whom, in which edition, and how far it can be trusted."""

    class Meta(RecordForm.Meta):
        model = Source
        fields = [
            "title_en",
            "title_km",
            "code",
            "edition",
            "edition_km",
            "publisher",
            "publisher_km",
            "published_on",
            "retrieved_on",
            "link",
            "terms",
            "confidence",
            "is_modelled",
            "note_en",
            "note_km",
        ]
        widgets = {"note_en": forms.Textarea(attrs={"rows": 3}), "note_km": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "code": _("The same for all editions of one publication: small Latin letters and hyphens."),
            "edition": _("What tells this edition from the others, such as its date or version."),
            "retrieved_on": _("The day you took the file from its publisher."),
        }
        error_messages = {
            NON_FIELD_ERRORS: {"unique_together": _("This edition is already there: load its values into that one.")}
        }


def next_edition(of: Source) -> dict[str, Any]:
    """Return what the form of the next edition of a publication starts with."""
    return {name: getattr(of, name) for name in SHARED}
