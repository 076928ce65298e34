"""Examples of the addresses of files for other systems; tests/routes.py walks them."""

from typing import Any

from capred_portal.models import Organisation
from programs.models import Program, ProgramSector

Arguments = dict[str, list[dict[str, Any]]]


def for_standards() -> Arguments:
    """Return arguments for a program whose IATI file can be sent, and for an invented one."""
    capred = Program.objects.get(slug="capred")
    reporter = Organisation.objects.filter(partnerships__program=capred).earliest("pk")
    Organisation.objects.filter(pk=reporter.pk).update(iati_identifier="XX-TEST")
    Program.objects.filter(pk=capred.pk).update(iati_identifier="XX-TEST-1")
    ProgramSector.objects.get_or_create(program=capred, code="32110", defaults={"share_pct": 100})
    slug = {"slug": capred.slug}
    demo = Program.objects.filter(is_demo=True).earliest("pk")
    return {
        "standards:program": [slug, {"slug": demo.slug}],
        "standards:iati": [slug],
        "standards:sdmx": [{}, {"?": {"program": capred.slug}}],
    }
