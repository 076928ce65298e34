"""The dialog before a session ends says that what was typed stays: every form that people type into keeps a draft."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
WITHOUT = {
    "account/code.html": "a code is good for half a minute",
    "account/code_new.html": "a code and a password",
    "account/_password_form.html": "a password",
    "account/keys.html": "a password, and three words",
    "personal_data/erase.html": "erasing for good is confirmed afresh, and its reason names nobody",
    "check_in/door.html": "nobody is signed in, and a phone may go from hand to hand",
    "registration/login.html": "a password",
    "registration/password_change_form.html": "passwords",
    "registration/password_reset_confirm.html": "passwords",
    "registration/password_reset_form.html": "nobody is signed in",
    "rounds/close.html": "one tick, which is given for the number of missing figures that stands beside it",
}
FORM = re.compile(r"<form\b(?P<head>(?:{%.*?%}|{{.*?}}|[^>{])*)>(?P<body>.*?)</form>", re.DOTALL)
INCLUDE = re.compile(r'{% include "([^"]+)"')
TYPED = re.compile(
    r"<textarea|<input type=\"(?:text|search|number|date|email)\"(?![^>]* hidden)"
    r"|{{ [\w.]*(?:cell|form|field)(?:\.\w+)?(?:\.as_field_group|\.as_div|\.text)? }}"
)
TOKENS = re.compile(r"{{ [\w.]*form\.(?:version|missing|expected|confirmed|creation_token) }}")


def whole(text: str) -> str:
    """Return a template with what it includes."""
    inside = [TEMPLATES / name for name in INCLUDE.findall(text)]
    return text + "".join(
        whole(path.read_text()) for path in inside if path.exists() and path.name != "_form_errors.html"
    )


def typed_forms() -> dict[str, bool]:
    """Return the templates with a form to type into, and whether each such form keeps a draft."""
    found: dict[str, bool] = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        for form in FORM.finditer(path.read_text()):
            body = TOKENS.sub("", whole(form["body"]))
            if re.search(r'method="post"|hx-post', form["head"]) and TYPED.search(body):
                name = path.relative_to(TEMPLATES).as_posix()
                has_draft = "data-draft=" in form["head"] and "data-user=" in form["head"]
                found[name] = found.get(name, True) and has_draft
    return found


def test_pages_that_say_no_keep_drafts() -> None:
    for path in TEMPLATES.glob("[45]*.html"):
        text = path.read_text()

        assert "data-not-saved" in text or '{% extends "500.html" %}' in text, path.name
        assert "js/portal.js" in text or "{% extends " in text, path.name


def test_every_form_to_type_into_keeps_a_draft_or_is_here_with_a_reason() -> None:
    forms = typed_forms()

    assert {name for name, has_draft in forms.items() if not has_draft} == set(WITHOUT)
    assert "_record_form.html" in forms
    assert "review/_sign.html" in forms
