"""The firms of a register at national scale, the same each time: names in both scripts, sector, place, owners."""

import csv
import datetime
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from enterprises.models import District, Sector
from tests.benchmarks.words import FAMILY, GIVEN

SEED = 20220301
EVERY_CHANGED = 20  # one row in so many has changed in the second file
EVERY_RARE = 40_000  # one firm in so many has the rare word in its name
RARE = ("Kravanh", "ក្រវាញ")
HEADER = (
    "registration_number name_en name_km sector province district address phone founded_year registered_on "
    "legal_form is_women_owned is_women_led owner_has_disability"
).split()
NUMBER, ADDRESS, PHONE = (HEADER.index(name) for name in ("registration_number", "address", "phone"))

PLACES = [
    ("Angkor", "អង្គរ"),
    ("Mekong", "មេគង្គ"),
    ("Tonle Sap", "ទន្លេសាប"),
    ("Bayon", "បាយ័ន"),
    ("Chaktomuk", "ចតុមុខ"),
    ("Phnom Penh", "ភ្នំពេញ"),
    ("Battambang", "បាត់ដំបង"),
    ("Siem Reap", "សៀមរាប"),
    ("Kampot", "កំពត"),
    ("Takeo", "តាកែវ"),
    ("Svay Rieng", "ស្វាយរៀង"),
    ("Prey Veng", "ព្រៃវែង"),
    ("Golden Star", "ផ្កាយមាស"),
    ("Lotus", "ផ្កាឈូក"),
    ("New Day", "ថ្ងៃថ្មី"),
    ("Green Field", "វាលស្រែបៃតង"),
]
TRADES = [
    ("Rice Mill", "រោងម៉ាស៊ីនកិនស្រូវ", "1061"),
    ("Garment Factory", "រោងចក្រកាត់ដេរ", "1410"),
    ("Bakery", "ហាងនំប៉័ង", "1071"),
    ("Ice Factory", "រោងចក្រទឹកកក", "1104"),
    ("Drinking Water", "ទឹកបរិសុទ្ធ", "1104"),
    ("Brick Works", "ឡឥដ្ឋ", "2392"),
    ("Furniture Workshop", "រោងជាងឈើ", "3100"),
    ("Metal Works", "រោងជាងដែក", "2511"),
    ("Printing House", "រោងពុម្ព", "1811"),
    ("Packaging", "វេចខ្ចប់", "1702"),
    ("Silk Weaving", "តម្បាញសូត្រ", "1312"),
    ("Fish Processing", "កែច្នៃត្រី", "1020"),
    ("Grocery Shop", "ហាងលក់ទំនិញ", "4711"),
    ("Phone Shop", "ហាងទូរស័ព្ទ", "4741"),
    ("Restaurant", "ភោជនីយដ្ឋាន", "5610"),
    ("Guesthouse", "ផ្ទះសំណាក់", "5510"),
    ("Pharmacy", "ឱសថស្ថាន", "4772"),
    ("Motorcycle Repair", "ជួសជុលម៉ូតូ", "4540"),
    ("Tailor", "ជាងកាត់ដេរ", "1410"),
    ("Beauty Salon", "ហាងអ៊ុតសក់", "9602"),
    ("Transport", "ដឹកជញ្ជូន", "4923"),
    ("Construction", "សំណង់", "4100"),
    ("Pepper Farm", "កសិដ្ឋានម្រេច", "0128"),
    ("Trading", "ពាណិជ្ជកម្ម", "4690"),
]
FORMS = [
    ("", "", "sole"),
    ("", "", "sole"),
    ("", "", "sole"),
    ("", "", ""),
    (" Enterprise", "សហគ្រាស", "sole"),
    (" Co., Ltd.", " ខូ អិលធីឌី", "private-limited"),
    (" Company Limited", " ឯ.ក", "private-limited"),
    (" Pte. Ltd.", "", "single-member"),
]
WEIGHTS = {"12": 22, "08": 12, "02": 7, "17": 8, "03": 9, "05": 5}  # provinces with more firms than others


