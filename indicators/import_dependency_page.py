"""What the page of import dependency puts together: the three views, and the pictures of each."""

from typing import Any

from indicators.import_dependency import SHARE, STAGES, published, views
from indicators.reported_inputs import divisions_chart, reported, reported_view, years_chart
from indicators.trade_summary import summary_parts
from indicators.value_chains import chain_keys, participation_chart


def page_parts(role: str) -> dict[str, Any]:
    """Return what the page shows to a role, from a constant number of queries."""
    found, firms = published(chain_keys()), reported(role)
    return {
        "views": views(found, reported_view(firms)),
        "share": found.panels.get(SHARE),
        "stages": found.panels.get(STAGES),
        "chains": participation_chart(found.series),
        "divisions": divisions_chart(firms),
        "years": years_chart(firms),
        "reported": firms,
        **summary_parts(found),
    }
