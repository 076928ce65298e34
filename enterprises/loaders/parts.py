"""Loading what belongs to enterprises: their years, products and certificates."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capred_portal import columns, load_tables
from capred_portal.load_kinds import Column, Line, LoadKind, as_json, register
from capred_portal.load_tables import Known, LoadTable, TableChecker, fitted
from capred_portal.loads import token_of
from capred_portal.matching import search_key
from capred_portal.models import Load, LoadRow
from enterprises import hs
from enterprises.loaders.cells import (
    MESSAGES,
    in_hundredths,
    money,
    number_of_register,
    percent,
    resolve_enterprises,
    words,
)
from enterprises.models import Certificate, EnterpriseYear, Product
from enterprises.services import settle_latest

CHUNK = 5_000

PART_MESSAGES: dict[str, Any] = {
    **MESSAGES,
    **hs.MESSAGES,
    "capacity_unit": _("A capacity needs its unit, and a unit its capacity."),
    "expires_before": _("The certificate would expire before it was issued."),
    "more_than_all": _("%(part)s is more than all employees (%(total)s)."),
    "nothing_told": _("This row says nothing about the year. Fill at least one column."),
}

FIRM = (
    Column(
        "registration_number",
        "Registration number",
        "លេខចុះបញ្ជី",
        number_of_register,
        ("registration no", "reg no", "registration", "business registration number", "tin", "លេខចុះឈ្មោះ"),
        "00012345",
    ),
    Column(
        "firm",
        "Enterprise",
        "សហគ្រាស",
        words(250),
        ("name", "firm", "company", "company name", "enterprise name", "name of the enterprise", "ក្រុមហ៊ុន"),
        "",
    ),
)


class FirmPartTable(LoadTable):
    """A table whose rows belong to enterprises."""

    model: ClassVar[Any]
    parts: ClassVar[tuple[str, ...]] = ()  # attributes that, with the firm, are the key

    def prepare(self, lines: list[Line]) -> None:
        resolve_enterprises(lines, "registration_number", "firm", "enterprise")

    def key_part(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what tells rows of one firm apart, from values by column."""
        return tuple(values.get(name) for name in self.parts)

    def key_of(self, line: Line) -> str:
        part = self.key_part(line.values)
        return key(line.values["enterprise"], part) if "enterprise" in line.values and any(part) else ""

    def known_of(self, enterprises: Sequence[int]) -> Iterator[tuple[str, Known]]:
        """Yield the active rows of these firms with their keys."""
        names = [*self.fields]
        wanted = sorted(set(enterprises))
        for start in range(0, len(wanted), CHUNK):
            chunk = self.model.objects.active().filter(enterprise__in=wanted[start : start + CHUNK]).order_by("-pk")
            for pk, version, *stored in chunk.values_list("pk", "version", *self.fields.values()):
                values = dict(zip(names, map(as_json, stored), strict=True))
                yield key(values["enterprise"], self.key_part(values)), Known(pk, version, values)

    def find(self, lines: list[Line], keys: Sequence[str]) -> dict[str, Known]:
        wanted = set(keys)
        found = self.known_of([line.values["enterprise"] for line in lines])
        return {known_key: known for known_key, known in found if known_key in wanted}

    def keys_of_records(self, records: QuerySet) -> Iterator[str]:
        for values in records.order_by().values(*self.fields.values()).iterator():
            told = {name: as_json(values[attribute]) for name, attribute in self.fields.items()}
            yield key(told["enterprise"], self.key_part(told))


def key(enterprise: int, part: tuple[Any, ...]) -> str:
    return fitted(f"{enterprise}|{'|'.join('' if value is None else str(value) for value in part)}")


# Years


