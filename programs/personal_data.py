"""What programs keep about people: those who came to workshops, spoke there or own an action."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capred_portal.blanking import naming
from capred_portal.models import LoadRow, Match, Merge, Report, User
from capred_portal.personal_export import mails_to, section
from capred_portal.subjects import Fate, Section, Subject, keeps, register
from programs.erasure import KIND, load_rows_of, names_in_reports, same_people, traces_of
from programs.models import Arrival, Person

keeps(Fate.BLANKED, "programs.person", "honorific", "name_en", "name_km", "name_en_key", "name_km_key", "phone")
keeps(Fate.BLANKED, "programs.person", "email")
keeps(Fate.BLANKED, "programs.statement", "office_en", "office_km")
keeps(Fate.COUNTED, "programs.person", "sex")
keeps(Fate.COUNTED, "programs.attendance", "person", "age_band", "disability")
keeps(Fate.COUNTED, "programs.statement", "person")
keeps(Fate.COUNTED, "programs.agendaitem_speakers", "person")
keeps(Fate.COUNTED, "programs.action", "owner_person")
keeps(Fate.WORK, "programs.action", "owner_user", "closed_by", "verified_by")
keeps(Fate.WORK, "programs.arrival", "noted_by")
keeps(Fate.WORK, "programs.checkin", "opened_by")
keeps(Fate.WORK, "programs.risk", "owner")


TOLD_OF_REPORTS = ("id", "kind", "language", "title_en", "title_km", "made_at")


def sections(numbers: list[int]) -> Iterator[Section]:
    """Yield lines of spreadsheets, decisions about doubles, mails, and accounts with the same address."""
    traces = traces_of(numbers)
    lines = [row.pk for row in load_rows_of(numbers, traces)]
    yield section(LoadRow.objects.filter(pk__in=lines), "load_rows")
    yield section(Match.objects.filter(Q(first__in=numbers) | Q(second__in=numbers), kind=KIND), "matches")
    yield section(Merge.objects.filter(Q(kept__in=numbers) | Q(merged__in=numbers), kind=KIND), "merges")
    yield section(mails_to(traces.emails), "mails")
    reports = naming(Report.objects.all(), ("title_en", "title_km", "body"), names_in_reports(numbers))
    yield section(reports, "reports", _("Frozen reports that hold the name"), only=TOLD_OF_REPORTS)
    arrivals = Arrival.objects.filter(attendance__person__in=numbers)
    yield section(arrivals, "arrivals", only=("attendance", "invited_at", "arrived_at", "way"))
    same_address: Any = User.objects.none()
    for email in traces.emails:
        same_address |= User.objects.filter(email__iexact=email)
    yield section(same_address, "accounts", _("Accounts with the same email address"), only=("id", "username"))


register(
    Subject(
        kind=KIND,
        model=Person,
        namespace="people",
        title=_("Person"),
        may_erase="people.erase",
        numbers=same_people,
        names=lambda numbers: traces_of(numbers).texts,
        sections=sections,
        what=(
            _("Name, honorific, phone, email address and organisation of the person go, in earlier versions too."),
            _("The six answers about difficulties go, and what the person said at workshops with the office held."),
            _(
                "Attendances stay with role, sex, age, disability and organisation, under the number of the person:"
                " no figure changes."
            ),
            _(
                "Lines of attendance lists that name the person are emptied and the files deleted; those loads cannot"
                " be undone any more, and those not yet written are given up."
            ),
            _(
                "Attendance lists that wait to be read, or could not be read, are deleted too, whoever they name:"
                " nobody can tell yet. They would have to be loaded anew, without the person."
            ),
            _("Reasons and values of possible duplicates and merges go, and mails to the person's addresses."),
            _("Files that wait for a refused form to be sent again are deleted: they would have to be chosen anew."),
            _(
                "In frozen reports the name, the office and what was said are replaced, wherever the name is written"
                " so."
            ),
            _("When an older backup is restored, the person is erased again at once."),
        ),
    )
)
