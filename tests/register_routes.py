"""Examples of the addresses of the register, made of its demonstration rows; tests/routes.py walks them."""

from typing import Any

from enterprises.models import Accreditation, Cluster

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


def for_quality() -> Arguments:
    """Return arguments for an accredited body and the lists of certificates."""
    body = {"pk": Accreditation.objects.filter(is_demo=True).earliest("pk").pk}
    return {
        "quality:certificate_list": [{}, {"?": {"expiry": "expired"}}],
        "quality:body_edit": [body],
        "quality:body_archive": [body],
    }
