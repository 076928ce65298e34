"""What a portal shows, as text: every figure for every role, and every page that needs no record in its address."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from capred_portal.figures import REGISTRY, Scope
from capred_portal.models import User
from tests.route_kinds import NO_PAGE, POST_ONLY
from tests.routes import routes

ROLES = ("staff", "officer")  # the pages of administrators tell of the machine too
MARKUP = re.compile(r"<[^>]+>")  # what charts are made of is text inside it


def figures() -> Iterator[tuple[str, str]]:
    """Yield every figure, whole and in parts, as each role sees it."""
    for role in ROLES:
        for code, definition in REGISTRY.items():
            for by in ("", *definition.by):
                for part, figure in definition.figures(Scope(role, {"by": by} if by else {})).items():
                    yield f"{role} {code} {by} {part}", f"{plain(figure.value)} {figure.state}"


def plain(value: int | Decimal | None) -> str:
    """Write a number in one way; sums of decimals have zeros at their end on PostgreSQL only."""
    return "" if value is None else f"{Decimal(value).normalize():f}"


def pages() -> Iterator[tuple[str, str]]:
    """Yield the text of every page that a role may open."""
    urls = sorted(filter(None, map(url_of, routes().keys() - NO_PAGE - POST_ONLY)))
    for role in ROLES:
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend")
        for url in urls:
            cache.clear()
            answer = client.get(url)
            if answer.status_code == 200:
                yield f"{role} {url}", " ".join(unescape(MARKUP.sub(" ", answer.content.decode())).split())


def url_of(name: str) -> str:
    """Return the address of a page, or nothing when it needs a record."""
    try:
        return "" if name.startswith(("admin:", "logout", "account_code")) else reverse(name)
    except NoReverseMatch:
        return ""


def main() -> None:
    """Print it as JSON."""
    print(json.dumps({"figures": dict(figures()), "pages": dict(pages())}))
