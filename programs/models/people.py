"""People and their attendance at workshops."""

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connections, models
from django.db.models import Exists, F, Func, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NameKeyField, NameSoundField, NormalCharField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.matching.sounds import name_sound
from capred_portal.models import Load, Organisation, PrivacyNotice
from capred_portal.records import Record, RecordQuerySet
from programs.models.workshop import Workshop

MOST_KEYS = 2**40 - 1


class PersonQuerySet(RecordQuerySet):
    """People by what makes them the same person."""

    def identified(self) -> Self:
        """Keep active people whose details are still there; of who was erased only the attendances count."""
        return self.active().filter(erased_at=None)

    def known_as(self, *, name_key: str, organisation: Organisation | None, phone: str = "") -> Self:
        """Keep people with exactly this phone, or exactly this normalised name and organisation."""
        same_name = (Q(name_en_key=name_key) | Q(name_km_key=name_key)) & Q(organisation=organisation)
        same_phone = Q(phone=phone) if phone else Q(pk=None)
        return self.identified().filter(same_phone | same_name if name_key else same_phone)

    def sounding_like(self, text: str) -> Self:
        """Keep people whose name, in either script, holds every word of `text` by its sound."""
        found, words = self, name_sound(text).split()
        for word in words:
            found = found.filter(sound_key__contains=word)
        return found if words else self.none()


class Person(Record):
    """Somebody who came, spoke or owns an action; the name is kept in both scripts, family name first."""

    class Sex(models.TextChoices):
        FEMALE = "f", _("Female")
        MALE = "m", _("Male")
        OTHER = "o", _("Other")
        UNKNOWN = "", _("Unknown")

    honorific = NormalCharField(_("honorific"), max_length=60, blank=True)
    name_en = NormalCharField(_("name in Latin script"), max_length=150, blank=True)
    name_km = NormalCharField(_("name in Khmer script"), max_length=150, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True, default="")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        related_name="people",
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    is_possible_duplicate = models.BooleanField(_("possible duplicate"), default=False, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    name_en_key = NameKeyField(sources=("name_en",))
    name_km_key = NameKeyField(sources=("name_km",))
    search_key = SearchKeyField(sources=("name_en", "name_km"))
    sound_key = NameSoundField(sources=("name_en", "name_km"))

    objects = PersonQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_en_key", "name_km_key", "pk"]
        indexes = [
            models.Index(fields=["name_en_key", "name_km_key", "id"], name="person_by_name"),
            models.Index(fields=["name_km_key"], name="person_by_khmer_name"),
            models.Index(fields=["phone"], name="person_by_phone", condition=~Q(phone="")),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(name_en="", name_km=""), name="person_has_name"),
        ]

    def __str__(self) -> str:
        name = localized(self, "name")
        return f"{self.honorific} {name}" if self.honorific else name

    def get_absolute_url(self) -> str:
        return reverse("people:detail", args=[self.pk])


DIFFICULTY_DOMAINS = ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")


class DayAndKey(Func):
    """A day and a key as one number of SQLite, of which the greatest is of the latest day and then of the last key."""

    arity = 2
    arg_joiner = f") AS INTEGER) * {MOST_KEYS + 1} + "
    template = "(CAST(julianday(%(expressions)s)"
    output_field = models.BigIntegerField()


class AttendanceQuerySet(RecordQuerySet):
    """Attendances that count."""

    search_field = "person__search_key"

    def attended(self) -> Self:
        """Keep people who came, at workshops that still stand."""
        return self.listed().filter(attended=True)

    def first_times(self) -> Self:
        """Keep, of people who came, the first workshop each of them ever came to."""
        earlier = Attendance.objects.attended().filter(person=OuterRef("person"))
        return self.filter(attended=True).filter(~Exists(earlier.filter(_before())))

    def latest_each(self) -> Self:
        """Keep one row per person: of those who came, the latest among these rows.

        PostgreSQL looks for a later one by its index; SQLite is quicker when it groups the rows once.
        """
        came = self.filter(attended=True)
        if connections[self.db].vendor != "sqlite":
            return came.filter(~Exists(came.filter(person=OuterRef("person")).filter(_after())))
        newest = came.order_by().values("person").annotate(newest=Max(DayAndKey("workshop__date", "pk")))
        return came.filter(pk__in=newest.values_list(F("newest").bitand(MOST_KEYS), flat=True))

    def listed(self) -> Self:
        """Keep everybody on a list, came or not, at workshops that still stand.

        Few workshops are archived: leaving those out is quicker than joining all.
        """
        return self.active().exclude(workshop__in=Workshop.objects.exclude(archived_at=None).order_by())


def _before() -> Q:
    """Return the condition that an attendance is earlier than the outer one."""
    same_day = Q(workshop__date=OuterRef("workshop__date"), pk__lt=OuterRef("pk"))
    return Q(workshop__date__lt=OuterRef("workshop__date")) | same_day