class YearTable(FirmPartTable):
    """What firms were in one year."""

    model = EnterpriseYear
    counts = ("employees", "women", "men", "with_disability")
    told = (*counts, "turnover_usd", "assets_usd", "export_share_pct", "imported_input_share_pct")
    fields = {"enterprise": "enterprise_id"} | {name: name for name in ("year", *told, "source")}
    needed = ("year",)
    cannot_clear = frozenset({"year"})
    parts = ("year",)

    def check_values(self, line: Line, values: Mapping[str, Any]) -> None:
        """Refuse parts above the total; women and men together are the total where it is not stated."""
        if not any(values.get(name) is not None for name in self.told):
            line.wrong("year", "nothing_told")
        women, men, total = (values.get(name) for name in ("women", "men", "employees"))
        if total is None and women is not None and men is not None and isinstance(values, dict):
            values["employees"] = total = women + men
        for name in ("women", "men", "with_disability"):
            if total is not None and (values.get(name) or 0) > total:
                line.wrong(name, "more_than_all", part=values[name], total=total)
        if total is not None and (women or 0) + (men or 0) > total:
            line.wrong("employees", "more_than_all", part=(women or 0) + (men or 0), total=total)

    def settle(self, load: Load) -> None:
        """Let the firms of the written rows point to their newest year."""
        made = EnterpriseYear.objects.filter(creation_token=token_of(load)).values("enterprise")
        changed = load.rows.filter(outcome=LoadRow.Outcome.CHANGED).values("target")
        settle_latest(made)
        settle_latest(EnterpriseYear.objects.filter(pk__in=changed).values("enterprise"))


def count(name: str, english: str, khmer: str, *spellings: str) -> Column:
    return Column(name, english, khmer, partial(columns.integer, maximum=10_000_000), spellings, "12", repeats=True)


YEAR_COLUMNS = (
    *FIRM,
    Column("year", "Year", "ឆ្នាំ", partial(columns.integer, minimum=1990, maximum=2100), (), "2024", repeats=True),
    count("employees", "Employees", "បុគ្គលិកសរុប", "staff", "workers", "total employees", "persons engaged"),
    count("women", "Women employed", "បុគ្គលិកស្រី", "women", "female", "female employees"),
    count("men", "Men employed", "បុគ្គលិកប្រុស", "men", "male", "male employees"),
    count(
        "with_disability", "People with disability employed", "បុគ្គលិកមានពិការភាព", "with disability", "pwd", "disabled"
    ),
    Column("turnover_usd", "Turnover in US$", "ចំណូលលក់ (ដុល្លារ)", money, ("turnover", "sales", "revenue"), "120,000"),
    Column("assets_usd", "Assets in US$", "ទ្រព្យសកម្ម (ដុល្លារ)", money, ("assets", "total assets"), "80,000"),
    Column(
        "export_share_pct",
        "Exported share in %",
        "ភាគនាំចេញ (%)",
        percent,
        ("export share", "exports %"),
        "40",
        repeats=True,
    ),
    Column(
        "imported_input_share_pct",
        "Imported inputs in %",
        "ធាតុចូលនាំចូល (%)",
        percent,
        ("imported inputs", "imported input share", "share of imported inputs"),
        "65",
        repeats=True,
    ),
    Column("source", "Source", "ប្រភព", words(300), ("data source",), "Survey of firms 2024", repeats=True),
)


# Products


