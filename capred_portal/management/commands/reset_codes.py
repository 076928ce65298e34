"""Take somebody's one-time codes away from the command line: when the last administrator lost phone and codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from capred_portal.models import User
from capred_portal.one_time_codes import must_use, take_away


class Command(BaseCommand):
    """Take the one-time codes of a user away and end their sessions."""

    help = "Take somebody's one-time codes away; where the role needs them, the next sign-in sets up new ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"No user is named {options['username']}.")
        take_away(user)
        user.end_sessions()
        then = "leads to setting up new ones" if must_use(user) else "takes the password alone"
        self.stdout.write(f"{user.username} has no one-time codes and is signed out; the next sign-in {then}.")
