"""The door of the interface for machines: which key knocks, how often, and what it opens."""

from base64 import b64decode
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from capred_portal import access
from capred_portal.access_keys import token_of
from capred_portal.addresses import client_address
from capred_portal.api.answers import answered
from capred_portal.api.problems import Problem, problem_answer
from capred_portal.models import AccessToken
from capred_portal.rate_limits import seconds_to_wait

REQUESTS_A_MINUTE = 600  # with one key
WRONG_KEYS_A_MINUTE = 30  # from one address
MINUTE = 60
VERBS = ("GET", "HEAD")
CHALLENGE = 'Basic realm="portal", charset="UTF-8", Bearer realm="portal"'
SCOPES = frozenset(AccessToken.Scope) - {AccessToken.Scope.CALENDAR}

# No answer holds a secret beside words of the asker, by whose length it could be guessed.
COMPRESSION = GZipMiddleware(lambda _request: HttpResponse())

View = Callable[..., HttpResponseBase]


def guarded(view: View, *, sessions: bool = False) -> View:
    """Let a view answer who has a key, in the language asked for, and turn whatever goes wrong into a problem.

    With `sessions`, people who are signed in are let in too.
    """

    @csrf_exempt  # nothing is written here, and no cookie opens anything
    @wraps(view)
    def at_the_door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_head = request.method == "HEAD"
        try:
            if request.method not in VERBS:
                allow = {"Allow": ", ".join(VERBS)}
                raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, "This interface is for reading.", headers=allow)
            with override("km" if request.GET.get("language") == "km" else "en"):
                if not (sessions and is_signed_in(request)):
                    admit(request)
                check_text(request)
                request.method = "GET"
                response = view(request, *args, **kwargs)
        except Exception as error:  # each becomes an answer, and those of ours a line in the log
            response = problem_answer(request, error)
        if is_head:
            request.method = "HEAD"
            without_body(response)
        else:
            response = COMPRESSION.process_response(request, response)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Authorization"])
        return response

    return at_the_door


def opens_to_keys(scope: str) -> Callable[[View], View]:
    """Decorate a view of a file for people: programs that send a key with the scope get it too, with an ETag.

    Who sends no key is asked to sign in, as everywhere.
    """

    def decorate(view: View) -> View:
        @guarded
        @wraps(view)
        def by_key(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            opened(request, scope)
            return answered(request, lambda: file_or_problem(view(request, *args, **kwargs)))

        @wraps(view)
        def either(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return (by_key if "Authorization" in request.headers else view)(request, *args, **kwargs)

        return either

    return decorate


def file_or_problem(response: HttpResponseBase) -> HttpResponseBase:
    """Return a file; a page that tells people why there is none is a problem to programs."""
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise Problem(response.status_code, "There is no file: the page that leads to it in the portal says why.")
    return response


def check_text(request: HttpRequest) -> None:
    """Raise a problem for a NUL: nothing here holds one, and PostgreSQL stumbles over it."""
    if "\0" in request.path:
        raise Problem(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
    names = [name for name, values in request.GET.lists() if any("\0" in text for text in (name, *values))]
    if names:
        errors = [(name.replace("\0", ""), "It holds a NUL.") for name in names]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A parameter is wrong.", errors)


def without_body(response: HttpResponseBase) -> None:
    """Take the body away and leave what is told of it."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = []
    elif isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


def is_signed_in(request: HttpRequest) -> bool:
    return "Authorization" not in request.headers and access.may(request.user, "key.use")


def admit(request: Any) -> None:
    """Make the owner of the key the user of the request, or raise why not."""
    key = key_in(request.headers.get("Authorization", ""))
    token = token_of(key) if key else None
    if token is None:
        wait = key and seconds_to_wait("wrong-key", client_address(request), most=WRONG_KEYS_A_MINUTE, seconds=MINUTE)
        raise too_many(wait) if wait else unknown()
    if wait := seconds_to_wait("api", str(token.pk), most=REQUESTS_A_MINUTE, seconds=MINUTE):
        raise too_many(wait)
    if not SCOPES & set(token.scopes):
        raise Problem(HTTPStatus.FORBIDDEN, "This key is for the calendar only.")
    access.check(token.user, "key.use")
    request.token, request.user = token, token.user
    request._cached_user = token.user  # by which the log knows whose request it was


def unknown() -> Problem:
    words = "Send a valid key: as Authorization: Bearer, or as the password of HTTP Basic with any user name."
    return Problem(HTTPStatus.UNAUTHORIZED, words, headers={"WWW-Authenticate": CHALLENGE})


def too_many(seconds: int) -> Problem:
    retry = {"Retry-After": str(seconds)}
    return Problem(HTTPStatus.TOO_MANY_REQUESTS, f"Too many requests. Wait {seconds} seconds.", headers=retry)


def key_in(header: str) -> str:
    """Return the key a header holds: a Bearer token, or the password of HTTP Basic; "" where there is none."""
    scheme, _space, told = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return told.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(told, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def opened(request: Any, scope: str, action: str = "page.read") -> None:
    """Raise a problem unless the key opens the scope and the role of its owner may do the action."""
    if scope not in request.token.scopes:
        words = AccessToken.Scope(scope).label
        raise Problem(HTTPStatus.FORBIDDEN, f"This key does not open this. It needs: {words}")
    access.check(request.user, action)


def may_open(request: Any, scope: str, action: str) -> bool:
    return scope in request.token.scopes and access.may(request.user, action)
