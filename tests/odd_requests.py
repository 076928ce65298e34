"""Requests nobody would send by hand, made of the forms the pages show; and what became of the rows."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils.translation import activate
from hypothesis import strategies as st

from capred_portal.models import User
from tests.factories import ROLES
from tests.found_forms import FoundForm, forms_of
from tests.routes import examples, make_sample

SAVED = b'class="message success"'  # a grid keeps the rows that are right, and says how many
BOUNDARY = "a-boundary-that-nobody-types"
APART = ("django_session", "axes_", "capred_portal_ratewindow")  # tables that every request may write to
SECRET = {"password", "old_password", "new_password1", "new_password2"}  # wrong guesses lock accounts: tested apart
PARAMETERS = ("page", "q", "sort", "by", "after", "before", "period", "program", "view", "show", "year", "format")
COMMON = (
    *("action", "creation_token", "digest", "evidence_file-kept", "file-kept", "form-TOTAL_FORMS", "next", "note"),
    *("one", "period", "program", "q", "reason", "row", "state", "step", "submit", "take", "text", "to", "value"),
    *("version", "withdraw", "decision", "language"),
)
ODD = (
    *("", " ", "\0", "a\0b", "\ud800", "0", "-1", "1.5", "1e999", "NaN", "-Infinity", "1" * 25, "-" + "9" * 30),
    *("9" * 5_000, "១២៣", "៩" * 40, "²", "٣", "999999999999", "9223372036854775808", "2147483648", "10" + "0" * 29),
    *("2024-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "99999-01-01", "31/12/9999", "2024-13", "2024-Q9"),
    *("[]", "{}", '{"$ne": 1}', "null", "true", "on", "__class__", "-__class__", "' OR 1=1 --", "%", "%s%n"),
    *("{{ 7*7 }}", "<script>alert(1)</script>", "=1+1", "../../etc/passwd", "javascript:alert(1)", "http://[::1"),
    *("https://example.org/" + "a" * 600, "https://xn--/", "a@b", "\u202eabc", "\u200b", "ក" * 300, "x" * 3_000),
    *("x" * 70_000, "\r\nSet-Cookie: a=b", "00000000-0000-0000-0000-000000000000", "mine 9" + "9" * 4_400),
    *("theirs 1", "1.1", "1." + "9" * 4_400, "1.²", "user:999999999999", "person:x", "organisation:-1", "1,2", "1 2"),
)
VALUES = st.one_of(
    st.sampled_from(ODD),
    st.sampled_from(ODD),
    st.integers(0, 60).map(str),
    st.text(max_size=30),
    st.decimals().map(str),
    st.dates().map(str),
)


@dataclass(frozen=True)
class Change:
    """What is sent for a field instead: nothing, one value or several; its place is taken modulo the fields."""

    place: int
    values: tuple[str, ...]


CHANGES = st.lists(
    st.builds(Change, st.integers(0, 10_000), st.lists(VALUES, max_size=3).map(tuple)), min_size=1, max_size=5
)


@dataclass(frozen=True)
class Target:
    """An address, who asks it, and the fields it has with what a browser would send."""

    role: str
    url: str
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    has_files: bool = False

    def fields(self, changes: list[Change], more: tuple[str, ...]) -> list[tuple[str, str]]:
        """Return names and values with the changes made, to own fields more often than to others."""
        values = dict(self.values)
        names = [*values, *values, *values, *more]
        for change in changes:
            values[names[change.place % len(names)]] = change.values
        return [(name, value) for name, given in values.items() for value in given]


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    """Return fields as a browser sends them; halves of characters as no browser would."""
    return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in pairs]).encode()


def in_parts(pairs: list[tuple[str, str]], *, as_files: bool) -> bytes:
    """Return fields as parts; with `as_files` what a field of a file holds is the file."""
    body = b""
    for name, value in pairs:
        file = '; filename="x.csv"\r\nContent-Type: text/csv' if as_files and "file" in name else ""
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
        body += value.encode("utf-8", "surrogatepass") + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


@dataclass
class Ground:
    """The rows, the clients of all roles, all that can be asked, and what went wrong so far."""

    clients: dict[str, Client]
    posts: list[Target] = field(default_factory=list)
    gets: list[Target] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)

    def post(self, target: Target, changes: list[Change], as_parts: str) -> None:
        pairs = target.fields(changes, COMMON)
        body, kind = encoded(pairs), "application/x-www-form-urlencoded"
        if as_parts:
            body = in_parts(pairs, as_files=as_parts == "files")
            kind = f"multipart/form-data; boundary={BOUNDARY}"
        self.ask(target, "post", target.url, data=body, content_type=kind)

    def get(self, target: Target, changes: list[Change], headers: dict[str, str]) -> None:
        query = encoded(target.fields(changes, PARAMETERS)).decode()
        self.ask(target, "get", f"{target.url.partition('?')[0]}?{query}", headers=headers)

    def ask(self, target: Target, method: str, url: str, **sent: Any) -> None:
        """Send one request whose rows are taken back, and note an error, or what a refusal changed."""
        cache.clear()
        activate("en")
        self.clients[target.role].cookies = SimpleCookie(self.cookies[target.role])  # an answer may have signed out
        writes: list[str] = []
        with taken_back(), connection.execute_wrapper(noting(writes)):
            told = f"{target.role} {method} {url[:300]} {str(sent.get('data', ''))[:1500]}"
            try:
                response = getattr(self.clients[target.role], method)(url, **sent)
                body = response.getvalue()
            except Exception as error:
                self.wrong.setdefault(place_of(error), f"{error!r:.300} {told}")
                return
            self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
            if response.status_code >= 500:
                self.wrong.setdefault(f"{response.status_code} {url:.60}", told)
            elif response.status_code >= 400 and writes and SAVED not in body and (changed := self.changed()):
                self.wrong.setdefault(f"half-write {target.url} {changed}", told)

    @cached_property
    def cookies(self) -> dict[str, dict[str, str]]:
        return {
            role: {name: one.value for name, one in client.cookies.items()} for role, client in self.clients.items()
        }

    @cached_property
    def before(self) -> dict[str, int]:
        return checksums()

    def changed(self) -> list[str]:
        return [table for table, checksum in checksums().items() if checksum != self.before[table]]


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def noting(writes: list[str], apart: tuple[str, ...] = APART) -> Any:
    """Return a wrapper that notes each statement that writes to any but the tables that are apart."""

    def execute(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(f'"{name}' in sql[:120] for name in apart):
            writes.append(sql)
        return run(sql, params, many, context)

    return execute


def checksums() -> dict[str, int]:
    """Return a checksum of the rows of every table that not every request may write to."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(APART):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found[table] = hash(frozenset(map(repr, cursor.fetchall())))
    return found


