"""Who supplies whom, as a picture without scripts: suppliers left, buyers right, a curve for each pair."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from capred_portal.plotting import Words

Style = Literal["solid", "dashed", "dotted", "faint"]

WIDTH, ROW, TOP, LABEL = 680, 32, 34, 240  # LABEL is the room of a column of names
MOST_NODES = 40
LETTERS = 28
COENG = "\u17d2"


@dataclass(frozen=True)
class Link:
    """One link as it comes in: keys of the two firms and of the stage, the latest where a pair has several."""

    supplier: str
    buyer: str
    stage: str


@dataclass(frozen=True)
class Firm:
    """A firm in the picture: its name, its page, and whether the picture is about it."""

    name: str
    url: str = ""
    is_center: bool = False


@dataclass(frozen=True)
class Node:
    """A firm at its place: `x`, `y` is its dot, `box` the left edge of its name's room."""

    firm: Firm
    short: str
    x: int
    y: float
    box: int
    width: int


@dataclass(frozen=True)
class Curve:
    """A supplier and a buyer tied together, drawn in the style of the furthest stage of their links."""

    path: str
    style: Style
    title: str


@dataclass(frozen=True)
class NetworkPicture:
    """The two columns, the curves between them, the words of their styles, and how many firms are not drawn."""

    suppliers: list[Node]
    buyers: list[Node]
    curves: list[Curve]
    legend: list[tuple[Style, str]]
    more_suppliers: int
    more_buyers: int
    width: int
    height: int


def network_picture(
    links: Sequence[Link],
    firms: Mapping[str, Firm],
    stages: Mapping[str, tuple[Style, Words]],
) -> NetworkPicture:
    """Draw the links between firms; `stages` gives each stage its style and its words, earliest first.

    A firm that sells and buys stands in both columns. At most MOST_NODES firms are drawn, those with most partners
    first; a column has half of that and what the other one leaves free. Firms stand near their partners, so that few
    curves cross. Several links of one pair are one curve, in the style of the furthest stage, all in its title.
    """
    pairs = by_pair(links, list(stages))
    kept = strongest(pairs)
    drawn = {pair: found for pair, found in pairs.items() if pair[0] in kept[0] and pair[1] in kept[1]}
    left, right = ordered(drawn, kept)
    lines = max(len(left), len(right), 1)
    suppliers = column([firms[key] for key in left], lines, is_left=True)
    buyers = column([firms[key] for key in right], lines, is_left=False)
    from_node, to_node = dict(zip(left, suppliers, strict=True)), dict(zip(right, buyers, strict=True))
    curves = [
        Curve(
            path=curve(from_node[supplier], to_node[buyer]),
            style=stages[found[-1]][0],
            title=f"{firms[supplier].name} → {firms[buyer].name}: {in_words(found, stages)}",
        )
        for (supplier, buyer), found in drawn.items()
    ]
    return NetworkPicture(
        suppliers=suppliers,
        buyers=buyers,
        curves=curves,
        legend=legend_of({stage for found in drawn.values() for stage in found}, stages),
        more_suppliers=len({supplier for supplier, _buyer in pairs}) - len(left),
        more_buyers=len({buyer for _supplier, buyer in pairs}) - len(right),
        width=WIDTH,
        height=TOP + ROW * lines + 8,
    )


def by_pair(links: Iterable[Link], stages: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """Return the stages of each supplier and buyer, the furthest last."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for link in links:
        pairs.setdefault((link.supplier, link.buyer), []).append(link.stage)
    return {pair: sorted(found, key=stages.index) for pair, found in pairs.items()}


def strongest(pairs: Collection[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Return the suppliers and the buyers to draw: those with most partners, MOST_NODES together."""
    suppliers = [key for key, _count in Counter(supplier for supplier, _buyer in pairs).most_common()]
    buyers = [key for key, _count in Counter(buyer for _supplier, buyer in pairs).most_common()]
    half = MOST_NODES // 2
    room = max(half, MOST_NODES - len(buyers))
    return suppliers[:room], buyers[: max(half, MOST_NODES - len(suppliers))]


def ordered(
    pairs: Collection[tuple[str, str]], kept: tuple[Sequence[str], Sequence[str]]
) -> tuple[list[str], list[str]]:
    """Return both columns in an order that crosses few curves: twice, each firm at the mean place of its partners."""
    left, right = list(kept[0]), list(kept[1])
    partners: dict[tuple[str, str], list[str]] = {}
    for supplier, buyer in pairs:
        partners.setdefault(("left", supplier), []).append(buyer)
        partners.setdefault(("right", buyer), []).append(supplier)
    for _turn in range(2):
        left = near(left, right, {key: partners.get(("left", key), []) for key in left})
        right = near(right, left, {key: partners.get(("right", key), []) for key in right})
    return left, right


def near(keys: Sequence[str], others: Sequence[str], partners: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the keys sorted by the mean place of their partners in the other column; those without any come last."""
    place = {key: index for index, key in enumerate(others)}
    means = {
        key: sum(place[other] for other in partners[key]) / len(partners[key]) if partners[key] else len(others)
        for key in keys
    }
    return sorted(keys, key=means.__getitem__)


def column(firms: Sequence[Firm], lines: int, *, is_left: bool) -> list[Node]:
    """Place firms one below the other, in the middle of a picture of `lines` rows."""
    start = TOP + (lines - len(firms)) * ROW / 2
    return [
        Node(
            firm=firm,
            short=shortened(firm.name),
            x=LABEL if is_left else WIDTH - LABEL,
            y=start + ROW * place + ROW / 2,
            box=0 if is_left else WIDTH - LABEL,
            width=LABEL,
        )
        for place, firm in enumerate(firms)
    ]


def curve(supplier: Node, buyer: Node) -> str:
    """Return a calm curve from the supplier's dot to the buyer's."""
    middle = (supplier.x + buyer.x) / 2
    return f"M{supplier.x} {supplier.y} C{middle} {supplier.y} {middle} {buyer.y} {buyer.x} {buyer.y}"


def in_words(found: Sequence[str], stages: Mapping[str, tuple[Style, Words]]) -> str:
    """Name the stages of a pair, the furthest first, each once."""
    return ", ".join(str(stages[stage][1]) for stage in dict.fromkeys(reversed(found)))


def legend_of(used: Collection[str], stages: Mapping[str, tuple[Style, Words]]) -> list[tuple[Style, str]]:
    """Return each style that is drawn with the stages it stands for."""
    words: dict[Style, list[str]] = {}
    for stage, (style, name) in stages.items():
        if stage in used:
            words.setdefault(style, []).append(str(name))
    return [(style, ", ".join(names)) for style, names in words.items()]


def shortened(name: str, letters: int = LETTERS) -> str:
    """Cut a name that is too wide for its room, never before a vowel or sign of the letter that stays.

    Khmer signs above and below, and what hangs under a coeng, take no room.
    """
    cut = room = 0
    for place, letter in enumerate(name):
        kind, is_below = unicodedata.category(letter), name[:place].endswith(COENG)
        if room < letters and not kind.startswith("M") and not is_below:
            cut = place
        room += kind not in {"Mn", "Cf"} and not is_below
    return name if room <= letters else f"{name[:cut].rstrip()}…"
