"""Examples of the addresses of reports: of each kind one, frozen with a link that opens it."""

from typing import Any

from indicators.reports.documents import freeze_and_share, token_of
from indicators.reports.kinds import KINDS


def for_reports(workshop: Any, user: Any) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for reports on a workshop and its program, and for one of them frozen and shared."""
    about = {"program": {"program": workshop.program.slug}, "workshop": {"workshop": str(workshop.pk)}}
    asked = {name: about["workshop" if name == "workshop" else "program"] for name in KINDS}
    link = freeze_and_share(KINDS["workshop"], about["workshop"], "both", note="Canberra", days=30, by=user)
    return {
        "reports:report": [
            *({"kind": name, "?": params} for name, params in asked.items()),
            {"kind": "workshop", "?": {**about["workshop"], "language": "both"}},
        ],
        "reports:pdf": [{"kind": name, "?": params} for name, params in asked.items()],
        "reports:freeze": [{"?": {**about["workshop"], "kind": "workshop"}}],
        "reports:frozen": [{"pk": link.report_id}],
        "reports:frozen_pdf": [{"pk": link.report_id}],
        "reports:link": [{"pk": link.report_id}],
        "reports:revoke": [{"pk": link.pk}],
        "reports:shared": [{"token": token_of(link)}],
        "reports:shared_pdf": [{"token": token_of(link)}],
    }
