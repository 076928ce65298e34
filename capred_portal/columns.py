"""Text of a cell -> value or error code, one function per kind of cell; shared by loaders and form fields."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache, wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import phonenumbers
from django.utils.translation import gettext_lazy as _

from capred_portal.matching import ascii_digits, normalise_lines, normalise_text, search_key
from capred_portal.periods import FIRST_YEAR, LAST_YEAR, is_in_range


class Clear(Enum):
    """What the word CLEAR in a cell means: empty the field. A blank cell leaves it as it is."""

    CLEAR = "CLEAR"


CLEAR: Final = Clear.CLEAR

MESSAGES = {
    "character": _("This text has a character that cannot be stored. Type it again."),
    "choice": _("“%(value)s” is not one of the choices. Write one of: %(choices)s."),
    "date": _("“%(value)s” is not a date. Write the day like this: 2024-08-14 or 14/08/2024."),
    "date_month_first": _("“%(value)s” has the month first. Write the day first: %(day_first)s."),
    "date_not_in_calendar": _("“%(value)s” is not in the calendar. Check the day and the month."),
    "date_range": _("The year of “%(value)s” must be between %(minimum)s and %(maximum)s."),
    "date_short_year": _("Write the year of “%(value)s” with four digits."),
    "date_with_time": _("“%(value)s” has a time of day. Write only the date."),
    "decimal_places": _("“%(value)s” has too many digits after the point: at most %(limit)s are kept."),
    "email": _("“%(value)s” is not an e-mail address. Write it like this: name@example.com."),
    "formula": _("The formula in this cell failed (%(value)s). Write its result instead."),
    "formula_text": _("“%(value)s” is a formula. Write its result instead."),
    "number": _("“%(value)s” is not a number. Write only digits, like 1234 or 1,234.5."),
    "number_format": _("“%(value)s” is not clear. Write a comma for thousands, a point for decimals: 1,234.5."),
    "number_shortened": _("The spreadsheet shortened this number to “%(value)s”. Write it with all its digits."),
    "phone": _("“%(value)s” is not a phone number. Write it like this: 012 345 678 or +855 12 345 678."),
    "phone_several": _("“%(value)s” is more than one phone number. Write only one."),
    "time": _("“%(value)s” is not a time of day. Write it like this: 08:30 or 14:00."),
    "too_large": _("“%(value)s” is too large: the most is %(limit)s."),
    "too_long": _("This text has %(length)s characters: at most %(limit)s fit."),
    "too_small": _("“%(value)s” is too small: the least is %(limit)s."),
    "url": _("“%(value)s” is not a web address. Write it like this: https://www.example.com."),
    "whole_number": _("“%(value)s” is not a whole number. Write it without a part after the point."),
    "yes_no": _("“%(value)s” is neither yes nor no. Write yes or no."),
}

P = ParamSpec("P")
Value = TypeVar("Value")

_SHOWN_CHARACTERS = 60  # of a wrong value, and
_SHOWN_CHOICES = 12  # of a long list of choices

_FORMULA_ERRORS = {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
_FORMULA = re.compile(r"=[-+( ]*(?:[A-Z]+[A-Z0-9.]*\(|\$?[A-Z]{1,3}\$?[0-9]+|[0-9.]+ *[-+*/^&])", re.IGNORECASE)
_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]+)?")
_NUMBER_OTHERWISE = re.compile(r"[+-]?[0-9][0-9., ]*")
_NUMBER_SHORTENED = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?E[+-]?[0-9]+", re.IGNORECASE)
_LONGEST_NUMBER = 40

_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6,
    "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
    "មករា": 1, "កុម្ភៈ": 2, "កុម្ភះ": 2, "មីនា": 3, "មេសា": 4, "ឧសភា": 5, "មិថុនា": 6,
    "កក្កដា": 7, "សីហា": 8, "កញ្ញា": 9, "តុលា": 10, "វិច្ឆិកា": 11, "ធ្នូ": 12,
}  # fmt: skip
_MONTHS |= {month[:3]: number for month, number in _MONTHS.items() if month.isascii()} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? "
_KHMER_WEEKDAY = "(?:ច័ន្ទ|អង្គារ|ពុធ|ព្រហស្បតិ៍|សុក្រ|សៅរ៍|អាទិត្យ)"
_YEAR = r"(?P<year>\d{4}|\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})[-/.]{_YEAR}",
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        rf"(?:{_WEEKDAY})?{_DAY}[ -]?(?P<month>{_MONTH})\.?,?[ -]?{_YEAR}",
        rf"(?:{_WEEKDAY})?(?P<month>{_MONTH})\.? {_DAY},? {_YEAR}",
        rf"(?:ថ្ងៃ ?{_KHMER_WEEKDAY}? ?)?(?:ទី ?)?{_DAY} ?(?:ខែ ?)?(?P<month>{_MONTH}) ?(?:ឆ្នាំ ?)?{_YEAR}",
    )
)
_DATE_AND_TIME = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)")
_LONGEST_DATE = 60
_EXCEL_SERIAL = re.compile(r"([1-7][0-9]{4})(?:\.0+)?")  # five digits are later than 1927
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)

_TIME = re.compile(
    r"(?:ម៉ោង ?)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.0+)?)?|h)?"
    r" ?(?P<half>[ap]\.?m\.?|ព្រឹក|រសៀល|ល្ងាច)?",
    re.IGNORECASE,
)

_YES_NO = dict.fromkeys(("yes", "y", "true", "1", "បាទ", "ចាស", "បាទ ចាស"), True)
_YES_NO |= dict.fromkeys(("no", "n", "false", "0", "ទេ"), False)

_LONGEST_PHONE = 60
_SEVERAL_PHONES = re.compile(r"\d[^/;,&]{5,}[/;,&].*\d")
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_EMAIL = re.compile(rf"(?P<name>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>{_DOMAIN})", re.ASCII | re.IGNORECASE)
_URL = re.compile(
    rf"(?:(?P<scheme>https?)://)?(?P<domain>{_DOMAIN}(?::\d{{2,5}})?)(?P<path>(?:[/?#]\S*)?)",
    re.ASCII | re.IGNORECASE,
)


class CellError(ValueError):
    """What is wrong with a cell: a code of MESSAGES and what its message mentions."""

    def __init__(self, code: str, value: str = "", **params: object) -> None:
        super().__init__(code)
        self.code = code
        shown = value if len(value) <= _SHOWN_CHARACTERS else f"{value[:_SHOWN_CHARACTERS]}…"
        self.params: dict[str, object] = {"value": shown, **params}


def message(error: CellError) -> str:
    """Return the error in words, in the language of whoever reads it now."""
    return str(MESSAGES[error.code]) % error.params


def choice_keys(labels: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return what `choice` looks up: the search key of each code and of its labels, in any language -> code.

    A label that two codes share leads to neither; a code always leads to itself.
    """
    keys: dict[str, str] = {}
    shared = {""}
    for code, code_labels in labels.items():
        for key in {search_key(label) for label in code_labels}:
            if keys.setdefault(key, code) != code:
                shared.add(key)
    unshared = {key: code for key, code in keys.items() if key not in shared}
    return unshared | {search_key(code): code for code in labels}