class Firms:
    """Draws firms; the same number of firms is the same firms."""

    def __init__(self, count: int, unnumbered: int) -> None:
        self.count = count
        self.unnumbered = unnumbered
        self.sectors = list(Sector.objects.classes().order_by("code").values_list("code", flat=True))
        districts: dict[str, list[str]] = {}
        for code, province in District.objects.order_by("code").values_list("code", "province_id"):
            districts.setdefault(province, []).append(code)
        self.districts = districts
        self.provinces = [code for code in districts for _ in range(WEIGHTS.get(code, 3))]

    def numbered(self) -> Iterator[list[str]]:
        """Yield the firms that have a registration number."""
        draw = random.Random(SEED)
        for number in range(self.count - self.unnumbered):
            yield [f"{10_000_000 + number * 7:08}", *self.firm(draw, number)]

    def without_number(self) -> Iterator[list[str]]:
        """Yield the firms that have none."""
        draw = random.Random(SEED + 1)
        for number in range(self.unnumbered):
            yield ["", *self.firm(draw, number)]

    def firm(self, draw: random.Random, number: int) -> list[str]:
        name, name_km, sector, form = self.name(draw, number)
        province = draw.choice(self.provinces)
        chance = draw.random()
        founded = 1985 + int(40 * draw.random() ** 0.5)
        phone = self.phone(draw) if chance < 0.34 else ""
        known = chance > 0.15
        registered = datetime.date(max(founded, 1996), 1, 1) + datetime.timedelta(days=draw.randrange(360))
        return [
            name,
            name_km if chance < 0.9 else "",
            sector if draw.random() < 0.5 else draw.choice(self.sectors),
            province,
            draw.choice(self.districts[province]) if known else "",
            f"#{draw.randrange(1, 400)}, Street {draw.randrange(1, 600)}" if chance < 0.7 else "",
            phone,
            str(founded) if known else "",
            registered.isoformat() if known else "",
            form,
            *(draw.choice(("yes", "no", "no")) if known else "" for _ in range(2)),
            draw.choice(("no",) * 24 + ("yes",)) if known else "",
        ]

    def name(self, draw: random.Random, number: int) -> tuple[str, str, str, str]:
        """Return a firm's name in both scripts, the class its trade belongs to and its legal form."""
        trade, trade_km, sector = draw.choice(TRADES)
        form, form_km, code = draw.choice(FORMS)
        family, first, second = draw.choice(FAMILY), draw.choice(GIVEN), draw.choice(GIVEN)
        place, place_km = draw.choice(PLACES)
        if number % EVERY_RARE == EVERY_RARE // 2:
            place, place_km = RARE
        owner, owner_km = f"{family[0]} {first[0]} {second[0]}", f"{family[1]} {first[1]}{second[1]}"
        if number % EVERY_RARE == EVERY_RARE // 2 or draw.random() < 0.3:
            owner, owner_km = f"{place} {first[0]}", f"{place_km}{first[1]}"
        return f"{owner} {trade}{form}", f"{trade_km} {owner_km}{form_km}", sector, code

    def phone(self, draw: random.Random) -> str:
        number = f"{draw.randrange(100_000, 999_999)}"
        return f"0{draw.choice(('10', '11', '12', '15', '16', '17', '69', '70', '77', '92'))} {number[:3]} {number[3:]}"


def changed(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the rows of a later file: one in twenty has moved."""
    for number, row in enumerate(rows):
        if number % EVERY_CHANGED == 0:
            row[ADDRESS] = f"Road {number % 97 + 1}, moved"
        yield row


def write_file(path: Path, rows: Callable[[], Iterator[list[str]]]) -> Path:
    """Write rows below the column titles as CSV, in UTF-8 without a mark."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows())
    return path
