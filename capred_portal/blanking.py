"""Taking personal data out of the rows that repeat it: history, log, loads, mails, files, frozen reports."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.html import escape
from simple_history.utils import get_history_manager_for_model

from capred_portal.kept_files import FOLDER
from capred_portal.models import Load, LoadRow, Mail, Report, ReportShare
from capred_portal.records import DataVersion

TAGS = re.compile(r"(<[^>]*>)")
SAID_IN_TAGS = re.compile(r'((?:aria-label|title|alt)=")([^"]*)"')
KHMER, SIGN = re.compile("[\u1780-\u17d3]"), re.compile("[\u17b4-\u17d3]")
SHORT_NAME = 5  # letters of a Khmer name that other words may hold
AT_ONCE = 2_000  # rows changed by one statement

UNDER_WAY = (Load.State.UPLOADED, Load.State.CHECKED, Load.State.CONFIRMED, Load.State.FAILED)  # nothing is written yet
EMPTY_ROW: dict[str, Any] = {"raw": {}, "values": {}, "before": {}, "errors": [], "key": ""}


def blank_history(model: Any, numbers: Iterable[int], **values: Any) -> int:
    """Give every historical row of these records the same values; return how many rows there are."""
    history = get_history_manager_for_model(model).filter(**{f"{model._meta.pk.name}__in": list(numbers)})
    return int(history.update(**values))


def blank_log(model: Any, numbers: Iterable[int], text: str) -> int:
    """Call these records by another name in the log of the administration."""
    kind = ContentType.objects.get_for_model(model)
    entries = LogEntry.objects.filter(content_type=kind, object_id__in=[str(number) for number in numbers])
    return entries.exclude(object_repr=text).update(object_repr=text)


def forget_mails(mails: Q) -> int:
    """Delete mails, sent or not."""
    return Mail.objects.filter(mails).delete()[0]


def forget_kept_files() -> int:
    """Delete every file that waits for a refused form to be sent again: nobody can tell whom it names."""
    _folders, names = default_storage.listdir(FOLDER) if default_storage.exists(FOLDER) else ([], [])
    for name in names:
        _delete_once_kept(f"{FOLDER}/{name}")
    return len(names)


def forget_exports(exports: Any) -> int:
    """Delete tables that were written in the background; return how many."""
    paths = list(exports.exclude(file="").values_list("file", flat=True))
    for path in paths:
        _delete_once_kept(path)
    return int(exports.delete()[0])


def blank_load_rows(numbers: Collection[int]) -> int:
    """Take what lines of spreadsheets said out of the rows kept of them."""
    chosen = list(numbers)
    for start in range(0, len(chosen), AT_ONCE):
        LoadRow.objects.filter(pk__in=chosen[start : start + AT_ONCE]).update(**EMPTY_ROW)
    return len(chosen)


def forget_upload(load: Load, problem: str) -> bool:
    """Delete the file of a load once the transaction is kept; what was not yet written cannot be any more."""
    path = str(load.file)
    changes: dict[str, Any] = {"file": "", "mapping": load.mapping | {"header": []}}
    if load.state in UNDER_WAY:
        changes |= {"state": Load.State.FAILED, "problem": problem}
    Load.objects.filter(pk=load.pk).update(**changes)
    if path:
        _delete_once_kept(path)
    return bool(path)


def hold_reports() -> None:
    """Let no report be frozen while names go out of all of them; whoever freezes one holds them before reading."""
    list(DataVersion.objects.select_for_update().filter(app="capred_portal").values_list("pk", flat=True))


def blank_reports(words: Mapping[str, str], beside: Mapping[str, str]) -> int:
    """Put other words in the place of some in frozen reports; return how many changed. Nothing is locked after it.

    Of these, `beside` is replaced only in reports that hold one of `words`: an office that others hold stays elsewhere.
    """
    hold_reports()
    changed = 0
    for report in naming(Report.objects.order_by("pk"), ("title_en", "title_km", "body"), words):
        before = (report.title_en, report.title_km, report.body)
        after = [in_other_words(text, words) for text in before]
        if after != list(before):
            report.title_en, report.title_km, report.body = (in_other_words(text, beside) for text in after)
            report.save(update_fields=["title_en", "title_km", "body"])
            changed += 1
    for link in naming(ReportShare.objects.order_by("pk"), ("note",), words):
        ReportShare.objects.filter(pk=link.pk).update(note=in_other_words(link.note, words)[:100])
    return changed


def naming(rows: Any, columns: Collection[str], words: Iterable[str]) -> Any:
    """Return the rows that may hold one of the words, as typed or as HTML writes them."""
    found = Q(pk=None)
    for word in words:
        for written in {word, escape(word)}:
            for column in columns:
                found |= Q(**{f"{column}__icontains": written})
    return rows.filter(found)


def in_other_words(html: str, words: Mapping[str, str]) -> str:
    """Return HTML, or plain text, with words replaced in what is read: never inside a tag, but in what it says."""
    spelled = {written.lower(): escape(new) for old, new in words.items() for written in (old, escape(old)) if old}
    if not spelled:
        return html
    longest_first = sorted(spelled, key=len, reverse=True)
    found = re.compile("|".join(map(whole_word, longest_first)), re.IGNORECASE)

    def replaced(text: str) -> str:
        return found.sub(lambda match: spelled.get(match.group().lower(), ""), text)

    def in_tag(tag: str) -> str:
        return SAID_IN_TAGS.sub(lambda match: match[1] + replaced(match[2]) + '"', tag)

    return "".join(in_tag(part) if part.startswith("<") else replaced(part) for part in TAGS.split(html))


def whole_word(text: str) -> str:
    """Return the pattern of a text that is no part of a longer word.

    Khmer has no spaces between words: a long name is found anywhere, a short one only where it stands alone.
    """
    before, after = (r"\b" if letter.isascii() and letter.isalnum() else "" for letter in (text[0], text[-1]))
    if KHMER.match(text[-1]):
        is_short = len(text) <= SHORT_NAME
        before = f"(?<!{KHMER.pattern})" if is_short else before
        after = f"(?!{KHMER.pattern})" if is_short else f"(?!{SIGN.pattern})"
    return before + re.escape(text) + after


def _delete_once_kept(path: str) -> None:
    """Delete a file when the transaction is committed; one that cannot be deleted is logged and stops nothing else."""

    def delete() -> None:  # no partial: Django logs the name of what failed
        default_storage.delete(path)

    transaction.on_commit(delete, robust=True)
