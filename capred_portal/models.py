"""People with accounts, organisations, documents, comments, and the loads that bring rows in."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal import access
from capred_portal.fields import NormalCharField, NormalTextField, SearchKeyField
from capred_portal.languages import localized
from capred_portal.records import DataVersion, Record, RecordQuerySet

__all__ = [
    "Comment",
    "DataVersion",
    "Document",
    "DuplicateSearch",
    "Load",
    "LoadRow",
    "Match",
    "Merge",
    "Organisation",
    "TaskLease",
    "Thread",
    "User",
]


class UserManager(BaseUserManager["User"]):
    """Makes users; the role is the only source of their rights."""

    def create_user(self, username: str, email: str = "", password: str | None = None, **extra: Any) -> "User":
        user = self.model(username=username, email=self.normalize_email(email), **extra)
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


class Thread(models.Model):
    """The comments on one workshop, outcome or action; that record points here."""

    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class CommentQuerySet(RecordQuerySet):
    """Comments, and the questions among them."""

    def open_questions(self) -> Self:
        """Keep questions nobody has answered."""
        answers = Comment.objects.active().filter(answers=OuterRef("pk"))
        return self.active().filter(kind=Comment.Kind.QUESTION).exclude(Exists(answers))

    def questions(self) -> Self:
        return self.active().filter(kind=Comment.Kind.QUESTION)


class Comment(Record):
    """What somebody asked, answered or remarked."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        REMARK = "remark", _("Comment")

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments", editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.REMARK)
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="answered_by"
    )
    text = NormalTextField(_("text"), max_length=5000)

    objects = CommentQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["kind", "archived_at"], name="comment_kind")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="answer", answers__isnull=False) | (~Q(kind="answer") & Q(answers=None)),
                name="comment_answer_has_question",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Load(models.Model):
    """One spreadsheet on its way in: read, checked, confirmed, done; or failed, or undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKED = "checked", _("Checked, waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    kind = models.SlugField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.UPLOADED)
    scope = models.JSONField(_("scope"), default=dict)
    file = models.FileField(_("file"), upload_to="loads/%Y/")
    file_name = models.CharField(_("file name"), max_length=250)
    checksum = models.CharField(_("checksum"), max_length=64)
    mapping = models.JSONField(_("column mapping"), default=dict)
    layout = models.CharField(_("layout"), max_length=64, blank=True, editable=False)  # checksum of the column titles
    run = models.PositiveIntegerField(default=0, editable=False)  # which attempt works on it; an older one must stop
    rows_done = models.PositiveIntegerField(_("rows done"), default=0, editable=False)
    rows_total = models.PositiveIntegerField(_("rows in all"), default=0, editable=False)
    checked_from = models.DateTimeField(null=True, blank=True, editable=False)  # when the comparison began
    counts = models.JSONField(_("counts"), default=dict)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    is_demo = models.BooleanField(_("demonstration row"), default=False, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("loaded by"), related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "layout"], name="load_by_layout"),
            models.Index(fields=["checksum"], name="load_by_checksum"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return reverse("loads:detail", args=[self.pk])


class LoadRow(models.Model):
    """One line of a loaded file: what it said, what was wrong with it, and what it changed."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        UNCERTAIN = "uncertain", _("Uncertain")
        WRONG = "wrong", _("Wrong")

    load = models.ForeignKey(Load, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))
    outcome = models.CharField(_("result"), max_length=10, choices=Outcome)
    raw = models.JSONField(_("as in the file"))
    values = models.JSONField(_("values"), default=dict)
    errors = models.JSONField(_("errors"), default=list)
    target = models.PositiveBigIntegerField(_("record"), null=True, blank=True)
    target_version = models.PositiveIntegerField(_("version given"), null=True, blank=True)
    before = models.JSONField(_("values before"), default=dict)
    key = models.CharField(_("key"), max_length=120, blank=True)  # what must still be new, or the same, when written

    class Meta:
        verbose_name = _("loaded row")
        verbose_name_plural = _("loaded rows")
        ordering = ["line"]
        indexes = [models.Index(fields=["load", "outcome", "line"], name="load_row_by_outcome")]
        constraints = [models.UniqueConstraint(fields=["load", "line"], name="load_row_line_once")]

    def __str__(self) -> str:
        return f"{self.load_id}:{self.line}"


class Match(models.Model):
    """Two records of one kind that may be the same person or firm, and what somebody decided about them."""

    class Grade(models.TextChoices):
        SURE = "sure", _("Surely the same")
        ASK = "ask", _("Perhaps the same")

    class Decision(models.TextChoices):
        OPEN = "open", _("Not decided")
        SAME = "same", _("The same")
        DIFFERENT = "different", _("Not the same")

    kind = models.SlugField(_("kind"), max_length=20)
    first = models.PositiveBigIntegerField(_("first record"))
    second = models.PositiveBigIntegerField(_("second record"))
    grade = models.CharField(_("how sure"), max_length=5, choices=Grade)
    score = models.PositiveSmallIntegerField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration row"), default=False, editable=False)

    class Meta:
        verbose_name = _("possible match")
        verbose_name_plural = _("possible matches")
        ordering = ["-score", "pk"]
        indexes = [
            models.Index(fields=["kind", "decision", "-score", "id"], name="match_by_score"),
            models.Index(fields=["kind", "second"], name="match_by_second"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="match_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="match_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.first} – {self.second}"


class Merge(models.Model):
    """One record taken into another: which fields were chosen, what moved; enough to take it apart again."""

    kind = models.SlugField(_("kind"), max_length=20)
    kept = models.PositiveBigIntegerField(_("record kept"))
    merged = models.PositiveBigIntegerField(_("record taken in"))
    before = models.JSONField(_("values before"), default=dict)
    after = models.JSONField(_("values chosen"), default=dict)
    moved = models.JSONField(_("records moved"), default=dict)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(_("merged"), auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(_("taken apart"), null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration row"), default=False, editable=False)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "kept"], name="merge_by_kept"),
            models.Index(fields=["kind", "merged"], name="merge_by_merged"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.merged} → {self.kept}"


class DuplicateSearch(models.Model):
    """When the records of one kind were last searched for pairs that may be the same, and what came of it."""

    kind = models.SlugField(_("kind"), max_length=20, primary_key=True)
    run = models.PositiveIntegerField(default=0, editable=False)  # which attempt works on it; an older one must stop
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    records = models.PositiveIntegerField(_("records"), default=0)
    pairs = models.PositiveIntegerField(_("pairs"), default=0)

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")

    def __str__(self) -> str:
        return self.kind

    @property
    def is_under_way(self) -> bool:
        """Whether a search was started and has not come to an end; one that failed leaves no start."""
        return self.started_at is not None and (self.finished_at is None or self.finished_at < self.started_at)


class TaskLease(models.Model):
    """A worker's hold on a background task, renewed while it works; when it runs out the task is free again."""

    task = models.UUIDField(_("task"), primary_key=True)
    worker = models.CharField(_("worker"), max_length=64)
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("lease of a task")
        verbose_name_plural = _("leases of tasks")

    def __str__(self) -> str:
        return f"{self.task} · {self.worker}"
