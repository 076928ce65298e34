"""Fills the sound key of people who were there before it."""

from typing import Any

from django.db import migrations

from capred_portal.fields import sounds_once
from capred_portal.matching.sounds import name_sound

BATCH = 2_000


def fill(apps: Any, schema_editor: Any) -> None:
    """Work the key out for every person, a batch at a time."""
    Person = apps.get_model("programs", "Person")
    batch = []
    for person in Person.objects.only("name_en", "name_km").iterator(BATCH):
        person.sound_key = sounds_once(name_sound, [person.name_en, person.name_km])
        batch.append(person)
        if len(batch) == BATCH:
            Person.objects.bulk_update(batch, ["sound_key"])
            batch = []
    Person.objects.bulk_update(batch, ["sound_key"])


class Migration(migrations.Migration):
    dependencies = [("programs", "0002_support_of_enterprises_and_attribution")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
