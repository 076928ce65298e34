"""People with accounts, organisations and documents."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from capred_portal import access
from capred_portal.fields import NormalCharField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.records import Record


class UserManager(BaseUserManager["User"]):
    """Makes users; the role is the only source of their rights."""

    def create_user(self, username: str, email: str = "", password: str | None = None, **extra: Any) -> "User":
        name = self.model.normalize_username(username)  # as the sign-in form reads it
        user = self.model(username=name, email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str = "", password: str | None = None, **extra: Any) -> "User":
        return self.create_user(username, email, password, **extra | {"role": User.Role.ADMIN})


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with an account: ministry staff, a verifier, an embassy officer or an administrator."""

    class Role(models.TextChoices):
        STAFF = access.STAFF, _("Ministry staff")
        VERIFIER = access.VERIFIER, _("Verifier (ministry)")
        OFFICER = access.OFFICER, _("Embassy officer")
        ADMIN = access.ADMIN, _("Administrator")

    class Language(models.TextChoices):
        EN = "en", _("English")
        KM = "km", _("Khmer")

    username = models.CharField(_("username"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()])
    full_name_en = NormalCharField(_("name in Latin script"), max_length=150, blank=True)
    full_name_km = NormalCharField(_("name in Khmer script"), max_length=150, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.EN)
    organisation = models.ForeignKey(
        "Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        related_name="users",
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("demonstration row"), default=False, editable=False)
    date_joined = models.DateTimeField(_("date joined"), auto_now_add=True)
    previous_login = models.DateTimeField(_("previous session"), null=True, blank=True, editable=False)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)  # how often all sessions were ended

    is_superuser = property(lambda self: self.role == access.ADMIN)
    is_staff = property(lambda self: self.role == access.ADMIN)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[access.STAFF, access.VERIFIER, access.OFFICER, access.ADMIN]),
                name="user_role_known",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return localized(self, "full_name") or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Bind sessions to password, role and counter: a change of any of them ends all of them."""
        bound = f"{self.password}:{self.role}:{self.sessions_ended}"
        return salted_hmac("capred_portal.User.session", bound, secret=secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """Sign the user out wherever they are signed in."""
        User.objects.filter(pk=self.pk).update(sessions_ended=F("sessions_ended") + 1)
        self.refresh_from_db(fields=["sessions_ended"])


class Organisation(Record):
    """A ministry, embassy, association, school or firm that hosts, attends, supports or owns something."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        DEVELOPMENT_PARTNER = "partner", _("Development partner")
        PRIVATE = "private", _("Private sector")
        ASSOCIATION = "association", _("Business association")
        ACADEMIA = "academia", _("University or training center")
        NGO = "ngo", _("Non-governmental organization")
        OTHER = "other", _("Other")
        UNKNOWN = "unknown", _("Not stated")

    name_en = NormalCharField(_("name in English"), max_length=250, blank=True)
    name_km = NormalCharField(_("name in Khmer"), max_length=250, blank=True)
    acronym = NormalCharField(_("acronym"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.UNKNOWN)
    website = models.URLField(_("website"), blank=True)
    media_email = models.EmailField(_("media contact"), blank=True)
    iati_identifier = NormalCharField(
        _("IATI identifier"),
        max_length=100,
        blank=True,
        help_text=_("How the organisation is known in aid reporting, such as AU-5 for Australia's DFAT."),
    )
    search_key = SearchKeyField(sources=("name_en", "name_km", "acronym"))
    name_en_key = SearchKeyField(sources=("name_en",))
    name_km_key = SearchKeyField(sources=("name_km",))

    class Meta(Record.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name_en", "pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(name_en="", name_km=""), name="organisation_has_name"),
            models.UniqueConstraint(
                fields=["name_en_key"],
                condition=Q(archived_at=None) & ~Q(name_en_key=""),
                name="organisation_name_en_once",
            ),
            models.UniqueConstraint(
                fields=["name_km_key"],
                condition=Q(archived_at=None) & ~Q(name_km_key=""),
                name="organisation_name_km_once",
            ),
        ]

    def __str__(self) -> str:
        return localized(self, "name")


class Document(Record):
    """A file kept here or a link to one elsewhere: an agenda, slides, a report, evidence."""

    title_en = NormalCharField(_("title in English"), max_length=250, blank=True)
    title_km = NormalCharField(_("title in Khmer"), max_length=250, blank=True)
    file = models.FileField(_("file"), upload_to="documents/%Y/", blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(condition=~Q(title_en="", title_km=""), name="document_has_title"),
            models.CheckConstraint(condition=Q(file="") ^ Q(link=""), name="document_file_or_link"),
        ]

    def __str__(self) -> str:
        return localized(self, "title")

    def get_absolute_url(self) -> str:
        return self.link or reverse("document", args=[self.pk])