def _after() -> Q:
    """Return the condition that an attendance is later than the outer one."""
    same_day = Q(workshop__date=OuterRef("workshop__date"), pk__gt=OuterRef("pk"))
    return Q(workshop__date__gt=OuterRef("workshop__date")) | same_day


class Attendance(Record):
    """One person at one workshop: as what, for whom, and what they told us about themselves."""

    class Role(models.TextChoices):
        PARTICIPANT = "participant", _("Participant")
        SPEAKER = "speaker", _("Speaker")
        FACILITATOR = "facilitator", _("Facilitator")
        HOST = "host", _("Host")

    class AgeBand(models.TextChoices):
        UNDER_18 = "0-17", _("Under 18")
        YOUTH = "18-35", _("18 to 35")
        MIDDLE = "36-59", _("36 to 59")
        SENIOR = "60+", _("60 and over")
        UNKNOWN = "", _("Unknown")

    class Disability(models.TextChoices):
        YES = "yes", _("With disability")
        NO = "no", _("Without disability")
        REFUSED = "refused", _("Did not want to say")
        UNKNOWN = "", _("Unknown")

    class Difficulty(models.IntegerChoices):
        NONE = 1, _("No difficulty")
        SOME = 2, _("Some difficulty")
        MUCH = 3, _("A lot of difficulty")
        CANNOT = 4, _("Cannot do at all")

    workshop = models.ForeignKey(
        Workshop, models.PROTECT, verbose_name=_("workshop"), related_name="attendances", editable=False
    )
    person = models.ForeignKey(Person, models.PROTECT, verbose_name=_("person"), related_name="attendances")
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        related_name="attendances",
    )
    role = models.CharField(_("role"), max_length=15, choices=Role, default=Role.PARTICIPANT)
    age_band = models.CharField(_("age"), max_length=5, choices=AgeBand, blank=True, default="")
    disability = models.CharField(_("disability"), max_length=7, choices=Disability, blank=True, default="")
    seeing = models.PositiveSmallIntegerField(_("seeing"), choices=Difficulty, null=True, blank=True)
    hearing = models.PositiveSmallIntegerField(_("hearing"), choices=Difficulty, null=True, blank=True)
    walking = models.PositiveSmallIntegerField(_("walking"), choices=Difficulty, null=True, blank=True)
    remembering = models.PositiveSmallIntegerField(_("remembering"), choices=Difficulty, null=True, blank=True)
    self_care = models.PositiveSmallIntegerField(_("self-care"), choices=Difficulty, null=True, blank=True)
    communicating = models.PositiveSmallIntegerField(_("communicating"), choices=Difficulty, null=True, blank=True)
    days = models.PositiveSmallIntegerField(
        _("days"), default=1, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    registered = models.BooleanField(_("registered beforehand"), default=False)
    attended = models.BooleanField(_("attended"), default=True)
    consent = models.BooleanField(
        _("consent"), null=True, blank=True, help_text=_("Agreed that the ministry keeps these details.")
    )
    consent_notice = models.ForeignKey(  # the one in force at the workshop; the portal writes it, nobody else
        PrivacyNotice,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("privacy notice"),
        related_name="+",
    )
    load = models.ForeignKey(Load, models.PROTECT, null=True, blank=True, editable=False, related_name="attendances")

    objects = AttendanceQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["workshop", "archived_at", "attended", "person"], name="attendance_by_workshop"),
            models.Index(fields=["person", "archived_at", "attended", "workshop"], name="attendance_by_person"),
            models.Index(fields=["workshop"], condition=Q(is_demo=True), name="attendance_of_demo"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["workshop", "person"],
                condition=Q(archived_at=None),
                name="attendance_once_per_workshop",
            ),
            models.CheckConstraint(condition=Q(days__range=(1, 60)), name="attendance_days_in_range"),
            models.CheckConstraint(
                condition=Q(consent_notice=None) | Q(consent__isnull=False, consent=True),  # where nobody asked: NULL
                name="attendance_notice_of_consent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.workshop}"


def disability_from(difficulties: list[Any], summary: str) -> str:
    """Return the disability answer: from the Washington Group short set when asked, else the summary.

    `difficulties` are the six answers (1 none .. 4 cannot do at all, None not answered). With disability = at
    least one domain at 3 or 4; without = all six answered below; partly answered below the cut-off = the summary.
    Source: Washington Group on Disability Statistics, short set; the cut-off is the recommended one.
    """
    answered = [int(answer) for answer in difficulties if answer]
    if any(answer >= Attendance.Difficulty.MUCH for answer in answered):
        return Attendance.Disability.YES
    if len(answered) == len(DIFFICULTY_DOMAINS):
        return Attendance.Disability.NO
    return summary
