"""The interface for machines as a whole: its parts, and the document (OpenAPI 3.1) that describes them."""

from functools import cache
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import override
from ninja import NinjaAPI, Router, Schema

from capred_portal.api import figures, tables
from capred_portal.api.answers import VERSION, answered, check_names, json_answer
from capred_portal.api.problems import MEDIA_TYPE, ProblemDetails
from capred_portal.figures import REGISTRY

ROOT = "/api/v1/"
REF = "#/components/schemas/{model}"
ABOUT = (
    "What the portal holds, read-only. A key opens it: people make their own on the page of their account. Send it as"
    " `Authorization: Bearer`, or as the password of HTTP Basic with any user name, as Excel and Power BI do.\n\n"
    "A key reads what the role of its owner reads on the pages, as far as its scopes go. Demonstration rows are left"
    " out; a figure with such rows in it has the state `demonstration` and no value. `state` keeps apart what is"
    " missing, not applicable, withheld and a value of 0. Numbers are JSON numbers, exact up to 15 digits.\n\n"
    "Send the ETag of an answer as If-None-Match: while the data are the same, the answer is 304 and empty."
)
PROBLEMS = {
    400: "The request cannot be read.",
    401: "No valid key was sent.",
    403: "The key does not open this, or the role of its owner may not read it.",
    404: "There is nothing at this address.",
    422: "A parameter is unknown or wrong; `errors` names each.",
    429: "Too many requests; `Retry-After` tells the seconds to wait.",
    500: "A mistake of the portal; its log knows the `request_id`.",
    503: "The database is away or busy; ask again after `Retry-After` seconds.",
}
KEYS = {
    "Bearer": {"type": "http", "scheme": "bearer"},
    "Basic": {"type": "http", "scheme": "basic", "description": "Any user name; the key is the password."},
}

index = Router(tags=["start"])
ROUTERS = [index, tables.router, figures.router]


class Start(Schema):
    """Where to go on from here."""

    title: str
    version: str
    scopes: list[str]
    addresses: dict[str, str]


def contribute(router: Router) -> Router:
    """Add the addresses of an app; called in its module `api`."""
    ROUTERS.append(router)
    return router


@index.get("/", response=Start, url_name="start", operation_id="start")
def start(request: Any) -> HttpResponseBase:
    """What there is, and what this key opens."""
    check_names(request, [])
    names = ("tables", "figures", "indicators", "document")
    addresses = {name: request.build_absolute_uri(reverse(f"api:{name}")) for name in names}
    found = {"title": api().title, "version": VERSION, "scopes": request.token.scopes, "addresses": addresses}
    return answered(request, lambda: json_answer(found))


@cache
def api() -> NinjaAPI:
    """Return the whole, with what apps contribute in their `api` modules."""
    autodiscover_modules("api")
    made = NinjaAPI(
        title="Manufacturing Competitiveness Portal",
        version=VERSION,
        description=ABOUT,
        urls_namespace="api",
        openapi_url=None,
    )
    made.add_exception_handler(Exception, pass_on)
    for kind in list(made._exception_handlers):
        made.add_exception_handler(kind, pass_on)
    with override("en"):
        tables.add_tables()
    for router in ROUTERS:
        made.add_router("", router)
    return made


def pass_on(_request: Any, error: Any) -> Any:
    """Leave every error to the door, which turns it into a problem."""
    raise error


@cache
def document() -> dict[str, Any]:
    """Return the document: what ninja knows, the filters of tables, and what every address may answer."""
    with override("en"):
        told: dict[str, Any] = api().get_openapi_schema(path_prefix=ROOT)
    problem = ProblemDetails.model_json_schema(ref_template=REF)
    told["components"]["schemas"] |= {**problem.pop("$defs"), "ProblemDetails": problem}
    told["components"]["securitySchemes"] = KEYS
    told["security"] = [{name: []} for name in KEYS]
    figure = told["paths"][f"{ROOT}figures/{{code}}"]["get"]["parameters"]
    figure[0]["schema"]["enum"] = sorted(REGISTRY)
    figure += figures.parameters()
    for operations in told["paths"].values():
        for operation in operations.values():
            complete(operation)
    return told


def complete(operation: dict[str, Any]) -> None:
    """Add to an operation what all of them may answer."""
    answers = operation["responses"]
    answers[200]["headers"] = {"ETag": {"schema": {"type": "string"}, "required": True}}
    answers[304] = {"description": "The asker has the data as they are.", "headers": answers[200]["headers"]}
    problem = {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="ProblemDetails")}}}
    answers |= {status: {"description": words, "content": problem} for status, words in PROBLEMS.items()}
    if any(each["name"] == "format" for each in operation["parameters"]):
        answers[200]["content"]["text/csv"] = {"schema": {"type": "string"}}
