"""What the interface for machines answers when it cannot: a problem as JSON, with the reference of the request."""

import json
import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.log import log_response
from ninja import Schema
from ninja.errors import ValidationError

from capred_portal.logs import REFERENCE
from capred_portal.outages import outage_of
from capred_portal.tables import WrongFilters

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 30
NOT_ALLOWED = "The role of the user whose key this is may not read this."


class WrongParameter(Schema):
    """What is wrong with one parameter."""

    parameter: str
    message: str


class ProblemDetails(Schema):
    """Why there is no answer, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[WrongParameter]
    request_id: str


class Problem(Exception):
    """Raised where a request cannot be answered."""

    def __init__(
        self, status: int, detail: str, errors: Sequence[tuple[str, str]] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers or {}


def wrong(parameter: str, message: str) -> Problem:
    """Return the problem of one parameter."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A parameter is wrong.", [(parameter, message)])


def problem_of(error: Exception) -> Problem:
    """Return what an error means to whoever asked; of our own mistakes no more than that there was one."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError | WrongFilters):
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A parameter is wrong.", wrong_parameters(error))
    if isinstance(error, Http404):
        return Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return Problem(HTTPStatus.FORBIDDEN, NOT_ALLOWED)
    if isinstance(error, BadRequest | SuspiciousOperation):
        return Problem(HTTPStatus.BAD_REQUEST, "The request cannot be read.")
    if outage_of(error):
        retry = {"Retry-After": str(RETRY_SECONDS)}
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The database is away or busy. Ask again.", headers=retry)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "This is a mistake of the portal. Its log knows the request_id.")


def wrong_parameters(error: ValidationError | WrongFilters) -> list[tuple[str, str]]:
    """Return names and reasons; what was sent is never repeated."""
    if isinstance(error, WrongFilters):
        return [(name, str(reason)) for name, reasons in error.errors.items() for reason in reasons]
    return [(".".join(map(str, each["loc"][1:])), str(each["msg"])) for each in error.errors]


def problem_answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer with a problem, and log it as Django would, with the traceback of what is our mistake."""
    problem = problem_of(error)
    status = HTTPStatus(problem.status)
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": problem.detail,
        "errors": [{"parameter": name, "message": message} for name, message in problem.errors],
        "request_id": REFERENCE.get(),
    }
    response = HttpResponse(json.dumps(told), status=status, content_type=MEDIA_TYPE, headers=dict(problem.headers))
    response.headers["Cache-Control"] = "no-store"
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    log_response(
        "%s: %s",
        status.phrase,
        request.path,
        response=response,
        request=request,
        exception=sys.exception() if is_ours else None,
    )
    return response
