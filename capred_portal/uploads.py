"""What may be kept as a document: told by what is in the file, not by its name, which is cleaned."""

import codecs
import re
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from capred_portal.kept_files import KeptFileInput
from capred_portal.models import Document
from capred_portal.workbooks import OLE, ZIP

# The endings of names that are taken, each with the type the file is sent as.
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
UNKNOWN = "application/octet-stream"
ACCEPT = ",".join(f".{ending}" for ending in CONTENT_TYPES)

_STARTS = {  # ending -> what the first bytes are
    "pdf": re.compile(rb"%PDF-\d"),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "jpeg": re.compile(rb"\xff\xd8\xff"),
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "webp": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
_MAIN_TYPES = {  # ending -> what a ZIP says it is
    **{ending: f"{CONTENT_TYPES[ending]}.main+xml" for ending in ("docx", "xlsx", "pptx")},
    **{ending: CONTENT_TYPES[ending] for ending in ("odt", "ods", "odp")},
}
_OLE_PARTS = {"doc": ("WordDocument",), "xls": ("Workbook", "Book"), "ppt": ("PowerPoint Document",)}
_OLE_MACROS, _OLE_LOCKED = "_VBA_PROJECT", "EncryptedPackage"
_MACROS = re.compile(r"vbaProject|vbaData|(^|/)(Basic|Scripts|activeX|macrosheets)/", re.IGNORECASE)
_MAX_MEMBERS, _MAX_TYPES = 10_000, 1_000_000
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, RuntimeError, EOFError)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[!?a-z]|#!)", re.IGNORECASE)

LONGEST_NAME, LONGEST_BYTES = 80, 200  # of a name in storage; a Khmer letter takes three bytes

MESSAGES = {
    "kind": _(
        "Files of this kind are not kept here. Choose a PDF, a document of Word, Excel, PowerPoint or OpenDocument, a"
        " picture (JPEG, PNG, WebP) or a text (TXT, CSV)."
    ),
    "content": _(
        "The name of this file ends in “.%(ending)s”, but something else is in it. Save it again as the kind it is."
    ),
    "macros": _("This document holds macros. Save it without them, for example as PDF."),
    "password": _("This document is protected by a password. Save it without one."),
    "size": _("This file is larger than %(limit)s MB."),
}


def ending_of(name: str) -> str:
    """Return the ending of a file's name, without its dot."""
    return PurePosixPath(name).suffix[1:].lower()


def content_type_of(name: str) -> str:
    """Return the type a kept file is sent as; its ending and its content agreed when it came."""
    return CONTENT_TYPES.get(ending_of(name), UNKNOWN)


def cleaned_name(name: str) -> str:
    """Return a name that is safe in a folder and in a header: one line, no path, nothing hidden, not too long."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    name = " ".join(re.sub(r"[<>:\"|?*;%]", " ", name).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem = stem[: LONGEST_NAME - len(ending) - 1].encode()[:LONGEST_BYTES].decode(errors="ignore").strip(". ")
    return f"{stem or 'file'}{dot}{ending[:10]}"


def check_content(file: Any, name: str) -> None:
    """Raise ValidationError unless the content is what the name says, of a kind that is taken, without macros."""
    ending = ending_of(name)
    if ending not in CONTENT_TYPES:
        raise refusal("kind")
    file.seek(0)
    content = file.read()
    file.seek(0)
    if content.startswith(ZIP):
        is_so = _main_type(file) == _MAIN_TYPES.get(ending)
    elif content.startswith(OLE):
        is_so = _holds_part(content, ending)
    elif ending in {"txt", "csv"}:
        is_so = _is_text(content)
    else:
        is_so = ending in _STARTS and bool(_STARTS[ending].match(content))
    file.seek(0)
    if not is_so:
        raise refusal("content", ending=ending)


def refusal(code: str, **params: object) -> ValidationError:
    """Return the error that a form shows."""
    return ValidationError(MESSAGES[code], code=code, params=params)


def _main_type(file: Any) -> str:
    """Return what a ZIP says it is: in its member `mimetype`, or in its list of types."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            listed = "mimetype" if "mimetype" in names else "[Content_Types].xml"
            if len(names) > _MAX_MEMBERS or len(names) != len({*names}) or listed not in names:
                return ""
            with archive.open(listed) as member:
                said = member.read(_MAX_TYPES).decode(errors="replace")
    except _BROKEN_ZIP:
        return ""
    if "macroenabled" in said.lower() or any(map(_MACROS.search, names)):
        raise refusal("macros")
    return next((kind for kind in _MAIN_TYPES.values() if said == kind or f'"{kind}"' in said), "")


def _holds_part(content: bytes, ending: str) -> bool:
    """Tell whether a document of an old Office holds the part that its name asks for."""
    if _OLE_LOCKED.encode("utf-16-le") in content:
        raise refusal("password")
    if _OLE_MACROS.encode("utf-16-le") in content:
        raise refusal("macros")
    return any(name.encode("utf-16-le") in content for name in _OLE_PARTS.get(ending, ()))


def _is_text(content: bytes) -> bool:
    """Tell whether this is plain text: no markup that a browser would run, and no control characters."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", errors="replace").encode(errors="replace")
    return not _MARKUP.match(content) and not _CONTROL.search(content)


class DocumentField(forms.FileField):
    """A document to keep: of a kind that is taken, not too large, under a name that is safe."""

    widget = KeptFileInput(attrs={"accept": ACCEPT})

    def to_python(self, data: Any) -> Any:
        if data and data.name:
            data.name = cleaned_name(data.name)
        file = super().to_python(data)
        if file is None:
            return None
        limit = settings.UPLOAD_LIMIT_MB["document"]
        if file.size > limit * 1024 * 1024:
            raise refusal("size", limit=limit)
        check_content(file, data.name)
        return file


# Who may have a kept document, and how it is sent

# The records a document may belong to, as its relations name them, and which of them have a page that readers see:
# a record's page stays when it is archived, a value's does not, and a draft is still in work.
SHOWN_BY: dict[str, dict[str, Any]] = {
    "workshops": {},
    "outcomes": {},
    "programs": {},
    "actions": {},
    "observations": {"archived_at": None, "status__in": ["submitted", "verified", "accepted"]},
}
PRIVATE = "supply_links"  # what one firm showed the ministry stays there, whatever else it belongs to


def action_for(document: Document) -> str:
    """Return what somebody must be allowed to do to have a document; one that no record shows is the ministry's."""
    if getattr(document, PRIVATE).exists():
        return "firm.read"
    shown = any(getattr(document, name).filter(**conditions).exists() for name, conditions in SHOWN_BY.items())
    return "page.read" if shown else "people.read"


def download(document: Document) -> FileResponse:
    """Send a kept file under its title: as a download, never shown, run or kept by anybody on the way."""
    name = str(document.file)
    title = cleaned_name(str(document)).removesuffix(f".{ending_of(name)}")
    response = FileResponse(
        document.file.open(),
        as_attachment=True,
        filename=f"{title}.{ending_of(name)}",
        content_type=content_type_of(name),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
