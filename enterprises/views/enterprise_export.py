"""The list of enterprises as a file: all rows of a filtered list, in a form that loads again."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capred_portal.access import may, requires
from capred_portal.exports import export_response
from capred_portal.file_notes import notes_for
from capred_portal.htmx import PortalRequest
from capred_portal.languages import reading_language
from enterprises.filters.enterprises import EnterpriseFilter
from enterprises.loaders.enterprise_columns import COLUMNS
from enterprises.models import Enterprise, Province, SizeDefinition
from enterprises.sizes import Sizes

BATCH = 5_000
OPEN_COLUMNS = ("name_en", "name_km", "sector", "province")  # for those who may not read what one firm told
CODES = ("sector", "province", "district")
YEAR = ("sector__section", "latest__year", "latest__employees", "latest__turnover_usd", "latest__assets_usd")
ANSWERS = {True: "yes", False: "no"}


@require_safe
@requires("page.read")
def enterprise_export(request: PortalRequest, format_name: str) -> HttpResponseBase:
    """All rows of a filtered list as CSV or XLSX, the columns by role, in the reader's language."""
    firms = EnterpriseFilter(request.GET, Enterprise.objects.active(), request=request)
    columns = [column for column in COLUMNS if may(request.user, "firm.read") or column.name in OPEN_COLUMNS]
    language = reading_language()
    titles = [column.title_km if language == "km" else column.title_en for column in columns]
    sizes = {
        value: str(label) for value, label in SizeDefinition.SizeClass.choices
    }  # in words while the language holds
    rows = exported(firms.qs, [column.name for column in columns], sizes)
    notes = notes_for(request.user, _("Enterprises"), filters=firms.form)
    return export_response(format_name, "enterprises", [*titles, _("Size class")], rows, notes=notes)


def exported(firms: Any, names: list[str], labels: dict[str, str]) -> Iterator[list[Any]]:
    """Yield the rows of the file; a code stands for sector and district, the name for a province."""
    sizes = Sizes(SizeDefinition.objects.all())
    provinces = dict(Province.objects.values_list("code", "name_en"))
    columns = [F(f"{name}_id") if name in CODES else F(name) for name in names]
    found = firms.order_by("pk").values_list(*columns, *YEAR).iterator(chunk_size=BATCH)
    place = names.index("province")
    count = len(names)
    for row in found:
        cells = [value if isinstance(value, str) else cell(value) for value in row[:count]]  # most are text
        cells[place] = provinces.get(row[place], "")
        section, *numbers = row[count:]
        size = sizes.of(section or "", *numbers)
        yield [*cells, labels.get(size.size_class, "")]


def cell(value: Any) -> Any:
    """Return a value as the load reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return ANSWERS[value]
    return value.isoformat() if isinstance(value, dt.date) else value
