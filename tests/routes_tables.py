"""Examples of what can be taken away: a table, its files, and a workbook that was written for somebody."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from capred_portal.models import Export, User


def for_tables(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for the pages of tables, and of a workbook of one user."""
    about = {"table": "workshops", "format": "xlsx", "language": "en", "role": user.role, "rows_count": 1}
    ready = Export.objects.filter(user=user, state=Export.State.READY).first()
    if ready is None:
        ready = Export(user=user, state=Export.State.READY, finished_at=timezone.now(), **about)
        ready.file.save("workshops.xlsx", ContentFile(b"PK"), save=True)
    table, mine = {"name": "workshops"}, {"pk": ready.pk}
    return {
        "table": [table],
        "table_file": [table | {"format_name": name, "?": {"q": "rice"}} for name in ("csv", "xlsx")],
        "table_export": [table],
        "export": [mine],
        "export_file": [mine],
    }
