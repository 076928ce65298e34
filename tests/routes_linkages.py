"""Examples of the addresses of linkages and scenarios, on a table of their own; tests/routes.py walks them."""

from typing import Any

from tests.table_factories import make_scenario, make_table

Arguments = dict[str, list[dict[str, Any]]]


def for_linkages() -> Arguments:
    """Return arguments for linkages of a table with and without jobs, a desk with a question, and kept scenarios."""
    table = make_table(economy="THA", classification="three", is_demo=True)
    bare = make_table(economy="BGD", classification="three", jobs=False, is_example=True, is_demo=True)
    kept = [
        make_scenario(table=table, title_en=title, title_km=title_km, is_demo=True, demand=demand)
        for title, title_km, demand in (
            ("Half at home", "ពាក់កណ្តាលក្នុងស្រុក", []),
            ("", "តម្រូវការច្រើន", [{"sector": "A", "change": 5}]),
        )
    ]
    question = {"table": table.pk, "shift": "M:M:50", "demand": "A:5"}
    keys = [{"key": scenario.key} for scenario in kept]
    return {
        "backward_linkages:index": [
            {},
            {"?": {"table": table.pk, "measure": "total", "sort": "gap", "sector": "M"}},
            {"?": {"table": bare.pk, "sector": "A", "numbers": "gap"}},
        ],
        "backward_linkages:export": [{"format_name": name, "?": {"table": table.pk}} for name in ("csv", "xlsx")],
        "scenarios:desk": [
            {},
            {"?": question},
            {"?": {"table": bare.pk, "shift": "M:M:101", "demand": "X:5"}},
            {"?": question | {"kept": kept[0].key}},
        ],
        "scenarios:export": [{"format_name": name, "?": question} for name in ("csv", "xlsx")],
        "scenarios:new": [{"?": question}],
        "scenarios:list": [{}],
        "scenarios:compare": [{}, {"?": [("key", scenario.key) for scenario in kept]}],
        "scenarios:detail": keys,
        "scenarios:edit": keys[:1],
        "scenarios:archive": keys[:1],
    }
