"""What the page of import dependency puts together: the three views, and the pictures of each."""

from typing import Any

from indicators.inputs.import_dependency import SHARE, STAGES, published, views
from indicators.inputs.reported_inputs import divisions_chart, reported, reported_view, years_chart
from indicators.inputs.trade_summary import summary_parts
from indicators.inputs.value_chains import chain_keys, participation_chart
from indicators.models import TradeFlow


def page_parts(role: str) -> dict[str, Any]:
    """Return what the page shows to a role, from a constant number of queries."""
    found, firms, is_held = published(chain_keys()), reported(role), TradeFlow.objects.exists()
    summary = {} if is_held else summary_parts(found)
    return {
        "views": views(found, reported_view(firms)),
        "share": found.panels.get(SHARE),
        "stages": found.panels.get(STAGES),
        "chains": participation_chart(found.series),
        "divisions": divisions_chart(firms),
        "years": years_chart(firms),
        "reported": firms,
        "has_flows": is_held,
        **summary,
    }
