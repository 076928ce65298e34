"""Examples of the pages at the door of a workshop, which is open for them."""

import datetime as dt
from typing import Any

from django.utils import timezone

from programs.check_in import personal_code, welcome_code
from programs.models import Attendance, CheckIn, Person, Workshop


def for_check_in(workshop: Workshop) -> dict[str, list[dict[str, Any]]]:
    """Return arguments for the door of a workshop, and for somebody registered who has not come yet."""
    now = timezone.now()
    hours = {"opened_at": now - dt.timedelta(hours=1), "closes_at": now + dt.timedelta(hours=8)}
    door, _made = CheckIn.objects.get_or_create(workshop=workshop, defaults={"code": "gateways", **hours})
    person, _made = Person.objects.get_or_create(name_en="Example Guest", is_demo=True)
    told = {"registered": True, "attended": False, "is_demo": True}
    row, _made = Attendance.objects.get_or_create(workshop=workshop, person=person, defaults=told)
    own, on_list = {"code": personal_code(row)}, {"pk": workshop.pk, "row_pk": row.pk}
    return {
        "check_in:door": [{"code": door.code}],
        "check_in:welcome": [{"code": welcome_code(workshop, now)}],
        "check_in:mine": [own],
        "check_in:arrive": [own],
        "check_in:arrived": [own],
        "workshops:check_in": [{"pk": workshop.pk}],
        "workshops:check_in_poster": [{"pk": workshop.pk}],
        "workshops:check_in_close": [{"pk": workshop.pk}],
        "workshops:check_in_codes": [{"pk": workshop.pk}],
        "workshops:check_in_arrived": [on_list],
        "workshops:check_in_undo": [on_list],
    }
