"""The notice on personal data in force, and what the portal tells everybody of the data it keeps about people."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capred_portal.methods import Rule, chapter
from capred_portal.models import PrivacyNotice


def notice_in_force(on: dt.date | None = None) -> PrivacyNotice | None:
    """Return the notice that people are told on a day, today unless another is named."""
    begun = PrivacyNotice.objects.active().filter(in_force_from__lte=on or timezone.localdate())
    return begun.order_by("-in_force_from", "-pk").first()


def rules() -> list[Rule]:
    """Return what is kept about people, why, who sees it, how long, and how to ask: the same on every page."""
    return [what_is_kept(), why_it_is_kept(), who_sees_it(), how_long(), how_to_ask(), what_erasing_does()]


def what_is_kept() -> Rule:
    return Rule(
        "personal-data-kept",
        _("What is kept"),
        (
            _(
                "Of who comes to a workshop: name, sex, organization, phone and email; at each workshop the role, the"
                " days, the age group, the answers about disability, and whether they consent."
            ),
            _("Of who speaks there: what was said, and the office held. Of who promises something: the action."),
            _("Of who has an account: name, email address, role, sign-ins, and what they wrote, checked and signed."),
            _("Nothing is required but a name in one script. A question that was not answered is not known, not a no."),
        ),
    )


def why_it_is_kept() -> Rule:
    return Rule(
        "personal-data-purpose",
        _("Why"),
        (
            _("To count who came, each person once, by sex, age and disability; and to invite to later workshops."),
            _("Who does not consent is counted, but phone and email address are not kept."),
            _("Beside each consent the portal records which notice was in force on the day of the workshop."),
        ),
    )


def who_sees_it() -> Rule:
    return Rule(
        "personal-data-readers",
        _("Who sees it"),
        (
            _("Names, contacts and answers: staff and verifiers of the ministry, and administrators of the portal."),
            _(
                "The embassy and the public see numbers, small groups withheld; and by name those who spoke or own an"
                " action."
            ),
        ),
    )


def how_long() -> Rule:
    """Return how long data is kept; the days are settings."""
    days = settings.RETENTION_DAYS
    return Rule(
        "personal-data-time",
        _("How long"),
        (
            _("Spreadsheets that name people or were never loaded, and their rows: %(days)s days.")
            % {"days": days["uploads"]},
            _("Spreadsheets of firms and figures that were loaded stay: only they tell what a record said first."),
            _("Who signed in, when and from where: %(days)s days. Mails: %(mails)s days.")
            % {"days": days["sign-ins"], "mails": days["mails"]},
            _("Files of a form that was refused: a day."),
            _("Tables that the portal wrote in the background for somebody: %(days)s days.")
            % {"days": days["exports"]},
            _(
                "What was typed and not saved stays in the browser it was typed in, until it is saved or that person"
                " signs out, and at most 30 days."
            ),
            _(
                "People and attendances: until they ask for erasure. After how many years without a workshop they go by"
                " themselves is for MISTI to decide; the portal does not do so yet."
            ),
        ),
    )


def how_to_ask() -> Rule:
    return Rule(
        "personal-data-rights",
        _("How to ask"),
        (
            _(
                "Anybody may ask the ministry what is kept about them, and have it corrected, copied for them, or"
                " erased."
            ),
            _("The addresses are on the page About and contacts."),
        ),
        url=reverse("about"),
    )


def what_erasing_does() -> Rule:
    return Rule(
        "personal-data-erasing",
        _("What erasing does"),
        (
            _(
                "Name, contacts and free answers go from the record, its earlier versions, lines of spreadsheets and"
                " their files, decisions about doubles, and mails. Attendances stay under a number: no figure changes."
            ),
            _("A list of the numbers erased is kept beside the backups: one that is restored is erased again at once."),
            _(
                "A verifier or an administrator does it, with a reason that is kept. Texts that name the person are"
                " shown to them, to be changed by hand."
            ),
        ),
    )


chapter(
    90,
    "personal-data",
    gettext_lazy("Personal data"),
    template="_privacy_rules.html",
    apart=True,
    context=lambda: {"privacy_rules": rules()},
)
