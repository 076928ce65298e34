"""Chromium for browser tests: pages signed in as a persona, which fail the test when they log anything."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from capred_portal.models import User
from tests.factories import make_user
from tests.machine import IN_CI, NO_CHROMIUM, find_chromium

PageFor = Callable[..., Page]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the processes of -n, of which each takes its piece of the list, put the long walks at the start of two pieces.

    Side by side they would be of one process: xdist steals neither what runs there nor what comes next.
    """
    walks = [item for item in items if item.path.name == "test_axe_walk.py"]
    if hasattr(config, "workerinput") and len(walks) == 2:
        others = [item for item in items if item not in walks]
        half = len(items) // 2
        items[:] = [walks[0], *others[: half - 1], walks[1], *others[half - 1 :]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if not path:
        (pytest.fail if IN_CI else pytest.skip)(f"skipped: because {NO_CHROMIUM}")
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, where Django would refuse to reach the database.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def console() -> list[str]:
    """What the pages of this test logged. Empty it in a test that asks for an error page on purpose."""
    return []


@pytest.fixture
def page_for(browser: Browser, live_server: object, console: list[str]) -> Iterator[PageFor]:
    """Return a function that opens a page: `page_for("staff", language="km").goto("/workshops/")`."""
    contexts: list[BrowserContext] = []

    def open_page(
        role: str = "staff",
        *,
        language: str = "en",
        scheme: Literal["light", "dark"] = "light",
        width: int = 1280,
        user: User | None = None,
        **options: Any,
    ) -> Page:
        address = str(live_server)
        context = browser.new_context(
            base_url=address,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        values = {settings.LANGUAGE_COOKIE_NAME: language}
        if role != "anonymous":
            values[settings.SESSION_COOKIE_NAME] = session_of(user or make_user(role, language=language))
        context.add_cookies([{"name": name, "value": values[name], "url": address} for name in values])
        listen(context, address, console)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert not console, "the browser logged something"


def listen(context: BrowserContext, address: str, console: list[str]) -> None:
    """Note console messages, uncaught errors and requests to any other server."""

    def stay_here(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            console.append(f"elsewhere: {request.url}")

    context.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
    context.on("weberror", lambda error: console.append(f"uncaught: {error.error}"))
    context.on("request", stay_here)


def session_of(user: User) -> str:
    """Return the key of a new session in which the user is signed in."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value
