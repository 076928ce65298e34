"""Model fields that fill or clean themselves before saving: normal text and search keys."""

from typing import Any

from django.db import models

from capred_portal.matching import name_key, normalise_lines, normalise_text, search_key


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

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = search_key(*(getattr(model_instance, source) or "" for source in self.sources))
        setattr(model_instance, self.attname, key)
        return key


class NameKeyField(SearchKeyField):
    """A person's name without its honorific, reduced for exact comparison."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = name_key(getattr(model_instance, self.sources[0]) or "")
        setattr(model_instance, self.attname, key)
        return key
