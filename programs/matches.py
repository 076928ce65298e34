"""People are counted once: what two of them are compared by, and what a merge may choose."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from capred_portal.duplicates import MatchKind, register
from capred_portal.matching.pairs import Known
from capred_portal.models import Match
from programs.models import Person

CHUNK = 5_000
COMPARED_SEXES = {Person.Sex.FEMALE, Person.Sex.MALE}


def known_people(rows: Any) -> Iterator[Known]:
    """Stream what is known of people; of who was erased nothing is."""
    columns = ("pk", "name_en", "name_km", "phone", "email", "organisation_id", "sex")
    identified = rows.filter(erased_at=None)
    for pk, name_en, name_km, phone, email, organisation, sex in identified.values_list(*columns).iterator(CHUNK):
        yield Known(
            id=pk,
            kind="person",
            name_en=name_en,
            name_km=name_km,
            phone=phone,
            email=email.lower(),
            organisation=organisation or 0,
            sex=sex if sex in COMPARED_SEXES else "",
        )


def settle_marks(numbers: Iterable[int]) -> None:
    """Take the mark of a possible duplicate off people about whom nothing is left to decide."""
    waiting = Match.objects.filter(kind="person", decision=Match.Decision.OPEN)
    waiting = waiting.filter(Q(first=OuterRef("pk")) | Q(second=OuterRef("pk")))
    marked = Person.objects.filter(pk__in=list(numbers), is_possible_duplicate=True)
    marked.filter(~Exists(waiting)).update(is_possible_duplicate=False)


register(
    MatchKind(
        name="person",
        model=Person,
        title=_("People who may be the same"),
        namespace="people",
        read="people.read",
        known=known_people,
        fields=("honorific", "name_en", "name_km", "sex", "organisation", "phone", "email"),
        related=("organisation",),
        better={"programs.attendance": Q(attended=True)},
        settle=settle_marks,
    )
)
