"""The tables that pages offer, kept until the data change, so that a page shown before does not read them again."""

from capred_portal.caching import cached_value
from capred_portal.htmx import PortalRequest
from indicators.inputs.tables import tables_offered
from indicators.models import InputOutputTable


def tables_kept(request: PortalRequest) -> list[InputOutputTable]:
    """Return the tables that are held with their sources, in their order; without who loaded them."""

    def without_people() -> list[InputOutputTable]:
        tables = tables_offered()
        for table in tables:
            table._state.fields_cache.pop("load", None)
        return tables

    found: list[InputOutputTable] = cached_value(request, without_people, "tables offered")
    return found
