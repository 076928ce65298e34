"""What can be loaded into this app: the attendance list of a workshop."""

from functools import cache, partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from capred_portal import columns
from capred_portal.loads import Column, LoadKind, register
from capred_portal.matching import ascii_digits
from programs import attendance_load as steps
from programs import attendance_records as records
from programs.models import Attendance, Person

UNKNOWN = "unknown"

# What people write in these columns beside the codes and the labels of both languages.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "sex": {
        "f": ("f", "female", "woman", "w", "ស្រី", "ស", "នារី"),
        "m": ("m", "male", "man", "ប្រុស", "ប", "បុរស"),
        "o": ("o", "other", "ផ្សេងទៀត"),
        UNKNOWN: ("unknown", "not stated", "មិនដឹង"),
    },
    "role": {
        "participant": ("participant", "attendee", "អ្នកចូលរួម"),
        "speaker": ("speaker", "presenter", "វាគ្មិន"),
        "facilitator": ("facilitator", "moderator", "អ្នកសម្របសម្រួល"),
        "host": ("host", "organiser", "organizer", "ម្ចាស់ផ្ទះ", "អ្នករៀបចំ"),
    },
    "age_band": {
        "0-17": ("under 18", "<18", "0-17", "ក្រោម ១៨"),
        "18-35": ("18-35", "youth", "យុវជន"),
        "36-59": ("36-59",),
        "60+": ("60+", "60 and over", "60 and above", "over 60", "៦០ឡើង"),
        UNKNOWN: ("unknown", "not stated", "មិនដឹង"),
    },
    "disability": {
        "yes": ("yes", "y", "with disability", "មាន", "មានពិការភាព", "បាទ", "ចាស"),
        "no": ("no", "n", "none", "without disability", "គ្មាន", "គ្មានពិការភាព", "ទេ"),
        "refused": ("refused", "did not want to say", "មិនចង់ឆ្លើយ"),
        UNKNOWN: ("unknown", "not stated", "មិនដឹង"),
    },
    "difficulty": {
        "1": ("no difficulty", "none", "no", "គ្មានការលំបាក"),
        "2": ("some difficulty", "some", "មានការលំបាកខ្លះ"),
        "3": ("a lot of difficulty", "a lot", "លំបាកខ្លាំង"),
        "4": ("cannot do at all", "cannot", "ធ្វើមិនបានទាល់តែសោះ"),
    },
}
CHOICES: dict[str, Any] = {
    "sex": Person.Sex,
    "role": Attendance.Role,
    "age_band": Attendance.AgeBand,
    "disability": Attendance.Disability,
    "difficulty": Attendance.Difficulty,
}


@cache
def keys_of(column: str) -> dict[str, str]:
    """Return what a cell of the column may say, reduced for comparison -> code."""
    words = {code: set(spellings) for code, spellings in WORDS[column].items()}
    for language in ("en", "km"):
        with override(language):
            for code, label in CHOICES[column].choices:
                words[str(code) or UNKNOWN].add(str(label))
    return columns.choice_keys(words)


def answer(column: str, cell: str) -> Any:
    """Read one of the column's choices; "unknown" is an answer, a blank cell is none."""
    found = columns.choice(cell, keys_of(column))
    return "" if found == UNKNOWN else found


def difficulty(cell: str) -> Any:
    """Read an answer of the Washington Group short set: 1 to 4 or its words."""
    found = columns.choice(ascii_digits(cell), keys_of("difficulty"))
    return int(found) if isinstance(found, str) else found


def words(limit: int) -> Any:
    """Return the reader of a text of at most that many characters."""
    return partial(columns.text, max_length=limit)


