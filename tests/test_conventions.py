"""The conventions of the house that a program can hold: sizes, first sentences, templates, imports."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("capred_portal", "enterprises", "programs", "indicators")

APP_MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEST_MODULES = sorted((ROOT / "tests").rglob("*.py"))
MODULES = [ROOT / "manage.py", *APP_MODULES, *TEST_MODULES]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Shown where base.html has nothing to work with, or in the place of another package's own template.
NOT_PAGES = tuple(
    f"templates/{start}"
    for start in (
        "400.",
        "500.",
        "503.",
        "admin/",
        "django/",
        "simple_history/",
        "registration/password_reset_email.",
    )
)

TRANSLATORS = {"_"} | {f"{kind}gettext{when}" for kind in ("", "n", "p", "np") for when in ("", "_lazy", "_noop")}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def too_long(paths: list[Path], limit: int) -> list[str]:
    """Return the files of more lines than the limit."""
    lengths = {name(path): len(text(path).splitlines()) for path in paths}
    return [f"{path}: {lines} lines" for path, lines in lengths.items() if lines > limit]


def long_functions(paths: list[Path], limit: int) -> list[str]:
    """Return the functions of more lines than the limit, decorators not counted."""
    lengths = {
        f"{name(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in paths
        for node in functions(path)
    }
    return [f"{function}: {lines} lines" for function, lines in lengths.items() if lines > limit]


# Python


def test_modules_start_with_a_sentence() -> None:
    first_lines = {name(path): (ast.get_docstring(tree(path)) or "").split("\n")[0] for path in MODULES if text(path)}

    assert not [path for path, line in first_lines.items() if not re.match(r"[A-Z`].*\.$", line)]


def test_modules_fit_400_lines() -> None:
    assert not too_long(MODULES, 400)


def test_functions_fit_40_lines() -> None:
    assert not long_functions(APP_MODULES, 40)


def test_views_fit_30_lines() -> None:
    assert not long_functions([path for path in APP_MODULES if "views" in (path.stem, path.parent.name)], 30)


def test_functions_import_nothing_of_ours() -> None:
    imported = [
        f"{name(path)}:{function.lineno} {function.name} imports {module}"
        for path in MODULES
        for function in functions(path)
        for node in ast.walk(function)
        for module in imported_modules(node)
        if module.split(".")[0] in {*APPS, "tests", ""}
    ]

    assert not imported


def test_words_are_translated_outside_f_strings() -> None:
    """What collects the words for the catalogue does not look into an f-string: a call there stays English."""
    inside = [
        f"{name(path)}:{node.lineno} {ast.unparse(node)}"
        for path in APP_MODULES
        for words in ast.walk(tree(path))
        if isinstance(words, ast.JoinedStr)
        for node in ast.walk(words)
        if isinstance(node, ast.Call) and name_of_call(node) in TRANSLATORS
    ]

    assert not inside


def name_of_call(node: ast.Call) -> str:
    """Return the last part of what is called."""
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def test_no_model_signals() -> None:
    users = [
        name(path)
        for path in APP_MODULES
        for node in ast.walk(tree(path))
        if "django.db.models.signals" in imported_modules(node)
    ]

    assert not users


def test_models_do_not_override_save() -> None:
    modules = [path for path in APP_MODULES if path.stem in {"models", "records"} or path.parent.name == "models"]

    assert not [name(path) for path in modules for node in functions(path) if node.name == "save"]


def imported_modules(node: ast.AST) -> list[str]:
    """Return the modules an import statement names; a relative one begins with a dot."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        return [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return []


# Templates


def is_page(path: Path) -> bool:
    return path.name != "base.html" and not path.name.startswith("_") and not name(path).startswith(NOT_PAGES)


def test_templates_fit_100_lines() -> None:
    assert not too_long(TEMPLATES, 100)


def test_pages_extend_base() -> None:
    pages = [path for path in TEMPLATES if is_page(path)]

    assert not [name(path) for path in pages if not text(path).startswith('{% extends "base.html" %}')]


def test_fragments_extend_nothing() -> None:
    fragments = [path for path in TEMPLATES if path.name.startswith("_")]

    assert not [name(path) for path in fragments if "{% extends" in text(path)]


def test_templates_hold_no_inline_code() -> None:
    inline = re.compile(r"<style\b|\sstyle=|\son[a-z]+=|href=[\"']javascript:", re.IGNORECASE)
    script = re.compile(r"<script\b(?![^>]*(?:\ssrc=|\stype=\"application/json\"))", re.IGNORECASE)

    found = [
        f"{name(path)}: {hit}" for path in TEMPLATES for rule in (inline, script) for hit in rule.findall(text(path))
    ]

    assert not found


# Files a person reads first


def test_first_files_stay_short() -> None:
    assert not too_long([ROOT / "README.md"], 200)
    assert not too_long([ROOT / "capred_portal" / "settings.py"], 250)


def test_top_level_folders_are_the_agreed_ones() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}

    assert folders - {"__pycache__"} <= {*APPS, "templates", "static", "tests"}
