"""Comments on workshops, outcomes and actions: what a page shows of them, and the forms that add to them."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from capred_portal.access import check, may, requires
from capred_portal.comments import thread_tree
from capred_portal.editing import create_record, tell
from capred_portal.forms import CommentForm
from capred_portal.htmx import PortalRequest
from capred_portal.keys import key_in
from capred_portal.models import Comment, User
from capred_portal.records import writing
from programs.models import Action, Outcome, Workshop


def thread_context(record: Any, user: User) -> dict[str, Any]:
    """Return what `_thread.html` shows: comments with their answers, and the forms this user may send."""
    comments = thread_tree(record.thread_id)
    answers = may(user, "comment.answer")
    open_questions = 0
    for comment in comments:
        comment.is_open = comment.kind == Comment.Kind.QUESTION and not comment.replies
        comment.answer_form = CommentForm(auto_id=f"answer-{comment.pk}-%s") if comment.is_open and answers else None
        open_questions += comment.is_open
    return {
        "comments": comments,
        "open_questions": open_questions,
        "comment_form": CommentForm(auto_id="comment-%s") if not record.is_archived else None,
        "comment_url": reverse(f"{record._meta.model_name}s:comment", args=[record.pk]),
    }


@require_POST
@requires("comment.ask")
def workshop_comment(request: PortalRequest, pk: int) -> HttpResponse:
    """Comment on a workshop."""
    return comment_on(request, get_object_or_404(Workshop.objects.active(), pk=pk))


@require_POST
@requires("comment.ask")
def outcome_comment(request: PortalRequest, pk: int) -> HttpResponse:
    """Comment on an outcome."""
    return comment_on(request, get_object_or_404(Outcome.objects.active(), pk=pk))


@require_POST
@requires("comment.ask")
def action_comment(request: PortalRequest, pk: int) -> HttpResponse:
    """Comment on an action."""
    return comment_on(request, get_object_or_404(Action.objects.active(), pk=pk))


def comment_on(request: PortalRequest, record: Any) -> HttpResponse:
    """Write a question, a remark, or an answer to a question of this record; once, however often it is sent."""
    question = question_in(request, record)
    form = CommentForm(request.POST, instance=Comment(answers=question))
    form.record = record
    if not form.is_valid():
        title = _("Answer") if question else _("Comment")
        context = {
            "form": form,
            "record": record,
            "title": title,
            "question": question,
            "cancel_url": record.get_absolute_url(),
        }
        return render(request, "comment_form.html", context, status=422)
    with writing("programs"):
        comment, creation = create_record(form, by=request.user)
    tell(request, creation)
    return HttpResponseRedirect(f"{record.get_absolute_url()}#comment-{comment.pk}")


def question_in(request: PortalRequest, record: Any) -> Comment | None:
    """Return the question that is being answered, after a look at who may; None when nothing is being answered."""
    pk = request.POST.get("answers", "")
    if not pk:
        return None
    check(request.user, "comment.answer")
    questions = Comment.objects.questions().filter(thread=record.thread_id)
    return get_object_or_404(questions, pk=key_in(pk))
