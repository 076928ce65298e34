"""How a record's form is shown, checked and saved: once per token, never over somebody else's change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.choices import flatten_choices
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from capred_portal.forms import ArchiveForm, RecordForm
from capred_portal.htmx import PortalRequest
from capred_portal.kept_files import keep_files
from capred_portal.records import Clash, Record, StaleRecord, writing


class Creation(Enum):
    """How a form with a creation token ended."""

    CREATED = "created"
    ALREADY = "already there"  # the same token with the same content: a double click, or Back and save
    ANOTHER = "another"  # the same token with other content: a second record


@dataclass(frozen=True)
class Difference:
    """One field of a stale form: what you typed, what was saved meanwhile, and whether you must choose."""

    name: str
    label: str
    yours: str
    theirs: str
    your_value: Any
    their_value: Any
    must_choose: bool
    is_yours: bool


def create_record(form: Any, *, by: Any, after: Callable[[Any], object] | None = None) -> tuple[Any, Creation]:
    """Save a valid form's new record once per token and content; `after` writes in the same transaction."""
    model, app = type(form.instance), form.instance._meta.app_label
    token, digest = form.cleaned_data.get("creation_token"), form.digest()
    earlier = model._default_manager.filter(creation_token=token) if token else model._default_manager.none()
    try:
        with writing(app):
            if same := earlier.filter(creation_digest=digest).first():
                return same, Creation.ALREADY
            is_second = earlier.exists()
            form.instance.creation_token, form.instance.creation_digest = token, digest
            form.instance.created_by = form.instance.updated_by = by
            save_form(form, by)
            if after:
                after(form.instance)
    except IntegrityError:
        # Two clicks at once: the other request has just written the record.
        if same := earlier.filter(creation_digest=digest).first():
            return same, Creation.ALREADY
        raise
    return form.instance, Creation.ANOTHER if is_second else Creation.CREATED


def update_record(form: Any, *, by: Any, after: Callable[[Any], object] | None = None) -> Any:
    """Save a valid form as the record's next version; StaleRecord when it was changed meanwhile."""
    record = form.instance
    with writing(record._meta.app_label):
        if hasattr(form, "before_save"):
            form.before_save(by)
        record.save_version(by=by, expected=form.cleaned_data["version"])
        form._save_m2m()
        if after:
            after(record)
    return record


def save_form(form: Any, by: Any) -> None:
    """Save a new record with what it needs first (`before_save`) and its many-to-many rows."""
    if hasattr(form, "before_save"):
        form.before_save(by)
    form.instance.save()
    form._save_m2m()


def edit_record(
    request: PortalRequest,
    form: Any,
    *,
    template: str,
    context: dict[str, Any],
    success_url: Callable[[Any], str],
    after: Callable[[Any], object] | None = None,
) -> HttpResponse:
    """Show a record's form; save it when it is posted and valid; show both sides when it is stale."""
    context = {"form": form, **context}
    if request.method != "POST" or not form.is_valid():
        keep_files(form)
        return render(request, template, context, status=422 if form.errors else 200)
    is_new = form.instance.pk is None
    try:
        if is_new:
            record, creation = create_record(form, by=request.user, after=after)
            tell(request, creation)
        else:
            record = update_record(form, by=request.user, after=after)
            messages.success(request, _("Saved."))
    except StaleRecord:
        return show_conflict(request, form)
    except IntegrityError as error:
        form.add_error(getattr(error, "field", "") or None, clash_message(form.instance, error))
        return render(request, template, context, status=422)
    return HttpResponseRedirect(success_url(record))


def edit_part(
    request: PortalRequest,
    form: Any,
    *,
    above: Any,
    part: str,
    title: Any,
    after: Callable[[Any], object] | None = None,
) -> HttpResponse:
    """Show and save the form of a part of the record `above`; then back to the list of these parts, or to another."""
    here = f"{above.get_absolute_url()}#{part}"
    next_url = request.path if "another" in request.POST else here
    context = {"record": above, "title": title, "cancel_url": here, "can_add_another": form.instance.pk is None}
    return edit_record(
        request, form, template="record_form.html", context=context, success_url=lambda _saved: next_url, after=after
    )


