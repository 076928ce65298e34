"""Settings of the test run: the portal's own, read from a clean environment and made fast."""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import environ

from tests.undefined import UndefinedVariable

_FOLDER = tempfile.mkdtemp(prefix="portal-test-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

_KNOWN = re.findall(r"^#?([A-Z_]+)=", Path(".env.example").read_text(), re.MULTILINE)
_CHOSEN = {
    "ONE_TIME_CODES": "0",  # the tests of one-time codes ask for them
    "SECRET_KEY": "only-for-tests-and-long-enough-for-nobody-to-mind-4711",
    "DATABASE_URL": f"sqlite:///{_FOLDER}/portal.sqlite3",
    "BACKUP_ROOT": f"{_FOLDER}/backups",
    "MEDIA_ROOT": f"{_FOLDER}/media",
    "STATIC_ROOT": _FOLDER,
    "TASK_BACKEND": "django_tasks.backends.immediate.ImmediateBackend",
}

# Neither this shell's variables nor a .env file may change what is tested.
with patch.dict(os.environ), patch.object(environ.FileAwareEnv, "read_env"):
    for _name in _KNOWN:
        os.environ.pop(_name, None)
    os.environ.update(_CHOSEN)
    from capred_portal.settings import *  # noqa: F403
    from capred_portal.settings import DATABASES, TEMPLATES

# A file, not memory: threads get connections of their own, as in production.
DATABASES["default"]["TEST"] = {"NAME": f"{_FOLDER}/test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
WHITENOISE_AUTOREFRESH = True  # look a static file up when asked; do not list them all for each test client