class ProductTable(FirmPartTable):
    """What firms make."""

    model = Product
    fields = {"enterprise": "enterprise_id"} | {
        name: name for name in ("hs_code", "name_en", "name_km", "capacity", "capacity_unit")
    }
    computed = ("search_key",)
    needed = ("hs_code",)
    cannot_clear = frozenset({"hs_code"})

    def key_part(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return values.get("hs_code"), search_key(values.get("name_en") or values.get("name_km") or "")

    def check_values(self, line: Line, values: Mapping[str, Any]) -> None:
        if not (values.get("name_en") or values.get("name_km")):
            line.wrong("name_en", "no_name")
        if (values.get("capacity") is None) != (not values.get("capacity_unit")):
            line.wrong("capacity_unit", "capacity_unit")

    def complete(self, values: dict[str, Any]) -> dict[str, Any]:
        told = (values.get(name) or "" for name in ("name_en", "name_km", "hs_code"))
        return values | {"search_key": search_key(*told)}


def capacity(cell: str) -> Any:
    return in_hundredths(columns.decimal(cell, max_digits=16, minimum=0))


PRODUCT_COLUMNS = (
    *FIRM,
    Column("hs_code", "HS code", "កូដ HS", hs.hs_code, ("hs", "hs 2022", "tariff code"), "1006.30", repeats=True),
    Column("name_en", "Product (English)", "ផលិតផល (អង់គ្លេស)", words(200), ("product", "product name"), "Milled rice"),
    Column("name_km", "Product (Khmer)", "ផលិតផល (ខ្មែរ)", words(200), ("ផលិតផល", "ឈ្មោះផលិតផល"), "អង្ករ"),
    Column("capacity", "Capacity a year", "សមត្ថភាពក្នុងមួយឆ្នាំ", capacity, ("capacity", "yearly capacity"), "5,000"),
    Column("capacity_unit", "Unit of the capacity", "ឯកតានៃសមត្ថភាព", words(40), ("unit",), "tonnes", repeats=True),
)


# Certificates


class CertificateTable(FirmPartTable):
    """Certificates that firms hold."""

    model = Certificate
    fields = {"enterprise": "enterprise_id"} | {
        name: name for name in ("standard", "issuer", "scope_en", "scope_km", "number", "issued_on", "expires_on")
    }
    computed = ("standard_key",)
    needed = ("standard",)
    cannot_clear = frozenset({"standard"})

    def key_part(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return search_key(values.get("standard") or ""), values.get("number") or ""

    def check_values(self, line: Line, values: Mapping[str, Any]) -> None:
        if values.get("issued_on") and values.get("expires_on") and values["expires_on"] < values["issued_on"]:
            line.wrong("expires_on", "expires_before")

    def complete(self, values: dict[str, Any]) -> dict[str, Any]:
        return values | {"standard_key": search_key(values.get("standard") or "")}


CERTIFICATE_COLUMNS = (
    *FIRM,
    Column("standard", "Standard", "ស្តង់ដា", words(80), ("certificate", "certification"), "ISO 22000", repeats=True),
    Column("issuer", "Issued by", "ចេញដោយ", words(200), ("issuer", "certification body"), "", repeats=True),
    Column("scope_en", "Scope (English)", "វិសាលភាព (អង់គ្លេស)", words(300), ("scope",), "Rice milling"),
    Column("scope_km", "Scope (Khmer)", "វិសាលភាព (ខ្មែរ)", words(300), ("វិសាលភាព",), ""),
    Column("number", "Certificate number", "លេខវិញ្ញាបនបត្រ", words(60), ("certificate no", "number of the certificate")),
    Column(
        "issued_on", "Issued on", "ថ្ងៃចេញ", columns.date, ("issue date", "date of issue"), "2024-01-15", repeats=True
    ),
    Column(
        "expires_on", "Expires on", "ថ្ងៃផុតកំណត់", columns.date, ("expiry date", "valid until"), "2027-01-14", repeats=True
    ),
)


def register_table(
    name: str, title: Any, about: Any, table: type[LoadTable], kind_columns: tuple[Column, ...], **options: Any
) -> LoadKind:
    """Register a kind of load that fills one table of the register."""
    return register(
        LoadKind(
            name=name,
            title=title,
            about=about,
            columns=kind_columns,
            start=lambda load: TableChecker(table(), load),
            write=lambda load: load_tables.write(table(), load),
            undo_blockers=lambda load: load_tables.undo_blockers(table(), load),
            undo=lambda load, by: load_tables.undo(table(), load, by),
            apps=("enterprises",),
            chunk=CHUNK,
            max_rows=1_000_000,
            **{"messages": PART_MESSAGES, "needs_one_of": ("registration_number", "firm")} | options,
        )
    )


register_table(
    "enterprise-years",
    _("Years of enterprises"),
    _("Staff, turnover, assets, exports and imported inputs of firms, one row for each firm and year."),
    YearTable,
    YEAR_COLUMNS,
    shown=(("registration_number", "firm"), ("year",)),
)
register_table(
    "products",
    _("Products"),
    _("What firms make, by HS code, and how much of it they can make in a year."),
    ProductTable,
    PRODUCT_COLUMNS,
    shown=(("registration_number", "firm"), ("name_en", "name_km")),
)
register_table(
    "certificates",
    _("Certificates"),
    _("Certificates of firms: standard, issuer, scope, and when they expire."),
    CertificateTable,
    CERTIFICATE_COLUMNS,
    shown=(("registration_number", "firm"), ("standard",)),
)
