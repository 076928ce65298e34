"""A page with every kind of picture, at /charts/, for the browser tests of charts; no record is behind it."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from capred_portal.interactive import HeatCell, InteractiveChart, heat_map
from capred_portal.networks import Firm, Link, NetworkPicture, Style, network_picture
from capred_portal.plotting import Cell, SvgChart, Table, cut_legend, spark_lines, tile_map
from capred_portal.urls import urlpatterns as portal

PAGE = """{% extends "base.html" %}
{% block title %}Charts{% endblock title %}
{% block head %}{% include "plots/_plotly_scripts.html" %}{% endblock head %}
{% block content %}
<h1>Charts</h1>
{% include "plots/_plotly.html" with chart=heat %}
<div class="cols-2">
  {% include "plots/_picture.html" with chart=tiles template="plots/_tiles.html" %}
  <section class="card"><h2>Years</h2>{% include "plots/_sparks.html" %}</section>
</div>
<h2>Network</h2>
{% include "plots/_network.html" with picture=network title="One buyer" %}
<h2>Cluster</h2>
{% include "plots/_network.html" with picture=cluster title="A cluster" %}
{% include "plots/_network.html" with picture=nobody title="No links" %}
{% endblock content %}"""

CUTS = (0.5, 0.8, 1.25, 2)
PLACES = [("Phnom Penh", 3, 3), ("Kampong Speu", 3, 2), ("Kampot", 4, 2), ("Svay Rieng", 3, 4), ("Mondul Kiri", 2, 5)]
DIVISIONS = [("10", "Food products"), ("14", "Wearing apparel"), ("15", "Leather"), ("22", "Rubber <and> plastics")]
VALUES: list[list[float | None]] = [
    [0.4, 1.9, 2.6, 1.0],
    [1.2, 0.6, 0, 3.1],
    [0.9, None, 1.4, 0.2],
    [0.7, 2.2, 1.1, 0.5],
    [None] * 4,
]
NAMES = ["Supplier {} of Packaging and Printing Cambodia", "ក្រុមហ៊ុន វេចខ្ចប់ និងបោះពុម្ពកម្ពុជា លេខ {} ឯ.ក"]
STAGES: dict[str, tuple[Style, str]] = {
    "introduced": ("dotted", "introduced"),
    "sample": ("dashed", "sample"),
    "trial": ("dashed", "trial order"),
    "contract": ("solid", "contract"),
    "repeat": ("solid", "repeat order"),
    "ended": ("faint", "ended"),
}


def heat() -> InteractiveChart:
    rows = []
    for (name, _row, _column), values in zip(PLACES, VALUES, strict=True):
        cells = [
            HeatCell(value, "–" if value is None else f"{value}", f"{name}, {full}: {value}", "/workshops/")
            for value, (_short, full) in zip(values, DIVISIONS, strict=True)
        ]
        rows.append((name, cells))
    picture = heat_map(DIVISIONS, rows, cuts=CUTS, corner="Province", legend=cut_legend(CUTS))
    return InteractiveChart("where", "Leather stands out in Phnom Penh", "Invented for a test, 2026.", picture)


def tiles() -> SvgChart:
    rows = [(name, row, column, VALUES[place][0], "") for place, (name, row, column) in enumerate(PLACES)]
    table = Table("Province", ["Quotient"], [(row[0], [Cell(str(row[3] or "–"))]) for row in rows])
    picture = tile_map(rows, cuts=CUTS, legend=cut_legend(CUTS))
    return SvgChart("Food products are average in Kampot", "Invented for a test, 2026.", picture, table)


def network(suppliers: int, buyers: int) -> NetworkPicture:
    stages = list(STAGES)
    links = [
        Link(f"s{place}", f"b{place * 7 % buyers}", stages[place % len(stages)]) for place in range(suppliers + buyers)
    ]
    links = [link for link in links if int(link.supplier[1:]) < suppliers]
    firms = {f"s{place}": Firm(NAMES[place % 2].format(place), "/") for place in range(suppliers)}
    firms |= {f"b{place}": Firm(f"Mekong Garments {place}", "/", is_center=buyers == 1) for place in range(buyers)}
    return network_picture(links, firms, STAGES)


def chart_page(request: HttpRequest) -> HttpResponse:
    """Show all pictures with invented numbers."""
    context = {
        "heat": heat(),
        "tiles": tiles(),
        "sparks": spark_lines(
            [
                ("Jobs", {2019: 120, 2020: 80, 2022: 95, 2023: 140, 2024: 152}),
                ("Turnover, US$", {2022: 1_250_000, 2023: 1_310_000}),
                ("Inputs that are imported, %", {2021: 62}),
                ("Export share, %", {}),
            ],
            show=lambda value: f"{value:,}",
        ),
        "network": network(9, 1),
        "cluster": network(50, 12),
        "nobody": network_picture([], {}, STAGES),
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


urlpatterns = [path("charts/", chart_page), *portal]
