"""Demonstration users, and the registry of what each app invents to make pages live."""

import random
from collections.abc import Callable
from typing import Any

from django.utils.module_loading import autodiscover_modules

from capred_portal.models import Match, Merge, Organisation, User

SEED = 20240814
Maker = Callable[[random.Random], None]
Remover = Callable[[], int]
MAKERS: list[tuple[int, Maker]] = []
REMOVERS: list[tuple[int, Remover]] = []

USERS = {
    "staff": ("Sok Pisey", "សុខ ពិសី"),
    "verifier": ("Chan Dara", "ចាន់ ដារា"),
    "officer": ("Alex Morgan", ""),
    "admin": ("Kim Sophea", "គឹម សុភា"),
}


def makes(order: int) -> Callable[[Maker], Maker]:
    """Register a function that writes demonstration rows; low numbers first."""

    def register(maker: Maker) -> Maker:
        MAKERS.append((order, maker))
        return maker

    return register


def removes(order: int) -> Callable[[Remover], Remover]:
    """Register a function that deletes an app's demonstration rows; low numbers first."""

    def register(remover: Remover) -> Remover:
        REMOVERS.append((order, remover))
        return remover

    return register


def make_users(password: str) -> list[User]:
    """Make the four demonstration users, or give those that are there the new password."""
    users = []
    for role, (name_en, name_km) in USERS.items():
        user, _created = User.objects.get_or_create(
            username=role,
            defaults={
                "role": role,
                "full_name_en": name_en,
                "full_name_km": name_km,
                "is_demo": True,
                "email": f"{role}@example.org",
            },
        )
        if user.is_demo:
            user.set_password(password)
            user.is_active = True  # `demo --remove` had closed the account
            user.save()
        users.append(user)
    return users


def make_rows() -> None:
    """Write every app's demonstration rows once, the same for everybody."""
    autodiscover_modules("demo")
    if Organisation.objects.filter(is_demo=True).exists():
        return
    generator = random.Random(SEED)  # noqa: S311  the same invented rows for everybody, no secret
    for _order, maker in sorted(MAKERS, key=lambda pair: pair[0]):
        maker(generator)


def remove_rows() -> int:
    """Delete every demonstration row, history included; return how many rows went."""
    autodiscover_modules("demo")
    removed = sum(remover() for _order, remover in sorted(REMOVERS, key=lambda pair: pair[0]))
    removed += remove(Organisation.objects.filter(is_demo=True))
    removed += sum(model.objects.filter(is_demo=True).delete()[0] for model in (Match, Merge))
    User.objects.filter(is_demo=True).update(is_active=False)
    return removed


def remove(rows: Any) -> int:
    """Delete records of one model with their history, the history of their sets included; return how many."""
    model, keys = rows.model, list(rows.values_list("pk", flat=True))
    rows.delete()
    history = model.history.filter(**{f"{model._meta.pk.name}__in": keys})
    for sets in history.model._meta.related_objects:
        sets.related_model._base_manager.filter(**{f"{sets.field.name}__in": history.values("pk")}).delete()
    history.delete()
    return len(keys)
