"""The list of questions: open ones first of all, each with the record it hangs on."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from capred_portal.access import requires
from capred_portal.htmx import PortalRequest
from capred_portal.listing import list_page, list_response
from capred_portal.models import Comment
from programs.filters.questions import QuestionFilter, place_of, related, standing_questions


@require_safe
@requires("page.read")
@vary_on_headers("HX-Request")
def question_list(request: PortalRequest) -> HttpResponse:
    """Questions, oldest first: the one who has waited longest comes on top."""
    keep = not request.GET.get("who")
    return list_response(request, "questions/list.html", "questions/_rows.html", question_rows, keep=keep)


def question_rows(request: PortalRequest) -> dict[str, Any]:
    """Return one page of questions, each with its answers and the record it hangs on."""
    answers = Comment.objects.active().select_related("created_by")
    rows = (
        standing_questions().select_related("created_by", *related()).prefetch_related(Prefetch("answered_by", answers))
    )
    questions = QuestionFilter(request.GET, rows, request=request)
    context = {"filter": questions, **list_page(request, questions.qs)}
    for question in context["page_obj"]:
        _kind, question.place = place_of(question)
        question.place_name = question.place._meta.verbose_name
        question.replies = list(question.answered_by.all())
    return context
