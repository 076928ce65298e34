"""The document of the interface for machines in pieces that a page for people can show, and how to connect to it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from capred_portal.api.document import document
from capred_portal.api.doors import REQUESTS_A_MINUTE
from capred_portal.figures import Words, number
from capred_portal.methods import chapter

TAGS: dict[str, Words] = {
    "start": _("Where to begin"),
    "figures": _("Figures"),
    "indicators": _("Indicators"),
    "tables": _("Tables"),
}

Schema = dict[str, Any]


def operations() -> Iterator[dict[str, Any]]:
    """Yield each address with its operation."""
    for address, verbs in document()["paths"].items():
        told = verbs["get"]
        is_table = told["tags"] == ["tables"]
        words = f"{told['summary']}. {told['description']}" if is_table else told["description"]
        listed = told["summary"] if is_table else words  # what holds for all tables is said on the page of each
        yield {
            **told,
            "address": address,
            "name": told["operationId"],
            "page_words": plain(words),
            "listed": plain(listed),
        }


def plain(words: str) -> str:
    """Return words of the document, which are Markdown, without its marks."""
    return words.replace("`", "")


def operations_by_tag() -> list[tuple[Words, list[dict[str, Any]]]]:
    """Return the operations under the names of their parts."""
    found = list(operations())
    return [(title, [each for each in found if each["tags"] == [tag]]) for tag, title in TAGS.items()]


def operation_asked(name: str) -> dict[str, Any] | None:
    """Return one operation with its parameters and the members of its answer, or None."""
    found = next((each for each in operations() if each["name"] == name), None)
    if found is None:
        return None
    content = found["responses"][200]["content"]
    return {
        "address": found["address"],
        "page_words": found["page_words"],
        "parameters": [parameter(each) for each in found["parameters"]],
        "objects": list(objects(content["application/json"]["schema"])),
        "answers": [(status, plain(each["description"])) for status, each in sorted(found["responses"].items())],
        "has_csv": "text/csv" in content,
    }


def parameter(each: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter in words."""
    return {
        "name": each["name"],
        "kind": kind_of(each["schema"]),
        "is_required": each["required"],
        "about": plain(each.get("description", "")),
        "codes": each["schema"].get("enum", []),
    }


def objects(schema: Schema) -> Iterator[dict[str, Any]]:
    """Yield the objects an answer is made of, each once, the outermost first."""
    schemas = document()["components"]["schemas"]
    waiting, seen = list(references(schema)), set()
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen.add(name)
            members = schemas[name].get("properties", {})
            yield {"name": name, "members": [member(key, each) for key, each in members.items()]}
            waiting += [found for each in members.values() for found in references(each)]


def member(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "kind": kind_of(schema), "about": schema.get("title", ""), "more": schema.get("description")}


def references(schema: Schema) -> Iterator[str]:
    """Yield the names of the objects a schema points to."""
    if reference := schema.get("$ref"):
        yield reference.rpartition("/")[2]
    for each in inner(schema):
        yield from references(each)


def inner(schema: Schema) -> Iterable[Schema]:
    return [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]


def kind_of(schema: Schema) -> str:
    """Return the kind of a value in the words of JSON: "integer or null", "list of Point"."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(map(kind_of, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    kinds = schema.get("type", "string")
    words = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{words} ({schema['format']})" if "format" in schema else words


chapter(
    97,
    "machines",
    _("Programs that read the portal"),
    template="api/_connect.html",
    apart=True,
    context=lambda: {"requests": number(REQUESTS_A_MINUTE)},
)
