"""Files as no program writes them: good ones cut, turned, renamed and lied about, for every form that takes a file."""

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from capred_portal import spreadsheets
from capred_portal.load_kinds import LoadKind
from tests.document_files import BAD, GOOD
from tests.table_files import PAIR

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(12))
    + b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
)
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
ROWS = {
    "a bomb": b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a12;&f;</t></is></c></row>',
    "far corners": b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "beyond the last": b'<row r="1"><c r="ZZZ9999999"><v>1</v></c></row>',
    "no places": b"<row><c><v>1</v></c></row>" * 50,
    "a string that is not there": b'<row r="1"><c r="A1" t="s"><v>4294967295</v></c></row>',
    "numbers that are none": b'<row r="1"><c r="A1" t="n"><v>1e999999</v></c><c r="B1"><v>x</v></c></row>',
    "a day that is none": b'<row r="1"><c r="A1" t="d"><v>9999-99-99</v></c></row>',
    "a formula": b'<row r="1"><c r="A1"><f>WEBSERVICE("http://x")</f></c></row>',
    "never closed": b'<row r="1"><c r="A1"><v>1',
    "no characters": b'<row r="1"><c r="A1" t="inlineStr"><is><t>\xff\xfe\x00</t></is></c></row>',
}
ENDINGS = ("csv", "xlsx", "xlsm", "txt", "zip", "pdf", "docx", "png", "XLSX", "csv.exe", "")
NAMES = (
    "list",
    "បញ្ជីឈ្មោះ",
    "a" * 240,
    "ក" * 120,
    "../../x",
    "a\x00b",
    "\u202egpj",
    "CON",
    ".",
    "%s",
    "' OR 1=1",
    "a;b\r\nX: y",
)
CHUNKS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b'"' * 999, b"'" * 50, b"\r", b"\r\n" * 2_000, b",", b"," * 5_000),
    *(b";" * 300, b"\t", b"x" * 200_000, b"\n=1+1,@SUM(A1)\n", b"#REF!", b"CLEAR", b"1e308", b"-" + b"9" * 400),
    *(
        "៩".encode() * 400,
        "\u200b\u202e".encode(),
        b"\xed\xa0\x80",
        b"\x1a",
        b"\x85",
        b"9999-12-31",
        b"0000-00-00",
        BOMB,
    ),
)
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252", "utf-8-sig", "utf-7", "cp037")


def header_of(kind: LoadKind) -> list[list[str]]:
    """Return a small table of a kind: its example, or what its columns show as one."""
    if kind.example:
        return kind.example()
    return [[str(column) for column in kind.columns], [column.example for column in kind.columns]]


def good_files(kind: LoadKind) -> dict[str, bytes]:
    """Return a good file of a kind in each form it may come in."""
    header, *rows = header_of(kind)
    text = spreadsheets.write_csv(header, rows)
    files = {"csv": text, "xlsx": spreadsheets.write_xlsx(header, rows)}
    if kind.read:
        pair = {name: content.encode() for name, content in PAIR.items()} if kind.name.endswith("iot") else {}
        files["zip"] = rezipped({"a.csv": text, "b.csv": text} | pair)
    return files


def document_files() -> dict[str, bytes]:
    """Return documents of all kinds, taken or not, by name."""
    return GOOD | {name: content for name, (content, _code) in BAD.items()}


def rezipped(members: dict[str, bytes], *more: tuple[str, bytes]) -> bytes:
    """Return a ZIP of these members; what is added may have a name that is there already."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, told in [*members.items(), *more]:
            if name in archive.NameToInfo:
                del archive.NameToInfo[name]  # or it would warn
            archive.writestr(name, told)
    return content.getvalue()


def members_of(content: bytes) -> dict[str, bytes]:
    """Return the members of a ZIP; none for anything else, or for one that is broken already."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return {}


# What is done to a file: each takes its content, a number and a second one, and gives it back otherwise


def cut(content: bytes, place: int, _more: int) -> bytes:
    return content[: place % (len(content) + 1)]


def turned(content: bytes, place: int, more: int) -> bytes:
    """Turn bits at a few places."""
    changed = bytearray(content)
    for step in range(1 + more % 8):
        if changed:
            changed[(place * (step + 1)) % len(changed)] ^= 1 + more % 255
    return bytes(changed)


