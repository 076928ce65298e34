"""What people ask and say about a record."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from capred_portal.fields import NormalTextField
from capred_portal.records import Record, RecordQuerySet


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
        indexes = [models.Index(fields=["kind", "archived_at", "created_at", "id"], name="comment_by_kind")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="answer", answers__isnull=False) | (~Q(kind="answer") & Q(answers=None)),
                name="comment_answer_has_question",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
