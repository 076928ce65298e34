"""Why a firm stands where it stands among suppliers, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capred_portal.figures import number
from capred_portal.languages import clauses
from enterprises.models import Sector
from indicators.inputs.suppliers_ranking import CHAPTER, HEADING, ITEM, Fit, Need, Offer, State

MOST_CODES = 4  # of other products that are named


def reason(need: Need, fit: Fit, *, standard: str, sector: Sector | None, codes: Iterable[str] = ()) -> str:
    """Return all that is known of how a firm answers to a need; `codes` are the HS codes of all its products."""
    made = makes(need, fit, fit.offer) if fit.offer else same_class(sector, sorted(set(codes)))
    several = _("one of %(count)s classes that may make it") % {"count": fit.classes} if fit.classes > 1 else ""
    together = _("member of a cluster") if fit.in_cluster else ""
    return clauses([made, several, certificate(fit, standard), capacity(need, fit), together])


def makes(need: Need, fit: Fit, offer: Offer) -> str:
    """Say what the firm makes of what is asked, and how finely that is known."""
    about = {"code": need.hs_code, "heading": need.hs_code[:HEADING], "made": offer.hs_code}
    if fit.digits == ITEM:
        return _("Makes %(code)s, the same item") % about
    if fit.digits == CHAPTER:
        return _("Makes goods of chapter %(code)s: %(made)s") % about
    if offer.hs_code == need.hs_code:
        return _("Makes heading %(heading)s") % about
    if len(offer.hs_code) == HEADING:
        return _("Makes heading %(heading)s; which item of it is not recorded") % about
    if len(need.hs_code) == ITEM:
        return _("Makes heading %(heading)s, but another item of it: %(made)s") % about
    return _("Makes heading %(heading)s: %(made)s") % about


def same_class(sector: Sector | None, codes: Sequence[str]) -> str:
    """Say that the firm is of a class that makes the heading, and which products of it are recorded."""
    about = {"sector": sector, "codes": ", ".join(codes[:MOST_CODES])}
    if not codes:
        return _("Same ISIC class, %(sector)s; no product is recorded") % about
    if len(codes) > MOST_CODES:
        return _("Same ISIC class, %(sector)s; its products have other codes: %(codes)s and more") % about
    return _("Same ISIC class, %(sector)s; its products have other codes: %(codes)s") % about


def certificate(fit: Fit, standard: str) -> str:
    """Say whether the certificate asked for is held."""
    about: dict[str, Any] = {"standard": standard}
    if fit.certificate == State.MET:
        return _("holds certificate %(standard)s") % about
    if fit.certificate == State.EXPIRED and fit.expired_on:
        about["day"] = date_format(fit.expired_on, "DATE_FORMAT")
        return _("certificate %(standard)s expired on %(day)s") % about
    return _("no certificate %(standard)s is recorded") % about if fit.certificate == State.MISSING else ""


def capacity(need: Need, fit: Fit) -> str:
    """Say how the yearly capacity compares with what is needed; other units are named, never converted."""
    if fit.capacity == State.NOT_ASKED or need.quantity is None:
        return ""
    offer = fit.offer or Offer("")
    about = {"unit": need.unit, "needed": number(need.quantity), "other": offer.unit}
    if offer.capacity is None:
        return _("capacity is not recorded; %(needed)s %(unit)s a year needed") % about
    about["capacity"] = number(offer.capacity)
    if fit.capacity == State.OTHER_UNIT:
        return _("capacity is stated in %(other)s, the need in %(unit)s: not compared") % about
    return _("capacity %(capacity)s %(unit)s a year of %(needed)s %(unit)s needed") % about


def ambiguity(classes: Sequence[Sector]) -> str:
    """Say how many classes make the heading."""
    count = len(classes)
    words = ngettext(
        "This code is made by %(count)s ISIC class.", "This code is made by %(count)s ISIC classes.", count
    )
    return words % {"count": count}
