"""The tables of the lists behind figures of programs: who was supported, SMEs reached, certificates, links."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal.table_columns import and_since, columns_of, titled
from capred_portal.tables import Column, Table, demo_column, number, register
from enterprises.models import Certificate, Enterprise, SupplyLink
from enterprises.tables.enterprises import CERTIFICATE_COLUMNS, FIRM
from enterprises.tables.links import LINK_COLUMNS
from enterprises.tables.sized import SIZE_CLASS
from programs.filters.certificates import GainedCertificateFilter
from programs.filters.links import AttributedLinkFilter
from programs.filters.smes import SmeFilter, firms_at_workshops, firms_supported
from programs.filters.supported import SupportedFilter
from programs.models import Support

EVER = _("At any time, in any program.")


def reached(name: str, title: Any, firms: QuerySet[Any]) -> Column:
    """Return the column that says whether a firm is one of these."""
    is_one = ExpressionWrapper(Q(pk__in=firms), output_field=BooleanField())
    return Column(name, title, (is_one,), kind="yes or no", about=EVER)


def first(*names: str | None) -> str:
    """Return the first name there is."""
    return next((name for name in names if name), "")


def name_in(language: str, title: Any) -> Column:
    """Return the name of who was supported: as the register has it, or else the organisation's."""
    field = f"name_{language}"
    paths = (f"enterprise__{field}", f"organisation__enterprise__{field}", f"organisation__{field}")
    return Column(field, title, paths, made=first)


register(
    Table(
        name="supported",
        title=_("Who was supported"),
        row=_("Enterprise or organization"),
        list_url="programs:supported_list",
        rows=Support.objects.standing,
        filters=and_since(SupportedFilter),
        columns=(
            number(),
            Column("enterprise_id", titled(_("Enterprise"), _("Number")), ("firm",), kind="integer"),
            Column("organisation_id", titled(_("Organisation"), _("Number")), ("group",), kind="integer"),
            name_in("en", _("name in Latin script")),
            name_in("km", _("name in Khmer script")),
            Column("times", _("Times"), ("times",), kind="integer"),
            Column("latest_on", _("Last started"), ("latest",), kind="date"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="smes-reached",
        title=_("SMEs reached"),
        list_url="programs:sme_list",
        rows=Enterprise.objects.active,
        filters=and_since(SmeFilter),
        columns=(
            number(),
            *columns_of(Enterprise, *FIRM),
            SIZE_CLASS,
            reached("is_supported", _("By support"), firms_supported()),
            reached("is_workshop", _("By a workshop"), firms_at_workshops()),
            *columns_of(Enterprise, "updated_at"),
            demo_column(),
        ),
    )
)

register(
    Table(
        name="certificates-gained",
        title=_("Certificates gained"),
        list_url="programs:certificate_list",
        rows=Certificate.objects.standing,
        filters=and_since(GainedCertificateFilter),
        columns=CERTIFICATE_COLUMNS,
    )
)

register(
    Table(
        name="links-by-program",
        title=_("Links by program"),
        list_url="programs:link_list",
        rows=SupplyLink.objects.standing,
        filters=and_since(AttributedLinkFilter),
        columns=LINK_COLUMNS,
    )
)
