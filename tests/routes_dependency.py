"""Examples of the addresses of import dependency, with flows and a table; tests/routes.py walks them."""

from typing import Any

from tests.table_factories import make_table
from tests.trade_flows import make_correspondence, make_flows

Arguments = dict[str, list[dict[str, Any]]]


def for_dependency() -> Arguments:
    """Return arguments for the page and its parts, with flows of two tellers and a table of Cambodia."""
    make_flows()
    make_flows(is_mirror=True)
    make_correspondence()
    table = make_table(is_demo=True)
    return {
        "import_dependency:index": [{}],
        "import_dependency:by_buyer": [{}, {"?": {"table": table.pk}}],
        "import_dependency:flows": [{}, {"?": {"to": "division", "told_by": "partners"}}],
        "import_dependency:imports": [{}, {"?": {"told_by": "partners", "year": "2022"}}],
    }
