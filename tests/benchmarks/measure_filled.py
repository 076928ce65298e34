"""Pages, exports and the search for duplicates of a filled register, beside an empty page and a bare query."""

import faulthandler
import io
import json
from collections.abc import Iterable
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F
from django.test import Client, override_settings

from capred_portal.keysets import Order
from capred_portal.models import User
from enterprises.loaders.enterprise_columns import COLUMNS
from enterprises.models import Cluster, Enterprise, SupplyLink
from enterprises.views.enterprise_export import BATCH, CODES, YEAR
from enterprises.views.enterprises import ORDERS
from tests.benchmarks.apart import apart, plan, show, timed
from tests.benchmarks.measure import BACKEND, Slow, cost, queries_of
from tests.benchmarks.urls import FLOOR

PAGE_AIM, EXPORT_AIM, EXPORT_MB = 4, 3, 200
REPEAT = 9
SEARCH_LIMIT_S = 25 * 60


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=f"{role}0"), BACKEND)
    return client


# Pages


def pages() -> dict[str, str]:
    """Return the address of every page to measure, by what it shows."""
    firms, cluster = Enterprise.objects.active(), biggest(Cluster, "memberships")
    middle = firms.order_by("name_en_key", "name_km_key", "pk")[firms.count() // 2]
    link = SupplyLink.objects.active().order_by("pk")[0]
    return {
        "list": "/enterprises/",
        "list, from the middle on": f"/enterprises/?after={Order(firms, ORDERS['name']).mark(middle)}",
        "list by three filters": "/enterprises/?province=12&sector=C&legal_form=sole",
        "search by a rare word": "/enterprises/?q=kravanh",
        "search by a common word": "/enterprises/?q=rice",
        "search by a Khmer word": "/enterprises/?q=ក្រវាញ",
        "search by sound": "/enterprises/?sound=Sok+Dara",
        "figures of the register": "/enterprises/figures/",
        "an enterprise": biggest(Enterprise, "links_as_buyer").get_absolute_url(),
        "where clusters could grow": "/clusters/where/",
        "where clusters could grow, by jobs": "/clusters/where/?by=jobs",
        "clusters": "/clusters/",
        "a cluster": cluster.get_absolute_url(),
        "figures of a cluster": f"{cluster.get_absolute_url()}figures/",
        "links": "/links/",
        "links with a contract, by word": "/links/?stage=contract&q=carton",
        "a link": link.get_absolute_url(),
        "quality": "/quality/",
        "certificates": "/quality/certificates/",
        "sectors without certificate": "/quality/uncertified/",
        "suppliers of a heading": "/suppliers/?hs=6109",
        "suppliers of an input with needs": "/suppliers/?hs=1006&standard=haccp&quantity=500&unit=tonnes",
    }


def biggest(model: Any, many: str) -> Any:
    """Return the row on which most rows of another kind hang."""
    related = model._meta.get_field(many)
    column = related.field.attname
    found = related.related_model.objects.values(column).annotate(size=Count("pk")).order_by("-size", column)[0]
    return model.objects.get(pk=found[column])


def measure_pages() -> None:
    """Print each page cold and warm, beside the floor."""
    addresses = pages()
    with override_settings(ROOT_URLCONF="tests.benchmarks.urls"):
        for query in queries_of(client_of("staff"), FLOOR):
            show("floor: statement of the page that shows nothing", sql=query["sql"], plan=plan(query["sql"]))
        for role in ("staff", "officer"):
            client = client_of(role)
            for page, address in addresses.items():
                if role == "staff" or "legal_form" not in address:
                    show(f"page: {page}", role=role, aim=PAGE_AIM, **cost(client, address, REPEAT, page, Slow()))


# Export


def exhaust(parts: Iterable[Any]) -> None:
    for _part in parts:
        pass


def bare_rows() -> Any:
    """Return the query of the file: its columns, of every firm."""
    columns = [F(f"{column.name}_id") if column.name in CODES else F(column.name) for column in COLUMNS]
    return Enterprise.objects.active().order_by("pk").values_list(*columns, *YEAR)


def read_bare_rows() -> float:
    return timed(lambda: exhaust(bare_rows().iterator(chunk_size=BATCH)))


def export(format_name: str) -> float:
    """Ask for the file of all rows as a browser does, and take it piece by piece."""
    client: Any = client_of("staff")
    return timed(lambda: exhaust(client.get(f"/enterprises/export.{format_name}").streaming_content))


def measure_export() -> None:
    """Print the exports of all rows, beside the bare query read to its end."""
    sql = str(bare_rows().query)
    show("floor: statement of the export", sql=sql, plan=bare_rows().explain().splitlines())
    floor, peak = apart(read_bare_rows)
    show("floor: bare query of all rows", seconds=round(floor, 1), peak_mb=peak)
    seconds, peak = apart(export, "csv")
    ratio = round(seconds / floor, 2)
    show(
        "export of all rows as CSV",
        seconds=round(seconds, 1),
        ratio=ratio,
        aim=EXPORT_AIM,
        peak_mb=peak,
        aim_mb=EXPORT_MB,
    )
    seconds, peak = apart(export, "xlsx")
    show("export of all rows as XLSX", seconds=round(seconds, 1), peak_mb=peak, aim_mb=EXPORT_MB)


# Duplicates


def search() -> dict[str, Any]:
    """Run the command; after the limit say where it is and end."""
    faulthandler.dump_traceback_later(SEARCH_LIMIT_S, exit=True)
    said = io.StringIO()
    call_command("find_duplicates", "enterprise", "--json", stdout=said)
    faulthandler.cancel_dump_traceback_later()
    return {name: value for name, value in json.loads(said.getvalue()).items() if name != "peak_mb"}


def find_duplicates() -> None:
    """Print what the search for duplicates among all firms takes, or that it did not come to its end."""
    connection.close()
    try:
        found, peak = apart(search)
    except BrokenProcessPool:
        show("search for duplicates", ended=False, limit_s=SEARCH_LIMIT_S)
    else:
        show("search for duplicates", **found, peak_mb=peak)
