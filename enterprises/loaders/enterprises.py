"""Loading enterprises: by registration number, or by name and place where there is none."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capred_portal import columns, load_tables
from capred_portal.bulk import bulk_load, defaults
from capred_portal.load_kinds import Line, LoadKind, as_json, register
from capred_portal.load_tables import Known, LoadTable, TableChecker, fitted
from capred_portal.loads import token_of
from capred_portal.matching import firm_key, pairs
from capred_portal.models import Load, LoadRow, Match
from enterprises.loaders.cells import MESSAGES, Codes
from enterprises.loaders.enterprise_columns import COLUMNS
from enterprises.models import District, Enterprise, Province, Sector

CHUNK = 5_000
BLOCKS = ("name_en_key", "name_km_key", "sound_block", "phone")  # records that share none of these are not alike
MOST_ALIKE = 5  # records shown as possibly the same as a new line


class EnterpriseTable(LoadTable):
    """The register itself."""

    model = Enterprise
    fields = {column.name: column.name for column in COLUMNS} | {
        name: f"{name}_id" for name in ("sector", "province", "district")
    }
    computed = ("name_en_key", "name_km_key", "sound_block", "search_key", "sound_key")
    cannot_clear = frozenset({"registration_number"})
    computed_from = frozenset({"registration_number", "name_en", "name_km"})
    keys: ClassVar[Any] = tuple((name, Enterprise._meta.get_field(name)) for name in computed)

    def __init__(self) -> None:
        self.codes = Codes()

    def prepare(self, lines: list[Line]) -> None:
        for line in lines:
            self.codes.settle(line)

    def key_of(self, line: Line) -> str:
        if number := line.text("registration_number"):
            return f"n:{number}"
        names = firm_key(line.text("name_en")), firm_key(line.text("name_km"))
        if not any(names):
            line.wrong("name_en", "no_name")
            return ""
        return written_key(*names, line.text("province"), line.text("district"), line.text("phone"))

    def find(self, lines: list[Line], keys: Sequence[str]) -> dict[str, Known]:
        numbers = [line.text("registration_number") for line in lines]
        found = {
            f"n:{known.values['registration_number']}": known for known in self.rows("registration_number", numbers)
        }
        self.refuse_lost_zeros(lines, found)
        named = [(line, key) for line, key in zip(lines, keys, strict=True) if not line.text("registration_number")]
        if named:
            found |= self.find_by_name(named)
        return found

    def own_key(self, known: Known, key: str) -> str:
        return f"n:{known.values['registration_number']}" if known.values["registration_number"] else f"id:{known.pk}"

    def rows(self, attribute: str, values: Sequence[str]) -> Iterator[Known]:
        """Yield the active records that have one of the values."""
        wanted = sorted({*values} - {""})
        stated = Enterprise.objects.active().exclude(**{attribute: ""}).order_by()  # as the index has them: none blank
        for start in range(0, len(wanted), CHUNK):
            chunk = stated.filter(**{f"{attribute}__in": wanted[start : start + CHUNK]})
            for pk, version, *stored in chunk.values_list("pk", "version", *self.fields.values()):
                yield Known(pk, version, dict(zip(self.fields, map(as_json, stored), strict=True)))

    @cached_property
    def has_zeros(self) -> bool:
        """Whether any number of the register begins with a zero."""
        return Enterprise.objects.active().filter(registration_number__startswith="0").exists()

    def refuse_lost_zeros(self, lines: list[Line], found: Mapping[str, Known]) -> None:
        """Ask about numbers that the register has with zeros before them: a spreadsheet program drops these."""
        short = [
            (line, number)
            for line in (lines if self.has_zeros else ())
            if (number := line.text("registration_number")).isdecimal()
            and number[0] != "0"
            and f"n:{number}" not in found
        ]
        longer = {"0" * zeros + number: number for _line, number in short for zeros in range(1, 5)}
        known = (
            {row.values["registration_number"] for row in self.rows("registration_number", [*longer])} if longer else ()
        )
        nearest = {longer[number]: number for number in known}
        for line, number in short:
            if number in nearest:
                line.wrong("registration_number", "lost_zeros", value=number, nearest=nearest[number])

    def find_by_name(self, named: Sequence[tuple[Line, str]]) -> dict[str, Known]:
        """Return the only record of the same name, in each script that both have, and the same place.

        Two that are written as the line is, phone and all, cannot be told apart.
        """
        by_key: dict[str, list[Known]] = defaultdict(list)
        for script in ("name_en", "name_km"):
            told = [firm_key(line.text(script)) for line, _key in named]
            for known in self.rows(f"{script}_key", told):
                by_key[firm_key(known.values[script])].append(known)
        found = {}
        for line, key in named:
            names = {script: firm_key(line.text(script)) for script in ("name_en", "name_km")}
            same = {
                known.pk: known
                for name in filter(None, names.values())
                for known in by_key.get(name, ())
                if all(not firm_key(known.values[script]) or not told or firm_key(known.values[script]) == told
                       for script, told in names.items())
                and all(known.values[place] == (line.text(place) or known.values[place]) for place in PLACES)
                and is_surely(known, line)
            }  # fmt: skip
            nearest = closest([*same.values()], names, line)
            if len(nearest) == 1:
                found[key] = nearest[0]
            elif nearest and key_of_values(nearest[0].values) == key:
                script = "name_en" if names["name_en"] else "name_km"
                line.wrong(script, "ambiguous_enterprise", value=line.text(script))
        return found

    def keys_of_records(self, records: QuerySet) -> Iterator[str]:
        attributes = ("registration_number", "name_en_key", "name_km_key", "province_id", "district_id", "phone")
        for number, *written in records.order_by().values_list(*attributes).iterator():
            yield f"n:{number}" if number else written_key(*[part or "" for part in written])

    def check_values(self, line: Line, values: Mapping[str, Any]) -> None:
        if not (values.get("name_en") or values.get("name_km")):
            line.wrong("name_en", "no_name")
        district, province = values.get("district"), values.get("province")
        if district and province and district[:2] != province:
            line.wrong("district", "district_elsewhere", value=district)

    def complete(self, values: dict[str, Any]) -> dict[str, Any]:
        for name, field in self.keys:
            values[name] = field.key_of([values.get(source) or "" for source in field.sources])
        return values

    def alike(self, lines: list[Line]) -> dict[int, list[int]]:
        """Return the records that lines without a number resemble by name, sound or phone."""
        completed = {
            line.number: self.complete({name: told for name, told in line.values.items() if told is not columns.CLEAR})
            for line in lines
            if not line.text("registration_number") and not line.errors
        }
        near = firms_by_block([*completed.values()])
        found = {}
        for number, values in completed.items():
            one = pairs.prepare(as_firm(0, values))
            others = {
                other.known.id: other for block in BLOCKS for other in near.get((block, values.get(block) or ""), ())
            }
            matches = [pairs.match_or_none(other, one) for other in others.values()]
            if alike := sorted(match.first for match in matches if match):
                found[number] = alike[:MOST_ALIKE]
        return found

    def constants(self, load: Load) -> dict[str, Any]:
        return super().constants(load) | {"load_id": load.pk}

    def settle(self, load: Load) -> None:
        """Put the pairs of new and similar records on the list of possible duplicates, for a person to decide."""
        if load.state != Load.State.CONFIRMED:
            return
        told = load.rows.filter(outcome=LoadRow.Outcome.UNCERTAIN).values_list("line", "values").order_by()
        alike = {str(line): values["alike"] for line, values in told.iterator(CHUNK)}
        if not alike:
            return
        made = Enterprise.objects.filter(creation_token=token_of(load)).order_by()
        digests = made.values_list("creation_digest", "pk").iterator(CHUNK)
        found = [(other, pk) for digest, pk in digests for other in alike.get(digest, ())]
        shared = {"kind": "enterprise", "grade": Match.Grade.ASK.value, "score": pairs.ASK, "is_demo": load.is_demo}
        constants = defaults(Match, ("first", "second", *shared)) | shared
        bulk_load(Match, ("first", "second"), found, constants=constants, savepoint=False)


PLACES = ("province", "district")


def written_key(name_en: str, name_km: str, province: str, district: str, phone: str) -> str:
    """Return the key of a firm without a number: its names, place and phone."""
    return fitted(f"w:{name_en}|{name_km}|{province}{district}|{phone}")


def is_surely(known: Known, line: Line) -> bool:
    """Tell whether a line without a number may be this firm of its name and place: many firms share these.

    One that has a number needs the same phone too; otherwise it is put before a person as a possible duplicate.
    """
    return not known.values["registration_number"] or known.values["phone"] == line.text("phone") != ""


def closest(same: list[Known], names: Mapping[str, str], line: Line) -> list[Known]:
    """Return of several records those most like the line: its place first, then its names, then its phone."""

    def likeness(known: Known) -> tuple[bool, bool, bool]:
        told = known.values
        return (
            all((told[place] or "") == line.text(place) for place in PLACES),
            all(firm_key(told[script]) == name for script, name in names.items()),
            told["phone"] == line.text("phone") and not told["registration_number"],
        )

    best = max(map(likeness, same), default=None) if len(same) > 1 else None
    return [known for known in same if best is None or likeness(known) == best]


def key_of_values(values: Mapping[str, Any]) -> str:
    """Return the key of a record from its values by column."""
    if number := values["registration_number"]:
        return f"n:{number}"
    names = firm_key(values["name_en"]), firm_key(values["name_km"])
    return written_key(*names, values["province"] or "", values["district"] or "", values["phone"])


def firms_by_block(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[pairs.Subject]]:
    """Return the active records that share a name, a sound or a phone with rows, by which of these and its text."""
    found: dict[tuple[str, str], list[pairs.Subject]] = defaultdict(list)
    subjects: dict[int, pairs.Subject] = {}
    names = ("name_en", "name_km", "phone", "registration_number", "province", "sector")
    for block in BLOCKS:
        wanted = sorted({str(values.get(block) or "") for values in rows} - {""})
        stated = Enterprise.objects.active().exclude(**{block: ""}).order_by()
        for start in range(0, len(wanted), CHUNK):
            chunk = stated.filter(**{f"{block}__in": wanted[start : start + CHUNK]})
            for pk, key, *stored in chunk.values_list("pk", block, *names).iterator(CHUNK):
                if pk not in subjects:
                    subjects[pk] = pairs.prepare(as_firm(pk, dict(zip(names, stored, strict=True))))
                found[block, key].append(subjects[pk])
    return found


def as_firm(pk: int, values: Mapping[str, Any]) -> pairs.Known:
    """Return a record or a line as the matching engine compares it."""
    return pairs.Known(
        pk,
        "firm",
        name_en=values.get("name_en") or "",
        name_km=values.get("name_km") or "",
        phone=values.get("phone") or "",
        registration_number=values.get("registration_number") or "",
        place=values.get("province") or "",
        sector=values.get("sector") or "",
    )


def labels() -> dict[str, dict[Any, Any]]:
    """Return the names behind codes, by column."""
    return {
        "sector": {sector.code: str(sector) for sector in Sector.objects.all()},
        "province": {province.code: str(province) for province in Province.objects.all()},
        "district": {district.code: str(district) for district in District.objects.all()},
        "legal_form": dict(Enterprise.LegalForm.choices),
    }


register(
    LoadKind(
        name="enterprises",
        title=_("Enterprises"),
        about=_("Firms and establishments: number, names, sector, place, owners. Existing ones are found and updated."),
        columns=COLUMNS,
        needs_one_of=("registration_number", "name_en", "name_km"),
        start=lambda load: TableChecker(EnterpriseTable(), load),
        write=lambda load: load_tables.write(EnterpriseTable(), load),
        undo_blockers=lambda load: load_tables.undo_blockers(EnterpriseTable(), load),
        undo=lambda load, by: load_tables.undo(EnterpriseTable(), load, by),
        messages=MESSAGES,
        apps=("enterprises",),
        chunk=5_000,
        max_rows=1_000_000,
        labels=labels,
        shown=(("name_en", "name_km"), ("registration_number",)),
        url_of=lambda pk: reverse("enterprises:detail", args=[pk]),
    )
)