register(
    LoadKind(
        name="attendance",
        title=_("Attendance list"),
        personal=True,
        columns=(
            Column("honorific", "Honorific", "គោរមងារ", words(60), ("title", "salutation", "ងារ"), "Mr."),
            Column(
                "name_en",
                "Name (Latin)",
                "ឈ្មោះឡាតាំង",
                words(150),
                (
                    "name",
                    "full name",
                    "name in latin script",
                    "latin name",
                    "name en",
                    "name in english",
                    "ឈ្មោះជាអក្សរឡាតាំង",
                ),
                "Sok Dara",
            ),
            Column(
                "name_km",
                "Name (Khmer)",
                "ឈ្មោះខ្មែរ",
                words(150),
                (
                    "name in khmer",
                    "khmer name",
                    "name in khmer script",
                    "name km",
                    "ឈ្មោះ",
                    "គោត្តនាម និងនាម",
                    "នាមត្រកូល និងនាមខ្លួន",
                    "ឈ្មោះជាអក្សរខ្មែរ",
                ),
                "សុខ ដារ៉ា",
            ),
            Column("sex", "Sex", "ភេទ", partial(answer, "sex"), ("gender", "m/f", "f/m"), "f"),
            Column(
                "organisation",
                "Organisation",
                "អង្គភាព",
                words(250),
                ("organization", "institution", "company", "ministry", "ស្ថាប័ន", "អង្គការ", "ក្រុមហ៊ុន", "ក្រសួង"),
                "Ministry of Commerce",
            ),
            Column(
                "phone",
                "Phone",
                "លេខទូរស័ព្ទ",
                columns.phone,
                ("telephone", "tel", "mobile", "phone number", "mobile phone", "contact", "ទូរស័ព្ទ", "លេខទូរស័ព្ទដៃ"),
                "012 345 678",
            ),
            Column("email", "E-mail", "អ៊ីមែល", columns.email, ("email address", "mail", "អ៊ីម៉ែល"), "name@example.com"),
            Column(
                "role", "Role", "តួនាទី", partial(answer, "role"), ("role in the workshop", "attended as"), "participant"
            ),
            Column("age_band", "Age", "អាយុ", partial(answer, "age_band"), ("age band", "age group", "ក្រុមអាយុ"), "18-35"),
            Column(
                "disability",
                "Disability",
                "ពិការភាព",
                partial(answer, "disability"),
                ("person with disability", "pwd", "ជនមានពិការភាព"),
                "no",
            ),
            Column("seeing", "Difficulty seeing", "ការលំបាកមើល", difficulty, ("seeing", "wg seeing", "vision")),
            Column("hearing", "Difficulty hearing", "ការលំបាកស្តាប់", difficulty, ("hearing", "wg hearing")),
            Column("walking", "Difficulty walking", "ការលំបាកដើរ", difficulty, ("walking", "wg walking", "mobility")),
            Column(
                "remembering",
                "Difficulty remembering",
                "ការលំបាកចងចាំ",
                difficulty,
                ("remembering", "wg remembering", "cognition"),
            ),
            Column(
                "self_care",
                "Difficulty with self-care",
                "ការលំបាកថែទាំខ្លួន",
                difficulty,
                ("self care", "self-care", "wg self care"),
            ),
            Column(
                "communicating",
                "Difficulty communicating",
                "ការលំបាកទំនាក់ទំនង",
                difficulty,
                ("communicating", "communication", "wg communicating"),
            ),
            Column(
                "days",
                "Days",
                "ចំនួនថ្ងៃ",
                partial(columns.integer, minimum=1, maximum=60),
                ("days attended", "number of days"),
                "1",
            ),
            Column(
                "registered",
                "Registered",
                "បានចុះឈ្មោះ",
                columns.yes_no,
                ("registered beforehand", "pre-registered"),
                "yes",
            ),
            Column("attended", "Attended", "បានចូលរួម", columns.yes_no, ("present", "came", "វត្តមាន"), "yes"),
            Column(
                "consent",
                "Consent",
                "ការយល់ព្រម",
                columns.yes_no,
                ("agreed", "consents", "consent given", "យល់ព្រម"),
                "yes",
            ),
        ),
        needs_one_of=("name_en", "name_km"),
        start=steps.AttendanceChecker,
        write=records.write,
        undo_blockers=records.undo_blockers,
        undo=records.undo,
        about=_("Who came to a workshop, and what they told about themselves."),
        messages={
            "no_name": _("Write the name in Latin or in Khmer script, or both."),
            "repeated": _("The same person is already in line %(line)s of this file."),
        },
        apps=("capred_portal", "programs"),
        scope=("workshop",),
        check_scope=steps.check_scope,
        places=steps.places,
        labels=steps.labels,
        shown=(("name_en", "name_km"), ("organisation",)),
    )
)
