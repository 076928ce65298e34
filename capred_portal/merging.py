"""One record taken into another, and taken apart again: in one transaction, with nothing lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from capred_portal.duplicates import MatchKind, as_json, matches_of
from capred_portal.editing import clash_message
from capred_portal.models import Match, Merge
from capred_portal.records import StaleRecord, writing
from capred_portal.relations import Relation, relations_of, rewrite, save_again


class CannotMerge(Exception):
    """The two cannot be made one, or not be taken apart; says why in words."""


@dataclass(frozen=True)
class Hanging:
    """How many rows of one relation hang on each of two records, and how many of the second would be archived."""

    title: str
    kept: int
    taken_in: int
    clashing: int


@dataclass(frozen=True)
class TakenApart:
    """What taking a merge apart did: the rows given back, and what had been changed since and so was left."""

    given_back: int
    left: int
    fields_left: list[str]


def hanging_on_both(kind: MatchKind, keep: int, take_in: int) -> list[Hanging]:
    """Count what hangs on two records, relation by relation, leaving out where there is nothing."""
    found = []
    for relation in relations_of(kind.model):
        counts = (relation.active(keep).count(), relation.active(take_in).count())
        if any(counts):
            found.append(Hanging(relation.title, *counts, len(relation.clashes(keep, take_in))))
    return found


def why_not(kind: MatchKind, keep: Any, take_in: Any) -> str:
    """Return why two records cannot be one; empty when they can."""
    if keep.is_archived or take_in.is_archived:
        return _("One of the two is archived.")
    if keep.is_demo != take_in.is_demo:
        return _("One of the two is a demonstration row, the other is real.")
    for relation in relations_of(kind.model):
        rows = relation.between(keep.pk, take_in.pk)
        if relation.others and rows.filter(archived_at=None).exists():
            return _("The two stand on both sides of the same record (%(records)s). Archive that one first.") % {
                "records": relation.model._meta.verbose_name_plural
            }
    return ""


# Merging


def merge_records(*, kind: MatchKind, keep: Any, take_in: Any, choices: Iterable[str], by: Any) -> Merge:
    """Take one record into another: `choices` are the fields whose value comes from the one taken in.

    StaleRecord when either has another version than the copies given here; CannotMerge says why in words.
    """
    with writing(*apps_of(kind)):
        keep, take_in = locked(kind, keep, take_in)
        if reason := why_not(kind, keep, take_in):
            raise CannotMerge(reason)
        merge = Merge(kind=kind.name, kept=keep.pk, merged=take_in.pk, merged_by=by, is_demo=keep.is_demo)
        merge.before = {"kept": values_of(kind, keep), "merged": values_of(kind, take_in)}
        moved = {r.label: move(kind, r, keep.pk, take_in.pk, by) for r in relations_of(kind.model)}
        names = chosen_fields(kind, keep, take_in, set(choices))
        chosen = {name: getattr(take_in, attname(kind, name)) for name in names}
        release_unique(kind, take_in, chosen)
        now = timezone.now()
        parting = {"archived_at": now, "archived_by": by, "archive_reason": taken_into(keep.pk)}
        save_again(take_in, by=by, reason=taken_into(keep.pk), **parting)
        reason = _("#%(number)s was taken in") % {"number": take_in.pk}
        save_again(keep, by=by, reason=reason, **{attname(kind, name): value for name, value in chosen.items()})
        merge.after = {name: as_json(getattr(keep, attname(kind, name))) for name in chosen}
        merge.moved = {label: rows for label, rows in moved.items() if any(rows.values())}
        merge.moved["decisions"] = carry_decisions(kind, keep.pk, take_in.pk, by)
        merge.save()
        kind.settle([keep.pk, take_in.pk])
    return merge


def apps_of(kind: MatchKind) -> set[str]:
    """Return the apps whose rows a merge may change."""
    hanging = {relation.model._meta.app_label for relation in relations_of(kind.model)}
    return {"capred_portal", kind.model._meta.app_label} | hanging


def locked(kind: MatchKind, *seen: Any) -> list[Any]:
    """Return fresh copies of the records, which nobody else can change now; StaleRecord if one is another version."""
    numbers = [record.pk for record in seen]
    rows = kind.model._base_manager.select_for_update().filter(pk__in=numbers).order_by("pk")
    fresh = {record.pk: record for record in rows}
    for record in seen:
        if fresh[record.pk].version != record.version:
            raise StaleRecord(record)
    return [fresh[number] for number in numbers]


def taken_into(number: int) -> str:
    """Return the reason for archiving what another record now stands for."""
    return _("taken into #%(number)s") % {"number": number}


def attname(kind: MatchKind, name: str) -> str:
    """Return the attribute that holds a field's stored value."""
    return str(kind.model._meta.get_field(name).attname)


def values_of(kind: MatchKind, record: Any) -> dict[str, Any]:
    """Return the values that can be chosen, as JSON keeps them."""
    return {name: as_json(getattr(record, attname(kind, name))) for name in kind.fields}


