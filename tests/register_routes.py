"""Examples of the addresses of the register, made of its demonstration rows; tests/routes.py walks them."""

from typing import Any

from enterprises.models import Accreditation, Cluster, Completeness, Enterprise, SupplyLink

Arguments = dict[str, list[dict[str, Any]]]


def for_clusters() -> Arguments:
    """Return arguments for a cluster and its members."""
    cluster = Cluster.objects.filter(is_demo=True).earliest("pk")
    slug = {"slug": cluster.slug}
    member = slug | {"member_pk": cluster.memberships.earliest("pk").pk}
    return {
        "clusters_where": [{}, {"?": {"by": "jobs", "section": "all"}}, {"?": {"rows": "real"}}],
        "clusters:list": [{}, {"?": {"q": "no such cluster"}}],
        "clusters:member_list": [{"?": {"cluster": cluster.slug, "role": "member"}}],
        "clusters:new": [{"?": {"province": "02", "sector": "10"}}],
        "clusters:detail": [slug],
        "clusters:figures": [slug],
        "clusters:edit": [slug],
        "clusters:archive": [slug],
        "clusters:member_new": [slug],
        "clusters:member_edit": [member],
        "clusters:member_archive": [member],
    }


def for_enterprises() -> Arguments:
    """Return arguments for a firm with all its parts, a firm without, and a declaration."""
    full = Enterprise.objects.filter(is_demo=True, years__isnull=False, certificates__isnull=False).earliest("pk")
    bare = Enterprise.objects.filter(is_demo=True, years=None).earliest("pk")
    pk = {"pk": full.pk}
    parts = [
        pk | {"part": part, "part_pk": getattr(full, part).earliest("pk").pk}
        for part in ("years", "products", "certificates")
    ]
    return {
        "enterprises:list": [
            {},
            {"?": {"q": "no such enterprise"}},
            {"?": {"sector": "C", "size": "small", "sort": "changed"}},
        ],
        "enterprises:export": [{"format_name": name} for name in ("csv", "xlsx")],
        "enterprises:detail": [pk, {"pk": bare.pk}],
        "enterprises:edit": [pk],
        "enterprises:archive": [pk],
        "enterprises:part_new": [pk | {"part": part["part"]} for part in parts],
        "enterprises:part_edit": parts,
        "enterprises:part_archive": parts[:1],
        "enterprises:completeness_archive": [{"pk": Completeness.objects.filter(is_demo=True).earliest("pk").pk}],
    }


def for_quality() -> Arguments:
    """Return arguments for an accredited body and the lists of certificates."""
    body = {"pk": Accreditation.objects.filter(is_demo=True).earliest("pk").pk}
    return {
        "quality:certificate_list": [{}, {"?": {"expiry": "expired"}}],
        "quality:body_edit": [body],
        "quality:body_archive": [body],
    }


def for_links() -> Arguments:
    """Return arguments for a link of the ledger, its history, and what brought it about."""
    link = SupplyLink.objects.filter(is_demo=True, attributed_pct__gt=0).earliest("pk")
    pk, stage = {"pk": link.pk}, {"pk": link.pk, "stage_pk": link.stages.earliest("pk").pk}
    share = {"link_pk": link.pk, "pk": link.attributions.earliest("pk").pk}
    above = {"link_pk": link.pk}
    return {
        "links:list": [{}, {"?": {"q": "no such link"}}, {"?": {"buyer": link.buyer_id, "on": "2026-01-31"}}],
        "links:detail": [pk],
        "links:edit": [pk],
        "links:archive": [pk],
        "links:verify": [pk],
        "links:evidence_new": [pk],
        "links:stage_new": [pk],
        "links:stage_edit": [stage],
        "links:stage_archive": [stage],
        "attributions:shares": [above],
        "attributions:new": [above],
        "attributions:edit": [share],
        "attributions:archive": [share],
        "programs:link_list": [{}, {"?": {"program": "demo"}}],
        "programs:sme_list": [{}, {"?": {"way": "both"}}],
        "programs:enterprise_support": [{"pk": link.supplier_id}],
    }
