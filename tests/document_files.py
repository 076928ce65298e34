"""Small documents of each kind that is kept, and of kinds that are not, as bytes."""

import io
import zipfile
from typing import Any

from capred_portal.uploads import CONTENT_TYPES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(**members: Any) -> bytes:
    """Return a ZIP of members, whose names have `__` for a slash and `_` for a dot."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, told in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), told)
    return content.getvalue()


def office(ending: str, *more: str, suffix: str = ".main+xml") -> bytes:
    """Return what tells an Office document: its list of types, and empty members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types><Override ContentType="{CONTENT_TYPES[ending]}{suffix}"/></Types>'
        )
        for name in more:
            archive.writestr(name, b"")
    return content.getvalue()


def open_document(ending: str, **more: Any) -> bytes:
    return zipped(mimetype=CONTENT_TYPES[ending], content_xml="<x/>", **more)


def old_office(*parts: str) -> bytes:
    """Return the container of an old Office document with these parts."""
    return OLE + b"".join(part.encode("utf-16-le") + bytes(64) for part in parts)


GOOD: dict[str, bytes] = {
    "a.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a.docx": office("docx", "word/document.xml"),
    "a.xlsx": office("xlsx", "xl/workbook.xml"),
    "a.pptx": office("pptx", "ppt/presentation.xml"),
    "a.odt": open_document("odt"),
    "a.ods": open_document("ods"),
    "a.odp": open_document("odp"),
    "a.doc": old_office("Root Entry", "WordDocument"),
    "a.xls": old_office("Root Entry", "Workbook"),
    "a.ppt": old_office("Root Entry", "PowerPoint Document"),
    "a.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "a.JPEG": b"\xff\xd8\xff\xe1\x00\x10Exif",
    "a.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a.webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "a.txt": "កិច្ចព្រមព្រៀង\n".encode(),
    "b.txt": "\ufeffAgreed\r\n".encode(),
    "c.txt": "Agreed".encode("utf-16"),
    "d.txt": "Caf\xe9, 5 < 6".encode("windows-1252"),
    "a.csv": b"Name,Sum\nA,1\n",
}
BAD: dict[str, tuple[bytes, str]] = {
    "page.html": (b"<!doctype html><script>1</script>", "kind"),
    "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "kind"),
    "script.js": (b"alert(1)", "kind"),
    "program.exe": (b"MZ\x90\x00", "kind"),
    "macros.docm": (office("docx"), "kind"),
    "no-ending": (b"text", "kind"),
    "archive.zip": (zipped(a_txt="a"), "kind"),
    "page.txt": (b"\xef\xbb\xbf  <!DOCTYPE html><script>1</script>", "content"),
    "drawing.csv": (b'<?xml version="1.0"?><svg/>', "content"),
    "page16.txt": ("<html>".encode("utf-16"), "content"),
    "script.txt": (b"#!/bin/sh\nrm -r /", "content"),
    "program.txt": (b"MZ\x90\x00\x03", "content"),
    "program.pdf": (b"MZ\x90\x00%PDF-1.4", "content"),
    "page.pdf": (b"<html>%PDF-1.4", "content"),
    "drawing.png": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "content"),
    "picture.jpg": (b"\x89PNG\r\n\x1a\n", "content"),
    "sound.webp": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "content"),
    "table.docx": (office("xlsx"), "content"),
    "archive.docx": (zipped(a_txt="a"), "content"),
    "cut.docx": (office("docx")[:-30], "content"),
    "text.docx": (b"PK\x03\x04 but no more", "content"),
    "text.odt": (open_document("ods"), "content"),
    "installer.doc": (old_office("Root Entry", "!MSI"), "content"),
    "workbook.doc": (old_office("Workbook"), "content"),
    "project.docx": (office("docx", "word/vbaProject.bin"), "macros"),
    "enabled.xlsx": (office("xlsx", suffix=".main+xml macroEnabled"), "macros"),
    "basic.odt": (open_document("odt", Basic__script_xml="x"), "macros"),
    "macros.doc": (old_office("WordDocument", "_VBA_PROJECT"), "macros"),
    "locked.docx": (old_office("EncryptedPackage"), "password"),
}
