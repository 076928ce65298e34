"""Examples of the addresses of input-output tables, made of the facts that ship; tests/routes.py walks them."""

from typing import Any

from indicators.models import InputOutputTable

Arguments = dict[str, list[dict[str, Any]]]


def for_input_output() -> Arguments:
    """Return arguments for the list, the example table and its file."""
    table = InputOutputTable.objects.active().filter(is_example=True).earliest("pk")
    return {
        "input_output:list": [{}],
        "input_output:detail": [{"pk": table.pk}],
        "input_output:download": [{"pk": table.pk}],
    }
