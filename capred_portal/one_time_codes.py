"""One-time codes: who needs one, the half session between password and code, phones and recovery codes."""

import datetime as dt
import time
from base64 import b32encode
from binascii import unhexlify
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from capred_portal.access import ADMIN, VERIFIER
from capred_portal.matching import ascii_digits
from capred_portal.models import User

CODE_ROLES = frozenset({ADMIN, VERIFIER})
RECOVERY_CODES = 10

# What a session holds. A half session belongs to nobody yet: who only typed a password is anonymous on every page.
HALF = "half_signed_in"
PASSED = "passed_second_step"
HALF_SECONDS = 15 * 60


@dataclass(frozen=True)
class Answer:
    """What became of a typed code: right or wrong, or not looked at until a pause is over."""

    right: bool
    recovery_left: int | None = None  # told when a recovery code was used
    paused_until: dt.datetime | None = None


def must_use(user: User) -> bool:
    """Tell whether the user's role signs in with codes; the others may choose to."""
    return settings.ONE_TIME_CODES and user.role in CODE_ROLES


def has_codes(user: User) -> bool:
    """Tell whether the user has set up codes."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def recovery_left(user: User) -> int:
    """Count the recovery codes that are not used up."""
    return int(StaticToken.objects.filter(device__user=user).count())


# Between password and code


def begin_half(request: HttpRequest, user: User) -> None:
    """Empty the session and note in it whose password was typed, and when."""
    request.session.flush()
    request.session[HALF] = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": int(time.time())}


def half_user(request: HttpRequest) -> User | None:
    """Return whose password was typed in this session a short while ago, unless something changed since."""
    half = request.session.get(HALF)
    if not half or time.time() - half["at"] > HALF_SECONDS:
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    return user if user and constant_time_compare(half["hash"], user.get_session_auth_hash()) else None


# Setting up and taking away


def new_key() -> str:
    """Return a new secret for an app on a phone."""
    return str(default_key())


def readable_key(key: str) -> str:
    """Return a secret as apps ask for it, in groups of four to type from."""
    text = b32encode(unhexlify(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def app_address(user: User, key: str) -> str:
    """Return the address that tells an app the secret, the portal and the account."""
    return str(TOTPDevice(user=user, key=key).config_url)


def set_up(user: User, key: str, typed: str, *, first: bool = False) -> bool:
    """Give the user codes from this secret, and recovery codes, if an app that knows it shows the typed code.

    With `first`, a user who has codes by now keeps them: of two first set-ups at once, one counts.
    """
    code = cleaned(typed)
    totp = TOTP(unhexlify(key))
    totp.time = time.time()
    if not is_time_based(code) or not totp.verify(int(code), tolerance=1):
        return False
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if first and has_codes(user):
            return False
        take_away(user)
        TOTPDevice.objects.create(user=user, name=user.username[:64], key=key, last_t=totp.t(), drift=totp.drift)
        renew_recovery_codes(user)
    return True


def take_away(user: User) -> None:
    """Remove the user's codes of both kinds; where the role needs them they are set up at the next sign-in."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()


def renew_recovery_codes(user: User) -> None:
    """Replace the user's recovery codes by new ones."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name=user.username[:64])
        tokens = [StaticToken(device=device, token=StaticToken.random_token()) for _each in range(RECOVERY_CODES)]
        StaticToken.objects.bulk_create(tokens)


def recovery_codes(user: User) -> list[str]:
    """Return the recovery codes as they are shown, in groups of four."""
    tokens = StaticToken.objects.filter(device__user=user).order_by("pk").values_list("token", flat=True)
    return [f"{token[:4]}-{token[4:]}" for token in tokens]


# Checking


def cleaned(typed: str) -> str:
    """Return the letters and digits of a typed code, small and of this alphabet; spaces may be such as nobody sees."""
    return "".join(letter for letter in ascii_digits(typed) if letter.isalnum()).lower()


def is_time_based(code: str) -> bool:
    """Tell a code of an app from a recovery code, which is longer."""
    return len(code) == 6 and code.isascii() and code.isdigit()


def check_code(user: User, typed: str) -> Answer:
    """Look at a code that somebody typed; each is good for once, and wrong ones make the next wait ever longer."""
    code = cleaned(typed)
    model: Any = TOTPDevice if is_time_based(code) else StaticDevice
    with transaction.atomic():
        device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            return Answer(right=False)
        allowed, why = device.verify_is_allowed()
        if not allowed:
            return Answer(right=False, paused_until=why["locked_until"])
        right = device.verify_token(code[:16])
    used_up = right and model is StaticDevice
    return Answer(right, recovery_left(user) if used_up else None)