def differing(kind: MatchKind, keep: Any, take_in: Any) -> list[str]:
    """Return the fields in which two records differ, in the order they are shown."""
    return [name for name in kind.fields if getattr(keep, attname(kind, name)) != getattr(take_in, attname(kind, name))]


def chosen_fields(kind: MatchKind, keep: Any, take_in: Any, choices: set[str]) -> list[str]:
    """Return the differing fields that come from the one taken in; a part follows its whole where that differs."""
    names = differing(kind, keep, take_in)
    leaders = {name: kind.follows[name] if kind.follows.get(name) in names else name for name in names}
    return [name for name in names if leaders[name] in choices]


def release_unique(kind: MatchKind, record: Any, chosen: dict[str, Any]) -> None:
    """Let go of values only one record can have, archived or not, so that the other can have them."""
    for name in chosen:
        if kind.model._meta.get_field(name).unique:
            setattr(record, attname(kind, name), None)


def move(kind: MatchKind, relation: Relation, keep: int, take_in: int, by: Any) -> dict[str, list[int]]:
    """Let the rows of one relation point to the record kept; archive those of which it has its own."""
    clashes = relation.clashes(keep, take_in)
    if relation.is_set:
        return move_set(relation, [mine for mine, _theirs in clashes], keep, take_in, by)
    losers, reason = lesser(kind, relation, clashes), taken_into(keep)
    gone = {"archived_at": timezone.now(), "archived_by": by, "archive_reason": reason}
    rewrite(relation.model, losers, by=by, reason=reason, **gone)
    staying = relation.between(keep, take_in).values("pk")
    moving = relation.rows(take_in).exclude(pk__in=losers).exclude(pk__in=staying)
    numbers = list(moving.order_by("pk").values_list("pk", flat=True))
    rewrite(relation.model, numbers, by=by, reason=reason, **{relation.name: keep})
    return {"moved": numbers, "archived": losers}


def lesser(kind: MatchKind, relation: Relation, clashes: list[tuple[int, int]]) -> list[int]:
    """Return which row of each two goes: that of the record taken in, unless it says more."""
    better = kind.better.get(relation.model._meta.label_lower)
    if better is None or not clashes:
        return [mine for mine, _theirs in clashes]
    rows = relation.model._base_manager.filter(better, pk__in=[pk for clash in clashes for pk in clash])
    says_more = set(rows.values_list("pk", flat=True))
    return [theirs if mine in says_more and theirs not in says_more else mine for mine, theirs in clashes]


def move_set(relation: Relation, twice: list[int], keep: int, take_in: int, by: Any) -> dict[str, list[int]]:
    """Put the record kept into every set the other is in, once; the record of the set gets a new version."""
    owner = relation.owner
    rows = dict(relation.rows(take_in).order_by("pk").values_list("pk", owner.attname))
    relation.model._base_manager.filter(pk__in=twice).delete()
    moved = [pk for pk in rows if pk not in twice]
    relation.model._base_manager.filter(pk__in=moved).update(**{relation.name: keep})
    rewrite(owner.related_model, set(rows.values()), by=by, reason=taken_into(keep))
    return {"moved": moved, "dropped": [rows[pk] for pk in twice]}


def carry_decisions(kind: MatchKind, keep: int, take_in: int, by: Any) -> dict[str, list[int]]:
    """Note that the two are the same, and who is not the one taken in is not the one kept either."""
    now = timezone.now()
    decided = {"decided_by": by, "decided_at": now}
    pair = {"kind": kind.name, "first": min(keep, take_in), "second": max(keep, take_in)}
    defaults = {"decision": Match.Decision.SAME, **decided}
    Match.objects.update_or_create(**pair, defaults=defaults, create_defaults={"grade": "ask", "score": 0, **defaults})
    carried = []
    for match in matches_of(kind, take_in).filter(decision=Match.Decision.DIFFERENT):
        other = match.second if match.first == take_in else match.first
        fields = {"grade": match.grade, "score": match.score, "reasons": match.reasons, "is_demo": match.is_demo}
        made, is_new = Match.objects.get_or_create(
            kind=kind.name,
            first=min(keep, other),
            second=max(keep, other),
            defaults={**fields, "decision": Match.Decision.DIFFERENT, **decided},
        )
        carried += [made.pk] if is_new else []
    return {"carried": carried}


# Taking apart


def why_not_apart(kind: MatchKind, merge: Merge) -> str:
    """Return why a merge cannot be taken apart; empty when it can."""
    if merge.undone_at is not None:
        return _("This merge was taken apart already.")
    keep = kind.model._base_manager.filter(pk=merge.kept).first()
    if keep is None or keep.is_archived:
        return _("The record kept is archived. Bring it back first, or take apart what it was taken into.")
    later = Merge.objects.filter(kind=kind.name, kept=merge.kept, undone_at=None, pk__gt=merge.pk).order_by("pk").last()
    if later is not None:
        return _("Another record was taken in since. First take #%(number)s out again.") % {"number": later.merged}
    return ""