def filled(content: bytes, place: int, more: int) -> bytes:
    place %= len(content) + 1
    return content[:place] + CHUNKS[more % len(CHUNKS)] + content[place:]


def doubled(content: bytes, place: int, more: int) -> bytes:
    return content * (2 + more % 3) if place % 2 else content + content[place % (len(content) + 1) :]


def encoded(content: bytes, _place: int, more: int) -> bytes:
    return content.decode(errors="replace").encode(ENCODINGS[more % len(ENCODINGS)], errors="replace")


def renamed_members(content: bytes, place: int, more: int) -> bytes:
    """Leave out, rename or double a member."""
    members = members_of(content)
    if not members:
        return content
    name = [*members][place % len(members)]
    if more % 3 == 0:
        return rezipped(members, (name, members[name]))
    told = members.pop(name)
    return rezipped(members | ({f"{'../' * (more % 4)}{name}x": told} if more % 3 == 1 else {}))


def rewritten_member(content: bytes, place: int, more: int) -> bytes:
    """Put a bomb, a sheet that lies, noise or nothing in the place of a member."""
    members = members_of(content)
    if not members:
        return content
    sheets = [name for name in members if "sheet1" in name or "sharedStrings" in name] or [*members]
    name = (sheets if more % 3 else [*members])[place % len(sheets if more % 3 else members)]
    strings = b'<sst count="99999999999" uniqueCount="4294967295"><si><t>&a12;</t></si></sst>'
    told = [*(BOMB + SHEET % row for row in ROWS.values()), *(SHEET % row for row in ROWS.values())]
    told += [BOMB + strings, strings, b"", b"\0" * 100, members[name][: len(members[name]) // 2], b"<a>" * 20_000]
    told += [members[name].replace(b">", b">&a12;"), BOMB + members[name], b"\0" * 3_000_000]
    return rezipped(members | {name: told[(place + more) % len(told)]})


def lied_about(content: bytes, place: int, more: int) -> bytes:
    """Say other sizes, offsets, ways of packing or flags than are true, in the list of members or before one."""
    changed = bytearray(content)
    mark, fields = ((b"PK\x01\x02", (8, 10, 20, 24, 28, 42)), (b"PK\x03\x04", (6, 8, 18, 22, 26)))[place % 2]
    at = content.find(mark, place % (len(content) + 1))
    at = content.find(mark) if at < 0 else at
    if at >= 0:
        at += fields[more % len(fields)]
        value = (0, 1, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, 9, 99)[more % 7]
        changed[at : at + 2] = struct.pack("<H", value & 0xFFFF)
    return bytes(changed)


def nested(content: bytes, _place: int, more: int) -> bytes:
    names = ("a.csv", "a.xlsx", "xl/workbook.xml", "[Content_Types].xml", "mimetype", "a/b/../c.zip")
    return rezipped({names[more % len(names)]: content})


def other(content: bytes, place: int, more: int) -> bytes:
    """Forget the content: another kind of file, or very little."""
    files = [*document_files().values(), b"", b"\n", b"a", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), content]
    return files[(place + more) % len(files)]


CHANGES: tuple[Callable[[bytes, int, int], bytes], ...] = (
    *(cut, turned, filled, filled, doubled, encoded, renamed_members),
    *(rewritten_member, rewritten_member, lied_about, lied_about, nested, other),
)
STEPS = st.lists(
    st.tuples(st.integers(0, len(CHANGES) - 1), st.integers(0, 50_000), st.integers(0, 10_000)), max_size=4
)


def changed(content: bytes, steps: list[tuple[int, int, int]]) -> bytes:
    """Return the content after all that is done to it; at most 8 MB of it, so that many fit into one run."""
    for which, place, more in steps:
        content = CHANGES[which](content, place, more)[:8_000_000]
    return content


def scope_of(kind: LoadKind) -> dict[str, Any]:
    """Return an answer to each question that the page of a kind asks."""
    answers = {"scope": [*kind.ask()][-1][0]} if kind.ask else {}
    for name, field in (kind.fields() if kind.fields else {}).items():
        choices = [*getattr(field, "choices", ())]
        answers[name] = field.initial if field.initial is not None else choices[-1][0] if choices else "1"
    return answers
