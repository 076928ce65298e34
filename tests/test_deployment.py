"""The container, the environment and the repository: what nobody sees until the day of deployment."""

import ast
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from capred_portal.secret_keys import is_weak, local_secret

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
# What compose decides itself, or nobody changes on one machine; all else that is documented can be set there.
NOT_IN_COMPOSE = """
    BACKUP_ROOT CACHE_URL DATABASE_URL DEBUG DEMO_PASSWORD LEASE_SECONDS LOG_FORMAT MEDIA_ROOT STATIC_ROOT
    STATIC_STORAGE TASK_BACKEND
""".split()
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".build", ".env", "__pycache__", "*.mo", ".*_cache")

# Package registries, script hosts, folders of one machine; bracketed, so that this file does not name them.
FORBIDDEN = re.compile(
    r"[p]ypi\.|[p]ythonhosted|[r]egistry\.npmjs|[i]ndex-url|[f]ind-links"
    r"|[d]ocker\.io|[g]hcr\.io|[u]npkg\.com|[j]sdelivr"
    r"|(?<![\w./}])/(?:[w]ork|[r]oot|[h]ome/\w+)/"
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what a clone would hold, with the example environment as its own."""
    copy = tmp_path_factory.mktemp("deployment") / "portal"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    shutil.copy(copy / ".env.example", copy / ".env")
    return copy


def attempt(checkout: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command there without this run's settings."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(command, cwd=checkout, env=inherited | variables, capture_output=True, text=True, check=False)


def run_in(checkout: Path, *command: str, **variables: str) -> str:
    """Run a command there and return what it printed; fail if it fails."""
    done = attempt(checkout, *command, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shipped_environment() -> dict[str, str]:
    """Return the environment of the container as compose starts it, with only what it asks for filled in."""
    image = dict(re.findall(r"^ {4}(\w+)=(\S+?)(?: \\)?$", DOCKERFILE, re.MULTILINE))
    asked = {"SECRET_KEY": secrets.token_urlsafe(50), "POSTGRES_PASSWORD": "chosen", "EMAIL_URL": "smtp://mail:25"}

    def fill(found: re.Match[str]) -> str:
        return asked.get(found[1], found[2] or "")

    lines = re.findall(r"^    ([A-Z_]+): (.+?)(?: #.*)?$", COMPOSE.split("services:")[0], re.MULTILINE)
    chosen = {name: re.sub(r"\$\{(\w+):(?:-([^}]*)|\?[^}]*)\}", fill, value) for name, value in lines}
    return {"STATIC_STORAGE": image["STATIC_STORAGE"], **chosen}


def test_dockerfile_steps_work_in_a_clean_copy(checkout: Path) -> None:
    commands = re.findall(r"^RUN \.venv/bin/python (manage\.py .+)$", DOCKERFILE, re.MULTILINE)
    environment = dict(re.findall(r"^ENV (\w+)=(\S+)$", DOCKERFILE, re.MULTILINE))

    for command in commands:
        run_in(checkout, sys.executable, *shlex.split(command), **environment)

    assert "STATIC_STORAGE" in environment
    assert [command.split()[1] for command in commands] == ["build_assets", "collectstatic"]
    assert (checkout / ".build/static/staticfiles.json").exists()


def test_dockerfile_server_starts(checkout: Path) -> None:
    arguments = ast.literal_eval(
        re.findall(r"^CMD (\[.+?\])$", DOCKERFILE, re.MULTILINE | re.DOTALL)[-1].replace("\\\n", "")
    )

    run_in(checkout, sys.executable, "-m", "gunicorn", "--check-config", *arguments[1:])


def test_shipped_configuration_passes_the_check_for_deployment(checkout: Path) -> None:
    run_in(
        checkout, sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **shipped_environment()
    )


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "too-short"}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": "django-insecure-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2}, "SECRET_KEY is weak"),
        ({"SECRET_KEY": "change-me-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2}, "SECRET_KEY is weak"),
        ({"DEBUG": "1"}, "not together with BEHIND_TLS=1"),
    ],
    ids=["missing", "short", "monotonous", "insecure", "change-me", "debug"],
)
def test_a_start_that_would_protect_nobody_is_refused(variables: dict[str, str], reason: str, checkout: Path) -> None:
    done = attempt(checkout, sys.executable, "manage.py", "check", **(shipped_environment() | variables))

    assert done.returncode != 0
    assert reason in done.stderr.splitlines()[-1]


def test_a_weak_secret_is_enough_to_debug(checkout: Path) -> None:
    run_in(checkout, sys.executable, "manage.py", "check", DEBUG="1", SECRET_KEY="too-short")


def test_a_checkout_makes_its_own_secret_once(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"

    keys = {local_secret(path) for _start in range(3)}

    assert len(keys) == 1
    assert not is_weak(keys.pop())
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["secret_key"]


def test_dockerfile_runs_as_a_plain_user() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]

    assert re.search(r"^USER (?!root)\w+$", last_stage, re.MULTILINE)


@pytest.mark.django_db
def test_health_check_answers_anyone() -> None:
    path = re.search(r"127\.0\.0\.1:8000(/\w+)", DOCKERFILE)

    assert path
    assert Client().get(path[1]).status_code == 200


def test_what_the_address_of_the_database_asks_for_is_kept(checkout: Path) -> None:
    told = "from capred_portal.settings import DATABASES; print(DATABASES['default']['OPTIONS'])"
    address = "postgres://portal:chosen@database:5432/portal?sslmode=verify-full&connect_timeout=9"

    options = ast.literal_eval(run_in(checkout, sys.executable, "-c", told, DATABASE_URL=address))

    assert options["sslmode"] == "verify-full"
    assert int(options["connect_timeout"]) == 9
    assert options["pool"]["max_size"] == 8


def test_example_environment_works_as_it_stands(checkout: Path) -> None:
    run_in(checkout, sys.executable, "manage.py", "check")


def test_example_environment_names_every_variable_once() -> None:
    settings = ast.parse((ROOT / "capred_portal/settings.py").read_text(encoding="utf-8"))
    read = sorted({variable for node in ast.walk(settings) for variable in variables_read(node)})

    documented = sorted(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))

    assert documented == read


def variables_read(node: ast.AST) -> list[str]:
    """Return the variable that a call such as env.bool("DEBUG", ...) or os.environ.get("DEBUG") reads."""
    if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
        return []
    caller = ast.unparse(node.func)
    return [str(node.args[0].value)] if re.match(r"env\b|os\.(environ|getenv)", caller) else []


def test_compose_takes_every_variable_that_is_not_its_own() -> None:
    settings = set(re.findall(r"^    ([A-Z_]+):", COMPOSE.split("services:")[0], re.MULTILINE))

    documented = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))

    assert settings - {"DATABASE_URL"} == documented - {*NOT_IN_COMPOSE}


def test_restore_with_compose_starts_nothing_that_writes_first() -> None:
    restore = next(line for line in README.splitlines() if "docker compose" in line and "manage.py restore" in line)

    assert "run --rm --no-deps web" in restore
    assert ":/srv/backups" in COMPOSE
    assert "manage.py restore /srv/backups/" in restore


def test_several_machines_share_the_folders_that_hold_what_no_database_does() -> None:
    row = next(line for line in README.splitlines() if line.startswith("| several machines"))

    assert {"`MEDIA_ROOT`", "`BACKUP_ROOT`"} <= set(row.split())


def test_no_file_names_a_registry_or_this_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / line for line in listed.stdout.splitlines()]

    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in paths if path.is_file()}
    found = [f"{path.relative_to(ROOT)}: {text}" for path in texts for text in FORBIDDEN.findall(texts[path])]

    assert not found
