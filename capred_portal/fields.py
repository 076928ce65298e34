"""Model fields that fill or clean themselves before saving: normal text, search keys and sound keys."""

from collections.abc import Callable
from typing import Any

from django.db import models

from capred_portal.matching import name_key, normalise_lines, normalise_text, search_key
from capred_portal.matching.firms import firm_key, firm_sound
from capred_portal.matching.sounds import name_sound

BLOCK_CHARACTERS = 80  # of a sound block: longer names differ before that


class NormalCharField(models.CharField):
    """One line of text in normal form: NFC, Khmer clusters in order, no stray spaces."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return normalise_text(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class NormalTextField(models.TextField):
    """Several lines of text in normal form; line breaks stay."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return normalise_lines(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


class SearchKeyField(models.TextField):
    """What search compares: the named fields of the row, joined and reduced by `search_key`."""

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        kwargs |= {"editable": False, "default": "", "blank": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for computed in ("editable", "default", "blank"):
            kwargs.pop(computed, None)
        return name, path, args, kwargs | {"sources": self.sources}

    def key_of(self, texts: list[str]) -> str:
        """Return the key of the texts in the source fields."""
        return search_key(*texts)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = self.key_of([getattr(model_instance, source) or "" for source in self.sources])
        setattr(model_instance, self.attname, key)
        return key


class NameKeyField(SearchKeyField):
    """A person's name without its honorific, reduced for exact comparison."""

    def key_of(self, texts: list[str]) -> str:
        return name_key(texts[0])


class NameSoundField(SearchKeyField):
    """How a person's name sounds: each word of its spellings in both scripts once."""

    def key_of(self, texts: list[str]) -> str:
        return sounds_once(name_sound, texts)


class FirmKeyField(SearchKeyField):
    """A firm's name without its legal form, reduced for exact comparison."""

    def key_of(self, texts: list[str]) -> str:
        return firm_key(texts[0])


class FirmSoundField(SearchKeyField):
    """How a firm's name sounds: each word of its spellings in both scripts once."""

    def key_of(self, texts: list[str]) -> str:
        return sounds_once(firm_sound, texts)


class FirmSoundBlockField(SearchKeyField):
    """What firms that sound alike share, whatever the order of words: the sorted sounds of the first name there is."""

    def key_of(self, texts: list[str]) -> str:
        return sound_block(firm_sound(next(filter(None, texts), "")))


def sounds_once(sound: Callable[[str], str], texts: list[str]) -> str:
    """Return the sounds of all texts, each once, in order."""
    return " ".join(dict.fromkeys(word for text in texts for word in sound(text).split()))


def sound_block(sound: str) -> str:
    """Return the words of a sound key in the order of the alphabet, cut to what tells names apart."""
    return " ".join(sorted(sound.split()))[:BLOCK_CHARACTERS]