def place_of(error: BaseException) -> str:
    """Return the error's kind and the last of our own lines it went through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if one.filename.startswith(str(settings.BASE_DIR)) and ".venv" not in one.filename]
    ours = [one for one in ours if "/tests/" not in one.filename] or frames[-1:]
    return f"{type(error).__name__} at {ours[-1].filename.removeprefix(str(settings.BASE_DIR))}:{ours[-1].lineno}"


def make_ground() -> Ground:
    """Write the rows of all tests of requests, sign everybody in, and find all that can be asked."""
    shown = examples(make_sample())
    ground = Ground({role: Client() for role in (*ROLES, "anonymous")})
    posts: dict[Any, Target] = {}
    gets: dict[Any, Target] = {}
    for role, client in ground.clients.items():
        if role in ROLES:
            client.force_login(User.objects.get(username=role), "django.contrib.auth.backends.ModelBackend")
        opens = [one for one in shown if role in one.roles and one.name != "logout"]
        for example, forms, links in forms_of(client, opens):
            names = links.union(*(form.values for form in forms if form.method == "get"))
            gets[role, example.url] = Target(role, example.url, tuple((name, ()) for name in sorted(names)))
            posts |= {(role, *form.layout): target_of(role, form) for form in forms if is_tried(form)}
        for example in opens:
            (posts if example.is_post else gets).setdefault((role, example.url), Target(role, example.url))
    ground.posts, ground.gets = [*posts.values()], [*gets.values()]
    assert ground.before  # read while nothing is sent yet
    return ground


def is_tried(form: FoundForm) -> bool:
    return form.method == "post" and not SECRET & form.values.keys() and "logout" not in form.url


def target_of(role: str, form: FoundForm) -> Target:
    values = tuple((name, tuple(given)) for name, given in sorted(form.values.items()) if name)
    return Target(role, form.url, values, form.has_files)