def moved_rows(kind: MatchKind, merge: Merge) -> list[tuple[str, int, int]]:
    """Return what a merge moved and archived, relation by relation, as words and counts."""
    found = []
    for relation in relations_of(kind.model):
        rows = merge.moved.get(relation.label, {})
        if rows:
            gone = len(rows.get("archived", [])) + len(rows.get("dropped", []))
            found.append((relation.title, len(rows["moved"]), gone))
    return found


def unmerge(merge: Merge, *, kind: MatchKind, by: Any) -> TakenApart:
    """Take a merge apart: what moved goes back, unless somebody changed it since; CannotMerge says why not."""
    try:
        with writing(*apps_of(kind)):
            merge = Merge.objects.select_for_update().get(pk=merge.pk)
            if reason := why_not_apart(kind, merge):
                raise CannotMerge(reason)
            rows = kind.model._base_manager.select_for_update().order_by("pk")
            records = {record.pk: record for record in rows.filter(pk__in=[merge.kept, merge.merged])}
            left = restore_fields(kind, merge, records[merge.kept], by)
            bring_back(kind, merge, records[merge.merged], by)
            counts = [give_back(relation, merge, by) for relation in relations_of(kind.model)]
            restore_decisions(kind, merge)
            merge.undone_by, merge.undone_at = by, timezone.now()
            merge.save()
            kind.settle([merge.kept, merge.merged])
    except IntegrityError as error:
        raise CannotMerge(clash_message(kind.model(), error)) from error
    return TakenApart(sum(given for given, _kept in counts), sum(kept for _given, kept in counts), left)


def took_out(merge: Merge) -> str:
    """Return the reason, in the history, for what taking a merge apart changes."""
    return _("#%(number)s was taken out again") % {"number": merge.merged}


def restore_fields(kind: MatchKind, merge: Merge, keep: Any, by: Any) -> list[str]:
    """Set the chosen fields back; return the names of those that were changed since and stay as they are."""
    values, left = {}, []
    for name, chosen in merge.after.items():
        field = kind.model._meta.get_field(name)
        before = merge.before["kept"][name]
        if as_json(getattr(keep, field.attname)) == chosen:
            values[field.attname] = None if before is None else field.to_python(before)
        elif before != as_json(getattr(keep, field.attname)):
            left.append(str(field.verbose_name))
    save_again(keep, by=by, reason=took_out(merge), **values)
    return left


def bring_back(kind: MatchKind, merge: Merge, record: Any, by: Any) -> None:
    """Bring the record that was taken in back, with the values only it could have."""
    values = {"archived_at": None, "archived_by": None, "archive_reason": ""}
    for name in merge.after:
        field = kind.model._meta.get_field(name)
        if field.unique and (before := merge.before["merged"][name]) is not None:
            values[field.attname] = field.to_python(before)
    save_again(record, by=by, reason=took_out(merge), **values)


def give_back(relation: Relation, merge: Merge, by: Any) -> tuple[int, int]:
    """Return how many rows of one relation went back, and how many point elsewhere now and were left."""
    noted = merge.moved.get(relation.label, {})
    reason, rows = took_out(merge), relation.model._base_manager
    numbers = list(relation.rows(merge.kept).filter(pk__in=noted.get("moved", [])).values_list("pk", flat=True))
    if relation.is_set:
        rows.filter(pk__in=numbers).update(**{relation.name: merge.merged})
        for owner in noted.get("dropped", []):
            rows.create(**{relation.owner.attname: owner, f"{relation.name}_id": merge.merged})
        owners = rows.filter(pk__in=numbers).values_list(relation.owner.attname, flat=True)
        owners = {*owners, *noted.get("dropped", [])}
        rewrite(relation.owner.related_model, owners, by=by, reason=reason)
    else:
        rewrite(relation.model, numbers, by=by, reason=reason, **{relation.name: merge.merged})
        away = rows.filter(pk__in=noted.get("archived", [])).exclude(archived_at=None)
        back = {"archived_at": None, "archived_by": None, "archive_reason": ""}
        rewrite(relation.model, list(away.values_list("pk", flat=True)), by=by, reason=reason, **back)
    return len(numbers), len(noted.get("moved", [])) - len(numbers)


def restore_decisions(kind: MatchKind, merge: Merge) -> None:
    """Ask again about the two, and forget what was carried over from the one to the other."""
    pair = {"first": min(merge.kept, merge.merged), "second": max(merge.kept, merge.merged)}
    undecided = {"decision": Match.Decision.OPEN, "decided_by": None, "decided_at": None}
    Match.objects.filter(kind=kind.name, **pair).update(**undecided)
    Match.objects.filter(pk__in=merge.moved["decisions"]["carried"]).delete()