def _cell(
    read: Callable[Concatenate[str, P], Value],
) -> Callable[Concatenate[str, P], Value | Clear | None]:
    """Let `read` see one line of normal text only: no blank, no CLEAR, nothing that cannot be stored."""

    @wraps(read)
    def column(cell: str, /, *args: P.args, **kwargs: P.kwargs) -> Value | Clear | None:
        bare = normalise_text(cell)
        if not bare:
            return None
        if bare == CLEAR.value:
            return CLEAR
        _check_content(bare)
        return read(bare, *args, **kwargs)

    return column


@_cell
def choice(bare: str, choices: Mapping[str, str]) -> str:
    """Read a code from the code itself or one of its labels; `choices` come from `choice_keys`."""
    code = choices.get(bare) or choices.get(search_key(bare))
    if code is None:
        codes = list(dict.fromkeys(filter(None, choices.values())))
        more = ["…"] if len(codes) > _SHOWN_CHOICES else []
        raise CellError("choice", bare, choices=", ".join(codes[:_SHOWN_CHOICES] + more))
    return code


@_cell
def date(bare: str) -> dt.date:
    """Read a day: 2024-08-14, 14/08/2024 (day first), 14 August 2024, ១៤ សីហា ២០២៤; or a serial number."""
    given = ascii_digits(bare)
    try:
        day = dt.date.fromisoformat(given)  # the usual way, and the fastest to read
    except ValueError:
        day = _serial_day(given) or _calendar_day(_without_midnight(given, bare), bare)
    if not is_in_range(day.year):
        raise CellError("date_range", bare, minimum=FIRST_YEAR, maximum=LAST_YEAR)
    return day


