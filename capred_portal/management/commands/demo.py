"""Set the portal up to try it: database, facts, demonstration rows, users; then serve it with a worker."""

import os
import secrets
import signal
import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from capred_portal.demo import make_rows, make_users, remove_rows
from capred_portal.records import writing

APPS = ("capred_portal", "enterprises", "indicators", "programs")


class Command(BaseCommand):
    """Fill the database and serve the portal on this machine, or take the invented rows out again."""

    help = "Set up and serve the portal with demonstration rows; --remove takes them out again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-server", action="store_true", help="fill the database and stop")
        parser.add_argument("--remove", action="store_true", help="take the demonstration rows out")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("build_assets", verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("facts", verbosity=0)
        if options["remove"]:
            with writing(*APPS):
                removed = remove_rows()
            self.stdout.write(f"{removed} demonstration rows removed; the demonstration users can no longer sign in.")
            return
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
        with writing(*APPS):
            users = make_users(password)
            make_rows()
        for user in users:
            self.stdout.write(f"  {user.username:10} {password:16} {user.get_role_display()}")
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            self.stdout.write(f"Mails are written to {settings.EMAIL_FILE_PATH}")
        if not options["no_server"]:
            self.serve(options["port"])

    def serve(self, port: int) -> None:
        """Serve the portal on this machine, with a worker beside it that ends with it."""
        site = f"http://127.0.0.1:{port}"
        self.stdout.write(f"{site}/  (stop with Ctrl+C)")
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        servers = ("db_worker",), ("runserver", f"127.0.0.1:{port}", "--noreload")
        processes = [start(*command, site=site) for command in servers]
        try:
            sys.exit(processes[-1].wait())
        except KeyboardInterrupt:
            pass  # Ctrl+C reaches all of them
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def start(*command: str, site: str) -> subprocess.Popen:
    """Start one of our commands without one-time codes: the password is all that is handed out to try the portal."""
    environment = {"SITE_URL": site, **os.environ, "ONE_TIME_CODES": "0"}
    return subprocess.Popen([sys.executable, sys.argv[0], *command], env=environment)  # noqa: S603  our own command
