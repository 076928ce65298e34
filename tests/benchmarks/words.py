"""The words invented rows are made of; none names a real person, firm or event."""

import random
from typing import Any

FAMILY = [
    ("Sok", "សុខ"),
    ("Chan", "ចាន់"),
    ("Kim", "គឹម"),
    ("Heng", "ហេង"),
    ("Chea", "ជា"),
    ("Keo", "កែវ"),
    ("Ly", "លី"),
    ("Meas", "មាស"),
    ("Nhem", "ញឹម"),
    ("Prak", "ប្រាក់"),
    ("Ros", "រស់"),
    ("Seng", "សេង"),
    ("Tep", "ទេព"),
    ("Uk", "អ៊ុក"),
    ("Yim", "យឹម"),
    ("Khiev", "ខៀវ"),
]
GIVEN = [
    ("Dara", "ដារា"),
    ("Sophea", "សុភា"),
    ("Bopha", "បុប្ផា"),
    ("Vuthy", "វុទ្ធី"),
    ("Rithy", "ឫទ្ធី"),
    ("Channary", "ចាន់ណារី"),
    ("Pisey", "ពិសី"),
    ("Samnang", "សំណាង"),
    ("Kosal", "កុសល"),
    ("Maly", "ម៉ាលី"),
    ("Nary", "ណារី"),
    ("Phalla", "ផល្លា"),
    ("Ratha", "រដ្ឋា"),
    ("Sokha", "សុខា"),
    ("Theary", "ធារី"),
    ("Veasna", "វាសនា"),
    ("Kunthea", "គន្ធា"),
    ("Leakhena", "លក្ខិណា"),
    ("Mony", "មុនី"),
    ("Sreymom", "ស្រីមុំ"),
]
TITLES = [
    ("Local inputs for garment factories", "ធាតុចូលក្នុងស្រុកសម្រាប់រោងចក្រកាត់ដេរ"),
    ("Packaging suppliers meet buyers", "អ្នកផ្គត់ផ្គង់វេចខ្ចប់ជួបអ្នកទិញ"),
    ("Food standards for small producers", "ស្តង់ដាម្ហូបអាហារសម្រាប់អ្នកផលិតតូច"),
    ("Testing and certification clinic", "គ្លីនិកតេស្ត និងវិញ្ញាបនបត្រ"),
    ("Skills for machine maintenance", "ជំនាញថែទាំម៉ាស៊ីន"),
    ("From idea to small factory", "ពីគំនិតទៅរោងចក្រតូច"),
    ("Digital orders for SME clusters", "ការបញ្ជាទិញឌីជីថលសម្រាប់ចង្កោមសហគ្រាស"),
    ("Energy use in small factories", "ការប្រើប្រាស់ថាមពលក្នុងរោងចក្រតូច"),
]
VENUE = ("Conference hall", "សាលប្រជុំ")
SUMMARIES = [
    (
        f"Producers and buyers compared what they need from each other, {how}. They agreed on the next steps and "
        "on who takes them, and asked for another meeting within the year to see what came of it.",
        f"អ្នកផលិត និងអ្នកទិញបានប្រៀបធៀបតម្រូវការរបស់គ្នា {how_km}។ ពួកគេបានឯកភាពលើជំហានបន្ទាប់ និងអ្នកទទួលខុសត្រូវ។",
    )
    for how, how_km in (
        ("sector by sector", "តាមវិស័យ"),
        ("with figures of the last year", "ជាមួយតួលេខឆ្នាំមុន"),
        ("in three groups", "ជាបីក្រុម"),
        ("after visits to two factories", "ក្រោយទស្សនកិច្ចរោងចក្រពីរ"),
    )
]
OUTCOMES = [
    ("Buyers know few local suppliers of this input.", "អ្នកទិញស្គាល់អ្នកផ្គត់ផ្គង់ក្នុងស្រុកតិចតួច។"),
    ("Publish a list of inputs that could be made here.", "ផ្សព្វផ្សាយបញ្ជីធាតុចូលដែលអាចផលិតក្នុងស្រុក។"),
    ("A shared testing laboratory would pay for itself.", "មន្ទីរពិសោធន៍រួមនឹងរកចំណូលបានគ្រប់គ្រាន់។"),
    ("Small firms wait long for certificates.", "សហគ្រាសតូចរង់ចាំវិញ្ញាបនបត្រយូរ។"),
    ("A guide to quality for suppliers, in both languages.", "មគ្គុទ្ទេសក៍គុណភាពសម្រាប់អ្នកផ្គត់ផ្គង់ ជាពីរភាសា។"),
]
ACTIONS = [
    ("Write the first draft and send it round", "សរសេរសេចក្តីព្រាងដំបូង ហើយផ្ញើជុំវិញ"),
    ("Visit three factories and report", "ទស្សនារោងចក្របី ហើយរាយការណ៍"),
    ("Collect names of suppliers from the provinces", "ប្រមូលឈ្មោះអ្នកផ្គត់ផ្គង់ពីខេត្ត"),
    ("Ask the laboratory for prices", "សួរតម្លៃពីមន្ទីរពិសោធន៍"),
]
TRADES = [("Packaging", "វេចខ្ចប់"), ("Garment", "កាត់ដេរ"), ("Food", "អាហារ"), ("Metal", "ដែក"), ("Plastic", "ប្លាស្ទិក")]
FORMS = [("Association", "សមាគម"), ("Works", "រោងចក្រ"), ("Institute", "វិទ្យាស្ថាន"), ("Office", "ការិយាល័យ")]


def organisation(draw: random.Random, number: int) -> tuple[str, str]:
    """Return an organisation's name in both languages, with its number so that no two are the same."""
    (trade, trade_km), (form, form_km) = draw.choice(TRADES), draw.choice(FORMS)
    return f"{trade} {form} {number}", f"{form_km}{trade_km} {number}"


def person(draw: random.Random) -> tuple[Any, ...]:
    """Return a name in both scripts, family name first, and a sex; two given names in one, as many people have."""
    family, first, second = draw.choice(FAMILY), draw.choice(GIVEN), draw.choice(GIVEN)
    sex = draw.choice(["f", "f", "f", "f", "m", "m", "m", "m", "m", ""])
    return f"{family[0]} {first[0]} {second[0]}", f"{family[1]} {first[1]}{second[1]}", sex