@_cell
def decimal(
    bare: str,
    *,
    max_digits: int = 18,
    decimal_places: int = 2,
    minimum: Decimal | int | None = None,
    maximum: Decimal | int | None = None,
) -> Decimal:
    """Read a number that fits a database column of these digits; digits are refused, never rounded away."""
    number = _plain_number(bare)
    if len(number.partition(".")[2].rstrip("0")) > decimal_places:
        raise CellError("decimal_places", bare, limit=decimal_places)
    value = Decimal(number)
    most = _largest(max_digits, decimal_places)
    _check_range(bare, value, -most if minimum is None else minimum, most if maximum is None else maximum)
    return value


@_cell
def email(bare: str, max_length: int = 254) -> str:
    """Read an e-mail address; its domain is written in lower case."""
    match = _EMAIL.fullmatch(bare) if len(bare) <= max_length else None
    if match is None:
        raise CellError("email", bare)
    return f"{match['name']}@{match['domain'].lower()}"


@_cell
def integer(bare: str, minimum: int = 0, maximum: int = 2**31 - 1) -> int:
    """Read a whole number; the default limits are those of a count in the database."""
    number = _plain_number(bare)
    if number.partition(".")[2].strip("0"):
        raise CellError("whole_number", bare)
    value = int(Decimal(number))
    _check_range(bare, value, minimum, maximum)
    return value


@_cell
def phone(bare: str, region: str = "KH") -> str:
    """Read one phone number as E.164: 012 345 678 is +85512345678, and so is 12345678 that lost its zero."""
    given = ascii_digits(bare).removesuffix(".0")
    if region == "KH" and (match := _cambodian().fullmatch(given.replace(" ", ""))):
        return f"+855{match[1]}"  # the usual way; the library takes twenty times as long and says the same
    if _NUMBER_SHORTENED.fullmatch(given):
        raise CellError("number_shortened", bare)
    if len(given) > _LONGEST_PHONE or _SEVERAL_PHONES.search(given):
        raise CellError("phone_several", bare)
    try:
        number = phonenumbers.parse(re.sub("^00(?=[1-9])", "+", given), region)
    except phonenumbers.NumberParseException:
        raise CellError("phone", bare) from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise CellError("phone", bare)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def prose(cell: str, max_length: int) -> str | Clear | None:
    """Read text of several lines."""
    bare = normalise_text(cell)
    if not bare:
        return None
    if bare == CLEAR.value:
        return CLEAR
    lines = normalise_lines(cell)
    _check_content(lines)
    _check_length(lines, max_length)
    return lines


@_cell
def text(bare: str, max_length: int) -> str:
    """Read one line of text; line breaks become spaces."""
    _check_length(bare, max_length)
    return bare


@_cell
def time(bare: str) -> dt.time:
    """Read a time of day: 08:30, 14h30, 2:30 pm, ម៉ោង ៨:៣០ ព្រឹក."""
    match = _TIME.fullmatch(ascii_digits(bare))
    if match is None or bare.isdecimal():
        raise CellError("time", bare)
    hour = int(match["hour"])
    if half := match["half"]:
        morning = half[0] in "aAព"
        if morning and hour > 12:
            raise CellError("time", bare)
        hour = hour % 12 if morning else hour % 12 + 12
    try:
        return dt.time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        raise CellError("time", bare) from None