def archive_record(request: PortalRequest, record: Any, *, success_url: str) -> HttpResponse:
    """Ask why, then take the record out of every list and figure."""
    form = ArchiveForm(request.POST or None, initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        record.version = form.cleaned_data["version"]
        try:
            with writing(record._meta.app_label):
                record.archive(by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, _("Archived. An administrator can bring it back."))
            return HttpResponseRedirect(success_url)
        except StaleRecord:
            form.add_error(None, _("Somebody changed this record after you opened it. Look at it once more."))
    context = {"form": form, "record": record, "cancel_url": success_url}
    return render(request, "record_archive.html", context, status=422 if form.errors else 200)


def tell(request: PortalRequest, creation: Creation) -> None:
    """Say how a new record was saved."""
    if creation is Creation.CREATED:
        messages.success(request, _("Saved."))
    elif creation is Creation.ALREADY:
        messages.info(request, _("This was already saved; here it is."))
    else:
        messages.warning(
            request, _("You changed a form you had saved before: this is a second record, the first is kept.")
        )


def clash_message(record: Record, error: IntegrityError) -> str:
    """Return the words for a constraint that somebody else's save made true in the meantime."""
    if isinstance(error, Clash):
        return str(error)
    for constraint in record._meta.constraints:
        if constraint.name in str(error):
            return str(constraint.get_violation_error_message())
    return _("Somebody saved the same thing a moment ago. Look at the list before you save again.")


# A stale save


def show_conflict(request: PortalRequest, form: Any) -> HttpResponse:
    """Show both versions side by side, asking only about fields that both changed."""
    stored = type(form.instance)._default_manager.get(pk=form.instance.pk)
    base = stored.as_of_version(form.cleaned_data["version"])
    differences = compare(form, base, stored)
    context = {
        "form": form,
        "record": stored,
        "differences": differences,
        "kept": [kept_field(form, difference) for difference in differences if not difference.must_choose],
        "unchanged": unchanged_fields(form, differences),
        "must_choose": any(difference.must_choose for difference in differences),
    }
    return render(request, "conflict.html", context, status=409)


def compare(form: Any, base: Any, stored: Any) -> list[Difference]:
    """Compare what was typed and what is stored with the version both started from.

    Without that version in the history every field that differs must be chosen. Sets (goals, topics) never need
    a choice: what either side added or took away is kept.
    """
    fresh = type(form)(instance=stored)
    differences = []
    for name, field in form.fields.items():
        if name == "version" or isinstance(field, forms.FileField):
            continue
        mine, theirs = form[name].data, fresh.get_initial_for_field(field, name)
        if not field.has_changed(theirs, mine):
            continue
        start = initial_from_history(base, name, field) if base is not None else None
        i_changed = base is None or field.has_changed(start, mine)
        they_changed = base is None or field.has_changed(start, as_data(fresh, name))
        if isinstance(field, forms.ModelMultipleChoiceField):
            mine = merged_set(start, mine, theirs)
            they_changed = False
        differences.append(
            Difference(
                name=name,
                label=str(form[name].label),
                yours=shown(field, mine),
                theirs=shown(field, as_data(fresh, name)),
                your_value=mine,
                their_value=as_data(fresh, name),
                must_choose=i_changed and they_changed,
                is_yours=i_changed,
            )
        )
    return differences


def initial_from_history(base: Any, name: str, field: forms.Field) -> Any:
    """Return the value a form over the historical version would start with."""
    model_field = next((f for f in base.instance_type._meta.get_fields() if f.name == name), None)
    if model_field is None:
        return field.from_history(base) if hasattr(field, "from_history") else None
    if model_field.many_to_many:
        column = f"{model_field.m2m_reverse_field_name()}_id"
        return [getattr(row, column) for row in getattr(base, name).all()]
    return getattr(base, getattr(model_field, "attname", name))


def merged_set(start: Iterable[Any] | None, mine: Any, theirs: Any) -> list[str]:
    """Return what both sides' additions and removals leave of a set."""
    old, ours, others = ({str(getattr(item, "pk", item)) for item in items or []} for items in (start, mine, theirs))
    return sorted((ours | others) - (old - ours) - (old - others))


def as_data(form: Any, name: str) -> Any:
    """Return a field's stored value as a form would post it."""
    value = form[name].value()
    if isinstance(value, list | tuple | set):
        return [str(getattr(item, "pk", item)) for item in value]
    return "" if value is None else value


def shown(field: forms.Field, value: Any) -> str:
    """Return a posted value as words: labels of choices instead of their codes."""
    values = value if isinstance(value, list | tuple) else [value]
    if isinstance(field, forms.ModelChoiceField):
        rows: Any = field.queryset.filter(pk__in=[item for item in values if item not in ("", None)])  # type: ignore[union-attr]
        values = [
            strip_tags(str(field.label_from_instance(row))) for row in rows
        ]  # only these: a choice may be among a million
    elif choices := getattr(field, "choices", None):
        flat: Any = flatten_choices(choices)
        labels = {str(code): strip_tags(str(label)) for code, label in flat}
        values = [labels.get(str(item), str(item)) for item in values if item not in ("", None)]
    return ", ".join(str(item) for item in values if item not in ("", None))


def kept_field(form: RecordForm, difference: Difference) -> tuple[str, list[Any]]:
    """Return name and values to post for a field that only one side changed."""
    value = difference.your_value if difference.is_yours else difference.their_value
    return difference.name, list(value) if isinstance(value, list | tuple) else [value]


def unchanged_fields(form: RecordForm, differences: list[Difference]) -> list[tuple[str, list[Any]]]:
    """Return name and values to post for the fields on which both sides agree."""
    differing = {difference.name for difference in differences} | {"version"}
    rows = []
    for name in form.fields:
        if name not in differing:
            data = form[name].data
            values = data if isinstance(data, list | tuple) else [data]
            rows.append((name, [value for value in values if value not in (None, False, "")]))
    return rows
