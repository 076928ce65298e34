"""The columns of a spreadsheet of enterprises: their titles in both languages, and how their cells are read."""

from functools import partial

from capred_portal import columns
from capred_portal.load_kinds import Column
from enterprises.loaders.cells import choice, number_of_register, words
from enterprises.models import Enterprise

LEGAL_FORMS: dict[str, tuple[str, ...]] = {
    "sole": ("sole proprietor", "sole proprietorship", "individual", "សហគ្រាសឯកបុគ្គល"),
    "partnership": ("general partnership", "limited partnership"),
    "single-member": ("single member", "single member private limited", "smpl"),
    "private-limited": ("private limited", "pte ltd", "co ltd", "co., ltd.", "limited company", "llc"),
    "public-limited": ("public limited", "plc"),
    "branch": ("branch", "foreign branch", "branch office"),
    "cooperative": ("co-operative", "coop", "សហករណ៍"),
    "state": ("state owned", "public enterprise", "សហគ្រាសរដ្ឋ"),
    "other": ("others",),
}

COLUMNS = (
    Column(
        "registration_number",
        "Registration number",
        "លេខចុះបញ្ជី",
        number_of_register,
        ("registration no", "reg no", "registration", "number", "business registration number", "tin", "លេខចុះឈ្មោះ"),
        "00012345",
    ),
    Column(
        "name_en",
        "Name (Latin)",
        "ឈ្មោះឡាតាំង",
        words(250),
        (
            "name",
            "name en",
            "name in english",
            "english name",
            "company",
            "company name",
            "enterprise",
            "name in latin",
        ),
        "Golden Rice Mill Co., Ltd.",
    ),
    Column(
        "name_km",
        "Name (Khmer)",
        "ឈ្មោះខ្មែរ",
        words(250),
        ("name km", "name in khmer", "khmer name", "ឈ្មោះ", "ឈ្មោះសហគ្រាស", "ឈ្មោះក្រុមហ៊ុន"),
        "រោងម៉ាស៊ីនកិនស្រូវមាស",
    ),
    Column(
        "sector",
        "ISIC class",
        "ថ្នាក់ ISIC",
        words(200),
        ("isic", "isic code", "isic rev 4", "sector", "activity", "industry", "isic4", "វិស័យ"),
        "1061",
        repeats=True,
    ),
    Column(
        "province",
        "Province",
        "ខេត្ត",
        words(100),
        ("province code", "location", "រាជធានី ខេត្ត"),
        "Battambang",
        repeats=True,
    ),
    Column(
        "district", "District", "ស្រុក", words(100), ("district code", "khan", "ស្រុក ខណ្ឌ", "ក្រុង ស្រុក ខណ្ឌ"), "", repeats=True
    ),
    Column("address", "Address", "អាសយដ្ឋាន", words(300), ("street", "full address"), "Street 3, Svay Por"),
    Column(
        "phone", "Phone", "លេខទូរស័ព្ទ", columns.phone, ("telephone", "tel", "mobile", "contact", "ទូរស័ព្ទ"), "012 345 678"
    ),
    Column(
        "founded_year",
        "Founded",
        "ឆ្នាំបង្កើត",
        partial(columns.integer, minimum=1850, maximum=2100),
        ("founded in", "year founded", "year of establishment", "established"),
        "2015",
        repeats=True,
    ),
    Column(
        "registered_on",
        "Registered on",
        "ថ្ងៃចុះបញ្ជី",
        columns.date,
        ("registration date", "date of registration", "registered"),
        "2016-03-01",
        repeats=True,
    ),
    Column(
        "legal_form",
        "Legal form",
        "ទម្រង់គតិយុត្ត",
        partial(choice, choices=Enterprise.LegalForm, words_of=lambda: LEGAL_FORMS),
        ("form", "type", "company type", "ownership type"),
        "private-limited",
        repeats=True,
    ),
    Column(
        "is_women_owned",
        "Women-owned",
        "ស្ត្រីជាម្ចាស់",
        columns.yes_no,
        ("women owned", "owned by women", "female owner", "woman owned"),
        "yes",
        repeats=True,
    ),
    Column(
        "is_women_led",
        "Women-led",
        "ស្ត្រីដឹកនាំ",
        columns.yes_no,
        ("women led", "led by women", "led by a woman", "female manager"),
        "yes",
        repeats=True,
    ),
    Column(
        "owner_has_disability",
        "Owner with disability",
        "ម្ចាស់មានពិការភាព",
        columns.yes_no,
        ("owner disability", "owner has a disability"),
        "no",
        repeats=True,
    ),
)
