"""The conventions of the house that a program can hold: sizes, first sentences, templates, imports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("capred_portal", "enterprises", "programs", "indicators")

APP_MODULES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TEST_MODULES = sorted((ROOT / "tests").rglob("*.py"))
MODULES = [ROOT / "manage.py", *APP_MODULES, *TEST_MODULES]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Shown where base.html has nothing to work with, or in the place of another package's own template.
NOT_PAGES = (
    "400.html",
    "500.html",
    "admin/",
    "django/",
    "simple_history/",
    "registration/password_reset_email.html",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def too_long(path: Path, limit: int) -> list[str]:
    return [f"{node.name}: {length(node)} lines" for node in functions(path) if length(node) > limit]


# Python


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_starts_with_a_sentence(path: Path) -> None:
    if not path.read_text(encoding="utf-8").strip():
        return  # an empty __init__.py

    docstring = ast.get_docstring(tree(path), clean=False) or ""

    first_line = docstring.splitlines()[0] if docstring else ""
    assert re.match(r"[A-Z`].*\.$", first_line), "the first line is to say, in one sentence, what lives here"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_fits_400_lines(path: Path) -> None:
    assert line_count(path) <= 400


@pytest.mark.parametrize("path", APP_MODULES, ids=name)
def test_functions_fit_40_lines(path: Path) -> None:
    assert not too_long(path, 40)


@pytest.mark.parametrize(
    "path", [path for path in APP_MODULES if "views" in (path.stem, path.parent.name)], ids=name
)
def test_views_fit_30_lines(path: Path) -> None:
    assert not too_long(path, 30)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_import_nothing_of_ours(path: Path) -> None:
    imported = [
        f"line {node.lineno}: {module}"
        for function in functions(path)
        for node in ast.walk(function)
        for module in imported_modules(node)
        if module.split(".")[0] in {*APPS, "tests", ""}
    ]

    assert not imported


@pytest.mark.parametrize("path", APP_MODULES, ids=name)
def test_no_model_signals(path: Path) -> None:
    modules = [module for node in ast.walk(tree(path)) for module in imported_modules(node)]

    assert "django.db.models.signals" not in modules
    assert "signals" not in imported_names(path, "django.db.models")


@pytest.mark.parametrize("path", APP_MODULES, ids=name)
def test_models_do_not_override_save(path: Path) -> None:
    models_here = path.stem in {"models", "records"} or path.parent.name == "models"

    overrides = [node.lineno for node in functions(path) if node.name == "save"]

    assert not (models_here and overrides)


def imported_modules(node: ast.AST) -> list[str]:
    """Return the modules an import statement names; a relative one begins with a dot."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return ["." * node.level + (node.module or "")]
    return []


def imported_names(path: Path, module: str) -> set[str]:
    return {
        alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }


# Templates


def template_name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


def is_page(path: Path) -> bool:
    is_fragment = path.name.startswith("_")
    return not is_fragment and path.name != "base.html" and not template_name(path).startswith(NOT_PAGES)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_fits_100_lines(path: Path) -> None:
    assert line_count(path) <= 100


@pytest.mark.parametrize("path", [path for path in TEMPLATES if is_page(path)], ids=name)
def test_page_extends_base(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith('{% extends "base.html" %}')


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.name.startswith("_")], ids=name)
def test_fragment_extends_nothing(path: Path) -> None:
    assert "{% extends" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_has_no_inline_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    inline = re.findall(r"<style\b|\sstyle=|\son[a-z]+=|href=[\"']javascript:", text, re.IGNORECASE)
    scripts = re.findall(r"<script\b[^>]*>", text, re.IGNORECASE)

    assert not inline
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)


# Files a person reads first


@pytest.mark.parametrize(("file", "limit"), [("README.md", 200), ("capred_portal/settings.py", 250)])
def test_first_files_stay_short(file: str, limit: int) -> None:
    assert line_count(ROOT / file) <= limit


def test_top_level_folders_are_the_agreed_ones() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}

    assert folders - {"__pycache__"} <= {*APPS, "templates", "static", "tests"}