@_cell
def url(bare: str, max_length: int = 200) -> str:
    """Read a web address; without http:// or https:// it is https."""
    match = _URL.fullmatch(bare)
    if match is None:
        raise CellError("url", bare)
    address = f"{(match['scheme'] or 'https').lower()}://{match['domain'].lower()}{match['path']}"
    _check_length(address, max_length)
    return address


@_cell
def yes_no(bare: str) -> bool:
    """Read yes or no, in either language, as a word, a letter, a digit or a spreadsheet's TRUE."""
    answer = _YES_NO.get(search_key(bare))
    if answer is None:
        raise CellError("yes_no", bare)
    return answer


def _calendar_day(given: str, bare: str) -> dt.date:
    """Return the day that is written in one of the ways of _DATES."""
    if len(given) > _LONGEST_DATE:
        raise CellError("date", bare)
    match = next(filter(None, (pattern.fullmatch(given) for pattern in _DATES)), None)
    if match is None:
        raise CellError("date", bare)
    if len(match["year"]) == 2:
        raise CellError("date_short_year", bare)
    year, day = int(match["year"]), int(match["day"])
    month = _MONTHS.get(match["month"].lower()) or int(match["month"])
    if day <= 12 < month <= 31:
        raise CellError("date_month_first", bare, day_first=f"{month:02}/{day:02}/{year}")
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise CellError("date_not_in_calendar", bare) from None


def _check_content(content: str) -> None:
    if content in _FORMULA_ERRORS:
        raise CellError("formula", content)
    if content[0] == "=" and _FORMULA.match(content):
        raise CellError("formula_text", content)
    if not content.isprintable() and _CONTROL_CHARACTERS.search(content):
        raise CellError("character")


def _check_length(content: str, limit: int) -> None:
    if len(content) > limit:
        raise CellError("too_long", length=len(content), limit=limit)


def _check_range(bare: str, value: Decimal | int, minimum: Decimal | int, maximum: Decimal | int) -> None:
    if value < minimum:
        raise CellError("too_small", bare, limit=f"{minimum:,}")
    if value > maximum:
        raise CellError("too_large", bare, limit=f"{maximum:,}")


@cache
def _cambodian() -> re.Pattern[str]:
    """Return the pattern of valid numbers of Cambodia after 0 or +855, from the library's own rules."""
    rules: Any = phonenumbers.PhoneMetadata.metadata_for_region("KH")
    kinds = (rules.fixed_line, rules.mobile, rules.toll_free, rules.premium_rate)
    patterns = (kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern)
    return re.compile(rf"(?:0|\+855)((?={rules.general_desc.national_number_pattern}\Z)(?:{'|'.join(patterns)}))")


@cache
def _largest(max_digits: int, decimal_places: int) -> Decimal:
    return Decimal(10**max_digits - 1).scaleb(-decimal_places)


def _plain_number(bare: str) -> str:
    """Return the number as Python writes it, or raise an error that tells what is unusual in it."""
    number = ascii_digits(bare).replace("\N{MINUS SIGN}", "-")
    if len(number) > _LONGEST_NUMBER:
        raise CellError("number", bare)
    if number.isascii() and number.isdigit():
        return number
    if number[-1].isdigit() and _NUMBER.fullmatch(number):
        return number.replace(",", "")
    if _NUMBER_SHORTENED.fullmatch(number):
        raise CellError("number_shortened", bare)
    raise CellError("number_format" if _NUMBER_OTHERWISE.fullmatch(number) else "number", bare)


def _serial_day(given: str) -> dt.date | None:
    """Return the day of a spreadsheet's serial number: what is left of a date whose format was lost."""
    serial = _EXCEL_SERIAL.fullmatch(given)
    return _EXCEL_DAY_ZERO + dt.timedelta(days=int(serial[1])) if serial else None


def _without_midnight(given: str, bare: str) -> str:
    """Return the day of a date with time 00:00, which is how some spreadsheets keep a day."""
    match = _DATE_AND_TIME.fullmatch(given)
    if match is None:
        return given
    if match["time"].strip("0:."):
        raise CellError("date_with_time", bare)
    return match["day"]
