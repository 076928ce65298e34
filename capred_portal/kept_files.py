"""Chosen files survive a form that was refused: they wait in storage until the form is sent again."""

import uuid
from typing import Any

from django import forms
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

FOLDER = "kept"
KEEP_SECONDS = 24 * 60 * 60
SALT = "kept-file"


class KeptFileInput(forms.FileInput):
    """A file input that remembers a file sent before under the hidden field `<name>-kept`."""

    template_name = "django/forms/widgets/kept_file.html"
    token = ""
    file_name = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name)
        return chosen or (open_kept(data[f"{name}-kept"]) if data.get(f"{name}-kept") else None)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return super().value_omitted_from_data(data, files, name) and f"{name}-kept" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"token": self.token, "file_name": self.file_name}
        if self.token:
            context["widget"]["attrs"]["required"] = False
        return context


def keep_files(form: Any) -> None:
    """Put the files of a refused form aside, so that they need not be chosen again."""
    for name, field in form.fields.items():
        chosen = form[name].data if isinstance(field.widget, KeptFileInput) else None
        if isinstance(chosen, UploadedFile) and name not in form.errors:
            chosen.seek(0)
            path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(chosen.read()))
            field.widget.token = signing.dumps({"path": path, "name": chosen.name}, salt=SALT)
            field.widget.file_name = chosen.name


def open_kept(token: str) -> UploadedFile | None:
    """Return the file put aside under a token, or None when it is unknown, forged or older than a day."""
    try:
        kept = signing.loads(token, salt=SALT, max_age=KEEP_SECONDS)
        with default_storage.open(kept["path"]) as file:
            return SimpleUploadedFile(kept["name"], file.read())
    except (signing.BadSignature, FileNotFoundError):
        return None
