"""Answers of the interface for machines: JSON with an ETag by data version, so that what is known is not sent again."""

import datetime as dt
import json
from collections.abc import Callable, Collection
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import parse_etags
from django.utils.translation import override
from pydantic import WithJsonSchema

from capred_portal.api.problems import Problem
from capred_portal.caching import cached_value, data_key

VERSION = "1.0.0"

Number = Annotated[Any, WithJsonSchema({"type": ["number", "null"]})]


def check_names(request: Any, names: Collection[str]) -> None:
    """Raise a problem for parameters nobody knows, so that a typo never passes for an answer about everything."""
    if unknown := sorted(set(request.GET) - set(names)):
        errors = [(name, "There is no such parameter here.") for name in unknown]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A parameter is wrong.", errors)


def answered(request: Any, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer 304 where the asker has the data as they are, and otherwise with what `make` returns.

    The tag knows the data version, the day, who asks, what the key opens and the address: no row is read for it.
    """
    tag = f'W/"{address_key(request)[:40]}"'
    known = {each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))}
    response = HttpResponse(status=HTTPStatus.NOT_MODIFIED) if known & {"*", tag.removeprefix("W/")} else make()
    response.headers["ETag"] = tag
    return response


def address_key(request: Any) -> str:
    """Return a key of the data as they are, and of all an answer depends on."""
    asker = (request.user.pk, sorted(request.token.scopes))  # the user too: filters know what is "mine"
    return data_key(request, "api", VERSION, request.build_absolute_uri(), *asker)


def as_json(content: Any) -> str:
    return json.dumps(content, default=plain, ensure_ascii=False)


def json_answer(content: Any) -> HttpResponse:
    return HttpResponse(as_json(content), content_type="application/json")


def kept_answer(request: Any, compute: Callable[[], Any]) -> HttpResponseBase:
    """Answer with what `compute` returns, kept while the data stay the same; it must hold no personal data."""

    def make() -> HttpResponse:
        text = cached_value(request, lambda: as_json(compute()), "api", address_key(request))
        return HttpResponse(text, content_type="application/json")

    return answered(request, make)


def plain(value: Any) -> Any:
    """Return a value as JSON has it: numbers as numbers, days and moments as ISO 8601."""
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(type(value))


def exact(value: Decimal) -> int | float:
    """Return a decimal as the number JSON writes it as: whole ones exactly, others exactly up to 15 digits."""
    return int(value) if value == value.to_integral_value() else float(value)


def in_both(name: str, words: Any) -> dict[str, str]:
    """Return words in English and Khmer, as two members of an object."""
    told = {}
    for language in ("en", "km"):
        with override(language):
            told[f"{name}_{language}"] = str(words)
    return told
